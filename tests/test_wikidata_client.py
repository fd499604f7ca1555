"""The polite clients: the Action API and SPARQL, against servers that behave as servers do."""

from __future__ import annotations

import gzip
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from answering import Behave, Handler, Server
from asking import free_port
from wikidata_server import SNAPSHOT, action_api, api, entities  # noqa: F401

from spacerace_kg import OutsideError, UsageError, __version__
from spacerace_kg.patience import Circuit, pause, within
from spacerace_kg.wikidata import cache as cache_module
from spacerace_kg.wikidata import service as service_module
from spacerace_kg.wikidata.cache import Cache
from spacerace_kg.wikidata.contact import settings, user_agent
from spacerace_kg.wikidata.endpoint import Endpoint
from spacerace_kg.wikidata.service import Service
from spacerace_kg.wikidata.snapshots import read_snapshot

AGENT = "tests/1.0 (tests@example.org)"
QIDS = ["Q7327", "Q182524"]
RESULTS = "application/sparql-results+json"


def found(url: str, timeout: float = 5) -> list[str]:
    return sorted(Service(url, AGENT, timeout=timeout).items(QIDS, None))


def refusal(server: Server, timeout: float = 5) -> str:
    """Return what is said when a request fails for an outside reason, in time."""
    start = time.monotonic()
    with pytest.raises(OutsideError) as caught:
        found(server.url, timeout)
    assert time.monotonic() - start < timeout + 1
    return str(caught.value).replace(server.host, "HOST")


def first_then_good(status: int, content: object = b"", **headers: str) -> Behave:
    def behave(handler: Handler, count: int) -> None:
        if count == 1:
            handler.say(status, content, **headers)
        else:
            entities(handler, count)

    return behave


def test_items_are_asked_for_by_post_as_the_operators_want_it(api: Server) -> None:  # noqa: F811
    items = Service(api.url, AGENT).items(QIDS, None)
    tiny = read_snapshot(SNAPSHOT)
    assert items == {qid: tiny.items[qid] for qid in QIDS}
    assert [asked.form for asked in api.asked] == [
        {
            "action": "wbgetentities",
            "format": "json",
            "formatversion": "2",
            "ids": "Q7327|Q182524",
            "languages": "en|ru|mul",
            "maxlag": "5",
            "props": "info|labels|aliases|claims",
            "redirects": "yes",
        }
    ]
    ((method, _, headers, _),) = api.asked
    assert method == "POST"
    assert headers["User-Agent"] == AGENT
    assert headers["Accept-Encoding"] == "gzip"
    assert "Authorization" not in headers


def test_labels_alone_are_asked_for_where_no_property_is_wanted(api: Server) -> None:  # noqa: F811
    items = Service(api.url, AGENT).items(["Q7327"], ())
    assert api.asked[0].form["props"] == "info|labels"
    assert items["Q7327"].statements == {}
    assert items["Q7327"].labels["en"] == "Yuri Gagarin"
    only = Service(api.url, AGENT).items(["Q7327"], ["P569"])["Q7327"]
    assert list(only.statements) == ["P569"]


def test_merged_and_deleted_items_are_told_apart(api: Server) -> None:  # noqa: F811
    items = Service(api.url, AGENT).items(["Q219857", "Q1159927"], None)
    assert items["Q219857"].redirect == "Q80884193"
    assert items["Q80884193"].labels == {"en": "Zond programme"}
    assert items["Q1159927"].missing


def test_passwords_of_the_user_are_for_others(
    api: Server,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    found(api.url)
    assert "Authorization" not in api.asked[0].headers


def test_a_packed_answer_is_unpacked() -> None:
    def behave(handler: Handler, count: int) -> None:
        say = handler.say
        handler.say = lambda status, content, **_: say(  # type: ignore[method-assign]
            status, gzip.compress(json.dumps(content).encode()), Content_Encoding="gzip"
        )
        entities(handler, count)

    with action_api(behave) as server:
        assert found(server.url) == sorted(QIDS)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again_after_a_while(status: int, naps: list[float]) -> None:
    with action_api(first_then_good(status)) as server:
        assert found(server.url) == sorted(QIDS)
        assert len(server.asked) == 2
    (nap,) = naps
    assert 0.5 <= nap <= 1.5


@pytest.mark.parametrize("status", [429, 503, 405])
def test_it_waits_as_long_as_it_is_asked_to(status: int, naps: list[float]) -> None:
    with action_api(first_then_good(status, Retry_After="3")) as server:
        assert found(server.url) == sorted(QIDS)
    assert naps == [3]
    naps.clear()
    moment = formatdate(time.time() + 3, usegmt=True)
    with action_api(first_then_good(status, Retry_After=moment)) as server:
        assert found(server.url) == sorted(QIDS)
    assert 1 < naps[0] <= 3


@pytest.mark.parametrize("code", ["maxlag", "ratelimited", "readonly"])
def test_servers_that_lag_behind_are_given_time(code: str, naps: list[float]) -> None:
    error = {"error": {"code": code, "info": "Waiting for 10.1.1.1: 7 seconds lagged."}}
    with action_api(first_then_good(200, error, Retry_After="5")) as server:
        assert found(server.url, 10) == sorted(QIDS)
    assert naps == [5]


def test_patience_has_an_end(naps: list[float]) -> None:
    with action_api(lambda handler, _: handler.say(503, b"")) as server:
        assert refusal(server, 60) == "HOST is busy (503). Try later."
        assert len(server.asked) == 4
    assert len(naps) == 3
    assert all(0.5 * 2**n <= nap <= 1.5 * 2**n for n, nap in enumerate(naps))
    naps.clear()
    with action_api(lambda handler, _: handler.say(429, b"", Retry_After="600")) as server:
        assert refusal(server) == "HOST is busy (429) and asks to wait 600 s. Try later."
        assert len(server.asked) == 1
    assert naps == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "HOST answered 400 Bad Request."),
        (401, "HOST answered 401 Unauthorized."),
        (403, "HOST answered 403 Forbidden."),
        (404, "HOST answered 404 Not Found."),
        (405, "HOST answered 405 Method Not Allowed."),
        (204, "HOST answered 204 No Content."),
        (501, "HOST answered 501 Not Implemented."),
    ],
)
def test_a_refusal_is_final(status: int, told: str, naps: list[float]) -> None:
    with action_api(lambda handler, _: handler.say(status, b"")) as server:
        assert refusal(server) == told
        assert len(server.asked) == 1
    assert naps == []


def test_what_the_service_says_against_a_request_is_told() -> None:
    error = {"error": {"code": "toomanyvalues", "info": "Too many\nvalues.", "docref": "See"}}
    with action_api(lambda handler, _: handler.say(200, error)) as server:
        assert refusal(server) == "HOST refused: toomanyvalues Too many values."
    with action_api(lambda handler, _: handler.say(200, {"error": "no"})) as server:
        assert refusal(server) == "HOST refused:  no"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed_to_another_host(status: int) -> None:
    with action_api() as other:
        behave: Behave = lambda handler, _: handler.say(status, b"", Location=other.url)  # noqa: E731
        with action_api(behave) as server:
            told = f"HOST sends on to {other.url}. Name that one yourself."
            assert refusal(server) == told
        with action_api(behave) as server, pytest.raises(OutsideError, match="sends on to"):
            Endpoint(server.url, AGENT).select("SELECT * {}")
        assert other.asked == []


DEEP = b'{"entities": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BAD = [
    (b"<html>", "text/html", "HOST answered with text/html, not JSON. Is it an api.php?"),
    (b"{}", "", "HOST answered with no type, not JSON. Is it an api.php?"),
    (b'{"entities": {"Q7327"', "application/json", "HOST answered with damaged JSON."),
    (b"\xff\xfe", "application/json", "HOST answered with damaged JSON."),
    (b"[]", "application/json", "HOST answered with JSON that is no result."),
    (b"7", "application/json", "HOST answered with JSON that is no result."),
    (DEEP, "application/json", "HOST answered with damaged JSON."),
    (b"{}", "application/json", "HOST answered with what is no item ('entities')."),
    (
        b'{"entities": []}',
        "application/json",
        "HOST answered with what is no item (list indices must be integers or slices, not str).",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "type_", "told"), BAD)
def test_what_is_no_answer_is_refused(body: bytes, type_: str, told: str) -> None:
    with action_api(lambda handler, _: handler.say(200, body, type_)) as server:
        assert refusal(server) == told
        assert len(server.asked) == 1


def whole(**change: object) -> dict[str, object]:
    """Return an entity with one statement, something in it changed."""
    value = {"entity-type": "item", "id": "Q5"}
    snak = {"snaktype": "value", "property": "P31",
            "datavalue": {"type": "wikibase-entityid", "value": value}}  # fmt: skip
    claim = {"mainsnak": snak, "id": "Q7327$a", "rank": "normal"}
    for name, content in change.items():
        if name in snak:
            snak[name] = content  # type: ignore[assignment]
        else:
            claim[name] = content
    return {"id": "Q7327", "lastrevid": 1, "claims": {"P31": [claim]}}


def time_of(**change: object) -> dict[str, object]:
    value = {"time": "+1961-04-12T00:00:00Z", "precision": 11,
             "calendarmodel": "http://www.wikidata.org/entity/Q1985727"}  # fmt: skip
    return whole(datavalue={"type": "time", "value": {**value, **change}})


@pytest.mark.parametrize(
    "entity",
    [
        [], None, 7, "Q7327", {}, {"id": 7}, {"id": "Q7327; DROP"}, {"id": "P31"},
        {"id": "Q7327", "claims": {"P31": 7}}, {"id": "Q7327", "claims": 7},
        {"id": "Q7327", "claims": ["P31"]}, {"id": "Q7327", "labels": {"en": "Gagarin"}},
        {"id": "Q7327", "labels": {"en": ["value"]}}, {"id": "Q7327", "aliases": {"en": {"a": 1}}},
        {"id": "Q7327", "lastrevid": "many"}, {"id": "Q7327", "lastrevid": []},
        {"id": "Q7327", "claims": {"P31": [{}]}}, {"id": "Q7327", "claims": {"P31": [[]]}},
        whole(snaktype="perhaps"), whole(snaktype=[]), whole(datavalue=7), whole(datavalue={}),
        whole(datavalue={"type": "wikibase-entityid", "value": "Q5"}),
        whole(datavalue={"type": "wikibase-entityid", "value": {"numeric-id": "many"}}),
        whole(datavalue={"type": "quantity", "value": {"amount": "many", "unit": "1"}}),
        whole(datavalue={"type": "globecoordinate", "value": {"latitude": "N", "longitude": 1,
                                                             "globe": "Q2"}}),
        whole(datavalue={"type": "monolingualtext", "value": "text"}),
        whole(rank="best"), whole(rank=[]), whole(qualifiers=7), whole(references=7),
        whole(references=[{}]), whole(qualifiers={"P580": 7}), whole(qualifiers={"P580": [{}]}),
        time_of(time="1961"), time_of(time=7), time_of(precision="day"), time_of(precision=99),
        time_of(calendarmodel="Gregorian"), time_of(time="+1" + "0" * 10_000 + "-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_items_of_another_shape_are_refused(entity: object) -> None:
    content = {"entities": {"Q7327": entity, "Q182524": {"id": "Q182524"}}}
    with action_api(lambda handler, _: handler.say(200, content)) as server:
        assert refusal(server).startswith("HOST answered with what is no item (")


def test_a_value_of_an_unknown_datatype_is_passed_over() -> None:
    unknown = whole(datavalue={"type": "musical-scent", "value": [[[]]]})
    content = {"entities": {"Q7327": unknown, "Q182524": {"id": "Q182524"}}}
    with action_api(lambda handler, _: handler.say(200, content)) as server:
        items = Service(server.url, AGENT).items(QIDS, None)
    assert items["Q7327"].statements == {}


def packed(body: bytes, coding: str = "gzip") -> Behave:
    return lambda handler, _: handler.say(200, body, Content_Encoding=coding)


def test_damaged_and_foreign_packings_are_refused(naps: list[float]) -> None:
    good = gzip.compress(b'{"entities": {}}')
    with action_api(packed(b"no gzip")) as server:
        assert refusal(server) == "HOST answered with damaged gzip."
    with action_api(packed(good[:-9])) as server:
        assert refusal(server) == "HOST broke off in the middle of its answer. Try again."
    with action_api(packed(good, "br")) as server:
        assert refusal(server) == "HOST answered in br, which nobody asked for."


def test_a_huge_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "MOST_BYTES", 300_000)
    monkeypatch.setattr("spacerace_kg.client.MOST_BYTES", 300_000)
    bomb = gzip.compress(b" " * 30_000_000, 9)
    assert len(bomb) < 100_000
    with action_api(packed(bomb)) as server:
        assert refusal(server) == "HOST sent more than 300,000 bytes."
    with action_api(lambda handler, _: handler.say(200, b" " * 400_000)) as server:
        assert refusal(server) == "HOST sent more than 300,000 bytes."
    with (
        action_api(lambda h, _: h.say(200, bomb, RESULTS, Content_Encoding="gzip")) as server,
        pytest.raises(OutsideError, match="sent more than 300,000 bytes"),
    ):
        Endpoint(server.url, AGENT).select("SELECT * {}")


BODY = b"HTTP/1.0 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n"
LENGTH = BODY.replace(b"\r\n\r\n", b"\r\nContent-Length: 1000\r\n\r\n")
GZIP = gzip.compress(b"", mtime=0)[:10]  # its head alone
PACKED = BODY.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + GZIP
EMPTY_BLOCK = b"\0\0\0\xff\xff"  # of gzip, of which there may be any number


@pytest.mark.parametrize(
    ("start", "more"),
    [(LENGTH, b" "), (BODY, b" "), (PACKED, EMPTY_BLOCK)],
    ids=["length", "body", "packed"],
)
def test_an_answer_that_drips_for_ever_meets_the_deadline_and_is_left(
    start: bytes, more: bytes
) -> None:
    with action_api(lambda handler, _: handler.drip(start, more)) as server:
        assert refusal(server, 0.4) == "HOST took longer than 0.4 s. Try later, or allow more."
        assert server.left.wait(5)
        server.left.clear()
        with pytest.raises(OutsideError, match=r"took longer than 0\.4 s"):
            Endpoint(server.url, AGENT, timeout=0.4).select("SELECT * {}")
        assert server.left.wait(5)


def test_a_head_that_drips_for_ever_meets_the_deadline() -> None:
    with action_api(lambda handler, _: handler.drip(b"HTTP/1.0 200 OK\r\nX: ", b"x")) as server:
        assert refusal(server, 0.4) == "HOST took longer than 0.4 s. Try later, or allow more."
        with pytest.raises(OutsideError, match=r"took longer than 0\.4 s"):
            Endpoint(server.url, AGENT, timeout=0.4).select("SELECT * {}")


def test_an_answer_that_does_not_come_meets_the_deadline() -> None:
    told = "HOST took longer than 0.4 s. Try later, or allow more."
    with action_api(lambda handler, _: handler.server.over.wait(3)) as server:
        assert refusal(server, 0.4) == told


def cut(handler: Handler, _: int) -> None:
    """Promise more than there is, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"entities": {}}')
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def test_an_answer_that_is_cut_off_is_asked_for_again(naps: list[float]) -> None:
    def behave(handler: Handler, count: int) -> None:
        (cut if count == 1 else entities)(handler, count)

    with action_api(behave) as server:
        assert found(server.url) == sorted(QIDS)
        assert len(server.asked) == 2
    with action_api(cut) as server:
        told = refusal(server, 60)
        assert told.startswith("HOST cannot be reached, or cut us off (")
        assert len(server.asked) == 4


def test_a_host_that_is_not_there_is_told_of(naps: list[float]) -> None:
    url = f"http://127.0.0.1:{free_port()}/w/api.php"
    with pytest.raises(OutsideError) as caught:
        found(url)
    assert "cannot be reached, or cut us off (" in str(caught.value)
    assert "refused" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "wikidata.org", "file:///etc/passwd", "ftp://a/api.php", "http://a:0/", "http://[",
     "http:///api.php"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"is no API\. Write http://… or https://…"):
        Service(url, AGENT)


def test_an_address_with_credentials_is_refused_without_repeating_them() -> None:
    with pytest.raises(UsageError) as caught:
        Service("http://me:secret@127.0.0.1/w/api.php", AGENT)
    assert str(caught.value) == "The URL holds credentials. Write it without them."


def test_without_requests_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(OutsideError) as caught:
        Service("https://example.org/w/api.php", AGENT)
    assert str(caught.value) == (
        "requests is not installed. Install it: pip install 'spacerace-kg[wikidata]'"
    )


def test_a_host_that_fails_three_times_is_asked_no_more(naps: list[float]) -> None:
    with action_api(lambda handler, _: handler.say(403, b"")) as server:
        service = Service(server.url, AGENT)
        for _ in range(3):
            with pytest.raises(OutsideError, match="answered 403"):
                service.items(QIDS, None)
        with pytest.raises(OutsideError) as caught:
            service.items(QIDS, None)
        assert str(caught.value) == (
            f"{server.host} has failed 3 times in a row and is asked no more. "
            "Try later: what was fetched is kept."
        )
        assert len(server.asked) == 3
        endpoint = Endpoint(server.url, AGENT)
        for _ in range(3):
            with pytest.raises(OutsideError, match="answered 403"):
                endpoint.select("SELECT * {}")
        with pytest.raises(OutsideError, match="is asked no more"):
            endpoint.select("SELECT * {}")
        assert len(server.asked) == 6


def test_one_good_answer_closes_the_circuit() -> None:
    circuit = Circuit("h")
    for good in (False, False, True, False, False):
        circuit.tell(good)
        circuit.check()
    circuit.tell(False)
    with pytest.raises(OutsideError, match="h has failed 3 times in a row"):
        circuit.check()


def test_a_query_that_is_wrong_is_not_the_hosts_failure() -> None:
    with action_api(lambda handler, _: handler.say(400, b"no", "text/plain")) as server:
        endpoint = Endpoint(server.url, AGENT)
        for _ in range(5):
            with pytest.raises(UsageError, match="refused the query: no"):
                endpoint.select("SELECT * {}")


def test_no_more_than_two_requests_are_under_way() -> None:
    under_way, most = [0], [0]
    lock = threading.Lock()

    def behave(handler: Handler, count: int) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        threading.Event().wait(0.05)
        with lock:
            under_way[0] -= 1
        entities(handler, count)

    with action_api(behave) as server:
        service = Service(server.url, AGENT)
        asked = [
            threading.Thread(target=service.items, args=([qid], None))
            for qid in ("Q7327", "Q182524", "Q43653", "Q1615", "Q104859", "Q5")
        ]
        for thread in asked:
            thread.start()
        for thread in asked:
            thread.join()
        assert len(server.asked) == 6
    assert most == [2]


def test_what_was_asked_today_is_not_asked_again(
    api: Server,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = Service(api.url, AGENT, Cache(tmp_path)).items(QIDS, None)
    again = Service(api.url, AGENT, Cache(tmp_path))
    assert again.items(QIDS, None) == first
    assert len(api.asked) == 1
    again.items(QIDS, ["P569"])  # another reading of the same answer
    assert len(api.asked) == 1
    again.items(QIDS[:1], None)
    assert len(api.asked) == 2
    Service(api.url, AGENT, Cache(tmp_path, fresh=True)).items(QIDS, None)
    assert len(api.asked) == 3
    for path in tmp_path.glob("*/*"):
        path.write_bytes(b"damaged")
    again.items(QIDS, None)
    assert len(api.asked) == 4
    for path in tmp_path.glob("*/*"):
        path.write_bytes(gzip.compress(b"{}"))
    again.items(QIDS, None)
    assert len(api.asked) == 5
    monkeypatch.setattr(cache_module, "today", lambda: "2031-01-01")
    again.items(QIDS, None)
    assert len(api.asked) == 6
    assert [path.name for path in tmp_path.iterdir()] == ["2031-01-01"]  # the old day has gone


def test_a_bad_answer_is_not_kept(tmp_path: Path) -> None:
    with action_api(first_then_good(200, {})) as server:
        service = Service(server.url, AGENT, Cache(tmp_path))
        with pytest.raises(OutsideError, match="is no item"):
            service.items(QIDS, None)
        assert sorted(service.items(QIDS, None)) == sorted(QIDS)


def test_other_folders_in_the_cache_are_left_alone(tmp_path: Path) -> None:
    for name in ("2020-01-01", "mine", "2020-01-01x"):
        (tmp_path / name).mkdir()
    cache = Cache(tmp_path)
    cache.keep(b"body", "key", "two")
    assert cache.get("key", "two") == b"body"
    assert cache.get("key\0two") == b"body"
    assert cache.get("keytwo") is None
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"mine", "2020-01-01x", cache_module.today()}


def test_a_cache_in_a_place_that_is_a_file_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    cache.keep(b"body", "key")
    assert cache.get("key") is None


EMPTY = {"head": {"vars": ["a"]}, "results": {"bindings": []}}


def test_queries_go_packed_and_politely_too(naps: list[float]) -> None:
    def behave(handler: Handler, count: int) -> None:
        if count == 1:
            handler.say(405, b"", Retry_After="2")
        else:
            body = gzip.compress(json.dumps(EMPTY).encode())
            handler.say(200, body, RESULTS, Content_Encoding="gzip")

    with action_api(behave) as server:
        assert Endpoint(server.url, AGENT).select("SELECT ?a {}").columns == ["a"]
        assert len(server.asked) == 2
        assert server.asked[0].headers["Accept-Encoding"] == "gzip"
        assert server.asked[0].headers["User-Agent"] == AGENT
    assert naps == [2]
    with action_api(lambda handler, _: handler.say(405, b"")) as server:
        with pytest.raises(OutsideError, match="takes no query by POST"):
            Endpoint(server.url, AGENT).select("SELECT ?a {}")
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "type_", "told"),
    [
        (b"<html>", "text/html", "answered with text/html, not a SPARQL result"),
        (DEEP, RESULTS, "answered with damaged JSON"),
        (b"[]", RESULTS, "answered with JSON that is no result"),
        (b'{"head": {"vars": ["a"]}', RESULTS, "answered with damaged JSON"),
    ],
)
def test_what_is_no_result_is_refused(body: bytes, type_: str, told: str) -> None:
    with (
        action_api(lambda handler, _: handler.say(200, body, type_)) as server,
        pytest.raises(OutsideError, match=told),
    ):
        Endpoint(server.url, AGENT).select("SELECT ?a {}")


def test_a_packed_result_that_breaks_off_is_refused() -> None:
    half = gzip.compress(json.dumps(EMPTY).encode())[:-9]
    behave: Behave = lambda h, _: h.say(200, half, RESULTS, Content_Encoding="gzip")  # noqa: E731
    with action_api(behave) as server, pytest.raises(OutsideError, match="broke off in the middle"):
        Endpoint(server.url, AGENT).select("SELECT ?a {}")
    damaged: Behave = lambda h, _: h.say(200, b"no", RESULTS, Content_Encoding="gzip")  # noqa: E731
    with action_api(damaged) as server, pytest.raises(OutsideError, match="damaged gzip"):
        Endpoint(server.url, AGENT).select("SELECT ?a {}")


WD, PROP = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/"
WB = "http://wikiba.se/ontology#"


def graph(*triples: tuple[str, str]) -> Behave:
    """Return a server's way to tell of one statement of Q7327, with these predicates."""

    def behave(handler: Handler, _: int) -> None:
        text = handler.asked.form["query"]
        rows: list[dict[str, object]] = []
        names = text[text.index("DISTINCT") + 8 : text.index(" WHERE")].replace("?", "").split()
        if "?claim ?statement ?p" in text:
            for predicate, content in triples:
                iri = content.startswith("http")
                term = {"type": "uri" if iri else "literal", "value": content}
                if content[:1] == "+":
                    term["datatype"] = "http://www.w3.org/2001/XMLSchema#dateTime"
                uris = (WD + "Q7327", PROP + "P569", WD + "statement/Q7327-a", predicate)
                row = {n: {"type": "uri", "value": v} for n, v in zip(names[:4], uris, strict=True)}
                rows.append({**row, "o": term})
        content = {"head": {"vars": names}, "results": {"bindings": rows}}
        handler.say(200, content, RESULTS)

    return behave


RANK = (f"{WB}rank", f"{WB}NormalRank")


@pytest.mark.parametrize(
    ("triples", "told"),
    [
        ([RANK], "Q7327 has a statement of P569 with 0 values"),
        ([RANK, (PROP + "statement/P569", "a"), (PROP + "statement/P569", "b")],
         "Q7327 has a statement of P569 with 2 values"),
        ([(PROP + "statement/P569", "a")], "not enough values to unpack"),
        ([(f"{WB}rank", f"{WB}BestRank"), (PROP + "statement/P569", "a")], f"'{WB}BestRank'"),
        ([RANK, (PROP + "statement/P569", "+1934-03-09T00:00:00Z")],
         "a value of P569 has no node with its precision or unit"),
        ([RANK, (PROP + "statement/P569", "+1934-03-09T00:00:00Z"),
          (PROP + "statement/value/P569", "http://www.wikidata.org/value/a")],
         "a value's node lacks its parts"),
    ],
)  # fmt: skip
def test_a_graph_that_is_not_wikidatas_is_refused(
    triples: list[tuple[str, str]], told: str
) -> None:
    with action_api(graph(*triples)) as server, pytest.raises(OutsideError) as caught:
        Endpoint(server.url, AGENT).items(["Q7327"], None)
    start = f"{server.url} does not keep to Wikidata's statement model: {told}"
    assert str(caught.value).startswith(start)


def test_a_statement_of_a_graph_is_read_with_what_it_says() -> None:
    triples = [
        RANK, (PROP + "statement/P569", "text"),
        (PROP + "qualifier/P580", "http://www.wikidata.org/.well-known/genid/0a"),
        (PROP + "qualifier/P642", WD + "Q5"), (PROP + "qualifier/P642", WD + "P31"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", PROP + "novalue/P582"),
    ]  # fmt: skip
    with action_api(graph(*triples)) as server:
        item = Endpoint(server.url, AGENT).items(["Q7327"], None)["Q7327"]
    (statement,) = item.statements["P569"]
    assert statement.id == "Q7327$a"
    said = {p: [(v.kind, v.text) for v in values] for p, values in statement.qualifiers.items()}
    assert said == {
        "P580": [("somevalue", "")],
        "P582": [("novalue", "")],
        "P642": [("item", "Q5"), ("string", "P31")],
    }


def test_a_deadline_holds_whatever_is_waited_for() -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        within(start + 0.1, lambda: threading.Event().wait(5))
    assert time.monotonic() - start < 1
    assert within(time.monotonic() + 5, lambda: None) is None
    with pytest.raises(KeyError, match="there"):
        within(time.monotonic() + 5, lambda: {}["there"])


def test_pauses_are_as_asked_or_grow() -> None:
    assert pause("7", 1) == (7, True)
    assert pause("9" * 5000, 1) == (float("inf"), True)
    assert pause(formatdate(time.time() - 60), 1) == (0, True)
    for said in ("", "soon", "-1", "٣"):
        waits = [pause(said, attempt) for attempt in (1, 2, 3)]
        assert [asked for _, asked in waits] == [False] * 3
        assert all(2**n / 2 <= wait <= 2**n * 1.5 for n, (wait, _) in enumerate(waits))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("SPACERACE_CONTACT", raising=False)
    return tmp_path


def test_a_contact_is_asked_for_once_and_kept(home: Path) -> None:
    asked = []

    def ask() -> str:
        asked.append(1)
        return "someone@example.org\n"

    expected = f"spacerace-kg/{__version__} (+https://w3id.org/spacerace; someone@example.org)"
    assert user_agent(ask) == expected
    assert settings().read_text() == "someone@example.org\n"
    assert user_agent(ask) == expected
    assert user_agent() == expected
    assert asked == [1]


def test_the_environment_goes_before_what_is_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACERACE_CONTACT", "https://example.org/me?a=b")
    assert user_agent(lambda: "no").endswith("; https://example.org/me?a=b)")
    assert not settings().exists()


@pytest.mark.parametrize(
    "contact",
    ["me", "me@", "@example.org", "a@b", "a@example.org\r\nX: y", "a@example.org)", "ftp://a.org",
     "http://exa(mple.org", "http://a\u00e9.org", "a b@example.org", "https://a.org/" + "x" * 300],
)  # fmt: skip
def test_what_is_no_contact_is_refused_and_not_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch, contact: str
) -> None:
    with pytest.raises(UsageError, match="is no contact"):
        user_agent(lambda: contact)
    assert not settings().exists()
    monkeypatch.setenv("SPACERACE_CONTACT", contact)
    with pytest.raises(UsageError, match="is no contact"):
        user_agent()


def test_without_a_contact_nothing_is_asked(home: Path) -> None:
    with pytest.raises(UsageError, match="Set SPACERACE_CONTACT to your mail address"):
        user_agent()
    with pytest.raises(UsageError, match="Wikidata asks its users for a contact"):
        user_agent(lambda: "\n")
