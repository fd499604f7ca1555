"""The entities of the graph as far as names go: what they are called and when they took place."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from spacerace_kg.dates import Interval
from spacerace_kg.errors import UsageError
from spacerace_kg.knowledge import KnowledgeGraph
from spacerace_kg.names import ID, PREFIXES, SR, nearest, shorten
from spacerace_kg.wikidata.designations import NOUNS
from spacerace_kg.wikidata.identifiers import Identifier

# What a name may mean if no class is asked for: things in the world, not works about them.
GROUPS = (
    "Agent", "Place", "CelestialBody", "Programme", "Mission", "Spacecraft", "SpacecraftType",
    "LaunchVehicle", "LaunchVehicleFamily", "Engine", "Technology", "Agreement", "Event",
)  # fmt: skip
_DATED = frozenset({"Mission", "Event", "Agreement"})  # these are over when their events are
_DAY = timedelta(days=1)

# Names, classes and identifiers of what has a record, and when it or its parts took place.
NAMES = f"""
PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX sr: <{SR}>

SELECT ?entity ?property ?value ?latest WHERE {{
  {{
    VALUES ?property {{ rdfs:label skos:altLabel
                       sr:cosparId sr:satcatNumber sr:gcatTag sr:nssdcId sr:viafId sr:gndId }}
    ?entity ?property ?value .
    FILTER(!CONTAINS(SUBSTR(STR(?entity), {len(ID) + 1}), "/"))
  }} UNION {{
    VALUES ?value {{ CLASSES }}
    ?entity a ?value .
    FILTER(!CONTAINS(SUBSTR(STR(?entity), {len(ID) + 1}), "/"))
    BIND(rdf:type AS ?property)
  }} UNION {{
    ?link sr:entity ?entity ; sr:relation "exact" ; sr:qid ?value .
    BIND(sr:qid AS ?property)
  }} UNION {{
    ?entity sr:earliest ?value .
    OPTIONAL {{ ?entity sr:latest ?latest }}
    BIND(sr:date AS ?property)
  }}
}}
"""


class Entity:
    """One entity as far as names go."""

    def __init__(self) -> None:
        self.id = self.label = self.qid = ""
        self.labels: set[str] = set()
        self.other_names: set[str] = set()
        self.types: set[str] = set()
        self.identifiers: set[Identifier] = set()
        self.birth: Interval | None = None
        self.first: datetime | None = None
        self.last: datetime | None = None

    def called(self, property_: str, text: str, language: str) -> None:
        """Take in a name or an identifier."""
        if property_ == "label":
            self.labels.add(text)
            self.label = text if language == "en" else self.label
        elif property_ == "altLabel":
            self.other_names.add(text)
        else:
            self.identifiers.add(Identifier(property_, text))
            self.qid = text if property_ == "qid" else self.qid

    def happened(self, first: datetime, last: datetime | None, part: str) -> None:
        """Take in when it, or a part of it, took place."""
        if part == "birth":
            self.birth = Interval(first, last, 0)
        self.first = min(self.first or first, first)
        self.last = max(self.last or first, last or first)

    def agrees(self, date: Interval) -> bool | None:
        """Say if a date fits: a person's birth, others' time; None if nobody can say.

        A birth may be a year off, and another time a day: sources and time zones differ.
        """
        if date.earliest is None or date.latest is None:
            return None
        if "Person" in self.types:
            if not self.birth or not self.birth.earliest or not self.birth.latest:
                return None
            early = date.earliest.year - self.birth.latest.year
            late = self.birth.earliest.year - date.latest.year
            return True if early <= 0 and late <= 0 else None if max(early, late) == 1 else False
        if self.first is None:
            return None
        if date.latest < self.first - _DAY:
            return False
        if self.last is not None and not self.types.isdisjoint(_DATED):
            return date.earliest <= self.last + _DAY
        return None


def _class(kg: KnowledgeGraph, given: str) -> str:
    """Return the name of a class of the ontology; raises UsageError, with a hint, for another."""
    text = f"SELECT ?class WHERE {{ ?class a <{PREFIXES['owl']}Class> }}"
    known = {shorten(str(iri)) for (iri,) in kg.store.select(text)}
    name = given.removeprefix(SR).removeprefix("sr:")
    if f"sr:{name}" not in known:
        hint = nearest(name, (class_.removeprefix("sr:") for class_ in known))
        raise UsageError(f"type: the ontology has no class {name[:60]!r}.{hint}")
    return name


def read(kg: KnowledgeGraph, type_: str = "") -> dict[str, Entity]:
    """Return the entities of a class with its subclasses, or of all, that have records, by id.

    Raises UsageError, with a hint, for a class that the ontology does not have.
    """
    wanted = {_class(kg, type_)} if type_ else set(GROUPS)
    found: dict[str, Entity] = defaultdict(Entity)
    classes = wanted | {"Person", *GROUPS, *filter(None, NOUNS.values())}
    text = NAMES.replace("CLASSES", " ".join(f"sr:{name}" for name in sorted(classes)))
    for iri, property_, value, latest in kg.store.select(text):
        id_, _, part = str(iri).removeprefix(ID).partition("/")
        entity, name = found[id_], str(property_).rpartition("#")[2]
        if isinstance(value, datetime):
            entity.happened(value, latest if isinstance(latest, datetime) else None, part)
        elif name == "type":
            entity.types.add(str(value).removeprefix(SR))
        else:
            entity.called(name, str(value), getattr(value, "language", ""))
    for id_, entity in found.items():
        entity.id = id_
        entity.label = entity.label or min(entity.labels, default=id_)
    return {id_: e for id_, e in found.items() if e.labels and not e.types.isdisjoint(wanted)}
