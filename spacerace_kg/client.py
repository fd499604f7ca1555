"""A remote endpoint: SPARQL 1.1 Protocol through SPARQLWrapper, with the manners it lacks.

Every call has a deadline and a user agent, goes by POST, is tried again a few times when the server
asks for patience (429, 503, Retry-After), and takes an answer only as large and typed as expected.
"""

from __future__ import annotations

import json
import random
import time
import urllib.error
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from spacerace_kg import __version__
from spacerace_kg.answers import Answer, Term
from spacerace_kg.errors import OutsideError, UsageError

if TYPE_CHECKING:
    import rdflib

USER_AGENT = f"spacerace-kg/{__version__} (+https://w3id.org/spacerace)"
MOST_BYTES = 200_000_000
_PATIENCE = frozenset({405, 429, 503})
_TRIES = 4


class RemoteStore:
    """A SPARQL 1.1 endpoint; ``timeout`` is the seconds allowed for one request in all."""

    def __init__(self, endpoint: str, timeout: float = 60, user_agent: str = USER_AGENT) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{endpoint!r} is no endpoint. Write http://… or https://…")
        if parts.username or parts.password:
            raise UsageError("The endpoint's URL holds credentials. Write it without them.")
        self.endpoint = endpoint
        self.timeout = timeout
        self.user_agent = user_agent

    def select(self, text: str) -> Answer:
        """Return the rows of a SELECT query."""
        found = self._json(text)
        try:
            columns = [str(name) for name in found["head"]["vars"]]
            rows = found["results"]["bindings"]
            return Answer(columns, [tuple(_term(row.get(c)) for c in columns) for row in rows])
        except (KeyError, TypeError, AttributeError):
            raise OutsideError(f"{self.endpoint} answered with JSON that is no result.") from None

    def ask(self, text: str) -> bool:
        """Return the truth of an ASK query; Virtuoso's result without ``boolean`` is understood."""
        found = self._json(text)
        value = found.get("boolean", found.get("results", {}).get("boolean"))
        if not isinstance(value, bool):
            raise OutsideError(f"{self.endpoint} answered an ASK without true or false.")
        return value

    def sparql(self, text: str) -> Answer | bool | rdflib.Graph:
        """Run any query: rows for SELECT, a bool for ASK, an rdflib.Graph for the others."""
        kind = self._wrapper(text).queryType
        if kind == "SELECT":
            return self.select(text)
        if kind == "ASK":
            return self.ask(text)
        import pyoxigraph as ox
        import rdflib

        from spacerace_kg.store import to_rdflib

        body, _ = self._fetch(text, TURTLE, ("turtle", "n-triples"))
        graph = rdflib.Graph()
        for q in ox.parse(body, format=ox.RdfFormat.TURTLE):
            graph.add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
        return graph

    def graph(self) -> rdflib.Graph:
        """Return a read-only rdflib.Graph that fetches its triples from the endpoint."""
        import rdflib
        from rdflib.plugins.stores.sparqlstore import SPARQLStore

        return rdflib.Graph(SPARQLStore(self.endpoint, headers={"User-Agent": self.user_agent}))

    def _json(self, text: str) -> dict[str, Any]:
        body, _ = self._fetch(text, JSON, ("json",))
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise OutsideError(f"{self.endpoint} answered with damaged JSON.") from None
        if not isinstance(found, dict):
            raise OutsideError(f"{self.endpoint} answered with JSON that is no result.")
        return found

    def _wrapper(self, text: str) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self.endpoint, agent=self.user_agent)
        wrapper.setQuery(text)
        wrapper.setMethod(POST)
        wrapper.setTimeout(max(1, round(self.timeout)))
        return wrapper

    def _fetch(self, text: str, format_: str, types: tuple[str, ...]) -> tuple[bytes, str]:
        """Return the body and content type of an answer, trying again as often as is polite."""
        deadline = time.monotonic() + self.timeout
        for attempt in range(_TRIES):
            wrapper = self._wrapper(text)
            wrapper.setReturnFormat(format_)
            try:
                response = wrapper.query().response
                return self._body(response, types, deadline)
            except QueryBadFormed as error:
                reason = " ".join(str(error).split())[-300:]
                raise UsageError(f"{self.endpoint} refused the query: {reason}") from None
            except urllib.error.HTTPError as error:
                wait = _wait(error, attempt)
                if error.code not in _PATIENCE:
                    raise OutsideError(
                        f"{self.endpoint} answered {error.code} {error.reason}."
                    ) from None
                if attempt + 1 == _TRIES or time.monotonic() + wait > deadline:
                    raise OutsideError(
                        f"{self.endpoint} is busy ({error.code}) and asks to wait {wait:.0f} s. "
                        "Try later."
                    ) from None
                time.sleep(wait)
            except SPARQLWrapperException as error:
                reason = " ".join(str(error).split())[:300]
                raise OutsideError(f"{self.endpoint} failed: {reason}") from None
            except (OSError, ValueError) as error:
                raise OutsideError(f"{self.endpoint} cannot be reached: {error}") from None
        raise AssertionError("the last attempt returns or raises")

    def _body(self, response: Any, types: tuple[str, ...], deadline: float) -> tuple[bytes, str]:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if urlsplit(response.geturl()).hostname != urlsplit(self.endpoint).hostname:
            raise OutsideError(
                f"{self.endpoint} sent us on to another host. Name that one yourself."
            )
        if not any(word in kind for word in types):
            raise OutsideError(
                f"{self.endpoint} answered with {kind or 'no type'}, not a SPARQL result. "
                "Is it the query endpoint?"
            )
        pieces, size = [], 0
        while (
            piece := response.read1(65536) if hasattr(response, "read1") else response.read(65536)
        ):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise OutsideError(f"{self.endpoint} sent more than {MOST_BYTES:,} bytes.")
            if time.monotonic() > deadline:
                raise OutsideError(f"{self.endpoint} took longer than {self.timeout:.0f} s.")
        return b"".join(pieces), kind


def _wait(error: urllib.error.HTTPError, attempt: int) -> float:
    """Return the seconds to wait: what Retry-After says, else growing with some chance in it."""
    said = error.headers.get("Retry-After", "") if error.headers else ""
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return float(2**attempt) * (0.5 + random.random())  # noqa: S311


def _term(binding: Any) -> Term | None:
    if binding is None:
        return None
    kind = binding["type"]
    if kind == "uri":
        return Term("iri", binding["value"])
    if kind == "bnode":
        return Term("bnode", binding["value"])
    language = binding.get("xml:lang", "")
    datatype = binding.get("datatype", "http://www.w3.org/2001/XMLSchema#string")
    return Term("literal", binding["value"], "" if language else datatype, language)
