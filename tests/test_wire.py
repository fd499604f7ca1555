"""The wire to a triple store: real local servers that drip, ask for patience, or for a digest."""

from __future__ import annotations

import gzip
import time
from email.utils import formatdate

import pytest
from answering import Handler, answering

from spacerace_kg.errors import OutsideError, UsageError
from spacerace_kg.importer.wire import PASSWORD, USER, Wire

DIGEST = 'Digest realm="store", nonce="once", qop="auth", algorithm=MD5'


def failure(url: str, seconds: float) -> str:
    """Return what is said when a request fails, in time."""
    start = time.monotonic()
    with pytest.raises(OutsideError) as caught:
        Wire(url).request("POST", url, data=b"x", timeout=seconds)
    assert time.monotonic() - start < seconds + 2
    return str(caught.value).replace(url.removeprefix("http://").rstrip("/"), "HOST")


@pytest.mark.parametrize(
    "url", ["", "localhost:3030", "ftp://a/", "http://[::1/", "http://a:99999/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Wire(url)
    assert str(caught.value) == f"{url!r} is no store. Write http://… or https://…"


def test_an_address_with_credentials_is_refused_without_repeating_them() -> None:
    with pytest.raises(UsageError) as caught:
        Wire("http://me:secret@127.0.0.1/")
    assert str(caught.value) == (
        "The URL holds credentials. Write it without them, and set SPACERACE_USER and "
        "SPACERACE_PASSWORD, or write them into ~/.netrc."
    )


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Drip: ", b"HTTP/1.1 200 OK\r\n\r\n", b""])
def test_a_server_that_drips_is_left_at_the_deadline(head: bytes) -> None:
    """A byte now and then, in a header, body or status: each sets a socket's clock anew."""
    with answering(lambda handler, _: handler.drip(head, b"H")) as server:
        said = failure(server.url, 0.6)
    assert said == "HOST did not answer within 1 s. Raise --timeout, or try later."


def test_it_waits_as_long_as_it_is_asked_to(naps: list[float]) -> None:
    """In seconds, or until a moment; a thing that only looks like a digit is no number."""
    moment = formatdate(time.time() + 9, usegmt=True)
    for said, least, most in (("7", 7, 7), (moment, 7, 9), ("²", 0.5, 1.5)):
        with answering(
            lambda handler, n, said=said: handler.say(
                503 if n == 1 else 200, b"told", Retry_After=said
            )
        ) as server:
            assert Wire(server.url).request("POST", server.url, data=b"x").body == b"told"
            assert len(server.asked) == 2
        assert least <= naps.pop() <= most
        assert naps == []


def test_a_wait_beyond_the_deadline_is_told_and_not_made(naps: list[float]) -> None:
    """With the seconds only where the server named them."""
    for said, told in (("600", " and asks to wait 600 s"), ("soon", "")):
        with answering(
            lambda handler, _, said=said: handler.say(503, b"", Retry_After=said)
        ) as server:
            assert failure(server.url, 5) == (
                f"HOST is busy (503){told}. Try later: what was done so far is kept."
            )
        naps.clear()


def test_a_digest_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for every chunk, which would travel twice."""
    monkeypatch.setenv(USER, "curator")
    monkeypatch.setenv(PASSWORD, "korolev-1957")

    def behave(handler: Handler, _: int) -> None:
        if handler.headers.get("Authorization", "").startswith("Digest "):
            handler.say(200, b"")
        else:
            handler.say(401, b"", WWW_Authenticate=DIGEST)

    with answering(behave) as server:
        wire = Wire(server.url)
        assert [wire.request("POST", server.url, data=b"x").status for _ in range(3)] == [200] * 3
        asked = [request.headers.get("Authorization", "") for request in server.asked]
        counts = [part for text in asked for part in text.split(", ") if part.startswith("nc=")]
    assert (len([text for text in asked if not text]), counts) == (
        2, ["nc=00000001", "nc=00000002", "nc=00000003"],
    )  # fmt: skip


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "br", "DEFLATE"])
def test_a_packed_answer_is_refused_unopened(coding: str) -> None:
    bomb = gzip.compress(gzip.compress(b"0" * 10_000_000))
    with answering(lambda handler, _: handler.say(200, bomb, Content_Encoding=coding)) as server:
        told = f"HOST answered in {coding.lower()}, which nobody asked for."
        assert failure(server.url, 5) == told
