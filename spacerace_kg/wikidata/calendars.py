"""Wikidata's times: a text with a precision, in the Gregorian calendar or the Julian one."""

from __future__ import annotations

import re
from datetime import date

from spacerace_kg.wikidata.items import JULIAN, Value, is_qid

_IS_TIME = re.compile(r"[+-](\d{1,16})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z\Z", re.ASCII).match
_BEFORE_ORDINALS = 1721425  # the Julian Day Number of the day before 1 January of year 1


def time_value(text: str, precision: int, calendar: str) -> Value:
    """Return a time with all that is finer than its precision as 00; raises ValueError.

    >>> time_value("+1961-04-01T00:00:00Z", 10, "Q1985727").text
    '+1961-04-00T00:00:00Z'
    """
    found = _IS_TIME(text)
    if not found or not 0 <= precision <= 14 or not is_qid(calendar):
        raise ValueError(f"{text!r} (precision {precision}) is no time")
    year, month, day, clock = found.groups()
    month, day = ("00" if precision < least else n for least, n in ((10, month), (11, day)))
    shown = clock if precision > 11 else "00:00:00"
    return Value("time", f"{text[0]}{year}-{month}-{day}T{shown}Z", precision, calendar)


def gregorian(value: Value) -> str:
    """Return the text of a time in the Gregorian calendar; only a day of our era is converted.

    >>> gregorian(Value("time", "+1917-10-25T00:00:00Z", 11, JULIAN))
    '+1917-11-07T00:00:00Z'
    """
    parts = _day(value)
    if value.calendar != JULIAN or not parts:
        return value.text
    year, month, day, clock = parts
    early = month < 3  # years begin in March, so that the leap day is their last
    years, months = year + 4800 - early, month + 12 * early - 3
    number = day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32083
    return f"+{date.fromordinal(number - _BEFORE_ORDINALS).isoformat()}T{clock}Z"


def julian(value: Value) -> str:
    """Return in the Julian calendar the text of a time that is given in the Gregorian one.

    >>> julian(Value("time", "+1917-11-07T00:00:00Z", 11, JULIAN))
    '+1917-10-25T00:00:00Z'
    """
    parts = _day(value)
    if not parts:
        return value.text
    try:
        count = date(*parts[:3]).toordinal() + _BEFORE_ORDINALS + 32082
    except ValueError:  # 31 February
        return value.text
    years = (4 * count + 3) // 1461
    rest = count - 1461 * years // 4
    months = (5 * rest + 2) // 153
    day = rest - (153 * months + 2) // 5 + 1
    year, month = years - 4800 + months // 10, months + 3 - 12 * (months // 10)
    return f"+{year:04}-{month:02}-{day:02}T{parts[3]}Z"


def _day(value: Value) -> tuple[int, int, int, str] | None:
    """Return year, month, day and clock of a time that is a day of the years 2 to 9998."""
    found = _IS_TIME(value.text)
    if not found or (value.precision or 0) < 11 or value.text[0] == "-":
        return None
    year, month, day = (int(part) for part in found.groups()[:3])
    # 31 is too lenient for both calendars; the 29 February of 1900 is a day in one of them.
    fits = 1 < year < 9999 and 1 <= month <= 12 and 1 <= day <= 31
    return (year, month, day, found[4]) if fits else None
