"""Claim by claim: what we say of a linked entity against what Wikidata says of its item.

Only Wikidata's best-ranked statements speak for it. Where a link is no more than close, or a
property of theirs may mean something else too, a difference is not called a conflict.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from spacerace_kg.wikidata import values
from spacerace_kg.wikidata.alignment import Correspondence
from spacerace_kg.wikidata.evidence import Claimed
from spacerace_kg.wikidata.items import Item, Snapshot, Statement, Value
from spacerace_kg.wikidata.judge import Judge
from spacerace_kg.wikidata.ours import Linked, Ours
from spacerace_kg.wikidata.values import (
    AGREES,
    COMPATIBLE,
    CONFLICTS,
    MISSING_HERE,
    MISSING_THERE,
    UNCLEAR,
)

LABELS = ("en", "ru")


class Row(NamedTuple):
    """One value of ours, one of theirs, or both, and how they stand to each other.

    ``property`` is Wikidata's, or L and a language for a label; ``way`` is what was compared, and
    ``rivals`` are what else we hold in the place of our value, at a lower rank.
    """

    linked: Linked
    path: str
    property: str
    ours: Claimed | None
    theirs: Statement | None
    verdict: str
    note: str
    way: Correspondence | None = None
    rivals: tuple[Claimed, ...] = ()


class Comparison:
    """Our side and a snapshot of theirs, by a table of what corresponds, and names in languages."""

    def __init__(
        self,
        ours: Ours,
        snapshot: Snapshot,
        table: Iterable[Correspondence],
        languages: Iterable[str] = LABELS,
    ) -> None:
        self.ours = ours
        self.languages = languages
        self.snapshot = snapshot
        self.table = list(table)
        self.judge = Judge(ours, snapshot, self.table)

    def rows(self, links: Collection[Linked]) -> Iterator[Row]:
        """Yield the rows of these links, in their order and in that of the table.

        An item that the snapshot does not hold, or that is gone, has none: `check` tells of it.
        """
        found = [
            (linked._replace(qid=item.qid), item)
            for linked in links
            if (item := self.snapshot.get(linked.qid)) and not item.missing
        ]
        entities = sorted({linked.entity for linked, _ in found})
        claims = []
        for way in self.table:
            fits = [e for e in entities if not self.ours.classes[e].isdisjoint(way.classes)]
            paths = (way.path, *way.others)
            claims.append((set(fits), {path: self.ours.claimed(path, fits) for path in paths}))
        for linked, item in found:
            for way, (fitting, held) in zip(self.table, claims, strict=True):
                if linked.entity not in fitting:
                    continue
                own = {path: held[path].get(linked.entity, []) for path in held}
                for row in _Pair(self.judge, linked, item, way, own).rows():
                    if linked.relation == "exact" or "missing" not in row.verdict:
                        yield _weighed(row)
            if linked.relation == "exact":
                yield from self._labels(linked, item)

    def _labels(self, linked: Linked, item: Item) -> Iterator[Row]:
        """Yield a row for each language in which we name the entity: a name is never wrong."""
        for language in self.languages:
            names = self.ours.labels.get(linked.entity, {}).get(language, [])
            if not names:
                continue
            label = item.labels.get(language, "")
            if not label and language == "en":
                label = item.labels.get("mul", "")  # the name in Latin letters, for all languages
            theirs = [label, *item.aliases.get(language, [])]
            if not label:
                verdict, note = MISSING_THERE, ""
            elif values.same_name(names[0], label):
                verdict, note = AGREES, ""
            else:
                shared = any(values.same_name(*pair) for pair in product(names, theirs))
                note = "each is a name of it" if shared else "another name or spelling"
                verdict = COMPATIBLE
            property = f"L{language}"
            said = Statement("", property, Value("monolingual", label, language=language))
            ours = Claimed(names[0], "normal", (), True, "", linked.entity)
            path = f"label@{language}"
            yield Row(linked, path, property, ours, said if label else None, verdict, note)


class _Pair(NamedTuple):
    """One entity and item, one correspondence, and our claims by path."""

    judge: Judge
    linked: Linked
    item: Item
    way: Correspondence
    claims: dict[str, list[Claimed]]

    def rows(self) -> Iterator[Row]:
        """Yield our best values first, each with what fits it, then what is left of theirs."""
        way = self.way
        # An interval has ends of its own, with rows of their own.
        held = [c for c in best(self.claims[way.path]) if way.path != "date" or "/" not in c.value]
        main = self.judge.said(self.item, way.theirs[0])
        also = [s for theirs in way.theirs[1:] for s in self.judge.said(self.item, theirs)]
        left, unmatched = list(main), []
        for claimed in held:
            fit = self._fit(claimed, [*main, *also])
            if fit is None:
                unmatched.append(claimed)
                continue
            left = [s for s in left if s is not fit[0]]
            yield self._row(claimed, *fit)
        for claimed in unmatched:
            if left and not way.many:
                for statement in left:
                    yield self._row(claimed, statement, *self._differing(claimed, statement))
            elif row := self._lacking(claimed, left, also):
                yield row
        if way.many or not unmatched:
            yield from (row for s in left if (row := self._left(s, bool(held))))

    def _fit(
        self, claimed: Claimed, statements: Iterable[Statement]
    ) -> tuple[Statement, str, str] | None:
        """Return the statement that fits a value of ours best, with verdict and note."""
        judged = [(s, *self.judge.verdict(self.way, claimed, s.value)) for s in statements]
        for wanted in (AGREES, COMPATIBLE):
            for found in judged:
                if found[1] == wanted:
                    return found
        return None

    def _differing(self, claimed: Claimed, statement: Statement) -> tuple[str, str]:
        """Return the verdict on a value of ours and the one of theirs in its place."""
        judged = self.judge.verdict(self.way, claimed, statement.value)
        return (self._elsewhere(statement) or judged) if judged[0] == CONFLICTS else judged

    def _elsewhere(self, statement: Statement) -> tuple[str, str] | None:
        """Return what to say of a value of theirs that we hold as a rival, or of another event."""
        for path in self.way.others:
            if self._fit_any(best(self.claims[path]), statement):
                return COMPATIBLE, f"theirs is our {path}"
        if rival := self._fit_any(self._rivals(), statement):
            by = ", ".join(source.id for source in rival.sources)
            wrong = ", which we hold to be wrong" if rival.rank == "deprecated" else ""
            return CONFLICTS, f"theirs is a rival claim of ours, by {by}{wrong}"
        return None

    def _fit_any(self, claims: Iterable[Claimed], statement: Statement) -> Claimed | None:
        return next((c for c in claims if self._fit(c, [statement])), None)

    def _lacking(
        self, claimed: Claimed, left: list[Statement], also: list[Statement]
    ) -> Row | None:
        """Return the row of a value of ours that the main property does not hold."""
        way, spoken = self.way, self.item.best(self.way.main)
        unspoken = [s for s in self.item.statements.get(way.main, []) if s not in spoken]
        if fit := self._fit(claimed, unspoken):
            if fit[0].rank == "deprecated":
                return self._row(claimed, fit[0], CONFLICTS, "Wikidata holds our value to be wrong")
            return self._row(claimed, fit[0], COMPATIBLE, "Wikidata says it at a lower rank")
        if also and not way.many:
            note = f"only as {also[0].property}, which may mean something else"
            return self._row(claimed, also[0], UNCLEAR, note)
        if not self.judge.asked(way.main):
            return None
        if way.kind != "item" or claimed.value in self.judge.ours.exact:
            return self._row(claimed, None, MISSING_THERE, "")
        strangers = [s for s in left if s.value.text not in self.judge.ours.entities]
        verdict = UNCLEAR if strangers else MISSING_THERE
        return self._row(claimed, None, verdict, f"{claimed.value} is not linked")

    def _left(self, statement: Statement, held: bool) -> Row | None:
        """Return the row of a statement of theirs that no best value of ours fits."""
        if statement.value.kind in ("somevalue", "novalue"):
            return None
        if found := self._elsewhere(statement):
            return self._row(None, statement, *found)
        if self.way.match == "broad":
            return None
        if held and not self.way.many and self.way.kind in ("time", "quantity"):
            return self._row(None, statement, CONFLICTS, "Wikidata says ours as well")
        note = "beside one that fits" if held and not self.way.many else ""
        if self.way.kind == "item":
            known = self.judge.ours.entities.get(statement.value.text)
            note = f"our {known[0]}" if known else "an item that we do not hold"
        return self._row(None, statement, MISSING_HERE, note)

    def _row(self, ours: Claimed | None, theirs: Statement | None, verdict: str, note: str) -> Row:
        way, part = self.way, ours.part if ours else ""
        property = theirs.property if theirs else way.main
        rivals = tuple(c for c in self._rivals() if c.part == part and c.rank != "deprecated")
        return Row(self.linked, way.path, property, ours, theirs, verdict, note, way, rivals)

    def _rivals(self) -> list[Claimed]:
        own = self.claims[self.way.path]
        return [c for c in own if c not in best(own)]


def best(claims: Iterable[Claimed]) -> list[Claimed]:
    """Return the claims of the best rank that each part has, as the plain layer does."""
    found: dict[str, list[Claimed]] = {}
    for claimed in claims:
        if claimed.rank != "deprecated":
            found.setdefault(claimed.part, []).append(claimed)
    # They come best first.
    return [c for part in found.values() for c in part if c.rank == part[0].rank]


def _weighed(row: Row) -> Row:
    """Return a row whose conflict is none if the link or the property leaves room for both."""
    if row.verdict != CONFLICTS or row.way is None:
        return row
    reasons = []
    if row.linked.relation == "close":
        reasons.append("the link is only close")
    if row.way.match == "broad":
        reasons.append(f"{row.property} may mean something else")
    note = "; ".join(filter(None, [*reasons, row.note]))
    return row._replace(verdict=UNCLEAR, note=note) if reasons else row
