"""The alignments name real terms, ours and theirs, and every Wikidata id has evidence."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, GEO, PROV, SDO, SKOS, TIME

from spacerace_kg import __version__

SR = "https://w3id.org/spacerace/ontology#"
WIKIDATA = "http://www.wikidata.org/entity/"
ABOUT = {RDFS.comment, SKOS.note}
SHIPPED = [SDO, PROV, TIME, GEO]  # rdflib has their terms, and knows no others
READ = {  # what was read elsewhere: the header of alignments.ttl says where and when
    "http://www.cidoc-crm.org/cidoc-crm/": "E21_Person E22_Human-Made_Object E31_Document "
    "E39_Actor E4_Period E53_Place E5_Event E66_Formation E67_Birth E68_Dissolution E69_Death "
    "E74_Group P100i_died_in P11_had_participant P14_carried_out_by P17_was_motivated_by "
    "P4_has_time-span P7_took_place_at P98i_was_born P9i_forms_part_of",
    "http://semanticweb.cs.vu.nl/2009/11/sem/": "Actor Event Place hasActor "
    "hasEarliestBeginTimeStamp hasLatestEndTimeStamp hasPlace hasTimeStamp subEventOf",
}


@pytest.fixture(scope="module")
def alignments(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "alignments.ttl")


def wikidata_ids(alignments: Graph) -> set[str]:
    return {
        str(o).removeprefix(WIKIDATA) for o in alignments.objects() if str(o).startswith(WIKIDATA)
    }


def test_header(alignments: Graph) -> None:
    (about,) = alignments.subjects(RDF.type, OWL.Ontology)
    said = {p: o for p, o in alignments.predicate_objects(about) if p not in ABOUT}
    assert said == {
        RDF.type: OWL.Ontology,
        OWL.versionIRI: URIRef(f"{about}/{__version__}"),
        OWL.versionInfo: Literal(__version__),
        DCTERMS.title: Literal("Alignments of the Space Race ontology", lang="en"),
        DCTERMS.creator: Literal("The Space Race Knowledge Graph team"),
        DCTERMS.license: URIRef("https://creativecommons.org/licenses/by/4.0/"),
    }
    assert not list(alignments.triples((None, OWL.imports, None)))


def test_terms_exist(root: Path, alignments: Graph) -> None:
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    defined = set(ontology.subjects(RDF.type))
    used = {n for t in alignments for n in t if isinstance(n, URIRef) and str(n).startswith(SR)}
    assert used
    assert used <= defined, used - defined


def test_each_wikidata_id_carries_evidence(alignments: Graph) -> None:
    assert wikidata_ids(alignments)
    for subject, _, item in alignments:
        if str(item).startswith(WIKIDATA):
            notes = " ".join(map(str, alignments.objects(subject, SKOS.note)))
            assert f"{str(item).removeprefix(WIKIDATA)} '" in notes, (subject, item)
            assert "ead from" in notes, subject


def test_ids_occur_in_the_reference(root: Path, alignments: Graph) -> None:
    reference = root.parent / "shared" / "reference" / "wikidata.tsv"
    if not reference.exists():
        pytest.skip("the reference table of Wikidata is not beside the checkout")
    with reference.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        known = {row[0] for row in rows if row[2] in {"wd_class", "wd_property"}}
    missing = wikidata_ids(alignments) - known
    assert not missing, missing


def known(term: URIRef) -> bool:
    """Say whether a term of another vocabulary was seen there."""
    if any(term in namespace for namespace in SHIPPED):
        return True
    return any(
        term.removeprefix(namespace) in names.split()
        for namespace, names in READ.items()
        if term.startswith(namespace)
    )


def test_only_terms_that_were_looked_up_are_named(alignments: Graph) -> None:
    relations = {p for p in alignments.predicates() if p in SKOS or p in RDFS}
    theirs = {
        o
        for p in relations
        for o in alignments.objects(None, p)
        if isinstance(o, URIRef) and not o.startswith(WIKIDATA)
    }
    assert [term for term in theirs if not known(term)] == []
    for namespace, names in READ.items():
        used = {str(term).removeprefix(namespace) for term in theirs if term.startswith(namespace)}
        assert used == set(names.split())


@pytest.mark.parametrize(
    "iri",
    [
        "https://schema.org/birthday",
        "http://schema.org/Person",
        "http://www.w3.org/ns/prov#Actor",
        "http://www.w3.org/2006/time#Moment",
        "http://www.opengis.net/ont/geosparql#Point",
        "http://www.cidoc-crm.org/cidoc-crm/P98_was_born",
        "http://semanticweb.cs.vu.nl/2009/11/sem/hasEarliestBeginTimestamp",
    ],
)
def test_a_term_that_is_not_theirs_is_found_out(iri: str) -> None:
    assert not known(URIRef(iri))


def test_a_subclass_or_subproperty_of_theirs_is_of_their_kind(
    root: Path, alignments: Graph
) -> None:
    """Classes below classes and properties below properties, by the letter that they begin with."""
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    for p, is_class in ((RDFS.subClassOf, True), (RDFS.subPropertyOf, False)):
        for ours, theirs in alignments.subject_objects(p):
            assert ((ours, RDF.type, OWL.Class) in ontology) == is_class, ours
            name = theirs.rpartition("/")[2].rpartition("#")[2]
            is_theirs = re.match("E[0-9]", name) or re.match("[A-OQ-Z]|P[a-z]", name)
            assert bool(is_theirs) == is_class, theirs


def test_a_term_of_theirs_is_declared_as_ours_below_it(root: Path, alignments: Graph) -> None:
    """With the ontology it is OWL 2 DL; the OWL API's profile checker says so too."""
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    below = [*alignments.subject_objects(RDFS.subClassOf)]
    below += alignments.subject_objects(RDFS.subPropertyOf)
    for ours, theirs in below:
        kind = set(ontology.objects(ours, RDF.type)) & kinds
        assert kind == set(alignments.objects(theirs, RDF.type)), theirs
    theirs = {theirs for _, theirs in below} | {p for p in alignments.predicates() if p in SKOS}
    assert {s for s, o in alignments.subject_objects(RDF.type) if o in kinds} == theirs


def test_matches_are_of_the_kinds_that_the_header_names(alignments: Graph) -> None:
    kinds = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
    terms = {p for s, p in alignments.subject_predicates() if s.startswith(SR)}
    assert terms <= kinds | {SKOS.note, RDFS.subClassOf, RDFS.subPropertyOf}
