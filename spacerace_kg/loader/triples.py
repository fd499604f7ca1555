"""Triples: statements to claims, and to the plain layer that follows from them. Pure functions.

A term is text in Turtle's short form (``id:vostok-1``, ``sr:launch``, ``"Vostok 1"@en``), a triple
a tuple of three. The rule by which plain follows from claims is stated in ``graph/README.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from spacerace_kg.dates import interval, stamp, unix
from spacerace_kg.loader.statements import Part, Statement, best
from spacerace_kg.names import ESCAPES, id_term, value_key

if TYPE_CHECKING:
    from spacerace_kg.ontology import Ontology, Property

Triple = tuple[str, str, str]


def text_term(text: str, language: str = "") -> str:
    """Return a text as a Turtle literal, in a language if one is given."""
    return f'"{text.translate(ESCAPES)}"' + (f"@{language}" if language else "")


def typed_term(text: str, datatype: str) -> str:
    """Return a canonical value of an XSD datatype as a Turtle literal."""
    return text if datatype == "integer" else f'"{text}"^^xsd:{datatype}'


def object_term(s: Statement, property_: Property, ontology: Ontology) -> str:
    """Return the value of a statement as a term."""
    if property_.kind == "entity":
        return id_term(s.value)
    if property_.kind == "class":
        return ontology.classes[s.value].term
    if property_.kind == "property":
        return ontology.properties[s.value].term
    if property_.kind in ("langString", "string"):
        return text_term(s.value, s.language)
    return typed_term(s.value, property_.kind)


def claim_id(s: Statement) -> str:
    """Return the id of the claim that a statement becomes: subject, property, value and source."""
    tagged = f"{s.value}@{s.language}" if s.language else s.value
    return f"{s.subject}/claim/{s.property}/{value_key(tagged.replace('/', ':'))}/{s.source}"


def claims(statements: Iterable[Statement], ontology: Ontology) -> Iterator[Triple]:
    """Yield the triples of one claim for each value and source."""
    located: dict[str, list[str]] = defaultdict(list)
    first: dict[str, Statement] = {}
    for s in statements:
        claim = claim_id(s)
        first.setdefault(claim, s)
        if s.locator and s.locator not in located[claim]:
            located[claim].append(s.locator)
    for claim, s in first.items():
        property_ = ontology.properties[s.property]
        term = id_term(claim)
        yield term, "rdf:type", "sr:Claim"
        yield term, "sr:subject", id_term(s.subject)
        yield term, "sr:property", property_.term
        yield term, "sr:value", object_term(s, property_, ontology)
        yield term, "sr:source", id_term(s.source)
        yield term, "sr:rank", text_term(s.rank)
        if located[claim]:
            yield term, "sr:locator", text_term("; ".join(located[claim]))
        if s.reason:
            yield term, "sr:reason", text_term(s.reason)
        if s.certainty:
            yield term, "sr:certainty", text_term(s.certainty)


def plain(
    statements: Iterable[Statement], parts: dict[str, Part], ontology: Ontology
) -> dict[str, set[Triple]]:
    """Return the plain layer as triples by subject (an id), as the rule derives it."""
    layer: dict[str, set[Triple]] = defaultdict(set)
    values: dict[tuple[str, str], set[str]] = defaultdict(set)  # by subject and property
    subjects: dict[str, str] = {}  # term to id
    classes: dict[str, str] = {}
    groups: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for s in statements:
        groups[s.subject, s.property].append(s)
    for (subject, name), group in groups.items():
        property_ = ontology.properties[name]
        term = id_term(subject)
        subjects[term] = subject
        for s in best(group):
            value = object_term(s, property_, ontology)
            for predicate in (property_.term, *property_.supers):
                layer[subject].add((term, predicate, value))
                values[term, predicate].add(value)
            if name == "date":
                layer[subject].update((term, p, o) for p, o in bounds(s.value))
            elif name == "type":
                classes[subject] = s.value
                layer[subject].update(_types(term, s.value, ontology))
    _close(layer, values, subjects, ontology)
    _label_parts(layer, values, parts, classes, ontology)
    return layer


def bounds(date: str) -> Iterator[tuple[str, str]]:
    """Yield (predicate, object) for what follows from an EDTF date."""
    allowed = interval(date)
    yield "sr:precision", str(allowed.precision)
    for name, moment in (("earliest", allowed.earliest), ("latest", allowed.latest)):
        if moment:
            yield f"sr:{name}", typed_term(stamp(moment), "dateTime")
            yield f"sr:{name}Unix", str(unix(moment))


def _types(term: str, name: str, ontology: Ontology) -> Iterator[Triple]:
    yield term, "sr:mainClass", ontology.classes[name].term
    for ancestor in ontology.classes[name].ancestors:
        yield term, "rdf:type", ontology.classes[ancestor].term


def _close(
    layer: dict[str, set[Triple]],
    values: dict[tuple[str, str], set[str]],
    subjects: dict[str, str],
    ontology: Ontology,
) -> None:
    """Add what the property chains give, and its superproperties, until nothing new follows."""
    supers = {p.term: p.supers for p in ontology.properties.values()}
    grown = True
    while grown:
        grown = False
        for predicate, steps in ontology.chains:
            starts = [term for (term, step) in values if step == steps[0]]
            for term in starts:
                ends = {term}
                for step in steps:
                    ends = {o for e in ends for o in values.get((e, step), ())}
                new = ends - values.get((term, predicate), set())
                if new:
                    grown = True
                    for implied in (predicate, *supers.get(predicate, ())):
                        values[term, implied] |= new
                        layer[subjects[term]].update((term, implied, o) for o in new)


def _label_parts(
    layer: dict[str, set[Triple]],
    values: dict[tuple[str, str], set[str]],
    parts: dict[str, Part],
    classes: dict[str, str],
    ontology: Ontology,
) -> None:
    """Label each part that has no label by its owner's, its class's or property's, and its key."""

    def labels(subject: str) -> dict[str, str]:
        found = values.get((id_term(subject), "rdfs:label"), ())
        return {lang: text[1:-1] for text, _, lang in (t.rpartition("@") for t in sorted(found))}

    for part in sorted(parts.values(), key=lambda p: p.id.count("/")):
        if part.id not in classes or labels(part.id):
            continue
        property_ = ontology.properties[part.property]
        named = labels(part.key) if property_.keyed_by else {}
        namer = property_ if property_.names_parts else ontology.classes[classes[part.id]]
        kinds = namer.labels
        for language, owner in labels(part.owner).items():
            if language in kinds:
                key = named.get(language) or named.get("en") or part.key.replace("-", " ")
                term = id_term(part.id)
                label = f'"{owner}: {kinds[language]} {key}'.rstrip() + f'"@{language}'
                layer[part.id].add((term, "rdfs:label", label))
                values[term, "rdfs:label"].add(label)
