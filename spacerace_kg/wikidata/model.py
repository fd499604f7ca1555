"""Wikidata's statement model in RDF: the queries that read it, and rows to items.

By the RDF dump format of Wikibase: ``p:`` leads to a statement, ``ps:`` and ``psv:`` to its value
and the whole of it, ``pq:`` and ``pqv:`` to qualifiers, ``prov:wasDerivedFrom`` to references with
``pr:`` and ``prv:``. A mirror may keep the revision at the item or at its data node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from spacerace_kg.answers import Term
from spacerace_kg.names import WD as ENTITY
from spacerace_kg.wikidata.calendars import julian, time_value
from spacerace_kg.wikidata.items import (
    JULIAN,
    LANGUAGES,
    RANKS,
    Item,
    Statement,
    Value,
    is_qid,
    ordered,
)
from spacerace_kg.wikidata.replies import coordinate, quantity

_WD = "http://www.wikidata.org/"
_WB = "http://wikiba.se/ontology#"
_PROV = "http://www.w3.org/ns/prov#wasDerivedFrom"
_FILE = "http://commons.wikimedia.org/wiki/Special:FilePath/"
_RANKS = {f"{_WB}{word.title()}Rank": word for word in RANKS}
_PARTS = (
    "timeValue", "timePrecision", "timeCalendarModel", "quantityAmount", "quantityUnit",
    "geoLatitude", "geoLongitude", "geoGlobe",
)  # fmt: skip
_PREFIXES = f"""PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX p: <{_WD}prop/>
PREFIX wd: <{ENTITY}>
PREFIX wikibase: <{_WB}>
"""
Row = tuple[Term | None, ...]


def queries(qids: Sequence[str], properties: Sequence[str] | None) -> dict[str, str]:
    """Return the queries for items by what they ask: facts, names, statements, values, references.

    Every id has been checked to be one, so that the text can hold it as it is.
    """
    items = f"VALUES ?item {{ {' '.join(f'wd:{qid}' for qid in qids)} }}"
    languages = ", ".join(f'"{language}"' for language in LANGUAGES)
    made = {
        "facts": f"""SELECT DISTINCT ?item ?p ?o WHERE {{ {items}
  {{ VALUES ?p {{ owl:sameAs schema:version schema:dateModified }} ?item ?p ?o }}
  UNION {{ VALUES ?p {{ schema:version schema:dateModified }}
    ?data schema:about ?item ; schema:version ?version ; ?p ?o }} }}""",
        "names": f"""SELECT DISTINCT ?item ?p ?o WHERE {{ {items}
  VALUES ?p {{ rdfs:label skos:altLabel }}
  ?item ?p ?o . FILTER(LANG(?o) IN ({languages})) }}""",
    }
    if properties is None or properties:
        claims = ""
        if properties:
            claims = f"VALUES ?claim {{ {' '.join(f'p:{pid}' for pid in properties)} }}"
        found = f"{items} {claims} ?item ?claim ?statement . ?statement wikibase:rank ?rank ."
        parts = " ".join(f"wikibase:{part}" for part in _PARTS)
        made["statements"] = (
            f"SELECT DISTINCT ?item ?claim ?statement ?p ?o WHERE {{ {found} ?statement ?p ?o }}"
        )
        made["values"] = f"""SELECT DISTINCT ?node ?p ?o WHERE {{ VALUES ?p {{ {parts} }} {found}
  {{ ?statement ?via ?node }}
  UNION {{ ?statement prov:wasDerivedFrom ?reference . ?reference ?via ?node }}
  ?node ?p ?o }}"""
        made["references"] = f"""SELECT DISTINCT ?node ?p ?o WHERE {{ {found}
  ?statement prov:wasDerivedFrom ?node . ?node ?p ?o }}"""
    return {name: _PREFIXES + text + "\n" for name, text in made.items()}


def read_rows(asked: Sequence[str], rows: Mapping[str, Iterable[Row]]) -> dict[str, Item]:
    """Return the items that the queries' rows tell of; raises ValueError for what is no model.

    An item of which nothing is known is missing.
    """
    nodes = _grouped(rows.get("values", []))
    references = _grouped(rows.get("references", []))
    revisions: dict[str, int] = {}
    modified: dict[str, str] = {}
    redirects: dict[str, str] = {}
    for item, predicate, found in _terms(rows["facts"]):
        word = predicate.text.rpartition("/")[2]
        if word == "version":
            revisions[_short(item)] = int(found.text)
        elif word == "dateModified":
            modified[_short(item)] = found.text
        else:
            redirects[_short(item)] = _short(found)
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    aliases: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item, predicate, found in _terms(rows["names"]):
        if predicate.text.endswith("#label"):
            labels[_short(item)][found.language] = found.text
        else:
            aliases[_short(item)][found.language].append(found.text)
    statements = _statements(rows.get("statements", []), nodes, references)
    items = {}
    for qid in asked:
        known = qid in revisions or qid in labels or qid in statements
        redirect = "" if known else redirects.get(qid, "")
        if redirect and (redirect == qid or not is_qid(redirect)):
            raise ValueError(f"{qid} redirects to {redirect!r}")
        items[qid] = ordered(
            Item(
                qid, revisions.get(qid, 0), modified.get(qid, ""), labels.get(qid, {}),
                aliases.get(qid, {}), statements.get(qid, {}), redirect, not known and not redirect,
            )
        )  # fmt: skip
    return items


Triples = dict[str, list[tuple[str, Term]]]


def _statements(
    rows: Iterable[Row], nodes: Triples, references: Triples
) -> dict[str, dict[str, list[Statement]]]:
    owners: dict[str, tuple[str, str]] = {}
    triples: Triples = defaultdict(list)
    for item, claim, statement, predicate, found in _terms(rows):
        owners[statement.text] = _short(item), _short(claim)
        triples[statement.text].append((predicate.text, found))
    read: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for node, (qid, property) in owners.items():
        said = triples[node]
        values = _snaks(said, "statement", nodes)
        main = values.get(property) or _novalue(said, property)
        if len(main) != 1:
            raise ValueError(f"{qid} has a statement of {property} with {len(main)} values")
        qualifiers = _snaks(said, "qualifier", nodes)
        for predicate, found in said:
            name = _short(found)
            if predicate.endswith("#type") and "/novalue/" in found.text and name != property:
                qualifiers.setdefault(name, []).append(Value("novalue"))
        (rank,) = {_RANKS[found.text] for p, found in said if p == f"{_WB}rank"}
        derived = [
            _snaks(references.get(found.text, []), "reference", nodes)
            for predicate, found in said
            if predicate == _PROV
        ]
        id_ = node.rpartition("/")[2].replace("-", "$", 1)
        read[qid][property].append(Statement(id_, property, main[0], rank, qualifiers, derived))
    return read


def _novalue(said: list[tuple[str, Term]], property: str) -> list[Value]:
    kind = f"{_WD}prop/novalue/{property}"
    return [Value("novalue") for p, found in said if p.endswith("#type") and found.text == kind]


def _snaks(said: list[tuple[str, Term]], role: str, nodes: Triples) -> dict[str, list[Value]]:
    """Return the values that a statement or a reference has in a role, by property.

    A value with a node is read from there: the simple form knows no precision, unit or calendar.
    """
    simple, whole = f"{_WD}prop/{role}/", f"{_WD}prop/{role}/value/"
    found: dict[str, list[Value]] = defaultdict(list)
    deep: dict[str, list[Value]] = defaultdict(list)
    for predicate, term in said:
        if predicate.startswith(whole):
            deep[_last(predicate)].append(_whole(dict(nodes.get(term.text, []))))
        elif predicate.startswith(simple) and "/" not in predicate[len(simple) :]:
            property, value = _last(predicate), _simple(term)
            if value is not None:
                found[property].append(value)
            else:
                deep.setdefault(property, [])
    for property, values in deep.items():
        if not values:
            raise ValueError(f"a value of {property} has no node with its precision or unit")
        found[property] += values
    return dict(found)


def _simple(term: Term) -> Value | None:
    """Return a value that a term tells wholly; None for one that has a node."""
    if term.kind == "bnode" or "/.well-known/genid/" in term.text:
        return Value("somevalue")
    if term.kind == "iri":
        if term.text.startswith(ENTITY):
            short = term.text[len(ENTITY) :]
            return Value("item" if is_qid(short) else "string", short)
        if term.text.startswith(_FILE):
            return Value("string", unquote(term.text[len(_FILE) :]))
        return Value("string", term.text)
    if term.language:
        return Value("monolingual", term.text, language=term.language)
    if term.datatype.rpartition("#")[2] in ("dateTime", "decimal", "integer", "wktLiteral"):
        return None
    return Value("string", term.text)


def _whole(node: dict[str, Term]) -> Value:
    parts = {predicate.removeprefix(_WB): term.text for predicate, term in node.items()}
    if "timeValue" in parts:
        return _time(parts)
    if "quantityAmount" in parts:
        return quantity(parts["quantityAmount"], parts["quantityUnit"])
    if "geoLatitude" in parts:
        latitude, longitude = float(parts["geoLatitude"]), float(parts["geoLongitude"])
        return coordinate(latitude, longitude, parts.get("geoGlobe", f"{ENTITY}Q2"))
    raise ValueError("a value's node lacks its parts")


def _time(parts: dict[str, str]) -> Value:
    """Return a time; RDF has turned a Julian day into a Gregorian one, and it is turned back."""
    text = parts["timeValue"]
    precision, calendar = int(parts["timePrecision"]), _last(parts["timeCalendarModel"])
    value = time_value(text if text[:1] in "+-" else f"+{text}", precision, calendar)
    return value._replace(text=julian(value)) if calendar == JULIAN else value


def _grouped(rows: Iterable[Row]) -> Triples:
    triples: Triples = defaultdict(list)
    for node, predicate, found in _terms(rows):
        triples[node.text].append((predicate.text, found))
    return triples


def _terms(rows: Iterable[Row]) -> Iterable[Any]:
    for row in rows:
        if None in row:
            raise ValueError("a row with a gap")
        yield row


def _short(term: Term) -> str:
    return _last(term.text)


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]
