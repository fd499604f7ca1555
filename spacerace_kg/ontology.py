"""The ontology as the loader sees it: classes, properties, and what may stand behind each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import rdflib
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import IdentifiedNode, Node

from spacerace_kg import turtle
from spacerace_kg.errors import DataError
from spacerace_kg.names import PREFIXES, SR, local_name

DATATYPES = {"string", "integer", "decimal", "boolean", "dateTime", "anyURI", "langString"}


class Property(NamedTuple):
    """One property: its name in the facts, its term, and the rules that its values keep."""

    name: str
    term: str  # prefixed, as in the Turtle: sr:launch
    labels: dict[str, str]  # by language
    kind: str  # "entity", "class", "property", or the local name of a datatype
    domain: frozenset[str]  # names of classes; empty if any
    range: frozenset[str]  # names of classes; empty if any
    words: tuple[str, ...]  # the only texts allowed, if enumerated
    pattern: str  # the regular expression that texts must match, if any
    functional: bool
    inferred: bool
    keyed_by: str
    opens: bool
    closes: bool
    within: bool
    notation: str
    editorial: bool
    supers: tuple[str, ...]  # terms of all superproperties, nearest first
    irreflexive: bool
    asymmetric: bool
    names_parts: bool

    @property
    def label(self) -> str:
        """The property's name for people, in English."""
        return self.labels.get("en", self.name)


class Class(NamedTuple):
    """One class: its name in the facts, its term, and the names of itself and its superclasses."""

    name: str
    term: str
    inferred: bool
    ancestors: tuple[str, ...]
    labels: dict[str, str]  # by language


class Ontology:
    """The classes and properties of an ontology folder; reads spacerace.ttl and shapes.ttl.

    Raises DataError for a file that is missing or no Turtle.
    """

    def __init__(self, folder: Path) -> None:
        self.graph = turtle.ontology(folder, "spacerace.ttl")
        there = (folder / "shapes.ttl").exists()
        self._shapes = turtle.ontology(folder, "shapes.ttl") if there else Graph()

    @cached_property
    def classes(self) -> dict[str, Class]:
        """Every class by its name in the facts."""
        found = {}
        for iri in self._typed(OWL.Class):
            above = self.graph.transitive_objects(iri, RDFS.subClassOf)
            ancestors = tuple(_local(c) for c in above if isinstance(c, URIRef))
            found[_local(iri)] = Class(
                _local(iri), _term(iri), self._flag(iri), ancestors, self._labels(iri)
            )
        return found

    @cached_property
    def properties(self) -> dict[str, Property]:
        """Every property by its name in the facts, in the order of their IRIs."""
        kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        iris = {iri for kind in kinds for iri in self._typed(kind)} | {RDF.type}
        described = (iri for iri in iris if (iri, RDFS.label, None) in self.graph)
        return {_local(iri): self._property(iri) for iri in sorted(described)}

    @cached_property
    def chains(self) -> list[tuple[str, list[str]]]:
        """Each property with a chain that implies it: (term, terms of the steps)."""
        return sorted(
            (_term(iri), [_term(step) for step in Collection(self.graph, chain)])
            for iri, chain in self.graph.subject_objects(OWL.propertyChainAxiom)
        )

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """Each (class, property) of which no two individuals may share a value."""
        return sorted(
            (_local(iri), _local(step))
            for iri, key in self.graph.subject_objects(OWL.hasKey)
            for step in Collection(self.graph, key)
        )

    def is_a(self, name: str, ancestors: frozenset[str]) -> bool:
        """Say whether a class is one of the others or below one of them; any will do for none."""
        return not ancestors or not ancestors.isdisjoint(self.classes[name].ancestors)

    def _property(self, iri: IdentifiedNode) -> Property:
        value, graph = self.graph.value, self.graph
        range_ = value(iri, RDFS.range)
        words = value(range_, OWL.oneOf) if range_ is not None else None
        supers = graph.transitive_objects(iri, RDFS.subPropertyOf)
        above = [s for s in supers if s is not None and s != iri]
        if words is not None:
            kind = "string"
        elif range_ == OWL.Class or iri == RDF.type:  # in OWL itself, never stated
            kind = "class"
        elif range_ == RDF.Property:
            kind = "property"
        elif isinstance(range_, URIRef) and _local(range_) in DATATYPES:
            kind = _local(range_)
        else:
            kind = "entity"
        shapes = self._shapes.subjects(SH.path, iri)
        patterns = {str(p) for shape in shapes for p in self._shapes.objects(shape, SH.pattern)}
        for pattern in patterns:
            try:
                re.compile(pattern)
            except (re.error, RecursionError, OverflowError) as error:
                told = f"{_local(iri)}: the pattern {pattern!r} is none: {error}."
                raise DataError(f"ontology/shapes.ttl: {told}") from None
        return Property(
            name=_local(iri),
            term=_term(iri),
            labels=self._labels(iri),
            kind=kind,
            domain=self._class_names(value(iri, RDFS.domain)),
            range=self._class_names(range_) if kind == "entity" else frozenset(),
            words=tuple(str(w) for w in Collection(graph, words)) if words is not None else (),
            pattern=patterns.pop() if len(patterns) == 1 else "",  # several: left to SHACL
            functional=(iri, RDF.type, OWL.FunctionalProperty) in graph or kind == "class",
            inferred=self._flag(iri),
            keyed_by=_local(keyed) if (keyed := value(iri, SR_TERM.keyedBy)) is not None else "",
            opens=value(iri, SR_TERM.opensLifetime) is not None,
            closes=value(iri, SR_TERM.closesLifetime) is not None,
            within=value(iri, SR_TERM.withinLifetime) is not None,
            notation=str(value(iri, SR_TERM.notation) or ""),
            editorial=value(iri, SR_TERM.editorial) is not None,
            supers=tuple(_term(s) for s in above),
            irreflexive=(iri, RDF.type, OWL.IrreflexiveProperty) in graph,
            asymmetric=(iri, RDF.type, OWL.AsymmetricProperty) in graph,
            names_parts=value(iri, SR_TERM.namesParts) is not None,
        )

    def _labels(self, iri: Node) -> dict[str, str]:
        return {
            label.language: str(label)
            for label in self.graph.objects(iri, RDFS.label)
            if isinstance(label, Literal) and label.language
        }

    def _class_names(self, node: Node | None) -> frozenset[str]:
        if node is None:
            return frozenset()
        union = self.graph.value(node, OWL.unionOf)
        members = Collection(self.graph, union) if union is not None else [node]
        return frozenset(_local(member) for member in members)

    def _typed(self, kind: URIRef) -> Iterator[URIRef]:
        for iri in self.graph.subjects(RDF.type, kind):
            if isinstance(iri, URIRef):
                yield iri

    def _flag(self, iri: Node) -> bool:
        return self.graph.value(iri, SR_TERM.inferredOnly) is not None


SR_TERM = rdflib.Namespace(SR)


def _local(node: Node) -> str:
    return local_name(str(node))


def _term(node: Node) -> str:
    text = str(node)
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text[len(namespace) :]}"
    return f"<{text}>"
