"""What is meant to be in a store: layers as N-Triples, counted, with the answers they give.

Blank nodes, which only the ontology's class expressions have, become IRIs under
``/.well-known/genid/`` (RDF 1.1 Concepts, section 3.5), numbered by RDFC-1.0, so that every chunk
can be sent twice and every triple compared.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from spacerace_kg.answers import Answer
from spacerace_kg.errors import DataError
from spacerace_kg.export import LAYERS, check_layers, layer_files
from spacerace_kg.folders import clear
from spacerace_kg.importer.counting import COUNTED, Counts, count, counts
from spacerace_kg.store import EmbeddedStore
from spacerace_kg.turtle import quads

_STORE = "spacerace-meant-"  # how the folders of stores begin
GENID = "https://w3id.org/.well-known/genid/spacerace/"


class Meant:
    """Layers of the graph under a root, as they are meant to arrive in a store."""

    def __init__(self, root: Path, layers: Sequence[str] = ()) -> None:
        check_layers(root, layers)
        self.root = root
        self.layers = tuple(layers) or tuple(x for x in LAYERS if layer_files(root, x))
        if not self.layers:
            raise DataError(f"There is no graph under {root}. Run: spacerace build")
        self._folder: str | None = None

    @cached_property
    def digest(self) -> str:
        """A digest of the layers' names and files, the same on every machine."""
        return self._digest()

    def steady(self) -> None:
        """Raise DataError if the files have changed since the digest was first asked for."""
        if self._digest() != self.digest:
            raise DataError("The graph's files have changed in the meantime. Run again.")

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for layer in self.layers:
            for path in layer_files(self.root, layer):
                name = f"{layer}\0{path.relative_to(self.root).as_posix()}\0"
                digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def triples(self, layer: str) -> Iterator[ox.Triple]:
        """Yield the triples of a layer in the same order every time, holding one file at most."""
        for path in layer_files(self.root, layer):
            found = (quad.triple for quad in quads(path))
            yield from named(found) if layer == "ontology" else found

    def chunks(self, layers: Iterable[str], size: int) -> Iterator[tuple[int, bytes]]:
        """Yield N-Triples of layers, so many triples each: how many, and the text."""
        triples = (triple for layer in layers for triple in self.triples(layer))
        while chunk := list(islice(triples, size)):
            yield len(chunk), serialised(chunk)

    @cached_property
    def store(self) -> ox.Store:
        """The layers in a store of their own, on disk, all in the default graph."""
        clear(Path(tempfile.gettempdir()), _STORE)
        self._folder = tempfile.mkdtemp(prefix=_STORE)
        store = ox.Store(self._folder)
        # All at once: a bulk load for each of hundreds of files takes ten times as long.
        store.bulk_extend(
            ox.Quad(t.subject, t.predicate, t.object)
            for layer in self.layers
            for t in self.triples(layer)
        )
        return store

    def each(self) -> Iterator[ox.Triple]:
        """Yield every triple of the layers once, even one that two of them hold."""
        return (quad.triple for quad in self.store)

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
        together: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
        for layer in chosen:
            for name, found in self._counted[layer].items():
                together[name].update(found)
        return {name: dict(found) for name, found in together.items()}

    @cached_property
    def _counted(self) -> dict[str, Counts]:
        return {layer: count(self.triples(layer)) for layer in self.layers}


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
