"""An index of statements: what the rules that need more than one of them look up."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from spacerace_kg.errors import Problem
from spacerace_kg.loader.statements import Part, Statement, best
from spacerace_kg.ontology import Ontology


class Index:
    """All statements and parts of the facts, by what they are about."""

    def __init__(
        self, statements: list[Statement], parts: dict[str, Part], ontology: Ontology
    ) -> None:
        self.statements, self.parts, self.ontology = statements, parts, ontology

    @cached_property
    def classes(self) -> dict[str, str]:
        """The class that each subject names, by subject."""
        return {s.subject: s.value for s in self.statements if s.property == "type"}

    @cached_property
    def groups(self) -> dict[tuple[str, str], list[Statement]]:
        """The statements of each subject and property."""
        groups = defaultdict(list)
        for statement in self.statements:
            groups[statement.subject, statement.property].append(statement)
        return groups

    @cached_property
    def best(self) -> dict[tuple[str, str], list[str]]:
        """The values of the best rank of each subject and property, in order, without repeats."""
        return {
            key: list(dict.fromkeys(s.value for s in best(group)))
            for key, group in self.groups.items()
        }

    @cached_property
    def parts_of(self) -> dict[str, list[Part]]:
        """The parts of each owner."""
        owned = defaultdict(list)
        for part in self.parts.values():
            owned[part.owner].append(part)
        return owned


def problem(s: Statement, what: str, remedy: str, name: str = "") -> Problem:
    """Return the problem of a statement; ``name`` stands for its property's if given."""
    return Problem(s.path, s.line, f"{s.subject}.{name or s.property}", what, remedy)
