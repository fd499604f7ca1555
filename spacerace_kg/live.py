"""A live view: an rdflib graph whose triples stay at an endpoint, with the client's manners."""

from __future__ import annotations

import io
from collections.abc import Callable

from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result


class LiveStore(SPARQLStore):
    """rdflib's read-only store of an endpoint, with its requests made by a call of ours.

    The call gets a query's text and returns the body of the answer: W3C JSON, or Turtle for
    CONSTRUCT and DESCRIBE. rdflib's own requests have no deadline and no bound.
    """

    def __init__(self, endpoint: str, fetch: Callable[[str], tuple[bytes, str]]) -> None:
        super().__init__(endpoint)
        self._fetch = fetch

    def _query(self, query: str, default_graph: str | None = None) -> Result:
        body, format_ = self._fetch(query)
        return Result.parse(io.BytesIO(body), format=format_)
