"""A server for the tests of our clients: it behaves as a test says, and remembers what came."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        """The fields of the form that is its body."""
        return {name: values[-1] for name, values in parse_qs(self.body).items()}


class Handler(BaseHTTPRequestHandler):
    """Answers every request with what ``behave`` does, which is told how many there were."""

    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.asked = Asked(self.command, self.path, dict(self.headers.items()), body)
        self.server.asked.append(self.asked)
        self.server.behave(self, len(self.server.asked))

    do_GET = do_POST  # noqa: N815

    def say(
        self, status: int, content: object, type_: str = "application/json", **headers: str
    ) -> None:
        """Send an answer, what is not bytes as JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        usual = {"Content_Type": type_, "Content_Length": str(len(body))}
        for name, value in {**usual, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, start: bytes, more: bytes) -> None:
        """Send a byte now and then, for ever: until the client goes away, or the test is over."""
        try:
            self.wfile.write(start)
            for byte in itertools.cycle(more):
                self.wfile.write(bytes([byte]))
                if self.server.over.wait(0.02):
                    return
        except OSError:
            self.server.left.set()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


Behave = Callable[[Handler, int], object]


class Server(ThreadingHTTPServer):
    """``over`` is set when the test is over, ``left`` when a client goes away from a drip."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, behave: Behave, path: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.host}{path}"
        self.behave = behave
        self.asked: list[Asked] = []
        self.over, self.left = threading.Event(), threading.Event()

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that went away."""


@contextmanager
def answering(behave: Behave, path: str = "/") -> Iterator[Server]:
    """Run a server; ``path`` is that of its URL."""
    with Server(behave, path) as made:
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield made
        finally:
            made.over.set()
            made.shutdown()
