"""Launch vehicles: the types in the launch log, joined to the record by the launches they flew.

A name alone joins nothing. Where all of a type's launches that the record knows flew with one
model, the two are the same if no other type did, or if the record has the type's name for the
model; otherwise the record's model is the broader one, and the type a variant of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacerace_kg.gcat import codes
from spacerace_kg.gcat.record import Record
from spacerace_kg.gcat.values import Subject, Value, link, name
from spacerace_kg.names import id_term


class Vehicle(NamedTuple):
    """One type in the log: its id, the model that it is a variant of, where it occurs first."""

    id: str
    variant_of: str
    first_tag: str
    nation: str  # that of all its launches, "" if they differ


class Sighting:
    """What the log shows of one type of vehicle."""

    def __init__(self, tag: str) -> None:
        self.first_tag = tag
        self.nations: set[str] = set()
        self.models: set[str] = set()  # the record's, on launches that it knows


def settle(sightings: dict[str, Sighting], record: Record) -> dict[str, Vehicle]:
    """Return the vehicle of each type, but for a type whose id is another's already."""
    types: dict[str, set[str]] = defaultdict(set)
    for type_, seen in sightings.items():
        for model in seen.models:
            types[model].add(type_)
    vehicles: dict[str, Vehicle] = {}
    taken: set[str] = set()
    for type_, seen in sorted(sightings.items()):
        try:
            id_, variant_of = f"gcat-vehicle-{codes.slug(type_)}", ""
        except ValueError:
            continue
        if id_ in taken:
            continue
        taken.add(id_)
        if len(seen.models) == 1:
            model = next(iter(seen.models))
            if types[model] == {type_} or type_ in _names(model, record):
                id_ = model
            else:
                variant_of = model
        nation = next(iter(seen.nations)) if len(seen.nations) == 1 else ""
        vehicles[type_] = Vehicle(id_, variant_of, seen.first_tag, nation)
    return vehicles


def described(vehicles: dict[str, Vehicle]) -> Iterator[Subject]:
    """Yield the subject of each vehicle, sorted by id."""
    values: dict[str, list[Value]] = defaultdict(list)
    for type_, vehicle in vehicles.items():
        found = values[vehicle.id]
        found.append(name("label" if not found else "altLabel", type_, vehicle.first_tag))
        if vehicle.nation:
            found.append(link("nation", vehicle.nation, vehicle.first_tag))
        if vehicle.variant_of:
            found.append(link("variantOf", vehicle.variant_of, ""))
    for id_, stated in sorted(values.items()):
        yield Subject(id_, "LaunchVehicle", stated, editorial=("variantOf",))


def models(vehicles: dict[str, Vehicle]) -> dict[str, str]:
    """Return the model that each vehicle is a variant of, by the vehicle's term."""
    return {id_term(v.id): v.variant_of for v in vehicles.values() if v.variant_of}


def _names(model: str, record: Record) -> Iterable[str]:
    return record.texts(model, "rdfs:label") + record.texts(model, "skos:altLabel")
