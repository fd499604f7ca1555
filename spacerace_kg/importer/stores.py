"""Triple stores: how to recognise one, and by which routes it is asked, told and given triples.

A kind is one entry of a table. What a store does with its default graph is not believed but tried,
by the probe in ``load``. A store that is not in the table is spoken to as SPARQL 1.1 has it.
"""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from spacerace_kg.answers import Answer
from spacerace_kg.client import RemoteStore
from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.importer.wire import Reply, Wire

NT = "application/n-triples"
RESULTS = "application/sparql-results+json"


@dataclass(frozen=True)
class Kind:
    """One kind of store. Routes are relative to its base; ``{g}`` stands for a graph, quoted."""

    name: str
    label: str
    ending: str  # what users may have written behind the base, as a pattern
    query: str
    update: str
    data: str = ""  # POST of N-Triples to a graph; empty: INSERT DATA through the update route
    default: str = ""  # the same for the default graph
    named: bool = False  # the store's own way: named graphs, its default graph is their union
    chunk: int = 20_000  # triples in a request
    gzip: bool = False
    media: str = NT  # what N-Triples are called
    form: str = "update"  # the form field that an update goes in
    pages: bool = False  # says that it is done in a page for people
    text: str = "STR(?o)"  # the text of an object, with what the store is known to add taken off
    replans: bool = True  # plans a question anew when the graph has changed since it was asked


KINDS = {
    kind.name: kind
    for kind in (
        Kind("fuseki", "Apache Jena Fuseki", r"/(?:sparql|query|update|data|get)?", "/query",
             "/update", "/data?graph={g}", "/data?default", gzip=True, pages=True),
        Kind("oxigraph", "Oxigraph", r"/(?:query|sparql|update|store)?", "/query",
             "/update", "/store?graph={g}", "/store?default"),
        Kind("rdf4j", "Eclipse RDF4J", r"/(?:statements|rdf-graphs.*)?", "", "/statements",
             "/statements?context=%3C{g}%3E", "/statements?context=null", named=True),
        Kind("virtuoso", "OpenLink Virtuoso", r"/(?:sparql(?:-auth|-graph-crud(?:-auth)?)?)?",
             "/sparql", "/sparql-auth", "/sparql-graph-crud-auth?graph={g}", named=True,
             chunk=10_000, pages=True, replans=False),
        Kind("blazegraph", "Blazegraph", r"/?", "", "", "?context-uri={g}", named=True,
             media="text/turtle", pages=True,  # it takes N-Triples for ASCII
             text='IF(ISLITERAL(?o) && DATATYPE(?o) = xsd:dateTime, '
             'REPLACE(STR(?o), "[.]000Z$", "Z"), STR(?o))'),
        Kind("sparql", "a SPARQL 1.1 endpoint", r"", "", "", chunk=5_000),
    )
}  # fmt: skip


class Store:
    """A store that was recognised: asked by ``select`` and ``ask``, told by ``update``."""

    def __init__(self, kind: Kind, base: str, wire: Wire, version: str = "") -> None:
        self.kind = kind
        self.base = base
        self.wire = wire
        self.version = version

    def __str__(self) -> str:
        return f"{self.kind.label} {self.version}".strip()

    def asking(self, graphs: Sequence[str] = (), timeout: float = 0) -> Asking:
        """Return the store to ask, its default graph made of these graphs where any are named."""
        return Asking(self, graphs, timeout or self.wire.timeout)

    def update(self, text: str, *, repeat: bool = True, timeout: float = 0) -> None:
        """Run an update; raises OutsideError, with what the store says, if it does not."""
        reply = self.wire.request(
            "POST", self.base + self.kind.update, data=[(self.kind.form, text)], repeat=repeat,
            timeout=timeout, headers={"Accept": "application/sparql-results+json, */*;q=0.1"},
        )  # fmt: skip
        self.done(reply, "an update")

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a named graph; adding them twice does no harm."""
        if not self.kind.data:
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples.decode()}}} }}")
            return
        headers = {
            "Content-Type": f"{self.kind.media};charset=UTF-8" if self.kind.media != NT else NT
        }
        if self.kind.gzip:
            triples, headers["Content-Encoding"] = gzip.compress(triples, 1), "gzip"
        url = self.base + self.kind.data.format(g=quote(graph, safe=""))
        self.done(self.wire.request("POST", url, data=triples, headers=headers), "triples")

    def done(self, reply: Reply, what: str) -> None:
        """Raise OutsideError unless the store says that it took what we sent."""
        if 200 <= reply.status < 300:
            if reply.kind == "text/html" and not self.kind.pages:
                raise OutsideError(_html(self.wire.host))
            return
        said = reply.text()
        hint = {
            400: "Does the store know the route? Say which it is with --store.",
            404: "Is the URL that of the repository or dataset?",
            405: "Is the store read-only? Open it for writing.",
            413: "Allow larger requests, or take a smaller --chunk.",
            415: "Say which store it is with --store.",
            507: "The store is full. Make room.",
        }.get(reply.status, "See the store's log.")
        if "SR325" in said:  # Virtuoso's, in an answer of 500
            hint = "Raise TransactionAfterImageLimit in virtuoso.ini."
        raise OutsideError(f"{self.wire.host} refused {what} ({reply.status}): {said}. {hint}")


class Asking(RemoteStore):
    """A store's query route, over the same wire as everything else."""

    def __init__(self, store: Store, graphs: Sequence[str], timeout: float) -> None:
        super().__init__(store.base + store.kind.query, timeout)
        self._wire = store.wire
        self._graphs = graphs
        self._replans = store.kind.replans

    def select(self, text: str) -> Answer:
        """Return the rows of a SELECT query; raises OutsideError if the store cut them off."""
        answer = super().select(text)
        if self._most and len(answer) >= self._most:
            raise OutsideError(
                f"{self._wire.host} gives at most {self._most:,} rows, and cut the answer off. "
                "Raise ResultSetMaxRows in its configuration."
            )
        return answer

    _most = 0

    def _fetch(self, text: str, format_: str, types: tuple[str, ...]) -> bytes:
        accept = RESULTS if format_ == "json" else "text/turtle"
        if not self._replans:  # a plan is kept by the text, so that of an empty graph would serve
            text = f"# {uuid.uuid4().hex}\n{text}"
        form = [("query", text), *(("default-graph-uri", graph) for graph in self._graphs)]
        reply = self._wire.request(
            "POST", self.endpoint, data=form, headers={"Accept": accept}, timeout=self.timeout
        )
        if reply.status == 400:
            raise UsageError(f"{self._wire.host} refused the query: {reply.text()}")
        if reply.status >= 300:
            raise OutsideError(f"{self._wire.host} answered {reply.status}: {reply.text()}")
        if reply.kind == "text/html":
            raise OutsideError(_html(self._wire.host))
        if not any(word in reply.kind for word in types):
            raise OutsideError(f"{self.endpoint} answered with {reply.kind or 'no type'}.")
        most = reply.headers.get("x-sparql-maxrows", "")
        self._most = int(most) if most.isdigit() else 0
        return reply.body


def recognise(url: str, wire: Wire, name: str | None = None) -> Store:
    """Return the store behind a URL, by its headers and known paths, or of the kind named."""
    if name:
        if name not in KINDS:
            raise UsageError(f"no kind of store {name!r}. Choose from: {', '.join(KINDS)}.")
        return _store(KINDS[name], url, wire, "")
    url = url.rstrip("/")
    reply = _look(wire, url)
    server = reply.headers.get("server", "") if reply else ""
    if found := re.search(r"Virtuoso/(\S+)", server):
        return _store(KINDS["virtuoso"], url, wire, found[1])
    found = re.search(r"Oxigraph/(\S+)", server)
    if found or (reply and b"<title>Oxigraph" in reply.body):  # a proxy may hide the header
        return _store(KINDS["oxigraph"], url, wire, found[1] if found else "")
    if reply and ("fuseki-request-id" in reply.headers or "Fuseki" in server):
        found = re.search(r"Fuseki[^\d]*([\d.]+)", server)
        return _store(KINDS["fuseki"], url, wire, found[1] if found else "")
    if before := re.match(r"(.*)/repositories/[^/]+", url):
        protocol = _look(wire, f"{before[1]}/protocol")
        if protocol and protocol.status == 200 and protocol.body.strip().isdigit():
            return _store(KINDS["rdf4j"], url, wire, "")
    if "/namespace/" in url or urlsplit(url).path.rstrip("/").endswith(
        ("/bigdata/sparql", "/blazegraph/sparql")
    ):
        return _store(KINDS["blazegraph"], url, wire, "")
    if reply and reply.kind == "text/html" and reply.status == 200:
        raise DataError(f"{url} answered with a page for people, not as a store. {_TELL}")
    raise DataError(f"{url} is no store that we recognise. {_TELL}")


_TELL = f"Give the URL of a dataset or repository, or say --store {'|'.join(KINDS)}."


def _look(wire: Wire, url: str) -> Reply | None:
    # A question, for a bare GET of a dataset would fetch all of it.
    asked = [("query", "ASK {}")]
    reply = wire.request("GET", url, params=asked, headers={"Accept": "*/*"}, timeout=30)
    return reply if reply.status < 500 else None


def _store(kind: Kind, url: str, wire: Wire, version: str) -> Store:
    base = re.sub(rf"{kind.ending}\Z", "", url.partition("?")[0]) if kind.ending else url
    return Store(kind, base, wire, version)


def _html(host: str) -> str:
    return (
        f"{host} answered with a page for people where a store says something else. Is a proxy or "
        "a login page in between? Nothing was loaded."
    )
