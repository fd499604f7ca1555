"""What is meant to be in a store: layers as N-Triples, counted, with answers and a probe set.

Blank nodes, which only the ontology's class expressions have, become IRIs under
``/.well-known/genid/`` (RDF 1.1 Concepts, section 3.5), numbered by RDFC-1.0, so that every chunk
can be sent twice and every triple compared.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from spacerace_kg.answers import Answer
from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.export import GRAPH, LAYERS, layer_files
from spacerace_kg.store import EmbeddedStore

GENID = "https://w3id.org/.well-known/genid/spacerace/"
PROBE = GRAPH + "probe#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGER = _XSD + "integer"
DECIMAL = _XSD + "decimal"
INTEGERS = frozenset(
    _XSD + name
    for name in (
        "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "long", "int", "short", "byte", "unsignedLong", "unsignedInt",
        "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Counts = dict[str, dict[str, int]]  # what is counted: of what: how many

# Written so that every store that was tried answers them alike.
_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "property": "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s ?of ?o } GROUP BY ?of",
    "class": "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s a ?of } GROUP BY ?of",
    "datatype": """SELECT ?of (COUNT(*) AS ?n) WHERE {
        ?s ?p ?o FILTER(ISLITERAL(?o) && LANG(?o) = "") BIND(STR(DATATYPE(?o)) AS ?of)
    } GROUP BY ?of""",
    "language": """SELECT ?of (COUNT(*) AS ?n) WHERE {
        ?s ?p ?o FILTER(ISLITERAL(?o) && LANG(?o) != "") BIND(LCASE(LANG(?o)) AS ?of)
    } GROUP BY ?of""",
    "blank nodes": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(ISBLANK(?s) || ISBLANK(?o)) }",
}


class Probe(NamedTuple):
    """One literal of the probe set: its name, and what it is."""

    name: str
    literal: ox.Literal


def counts(select: Callable[[str], Answer]) -> Counts:
    """Return how many triples there are in all, by property, class, datatype and language."""
    found: Counts = {}
    for name, text in _COUNTS.items():
        answer = select(text)
        rows = answer.rows
        if answer.columns == ["n"]:
            found[name] = {"": int(str(rows[0][0])) if rows else 0}
        else:
            found[name] = {str(of): int(str(n)) for of, n in rows if of is not None}
    return found


def differences(meant: Counts, found: Counts) -> list[tuple[str, str, int, int]]:
    """Return what is counted, of what, how many were meant and how many found, where they differ.

    Integers of a narrower type (``xsd:nonNegativeInteger``) count as integers, and so do decimals
    that a store has made of them.
    """
    told = {**meant, "datatype": folded(meant["datatype"])}
    seen = {**found, "datatype": folded(found["datatype"])}
    fewer = told["datatype"].get(INTEGER, 0) - seen["datatype"].get(INTEGER, 0)
    more = seen["datatype"].get(DECIMAL, 0) - told["datatype"].get(DECIMAL, 0)
    if fewer == more > 0:  # Virtuoso keeps integers beyond 31 bits as decimals, equal in value
        seen["datatype"][INTEGER] = seen["datatype"].get(INTEGER, 0) + fewer
        seen["datatype"][DECIMAL] -= more
    return [
        (name, of, told[name].get(of, 0), seen[name].get(of, 0))
        for name in told
        for of in sorted(told[name].keys() | seen[name].keys())
        if told[name].get(of, 0) != seen[name].get(of, 0)
    ]


def folded(datatypes: dict[str, int]) -> dict[str, int]:
    """Return counts by datatype with the narrower integers counted as integers."""
    together: Counter[str] = Counter()
    for datatype, number in datatypes.items():
        together[INTEGER if datatype in INTEGERS else datatype] += number
    return dict(together)


class Meant:
    """Layers of the graph under a root, as they are meant to arrive in a store."""

    def __init__(self, root: Path, layers: Sequence[str] = ()) -> None:
        for layer in layers:
            if layer not in LAYERS:
                raise UsageError(f"no layer {layer!r}. Choose from: {', '.join(LAYERS)}.")
            if not layer_files(root, layer):
                raise DataError(f"The graph has no layer {layer!r}. Run: spacerace build")
        self.root = root
        self.layers = tuple(layers) or tuple(x for x in LAYERS if layer_files(root, x))
        if not self.layers:
            raise DataError(f"There is no graph under {root}. Run: spacerace build")
        self._folder: str | None = None

    @cached_property
    def digest(self) -> str:
        """A digest of the layers' names and files, the same on every machine."""
        digest = hashlib.sha256()
        for layer in self.layers:
            for path in layer_files(self.root, layer):
                name = f"{layer}\0{path.relative_to(self.root).as_posix()}\0"
                digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def triples(self, layer: str) -> Iterator[ox.Triple]:
        """Yield the triples of a layer in the same order every time, holding one file at most."""
        for path in layer_files(self.root, layer):
            if layer == "ontology":
                yield from named(q.triple for q in _parse(path))
            else:
                yield from (q.triple for q in _parse(path))

    def chunks(self, layers: Iterable[str], size: int) -> Iterator[tuple[int, bytes]]:
        """Yield N-Triples of layers, so many triples each: how many, and the text."""
        triples = (triple for layer in layers for triple in self.triples(layer))
        while chunk := list(islice(triples, size)):
            yield len(chunk), serialised(chunk)

    @cached_property
    def store(self) -> ox.Store:
        """The layers in a store of their own, on disk, all in the default graph."""
        self._folder = tempfile.mkdtemp(prefix="spacerace-meant-")
        store = ox.Store(self._folder)
        # All at once: a bulk load for each of hundreds of files takes ten times as long.
        store.bulk_extend(
            ox.Quad(t.subject, t.predicate, t.object)
            for layer in self.layers
            for t in self.triples(layer)
        )
        return store

    def close(self) -> None:
        """Remove the store on disk."""
        self.__dict__.pop("store", None)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Meant:
        """Hold the store on disk until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the store on disk."""
        self.close()

    def select(self, text: str) -> Answer:
        """Return the rows of a query over all layers together: what a store should answer."""
        return EmbeddedStore(self.store).select(text)

    def counts(self, layers: Sequence[str] = (), *, exact: bool = False) -> Counts:
        """Return how many triples are meant, in all and by kind, over layers or all of them.

        Counts what the files hold, which is the same as long as no triple is in two of them;
        ``exact`` counts each triple of all layers once, and takes longer.
        """
        chosen = tuple(layers) or self.layers
        if exact:
            return counts(self.select)
        together: dict[str, Counter[str]] = {name: Counter() for name in _COUNTS}
        for layer in chosen:
            for name, found in self._counted[layer].items():
                together[name].update(found)
        return {name: dict(found) for name, found in together.items()}

    @cached_property
    def _counted(self) -> dict[str, Counts]:
        return {layer: count(self.triples(layer)) for layer in self.layers}


def count(triples: Iterable[ox.Triple]) -> Counts:
    """Return how many triples there are in all, by property, class, datatype and language."""
    found: dict[str, Counter[str]] = {name: Counter() for name in _COUNTS}
    found["blank nodes"][""] = 0
    number = 0
    for s, p, o in triples:
        number += 1
        found["property"][p.value] += 1
        if isinstance(o, ox.Literal):
            if o.language:
                found["language"][o.language.lower()] += 1
            else:
                found["datatype"][o.datatype.value] += 1
        elif p.value == _TYPE and isinstance(o, ox.NamedNode):
            found["class"][o.value] += 1
        if isinstance(s, ox.BlankNode) or isinstance(o, ox.BlankNode):
            found["blank nodes"][""] += 1
    found["triples"][""] = number
    return {name: dict(kinds) for name, kinds in found.items()}


def _parse(path: Path) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: SyntaxError) -> DataError:
    return DataError(f"{path} is damaged: {error}. Run: spacerace build")


def serialised(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples as N-Triples."""
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    if content is None:
        raise AssertionError("serialize returns bytes when it is given no output")
    return content


def named(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples sorted, with blank nodes replaced by IRIs that depend on the content alone."""
    data = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    def iri(term: object) -> object:
        return ox.NamedNode(GENID + term.value) if isinstance(term, ox.BlankNode) else term

    made = [ox.Triple(iri(q.subject), q.predicate, iri(q.object)) for q in data]  # type: ignore[arg-type]
    return sorted(made, key=str)


def probes() -> list[Probe]:
    """Return the literals that stores are known to change, lose or refuse."""

    def typed(text: str, datatype: str) -> ox.Literal:
        return ox.Literal(text, datatype=ox.NamedNode(_XSD + datatype))

    return [
        Probe("plain text", ox.Literal("Sputnik")),
        Probe("empty text", ox.Literal("")),
        Probe("spaces at both ends", ox.Literal("  Vostok  ")),
        Probe("Cyrillic", ox.Literal("Восток-1", language="ru")),
        Probe("beyond the basic plane", ox.Literal("\U0001f680 \U00010348 \U0001d49e")),
        Probe("combining marks", ox.Literal("e\u0301 и\u0306 \u0915\u093f")),
        Probe("composed", ox.Literal("\u00e9 \u0439")),
        Probe("right to left", ox.Literal("\u0641\u0636\u0627\u0621", language="ar")),
        Probe("escapes", ox.Literal('"quoted" \\back\\slash\\ tab\there line\nfeed return\rend')),
        Probe("markup", ox.Literal("<b>&amp; 'single' </b> ]]> {braces} $1 %41 ?x")),
        Probe("control character", ox.Literal("bell\u0007end")),
        Probe("text of 5,000 characters", ox.Literal("Байконур " * 555 + "Ракета")),
        Probe("text of 100,000 characters", ox.Literal("Kazakhstan" * 10_000)),
        Probe("language with region", ox.Literal("colour", language="en-gb")),
        Probe("language with script", ox.Literal("Vostok", language="ru-latn")),
        Probe("boolean", typed("true", "boolean")),
        Probe("integer", typed("42", "integer")),
        Probe("negative integer", typed("-9661", "integer")),
        Probe("integer beyond 32 bits", typed("4294967296", "integer")),
        Probe("largest integer of 64 bits", typed("9223372036854775807", "integer")),
        Probe("smallest integer of 64 bits", typed("-9223372036854775808", "integer")),
        Probe("decimal", typed("83.6", "decimal")),
        Probe("decimal, many digits", typed("0.000000000123456789", "decimal")),
        Probe("decimal, large", typed("123456789012.125", "decimal")),
        Probe("negative decimal", typed("-0.5", "decimal")),
        Probe("time", typed("1957-10-04T19:28:34Z", "dateTime")),
        Probe("time, year's end", typed("1991-12-31T23:59:59Z", "dateTime")),
        Probe("time, before 1900", typed("1857-09-17T00:00:00Z", "dateTime")),
        Probe("time, year 1", typed("0001-01-01T00:00:00Z", "dateTime")),
        Probe("time, year 9999", typed("9999-12-31T23:59:59Z", "dateTime")),
        Probe("address", typed("https://example.org/a?b=c&d=%D0%92#e", "anyURI")),
        Probe("non-negative integer", typed("1", "nonNegativeInteger")),
    ]


def probe_triples() -> list[ox.Triple]:
    """Return the probe set as triples: one a literal."""
    told = ox.NamedNode(PROBE + "value")
    return [
        ox.Triple(ox.NamedNode(f"{PROBE}p{place}"), told, probe.literal)
        for place, probe in enumerate(probes())
    ]
