"""The ontology is the only schema: more Turtle, and no Python, makes new facts possible."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading import build, check, extend, make_root, write

import spacerace_kg

STAMPS = """
sr:Stamp a owl:Class ;
    rdfs:subClassOf sr:Technology ;
    rdfs:label "stamp"@en , "марка"@ru ;
    skos:definition "A postage stamp about the Space Race; wrong for a postmark."@en .

sr:Depiction a owl:Class ;
    rdfs:label "depiction"@en , "изображение"@ru ;
    skos:definition "One thing shown on a stamp; wrong for the whole picture."@en .

sr:faceValue a owl:DatatypeProperty , owl:FunctionalProperty ;
    rdfs:label "face value"@en ;
    skos:definition "What is printed on it; wrong for what collectors pay."@en ;
    rdfs:domain sr:Stamp ;
    rdfs:range [ a rdfs:Datatype ; owl:oneOf ( "6 kopecks" "10 kopecks" ) ] .

sr:michelNumber a owl:DatatypeProperty ;
    rdfs:label "Michel number"@en ;
    skos:definition "Number in the Michel catalogue; wrong for Scott's."@en ;
    rdfs:domain sr:Stamp ;
    rdfs:range xsd:string .
sr:Stamp owl:hasKey ( sr:michelNumber ) .

sr:isPerforated a owl:DatatypeProperty , owl:FunctionalProperty ;
    rdfs:label "is perforated"@en ;
    skos:definition "Whether its edge has holes; wrong for a sheet."@en ;
    rdfs:domain sr:Stamp ;
    rdfs:range xsd:boolean .

sr:depiction a owl:ObjectProperty ;
    rdfs:label "depiction"@en ;
    skos:definition "One thing that it shows; wrong for the occasion."@en ;
    sr:keyedBy sr:depicted ;
    rdfs:domain sr:Stamp ;
    rdfs:range sr:Depiction .

sr:depicted a owl:ObjectProperty , owl:FunctionalProperty ;
    rdfs:label "depicted"@en ;
    skos:definition "The thing that is shown; wrong for its maker."@en ;
    rdfs:domain sr:Depiction .

sr:shows a owl:ObjectProperty ;
    rdfs:label "shows"@en ;
    skos:definition "Anything shown; filled from the depictions."@en ;
    sr:inferredOnly true ;
    owl:propertyChainAxiom ( sr:depiction sr:depicted ) .

sr:issuer a owl:ObjectProperty , owl:FunctionalProperty ;
    rdfs:label "issuer"@en ;
    skos:definition "The nation that issued it; wrong for the printer."@en ;
    sr:withinLifetime true ;
    rdfs:domain sr:Stamp ;
    rdfs:range sr:Nation .

sr:issue a owl:ObjectProperty , owl:FunctionalProperty ;
    rdfs:subPropertyOf sr:event ;
    rdfs:label "issue"@en ;
    skos:definition "The day of issue; wrong for the day of printing."@en ;
    sr:opensLifetime true ;
    rdfs:domain sr:Stamp ;
    rdfs:range sr:Event .
"""
RECORD = """
- id: gagarin-stamp
  type: Stamp
  label: {en: Gagarin stamp, ru: Марка с Гагариным}
  faceValue: 6 kopecks
  michelNumber: SU 2473
  isPerforated: true
  issuer: soviet-union
  issue: {date: 1961-04-13}
  depiction:
    - {depicted: yuri-gagarin}
    - {depicted: vostok-1}
  source: gcat
"""


@pytest.fixture
def root(tmp_path) -> Path:
    """Return a root with the tiny facts, stamps in its ontology, and one stamp."""
    root = make_root(tmp_path / "root")
    extend(root, STAMPS)
    write(root / "graph/facts/stamps.yaml", RECORD)
    return root


def test_block_of_turtle_makes_new_facts_valid_and_emitted(root):
    assert check(root).problems == []
    build(root)
    assert (root / "graph/turtle/plain/stamps.ttl").read_text("utf-8").partition("\n\n")[2] == (
        """\
@prefix id: <https://w3id.org/spacerace/id/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sr: <https://w3id.org/spacerace/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

id:gagarin-stamp
    a sr:Stamp ;
    a sr:Technology ;
    rdfs:label "Gagarin stamp"@en ;
    rdfs:label "Марка с Гагариным"@ru ;
    sr:depiction id:gagarin-stamp\\/depiction\\/vostok-1 ;
    sr:depiction id:gagarin-stamp\\/depiction\\/yuri-gagarin ;
    sr:event id:gagarin-stamp\\/issue ;
    sr:faceValue "6 kopecks" ;
    sr:isPerforated "true"^^xsd:boolean ;
    sr:issue id:gagarin-stamp\\/issue ;
    sr:issuer id:soviet-union ;
    sr:mainClass sr:Stamp ;
    sr:michelNumber "SU 2473" ;
    sr:shows id:vostok-1 ;
    sr:shows id:yuri-gagarin ;
    .

id:gagarin-stamp\\/depiction\\/vostok-1
    a sr:Depiction ;
    rdfs:label "Gagarin stamp: depiction Vostok 1"@en ;
    rdfs:label "Марка с Гагариным: изображение Восток-1"@ru ;
    sr:depicted id:vostok-1 ;
    sr:mainClass sr:Depiction ;
    .

id:gagarin-stamp\\/depiction\\/yuri-gagarin
    a sr:Depiction ;
    rdfs:label "Gagarin stamp: depiction Yuri Gagarin"@en ;
    rdfs:label "Марка с Гагариным: изображение Юрий Гагарин"@ru ;
    sr:depicted id:yuri-gagarin ;
    sr:mainClass sr:Depiction ;
    .

id:gagarin-stamp\\/issue
    a sr:Event ;
    rdfs:label "Gagarin stamp: event"@en ;
    rdfs:label "Марка с Гагариным: событие"@ru ;
    sr:date "1961-04-13" ;
    sr:earliest "1961-04-13T00:00:00Z"^^xsd:dateTime ;
    sr:earliestUnix -275184000 ;
    sr:latest "1961-04-13T23:59:59Z"^^xsd:dateTime ;
    sr:latestUnix -275097601 ;
    sr:mainClass sr:Event ;
    sr:precision 11 ;
    .
"""
    )


def test_query_finds_the_new_facts(root, tmp_path, monkeypatch):
    build(root)
    monkeypatch.setenv("SPACERACE_ROOT", str(root))
    monkeypatch.setenv("SPACERACE_CACHE", str(tmp_path / "cache"))
    kg = spacerace_kg.connect()
    answer = kg.sparql("""
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX sr: <https://w3id.org/spacerace/ontology#>
        SELECT ?name ?value ?shown WHERE {
          ?stamp a sr:Stamp ; rdfs:label ?name ; sr:faceValue ?value ; sr:shows ?thing .
          ?thing rdfs:label ?shown . FILTER(LANG(?name) = "en" && LANG(?shown) = "en")
        } ORDER BY ?shown
    """)
    assert [tuple(row) for row in answer.rows] == [
        ("Gagarin stamp", "6 kopecks", "Vostok 1"),
        ("Gagarin stamp", "6 kopecks", "Yuri Gagarin"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "faceValue: 6 kopecks",
            "faceValue: 5 kopecks",
            "5: gagarin-stamp.faceValue: '5 kopecks' is not allowed here. "
            "Write one of: 6 kopecks, 10 kopecks.",
        ),
        (
            "isPerforated: true",
            "isPerforated: yes",
            "7: gagarin-stamp.isPerforated: 'yes' is neither true nor false. Write one of them.",
        ),
        (
            "- {depicted: vostok-1}",
            "- {}",
            "12: gagarin-stamp.depiction: can have several parts. "
            "Add 'depicted: …', different for each of them.",
        ),
        (
            "issuer: soviet-union",
            "issuer: yuri-gagarin",
            "8: gagarin-stamp.issuer: 'yuri-gagarin' is a Person, but a Nation belongs here. "
            "Correct the id or the property.",
        ),
        (
            "date: 1961-04-13",
            "date: 1992-04-13",
            "8: gagarin-stamp.issuer: 'soviet-union' no longer existed at the time of "
            "gagarin-stamp. Name its successor or correct a date.",
        ),
        (
            "type: Stamp",
            "type: Stamps",
            "3: gagarin-stamp: 'Stamps' is no class that a record can have. "
            "Did you mean 'Stamp'? See ontology/README.md for the classes.",
        ),
        (
            "  source: gcat\n",
            "  source: gcat\n- {id: other, type: Stamp, michelNumber: SU 2473, source: gcat}\n",
            "14: other.michelNumber: 'SU 2473' is also the michelNumber of gagarin-stamp. "
            "Correct one of the two.",
        ),
        (
            "  source: gcat\n",
            "  shows: moon-speech\n  source: gcat\n",
            "13: gagarin-stamp.shows: is inferred and never typed. "
            "Use a property of ontology/spacerace.ttl or remove the line.",
        ),
    ],
)
def test_new_terms_bring_their_rules_with_them(root, old, new, message):
    assert RECORD.count(old) == 1
    write(root / "graph/facts/stamps.yaml", RECORD.replace(old, new))
    assert [str(p) for p in check(root).problems] == [f"graph/facts/stamps.yaml:{message}"]


def test_new_class_is_unknown_to_the_ontology_without_its_block(tmp_path):
    root = make_root(tmp_path)
    write(root / "graph/facts/stamps.yaml", RECORD)
    assert [problem.line for problem in check(root).problems] == [3, 5, 6, 7, 8, 9, 10]
