"""Turtle files, read: the graph's by Oxigraph, the ontology's by rdflib; a damaged one is told."""

from __future__ import annotations

import os

import pyoxigraph as ox

from spacerace_kg.errors import DataError
from spacerace_kg.names import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import rdflib


def quads(path: str | Path) -> Iterator[ox.Quad]:
    """Yield what is in a file of the graph; raises DataError if it is missing or damaged."""
    try:
        yield from ox.parse(path=os.fspath(path), format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise DataError(f"{path} is damaged: {error}. Run: spacerace build") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}. Run: spacerace build") from None


def ontology(folder: Path, name: str) -> rdflib.Graph:
    """Return a file of an ontology folder; raises DataError if it is missing or damaged."""
    from rdflib import Graph

    path = folder / name
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise OSError("it is no plain file")
        with path.open("rb") as file:  # by its name rdflib would not find every file
            return Graph().parse(file, format="turtle", publicID=PREFIXES["sr"])
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        raise DataError(f"{path} cannot be read: {why}. Put it back.") from None
