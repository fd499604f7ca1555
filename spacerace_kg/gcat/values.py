"""Values: what GCAT says of a subject, put into the terms of the graph.

A value is a plain tuple, for a catalogue has millions of them: the property, the term in Turtle,
whether GCAT doubts it, and where GCAT says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

from spacerace_kg.gcat.units import Vague
from spacerace_kg.loader.triples import text_term, typed_term
from spacerace_kg.loader.values import clean
from spacerace_kg.names import id_term

Value: TypeAlias = tuple[str, str, bool, str]  # property, term, doubtful, locator

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}


class Subject(NamedTuple):
    """All that GCAT says of one subject, and what follows from it."""

    id: str
    class_: str  # its class, if the record does not know it
    values: list[Value]
    derived: Sequence[Value] = ()  # that no claim states, from its date and its owner's label
    editorial: tuple[str, ...] = ()  # the properties whose values are the editors', not GCAT's


def link(property_: str, id_: str, locator: str, doubtful: bool = False) -> Value:
    """Return a value that is an entity."""
    return property_, id_term(id_), doubtful, locator


def text(property_: str, value: str, locator: str, doubtful: bool = False) -> Value:
    """Return a value that is a text; raises ValueError for one with invisible characters."""
    return property_, _text_term(value), doubtful, locator


def coded(property_: str, value: str, locator: str, doubtful: bool = False) -> Value:
    """Return a value that is a text of letters, digits and marks that need no escape."""
    return property_, f'"{value}"', doubtful, locator


def name(
    property_: str, value: str, locator: str, language: str = "en", doubtful: bool = False
) -> Value:
    """Return a value that is a text in a language; raises ValueError as `text` does."""
    return property_, f"{_text_term(value)}@{language}", doubtful, locator


def typed(property_: str, value: str, datatype: str, locator: str) -> Value:
    """Return a value of another datatype, in canonical form."""
    return property_, typed_term(value, datatype), False, locator


def bounds(start: Vague, stop: Vague) -> list[Value]:
    """Return what follows from a date between two, or from one, as `loader.triples.bounds` does."""
    precision = min(date.precision for date in (start, stop) if date.first)
    found = [("precision", str(precision), False, "")]
    if start.first:
        found.append(("earliest", f'"{start.stamps[0]}"^^xsd:dateTime', False, ""))
        found.append(("earliestUnix", str((start.first - _UNIX_EPOCH) // _SECOND), False, ""))
    if stop.last:
        found.append(("latest", f'"{stop.stamps[1]}"^^xsd:dateTime', False, ""))
        found.append(("latestUnix", str((stop.last - _UNIX_EPOCH) // _SECOND), False, ""))
    return found


def said(term: str) -> str:
    r"""Return what a term says, as it stands in the id of its claim.

    >>> said('"Vostok 1"@en'), said('"63.3"^^xsd:decimal'), said(r"id:vostok-1\/launch"), said("3")
    ('Vostok 1@en', '63.3', 'vostok-1/launch', '3')
    """
    if term[:1] != '"':
        return term.removeprefix("id:").removeprefix("sr:").replace("\\/", "/")
    plain, _, after = term[1:].rpartition('"')
    if "\\" in plain:
        plain = _ESCAPED.sub(lambda m: _MEANT.get(m[1], m[1]), plain)
    return f"{plain}{after}" if after[:1] == "@" else plain


def _text_term(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        return text_term(clean(value))
    # Nearly all the others: nothing in them can be wrong or needs an escape.
    return text_term(value) if '"' in value or "\\" in value else f'"{value}"'
