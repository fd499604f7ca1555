"""Organizations, states, sites, pads and platforms: the dated tables put into the graph's terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from spacerace_kg.gcat import codes, identities, positions
from spacerace_kg.gcat.identities import Identity
from spacerace_kg.gcat.pads import Pads
from spacerace_kg.gcat.record import Record
from spacerace_kg.gcat.tables import DatedRow, Fault, Table
from spacerace_kg.gcat.values import Subject, Value, link, text

_SECTORS = {"A": "academic", "B": "business", "C": "civil", "D": "defence"}
_BODIES = {"LUNA": "moon"}  # where GCAT has launch points other than on the Earth
_NO_AGENTS = {"AP": "a celestial body, no organization"}


class Part(NamedTuple):
    """What one table contributes: its subjects, and the fate of each of its rows."""

    subjects: list[Subject]
    joined: int  # rows about what the record knows
    used: int  # rows about anything else


class Gazetteer:
    """The dated tables, read and joined to the record: every code with the id behind it."""

    def __init__(self, tables: dict[str, Table[DatedRow]], record: Record) -> None:
        """Read the tables; ``faults`` then holds the rows that are refused, by table."""
        self.record = record
        self.faults: dict[str, list[Fault]] = {name: [] for name in tables}
        self.left_out: list[Fault] = []
        self._tables = tables
        self._rows = {name: list(table.rows(self.faults[name])) for name, table in tables.items()}
        self._kinds = {row.code: row for row in self._rows["orgs"]}
        self._refuse("orgs", lambda row: _NO_AGENTS.get(row.type, ""))
        self._refuse("sites", self._no_body)
        self._identities = {
            "orgs": self._identify("orgs", "gcat-org-", self._known_agent),
            "sites": self._identify("sites", "gcat-site-", self._known("LaunchSite")),
            "platforms": self._identify("platforms", "gcat-platform-", lambda _: ""),
        }
        self.agents = identities.by_code(self._identities["orgs"])
        self.sites = identities.by_code(self._identities["sites"])
        self.platforms = identities.by_code(self._identities["platforms"])
        self._ucodes = {r.code: i.ucode for i in self._identities["sites"] for r in i.rows}
        self._bodies = {r.code: _BODIES.get(r.statecode, "") for r in self._rows["sites"]}
        file, faults = tables["lp"].path.name, self.faults["lp"]
        self.pads = Pads(self._rows["lp"], self._ucodes, self._known_pad, file, faults)
        self._identities["lp"] = self.pads.identities

    def place(self, site: str, pad: str) -> tuple[str, str]:
        """Return the ids of a site and of its pad, each "" if unknown.

        The log names a site by the code of any time; its pads are found through its UCode.
        """
        return self.sites.get(site, ""), self.pads.ids.get((self._ucodes.get(site, ""), pad), "")

    def either(self, site: str, pad: str) -> str:
        """Return GCAT's words for a pad that is one of two, which of them is not known; or ""."""
        return self.pads.either.get((self._ucodes.get(site, ""), pad), "")

    def state(self, code: str) -> tuple[str, str]:
        """Return how a subject belongs to a state: ("nation", id), or ("operator", id) of a body.

        A part of a country stands for its country; both are "" where the code is unknown.
        """
        row = self._kinds.get(code)
        if row is None or code not in self.agents:
            return "", ""
        if row.type == "CYP":
            above = row.statecode if row.statecode != code else row.parent
            return self.state(above) if above != code else ("", "")
        return ("nation" if row.type == "CY" else "operator"), self.agents[code]

    def is_place(self, code: str) -> bool:
        """Say whether a code of the table orgs is one of a place, which cannot act."""
        return code in self.agents and _class(self._kinds[code]) == "Locality"

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Yield what each table contributes, sorted by id."""
        kinds: dict[str, Callable[[Identity], Iterator[Subject]]] = {
            "orgs": self._agent,
            "sites": self._site,
            "lp": self._pad,
            "platforms": self._platform,
        }
        for table, describe in kinds.items():
            found = self._identities[table]
            joined = sum(len(i.rows) for i in found if i.id in self.record.plain)
            subjects = [subject for identity in found for subject in describe(identity)]
            yield table, Part(subjects, joined, sum(len(i.rows) for i in found) - joined)

    def _agent(self, identity: Identity) -> Iterator[Subject]:
        class_ = _class(identity.rows[0])

        def more(row: DatedRow) -> list[Value]:
            if class_ == "Nation":
                return positions.words(row, row.code)
            values = self._owned("orgs", row, "partOf", identity.id)
            if class_ == "Locality":
                return values + self._position("orgs", row)
            property_, state, code = self._state_of(identity)
            if state not in ("", identity.id):
                values.append(link("nation" if property_ == "nation" else "partOf", state, code))
            if sector := _SECTORS.get(row.class_):
                values.append(text("sector", sector, row.code))
            if row.type != "-":
                values.append(text("gcatType", row.type, row.code))
            return values + positions.words(row, row.code)

        return self._described("orgs", identity, class_, more)

    def _site(self, identity: Identity) -> Iterator[Subject]:
        body = self._bodies[identity.rows[0].code]

        def more(row: DatedRow) -> list[Value]:
            values = self._position("sites", row)
            if body:
                return [*values, link("body", body, row.code)]
            property_, state, code = self._state_of(identity)
            if property_ == "nation":
                values.append(link("nation", state, code))
            return values + self._owned("sites", row, "operator", identity.id)

        return self._described("sites", identity, "SurfaceSite" if body else "LaunchSite", more)

    def _pad(self, identity: Identity) -> Iterator[Subject]:
        body = self._bodies[identity.rows[0].site]

        def more(row: DatedRow) -> list[Value]:
            locator, site = _locator(row), self.sites[row.site]
            values = self._position("lp", row)
            if body:
                return [*values, link("partOf", site, locator), link("body", body, locator)]
            owned = self._owned("lp", row, "operator", identity.id)
            return [*values, link("site", site, locator), *owned]

        return self._described("lp", identity, "SurfaceSite" if body else "LaunchPad", more)

    def _platform(self, identity: Identity) -> Iterator[Subject]:
        def more(row: DatedRow) -> list[Value]:
            property_, state = self.state(row.statecode)
            values = [link("nation", state, row.code)] if property_ == "nation" else []
            values.append(text("gcatType", row.type, row.code))
            return values + self._owned("platforms", row, "operator", identity.id)

        return self._described("platforms", identity, "LaunchPlatform", more)

    def _state_of(self, identity: Identity) -> tuple[str, str, str]:
        """Return what `state` does, and the code, of the row whose state the record has."""
        nations = self.record.ids(identity.id, "sr:nation")
        told = [(*self.state(row.statecode), row.code) for row in identity.rows]
        return next((s for s in told if s[1] in nations), told[0])  # else of the first

    def _described(
        self, table: str, identity: Identity, class_: str, more: Callable[[DatedRow], list[Value]]
    ) -> Iterator[Subject]:
        def left_out(row: DatedRow, reason: str) -> None:
            self._leave_out(table, row, reason)

        return identities.described(identity, class_, table == "orgs", _locator, more, left_out)

    def _owned(self, table: str, row: DatedRow, property_: str, own: str) -> list[Value]:
        """Return a value for each parent organization of a row but itself."""
        values = []
        for code, doubtful in codes.split(row.parent):
            parent = self.agents.get(code, "")
            if not parent:
                self._leave_out(table, row, f"the parent {code!r} is no code of the table orgs.")
            elif property_ == "operator" and self.is_place(code):
                self._leave_out(table, row, f"the parent {code!r} is a part of a country.")
            elif parent != own:
                values.append(link(property_, parent, _locator(row), doubtful))
        return values

    def _position(self, table: str, row: DatedRow) -> list[Value]:
        """Return where a row lies, in degrees and in words."""
        words = positions.words(row, _locator(row))
        try:
            return positions.degrees(row, _locator(row)) + words
        except ValueError as error:
            self._leave_out(table, row, str(error))
            return words

    def _leave_out(self, table: str, row: DatedRow, reason: str) -> None:
        self.left_out.append(Fault(self._tables[table].path.name, row.line, reason))

    def _refuse(self, table: str, reason: Callable[[DatedRow], str]) -> None:
        """Take the rows with a reason against them out of a table."""
        kept = []
        for row in self._rows[table]:
            if why := reason(row):
                fault = Fault(self._tables[table].path.name, row.line, f"{row.code!r} is {why}.")
                self.faults[table].append(fault)
            else:
                kept.append(row)
        self._rows[table] = kept

    def _no_body(self, row: DatedRow) -> str:
        body = _BODIES.get(row.statecode)
        return (
            f"on {body!r}, which the record lacks" if body and body not in self.record.plain else ""
        )

    def _identify(
        self, table: str, prefix: str, known: Callable[[DatedRow], str]
    ) -> list[Identity]:
        file = self._tables[table].path.name
        return identities.identify(self._rows[table], prefix, known, file, self.faults[table])

    def _known(self, class_: str) -> Callable[[DatedRow], str]:
        coded = self.record.coded[class_]
        return lambda row: found[0] if len(found := coded.get(row.code, [])) == 1 else ""

    def _known_agent(self, row: DatedRow) -> str:
        class_ = _class(row)
        return self._known(class_)(row) if class_ in self.record.coded else ""

    def _known_pad(self, row: DatedRow) -> str:
        """Return the record's pad of that code at the same site."""
        site = self.sites[row.site]
        found = [
            pad
            for pad in self.record.coded["LaunchPad"].get(row.code, [])
            if site in self.record.ids(pad, "sr:site")
        ]
        return found[0] if len(found) == 1 else ""


def _class(row: DatedRow) -> str:
    return {"CY": "Nation", "CYP": "Locality"}.get(row.type, "Organization")


def _locator(row: DatedRow) -> str:
    return row.code if row.site == "-" else f"{row.site} {row.code}"
