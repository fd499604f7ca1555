"""Columns from Wikidata: from a snapshot and from a real SPARQL server, the same to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import make_root, run
from wikidata_server import CONTACT, SNAPSHOT, action_api, tiny_wikidata

from spacerace_kg import Answer, UsageError
from spacerace_kg.answers import Term
from spacerace_kg.names import ID, WD
from spacerace_kg.wikidata.enrich import enrich, items
from spacerace_kg.wikidata.items import Item, Snapshot
from spacerace_kg.wikidata.snapshots import read_snapshot

LINKS = {"vostok-1": "Q182524", "apollo-11": "Q43653", "yuri-gagarin": "Q7327"}


def iri(text: str) -> Term:
    return Term("iri", text)


def text(content: str) -> Term:
    return Term("literal", content)


def table(columns: str, *rows: tuple[Term | None, ...]) -> Answer:
    return Answer(columns.split(), list(rows))


MISSIONS = table(
    "n mission person wikidata",
    (text("1"), iri(f"{ID}vostok-1"), iri(f"{ID}yuri-gagarin"), iri(f"{WD}Q182524")),
    (text("2"), iri(f"{ID}apollo-11"), None, None),
)


def test_items_come_from_the_column_that_says_so() -> None:
    assert items(MISSIONS, LINKS) == ["Q182524", ""]
    assert items(MISSIONS, LINKS, "mission") == ["Q182524", "Q43653"]
    assert items(MISSIONS, LINKS, "person") == ["Q7327", ""]
    assert items(MISSIONS, LINKS, "n") == ["", ""]


def test_items_come_from_the_first_column_with_a_link_otherwise() -> None:
    answer = table("label place mission", (text("a"), iri(f"{ID}moon"), iri(f"{ID}vostok-1")))
    assert items(answer, LINKS) == ["Q182524"]
    assert items(table("qid x", (text("Q5"), iri(f"{ID}vostok-1"))), LINKS) == ["Q5"]


def test_no_link_and_no_column_are_told() -> None:
    with pytest.raises(UsageError, match="No column of the answer leads to Wikidata"):
        items(table("mission", (iri(f"{ID}moon"),)), LINKS)
    with pytest.raises(UsageError, match="has no 'crew'; it has: n, mission, person, wikidata"):
        items(MISSIONS, LINKS, "crew")


def test_nothing_asked_for_is_nothing_found() -> None:
    assert items(table("mission"), LINKS) == []


def column(property_: str, *qids: str) -> list[object]:
    answer = table("row", *((text(qid),) for qid in qids))
    return enrich(answer, qids, read_snapshot(SNAPSHOT), [property_]).column(property_)


@pytest.mark.parametrize(
    ("property_", "qid", "shown"),
    [
        ("P27", "Q7327", "Soviet Union"),
        ("P1029", "Q43653", "Neil Armstrong; Michael Collins"),
        ("P570", "Q170842", "1966-01-14"),  # the preferred one of three
        ("P569", "Q170842", "1906-12-30 (Julian)"),
        ("P7588", "Q256608", "1967-10"),
        ("P2067", "Q182524", "4725 kilogram"),
        ("P1476", "Q256608", "Treaty on Principles Governing the Activities of States"),
        ("P625", "Q43653", "0.6741,23.473"),
        ("P19", "Q7327", "(unknown)"),
        ("P18", "Q7327", "A portrait, 1961.jpg"),
        ("P856", "Q43653", None),
        ("P31", "Q219857", "space program"),  # merged into another item
        ("P31", "Q1159927", None),  # deleted
        ("P31", "Q1", None),  # not in the snapshot
        ("P31", "", None),
    ],
)
def test_value_is_shown_as_people_read_it(property_: str, qid: str, shown: str | None) -> None:
    assert column(property_, qid) == [shown]


def test_columns_are_added_once_and_in_order() -> None:
    found = enrich(MISSIONS, ["Q182524", ""], read_snapshot(SNAPSHOT), ["P619", "P1029", "P619"])
    assert found.columns == ["n", "mission", "person", "wikidata", "P619", "P1029"]
    assert [row[4:] for row in found] == [("1961-04-12", "Yuri Gagarin"), (None, None)]
    assert [row[:4] for row in found.terms] == MISSIONS.terms


def test_snapshot_must_hold_the_property() -> None:
    snapshot = Snapshot({"Q5": Item("Q5")}, "2026-11-22", "x", ["P31"])
    with pytest.raises(UsageError, match=r"fetched without P18.*snapshot --properties P31,P18"):
        enrich(table("row", (text("Q5"),)), ["Q5"], snapshot, ["P31", "P18"])


#
# The command
#

COMMAND = ("wikidata", "enrich", "missions", "--properties", "P1029,P619", "--format", "csv")
FOUND = (
    "http://www.wikidata.org/entity/Q182524,1961-04-12T06:07Z,1961-04-12T07:55Z,"
    "Yuri Gagarin,1961-04-12\n"
)
TOLD = "spacerace: 1 rows, 1 items of Wikidata of "


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the environment of somebody with the tiny graph."""
    folder = tmp_path_factory.mktemp("enrich")
    return {
        "SPACERACE_ROOT": str(make_root(folder / "root")),
        "SPACERACE_CACHE": str(folder / "cache"),
        "SPACERACE_CONTACT": CONTACT,
        "XDG_CONFIG_HOME": str(folder),
    }


def test_snapshot_server_and_api_give_the_same(home: dict[str, str], tmp_path: Path) -> None:
    from_file = run(*COMMAND, "--snapshot", str(SNAPSHOT), **home)
    with tiny_wikidata(tmp_path) as url:
        from_server = run(*COMMAND, "--endpoint", url, **home)
    with action_api() as api:
        from_api = run(*COMMAND, "--endpoint", api.url, **home)
        assert {asked.form["action"] for asked in api.asked} == {"wbgetentities"}
    for done in (from_file, from_server, from_api):
        assert done.stderr.startswith(TOLD)
        assert done.returncode == 0
        assert done.stdout == from_file.stdout
    head, row = from_file.stdout.splitlines(keepends=True)
    assert head.endswith(",wikidata,launchDate,landingDate,P1029,P619\n")
    assert row.endswith(FOUND)


def test_example_in_the_help_works() -> None:
    said = " ".join(run("wikidata", "enrich", "--help").stdout.split())
    example = said.partition("Example: spacerace ")[2].replace("wikidata.jsonl.gz", str(SNAPSHOT))
    done = run(*example.split(), "--format", "csv")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].endswith(",wikidata,birthDate,deathDate,P18,P856")


def test_item_that_is_not_in_the_snapshot_is_told(home: dict[str, str], tmp_path: Path) -> None:
    lines = SNAPSHOT.read_text("utf-8").replace('"items":25', '"items":24').splitlines()
    kept = [line for line in lines if '{"qid":"Q182524"' not in line]
    (tmp_path / "less.jsonl").write_text("\n".join(kept) + "\n", "utf-8")
    done = run(*COMMAND, "--snapshot", str(tmp_path / "less.jsonl"), **home)
    assert done.stderr == f"{TOLD}2026-11-22; 1 of them are not in the snapshot\n"
    assert done.stdout.endswith("1961-04-12T07:55Z,,\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missions", "--properties", "Q5"), "invalid list such as P18,P856 value: 'Q5'"),
        (("missions", "--properties", "P18;DROP"), "invalid list such as P18,P856 value"),
        (("missions", "--properties", ""), "invalid list such as P18,P856 value"),
        (("mission", "--properties", "P18"), "no question 'mission'. Did you mean 'missions'?"),
        (
            ("missions", "natoin=x", "--properties", "P18"),
            "no parameter 'natoin'; it takes: nation",
        ),
        (("missions", "nation", "--properties", "P18"), "'nation' is no param=value"),
        (("missions", "--column", "crew", "--properties", "P18"), "the answer has no 'crew'"),
    ],
)
def test_wrong_call_is_refused_before_anybody_is_asked(
    home: dict[str, str], arguments: tuple[str, ...], said: str
) -> None:
    done = run("wikidata", "enrich", *arguments, "--endpoint", "http://127.0.0.1:9/sparql", **home)
    assert (done.stdout, done.returncode) == ("", 2)
    assert said in done.stderr


def test_endpoint_that_is_not_there_is_an_outside_fault(home: dict[str, str]) -> None:
    done = run(*COMMAND, "--endpoint", "http://127.0.0.1:9/sparql", "--fresh", **home)
    assert (done.stdout, done.returncode) == ("", 3)
    assert "127.0.0.1:9" in done.stderr
