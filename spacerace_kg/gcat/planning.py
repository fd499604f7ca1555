"""The first reading of the launch log: where each row stands, and what joins it to the record."""

from __future__ import annotations

from array import array
from typing import NamedTuple

from spacerace_kg.gcat import codes, vague
from spacerace_kg.gcat.places import Gazetteer
from spacerace_kg.gcat.record import Lift, Record
from spacerace_kg.gcat.tables import Fault, LaunchRow, Table
from spacerace_kg.gcat.vehicles import Sighting


class Plan(NamedTuple):
    """What one reading of the log shows: the rows by year, and what joins them to the record."""

    years: dict[int, array[int]]  # line and offset of each row, in turn
    sightings: dict[str, Sighting]
    joins: dict[str, list[Lift]]
    faults: list[Fault]
    left_out: list[Fault]


class Tally:
    """The fate of rows: about what the record knows, about anything else, refused."""

    def __init__(self) -> None:
        self.joined = self.used = 0
        self.launches = self.joined_launches = self.joined_crafts = 0
        self.refused: list[Fault] = []
        self.left_out: list[Fault] = []  # single values, of rows that are used

    def __iadd__(self, other: Tally) -> Tally:
        """Add what another counted."""
        for fate, value in vars(other).items():
            setattr(self, fate, getattr(self, fate) + value)
        return self


def plan(table: Table[LaunchRow], record: Record, gazetteer: Gazetteer) -> Plan:
    """Read the log once; nothing is kept of a row but its place."""
    made = Plan({}, {}, {}, [], [])
    seen: set[int] = set()
    years: dict[str, array[int]] = {}  # by launch tag, each new one being looked at
    key = table.reader("launch_tag", "jcat")
    flight = table.reader("launch_date", "lv_type", "lvstate")
    for line, offset, content in table.lines():
        try:
            tag, jcat = key(line, content)
            year = years.get(tag)
            if year is None:
                number = codes.launch_year(tag)
            if not codes.is_jcat(jcat):
                raise ValueError(f"has {jcat!r}, no letter and digits, for its JCAT.")
            craft = ord(jcat[0]) * 10**9 + int(jcat[1:])
            if craft in seen:
                raise ValueError(f"repeats the craft {jcat!r} of another row.")
        except ValueError as error:
            made.faults.append(Fault(table.path.name, line, f"The row {error}"))
            continue
        seen.add(craft)
        if year is None:
            year = years[tag] = made.years.setdefault(number, array("q"))
            _sight(line, tag, flight(line, content), made, table, record, gazetteer)
        year.extend((line, offset))
    return made


def _sight(
    line: int,
    tag: str,
    flight: list[str],
    made: Plan,
    table: Table[LaunchRow],
    record: Record,
    gazetteer: Gazetteer,
) -> None:
    """Join the launch of a row to the record, and note which vehicle flew it."""
    lifts: list[Lift] = []
    launch_date, lv_type, lvstate = flight
    try:
        date = vague.parse(launch_date)
    except ValueError:
        return  # it is refused with its launch
    if date.first and date.last:
        lifts, misfits = record.launches(tag, date.first, date.last)
        for event in misfits:
            reason = f"{tag}: not joined to {event!r}, which has another time."
            made.left_out.append(Fault(table.path.name, line, reason))
    if lifts:
        made.joins[tag] = lifts
    type_, _ = codes.doubt(lv_type)
    if type_ not in ("", "-"):
        sighting = made.sightings.setdefault(type_, Sighting(tag))
        property_, state = gazetteer.state(lvstate)
        sighting.nations.add(state if property_ == "nation" else "")
        for lift in lifts:
            sighting.models.update(record.ids(lift.event, "sr:launchVehicle"))
