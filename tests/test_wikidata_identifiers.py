"""Identifiers are keys, each with a bad graph; libraries' are read as well as space's."""

from __future__ import annotations

import re

import pytest
from asking import CHECKOUT
from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.collection import Collection

from spacerace_kg import connect
from spacerace_kg.names import ID, SR, shorten
from spacerace_kg.reasoner.reason import key_faults
from spacerace_kg.store import EmbeddedStore
from spacerace_kg.wikidata.gazetteer import NAMES
from spacerace_kg.wikidata.identifiers import read
from spacerace_kg.wikidata.reconcile import Reconciler

ONTOLOGY = Graph().parse(CHECKOUT / "ontology" / "spacerace.ttl")
KEYS = sorted(
    (shorten(str(class_)), shorten(str(property_)))
    for class_, members in ONTOLOGY.subject_objects(OWL.hasKey)
    for property_ in Collection(ONTOLOGY, members)
)
RULE = (CHECKOUT / "queries" / "checks" / "identifier-shared.rq").read_text("utf-8")
A, B = URIRef(f"{ID}a"), URIRef(f"{ID}b")


def test_every_identifier_is_a_key_of_what_it_identifies():
    """But GCAT's launch tag, which two craft of one launch share, and its code of a pad."""
    assert KEYS == [
        ("sr:Agent", "sr:gcatCode"),
        ("sr:Agent", "sr:gndId"),
        ("sr:Agent", "sr:viafId"),
        ("sr:LaunchSite", "sr:gcatCode"),
        ("sr:Mission", "sr:cosparId"),
        ("sr:Mission", "sr:nssdcId"),
        ("sr:Mission", "sr:satcatNumber"),
        ("sr:Spacecraft", "sr:cosparId"),
        ("sr:Spacecraft", "sr:nssdcId"),
        ("sr:Spacecraft", "sr:satcatNumber"),
    ]


@pytest.mark.parametrize(("class_", "property_"), KEYS)
def test_two_that_share_a_key_are_a_fault_to_the_reasoner_and_to_the_rule(
    tmp_path, class_, property_
):
    kind, key = (URIRef(SR + name[3:]) for name in (class_, property_))
    facts = [(A, key, Literal("1")), (B, key, Literal("1")), (A, RDF.type, kind)]
    types = {A.n3(): {kind.n3()}, B.n3(): {kind.n3()}}
    assert list(key_faults(facts[:2], types, ONTOLOGY)) == [
        f"'1' is the {property_} of a and b. Correct one of the two."
    ]
    assert list(key_faults(facts[:1], types, ONTOLOGY)) == []
    assert list(key_faults(facts[:2], {**types, B.n3(): set()}, ONTOLOGY)) == []
    for more, found in ([], []), ([(B, RDF.type, kind)], ["a", "b"]):
        graph = Graph()
        for fact in facts + more:
            graph.add(fact)
        path = tmp_path / f"{len(more)}.ttl"
        graph.serialize(path)
        store = EmbeddedStore.in_memory([CHECKOUT / "ontology" / "spacerace.ttl", path])
        rows = store.select(RULE).terms
        assert sorted(shorten(row[0].text) for row in rows if row[0]) == found


def test_values_that_a_source_gives_are_found_by_the_question_and_by_reconcile():
    kg = connect()
    for property_, value in (("viafId", "146202023"), ("gndId", "2294-9")):
        assert [list(map(str, row)) for row in kg.ask("find", identifier=value).rows] == [
            [f"{ID}nasa", "National Aeronautics and Space Administration", SR + property_]
        ]
    reconciler = Reconciler(kg)
    for text in (
        "VIAF 146202023", "viaf:146202023", "https://viaf.org/viaf/146202023/", "GND 2294-9",
        "GND: 2294-9", "https://d-nb.info/gnd/2294-9",
    ):  # fmt: skip
        best = reconciler.match(text).best
        assert best is not None, text
        assert best.id == "nasa", text
    for text in ("146202023", "VIAF 146202024", "GND 2294-8", "VIAF x", "viaf"):
        assert reconciler.match(text).best is None, text


def test_what_reconcile_reads_are_the_identifiers_that_it_knows():
    texts = ["1961-012A", "NORAD 5", "GCAT 1961 MU", "NSSDC PIONX", "Q42", "VIAF 12", "GND 2294-9"]
    read_as = {identifier.property for text in texts for identifier in read(text)[0]}
    asked = set(re.findall(r"sr:(\w+(?:Id|Number|Tag))\b", NAMES))
    assert read_as == asked | {"qid"}
