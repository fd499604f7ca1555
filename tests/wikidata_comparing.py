"""What the tests of comparing share: items made by hand, and our side."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from asking import CHECKOUT

from spacerace_kg.wikidata import alignment
from spacerace_kg.wikidata.calendars import time_value
from spacerace_kg.wikidata.compare import Comparison, Row
from spacerace_kg.wikidata.items import GREGORIAN, Item, Snapshot, Statement, Value
from spacerace_kg.wikidata.ours import Ours
from spacerace_kg.wikidata.values import shown

ANSWERS = Path(__file__).resolve().parent / "wikidata_answers"
TABLE = alignment.read(CHECKOUT)
_NUMBERS = count(1)


def day(text: str, precision: int = 11, calendar: str = GREGORIAN) -> Value:
    """Return a time: ``1961-04-12``, or a clock time behind it."""
    clock = "" if "T" in text else "T00:00:00Z"
    return time_value(f"+{text}{clock}", precision, calendar)


def thing(qid: str) -> Value:
    return Value("item", qid)


def said(property: str, value: Value, rank: str = "normal", **more: object) -> Statement:
    """Return a statement whose id is made up when its item is."""
    return Statement("", property, value, rank, **more)  # type: ignore[arg-type]


def item(qid: str, *statements: Statement, **more: object) -> Item:
    """Return an item with statements, each with an id of the item's."""
    found: dict[str, list[Statement]] = {}
    for s in statements:
        guid = f"{qid}$00000000-0000-4000-8000-{next(_NUMBERS):012}"
        found.setdefault(s.property, []).append(s._replace(id=guid))
    return Item(qid, statements=found, **more)  # type: ignore[arg-type]


def snapshot(*items: Item, properties: tuple[str, ...] = ()) -> Snapshot:
    return Snapshot({i.qid: i for i in items}, "2026-11-22", "by hand", properties)


def rows(ours: Ours, entity: str, theirs: Snapshot, path: str = "") -> list[Row]:
    """Return the rows of an entity's exact link, of one path of ours or of all."""
    table = [way for way in TABLE if path in ("", way.path)]
    links = [linked for linked in ours.linked([entity]) if linked.qid in theirs.items]
    return list(Comparison(ours, theirs, table, () if path else ("en", "ru")).rows(links))


def told(found: list[Row], theirs: Snapshot) -> list[tuple[str, ...]]:
    """Return rows as (property, ours, theirs, verdict, note)."""
    return [
        (
            row.property,
            row.ours.value if row.ours else "",
            shown(row.theirs.value, theirs) if row.theirs else "",
            row.verdict,
            row.note,
        )
        for row in found
    ]
