"""The launch log: a mission for each launch, its lift-off, and each craft that it carried."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from spacerace_kg.gcat import codes, crafts, vague
from spacerace_kg.gcat.codes import LaunchCode
from spacerace_kg.gcat.places import Gazetteer
from spacerace_kg.gcat.planning import Tally
from spacerace_kg.gcat.record import Lift, Record
from spacerace_kg.gcat.tables import Fault, LaunchRow, Table
from spacerace_kg.gcat.units import Vague
from spacerace_kg.gcat.values import Derived, Subject, Value, bounds, coded, link, name, text, typed
from spacerace_kg.gcat.vehicles import Vehicle
from spacerace_kg.names import id_term

_OF_LAUNCH = (
    "launch_date", "lv_type", "flight_id", "platform", "launch_site", "launch_pad", "ascent_site",
    "ascent_pad", "agency", "lvstate", "launch_code",
)  # fmt: skip
# What all rows of a launch must agree in.
_launch_of = itemgetter(*(LaunchRow._fields.index(field) for field in _OF_LAUNCH))
_ANOTHER_BODY = "from another body"


class Launches:
    """Puts the rows of launches into the graph's terms."""

    def __init__(
        self,
        table: Table[LaunchRow],
        record: Record,
        gazetteer: Gazetteer,
        joins: dict[str, list[Lift]],
        vehicles: dict[str, Vehicle],
        launch_label: str,
    ) -> None:
        self.table, self.record, self.gazetteer = table, record, gazetteer
        self.joins, self.vehicles = joins, vehicles
        self.launch_label = launch_label
        self._organizations = lru_cache(1 << 12)(self._find_organizations)

    def year(self, places: array[int], tally: Tally) -> Iterator[Subject]:
        """Yield the subjects of a year's launches, in the log's order, and count their rows."""
        done: set[str] = set()
        for tag, group in groupby(self._rows(places), key=lambda row: row.launch_tag):
            rows = list(group)
            if tag in done:
                reason = f"of launch {tag!r} stands apart from the launch's other rows."
                self._refuse(rows, reason, tally)
            else:
                done.add(tag)
                yield from self._launch(rows, tally)

    def _rows(self, places: array[int]) -> Iterator[LaunchRow]:
        with self.table.path.open("rb") as file:
            for line, offset in zip(places[::2], places[1::2], strict=True):
                file.seek(offset)
                yield self.table.parse(line, file.readline())

    def _refuse(self, rows: list[LaunchRow], reason: str, tally: Tally) -> None:
        file = self.table.path.name
        tally.refused += [Fault(file, row.line, f"The row {reason}") for row in rows]

    def _launch(self, rows: list[LaunchRow], tally: Tally) -> Iterator[Subject]:
        head = rows[0]
        try:
            date, code = _date(head.launch_date), codes.launch_code(head.launch_code)
        except ValueError as error:
            self._refuse(rows, f"of launch {head.launch_tag!r}: {error}", tally)
            return
        same = _launch_of(head)
        agreeing = [row for row in rows if _launch_of(row) == same]
        if len(agreeing) < len(rows):
            reason = f"differs in its launch from line {head.line}, of the same tag."
            self._refuse([row for row in rows if row not in agreeing], reason, tally)
        lifts = self.joins.get(head.launch_tag, [])
        tally.launches += 1
        tally.joined_launches += bool(lifts)
        found: dict[str, Subject] = {}
        carrying = []
        for row in agreeing:
            numbers = crafts.numbers(row)
            craft = crafts.known(self.record, row, numbers, agreeing, lifts)
            carrying.append((row, numbers, craft))
        joined = [craft for _, _, craft in carrying if craft]
        tally.joined_crafts += len(joined)
        lifts = sorted(lifts, key=lambda lift: (lift.owner not in joined, lift.owner))
        values = self._lift_off(head, date, code, tally)
        derived = bounds(date.interval)
        carried = [
            link("payload", craft or crafts.new_id(row), row.jcat) for row, _, craft in carrying
        ]
        if lifts:
            for place, lift in enumerate(lifts):
                tagged = lift.owner if lift.property == "launch" else lift.event
                stated = values + (carried if not place else [])
                _add(found, Subject(lift.event, "Launch", stated, derived))
                tag = coded("gcatTag", head.launch_tag, head.launch_tag)
                _add(found, Subject(tagged, "", [tag]))
        else:
            for subject in self._mission(agreeing, code, values + carried, derived):
                found[subject.id] = subject
        for row, numbers, craft in carrying:
            values = self._payload(row, numbers, tally)
            _add(found, Subject(craft or crafts.new_id(row), "Spacecraft", values))
            tally.joined += bool(lifts or craft)
            tally.used += not (lifts or craft)
        yield from found.values()

    def _mission(
        self, rows: list[LaunchRow], code: LaunchCode, values: list[Value], derived: Derived
    ) -> Iterator[Subject]:
        """Yield a mission that the record does not know, and its lift-off."""
        head = rows[0]
        tag = head.launch_tag
        label, doubtful = crafts.named(head)
        others = len(rows) - 1
        label += f" and {others} other{'s' * (others > 1)}" if others else ""
        property_ = "surfaceLaunch" if code.category == _ANOTHER_BODY else "launch"
        id_ = f"gcat-{codes.slug(tag)}"
        event = f"{id_}/{property_}"
        stated = [
            name("label", label, tag, doubtful=doubtful),
            coded("gcatTag", tag, tag),
            link(property_, event, tag),
        ]
        whose, state = self.gazetteer.state(head.lvstate)
        if state:
            stated.append(link(whose, state, tag))
        yield Subject(id_, crafts.mission_class(rows), stated)
        _, called, _, _ = name("label", f"{label}: {self.launch_label}", "")
        yield Subject(event, "Launch", values, (*derived, ("label", called)))

    def _lift_off(self, row: LaunchRow, date: Vague, code: LaunchCode, tally: Tally) -> list[Value]:
        """Return what the log says of a launch itself."""
        tag = row.launch_tag
        cited = f"{tag}, citing {row.ltcite}" if row.ltcite != "-" else tag
        values = [
            text("date", date.edtf, cited, date.doubtful),
            text("launchCategory", code.category, tag),
            text("gcatLaunchCode", row.launch_code, tag),
        ]
        if code.outcome:
            values.append(text("launchOutcome", code.outcome, tag))
        if code.percent is not None:
            values.append(typed("launchSuccessPercent", str(code.percent), "integer", tag))
        type_, doubtful = codes.doubt(row.lv_type)
        if vehicle := self.vehicles.get(type_):
            values.append(link("launchVehicle", vehicle.id, tag, doubtful))
        elif type_ not in ("", "-"):
            self._leave_out(row, f"no id of its own can be made of the vehicle {type_!r}.", tally)
        serial, doubtful = codes.words(row.flight_id)
        if serial:
            values.append(text("vehicleSerial", serial, tag, doubtful))
        values += self._at("place", row, row.launch_site, row.launch_pad, tally)
        if row.ascent_site != "-":
            values += self._at("ascentPlace", row, row.ascent_site, row.ascent_pad, tally)
        platform, doubtful = codes.doubt(row.platform)
        if id_ := self.gazetteer.platforms.get(platform):
            values.append(link("place", id_, tag, doubtful))
        elif platform != "-":
            self._leave_out(row, f"the platform {platform!r} is not in platforms.", tally)
        values += self._agents("agent", row, row.agency, tag, tally)
        return values

    def _at(self, property_: str, row: LaunchRow, site: str, pad: str, tally: Tally) -> list[Value]:
        """Return the pad of a launch, or its site where the pad is not known."""
        site, unsure = codes.doubt(site)
        pad, doubtful = codes.doubt(pad)
        site_id, pad_id = self.gazetteer.place(site, pad)
        if pad != "-" and site_id and not pad_id:
            self._leave_out(row, f"the pad {pad!r} of {site!r} is not in lp.", tally)
        if not site_id:
            self._leave_out(row, f"the site {site!r} is not in sites.", tally)
            return []
        doubtful = unsure or (doubtful and bool(pad_id))
        return [link(property_, pad_id or site_id, row.launch_tag, doubtful)]

    def _agents(
        self, property_: str, row: LaunchRow, given: str, locator: str, tally: Tally
    ) -> list[Value]:
        """Return a value for each organization of those that are joined by slashes."""
        found, missing = self._organizations(given)
        for code_ in missing:
            self._leave_out(row, f"the organization {code_!r} is not in orgs.", tally)
        return [(property_, term, doubtful, locator) for term, doubtful in found]

    def _find_organizations(self, given: str) -> tuple[list[tuple[str, bool]], list[str]]:
        """Return the terms of organizations joined by slashes with their doubt; unknown codes."""
        agents, split = self.gazetteer.agents, codes.split(given)
        found = [(id_term(agents[code]), doubtful) for code, doubtful in split if code in agents]
        return found, [code for code, _ in split if code not in agents]

    def _payload(self, row: LaunchRow, numbers: tuple[str, str], tally: Tally) -> list[Value]:
        """Return what the log says of a craft."""
        label, doubtful = crafts.named(row)
        cospar, satcat = numbers
        unsure = row.type[8:9] == "?"  # which of the launch's numbers is whose
        locator = row.jcat
        values = [
            name("label", label, locator, doubtful=doubtful),
            coded("gcatId", locator, locator),
            coded("gcatTag", row.launch_tag, locator),
        ]
        other, doubtful = codes.words(row.plname)
        if other not in ("", label):
            values.append(name("altLabel", other, locator, doubtful=doubtful))
        if row.piece != "-":
            values.append(text("gcatPiece", row.piece, locator))
        if row.type != "-":
            values.append(text("gcatType", row.type, locator))
        if cospar:
            values.append(coded("cosparId", cospar, locator, unsure))
        if satcat:
            values.append(coded("satcatNumber", satcat, locator, unsure))
        nation, doubtful = codes.doubt(row.satstate)
        whose, state = self.gazetteer.state(nation)
        if state:
            values.append(link(whose, state, locator, doubtful))
        elif nation != "-":
            self._leave_out(row, f"the state {nation!r} is not in orgs.", tally)
        return values + self._agents("operator", row, row.satowner, locator, tally)

    def _leave_out(self, row: LaunchRow, reason: str, tally: Tally) -> None:
        tally.left_out.append(Fault(self.table.path.name, row.line, reason))


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
        derived = before.derived or subject.derived
        found[subject.id] = before._replace(values=before.values + subject.values, derived=derived)
