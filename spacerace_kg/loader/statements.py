"""Statements: what the facts say, one subject, property, value and source at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Statement(NamedTuple):
    """One source's word on one value: what a claim is made of."""

    subject: str  # an id, or a part's id
    property: str  # the property's name
    value: str  # an id, a name of the ontology, or text in canonical form
    language: str  # of text in a language, else empty
    source: str
    locator: str
    rank: str
    reason: str
    certainty: str
    path: str
    line: int


class Part(NamedTuple):
    """A node made of its owner's: its id, the owner's, the property between, the key if any."""

    id: str
    owner: str
    property: str
    key: str


def best(rivals: Iterable[Statement]) -> list[Statement]:
    """Return the statements of the best rank: preferred if any, else normal, never deprecated."""
    rivals = list(rivals)
    preferred = [s for s in rivals if s.rank == "preferred"]
    return preferred or [s for s in rivals if s.rank == "normal"]
