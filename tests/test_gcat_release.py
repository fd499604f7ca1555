"""The stored release of GCAT, whole: every row accounted for, one id for each thing, one graph."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest
from importing import run, texts
from loading import ROOT, real_ontology

from spacerace_kg.gcat import catalogue
from spacerace_kg.gcat.build import Report
from spacerace_kg.names import SR
from spacerace_kg.store import EmbeddedStore, graph_files

TABLES = Path(
    os.environ.get("SPACERACE_REFERENCE") or ROOT.parent / "shared" / "reference"
).joinpath("gcat")
pytestmark = pytest.mark.skipif(
    not TABLES.is_dir(), reason="GCAT's tables are not shipped; name them in SPACERACE_REFERENCE"
)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    out = tmp_path_factory.mktemp("release") / "catalogue"
    return out, run(TABLES, out, ROOT)


@pytest.fixture(scope="module")
def store(imported: tuple[Path, Report]) -> EmbeddedStore:
    """The record's plain layer and the catalogue's."""
    made = ox.Store()
    record = [path for path in graph_files(ROOT) if "/claims/" not in path]
    for path in [*record, *catalogue.files(imported[0])]:
        made.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return EmbeddedStore(made)


def test_every_row_of_the_release_is_accounted_for(imported):
    report = imported[1]
    rows = {name: s.rows for name, s in report.sums.items()}
    assert rows == {"launchlog": 23433, "orgs": 4028, "sites": 697, "lp": 2772, "platforms": 375}
    assert all(s.rows == s.joined + s.used + s.refused for s in report.sums.values())
    assert report.sums["launchlog"].refused == 0
    assert report.counts["launches"] == 6828
    assert [fault.reason for fault in report.refused] == [
        f"{code!r} is a celestial body, no organization." for code in ("EARTH", "LUNA", "SSYS")
    ]
    left_out = [str(fault) for fault in report.left_out if fault.file.startswith("launchlog")]
    assert left_out == [
        "launchlog_2024-12-09.tsv:7923: the pad 'Lp1' of 'KMR' is not in lp.",
        "launchlog_2024-12-09.tsv:17634: the organization 'MEIHUA' is not in orgs.",
        "launchlog_2024-12-09.tsv:17635: the organization 'MEIHUA' is not in orgs.",
        "launchlog_2024-12-09.tsv:17638: the organization 'MEIHUA' is not in orgs.",
        "launchlog_2024-12-09.tsv:20332: 'ANDU' is a part of a country, no organization.",
        "launchlog_2024-12-09.tsv:23265: the pad 'LC43/96A' of 'JQ' is not in lp.",
    ]


def test_no_two_things_share_an_id(imported):
    lines = [
        line for name, text in texts(imported[0] / "index").items()
        for line in text.decode().splitlines()
    ]  # fmt: skip
    ids = [line.split("\t")[0] for line in lines]
    assert len(ids) == len(set(ids))
    # Every tag and every craft that the record does not know has the id made of it.
    log = next(TABLES.glob("launchlog_????-??-??.tsv")).read_text("utf-8").splitlines()[1:]
    crafts = {f"gcat-{line.split(chr(9))[6].lower()}" for line in log}
    found = {id_ for id_ in ids if id_ in crafts}
    assert len(crafts) == 23433
    assert len(found) == 23433 - imported[1].counts["joined crafts"]


def test_each_functional_property_has_one_value(store):
    answer = store.select(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT ?s ?p (COUNT(?o) AS ?n) WHERE {"
        " ?p a owl:FunctionalProperty . ?s ?p ?o } GROUP BY ?s ?p HAVING (COUNT(?o) > 1)"
    )
    assert answer.rows == []


def test_subjects_and_values_are_of_the_classes_that_their_properties_demand(store):
    """Under a closed world: what a reasoner would infer of them is stated."""
    wrong = []
    for p in real_ontology().properties.values():
        for variable, classes in (("?s", p.domain), ("?o", p.range)):
            some = " ".join(f"sr:{name}" for name in sorted(classes))
            if some and p.term.startswith("sr:"):
                wrong += store.select(
                    f"PREFIX sr: <{SR}> SELECT ?s ?o WHERE {{ ?s {p.term} ?o "
                    f"FILTER NOT EXISTS {{ VALUES ?class {{ {some} }} {variable} a ?class }} }}"
                ).rows
    assert wrong == []


def test_what_is_spoken_of_is_there(store):
    answer = store.select(
        "PREFIX sr: <https://w3id.org/spacerace/ontology#> SELECT DISTINCT ?o WHERE {"
        " VALUES ?p { sr:launch sr:payload sr:place sr:ascentPlace sr:launchVehicle sr:agent"
        " sr:nation sr:operator sr:site sr:partOf sr:phase sr:variantOf sr:body }"
        " ?s ?p ?o FILTER NOT EXISTS { ?o a ?class } }"
    )
    assert answer.rows == []


def test_launches_of_a_year_are_those_of_the_log(store):
    """In 1957 the log has Sputnik 1, Sputnik 2 and Vanguard TV3; in 1991 it has 91 launches."""
    for year, launches in ((1957, 3), (1991, 91)):
        answer = store.select(
            "PREFIX sr: <https://w3id.org/spacerace/ontology#>"
            "SELECT (COUNT(DISTINCT ?launch) AS ?n) WHERE {"
            " ?launch sr:gcatLaunchCode ?code ; sr:earliest ?time ; sr:launchCategory ?kind"
            f" FILTER(YEAR(?time) = {year}) }}"
        )
        assert answer.rows == [(launches,)]


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        ("vostok-1/launch", "payload", "vostok-1"),
        ("vostok-1/launch", "launchVehicle", "vostok-k-8k72k"),
        ("apollo-11/launch", "payload", "apollo-11-lm"),
        ("apollo-11/surfaceLaunch", "payload", "gcat-d01052"),
        ("vanguard-tv3/launch", "payload", "vanguard-tv3"),
        ("mir/launch", "payload", "mir"),
        ("baikonur", "phase", "baikonur/phase/gik-5"),
        ("gcat-s44238", "nation", "united-states"),
    ],
)
def test_catalogue_is_joined_to_the_record(store, subject, predicate, value):
    sr, id_ = "https://w3id.org/spacerace/ontology#", "https://w3id.org/spacerace/id/"
    assert store.ask(f"ASK {{ <{id_}{subject}> <{sr}{predicate}> <{id_}{value}> }}")
