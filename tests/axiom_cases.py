"""For each axiom of the ontology the smallest worlds that it must forbid, and some others.

A world is written as the class expression that describes it: "a mission that is an agent" for the
graph in which one thing is typed as both. The ontology forbids a world if and only if nothing can
be in the class. So one run of the reasoner judges all worlds, and none spoils another. A thing
that is named twice in its graph is a nominal of its own world.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from spacerace_kg.reasoner.axioms import Axiom, axioms

MARK = URIRef("urn:case:mark")  # a class that nothing else knows: "this very thing"
_WRONG = {  # a value that is not of the datatype
    XSD.string: Literal("ein Text", lang="de"),
    XSD.integer: Literal("many"),
    XSD.decimal: Literal("many"),
    XSD.boolean: Literal("maybe"),
    XSD.dateTime: Literal("then"),
    XSD.anyURI: Literal("there"),
}
_RIGHT = {
    XSD.string: Literal("a text"),
    XSD.integer: Literal(1),
    XSD.decimal: Literal("1.5", datatype=XSD.decimal),
    XSD.boolean: Literal("true", datatype=XSD.boolean),
    XSD.dateTime: Literal("1961-04-12T06:07:00Z", datatype=XSD.dateTime, normalize=False),
    XSD.anyURI: Literal("https://example.org/", datatype=XSD.anyURI),
}


class Case(NamedTuple):
    """A world: the class that describes it, the axiom that it is for, whether that forbids it."""

    world: URIRef
    axiom: Axiom
    forbidden: bool


class Worlds:
    """Every world for the axioms of an ontology, and the graph of their classes."""

    def __init__(self, ontology: Graph) -> None:
        self.ontology, self.graph, self.cases = ontology, Graph(), list[Case]()
        self.data = set(ontology.subjects(RDF.type, OWL.DatatypeProperty))
        self.pairs = {
            pair
            for axiom in axioms(ontology)
            if axiom.kind == "disjointWith"
            for one, other in [sorted(map(URIRef, axiom.terms))]
            for pair in ((one, other), (other, one))
        }
        self.graph.add((MARK, RDF.type, OWL.Class))
        for axiom in axioms(ontology):
            for forbidden, expression in self._worlds(axiom):
                world = URIRef(f"urn:case:{len(self.cases)}")
                self.graph.add((world, RDF.type, OWL.Class))
                self.graph.add((world, RDFS.subClassOf, expression))
                self.cases.append(Case(world, axiom, forbidden))

    def _worlds(self, axiom: Axiom) -> Iterator[tuple[bool, Node]]:
        """Yield (forbidden, class expression) for the worlds that try an axiom.

        An axiom of a kind without worlds fails the tests: give it some here.
        """
        about, target = axiom.about, self._target(axiom)
        one, two = (self.count(OWL.minCardinality, about, number) for number in (1, 2))
        match axiom.kind:
            case "disjointWith":
                yield True, self.both(about, target)
                yield False, self.both(about)
                yield False, self.both(target)
            case "subClassOf" if isinstance(target, URIRef):
                yield True, self.both(about, self.stranger(target))
                yield False, self.both(about, target)
            case "subClassOf":
                yield from self._restriction(about, target)
            case "equivalentClass":
                yield True, self.both(about, self.negated(target))
                yield True, self.both(self.negated(about), target)
                yield False, self.both(about, target)
            case "FunctionalProperty":
                yield True, two
                yield False, one
            case "InverseFunctionalProperty":
                backwards = BNode()
                self.graph.add((backwards, OWL.inverseOf, about))
                owners = self.count(OWL.minCardinality, backwards, 2)
                yield True, self.some(about, owners)
                yield False, self.some(about, self.count(OWL.minCardinality, backwards, 1))
            case "IrreflexiveProperty":
                yield True, self.restriction(about, OWL.hasSelf, Literal(True))
                yield False, one
            case "AsymmetricProperty":
                me, you = self.nominal(), self.nominal()
                yield True, self.both(me, self.some(about, self.some(about, me)))
                yield False, self.both(me, self.some(about, self.both(you, self.negated(me))))
            case "TransitiveProperty":
                yield from self._implied(about, (about, about))
            case "propertyChainAxiom":
                yield from self._implied(about, tuple(Collection(self.ontology, target)))
            case "subPropertyOf":
                yield from self._implied(target, (about,))
            case "inverseOf":
                for there, back in ((about, target), (target, about)):
                    lost = self.only(back, self.negated(MARK))
                    yield True, self.both(MARK, self.some(there, lost))
                    yield False, self.both(MARK, self.some(there, self.some(back, MARK)))
            case "domain":
                used = self.count(OWL.minCardinality, about, 1)
                yield True, self.both(used, self.stranger(*self.members(target)))
                for member in self.members(target):
                    yield False, self.both(used, member)
            case "range" if target == RDF.langString:
                pass  # no datatype that HermiT knows: decided in Python, and tested there
            case "range" if about in self.data:
                for forbidden, value in self._values(target):
                    yield forbidden, self.restriction(about, OWL.hasValue, value)
            case "range":
                yield True, self.some(about, self.stranger(*self.members(target)))
                for member in self.members(target):
                    yield False, self.some(about, member)
            case kind:
                raise NotImplementedError(f"{kind} has no bad graph: {axiom.words}")

    def _target(self, axiom: Axiom) -> Node:
        """Return what stands on the other side of an axiom, copied with its blank nodes."""
        _, predicate, _ = axiom.triples[0]
        if axiom.kind == "disjointWith":
            return next(URIRef(term) for term in axiom.terms if term != str(axiom.about))
        targets = [
            o
            for p, o in self.ontology.predicate_objects(axiom.about)
            if p.n3() == predicate and o.n3() == axiom.triples[0][2]
        ]
        return targets[0]

    def _restriction(self, class_: Node, node: Node) -> Iterator[tuple[bool, Node]]:
        """Yield worlds with one too many, one too few, and as many as a restriction allows."""
        property_ = self.ontology.value(node, OWL.onProperty)
        assert property_ is not None
        for kind in (OWL.maxCardinality, OWL.cardinality, OWL.minCardinality):
            found = self.ontology.value(node, kind)
            if found is None:
                continue
            number = int(str(found))
            least, most = OWL.minCardinality, OWL.maxCardinality
            if kind != OWL.minCardinality:
                yield True, self.both(class_, self.count(least, property_, number + 1))
            if kind != OWL.maxCardinality:
                yield True, self.both(class_, self.count(most, property_, number - 1))
            if number:
                yield False, self.both(class_, self.count(least, property_, number))
            else:
                yield False, self.both(class_)
            return
        raise NotImplementedError(f"a restriction of {class_} has no bad graph")

    def _implied(self, implied: Node, steps: tuple[Node, ...]) -> Iterator[tuple[bool, Node]]:
        """Yield worlds where steps lead to a thing that the implied property does, or does not."""
        there: Node = MARK
        for step in reversed(steps):
            there = self.some(step, there)
        yield True, self.both(there, self.only(implied, self.negated(MARK)))
        yield False, self.both(there, self.some(implied, MARK))

    def _values(self, range_: Node) -> Iterator[tuple[bool, Node]]:
        words = self.ontology.value(range_, OWL.oneOf)
        if words is not None:
            yield True, Literal("no such word")
            for word in Collection(self.ontology, words):
                yield False, word
        else:
            yield True, _WRONG[URIRef(str(range_))]
            yield False, _RIGHT[URIRef(str(range_))]

    def members(self, class_: Node) -> list[Node]:
        """Return the classes of a union, or the class itself."""
        union = self.ontology.value(class_, OWL.unionOf)
        return list(Collection(self.ontology, union)) if union is not None else [class_]

    def stranger(self, *classes: Node) -> URIRef:
        """Return a class that has nothing in common with any of the given ones."""
        found = sorted(
            other
            for other in self.ontology.subjects(RDF.type, OWL.Class)
            if isinstance(other, URIRef)
            and all(
                any((a, b) in self.pairs for a in self.above(class_) for b in self.above(other))
                for class_ in classes
            )
        )
        assert found, f"nothing is disjoint with {classes}, so the axiom can reject nothing"
        return found[0]

    def above(self, class_: Node) -> Iterator[Node]:
        """Yield a class and its superclasses."""
        yield from self.ontology.transitive_objects(class_, RDFS.subClassOf)

    def node(self, *pairs: tuple[Node, Node]) -> BNode:
        """Return a new blank node with these properties."""
        node = BNode()
        for p, o in pairs:
            self.graph.add((node, p, o))
        return node

    def both(self, *classes: Node) -> BNode:
        """Describe what is in all of these classes."""
        items = Collection(self.graph, BNode(), list(classes)).uri
        return self.node((RDF.type, OWL.Class), (OWL.intersectionOf, items))

    def negated(self, class_: Node) -> BNode:
        """Describe what is not in a class."""
        return self.node((RDF.type, OWL.Class), (OWL.complementOf, class_))

    def nominal(self) -> BNode:
        """Describe one thing of this world."""
        thing = URIRef(f"urn:case:thing:{len(self.graph)}")
        items = Collection(self.graph, BNode(), [thing]).uri
        return self.node((RDF.type, OWL.Class), (OWL.oneOf, items))

    def restriction(self, property_: Node, kind: Node, value: Node) -> BNode:
        """Describe what a restriction on a property holds for."""
        return self.node((RDF.type, OWL.Restriction), (OWL.onProperty, property_), (kind, value))

    def some(self, property_: Node, class_: Node) -> BNode:
        """Describe what has a value of the class."""
        return self.restriction(property_, OWL.someValuesFrom, class_)

    def only(self, property_: Node, class_: Node) -> BNode:
        """Describe what has no value outside the class."""
        return self.restriction(property_, OWL.allValuesFrom, class_)

    def count(self, kind: Node, property_: Node, number: int) -> BNode:
        """Describe what has at least, or at most, so many values."""
        amount = Literal(str(number), datatype=XSD.nonNegativeInteger)
        return self.restriction(property_, kind, amount)


def triples_of(graph: Graph | Iterable[tuple[Node, Node, Node]]) -> list[tuple[str, str, str]]:
    """Return triples as the reasoner's side takes them."""
    return [(s.n3(), p.n3(), o.n3()) for s, p, o in graph]
