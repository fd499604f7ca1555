"""Whether one value of ours and one of Wikidata's agree, where that takes more than the two.

Items are compared through the links, and through what contains what; a snapshot tells what an item
was merged into, and what other items say of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from spacerace_kg.wikidata import values
from spacerace_kg.wikidata.alignment import Correspondence, Theirs
from spacerace_kg.wikidata.evidence import Claimed
from spacerace_kg.wikidata.fetching import PLACING
from spacerace_kg.wikidata.items import Item, Snapshot, Statement, Value
from spacerace_kg.wikidata.ours import Ours
from spacerace_kg.wikidata.values import AGREES, COMPATIBLE, CONFLICTS, UNCLEAR


class Judge:
    """Our side and a snapshot of theirs."""

    def __init__(self, ours: Ours, snapshot: Snapshot, table: Iterable[Correspondence]) -> None:
        self.ours = ours
        self.snapshot = snapshot
        self._turned = {t.property for way in table for t in way.theirs if t.inverse}

    def verdict(self, way: Correspondence, claimed: Claimed, value: Value) -> tuple[str, str]:
        """Return the verdict on one value of ours and one of theirs, with a note."""
        if value.kind == "somevalue":
            # Of many values, one that is unknown says nothing of ours.
            return UNCLEAR if way.many else COMPATIBLE, "Wikidata says that it is unknown"
        if value.kind == "novalue":
            return CONFLICTS, "Wikidata says that there is none"
        if value.kind != ("item" if way.kind == "word" else way.kind):
            return UNCLEAR, f"theirs is of another kind: {value.kind}"
        if way.kind == "time":
            return values.times(claimed.value, value, self.ours.local_dates.get(claimed.part, ""))
        if way.kind == "quantity":
            return values.quantities(claimed.value, way.unit, value)
        if way.kind == "coordinate":
            return values.coordinates(claimed.value, value)
        if way.kind == "string":
            return values.strings(claimed.value, value)
        if way.kind == "word":
            return (AGREES if way.words.get(claimed.value) == value.text else CONFLICTS), ""
        return self._items(claimed.value, self.now(value.text))

    def _items(self, ours: str, qid: str) -> tuple[str, str]:
        """Compare an entity of ours with an item, by the links, and by what contains what."""
        own = {self.now(q): relation for q, relation in self.ours.links.get(ours, {}).items()}
        there = self.ours.entities.get(qid, [])
        match own.get(qid):
            case "exact":
                return AGREES, ""
            case "close":
                return COMPATIBLE, f"{ours} is closely linked to it"
            case "not":
                return CONFLICTS, f"our links say that {ours} is not {qid}"
        exactly = {q for q, relation in own.items() if relation == "exact"}
        if not self._above(ours).isdisjoint(there) or qid in self._around(exactly):
            return COMPATIBLE, "theirs is wider"
        if any(ours in self._above(entity) for entity in there) or self._around({qid}) & exactly:
            return COMPATIBLE, "theirs is narrower"
        if exact := [e for e in there if self.ours.links[e].get(qid) == "exact"]:
            return CONFLICTS, f"theirs is our {exact[0]}"
        if self._alike(ours, qid):
            return COMPATIBLE, "by name alone; there is no link"
        if not set(own.values()) & {"exact", "close"}:
            return UNCLEAR, f"{ours} is not linked"
        return UNCLEAR, "theirs is an item that we do not hold"

    def said(self, item: Item, theirs: Theirs) -> list[Statement]:
        """Return the best statements that an item, or another of it, makes in one of the ways."""
        if theirs.inverse:
            return self._inverse.get((theirs.property, item.qid), [])
        found = item.best(theirs.property)
        if not theirs.value:
            return found
        return [
            s._replace(value=value)
            for s in found
            if s.value.text == theirs.value
            for value in s.qualifiers.get(theirs.qualifier, [])
        ]

    def asked(self, property: str) -> bool:
        """Say whether the snapshot would hold the property if Wikidata had it."""
        return not self.snapshot.lacks([property])

    @cached_property
    def _inverse(self) -> dict[tuple[str, str], list[Statement]]:
        """What other items say of an item, by property and item: statements with them as values."""
        found: dict[tuple[str, str], list[Statement]] = {}
        for item in self.snapshot.items.values():
            for property in self._turned if not item.redirect else ():
                for s in item.best(property):
                    turned = s._replace(value=Value("item", item.qid))
                    found.setdefault((property, self.now(s.value.text)), []).append(turned)
        return found

    def now(self, qid: str) -> str:
        """Return an item's QID after merges."""
        item = self.snapshot.items.get(qid)
        return item.redirect or qid if item else qid

    def _around(self, qids: set[str]) -> set[str]:
        """Return what items are a part, a kind or an example of, as far as the snapshot knows."""
        found: set[str] = set()
        left = list(qids)
        while left:
            item = self.snapshot.get(left.pop())
            new = {self.now(q) for p in PLACING for q in (item.qids(p) if item else ())} - found
            found |= new
            left += new
        return found

    def _above(self, entity: str) -> set[str]:
        """Return all that an entity is a part or an example of."""
        found: set[str] = set()
        left = [entity]
        while left:
            new = self.ours.wider.get(left.pop(), set()) - found
            found |= new
            left += new
        return found

    def _alike(self, entity: str, qid: str) -> bool:
        item = self.snapshot.get(qid)
        return item is not None and any(
            values.same_name(ours, theirs)
            for language, names in self.ours.labels.get(entity, {}).items()
            for ours in names
            for theirs in [item.labels.get(language, ""), *item.aliases.get(language, [])]
        )
