"""A SPARQL endpoint with Wikidata's statements: its query service, a mirror, a local copy.

The client is the one of the package; this adds what Wikidata asks for: a contact, gzip, patience
with a 405 that means 429, a cap on parallel requests, answers kept for the day, an end to asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from SPARQLWrapper import JSON

from spacerace_kg.answers import Answer
from spacerace_kg.client import RefusedError, RemoteStore, Wrapper
from spacerace_kg.errors import OutsideError
from spacerace_kg.formats import parsed
from spacerace_kg.wikidata import model
from spacerace_kg.wikidata.cache import Cache
from spacerace_kg.wikidata.items import Item
from spacerace_kg.wikidata.manners import Manners, Unpacked

LIVE = "https://query.wikidata.org/sparql"


class Endpoint(RemoteStore):
    """A SPARQL endpoint to ask politely; ``timeout`` is for one request in all."""

    batch = 20

    def __init__(
        self, endpoint: str, user_agent: str, cache: Cache | None = None, timeout: float = 120
    ) -> None:
        super().__init__(endpoint, timeout, user_agent)
        self._host = urlsplit(endpoint).netloc
        self._manners = Manners(self._host, cache, timeout)

    def items(self, qids: Sequence[str], properties: Sequence[str] | None) -> dict[str, Item]:
        """Return items by QID, with the statements of these properties, of all for None.

        Raises OutsideError if the endpoint fails or does not hold Wikidata's statement model.
        """
        asked = model.queries(qids, properties)
        rows = {name: self.select(text).terms for name, text in asked.items()}
        try:
            return model.read_rows(qids, rows)
        except (ValueError, LookupError, ArithmeticError) as error:
            raise OutsideError(
                f"{self.endpoint} does not keep to Wikidata's statement model: {str(error)[:150]}."
            ) from None

    def select(self, text: str) -> Answer:
        """Return the rows of a SELECT query; today's, if it was asked today."""

        def read(body: bytes) -> Answer:
            try:
                return Answer.from_json(parsed(body, self.endpoint))
            except (KeyError, TypeError, AttributeError):
                raise OutsideError(
                    f"{self.endpoint} answered with JSON that is no result."
                ) from None

        return self._manners.answer(
            (self.endpoint, text), lambda: self._fetch(text, JSON, ("json",)), read
        )

    def _wrapper(self, text: str) -> Wrapper:
        wrapper = super()._wrapper(text)
        wrapper.addCustomHttpHeader("Accept-Encoding", "gzip")
        return wrapper

    def _post(self, *arguments: Any) -> bytes:
        try:
            return super()._post(*arguments)
        except RefusedError as refused:
            if refused.status == 405 and refused.headers.get("Retry-After"):
                refused.status = 429
            raise

    def _body(self, response: Any, types: tuple[str, ...], deadline: float) -> bytes:
        if response.headers.get("Content-Encoding", "").strip().lower() == "gzip":
            response = Unpacked(response.read1, response.headers, self._host, deadline)
        return super()._body(response, types, deadline)
