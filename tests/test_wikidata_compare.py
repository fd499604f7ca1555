"""Comparing with Wikidata: single values, single claims, and the command on a tiny Wikidata."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import CHECKOUT, run
from hypothesis import given, settings, strategies
from rdflib import Graph
from wikidata_comparing import ANSWERS, day, item, rows, said, snapshot, thing, told
from wikidata_server import CONTACT, SNAPSHOT, tiny_wikidata

import spacerace_kg
from spacerace_kg import turtle
from spacerace_kg.cli import main
from spacerace_kg.dates import interval
from spacerace_kg.errors import DataError
from spacerace_kg.wikidata import alignment, glossary, values
from spacerace_kg.wikidata.alignment import Correspondence, Theirs
from spacerace_kg.wikidata.items import GREGORIAN, JULIAN, Value
from spacerace_kg.wikidata.ours import Ours

AGREES, COMPATIBLE, CONFLICTS, UNCLEAR = "agrees", "compatible", "conflicts", "unclear"
THERE, HERE = "missing there", "missing here"
OURS_FINER, THEIRS_FINER = "ours is more precise", "theirs is more precise"


@pytest.fixture(scope="module")
def ours() -> Ours:
    return Ours(spacerace_kg.connect())


#
# One value against one value
#


@pytest.mark.parametrize(
    ("date", "theirs", "local", "expected"),
    [
        ("1961-04-12", day("1961-04-12"), "", (AGREES, "")),
        ("1961-04-12T06:07Z", day("1961-04-12T06:07:00Z", 13), "", (AGREES, "")),
        ("1961-04-12T06:07Z", day("1961-04-12"), "", (COMPATIBLE, OURS_FINER)),
        ("1961-04-12T06:07Z", day("1961-04-12T06:07:20Z", 14), "", (COMPATIBLE, THEIRS_FINER)),
        ("1961-04-12T06Z", day("1961-04-12T06:07:00Z", 13), "", (COMPATIBLE, THEIRS_FINER)),
        ("1961-04-12", day("1961-04-01", 10), "", (COMPATIBLE, OURS_FINER)),
        ("1961-04-12", day("1961-01-01", 9), "", (COMPATIBLE, OURS_FINER)),
        ("1961-04-12", day("1960-01-01", 8), "", (COMPATIBLE, OURS_FINER)),
        ("1961-04-12", day("2000-01-01", 7), "", (COMPATIBLE, OURS_FINER)),
        ("1961", day("1961-04-12"), "", (COMPATIBLE, THEIRS_FINER)),
        ("1957-10/1958", day("1958-01-01", 9), "", (COMPATIBLE, THEIRS_FINER)),
        ("1957-10/1958-03", day("1958-01-01", 9), "", (COMPATIBLE, "the intervals overlap")),
        ("1957-10/..", day("1999-01-01", 9), "", (COMPATIBLE, THEIRS_FINER)),
        ("1961-04-12~", day("1961-04-13"), "", (COMPATIBLE, THEIRS_FINER)),
        ("1961-04-12", day("1961-05-12"), "", (CONFLICTS, "")),
        ("1961-04-12", day("1962-01-01", 9), "", (CONFLICTS, "")),
        ("1961", day("1970-01-01", 8), "", (CONFLICTS, "")),
        ("2001", day("2000-01-01", 7), "", (CONFLICTS, "")),
        ("1961-04-12T06:07Z", day("1961-04-12T06:08:00Z", 13), "", (CONFLICTS, "NEAR")),
        ("1961-04-12", day("1961-04-13"), "", (CONFLICTS, "NEAR")),
        ("1961-04-12", day("1961-04-11"), "", (CONFLICTS, "NEAR")),
        ("1961-04-12", day("1961-04-14"), "", (CONFLICTS, "")),
        ("1958-02-01T03:47:56Z", day("1958-01-31"), "1958-01-31T22:47:56", (COMPATIBLE, "LOCAL")),
        ("1958-02-01T03:47:56Z", day("1958-01-30"), "1958-01-31T22:47:56", (CONFLICTS, "")),
        ("1907-01-12", day("1906-12-30", 11, JULIAN), "", (AGREES, "")),
        ("1907-01-12", day("1906-12-01", 10, JULIAN), "", (COMPATIBLE, OURS_FINER)),
        ("1907-01-14", day("1906-01-01", 9, JULIAN), "", (CONFLICTS, "")),
        ("1907-01-13", day("1906-01-01", 9, JULIAN), "", (COMPATIBLE, OURS_FINER)),
        ("1907-01-12", day("1906-12-30"), "", (CONFLICTS, "JULIAN")),
        ("1907-01-12", day("1907-01-12", 11, JULIAN), "", (CONFLICTS, "GREGORIAN")),
        ("1900-03-13", day("1900-02-29", 11, JULIAN), "", (AGREES, "")),
        ("1961", day("1000-01-01", 6), "", (UNCLEAR, "COARSE")),
        ("1961", Value("time", "-0044-00-00T00:00:00Z", 9, GREGORIAN), "", (UNCLEAR, "COARSE")),
        ("1961", Value("time", "+1961-13-00T00:00:00Z", 10, GREGORIAN), "", (UNCLEAR, "COARSE")),
    ],
)  # fmt: skip
def test_time_is_compared_as_what_it_allows(date, theirs, local, expected):
    notes = {
        "NEAR": "less than a day apart: perhaps a local date",
        "LOCAL": "theirs is the local date; ours 1958-01-31T22:47:56",
        "JULIAN": "theirs would fit in the Julian calendar",
        "GREGORIAN": "theirs would fit in the Gregorian calendar",
        "COARSE": "theirs is coarser than a century, or outside the years 1 to 9999",
    }
    verdict, note = expected
    assert values.times(date, theirs, local) == (verdict, notes.get(note, note))


@given(
    text=strategies.from_regex(
        r"\+(?:\d{1,6}|0000|9999|1[59]\d\d)-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\dZ|-.{0,20}",
        fullmatch=True,
    ),
    precision=strategies.integers(0, 14),
    calendar=strategies.sampled_from([GREGORIAN, JULIAN]),
    ours=strategies.sampled_from(
        ["1961-04-12T06:07Z", "1961-04-12", "1961", "1957/1958", "1957/.."]
    ),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_time_of_theirs_gets_a_verdict(text, precision, calendar, ours):
    """A time that is coarser or finer than ours, or cannot be, is neither an error nor a lie."""
    theirs = Value("time", text, precision, calendar)
    verdict, note = values.times(ours, theirs)
    found = values.bounds(theirs)
    assert verdict in values.VERDICTS
    assert (found is None) == note.startswith("theirs is coarser than a century")
    if found and (verdict == CONFLICTS):
        own = interval(ours)
        assert found.begins_after(own) or own.begins_after(found)


SECOND, MINUTE, HOUR, KILOGRAM, TONNE = "Q11574", "Q7727", "Q25235", "Q11570", "Q191118"


@pytest.mark.parametrize(
    ("number", "unit", "amount", "their_unit", "expected"),
    [
        ("6480", SECOND, "6480", SECOND, (AGREES, "")),
        ("6480", SECOND, "108", MINUTE, (AGREES, "")),
        ("6480", SECOND, "1.8", HOUR, (AGREES, "")),
        ("6500", SECOND, "1.8", HOUR, (COMPATIBLE, "theirs is rounded")),
        ("6500", SECOND, "108.2", MINUTE, (COMPATIBLE, "ours is rounded")),
        ("6480", SECOND, "106", MINUTE, (CONFLICTS, "")),
        ("4725", KILOGRAM, "4.725", TONNE, (AGREES, "")),
        ("4725", KILOGRAM, "4.7", TONNE, (COMPATIBLE, "theirs is rounded")),
        ("4725", KILOGRAM, "4730", KILOGRAM, (COMPATIBLE, "theirs is rounded")),
        ("4725", KILOGRAM, "4731", KILOGRAM, (CONFLICTS, "")),
        ("83.6", KILOGRAM, "83.60", KILOGRAM, (AGREES, "")),
        ("3", "", "3", "", (AGREES, "")),
        ("3", "", "2", "", (CONFLICTS, "")),
        ("12", "", "10", "", (CONFLICTS, "")),
        ("4725", KILOGRAM, "4725", SECOND, (UNCLEAR, f"the units differ: {SECOND} there")),
        ("4725", KILOGRAM, "4725", "", (UNCLEAR, "the units differ: none there")),
        ("4725", KILOGRAM, "4725", "Q1", (UNCLEAR, "the units differ: Q1 there")),
        ("4725", KILOGRAM, "10417", "Q100995", (COMPATIBLE, "theirs is rounded")),
        ("4725", KILOGRAM, "4725", "Q100995", (CONFLICTS, "")),
        ("4725", KILOGRAM, "many", KILOGRAM, (UNCLEAR, "theirs is no number")),
        ("4725", KILOGRAM, "NaN", KILOGRAM, (UNCLEAR, "theirs is no number")),
        ("4725", KILOGRAM, "Infinity", KILOGRAM, (UNCLEAR, "theirs is no number")),
        ("4725", KILOGRAM, "1e999999999", KILOGRAM, (UNCLEAR, "theirs is no number")),
        ("4725", KILOGRAM, "0", KILOGRAM, (CONFLICTS, "")),
    ],
)  # fmt: skip
def test_quantity_is_compared_in_its_unit_and_its_digits(
    number, unit, amount, their_unit, expected
):
    theirs = Value("quantity", amount, unit=their_unit)
    assert values.quantities(number, unit, theirs) == expected


@pytest.mark.parametrize(
    ("place", "theirs", "globe", "expected"),
    [
        ("46,63", "46.0,63.0", "Q2", (AGREES, "")),
        ("46,63", "45.965,63.305", "Q2", (COMPATIBLE, "one is rounded")),
        ("45.92,63.34", "45.965,63.305", "Q2", (COMPATIBLE, "within a tenth of a degree")),
        ("45.92,63.34", "47.3,66.5", "Q2", (CONFLICTS, "")),
        ("10.55,-179.98", "10.55,179.99", "Q2", (COMPATIBLE, "within a tenth of a degree")),
        ("0.67,23.47", "0.67,23.47", "Q405", (UNCLEAR, "theirs lies on Q405")),
        ("0.67,23.47", "0.67", "", (UNCLEAR, "theirs is no pair of numbers")),
        ("0.67,23.47", "NaN,0", "", (UNCLEAR, "theirs is no pair of numbers")),
    ],
)
def test_coordinates_are_compared_by_place(place, theirs, globe, expected):
    assert values.coordinates(place, Value("coordinate", theirs, unit=globe)) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ("00103", "103", AGREES),
        ("1961-012A", "1961-012a", AGREES),
        ("1961-012A", "1961-012B", CONFLICTS),
        ("64800", "6480", CONFLICTS),
    ],
)
def test_identifier_is_compared_whatever_its_form(ours, theirs, verdict):
    assert values.strings(ours, Value("string", theirs)) == (verdict, "")


def test_value_is_shown_as_precisely_as_it_is_known():
    tiny = snapshot(item("Q15180", labels={"en": "Soviet Union"}))
    shown = [
        values.shown(value, tiny)
        for value in (
            day("1961-04-12"), day("1961-04-01", 10), day("1961-01-01", 9), day("1960-01-01", 8),
            day("2000-01-01", 7), day("1961-04-12T06:07:00Z", 13), day("1906-12-30", 11, JULIAN),
            thing("Q15180"), thing("Q1"), Value("quantity", "108", unit=MINUTE), Value("somevalue"),
            Value("string", "red\x1b[31m"),
        )
    ]  # fmt: skip
    assert shown == [
        "1961-04-12", "1961-04", "1961", "1960s", "2000 (century)", "1961-04-12T06:07Z",
        "1906-12-30 (Julian)", "Soviet Union [Q15180]", "Q1", "108 Q7727", "(unknown)",
        "red\ufffd[31m",
    ]  # fmt: skip


#
# One claim against an item
#


def compared(ours: Ours, entity: str, path: str, *statements, others=(), **more):
    """Return what is told of one path of an entity, whose exact item says these statements."""
    qid = next(linked.qid for linked in ours.linked([entity]) if linked.relation == "exact")
    theirs = snapshot(item(qid, *statements), *others, **more)
    return told(rows(ours, entity, theirs, path), theirs)


LAUNCH = "1961-04-12T06:07Z"
DAY = day("1961-04-12")


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], [("P619", LAUNCH, "", THERE, "")]),
        ([said("P619", DAY)], [("P619", LAUNCH, "1961-04-12", COMPATIBLE, OURS_FINER)]),
        ([said("P580", DAY)], [("P580", LAUNCH, "1961-04-12", COMPATIBLE, OURS_FINER)]),
        (
            [said("P793", thing("Q797476"), qualifiers={"P585": [DAY]})],
            [("P793", LAUNCH, "1961-04-12", COMPATIBLE, OURS_FINER)],
        ),
        (
            [said("P793", thing("Q5"), qualifiers={"P585": [DAY]})],
            [("P619", LAUNCH, "", THERE, "")],
        ),
        ([said("P619", day("1961-05-01"))], [("P619", LAUNCH, "1961-05-01", CONFLICTS, "")]),
        (
            [said("P580", day("1961-01-01"))],
            [
                (
                    "P580",
                    LAUNCH,
                    "1961-01-01",
                    UNCLEAR,
                    "only as P580, which may mean something else",
                )
            ],
        ),
        (  # The main property counts; another way of saying it does not make a conflict.
            [said("P619", DAY), said("P580", day("1960-01-01"))],
            [("P619", LAUNCH, "1961-04-12", COMPATIBLE, OURS_FINER)],
        ),
        (  # Only the best rank speaks.
            [said("P619", DAY, "preferred"), said("P619", day("1961-05-01"))],
            [("P619", LAUNCH, "1961-04-12", COMPATIBLE, OURS_FINER)],
        ),
        (
            [said("P619", DAY), said("P619", day("1961-05-01"), "preferred")],
            [("P619", LAUNCH, "1961-05-01", CONFLICTS, "")],
        ),
        (
            [said("P619", DAY, "deprecated")],
            [("P619", LAUNCH, "1961-04-12", CONFLICTS, "Wikidata holds our value to be wrong")],
        ),
        ([said("P619", day("1961-05-01"), "deprecated")], [("P619", LAUNCH, "", THERE, "")]),
        (
            [said("P619", DAY), said("P619", day("1961-05-01"))],
            [
                ("P619", LAUNCH, "1961-04-12", COMPATIBLE, OURS_FINER),
                ("P619", "", "1961-05-01", CONFLICTS, "Wikidata says ours as well"),
            ],
        ),
        (
            [said("P619", Value("somevalue"))],
            [("P619", LAUNCH, "(unknown)", COMPATIBLE, "Wikidata says that it is unknown")],
        ),
        (
            [said("P619", Value("novalue"))],
            [("P619", LAUNCH, "(none)", CONFLICTS, "Wikidata says that there is none")],
        ),
        (
            [said("P619", Value("string", "yesterday"))],
            [("P619", LAUNCH, "yesterday", UNCLEAR, "theirs is of another kind: string")],
        ),
    ],
)
def test_launch_against_all_ways_of_saying_it(ours, statements, expected):
    assert compared(ours, "vostok-1", "launch/date", *statements) == expected


def test_local_date_is_compatible(ours):
    assert compared(ours, "explorer-1", "launch/date", said("P619", day("1958-01-31"))) == [
        (
            "P619", "1958-02-01T03:47:56Z", "1958-01-31", COMPATIBLE,
            "theirs is the local date; ours 1958-01-31T22:47:56",
        )
    ]  # fmt: skip


def test_property_that_nobody_asked_for_is_not_missing(ours):
    asked = ("P31", "P580")
    assert compared(ours, "vostok-1", "launch/date", properties=asked) == []
    assert compared(ours, "vostok-1", "launch/date", properties=(*asked, "P619"))[0][3] == THERE


def test_their_value_may_be_another_event_of_ours(ours):
    assert compared(ours, "luna-2", "landing/date", said("P620", day("1959-09-14"))) == [
        ("P620", "", "1959-09-14", COMPATIBLE, "theirs is our impact/date")
    ]


def test_value_that_only_they_have_is_missing_here(ours):
    statement = said("P570", day("2026-01-01"))
    assert compared(ours, "valentina-tereshkova", "death/date", statement) == [
        ("P570", "", "2026-01-01", HERE, "")
    ]


def test_rival_of_ours_is_named(ours):
    statement = said("P569", day("1942-03-11"))
    (row,) = compared(ours, "anatoly-berezovoy", "birth/date", statement)
    assert row[:4] == ("P569", "1942-04-11", "1942-03-11", CONFLICTS)
    assert row[4].startswith("theirs is a rival claim of ours, by ")
    assert "wikipedia-simple" in row[4]


def test_crew_is_read_from_both_sides(ours):
    armstrong, collins, aldrin = "Q1615", "Q104859", "Q2252"
    others = [
        item(collins, said("P450", thing("Q43653"))),
        item(aldrin, said("P5096", thing("Q43653"))),
    ]
    path = "crew|crewUp|crewDown/person"
    crew = said("P1029", thing(armstrong))
    assert sorted(compared(ours, "apollo-11", path, crew, others=others)) == [
        ("P1029", "neil-armstrong", armstrong, AGREES, ""),
        ("P450", "michael-collins", collins, AGREES, ""),
        ("P5096", "buzz-aldrin", aldrin, AGREES, ""),
    ]


def test_of_many_values_none_is_a_conflict(ours):
    path = "crew|crewUp|crewDown/person"
    strangers = [said("P1029", thing("Q1")), said("P1029", thing("Q7327"))]
    assert compared(ours, "apollo-11", path, *strangers) == [
        ("P1029", "buzz-aldrin", "", THERE, ""),
        ("P1029", "michael-collins", "", THERE, ""),
        ("P1029", "neil-armstrong", "", THERE, ""),
        ("P1029", "", "Q1", HERE, "an item that we do not hold"),
        ("P1029", "", "Q7327", HERE, "our yuri-gagarin"),
    ]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([said("P137", thing("Q23548"))], ("Q23548", AGREES, "")),
        (
            [said("P137", thing("Q23548")), said("P137", thing("Q1"), "preferred")],
            ("Q23548", COMPATIBLE, "Wikidata says it at a lower rank"),
        ),
        (
            [said("P137", thing("Q23548"), "deprecated"), said("P137", thing("Q1"))],
            ("Q23548", CONFLICTS, "Wikidata holds our value to be wrong"),
        ),
        ([said("P137", Value("somevalue"))], ("", THERE, "")),
    ],
)
def test_what_is_there_at_any_rank_is_not_missing(ours, statements, expected):
    found = compared(ours, "apollo-11", "operator", *statements)
    assert found[0] == ("P137", "nasa", *expected)


def test_backup_is_told_from_the_crew(ours):
    path = "crew|crewUp|crewDown/person"
    titov = next(linked.qid for linked in ours.linked(["gherman-titov"]))
    assert compared(ours, "vostok-1", path, said("P1029", thing(titov)))[1:] == [
        ("P1029", "", titov, COMPATIBLE, "theirs is our backupCrew/person")
    ]


ROCKET = "launch/launchVehicle"


@pytest.mark.parametrize(
    ("qid", "expected"),
    [
        ("Q3303767", (AGREES, "")),
        ("Q622639", (COMPATIBLE, "theirs is wider")),  # the family
        ("Q54363", (CONFLICTS, "theirs is our saturn-v")),
        ("Q1", (UNCLEAR, "theirs is an item that we do not hold")),
    ],
)
def test_one_item_is_compared_through_the_links(ours, qid, expected):
    assert compared(ours, "vostok-1", ROCKET, said("P375", thing(qid))) == [
        ("P375", "vostok-k-8k72k", qid, *expected)
    ]


def test_item_is_compared_through_what_wikidata_says_of_it(ours):
    part = item("Q900", said("P279", thing("Q3303767")))
    whole = item("Q3303767", said("P361", thing("Q901")), redirect="")
    merged = item("Q902", redirect="Q3303767")
    for qid, expected in (
        ("Q900", (COMPATIBLE, "theirs is narrower")),
        ("Q901", (COMPATIBLE, "theirs is wider")),
        ("Q902", (AGREES, "")),
    ):
        found = compared(
            ours, "vostok-1", ROCKET, said("P375", thing(qid)), others=[part, whole, merged]
        )
        assert found[0][3:] == expected


def test_negative_link_is_heeded(ours):
    """The spacecraft Vostok is a tempting wrong item for the programme."""
    negative = [
        (entity, qid)
        for entity, links in ours.links.items()
        for qid, relation in links.items()
        if relation == "not"
        and "exact" in links.values()
        and "LaunchVehicle" in ours.classes[entity]
    ]
    entity, wrong = min(negative)
    flown = [
        mission
        for mission, found in ours.claimed(ROCKET, ours.links).items()
        if found[0].value == entity and mission in ours.links and ours.linked([mission])
    ]
    (row,) = compared(ours, min(flown), ROCKET, said("P375", thing(wrong)))
    assert row[3:] == (CONFLICTS, f"our links say that {entity} is not {wrong}")


def test_place_that_is_not_linked_is_compared_by_its_site(ours):
    assert compared(ours, "vostok-1", "launch/place", said("P1427", thing("Q177477"))) == [
        ("P1427", "baikonur-site-1-5", "Q177477", COMPATIBLE, "theirs is wider")
    ]
    named = item("Q903", labels={"ru": "Площадка № 1"}, aliases={"en": ["Baikonur Site 1/5"]})
    found = compared(ours, "vostok-1", "launch/place", said("P1427", thing("Q903")), others=[named])
    assert found[0][3:] == (COMPATIBLE, "by name alone; there is no link")
    found = compared(ours, "vostok-1", "launch/place", said("P1427", thing("Q1")))
    assert found[0][3:] == (UNCLEAR, "baikonur-site-1-5 is not linked")


def test_whole_of_the_whole_is_wider_too(ours, monkeypatch):
    steps = {"baikonur-site-1-5": {"a-part"}, "a-part": {"baikonur"}}
    monkeypatch.setitem(ours.__dict__, "wider", steps)
    (row,) = compared(ours, "vostok-1", "launch/place", said("P1427", thing("Q177477")))
    assert row[3:] == (COMPATIBLE, "theirs is wider")


def test_word_stands_for_an_item(ours):
    for qid, verdict in (("Q6581072", AGREES), ("Q6581097", CONFLICTS)):
        found = compared(ours, "valentina-tereshkova", "sex", said("P21", thing(qid)))
        assert found == [("P21", "female", qid, verdict, "")]


def test_difference_under_a_broad_match_is_no_conflict(ours):
    mass = said("P2067", Value("quantity", "2400", unit=KILOGRAM))
    assert compared(ours, "vostok-1", "massKilograms", mass) == [
        ("P2067", "4725", f"2400 {KILOGRAM}", UNCLEAR, "P2067 may mean something else")
    ]


def test_close_link_is_compared_on_what_both_hold(ours):
    linked = next(linked for linked in ours.linked(["vela-1"]) if linked.relation == "close")
    theirs = snapshot(item(linked.qid, said("P619", day("1963-10-16"))))
    found = told(rows(ours, "vela-1", theirs), theirs)
    assert [row[3:] for row in found] == [
        (UNCLEAR, "the link is only close; less than a day apart: perhaps a local date")
    ]


def test_names_are_compared_and_never_wrong(ours):
    def labels(**more):
        theirs = snapshot(item("Q7327", **more))
        return [row for row in told(rows(ours, "yuri-gagarin", theirs), theirs) if row[0][0] == "L"]

    assert labels() == [
        ("Len", "Yuri Gagarin", "", THERE, ""),
        ("Lru", "Юрий Гагарин", "", THERE, ""),
    ]
    assert labels(labels={"mul": "Yuri Gagarin", "ru": "Гагарин, Юрий Алексеевич"}) == [
        ("Len", "Yuri Gagarin", "Yuri Gagarin", AGREES, ""),
        ("Lru", "Юрий Гагарин", "Гагарин, Юрий Алексеевич", COMPATIBLE, "another name or spelling"),
    ]
    known = {"labels": {"en": "Gagarin"}, "aliases": {"en": ["Yuri  gagarin"]}}
    assert labels(**known)[0] == (
        "Len", "Yuri Gagarin", "Gagarin", COMPATIBLE, "each is a name of it",
    )  # fmt: skip


def test_merged_item_speaks_for_the_old_one_and_a_deleted_one_for_none(ours):
    merged = snapshot(item("Q7327", redirect="Q800"), item("Q800", said("P569", day("1934-03-09"))))
    (row,) = rows(ours, "yuri-gagarin", merged, "birth/date")
    assert (row.linked.qid, row.verdict) == ("Q800", AGREES)
    assert rows(ours, "yuri-gagarin", snapshot(item("Q7327", missing=True))) == []
    assert rows(ours, "yuri-gagarin", snapshot()) == []


#
# The table, and the page made of it
#

HEAD = "path\tclasses\twikidata\tkind\tunit\tvalues\tmatch\tadd\tor\n"


def table(folder: Path, text: str) -> list[Correspondence]:
    (folder / "ontology").mkdir(exist_ok=True)
    (folder / "ontology" / alignment.TABLE).write_text(text)
    return alignment.read(folder)


def test_row_of_the_table_is_read(tmp_path):
    row = "a|b/date:end\tMission Person\tP1 ^P2 P3=Q4>P5\ttime\t\tmany\tbroad\tno\tc d/place\n"
    (way,) = table(tmp_path, f"# read me\n{HEAD}{row}")
    theirs = (
        Theirs("P1", False, "", ""), Theirs("P2", True, "", ""), Theirs("P3", False, "Q4", "P5"),
    )  # fmt: skip
    assert way == Correspondence(
        "a|b/date:end", ("Mission", "Person"), theirs, "time", "", True, "broad", False,
        ("c", "d/place"),
    )  # fmt: skip
    assert alignment.names(way) == {
        "a|b/date:end", "a", "b", "date", "end", "P1", "P2", "P3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a\tb", "2: 2 cells under 9 columns. Mend the tabs."),
        (
            "a//b\tX\tP1\ttime\t\tone\texact\tyes\t",
            "2: 'a//b' is no path. Write launch/date.",
        ),
        (
            "a\tX\tQ1\ttime\t\tone\texact\tyes\t",
            "2: 'Q1' names no properties. Write P619, ^P450 or P1=Q2>P3.",
        ),
        (
            "a\tX\tP1\tdate\t\tone\texact\tyes\t",
            "2: 'date' is no kind. Write one of: time, item, word, quantity, string, coordinate.",
        ),
        (
            "a\tX\tP1\ttime\t\ttwo\texact\tyes\t",
            "2: values is 'two'. Write one of: one, many.",
        ),
        (
            "a\tX\tP1\ttime\t\tone\tnear\tyes\t",
            "2: match is 'near'. Write one of: exact, close, broad.",
        ),
        ("a\tX\tP1\ttime\t\tone\texact\tmaybe\t", "2: add is 'maybe'. Write one of: yes, no."),
    ],
)
def test_broken_row_is_named(tmp_path, row, message):
    with pytest.raises(DataError) as caught:
        table(tmp_path, HEAD + row + "\n")
    assert str(caught.value) == f"{tmp_path / 'ontology' / alignment.TABLE}:{message}"


def test_missing_table_and_wrong_columns_are_named(tmp_path):
    with pytest.raises(DataError, match=r"wikidata\.tsv cannot be read: .* Put it back\."):
        alignment.read(tmp_path)
    with pytest.raises(DataError, match=r"wikidata\.tsv:1: the columns are to be path, classes, "):
        table(tmp_path, "path\tclasses\n")


def test_each_row_stands_in_the_alignments():
    """Each property of Wikidata is said there to match a property of ours that the path names."""
    matched = glossary.matches(turtle.ontology(CHECKOUT / "ontology", "alignments.ttl"))
    lacking = [
        (way.path, theirs.property)
        for way in alignment.read(CHECKOUT)
        for theirs in way.theirs
        if theirs.property
        not in {id_ for n in alignment.names(way) for _, id_ in matched.get(n, [])}
    ]
    assert lacking == []


def test_each_row_names_terms_of_the_ontology():
    from spacerace_kg.ontology import Ontology

    ontology = Ontology(CHECKOUT / "ontology")
    for way in alignment.read(CHECKOUT):
        assert set(way.classes) <= ontology.classes.keys(), way.path
        for path in (way.path, *way.others):
            steps = path.partition(":")[0].replace("/", "|").replace(",", "|").split("|")
            assert set(steps) <= ontology.properties.keys(), path


def test_units_and_words_carry_evidence():
    known = glossary.terms(CHECKOUT, Graph())
    named = {q for way in alignment.read(CHECKOUT) for q in way.words.values()}
    named |= {theirs.value for way in alignment.read(CHECKOUT) for theirs in way.theirs}
    assert {q: known[q].label for q in named - {""}} == {
        "Q6581072": "female", "Q6581097": "male", "Q797476": "rocket launch",
    }  # fmt: skip
    assert {way.unit for way in alignment.read(CHECKOUT) if way.kind == "quantity"} <= {
        "", *values.UNITS,
    }  # fmt: skip


def test_page_is_made_of_the_files():
    page = (CHECKOUT / "ontology" / "WIKIDATA.md").read_text("utf-8")
    made = "spacerace wikidata alignment --format markdown > ontology/WIKIDATA.md"
    assert page == glossary.markdown(CHECKOUT), f"ontology/WIKIDATA.md is out of date. Run: {made}"


def test_damaged_table_is_named_on_the_page_too(tmp_path):
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "alignments.ttl").write_text("")
    (tmp_path / "ontology" / "wikidata.tsv").write_bytes(b"# \xff\n")
    with pytest.raises(DataError, match=r"wikidata\.tsv cannot be read: .* Put it back\."):
        glossary.rows(tmp_path)


def test_damaged_ontology_is_named(tmp_path):
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "spacerace.ttl").write_text("no Turtle")
    with pytest.raises(DataError, match=r"spacerace\.ttl cannot be read: .* Put it back\."):
        glossary.markdown(tmp_path)


#
# The command
#


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    status = main(["wikidata", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_all_rows_of_the_tiny_wikidata(capsys):
    status, out, err = call(capsys, "compare", "--snapshot", str(SNAPSHOT), "--format", "tsv")
    expected = (ANSWERS / "compare.tsv").read_text("utf-8")
    assert out == expected, (
        "Run: spacerace wikidata compare --snapshot tests/wikidata_tiny/snapshot.jsonl "
        "--format tsv > tests/wikidata_answers/compare.tsv"
    )
    counts = {v: expected.count(f'\t"{v}"') for v in values.VERDICTS}
    assert status == 0
    assert err == (
        f"spacerace: 13 links: {', '.join(f'{n} {v}' for v, n in counts.items())}; "
        "Wikidata of 2026-11-22\n"
    )


def test_real_server_gives_the_rows_of_the_snapshot(tmp_path):
    """The same entities over SPARQL, from a real Oxigraph server with Wikidata's full model."""
    chosen = [e for n in ("sergei-korolev", "apollo-11", "vostok-1") for e in ("--entity", n)]
    with tiny_wikidata(tmp_path) as url:
        done = run(
            "wikidata", "compare", *chosen, "--endpoint", url, "--format", "tsv",
            SPACERACE_CONTACT=CONTACT, SPACERACE_CACHE=str(tmp_path / "cache"),
        )  # fmt: skip
    from_file = run("wikidata", "compare", *chosen, "--snapshot", str(SNAPSHOT), "--format", "tsv")
    assert (done.returncode, done.stdout) == (0, from_file.stdout), done.stderr
    assert len(done.stdout.splitlines()) > 30


def test_rows_are_chosen(capsys):
    tiny = ("--snapshot", str(SNAPSHOT), "--format", "csv")
    head = "entity,item,property,wikidata,ours,theirs,verdict,note\r\n"
    id_, wd = "https://w3id.org/spacerace/id/", "http://www.wikidata.org/entity/"
    birth = "birth/date,P569,1930-08-05,1940-08-05,conflicts,\r\n"
    for chosen in (
        ["--verdict", "conflicts", "--class", "Person"],
        ["--verdict", "conflicts", "--entity", "neil-armstrong"],
        ["--property", "birth", "--verdict", "conflicts"],
        ["--property", "P569", "--entity", "neil-armstrong"],
    ):
        _, out, _ = call(capsys, "compare", *tiny, *chosen)
        assert out == f"{head}{id_}neil-armstrong,{wd}Q1615,{birth}"
    _, out, _ = call(capsys, "compare", *tiny, "--property", "label", "--verdict", "missing-there")
    assert [line.split(",")[:3:2] for line in out.splitlines()[1:]] == [
        [f"{id_}saturn-v", "label@ru"],
        [f"{id_}vostok-k-8k72k", "label@ru"],
        [f"{id_}zond-programme", "label@ru"],
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--entity", "vostok1"],
            "'vostok1' is the id of no linked entity. Did you mean 'vostok-1'?",
        ),
        (
            ["--class", "Misson"],
            "'Misson' is the class of no linked entity. Did you mean 'Mission'?",
        ),
        (["--property", "P6190"], "'P6190' is no property that is compared. Did you mean 'P619'?"),
    ],
)
def test_unknown_choice_gets_a_hint(capsys, arguments, message):
    status, out, err = call(capsys, "compare", "--snapshot", str(SNAPSHOT), *arguments)
    assert (status, out, err) == (2, "", f"spacerace: {message}\n")


@pytest.mark.parametrize("name", ["compare", "quickstatements", "mismatches", "alignment"])
def test_example_in_the_help_works(capsys, name):
    with pytest.raises(SystemExit):
        main(["wikidata", name, "--help"])
    example = capsys.readouterr().out.partition("Example: spacerace ")[2]
    words = example.replace("wikidata-2026-11-22.jsonl.gz", str(SNAPSHOT)).split()
    assert words[:2] == ["wikidata", name]
    assert main(words) == 0
    lines = capsys.readouterr().out.count("\n")
    assert lines >= {"quickstatements": 1, "mismatches": 3}.get(name, 10)


def test_alignment_is_a_table_too(capsys):
    _, out, _ = call(capsys, "alignment", "--format", "csv")
    lines = out.split("\r\n")
    assert lines[0] == "ours,of,Wikidata,kind,values,match,added"
    assert "birth/date,Person,date of birth (P569),time,one,exact,yes" in lines
    assert len(lines) == len(alignment.read(CHECKOUT)) + 2
