"""Columns from Wikidata beside a canned question's answer, joined here and not by any endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacerace_kg.answers import Answer, Term
from spacerace_kg.errors import UsageError
from spacerace_kg.names import ID, WD
from spacerace_kg.wikidata.items import Snapshot, Value, is_qid
from spacerace_kg.wikidata.values import shown

JOINED_BY = "; "


def items(answer: Answer, links: Mapping[str, str], column: str = "") -> list[str]:
    """Return the QID of each row's item, empty where there is none.

    ``links`` are the exact items of our ids. The column that is read is the one named, or else
    ``wikidata``, ``qid``, or the first that holds an entity with a link. Raises UsageError if the
    answer has no such column.
    """
    if column and column not in answer.columns:
        has = ", ".join(answer.columns)
        raise UsageError(f"column: the answer has no {column[:60]!r}; it has: {has}.")
    known = [name for name in ("wikidata", "qid", *answer.columns) if name in answer.columns]
    for name in [column] if column else known:
        place = answer.columns.index(name)
        found = [_qid(row[place], links) for row in answer.terms]
        if any(found) or name == column:
            return found
    if answer.terms:
        raise UsageError("No column of the answer leads to Wikidata. Name one: --column NAME")
    return []


def enrich(
    answer: Answer, qids: Sequence[str], snapshot: Snapshot, properties: Sequence[str]
) -> Answer:
    """Return the answer with a column a property: the best-ranked values of each row's item.

    Items are given by their English labels; several values are joined by a semicolon. Raises
    UsageError if the snapshot was fetched without one of the properties.
    """
    chosen = list(dict.fromkeys(properties))
    if lacking := snapshot.lacks(chosen):
        raise UsageError(
            f"The snapshot was fetched without {', '.join(lacking)}. "
            f"Fetch one with them: spacerace wikidata snapshot --properties {','.join(chosen)}"
        )
    rows = [
        (*row, *(_values(snapshot, qid, property_) for property_ in chosen))
        for row, qid in zip(answer.terms, qids, strict=True)
    ]
    return Answer([*answer.columns, *chosen], rows)


def _qid(term: Term | None, links: Mapping[str, str]) -> str:
    """Return the item that a cell names: by its IRI, its QID, or our entity's exact link."""
    if term is None:
        return ""
    if term.kind == "iri" and term.text.startswith(ID):
        return links.get(term.text[len(ID) :], "")
    bare = term.text.removeprefix(WD)
    return bare if is_qid(bare) else ""


def _values(snapshot: Snapshot, qid: str, property_: str) -> Term | None:
    item = snapshot.get(qid)
    found = [_shown(s.value, snapshot) for s in item.best(property_)] if item else []
    return Term("literal", JOINED_BY.join(dict.fromkeys(found))) if found else None


def _shown(value: Value, snapshot: Snapshot) -> str:
    return snapshot.label(value.text) if value.kind == "item" else shown(value, snapshot)
