"""What goes wrong on the way to a store: nothing is lost, nothing half there, and a way out."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import servers
from harness import connected, skip, small, started

from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.counting import counts
from spacerace_kg.importer.load import load as load_and_ask
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.staging import STAGING
from spacerace_kg.importer.stores import Store, recognise
from spacerace_kg.importer.wire import PASSWORD, USER, Wire

# Most faults have nothing to do with the questions, which take their time.
load = partial(load_and_ask, check="counts")
Meddle = Callable[["Between", bytes], bool]


class Between(BaseHTTPRequestHandler):
    """A proxy before a real store: ``meddle`` may answer in its place, and then returns True."""

    behind = ""
    meddle: Meddle
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if type(self).meddle(self, body):
            return
        kept = ("content-type", "content-encoding", "accept", "authorization")
        headers = {k: v for k, v in self.headers.items() if k.lower() in kept}
        asked = urllib.request.Request(
            self.behind + self.path, data=body if self.command == "POST" else None,
            headers=headers, method=self.command,
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=60) as reply:
                self.answer(reply.status, reply.read(), dict(reply.headers))
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.read(), dict(error.headers))

    do_GET = do_POST = _pass  # noqa: N815

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send an answer."""
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """Cut the connection without a word."""
        self.close_connection = True
        self.connection.shutdown(2)

    @property
    def is_chunk(self) -> bool:
        """Whether triples are sent."""
        return self.command == "POST" and "/store" in self.path

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def between(behind: str, meddle: Meddle, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a proxy before a store; yields its URL."""
    handler = type("Here", (Between,), {"behind": behind, "meddle": staticmethod(meddle)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[servers.Running]:
    """Return a running Oxigraph server."""
    home = tmp_path / "server"
    home.mkdir()
    with started("oxigraph", home) as running:
        yield running


def held(url: str) -> dict[str, int]:
    """Return the triples in the default graph, and those staged."""
    store = recognise(url, Wire(url))
    text = (
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )
    return {
        "graph": counts(store.asking().select)["triples"][""],
        "staged": int(str(store.asking().select(text).rows[0][0])),
    }


def test_a_store_that_asks_for_patience_gets_it(oxigraph: servers.Running, graph: Meant) -> None:
    """503 with Retry-After, once for every chunk, and a slow answer."""
    seen: set[bytes] = set()

    def meddle(here: Between, body: bytes) -> bool:
        if here.is_chunk and body not in seen:
            seen.add(body)
            time.sleep(0.05)
            here.answer(503, b"later", {"Retry-After": "0"})
            return True
        return False

    with between(oxigraph.url, meddle) as url:
        assert load(graph, recognise(url, Wire(url)), chunk=1000).changed
    assert held(oxigraph.url) == {"graph": graph.counts()["triples"][""], "staged": 0}


def deliver_unheard(oxigraph: servers.Running, here: Between, body: bytes) -> None:
    """Hand a request on, and cut the line before the answer is heard."""
    request = urllib.request.Request(
        oxigraph.url + here.path, data=body, method="POST",
        headers={"Content-Type": here.headers["Content-Type"]},
    )  # fmt: skip
    urllib.request.urlopen(request, timeout=30).close()
    here.cut()


def test_a_connection_cut_now_and_then_does_no_harm(
    oxigraph: servers.Running, graph: Meant
) -> None:
    """The chunk arrived, the answer did not: sending it twice changes nothing."""
    seen: set[bytes] = set()

    def meddle(here: Between, body: bytes) -> bool:
        if here.is_chunk and body not in seen:
            seen.add(body)
            deliver_unheard(oxigraph, here, body)
            return True
        return False

    with between(oxigraph.url, meddle) as url:
        assert load(graph, recognise(url, Wire(url)), chunk=1000).changed
    assert held(oxigraph.url) == {"graph": graph.counts()["triples"][""], "staged": 0}


def test_the_answer_to_the_swap_is_lost(
    oxigraph: servers.Running, graph: Meant, other: Meant
) -> None:
    """The swap was done, but nobody heard: it is done again, to the same end."""
    load(other, connected(oxigraph))
    lost = []

    def meddle(here: Between, body: bytes) -> bool:
        if b"COPY" in body and not lost:
            lost.append(body)
            deliver_unheard(oxigraph, here, body)
            return True
        return False

    with between(oxigraph.url, meddle) as url:
        assert load(graph, recognise(url, Wire(url)), replace=True).changed
    assert lost
    assert held(oxigraph.url) == {"graph": graph.counts()["triples"][""], "staged": 0}


@pytest.mark.parametrize(
    ("status", "says"),
    [(413, "--chunk"), (507, "Make room"), (405, "read-only"), (500, "log"), (403, "write access")],
)
def test_a_refused_chunk_leaves_what_was_there(
    oxigraph: servers.Running, graph: Meant, other: Meant, status: int, says: str
) -> None:
    """Too large, full, read-only, broken, forbidden: the third chunk is refused."""
    load(other, connected(oxigraph))
    before = held(oxigraph.url)["graph"]
    sent = []

    def meddle(here: Between, body: bytes) -> bool:
        if here.is_chunk:
            sent.append(body)
            if len(sent) > 3:
                here.answer(status, b"no")
                return True
        return False

    os.environ[USER], os.environ[PASSWORD] = "u", "secret-word"
    with between(oxigraph.url, meddle) as url:
        with pytest.raises(OutsideError, match=says) as caught:
            load(graph, recognise(url, Wire(url)), chunk=500, replace=True)
        assert "secret-word" not in str(caught.value)
    assert held(oxigraph.url)["graph"] == before
    # The next run goes on from there.
    said: list[str] = []
    store = connected(oxigraph)
    assert load(graph, store, chunk=500, replace=True, say=said.append).changed
    assert not any(line.startswith("500 of") for line in said), (
        "the first chunks are not sent again"
    )
    assert held(oxigraph.url) == {"graph": graph.counts()["triples"][""], "staged": 0}


def test_a_proxy_that_answers_with_a_page(oxigraph: servers.Running, graph: Meant) -> None:
    """HTML with 200, as a proxy or a login page says it."""

    def meddle(here: Between, body: bytes) -> bool:
        if here.is_chunk:
            here.answer(200, b"<html>Log in</html>", {"Content-Type": "text/html"})
            return True
        return False

    with between(oxigraph.url, meddle) as url, pytest.raises(OutsideError, match="login page"):
        load(graph, recognise(url, Wire(url)))
    assert held(oxigraph.url) == {"graph": 0, "staged": 0}


def test_a_store_that_says_yes_and_stores_nothing(oxigraph: servers.Running, graph: Meant) -> None:
    """The first triple shows it, before anything else is sent."""
    sent = []

    def meddle(here: Between, body: bytes) -> bool:
        if here.is_chunk:
            sent.append(body)
            here.answer(200, b"")
            return True
        return False

    with (
        between(oxigraph.url, meddle) as url,
        pytest.raises(OutsideError, match="does not hold it"),
    ):
        load(graph, recognise(url, Wire(url)))
    assert len(sent) == 1


def test_a_store_that_loses_a_chunk(oxigraph: servers.Running, graph: Meant, other: Meant) -> None:
    """What is staged is counted before it is put in its place."""
    load(other, connected(oxigraph))
    before = held(oxigraph.url)["graph"]
    sent = []

    def meddle(here: Between, body: bytes) -> bool:
        if here.is_chunk:
            sent.append(body)
            if len(sent) == 3:
                here.answer(204, b"")
                return True
        return False

    with between(oxigraph.url, meddle) as url, pytest.raises(DataError, match="untouched"):
        load(graph, recognise(url, Wire(url)), chunk=500, replace=True)
    assert held(oxigraph.url) == {"graph": before, "staged": 0}


def test_a_store_that_answers_a_question_otherwise(
    oxigraph: servers.Running, graph: Meant, other: Meant
) -> None:
    """Every triple is there, and yet it is not put in its place: the questions come first."""
    load(other, connected(oxigraph))
    before = held(oxigraph.url)["graph"]

    def meddle(here: Between, body: bytes) -> bool:
        if b"launchOutcome" in body and not here.is_chunk:
            kind = {"Content-Type": "application/sparql-results+json"}
            here.answer(200, b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}', kind)
            return True
        return False

    with between(oxigraph.url, meddle) as url, pytest.raises(DataError, match="missions") as caught:
        load_and_ask(graph, recognise(url, Wire(url)), replace=True)
    assert "untouched" in str(caught.value)
    assert "--check counts" in str(caught.value)
    assert held(oxigraph.url) == {"graph": before, "staged": 0}


def test_a_store_that_never_answers(graph: Meant) -> None:
    """No call is without a deadline."""

    def meddle(here: Between, body: bytes) -> bool:
        time.sleep(2)
        here.cut()
        return True

    with between("", meddle) as url:
        start = time.monotonic()
        with pytest.raises(OutsideError, match="within 1 s"):
            recognise(url, Wire(url, timeout=1), "oxigraph").asking().ask("ASK {}")
        assert time.monotonic() - start < 5


def test_a_redirect_to_another_host_is_not_followed(graph: Meant) -> None:
    """Credentials and triples go to the host that was named."""

    def meddle(here: Between, body: bytes) -> bool:
        here.answer(307, b"", {"Location": "http://elsewhere.example/"})
        return True

    with between("", meddle) as url, pytest.raises(OutsideError, match="elsewhere"):
        recognise(url, Wire(url))


def test_an_unknown_certificate(oxigraph: servers.Running, tmp_path: Path, graph: Meant) -> None:
    """TLS with a certificate of one's own: refused with a remedy, and loaded with it."""
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem",
         "-out", "cert.pem"],
        cwd=tmp_path, capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with between(oxigraph.url, lambda *_: False, tls) as url:
        with pytest.raises(OutsideError, match="REQUESTS_CA_BUNDLE"):
            recognise(url, Wire(url))
        os.environ["REQUESTS_CA_BUNDLE"] = str(tmp_path / "cert.pem")
        try:
            assert load(graph, recognise(url, Wire(url))).changed
        finally:
            del os.environ["REQUESTS_CA_BUNDLE"]


def test_a_wrong_password_is_said_and_not_shown(tmp_path: Path, graph: Meant) -> None:
    """Fuseki asks for a password, gets a wrong one, none, and the right one."""
    with started("fuseki with a password", tmp_path) as running:
        os.environ[USER], os.environ[PASSWORD] = running.user, "not-the-word"
        with pytest.raises(OutsideError, match="does not accept") as caught:
            recognise(running.url, Wire(running.url))
        assert "not-the-word" not in str(caught.value)
        os.environ.pop(USER)
        with pytest.raises(OutsideError, match=USER):
            recognise(running.url, Wire(running.url))
        asked = Wire(running.url, ask=lambda host: (running.user, running.password))
        assert load(graph, recognise(running.url, asked)).changed


def test_credentials_in_a_url_are_refused() -> None:
    """They would stand in the shell's history and in every message."""
    with pytest.raises(UsageError, match=USER) as caught:
        Wire("http://curator:secret-word@127.0.0.1:1/")
    assert "secret-word" not in str(caught.value)


def test_a_read_only_store_is_said_to_be(tmp_path: Path, graph: Meant) -> None:
    """Oxigraph served read-only."""
    try:
        with servers.oxigraph(tmp_path):
            pass
        with (
            servers.oxigraph(tmp_path, read_only=True) as running,
            pytest.raises(OutsideError, match="read-only"),
        ):
            load(graph, recognise(running.url, Wire(running.url)))
    except servers.MissingError as missing:
        skip(missing)


_CLIENT = """
import sys, time
from pathlib import Path
from spacerace_kg.importer.load import load as load_and_ask
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.stores import Store, recognise
from spacerace_kg.importer.wire import Wire
def say(text):
    print(text, flush=True)
    time.sleep(0.05)
with Meant(Path(sys.argv[1]), ("plain", "ontology")) as meant:
    load(meant, recognise(sys.argv[2], Wire(sys.argv[2])), chunk=100, replace=True, say=say,
         check="counts")
"""


@pytest.mark.parametrize("chunks", [0, 5, 20])
def test_a_client_that_is_killed(
    oxigraph: servers.Running, graph: Meant, other: Meant, chunks: int
) -> None:
    """Killed at any point: what was there is there, and the next run ends what was begun."""
    load(other, connected(oxigraph))
    before = held(oxigraph.url)["graph"]
    client = subprocess.Popen(
        [sys.executable, "-c", _CLIENT, str(graph.root), oxigraph.url], stdout=subprocess.PIPE
    )
    assert client.stdout is not None
    seen = 0
    for line in client.stdout:
        seen += b"sent" in line
        if seen >= chunks:
            break
    client.send_signal(signal.SIGKILL)
    client.wait(30)
    client.stdout.close()
    assert held(oxigraph.url)["graph"] == before
    assert load(graph, connected(oxigraph), chunk=100, replace=True).changed
    assert held(oxigraph.url) == {"graph": graph.counts()["triples"][""], "staged": 0}


RESTARTED = {
    "oxigraph": servers.oxigraph,
    "fuseki": servers.fuseki,
    "rdf4j": servers.rdf4j,
    "virtuoso": servers.virtuoso,
}


def killed(running: servers.Running) -> None:
    """Kill a server as a power cut does, and clear away the locks that it leaves."""
    os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait(30)
    for name in ("tdb.lock", "virtuoso.lck", "lock"):
        for lock in running.home.rglob(name):
            shutil.rmtree(lock) if lock.is_dir() else lock.unlink()


def total(store: Store, meant: Meant) -> int:
    """Return the triples where a load puts them."""
    graphs = [GRAPH + layer for layer in meant.layers] if store.kind.named else []
    return counts(store.asking(graphs).select)["triples"][""]


@pytest.mark.parametrize("name", RESTARTED)
def test_a_server_that_is_killed(name: str, tmp_path: Path) -> None:
    """Killed while it is sent triples, then while it swaps: one graph is there, whole.

    The last run ends what the first began. Large graphs, so that there is a middle.
    """
    start, port = RESTARTED[name], servers.free_port()
    home = tmp_path / "server"
    home.mkdir()
    with (
        Meant(small(tmp_path / "old", 1_000, "Old"), ("plain",)) as old,
        Meant(small(tmp_path / "new", 6_000, "New"), ("plain",)) as new,
    ):
        before, after = (meant.counts()["triples"][""] for meant in (old, new))
        try:
            with start(home, port) as running:
                store = connected(running, timeout=60)
                load(old, store)
                said: list[str] = []

                def sending(text: str) -> None:
                    said.append(text)
                    if sum("sent" in line for line in said) == 3:
                        killed(running)

                with pytest.raises(OutsideError):
                    load(new, store, replace=True, say=sending)
            with start(home, port) as running:
                store = connected(running, timeout=60)
                assert total(store, new) == before

                def swapping(text: str) -> None:
                    if "in its place" in text:
                        threading.Timer(0.1, killed, [running]).start()

                with pytest.raises(OutsideError, match="run again"):
                    load(new, store, replace=True, say=swapping)
                running.process.wait(30)
            with start(home, port) as running:
                store = connected(running)
                assert total(store, new) in (before, after)
                load(new, store, replace=True)
                assert total(store, new) == after
        except servers.MissingError as missing:
            skip(missing)


def test_chunks_are_compressed_where_the_store_takes_it(
    oxigraph: servers.Running, graph: Meant
) -> None:
    """Gzip is what it says it is."""
    first = next(graph.chunks(("plain",), 10))
    assert first[0] == 10
    assert gzip.decompress(gzip.compress(first[1], 1)) == first[1]
