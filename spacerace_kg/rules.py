"""The rules of the graph: the queries in queries/checks, each of which must return no row."""

from __future__ import annotations

from collections.abc import Iterator

from spacerace_kg import paths, queries
from spacerace_kg.errors import DataError
from spacerace_kg.knowledge import KnowledgeGraph
from spacerace_kg.names import shorten
from spacerace_kg.visible import visible


def broken(kg: KnowledgeGraph) -> Iterator[str]:
    """Yield a line for each row of each rule: rule, entity, property, value, problem, remedy.

    Raises DataError for a rule that selects something else, or says no problem and remedy.
    """
    for rule in queries.read_all(paths.root() / "queries" / "checks").values():
        problem, remedy = (rule.header.get(key, "") for key in ("problem", "remedy"))
        if not problem or not remedy:
            raise DataError(f"queries/checks/{rule.name}.rq has no problem or no remedy.")
        answer = kg.store.select(rule.text)
        if answer.columns != ["entity", "property", "value"]:
            raise DataError(
                f"queries/checks/{rule.name}.rq does not select ?entity ?property ?value."
            )
        for row in answer.terms:
            entity, property_, value = (shorten(term.text) if term else "" for term in row)
            subject = f"{entity}.{property_.removeprefix('sr:')}"
            yield visible(f"checks/{rule.name}: {subject}: {value!r}. {problem} {remedy}")
