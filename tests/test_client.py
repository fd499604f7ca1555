"""A remote endpoint: a real Oxigraph server, and one that misbehaves as servers do."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import rdflib
from answering import Handler, Server, answering
from asking import command, environment, free_port, make_root, oxigraph_server

import spacerace_kg
from spacerace_kg import KnowledgeGraph, OutsideError, UsageError, client, show
from spacerace_kg.client import RemoteStore
from spacerace_kg.names import ID
from spacerace_kg.store import graph_files

RESULT = {
    "head": {"vars": ["a"]},
    "results": {"bindings": [{"a": {"type": "uri", "value": "a:b"}}]},
}


@pytest.fixture
def server() -> Iterator[Server]:
    with answering(lambda handler, _: handler.say(200, RESULT), "/sparql") as made:
        yield made


def refusal(server: Server, text: str = "SELECT * {}", timeout: float = 5) -> str:
    """Return what is said when a query fails for an outside reason, in time."""
    start = time.monotonic()
    with pytest.raises(OutsideError) as caught:
        RemoteStore(server.url, timeout).sparql(text)
    assert time.monotonic() - start < timeout + 1
    return str(caught.value).replace(server.url, "URL")


def test_the_query_goes_by_post_with_our_user_agent(server: Server) -> None:
    query = 'SELECT ?a { ?a ?b "Восток & co" }'
    assert RemoteStore(server.url).select(query).rows == [("a:b",)]
    ((method, path, headers, body),) = server.asked
    assert (method, path) == ("POST", "/sparql")
    assert parse_qs(body)["query"] == [query]
    assert headers["User-Agent"] == (
        f"spacerace-kg/{spacerace_kg.__version__} (+https://w3id.org/spacerace)"
    )
    assert "application/sparql-results+json" in headers["Accept"]
    RemoteStore(server.url, user_agent="mine/1.0").select(query)
    assert server.asked[1][2]["User-Agent"] == "mine/1.0"


def test_comments_and_prefixes_do_not_hide_what_kind_of_query_it_is(server: Server) -> None:
    server.behave = lambda handler, _: handler.say(200, {"head": {}, "boolean": True})
    text = (
        "#+ summary: load, add, drop\n# delete {\rBASE <a:b>\nPREFIX\tselect: <a:c#>#x\n \tASK {}"
    )
    assert RemoteStore(server.url).sparql(text) is True
    assert parse_qs(server.asked[0][3]).keys() >= {"query"}


@pytest.mark.parametrize(
    "text", ["", "DROP ALL", "INSERT DATA { <a:a> <a:b> 1 }", "# SELECT", "x SELECT"]
)
def test_what_is_no_query_is_not_sent(server: Server, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        RemoteStore(server.url).sparql(text)
    assert str(caught.value) == "This is no SPARQL query: no SELECT, ASK, CONSTRUCT or DESCRIBE."
    assert server.asked == []


def test_a_query_with_a_deadline_goes_to_the_endpoint_too(server: Server) -> None:
    answer = spacerace_kg.connect(server.url).sparql("SELECT * { ?s ?p ?o }", timeout=5)
    assert isinstance(answer, spacerace_kg.Answer)
    assert answer.rows == [("a:b",)]
    assert len(server.asked) == 1


def test_a_refused_query_is_a_usage_error_with_the_servers_reason(server: Server) -> None:
    server.behave = lambda handler, _: handler.say(
        400, b"error at 1:8:\n  expected {", "text/plain"
    )
    with pytest.raises(UsageError) as caught:
        RemoteStore(server.url).sparql("SELECT oops")
    assert str(caught.value) == f"{server.url} refused the query: error at 1:8: expected {{"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "URL answered 401 Unauthorized. It asks for a login, and none is ever sent."),
        (403, "URL answered 403 Forbidden. It refuses to be asked from here."),
        (404, "URL answered 404 Not Found. Is it the query endpoint?"),
        (405, "URL answered 405 Method Not Allowed. It takes no query by POST. "
              "Is it the query endpoint?"),
        (500, "URL answered 500 Internal Server Error. out of cheese"),
        (504, "URL answered 504 Gateway Timeout. out of cheese"),
    ],
)  # fmt: skip
def test_a_fault_that_stays_is_told_at_once(server: Server, status: int, told: str) -> None:
    server.behave = lambda handler, _: handler.say(status, b"out of\ncheese", "text/plain")
    assert refusal(server) == told
    assert len(server.asked) == 1


def test_a_page_for_people_is_not_repeated(server: Server) -> None:
    server.behave = lambda handler, _: handler.say(500, b"<h1>Oops</h1>", "text/html")
    assert refusal(server) == "URL answered 500 Internal Server Error."


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_again_and_then_answers(
    server: Server, naps: list[float], status: int
) -> None:
    server.behave = lambda handler, n: handler.say(200 if n == 3 else status, RESULT)
    assert RemoteStore(server.url).select("SELECT * {}").rows == [("a:b",)]
    assert len(server.asked) == 3
    assert len(naps) == 2
    assert 0.5 <= naps[0] <= 1.5
    assert 1 <= naps[1] <= 3


def test_a_server_that_stays_busy_is_asked_four_times(server: Server, naps: list[float]) -> None:
    server.behave = lambda handler, _: handler.say(503, b"")
    assert refusal(server, timeout=60) == "URL is busy (503). Try later."
    assert len(server.asked) == 4
    assert len(naps) == 3


def test_retry_after_in_seconds_is_obeyed(server: Server, naps: list[float]) -> None:
    server.behave = lambda handler, n: handler.say(200 if n == 2 else 429, RESULT, Retry_After="2")
    assert RemoteStore(server.url).select("SELECT * {}").rows == [("a:b",)]
    assert naps == [2.0]


def test_retry_after_as_a_date_is_obeyed(server: Server, naps: list[float]) -> None:
    when = formatdate(time.time() + 30, usegmt=True)
    server.behave = lambda handler, n: handler.say(200 if n == 2 else 429, RESULT, Retry_After=when)
    assert RemoteStore(server.url).select("SELECT * {}").rows == [("a:b",)]
    assert len(naps) == 1
    assert 27 < naps[0] <= 30


@pytest.mark.parametrize(
    "said",
    ["120", formatdate(time.time() + 9999, usegmt=True), "9" * 30],
    ids=["seconds", "date", "digits"],
)
def test_a_wait_beyond_the_deadline_is_told_and_not_made(
    server: Server, naps: list[float], said: str
) -> None:
    server.behave = lambda handler, _: handler.say(429, b"", Retry_After=said)
    told = refusal(server)
    assert told.startswith("URL is busy (429) and asks to wait ")
    assert told.endswith(" s. Try later.")
    assert (len(server.asked), naps) == (1, [])


@pytest.mark.parametrize("said", ["soon", "", "-5", "1.5", "²", "Thu, 99 Foo 2026 99:99:99 GMT"])
def test_a_retry_after_that_makes_no_sense_is_as_if_there_were_none(
    server: Server, naps: list[float], said: str
) -> None:
    server.behave = lambda handler, n: handler.say(200 if n == 2 else 429, RESULT, Retry_After=said)
    assert RemoteStore(server.url).select("SELECT * {}").rows == [("a:b",)]
    assert 0 <= naps[0] <= 1.5


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
LONG = b"Content-Length: 1000\r\n\r\n"


@pytest.mark.parametrize(
    "start",
    [OK + LONG, b"HTTP/1.1 400 Bad Request\r\n" + LONG],
    ids=["body", "error"],
)
def test_a_body_that_drips_ends_at_the_deadline_and_is_left(server: Server, start: bytes) -> None:
    server.behave = lambda handler, _: handler.drip(start, b" ")
    told = "URL took longer than 0.5 s. Narrow the query, or allow more time."
    assert refusal(server, timeout=0.5) == told
    assert server.left.wait(5)  # no thread of ours hangs on to it


def test_headers_that_drip_end_at_the_deadline(server: Server) -> None:
    server.behave = lambda handler, _: handler.drip(b"HTTP/1.1 200 OK\r\nX: ", b"x")
    told = "URL took longer than 0.5 s. Narrow the query, or allow more time."
    assert refusal(server, timeout=0.5) == told


def test_a_server_that_says_nothing_is_left_at_the_deadline(server: Server) -> None:
    server.behave = lambda handler, _: handler.server.over.wait(10)
    told = "URL took longer than 0.5 s. Narrow the query, or allow more time."
    assert refusal(server, timeout=0.5) == told


def test_a_wait_counts_towards_the_deadline(server: Server) -> None:
    server.behave = lambda handler, _: handler.say(503, b"", Retry_After="1")
    assert refusal(server, timeout=1.5) == "URL is busy (503) and asks to wait 1 s. Try later."
    assert len(server.asked) == 2


def test_a_body_that_is_cut_off_is_no_answer(server: Server) -> None:
    body = json.dumps(RESULT).encode()
    server.behave = lambda handler, _: handler.say(200, body, Content_Length=str(len(body) + 9))
    assert refusal(server) == "URL broke off in the middle of its answer. Try again."
    turtle = b"<a:a> <a:b> <a:c> .\n"
    server.behave = lambda handler, _: handler.say(200, turtle, "text/turtle", Content_Length="99")
    told = "URL broke off in the middle of its answer. Try again."
    assert refusal(server, "CONSTRUCT WHERE { ?s ?p ?o }") == told


def test_chunks_that_are_cut_off_are_no_answer(server: Server) -> None:
    def chunks(handler: Handler, _: int) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
            b'Transfer-Encoding: chunked\r\n\r\nff\r\n{"head"'
        )

    server.behave = chunks
    assert refusal(server).startswith("URL cannot be reached: IncompleteRead")


@pytest.mark.parametrize("said", [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http_is_told(server: Server, said: bytes) -> None:
    server.behave = lambda handler, _: handler.wfile.write(said)
    assert refusal(server).startswith("URL cannot be reached: ")


def test_a_web_page_is_no_answer(server: Server) -> None:
    server.behave = lambda handler, _: handler.say(200, b"<html>", "text/html; charset=utf-8")
    told = "URL answered with text/html, not a SPARQL result. Is it the query endpoint?"
    assert refusal(server) == told
    server.behave = lambda handler, _: handler.say(200, b"{}", "")
    assert refusal(server).startswith("URL answered with no type, not a SPARQL result.")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "URL answered with damaged JSON."),
        (b"\xff\xfe\x00", "URL answered with damaged JSON."),
        (b"[" * 200_000, "URL answered with damaged JSON."),
        (b'{"a":' * 100_000, "URL answered with damaged JSON."),
        (b"[]", "URL answered with JSON that is no result."),
        (b"{}", "URL answered with JSON that is no result."),
        ({"head": {"vars": ["a"]}}, "URL answered with JSON that is no result."),
        ({"head": [], "results": []}, "URL answered with JSON that is no result."),
        (
            {"head": {"vars": 5}, "results": {"bindings": []}},
            "URL answered with JSON that is no result.",
        ),
        (
            {"head": {"vars": ["a"]}, "results": {"bindings": [[]]}},
            "URL answered with JSON that is no result.",
        ),
        (
            {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "uri"}}]}},
            "URL answered with JSON that is no result.",
        ),
        (
            {
                "head": {"vars": ["a"]},
                "results": {"bindings": [{"a": {"type": "uri", "value": 5}}]},
            },
            "URL answered with JSON that is no result.",
        ),
    ],
    ids=range(12),
)
def test_json_that_is_no_result_is_told(server: Server, content: object, told: str) -> None:
    server.behave = lambda handler, _: handler.say(200, content)
    assert refusal(server) == told


def result(*names: str) -> dict[str, object]:
    row = {name: {"type": "literal", "value": "1"} for name in names}
    return {"head": {"vars": [*names]}, "results": {"bindings": [row]}}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?a ?b WHERE { }",
        "PREFIX a: <b> #c\nselect distinct $a#{\n?b{ }",
        "SELECT ?a ?b FROM <a:b> { }",
    ],
)
def test_other_columns_than_were_asked_for_are_no_answer(server: Server, text: str) -> None:
    for names in (["a"], ["b", "a"], ["a", "b", "c"], ["x", "y"], []):
        server.behave = lambda handler, _, names=names: handler.say(200, result(*names))
        assert refusal(server, text) == "URL answered with other columns than were asked for."
    server.behave = lambda handler, _: handler.say(200, result("a", "b"))
    assert RemoteStore(server.url).select(text).rows == [("1", "1")]


@pytest.mark.parametrize("text", ["SELECT * {}", "SELECT ?a (1 AS ?b) {}"])
def test_columns_that_cannot_be_told_from_the_text_are_taken(server: Server, text: str) -> None:
    server.behave = lambda handler, _: handler.say(200, result("x"))
    assert RemoteStore(server.url).select(text).columns == ["x"]


def test_a_page_or_an_unknown_id_from_a_lying_server_is_told(server: Server) -> None:
    def lie(handler: Handler, _: int) -> None:
        body = handler.server.asked[-1][3]
        handler.say(200, {"boolean": True} if "ASK" in body else result("x", "y"))

    server.behave = lie
    kg = spacerace_kg.connect(server.url)
    for ask in (lambda: show.page(kg, "vostok-1"), lambda: kg.explain("vostok-1")):
        with pytest.raises(OutsideError, match="other columns than were asked for"):
            ask()
    server.behave = lambda handler, _: handler.say(
        200, {"boolean": False} if "ASK" in handler.server.asked[-1][3] else result("x", "y")
    )
    with pytest.raises(OutsideError, match="other columns than were asked for"):
        kg.iri("vostok-2")


@pytest.mark.parametrize(
    "say",
    [
        lambda handler: handler.say(400, b"no \x1b[2J\xc2\x9b31m", "text/plain"),
        lambda handler: handler.say(200, b"", "text/\x1b[2J"),
        lambda handler: handler.say(302, b"", Location="http://x/\x1b[2J"),
        lambda handler: handler.wfile.write(b"HTTP/1.0 500 no \x1b[2J\r\n\r\n") and None,
        lambda handler: handler.wfile.write(b"\x1b[2J\r\n\r\n") and None,
    ],
    ids=range(5),
)
def test_what_a_server_says_cannot_steer_a_terminal(
    server: Server, say: Callable[[Handler], None]
) -> None:
    server.behave = lambda handler, _: say(handler)
    with pytest.raises((UsageError, OutsideError)) as caught:
        RemoteStore(server.url).select("SELECT * {}")
    assert str(caught.value).isprintable()
    assert "[2" in str(caught.value)


@pytest.mark.parametrize("content", [RESULT, {"results": []}, {"boolean": "true"}, {"boolean": 1}])
def test_an_ask_without_true_or_false_is_told(server: Server, content: object) -> None:
    server.behave = lambda handler, _: handler.say(200, content)
    assert refusal(server, "ASK {}") == "URL answered an ASK without true or false."


ROW = {"__ASK_RETVAL": {"type": "literal", "value": "1"}}


@pytest.mark.parametrize(
    ("results", "told"),
    [({"boolean": False}, False), ({"bindings": [ROW]}, True), ({"bindings": []}, False)],
)
def test_an_ask_as_virtuoso_answers_it_is_understood(
    server: Server, results: dict[str, object], told: bool
) -> None:
    head = {"vars": ["__ASK_RETVAL"]}
    server.behave = lambda handler, _: handler.say(200, {"head": head, "results": results})
    assert RemoteStore(server.url).ask("ASK {}") is told


def test_triples_without_end_are_left_at_the_cap(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MOST_TRIPLES", 3)
    turtle = "".join(f"<a:a> <a:b> {number} .\n" for number in range(4))
    text = "CONSTRUCT WHERE { ?s ?p ?o }"
    server.behave = lambda handler, _: handler.say(200, turtle.encode(), "text/turtle")
    assert refusal(server, text) == "URL sent more than 3 triples. Ask for less."
    monkeypatch.setattr(client, "MOST_TRIPLES", 4)
    assert len(RemoteStore(server.url).sparql(text)) == 4  # type: ignore[arg-type]


def test_damaged_turtle_is_told(server: Server) -> None:
    server.behave = lambda handler, _: handler.say(200, b"<a:a> <a:b", "text/turtle")
    assert refusal(server, "DESCRIBE <a:a>") == "URL answered with damaged Turtle."


def test_every_kind_of_term_is_read(server: Server) -> None:
    row = {
        "a": {"type": "uri", "value": "a:b"},
        "b": {"type": "bnode", "value": "b0"},
        "c": {"type": "literal", "value": "x"},
        "d": {"type": "literal", "value": "х", "xml:lang": "ru"},
        "e": {
            "type": "typed-literal",
            "value": "5",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        },
    }
    result = {"head": {"vars": [*"abcdef"]}, "results": {"bindings": [row]}}
    server.behave = lambda handler, _: handler.say(200, result)
    answer = RemoteStore(server.url).select("SELECT * {}")
    assert answer.rows == [("a:b", "b0", "x", "х", 5, None)]
    assert answer.rows[0][3].language == "ru"  # type: ignore[union-attr]


def test_a_body_without_end_is_left_at_the_cap(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []

    def pour(handler: Handler, _: int) -> None:
        handler.say(200, b"", Content_Length=str(300_000_000))
        with contextlib.suppress(OSError):
            for _ in range(300):
                handler.wfile.write(b" " * 1_000_000)
                sent.append(1)

    server.behave = pour
    monkeypatch.setattr(client, "MOST_BYTES", 1_000_000)
    assert refusal(server) == "URL sent more than 1,000,000 bytes. Narrow the query."
    assert len(sent) < 50


@pytest.mark.parametrize(
    "there",
    ["http://127.0.0.2:9/sparql", "file:///etc/passwd", "/elsewhere", "https://127.0.0.1:9/"],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(server: Server, there: str, status: int) -> None:
    server.behave = lambda handler, _: handler.say(status, b"", Location=there)
    assert refusal(server) == f"URL sends on to {there}. Name that one yourself."
    assert len(server.asked) == 1


def test_an_encoding_that_nobody_asked_for_is_told(server: Server) -> None:
    body = gzip.compress(json.dumps(RESULT).encode())
    server.behave = lambda handler, _: handler.say(200, body, Content_Encoding="gzip")
    assert refusal(server) == "URL answered in gzip, which nobody asked for."
    assert server.asked[0][2]["Accept-Encoding"] == "identity"


def test_a_port_on_which_nobody_listens_is_told() -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    with pytest.raises(OutsideError) as caught:
        RemoteStore(url).ask("ASK {}")
    assert str(caught.value) == f"{url} cannot be reached: [Errno 111] Connection refused."


def test_a_proxy_of_another_kind_opens_no_file(tmp_path: Path) -> None:
    """urllib would take the endpoint's URL for the path of a file under the working folder."""
    (tmp_path / "http:" / "endpoint").mkdir(parents=True)
    (tmp_path / "http:" / "endpoint" / "sparql").write_text('{"head": {}, "boolean": true}')
    done = subprocess.run(
        command("sparql", "ASK {}", "--endpoint", "http://endpoint/sparql"),
        env=environment(http_proxy="file:///", no_proxy=""), cwd=tmp_path,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    told = "spacerace: http://endpoint/sparql cannot be reached: unknown url type: file.\n"
    assert (done.returncode, done.stderr) == (3, told)


def test_a_server_that_takes_no_connection_is_left_at_the_deadline() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        start = time.monotonic()
        with pytest.raises(OutsideError) as caught:
            RemoteStore(url, 0.5).ask("ASK {}")
        assert time.monotonic() - start < 1.5
    assert (
        str(caught.value) == f"{url} took longer than 0.5 s. Narrow the query, or allow more time."
    )


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:7878/query", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http:///x",
        "http://[::1/x", "http://127.0.0.1:99999/", "http://127.0.0.1:port/", "http://a b/", "http://a/\n",
        "http://a/\x00", "http://ä.example/", "javascript:alert(1)", b"http://a/", 3,
    ],
)  # fmt: skip
def test_a_url_that_is_none_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        spacerace_kg.connect(url)
    assert str(caught.value) == f"{url!r} is no endpoint. Write http://… or https://…"


@pytest.mark.parametrize(
    "url", ["http://me@127.0.0.1/", "http://me:secret@127.0.0.1/", "http://:secret@127.0.0.1/"]
)
def test_a_url_with_credentials_is_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        spacerace_kg.connect(url)
    assert str(caught.value) == "The URL holds credentials. Write it without them."


@pytest.mark.parametrize(
    "timeout", [0, -1, float("nan"), float("inf"), 1_000_001, 10**400, "60", None, True, b"1"]
)
def test_a_timeout_that_is_none_is_a_usage_error(timeout: object) -> None:
    with pytest.raises(UsageError) as caught:
        spacerace_kg.connect("http://127.0.0.1/", timeout=timeout)  # type: ignore[arg-type]
    told = f"{timeout!r:.60} is no timeout. Give seconds above 0, 1000000 at most."
    assert str(caught.value) == told


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KnowledgeGraph, Path]]:
    folder = tmp_path_factory.mktemp("client")
    root = make_root(folder / "root")
    with (
        pytest.MonkeyPatch.context() as patch,
        oxigraph_server(folder, graph_files(root)) as url,
    ):
        patch.setenv("SPACERACE_ROOT", str(root))
        patch.setenv("SPACERACE_CACHE", str(folder / "cache"))
        yield spacerace_kg.connect(url), root


def test_a_real_server_answers_every_kind_of_query(real: tuple[KnowledgeGraph, Path]) -> None:
    remote, _ = real
    local = spacerace_kg.connect()
    select = "SELECT * { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o"
    assert remote.sparql(select).terms == local.sparql(select).terms  # type: ignore[union-attr]
    assert remote.sparql(f"ASK {{ <{ID}vostok-1> ?p ?o }}") is True
    assert remote.sparql("ASK { <a:b> ?p ?o }") is False
    for text in (
        "CONSTRUCT { ?s <a:b> ?o } { ?s <https://w3id.org/spacerace/ontology#date> ?o }",
        f"DESCRIBE <{ID}vostok-1>",
    ):
        found = remote.sparql(text)
        assert isinstance(found, rdflib.Graph)
        assert set(found) == set(local.sparql(text))  # type: ignore[arg-type]
        assert len(found) > 5


def test_canned_questions_have_the_same_answer_from_a_real_server(
    real: tuple[KnowledgeGraph, Path],
) -> None:
    remote, _ = real
    local = spacerace_kg.connect()
    for name in local.queries():
        assert remote.ask(name).terms == local.ask(name).terms, name
    values = {"nation": "soviet-union", "class": "CrewedMission"}
    assert remote.ask("missions", **values).column("missionName") == ["Vostok 1"]
    assert remote.explain("vostok-1", "launch").terms == local.explain("vostok-1", "launch").terms
    with pytest.raises(UsageError, match=r"There is no Nation 'soviet-unoin'\. Did you mean "):
        remote.ask("missions", nation="soviet-unoin")


def test_the_graph_of_a_real_server_is_a_live_view(real: tuple[KnowledgeGraph, Path]) -> None:
    remote, _ = real
    graph = remote.graph()
    launch = rdflib.URIRef("https://w3id.org/spacerace/ontology#launch")
    vostok = rdflib.URIRef(ID + "vostok-1")
    assert graph.value(vostok, launch) == rdflib.URIRef(ID + "vostok-1/launch")
    assert (vostok, launch, None) in graph
    assert (
        len(list(graph.query("SELECT ?m { ?m a <https://w3id.org/spacerace/ontology#Mission> }")))
        == 1
    )
    assert bool(graph.query(f"ASK {{ <{vostok}> ?p ?o }}")) is True
    constructed = graph.query("CONSTRUCT { ?m a ?m } WHERE { ?m <" + str(launch) + "> ?l }")
    assert [s for s, _, _ in constructed] == [vostok]


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[]", b"{}", {"head": {"vars": "a"}, "results": {"bindings": []}},
        {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "uri"}}]}},
        {"head": {"vars": ["a"]},
         "results": {"bindings": [{"a": {"type": "literal", "value": "x", "xml:lang": "e n"}}]}},
    ],
    ids=range(6),
)  # fmt: skip
def test_a_live_view_tells_of_what_is_no_result(server: Server, content: object) -> None:
    server.behave = lambda handler, _: handler.say(200, content)
    with pytest.raises(
        OutsideError, match=r" answered with (damaged JSON|JSON that is no result)\.$"
    ):
        list(spacerace_kg.connect(server.url).graph().query("SELECT ?a { ?a ?b ?c }"))


def test_a_live_view_is_left_at_the_deadline(server: Server) -> None:
    server.behave = lambda handler, _: handler.server.over.wait(10)
    with pytest.raises(OutsideError, match=r"took longer than 0\.5 s"):
        list(RemoteStore(server.url, timeout=0.5).graph())


def test_a_real_server_refuses_what_is_not_sparql(real: tuple[KnowledgeGraph, Path]) -> None:
    remote, _ = real
    with pytest.raises(
        UsageError, match=r"^http://127\.0\.0\.1:\d+/query refused the query: error at 1:"
    ):
        remote.sparql("SELECT oops")
