"""Each constraint of each SHACL shape rejects a small bad graph, and accepts a good one.

A bad graph is a good one, all but one of its properties, or more: a claim without its subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, VANN, Graph, Literal, URIRef

from spacerace_kg import __version__
from spacerace_kg.names import PREFIXES, to_iri
from spacerace_kg.reasoner.shapes import shape_faults, validate
from spacerace_kg.store import to_rdflib

SHAPE = "https://w3id.org/spacerace/shapes#"

GOOD = {  # every one a node :x and what it needs
    "nation": """:x a sr:Agent ; rdfs:label "a state"@en , "страна"@ru ; sr:mainClass sr:Nation ;
        dcterms:description "A state."@en ; skos:altLabel "another"@en , "a third"@en .""",
    "event": """:x a sr:Event ; rdfs:label "an event"@en ; sr:date "1961-04-12" ; sr:precision 11 ;
        sr:earliest "1961-04-12T00:00:00Z"^^xsd:dateTime ; sr:earliestUnix -275270400 ;
        sr:latest "1961-04-12T23:59:59Z"^^xsd:dateTime ; sr:latestUnix -275184001 .""",
    "spacewalk": """:x a sr:Event , sr:Spacewalk ; rdfs:label "a spacewalk"@en ;
        sr:participant :y .""",
    "mission": """:x a sr:Mission ; rdfs:label "a mission"@en ; sr:nation :y .""",
    "assignment": """:x a sr:CrewAssignment ; rdfs:label "a seat"@en ; sr:person :y .""",
    "site": """:x a sr:SurfaceSite ; rdfs:label "a base"@en ; sr:body :y .""",
    "pad": """:x a sr:LaunchPad ; rdfs:label "a pad"@en ; sr:site :y .""",
    "agreement": """:x a sr:Agreement ; rdfs:label "a treaty"@en ; sr:party :y .""",
    "resolution": """:x a sr:Agreement , sr:Resolution ; rdfs:label "a resolution"@en .""",
    "goal": """:x a sr:Goal ; rdfs:label "a goal"@en ; sr:setBy :y ;
        sr:statement "Land."@en , "Сесть."@ru .""",
    "first": """:x a sr:First ; rdfs:label "a first"@en ; sr:criterion "The first."@en ;
        sr:condition :y , :z .""",
    "hopeless": """:x a sr:First ; rdfs:label "a first"@en ; sr:criterion "The first."@en ;
        sr:notComputable "No such thing."@en .""",
    "completeness": """:x a sr:Completeness ; rdfs:label "all"@en ; sr:criterion "All."@en ;
        sr:counts "missions" ; sr:expectedCount 0 ; sr:interval :y .""",
    "class": """:x a sr:Condition ; rdfs:label "a test"@en ; sr:scope "event" ;
        sr:ofClass sr:Spacewalk .""",
    "property": """:x a sr:Condition ; rdfs:label "a test"@en ; sr:scope "crew" ;
        sr:onProperty sr:sex ; sr:hasText "female" .""",
    "entity": """:x a sr:Condition ; rdfs:label "a test"@en ; sr:scope "event" ;
        sr:onProperty sr:body ; sr:hasEntity :y .""",
    "number": """:x a sr:Condition ; rdfs:label "a test"@en ; sr:scope "mission" ;
        sr:onProperty sr:crewSize ; sr:atLeast 2 .""",
    "claim": """:x a sr:Claim ; sr:subject :y ; sr:property sr:date ; sr:value "1961" ;
        sr:source :z ; sr:rank "normal" .""",
    "ranked": """:x a sr:Claim ; sr:subject :y ; sr:property sr:nation ; sr:value :w ;
        sr:source :z ; sr:rank "deprecated" ; sr:reason "Wrong." ; sr:certainty "doubtful" .""",
    "link": """:x a sr:Link ; sr:entity :y ; sr:wikidata wd:Q182524 ; sr:qid "Q182524" ;
        sr:relation "exact" ; sr:justification "COSPAR id in both." ; sr:confidence 0.98 .""",
    "retired": """:x a sr:RetiredId ; sr:replacedBy :y .""",
    "place": ":x sr:latitude 45.9 ; sr:longitude 63.3 .",
    "corner": ":x sr:latitude -90 ; sr:longitude 180 . :y sr:latitude 90 ; sr:longitude -180 .",
    "extremes": ":x sr:durationSeconds 0 ; sr:deaths 0 ; sr:orbits 0 ; sr:crewSize 0 .",
    "numbers": ":x sr:apogeeKilometres 0.1 ; sr:massKilograms 83.6 ; sr:publicationYear 1850 .",
    "ids": """:x sr:cosparId "1961-012A" , "1970-025ABC" ; sr:satcatNumber "00103" ;
        sr:nssdcId "1959-014A" , "PIONX" ; sr:viafId "12" ; sr:gndId "118689401" , "4021477-1" ;
        sr:gcatTag "1961 MU" , "1962 A ALP" , "1969-059" , "1961-F01" ; sr:gcatCode "NIIP-5" ;
        sr:url "https://example.org/a%20b" ; sr:copyUrl "http://example.org/~a" .""",
    "nothing": "",
}

BAD = [  # shape, constraint, what is good, the property that it goes without, and what it gets
    ("Entity", "nodeKind", "nothing", "", '[] a sr:Agent ; rdfs:label "nameless"@en .'),
    ("label", "datatype", "nation", "", ':x rdfs:label "no language" .'),
    ("label", "uniqueLang", "nation", "", ':x rdfs:label "a second"@en .'),
    ("englishLabel", "qualifiedMinCount", "nation", "rdfs:label", ':x rdfs:label "страна"@ru .'),
    ("englishLabel", "qualifiedMinCount", "event", "rdfs:label", ""),
    ("description", "datatype", "nation", "", ':x dcterms:description "no language" .'),
    ("description", "uniqueLang", "nation", "", ':x dcterms:description "Another."@en .'),
    ("altLabel", "datatype", "nation", "", ':x skos:altLabel "no language" .'),
    ("mainClass", "maxCount", "nation", "", ":x sr:mainClass sr:Person ."),
    ("date", "maxCount", "event", "", ':x sr:date "1961" .'),
    ("earliest", "maxCount", "event", "", ':x sr:earliest "1961-04-12T01:00:00Z"^^xsd:dateTime .'),
    (
        "earliest",
        "pattern",
        "event",
        "sr:earliest",
        ':x sr:earliest "1961-04-12T00:00:00+00:00"^^xsd:dateTime .',
    ),
    (
        "earliest",
        "lessThanOrEquals",
        "event",
        "sr:earliest",
        ':x sr:earliest "1961-04-13T00:00:00Z"^^xsd:dateTime .',
    ),
    ("latest", "maxCount", "event", "", ':x sr:latest "1961-04-12T23:00:00Z"^^xsd:dateTime .'),
    (
        "latest",
        "pattern",
        "event",
        "sr:latest",
        ':x sr:latest "1961-04-12T23:59:59.5Z"^^xsd:dateTime .',
    ),
    ("earliestUnix", "lessThanOrEquals", "event", "sr:earliestUnix", ":x sr:earliestUnix 0 ."),
    ("precision", "maxCount", "event", "", ":x sr:precision 9 ."),
    ("precision", "minInclusive", "event", "sr:precision", ":x sr:precision 6 ."),
    ("precision", "maxInclusive", "event", "sr:precision", ":x sr:precision 15 ."),
    ("datePrecision", "minCount", "event", "sr:precision", ""),
    ("spacewalker", "minCount", "spacewalk", "sr:participant", ""),
    ("missionNation", "minCount", "mission", "sr:nation", ""),
    ("assignedPerson", "minCount", "assignment", "sr:person", ""),
    ("assignedPerson", "maxCount", "assignment", "", ":x sr:person :z ."),
    ("siteBody", "minCount", "site", "sr:body", ""),
    ("padSite", "minCount", "pad", "sr:site", ""),
    ("Agreement", "or", "agreement", "sr:party", ""),
    ("setBy", "minCount", "goal", "sr:setBy", ""),
    ("statement", "minCount", "goal", "sr:statement", ""),
    ("statement", "uniqueLang", "goal", "", ':x sr:statement "Land safely."@en .'),
    ("First", "xone", "first", "sr:condition", ""),
    ("First", "xone", "first", "", ':x sr:notComputable "No such thing."@en .'),
    ("criterion", "minCount", "first", "sr:criterion", ""),
    ("criterion", "minCount", "completeness", "sr:criterion", ""),
    ("criterion", "uniqueLang", "first", "", ':x sr:criterion "The very first."@en .'),
    ("counts", "minCount", "completeness", "sr:counts", ""),
    ("expectedCount", "minCount", "completeness", "sr:expectedCount", ""),
    (
        "expectedCount",
        "minInclusive",
        "completeness",
        "sr:expectedCount",
        ":x sr:expectedCount -1 .",
    ),
    ("interval", "minCount", "completeness", "sr:interval", ""),
    ("scope", "minCount", "class", "sr:scope", ""),
    ("Condition", "xone", "class", "sr:ofClass", ""),
    ("Condition", "xone", "class", "", ":x sr:ofClass sr:Docking ."),
    ("Condition", "xone", "property", "", ":x sr:onProperty sr:role ."),
    ("ConditionOnProperty", "xone", "property", "sr:hasText", ""),
    ("ConditionOnProperty", "xone", "property", "", ":x sr:atLeast 2 ."),
    ("ConditionOnProperty", "xone", "entity", "", ':x sr:hasText "moon" .'),
    ("ConditionOfClass", "not", "class", "", ':x sr:hasText "female" .'),
    ("ConditionOfClass", "not", "class", "", ":x sr:hasEntity :y ."),
    ("ConditionOfClass", "not", "class", "", ":x sr:atLeast 2 ."),
    (
        "Claim",
        "nodeKind",
        "nothing",
        "",
        '[] a sr:Claim ; sr:subject :y ; sr:property sr:date ; sr:value "1961" ; '
        'sr:source :z ; sr:rank "normal" .',
    ),
    ("ClaimReason", "or", "ranked", "sr:reason", ""),
    ("subject", "minCount", "claim", "sr:subject", ""),
    ("subject", "maxCount", "claim", "", ":x sr:subject :w ."),
    ("subject", "nodeKind", "claim", "sr:subject", ':x sr:subject "vostok-1" .'),
    ("property", "minCount", "claim", "sr:property", ""),
    ("property", "maxCount", "claim", "", ":x sr:property sr:place ."),
    ("property", "nodeKind", "claim", "sr:property", ':x sr:property "date" .'),
    ("value", "minCount", "claim", "sr:value", ""),
    ("value", "maxCount", "claim", "", ":x sr:value :w ."),
    ("value", "nodeKind", "claim", "sr:value", ":x sr:value [] ."),
    ("source", "minCount", "claim", "sr:source", ""),
    ("source", "maxCount", "claim", "", ":x sr:source :w ."),
    ("source", "nodeKind", "claim", "sr:source", ':x sr:source "gcat" .'),
    ("rank", "minCount", "ranked", "sr:rank", ""),
    ("rank", "maxCount", "ranked", "", ':x sr:rank "preferred" .'),
    ("rank", "in", "ranked", "sr:rank", ':x sr:rank "best" .'),
    ("certainty", "maxCount", "ranked", "", ':x sr:certainty "interpretive" .'),
    ("certainty", "in", "claim", "", ':x sr:certainty "sure" .'),
    (
        "Link",
        "nodeKind",
        "nothing",
        "",
        '[] a sr:Link ; sr:entity :y ; sr:wikidata wd:Q1 ; sr:qid "Q1" ; sr:relation "exact" ; '
        'sr:justification "Both." ; sr:confidence 1 .',
    ),
    ("linkedEntity", "minCount", "link", "sr:entity", ""),
    ("linkedEntity", "maxCount", "link", "", ":x sr:entity :z ."),
    ("linkedEntity", "nodeKind", "link", "sr:entity", ':x sr:entity "vostok-1" .'),
    ("item", "minCount", "link", "sr:wikidata", ""),
    ("item", "maxCount", "link", "", ":x sr:wikidata wd:Q1 ."),
    (
        "item",
        "pattern",
        "link",
        "sr:wikidata",
        ":x sr:wikidata <https://www.wikidata.org/wiki/Q1> .",
    ),
    ("linkQid", "minCount", "link", "sr:qid", ""),
    ("relation", "minCount", "link", "sr:relation", ""),
    ("justification", "minCount", "link", "sr:justification", ""),
    ("confidence", "minCount", "link", "sr:confidence", ""),
    ("confidence", "minInclusive", "link", "sr:confidence", ":x sr:confidence -0.1 ."),
    ("confidence", "maxInclusive", "link", "sr:confidence", ":x sr:confidence 1.1 ."),
    ("replacedBy", "minCount", "retired", "sr:replacedBy", ""),
    ("cosparId", "pattern", "ids", "", ':x sr:cosparId "1961 Mu 1" .'),
    ("satcatNumber", "pattern", "ids", "", ':x sr:satcatNumber "103" .'),
    ("nssdcId", "pattern", "ids", "", ':x sr:nssdcId "1959-14A" .'),
    ("gcatTag", "pattern", "ids", "", ':x sr:gcatTag "1961-F1" .'),
    ("gcatCode", "pattern", "ids", "", ':x sr:gcatCode "NIIP_5" .'),
    ("viafId", "pattern", "ids", "", ':x sr:viafId "viaf/64800" .'),
    ("gndId", "pattern", "ids", "", ':x sr:gndId "gnd:118689401" .'),
    ("qid", "pattern", "nothing", "", ':x sr:qid "P31" .'),
    ("url", "pattern", "ids", "", ':x sr:url "ftp://example.org/" .'),
    ("url", "pattern", "ids", "", ':x sr:url "https://пример.рф/" .'),
    ("copyUrl", "pattern", "ids", "", ':x sr:copyUrl "ftp://example.org/" .'),
    ("latitude", "minInclusive", "place", "sr:latitude", ":x sr:latitude -90.1 ."),
    ("latitude", "maxInclusive", "place", "sr:latitude", ":x sr:latitude 90.1 ."),
    ("longitude", "minInclusive", "place", "sr:longitude", ":x sr:longitude -180.1 ."),
    ("longitude", "maxInclusive", "place", "sr:longitude", ":x sr:longitude 296.7 ."),
    ("latitudeOfLongitude", "minCount", "place", "sr:latitude", ""),
    ("longitudeOfLatitude", "minCount", "place", "sr:longitude", ""),
    ("durationSeconds", "minInclusive", "extremes", "", ":x sr:durationSeconds -1 ."),
    ("deaths", "minInclusive", "extremes", "", ":x sr:deaths -1 ."),
    ("orbits", "minInclusive", "extremes", "", ":x sr:orbits -1 ."),
    ("crewSize", "minInclusive", "extremes", "", ":x sr:crewSize -1 ."),
    ("apogeeKilometres", "minExclusive", "numbers", "", ":x sr:apogeeKilometres 0 ."),
    ("massKilograms", "minExclusive", "numbers", "", ":x sr:massKilograms 0 ."),
    ("publicationYear", "minInclusive", "numbers", "", ":x sr:publicationYear 1849 ."),
    ("publicationYear", "maxInclusive", "numbers", "", ":x sr:publicationYear 2101 ."),
]

Constraint = tuple[str, str]  # names of a shape and of its parameter


@pytest.fixture(scope="module")
def shapes(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "shapes.ttl")


def read(turtle: str, namespace: str) -> Graph:
    prefixes = {**PREFIXES, "": namespace}
    head = "".join(f"@prefix {name}: <{iri}> . " for name, iri in prefixes.items())
    graph = Graph()  # rdflib's own reader would rewrite "Z" as "+00:00"
    for q in ox.parse(input=f"{head} {turtle}", format=ox.RdfFormat.TURTLE):
        graph.add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
    return graph


def bad_graph(number: int) -> Graph:
    """Return one of the bad graphs, its nodes in a namespace of its own."""
    _, _, good, without, more = BAD[number]
    namespace = f"urn:bad:{number}:"
    graph = read(GOOD[good], namespace)
    if without:
        assert (URIRef(f"{namespace}x"), URIRef(to_iri(without)), None) in graph, BAD[number]
        graph.remove((None, URIRef(to_iri(without)), None))
    return graph + read(more, namespace)


def broken(graphs: Iterable[Graph], shapes: Graph) -> dict[str, set[Constraint]]:
    """Return the constraints that graphs break, by the namespace of the node that is at fault."""
    report = validate(sum(graphs, Graph()), shapes)
    found = defaultdict(set)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        component = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(SH._NS)
        name = component.removesuffix("ConstraintComponent")
        shape = str(report.value(result, SH.sourceShape)).removeprefix(SHAPE)
        where = str(report.value(result, SH.focusNode)).rpartition(":")[0]
        found[where].add((shape, name[0].lower() + name[1:]))
    return found


def test_header(shapes: Graph) -> None:
    about = URIRef(SHAPE[:-1])
    assert dict(shapes.predicate_objects(about)) == {
        RDF.type: OWL.Ontology,
        OWL.versionIRI: URIRef(f"{about}/{__version__}"),
        OWL.versionInfo: Literal(__version__),
        DCTERMS.title: Literal("Shapes of the Space Race graph", lang="en"),
        DCTERMS.creator: Literal("The Space Race Knowledge Graph team"),
        DCTERMS.license: URIRef("https://creativecommons.org/licenses/by/4.0/"),
        VANN.preferredNamespacePrefix: Literal("shape"),
        VANN.preferredNamespaceUri: Literal(SHAPE),
    }


def test_every_constraint_has_a_bad_graph(shapes: Graph) -> None:
    """What a shape says inside another, without a name of its own, is part of that other."""
    said = {SH.path, SH.message, SH.property, SH.targetClass, SH.targetSubjectsOf, RDF.type}
    inner = set(shapes.objects(None, SH.qualifiedValueShape))
    constraints = {
        (shape.removeprefix(SHAPE), parameter.removeprefix(SH._NS))
        for shape, parameter in shapes.subject_predicates()
        if shape.startswith(SHAPE) and shape not in inner
        and parameter not in said | {SH.qualifiedValueShape}
    }  # fmt: skip
    assert {(shape, constraint) for shape, constraint, *_ in BAD} == constraints


def test_every_shape_has_a_target_a_message_and_core_constraints_only(shapes: Graph) -> None:
    named = {s for s in shapes.subjects(RDF.type) if s.startswith(SHAPE)}
    inner = set(shapes.objects(None, SH.qualifiedValueShape))
    reached = set(shapes.objects(None, SH.property)) | inner
    for shape in named:
        targets = [*shapes.objects(shape, SH.targetClass)]
        targets += shapes.objects(shape, SH.targetSubjectsOf)
        assert bool(targets) != (shape in reached), f"{shape}: a target, or a shape that uses it"
        own = set(shapes.predicates(shape)) - {RDF.type, SH.property, SH.targetClass}
        message = shapes.value(shape, SH.message)
        assert message is not None or not own or shape in inner, shape
        assert message is None or str(message).endswith("."), shape
    used = {p for p in shapes.predicates() if p.startswith(SH._NS)}
    assert not used & {SH.sparql, SH.js, SH.rule, SH.target}


def test_every_target_and_path_is_a_term(root: Path, shapes: Graph) -> None:
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    for p in (SH.targetClass, SH.targetSubjectsOf, SH.path, SH["class"], SH.lessThanOrEquals):
        for term in shapes.objects(None, p):
            assert (term, RDF.type, None) in ontology, term


def test_everything_but_a_statement_and_a_retired_id_is_an_entity(
    root: Path, shapes: Graph
) -> None:
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    top = {
        class_ for class_ in ontology.subjects(RDF.type, OWL.Class) if isinstance(class_, URIRef)
    }
    top -= {s for s, o in ontology.subject_objects(RDFS.subClassOf) if isinstance(o, URIRef)}
    top -= set(ontology.subjects(OWL.equivalentClass))
    others = {URIRef(to_iri(f"sr:{name}")) for name in ("Claim", "Link", "RetiredId")}
    assert set(shapes.objects(URIRef(f"{SHAPE}Entity"), SH.targetClass)) == top - others


def test_good_graphs_are_accepted(shapes: Graph) -> None:
    graphs = [read(turtle, f"urn:good:{name}:") for name, turtle in GOOD.items()]
    assert broken(graphs, shapes) == {}


def test_each_bad_graph_breaks_its_constraint_and_no_other(shapes: Graph) -> None:
    found = broken((bad_graph(number) for number in range(len(BAD))), shapes)
    nameless = found.pop("")
    assert nameless == {(shape, name) for shape, name, good, *_ in BAD if good == "nothing"} - {
        ("qid", "pattern")
    }
    for number, (shape, constraint, good, *_) in enumerate(BAD):
        if good != "nothing" or shape == "qid":
            assert found[f"urn:bad:{number}"] == {(shape, constraint)}, BAD[number]


def test_a_fault_says_where_what_and_what_to_do(root: Path) -> None:
    id_ = PREFIXES["id"]
    graph = read(':a a sr:Claim ; sr:property sr:date ; sr:value "1961" . :b sr:orbits -1 .', id_)
    assert list(shape_faults(root, graph)) == [
        "a.sr:rank: must have exactly one rank. Write preferred, normal or deprecated.",
        "a.sr:source: must cite exactly one source. Write one claim for each.",
        "a.sr:subject: must be about exactly one subject with an IRI. Build the graph again.",
        "a: is ranked without a reason. Add 'reason: …' in your own words.",
        "b.sr:orbits: '-1' is negative. Write how many revolutions.",
    ]
