"""Dates: EDTF text to the interval of instants that it allows.

Follows EDTF (Library of Congress, 2019; ISO 8601-2), with two readings of our own: a time may stop
at the hour or the minute (``1961-04-12T06:07Z``), and ``~`` or ``%`` widens a date by one unit of
its precision on either side, which is what a question mark means in GCAT. ``?`` leaves the bounds.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

CENTURY, DECADE, YEAR, MONTH, DAY, HOUR, MINUTE, SECOND = range(7, 15)

_PLAIN = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
    r"(?P<doubt>[?~%])?\Z"
).match
_LENGTH = {
    DAY: timedelta(days=1),
    HOUR: timedelta(hours=1),
    MINUTE: timedelta(minutes=1),
    SECOND: timedelta(seconds=1),
}


class Interval(NamedTuple):
    """The instants that a date allows, both ends included to the second; None is an open end.

    ``precision`` is Wikidata's code (9 year, 10 month, 11 day, 12 hour, 13 minute, 14 second), for
    an interval that of its less precise end.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: int

    def begins_after(self, other: Interval) -> bool:
        """Say whether every instant of this interval lies behind the other's last."""
        return (
            self.earliest is not None and other.latest is not None and self.earliest > other.latest
        )


@lru_cache(maxsize=65536)
def interval(text: str, local: bool = False) -> Interval:
    """Return the interval that an EDTF text allows; ``local`` times carry no Z, others must.

    Raises ValueError, with a remedy, for a text that is not EDTF or a day that does not exist.

    >>> interval("1961-04-12T06:07Z").latest.isoformat()
    '1961-04-12T06:07:59+00:00'
    >>> interval("1957-10/1958").precision
    9
    """
    first, slash, second = text.partition("/")
    if not slash:
        return _single(text, local)
    if ".." in (first, second) and first == second:
        raise ValueError("is open at both ends. Give one.")
    begin = _single(first, local) if first != ".." else None
    end = _single(second, local) if second != ".." else None
    earliest = begin.earliest if begin else None
    latest = end.latest if end else None
    if begin and end and end.earliest and begin.earliest and end.earliest < begin.earliest:
        raise ValueError("ends before it begins. Exchange the two dates.")
    precision = min(part.precision for part in (begin, end) if part)
    return Interval(earliest, latest, precision)


def stamp(moment: datetime) -> str:
    """Return an instant as xsd:dateTime in UTC, to the second.

    >>> stamp(datetime(1961, 4, 12, 6, 7, tzinfo=UTC))
    '1961-04-12T06:07:00Z'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def unix(moment: datetime) -> int:
    """Return an instant in seconds since 1970-01-01T00:00:00Z.

    >>> unix(datetime(1957, 10, 4, 19, 28, 34, tzinfo=UTC))
    -386310686
    """
    return int(moment.timestamp())


def _single(text: str, local: bool) -> Interval:
    match = _PLAIN(text)
    if not match:
        return _by_library(text)
    part = match.groupdict()
    if part["hour"] and not local and part["zone"] != "Z":
        raise ValueError("has a time that is not in UTC. Convert it and end it in Z.")
    if part["hour"] and local and part["zone"] == "Z":
        raise ValueError("is a local time and must not end in Z. Drop the Z.")
    month, day = int(part["month"] or 1), int(part["day"] or 1)
    hour, minute = int(part["hour"] or 0), int(part["minute"] or 0)
    try:
        start = datetime(
            int(part["year"]), month, day, hour, minute, int(part["second"] or 0), tzinfo=UTC
        )
    except ValueError:
        raise ValueError("is not a day or time that exists. Write YYYY-MM-DD.") from None
    names = ("year", "month", "day", "hour", "minute", "second")
    precision = YEAR - 1 + sum(part[name] is not None for name in names)
    end = _after(start, precision)
    if part["doubt"] in ("~", "%"):
        start, end = _before(start, precision), _after(end, precision)
    return Interval(start, end - timedelta(seconds=1), precision)


def _after(moment: datetime, precision: int) -> datetime:
    if precision == YEAR:
        return moment.replace(year=moment.year + 1)
    if precision == MONTH:
        return (moment + timedelta(days=31)).replace(day=1)
    return moment + _LENGTH[precision]


def _before(moment: datetime, precision: int) -> datetime:
    if precision == YEAR:
        return moment.replace(year=moment.year - 1)
    if precision == MONTH:
        return (moment - timedelta(days=1)).replace(day=1)
    return moment - _LENGTH[precision]


def _by_library(text: str) -> Interval:
    """Parse what is neither a plain date nor a time: decades, seasons, sets, unspecified digits."""
    import edtf  # slow to import and to parse, and seldom needed

    if len(text) > 100:
        raise ValueError("is too long for a date. Write EDTF, for instance 1961-04-12.")
    try:
        parsed: Any = edtf.parse_edtf(text)
        low, high = parsed.lower_strict(), parsed.upper_strict()
        earliest = datetime(low[0], low[1], low[2], tzinfo=UTC)
        latest = datetime(high[0], high[1], high[2], 23, 59, 59, tzinfo=UTC)
    except (edtf.EDTFParseException, ValueError, TypeError, AttributeError, RecursionError):
        raise ValueError("is not an EDTF date. Write YYYY, YYYY-MM or YYYY-MM-DD.") from None
    days = (latest - earliest).days
    steps = ((0, DAY), (30, MONTH), (365, YEAR), (3652, DECADE))
    return Interval(earliest, latest, next((code for most, code in steps if days <= most), CENTURY))
