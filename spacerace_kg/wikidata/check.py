"""Is each link still good? What has become of the items that we link, and what to do about it.

An item can be deleted, merged into another, or come to mean another thing: then its class, its
names or its dates are far from ours. Only an exact link promises that these are near.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from spacerace_kg import turtle
from spacerace_kg.dates import Interval, interval
from spacerace_kg.wikidata import alignment, glossary
from spacerace_kg.wikidata.items import Item, Snapshot
from spacerace_kg.wikidata.ours import Ours
from spacerace_kg.wikidata.spelling import likeness, plain
from spacerace_kg.wikidata.values import bounds, gap

COLUMNS = ["entity", "name", "item", "relation", "problem", "ours", "theirs", "remedy"]
TABLE = "graph/facts/wikidata.sssom.tsv"
FAR = timedelta(days=366)  # apart; less is for `compare` to say
ALIKE = 0.8  # words of two names, from where on they are one word spelled in two ways
# Wikidata mostly has one item for a flight and for the craft that made it.
_ONE_ITEM = {"Mission": "Spacecraft", "Spacecraft": "Mission"}


class Finding(NamedTuple):
    """One link that is no longer what it was, by the columns of the answer."""

    entity: str
    name: str
    item: str
    relation: str
    problem: str
    ours: str
    theirs: str
    remedy: str


class Check:
    """The graph's links and a snapshot of Wikidata; ``root`` holds the ontology's alignment."""

    def __init__(self, ours: Ours, snapshot: Snapshot, root: Path) -> None:
        self.ours = ours
        self.snapshot = snapshot
        self.classes = wikidata_classes(root)
        self.dated = [
            row
            for row in alignment.read(root)
            if row.kind == "time" and row.match in ("exact", "close")
        ]

    def dates(self) -> list[str]:
        """Return the properties of Wikidata by which dates are checked."""
        return alignment.properties(self.dated)

    def findings(self, links: Iterable[tuple[str, str]]) -> list[Finding]:
        """Return what is wrong with these links, pairs of our id and a QID, by our id."""
        links = sorted(links)
        exact = {e: q for e, q in links if self.ours.links[e][q] == "exact"}
        dates = list(self._far_dates(exact))
        found = []
        for entity, qid in links:
            relation = self.ours.links[entity][qid]
            item = self.snapshot.items.get(qid)
            if item is None:
                continue
            said = [*self._gone(entity, item, relation)]
            there = self.snapshot.get(qid)
            if relation == "exact" and there and not there.missing:
                said += [*self._class(entity, there), *self._name(entity, there)]
                said += [texts for of, texts in dates if of == entity]
            name = self._label(entity)
            found += [Finding(entity, name, qid, relation, *texts) for texts in said]
        return found

    def _gone(self, entity: str, item: Item, relation: str) -> Iterator[tuple[str, str, str, str]]:
        if item.missing:
            remedy = f"Remove its row from {TABLE}."
            if relation != "not":
                remedy = f"Look for another item; link that one in {TABLE}, or remove the row."
            yield "deleted", item.qid, "", remedy
        if not item.redirect:
            return
        target = item.redirect
        theirs = f"{target} ({self.snapshot.label(target)})"
        own = self.ours.links[entity].get(target)
        holders = [e for e, links in self.ours.links.items() if links.get(target) == "exact"]
        if relation == "not":
            remedy = f"Remove the negative row from {TABLE}"
            remedy += "; what it kept apart is now one item." if own == "exact" else ", or move it."
        elif own == "not":
            remedy = f"{target} is kept away by a negative row: see which of the two rows is wrong."
        elif own:
            remedy = f"Make the row of {target} {relation} and remove this one, in {TABLE}."
        elif holders:
            remedy = f"{target} is the exact item of {holders[0]} too: make one of the two close."
        else:
            remedy = f"Write wd:{target} for wd:{item.qid} in {TABLE}."
        yield "merged", item.qid, theirs, remedy

    def _class(self, entity: str, item: Item) -> Iterator[tuple[str, str, str, str]]:
        """Yield a row if none of the item's classes, or of those above, is one of ours."""
        own = self.ours.classes[entity]
        wanted = own | {_ONE_ITEM[name] for name in own if name in _ONE_ITEM}
        expected = {qid for name in wanted for qid in self.classes.get(name, ())}
        theirs = self.snapshot.classes(item.qid)
        if not expected or theirs & expected:
            return
        direct = item.qids("P31")
        said = ", ".join(f"{self.snapshot.label(qid)} ({qid})" for qid in direct)
        likely = self._names(set(direct)) or self._names(theirs)
        if not direct:
            remedy = "The item has no class (P31): give it one there."
        elif likely:
            remedy = f"It is a {likely[0]} in our terms: look at it, and correct or remove the row."
        else:
            remedy = "See if that is right; if so, match the class in ontology/alignments.ttl."
        shown = ", ".join(sorted(name for name in own if name in self.classes))
        yield "class", shown, said, remedy

    def _names(self, classes: set[str]) -> list[str]:
        """Return those of our classes that one of these matches."""
        return sorted(name for name, qids in self.classes.items() if classes & qids)

    def _name(self, entity: str, item: Item) -> Iterator[tuple[str, str, str, str]]:
        named = self.ours.labels.get(entity, {})
        ours = [*(texts[0] for texts in named.values()), *(n for ts in named.values() for n in ts)]
        aliases = (name for names in item.aliases.values() for name in names)
        theirs = list(dict.fromkeys([*item.labels.values(), *aliases]))
        if not ours or alike(ours, theirs):
            return
        remedy = "See if the item still means the same; if so, add one name to the other's aliases."
        if not theirs:
            remedy = "The item has no label in English or Russian: add one there."
        yield "label", self._label(entity), ", ".join(theirs[:3]), remedy

    def _far_dates(self, exact: dict[str, str]) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
        """Yield each entity of which no date is within a year of those of its item."""
        for row in self.dated:
            of = {e for e in exact if self.ours.classes[e] & set(row.classes)}
            paths = [self.ours.claimed(path, of) for path in (row.path, *row.others)]
            for entity in sorted(of):
                item = self.snapshot.get(exact[entity])
                own = [c.value for p in paths for c in p.get(entity, ()) if c.rank != "deprecated"]
                theirs = list(_times(item, row)) if item else []
                if not paths[0].get(entity) or not theirs:
                    continue
                apart = min(gap(interval(a), b) for a in own for _, b in theirs)
                if apart > FAR:
                    said = ", ".join(dict.fromkeys(text for text, _ in theirs))
                    remedy = "Most likely another thing: look at it, and correct or remove the row."
                    yield entity, ("date", f"{row.path.split('/')[0]} {own[0]}", said, remedy)

    def _label(self, entity: str) -> str:
        names = self.ours.labels.get(entity, {})
        return next((texts[0] for texts in (names.get("en"), names.get("ru")) if texts), entity)


def _times(item: Item, row: alignment.Correspondence) -> Iterator[tuple[str, Interval]]:
    for theirs in row.theirs:
        if theirs.inverse or theirs.value:
            continue
        for statement in item.best(theirs.property):
            value = statement.value
            found = bounds(value) if value.kind == "time" else None
            if found:
                shown = value.text[1:].partition("T")[0].replace("-00", "")
                yield f"{theirs.property} {shown}", found


def alike(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Say whether two things can have these names, of each the labels first.

    They share a word, in whatever script, and a number if both have one. What has a word alone
    speaks for them only if their labels do not speak of two of a series.

    >>> alike(["Yuri Gagarin"], ["Гагарин, Юрий"]), alike(["Vostok 1", "Vostok"], ["Vostok 2"])
    (True, False)
    """
    pairs = [(_Words(one), _Words(other)) for one in ours for other in theirs]
    shared = [(a, b) for a, b in pairs if a.shares(b)]
    if any(a.numbers & b.numbers or not a.numbers | b.numbers for a, b in shared):
        return True
    first = pairs[0][0].apart(pairs[0][1]) if pairs else False
    return not first and any(not a.apart(b) for a, b in shared)


class _Words:
    """A name as words in plain letters, and as numbers."""

    def __init__(self, name: str) -> None:
        parts = re.findall(r"[a-z]+|[0-9]+", plain(name))
        self.numbers = {part.lstrip("0") for part in parts if part.isdigit()}
        words = [part for part in parts if not part.isdigit()]
        self.words = [word for word in words if len(word) > 2] or words

    def shares(self, other: _Words) -> bool:
        """Say whether a word is in both, however it is spelled; of bare numbers, a number."""
        if not self.words and not other.words:
            return bool(self.numbers & other.numbers)
        return any(likeness(a, b) >= ALIKE for a in self.words for b in other.words)

    def apart(self, other: _Words) -> bool:
        """Say whether the numbers are those of two things."""
        return bool(self.numbers and other.numbers and not self.numbers & other.numbers)


def wikidata_classes(root: Path) -> dict[str, set[str]]:
    """Return the classes of Wikidata that match each of ours, by the name of ours."""
    found = glossary.matches(turtle.ontology(root / "ontology", "alignments.ttl"))
    return {
        name: qids
        for name, pairs in found.items()
        if (qids := {qid for _, qid in pairs if qid.startswith("Q")})
    }
