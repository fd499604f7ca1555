"""Questions where their examples end: every branch and edge, asked of a small graph by hand.

The graph is ``branches.ttl``. Each case is exact: the rows as people read them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spacerace_kg import KnowledgeGraph
from spacerace_kg.store import EmbeddedStore

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def small() -> KnowledgeGraph:
    """Return the small graph."""
    files = [HERE.parent / "ontology" / "spacerace.ttl", HERE / "branches.ttl"]
    return KnowledgeGraph(EmbeddedStore.in_memory(files))


def table(kg: KnowledgeGraph, name: str, *columns: str, **given: object) -> list[str]:
    """Return the rows of an answer, some of its columns joined by bars."""
    answer = kg.ask(name, **given)
    places = [answer.columns.index(column) for column in columns]
    return ["|".join(row[place] for place in places) for row in answer.texts()]


@pytest.mark.parametrize(
    ("within", "rows"),
    [
        ("1961", ["possibly|touching", "certainly|inside", "certainly|sharing",
                  "possibly|leaving"]),
        ("1961/..", ["possibly|touching", "certainly|inside", "certainly|sharing",
                     "certainly|leaving", "certainly|late"]),
        ("../1961", ["certainly|early", "certainly|touching", "certainly|inside",
                     "certainly|sharing", "possibly|leaving"]),
    ],
)  # fmt: skip
def test_a_launch_lies_certainly_or_possibly_in_an_interval(
    small: KnowledgeGraph, within: str, rows: list[str]
) -> None:
    assert table(small, "launches-within", "certainty", "mission", within=within) == rows


@pytest.mark.parametrize(
    ("within", "rows"),
    [
        ("1961", ["l-touching", "l-inside", "l-sharing", "l-leaving"]),
        ("1962/..", ["l-leaving", "l-late"]),
        ("../1960", ["l-early", "l-touching"]),
    ],
)
def test_events_that_may_fall_into_an_interval(
    small: KnowledgeGraph, within: str, rows: list[str]
) -> None:
    given = {"class": "Launch", "within": within}
    assert table(small, "events", "event", **given) == rows


def test_events_without_a_beginning_or_an_end_may_fall_into_an_interval(
    small: KnowledgeGraph,
) -> None:
    found = [table(small, "events", "event", **{"class": "Period", "within": within})
             for within in ("1955", "1961", "2001")]  # fmt: skip
    assert found == [["until"], [], ["since"]]


def test_what_lies_around_an_event_ends_with_the_last_second(small: KnowledgeGraph) -> None:
    assert table(small, "around", "event", "eventName", "daysAfter", centre="middle", days=2) == [
        "at-start|At the start|-2",
        "hours-before||-1",
        "at-end||2",
    ]


def test_a_biography_tells_everything_of_a_life(small: KnowledgeGraph) -> None:
    assert table(small, "biography", "date", "how", "entity", "what", person="person") == [
        "1901|was born|t-01|Birth",
        "1902|held the office|t-02|Office",
        "1903|was backup for|m-03|Flight 3",
        "1904|flew on|m-04|Flight 4",
        "1905|went up on|m-05|Flight 5",
        "1906|came down on|m-06|Flight 6",
        "1907|took part in|t-07|Meeting",
        "1908|acted in|t-08|Speech",
        "1909|held the first|first|First",
        "1910|signed|signed|Signed",
        "1911|negotiated|negotiated|Negotiated",
        "1912|died|t-12|Death",
    ]


def test_a_failed_launch_makes_nobody_the_first_of_a_nation(small: KnowledgeGraph) -> None:
    rows = table(small, "first-of-each-nation", "nationName", "person", "mission", "date")
    assert rows == ["One|person|m-05|1905"]


def test_what_led_to_what_over_every_relation_and_with_every_date(small: KnowledgeGraph) -> None:
    rows = table(small, "led-to", "effect", "date", start="start")
    assert rows == ["undated|", "dated|1971", "agreed|1972", "begun|1973", "flown|1974"]


def test_goals_are_met_in_time_to_the_last_second_of_their_deadline(small: KnowledgeGraph) -> None:
    columns = ("goal", "setByName", "set", "deadline", "metBy", "inTime", "goalOutcome")
    assert table(small, "goals", *columns) == [
        "goal-4|||1969|||",
        "goal-1|Person|1961|1969|on-time|yes|met",
        "goal-2||1972|1969|too-late|no|",
        "goal-3||1973||on-time||",
    ]
    assert table(small, "goals", "goal", nation="two") == ["goal-4", "goal-3"]


def test_a_variant_counts_for_its_model_and_a_shared_launch_once(small: KnowledgeGraph) -> None:
    columns = ("vehicle", "launches", "successes", "partialFailures", "failures")
    assert table(small, "launches-by-vehicle", *columns) == ["model|4|1|0|2", "other-model|1|0|1|0"]
    assert table(small, "launches-by-vehicle", *columns, within="1961") == ["model|2|1|0|0"]
    two = table(small, "launches-by-vehicle", *columns, nation="two")
    assert two == ["model|1|0|0|0", "other-model|1|0|1|0"]
    columns = ("vehicle", "year", "launches", "failures", "partialFailures")
    assert table(small, "launch-failures", *columns) == [
        "model|1960|2|2|0",
        "model|1961|1|0|0",
        "other-model|1962|1|0|1",
    ]


@pytest.mark.parametrize(
    ("identifier", "properties"),
    [("A", ["cosparId"]), ("B", ["satcatNumber"]), ("C", ["gcatTag"]), ("D", ["gcatCode"]),
     ("E", ["nssdcId"]), ("F", ["viafId"]), ("G", ["gndId"]), ("H", []), ("Q1", ["qid"]),
     ("Q2", [])],
)  # fmt: skip
def test_an_identifier_of_every_kind_is_found(
    small: KnowledgeGraph, identifier: str, properties: list[str]
) -> None:
    rows = table(small, "find", "entity", "entityName", "property", identifier=identifier)
    assert rows == [f"known|Known|sr:{name}" for name in properties]


def test_a_spacewalk_lasts_as_stated_or_from_start_to_end(small: KnowledgeGraph) -> None:
    assert table(small, "spacewalks", "event", "start", "end", "durationSeconds") == [
        "w-1|1965-01-01 08:00:00|1965-01-01 08:10:05|605",
        "w-2|1965-01-02 08:00:00|1965-01-02 08:10:59|600",
        "w-3|1965-01-03 08:00:00||",
        "w-4|||",
        "w-5|||700",
    ]


def test_rates_of_success_by_vehicle_and_decade(small: KnowledgeGraph) -> None:
    columns = ("vehicle", "decade", "launches", "successes", "partialFailures", "failures")
    rates = (*columns, "successPercent")
    every = ["model|1960s|3|1|0|2|33", "other-model|1960s|1|0|1|0|0"]
    assert table(small, "success-rates", *rates) == every
    assert table(small, "success-rates", *rates, nation="two") == every[1:]
    assert table(small, "success-rates", *rates, within="1961") == ["model|1960s|1|1|0|0|100"]
    assert table(small, "success-rates", *rates, within="1962/..") == every[1:]


def test_launches_and_payloads_of_each_year(small: KnowledgeGraph) -> None:
    columns = ("year", "launching", "launches", "successes", "partialFailures", "failures")
    years = ["1960|one|2|0|0|2", "1961|one|1|1|0|0", "1961|two|1|0|0|0", "1962|two|1|0|1|0"]
    assert table(small, "launches-per-year", *columns, within="1960/1969") == years
    assert table(small, "launches-per-year", *columns, within="1961") == years[1:3]
    columns = ("year", "launches", "payloads", "perHundred", "most")
    years = ["1960|2|2|100|1", "1961|2|3|150|2", "1962|1|1|100|1"]
    assert table(small, "payloads-per-launch", *columns, within="1960/1969") == years
    assert table(small, "payloads-per-launch", *columns, within="1961") == years[1:2]
    one = table(small, "payloads-per-launch", *columns, nation="one")
    assert one == ["1960|2|2|100|1", "1961|1|2|200|2"]


def graph_of_rule(folder: Path, name: str, class_: str, more: str) -> KnowledgeGraph:
    """Return the bad graph of a rule with more said of each subject of a class."""
    text = (HERE / "checks" / f"{name}.ttl").read_text("utf-8")
    for subject in re.findall(rf"^(id:\S+) a sr:{class_} ", text, re.MULTILINE):
        text += f"{subject} {more.format(subject[3:])} .\n"
    (folder / "graph.ttl").write_text(text, "utf-8")
    files = [HERE.parent / "ontology" / "spacerace.ttl", folder / "graph.ttl"]
    return KnowledgeGraph(EmbeddedStore.in_memory(files))


LABEL = '<http://www.w3.org/2000/01/rdf-schema#label> "{}"@en'


def test_recomputed_firsts_judge_as_the_rule_does(tmp_path: Path) -> None:
    kg = graph_of_rule(tmp_path, "first-disagrees", "First", LABEL)
    rows = table(kg, "recomputed-firsts", "first", "verdict", "claimed", "computed")
    assert rows == [
        "good|agrees|early|early",
        "good-13|agrees|twin|early",
        "bad-1|disagrees|late|early",
        *(f"good-{n}|agrees|late|late" for n in (10, 11, 12, 14)),
        "good-15|not computable|late|",
        *(f"good-{n}|agrees|late|late" for n in range(2, 10)),
    ]


def test_completeness_counts_as_the_rule_does(tmp_path: Path) -> None:
    more = f'{LABEL} ; sr:criterion "All."@en . id:interval sr:date "1961"'
    kg = graph_of_rule(tmp_path, "completeness-differs", "Completeness", more)
    assert table(kg, "completeness", "statement", "verdict", "expected", "counted", "within") == [
        "bad-1|differs|3|2|1961",
        "bad-3|differs|2|3|1961",
        "bad-4|differs|1|2|1961",
        "bad-5|differs|2|1|1961",
        "good|complete|2|2|1961",
        "good-2|complete|3|3|1961",
        "good-3|complete|2|2|1961",
        "good-4|complete|1|1|1961",
        "good-5|complete|1|1|1961",
        "good-6|complete|1|1|1961",
        "good-7|complete|0|0|1961",
        "good-8|complete|1|1|1961",
    ]
