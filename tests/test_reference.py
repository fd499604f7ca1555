"""The facts against published reference data that lies beside the checkout and is no part of it.

Where the two differ the record must show it: by a claim that cites that reference with its value,
beside the one that it prefers, or by a row of ``reference_accepted.tsv``, which says why ours
stands. That file holds neither more nor less than the differences found. ``reference_names.tsv``
says which of our ids stands for a name there.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import pytest

from spacerace_kg.dates import Interval, interval
from spacerace_kg.loader.check import Checked, check
from spacerace_kg.loader.statements import Statement, best

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
REFERENCE = Path(os.environ.get("SPACERACE_REFERENCE") or ROOT.parent / "shared" / "reference")

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason=f"The reference data is not at {REFERENCE}."
)

Row = dict[str, str]


class Difference(NamedTuple):
    """What the record says and what a reference says instead."""

    subject: str
    ours: str
    theirs: str


class Record:
    """The checked facts by subject and property."""

    def __init__(self, checked: Checked) -> None:
        self.ontology = checked.ontology
        self.statements = checked.statements
        self.groups: dict[tuple[str, str], list[Statement]] = defaultdict(list)
        for s in checked.statements:
            self.groups[s.subject, s.property].append(s)

    def all(self, subject: str, name: str) -> list[str]:
        """Return the values of the best rank."""
        return list(dict.fromkeys(s.value for s in best(self.groups.get((subject, name), []))))

    def one(self, subject: str, name: str) -> str:
        """Return the value of the best rank, or an empty text."""
        return next(iter(self.all(subject, name)), "")

    def span(self, event: str) -> Interval | None:
        date = self.one(event, "date")
        return interval(date) if date else None

    def is_a(self, subject: str, class_: str) -> bool:
        name = self.one(subject, "type")
        return bool(name) and self.ontology.is_a(name, frozenset({class_}))

    def of_class(self, class_: str) -> list[str]:
        return [s for (s, name) in self.groups if name == "type" and self.is_a(s, class_)]

    def cites(self, subject: str, name: str, source: str, values: Iterable[str]) -> bool:
        """Say whether a claim of that source gives one of these values."""
        given = {s.value for s in self.groups.get((subject, name), []) if s.source == source}
        return not given.isdisjoint(values)

    def cites_date(self, event: str, source: str, theirs: Interval) -> bool:
        """Say whether a claim of that source gives a date that agrees with theirs."""
        group = self.groups.get((event, "date"), [])
        return any(s.source == source and agree(interval(s.value), theirs) for s in group)

    @cached_property
    def tagged(self) -> dict[str, list[str]]:
        """The missions, craft or launches of each GCAT launch tag."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject, name in self.groups:
            if name == "gcatTag":
                found[self.one(subject, name)].append(subject)
        return found

    def owners(self) -> Iterator[tuple[str, Row]]:
        """Yield each subject with a GCAT launch tag, and the first row of that launch."""
        for tag, subjects in self.tagged.items():
            for subject in subjects:
                yield subject, launch_log()[tag][0]

    def launches(self) -> Iterator[tuple[str, Row]]:
        """Yield each launch event with a GCAT launch tag, and the first row of that launch."""
        for owner, row in self.owners():
            yield (owner if self.is_a(owner, "Launch") else f"{owner}/launch"), row

    def crewed(self, tag: str) -> str:
        """Return the crewed mission of a GCAT launch tag, or an empty text."""
        return next((m for m in self.tagged.get(tag, []) if self.is_a(m, "CrewedMission")), "")

    def people(self, mission: str, *properties: str) -> set[str]:
        """Return the people of a mission's crew assignments under these properties."""
        parts = [part for name in properties for part in self.all(mission, name)]
        return {self.one(part, "person") for part in parts}


@pytest.fixture(scope="session")
def record() -> Record:
    return Record(check(ROOT))


def read(path: Path, delimiter: str = "\t") -> list[Row]:
    """Return the rows of a table, its cells stripped, its comments left out."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line.lstrip("#") if n == 0 else line for n, line in enumerate(file))
        body = (line for line in lines if not line.startswith("#"))
        if delimiter == ",":
            reader = csv.DictReader(body)
        else:
            reader = csv.DictReader(body, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return [{key: (cell or "").strip() for key, cell in row.items()} for row in reader]


@cache
def names(kind: str) -> dict[str, set[str]]:
    """Return our ids for each name of a kind in the reference data."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in read(HERE / "reference_names.tsv"):
        if row["kind"] == kind:
            found[row["theirs"]].add(row["ours"])
    return dict(found)


def name(kind: str, theirs: str) -> str:
    """Return our id for a name that has just one."""
    (ours,) = names(kind)[theirs]
    return ours


@cache
def launch_log() -> dict[str, list[Row]]:
    """Return the rows of GCAT's launch log by launch tag."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in read(REFERENCE / "gcat" / "launchlog_2024-12-09.tsv"):
        rows[row["Launch_Tag"]].append(row)
    return rows


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def gcat_date(text: str) -> str:
    """Return one of GCAT's vague dates in EDTF: a question mark widens it, as ``~`` does here."""
    found = re.fullmatch(r"(\d{4}) (\w{3}) +(\d+)(?: (\d\d)(\d\d)(?::(\d\d))?)?(\??)", text.strip())
    assert found, text
    year, month, day, hour, minute, second, doubt = found.groups()
    date = f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"
    if hour:
        date += f"T{hour}:{minute}" + (f":{second}" if second else "") + "Z"
    return date + ("~" if doubt else "")


def ends(date: Interval) -> tuple[datetime, datetime]:
    """Return the first and the last instant of a date that is open at neither end."""
    assert date.earliest is not None
    assert date.latest is not None
    return date.earliest, date.latest


def agree(ours: Interval, theirs: Interval) -> bool:
    """Say whether two dates are equal, or one is only the less precise."""
    (start, end), (begin, until) = ends(ours), ends(theirs)
    return start <= begin <= until <= end or begin <= start <= end <= until


def gap(ours: Interval, theirs: Interval) -> float:
    """Return the seconds between two intervals, 0 where they meet."""
    (start, end), (begin, until) = ends(ours), ends(theirs)
    return max(0.0, (start - until).total_seconds(), (begin - end).total_seconds())


def must_be_accepted(kind: str, differences: Iterable[Difference]) -> None:
    """Compare the differences found with those that a person has accepted, row for row."""
    rows = read(HERE / "reference_accepted.tsv")
    accepted = [
        Difference(r["subject"], r["ours"], r["theirs"]) for r in rows if r["check"] == kind
    ]
    assert sorted(set(differences)) == sorted(accepted)


def listed(values: Iterable[str]) -> str:
    return " ".join(sorted(values))


def test_launch_times_agree_with_gcat(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for event, row in record.launches():
            ours, theirs = record.one(event, "date"), gcat_date(row["Launch_Date"])
            there = interval(theirs)
            if not agree(interval(ours), there) and not record.cites_date(event, "gcat", there):
                yield Difference(event, ours, theirs)

    must_be_accepted("launch-time", differences())


def test_dates_cited_to_gcat_are_no_more_precise_than_the_log(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for event, row in record.launches():
            theirs = interval(gcat_date(row["Launch_Date"]))
            for s in record.groups[event, "date"]:
                if s.source == "gcat" and interval(s.value).precision > theirs.precision:
                    yield Difference(event, s.value, row["Launch_Date"])

    must_be_accepted("gcat-precision", differences())


def test_launch_times_are_cited_to_nssdc_only_where_it_has_the_minute(record: Record) -> None:
    table = {row["nssdc_id"]: row for row in read(REFERENCE / "nssdc/nssdc_spacecraft_to1991.tsv")}

    def differences() -> Iterator[Difference]:
        for s in record.statements:
            if s.source == "nssdc" and s.property == "date" and s.subject.endswith("/launch"):
                minute = re.search(r"T\d\d:(\d\d)", s.value)
                text = table[s.locator]["description"] if s.locator in table else ""
                if minute and not re.search(rf"\b\d\d?:?{minute[1]}\b", text):
                    yield Difference(s.subject, s.value, s.locator)

    must_be_accepted("nssdc-minute", differences())


def test_launch_pads_agree_with_gcat(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for event, row in record.launches():
            ours = record.one(event, "place")
            theirs = f"{row['Launch_Site']} {row['Launch_Pad'].rstrip('?')}"
            if ours not in names("pad").get(theirs, ()):
                yield Difference(event, ours, theirs)

    must_be_accepted("launch-pad", differences())


def test_launch_vehicles_agree_with_gcat(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for event, row in record.launches():
            theirs = row["LV_Type"]
            ours = record.one(event, "launchVehicle")
            if ours not in names("vehicle").get(theirs, ()):
                yield Difference(event, ours, theirs)

    must_be_accepted("launch-vehicle", differences())


def test_launch_vehicle_serials_agree_with_gcat(record: Record) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\W", "", text)

    def differences() -> Iterator[Difference]:
        for event, row in record.launches():
            theirs = row["Flight_ID"]  # of all stages together: ours may be that of the first
            for ours in record.all(event, "vehicleSerial"):
                known = record.cites(event, "vehicleSerial", "gcat", [theirs])
                if not known and not bare(theirs).startswith(bare(ours)):
                    yield Difference(event, ours, theirs)

    must_be_accepted("launch-serial", differences())


def test_launch_outcomes_agree_with_gcat(record: Record) -> None:
    means = {"S": "success", "F": "failure"}

    def differences() -> Iterator[Difference]:
        for event, row in record.launches():
            ours, theirs = record.one(event, "launchOutcome"), means[row["Launch_Code"][1]]
            if ours != theirs and not record.cites(event, "launchOutcome", "gcat", [theirs]):
                yield Difference(event, ours, row["Launch_Code"])

    must_be_accepted("launch-outcome", differences())


def test_launches_of_gcat_are_those_of_the_nation(record: Record) -> None:
    means = {"soviet-union": {"SU"}, "united-states": {"US"}, "russia": {"RU"}}

    def differences() -> Iterator[Difference]:
        for owner, row in record.owners():
            ours, theirs = record.one(owner, "nation"), row["LVState"]
            if record.is_a(owner, "Mission") and theirs not in means.get(ours, ()):
                yield Difference(owner, ours, theirs)

    must_be_accepted("launch-nation", differences())


def cospar(piece: str) -> str:
    """Return a GCAT piece as a COSPAR id with the Latin letter: 1961 MU 1 has no such form."""
    return piece if re.fullmatch(r"\d{4}-\d{3}[A-Z]{1,3}", piece) else ""


@cache
def cospar_by_satcat() -> dict[str, str]:
    """Return the COSPAR id of each satellite number, Greek letters turned into launch numbers."""
    rows = read(REFERENCE / "gcat" / "launchlog_to1991_decoded.tsv")
    later = [row for tag in launch_log() for row in launch_log()[tag]]
    found = {row["JCAT"]: cospar(row["Piece"]) for row in later if cospar(row["Piece"])}
    for row in rows:
        greek = re.fullmatch(r"\d{4} [A-Z ]+?(?: (\d+))?", row["piece"])
        if greek:
            found[row["jcat"]] = row["cospar_launch"] + chr(ord("A") + int(greek[1] or 1) - 1)
    return found


def test_satellite_numbers_and_cospar_ids_are_of_one_object_of_the_launch(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for owner, row in record.owners():
            rows = launch_log()[row["Launch_Tag"]]
            objects = [r["JCAT"] for r in rows if r["JCAT"].startswith("S")]
            for number in record.all(owner, "satcatNumber"):
                if f"S{number}" not in objects:
                    yield Difference(owner, number, listed(objects))
                theirs = cospar_by_satcat().get(f"S{number}", "")
                for ours in record.all(owner, "cosparId"):
                    if ours != theirs and not record.cites(owner, "cosparId", "gcat", [theirs]):
                        yield Difference(owner, ours, theirs)
            for ours in record.all(owner, "cosparId"):
                known = {cospar_by_satcat().get(o, "") for o in objects}
                if ours not in known and not record.cites(owner, "cosparId", "gcat", known):
                    yield Difference(owner, ours, listed(objects))

    must_be_accepted("satcat-cospar", differences())


def test_craft_in_orbit_have_cospar_ids_and_failures_have_none(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for owner, row in record.owners():
            reached = not re.match(r"\d{4}-[FU]", row["Launch_Tag"])
            if not record.is_a(owner, "Launch") and bool(record.one(owner, "cosparId")) != reached:
                yield Difference(owner, record.one(owner, "cosparId"), row["Launch_Tag"])

    must_be_accepted("cospar-presence", differences())


def test_nssdc_ids_exist_and_were_launched_on_that_day(record: Record) -> None:
    table = {row["nssdc_id"]: row for row in read(REFERENCE / "nssdc/nssdc_spacecraft_to1991.tsv")}
    faulty = {
        row["cospar_launch"]
        for row in read(REFERENCE / "nssdc/gcat_vs_nssdc_launch_date_differences.tsv")
    }

    def differences() -> Iterator[Difference]:
        for owner in {s.subject for s in record.statements if s.property == "nssdcId"}:
            ours = record.one(owner, "nssdcId")
            launched = record.one(f"{owner}/launch", "date")
            if not launched or launched > "1992":
                continue  # a craft carried by a mission has no launch of its own
            if ours not in table:
                yield Difference(owner, ours, "")
            elif launched[:10] not in table[ours]["launched"].split("|") and ours[:8] not in faulty:
                yield Difference(owner, launched[:10], table[ours]["launched"])

    must_be_accepted("nssdc-launch-day", differences())


def test_masses_cited_to_nssdc_are_the_masses_there(record: Record) -> None:
    table = {row["nssdc_id"]: row for row in read(REFERENCE / "nssdc/nssdc_spacecraft_to1991.tsv")}

    def differences() -> Iterator[Difference]:
        for s in record.statements:
            if s.property == "massKilograms" and s.source == "nssdc" and s.locator in table:
                theirs, text = table[s.locator]["mass_kg"], table[s.locator]["description"]
                if not theirs or float(theirs) != float(s.value):
                    if f" {s.value} kg" in text.replace(",", ""):
                        continue
                    yield Difference(s.subject, s.value, theirs)

    must_be_accepted("nssdc-mass", differences())


def crewed_attempts() -> list[Row]:
    rows = read(REFERENCE / "human" / "crewed_flights_crosscheck_to1991.tsv")
    assert len(rows) == 146
    return rows


def test_all_146_crewed_orbital_attempts_are_crewed_missions(record: Record) -> None:
    assert [r["gcat_tag"] for r in crewed_attempts() if not record.crewed(r["gcat_tag"])] == []


def test_crews_up_and_down_agree_with_cosmos(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for row in crewed_attempts():
            mission = record.crewed(row["gcat_tag"])
            for column, other in (("crew_up", "crewUp"), ("crew_down", "crewDown")):
                theirs = {name("person", p) for p in row[column].split("|") if p}
                ours = record.people(mission, "crew", other)
                if ours != theirs:
                    yield Difference(f"{mission}.{column}", listed(ours), listed(theirs))

    must_be_accepted("crew", differences())


def test_landing_times_agree_with_cosmos_to_the_minute(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for row in crewed_attempts():
            if not row["cosmos_landing"]:
                continue
            event = f"{record.crewed(row['gcat_tag'])}/landing"
            ours, theirs = record.one(event, "date"), row["cosmos_landing"].split("|")[0]
            there = interval(theirs)
            known = record.cites_date(event, "cosmos-encyclopaedia", there)
            if not known and (not ours or gap(interval(ours), there) > 60):
                yield Difference(event, ours, theirs)

    must_be_accepted("landing-time", differences())


def flown(record: Record) -> set[str]:
    """Return everybody on the crew of a mission launched by 1991."""
    missions = [
        m for m in record.of_class("CrewedMission") if record.one(f"{m}/launch", "date") < "1992"
    ]
    return {p for m in missions for p in record.people(m, "crew", "crewUp")}


def test_births_agree_with_cosmos(record: Record) -> None:
    people = {row["id"]: row for row in read(REFERENCE / "human" / "cosmos_people.tsv")}
    compared = set()

    def differences() -> Iterator[Difference]:
        for theirs, (ours,) in names("person").items():
            birth, born = f"{ours}/birth", people[theirs]["dob"]
            compared.add(ours)
            if not born:
                continue
            date = record.one(birth, "date")
            known = record.cites_date(birth, "cosmos-encyclopaedia", interval(born))
            if not known and (not date or not agree(interval(date), interval(born))):
                yield Difference(birth, date, born)

    must_be_accepted("birth", differences())
    assert flown(record) - compared == set()


def test_sexes_agree_with_cosmos(record: Record) -> None:
    people = {row["id"]: row for row in read(REFERENCE / "human" / "cosmos_people.tsv")}
    different = (
        Difference(ours, record.one(ours, "sex"), people[theirs]["gender"])
        for theirs, (ours,) in names("person").items()
        if record.one(ours, "sex") != people[theirs]["gender"].lower()
    )
    must_be_accepted("sex", different)


@cache
def astronauts() -> dict[str, list[Row]]:
    """Return the rows of flights to 1991 in Stavnichuk and Corlett's database, by person."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in read(REFERENCE / "human" / "tidytuesday_astronauts.csv", ","):
        if int(row["year_of_mission"]) <= 1991:
            rows[row["name"].replace("\xad", "")].append(row)
    return rows


def cited_as(record: Record) -> dict[str, str]:
    """Return the person whose record cites each name in Stavnichuk and Corlett's database."""
    found = {}
    for s in record.statements:
        if s.source == "tidytuesday-astronauts" and record.is_a(s.subject, "Person"):
            found[s.locator] = s.subject
    return found


def test_everybody_who_flew_by_1991_cites_one_row_of_the_astronaut_database(record: Record) -> None:
    ours = cited_as(record)

    def differences() -> Iterator[Difference]:
        for theirs in astronauts().keys() - ours.keys():
            yield Difference("", "", theirs)
        for theirs, person in ours.items():
            if theirs not in astronauts() and person in flown(record):
                yield Difference(person, theirs, "")

    must_be_accepted("astronaut", differences())


def test_years_of_birth_agree_with_the_astronaut_database(record: Record) -> None:
    people = cited_as(record)

    def differences() -> Iterator[Difference]:
        for theirs, rows in astronauts().items():
            birth = f"{people[theirs]}/birth" if theirs in people else ""
            ours, year = record.one(birth, "date"), rows[0]["year_of_birth"]
            known = record.cites_date(birth, "tidytuesday-astronauts", interval(year))
            if birth and not known and ours[:4] != year:
                yield Difference(birth, ours, year)

    must_be_accepted("birth-year", differences())


def test_numbers_of_spacewalks_agree_with_the_astronaut_database(record: Record) -> None:
    people = cited_as(record)
    walks: dict[str, list[str]] = defaultdict(list)
    for event in record.of_class("Spacewalk"):
        for person in record.all(event, "participant"):
            walks[person].append(record.one(event, "date"))

    def differences() -> Iterator[Difference]:
        for theirs, rows in astronauts().items():
            years = [int(row["year_of_mission"]) for row in rows]
            count = sum(int(row["total_number_of_eva"]) for row in rows)
            person = people.get(theirs, "")
            ours = [d for d in walks.get(person, []) if int(d[:4]) <= max(years) + 1]
            if person and len(ours) != count:
                yield Difference(person, str(len(ours)), str(count))

    must_be_accepted("spacewalks", differences())


def deep_space() -> list[Row]:
    path = REFERENCE / "deep_space" / "gcat_nssdc_deepspace_attempts_to1991.tsv"
    rows = read(path)
    assert len(rows) == 198
    return rows


def test_all_lunar_and_planetary_attempts_are_in_the_record(record: Record) -> None:
    missing = (
        Difference(row["gcat_tag"], "", row["gcat_objects"])
        for row in deep_space()
        if not record.tagged.get(row["gcat_tag"])
    )
    must_be_accepted("deep-space", missing)


def test_nssdc_ids_of_deep_space_attempts_are_those_of_the_launch(record: Record) -> None:
    def differences() -> Iterator[Difference]:
        for row in deep_space():
            theirs = {entry.split()[0] for entry in row["nssdc_objects"].split("; ") if entry}
            for owner in record.tagged.get(row["gcat_tag"], []):
                ours = record.one(owner, "nssdcId")
                if theirs and ours not in theirs and record.is_a(owner, "Mission"):
                    yield Difference(owner, ours, row["nssdc_objects"])

    must_be_accepted("nssdc-id", differences())


def test_all_23_agreements_are_in_the_record_with_their_dates(record: Record) -> None:
    rows = read(REFERENCE / "agreements.tsv")
    assert len(rows) == 23
    columns = {
        "signed_or_done": ("", "signing", "adoption"),
        "entered_into_force": ("entryIntoForce",),
    }

    def differences() -> Iterator[Difference]:
        for row in rows:
            ours = name("agreement", row["id"])
            assert record.one(ours, "type"), ours
            for column, parts in columns.items():
                found = re.match(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?", row[column])
                if not found or "from memory" in row[column]:
                    continue
                if column == "entered_into_force" and not record.is_a(ours, "Agreement"):
                    continue
                events = [f"{ours}/{part}" if part else ours for part in parts]
                dates = [date for event in events if (date := record.one(event, "date"))]
                if not any(agree(interval(d), interval(found[0])) for d in dates):
                    yield Difference(f"{ours}.{column}", listed(dates), found[0])

    must_be_accepted("agreement", differences())


def test_all_47_firsts_are_in_the_record_with_their_dates(record: Record) -> None:
    rows = read(REFERENCE / "firsts.tsv")
    assert len(rows) == 47
    nations = {"SU": {"soviet-union"}, "US": {"united-states"}}
    nations["SU+US"] = nations["SU"] | nations["US"]

    def differences() -> Iterator[Difference]:
        for row in rows:
            first = name("first", row["id"])
            assert record.is_a(first, "First"), first
            event = record.one(first, "achievedBy")
            ours = record.one(event, "date")
            theirs = interval(row["event_utc"])
            if not any(agree(interval(s.value), theirs) for s in record.groups[event, "date"]):
                yield Difference(first, ours, row["event_utc"])
            if (
                row["nation"] in nations
                and record.one(first, "nation") not in nations[row["nation"]]
            ):
                yield Difference(first, record.one(first, "nation"), row["nation"])

    must_be_accepted("first", differences())


def test_positions_of_launch_pads_agree_with_gcat(record: Record) -> None:
    positions = {
        f"{row['Site']} {row['Code']}": (row["Latitude"], row["Longitude"])
        for row in read(REFERENCE / "gcat" / "lp_2024-11-27.tsv")
    }

    def differences() -> Iterator[Difference]:
        for theirs, ids in names("pad").items():
            for ours in ids:
                here = record.one(ours, "latitude"), record.one(ours, "longitude")
                there = positions.get(theirs, ("-", "-"))
                if not record.is_a(ours, "LaunchPad") or not all(here) or "-" in there:
                    continue
                if any(abs(float(a) - float(b)) > 0.02 for a, b in zip(here, there, strict=True)):
                    yield Difference(ours, listed(here), listed(there))

    must_be_accepted("pad-position", differences())


def test_accepted_differences_are_in_order_and_each_has_its_reason() -> None:
    rows = read(HERE / "reference_accepted.tsv")
    keys = [(row["check"], row["subject"], row["ours"], row["theirs"]) for row in rows]
    assert keys == sorted(set(keys))
    assert [row for row in rows if len(row["reason"]) < 20] == []
