"""The launch log: a mission for each launch, its lift-off, and each craft that it carried."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from spacerace_kg.gcat import codes, crafts, vague
from spacerace_kg.gcat.cells import Cells
from spacerace_kg.gcat.planning import Tally
from spacerace_kg.gcat.record import Lift, Record
from spacerace_kg.gcat.tables import BUFFER, Fault, LaunchRow, Table
from spacerace_kg.gcat.units import Vague
from spacerace_kg.gcat.values import Subject, Value, bounds, coded, link, name, text

_CODED = (
    "launch_code", "lv_type", "launch_site", "launch_pad", "ascent_site", "ascent_pad", "platform",
    "agency",
)  # fmt: skip
_OF_LAUNCH = ("launch_date", "flight_id", "lvstate", *_CODED)
_tag_of = itemgetter(LaunchRow._fields.index("launch_tag"))
_codes_of = itemgetter(*map(LaunchRow._fields.index, _CODED))  # as `Cells.of_launch` takes them
# What all rows of a launch must agree in.
_launch_of = itemgetter(*map(LaunchRow._fields.index, _OF_LAUNCH))


class Carried(NamedTuple):
    """A row as a craft: its COSPAR id and catalogue number, its id, and whether the record's."""

    row: LaunchRow
    numbers: tuple[str, str]
    id: str
    joined: bool


class Launches:
    """Puts the rows of launches into the graph's terms."""

    def __init__(
        self,
        table: Table[LaunchRow],
        record: Record,
        cells: Cells,
        joins: dict[str, list[Lift]],
        labels: dict[str, str],
    ) -> None:
        self.table, self.record, self.cells = table, record, cells
        self.joins, self.labels = joins, labels

    def year(self, places: array[int], tally: Tally) -> Iterator[Subject]:
        """Yield the subjects of a year's launches, in the log's order, and count their rows."""
        done: set[str] = set()
        for tag, group in groupby(self._rows(places), key=_tag_of):
            rows = list(group)
            if tag in done:
                reason = f"of launch {tag!r} stands apart from the launch's other rows."
                self._refuse(rows, reason, tally)
            else:
                done.add(tag)
                yield from self._launch(rows, tally)

    def _rows(self, places: array[int]) -> Iterator[LaunchRow]:
        parse, here = self.table.parse, -1
        with self.table.path.open("rb", BUFFER) as file:
            for line, offset in zip(places[::2], places[1::2], strict=True):
                if offset != here:
                    file.seek(offset)
                content = file.readline()
                here = offset + len(content)
                yield parse(line, content)

    def _refuse(self, rows: list[LaunchRow], reason: str, tally: Tally) -> None:
        file = self.table.path.name
        tally.refused += [Fault(file, row.line, f"The row {reason}") for row in rows]

    def _leave_out(self, row: LaunchRow, reasons: list[str], tally: Tally) -> None:
        file = self.table.path.name
        tally.left_out += [Fault(file, row.line, reason) for reason in reasons]

    def _launch(self, rows: list[LaunchRow], tally: Tally) -> Iterator[Subject]:
        head = rows[0]
        tag = head.launch_tag
        try:
            date = _date(head.launch_date)
            said, unused = self.cells.of_launch(*_codes_of(head))
        except ValueError as error:
            self._refuse(rows, f"of launch {tag!r}: {error}", tally)
            return
        self._leave_out(head, unused, tally)
        if len(rows) > 1:
            rows = self._agreeing(rows, tally)
        lifts = self.joins.get(tag, [])
        carried = self._carried(rows, lifts)
        joined = [craft.id for craft in carried if craft.joined]
        tally.launches += 1
        tally.joined_launches += bool(lifts)
        tally.joined_crafts += len(joined)
        fate = len(rows) if lifts else len(joined)
        tally.joined += fate
        tally.used += len(rows) - fate
        values = _lift_off(head, date, said)
        payloads = [link("payload", craft.id, craft.row.jcat) for craft in carried]
        derived = bounds(date, date)
        found: dict[str, Subject] = {}
        if lifts:
            lifts = sorted(lifts, key=lambda lift: (lift.owner not in joined, lift.owner))
            for place, lift in enumerate(lifts):
                tagged = lift.owner if lift.property == "launch" else lift.event
                stated = values if place else values + payloads
                _add(found, Subject(lift.event, "Launch", stated, derived))
                _add(found, Subject(tagged, "", [coded("gcatTag", tag, tag)]))
        else:
            mission, event, called = self._mission(rows)
            found[mission.id] = mission
            found[event] = Subject(event, "Launch", values + payloads, [*derived, called])
        for craft in carried:
            _add(found, Subject(craft.id, "Spacecraft", self._payload(craft, tally)))
        yield from found.values()

    def _agreeing(self, rows: list[LaunchRow], tally: Tally) -> list[LaunchRow]:
        """Return the rows that say the same of their launch as the first, and refuse the others."""
        head = rows[0]
        same = _launch_of(head)
        agreeing = [row for row in rows if _launch_of(row) == same]
        if len(agreeing) < len(rows):
            reason = f"differs in its launch from line {head.line}, of the same tag."
            self._refuse([row for row in rows if row not in agreeing], reason, tally)
        return agreeing

    def _carried(self, rows: list[LaunchRow], lifts: list[Lift]) -> list[Carried]:
        found = []
        for row in rows:
            numbers = crafts.numbers(row)
            known = crafts.known(self.record, row, numbers, rows, lifts)
            found.append(Carried(row, numbers, known or crafts.new_id(row), bool(known)))
        return found

    def _mission(self, rows: list[LaunchRow]) -> tuple[Subject, str, Value]:
        """Return a mission that the record does not know, its lift-off's id and label."""
        head = rows[0]
        tag = head.launch_tag
        label, doubtful = crafts.named(head)
        others = len(rows) - 1
        label += f" and {others} other{'s' * (others > 1)}" if others else ""
        category = codes.launch_code(head.launch_code).category
        property_ = "surfaceLaunch" if category == "from another body" else "launch"
        id_ = f"gcat-{codes.slug(tag)}"
        event = f"{id_}/{property_}"
        stated = [
            name("label", label, tag, doubtful=doubtful),
            coded("gcatTag", tag, tag),
            link(property_, event, tag),
        ]
        whose, state = self.cells.gazetteer.state(head.lvstate)
        if state:
            stated.append(link(whose, state, tag))
        called = name("label", f"{label}: {self.labels[property_]}", "")
        return Subject(id_, crafts.mission_class(rows), stated), event, called

    def _payload(self, craft: Carried, tally: Tally) -> list[Value]:
        """Return what the log says of a craft."""
        row, (cospar, satcat) = craft.row, craft.numbers
        jcat = row.jcat
        label, doubtful = crafts.named(row)
        values = [
            name("label", label, jcat, doubtful=doubtful),
            coded("gcatId", jcat, jcat),
            coded("gcatTag", row.launch_tag, jcat),
        ]
        other, doubtful = codes.words(row.plname)
        if other and other != label:
            values.append(name("altLabel", other, jcat, doubtful=doubtful))
        if row.piece != "-":
            values.append(text("gcatPiece", row.piece, jcat))
        unsure = row.type[8:9] == "?"  # which of the launch's numbers is whose
        if cospar:
            values.append(coded("cosparId", cospar, jcat, unsure))
        if satcat:
            values.append(coded("satcatNumber", satcat, jcat, unsure))
        said, unused = self.cells.of_craft(row.type, row.satstate, row.satowner)
        if unused:
            self._leave_out(row, unused, tally)
        return values + [(name, term, doubtful, jcat + end) for name, term, doubtful, end in said]


def _lift_off(row: LaunchRow, date: Vague, said: list[Value]) -> list[Value]:
    """Return what the log says of a launch itself."""
    tag = row.launch_tag
    cited = f"{tag}, citing {row.ltcite}" if row.ltcite != "-" else tag
    values = [coded("date", date.edtf, cited, date.doubtful)]
    serial, doubtful = codes.words(row.flight_id)
    if serial:
        values.append(text("vehicleSerial", serial, tag, doubtful))
    return values + [(name, term, doubtful, tag + end) for name, term, doubtful, end in said]


def _date(given: str) -> Vague:
    """Return the date of a launch; raises ValueError if there is none."""
    try:
        date = vague.parse(given)
    except ValueError as error:
        raise ValueError(f"{given!r} {error}") from None
    if date.first is None:
        raise ValueError(f"{given!r} is no date. A launch needs one.")
    return date


def _add(found: dict[str, Subject], subject: Subject) -> None:
    """Add a subject, or its values to the same subject, which may be there already."""
    before = found.setdefault(subject.id, subject)
    if before is not subject:
        values, derived = before.values + subject.values, before.derived or subject.derived
        found[subject.id] = before._replace(values=values, derived=derived)
