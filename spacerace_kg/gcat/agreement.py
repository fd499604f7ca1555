"""Agreement: whether GCAT and the record say the same, in other words or more exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacerace_kg.dates import Interval, interval
from spacerace_kg.gcat.record import bare
from spacerace_kg.names import id_term

_BRACKETED = re.compile(r"\([^()]*\)")
_PIECES = re.compile(r"[^\W\d_]+|\d+")  # the letters and the numbers of a serial


def implied(property_: str, text: str, model: str, present: Iterable[str]) -> str:
    """Return which of the record's terms follows from GCAT's value; "" for none.

    A variant of a vehicle is one of its ``model``. A serial is the same whatever parts its letters
    and numbers, and with or without what one of the two adds in brackets. A date follows from one
    that lies within it.

    >>> implied("vehicleSerial", "A 15000-666", "", ['"A15000-666"'])
    '"A15000-666"'
    >>> implied("date", "1961-04-12T06:07:30Z~", "", ['"1961-04-12T06:07Z"'])
    '"1961-04-12T06:07Z"'
    """
    for term in present:
        if (
            (model and term == id_term(model))
            or (property_ == "vehicleSerial" and _same_serial(text, bare(term)))
            or (property_ == "date" and _within(interval(text), interval(bare(term))))
        ):
            return term
    return ""


def allowed(property_: str, text: str, present: Iterable[str]) -> bool:
    """Say whether GCAT's value is a date that allows all that the record's does, and more."""
    return property_ == "date" and any(_within(interval(bare(t)), interval(text)) for t in present)


def _within(one: Interval, other: Interval) -> bool:
    """Say whether an interval allows nothing that the other does not; an open end is the widest."""
    begins = not other.earliest or (one.earliest is not None and one.earliest >= other.earliest)
    return begins and (not other.latest or (one.latest is not None and one.latest <= other.latest))


def _same_serial(one: str, other: str) -> bool:
    first, second = _pieces(one), _pieces(other)
    shorter = (_pieces(_BRACKETED.sub(" ", one)), _pieces(_BRACKETED.sub(" ", other)))
    return bool(first and second) and (
        first == second or first == shorter[1] or shorter[0] == second
    )


def _pieces(serial: str) -> list[str]:
    return _PIECES.findall(serial)
