"""The ontology: each axiom bites, each term says what it is, and OWL 2 DL it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from axiom_cases import cases, forbidden, read, without_its_axiom
from rdflib import Graph

from spacerace_kg.names import SR
from spacerace_kg.reasoner.axioms import Axiom, axioms, declarations
from spacerace_kg.reasoner.hermit import find_java
from spacerace_kg.reasoner.inference import rules_of

# These say again what follows from others, because the loader reads each term's own block only.
SAID_TWICE = {
    "every sr:Spacewalk is a sr:Event",
    "the subject of sr:crew is a sr:Mission",
    "the subject of sr:crewDown is a sr:Mission",
    "the subject of sr:crewMember is a sr:Mission",
    "the subject of sr:crewUp is a sr:Mission",
    "the subject of sr:flewOn is a sr:Person",
    "the subject of sr:flownAssignment is a sr:Mission",
    "the value of sr:beginning is a sr:Event",
    "the value of sr:crew is a sr:CrewAssignment",
    "the value of sr:crewDown is a sr:CrewAssignment",
    "the value of sr:crewMember is a sr:Person",
    "the value of sr:crewUp is a sr:CrewAssignment",
    "the value of sr:ending is a sr:Event",
    "the value of sr:flewOn is a sr:Mission",
    "the value of sr:milestone is a sr:Event",
    "the value of sr:nation is a sr:Nation",
    "the value of sr:orbitDeparture is a sr:Event",
    "the value of sr:partnerNation is a sr:Nation",
}
CASES = cases()


@pytest.fixture(scope="module")
def ontology(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "spacerace.ttl")


@pytest.fixture(scope="module")
def every(ontology: Graph) -> list[Axiom]:
    return axioms(ontology)


def test_every_axiom_has_a_case_and_every_case_an_axiom(every):
    # HermiT takes any literal for a text with a language: ``reason`` decides that, see its tests.
    tried = {axiom.words for axiom in every if not axiom.words.endswith(" is a rdf:langString")}
    assert {case.axiom for case in CASES} == tried
    assert len(every) - len(tried) == 7


def test_each_axiom_forbids_or_implies_what_its_cases_say(ontology):
    """A statement less and it does not; and a graph from which something follows is allowed."""
    worlds, expected, about = [], [], []
    for case in CASES:
        graph, so = read(case.graph), read(case.so)
        tries = [(graph, so, True), *([(graph, [], False)] if so else [])]
        tries += [([x for x in graph if x is not left_out], so, False) for left_out in graph]
        for true, false, outcome in tries:
            worlds.append((true, false))
            expected.append(outcome)
            about.append((case, true))
    found = forbidden(worlds, rules_of(ontology), find_java())
    assert [
        (case.axiom, true)
        for (case, true), was, is_ in zip(about, expected, found, strict=True)
        if was != is_
    ] == []


def test_no_case_is_decided_without_its_axiom(ontology, every):
    """Two classes of a disjoint set are left out: nothing else relates them."""
    declared = declarations(ontology)
    some = [case for case in CASES if not case.axiom.endswith(" are disjoint")]
    worlds, rules = [], []
    for number, case in enumerate(some):
        namespace = f"{SR}{number}/"
        rules += without_its_axiom(case, every, declared, namespace)
        worlds.append((read(case.graph, namespace), read(case.so, namespace)))
    found = forbidden(worlds, rules, find_java())
    assert {case.axiom for case, is_ in zip(some, found, strict=True) if is_} == SAID_TWICE
