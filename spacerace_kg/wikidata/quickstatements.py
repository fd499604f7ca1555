"""What Wikidata lacks and we can prove, as commands for QuickStatements; nothing is ever sent.

The syntax is that of Help:QuickStatements on Wikidata, "V1 commands" and "CSV", in the part that
both the tool in PHP and its successor QuickStatements 3 read alike. Both cut commands at tabs, at
line ends and at ``|``, wherever these stand, so that a text with one of them is not proposed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from spacerace_kg.dates import DAY, interval
from spacerace_kg.wikidata.compare import Row
from spacerace_kg.wikidata.evidence import Claimed, Source
from spacerace_kg.wikidata.judge import Judge
from spacerace_kg.wikidata.values import MISSING_THERE

MOST = 1500  # characters in a text of Wikidata
# What these mean is defined in UTC; of other events Wikidata gives the date of the place.
_UTC = frozenset({"P619", "P620", "P621", "P622"})
# "Stated in", "reference URL", "retrieved", "page(s)", and "section, verse, paragraph, or clause".
_STATED_IN, _URL, _RETRIEVED, _PAGES, _SECTION = "248", "854", "813", "304", "958"
_IN_PRINT = re.compile(r"pp?\. ?(\d+(?:[-–]\d+)?)", re.ASCII).fullmatch
_HARMFUL = re.compile(r'["|“”]|/\*|\*/|[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]').search
_LIKE_A_VALUE = re.compile(r"[PQLM]\d+\b|[+-]?\d|@|(?:last|somevalue|novalue)\Z", re.I).match
_IS_PLAIN_DATE = re.compile(r"\d{4}(?:-(?:0\d|1[0-2])(?:-\d\d(?:T[\d:]+Z?)?)?)?\Z", re.ASCII).match


class Command(NamedTuple):
    """One statement or label to add, each part in the tool's notation; a reference in its order."""

    qid: str
    property: str
    value: str
    reference: tuple[tuple[str, str], ...]


def commands(rows: Iterable[Row], judge: Judge, labels: bool = False) -> list[Command]:
    """Return what may be proposed of these rows: missing there, proven, and with a reference.

    A statement needs an exact link, a source that can be looked up, and no rival that disputes
    it; ``labels`` adds the names that an item lacks, which carry no reference.
    """
    found = []
    for row in rows:
        if row.verdict != MISSING_THERE or row.ours is None or row.linked.relation != "exact":
            continue
        if row.way is None:
            value = _text(row.ours.value)
            if labels and value and not _LIKE_A_VALUE(row.ours.value):
                found.append(Command(row.linked.qid, row.property, value, ()))
        elif row.way.add and row.ours.proven:
            value = _value(row.ours, row, judge)
            reference = next(filter(None, map(_reference, row.ours.cited)), None)
            rivals = {_value(rival, row, judge) for rival in row.rivals if rival.disputes}
            if value and reference and value != row.linked.qid and rivals <= {value}:
                found.append(Command(row.linked.qid, row.property, value, reference))
    return list({command[:3]: command for command in found}.values())


def v1(found: Iterable[Command]) -> str:
    """Return commands as V1: one a line, its parts behind tabs."""
    lines = (
        [c.qid, c.property, c.value, *(part for p, v in c.reference for part in (f"S{p}", v))]
        for c in found
    )
    return "".join("\t".join(line) + "\n" for line in lines)


def to_csv(found: Iterable[Command]) -> str:
    """Return commands as CSV: a row each, and columns of its own for each kind of command.

    A cell that is empty says nothing. The first property of a reference is written with S, those
    that belong to the same one with s.
    """
    found = list(found)
    kinds = list(dict.fromkeys(_kind(c) for c in found))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["qid", *(column for kind in kinds for column in kind)])
    for c in found:
        # A label stands there as it is, all other texts in quotation marks of their own.
        value = c.value if c.property.startswith("P") else c.value[1:-1]
        cells = [value, *(v for _, v in c.reference)]
        rest = [cells if kind == _kind(c) else [""] * len(kind) for kind in kinds]
        writer.writerow([c.qid, *(cell for part in rest for cell in part)])
    return out.getvalue()


def _kind(command: Command) -> tuple[str, ...]:
    keys = [f"{'s' if n else 'S'}{p}" for n, (p, _) in enumerate(command.reference)]
    return (command.property, *keys)


def _value(claimed: Claimed, row: Row, judge: Judge) -> str:
    """Return a value of ours in the tool's notation; nothing if it cannot be said in it."""
    way, ours = row.way, judge.ours
    if way is None:
        return ""
    if way.kind == "time":
        local = ours.local_dates.get(claimed.part, "") if row.property not in _UTC else ""
        return _time(local or claimed.value)
    if way.kind == "item":
        qid = ours.exact.get(claimed.value, "")
        item = judge.snapshot.get(qid)
        return "" if item and item.missing else judge.now(qid)
    if way.kind == "word":
        return way.words.get(claimed.value, "")
    if way.kind == "quantity":
        return f"{claimed.value}U{way.unit[1:]}" if way.unit else claimed.value
    return _text(claimed.value) if way.kind == "string" else ""


def _time(date: str) -> str:
    """Return a plain date as a time: no finer than a day, for Wikidata takes nothing finer.

    >>> _time("1961-04-12T06:07Z"), _time("1957-10"), _time("1957-10~"), _time("1957/1958")
    ('+1961-04-12T00:00:00Z/11', '+1957-10-00T00:00:00Z/10', '', '')
    """
    if not _IS_PLAIN_DATE(date):
        return ""
    local = "T" in date and not date.endswith("Z")
    precision = min(interval(date, local).precision, DAY)
    year, month, day = [*date[:10].split("-"), "00", "00"][:3]
    return f"+{year}-{month}-{day}T00:00:00Z/{precision}"


def _text(text: str) -> str:
    """Return a text in quotation marks; nothing if it could be read as more than a text."""
    fits = text and text == text.strip() and len(text) <= MOST and not _HARMFUL(text)
    return f'"{text}"' if fits else ""


def _reference(source: Source) -> tuple[tuple[str, str], ...]:
    """Return where a source says a thing, as a reference; empty if it cannot be looked up."""
    parts = [(_STATED_IN, source.qid)] if source.qid else []
    url = source.page or source.url
    if urlsplit(url).scheme in ("http", "https"):
        text = _text(quote(url, safe="%/:?#[]@!$&'()*+,;=~"))
        parts += [(_URL, text)] if text else []
    if parts and not source.page and (locator := _text(source.locator)):
        printed = _IN_PRINT(source.locator)
        parts.append((_PAGES, _text(printed[1])) if printed else (_SECTION, locator))
    if parts and (retrieved := _time(source.retrieved)):
        parts.append((_RETRIEVED, retrieved))
    return tuple(parts)
