"""``spacerace wikidata check``: what has become of the items that we link, and what to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import CHECKOUT, environment, make_root, run
from wikidata_server import CONTACT, LINKED, SNAPSHOT, action_api, tiny_wikidata

import spacerace_kg
from spacerace_kg.dates import interval
from spacerace_kg.wikidata import alignment
from spacerace_kg.wikidata.check import Check, alike, gap, wikidata_classes
from spacerace_kg.wikidata.endpoint import Endpoint
from spacerace_kg.wikidata.fetching import fetch
from spacerace_kg.wikidata.items import GREGORIAN, Item, Snapshot, Statement, Value
from spacerace_kg.wikidata.ours import Ours
from spacerace_kg.wikidata.service import Service
from spacerace_kg.wikidata.snapshots import read_snapshot, write_snapshot

TABLE = "graph/facts/wikidata.sssom.tsv"
FOUND = f"""\
entity,name,item,relation,problem,ours,theirs,remedy\r
https://w3id.org/spacerace/id/apollo-12,Apollo 12,http://www.wikidata.org/entity/Q188433,exact,\
label,Apollo 12,Yankee Clipper,"See if the item still means the same; if so, add one name to the \
other's aliases."\r
https://w3id.org/spacerace/id/luna-2,Luna 2,http://www.wikidata.org/entity/Q1159927,exact,\
deleted,Q1159927,,"Look for another item; link that one in {TABLE}, or remove the row."\r
https://w3id.org/spacerace/id/neil-armstrong,Neil Armstrong,http://www.wikidata.org/entity/Q1615,\
exact,date,birth 1930-08-05,P569 1940-08-05,"Most likely another thing: look at it, and correct or \
remove the row."\r
https://w3id.org/spacerace/id/sputnik-1,Sputnik 1,http://www.wikidata.org/entity/Q80811,exact,\
class,"Mission, UncrewedMission",human (Q5),"It is a Person in our terms: look at it, and correct \
or remove the row."\r
https://w3id.org/spacerace/id/zond-programme,Zond programme,http://www.wikidata.org/entity/Q219857,\
exact,merged,Q219857,Q80884193 (Zond programme),"Make the row of Q80884193 exact and remove this \
one, in {TABLE}."\r
"""


def test_the_snapshot_is_checked() -> None:
    done = run("wikidata", "check", "--snapshot", str(SNAPSHOT), "--format", "csv")
    assert done.stdout == FOUND.replace("\r\n", "\n")
    assert done.returncode == 1
    links = len(Ours(spacerace_kg.connect()).linked())
    assert done.stderr == (
        f"spacerace: {links - 15:,} of {links:,} links are not in the snapshot\n"
        "spacerace: 5 links to look at, by Wikidata of 2026-11-22\n"
    )


def test_the_live_service_and_sparql_give_the_same(tmp_path: Path) -> None:
    ours = Ours(spacerace_kg.connect())
    links = [(link.entity, link.qid) for link in ours.linked() if link.qid in LINKED]
    expected = Check(ours, read_snapshot(SNAPSHOT), CHECKOUT).findings(links)
    problems = [finding.problem for finding in expected]
    assert problems == ["label", "deleted", "date", "class", "merged"]
    wanted = alignment.properties(alignment.read(CHECKOUT))
    with action_api() as server, tiny_wikidata(tmp_path) as url:
        for source in (Service(server.url, CONTACT), Endpoint(url, CONTACT)):
            made = fetch(source, LINKED, wanted)
            assert Check(ours, made, CHECKOUT).findings(links) == expected


def test_the_command_asks_the_endpoint_that_is_named(tmp_path: Path) -> None:
    with action_api() as server:
        done = run(
            "wikidata", "check", "--endpoint", server.url, "--negative",
            SPACERACE_ROOT=str(make_root(tmp_path / "root")),
            SPACERACE_CACHE=str(tmp_path / "cache"), SPACERACE_CONTACT=CONTACT,
        )  # fmt: skip
        assert server.asked[0].form["ids"] == "Q7327|Q15180|Q182524"
    assert done.returncode == 0
    assert done.stderr.startswith("spacerace: 0 links to look at, by Wikidata of 20")


def test_good_links_are_nothing_to_tell_of() -> None:
    done = run("wikidata", "check", "vostok-1", "yuri-gagarin", "--snapshot", str(SNAPSHOT))
    assert done.returncode == 0
    names = ["entity", "name", "item", "relation", "problem", "ours", "theirs", "remedy"]
    assert done.stdout.split() == [*names, *("-" * len(name) for name in names)]
    assert done.stderr == "spacerace: 0 links to look at, by Wikidata of 2026-11-22\n"


def test_a_snapshot_without_dates_is_told_of(tmp_path: Path) -> None:
    tiny = read_snapshot(SNAPSHOT)
    tiny.properties = (
        "P31",
        "P569",
        "P570",
        "P571",
        "P576",
        "P580",
        "P582",
        "P585",
        "P619",
        "P620",
    )
    write_snapshot(tmp_path / "s.jsonl", tiny)
    done = run("wikidata", "check", "vostok-1", "--snapshot", str(tmp_path / "s.jsonl"))
    wanted = Check(Ours(spacerace_kg.connect()), tiny, CHECKOUT).dates()
    without = ", ".join(p for p in wanted if p not in tiny.properties)
    assert "P622" in without
    assert done.returncode == 0
    assert done.stderr == (
        f"spacerace: dates are not checked by {without}: the snapshot was fetched without\n"
        "spacerace: 0 links to look at, by Wikidata of 2026-11-22\n"
    )


def test_a_wrong_call_is_told_of(tmp_path: Path) -> None:
    done = run("wikidata", "check", "vostok1", "--snapshot", str(SNAPSHOT))
    assert done.returncode == 2
    assert done.stderr.startswith("spacerace: 'vostok1' is the id of no linked entity. Did you")
    done = run("wikidata", "check", "--snapshot", "a", "--endpoint", "b")
    assert done.returncode == 2
    assert "--endpoint: not allowed with argument --snapshot" in done.stderr
    none = tmp_path / "none.jsonl"
    done = run("wikidata", "check", "--snapshot", str(none))
    assert done.returncode == 2
    assert done.stderr == f"spacerace: {none} cannot be read: No such file or directory.\n"
    none.write_text("{}\n")
    done = run("wikidata", "check", "--snapshot", str(none))
    assert done.returncode == 1
    assert done.stderr.startswith(f"spacerace: {none}:1: this is no snapshot of Wikidata.")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ours]:
    """Give the tiny graph: vostok-1 is Q182524 and not Q7327, yuri-gagarin is Q7327."""
    root = make_root(tmp_path_factory.mktemp("tiny") / "root")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACERACE_ROOT", str(root))
        patch.setenv("SPACERACE_CACHE", str(root.parent / "cache"))
        yield Ours(spacerace_kg.connect())


def said(ours: Ours, entity: str, qid: str, *items: Item) -> list[tuple[str, ...]]:
    """Return what a check of one link says, if these items are what Wikidata holds."""
    tiny = read_snapshot(SNAPSHOT)
    snapshot = Snapshot({**tiny.items, **{item.qid: item for item in items}}, "2026-11-22", "")
    found = Check(ours, snapshot, CHECKOUT).findings([(entity, qid)])
    return [(f.problem, f.ours, f.theirs, f.remedy) for f in found]


def item(qid: str, label: str = "Vostok 1", **statements: Value) -> Item:
    made = {p: [Statement(f"{qid}$a", p, value)] for p, value in statements.items()}
    return Item(qid, 1, "", {"en": label} if label else {}, {}, made)


FLIGHT, HUMAN = Value("item", "Q752783"), Value("item", "Q5")


def moment(text: str, precision: int = 11) -> Value:
    return Value("time", f"+{text}T00:00:00Z", precision, GREGORIAN)


def test_a_good_item_is_good(ours: Ours) -> None:
    assert said(ours, "vostok-1", "Q182524") == []
    assert said(ours, "yuri-gagarin", "Q7327") == []
    assert said(ours, "soviet-union", "Q15180") == []
    assert said(ours, "vostok-1", "Q7327") == []  # a negative link is good as long as it differs
    assert said(ours, "vostok-1", "Q182524", item("Q182524", P31=FLIGHT)) == []


MERGED = [
    ("vostok-1", "Q182524", "Q43653",
     f"Write wd:Q43653 for wd:Q182524 in {TABLE}."),
    ("vostok-1", "Q182524", "Q7327",
     "Q7327 is kept away by a negative row: see which of the two rows is wrong."),
    ("soviet-union", "Q15180", "Q7327",
     "Q7327 is the exact item of yuri-gagarin too: make one of the two close."),
    ("vostok-1", "Q7327", "Q182524",
     f"Remove the negative row from {TABLE}; what it kept apart is now one item."),
    ("vostok-1", "Q7327", "Q43653", f"Remove the negative row from {TABLE}, or move it."),
]  # fmt: skip


@pytest.mark.parametrize(("entity", "qid", "target", "remedy"), MERGED)
def test_a_merged_item_has_its_remedy(
    ours: Ours, entity: str, qid: str, target: str, remedy: str
) -> None:
    label = read_snapshot(SNAPSHOT).label(target)
    first, *_ = said(ours, entity, qid, Item(qid, redirect=target))
    assert first == ("merged", qid, f"{target} ({label})", remedy)


def test_what_an_item_was_merged_into_is_looked_at_too(ours: Ours) -> None:
    found = said(ours, "vostok-1", "Q182524", Item("Q182524", redirect="Q7327"))
    assert [problem for problem, *_ in found] == ["merged", "class", "label"]


def test_a_deleted_item_has_its_remedy(ours: Ours) -> None:
    assert said(ours, "vostok-1", "Q182524", Item("Q182524", missing=True)) == [
        ("deleted", "Q182524", "",
         f"Look for another item; link that one in {TABLE}, or remove the row.")
    ]  # fmt: skip
    assert said(ours, "vostok-1", "Q7327", Item("Q7327", missing=True)) == [
        ("deleted", "Q7327", "", f"Remove its row from {TABLE}.")
    ]


@pytest.mark.parametrize(
    ("value", "theirs", "remedy"),
    [
        (HUMAN, "human (Q5)",
         "It is a Person in our terms: look at it, and correct or remove the row."),
        (Value("item", "Q11570"), "kilogram (Q11570)",
         "See if that is right; if so, match the class in ontology/alignments.ttl."),
        (Value("somevalue"), "", "The item has no class (P31): give it one there."),
    ],
)  # fmt: skip
def test_an_item_of_another_class_is_told_of(
    ours: Ours, value: Value, theirs: str, remedy: str
) -> None:
    found = said(ours, "vostok-1", "Q182524", item("Q182524", P31=value))
    assert found == [("class", "CrewedMission, Mission", theirs, remedy)]


def test_the_nearest_class_is_named(ours: Ours) -> None:
    """Above a programme there may be an occurrence; it is a programme first."""
    above = Statement("Q60054001$a", "P279", Value("item", "Q1190554"))
    programme = Item("Q60054001", labels={"en": "space program"}, statements={"P279": [above]})
    kind = Value("item", "Q60054001")
    ((_, _, _, remedy),) = said(ours, "vostok-1", "Q182524", item("Q182524", P31=kind), programme)
    assert remedy.startswith("It is a Programme in our terms")


def test_one_item_for_flight_and_craft_is_good(ours: Ours) -> None:
    craft = item("Q182524", P31=Value("item", "Q26540"))
    assert said(ours, "vostok-1", "Q182524", craft) == []


def test_an_item_of_another_name_is_told_of(ours: Ours) -> None:
    far = item("Q182524", "Vostok 2", P31=FLIGHT)
    remedy = "See if the item still means the same; if so, add one name to the other's aliases."
    assert said(ours, "vostok-1", "Q182524", far) == [("label", "Vostok 1", "Vostok 2", remedy)]
    russian = item("Q182524", "", P31=FLIGHT)._replace(labels={"ru": "Восток-1"})
    assert said(ours, "vostok-1", "Q182524", russian) == []
    alias = far._replace(aliases={"en": ["Sputnik 11"]})
    assert said(ours, "vostok-1", "Q182524", alias) == []
    assert said(ours, "vostok-1", "Q182524", item("Q182524", "", P31=FLIGHT)) == [
        ("label", "Vostok 1", "", "The item has no label in English or Russian: add one there.")
    ]


@pytest.mark.parametrize(
    ("theirs", "far"),
    [
        (moment("1961-04-12"), False),
        (moment("1962-04-12"), False),  # a conflict is for `compare`
        (moment("1962-04-15"), True),
        (moment("1960-04-10"), True),
        (moment("1962-00-00", 9), False),
        (moment("1963-00-00", 9), True),
        (moment("1969-00-00", 8), False),
        (moment("1970-00-00", 8), True),
        (Value("time", "-0044-03-15T00:00:00Z", 11, GREGORIAN), False),
        (Value("somevalue"), False),
    ],
)
def test_dates_are_far_if_more_than_a_year_apart(ours: Ours, theirs: Value, far: bool) -> None:
    found = said(ours, "vostok-1", "Q182524", item("Q182524", P31=FLIGHT, P619=theirs))
    remedy = "Most likely another thing: look at it, and correct or remove the row."
    shown = "P619 " + theirs.text[1:].partition("T")[0].replace("-00", "")
    expected = [("date", "launch 1961-04-12T06:07Z", shown, remedy)]
    assert found == (expected if far else [])


def test_one_near_date_is_enough(ours: Ours) -> None:
    dates = {"P619": moment("1999-01-01"), "P580": moment("1961-04-12")}
    assert said(ours, "vostok-1", "Q182524", item("Q182524", P31=FLIGHT, **dates)) == []


def test_only_an_exact_link_promises_class_names_and_dates(ours: Ours) -> None:
    other = item("Q15180", "Kilogram", P31=HUMAN, P571=moment("1066-10-14"))
    assert ours.links["soviet-union"]["Q15180"] == "close"
    assert said(ours, "soviet-union", "Q15180", other) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Yuri Gagarin", "Gagarin, Jurij Aleksejevič", True),
        ("Юрий Гагарин", "Yuri Gagarin", True),
        ("Apollo 11", "Apollo 12", False),
        ("Apollo 11", "Apollo 12|Apollo", False),
        ("Apollo 11|Apollo", "Apollo 12", False),
        ("Apollo 11|AS-506", "Columbia 506|AS 506", True),
        ("Apollo 11", "Apollo", True),
        ("Vostok-K 8K72K", "Vostok-K", True),
        ("Apollo 11", "AS-506 Apollo 11", True),
        ("Apollo 08", "Apollo 8", True),
        ("Luna 2", "Lunik 2", False),
        ("Eagle", "LM-5", False),
        ("1961", "1961", True),
        ("1961", "1962", False),
        ("Neil Armstrong", "Louis Armstrong", True),
        ("N1", "N-1", True),
        ("", "Vostok", False),
        ("Ли", "Li", True),
    ],
)
def test_names_are_alike_if_a_word_is_shared_and_no_number_parts_them(
    one: str, other: str, expected: bool
) -> None:
    assert alike(one.split("|"), other.split("|")) is expected
    assert alike(other.split("|"), one.split("|")) is expected


def test_intervals_that_touch_are_not_apart() -> None:
    assert gap(interval("1961"), interval("1961-04")).days == 0
    assert gap(interval("1961"), interval("1963")).days == 365
    assert gap(interval("1963"), interval("1961")).days == 365
    assert gap(interval("../1960"), interval("1961-01-01")).total_seconds() <= 1


def test_the_classes_come_from_the_alignment() -> None:
    classes = wikidata_classes(CHECKOUT)
    assert classes["Person"] == {"Q5"}
    assert {"Q2133344", "Q5916"} <= classes["Mission"]
    assert "launch" not in classes


def test_a_link_that_was_not_fetched_is_passed_over(ours: Ours, tmp_path: Path) -> None:
    write_snapshot(tmp_path / "s.jsonl", Snapshot({}, "2026-11-22", ""))
    empty = read_snapshot(tmp_path / "s.jsonl")
    assert Check(ours, empty, CHECKOUT).findings([("vostok-1", "Q182524")]) == []


@pytest.mark.parametrize("package", ["rapidfuzz", "anyascii"])
def test_what_is_not_installed_is_told_of(package: str) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from spacerace_kg.cli import main\n"
        f"sys.exit(main(['wikidata', 'check', '--snapshot', {str(SNAPSHOT)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"spacerace: {package} is not installed. Install it: pip install 'spacerace-kg[wikidata]'\n"
    )
