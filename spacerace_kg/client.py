"""A remote endpoint: SPARQL 1.1 Protocol through SPARQLWrapper, with the manners it lacks.

Every call has a deadline and a user agent, goes by POST, is tried again a few times when the server
asks for patience (429, 502, 503, Retry-After), follows no redirect, and takes an answer only as
large and typed as expected.
"""

from __future__ import annotations

import math
import re
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from spacerace_kg.addresses import split_url
from spacerace_kg.answers import Answer
from spacerace_kg.errors import OutsideError, UsageError
from spacerace_kg.patience import TRIES, USER_AGENT, limit, pause, received, within
from spacerace_kg.sessions import opener

if TYPE_CHECKING:
    import rdflib

MOST_BYTES = 200_000_000
MOST_TRIPLES = 2_000_000  # each is a kilobyte to rdflib
_PATIENCE = frozenset({429, 502, 503})
_HINTS = {
    401: " It asks for a login, and none is ever sent.",
    403: " It refuses to be asked from here.",
    404: " Is it the query endpoint?",
    405: " It takes no query by POST. Is it the query endpoint?",
}
_GAP = r"(?:\s|\#[^\r\n]*[\r\n])"
# A SELECT of plain variables: an answer with other columns is not one to it.
_PLAIN_COLUMNS = re.compile(
    rf"(?:{_GAP}+(?:DISTINCT|REDUCED)\b)?((?:{_GAP}*+[?$]\w++)+){_GAP}*+(?:WHERE\b|FROM\b|\{{)",
    re.IGNORECASE,
).match
_QUERY_FORM = re.compile(
    rf"(?:{_GAP}|(?:BASE|PREFIX{_GAP}+[^\s:<>]*:){_GAP}*<[^<>]*>)*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE,
).match


class RemoteStore:
    """A SPARQL 1.1 endpoint; ``timeout`` is the seconds allowed for one request in all."""

    remote = True

    def __init__(self, endpoint: str, timeout: float = 60, user_agent: str = USER_AGENT) -> None:
        split_url(endpoint, "endpoint")
        self.endpoint = endpoint
        self.timeout = limit(timeout)
        self.user_agent = user_agent

    def select(self, text: str) -> Answer:
        """Return the rows of a SELECT query."""
        answer = self._answer(self._json(text))
        asked = _columns(text)
        if asked and asked != answer.columns:
            raise OutsideError(f"{self.endpoint} answered with other columns than were asked for.")
        return answer

    def ask(self, text: str) -> bool:
        """Return the truth of an ASK query."""
        value = _truth(self._json(text))
        if value is None:
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

        turtle = self._fetch(text, TURTLE, ("turtle", "n-triples"))
        graph = rdflib.Graph()
        try:
            for number, q in enumerate(ox.parse(turtle, format=ox.RdfFormat.TURTLE)):
                if number >= MOST_TRIPLES:
                    raise OutsideError(
                        f"{self.endpoint} sent more than {MOST_TRIPLES:,} triples. Ask for less."
                    )
                graph.add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
        except (SyntaxError, UsageError):
            raise OutsideError(f"{self.endpoint} answered with damaged Turtle.") from None
        return graph

    def graph(self) -> rdflib.Graph:
        """Return a read-only rdflib.Graph that fetches its triples from the endpoint."""
        import rdflib

        from spacerace_kg.formats import parsed
        from spacerace_kg.live import LiveStore

        def fetch(text: str) -> tuple[bytes, str]:
            if self._wrapper(text).queryType in ("SELECT", "ASK"):
                body = self._fetch(text, JSON, ("json",))
                found = parsed(body, self.endpoint)
                if _truth(found) is None:
                    self._answer(found)  # raises what rdflib would end in a KeyError over
                return body, "json"
            return self._fetch(text, TURTLE, ("turtle", "n-triples")), "turtle"

        return rdflib.Graph(LiveStore(self.endpoint, fetch))

    def _json(self, text: str) -> dict[str, Any]:
        from spacerace_kg.formats import parsed

        return parsed(self._fetch(text, JSON, ("json",)), self.endpoint)

    def _answer(self, found: dict[str, Any]) -> Answer:
        try:
            return Answer.from_json(found)
        except (KeyError, TypeError, AttributeError):
            raise OutsideError(f"{self.endpoint} answered with JSON that is no result.") from None

    def _wrapper(self, text: str) -> Wrapper:
        wrapper = Wrapper(self.endpoint, agent=self.user_agent)
        wrapper.setQuery(text)
        wrapper.setMethod(POST)
        return wrapper

    def _fetch(self, text: str, format_: str, types: tuple[str, ...]) -> bytes:
        """Return the body of an answer, trying again as often as is polite."""
        deadline = time.monotonic() + self.timeout
        for attempt in range(1, TRIES + 1):
            try:
                return within(deadline, lambda: self._post(text, format_, types, deadline))
            except RefusedError as refused:
                wait, asked = pause(refused.headers.get("Retry-After", ""), attempt)
                if refused.status not in _PATIENCE:
                    raise self._refusal(refused) from None
                if attempt == TRIES or time.monotonic() + wait > deadline:
                    asks = f" and asks to wait {wait:.0f} s" if asked else ""
                    raise OutsideError(
                        f"{self.endpoint} is busy ({refused.status}){asks}. Try later."
                    ) from None
                time.sleep(wait)
            except TimeoutError:
                raise OutsideError(
                    f"{self.endpoint} took longer than {self.timeout:g} s. "
                    "Narrow the query, or allow more time."
                ) from None
            except (OSError, HTTPException, ValueError) as error:
                reason = " ".join(str(getattr(error, "reason", None) or error).split())
                raise OutsideError(f"{self.endpoint} cannot be reached: {reason}.") from None
        raise AssertionError("the last attempt returns or raises")

    def _post(self, text: str, format_: str, types: tuple[str, ...], deadline: float) -> bytes:
        """Send the query once and return the body of the answer."""
        wrapper = self._wrapper(text)
        wrapper.setReturnFormat(format_)
        wrapper.deadline = deadline
        try:
            response = wrapper.query().response
        except urllib.error.HTTPError as error:
            page: Any = error.fp
            with error:
                raise RefusedError(error, received(page.read1, 2000, deadline)) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise error.reason from None
            raise
        with response:
            return self._body(response, types, deadline)

    def _body(self, response: Any, types: tuple[str, ...], deadline: float) -> bytes:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not any(word in kind for word in types):
            raise OutsideError(
                f"{self.endpoint} answered with {kind or 'no type'}, not a SPARQL result. "
                "Is it the query endpoint?"
            )
        coding = response.headers.get("Content-Encoding", "identity")
        if coding != "identity":
            raise OutsideError(f"{self.endpoint} answered in {coding}, which nobody asked for.")
        content = received(response.read1, MOST_BYTES, deadline)
        if len(content) > MOST_BYTES:
            raise OutsideError(
                f"{self.endpoint} sent more than {MOST_BYTES:,} bytes. Narrow the query."
            )
        if response.length:  # `read1` says nothing of an end that comes too soon
            raise OutsideError(f"{self.endpoint} broke off in the middle of its answer. Try again.")
        return content

    def _refusal(self, refused: RefusedError) -> UsageError | OutsideError:
        if refused.status == 400:
            return UsageError(f"{self.endpoint} refused the query: {refused.reason}")
        if 300 <= refused.status < 400:
            there = refused.headers.get("Location", "another address")
            return OutsideError(f"{self.endpoint} sends on to {there}. Name that one yourself.")
        hint = _HINTS.get(refused.status) or (f" {refused.reason}" if refused.reason else "")
        return OutsideError(f"{self.endpoint} answered {refused.status} {refused.phrase}.{hint}")


def _columns(text: str) -> list[str]:
    """Return the columns that a SELECT of plain variables has; none for any other query."""
    form = _QUERY_FORM(text)
    found = _PLAIN_COLUMNS(text, form.end()) if form else None
    return list(dict.fromkeys(re.findall(r"[?$](\w+)", found[1]))) if found else []


def _truth(found: dict[str, Any]) -> bool | None:
    """Return what an ASK was answered with, also by Virtuoso: within ``results``, or as rows."""
    inner = found.get("results")
    value = found.get("boolean", inner.get("boolean") if isinstance(inner, dict) else None)
    if isinstance(value, bool):
        return value
    try:
        if found["head"]["vars"] != ["__ASK_RETVAL"]:
            return None
        return [row["__ASK_RETVAL"]["value"] for row in found["results"]["bindings"]] == ["1"]
    except (KeyError, TypeError):
        return None


class RefusedError(Exception):
    """An answer with a status other than 2xx, and the text that explains it."""

    def __init__(self, error: urllib.error.HTTPError, page: bytes) -> None:
        self.status = error.code
        self.phrase = error.reason
        self.headers = error.headers
        plain = "html" not in error.headers.get("Content-Type", "")
        self.reason = " ".join(page.decode("utf-8", "replace").split())[:300] if plain else ""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: a query is not for another host, and urllib would drop its text."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = opener(_Stay)


class Wrapper(SPARQLWrapper):
    """SPARQLWrapper without its redirects, unbounded error bodies and guesses at comments."""

    deadline = math.inf

    def _query(self) -> tuple[Any, str]:
        seconds = max(0.01, self.deadline - time.monotonic())
        return _OPENER.open(self._createRequest(), timeout=seconds), self.returnFormat

    def _parseQueryType(self, query: str) -> str:  # noqa: N802
        found = _QUERY_FORM(query)
        if not found:
            raise UsageError("This is no SPARQL query: no SELECT, ASK, CONSTRUCT or DESCRIBE.")
        return found[1].upper()
