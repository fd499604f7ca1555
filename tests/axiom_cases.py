"""The small graphs of ``ontology/axioms.tsv``, one or more for each axiom, and their judge.

A row gives an axiom in words, a graph about ``:x``, ``:y`` and ``:z``, and what must follow; where
nothing is said to follow, the axiom forbids the graph. One run of the reasoner judges many graphs,
and none spoils another, because each is turned into a class: of what there is in a world in
which the graph holds. The ontology forbids the graph if and only if nothing can be in that class.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from spacerace_kg.names import SR
from spacerace_kg.reasoner.axioms import Axiom, in_play, triple
from spacerace_kg.reasoner.hermit import Triple, realise

TABLE = Path(__file__).parent / "ontology" / "axioms.tsv"
_CASE = Namespace("urn:case:")

Statement = tuple[Node, Node, Node]


class Case(NamedTuple):
    """One row: an axiom in words, a graph, and what must follow; nothing if it is forbidden."""

    axiom: str
    graph: str  # in Turtle
    so: str


def cases() -> list[Case]:
    """Return the cases of the table; a row of disjoint classes gives one for each two of them."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        _, *rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    found = []
    for axiom, graph, so in rows:
        if axiom == "these are disjoint":
            for one, other in combinations(graph.split(), 2):
                found.append(Case(f"{one} and {other} are disjoint", f":x a {one}, {other} .", ""))
        else:
            found.append(Case(axiom, graph, so))
    return found


def read(turtle: str, namespace: str = SR) -> list[Statement]:
    """Return the statements of a graph, the terms of the ontology taken from a namespace."""
    prefixes = f"@prefix : <{_CASE}> . @prefix sr: <{namespace}> . @prefix xsd: <{XSD}> ."
    return list(Graph().parse(data=f"{prefixes} {turtle}", format="turtle"))


def without_its_axiom(
    case: Case, every: Sequence[Axiom], declared: Sequence[Triple], namespace: str
) -> list[Triple]:
    """Return what the axioms in play say to a case, its own left out, moved to a namespace.

    So one run of the reasoner can judge many cases, each without its own axiom.
    """
    facts = [triple(*statement) for statement in read(f"{case.graph} {case.so}")]
    rest = [axiom for axiom in in_play(every, facts) if axiom.words != case.axiom]
    used = {term for fact in facts for term in fact}.union(
        *({f"<{term}>" for term in axiom.terms} for axiom in rest)
    )
    rules = [rule for rule in declared if rule[0] in used]
    rules += dict.fromkeys(said for axiom in rest for said in axiom.triples)
    blank = re.sub(r"\W", "", namespace)
    return [
        (_moved(s, namespace, blank), _moved(p, namespace, blank), _moved(o, namespace, blank))
        for s, p, o in rules
    ]


def _moved(term: str, namespace: str, blank: str) -> str:
    return re.sub("^_:", f"_:{blank}", re.sub(f"^<{SR}", f"<{namespace}", term))


def forbidden(
    worlds: Sequence[tuple[Iterable[Statement], Iterable[Statement]]],
    rules: Iterable[Triple],
    java: str,
) -> list[bool]:
    """Say of each world, (what holds in it, what does not), if the rules forbid it."""
    classes = _Classes()
    for number, (true, false) in enumerate(worlds):
        for holds, statements in ((True, true), (False, false)):
            for statement in statements:
                classes.add((_CASE[str(number)], RDFS.subClassOf, classes.world(statement, holds)))
    (found,) = realise([[*rules, *(triple(*statement) for statement in classes)]], java)
    assert found is not None, "the ontology itself is inconsistent"
    return [str(_CASE[str(number)]) in found.empty for number in range(len(worlds))]


class _Classes(Graph):
    """Class expressions, and that ``:x``, ``:y`` and ``:z`` are three things."""

    def __init__(self) -> None:
        super().__init__()
        things = Collection(self, BNode(), [_CASE.x, _CASE.y, _CASE.z]).uri
        self._node(OWL.AllDifferent, (OWL.distinctMembers, things))
        self.add((_CASE.holds, RDF.type, OWL.ObjectProperty))

    def world(self, statement: Statement, holds: bool) -> Node:
        """Return the class of what there is in a world where a statement holds, or does not."""
        s, p, o = statement
        if p == RDF.type:
            about = o if holds else self._not(o)
        elif isinstance(o, BNode):  # "[]" in what must follow: some value
            none = Literal("0", datatype=XSD.nonNegativeInteger)
            about = self._restriction(p, OWL.maxCardinality, none)
        elif isinstance(o, Literal):
            about = self._restriction(p, OWL.hasValue, o)
        elif holds:
            about = self._restriction(p, OWL.someValuesFrom, self._one(o))
        else:
            about = self._restriction(p, OWL.allValuesFrom, self._not(self._one(o)))
        both = Collection(self, BNode(), [self._one(s), about]).uri
        subject = self._node(OWL.Class, (OWL.intersectionOf, both))
        return self._restriction(_CASE.holds, OWL.someValuesFrom, subject)

    def _one(self, thing: Node) -> Node:
        things = Collection(self, BNode(), [thing]).uri
        return self._node(OWL.Class, (OWL.oneOf, things))

    def _not(self, class_: Node) -> Node:
        return self._node(OWL.Class, (OWL.complementOf, class_))

    def _restriction(self, property_: Node, kind: Node, value: Node) -> Node:
        return self._node(OWL.Restriction, (OWL.onProperty, property_), (kind, value))

    def _node(self, type_: Node, *said: tuple[Node, Node]) -> Node:
        node = BNode()
        for p, o in ((RDF.type, type_), *said):
            self.add((node, p, o))
        return node
