"""Axioms: what the ontology says to a reasoner, one axiom at a time, as triples and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Node

from spacerace_kg.errors import DataError
from spacerace_kg.names import SR, shorten
from spacerace_kg.reasoner.hermit import Triple

_CHARACTERS = {
    OWL.FunctionalProperty: "functional",
    OWL.InverseFunctionalProperty: "inverse functional",
    OWL.TransitiveProperty: "transitive",
    OWL.SymmetricProperty: "symmetric",
    OWL.AsymmetricProperty: "asymmetric",
    OWL.ReflexiveProperty: "reflexive",
    OWL.IrreflexiveProperty: "irreflexive",
}
_DECLARED = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
_COUNTS = {
    OWL.minCardinality: "at least",
    OWL.maxCardinality: "at most",
    OWL.cardinality: "exactly",
}
_SETS = (
    (OWL.unionOf, "", " or "),
    (OWL.intersectionOf, "", " that "),
    (OWL.oneOf, "one of ", ", "),
)
_DO = "Say it otherwise, or teach it to spacerace_kg/reasoner/axioms.py."
_FOR_PEOPLE = {RDFS.label, RDFS.comment, SKOS.definition, SKOS.example}


class Axiom(NamedTuple):
    """One axiom: what kind it is, the term it is about, its triples, its terms, and its words."""

    kind: str  # the local name of the OWL term that makes it an axiom
    about: Node
    triples: tuple[Triple, ...]
    terms: frozenset[str]  # IRIs of this ontology
    words: str


def declarations(ontology: Graph) -> list[Triple]:
    """Return the triples that say which terms are classes and which properties, of what sort."""
    return sorted(
        triple(s, p, o)
        for s, p, o in ontology.triples((None, RDF.type, None))
        if o in _DECLARED and str(s).startswith(SR)
    )


def axioms(ontology: Graph) -> list[Axiom]:
    """Return every logical axiom of an ontology except its keys, sorted by words.

    A set of disjoint classes comes as one axiom for each two of them. Raises DataError for an
    axiom that this module cannot read, so that none is ever left out in silence.
    """
    annotations = set(ontology.subjects(RDF.type, OWL.AnnotationProperty)) | _FOR_PEOPLE
    about = set(ontology.subjects(RDF.type, OWL.Ontology)) | annotations | {RDF.type}
    found: list[Axiom] = []
    read: set[Triple] = set()
    for s, p, o in ontology:
        said = triple(s, p, o)
        if p == OWL.members and (s, RDF.type, OWL.AllDisjointClasses) in ontology:
            found += _disjoint(ontology, o)
            read |= {said, triple(s, RDF.type, OWL.AllDisjointClasses), *_below(ontology, o)}
        elif s in about or p in annotations or (p == RDF.type and o in _DECLARED):
            read.add(said)
        elif p == OWL.hasKey:
            read |= {said, *_below(ontology, o)}
        elif isinstance(s, URIRef):
            statements = [said, *_below(ontology, o)]
            read.update(statements)
            if p == RDFS.range and o == RDF.langString:
                statements = _with_language(s)
            terms = frozenset(t[1:-1] for x in statements for t in x if t.startswith(f"<{SR}"))
            kind = _local(o if p == RDF.type else p)
            found.append(Axiom(kind, s, tuple(statements), terms, _words(ontology, s, p, o)))
    left = {triple(*statement) for statement in ontology} - read
    if left:
        raise DataError(f"{' '.join(min(left))}: no axiom of a kind that is known here. {_DO}")
    return sorted(found, key=lambda axiom: axiom.words)


def _with_language(property_: Node) -> list[Triple]:
    """Return a range of rdf:langString in the datatypes of OWL 2: a text that is no xsd:string."""
    text, both, rest, other = (BNode(f"{_local(property_)}{number}") for number in range(4))
    return [
        triple(property_, RDFS.range, text),
        triple(text, RDF.type, RDFS.Datatype),
        triple(text, OWL.intersectionOf, both),
        triple(both, RDF.first, RDF.PlainLiteral),
        triple(both, RDF.rest, rest),
        triple(rest, RDF.first, other),
        triple(rest, RDF.rest, RDF.nil),
        triple(other, RDF.type, RDFS.Datatype),
        triple(other, OWL.datatypeComplementOf, XSD.string),
    ]


def _disjoint(ontology: Graph, classes: Node) -> Iterator[Axiom]:
    for one, other in combinations(Collection(ontology, classes), 2):
        words = f"{_say(ontology, one)} and {_say(ontology, other)} are disjoint"
        statement = triple(one, OWL.disjointWith, other)
        yield Axiom("disjointWith", one, (statement,), frozenset((str(one), str(other))), words)


def in_play(every: Sequence[Axiom], facts: Sequence[Triple]) -> list[Axiom]:
    """Return the axioms that facts call upon, then those that their terms call upon, and so on."""
    terms = {term[1:-1] for fact in facts for term in fact[1:]}
    found: list[Axiom] = []
    left = list(every)
    while more := [axiom for axiom in left if _calls(axiom, terms)]:
        found += more
        left = [axiom for axiom in left if not _calls(axiom, terms)]
        terms = terms.union(*(axiom.terms for axiom in more))
    return found


def _calls(axiom: Axiom, terms: set[str]) -> bool:
    if axiom.kind == "disjointWith":
        return axiom.terms <= terms
    backwards = axiom.kind in ("equivalentClass", "propertyChainAxiom", "inverseOf")
    return str(axiom.about) in terms or (backwards and axiom.terms - {str(axiom.about)} <= terms)


def triple(s: Node, p: Node, o: Node) -> Triple:
    """Return a triple of rdflib's as text in N-Triples.

    >>> triple(RDF.type, RDFS.label, Literal("type", lang="en"))[2]
    '"type"@en'
    """
    return s.n3(), p.n3(), o.n3()


def _below(ontology: Graph, node: Node) -> Iterator[Triple]:
    """Yield the triples of a blank node and of the blank nodes that it leads to."""
    if isinstance(node, BNode):
        for p, o in ontology.predicate_objects(node):
            yield triple(node, p, o)
            yield from _below(ontology, o)


def _words(ontology: Graph, s: Node, p: Node, o: Node) -> str:
    name = _say(ontology, s)
    if p == RDF.type and o in _CHARACTERS:
        return f"{name} is {_CHARACTERS[URIRef(str(o))]}"
    if p == OWL.propertyChainAxiom:
        return f"{' then '.join(_say(ontology, x) for x in Collection(ontology, o))} gives {name}"
    form = {
        RDFS.subClassOf: "every {} {}",
        RDFS.subPropertyOf: "{} implies {}",
        RDFS.domain: "the subject of {} {}",
        RDFS.range: "the value of {} {}",
        OWL.inverseOf: "{} is the inverse of {}",
        OWL.equivalentClass: "{} means {}",
    }.get(URIRef(str(p)))
    value = _say(ontology, o)
    if form is None:
        raise DataError(f"{name} {_say(ontology, p)} {value}: unknown kind of axiom. {_DO}")
    if p in (RDFS.subClassOf, RDFS.domain, RDFS.range) and not value.startswith("has "):
        value = f"is {value}" if value.startswith("one of ") else f"is a {value}"
    return form.format(name, value)


def _say(ontology: Graph, node: Node) -> str:
    """Return a class, property, data range, literal or class expression in words."""
    if isinstance(node, Literal):
        return repr(str(node))
    if isinstance(node, URIRef):
        return shorten(str(node))
    for part, before, joint in _SETS:
        members = ontology.value(node, part)
        if members is not None:
            return before + joint.join(_say(ontology, x) for x in Collection(ontology, members))
    property_ = ontology.value(node, OWL.onProperty)
    if property_ is not None:
        name = _say(ontology, property_)
        for count, words in _COUNTS.items():
            number = ontology.value(node, count)
            if number is not None:
                return f"has {words} {number} {name}"
        for quantifier in (OWL.someValuesFrom, OWL.hasValue):
            filler = ontology.value(node, quantifier)
            if filler is not None:
                return f"has as {name} {_say(ontology, filler)}"
    parts = "; ".join(sorted(f"{p.n3()} {o.n3()}" for p, o in ontology.predicate_objects(node)))
    raise DataError(f"{parts}: unknown expression. {_DO}")


def _local(node: Node) -> str:
    return str(node).rpartition("#")[2]
