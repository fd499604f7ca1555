"""The units of GCAT's vague dates: what each allows, and how it is written there and in EDTF."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from spacerace_kg import dates

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SECOND = 1_000_000  # in microseconds
TIMES = {  # units of one length, in microseconds
    "day": 86400 * _SECOND,
    "deciday": 8640 * _SECOND,
    "centiday": 864 * _SECOND,
    "minute": 60 * _SECOND,
    "second": _SECOND,
    "decisecond": _SECOND // 10,
    "centisecond": _SECOND // 100,
    "millisecond": _SECOND // 1000,
}
_LENGTHS = {unit: timedelta(microseconds=length) for unit, length in TIMES.items()}
SPANS = {  # units of the calendar, in months
    "month": 1,
    "quarter": 3,
    "year": 12,
    "decade": 120,
    "century": 1200,
    "millennium": 12000,
}
_FROM_YEAR_1 = ("century", "millennium")  # the others count from a year 0
_PRECISION = {
    "month": dates.MONTH,
    "quarter": dates.YEAR,
    "year": dates.YEAR,
    "decade": dates.DECADE,
    "century": dates.YEAR,  # an interval of years: 21C is 2001 to 2100, which is not 20XX
    "millennium": dates.YEAR,
    "day": dates.DAY,
    "deciday": dates.MINUTE,  # an interval of minutes
    "minute": dates.MINUTE,
}
_CLOCKS = {  # what is left to say of the first and the last second
    "day": ("T00:00:00Z", "T23:59:59Z"),
    "minute": (":00Z", ":59Z"),
    "second": ("Z", "Z"),
}
EPOCH = datetime(1, 1, 1, tzinfo=UTC)


class Vague(NamedTuple):
    """A vague date: its canonical text, what it allows, and the same in EDTF.

    ``first`` and ``last`` are the exact ends, both included, to the microsecond; the EDTF stops at
    the second, and ``precision`` is its code in Wikidata. Where there is no date (``-``, ``?``) or
    no end yet (``*``), the unit is "", the ends are None and the EDTF is that of an interval's end:
    "" unknown, ".." open.
    """

    text: str
    unit: str
    doubtful: bool
    edtf: str
    first: datetime | None
    last: datetime | None
    precision: int

    def __str__(self) -> str:
        return self.text

    @property
    def earliest(self) -> datetime | None:
        """The first instant that the date allows, to the second."""
        return self.first and self.first.replace(microsecond=0)

    @property
    def latest(self) -> datetime | None:
        """The last instant that the date allows, to the second."""
        return self.last and self.last.replace(microsecond=0)

    @property
    def stamps(self) -> tuple[str, str]:
        """The first and the last instant that the date allows, to the second, as XSD has them."""
        if not (self.first and self.last):
            return "", ""
        if self.unit in _CLOCKS and not self.doubtful:  # the EDTF says it, and most are such
            stem, (begin, end) = self.edtf.removesuffix("Z"), _CLOCKS[self.unit]
            return stem + begin, stem + end
        return _stamp(self.first), _stamp(self.last)

    @property
    def interval(self) -> dates.Interval:
        """The same as an interval, which is that of the EDTF."""
        return dates.Interval(self.earliest, self.latest, self.precision)


def make(unit: str, index: int, doubtful: bool) -> Vague:
    """Return the date that is the unit of that index: years count from 0, days from 0001-01-01.

    Raises ValueError if it reaches beyond the years 1 to 9999.

    >>> str(make("century", 20, False))
    '21C'
    """
    begin, end = index - doubtful, index + 1 + doubtful
    try:
        if unit in SPANS:
            first, last = _month(unit, begin), _month(unit, end, -1)
            days = monthrange(last.year, last.month)[1]
            last = last.replace(day=days, hour=23, minute=59, second=59, microsecond=999999)
        else:
            length = _LENGTHS[unit]
            first = EPOCH + begin * length
            last = EPOCH + (end * length - timedelta.resolution)
    except (ValueError, OverflowError):
        raise ValueError("reaches beyond the years 0001 to 9999. Leave the date out.") from None
    written = _span if unit in SPANS else _time
    text, edtf = written(unit, index, doubtful, first, last)
    precision = _PRECISION.get(unit, dates.SECOND)
    return Vague(text + "?" * doubtful, unit, doubtful, edtf, first, last, precision)


def index_of(unit: str, moment: datetime) -> int:
    """Return the index of the unit that a moment lies in.

    >>> index_of("decade", datetime(2016, 6, 8, tzinfo=UTC))
    201
    """
    if unit not in SPANS:
        return (moment - EPOCH) // timedelta(microseconds=TIMES[unit])
    year = moment.year - (unit in _FROM_YEAR_1)
    return (year * 12 + moment.month - 1) // SPANS[unit]


def _month(unit: str, index: int, before: int = 0) -> datetime:
    """Return the month in which a unit of the calendar begins, or the one before it."""
    year, month = divmod(index * SPANS[unit] + before, 12)
    return datetime(year + (unit in _FROM_YEAR_1), month + 1, 1, tzinfo=UTC)


def _span(
    unit: str, index: int, doubtful: bool, first: datetime, last: datetime
) -> tuple[str, str]:
    """Return a unit of the calendar in GCAT's notation, less its question mark, and in EDTF."""
    about = "~" * doubtful
    if unit in _FROM_YEAR_1:
        return f"{index + 1}{unit[0].upper()}", f"{first.year:04}/{last.year:04}"
    if unit == "decade":
        ends = f"{first.year // 10:03}X", f"{last.year // 10:03}X"
        return f"{index}0s", "/".join(ends[: 1 + doubtful])
    if unit == "year":
        return f"{index}", f"{index:04}{about}"
    if unit == "month":
        year, month = divmod(index, 12)
        return f"{year} {MONTHS[month]}", f"{year:04}-{month + 1:02}{about}"
    ends = _quarter(first), _quarter(last)
    return f"{index // 4} Q{index % 4 + 1}", "/".join(ends[: 1 + doubtful])


def _time(
    unit: str, index: int, doubtful: bool, first: datetime, last: datetime
) -> tuple[str, str]:
    """Return a unit of one length in GCAT's notation, less its question mark, and in EDTF."""
    whole = EPOCH + index * _LENGTHS[unit] if doubtful else first
    day, about = f"{whole.year} {MONTHS[whole.month - 1]} {whole.day:2}", "~" * doubtful
    if unit == "day":
        return day, f"{whole.date()}{about}"
    if unit == "deciday":
        return f"{day}.{index % 10}", f"{_minute(first)}/{_minute(last)}"
    if unit == "centiday":
        return f"{day}.{index % 100:02}", f"{_stamp(first)}/{_stamp(last)}"
    clock = f"{day} {whole.hour:02}{whole.minute:02}"
    if unit == "minute":
        return clock, _minute(whole) + about
    clock = f"{clock}:{whole.second:02}"
    if unit == "second":
        return clock, _stamp(whole) + about
    digits = len(str(_SECOND // TIMES[unit])) - 1
    seconds = sorted({_stamp(first), _stamp(last)})
    return f"{clock}.{whole.microsecond:06}"[: digits - 6 or None], "/".join(seconds)


def _quarter(moment: datetime) -> str:
    """Return a quarter in EDTF, where 33 to 36 stand in the place of the month."""
    return f"{moment.year:04}-{33 + (moment.month - 1) // 3}"


def _minute(moment: datetime) -> str:
    return f"{moment.isoformat()[:16]}Z"


def _stamp(moment: datetime) -> str:
    return f"{moment.isoformat()[:19]}Z"  # the same as dates.stamp, and twice as fast
