"""The links to Wikidata: the table's rules, what is emitted, and the table of the checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from loading import (
    ROOT,
    TINY,
    build,
    check,
    checked_checkout,
    make_root,
    real_ontology,
    texts,
)

from spacerace_kg.loader import links
from spacerace_kg.loader.links import TABLE, Link

REFERENCE = Path(
    os.environ.get("SPACERACE_REFERENCE") or ROOT.parent / "shared" / "reference"
).joinpath("wikidata.tsv")
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tcomment"
ROW = "id:vostok-1\towl:sameAs\twd:Q182524\tsemapv:CompositeMatching\t0.98\tCOSPAR id in both."


def read(folder: Path, text: str) -> tuple[list[Link], list[str]]:
    (folder / TABLE).write_bytes(text.encode())
    classes = {"vostok-1": "CrewedMission", "yuri-gagarin": "Person", "vostok-1/launch": "Launch"}
    found, problems = links.read(folder, "", classes)
    return found, [str(problem) for problem in problems]


def test_row_becomes_a_link_with_its_evidence(tmp_path):
    assert read(tmp_path, f"# license: CC0\n{COLUMNS}\n{ROW}\n") == (
        [Link("vostok-1", "Q182524", "owl:sameAs", False, "COSPAR id in both.", "0.98", 3)],
        [],
    )


def test_part_of_a_record_can_be_linked(tmp_path):
    found, problems = read(tmp_path, f"{COLUMNS}\n{ROW.replace('vostok-1', 'vostok-1/launch')}\n")
    assert ([link.entity for link in found], problems) == (["vostok-1/launch"], [])


def test_quotes_and_further_columns_mean_nothing_to_the_reader(tmp_path):
    head = COLUMNS.replace("\tcomment", "\tmapping_date\tcomment\tsee_also")
    row = ROW.replace("\tCOSPAR id in both.", '\t2026-11-22\t"COSPAR" id in both.\t')
    found, problems = read(tmp_path, f"{head}\n{row}\n")
    assert ([link.justification for link in found], problems) == (['"COSPAR" id in both.'], [])


def test_one_exact_item_may_have_close_and_negative_rivals(tmp_path):
    head = COLUMNS.replace("object_id", "predicate_modifier\tobject_id")
    rows = [
        ROW.replace("\twd:", "\t\twd:"),
        ROW.replace("owl:sameAs\twd:Q182524", "skos:closeMatch\t\twd:Q7327"),
        ROW.replace("owl:sameAs\twd:Q182524", "owl:sameAs\tNot\twd:Q15180"),
        ROW.replace("vostok-1\towl:sameAs", "yuri-gagarin\towl:sameAs\tNot"),
    ]
    found, problems = read(tmp_path, "\n".join([head, *rows]))
    assert ([link.relation for link in found], problems) == (["exact", "close", "not", "not"], [])


def test_exact_matches_of_both_kinds_are_rivals(tmp_path):
    other = ROW.replace("owl:sameAs\twd:Q182524", "skos:exactMatch\twd:Q7327")
    assert read(tmp_path, f"{COLUMNS}\n{ROW}\n{other}\n")[1] == [
        f"{TABLE}:3: vostok-1: has a second exact item: vostok-1 and Q182524 in line 2. "
        "Make one of them close, or Not."
    ]


@pytest.mark.parametrize(
    ("typed", "emitted"),
    [("0", "0"), ("1", "1"), ("1.0", "1"), ("0.9", "0.9"), ("0.950", "0.95"), ("0.001", "0.001")],
)
def test_confidence_is_emitted_in_one_form(tmp_path, typed, emitted):
    found, _ = read(tmp_path, f"{COLUMNS}\n{ROW.replace('0.98', typed)}\n")
    assert found[0].confidence == emitted


def test_facts_without_a_table_have_no_links(tmp_path):
    root = make_root(tmp_path)
    (root / "graph/facts" / TABLE).unlink()
    assert check(root).links == []
    assert build(root).counts == {"plain": 189, "claims": 752}
    assert not (root / "graph/turtle/links").exists()


def test_windows_line_ends_do_no_harm(tmp_path):
    found, problems = read(tmp_path, f"{COLUMNS}\r\n{ROW}\r\n")
    assert (found[0].justification, problems) == ("COSPAR id in both.", [])


def test_emitted_triples_are_exactly_these():
    positive = Link("vostok-1", "Q182524", "owl:sameAs", False, 'Said "both".', "0.98", 2)
    negative = Link("vostok-1", "Q7327", "skos:exactMatch", True, "A person.", "1", 3)
    node, other = "id:vostok-1\\/link\\/Q182524", "id:vostok-1\\/link\\/Q7327"
    assert list(links.triples([positive, negative])) == [
        (node, "rdf:type", "sr:Link"),
        (node, "sr:entity", "id:vostok-1"),
        (node, "sr:wikidata", "wd:Q182524"),
        (node, "sr:qid", '"Q182524"'),
        (node, "sr:relation", '"exact"'),
        (node, "sr:justification", '"Said \\"both\\"."'),
        (node, "sr:confidence", '"0.98"^^xsd:decimal'),
        ("id:vostok-1", "owl:sameAs", "wd:Q182524"),
        (other, "rdf:type", "sr:Link"),
        (other, "sr:entity", "id:vostok-1"),
        (other, "sr:wikidata", "wd:Q7327"),
        (other, "sr:qid", '"Q7327"'),
        (other, "sr:relation", '"not"'),
        (other, "sr:justification", '"A person."'),
        (other, "sr:confidence", '"1"^^xsd:decimal'),
    ]


#
# The table of the checkout
#

# What sssom-py makes of tables: the rows that it keeps, and what its validators say.
SSSOM = """
import json, sys
from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

kinds = ["JsonSchema", "PrefixMapCompleteness", "StrictCurieFormat"]
for path in sys.argv[1:]:
    table = parse_sssom_table(path)
    reports = validate(table, [SchemaValidationType(kind) for kind in kinds], False)
    pairs = table.df[["subject_id", "object_id"]].itertuples(index=False)
    print(json.dumps({
        "rows": [list(pair) for pair in pairs],
        "metadata": {str(key): str(value) for key, value in table.metadata.items()},
        "said": [result.message for report in reports.values() for result in report.results],
    }))
"""


@pytest.fixture(scope="module")
def sssom() -> dict[Path, dict[str, object]]:
    """Return what sssom-py reads; in a process of its own, for it warns when it is imported."""
    paths = [TINY / "facts" / TABLE, ROOT / "graph/facts" / TABLE]
    command = [sys.executable, "-W", "ignore", "-c", SSSOM, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return dict(zip(paths, said, strict=True))


def rows_of(path: Path) -> list[list[str]]:
    lines = path.read_text("utf-8").splitlines()
    head, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    places = head.index("subject_id"), head.index("object_id")
    return sorted([row[place] for place in places] for row in rows)


@pytest.mark.parametrize("folder", [TINY / "facts", ROOT / "graph/facts"], ids=["tiny", "checkout"])
def test_table_is_sssom_to_its_own_library(sssom, folder):
    found = sssom[folder / TABLE]
    assert found["said"] == []
    assert sorted(found["rows"]) == rows_of(folder / TABLE)
    assert found["metadata"]["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert found["metadata"]["mapping_set_id"].startswith("https://w3id.org/spacerace/links/")


KINDS = {  # our class, nearest first, to what the item may be in the data sets it was read from
    "Person": {"person"},
    "Nation": {"nation"},
    "Organization": {"organisation"},
    "Place": {"site"},
    "CelestialBody": {"body"},
    "Programme": {"programme"},
    "Mission": {"mission", "spacecraft"},  # one item mostly stands for a flight and its craft
    "SpaceStation": {"station"},
    "Spacecraft": {"spacecraft", "station"},
    "SpacecraftType": {"spacecraft_type", "spacecraft"},
    "LaunchVehicle": {"vehicle"},
    "LaunchVehicleFamily": {"vehicle"},
    "Engine": {"other"},
    "Technology": {"other", "spacecraft_type"},
    "Agreement": {"agreement"},
    "Event": {"event"},
    "Source": {"source"},
}
READ_SINCE = Path(__file__).parent / "wikidata_read.tsv"  # what the reference data do not have


@pytest.fixture(scope="module")
def kinds() -> dict[str, set[str]]:
    """Return what the reference data, and what was read since, say that each item is."""
    found = defaultdict(set)
    texts = (path.read_text("utf-8") for path in (REFERENCE, READ_SINCE))
    for line in (line for text in texts for line in text.split("\n")[1:]):
        cells = line.split("\t")
        if len(cells) > 3:
            # The row of one item may say that a later version maps the name to another.
            for qid in (cells[0], *re.findall(r"\bto (Q[0-9]+)", cells[3])):
                found[qid].add(cells[2])
    return found


needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(), reason=f"The reference data is not at {REFERENCE}."
)


def of_other_kinds(
    found: list[Link], classes: dict[str, str], kinds: dict[str, set[str]]
) -> list[tuple[str, str, str, list[str]]]:
    """Return the exact links whose item is of a kind that our entity's class rules out."""
    wrong = []
    for link in found:
        if link.relation != "exact":
            continue
        above = real_ontology().classes[classes[link.entity]].ancestors
        allowed = next((KINDS[name] for name in KINDS if name in above), None)
        assert allowed is not None, f"{link.entity}: say in KINDS what a {above[0]} may be"
        if not kinds[link.qid] & allowed:
            wrong.append((link.entity, above[0], link.qid, sorted(kinds[link.qid])))
    return wrong


@needs_reference
def test_no_exact_link_joins_things_of_different_kinds(kinds):
    checked = checked_checkout()
    classes = {s.subject: s.value for s in checked.statements if s.property == "type"}
    assert of_other_kinds(checked.links, classes, kinds) == []


@needs_reference
def test_person_linked_to_a_spacecraft_is_refused(kinds):
    rows = [
        Link("yuri-gagarin", "Q182524", "owl:sameAs", False, "Both flew.", "1", 2),
        Link("vostok-1", "Q7327", "skos:exactMatch", False, "Both flew.", "1", 3),
        Link("vostok-1", "Q182524", "owl:sameAs", False, "Label.", "1", 4),
        Link("yuri-gagarin", "Q43653", "skos:closeMatch", False, "Near.", "0.1", 5),
        Link("yuri-gagarin", "Q43653", "owl:sameAs", True, "A flight.", "1", 6),
    ]
    classes = {"yuri-gagarin": "Person", "vostok-1": "CrewedMission"}
    assert of_other_kinds(rows, classes, kinds) == [
        ("yuri-gagarin", "Person", "Q182524", ["mission"]),
        ("vostok-1", "CrewedMission", "Q7327", ["person"]),
    ]


@needs_reference
def test_every_item_that_we_link_to_was_read_somewhere(kinds):
    checked = checked_checkout()
    positive = [link for link in checked.links if link.relation != "not"]
    assert [(link.entity, link.qid) for link in positive if not kinds.get(link.qid)] == []


def test_links_of_the_checkout_are_emitted(root):
    checked = checked_checkout()
    emitted = texts(root / "graph/turtle/links")["wikidata.ttl"]
    assert emitted.count("    a sr:Link ;\n") == len(checked.links)
    assert emitted.count("    sr:justification ") == len(checked.links)
