"""Items of Wikidata: values, calendars, ranks, and the snapshot file that keeps them."""

from __future__ import annotations

import contextlib
import copy
import gzip
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wikidata_server import SNAPSHOT, entity

from spacerace_kg import DataError, UsageError
from spacerace_kg.wikidata.calendars import gregorian, julian, time_value
from spacerace_kg.wikidata.items import (
    GREGORIAN,
    JULIAN,
    Item,
    Snapshot,
    Statement,
    Value,
    is_pid,
    is_qid,
    ordered,
)  # fmt: skip
from spacerace_kg.wikidata.replies import coordinate, quantity, read_entities
from spacerace_kg.wikidata.snapshots import item_line, read_item, read_snapshot, write_snapshot

# Either side of each leap day that only the Julian calendar has, and of the calendar's beginning.
CALENDARS = [
    ("+1582-10-05", "+1582-10-15"),
    ("+1700-02-28", "+1700-03-10"),
    ("+1700-02-29", "+1700-03-11"),
    ("+1700-03-01", "+1700-03-12"),
    ("+1857-09-05", "+1857-09-17"),
    ("+1900-02-28", "+1900-03-12"),
    ("+1900-02-29", "+1900-03-13"),
    ("+1900-03-01", "+1900-03-14"),
    ("+1906-12-30", "+1907-01-12"),
    ("+1917-10-25", "+1917-11-07"),
    ("+1999-12-19", "+2000-01-01"),
    ("+0200-03-01", "+0200-03-01"),
    ("+0100-03-01", "+0100-02-28"),
]


def day(text: str, precision: int = 11) -> Value:
    return Value("time", f"{text}T00:00:00Z", precision, JULIAN)


@pytest.mark.parametrize(("old", "new"), CALENDARS)
def test_a_day_in_one_calendar_is_a_day_in_the_other(old: str, new: str) -> None:
    assert gregorian(day(old)) == f"{new}T00:00:00Z"
    assert julian(day(new)) == f"{old}T00:00:00Z"


def test_days_throughout_four_centuries_come_back() -> None:
    start = date(1600, 1, 1)
    before = ""
    for n in range(0, 146097, 11):
        text = (start + timedelta(n)).strftime("+%Y-%m-%d")
        there = julian(day(text))
        assert there > before
        before = there
        assert gregorian(Value("time", there, 11, JULIAN)) == f"{text}T00:00:00Z"


def test_what_is_no_day_of_our_era_is_left_as_it_is() -> None:
    for text, precision in [
        ("+1907-01-00", 10), ("+1907-00-00", 9), ("-0044-03-15", 11), ("+10000-01-01", 11),
        ("+0001-01-01", 11), ("+9999-01-01", 11), ("+1907-13-01", 11), ("+1907-01-00", 11),
    ]:  # fmt: skip
        value = day(text, precision)
        assert gregorian(value) == julian(value) == value.text
    assert gregorian(Value("time", "+1907-01-12T00:00:00Z", 11, GREGORIAN)).startswith("+1907-01")
    assert julian(day("+1907-02-31")) == "+1907-02-31T00:00:00Z"


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        (7, "+1961-00-00T00:00:00Z"),
        (9, "+1961-00-00T00:00:00Z"),
        (10, "+1961-04-00T00:00:00Z"),
        (11, "+1961-04-12T00:00:00Z"),
        (14, "+1961-04-12T06:07:08Z"),
    ],
)
def test_a_time_shows_nothing_finer_than_its_precision(precision: int, text: str) -> None:
    value = time_value("+1961-04-12T06:07:08Z", precision, GREGORIAN)
    assert value == Value("time", text, precision, GREGORIAN)


@pytest.mark.parametrize(
    ("text", "precision", "calendar"),
    [
        ("1961-04-12T00:00:00Z", 11, GREGORIAN),
        ("+1961-04-12", 11, GREGORIAN),
        ("+1961-04-12T00:00:00+03:00", 11, GREGORIAN),
        ("+١٩٦١-04-12T00:00:00Z", 11, GREGORIAN),
        ("+12345678901234567-04-12T00:00:00Z", 11, GREGORIAN),
        ("+1961-04-12T00:00:00Z\n", 11, GREGORIAN),
        ("+1961-04-12T00:00:00Z", 15, GREGORIAN),
        ("+1961-04-12T00:00:00Z", -1, GREGORIAN),
        ("+1961-04-12T00:00:00Z", 11, "Gregorian"),
    ],
)
def test_what_is_no_time_is_refused(text: str, precision: int, calendar: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        time_value(text, precision, calendar)


def test_amounts_are_written_in_one_way() -> None:
    kilogram = "http://www.wikidata.org/entity/Q11570"
    assert quantity("+4725", kilogram) == Value("quantity", "4725", unit="Q11570")
    assert quantity("4725.50", "1").text == "4725.5"
    assert quantity("+4.7E+3", "Q199") == Value("quantity", "4700")
    assert quantity("-0.10", "1").text == "-0.1"
    assert quantity("+100", "1").text == "100"
    for amount in ("many", "NaN", "Infinity", "1E+999999999", "1E-99999"):
        with pytest.raises(ValueError, match="is no amount"):
            quantity(amount, "1")


def test_points_are_checked_for_their_range() -> None:
    moon = "http://www.wikidata.org/entity/Q405"
    assert coordinate(0.6741, 23.473, moon) == Value("coordinate", "0.6741,23.473", unit="Q405")
    for latitude, longitude in [(90.1, 0.0), (0.0, 361.0), (float("nan"), 0.0)]:
        with pytest.raises(ValueError, match="is no point"):
            coordinate(latitude, longitude, moon)


def test_ids_are_ids_to_the_last_character() -> None:
    texts = ("Q1", "Q0", "q1", "Q1\n", "Q１", "Q1 ", "P1", "Q1234567890123")
    assert [text for text in texts if is_qid(text)] == ["Q1"]
    assert [t for t in ("P1", "P0", "P1;", "Q1", "P1234567890") if is_pid(t)] == ["P1"]


def test_the_best_statements_are_the_preferred_or_else_the_normal_ones() -> None:
    def made(*ranks: str) -> Item:
        said = [
            Statement(f"Q1$a{n}", "P570", Value("item", f"Q{n + 1}"), r)
            for n, r in enumerate(ranks)
        ]
        return Item("Q1", statements={"P570": said})  # fmt: skip

    assert made("normal", "preferred", "deprecated", "preferred").qids("P570") == ["Q2", "Q4"]
    assert made("normal", "deprecated", "normal").qids("P570") == ["Q1", "Q3"]
    assert made("deprecated").qids("P570") == []
    assert made().best("P569") == []


def test_a_snapshot_follows_redirects_and_climbs_to_the_classes_above() -> None:
    tiny = read_snapshot(SNAPSHOT)
    assert tiny.date == "2026-11-22"
    merged = tiny.get("Q219857")
    assert merged is not None
    assert merged.qid == "Q80884193"
    assert tiny.get("Q1") is None
    assert tiny.classes("Q43653") == {"Q752783", "Q5916"}
    assert tiny.classes("Q219857") == {"Q60054001"}
    assert tiny.classes("Q1") == set()
    assert tiny.label("Q7327") == "Yuri Gagarin"
    assert tiny.label("Q104859") == "Michael Collins"  # for every language
    assert tiny.label("Q7327", "ru") == "Гагарин, Юрий Алексеевич"
    assert tiny.label("Q1") == "Q1"


def test_classes_in_a_circle_end_somewhere() -> None:
    def kind(qid: str, above: str) -> Item:
        return Item(qid, statements={"P279": [Statement("a", "P279", Value("item", above))]})

    items = {"Q1": kind("Q1", "Q2"), "Q2": kind("Q2", "Q1")}
    assert Snapshot(items, "2026-11-22", "").above(["Q1"]) == {"Q1", "Q2"}


def test_a_snapshot_comes_back_as_it_was_and_is_the_same_bytes(tmp_path: Path) -> None:
    tiny = read_snapshot(SNAPSHOT)
    tiny.items = dict(reversed(tiny.items.items()))
    write_snapshot(tmp_path / "a.jsonl", tiny)
    assert (tmp_path / "a.jsonl").read_bytes() == SNAPSHOT.read_bytes()
    for name in ("b.jsonl.gz", "c.jsonl.gz"):
        write_snapshot(tmp_path / name, tiny)
    packed = (tmp_path / "b.jsonl.gz").read_bytes()
    assert packed == (tmp_path / "c.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == SNAPSHOT.read_bytes()
    assert read_snapshot(tmp_path / "b.jsonl.gz").items == tiny.items
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.jsonl", "b.jsonl.gz", "c.jsonl.gz",
    ]  # fmt: skip


def test_any_text_keeps_to_its_line() -> None:
    text = 'a\u2028b\x85c\r\nd\te\\"f \U0001f680'
    item = Item("Q1", labels={"en": text}, aliases={"ru": [text, "я"]})
    line = item_line(item)
    assert len(line.splitlines()) == 1
    assert read_item(line, "here") == item


def test_a_precision_of_nought_is_kept() -> None:
    value = Value("time", "+1000000000-00-00T00:00:00Z", 0, GREGORIAN)
    item = Item("Q1", statements={"P585": [Statement("Q1$a", "P585", value)]})
    assert read_item(item_line(item), "here") == item


def test_the_order_in_which_things_came_leaves_no_trace() -> None:
    a, b = Value("item", "Q1"), Value("item", "Q2")

    def made(*values: Value) -> Item:
        snaks = {"P20": list(values), "P3": [a]}
        references = [{"P248": [value]} for value in values]
        said = [Statement(f"Q9$a{v.text}", "P1", v, "normal", snaks, references) for v in values]
        return Item("Q9", aliases={"en": [v.text for v in values]}, statements={"P1": said})

    assert item_line(ordered(made(a, b))) == item_line(ordered(made(b, a)))
    assert item_line(made(a, b)) != item_line(made(b, a))


HEADER = {"format": "spacerace wikidata snapshot 1", "date": "2026-11-22", "endpoint": "e",
          "properties": [], "items": 1}  # fmt: skip
ITEM = {
    "qid": "Q1",
    "statements": {"P31": [{"id": "Q1$a", "value": {"kind": "item", "text": "Q5"}}]},
}


def damaged(change: object, *path: str | int) -> str:
    """Return the item's line with something else in one place."""
    made = json.loads(json.dumps(ITEM))
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = change
    return json.dumps(made)


NO_HEADER = "1: this is no snapshot of Wikidata. Make one: spacerace wikidata snapshot"
FETCH = "Fetch the snapshot again."


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], NO_HEADER),
        (["[]"], NO_HEADER),
        (["{}"], NO_HEADER),
        (["[" * 100_000], NO_HEADER),
        ([json.dumps({**HEADER, "items": None})], NO_HEADER),
        ([json.dumps({**HEADER, "format": "spacerace wikidata snapshot 2"})], NO_HEADER),
        ([HEADER], "1: the snapshot holds 0 items where its header says 1: it is cut off, or was "
         "edited. Fetch it again."),
        ([HEADER, ITEM, ITEM], "3: Q1 stands here twice. Remove one line."),
        ([HEADER, "[]"], f"2: this is no item ('list' object has no attribute 'get'). {FETCH}"),
        ([HEADER, "{}"], f"2: this is no item (KeyError: 'qid'). {FETCH}"),
        ([HEADER, "[" * 100_000], None),
        ([HEADER, damaged("Q0", "qid")],
         f"2: this is no item ('Q0' is no id of Wikidata). {FETCH}"),
        ([HEADER, damaged(5, "labels")],
         f"2: this is no item ('int' object has no attribute 'items'). {FETCH}"),
        ([HEADER, damaged({"en": 5}, "labels")], f"2: this is no item (5 is no text). {FETCH}"),
        ([HEADER, damaged("soso", "statements", "P31", 0, "rank")],
         f"2: this is no item ('soso' is none of preferred, normal, deprecated). {FETCH}"),
        ([HEADER, damaged("soso", "statements", "P31", 0, "value", "kind")],
         "2: this is no item ('soso' is none of item, time, string, quantity, coordinate, "
         f"monolingual, novalue, somevalue). {FETCH}"),
        ([HEADER, damaged("Sputnik", "statements", "P31", 0, "value", "text")],
         f"2: this is no item ('Sputnik' is no id of Wikidata). {FETCH}"),
        ([HEADER, damaged(11, "statements", "P31", 0, "value", "precision")],
         f"2: this is no item (a precision, and no time). {FETCH}"),
        ([HEADER, damaged({"kind": "time", "text": "1961"}, "statements", "P31", 0, "value")],
         f"2: this is no item (KeyError: 'precision'). {FETCH}"),
        ([HEADER, damaged("Q7\n", "redirect")],
         f"2: this is no item ('Q7\\n' is no id of Wikidata). {FETCH}"),
    ],
)  # fmt: skip
def test_a_damaged_snapshot_is_refused_with_its_line(
    tmp_path: Path, lines: list[object], told: str | None
) -> None:
    path = tmp_path / "s.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts))
    with pytest.raises(DataError) as caught:
        read_snapshot(path)
    if told is None:
        assert str(caught.value).startswith(f"{path}:2: this is no item (maximum recursion")
    else:
        assert str(caught.value) == f"{path}:{told}"


def test_a_snapshot_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(SNAPSHOT.read_bytes()[:-1])
    with pytest.raises(
        DataError, match=r"s\.jsonl:26: the file is damaged \(the line does not end"
    ):
        read_snapshot(path)
    packed = tmp_path / "s.jsonl.gz"
    packed.write_bytes(gzip.compress(SNAPSHOT.read_bytes())[:-20])
    with pytest.raises(DataError, match=r"s\.jsonl\.gz:\d+: the file is damaged"):
        read_snapshot(packed)
    packed.write_bytes(b"no gzip")
    with pytest.raises(DataError, match=r"s\.jsonl\.gz:0: the file is damaged"):
        read_snapshot(packed)
    path.write_bytes(b"\xff\xfe\n")
    with pytest.raises(DataError, match=r"s\.jsonl:1: the file is damaged"):
        read_snapshot(path)
    with pytest.raises(UsageError, match=r"none\.jsonl cannot be read: No such file"):
        read_snapshot(tmp_path / "none.jsonl")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["Q5", "P31", "1", "+1961-04-12T00:00:00Z", "value", "time", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)  # fmt: skip


def mutations(made: Any) -> st.SearchStrategy[Any]:
    """Give a JSON document with anything in place of one part of it."""
    places: list[tuple[Any, ...]] = []

    def walk(part: Any, path: tuple[Any, ...]) -> None:
        places.append(path)
        if isinstance(part, dict | list):
            for step in part if isinstance(part, dict) else range(len(part)):
                walk(part[step], (*path, step))

    def changed(path: tuple[Any, ...], change: Any) -> Any:
        document = [copy.deepcopy(made)]
        place: Any = document
        for step in (0, *path)[:-1]:
            place = place[step]
        place[(0, *path)[-1]] = change
        return document[0]

    walk(made, ())
    return st.builds(changed, st.sampled_from(places), JSON)


GAGARIN = read_snapshot(SNAPSHOT).items["Q7327"]


@settings(max_examples=300, deadline=None)
@given(mutations(entity(GAGARIN, ["info", "aliases", "claims"], ["en", "ru", "mul"])))
def test_any_reply_is_read_or_refused(reply: Any) -> None:
    with contextlib.suppress(
        ValueError, LookupError, TypeError, AttributeError, ArithmeticError
    ):  # those that the client turns into a message
        (item, *_) = read_entities({"Q7327": reply}, ["Q7327"], None).values()
        assert read_item(item_line(item), "here") == item


@settings(max_examples=300, deadline=None)
@given(mutations(json.loads(item_line(GAGARIN))))
def test_any_line_is_read_or_refused(line: Any) -> None:
    with contextlib.suppress(DataError):
        item = read_item(json.dumps(line), "here")
        assert read_item(item_line(item), "here") == item
