"""What goes to the Mismatch Finder: only conflicts in which our evidence is better, by its rules.

The rules are those of its code: app/Jobs/ValidateCSV.php, app/Services/CSVImportReader.php,
app/Rules and config/mismatches.php of wmde/wikidata-mismatch-finder, and of its user guide, which
added the column ``type``.
"""

from __future__ import annotations

import csv
import re
from urllib.parse import urlsplit

import pytest
from asking import run
from wikidata_comparing import ANSWERS, day, item, rows, said, snapshot, thing
from wikidata_server import CONTACT, SNAPSHOT, tiny_wikidata

import spacerace_kg
from spacerace_kg.cli import main
from spacerace_kg.wikidata.items import JULIAN, Statement, Value
from spacerace_kg.wikidata.judge import Judge
from spacerace_kg.wikidata.mismatches import HEADER, mismatches, to_csv
from spacerace_kg.wikidata.ours import Ours
from spacerace_kg.wikidata.snapshots import write_snapshot

TIMES = {"P569", "P570", "P571", "P576", "P580", "P582", "P585", "P619", "P620", "P621"}
GUID = re.compile(r"Q\d+\$[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\Z", re.I)
WRONG = day("1961-05-01")


@pytest.fixture(scope="module")
def ours() -> Ours:
    return Ours(spacerace_kg.connect())


def problems(text: str) -> list[str]:
    """Return what the Mismatch Finder would say against an import file."""
    head, *body = csv.reader(text.splitlines())
    found = []
    if sorted(head) != sorted(HEADER):
        found.append("headers")
    for number, cells in enumerate(body, 1):
        if len(cells) != len(head):
            found.append(f"{number}: columns")
            continue
        row = dict(zip(head, cells, strict=True))
        guid, url = row["statement_guid"], urlsplit(row["external_url"])
        rules = {
            "item_id": re.fullmatch(r"Q\d+", row["item_id"]) and len(row["item_id"]) <= 12,
            "property_id": re.fullmatch(r"P\d+", row["property_id"]),
            "statement_guid": GUID.match(guid) if guid else not row["wikidata_value"],
            "of another item": not guid or guid.partition("$")[0].upper() == row["item_id"],
            "wikidata_value": bool(row["wikidata_value"]) == bool(guid),
            "meta_wikidata_value": not row["meta_wikidata_value"]
            or (row["property_id"] in TIMES and re.fullmatch(r"Q\d+", row["meta_wikidata_value"])),
            "external_value": row["external_value"],
            "external_url": url.scheme in ("http", "https") and url.netloc,
            "type": row["type"] in ("", "statement", "qualifier"),
            "too long": max(map(len, cells)) <= 1500,
        }
        if row["property_id"] in TIMES:  # a form that Wikibase parses back
            form = re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", row["wikidata_value"])
            rules["wikidata_value"] = rules["wikidata_value"] and (form or not guid)
        found += [f"{number}: {name}" for name, kept in rules.items() if not kept]
    return found


GOOD = (
    "Q1", "Q1$5acec0de-0000-4000-8000-000000000001", "P569", "1940-08-05", "Q1985786",
    "1930-08-05", "https://w3id.org/spacerace/id/x", "statement",
)  # fmt: skip


@pytest.mark.parametrize(
    ("place", "cell", "said_against"),
    [
        (0, "Q1", []),
        (0, "Q2", ["1: of another item"]),
        (0, "1", ["1: item_id", "1: of another item"]),
        (1, "Q1-5acec0de-0000-4000-8000-000000000001", ["1: statement_guid", "1: of another item"]),
        (1, "", ["1: statement_guid", "1: wikidata_value"]),
        (2, "birth", ["1: property_id", "1: meta_wikidata_value"]),
        (3, "+1940-08-05T00:00:00Z", ["1: wikidata_value"]),
        (4, "Julian", ["1: meta_wikidata_value"]),
        (5, "", ["1: external_value"]),
        (5, "x" * 1501, ["1: too long"]),
        (6, "apollo-11", ["1: external_url"]),
        (7, "claim", ["1: type"]),
    ],
)
def test_validator_sees_each_fault(place, cell, said_against):
    row = tuple(cell if n == place else good for n, good in enumerate(GOOD))
    assert problems(to_csv([row])) == said_against


def found(ours: Ours, entity: str, path: str, *statements: Statement, **more) -> list[tuple]:
    """Return the mismatches of one path of an entity, whose exact item says these statements."""
    qid = next(linked.qid for linked in ours.linked([entity]) if linked.relation == "exact")
    theirs = snapshot(item(qid, *statements, **more))
    made = mismatches(rows(ours, entity, theirs, path), Judge(ours, theirs, []))
    assert problems(to_csv(made)) == []
    return [row[2:] for row in made]


VOSTOK = "https://w3id.org/spacerace/id/vostok-1"


def test_conflict_with_a_statement_that_rests_on_nothing(ours):
    assert found(ours, "vostok-1", "launch/date", said("P619", WRONG)) == [
        ("P619", "1961-05-01", "", "1961-04-12", VOSTOK, "statement")
    ]


WIKI = {"P143": [thing("Q328")], "P4656": [Value("string", "https://en.wikipedia.org/?oldid=1")]}
RETRIEVED = {"P813": [day("2024-05-01")]}


@pytest.mark.parametrize(
    ("references", "ours_is_better"),
    [
        ([], True),
        ([WIKI], True),
        ([{**WIKI, **RETRIEVED}], True),
        ([{"P854": [Value("string", "https://ru.wikipedia.org/wiki/1")]}], True),
        ([WIKI, {"P248": [thing("Q900")]}], False),
        ([{**WIKI, "P248": [thing("Q900")]}], False),
        ([{"P854": [Value("string", "https://example.org/")], **RETRIEVED}], False),
        ([{"P854": [Value("somevalue")]}], False),
        ([{"P887": [thing("Q201413")]}], False),
    ],
)
def test_their_evidence_counts(ours, references, ours_is_better):
    statement = said("P619", WRONG, references=references)
    assert bool(found(ours, "vostok-1", "launch/date", statement)) is ours_is_better


def test_our_evidence_counts(ours):
    (row,) = rows(ours, "vostok-1", snapshot(item("Q182524", said("P619", WRONG))), "launch/date")
    judge = Judge(ours, snapshot(), [])
    assert len(mismatches([row], judge)) == 1
    press = [s._replace(kind="NewsReport") for s in row.ours.sources]
    for sources, certain, is_better in (
        (press, True, False),
        ([s._replace(kind="ReferenceWork") for s in press[:1]], True, False),
        ([s._replace(kind="ReferenceWork") for s in press], True, True),
        ([s._replace(kind="Scholarship") for s in press[:1]], True, True),
        ([s._replace(kind="Scholarship") for s in press[:1]], False, False),
        ([s._replace(kind="WebPage") for s in press], True, False),
        ([], True, False),
    ):
        changed = row._replace(ours=row.ours._replace(sources=tuple(sources), certain=certain))
        assert bool(mismatches([changed], judge)) is is_better


def test_proven_rival_that_says_what_they_say_makes_it_a_dispute(ours):
    theirs = snapshot(item("Q182524", said("P619", WRONG)))
    (row,) = rows(ours, "vostok-1", theirs, "launch/date")
    judge = Judge(ours, theirs, [])
    for value, disputed in (("1961-05-01", True), ("1961-06-01", False)):
        rival = row.ours._replace(value=value)
        assert bool(mismatches([row._replace(rivals=(rival,))], judge)) is not disputed
    doubtful = row.ours._replace(value="1961-05-01", certain=False)
    assert mismatches([row._replace(rivals=(doubtful,))], judge)


@pytest.mark.parametrize(
    ("entity", "path", "statement", "expected"),
    [
        ("vostok-1", "launch/date", said("P619", day("1962-01-01", 9)), "1962,,1961-04-12"),
        ("vostok-1", "launch/date", said("P619", day("1962-02-01", 10)), "1962-02,,1961-04-12"),
        (
            "neil-armstrong", "birth/date", said("P569", day("1930-08-05", 11, JULIAN)),
            "1930-08-05,Q1985786,1930-08-05",
        ),
        (
            "apollo-12", "launch/launchVehicle", said("P375", thing("Q3303767")),
            "Q3303767,,Saturn V",
        ),
        (
            "vostok-1", "cosparId", said("P247", Value("string", "1961-012B")),
            "1961-012B,,1961-012A",
        ),
        (
            "gemini-8", "durationSeconds", said("P2047", Value("quantity", "9", unit="Q25235")),
            "9,,38486 s",
        ),
        ("vostok-1", "launch/date", said("P619", Value("novalue")), ""),
        ("vostok-1", "launch/date", said("P619", day("1950-01-01", 8)), ""),
        ("vostok-1", "launch/date", said("P619", day("1961-04-12")), ""),
        ("vostok-1", "massKilograms", said("P2067", Value("quantity", "1", unit="Q11570")), ""),
        ("vostok-1", "crew|crewUp|crewDown/person", said("P1029", thing("Q1615")), ""),
    ],
)  # fmt: skip
def test_values_are_written_as_their_kind_asks(ours, entity, path, statement, expected):
    made = found(ours, entity, path, statement)
    assert [",".join(row[1:4]) for row in made] == ([expected] if expected else [])


def test_statement_without_an_id_of_wikidata_is_left_out(ours):
    (row,) = rows(ours, "vostok-1", snapshot(item("Q182524", said("P619", WRONG))), "launch/date")
    judge = Judge(ours, snapshot(), [])
    for id_, fits in (
        ("", False),
        ("Q182524-5acec0de-0000-4000-8000-000000000001", False),
        ("Q182524$5acec0de-0000-4000-8000-000000000001", True),
        ("q182524$5ACEC0DE-0000-4000-8000-000000000001", True),
    ):
        made = mismatches([row._replace(theirs=row.theirs._replace(id=id_))], judge)
        assert bool(made) is fits
        assert problems(to_csv(made)) == []


#
# The command
#


def test_import_file_of_the_tiny_wikidata(capsys):
    assert main(["wikidata", "mismatches", "--snapshot", str(SNAPSHOT)]) == 0
    out, err = capsys.readouterr()
    expected = (ANSWERS / "mismatches.csv").read_text("utf-8")
    assert out == expected, (
        "Run: spacerace wikidata mismatches --snapshot tests/wikidata_tiny/snapshot.jsonl "
        "> tests/wikidata_answers/mismatches.csv"
    )
    assert out.splitlines()[0] == (
        "item_id,statement_guid,property_id,wikidata_value,meta_wikidata_value,external_value,"
        "external_url,type"
    )
    assert problems(out) == []
    assert err == "spacerace: 2 mismatches of 2 conflicts\n"


def test_conflict_with_an_item_of_another_class_is_left_out(capsys, tmp_path):
    human = item(
        "Q80811", said("P31", thing("Q5")), said("P619", WRONG), labels={"en": "Sputnik 1"}
    )
    path = tmp_path / "made.jsonl"
    write_snapshot(path, snapshot(human, item("Q5", labels={"en": "human"})))
    assert main(["wikidata", "mismatches", "--snapshot", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out == ",".join(HEADER) + "\n"
    assert err == (
        "spacerace: 0 mismatches of 1 conflicts; 1 links that check finds wrong were left out\n"
    )


def test_real_server_gives_the_file_of_the_snapshot(tmp_path):
    with tiny_wikidata(tmp_path) as url:
        done = run(
            "wikidata", "mismatches", "--entity", "neil-armstrong", "--entity", "apollo-11",
            "--endpoint", url,
            SPACERACE_CONTACT=CONTACT, SPACERACE_CACHE=str(tmp_path / "cache"),
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == (ANSWERS / "mismatches.csv").read_text("utf-8")
