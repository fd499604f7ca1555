"""What the curated record holds that GCAT knows too, read from the Turtle that the loader wrote.

The loader writes one triple a line in a fixed form (`loader.turtle`), so that its terms can be
taken as they stand, as text, and compared with the terms that the import writes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.dates import interval
from spacerace_kg.errors import DataError
from spacerace_kg.gcat import codes

# Both begin with the end of a line, for which the engine can search fast.
_CLAIM_OF_GCAT = re.compile(r"\nid:(\S+\\/(?:gcat|gcat-orgs|gcat-sites|spacerace-kg))(?=\n)")
_PREFERRED = re.compile(
    r"\n    sr:property \w+:(\w+) ;\n    sr:rank \"preferred\" ;\n"
    r"(?:    .+\n)*?    sr:subject id:(\S+) ;(?=\n)",
)
_TOLERANCE = timedelta(days=1.5)  # NSSDC's days and ours differ by one, in local time


class Lift(NamedTuple):
    """A launch that the record knows: whose it is, by which property, and the event's id."""

    owner: str
    property: str
    event: str


class Record:
    """The plain layer by id and predicate, what GCAT is cited for already, and what was judged."""

    def __init__(self, turtle: Path) -> None:
        """Read the loader's Turtle; raises DataError where it is damaged."""
        self.plain: dict[str, dict[str, list[str]]] = {}
        for path in sorted((turtle / "plain").rglob("*.ttl")):
            self._read_plain(path)
        self.cited: set[str] = set()  # subject/claim/property/value/source, of GCAT and the editors
        self.judged: set[tuple[str, str]] = set()  # subject and property with a preferred claim
        for path in sorted((turtle / "claims").rglob("*.ttl")):
            self._read_claims(path)
        self.lifts = self._lifts()
        self.crafts = self._subjects("sr:cosparId", ("sr:Mission", "sr:Spacecraft"))
        self.coded = {
            kind: self._subjects("sr:gcatCode", (f"sr:{kind}",))
            for kind in ("Nation", "Organization", "LaunchSite", "LaunchPad")
        }

    def texts(self, subject: str, predicate: str) -> list[str]:
        """Return a subject's values of a property as bare texts, less quotes and language."""
        values = self.plain.get(subject, {}).get(predicate, ())
        return [bare(value) for value in values if value[:1] == '"']

    def ids(self, subject: str, predicate: str) -> list[str]:
        """Return the ids that a property of a subject leads to."""
        values = self.plain.get(subject, {}).get(predicate, ())
        return [bare(value) for value in values if value[:3] == "id:"]

    def is_a(self, subject: str, class_: str) -> bool:
        """Say whether a subject of the record is of a class."""
        return class_ in self.plain.get(subject, {}).get("rdf:type", ())

    def launches(self, tag: str, first: datetime, last: datetime) -> tuple[list[Lift], list[str]]:
        """Return the launches of a tag, or of its COSPAR number, and those that misfit."""
        found = self.lifts.get(tag) or self.lifts.get(codes.launch_number(tag)) or []
        fitting, misfits = [], []
        for lift in found:
            dates = self.texts(lift.event, "sr:date")
            allowed = interval(dates[0]) if dates else None
            if allowed and (
                (allowed.earliest and allowed.earliest - last > _TOLERANCE)
                or (allowed.latest and first - allowed.latest > _TOLERANCE)
            ):
                misfits.append(lift.event)
            else:
                fitting.append(lift)
        return fitting, misfits

    def craft(self, cospar: str, tag: str, satcat: str) -> str:
        """Return the mission or craft of a designation and launch tag; "" if none, or unsure."""
        known = self.crafts.get(cospar)
        if not known:
            return ""
        fitting = [
            subject
            for subject in known
            if tag in self.texts(subject, "sr:gcatTag") or not self.texts(subject, "sr:gcatTag")
        ]
        tagged = [s for s in fitting if tag in self.texts(s, "sr:gcatTag")] or fitting
        numbers = self.texts(tagged[0], "sr:satcatNumber") if len(tagged) == 1 else ["?"]
        return tagged[0] if not numbers or not satcat or satcat in numbers else ""

    def _read_plain(self, path: Path) -> None:
        predicates: dict[str, list[str]] = {}
        for number, line in enumerate(_read(path).split("\n"), 1):
            if line.startswith("    "):
                predicate, _, value = line[4:].removesuffix(" ;").partition(" ")
                if value:
                    predicate = "rdf:type" if predicate == "a" else predicate
                    predicates.setdefault(predicate, []).append(value)
            elif line.startswith("id:"):
                predicates = self.plain.setdefault(_unescaped(line[3:]), {})
            elif line and not line.startswith(("#", "@prefix")):
                raise DataError(f"{path}:{number}: not as written. Run: spacerace build")

    def _read_claims(self, path: Path) -> None:
        text = _read(path)
        self.cited.update(map(_unescaped, _CLAIM_OF_GCAT.findall(text)))
        self.judged.update((_unescaped(id_), name) for name, id_ in _PREFERRED.findall(text))

    def _lifts(self) -> dict[str, list[Lift]]:
        """Return the launches by their tags, and by COSPAR numbers those of owners without one."""
        found: dict[str, list[Lift]] = defaultdict(list)
        for owner in self.plain:
            for property_ in ("launch", "surfaceLaunch"):
                for event in self.ids(owner, f"sr:{property_}"):
                    lift = Lift(owner, property_, event)
                    own = self.texts(owner, "sr:gcatTag") if property_ == "launch" else []
                    tags = own + self.texts(event, "sr:gcatTag")
                    if not tags and property_ == "launch":
                        tags = [c[:8] for c in self.texts(owner, "sr:cosparId") if c[4:5] == "-"]
                    for tag in tags:
                        found[tag].append(lift)
        return dict(found)

    def _subjects(self, predicate: str, classes: Iterable[str]) -> dict[str, list[str]]:
        """Return the subjects of some classes by their values of a property."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject in self.plain:
            if any(self.is_a(subject, class_) for class_ in classes):
                for value in self.texts(subject, predicate):
                    found[value].append(subject)
        return dict(found)


def bare(term: str) -> str:
    r"""Return the text or the id in a term, its escapes as they are.

    >>> bare('"Vostok 1"@en'), bare(r"id:vostok-1\/launch"), bare("3")
    ('Vostok 1', 'vostok-1/launch', '3')
    """
    if term[:1] == '"':
        return term[1 : term.rindex('"')]
    return _unescaped(term.removeprefix("id:"))


def _unescaped(local: str) -> str:
    return local.replace("\\/", "/")


def _read(path: Path) -> str:
    """Return the text of a file; raises DataError if it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}. Run: spacerace build") from None
