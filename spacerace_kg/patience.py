"""Waiting with manners: a name, deadlines that hold, pauses, and knowing when to stop."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TypeVar

from spacerace_kg import __version__
from spacerace_kg.errors import OutsideError, UsageError

T = TypeVar("T")
USER_AGENT = f"spacerace-kg/{__version__} (+https://w3id.org/spacerace)"
TRIES = 4
MOST_SECONDS = 1_000_000  # of a time limit
FAILURES = 3


def limit(seconds: object) -> float:
    """Return a time limit in seconds; raises UsageError for what is none."""
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not 0 < float(min(seconds, 2 * MOST_SECONDS)) <= MOST_SECONDS:  # type: ignore[call-overload]
        raise UsageError(
            f"{seconds!r:.60} is no timeout. Give seconds above 0, {MOST_SECONDS} at most."
        )
    return float(seconds)  # type: ignore[arg-type]


def within(deadline: float, call: Callable[[], T]) -> T:
    """Return a call's result; TimeoutError at the deadline, whatever the call is waiting for.

    A socket's own timeout counts anew with every byte, and a name server knows none. The call may
    live on in a thread that holds up nobody.
    """
    done: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:  # handed on to the thread that waits
            done.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        result, error = done.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # the call's own result, which may well be None


def received(read: Callable[[int], bytes], most: int, deadline: float) -> bytes:
    """Return all that a server sends, or its beginning and a little more than so many bytes.

    ``read`` returns what is there, and nothing at the end. Raises TimeoutError at the deadline, so
    that no thread hangs on to a server that sends a byte now and then for ever.
    """
    pieces, size = [], 0
    while size <= most and (piece := read(65536)):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(pieces)


def pause(said: str, attempt: int) -> tuple[float, bool]:
    """Return the seconds to wait, and if Retry-After asked; else they grow with some chance."""
    if said.isascii() and said.isdecimal():
        return float(said), True
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time()), True
    except (TypeError, ValueError, OverflowError):
        return float(2 ** (attempt - 1)) * (0.5 + random.random()), False  # noqa: S311


class Circuit:
    """Stops asking a host that has failed several times in a row, and says so."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._failed = 0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raise OutsideError if the circuit is open."""
        if self._failed >= FAILURES:
            raise OutsideError(
                f"{self.host} has failed {self._failed} times in a row and is asked no more. "
                "Try later: what was fetched is kept."
            )

    def tell(self, good: bool) -> None:
        """Note how a request ended; one that ends well closes the circuit."""
        with self._lock:
            self._failed = 0 if good else self._failed + 1
