"""The manners of both ways to Wikidata: few requests at once, none twice, none in vain."""

from __future__ import annotations

import contextlib
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from typing import TypeVar

from spacerace_kg.errors import OutsideError
from spacerace_kg.patience import Circuit
from spacerace_kg.wikidata.cache import Cache

T = TypeVar("T")
PARALLEL = 2


class Manners:
    """One host: its cache, its circuit, and a cap on the requests that are under way."""

    def __init__(self, host: str, cache: Cache | None, timeout: float) -> None:
        self.host = host
        self._cache = cache
        self._timeout = timeout
        self._circuit = Circuit(host)
        self._gate = threading.BoundedSemaphore(PARALLEL)

    def answer(
        self, key: tuple[str, ...], fetch: Callable[[], bytes], read: Callable[[bytes], T]
    ) -> T:
        """Return what ``read`` makes of the body that was kept today, or that ``fetch`` fetches.

        Both raise OutsideError where the host is at fault; only what can be read is kept.
        """
        kept = self._cache.get(*key) if self._cache else None
        if kept is not None:
            with contextlib.suppress(OutsideError):
                return read(kept)
        if not self._gate.acquire(timeout=self._timeout):
            raise OutsideError(f"{self.host} keeps earlier requests waiting. Try later.")
        try:
            self._circuit.check()
            body = fetch()
            result = read(body)
        except OutsideError:
            self._circuit.tell(False)
            raise
        finally:
            self._gate.release()
        self._circuit.tell(True)
        if self._cache:
            self._cache.keep(body, *key)
        return result


class Unpacked:
    """A response whose gzip is undone piece by piece: no small body becomes a huge one unseen.

    A packed body can go on for ever without a byte of content, so that it has the deadline too.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        headers: Mapping[str, str],
        host: str,
        deadline: float,
    ) -> None:
        self.headers = {k: v for k, v in headers.items() if k.lower() != "content-encoding"}
        self._read = read
        self._host = host
        self._deadline = deadline
        self._unpacker = zlib.decompressobj(31)

    @property
    def length(self) -> int:
        """Something other than 0 if the body ended too soon, as http.client tells it."""
        return int(not self._unpacker.eof)

    def read1(self, size: int) -> bytes:
        """Return at most so many bytes; none at the end. Raises TimeoutError at the deadline."""
        while time.monotonic() < self._deadline:
            packed = self._unpacker.unconsumed_tail or self._read(size)
            try:
                piece: bytes = self._unpacker.decompress(packed, size)
            except zlib.error:
                raise OutsideError(f"{self._host} answered with damaged gzip.") from None
            if piece or not packed or self._unpacker.eof:
                return piece
        raise TimeoutError
