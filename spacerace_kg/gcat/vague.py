"""GCAT's vague dates: a text to the instants that it allows, to EDTF, and both back again.

Follows J. C. McDowell's notation: what is written says how wide the date is, from a millisecond
(``2016 Jun  8 2355:57.345``) over a hundredth or a tenth of a day (``2016 Jun  8.98``), a day, a
month, a quarter and a year to a decade (``2010s``), a century (``21C``) and a millennium (``3M``).
A question mark behind it widens it by one of its unit on either side. ``-`` is no date, ``?`` one
that is not known, ``*`` an end that has not come.
"""

from __future__ import annotations

import contextlib
import re
from datetime import datetime
from functools import lru_cache

from spacerace_kg import dates
from spacerace_kg.gcat.units import MONTHS, Vague, index_of, make

_NONE = {"-": "", "?": "", "*": ".."}  # EDTF's unknown and open ends of an interval

_PARTS = re.compile(
    r"(?P<year>\d{3,4})"
    r"(?:(?P<decade>s)| Q(?P<quarter>\d)| (?P<month>[A-Z][a-z]{2})"
    r"(?: {1,2}(?P<day>\d\d?)(?:\.(?P<share>\d+)"
    r"| (?P<hour>\d\d)(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?)?)?)?"
    r"(?P<doubt>\?)?\Z",
    re.ASCII,
).match
_AGES = re.compile(r"(?P<count>[1-9]\d?)(?P<age>[CM])(?P<doubt>\?)?\Z", re.ASCII).match
# Slips that occur in the tables, as they are to be read.
_SLIPS = (
    (re.compile(r" {2,}"), " "),
    (re.compile(r" \?\Z"), "?"),
    (re.compile(r"([a-z]) -\Z"), r"\1"),  # a month whose day is null
    (re.compile(r"(\d \d{4})(?::\d?|s)(\??)\Z", re.ASCII), r"\1\2"),  # the seconds cut off
)
_PLAIN_EDTF = re.compile(
    r"(?P<year>(?!00)\d{4})(?:-(?P<month>0\d|1[0-2])(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?Z)?)?)?(?P<doubt>~)?\Z",
    re.ASCII,
).match
_HAVE_INTERVALS = ("quarter", "decade", "century", "millennium", "deciday", "centiday")

_ALLOWED = (
    "Write 2016, 2016 Q2, 2016 Jun, 2016 Jun 8, 2016 Jun 8.9, 2016 Jun 8 2355, "
    "2016 Jun 8 2355:57, 2010s, 21C or 3M, with ? behind it if in doubt, or - for no date."
)


@lru_cache(maxsize=1 << 17)
def parse(text: str) -> Vague:
    """Return the date that a text in GCAT's notation states.

    A slip that leaves no doubt about the meaning is read: ``str(parse(text)) != text`` tells it.
    Raises ValueError, with a remedy, for any other.

    >>> parse("2016 Jun?").edtf
    '2016-06~'
    >>> str(parse("1971 Mar 24 1832:0"))
    '1971 Mar 24 1832'
    """
    if text in _NONE:
        return Vague(text, "", text == "?", _NONE[text], None, None, 0)
    match = _PARTS(text) or _AGES(text)
    if match is None:
        plain = text
        for slip, meant in _SLIPS:
            plain = slip.sub(meant, plain)
        if plain == text:
            raise ValueError(_fault(text))
        return parse(plain)
    part = match.groupdict()
    return make(*_unit(part), part["doubt"] is not None)


def from_edtf(text: str) -> Vague:
    """Return the date in GCAT's notation that allows exactly what an EDTF text does.

    Raises ValueError if the text is no EDTF or GCAT's notation cannot say it.

    >>> str(from_edtf("1961-04-12T06:07Z"))
    '1961 Apr 12 0607'
    """
    for none, end in _NONE.items():
        if text == end:
            return parse(none)
    wanted = dates.interval(text)
    if match := _PLAIN_EDTF(text):
        part = match.groupdict()
        if part["month"]:
            part["month"] = MONTHS[int(part["month"]) - 1]
        return make(*_unit(part), match["doubt"] is not None)
    if wanted.earliest and "?" not in text:
        for vague in _beginning_at(wanted.earliest):
            if vague.interval[:2] == wanted[:2]:
                return vague
    raise ValueError("cannot be said exactly in GCAT's notation. Keep the EDTF.")


def _beginning_at(start: datetime) -> list[Vague]:
    """Return the dates that could begin at a moment and have an interval for their EDTF."""
    found = []
    for unit in _HAVE_INTERVALS:
        for doubtful in (False, True):
            with contextlib.suppress(ValueError):  # beyond the last year, or the notation's first
                vague = make(unit, index_of(unit, start) + doubtful, doubtful)
                found.append(parse(vague.text))
    return found


def _unit(part: dict[str, str | None]) -> tuple[str, int]:
    """Return the unit that the parts of a date amount to, and its index."""
    if age := part.get("age"):
        return "century" if age == "C" else "millennium", int(part["count"] or 0) - 1
    year = int(part["year"] or 0)
    if part.get("decade"):
        if year % 10:
            raise ValueError(f"is no decade. Write {year // 10 * 10}s.")
        return "decade", year // 10
    if quarter := part.get("quarter"):
        if quarter not in "1234":
            raise ValueError("is no quarter of a year. Write Q1, Q2, Q3 or Q4.")
        return "quarter", year * 4 + int(quarter) - 1
    if not part["month"]:
        return "year", year
    if part["month"] not in MONTHS:
        raise ValueError(f"names no month. Write one of {' '.join(MONTHS)}.")
    month = MONTHS.index(part["month"])
    if not part["day"]:
        return "month", year * 12 + month
    try:
        day = datetime(year, month + 1, int(part["day"])).toordinal() - 1
    except ValueError:
        raise ValueError("is not a day that exists. Look it up in a calendar.") from None
    if share := part.get("share"):
        if len(share) > 2:
            raise ValueError("has too many decimals for a day. Write one (hours) or two.")
        return ("deciday", "centiday")[len(share) - 1], day * 10 ** len(share) + int(share)
    return _clock(part, day) if part["hour"] else ("day", day)


def _clock(part: dict[str, str | None], day: int) -> tuple[str, int]:
    """Return the unit that a time of day amounts to, and its index."""
    hour, minute, second = (
        int(part["hour"] or 0),
        int(part["minute"] or 0),
        int(part["second"] or 0),
    )
    if second == 60:
        raise ValueError("is a leap second, which xsd:dateTime lacks. Write the second before it.")
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("is not a time of day that exists. Write HHMM or HHMM:SS.")
    minute += day * 1440 + hour * 60
    if part["second"] is None:
        return "minute", minute
    if not (fraction := part.get("fraction")):
        return "second", minute * 60 + second
    if len(fraction) > 3:
        raise ValueError("has too many decimals for a second. Write three at most.")
    unit = ("decisecond", "centisecond", "millisecond")[len(fraction) - 1]
    return unit, (minute * 60 + second) * 10 ** len(fraction) + int(fraction)


def _fault(text: str) -> str:
    """Return what is wrong with a text that is no vague date, and what is allowed."""
    if not text.strip():
        return "is empty. Write - for no date."
    if re.search(r"\bBC\b|\A-\d", text):
        return "lies before the year 1, which the graph's dates cannot hold. Leave the date out."
    if re.match(r"\d{4}-\d\d|\d{3}X|.*[~%/]", text):
        return f"is not in GCAT's notation but looks like EDTF. {_ALLOWED}"
    return f"is not in GCAT's notation. {_ALLOWED}"
