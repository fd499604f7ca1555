"""Wikidata's entity JSON, as ``wbgetentities`` replies with it, to items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from spacerace_kg.wikidata.calendars import time_value
from spacerace_kg.wikidata.items import (
    LANGUAGES,
    RANKS,
    Item,
    Statement,
    Value,
    is_pid,
    is_qid,
    ordered,
)  # fmt: skip

NO_UNIT = ("1", "Q199")  # how JSON and RDF say that a quantity is a bare number


def read_entities(
    found: Mapping[str, Any], asked: Sequence[str], properties: Sequence[str] | None
) -> dict[str, Item]:
    """Return the items that were asked for, and those that they have been merged into.

    JSON of another shape raises one of Python's own errors: of value, look-up, type, attribute or
    arithmetic.
    """
    items: dict[str, Item] = {}
    for qid in asked:
        entity = found[qid]
        if "missing" in entity:
            items[qid] = Item(qid, missing=True)
            continue
        item = read_entity(entity, properties)
        items[item.qid] = item
        if item.qid != qid:
            items[qid] = Item(qid, redirect=item.qid)
    return items


def read_entity(entity: Mapping[str, Any], properties: Sequence[str] | None) -> Item:
    """Return one entity as an item with the statements of these properties, of all for None."""
    qid = entity["id"]
    if not is_qid(qid):
        raise ValueError(f"{qid!r} is no item")
    statements = {}
    for property, claims in _mapping(entity.get("claims", {})).items():
        if is_pid(property) and (properties is None or property in properties):
            read = (_statement(property, claim) for claim in claims)
            if kept := [statement for statement in read if statement]:
                statements[property] = kept
    labels, aliases = (_mapping(entity.get(name, {})) for name in ("labels", "aliases"))
    return ordered(
        Item(
            qid,
            int(entity.get("lastrevid", 0)),
            str(entity.get("modified", "")),
            {name: str(labels[name]["value"]) for name in LANGUAGES if name in labels},
            {
                name: [str(alias["value"]) for alias in aliases[name]]
                for name in LANGUAGES
                if name in aliases
            },
            statements,
        )
    )


def _statement(property: str, claim: Mapping[str, Any]) -> Statement | None:
    value = _value(claim["mainsnak"])
    if value is None:
        return None
    if claim["rank"] not in RANKS:
        raise ValueError(f"{claim['rank']!r} is no rank")
    references = [_snaks(reference["snaks"]) for reference in claim.get("references", [])]
    qualifiers = _snaks(claim.get("qualifiers", {}))
    return Statement(str(claim["id"]), property, value, claim["rank"], qualifiers, references)


def _snaks(snaks: Any) -> dict[str, list[Value]]:
    read = {p: [_value(snak) for snak in found] for p, found in _mapping(snaks).items()}
    return {p: kept for p, values in read.items() if (kept := [v for v in values if v])}


def _value(snak: Mapping[str, Any]) -> Value | None:
    """Return the value of a snak; None for a datatype that this package knows nothing of."""
    if snak["snaktype"] != "value":
        return Value({"somevalue": "somevalue", "novalue": "novalue"}[snak["snaktype"]])
    kind, value = snak["datavalue"]["type"], snak["datavalue"]["value"]
    if kind == "string":
        return Value("string", str(value))
    if kind == "wikibase-entityid":
        id_ = str(value.get("id") or f"Q{int(value['numeric-id'])}")
        return Value("item" if is_qid(id_) else "string", id_)
    if kind == "time":
        calendar = str(value["calendarmodel"]).rpartition("/")[2]
        return time_value(str(value["time"]), int(value["precision"]), calendar)
    if kind == "quantity":
        return quantity(str(value["amount"]), str(value["unit"]))
    if kind == "globecoordinate":
        globe = str(value["globe"])
        return coordinate(float(value["latitude"]), float(value["longitude"]), globe)
    if kind == "monolingualtext":
        return Value("monolingual", str(value["text"]), language=str(value["language"]))
    return None


def quantity(amount: str, unit: str) -> Value:
    """Return a quantity, its amount in plain digits; raises ValueError.

    >>> quantity("+4725.0", "http://www.wikidata.org/entity/Q11570")
    Value(kind='quantity', text='4725', precision=None, calendar='', unit='Q11570', language='')
    """
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"{amount[:40]!r} is no amount") from None
    short = unit.rpartition("/")[2]
    if not number.is_finite() or abs(number.adjusted()) > 60 or len(amount) > 140:
        raise ValueError(f"{amount[:40]!r} is no amount")
    if short not in NO_UNIT and not is_qid(short):
        raise ValueError(f"{unit[:40]!r} is no unit")
    text = f"{number:f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return Value("quantity", plain, unit="" if short in NO_UNIT else short)


def coordinate(latitude: float, longitude: float, globe: str) -> Value:
    """Return a point on a globe in degrees; raises ValueError out of range."""
    short = globe.rpartition("/")[2]
    if not (-90 <= latitude <= 90 and -360 <= longitude <= 360) or not is_qid(short):
        raise ValueError(f"{latitude}, {longitude} is no point")
    return Value("coordinate", f"{latitude!r},{longitude!r}", unit=short)


def _mapping(found: Any) -> Mapping[str, Any]:
    """Return a mapping as it is; PHP writes an empty one as an empty list."""
    if found == []:
        return {}
    if not isinstance(found, Mapping):
        raise ValueError(f"{str(found)[:40]!r} is no mapping")
    return found
