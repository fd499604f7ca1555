"""Match names of a user's list to the graph's ids and QIDs, and say so where it cannot be done.

What a name is taken for: an identifier, and then nothing else; the name of a person; a designation
of words and numbers. Every entity that it may be is a candidate with a score from 0 to 1. One that
is sure and far enough from the next is the match; else the verdict is honest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from spacerace_kg.dates import Interval
from spacerace_kg.knowledge import KnowledgeGraph
from spacerace_kg.names import ID
from spacerace_kg.wikidata import designations, gazetteer, identifiers
from spacerace_kg.wikidata.designations import Designation
from spacerace_kg.wikidata.gazetteer import Entity
from spacerace_kg.wikidata.people import SURNAME_ALONE, Person, PersonName
from spacerace_kg.wikidata.spelling import Vocabulary

MOST_CHARACTERS = 200  # of a name
MOST_CANDIDATES = 5
MATCHED, POSSIBLE, MARGIN = 0.85, 0.6, 0.05

# What a name is worth that is another than the label, lacks a noun, has its Roman numeral read as a
# number, lacks the number of a series, has no date to compare, stands in brackets.
_OTHER_NAME, _WITHOUT_NOUN, _ROMAN, _OF_SERIES, _NO_DATE, _REMARK = 0.9, 0.96, 0.9, 0.7, 0.9, 0.8


class Candidate(NamedTuple):
    """An entity that a name may mean, and how sure that is, from 0 to 1."""

    id: str
    qid: str
    label: str
    score: float


class Match(NamedTuple):
    """What became of a name: matched, ambiguous or none, with the best candidates, best first."""

    verdict: str
    candidates: list[Candidate]

    @property
    def best(self) -> Candidate | None:
        """The candidate that is the match; None where there is no match."""
        return self.candidates[0] if self.verdict == "matched" else None


class _Name(NamedTuple):
    entity: str
    designation: Designation
    worth: float


class Reconciler:
    """The names of a graph, ready to be matched, of one class with its subclasses or of all."""

    def __init__(self, kg: KnowledgeGraph, type_: str = "") -> None:
        """Read the names from the graph; raises UsageError, with a hint, for an unknown class."""
        self._entities = gazetteer.read(kg, type_)
        self._identified: dict[identifiers.Identifier, set[str]] = defaultdict(set)
        self._people: dict[str, Person] = {}
        self._by_surname: dict[str, set[str]] = defaultdict(set)
        self._by_word: dict[tuple[tuple[str, ...], str], list[_Name]] = defaultdict(list)
        self._series: dict[str, list[_Name]] = defaultdict(list)
        self._craft: set[str] = set()  # names of one word, as Columbia beside STS-1
        for entity in self._entities.values():
            self._add(entity)
        self._surnames = Vocabulary(self._by_surname)
        self._words = Vocabulary(word for _, word in self._by_word if word)
        self._match = lru_cache(maxsize=65536)(self._find)

    def match(self, name: str, date: Interval | None = None) -> Match:
        """Return what a name means; a date in which its time must lie narrows it.

        A person's date is that of birth, another entity's that of any of its events.
        """
        bare = " ".join(name.split())
        if not bare or len(bare) > MOST_CHARACTERS:
            return Match("none", [])
        return self._match(bare, date)

    def _add(self, entity: Entity) -> None:
        for identifier in entity.identifiers:
            self._identified[identifier].add(entity.id)
        if "Person" in entity.types:
            person = self._people[entity.id] = Person(entity.labels | entity.other_names)
            for surname in person.surnames:
                self._by_surname[surname].add(entity.id)
            return
        worths = [(text, 1.0) for text in entity.labels]
        worths += [(text, _OTHER_NAME) for text in entity.other_names - entity.labels]
        for text, worth in worths:
            for reading in designations.readings(text):
                if "Spacecraft" in entity.types and not reading.codes and len(reading.words) == 1:
                    self._craft.update(reading.words)
                self._index(_Name(entity.id, reading, worth))
                if (short := reading.short()) != reading and short.words:
                    self._index(_Name(entity.id, short, worth * _WITHOUT_NOUN))

    def _index(self, name: _Name) -> None:
        for word in name.designation.words or ("",):
            self._by_word[name.designation.codes, word].append(name)
            if name.designation.codes:
                self._series[word].append(name)

    def _find(self, text: str, date: Interval | None) -> Match:
        found, sure = identifiers.read(text)
        scores = {id_: 1.0 for identifier in found for id_ in self._identified.get(identifier, ())}
        if text.startswith(ID):
            sure, scores = True, dict.fromkeys({text[len(ID) :]} & self._entities.keys(), 1.0)
        if sure or scores:
            return self._verdict(*self._dated(scores, set(), date))
        whole, *parts = designations.parts(text)
        scores, series = self._weighed(whole, date)
        match = self._verdict(scores, series)
        if not parts or match.best:
            return match
        # What brackets hold is a remark, unless it names another thing of the same kind.
        weighed = [self._weighed(part, date) for part in parts]
        outside, *inside = [self._verdict(*part) for part in weighed]
        if outside.best and not any(self._rival(outside.best, match.best) for match in inside):
            return outside
        for part, (more, members) in zip(parts, weighed, strict=True):
            series |= members
            for id_, score in more.items():
                remark = parts[0] and part is not parts[0] and not outside.best
                worth = _REMARK if remark else 1.0
                scores[id_] = max(worth * score, scores.get(id_, 0.0))
        return self._verdict(scores, series)

    def _weighed(self, text: str, date: Interval | None) -> tuple[dict[str, float], set[str]]:
        """Return the score of each entity that a text may name, and the members of a series."""
        scores: dict[str, float] = {}
        for id_, score in [*self._persons(text), *self._designated(text)]:
            scores[id_] = max(score, scores.get(id_, 0.0))
        return self._dated(scores, self._members(text), date)

    def _rival(self, one: Candidate, other: Candidate | None) -> bool:
        if other is None or one.id == other.id:
            return False
        types = self._entities[one.id].types & self._entities[other.id].types
        return not types.isdisjoint(gazetteer.GROUPS)

    def _persons(self, text: str) -> Iterator[tuple[str, float]]:
        name = PersonName(text)
        known = {own for word in name.words for own in self._surnames.alike(word)}
        for id_ in {id_ for surname in known for id_ in self._by_surname[surname]}:
            yield id_, self._people[id_].likeness(name)

    def _designated(self, text: str) -> Iterator[tuple[str, float]]:
        """Yield the entities whose words sound like the text's and whose codes are the same."""
        found: dict[bool, dict[str, float]] = {False: {}, True: {}}
        for reading in designations.readings(text):
            scores = found[reading.converted]
            for name, alike in self._alike(reading):
                scores[name.entity] = max(scores.get(name.entity, 0.0), name.worth * alike)
            bare, classes = reading.bare()
            if len(bare.codes) > 1 and self._craft.issuperset(bare.words) and "(" not in text:
                bare = bare._replace(words=())  # Columbia STS-1
            named = bare.words or len(bare.codes) > 1  # STS-1 is a name, 1 is none
            if bare == reading or not named or max(scores.values(), default=0) >= MATCHED:
                continue
            for name, alike in self._alike(bare):
                if not (classes and self._entities[name.entity].types.isdisjoint(classes)):
                    score = 0.98 * name.worth * alike
                    scores[name.entity] = max(scores.get(name.entity, 0.0), score)
        yield from found[False].items()
        for id_, score in found[True].items():
            # Pioneer X is Pioneer 10, unless something is called X.
            yield id_, score * (_ROMAN if found[False] else 1.0)

    def _alike(self, query: Designation) -> Iterator[tuple[_Name, float]]:
        alike = [self._words.alike(word) for word in query.words]
        known = {own for words in alike for own in words} or ({""} if not query.words else set())
        for name in {n for own in known for n in self._by_word.get((query.codes, own), ())}:
            score = designations.coverage(query.words, alike, name.designation.words)
            if score >= (POSSIBLE if not query.codes else MATCHED):
                yield name, score

    def _members(self, text: str) -> set[str]:
        """Return the numbered entities of which a name without number may be any."""
        query, classes = designations.readings(text)[0].bare()
        if query.codes or not query.words:
            return set()
        alike = [self._words.alike(word) for word in query.words]
        found = {
            name.entity
            for own in alike[0]
            for name in self._series.get(own, ())
            if designations.coverage(query.words, alike, name.designation.words) >= MATCHED
        }
        return {id_ for id_ in found if not classes or classes & self._entities[id_].types}

    def _dated(
        self, scores: dict[str, float], series: set[str], date: Interval | None
    ) -> tuple[dict[str, float], set[str]]:
        """Return the candidates that a date allows, those that it supports before the others."""
        if date is None:
            return scores, series
        agrees = {id_: self._entities[id_].agrees(date) for id_ in scores.keys() | series}
        supported = any(agrees[id_] for id_ in scores)
        kept: dict[str, float] = {}
        for id_, score in scores.items():
            if agrees[id_] and id_ in self._people and 0.7 < score <= SURNAME_ALONE:
                kept[id_] = score + 0.13  # a bare surname and the year of birth are enough
            elif agrees[id_] is not False:
                kept[id_] = score if agrees[id_] or not supported else score * _NO_DATE
        return kept, {id_ for id_ in series if agrees[id_] is not False}

    def _verdict(self, scores: dict[str, float], series: set[str]) -> Match:
        known = {id_: score for id_, score in scores.items() if score >= POSSIBLE}
        rivals = len(series | known.keys()) > 1 if series else False
        for id_ in series:
            known.setdefault(id_, _OF_SERIES)
        ranked = sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))
        candidates = [
            Candidate(id_, self._entities[id_].qid, self._entities[id_].label, round(score, 2))
            for id_, score in ranked[:MOST_CANDIDATES]
        ]
        if not ranked:
            return Match("none", [])
        best = ranked[0][1]
        # A bare surname beside a thing of the name: who knows which is meant?
        people = any(
            id_ in self._people and 0.98 * SURNAME_ALONE <= score <= SURNAME_ALONE
            for id_, score in ranked[1:]
        )
        close = len(ranked) > 1 and best - ranked[1][1] < MARGIN
        sure = best >= MATCHED and not close and not rivals
        sure = sure and not (people and ranked[0][0] not in self._people)
        return Match("matched" if sure else "ambiguous", candidates)
