"""The wire to a triple store: real local servers that drip, ask for patience, or for a digest."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spacerace_kg import patience
from spacerace_kg.errors import OutsideError
from spacerace_kg.importer.wire import PASSWORD, USER, Wire

Behave = Callable[["Handler", int], None]
DIGEST = 'Digest realm="store", nonce="once", qop="auth", algorithm=MD5'


class Handler(BaseHTTPRequestHandler):
    """Answers as ``behave`` does, which is told how many requests there were."""

    behave: Behave
    asked: list[str]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append(self.headers.get("Authorization", ""))
        type(self).behave(self, len(self.asked))

    def say(self, status: int, **headers: str) -> None:
        """Answer with a word."""
        self.send_response(status)
        for name, value in {**headers, "Content_Length": "4"}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(b"told")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Lets go of clients that went away."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing of them."""


@contextmanager
def served(behave: Behave) -> Iterator[tuple[str, list[str]]]:
    """Run a server; yields its URL, and the credentials of each request so far."""
    asked: list[str] = []
    handler = type("Here", (Handler,), {"behave": staticmethod(behave), "asked": asked})
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


def failure(url: str, seconds: float) -> str:
    """Return what is said when a request fails, in time."""
    start = time.monotonic()
    with pytest.raises(OutsideError) as caught:
        Wire(url).request("POST", url, data=b"x", timeout=seconds)
    assert time.monotonic() - start < seconds + 2
    return str(caught.value).replace(url.removeprefix("http://").rstrip("/"), "HOST")


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make waits instant, and give those that were made."""
    made: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", made.append)
    return made


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Drip: ", b"HTTP/1.1 200 OK\r\n\r\n", b""])
def test_a_server_that_drips_is_left_at_the_deadline(head: bytes) -> None:
    """A byte now and then, in a header, body or status: each sets a socket's clock anew."""
    done = threading.Event()

    def drip(handler: Handler, _: int) -> None:
        handler.close_connection = True
        handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        handler.wfile.write(head)
        while not done.wait(0.05):
            handler.wfile.write(b"H")

    with served(drip) as (url, _):
        said = failure(url, 0.6)
        done.set()
    assert said == "HOST did not answer within 1 s. Raise --timeout, or try later."


def test_it_waits_as_long_as_it_is_asked_to(naps: list[float]) -> None:
    """In seconds, or until a moment; a thing that only looks like a digit is no number."""
    moment = formatdate(time.time() + 9, usegmt=True)
    for said, least, most in (("7", 7, 7), (moment, 7, 9), ("²", 0.5, 1.5)):
        with served(
            lambda handler, n, said=said: handler.say(503 if n == 1 else 200, Retry_After=said)
        ) as (url, asked):
            assert Wire(url).request("POST", url, data=b"x").body == b"told"
            assert len(asked) == 2
        assert least <= naps.pop() <= most
        assert naps == []


def test_a_wait_beyond_the_deadline_is_told_and_not_made(naps: list[float]) -> None:
    """With the seconds only where the server named them."""
    for said, told in (("600", " and asks to wait 600 s"), ("soon", "")):
        with served(lambda handler, _, said=said: handler.say(503, Retry_After=said)) as (url, _):
            assert failure(url, 5) == (
                f"HOST is busy (503){told}. Try later: what was done so far is kept."
            )
        naps.clear()


def test_a_digest_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for every chunk, which would travel twice."""
    monkeypatch.setenv(USER, "curator")
    monkeypatch.setenv(PASSWORD, "korolev-1957")

    def behave(handler: Handler, _: int) -> None:
        if handler.headers.get("Authorization", "").startswith("Digest "):
            handler.say(200)
        else:
            handler.say(401, WWW_Authenticate=DIGEST)

    with served(behave) as (url, asked):
        wire = Wire(url)
        assert [wire.request("POST", url, data=b"x").status for _ in range(3)] == [200] * 3
        counts = [part for text in asked for part in text.split(", ") if part.startswith("nc=")]
    assert (len([text for text in asked if not text]), counts) == (
        2, ["nc=00000001", "nc=00000002", "nc=00000003"],
    )  # fmt: skip
