"""Dates: EDTF text to the interval of instants that it allows.

Follows EDTF (Library of Congress, 2019; ISO 8601-2), with two readings of our own: a time may stop
at the hour or the minute (``1961-04-12T06:07Z``), and ``~`` or ``%`` widens a date by one unit of
its precision on either side, which is what a question mark means in GCAT. ``?`` leaves the bounds.
What has no plain bounds is refused: seasons in two years, ``~`` on a part, significant digits.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

CENTURY, DECADE, YEAR, MONTH, DAY, HOUR, MINUTE, SECOND = range(7, 15)

_PLAIN = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>[01]\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
    r"(?P<doubt>[?~%])?\Z",
    re.ASCII,
).match
_IS_FOR_LIBRARY = re.compile(r"[-0-9X?~%,.\[\]{}]{1,100}\Z").match
# Winters, and the south's summer: behind a year, not behind a month.
_IN_TWO_YEARS = re.compile(r"(?<![-0-9X?])[0-9X?]{4,}-(?:24|28|30)(?![-0-9X])").search
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
    if not (first and second):
        raise ValueError("names only one of its ends. Write '..' for an open one.")
    if ".." in (first, second) and first == second:
        raise ValueError("is open at both ends. Give one.")
    begin = _single(first, local) if first != ".." else None
    end = _single(second, local) if second != ".." else None
    earliest = begin.earliest if begin else None
    latest = end.latest if end else None
    if earliest and latest and latest < earliest:
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
    if part["hour"] and local and part["zone"]:
        raise ValueError("is a local time and takes no zone. Drop what follows the time.")
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
    if part["doubt"] not in ("~", "%"):
        return Interval(start, _last(start, precision), precision)
    try:
        before, after = _step(start, precision, -1), _step(start, precision, 1)
    except (ValueError, OverflowError):
        raise ValueError("lies at the edge of the years 0001 to 9999. Drop the '~'.") from None
    return Interval(before, _last(after, precision), precision)


def _last(start: datetime, precision: int) -> datetime:
    """Return the last second of the unit that begins at a moment."""
    if precision == YEAR:
        start = start.replace(month=12)
    if precision in (YEAR, MONTH):
        start = start.replace(day=monthrange(start.year, start.month)[1])
    return start + (_LENGTH[max(precision, DAY)] - timedelta(seconds=1))


def _step(start: datetime, precision: int, by: int) -> datetime:
    """Return the beginning of the next unit, or of the one before."""
    if precision == YEAR:
        return start.replace(year=start.year + by)
    if precision == MONTH:
        months = start.year * 12 + start.month - 1 + by
        return start.replace(year=months // 12, month=months % 12 + 1)
    return start + by * _LENGTH[precision]


def _by_library(text: str) -> Interval:
    """Parse what is neither a plain date nor a time: decades, seasons, sets, unspecified digits."""
    with warnings.catch_warnings():  # its grammar has warnings for its authors, not for ours
        warnings.simplefilter("ignore")
        import edtf  # slow to import and to parse, and seldom needed

    wrong = "is not an EDTF date. Write YYYY, YYYY-MM or YYYY-MM-DD."
    if not _IS_FOR_LIBRARY(text):
        raise ValueError(wrong)
    if _IN_TWO_YEARS(text):
        raise ValueError("is a season that lies in two years. Write its months: 1961-12/1962-02.")
    if "~" in text or "%" in text:
        raise ValueError("is approximate only in part. Put '~' behind YYYY, YYYY-MM or YYYY-MM-DD.")
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints what it cannot parse
            parsed: Any = edtf.parse_edtf(text)
            low, high = parsed.lower_strict(), parsed.upper_strict()
        earliest = datetime(low[0], low[1], low[2], tzinfo=UTC)
        latest = datetime(high[0], high[1], high[2], 23, 59, 59, tzinfo=UTC)
    except (edtf.EDTFParseException, ValueError, TypeError, AttributeError, RecursionError):
        raise ValueError(wrong) from None
    if latest < earliest:
        raise ValueError(wrong)
    days = (latest - earliest).days
    steps = ((0, DAY), (30, MONTH), (365, YEAR), (3652, DECADE))
    return Interval(earliest, latest, next((code for most, code in steps if days <= most), CENTURY))
