"""The small graphs of ``ontology/axioms.tsv``, one or more for each axiom.

A row gives an axiom in words, a graph about ``:x``, ``:y`` and ``:z``, which are three things, and
what must follow; where nothing is said to follow, the axiom forbids the graph.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rdflib import OWL, XSD, BNode, Graph

from spacerace_kg.names import SR
from spacerace_kg.reasoner.axioms import Axiom, in_play
from spacerace_kg.reasoner.hermit import Triple
from spacerace_kg.reasoner.worlds import SOME

TABLE = Path(__file__).parent / "ontology" / "axioms.tsv"
DIFFERENT = [
    (f"<urn:case:{one}>", OWL.differentFrom.n3(), f"<urn:case:{other}>")
    for one, other in combinations("xyz", 2)
]


class Case(NamedTuple):
    """One row: an axiom in words, a graph, and what must follow; nothing if it is forbidden."""

    axiom: str
    graph: list[Triple]
    so: list[Triple]


def cases() -> list[Case]:
    """Return the cases of the table; a row of disjoint classes gives one for each two of them."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        _, *rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    found = []
    for axiom, graph, so in rows:
        if axiom == "these are disjoint":
            for one, other in combinations(graph.split(), 2):
                words, both = f"{one} and {other} are disjoint", _read(f":x a {one}, {other} .")
                found.append(Case(words, both, []))
        else:
            found.append(Case(axiom, _read(graph), _read(so)))
    return found


def without_its_axiom(
    case: Case, every: Sequence[Axiom], declared: Sequence[Triple]
) -> list[Triple]:
    """Return what the axioms in play say to a case, its own left out."""
    stated = [*case.graph, *case.so]
    rest = [axiom for axiom in in_play(every, stated) if axiom.words != case.axiom]
    used = {term for statement in stated for term in statement}
    used |= {f"<{term}>" for axiom in rest for term in axiom.terms}
    said = (statement for axiom in rest for statement in axiom.triples)
    return [*DIFFERENT, *(d for d in declared if d[0] in used), *dict.fromkeys(said)]


def _read(turtle: str) -> list[Triple]:
    """Return the statements of a graph; "[]" is any value."""
    prefixes = f"@prefix : <urn:case:> . @prefix sr: <{SR}> . @prefix xsd: <{XSD}> ."
    graph = Graph().parse(data=f"{prefixes} {turtle}", format="turtle")
    return [(s.n3(), p.n3(), SOME if isinstance(o, BNode) else o.n3()) for s, p, o in graph]
