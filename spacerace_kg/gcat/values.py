"""Values: what GCAT says of a subject, put into the terms of the graph."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from spacerace_kg.loader.statements import clean
from spacerace_kg.loader.triples import text_term, typed_term
from spacerace_kg.names import id_term


class Value(NamedTuple):
    """One value of a property: its term in Turtle, its text, and GCAT's doubt and place for it."""

    property: str
    term: str
    text: str
    doubtful: bool
    locator: str
    source: str = ""  # if it is not the table's
    model: str = ""  # of which a vehicle is a variant


class Subject(NamedTuple):
    """All that GCAT says of one subject."""

    id: str
    class_: str  # its class, if the record does not know it
    values: list[Value]
    derived: tuple[tuple[str, str], ...] = ()  # predicates and terms that no claim states


def link(property_: str, id_: str, locator: str, doubtful: bool = False) -> Value:
    """Return a value that is an entity."""
    return Value(property_, id_term(id_), id_, doubtful, locator)


def text(property_: str, value: str, locator: str, doubtful: bool = False) -> Value:
    """Return a value that is a text; raises ValueError for one with invisible characters."""
    return Value(property_, _text_term(value, ""), value, doubtful, locator)


def name(
    property_: str, value: str, locator: str, language: str = "en", doubt: bool = False
) -> Value:
    """Return a value that is a text in a language; raises ValueError as `text` does."""
    return Value(property_, _text_term(value, language), f"{value}@{language}", doubt, locator)


def typed(property_: str, value: str, datatype: str, locator: str) -> Value:
    """Return a value of another datatype, in canonical form."""
    return Value(property_, typed_term(value, datatype), value, False, locator)


@lru_cache(1 << 14)
def _text_term(value: str, language: str) -> str:
    if value.isascii() and value.isprintable():  # nearly all: nothing in it can be wrong
        return text_term(value, language)
    return text_term(clean(value), language)
