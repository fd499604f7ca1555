"""One entity as a page for a person: names, facts, events in order, rivals, links, sources."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from spacerace_kg.answers import Answer, Iri, Value
from spacerace_kg.knowledge import KnowledgeGraph
from spacerace_kg.names import ID, SR, shorten
from spacerace_kg.visible import visible

_WIDTH = 96
_HIDDEN = {"rdf:type", "rdfs:label", "skos:altLabel", "dcterms:description", "sr:mainClass"}
_LINKED = {"owl:sameAs", "skos:exactMatch", "skos:closeMatch"}  # told under Links, with reasons
_DERIVED = {"sr:earliest", "sr:latest", "sr:precision", "sr:earliestUnix", "sr:latestUnix"}

_FACTS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?subject ?property ?value ?name WHERE {{
  {{ VALUES ?subject {{ <{iri}> }} ?subject ?property ?value . }}
  UNION
  {{ <{iri}> ?link ?subject . ?subject ?property ?value .
    FILTER(STRSTARTS(STR(?subject), "{iri}/")) }}
  OPTIONAL {{ ?value rdfs:label ?name . FILTER(LANG(?name) = "en") }}
}} ORDER BY ?subject ?property ?value ?name"""

_MENTIONS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?subject ?property ?name WHERE {{
  ?subject ?property <{iri}> ; rdfs:label ?name .
  FILTER(LANG(?name) = "en" && !STRSTARTS(STR(?subject), "{iri}/"))
}} ORDER BY ?property ?subject ?name"""

_LINKS = """PREFIX sr: <{sr}>
SELECT ?relation ?wikidata ?justification WHERE {{
  ?link sr:entity <{iri}> ; sr:relation ?relation ; sr:wikidata ?wikidata ;
        sr:justification ?justification .
}} ORDER BY ?relation ?wikidata"""


class Cell(NamedTuple):
    """A value on the page."""

    text: str
    language: str = ""
    is_iri: bool = False


Own = dict[str, dict[Cell, str]]  # an entity's values by property, with the names of those values


def page(kg: KnowledgeGraph, entity: str) -> str:
    """Return the page of an entity as text; raises UsageError, with a hint, if there is none."""
    iri = kg.iri(entity)
    facts: dict[str, Own] = defaultdict(lambda: defaultdict(dict))
    for subject, property_, value, name in kg.store.select(_FACTS.format(iri=iri)):
        facts[str(subject)][shorten(str(property_))][_cell(value)] = str(name or "")
    claims = kg.ask("claims", entity=iri) if iri.startswith(ID) else Answer([], [])
    lines = [*_title(iri, facts[iri]), *_facts(facts[iri], iri), *_parts(facts, iri)]
    lines += [*_rivals(claims), *_mentions(kg, iri), *_links(kg, iri), *_sources(claims)]
    return visible("\n".join(lines) + "\n")


def _cell(value: Value) -> Cell:
    return Cell(str(value), getattr(value, "language", ""), isinstance(value, Iri))


def _texts(cells: Iterable[Cell], language: str = "") -> list[str]:
    return [c.text for c in cells if c.language and (not language or c.language == language)]


def _first(cells: Iterable[Cell]) -> str:
    return next((cell.text for cell in cells), "")


def _title(iri: str, own: Own) -> list[str]:
    labels = own.get("rdfs:label", {})
    english = _texts(labels, "en")
    others = [text for text in _texts(labels) if text not in english]
    kinds = [name for name in own.get("sr:mainClass", {}).values() if name]
    title = "  ·  ".join([*english, *others])
    lines = [title, "=" * len(title), f"{shorten(iri)} ({', '.join(kinds)})"]
    aliases = sorted(set(_texts(own.get("skos:altLabel", {}))))
    if aliases:
        lines += textwrap.wrap(f"Also: {'; '.join(aliases)}", _WIDTH)
    for text in _texts(own.get("dcterms:description", {}), "en"):
        lines += ["", *textwrap.wrap(text, _WIDTH)]
    return lines


def _value(cell: Cell, name: str) -> str:
    if not cell.is_iri:
        return cell.text
    return f"{name} [{shorten(cell.text)}]" if name else shorten(cell.text)


def _facts(own: Own, iri: str) -> list[str]:
    rows = []
    for property_, values in own.items():
        shown = [_value(v, n) for v, n in values.items() if not v.text.startswith(f"{iri}/")]
        if property_ not in _HIDDEN | _LINKED | _DERIVED and shown:
            rows.append((property_.removeprefix("sr:"), "; ".join(shown)))
    return _section("Facts", rows)


def _parts(facts: dict[str, Own], iri: str) -> list[str]:
    """Return the events in order of time, then the parts without a date."""
    dated, others = [], []
    for subject, own in facts.items():
        if subject == iri:
            continue
        label = next(iter(_texts(own.get("rdfs:label", {}), "en")), shorten(subject))
        label = label.partition(": ")[2] or label
        details = [
            f"{p.removeprefix('sr:')} {'; '.join(_value(v, n) for v, n in values.items())}"
            for p, values in own.items()
            if p not in _HIDDEN | _DERIVED | {"sr:date", "sr:localDate"}
        ]
        local = _first(own.get("sr:localDate", {}))
        date = _first(own.get("sr:date", {})) + (f" (local {local})" if local else "")
        text = f"{label}{': ' if details else ''}{', '.join(details)}"
        if date:
            dated.append((_first(own.get("sr:earliest", {})), (date, text)))
        else:
            others.append((subject.removeprefix(f"{iri}/").partition("/")[0], text))
    rows = [row for _, row in sorted(dated)]
    return _section("Events", rows) + _section("Parts", sorted(others))


def _rivals(claims: Answer) -> list[str]:
    groups = defaultdict(list)
    for subject, property_, value, rank, source, _, locator, reason, _ in claims:
        groups[subject, property_].append((str(rank), _cell(value), source, locator, reason))
    rows = []
    for (subject, property_), group in groups.items():
        if {rank for rank, *_ in group} == {"normal"}:
            continue
        part = shorten(str(subject)).partition("/")[2]
        what = f"{part} {shorten(str(property_)).removeprefix('sr:')}"
        order = {"preferred": 0, "normal": 1, "deprecated": 2}
        for rank, cell, source, locator, reason in sorted(
            group, key=lambda r: (order.get(r[0], 3), r[1], str(r[2]))
        ):
            place = f"{shorten(str(source))}{f', {locator}' if locator else ''}"
            rows.append(
                (
                    what.strip(),
                    f"{rank}: {_value(cell, '')} ({place}){f' — {reason}' if reason else ''}",
                )
            )
            what = ""
    return _section("Rival claims", rows)


def _mentions(kg: KnowledgeGraph, iri: str) -> list[str]:
    rows = []
    for subject, property_, name in kg.store.select(_MENTIONS.format(iri=iri)):
        short = shorten(str(property_))
        if isinstance(subject, Iri) and "/claim/" not in subject and short.startswith("sr:"):
            rows.append((f"{short.removeprefix('sr:')} of", f"{name} [{subject.short}]"))
    return _section("Mentioned as", rows)


def _links(kg: KnowledgeGraph, iri: str) -> list[str]:
    found = kg.store.select(_LINKS.format(sr=SR, iri=iri))
    return _section("Links", [(str(r), f"{shorten(str(w))} — {why}") for r, w, why in found])


def _sources(claims: Answer) -> list[str]:
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, _, _, _, source, name, locator, _, _ in claims:
        places[str(name), shorten(str(source))].update(str(locator or "").split("; "))
    rows = []
    for (name, source), locators in sorted(places.items()):
        at = "; ".join(sorted(filter(None, locators)))
        rows.append((source, f"{name}{f' — {at}' if at else ''}"))
    return _section("Sources", rows)


def _section(title: str, rows: list[tuple[str, str]]) -> list[str]:
    if not rows:
        return []
    indent = min(28, max(len(left) for left, _ in rows))
    lines = ["", title]
    last = None
    for left, right in rows:
        shown = "" if left == last else left
        last = left
        body = textwrap.wrap(right, max(40, _WIDTH - indent - 4)) or [""]
        lines.append(f"  {shown:<{indent}}  {body[0]}")
        lines += (f"  {'':<{indent}}  {line}" for line in body[1:])
    return lines
