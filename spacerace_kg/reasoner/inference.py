"""Inference: the consistency of a graph and the types of its individuals, with HermiT.

What is decided is exactly what the ontology says, in three steps, none of which knows its terms:

1. **Names are unique.** Each individual gets a helper property that is functional, with its own
   name as the value, so that two names can never stand for one thing. Keys (``owl:hasKey``) then
   need no reasoner, which would compare all with all: two individuals of the class that share a
   value are a fault. No value of a key property can be inferred in this ontology; a test holds it.
2. **Types are found in parts.** To find types HermiT tests each candidate against all that it was
   given, and on the whole graph that takes minutes. So it is given about a thousand assertions at a
   time, and of assertions and axioms those that the definitions of the ontology can use. OWL is
   monotonic: what follows from a part follows from the whole.
3. **One run over everything proves the rest.** Each individual is denied every class that was not
   found for it. If the whole graph with all denials has a model, then the graph is consistent, and
   none of the denied types follows from it. If not, the denials are halved until those are found
   that the graph contradicts one by one: types that the parts had missed. With these found, what is
   left is denied and proven again.

So every inconsistency and every type of a named individual is found, and none that does not follow.
A small graph needs no parts: there HermiT is given everything at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from spacerace_kg.errors import DataError
from spacerace_kg.names import shorten
from spacerace_kg.reasoner.axioms import axioms, declarations
from spacerace_kg.reasoner.hermit import Triple, consistent, realise

Types = dict[str, set[str]]  # by individual, all as N-Triples terms

TYPE = RDF.type.n3()
NAME = "<urn:spacerace:name>"  # the helper property of step 1
_UNIQUE_NAMES = [
    (NAME, TYPE, OWL.DatatypeProperty.n3()),
    (NAME, TYPE, OWL.FunctionalProperty.n3()),
]
SMALL = 2000  # so many assertions need no parts
_PART = 1200
_RUNS = 40  # so many proofs, and one slow run over everything is the cheaper one


class Contradiction(Exception):  # noqa: N818 - it is a finding, not an error
    """Facts, the first argument, contradict each other or the ontology."""


def rules_of(ontology: Graph) -> list[Triple]:
    """Return what an ontology says to a reasoner, without its keys, and that names are unique."""
    said = (statement for axiom in axioms(ontology) for statement in axiom.triples)
    return [*_UNIQUE_NAMES, *declarations(ontology), *dict.fromkeys(said)]


def infer(
    rules: Sequence[Triple],
    facts: Sequence[Triple],
    ontology: Graph,
    java: str,
    say: Callable[[str], None] = lambda _: None,
) -> Types:
    """Return the classes of each individual, told and inferred; the module says how.

    Raises Contradiction with the inconsistent facts, DataError if a class can have no individual.
    """
    above = _superclasses(ontology)
    types: Types = defaultdict(set)
    for s, p, o in facts:
        types[s] |= above.get(o, {o}) if p == TYPE else set()
    if len(facts) <= SMALL:
        _add(types, _found([(rules, facts)], java))
        return types
    useful = _useful(ontology)
    some = _rules_for(useful, ontology)
    parts = list(_parts(facts, useful))
    _add(types, _found([(rules, []), *((some, part) for part in parts)], java))
    say(f"{len(parts)} parts done; proving that the whole is consistent and no type missing")
    while missed := list(_missed(rules, facts, _denials(types, ontology, above), java)):
        _add(types, ((n, higher) for n, class_ in missed for higher in above.get(class_, {class_})))
    return types


def _add(types: Types, found: Iterable[tuple[str, str]]) -> None:
    for name, class_ in found:
        types[name].add(class_)


def _found(
    parts: Sequence[tuple[Sequence[Triple], Sequence[Triple]]], java: str
) -> Iterator[tuple[str, str]]:
    """Yield (individual, class) for each type that HermiT finds in parts, (rules, facts).

    Raises as ``infer`` does.
    """
    named = OWL.NamedIndividual.n3()  # owlready2 only knows the individuals that are declared
    groups = [
        [*rules, *facts, *((s, TYPE, named) for s, p, _ in facts if p == NAME)]
        for rules, facts in parts
    ]
    for (_, facts), realised in zip(parts, realise(groups, java), strict=True):
        if realised is None:
            raise Contradiction(facts)
        if realised.empty:
            names = ", ".join(shorten(iri) for iri in sorted(realised.empty))
            raise DataError(f"nothing can be a {names}. Correct the axioms of the ontology.")
        yield from ((f"<{name}>", f"<{class_}>") for name, class_ in realised.types)


def _superclasses(ontology: Graph) -> dict[str, set[str]]:
    """Return each class with itself and the classes that it names as above it, at any distance."""
    direct: dict[Node, set[Node]] = defaultdict(set)
    for class_ in ontology.subjects(RDF.type, OWL.Class):
        direct[class_] |= set(ontology.objects(class_, RDFS.subClassOf))
        for expression in ontology.objects(class_, OWL.equivalentClass):
            members = ontology.value(expression, OWL.intersectionOf)
            direct[class_] |= set(Collection(ontology, members)) if members else {expression}

    def above(class_: Node, seen: set[Node]) -> set[Node]:
        if class_ not in seen and isinstance(class_, URIRef):
            seen.add(class_)
            for one in direct[class_]:
                above(one, seen)
        return seen

    names = [class_ for class_ in direct if isinstance(class_, URIRef)]
    return {name.n3(): {c.n3() for c in above(name, set())} for name in names}


def _useful(ontology: Graph) -> set[str]:
    """Return the terms that the definitions of classes use, and those that lead to them."""
    useful: set[Node] = set()
    todo: list[Node] = [
        URIRef(term)
        for axiom in axioms(ontology)
        if axiom.kind == "equivalentClass"
        for term in axiom.terms
    ]
    while todo:
        term = todo.pop()
        if term in useful:
            continue
        useful.add(term)
        todo += ontology.subjects(RDFS.subPropertyOf, term)
        todo += [*ontology.objects(term, OWL.inverseOf), *ontology.subjects(OWL.inverseOf, term)]
        for chain in ontology.objects(term, OWL.propertyChainAxiom):
            todo += Collection(ontology, chain)
    return {term.n3() for term in useful if isinstance(term, URIRef)} | {NAME}


def _rules_for(useful: set[str], ontology: Graph) -> list[Triple]:
    """Return what an ontology says about useful terms alone, and which class is below which."""
    some = [
        axiom
        for axiom in axioms(ontology)
        if {f"<{term}>" for term in axiom.terms} <= useful
        or (axiom.kind == "subClassOf" and len(axiom.triples) == 1)
    ]
    terms = {f"<{term}>" for axiom in some for term in axiom.terms}
    declared = [statement for statement in declarations(ontology) if statement[0] in terms]
    said = (statement for axiom in some for statement in axiom.triples)
    return [*_UNIQUE_NAMES, *declared, *dict.fromkeys(said)]


def _parts(facts: Iterable[Triple], useful: set[str]) -> Iterator[list[Triple]]:
    """Yield the useful facts in parts: from individuals that none leads to, as far as they go.

    That is, from those that are told to be of a class that a definition names.
    """
    about: dict[str, list[Triple]] = defaultdict(list)
    reached = set()
    for fact in facts:
        s, p, o = fact
        if p in useful or p == TYPE:
            about[s].append(fact)
            if p != TYPE and o.startswith("<"):
                reached.add(o)
    part: dict[Triple, None] = {}
    starts = {name for name, some in about.items() if any(o in useful for _, _, o in some)}
    for start in sorted(starts - reached):
        todo, seen = [start], set()
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                part |= dict.fromkeys(about[name])
                todo += [o for _, p, o in about[name] if p != TYPE and o in about]
        if len(part) >= _PART:
            yield list(part)
            part = {}
    yield list(part)


def _denials(types: Types, ontology: Graph, above: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Return (individual, class) for each class that an individual was not found to have.

    Left out are those that follow from others: what is denied a class is denied what is below it,
    and what has a class has none that is disjoint with it.
    """
    disjoint: dict[str, set[str]] = defaultdict(set)
    for axiom in axioms(ontology):
        if axiom.kind == "disjointWith":
            one, _, other = axiom.triples[0]
            disjoint[one].add(other)
            disjoint[other].add(one)
    excluded = {name: set().union(*(disjoint[c] for c in some)) for name, some in above.items()}
    return [
        (name, class_)
        for name, found in sorted(types.items())
        for class_ in sorted(above.keys() - found)
        if above[class_] - {class_} <= found and found.isdisjoint(excluded[class_])
    ]


def _missed(
    rules: Sequence[Triple],
    facts: Sequence[Triple],
    denials: Sequence[tuple[str, str]],
    java: str,
) -> Iterator[tuple[str, str]]:
    """Yield the denials that facts contradict one by one; raises as ``infer``."""
    denied = sorted({class_ for _, class_ in denials})
    no = {class_: f"<urn:spacerace:no:{number}>" for number, class_ in enumerate(denied)}
    # Disjoint, not the complement: that would make HermiT decide one or the other for everything.
    extra = [(term, OWL.disjointWith.n3(), class_) for class_, term in no.items()]
    extra += [(term, TYPE, OWL.Class.n3()) for term in no.values()]
    todo, runs = [denials], 0
    while todo:
        some, runs = todo.pop(), runs + 1
        if runs > _RUNS:
            yield from _found([(rules, facts)], java)
            return
        trial = [(name, TYPE, no[class_]) for name, class_ in some]
        if consistent([*rules, *facts, *extra, *trial], java):
            continue
        if runs == 1 and not consistent([*rules, *facts], java):
            raise Contradiction(facts)
        if len(some) == 1:
            yield some[0]
        else:  # every other one: "one of these two classes", which implies neither, falls apart
            todo += [some[::2], some[1::2]]
