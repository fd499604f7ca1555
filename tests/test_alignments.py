"""The alignments name real terms of the ontology, and every Wikidata id in them has evidence."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS, SKOS

SR = "https://w3id.org/spacerace/ontology#"
WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def alignments(root: Path) -> Graph:
    return Graph().parse(root / "ontology" / "alignments.ttl")


def wikidata_ids(alignments: Graph) -> set[str]:
    return {
        str(o).removeprefix(WIKIDATA) for o in alignments.objects() if str(o).startswith(WIKIDATA)
    }


def test_header(alignments: Graph) -> None:
    (ontology,) = alignments.subjects(RDF.type, OWL.Ontology)
    assert alignments.value(ontology, RDFS.label)
    assert alignments.value(ontology, DCTERMS.license)
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
