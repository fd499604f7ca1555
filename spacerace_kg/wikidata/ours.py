"""Our side of a comparison: the linked entities, what is claimed of them, and by which sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from spacerace_kg.names import PREFIXES, RANKS, shorten, to_iri
from spacerace_kg.wikidata.evidence import Claimed, Source

if TYPE_CHECKING:
    from spacerace_kg.knowledge import KnowledgeGraph

_WIDER = "sr:site|sr:family|sr:partOf|sr:spacecraftType"


class _Row(NamedTuple):
    """One claim, as it comes from the graph."""

    entity: str
    part: str
    value: str
    rank: str
    source: Source
    certain: bool
    reason: str


class Linked(NamedTuple):
    """One entity of ours, an item, and their relation: exact, close or not."""

    entity: str
    qid: str
    relation: str


class Ours:
    """The graph as a comparison reads it; everything is asked for once, when it is needed."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg

    @cached_property
    def links(self) -> dict[str, dict[str, str]]:
        """Relation (exact, close, not) by entity and QID, for every link."""
        found: dict[str, dict[str, str]] = {}
        where = "?l a sr:Link ; sr:entity ?e ; sr:qid ?q ; sr:relation ?r"
        for entity, qid, relation in self._select("?e ?q ?r", where):
            found.setdefault(entity, {})[qid] = relation
        return found

    @cached_property
    def exact(self) -> dict[str, str]:
        """The one exact item of each entity that has one."""
        pairs = ((e, q, r) for e, links in self.links.items() for q, r in links.items())
        return {entity: qid for entity, qid, relation in pairs if relation == "exact"}

    @cached_property
    def entities(self) -> dict[str, list[str]]:
        """Our entities by QID, those linked exactly first."""
        found: dict[str, list[str]] = {}
        for wanted in ("exact", "close"):
            for entity, links in sorted(self.links.items()):
                for qid, relation in links.items():
                    if relation == wanted:
                        found.setdefault(qid, []).append(entity)
        return found

    @cached_property
    def classes(self) -> dict[str, set[str]]:
        """The names of all classes of each linked entity."""
        found: dict[str, set[str]] = {}
        where = "?l a sr:Link ; sr:entity ?e . ?e a ?c"
        for entity, class_ in self._select("DISTINCT ?e ?c", where):
            found.setdefault(entity, set()).add(class_.removeprefix("sr:"))
        return found

    @cached_property
    def labels(self) -> dict[str, dict[str, list[str]]]:
        """The names of each entity by language, the label first."""
        found: dict[str, dict[str, list[str]]] = {}
        for property in ("rdfs:label", "skos:altLabel"):
            where = f"?e {property} ?l FILTER(LANG(?l) IN ('en', 'ru'))"
            for entity, text, language in self._select("?e ?l (LANG(?l) AS ?g)", where):
                found.setdefault(entity, {}).setdefault(language, []).append(text)
        return found

    @cached_property
    def wider(self) -> dict[str, set[str]]:
        """What each place, vehicle or thing is directly a part or an example of."""
        found: dict[str, set[str]] = {}
        for entity, other in self._select("?e ?o", f"?e {_WIDER} ?o"):
            found.setdefault(entity, set()).add(other)
        return found

    @cached_property
    def local_dates(self) -> dict[str, str]:
        """The date by the clock of the place, of the events that have one."""
        return dict(self._pairs("sr:localDate"))

    def linked(
        self, entities: Collection[str] = (), class_: str = "", negative: bool = False
    ) -> list[Linked]:
        """Return links by entity: of these entities, or of all, of a class or any; the positive."""
        return [
            Linked(entity, qid, relation)
            for entity in sorted(set(entities) & set(self.links) if entities else self.links)
            if not class_ or class_ in self.classes.get(entity, ())
            for qid, relation in sorted(self.links[entity].items())
            if negative or relation != "not"
        ]

    def claimed(self, path: str, entities: Collection[str]) -> dict[str, list[Claimed]]:
        """Return what is claimed of entities at the end of a path, by entity, best rank first.

        One entry for each value of each part; a value of two ranks has the better.
        """
        path, _, end = path.partition(":")
        if "," in path:
            return self._both(path.split(","), entities)
        rows = (row for steps in _plain(path) for row in self._claims(steps, entities))
        ends = (row._replace(value=_end(row.value, end)) for row in rows)
        return _merged(row for row in ends if row.value)

    def _claims(self, steps: list[str], entities: Collection[str]) -> Iterator[_Row]:
        """Yield each claim at the end of a path without alternatives."""
        if not entities:
            return
        values = " ".join(f"<{to_iri(entity)}>" for entity in sorted(entities))
        way = "".join(f"?e sr:{step} ?s . " for step in steps[:-1])
        subject = "?s" if way else "?e"
        where = (
            f"VALUES ?e {{ {values} }} {way}?c sr:subject {subject} ; sr:property sr:{steps[-1]} ; "
            "sr:value ?v ; sr:rank ?r ; sr:source ?f OPTIONAL { ?c sr:locator ?l }"
        )
        variables = f"?e ({subject} AS ?p) ?c ?v ?r ?f ?l"
        for entity, part, claim, value, rank, id_, locator in self._select(variables, where):
            certain, reason = claim not in self._doubts, self._reasons.get(claim, "")
            source = self.sources[id_]._replace(locator=locator)
            yield _Row(entity, part, value, rank, source, certain, reason)

    def _both(self, both: list[str], entities: Collection[str]) -> dict[str, list[Claimed]]:
        """Return two properties as one value, where the same sources state both."""
        first, second = (self.claimed(name, entities) for name in both)
        return {
            entity: [
                a._replace(value=f"{a.value},{b.value}", certain=a.certain and b.certain)
                for a in found
                for b in second.get(entity, [])
                if a.rank == b.rank and {s.id for s in a.sources} == {s.id for s in b.sources}
            ]
            for entity, found in first.items()
        }

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources by id."""
        kinds = {entity: c.removeprefix("sr:") for entity, c in self._pairs("sr:mainClass")}
        # The first, if several.
        urls, copies, publishers = (
            dict(sorted(self._pairs(f"sr:{name}"), reverse=True))
            for name in ("url", "copyUrl", "publisher")
        )
        retrieved = dict(self._pairs("sr:retrievalDate"))
        found = {}
        for (id_,) in self._select("?e", "?e a sr:Source"):
            found[id_] = Source(
                id_,
                kinds.get(id_, ""),
                urls.get(id_, ""),
                self.exact.get(id_, ""),
                retrieved.get(id_, ""),
                copy=copies.get(id_, ""),
                publisher=publishers.get(id_, ""),
            )
        return found

    @cached_property
    def _doubts(self) -> set[str]:
        return {claim for claim, _ in self._pairs("sr:certainty")}

    @cached_property
    def _reasons(self) -> dict[str, str]:
        return dict(self._pairs("sr:reason"))

    def _pairs(self, property: str) -> list[tuple[str, str]]:
        return [(e, v) for e, v in self._select("?e ?v", f"?e {property} ?v")]

    def _select(self, variables: str, where: str) -> list[list[str]]:
        """Return rows of texts: entities and terms in their short form, literals as they are."""
        prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items())
        answer = self.kg.store.select(f"{prefixes}SELECT {variables} WHERE {{ {where} }}")
        return [
            ["" if t is None else shorten(t.text) if t.kind == "iri" else t.text for t in row]
            for row in answer.terms
        ]


def _plain(path: str) -> list[list[str]]:
    """Return the paths without alternatives that a path stands for.

    >>> _plain("docking|undocking/date")
    [['docking', 'date'], ['undocking', 'date']]
    """
    return [list(steps) for steps in product(*(step.split("|") for step in path.split("/")))]


def _end(value: str, end: str) -> str:
    """Return one end of an interval in EDTF; nothing if there is none, or for a whole one.

    >>> _end("1947/1991", "start"), _end("1961", "start"), _end("1961", ""), _end("1957/..", "end")
    ('1947', '', '1961', '')
    """
    first, slash, second = value.partition("/")
    if not end:
        return value
    return {"..": ""}.get(first, first) if slash and end == "start" else second.strip(".")


def _merged(rows: Iterable[_Row]) -> dict[str, list[Claimed]]:
    found: dict[tuple[str, str, str], Claimed] = {}
    for row in rows:
        key = (row.entity, row.part, row.value)
        known = found.get(key, Claimed(row.value, row.rank, (), row.certain, row.reason, row.part))
        sources = {source.id: source for source in (row.source, *known.sources)}
        found[key] = known._replace(
            rank=min(known.rank, row.rank, key=RANKS.index),
            sources=tuple(sorted(sources.values(), key=lambda s: (s.authority, s.id))),
            certain=known.certain and row.certain,
            reason=known.reason or row.reason,
        )
    merged: dict[str, list[Claimed]] = {}
    for (entity, _, _), claimed in sorted(found.items()):
        merged.setdefault(entity, []).append(claimed)
    return {e: sorted(c, key=lambda c: RANKS.index(c.rank)) for e, c in merged.items()}
