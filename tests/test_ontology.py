"""The ontology: each axiom bites, each term says what it is, and OWL 2 DL it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from axiom_cases import DIFFERENT, TABLE, cases, without_its_axiom
from loading import real_ontology
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

import spacerace_kg
from spacerace_kg.names import ID, SR, shorten, to_iri
from spacerace_kg.reasoner.axioms import Axiom, axioms, declarations
from spacerace_kg.reasoner.hermit import find_java
from spacerace_kg.reasoner.inference import rules_of
from spacerace_kg.reasoner.worlds import World, impossible

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
# What each note does has its bad records in tests/bad; these are the terms that carry it.
NOTES = {
    "keyedBy": "backupCrew crew crewDown crewUp flyby orbitDeparture orbitInsertion",
    "namesParts": "backupCrew crewDown crewUp orbitDeparture surfaceLanding surfaceLaunch",
    "opensLifetime": "beginning birth launch",
    "closesLifetime": "death ending termination",
    "withinLifetime": "agent counterpart nation operator participant partnerNation party person "
    "place signatory visits",
    "notation": "date localDate releaseDate retrievalDate",
    "editorial": "condition counts criterion description label notComputable type",
    "inferredOnly": "Claim JointMission Link MoonMission MultiPersonMission PlanetaryMission "
    "Spacefarer confidence contributedTo crewMember earliest earliestUnix entity event flewOn "
    "flownAssignment justification latest latestUnix mainClass ofNation precision property qid "
    "relation subject value wikidata",
}
CASES = cases()


@pytest.fixture(scope="module")
def ontology(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "spacerace.ttl")


@pytest.fixture(scope="module")
def every(ontology: Graph) -> list[Axiom]:
    return axioms(ontology)


def test_every_axiom_has_a_case_and_every_case_an_axiom(every):
    tried, said = {case.axiom for case in CASES}, {axiom.words for axiom in every}
    assert not said - tried, f"Add a row to {TABLE} for: {sorted(said - tried)}"
    assert not tried - said, f"Remove from {TABLE}: {sorted(tried - said)}"
    assert len(said) == len(every)


def test_each_axiom_forbids_or_implies_what_its_cases_say(ontology):
    """A statement less and it does not; and a graph from which something follows is allowed."""
    worlds, expected, about = [], [], []
    for case in CASES:
        tries = [(case.graph, case.so, True)]
        if case.so:
            tries.append((case.graph, [], False))
        for one in case.graph:
            tries.append(([other for other in case.graph if other != one], case.so, False))
        for true, false, outcome in tries:
            worlds.append(World(true, false))
            expected.append(outcome)
            about.append((case.axiom, true))
    found = impossible([([*rules_of(ontology), *DIFFERENT], worlds)], find_java())
    assert [what for what, was, is_ in zip(about, expected, found, strict=True) if was != is_] == []


def test_no_case_is_decided_without_its_axiom(ontology, every):
    """Two classes of a disjoint set are left out: nothing else relates them."""
    declared = declarations(ontology)
    some = [case for case in CASES if not case.axiom.endswith(" are disjoint")]
    groups = [
        (without_its_axiom(case, every, declared), [World(case.graph, case.so)]) for case in some
    ]
    found = impossible(groups, find_java())
    assert {case.axiom for case, is_ in zip(some, found, strict=True) if is_} == SAID_TWICE


#
# What each term says of itself
#

ANYTHING = {  # the subject, or the value, may be of any class
    "subject": "assessment beginning contributedTo enabled ending event ledTo milestone ofNation "
    "partOf phase programme respondedTo text",
    "value": "concerns contributedTo enabled hasEntity ledTo partOf replacedBy respondedTo",
}


def local(term: Node) -> str:
    return str(term).rpartition("#")[2]


def terms(ontology: Graph, *kinds: Node) -> list[URIRef]:
    found = {s for kind in kinds for s in ontology.subjects(RDF.type, kind)}
    return sorted(s for s in found if isinstance(s, URIRef) and s.startswith(SR))


@pytest.fixture(scope="module")
def described(ontology: Graph) -> list[URIRef]:
    """Return our terms, and those of others that the facts use."""
    properties = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    ours = terms(ontology, OWL.Class, *properties)
    return [*ours, RDF.type, RDFS.label, SKOS.altLabel, DCTERMS.description]


def test_header(ontology):
    about = URIRef(SR[:-1])
    assert {p: o for p, o in ontology.predicate_objects(about) if p != DCTERMS.title} == {
        RDF.type: OWL.Ontology,
        OWL.versionIRI: URIRef(f"https://w3id.org/spacerace/ontology/{spacerace_kg.__version__}"),
        OWL.versionInfo: Literal(spacerace_kg.__version__),
        DCTERMS.description: Literal(
            "Nations, people, missions, agreements and events of the Space Race, each statement "
            "with its source and its rivals.",
            lang="en",
        ),
        DCTERMS.creator: Literal("The Space Race Knowledge Graph team"),
        DCTERMS.license: URIRef("https://creativecommons.org/licenses/by/4.0/"),
        VANN.preferredNamespacePrefix: Literal("sr"),
        VANN.preferredNamespaceUri: Literal(SR),
    }
    assert {title.language for title in ontology.objects(about, DCTERMS.title)} == {"en", "ru"}
    assert not list(ontology.triples((None, OWL.imports, None)))


def test_it_is_owl_2_dl(ontology):
    """What a profile checker asks: declarations, no punning, simple properties where it matters.

    The OWL API's own checker (5.1.20) finds no violation either.
    """
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = [term for kind in kinds for term in ontology.subjects(RDF.type, kind)]
    named = [term for term in declared if isinstance(term, URIRef)]
    assert len(named) == len(set(named))
    used = {x for statement in ontology for x in statement if str(x).startswith(SR)}
    assert {URIRef(str(x)) for x in used if isinstance(x, URIRef)} <= set(named)

    # RDF, RDFS and OWL have no axiom about their own words, but what is an annotation's range.
    annotations = set(ontology.subjects(RDF.type, OWL.AnnotationProperty))
    for p in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf):
        for s, o in ontology.subject_objects(p):
            if s not in annotations:
                assert (s in RDF or s in RDFS or s in OWL) is False, (s, p)
                assert o not in (OWL.Class, RDF.Property), (s, p)

    # A property with a chain, or transitive, and what it implies or inverts, is not simple.
    composite = set(ontology.subjects(OWL.propertyChainAxiom))
    composite |= set(ontology.subjects(RDF.type, OWL.TransitiveProperty))
    for _ in named:
        composite |= {q for p in composite for q in ontology.objects(p, RDFS.subPropertyOf)}
        composite |= {q for p in composite for q in ontology.subjects(OWL.inverseOf, p)}
    assert {local(p) for p in composite} == {"crewMember", "flewOn", "partOf"}
    for kind in (
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
    ):
        assert composite.isdisjoint(ontology.subjects(RDF.type, kind))
    for count in (OWL.minCardinality, OWL.maxCardinality, OWL.cardinality):
        for restriction in ontology.subjects(count):
            assert ontology.value(restriction, OWL.onProperty) not in composite
    data = set(ontology.subjects(RDF.type, OWL.DatatypeProperty))
    assert data.isdisjoint(ontology.subjects(RDF.type, OWL.InverseFunctionalProperty))


def test_with_the_graph_it_is_owl_2_dl(ontology, root):
    """Each property of the graph is declared, and its values are of a kind that it may have."""
    used, classes = set(), set()
    for path in (root / "graph" / "turtle").rglob("*.ttl"):
        for line in path.read_text("utf-8").split("\n"):
            if line.startswith("    ") and line.endswith(" ;"):
                predicate, value = line[4:-2].split(" ", 1)
                used.add((predicate, value[0] in '"-0123456789'))
                if predicate == "a":
                    classes.add(URIRef(to_iri(value)))
    used -= {("a", False), ("owl:sameAs", False)}
    logical = {False: OWL.ObjectProperty, True: OWL.DatatypeProperty}
    for predicate, is_literal in used:
        declared = set(ontology.objects(URIRef(to_iri(predicate)), RDF.type))
        assert declared & {OWL.AnnotationProperty, logical[is_literal]}, (predicate, is_literal)
    assert ("sr:massKilograms", True) in used
    assert ("sr:launch", False) in used
    assert len(classes) > 50
    assert classes <= set(terms(ontology, OWL.Class))


def test_every_term_has_one_english_label_one_definition_and_one_example(ontology, described):
    for term in described:
        labels = [label for label in ontology.objects(term, RDFS.label) if label.language == "en"]
        (definition,) = ontology.objects(term, SKOS.definition)
        (example,) = ontology.objects(term, SKOS.example)
        assert len(labels) == 1, term
        assert definition.language == "en", term
        assert re.fullmatch(r"[A-Z'].*wrong .*[^.]\.", str(definition)), (term, definition)
        assert str(example).strip(), term


def test_every_class_has_a_russian_label_and_no_two_share_a_label(ontology):
    for language, letters in (("en", "[a-zA-Z -]+"), ("ru", "[А-Яа-яё -]+")):
        labels = [
            str(label)
            for term in terms(ontology, OWL.Class)
            for label in ontology.objects(term, RDFS.label)
            if label.language == language
        ]
        assert len(labels) == len(set(labels)) == len(terms(ontology, OWL.Class)), language
        assert [label for label in labels if not re.fullmatch(letters, label)] == []


def test_every_property_has_a_domain_and_a_range(ontology):
    for p, words in ((RDFS.domain, ANYTHING["subject"]), (RDFS.range, ANYTHING["value"])):
        logical = terms(ontology, OWL.ObjectProperty, OWL.DatatypeProperty)
        without = [local(term) for term in logical if (term, p, None) not in ontology]
        assert " ".join(without) == words
        assert [term for term in logical if len(list(ontology.objects(term, p))) > 1] == []


@pytest.mark.parametrize("note", NOTES)
def test_notes_stand_where_they_should(ontology, note):
    found = ontology.subjects(URIRef(SR + note))
    assert " ".join(sorted(re.split("[#/]", term)[-1] for term in found)) == NOTES[note]


def test_only_datatypes_that_survive_everywhere_are_used(ontology):
    safe = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.dateTime, XSD.anyURI}
    safe |= {RDF.langString}
    ranges = {
        range_
        for term in terms(ontology, OWL.DatatypeProperty)
        for range_ in ontology.objects(term, RDFS.range)
    }
    enumerated = {r for r in ranges if ontology.value(r, OWL.oneOf) is not None}
    assert ranges - enumerated <= safe
    for range_ in enumerated:
        words = list(Collection(ontology, ontology.value(range_, OWL.oneOf)))
        assert {word.datatype or XSD.string for word in words} == {XSD.string}
        assert len(set(words)) == len(words) > 1


def said(value: str) -> Iterator[str]:
    """Yield what an example says of its value ?o, in SPARQL: a text, a record, an id, a number."""
    if value.startswith("{"):
        record = yaml.load(value, yaml.BaseLoader)  # texts only, no objects
        for name, one in record.items():
            for text in one if isinstance(one, list) else [one]:
                if name == "key":
                    yield f"FILTER(STRENDS(STR(?o), {json.dumps('/' + text)}))"
                else:
                    term = to_iri(real_ontology().properties[name].term)
                    yield f"?o <{term}> ?part . {is_one('?part', text)}"
    elif value.startswith("'"):
        for text, language in re.findall(r"'([^']*)'(?:@(\w+))?", value):
            same = f"STR(?o) = {json.dumps(text, ensure_ascii=False)}"
            if text.endswith("…"):
                same = f"STRSTARTS(?o, {json.dumps(text[:-1], ensure_ascii=False)})"
            yield f"FILTER({same} && LANG(?o) = '{language}')"
    else:
        yield is_one("?o", value)


def is_one(variable: str, value: str) -> str:
    forms = ", ".join(json.dumps(start + value) for start in ("", ID, SR))
    return f"FILTER(STR({variable}) IN ({forms}))"


def test_every_example_is_a_statement_of_the_graph(ontology, described, kg):
    """Or of the ontology, if about a term. Of terms that the graph does not use none can be.

    What only the reasoner fills is looked for where the whole graph is reasoned over.
    """
    filled = {*ontology.subjects(OWL.equivalentClass), URIRef(f"{SR}flewOn")}
    schema = real_ontology().properties
    wrong = []
    for term in sorted(set(described) - filled):
        example = str(ontology.value(term, SKOS.example))
        used = kg.store.ask(f"ASK {{ {{ ?s a <{term}> }} UNION {{ ?s <{term}> ?o }} }}")
        if not used:
            right = True
        elif (term, RDF.type, OWL.Class) in ontology:
            ids = example.split(", ")
            right = all(kg.store.ask(f"ASK {{ <{ID}{one}> a <{term}> }}") for one in ids)
        else:
            subject, name, value = example.split(" ", 2)
            assert schema[name].term == shorten(term), (term, example)
            if subject in schema:
                about = URIRef(to_iri(schema[subject].term))
                right = str(ontology.value(about, term)).removeprefix(SR) == value
            else:
                about = f"<{ID}{subject}> <{term}> ?o"
                right = all(kg.store.ask(f"ASK {{ {about} . {more} }}") for more in said(value))
        if not right:
            wrong.append(f"{shorten(term)}: {example}")
    assert not wrong, "\n".join(wrong)
