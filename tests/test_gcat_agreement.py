"""The import beside the record: what confirms it, what differs, and which row speaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing import TINY, run, statements, texts, tiny_tables
from loading import ROOT, build, make_root

from spacerace_kg import queries
from spacerace_kg.errors import UsageError
from spacerace_kg.gcat import agreement
from spacerace_kg.names import PREFIXES
from spacerace_kg.store import EmbeddedStore

KEPT = "The record's own value, chosen by its editors with all sources before them; GCAT differs."
SAME_TIME = "The record's own value; GCAT's is the same time in another precision."


def claims(out: Path, subject: str, about: str) -> set[tuple[str, ...]]:
    return {
        (s.value, s.source, s.rank, s.locator, s.certainty, s.reason)
        for s in statements(out)
        if (s.subject, s.property) == (subject, about)
    }


@pytest.mark.parametrize(
    ("written", "value", "certainty", "reason", "differ"),
    [
        (" 0608:30?", "1961-04-12T06:08:30Z~", "doubtful", KEPT, 2),
        ("", "1961-04-12", "", SAME_TIME, 1),  # the day says nothing against the record's minute
    ],
)
def test_date_that_differs_or_is_wider_is_a_claim_of_its_own(
    small_record, tmp_path, written, value, certainty, reason, differ
):
    edit = {"launchlog.tsv": lambda text: text.replace(" 0607:30?", written)}
    report = run(tiny_tables(tmp_path / "t", edit), tmp_path / "out", small_record)
    where = "1961 MU, citing Energiya"
    assert claims(tmp_path / "out", "vostok-1/launch", "date") == {
        (value, "gcat-release-launchlog", "normal", where, certainty, ""),
        ("1961-04-12T06:07Z", "spacerace-kg", "preferred", "", "", reason),
    }
    assert report.counts["rivals"] == differ  # the other one is the longitude of Baikonur


def test_date_within_that_of_the_record_confirms_it_in_the_records_words(imported):
    where = "1961 MU, citing Energiya, as 1961-04-12T06:07:30Z~"
    assert claims(imported[0], "vostok-1/launch", "date") == {
        ("1961-04-12T06:07Z", "gcat-release-launchlog", "normal", where, "doubtful", "")
    }
    counts = imported[1].counts
    assert (counts["confirmed"], counts["rivals"], counts["already cited"]) == (36, 1, 1)


@pytest.mark.parametrize(
    ("property_", "given", "known", "same"),
    [
        ("vehicleSerial", "RS-29 UE", '"RS-29 (UE)"', True),
        ("vehicleSerial", "A 15000-666", '"A15000-666"', True),
        ("vehicleSerial", "V 15000- 13", '"V 15000-13"', True),
        ("vehicleSerial", "5801/6630 (AA17)", '"5801/6630"', True),
        ("vehicleSerial", "5801/6630", '"5801/6630 (AA17)"', True),
        ("vehicleSerial", "5801 (AA17)", '"5801 (AA18)"', False),
        ("vehicleSerial", "RS-29 (UE)", '"RS-29 UT"', False),
        ("vehicleSerial", "1-11", '"11-1"', False),
        ("vehicleSerial", "5L/V15005", '"5L"', False),
        ("vehicleSerial", "(AA17)", '"(AA18)"', False),
        ("vehicleSerial", "-", '"(AA18)"', False),
        ("vehicleSerial", "--", '"-"', False),
        ("gcatTag", "RS-29 UE", '"RS-29 (UE)"', False),
        ("date", "1961-04-12T06:07:00Z", '"1961-04-12T06:07Z"', True),
        ("date", "1992-03/1999", '"1992/.."', True),
        ("date", "1961-04-12", '"1961-04-12T06:07Z"', False),
        ("date", "1992/..", '"1992/1999"', False),
        ("date", "../1992", '"1991/1992"', False),
        ("date", "1961-04-12T06:08Z", '"1961-04-12T06:07Z"', False),
    ],
)
def test_what_gcat_says_in_other_words_is_told_from_what_differs(property_, given, known, same):
    other = '"1900"' if property_ == "date" else '"Z-0"'
    assert agreement.implied(property_, given, "", [other, known]) == (known if same else "")


@pytest.mark.parametrize(
    ("given", "known", "allows"),
    [
        ("1961-04-12", "1961-04-12T06:07Z", True),
        ("1992-02/1999", "1992-02-25/1999", True),
        ("1992-02/1998", "1992-02-25/1999", False),
        ("1961-04-13", "1961-04-12T06:07Z", False),
    ],
)
def test_wider_date_allows_that_of_the_record(given, known, allows):
    assert agreement.allowed("date", given, [f'"{known}"']) is allows
    assert agreement.allowed("vehicleSerial", given, [f'"{known}"']) is False


@pytest.mark.parametrize(
    ("model", "found"), [("thor-delta", "id:thor-delta"), ("thor-able", ""), ("", "")]
)
def test_variant_confirms_its_own_model_alone(model, found):
    stated = "gcat-vehicle-thor-delta-d"
    assert agreement.implied("launchVehicle", stated, model, ["id:thor-delta"]) == found


def test_name_is_that_of_the_row_in_force_or_else_of_the_last(imported):
    labels = {
        s.subject: (s.value, s.locator) for s in statements(imported[0]) if s.property == "label"
    }
    assert labels["gcat-pad-cc-lc17b"] == ("Space Launch Complex 17B, Cape Canaveral", "CC SLC17B")
    assert labels["gcat-platform-lut1"] == ("Mobile Launch Platform 3", "MLP3")
    assert labels["gcat-site-cc"] == ("Cape Canaveral Air Station, Florida", "CC")  # both ended


@pytest.mark.parametrize(
    ("ucode", "stop", "label"),
    [
        ("CKAFS", "1974 Mar", "Cape Canaveral Air Station, Florida"),  # not that of the UCode
        ("CC", "2001", "Cape Kennedy Air Force Station"),
        ("CC", "2001?", "Cape Kennedy Air Force Station"),
        (
            "CC",
            "?",
            "Cape Canaveral Air Station, Florida",
        ),  # no later than it began, for all we know
        ("CC", "soon", "Cape Canaveral Air Station, Florida"),
        ("CC", "-", "Cape Kennedy Air Force Station"),
    ],
)
def test_name_of_a_site_follows_the_ends_of_its_rows(small_record, tmp_path, ucode, stop, label):
    def edit(text: str) -> str:
        text = text.replace("CC\t-\tCC\t", f"CC\t-\t{ucode}\t")
        text = text.replace("CKAFS\t-\tCC\t", f"CKAFS\t-\t{ucode}\t")
        return text.replace("1964 Jan 22\t1974 Mar", f"1964 Jan 22\t{stop}")

    out = tmp_path / "out"
    run(tiny_tables(tmp_path / "t", {"sites_2024-11-27.tsv": edit}), out, small_record)
    assert {c[0] for c in claims(out, f"gcat-site-{ucode.lower()}", "label")} == {label}


def test_pads_of_sites_that_the_record_joins_have_ids_by_the_one_in_force(tmp_path):
    (other := tmp_path / "root").mkdir()
    facts = (TINY / "facts" / "record.yaml").read_text("utf-8")
    make_root(other, {"record.yaml": facts.replace("gcatCode: NIIP-5", "gcatCode: [CKAFS, GIK-5]")})
    assert build(other).problems == []
    run(TINY / "tables", tmp_path / "out", other)
    pads = {s.subject for s in statements(tmp_path / "out")
            if s.property == "site" and s.value == "baikonur"}  # fmt: skip
    assert pads == {"baikonur-site-1", "gcat-pad-gik-5-lc17b", "gcat-pad-gik-5-lc18a"}


def test_state_of_a_site_is_that_of_the_row_which_the_record_follows(small_record, tmp_path):
    (other := tmp_path / "root").mkdir()
    facts = (TINY / "facts" / "record.yaml").read_text("utf-8")
    known = facts.replace("label: Baikonur\n", "label: Baikonur\n  nation: soviet-union\n")
    make_root(other, {"record.yaml": known})
    assert build(other).problems == []
    out = tmp_path / "out"
    run(TINY / "tables", out, other)
    assert claims(out, "baikonur", "nation") == {
        ("soviet-union", "gcat-release-sites", "normal", "NIIP-5", "", "")
    }
    run(TINY / "tables", out, small_record)  # whose Baikonur has no nation: that of now
    assert claims(out, "baikonur", "nation") == {
        ("russia", "gcat-release-sites", "normal", "GIK-5", "", "")
    }


def test_file_in_the_place_of_a_folder_is_a_wrong_call(small_record, tmp_path):
    file = tmp_path / "letters.txt"
    file.write_text("dear", "utf-8")
    for out in (file, file / "catalogue"):
        with pytest.raises(UsageError, match=r"letters.txt is a file. Name a folder for the cat"):
            run(TINY / "tables", out, small_record)
    for source in (file, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match=r"is no folder. Name the one that holds GCAT's tabl"):
            run(source, tmp_path / "out", small_record)
    assert texts(tmp_path) == {"letters.txt": b"dear"}


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """Two launches on a variant of Thor Delta, one on the model itself, one on another vehicle."""
    turtle = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for vehicle in ("thor-delta", "thor-delta-d", "scout"):
        turtle += f'id:{vehicle} a sr:LaunchVehicle ; rdfs:label "{vehicle}"@en .\n'
    turtle += "id:thor-delta-d sr:variantOf id:thor-delta .\n"
    launches = ((1960, "thor-delta"), (1964, "thor-delta-d"), (1965, "thor-delta-d"))
    for year, vehicle in (*launches, (1965, "scout")):
        turtle += (
            f'id:m{year}-{vehicle} rdfs:label "M {year}"@en ; sr:launch [ sr:date "{year}" ;\n'
            f'  sr:launchVehicle id:{vehicle} ; sr:launchOutcome "success" ;\n'
            f'  sr:earliest "{year}-01-01T00:00:00Z"^^xsd:dateTime ;\n'
            f"  sr:earliestUnix {(year - 1970) * 31_557_600} ] .\n"
        )
    path = tmp_path_factory.mktemp("flown") / "launches.ttl"
    path.write_text(turtle, "utf-8")
    return EmbeddedStore.in_memory([path])


@pytest.mark.parametrize(
    ("question", "all_", "of_model"),
    [
        ("launches-by-vehicle", [("thor-delta", 3), ("scout", 1)], None),
        (
            "success-rates",
            [("scout", "1960s", 1), ("thor-delta", "1960s", 3)],
            [("thor-delta", "1960s", 3)],
        ),
        ("vehicle-careers", [("thor-delta", 3), ("scout", 1)], [("thor-delta", 3)]),
        (
            "launch-failures",
            [("scout", 1965, 1), ("thor-delta", 1960, 1), ("thor-delta", 1964, 1),
             ("thor-delta", 1965, 1)],
            [("thor-delta", 1960, 1), ("thor-delta", 1964, 1), ("thor-delta", 1965, 1)],
        ),
    ],
)  # fmt: skip
def test_variant_counts_for_its_model(flown, question, all_, of_model):
    query = queries.read(ROOT / "queries", question)

    def ask(**values: str) -> list[tuple[object, ...]]:
        answer = flown.select(query.fill(values, lambda *_: True, lambda *_: []))
        wanted = [answer.columns.index("vehicleName"), *(
            answer.columns.index(c) for c in ("decade", "year", "launches") if c in answer.columns
        )]  # fmt: skip
        return [tuple(row[place] for place in wanted) for row in answer.rows]

    assert ask() == all_
    if of_model is not None:
        assert ask(vehicle="thor-delta") == of_model
        assert ask(vehicle="thor-delta-d") == []
