"""Shapes: what SHACL finds wrong with a graph, in words. Read with pySHACL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import RDF, SH, Graph
from rdflib.term import Node

from spacerace_kg.errors import OutsideError, missing
from spacerace_kg.names import shorten
from spacerace_kg.turtle import ontology


def shape_faults(root: Path, triples: Iterable[tuple[Node, Node, Node]]) -> Iterator[str]:
    """Yield a line for each value that breaks a shape of a root's ``ontology/shapes.ttl``.

    Nothing is inferred first: give each subject its superclasses too, as the plain layer does.
    Raises OutsideError where pySHACL is missing, DataError if the shapes are or are damaged.
    """
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    report = validate(graph, ontology(root / "ontology", "shapes.ttl"))
    lines = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        value = report.value(result, SH.value) if path is not None else None
        where = shorten(str(focus)) + (f".{shorten(str(path))}" if path is not None else "")
        shown = f"{shorten(str(value))!r} " if value is not None else ""
        messages = sorted(map(str, report.objects(result, SH.resultMessage)))
        lines.add(f"{where}: {shown}{' '.join(messages)}")
    yield from sorted(lines)


def validate(graph: Graph, shapes: Graph) -> Graph:
    """Return pySHACL's validation report; raises OutsideError where pySHACL is missing."""
    try:
        import pyshacl
    except ImportError:
        raise missing("pySHACL", "reason") from None
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    if not isinstance(report, Graph):
        raise OutsideError(f"pySHACL failed: {report}")
    return report
