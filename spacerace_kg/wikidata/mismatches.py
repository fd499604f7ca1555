"""Conflicts in which our evidence is the better, as an import file of the Mismatch Finder.

By its user guide and by the rules of its code (wmde/wikidata-mismatch-finder): eight columns, each
there in every row; a statement's id belongs to the item; values of at most 1500 characters, theirs
in a form that Wikibase parses back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from spacerace_kg.dates import DAY
from spacerace_kg.names import to_iri
from spacerace_kg.wikidata.alignment import Correspondence
from spacerace_kg.wikidata.compare import Row
from spacerace_kg.wikidata.evidence import IS_WIKI, Claimed
from spacerace_kg.wikidata.items import JULIAN, Statement, Value
from spacerace_kg.wikidata.judge import Judge
from spacerace_kg.wikidata.ours import Ours
from spacerace_kg.wikidata.values import AGREES, COMPATIBLE, CONFLICTS

HEADER = (
    "item_id", "statement_guid", "property_id", "wikidata_value", "meta_wikidata_value",
    "external_value", "external_url", "type",
)  # fmt: skip
MOST = 1500
_IS_GUID = re.compile(r"(Q\d+)\$[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\Z", re.I).match
_IMPORTED = frozenset({"P143", "P4656", "P813"})  # from a Wikimedia project, its URL, retrieved
_URL = "P854"
_UNITS = {"Q11574": " s", "Q11570": " kg"}


def mismatches(rows: Iterable[Row], judge: Judge) -> list[tuple[str, ...]]:
    """Return the rows of the import file, by HEADER."""
    found: list[tuple[str, ...]] = []
    for row in rows:
        if row.verdict != CONFLICTS or row.ours is None or row.theirs is None or row.way is None:
            continue
        guid = _IS_GUID(row.theirs.id)
        theirs, own = _theirs(row.theirs.value), _ours(row, judge.ours)
        if not guid or not theirs or not own or not better(row.ours, row.theirs):
            continue
        if any(_fits(rival, row.way, row.theirs, judge) for rival in row.rivals):
            continue
        calendar = JULIAN if row.theirs.value.calendar == JULIAN else ""
        url = to_iri(row.linked.entity)
        cells = (
            guid[1].upper(), row.theirs.id, row.property, theirs, calendar, own, url, "statement",
        )  # fmt: skip
        if max(map(len, cells)) <= MOST:
            found.append(cells)
    return found


def to_csv(rows: Iterable[tuple[str, ...]]) -> str:
    """Return the import file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue()


def better(ours: Claimed, theirs: Statement) -> bool:
    """Say whether our evidence is the better: ours is proven, and theirs rests on nothing.

    That is so without a reference, or if all that it has came from a wiki.
    """
    return ours.proven and all(map(_is_imported, theirs.references))


def _fits(rival: Claimed, way: Correspondence, theirs: Statement, judge: Judge) -> bool:
    """Say whether a rival makes our value disputed, and is what they say."""
    return rival.disputes and judge.verdict(way, rival, theirs.value)[0] in (AGREES, COMPATIBLE)


def _is_imported(reference: dict[str, list[Value]]) -> bool:
    urls = [urlsplit(value.text).hostname or "" for value in reference.get(_URL, [])]
    return reference.keys() <= {*_IMPORTED, _URL} and all(map(IS_WIKI, urls))


def _theirs(value: Value) -> str:
    """Return a value of theirs in a form that Wikibase parses; nothing for none."""
    if value.kind != "time":
        return value.text
    parts = {9: 5, 10: 8, 11: 11}  # characters of +YYYY-MM-DD
    length = parts.get(min(value.precision or 0, DAY))
    return value.text[1:length] if length and re.match(r"\+\d{4}-", value.text) else ""


def _ours(row: Row, ours: Ours) -> str:
    """Return a value of ours for a person to read: a day, a name, a number with its unit."""
    if row.ours is None or row.way is None:
        return ""
    if row.way.kind == "time":
        return row.ours.value.partition("T")[0]
    if row.way.kind == "item":
        names = ours.labels.get(row.ours.value, {})
        return (names.get("en") or names.get("ru") or [""])[0]
    return row.ours.value + _UNITS.get(row.way.unit, "")
