"""The check of the source facts: everything read, every rule applied, all faults at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import Problem, UsageError
from spacerace_kg.loader import facts, lifetimes, links, rules
from spacerace_kg.loader.index import Index
from spacerace_kg.loader.records import collect
from spacerace_kg.loader.statements import Part, Statement
from spacerace_kg.ontology import Ontology


class Checked(NamedTuple):
    """The facts of a folder, read and checked: statements, parts, links, ontology, all problems."""

    statements: list[Statement]
    parts: dict[str, Part]
    links: list[links.Link]
    ontology: Ontology
    problems: list[Problem]


def check(root: Path) -> Checked:
    """Read and check ``graph/facts`` against ``ontology`` under a root; problems by place.

    Raises UsageError for a root without facts, DataError for an ontology that cannot be read.
    """
    folder, published = root / "graph" / "facts", root / "graph" / "ids.txt"
    if not folder.is_dir():
        raise UsageError(f"{root} holds no folder graph/facts. Name another in SPACERACE_ROOT.")
    ontology = Ontology(root / "ontology")
    records, unread = facts.read(folder, "graph/facts/")
    statements, parts, unstated = collect(records, ontology)
    index = Index(statements, parts, ontology)
    linked, unlinked = links.read(folder, "graph/facts/", index.classes)
    problems = {*unread, *unstated, *_broken(index), *_lost(index, published), *unlinked}
    return Checked(statements, parts, linked, ontology, sorted(problems))


def _lost(index: Index, published: Path) -> Iterator[Problem]:
    if not os.path.lexists(published) or (published.is_file() and not published.stat().st_size):
        return  # none has been published yet
    try:
        yield from rules.published(index, facts.text_of(published).split())
    except facts.RefusedError as refused:
        yield Problem("graph/ids.txt", refused.line, "ids", refused.what, refused.remedy)


def _broken(index: Index) -> Iterator[Problem]:
    for rule in (rules.references, rules.dates, rules.rivals, rules.keys, rules.relations):
        yield from rule(index)
    yield from lifetimes.problems(index)
