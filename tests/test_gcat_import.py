"""The import of GCAT's tables: what becomes of each row, what is written, what is joined."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from importing import TINY, parts, plain_of, run, statements, texts, tiny_tables
from loading import ROOT, put_odd, real_ontology

from spacerace_kg import queries
from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.gcat import build as import_module
from spacerace_kg.gcat import catalogue
from spacerace_kg.gcat.build import Report, Sum
from spacerace_kg.gcat.changes import compare
from spacerace_kg.gcat.record import Record
from spacerace_kg.loader import triples
from spacerace_kg.store import EmbeddedStore, graph_files


@pytest.fixture(scope="module")
def together(small_record: Path, imported: tuple[Path, Report]) -> EmbeddedStore:
    return EmbeddedStore.in_memory(
        [*graph_files(small_record), *catalogue.files(imported[0], True)]
    )


def claims(out: Path, subject: str, about: str) -> set[tuple[str, str, str, str, str]]:
    return {
        (s.value, s.source, s.rank, s.locator, s.certainty)
        for s in statements(out)
        if (s.subject, s.property) == (subject, about)
    }


def log(row: str) -> dict:
    """Return an edit of the launch log that adds a row, its cells parted by bars."""
    return {"launchlog.tsv": lambda text: text + row.replace("|", "\t") + "\n"}


def refused(small_record: Path, folder: Path, row: str) -> list[str]:
    report = run(tiny_tables(folder / "t", log(row)), folder / "out", small_record)
    assert report.sums["launchlog"] == Sum(14, 7, 6, 1)
    return [str(fault) for fault in report.refused if fault.file == "launchlog.tsv"]


GOOD = (
    "1963-001|1963 Jan  4 0849|1963-001A|P|Luna|E-6|S00500|OKB1|SU|Molniya 8K78|T1|-|"
    "NIIP-5|LC1|-|-|RVSN|SU|OF40|-"
)


def test_plain_layer_is_the_one_that_was_reviewed(imported):
    """To write it anew: spacerace import gcat, with the record of gcat_tiny for a root."""
    written = {name: text for name, text in texts(imported[0]).items() if name.endswith(".ttl")}
    for name, text in texts(TINY / "expected").items():
        assert written[name].decode() == text.decode(), name
    assert {name for name in written if name.startswith("plain/")} <= {*texts(TINY / "expected")}


def test_every_row_is_accounted_for(imported):
    report = imported[1]
    assert report.sums == {
        "launchlog": Sum(13, 7, 6, 0),
        "orgs": Sum(15, 4, 10, 1),
        "sites": Sum(8, 2, 6, 0),
        "lp": Sum(7, 1, 5, 1),
        "platforms": Sum(3, 0, 3, 0),
    }
    assert all(s.rows == s.joined + s.used + s.refused for s in report.sums.values())
    assert [str(fault) for fault in report.refused] == [
        "lp.tsv:9: the site 'NOWHERE' is not in sites.",
        "orgs.tsv:3: 'LUNA' is a celestial body, no organization.",
    ]
    assert [str(fault) for fault in report.left_out] == [
        "launchlog.tsv:4: the pad 'RW03/21' of 'CC' is not in lp.",
        "launchlog.tsv:8: 1962 NU: not joined to 'kosmos-3/launch', which has another time.",
        "launchlog.tsv:8: the pad 'Mayak-2' of 'GTsP-4' is not in lp.",
        "launchlog.tsv:11: the pad 'LC39A' of 'CC' is not in lp.",
        "launchlog.tsv:14: the pad 'ELA1' of 'CSG' is not in lp.",
        "orgs.tsv:10: the parent 'MOM' is no code of the table orgs.",
        "orgs.tsv:14: the parent 'USN' is no code of the table orgs.",
        "platforms.tsv:5: the parent 'USN' is no code of the table orgs.",
        "sites_2024-11-27.tsv:7: '1999' to '1946': ends before it begins. Exchange the two dates.",
        "sites_2024-11-27.tsv:10: '95.2' is no latitude.",
    ]
    assert (report.counts["launches"], report.counts["joined launches"]) == (10, 5)


def test_plain_layer_follows_from_the_claims_by_the_loaders_rule(small_record, imported):
    folders = (small_record / "graph" / "turtle", imported[0])
    made = statements(*folders)
    layer = triples.plain(made, parts(made), real_ontology())
    derived = {(subject, p, o) for subject, found in layer.items() for _, p, o in found}
    assert plain_of(*folders) == derived


def test_each_subject_is_written_once(imported):
    ids = [line.split("\t")[0] for path in sorted((imported[0] / "index").rglob("*.tsv"))
           for line in path.read_text("utf-8").splitlines()]  # fmt: skip
    assert len(ids) == len(set(ids)) == 97


def test_several_processes_write_the_same_bytes(small_record, imported, tmp_path):
    command = [sys.executable, "-m", "spacerace_kg", "import", "gcat", TINY / "tables"]
    done = subprocess.run(
        [*command, "--out", tmp_path / "out", "--jobs", "3"],
        env={"SPACERACE_ROOT": str(small_record), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert texts(tmp_path / "out") == texts(imported[0])
    assert "all        46    14      30    2" in done.stdout
    assert "lp.tsv:9: the site 'NOWHERE' is not in sites." in done.stdout


def test_manifest_tells_what_went_in_and_what_became_of_it(imported):
    told = json.loads((imported[0] / "manifest.json").read_text("utf-8"))
    table = TINY / "tables" / "sites_2024-11-27.tsv"
    assert told["tables"]["sites"] == {
        "file": table.name,
        "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        "release": "2024-11-27",
        "rows": 8, "joined": 2, "used": 6, "refused": 0,
    }  # fmt: skip
    assert told["tables"]["orgs"]["release"] == "2026-03-26"
    assert told["tables"]["launchlog"]["release"] == ""
    assert told["refused"][0] == "lp.tsv:9: the site 'NOWHERE' is not in sites."


def test_rival_of_the_records_value_is_a_claim_and_the_record_is_ranked_first(imported):
    assert claims(imported[0], "baikonur", "longitude") == {
        ("63", "gcat-release-sites", "normal", "GIK-5", ""),
        ("63.3", "spacerace-kg", "preferred", "", ""),
    }


def test_rival_of_a_value_that_is_judged_already_adds_no_judgement(small_record, tmp_path):
    edit = {"launchlog.tsv": lambda text: text.replace("1754:01", "1755:01")}
    run(tiny_tables(tmp_path / "t", edit), tmp_path / "out", small_record)
    assert claims(tmp_path / "out", "apollo-11/surfaceLaunch", "date") == {
        ("1969-07-21T17:55:01Z", "gcat-release-launchlog", "normal",
         "1969-U01, citing ApolloMR", ""),
    }  # fmt: skip


def test_what_the_record_cites_from_gcat_gets_no_second_claim(imported):
    assert claims(imported[0], "vostok-1/launch", "vehicleSerial") == set()


def test_doubt_marks_are_kept_as_doubt_and_joined_agencies_split(imported):
    assert claims(imported[0], "transit-4b/launch", "agent") == {
        ("gcat-org-nrl", "gcat-release-launchlog", "normal", "1961 A ETA", ""),
        ("gcat-org-nots", "gcat-release-launchlog", "normal", "1961 A ETA", "doubtful"),
    }
    assert claims(imported[0], "transit-4b/launch", "vehicleSerial") == {
        ("305/AB009", "gcat-release-launchlog", "normal", "1961 A ETA", "doubtful")
    }
    # Byte 9 of the type: it is not sure which number is whose.
    assert claims(imported[0], "gcat-s00205", "cosparId") == {
        ("1961-031B", "gcat-release-launchlog", "normal", "S00205", "doubtful")
    }


def test_states_that_gcat_joins_and_the_record_parts_take_their_own_rows(imported):
    codes = {s.subject: s.value for s in statements(imported[0]) if s.property == "gcatCode"}
    assert (codes["soviet-union"], codes["russia"]) == ("SU", "RU")


def test_vehicle_is_joined_by_the_launches_it_flew(imported):
    flown = {s.subject: s.value for s in statements(imported[0]) if s.property == "launchVehicle"}
    assert flown["vostok-1/launch"] == "vostok-rocket"  # by no name: GCAT's is Vostok 8K72
    assert flown["gcat-1957-alp/launch"] == "gcat-vehicle-sputnik-8k71ps"


def test_variant_of_a_broader_model_is_told_apart(small_record, tmp_path):
    row = GOOD.replace("1963-001", "1961 BET").replace("A|P|Luna", " 1|P|Luna")

    def edit(text: str) -> str:
        # A second type on a launch that the record knows, with the same model.
        return text.replace("Saturn V\tSA-506", "Thor Delta\tSA-506") + row.replace("|", "\t")

    facts = small_record / "graph" / "turtle" / "plain" / "record.ttl"
    turtle = facts.read_text("utf-8")
    other = tmp_path / "root"
    (other / "graph" / "turtle" / "plain").mkdir(parents=True)
    (other / "ontology").symlink_to(ROOT / "ontology")
    changed = turtle.replace("sr:launchVehicle id:saturn-v", "sr:launchVehicle id:thor-ablestar")
    (other / "graph" / "turtle" / "plain" / "record.ttl").write_text(changed, "utf-8")
    run(tiny_tables(tmp_path / "t", {"launchlog.tsv": edit}), tmp_path / "out", other)
    assert claims(tmp_path / "out", "gcat-vehicle-thor-delta", "variantOf") == {
        ("thor-ablestar", "spacerace-kg", "normal", "", "")
    }
    assert claims(tmp_path / "out", "gcat-vehicle-thor-ablestar", "variantOf") == set()
    assert claims(tmp_path / "out", "apollo-11/launch", "launchVehicle") == {
        ("thor-ablestar", "gcat-release-launchlog", "normal",
         "1969-059, as gcat-vehicle-thor-delta", "")
    }  # fmt: skip


def test_pad_that_is_one_of_two_is_no_pad_of_a_launch(small_record, tmp_path):
    edit = {"lp.tsv": lambda text: text.replace("Complex 18A,", "Complex 18A or B,")}
    report = run(tiny_tables(tmp_path / "t", edit), tmp_path / "out", small_record)
    where = "1957-F01, at LC18A: Launch Complex 18A or B, Cape Canaveral"
    assert claims(tmp_path / "out", "vanguard-tv3/launch", "place") == {
        ("gcat-site-cc", "gcat-release-launchlog", "normal", where, "doubtful")
    }
    assert [fault for fault in report.left_out if "LC18A" in fault.reason] == []


def test_a_damaged_index_is_a_change_and_no_failure(tmp_path):
    for name, content in (("old", b"a\t1\nb\xff\nc\t3\n"), ("new", b"a\t1\nb\t2\nc\t4\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "orgs.tsv").write_bytes(content)
    changes = compare(tmp_path / "old", tmp_path / "new")
    assert changes == (False, ["b"], ["c"], ["b\ufffd"])


def test_importing_again_changes_nothing(small_record, imported, tmp_path):
    out = tmp_path / "out"
    first = run(TINY / "tables", out, small_record)
    before = texts(out)
    again = run(TINY / "tables", out, small_record)
    assert texts(out) == before == texts(imported[0])
    assert (first.changes.first, again.changes) == (True, (False, [], [], []))
    assert list(tmp_path.iterdir()) == [out]


def test_newer_release_updates_and_tells_what_changed(small_record, tmp_path):
    out = tmp_path / "out"
    run(TINY / "tables", out, small_record)

    def newer(text: str) -> str:
        lines = text.replace("1914\t", "1915\t").replace("DS\tKHR-1", "DS90\tKHR-1").splitlines()
        return "\n".join([*lines[:13], GOOD.replace("|", "\t")]) + "\n"  # the last one is gone

    report = run(tiny_tables(tmp_path / "t", {"launchlog.tsv": newer}), out, small_record)
    assert report.changes.added == ["gcat-1963-001", "gcat-1963-001/launch", "gcat-s00500"]
    assert report.changes.changed == ["apollo-11/launch"]
    assert report.changes.gone == [
        "gcat-1979-104", "gcat-1979-104/launch", "gcat-s11645", "gcat-vehicle-ariane-1",
    ]  # fmt: skip
    fresh = tmp_path / "fresh"
    run(tmp_path / "t", fresh, small_record)
    assert texts(out) == texts(fresh)


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("1963-001|", "1963-1|", "'1963-1' is no launch tag"),
        ("1963-001|", "1962 A OMG|", "'1962 A OMG' is no launch tag"),
        ("1963 Jan  4 0849", "1963 Feb 30", "of launch '1963-001': '1963 Feb 30' is not a day"),
        ("1963 Jan  4 0849", "-", "of launch '1963-001': '-' is no date. A launch needs one."),
        ("OF40", "OF400", "of launch '1963-001': 'OF400' is no launch code: O, D or X, then S,"),
        ("S00500", "S500", "has 'S500', no letter and digits, for its JCAT."),
        ("S00500", "S00103", "repeats the craft 'S00103' of another row."),
        ("|OF40|-", "|OF40", "has 19 cells; the table has 20 columns."),
        ("1963-001|", "1969-059|", "of launch '1969-059' stands apart from the launch's other"),
        ("1963-001|", "1979-104|", "differs in its launch from line 14, of the same tag."),
    ],
)
def test_row_that_cannot_be_used_is_refused_with_its_line(
    small_record, tmp_path, good, bad, reason
):
    (told,) = refused(small_record, tmp_path, GOOD.replace(good, bad))
    assert told.startswith(f"launchlog.tsv:15: The row {reason}")


def test_bytes_that_are_no_text_are_refused(small_record, tmp_path):
    tables = tiny_tables(tmp_path / "t")
    with (tables / "launchlog.tsv").open("ab") as file:
        file.write(GOOD.replace("|", "\t").encode().replace(b"Luna", b"Lun\xe1") + b"\n")
    report = run(tables, tmp_path / "out", small_record)
    assert [str(f) for f in report.refused[:1]] == ["launchlog.tsv:15: The row is not in UTF-8."]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("|OKB1|", "|OKB9|"), "the organization 'OKB9' is not in orgs."),
        (("|OKB1|", "|OKB1/GF|"), "'GF' is a part of a country, no organization."),
        (("|SU|Mol", "|XX|Mol"), "the state 'XX' is not in orgs."),
        (("|NIIP-5|", "|NIIP-9|"), "the site 'NIIP-9' is not in sites."),
        (("|-|NIIP-5|", "|SHIP|NIIP-5|"), "the platform 'SHIP' is not in platforms."),
    ],
)
def test_value_that_cannot_be_used_is_left_out_and_told(small_record, tmp_path, change, told):
    tables = tiny_tables(tmp_path / "t", log(GOOD.replace(*change)))
    report = run(tables, tmp_path / "out", small_record)
    assert [f.reason for f in report.left_out if f[:2] == ("launchlog.tsv", 15)] == [told]
    assert report.sums["launchlog"] == Sum(14, 7, 7, 0)


def test_a_part_of_a_country_operates_nothing_but_can_hold_an_organization(small_record, tmp_path):
    edits = {
        "platforms.tsv": lambda text: text.replace("\tUSN\t", "\tGF\t"),
        "orgs.tsv": lambda text: text.replace("\tUSN/NASA\t", "\tGF\t"),
    }
    out = tmp_path / "out"
    report = run(tiny_tables(tmp_path / "t", edits), out, small_record)
    told = [str(f) for f in report.left_out if "'GF'" in f.reason]
    assert told == ["platforms.tsv:5: the parent 'GF' is a part of a country."]
    assert claims(out, "gcat-platform-f-4d-747", "operator") == set()
    (held,) = claims(out, "gcat-org-nrl", "partOf")
    assert held[0] == "gcat-org-gf"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("F|F|F|CY|C|-|-|France|-|-|-|-|-|-|-|-|-", "'F' stands in line 7 already."),
        ("!!|!!|US|O|B|-|-|-|-|-|-|-|-|-|-|-|-", "'!!' holds no letter or digit of which"),
        ("I_ESA|I_ESA|F|O|B|-|-|-|-|-|-|-|-|-|-|-|-", "'I_ESA' would have the id 'gcat-org-i-esa'"),
        ("X|X|US", "The row has 3 cells; the table has 17 columns."),
    ],
)
def test_organization_that_cannot_be_told_apart_is_refused(small_record, tmp_path, row, reason):
    edit = {"orgs.tsv": lambda text: text + row.replace("|", "\t") + "\n"}
    report = run(tiny_tables(tmp_path / "t", edit), tmp_path / "out", small_record)
    (told,) = (str(f) for f in report.refused if f[:2] == ("orgs.tsv", 18))
    assert told.startswith(f"orgs.tsv:18: {reason}")
    assert report.sums["orgs"] == Sum(16, 4, 10, 2)


@pytest.mark.parametrize("type_", ["Thor ablestar", "!!"])
def test_vehicle_that_cannot_be_told_apart_is_left_out(small_record, tmp_path, type_):
    row = GOOD.replace("Molniya 8K78", type_)
    report = run(tiny_tables(tmp_path / "t", log(row)), tmp_path / "out", small_record)
    assert [f.reason for f in report.left_out if f[:2] == ("launchlog.tsv", 15)] == [
        f"no id of its own can be made of the vehicle {type_!r}."
    ]


def test_column_that_is_missing_is_an_error_and_one_unknown_a_warning(small_record, tmp_path):
    def rename(text: str) -> str:
        return text.replace("Launch_Code", "Launch_Cod")

    with pytest.raises(DataError, match=r"no column 'launch_code' in the table launchlog. Did you"):
        run(tiny_tables(tmp_path / "a", {"launchlog.tsv": rename}), tmp_path / "out", small_record)

    def extend(text: str) -> str:
        head, *lines = text.splitlines()
        return "\n".join([head + "\tMood", *(line + "\tgood" for line in lines)]) + "\n"

    report = run(
        tiny_tables(tmp_path / "b", {"launchlog.tsv": extend}), tmp_path / "out", small_record
    )
    assert report.warnings == ["launchlog.tsv: the column 'Mood' is not used."]
    assert report.sums["launchlog"] == Sum(13, 7, 6, 0)


def test_older_release_without_the_newer_columns_is_read(small_record, tmp_path):
    def older(text: str) -> str:
        return "".join("\t".join(line.split("\t")[:19]) + "\n" for line in text.splitlines())

    tables = tiny_tables(tmp_path / "t", {"launchlog.tsv": older})
    assert run(tables, tmp_path / "out", small_record).sums["launchlog"] == Sum(13, 7, 6, 0)
    assert claims(tmp_path / "out", "gcat-1957-alp/launch", "date") == {
        ("1957-10-04T19:28:34Z", "gcat-release-launchlog", "normal", "1957 ALP", "")
    }


def test_table_that_is_missing_is_named(small_record, tmp_path):
    tables = tiny_tables(tmp_path / "t", {"lp.tsv": lambda _: "", "orgs.tsv": lambda _: ""})
    with pytest.raises(DataError, match=r"lacks lp.tsv, orgs.tsv"):
        run(tables, tmp_path / "out", small_record)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "size"])
def test_table_that_is_no_plain_file_or_too_large_is_refused(small_record, tmp_path, kind):
    shutil.copytree(TINY / "tables", tmp_path / "tables")
    path = tmp_path / "tables" / "launchlog.tsv"
    if kind == "size":
        os.truncate(path, (256 << 20) + 1)
    else:
        put_odd(path, kind)
    told = "it is larger than 256 MiB" if kind == "size" else "it is no plain file"
    with pytest.raises(DataError) as caught:
        run(tmp_path / "tables", tmp_path / "out", small_record)
    assert str(caught.value) == f"{path} cannot be read: {told}."
    assert not (tmp_path / "out").exists()


def test_newest_of_several_releases_is_read(small_record, tmp_path):
    tables = tiny_tables(tmp_path / "t")
    newer = (tables / "sites_2024-11-27.tsv").read_text("utf-8").replace("# Updated 2024", "# 2024")
    (tables / "sites_2025-01-01.tsv").write_text(newer, "utf-8")
    (tables / "sites_2023-01-01.tsv").write_text("#Site\n", "utf-8")
    with pytest.raises(DataError, match=r"sites_2023-01-01.tsv:1: there is no column"):
        run(tables, tmp_path / "out", small_record)
    (tables / "sites_2023-01-01.tsv").unlink()
    run(tables, tmp_path / "out", small_record)
    told = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert told["tables"]["sites"]["file"] == "sites_2025-01-01.tsv"


def test_folder_that_holds_something_else_is_left_alone(small_record, tmp_path):
    (tmp_path / "letters.txt").write_text("dear", "utf-8")
    with pytest.raises(UsageError, match="holds something other than a catalogue"):
        run(TINY / "tables", tmp_path, small_record)
    assert texts(tmp_path) == {"letters.txt": b"dear"}


def test_file_of_the_users_own_beside_a_catalogue_is_left_alone(small_record, tmp_path):
    out = tmp_path / "out"
    run(TINY / "tables", out, small_record)
    (out / "letters.txt").write_text("dear", "utf-8")
    with pytest.raises(UsageError, match="holds something other than a catalogue"):
        run(TINY / "tables", out, small_record)
    assert (out / "letters.txt").read_text("utf-8") == "dear"


def test_launch_log_without_a_row_is_refused(small_record, tmp_path):
    shutil.copytree(TINY / "tables", tmp_path / "t")
    log = tmp_path / "t" / "launchlog.tsv"
    lines = log.read_text("utf-8").splitlines(keepends=True)
    log.write_text("".join(line for line in lines if line.startswith("#")), "utf-8")
    with pytest.raises(DataError, match=r"launchlog.tsv: no row can be used\. Is this the whole"):
        run(tmp_path / "t", tmp_path / "out", small_record)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("sent", ["SIGTERM", "SIGKILL"])
def test_processes_of_an_import_end_with_it(small_record, tmp_path, sent):
    script = """
import os, sys, time
from pathlib import Path
from spacerace_kg import cli
from spacerace_kg.gcat import writing

def endless(year):
    (Path(sys.argv[3]) / str(os.getpid())).touch()
    time.sleep(60)

writing._year = endless
sys.exit(cli.main(["import", "gcat", sys.argv[1], "--out", sys.argv[2], "--jobs", "2"]))
"""
    seen, out = tmp_path / "seen", tmp_path / "folder" / "out"
    seen.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", script, TINY / "tables", out, seen],
        env={"PYTHONPATH": str(ROOT), "SPACERACE_ROOT": str(small_record)},
    )
    while len(list(seen.iterdir())) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(getattr(signal, sent))
    assert process.wait(timeout=40) == (143 if sent == "SIGTERM" else -signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{path.name}").exists() for path in seen.iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    if sent == "SIGTERM":
        assert list(out.parent.iterdir()) == []


def test_import_that_fails_leaves_the_old_catalogue(small_record, tmp_path):
    out = tmp_path / "out"
    run(TINY / "tables", out, small_record)
    before = texts(out)
    (tmp_path / "t").mkdir()
    with pytest.raises(DataError):
        run(tmp_path / "t", out, small_record)
    assert texts(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "t"]


def test_catalogue_lists_its_files_and_a_folder_that_is_none_is_told(imported, tmp_path):
    found = catalogue.files(imported[0])
    assert [os.path.basename(path) for path in found][:2] == ["1957.ttl", "1958.ttl"]
    assert len(catalogue.files(imported[0], claims=True)) == 2 * len(found)
    with pytest.raises(DataError, match=r"holds no catalogue. Run: spacerace import gcat"):
        catalogue.files(tmp_path)


def test_catalogue_lies_among_the_users_data(monkeypatch):
    monkeypatch.delenv("SPACERACE_CATALOGUE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert catalogue.default() == "/somewhere/spacerace_kg/catalogue"


def test_damaged_record_is_told(small_record, tmp_path):
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.ttl").write_text("id:a sr:b id:c .\nwhat\n", "utf-8")
    with pytest.raises(DataError, match=r"a.ttl:2: not as written. Run: spacerace build"):
        Record(tmp_path)


def test_process_that_is_killed_ends_the_import_and_leaves_the_old_catalogue(
    small_record, tmp_path
):
    out = tmp_path / "out"
    run(TINY / "tables", out, small_record)
    before = texts(out)
    script = """
import os, signal, sys
from pathlib import Path
from spacerace_kg.errors import OutsideError
from spacerace_kg.gcat import build, writing

def killed(year):
    os.kill(os.getpid(), signal.SIGKILL)

writing._year = killed
try:
    build.build(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), 2)
except OutsideError as error:
    sys.exit(str(error))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, TINY / "tables", out, small_record],
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr == "A process was ended from outside. Try with --jobs 1.\n"
    assert texts(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_what_a_killed_import_left_is_cleared_when_it_is_old(small_record, tmp_path):
    out = tmp_path / "out"
    left = tmp_path / ".out-importing-abc"
    left.mkdir()
    run(TINY / "tables", out, small_record)
    assert left.is_dir()  # it may be at work
    os.utime(left, (0, 0))
    run(TINY / "tables", out, small_record)
    assert not left.exists()


def test_plain_layer_alone_is_the_same_without_claims(small_record, imported, tmp_path):
    report = import_module.build(TINY / "tables", tmp_path / "out", small_record, claims=False)
    assert texts(tmp_path / "out" / "plain") == texts(imported[0] / "plain")
    assert not (tmp_path / "out" / "claims").exists()
    with pytest.raises(DataError, match="was made without claims"):
        catalogue.files(tmp_path / "out", claims=True)
    assert report.counts["plain"] == imported[1].counts["plain"] == 994
    assert (report.counts["claims"], imported[1].counts["claims"]) == (0, 631)


# The other rules are on what the record's editors must write: descriptions, Russian labels, crews.
@pytest.mark.parametrize(
    "rule",
    [
        "best-claim-not-stated", "blank-node", "claim-about-nothing", "claim-incomplete",
        "claim-of-no-source", "claim-of-unknown-property", "claim-ranked-without-reason",
        "class-without-claim", "cospar-id-of-failure", "date-bounds-crossed",
        "date-without-bounds", "label-not-english", "launched-twice", "outranked-claim-stated",
        "reference-to-nothing", "rivals-stated", "statement-without-claim",
    ],
)  # fmt: skip
def test_record_and_catalogue_together_keep_the_rules_of_the_graph(together, rule):
    assert together.select(queries.read(ROOT / "queries" / "checks", rule).text).rows == []


def test_conflicts_shows_what_differs_between_record_and_catalogue(together):
    found = together.select(queries.read(ROOT / "queries", "conflicts").text)
    value, source, rank = (found.columns.index(name) for name in ("value", "source", "rank"))
    rows = {
        (row[value], str(row[source]).rpartition("/")[2], row[rank])
        for row in found.rows
        if str(row[0]).endswith(("/id/vostok-1/launch", "/id/baikonur"))
    }
    assert rows == {
        (Decimal("63.3"), "siddiqi-2000", "normal"),
        (Decimal("63.3"), "spacerace-kg", "preferred"),
        (Decimal("63"), "gcat-release-sites", "normal"),
    }
