"""Identities: the rows that GCAT joins by a UCode are one thing, under one code at a time.

The thing keeps the id of the record where the record has one of its codes; else its id is made of
its UCode. Each row with dates becomes a phase: the time in which the thing bore that name. What the
thing is called and where it lies is told by the row that is in force now, else by the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from spacerace_kg.dates import interval
from spacerace_kg.gcat import codes, vague
from spacerace_kg.gcat.tables import DatedRow, Fault
from spacerace_kg.gcat.units import EPOCH
from spacerace_kg.gcat.values import Subject, Value, bounds, coded, link, name, text

_END = datetime.max.replace(tzinfo=UTC)


class Identity(NamedTuple):
    """One thing: its id, its UCode, and its rows, the one that speaks for it first."""

    id: str
    ucode: str
    rows: list[DatedRow]


def identify(
    rows: Iterable[DatedRow],
    prefix: str,
    known: Callable[[DatedRow], str],
    file: str,
    faults: list[Fault],
) -> list[Identity]:
    """Return the identities among rows, sorted by id; ``known`` gives the record's id for a row.

    Where the record tells apart what GCAT joins (the Soviet Union and Russia), each takes its rows.
    A row whose id another UCode has already is a fault.
    """
    found: dict[str, Identity] = {}
    for ucode, members in _grouped(rows, file, faults).items():
        own = prefix + codes.slug(ucode)
        hits = {row.code: id_ for row in members if (id_ := known(row))}
        if len(set(hits.values())) == 1:
            own = next(iter(hits.values()))
            hits = {}
        rest = hits.get(ucode, own)
        for row in sorted(members, key=lambda row: row.code != ucode):
            id_ = hits.get(row.code, rest)
            identity = found.setdefault(id_, Identity(id_, ucode, []))
            if identity.ucode != ucode and id_.startswith(prefix):
                reason = f"{row.code!r} would have the id {id_!r}, as {identity.ucode!r} has."
                faults.append(Fault(file, row.line, reason))
            else:
                identity.rows.append(row)
    return sorted(_ordered(identity) for identity in found.values())


def _ordered(identity: Identity) -> Identity:
    """Return an identity with the row first that speaks for it, whose UCode is then its own."""
    rows = sorted(identity.rows, key=_recency)
    return Identity(identity.id, _ucode(rows[0]) if rows else identity.ucode, rows)


def _ucode(row: DatedRow) -> str:
    return row.code if row.ucode == "-" else row.ucode


def _recency(row: DatedRow) -> tuple[timedelta, bool, int]:
    """Order rows by their ends, the row in force first; of several the one that gives the UCode."""
    return (_END - _end(row), row.ucode not in ("-", row.code), row.line)


def _end(row: DatedRow) -> datetime:
    """Return when a row went out of force: the end of time if it has not, its start if unknown."""
    if row.tstop in ("*", "-"):
        return _END
    try:
        return vague.parse(row.tstop).last or vague.parse(row.tstart).last or EPOCH
    except ValueError:  # that it is no date is told where it is used
        return EPOCH


def _grouped(rows: Iterable[DatedRow], file: str, faults: list[Fault]) -> dict[str, list[DatedRow]]:
    """Return the rows by UCode; one whose code comes twice or makes no id is a fault."""
    lines: dict[tuple[str, str, str], int] = {}
    groups: dict[str, list[DatedRow]] = defaultdict(list)
    for row in rows:
        ucode = _ucode(row)
        try:
            for code in (ucode, row.code):
                codes.slug(code)  # raises
            first = lines.setdefault((ucode, row.site, row.code), row.line)
            if first != row.line:
                raise ValueError(f"{row.code!r} stands in line {first} already.")
        except ValueError as error:
            faults.append(Fault(file, row.line, str(error)))
        else:
            groups[ucode].append(row)
    return groups


def by_code(identities: Iterable[Identity]) -> dict[str, str]:
    """Return the id of each code."""
    return {row.code: identity.id for identity in identities for row in identity.rows}


def names(row: DatedRow, short: bool) -> list[tuple[str, str, bool]]:
    """Return a row's names with language and doubt, the best first; a short name if it is wanted.

    An English name is better than one in a transliteration, and one in its own script comes last;
    a state is best known by its short name.
    """
    found = [row.ename, row.name, row.shortename, row.shortname if short else "-", row.uname]
    if row.type == "CY":
        found.insert(0, row.shortename)
    english: list[tuple[str, str, bool]] = []
    others: list[tuple[str, str, bool]] = []
    for given in dict.fromkeys(found):
        plain, doubtful = codes.words(given)
        if plain and not plain.startswith("["):  # an editor's remark
            language = _language(plain, row)
            (english if language == "en" else others).append((plain, language, doubtful))
    return list(dict.fromkeys(english or [(row.code, "en", False)])) + list(dict.fromkeys(others))


def period(row: DatedRow) -> tuple[str, bool, list[Value]]:
    """Return the time of a row's code in EDTF, "" if GCAT has none, its doubt and what follows.

    Raises ValueError for dates that are none, or that end before they begin.
    """
    start, stop = vague.parse(row.tstart), vague.parse(row.tstop)
    first = start.edtf.partition("/")[0] or ".."
    last = stop.edtf.rpartition("/")[2] or ".."
    if first == last == "..":
        return "", False, []
    edtf = first if first == last else f"{first}/{last}"
    if start.first and stop.last and stop.last < start.first:
        interval(edtf)  # raises
    return edtf, start.doubtful or stop.doubtful, bounds(start, stop)


def described(
    identity: Identity,
    class_: str,
    short: bool,
    locate: Callable[[DatedRow], str],
    more: Callable[[DatedRow], list[Value]],
    left_out: Callable[[DatedRow, str], None],
) -> Iterator[Subject]:
    """Yield the subject of an identity and those of its phases.

    ``locate`` says where in GCAT a row stands, ``more`` gives what the first row says beyond names
    and codes, and ``left_out`` is told what cannot be used.
    """
    head = identity.rows[0]
    values: list[Value] = []
    phases: dict[str, Subject] = {}
    for row in identity.rows:
        locator = locate(row)
        plain, unsure = codes.doubt(row.code)
        values.append(text("gcatCode", plain, locator, unsure))
        named = [
            name("altLabel", given, locator, language, doubtful)
            for given, language, doubtful in names(row, short)
        ]
        best = ("label", *named[0][1:])
        if row is head:
            named[0] = best
        try:
            edtf, unsure, derived = period(row)
        except ValueError as error:
            left_out(row, f"{row.tstart!r} to {row.tstop!r}: {error}")
            edtf = ""
        if edtf:
            phase = f"{identity.id}/phase/{codes.slug(row.code)}"
            if phase in phases:
                left_out(row, f"its time: {phase!r} is that of another row already.")
                continue
            values.append(link("phase", phase, locator))
            stated = [best, coded("date", edtf, locator, unsure)]
            phases[phase] = Subject(phase, "NamePhase", stated, derived)
        if row is head or not edtf:
            values += named
    yield Subject(identity.id, class_, values + more(head))
    yield from phases.values()


def _language(given: str, row: DatedRow) -> str:
    """Return the language of a name: English or a transliteration unless its script tells."""
    if given.isascii() or given != " ".join(row.uname.split()):
        return "en"
    cyrillic = any("Ѐ" <= letter <= "ӿ" for letter in given)
    return "ru" if cyrillic and row.statecode in ("SU", "RU") else "und"
