"""Where something lies, in degrees and in words, never more exact than GCAT says."""

from __future__ import annotations

import re
from functools import lru_cache

from spacerace_kg.gcat import codes
from spacerace_kg.gcat.tables import DatedRow
from spacerace_kg.gcat.values import Value, text, typed
from spacerace_kg.loader.values import plain_decimal

_IS_DECIMAL = re.compile(r"-?\d{1,3}(?:\.\d{1,8})?\Z", re.ASCII).match


def degrees(row: DatedRow, locator: str) -> list[Value]:
    """Return the latitude and longitude of a row and their error; none if it has no position.

    Raises ValueError for numbers that are none, or lie outside the globe.
    """
    if "-" in (row.latitude, row.longitude):
        return []
    found = [
        typed("latitude", _decimal("latitude", row.latitude, 90), "decimal", locator),
        typed("longitude", _decimal("longitude", row.longitude, 180), "decimal", locator),
    ]
    error = _decimal("error of a position", row.error, 180)
    if error != "0":  # which is not known
        found.append(typed("positionErrorDegrees", error, "decimal", locator))
    return found


def words(row: DatedRow, locator: str) -> list[Value]:
    """Return the location of a row in GCAT's words, if it has any."""
    plain, doubtful = codes.words(row.location)
    return [text("location", plain, locator, doubtful)] if plain else []


@lru_cache(1 << 12)
def _decimal(what: str, given: str, most: int) -> str:
    """Return a number in canonical form."""
    if not _IS_DECIMAL(given) or abs(float(given)) > most:
        raise ValueError(f"{given!r} is no {what}.")
    return plain_decimal(given)
