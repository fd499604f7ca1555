"""Wikidata's Action API: whole items, fifty at a time, as they are at this minute.

By the rules of its operators: a user agent with a contact, POST, gzip, ``maxlag``, Retry-After
heeded, few requests at once, pauses that grow, and an end to asking where asking is in vain.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from spacerace_kg.addresses import split_url
from spacerace_kg.errors import OutsideError
from spacerace_kg.formats import parsed
from spacerace_kg.patience import TRIES, pause, received, within
from spacerace_kg.sessions import library, reason, session
from spacerace_kg.wikidata.cache import Cache
from spacerace_kg.wikidata.items import LANGUAGES, Item
from spacerace_kg.wikidata.manners import Manners, Unpacked
from spacerace_kg.wikidata.replies import read_entities

LIVE = "https://www.wikidata.org/w/api.php"
MOST_BYTES = 100_000_000
_MAXLAG = "5"  # seconds that the servers may lag behind before we wait
_PATIENCE = frozenset({429, 500, 502, 503, 504})
_BUSY = frozenset({"maxlag", "ratelimited", "readonly"})


class _Reply(NamedTuple):
    status: int
    reason: str
    kind: str
    retry_after: str
    there: str
    body: bytes


class Service:
    """The Action API of Wikidata or of another Wikibase; ``timeout`` is for one request in all."""

    batch = 50

    def __init__(
        self, endpoint: str, user_agent: str, cache: Cache | None = None, timeout: float = 120
    ) -> None:
        self._requests = library("wikidata")
        self.host = split_url(endpoint, "API").netloc
        self.endpoint = endpoint
        self.timeout = timeout
        self._manners = Manners(self.host, cache, timeout)
        self._session = session(endpoint, user_agent)
        self._session.headers["Accept-Encoding"] = "gzip"

    def items(self, qids: Sequence[str], properties: Sequence[str] | None) -> dict[str, Item]:
        """Return items by QID, at most fifty, and those that they have been merged into.

        They hold the statements of these properties, of all for None; with none named, labels
        alone. Raises OutsideError if the service fails.
        """
        claims = properties is None or bool(properties)
        form = {
            "action": "wbgetentities",
            "format": "json",
            "formatversion": "2",
            "ids": "|".join(qids),
            "languages": "|".join(LANGUAGES),
            "maxlag": _MAXLAG,
            "props": "info|labels|aliases|claims" if claims else "info|labels",
            "redirects": "yes",
        }

        def read(body: bytes) -> dict[str, Item]:
            try:
                return read_entities(self._parsed(body)["entities"], qids, properties)
            except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
                raise OutsideError(
                    f"{self.host} answered with what is no item ({str(error)[:100]})."
                ) from None

        key = (self.endpoint, json.dumps(form, sort_keys=True))
        return self._manners.answer(key, lambda: self._fetch(form), read)

    def _fetch(self, form: dict[str, str]) -> bytes:
        """Return the body of a good answer, trying again as often as is polite."""
        deadline = time.monotonic() + self.timeout
        for attempt in range(1, TRIES + 1):
            said = ""
            try:
                reply = within(deadline, lambda: self._post(form, deadline))
            except (TimeoutError, self._requests.Timeout):
                raise OutsideError(
                    f"{self.host} took longer than {self.timeout:g} s. Try later, or allow more."
                ) from None
            except (self._requests.RequestException, OSError) as error:
                trouble = f"cannot be reached, or cut us off ({reason(error)})"
            else:
                busy = self._busy(reply)
                if not busy:
                    return reply.body
                trouble, said = f"is busy ({busy})", reply.retry_after
            wait, asked = pause(said, attempt)
            if attempt == TRIES or time.monotonic() + wait > deadline:
                asks = f" and asks to wait {wait:.0f} s" if asked else ""
                raise OutsideError(f"{self.host} {trouble}{asks}. Try later.")
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _busy(self, reply: _Reply) -> str:
        """Return why we should wait, or nothing; raises OutsideError for an answer that is none."""
        # Some of Wikimedia's services say 405 where they mean 429.
        if reply.status in _PATIENCE or (reply.status == 405 and reply.retry_after):
            return str(reply.status)
        if 300 <= reply.status < 400:
            raise OutsideError(f"{self.host} sends on to {reply.there}. Name that one yourself.")
        if reply.status != 200:
            raise OutsideError(f"{self.host} answered {reply.status} {reply.reason}.")
        if "json" not in reply.kind:
            raise OutsideError(
                f"{self.host} answered with {reply.kind or 'no type'}, not JSON. Is it an api.php?"
            )
        error = self._parsed(reply.body).get("error")
        if error is None:
            return ""
        code = str(error.get("code", "")) if isinstance(error, dict) else ""
        if code in _BUSY:
            return code
        told = str(error.get("info", error) if isinstance(error, dict) else error)
        raise OutsideError(f"{self.host} refused: {code} {' '.join(told.split())[:200]}".rstrip())

    def _parsed(self, body: bytes) -> dict[str, Any]:
        return parsed(body, self.host)

    def _post(self, form: dict[str, str], deadline: float) -> _Reply:
        left = max(0.1, deadline - time.monotonic())
        with self._session.post(
            self.endpoint, data=form, timeout=left, allow_redirects=False, stream=True
        ) as response:
            headers = response.headers
            return _Reply(
                response.status_code,
                response.reason or "",
                headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                headers.get("Retry-After", ""),
                headers.get("Location", "another address")[:200],
                self._body(response, deadline),
            )

    def _body(self, response: Any, deadline: float) -> bytes:
        """Return the body, its gzip undone; raises OutsideError if it is too long or cut off."""
        from urllib3.exceptions import HTTPError

        # `read` waits until it has as much as was asked for, `read1` of urllib3 2 for a first byte.
        some = getattr(response.raw, "read1", response.raw.read)

        def read(size: int) -> bytes:
            try:
                piece: bytes = some(size, decode_content=False)
            except HTTPError as error:
                raise self._requests.ConnectionError(error) from None
            return piece

        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip"):
            raise OutsideError(f"{self.host} answered in {coding}, which nobody asked for.")
        headers = response.headers
        packed = Unpacked(read, headers, self.host, deadline) if coding == "gzip" else None
        content = received(packed.read1 if packed else read, MOST_BYTES, deadline)
        if len(content) > MOST_BYTES:
            raise OutsideError(f"{self.host} sent more than {MOST_BYTES:,} bytes.")
        if packed and packed.length:
            raise OutsideError(f"{self.host} broke off in the middle of its answer. Try again.")
        return content
