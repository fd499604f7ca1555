"""The check of the source facts: every rule that a statement must keep, all faults at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.dates import Interval, interval
from spacerace_kg.errors import Problem, UsageError
from spacerace_kg.loader import facts, links
from spacerace_kg.loader.statements import Part, Statement, collect
from spacerace_kg.names import nearest
from spacerace_kg.ontology import Ontology


class Checked(NamedTuple):
    """The facts of a folder, read and checked: statements, parts, links, ontology, all problems."""

    statements: list[Statement]
    parts: dict[str, Part]
    links: list[links.Link]
    ontology: Ontology
    problems: list[Problem]


def check(root: Path) -> Checked:
    """Read and check ``graph/facts`` against ``ontology`` under a root; problems by place.

    Raises UsageError for a root without facts, DataError for an ontology that cannot be read.
    """
    if not (root / "graph" / "facts").is_dir():
        raise UsageError(f"{root} holds no folder graph/facts. Name another in SPACERACE_ROOT.")
    ontology = Ontology(root / "ontology")
    records, problems = facts.read(root / "graph" / "facts", "graph/facts/")
    statements, parts, faults = collect(records, ontology)
    problems += faults
    published = root / "graph" / "ids.txt"
    ids = published.read_text("utf-8").split() if published.exists() else []
    rules = _Rules(statements, parts, ontology, ids)
    problems += rules.problems()
    linked, faults = links.read(root / "graph" / "facts", "graph/facts/", rules.classes)
    problems += faults
    return Checked(statements, parts, linked, ontology, sorted(set(problems)))


class _Life(NamedTuple):
    """The bounds of a subject's existence, and whether each is stated."""

    begin: Interval | None
    end: Interval | None


class _Rules:
    """The rules that need more than one statement to judge."""

    def __init__(
        self,
        statements: list[Statement],
        parts: dict[str, Part],
        ontology: Ontology,
        ids: list[str],
    ) -> None:
        self.statements, self.parts, self.ontology, self.ids = statements, parts, ontology, ids
        self._hints: dict[str, str] = {}  # the nearest known id for each unknown one

    def problems(self) -> Iterator[Problem]:
        """Yield every fault that the statements have together."""
        yield from self._values()
        yield from self._rivals()
        yield from self._uniqueness()
        yield from self._relations()
        yield from self._lifetimes()
        yield from self._published()

    @cached_property
    def classes(self) -> dict[str, str]:
        """The class that each subject names, by subject."""
        return {s.subject: s.value for s in self.statements if s.property == "type"}

    @cached_property
    def groups(self) -> dict[tuple[str, str], list[Statement]]:
        """The statements of each subject and property."""
        groups = defaultdict(list)
        for statement in self.statements:
            groups[statement.subject, statement.property].append(statement)
        return groups

    @cached_property
    def best(self) -> dict[tuple[str, str], list[str]]:
        """The values of the best rank of each subject and property, in order, without repeats."""
        return {key: list(dict.fromkeys(best_values(group))) for key, group in self.groups.items()}

    def _values(self) -> Iterator[Problem]:
        """Demand ids that exist and are of the right class, dates that are dates, real sources."""
        seen = set()
        for s in self.statements:
            property_ = self.ontology.properties[s.property]
            part = self.parts.get(s.value)
            if property_.kind == "entity" and not (part and part.owner == s.subject):
                yield from self._reference(s, s.value, property_.range)
            if property_.notation:
                try:
                    interval(s.value, property_.notation == "EDTF local")
                except ValueError as error:
                    what, _, remedy = str(error).partition(". ")
                    yield _problem(s, f"{s.value!r} {what}.", remedy)
            cited = s.source, s.path, s.subject.partition("/")[0]
            if cited not in seen:
                seen.add(cited)
                yield from self._reference(s, s.source, frozenset({"Source"}), "source")

    def _reference(
        self, s: Statement, value: str, allowed: frozenset[str], what: str = ""
    ) -> Iterator[Problem]:
        found = self.classes.get(value)
        if found is None:
            if value not in self._hints:
                self._hints[value] = nearest(value, self.classes)
            hint = self._hints[value]
            remedy = "Write the record or correct the id."
            yield _problem(s, f"{value!r} is not the id of any record.{hint}", remedy, what)
        elif found == "RetiredId":
            new = " or ".join(self.best.get((value, "replacedBy"), ["its successor"]))
            yield _problem(s, f"{value!r} is a retired id.", f"Write {new}.", what)
        elif not self.ontology.is_a(found, allowed):
            wanted = " or ".join(sorted(allowed))
            message = f"{value!r} is a {found}, but a {wanted} belongs here."
            yield _problem(s, message, "Correct the id or the property.", what)

    def _rivals(self) -> Iterator[Problem]:
        """Demand one preferred value among the rivals of a property with one true value."""
        for (_, name), group in self.groups.items():
            property_ = self.ontology.properties[name]
            ranks: dict[tuple[str, str], set[str]] = defaultdict(set)
            notes: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
            for s in group:
                ranks[s.value, s.language].add(s.rank)
                notes[s.value, s.language, s.source].add((s.reason, s.certainty))
            for (value, _, source), several in notes.items():
                if len(several) > 1:
                    what = f"gives {value!r} by {source} with different reasons or certainties."
                    yield _problem(group[0], what, "Keep one of them.")
            for (value, _), given in ranks.items():
                if len(given) > 1:
                    what = f"gives {value!r} with the ranks {' and '.join(sorted(given))}."
                    yield _problem(group[0], what, "Give all sources of a value one rank.")
            if property_.functional:
                best = [value for value, given in ranks.items() if "preferred" in given]
                standing = [value for value, given in ranks.items() if given != {"deprecated"}]
                if len(best) > 1 or (len(standing) > 1 and not best):
                    what = f"has {len(standing)} rival values and {len(best)} preferred."
                    yield _problem(group[0], what, "Rank exactly one 'preferred', with the reason.")
            elif name in ("label", "description"):
                languages = Counter(language for (_, language) in ranks)
                for language in sorted(x for x, count in languages.items() if count > 1):
                    what = f"has two texts in {language!r}."
                    yield _problem(group[0], what, "Keep one; others are altLabel.")

    def _uniqueness(self) -> Iterator[Problem]:
        """No two individuals of a class share the value of a key."""
        for class_, name in self.ontology.keys:
            owners: dict[str, Statement] = {}
            for s in self.statements:
                if s.property != name or s.rank == "deprecated":
                    continue
                if (
                    class_
                    not in self.ontology.classes[self.classes.get(s.subject, class_)].ancestors
                ):
                    continue
                other = owners.setdefault(s.value, s)
                if other.subject != s.subject:
                    what = f"{s.value!r} is also the {name} of {other.subject}."
                    yield _problem(s, what, "Correct one of the two.")

    def _relations(self) -> Iterator[Problem]:
        """Nothing causes, replaces or precedes itself, nor what causes, replaces or precedes it."""
        pairs = {(s.subject, s.property, s.value) for s in self.statements}
        for s in self.statements:
            property_ = self.ontology.properties[s.property]
            if (property_.irreflexive or property_.asymmetric) and s.subject == s.value:
                yield _problem(s, "names its own subject.", "Name another record.")
            elif property_.asymmetric and (s.value, s.property, s.subject) in pairs:
                what = f"holds both ways between {s.subject} and {s.value}."
                yield _problem(s, what, "Remove one of the two.")

    def _lifetimes(self) -> Iterator[Problem]:
        """Nothing happens to what does not exist: parts, and values that must exist at the time."""
        for part in self.parts.values():
            property_ = self.ontology.properties[part.property]
            date, life = self._date(part.id), self._life(part.owner)
            if date is None:
                continue
            value = self.best[part.id, "date"][0]
            s = next(s for s in self.groups[part.id, "date"] if s.value == value)
            if life.begin and not property_.opens and life.begin.begins_after(date):
                what = f"{s.value!r} lies before {part.owner} began."
                yield _problem(s, what, "Correct the date or its owner's beginning.")
            if life.end and not property_.closes and date.begins_after(life.end):
                what = f"{s.value!r} lies after {part.owner} ended."
                yield _problem(s, what, "Correct the date or its owner's end.")
        for s in self.statements:
            if self.ontology.properties[s.property].within and s.rank != "deprecated":
                yield from self._within(s)

    def _within(self, s: Statement) -> Iterator[Problem]:
        time, life = self._time(s.subject), self._life(s.value)
        if time is None:
            return
        if life.begin and life.begin.begins_after(time):
            what = f"{s.value!r} did not exist yet at the time of {s.subject}."
            yield _problem(s, what, "Name its predecessor or correct a date.")
        if life.end and time.begins_after(life.end):
            what = f"{s.value!r} no longer existed at the time of {s.subject}."
            yield _problem(s, what, "Name its successor or correct a date.")

    @cached_property
    def _parts_of(self) -> dict[str, list[Part]]:
        owned = defaultdict(list)
        for part in self.parts.values():
            owned[part.owner].append(part)
        return owned

    def _date(self, subject: str) -> Interval | None:
        values = self.best.get((subject, "date"))
        try:
            return interval(values[0]) if values else None
        except ValueError:
            return None  # reported as a value that is no date

    def _life(self, subject: str) -> _Life:
        begin = end = None
        for part in self._parts_of.get(subject, ()):
            property_, date = self.ontology.properties[part.property], self._date(part.id)
            if date and property_.opens and (begin is None or begin.begins_after(date)):
                begin = date
            if date and property_.closes:
                end = date
        return _Life(begin, end)

    def _time(self, subject: str) -> Interval | None:
        """Return the time of a subject: its date, else first to last part, else its owner's."""
        own = self._date(subject)
        if own:
            return own
        owned = self._parts_of.get(subject, ())
        dates = [d for d in (self._date(part.id) for part in owned) if d]
        if dates:
            life = self._life(subject)
            starts: list[datetime] = [d.earliest for d in dates if d.earliest]
            ends: list[datetime] = [d.latest for d in dates if d.latest]
            open_end = life.end is None and not any(
                part.property in ("launch", "signing", "landing") for part in owned
            )
            latest = None if open_end or len(ends) < len(dates) else max(ends)
            return Interval(min(starts) if starts else None, latest, 0)
        part = self.parts.get(subject)
        return self._time(part.owner) if part else None

    def _published(self) -> Iterator[Problem]:
        """Demand every id once published: as a record, or retired with a successor."""
        for lost in sorted(set(self.ids) - set(self.classes)):
            remedy = (
                f"Write it again, or retire it: '- {{id: {lost}, type: RetiredId, replacedBy: …}}'."
            )
            yield Problem("graph/ids.txt", self.ids.index(lost) + 1, lost, "has no record.", remedy)


def best_values(group: list[Statement]) -> list[str]:
    """Return a group's values of the best rank: preferred if any, else normal, never deprecated."""
    for rank in ("preferred", "normal"):
        values = [s.value for s in group if s.rank == rank]
        if values:
            return values
    return []


def _problem(s: Statement, what: str, remedy: str, name: str = "") -> Problem:
    return Problem(s.path, s.line, f"{s.subject}.{name or s.property}", what, remedy)
