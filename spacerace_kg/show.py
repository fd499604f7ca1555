"""One entity as a page for a person: names, facts, events in order, rivals, links, sources."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from spacerace_kg.answers import Answer, Iri, Value
from spacerace_kg.knowledge import KnowledgeGraph
from spacerace_kg.names import ID, RANKS, SR, shorten
from spacerace_kg.visible import visible

WIDTH = 96
_HIDDEN = {"rdf:type", "rdfs:label", "skos:altLabel", "dcterms:description", "sr:mainClass"}
_LINKED = {"owl:sameAs", "skos:exactMatch", "skos:closeMatch"}  # told under Links, with reasons
_DERIVED = {"sr:earliest", "sr:latest", "sr:precision", "sr:earliestUnix", "sr:latestUnix"}
_SAID = _HIDDEN | _DERIVED | {"sr:date", "sr:localDate"}  # told of a part in another way

_FACTS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?subject ?property ?value ?name WHERE {{
  {{ VALUES ?subject {{ <{iri}> }} ?subject ?property ?value . }}
  UNION
  {{ <{iri}> ?link ?subject . ?subject ?property ?value .
    FILTER(STRSTARTS(STR(?subject), "{iri}/")) }}
  OPTIONAL {{ ?value rdfs:label ?name . FILTER(LANG(?name) = "en") }}
}} ORDER BY ?subject ?property ?value ?name"""

_MENTIONS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?about ?property ?subject ?name WHERE {{
  {{ VALUES ?about {{ <{iri}> }} ?subject ?property ?about ; rdfs:label ?name . }}
  UNION
  {{ <{iri}> ?link ?about . ?subject ?property ?about ; rdfs:label ?name .
    FILTER(STRSTARTS(STR(?about), "{iri}/")) }}
  FILTER(LANG(?name) = "en" && ?subject != <{iri}> && !STRSTARTS(STR(?subject), "{iri}/"))
}} ORDER BY ?about ?property ?subject ?name"""

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


def page(kg: KnowledgeGraph, entity: str, width: int = WIDTH) -> str:
    """Return the page of an entity as text; raises UsageError, with a hint, if there is none."""
    iri = kg.iri(entity)
    facts: dict[str, Own] = defaultdict(lambda: defaultdict(dict))
    for subject, property_, value, name in kg.store.select(_FACTS.format(iri=iri)):
        facts[str(subject)][shorten(str(property_))][_cell(value)] = str(name or "")
    claims = kg.ask("claims", entity=iri) if iri.startswith(ID) else Answer([], [])
    lines = _title(iri, facts[iri], width)
    for title, rows in (
        ("Facts", _facts(facts[iri], iri)),
        ("Events", _events(facts, iri)),
        ("Parts", _parts(facts, iri)),
        ("Rival claims", _rivals(claims)),
        ("Mentioned by", _mentions(kg, iri)),
        ("Links", _links(kg, iri)),
        ("Sources", _sources(claims)),
    ):
        lines += _section(title, rows, width)
    return visible("\n".join(lines) + "\n")


def _cell(value: Value) -> Cell:
    return Cell(str(value), getattr(value, "language", ""), isinstance(value, Iri))


def _texts(cells: Iterable[Cell], language: str = "") -> list[str]:
    return [c.text for c in cells if c.language and (not language or c.language == language)]


def _first(cells: Iterable[Cell]) -> str:
    return next((cell.text for cell in cells), "")


def _title(iri: str, own: Own, width: int) -> list[str]:
    labels = own.get("rdfs:label", {})
    english = _texts(labels, "en")
    others = [text for text in _texts(labels) if text not in english]
    kinds = [name for name in own.get("sr:mainClass", {}).values() if name]
    title = "  ·  ".join([*english, *others])
    lines = [
        *_wrap(title, width),
        "=" * min(len(title), width),
        f"{shorten(iri)} ({', '.join(kinds)})",
    ]
    aliases = sorted(set(_texts(own.get("skos:altLabel", {}))))
    if aliases:
        lines += _wrap(f"Also: {'; '.join(aliases)}", width)
    for text in _texts(own.get("dcterms:description", {}), "en"):
        lines += ["", *_wrap(text, width)]
    return lines


def _value(property_: str, cell: Cell, name: str) -> str:
    if cell.is_iri:
        return f"{name} [{shorten(cell.text)}]" if name else shorten(cell.text)
    if property_.endswith("Seconds") and cell.text.isdecimal() and int(cell.text) >= 60:
        return f"{cell.text} ({_spell(int(cell.text))})"
    return cell.text


def _spell(seconds: int) -> str:
    """Return a duration in the units that people use.

    >>> _spell(6480), _spell(86405)
    ('1 h 48 min', '1 d 5 s')
    """
    units = ((86400, 10**9, "d"), (3600, 24, "h"), (60, 60, "min"), (1, 60, "s"))
    counts = ((seconds // size % many, unit) for size, many, unit in units)
    return " ".join(f"{count} {unit}" for count, unit in counts if count)


def _facts(own: Own, iri: str) -> list[tuple[str, str]]:
    rows = []
    for property_, values in own.items():
        name = property_.removeprefix("sr:")
        shown = [_value(name, v, n) for v, n in values.items() if not v.text.startswith(f"{iri}/")]
        if property_ not in _HIDDEN | _LINKED | _DERIVED and shown:
            rows.append((name, "; ".join(shown)))
    return rows


def _events(facts: dict[str, Own], iri: str) -> list[tuple[str, str]]:
    """Return the parts with a date, in order of time."""
    rows = []
    for subject, own in facts.items():
        date = _first(own.get("sr:date", {}))
        if subject == iri or not date:
            continue
        if local := _first(own.get("sr:localDate", {})):
            date += f" (local {local})"
        text = _told(f"{_label(subject, own)} [{shorten(subject)}]", own)
        rows.append((_first(own.get("sr:earliest", {})), (date, text)))
    return [row for _, row in sorted(rows)]


def _parts(facts: dict[str, Own], iri: str) -> list[tuple[str, str]]:
    """Return the parts without a date; one that has its name from a value needs none beside it."""
    rows = []
    for subject, own in facts.items():
        if subject == iri or "sr:date" in own:
            continue
        label = _label(subject, own)
        names = {name for values in own.values() for name in values.values() if name}
        named = any(label.endswith(f" {name}") for name in names)
        kind = subject.removeprefix(f"{iri}/").partition("/")[0]
        rows.append((kind, _told("" if named else label, own)))
    return sorted(rows)


def _label(subject: str, own: Own) -> str:
    label = next(iter(_texts(own.get("rdfs:label", {}), "en")), shorten(subject))
    return label.partition(": ")[2] or label


def _told(label: str, own: Own) -> str:
    """Return a part's label, values and description as one text."""
    values = ", ".join(
        f"{name} {'; '.join(_value(name, v, n) for v, n in values.items())}"
        for name, values in ((p.removeprefix("sr:"), v) for p, v in own.items() if p not in _SAID)
    )
    description = _texts(own.get("dcterms:description", {}), "en")
    return " — ".join([": ".join(filter(None, (label, values))), *description])


def _rivals(claims: Answer) -> list[tuple[str, str]]:
    """Return the values of each property that has ranked ones, best first, with who says so."""
    groups: dict[tuple[str, str], dict[tuple[int, Cell, str], list[str]]]
    groups = defaultdict(lambda: defaultdict(list))
    for subject, property_, value, rank, source, _, locator, reason, _ in claims:
        place = f"{shorten(str(source))}{f', {locator}' if locator else ''}"
        said = (RANKS.index(str(rank)), _cell(value), str(reason or ""))
        groups[str(subject), shorten(str(property_)).removeprefix("sr:")][said].append(place)
    rows = []
    for (subject, name), group in groups.items():
        if {rank for rank, *_ in group} == {RANKS.index("normal")}:
            continue
        part = shorten(subject).partition("/")[2]
        for (rank, cell, reason), places in sorted(group.items()):
            told = f"{RANKS[rank]}: {_value(name, cell, '')} ({'; '.join(sorted(places))})"
            rows.append((f"{part} {name}".strip(), " — ".join(filter(None, (told, reason)))))
    return rows


def _mentions(kg: KnowledgeGraph, iri: str) -> list[tuple[str, str]]:
    """Return who names the entity or a part of it, under the property that does."""
    rows = []
    for about, property_, subject, name in kg.store.select(_MENTIONS.format(iri=iri)):
        short = shorten(str(property_))
        if isinstance(subject, Iri) and "/claim/" not in subject and short.startswith("sr:"):
            part = str(about).removeprefix(iri).removeprefix("/")
            left = f"{part} as {short.removeprefix('sr:')}".strip()
            rows.append((left, f"{name} [{subject.short}]"))
    return rows


def _links(kg: KnowledgeGraph, iri: str) -> list[tuple[str, str]]:
    found = kg.store.select(_LINKS.format(sr=SR, iri=iri))
    return [(str(r), f"{shorten(str(w))} — {why}") for r, w, why in found]


def _sources(claims: Answer) -> list[tuple[str, str]]:
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, _, _, _, source, name, locator, _, _ in claims:
        places[str(name), shorten(str(source))].update(str(locator or "").split("; "))
    rows = []
    for (name, source), locators in sorted(places.items()):
        at = "; ".join(sorted(filter(None, locators)))
        rows.append((source, f"{name}{f' — {at}' if at else ''}"))
    return rows


def _section(title: str, rows: list[tuple[str, str]], width: int) -> list[str]:
    """Return a title and rows in two columns; what is too long for the left has its own line."""
    if not rows:
        return []
    indent = min(28, width // 3, max(len(left) for left, _ in rows))
    lines = ["", title]
    last = None
    for left, right in rows:
        shown = "" if left == last else left
        last = left
        if len(shown) > indent:
            lines.append(f"  {shown}")
            shown = ""
        for line in _wrap(right, width - indent - 4) or [""]:
            lines.append(f"  {shown:<{indent}}  {line}".rstrip())
            shown = ""
    return lines


def _wrap(text: str, width: int) -> list[str]:
    """Return lines that part no id and no address, which are to be copied."""
    return textwrap.wrap(text, max(20, width), break_on_hyphens=False, break_long_words=False)
