"""Reasoning: OWL consistency and inferred types with owlready2 and HermiT, shapes with pySHACL.

``inference`` says how HermiT decides, and why that is sound and complete.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, Literal
from rdflib.collection import Collection
from rdflib.term import BNode, Node

from spacerace_kg import paths, turtle
from spacerace_kg.answers import Term
from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.names import ID, SR, shorten
from spacerace_kg.ontology import DATATYPES
from spacerace_kg.reasoner.axioms import triple
from spacerace_kg.reasoner.explaining import explain
from spacerace_kg.reasoner.hermit import Triple, find_java
from spacerace_kg.reasoner.inference import NAME, Contradiction, Types, infer, rules_of
from spacerace_kg.reasoner.shapes import shape_faults
from spacerace_kg.store import to_rdflib

RdfTriple = tuple[Node, Node, Node]
# Of OWL and RDFS, what may be said about an entity; all else is an axiom, and would be left out.
_ABOUT_ENTITIES = {OWL.sameAs, OWL.NamedIndividual}
_ABOUT_ENTITIES |= {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy}
_BYTES = 100_000_000  # twenty times the graph
_PATIENCE = 300.0  # seconds that may go into explaining a contradiction


class Reasoned(NamedTuple):
    """What reasoning found: faults in words, and (entity, class) for each inferred type."""

    faults: list[str]
    inferred: list[tuple[Term | None, ...]]


def reason(
    root: Path, files: Sequence[Path] = (), say: Callable[[str], None] = lambda _: None
) -> Reasoned:
    """Reason over a root's ontology and plain layer, or over other Turtle files in its place.

    Raises OutsideError where there is no Java or pySHACL, DataError for files that are no Turtle.
    """
    java = find_java()
    files = list(files) or sorted((root / "graph" / "turtle" / "plain").rglob("*.ttl"))
    if not files:
        raise DataError("There is no graph to reason over. Run: spacerace build")
    ontology = turtle.ontology(root / "ontology", "spacerace.ttl")
    say(f"reading {len(files)} files")
    data = read_data(files)
    say("checking the shapes")
    unknown = sorted(set(_unknown(data, ontology)))
    faults = [*unknown, *shape_faults(root, data)]
    if unknown:  # HermiT would stop at them
        return Reasoned(faults, [])
    rules = rules_of(ontology)
    facts = assertions(data, ontology)
    say(f"reasoning over {len(facts):,} assertions with HermiT")
    try:
        types = infer(rules, facts, ontology, java, say)
    except Contradiction as contradiction:
        say("the graph is inconsistent: looking for the smallest part of it that is")
        found = contradiction.args[0]
        return Reasoned([*faults, explain(ontology, rules, found, java, _PATIENCE)], [])
    faults += key_faults(data, types, ontology)
    told = {(str(s), str(o)) for s, p, o in data if p == RDF.type}
    every = {(name[1:-1], class_[1:-1]) for name, some in types.items() for class_ in some}
    new = sorted(pair for pair in every - told if pair[0].startswith(ID) and pair[1].startswith(SR))
    return Reasoned(faults, [(Term("iri", entity), Term("iri", kind)) for entity, kind in new])


def ontology_classes(root: Path | None = None) -> Any:
    """Return the ontology, the shipped one if no root is given, as Python, read with owlready2.

    Each class is a Python class, each property an object with its domain and range, under its name:
    ``ontology_classes().CrewedMission.ancestors()``. It is in a world of its own; nothing is
    fetched, nothing written. Keys are left out, which owlready2 does not know.
    Raises DataError if the ontology is missing or damaged.
    """
    import owlready2

    graph = turtle.ontology((root or paths.root()) / "ontology", "spacerace.ttl")
    graph.remove((None, OWL.hasKey, None))
    text = graph.serialize(format="nt", encoding="utf-8")
    loaded = owlready2.World().get_ontology(SR)
    return loaded.load(fileobj=io.BytesIO(text))


def read_data(files: Iterable[Path]) -> list[RdfTriple]:
    """Return the triples of Turtle files.

    Raises DataError for a file that is damaged or too large, UsageError for one that is not there.
    """
    triples = []
    for path in files:
        try:
            if path.stat().st_size > _BYTES or not path.is_file():  # a device has no end
                raise DataError(f"{path} is no file of {_BYTES:,} bytes at most. Split it.")
            for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                triples.append((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
        except FileNotFoundError:
            raise UsageError(f"There is no file {str(path)!r}.") from None
        except (SyntaxError, OSError, UsageError) as error:  # UsageError: a triple as a term
            raise DataError(f"{path} cannot be read: {error}") from None
    return triples


def assertions(data: Iterable[RdfTriple], ontology: Graph) -> list[Triple]:
    """Return what a reasoner needs of the data: types, properties of the ontology, unique names."""
    entities = set(ontology.subjects(RDF.type, OWL.ObjectProperty))
    logical = entities | set(ontology.subjects(RDF.type, OWL.DatatypeProperty))
    found: list[Triple] = []
    names: set[Node] = set()
    for s, p, o in data:
        if p in logical or p == OWL.sameAs or (p == RDF.type and str(o).startswith(SR)):
            found.append(triple(s, p, o))
            if p != OWL.sameAs:
                names.update((s, o) if p in entities else (s,))
    found += [(name.n3(), NAME, Literal(str(name)).n3()) for name in sorted(names, key=str)]
    return list(dict.fromkeys(found))


def key_faults(data: Iterable[RdfTriple], types: Types, ontology: Graph) -> Iterator[str]:
    """Yield a line for each two individuals of a class that share the value of a key of it."""
    keys = {
        (class_.n3(), property_)
        for class_, members in ontology.subject_objects(OWL.hasKey)
        for property_ in Collection(ontology, members)
    }
    owners: dict[tuple[str, Node, Node], Node] = {}
    for s, p, o in sorted(data):
        for class_, property_ in keys:
            if p == property_ and class_ in types[s.n3()]:
                other = owners.setdefault((class_, p, o), s)
                if other != s:
                    both = f"{shorten(str(other))} and {shorten(str(s))}"
                    yield f"{str(o)!r} is the {shorten(str(p))} of {both}. Correct one of the two."


def _unknown(data: Iterable[RdfTriple], ontology: Graph) -> Iterator[str]:
    """Yield a line for each unknown term of the ontology, axiom, bad literal, and blank node."""
    terms = set(ontology.subjects(RDF.type)) | {RDF.type}
    for s, p, o in data:
        where = f"{shorten(str(s))}.{shorten(str(p))}"
        used = o if p == RDF.type else p
        if str(used).startswith(SR) and used not in terms:
            yield f"{where}: {shorten(str(used))} is no term of the ontology. Correct its name."
        if str(used).startswith((str(OWL), str(RDFS))) and used not in _ABOUT_ENTITIES:
            yield f"{where}: this is no statement about an entity. Leave it out."
        if isinstance(s, BNode) or isinstance(o, BNode):
            yield f"{where}: there is a blank node. Give it an IRI."
        if isinstance(o, Literal):
            kind = shorten(str(o.datatype or ("rdf:langString" if o.language else "xsd:string")))
            if kind.partition(":")[2] not in DATATYPES:
                yield f"{where}: {str(o)!r} is of datatype {kind}. Use one that the ontology uses."
            elif o.ill_typed or (kind == "xsd:anyURI" and not str(o).isascii()):
                yield f"{where}: {str(o)!r} is no {kind}. Correct the value."
