"""The knowledge graph as a user of Python meets it: connect, ask, explain."""

from __future__ import annotations

from spacerace_kg import paths, queries
from spacerace_kg.answers import Answer
from spacerace_kg.errors import UsageError
from spacerace_kg.names import ID, IS_REFERENCE, PREFIXES, SR
from spacerace_kg.queries import Query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import rdflib

    from spacerace_kg.binding import Parameter
    from spacerace_kg.client import RemoteStore
    from spacerace_kg.store import EmbeddedStore

# What has a name, whatever its case, or is linked to an item in Wikidata.
_NAMED = """SELECT DISTINCT ?e WHERE {{
{{ ?e <http://www.w3.org/2000/01/rdf-schema#label> ?n FILTER(LCASE(STR(?n)) = {called}) }}
UNION {{ ?e <http://www.w3.org/2004/02/skos/core#altLabel> ?n FILTER(LCASE(STR(?n)) = {called}) }}
UNION {{ ?link <https://w3id.org/spacerace/ontology#qid> ?n FILTER(LCASE(STR(?n)) = {called})
  ?link <https://w3id.org/spacerace/ontology#relation> "exact" ;
    <https://w3id.org/spacerace/ontology#entity> ?e }} }} ORDER BY ?e"""


class KnowledgeGraph:
    """A graph to ask: the shipped one, embedded, or one behind a SPARQL 1.1 endpoint."""

    def __init__(
        self, store: EmbeddedStore | RemoteStore, catalogue: str = "", claims: bool = False
    ) -> None:
        self.store = store
        self._catalogue, self._claims = catalogue, claims  # what the store holds beside the record
        self._folder = paths.within_root("queries")
        self._ids: dict[str, list[str]] = {}  # known ones by class, as they are asked for

    def __repr__(self) -> str:
        return f"<KnowledgeGraph: {getattr(self.store, 'endpoint', 'embedded')}>"

    def queries(self) -> dict[str, Query]:
        """Return every canned question by name, with its summary and parameters."""
        return queries.read_all(self._folder)

    def ask(self, name: str, /, **parameters: object) -> Answer:
        """Return the answer to a canned question.

        Raises UsageError for a question or parameter that does not exist and for a value that does
        not fit, naming what does; OutsideError if an endpoint fails.
        """
        query = queries.read(self._folder, name)
        return self.store.select(self.text(query, parameters))

    def text(self, query: Query, parameters: Mapping[str, object]) -> str:
        """Return a canned question's SPARQL with parameters bound."""
        return query.fill(parameters, self._exists, self._known) if parameters else query.text

    def sparql(self, text: str, *, timeout: float | None = None) -> Answer | bool | rdflib.Graph:
        """Run a query: rows for SELECT, a bool for ASK, an rdflib.Graph for the others.

        With ``timeout``, in seconds, a query of the embedded graph runs in a process of its own,
        with a bound on its memory too: so run those that strangers send. Without it, it runs until
        it is done, and where the engine breaks down, as over the order of values of several kinds,
        it ends Python too; an endpoint has the timeout of the connection.
        Raises UsageError for what is not SPARQL 1.1, is far too large, takes too long, or holds
        SERVICE (embedded).
        """
        if not isinstance(text, str):
            raise UsageError(f"A query is a text, and this is of the type {type(text).__name__}.")
        if timeout is None or self.store.remote:
            return self.store.sparql(text)
        from spacerace_kg import worker

        return worker.sparql(text, timeout, self._catalogue, self._claims)

    def explain(self, entity: str, property: str | None = None) -> Answer:
        """Return the claims behind an entity, or behind one of its properties and that part.

        One row a claim: subject, property, value, rank, source, locator, reason, certainty.
        """
        if property is None:
            return self.ask("claims", entity=entity)
        return self.ask("claims", entity=entity, about=property)

    def graph(self) -> rdflib.Graph:
        """Return an rdflib.Graph: of the embedded graph a copy, of an endpoint a live view."""
        return self.store.graph()

    def iri(self, entity: str) -> str:
        """Return the IRI of an id, prefixed or not; raises UsageError, with a hint, if unknown."""
        from spacerace_kg.binding import Parameter, bind

        return bind(Parameter("id", "id", "", ""), entity, self._exists, self._known)[1:-1]

    def values(self, parameter: Parameter) -> list[str]:
        """Return the ids or words that a parameter takes, or its example where there is no list."""
        if parameter.type == "id":
            kind = SR + parameter.of if parameter.of else ""
            return [iri.removeprefix(ID) for iri in self._known(kind)]
        return list(parameter.words) or [parameter.example]

    def _exists(self, iri: str, class_: str) -> bool:
        if iri.startswith(ID) and not IS_REFERENCE(iri[len(ID) :]):
            raise UsageError(f"{iri!r} is no id.")
        return self.store.ask(f"ASK {{ <{iri}> a {f'<{class_}>' if class_ else '?any'} }}")

    def _known(self, class_: str, called: str = "") -> Iterable[str]:
        """Return the IRIs of a class's records, or of those called so: a literal in lower case."""
        if called:
            # The class is compared here: joined to it, the names take some engines a minute.
            try:
                found = self.store.select(_NAMED.format(called=called))
            except UsageError:  # the name reads like a SERVICE: nothing is called so
                return ()
            return {str(e) for (e,) in found} & set(self._known(class_))
        if class_ not in self._ids:
            kind = f"a <{class_}>" if class_ else f"<{SR}mainClass> ?any"
            ours = SR if class_.startswith(PREFIXES["owl"]) else ID  # of the ontology, or records
            text = f"SELECT DISTINCT ?e WHERE {{ ?e {kind} FILTER(STRSTARTS(STR(?e), '{ours}')) }}"
            found = self.store.select(f"{text} ORDER BY ?e")
            self._ids[class_] = [str(e) for (e,) in found if "/" not in str(e)[len(ours) :]]
        return self._ids[class_]


def connect(
    endpoint: str | None = None,
    *,
    timeout: float = 60,
    in_memory: bool = False,
    catalogue: str | Path | bool = False,
    claims: bool = False,
) -> KnowledgeGraph:
    """Return the shipped graph, embedded, or the one behind a SPARQL 1.1 endpoint's URL.

    ``timeout`` is the seconds allowed for one request to the endpoint. ``in_memory`` reads the
    whole shipped graph first, which takes some seconds, and then answers several times as fast.
    ``catalogue`` adds what ``spacerace import gcat`` wrote, to its usual folder (True) or to
    another; ``claims`` adds its claims too, which are many.
    Raises UsageError for a URL that is none, DataError if the shipped graph or the catalogue is
    missing or damaged.
    """
    if endpoint is None:
        from spacerace_kg.store import EmbeddedStore, graph_files

        root = paths.within_root()
        folder, more = "", []
        if catalogue:
            from spacerace_kg.gcat.catalogue import default, files

            folder = default() if catalogue is True else str(catalogue)
            more = files(folder, claims)
        if in_memory:
            store = EmbeddedStore.in_memory([*graph_files(root), *more])
        else:
            store = EmbeddedStore.open(root, paths.cache_folder(), more)
        return KnowledgeGraph(store, folder, claims)
    if catalogue:
        raise UsageError("An endpoint has the catalogue or has it not. Leave catalogue out.")
    from spacerace_kg.client import RemoteStore

    return KnowledgeGraph(RemoteStore(endpoint, timeout))
