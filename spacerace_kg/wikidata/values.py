"""One value of ours against one of Wikidata's: whether they agree, and whether both can be true.

Each function returns a verdict and, where there is something to say, a note. A value that is less
precise than the other is never in conflict with it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from spacerace_kg.dates import (
    CENTURY,
    DAY,
    DECADE,
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    YEAR,
    Interval,
    interval,
)  # fmt: skip
from spacerace_kg.wikidata.calendars import gregorian
from spacerace_kg.wikidata.items import GREGORIAN, JULIAN, Snapshot, Value

AGREES, COMPATIBLE, CONFLICTS, UNCLEAR = "agrees", "compatible", "conflicts", "unclear"
MISSING_THERE, MISSING_HERE = "missing there", "missing here"
VERDICTS = (AGREES, COMPATIBLE, MISSING_THERE, MISSING_HERE, CONFLICTS, UNCLEAR)

# Unit to the quantity that it measures and its size: second, minute, hour, day; kilogram, gram,
# tonne, pound. Each was read, with name or factor, in the code of several projects that use it.
UNITS = {
    "Q11574": ("time", Decimal(1)),
    "Q7727": ("time", Decimal(60)),
    "Q25235": ("time", Decimal(3600)),
    "Q573": ("time", Decimal(86400)),
    "Q11570": ("mass", Decimal(1)),
    "Q41803": ("mass", Decimal("0.001")),
    "Q191118": ("mass", Decimal(1000)),
    "Q100995": ("mass", Decimal("0.45359237")),
}
EARTH = "Q2"

_IS_TIME = re.compile(r"\+0*(\d{1,4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z\Z", re.ASCII).match
# Not what Decimal takes: no infinity, and no exponent that takes hours to write out.
_IS_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?\Z", re.ASCII).match
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def times(ours: str, theirs: Value, local: str = "") -> tuple[str, str]:
    """Compare a date of ours in EDTF with a time of Wikidata; ``local`` is our local date."""
    ranges = bounds(theirs)
    if ranges is None:
        return UNCLEAR, "theirs is coarser than a century, or outside the years 1 to 9999"
    own = interval(ours)
    if verdict := _overlap(own, ranges):
        return verdict
    if local and _overlap(interval(local, local=True), ranges):
        return COMPATIBLE, f"theirs is the local date; ours {local}"
    if (theirs.precision or 0) >= DAY:
        calendar, name = (
            (GREGORIAN, "Gregorian") if theirs.calendar == JULIAN else (JULIAN, "Julian")
        )
        swapped = bounds(theirs._replace(calendar=calendar))
        if swapped and _overlap(own, swapped):
            return CONFLICTS, f"theirs would fit in the {name} calendar"
        near = timedelta(hours=14)  # no clock is farther from UTC
        if own.precision >= DAY and gap(own, ranges) < near:
            return CONFLICTS, "less than a day apart: perhaps a local date"
    return CONFLICTS, ""


def gap(one: Interval, other: Interval) -> timedelta:
    """Return how far two intervals are apart; nothing if they share an instant."""
    after = (other.earliest or _FIRST) - (one.latest or _LAST)
    before = (one.earliest or _FIRST) - (other.latest or _LAST)
    return max(after, before, timedelta())


def bounds(value: Value) -> Interval | None:
    """Return the instants that a time of Wikidata allows; None if that cannot be said."""
    found, precision = _IS_TIME(value.text), value.precision or 0
    if not found or precision < CENTURY or not 1 <= int(found[1]) <= 9998:
        return None
    year, month, day = int(found[1]), found[2], found[3]
    if precision == CENTURY:
        first = (year - 1) // 100 * 100 + 1  # the 20th century began with 1901
        text = f"{first:04}/{min(first + 99, 9998):04}"
    elif precision == DECADE:
        text = f"{max(year // 10 * 10, 1):04}/{min(year // 10 * 10 + 9, 9998):04}"
    elif precision == YEAR:
        text = f"{year:04}"
    elif precision == MONTH:
        text = f"{year:04}-{month}"
    else:
        if value.calendar == JULIAN:
            return bounds(value._replace(text=gregorian(value), calendar=GREGORIAN))
        clock = {DAY: "", HOUR: f"T{found[4]}Z", MINUTE: f"T{found[4]}:{found[5]}Z"}
        full = f"T{found[4]}:{found[5]}:{found[6]}Z"
        text = f"{year:04}-{month}-{day}{clock.get(precision, full)}"
    try:
        plain = interval(text)
    except ValueError:  # a day that does not exist
        return None
    return _from_julian(plain) if value.calendar == JULIAN else plain


def _from_julian(plain: Interval) -> Interval:
    """Return in our calendar the bounds of a month or more that was reckoned in the Julian one."""
    ends = []
    for moment in (plain.earliest, plain.latest):
        stamp = (moment or _FIRST).strftime("+%Y-%m-%dT%H:%M:%SZ")
        ends.append(
            bounds(Value("time", gregorian(Value("time", stamp, 14, JULIAN)), 14, GREGORIAN))
        )
    return Interval(
        ends[0].earliest if ends[0] else None, ends[1].latest if ends[1] else None, plain.precision
    )


def _overlap(ours: Interval, theirs: Interval) -> tuple[str, str] | None:
    """Return how two intervals that share an instant stand to each other; None for those apart."""
    a, b = (ours.earliest or _FIRST), (ours.latest or _LAST)
    c, d = (theirs.earliest or _FIRST), (theirs.latest or _LAST)
    if b < c or d < a:
        return None
    if (a, b) == (c, d):
        return AGREES, ""
    if c <= a and b <= d:
        return COMPATIBLE, "ours is more precise"
    if a <= c and d <= b:
        return COMPATIBLE, "theirs is more precise"
    return COMPATIBLE, "the intervals overlap"


def quantities(ours: str, unit: str, theirs: Value) -> tuple[str, str]:
    """Compare a number of ours, in a unit or a mere count, with a quantity of Wikidata."""
    if not _IS_NUMBER(theirs.text):
        return UNCLEAR, "theirs is no number"
    own, amount = Decimal(ours), Decimal(theirs.text)
    if unit == theirs.unit:
        factor = Decimal(1)
    else:
        kind, size = UNITS.get(unit, ("", Decimal(1)))
        their_kind, their_size = UNITS.get(theirs.unit, ("?", Decimal(1)))
        if kind != their_kind:
            return UNCLEAR, f"the units differ: {theirs.unit or 'none'} there"
        factor = their_size / size
    if own == amount * factor:
        return AGREES, ""
    apart = abs(own - amount * factor)
    if unit and apart * 2 <= _step(amount) * factor:
        return COMPATIBLE, "theirs is rounded"
    if unit and apart * 2 <= _step(own):
        return COMPATIBLE, "ours is rounded"
    return CONFLICTS, ""


def _step(number: Decimal) -> Decimal:
    """Return the value of the last digit that is not a trailing zero.

    >>> _step(Decimal("4700")), _step(Decimal("83.60"))
    (Decimal('1E+2'), Decimal('0.1'))
    """
    exponent = number.normalize().as_tuple().exponent
    return Decimal(1).scaleb(int(exponent)) if number else Decimal(1)


def strings(ours: str, theirs: Value) -> tuple[str, str]:
    """Compare two identifiers, whatever their case, blanks and leading zeros."""
    return (AGREES, "") if _bare(ours) == _bare(theirs.text) else (CONFLICTS, "")


def _bare(text: str) -> str:
    text = "".join(text.split()).casefold()
    return text.lstrip("0") if text.isdigit() else text


def same_name(one: str, other: str) -> bool:
    """Say whether two names are spelled alike, but for case, punctuation, accents and blanks.

    >>> same_name("Восток-1", "Восток 1"), same_name("Alexei Leonov", "Alexey Leonov")
    (True, False)
    """
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def coordinates(ours: str, theirs: Value) -> tuple[str, str]:
    """Compare "latitude,longitude" with Wikidata's: a tenth of a degree is one place."""
    if theirs.unit not in ("", EARTH):
        return UNCLEAR, f"theirs lies on {theirs.unit}"
    parts = theirs.text.split(",")
    if len(parts) != 2 or not all(map(_IS_NUMBER, parts)):
        return UNCLEAR, "theirs is no pair of numbers"
    pairs = [(Decimal(a), Decimal(b)) for a, b in zip(ours.split(","), parts, strict=True)]
    turn = [abs(a - b) for a, b in pairs]
    turn[1] = min(turn[1], 360 - turn[1])
    if not any(turn):
        return AGREES, ""
    if all(t * 2 <= max(_step(a), _step(b)) for t, (a, b) in zip(turn, pairs, strict=True)):
        return COMPATIBLE, "one is rounded"
    if max(turn) <= Decimal("0.1"):
        return COMPATIBLE, "within a tenth of a degree"
    return CONFLICTS, ""


def shown(value: Value, snapshot: Snapshot) -> str:
    """Return a value of Wikidata as people read it, without what could steer their terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in _shown(value, snapshot))


def _shown(value: Value, snapshot: Snapshot) -> str:
    if value.kind in ("somevalue", "novalue"):
        return {"somevalue": "(unknown)", "novalue": "(none)"}[value.kind]
    if value.kind == "time":
        clock = "Z" if (value.precision or 0) > DAY else ""
        length = {DECADE: 5, YEAR: 5, MONTH: 8, DAY: 11, HOUR: 14, MINUTE: 17, SECOND: 20}
        text = value.text[1 : length.get(value.precision or 0, 5)] + clock
        rough = {DECADE: "s", CENTURY: " (century)"}.get(value.precision or 0, "")
        return text + rough + (" (Julian)" if value.calendar == JULIAN else "")
    name = snapshot.label(value.text) if value.kind == "item" else ""
    if value.kind == "item":
        return f"{name} [{value.text}]" if name != value.text else name
    unit = snapshot.label(value.unit) if value.kind == "quantity" and value.unit else ""
    return f"{value.text} {unit}".strip()
