"""The embedded store: the graph's Turtle in Oxigraph, kept on disk between runs.

The first opening reads the Turtle and leaves a read-only database in the user's cache, named by a
fingerprint of the files that it was made from; later openings take milliseconds. Where the cache
cannot be written the store lives in memory.
"""

from __future__ import annotations

import contextlib
import os

import pyoxigraph as ox

from spacerace_kg import database, paths
from spacerace_kg.answers import Answer, Term
from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.terms import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    import rdflib

    from spacerace_kg.database import Place


class EmbeddedStore:
    """The graph in Oxigraph: ontology, plain layer, claims and links, all in the default graph."""

    remote = False

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    @classmethod
    def open(cls, root: Place, cache: Place, more: Sequence[Place] = ()) -> EmbeddedStore:
        """Open the graph under a root, through the database in the cache if that can be had.

        ``more`` are Turtle files to read beside it. Raises DataError if there is no graph to read
        or its Turtle is damaged.
        """
        files = graph_files(root)
        own = f"{cache}/store-{database.fingerprint(files)}"
        every = [*files, *more]
        target = f"{cache}/store-{database.fingerprint(every)}" if more else own
        try:
            return cls(database.read(target))
        except OSError:  # not there yet, or damaged
            pass
        try:
            if more:
                cls.open(root, cache)
                database.make(target, more, own)
            else:
                database.make(target, files)
            return cls(database.read(target))
        except (OSError, RuntimeError):  # no permission, no space
            return cls.in_memory(every)

    @classmethod
    def in_memory(cls, files: Iterable[Place]) -> EmbeddedStore:
        """Read Turtle files into a store in memory."""
        store = ox.Store()
        database.load(store, files)
        return cls(store)

    def select(self, text: str) -> Answer:
        """Return the rows of a SELECT query; raises UsageError if it is none or is not SPARQL."""
        result = self._run(text)
        if not isinstance(result, ox.QuerySolutions):
            raise UsageError("This is no SELECT query.")
        return _answer(result)

    def ask(self, text: str) -> bool:
        """Return the truth of an ASK query; raises UsageError if it is none or is not SPARQL."""
        result = self._run(text)
        if not isinstance(result, ox.QueryBoolean):
            raise UsageError("This is no ASK query.")
        return bool(result)

    def sparql(self, text: str) -> Answer | bool | rdflib.Graph:
        """Run any query: rows for SELECT, a bool for ASK, an rdflib.Graph for the others."""
        from spacerace_kg import guard  # its patterns take time to compile

        guard.check(text)
        result = self._run(text)
        if isinstance(result, ox.QuerySolutions):
            return _answer(result)
        if isinstance(result, ox.QueryBoolean):
            return bool(result)
        import rdflib

        graph = rdflib.Graph()
        with _evaluating():
            for s, p, o in result:
                graph.add((to_rdflib(s), to_rdflib(p), to_rdflib(o)))
        return graph

    def graph(self) -> rdflib.Graph:
        """Return all triples in an rdflib.Graph in memory: a copy, to be changed as one likes."""
        import rdflib

        from spacerace_kg.names import PREFIXES

        graph = rdflib.Graph()
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        made: dict[object, Any] = {}  # most terms come several times

        def term(of: object) -> Any:
            found = made.get(of)
            if found is None:
                found = made[of] = to_rdflib(of)
            return found

        graph.addN((term(q.subject), term(q.predicate), term(q.object), graph) for q in self.store)
        return graph

    def _run(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if "service" in text.lower() or "\\" in text:  # the questions of a root may be a stranger's
            from spacerace_kg import guard  # its patterns take time to compile

            guard.check_service(text)
        with _evaluating():
            return self.store.query(text)


def graph_files(root: Place) -> list[str]:
    """Return the Turtle files that make the graph, in a fixed order; DataError if none."""
    folder = f"{root}/graph/turtle"
    files = paths.turtle(folder)
    if not files:
        raise DataError(f"No Turtle under {folder}. Run: spacerace build")
    ontology = f"{root}/ontology/spacerace.ttl"
    if not os.path.isfile(ontology):
        raise DataError(f"No ontology at {ontology}. Put it back.")
    return [ontology, *files]


@contextlib.contextmanager
def _evaluating() -> Iterator[None]:
    """Turn what the engine says against a query into a UsageError."""
    try:
        yield
    except SyntaxError as error:
        reason = " ".join(str(error).split())
        place, _, expected = reason.partition(": expected ")
        if "Prefix not found" in expected:
            reason = f"{place}: a prefix that is not declared. Declare it: PREFIX p: <http://…>"
        raise UsageError(f"This is not SPARQL 1.1: {reason[:300]}") from None
    except (OSError, RuntimeError) as error:
        told = " ".join(str(error).split())
        if isinstance(error, OSError) or "checksum" in told:  # the disk's fault
            folder = paths.cache_folder()
            raise OutsideError(
                f"The database in the cache is damaged: {told}. Remove {folder}"
            ) from None
        raise UsageError(f"The engine cannot answer this: {told}.") from None


def _answer(solutions: ox.QuerySolutions) -> Answer:
    columns = [variable.value for variable in solutions.variables]
    with _evaluating():
        return Answer(columns, [tuple(map(_term, row)) for row in solutions])


def _term(term: object) -> Term | None:
    if isinstance(term, ox.NamedNode):
        return _made(Term, ("iri", term.value, "", ""))
    if isinstance(term, ox.Literal):
        return _made(Term, ("literal", term.value, term.datatype.value, term.language or ""))
    if term is None:
        return None
    if isinstance(term, ox.BlankNode):
        return _made(Term, ("bnode", term.value, "", ""))
    raise UsageError("A triple as a term is beyond SPARQL 1.1. Select its parts.")


_made = tuple.__new__  # an answer has thousands of terms, and their own constructor is Python's


def to_rdflib(term: object) -> Any:
    """Return an Oxigraph term as an rdflib term, its text unchanged."""
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype.value == XSD + "string":
            return rdflib.Literal(term.value)
        datatype = rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=datatype, normalize=False)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    raise UsageError("A triple as a term is beyond RDF 1.1. Construct its parts.")
