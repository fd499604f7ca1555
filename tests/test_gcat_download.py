"""GCAT's tables from where they are published: fetched once, from a server of our own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from answering import Asked, Handler, answering
from importing import TINY, run, tiny_root

from spacerace_kg.errors import OutsideError, UsageError
from spacerace_kg.gcat import download as module
from spacerace_kg.gcat.download import download, is_url

PLACES = {
    "/gcat/tsv/derived/launchlog.tsv": "launchlog.tsv",
    "/gcat/tsv/tables/sites.tsv": "sites_2024-11-27.tsv",
    "/gcat/tsv/tables/lp.tsv": "lp.tsv",
    "/gcat/tsv/tables/orgs.tsv": "orgs.tsv",
    "/gcat/tsv/platforms.tsv": "platforms.tsv",  # side by side with the others
}


class Published(NamedTuple):
    """The small tables on a server: its URL, what it was asked, and what it gives otherwise."""

    url: str
    asked: list[Asked]
    changed: dict[str, bytes]


@pytest.fixture
def server() -> Iterator[Published]:
    changed: dict[str, bytes] = {}

    def behave(handler: Handler, _: int) -> None:
        path = handler.path
        name = PLACES.get(path, "launchlog.tsv")
        content = changed.get(name) or (TINY / "tables" / name).read_bytes()
        if path.startswith("/slow/"):
            handler.drip(b"HTTP/1.0 200 OK\r\n\r\n", b"#")
        elif path.startswith("/away/"):
            handler.say(302, b"", Location="http://127.0.0.2:9/launchlog.tsv")
        elif path.startswith("/by-ftp/"):
            handler.say(302, b"", Location="ftp://127.0.0.1/launchlog.tsv")
        elif path.startswith("/cut/"):
            handler.say(200, content, Content_Length="1000000")
        elif path.startswith("/broken/"):
            handler.say(500, b"")
        else:
            handler.say(200 if path in PLACES else 404, content)

    with answering(behave, "/gcat/tsv") as made:
        yield Published(made.url, made.asked, changed)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_tables_are_fetched_once_and_kept_under_their_release(server, tmp_path):
    folder = download(server.url, tmp_path)
    assert names(folder) == [
        "launchlog.tsv", "lp_2024-11-27.tsv", "orgs_2026-03-26.tsv", "platforms_2024-01-13.tsv",
        "sites_2024-11-27.tsv",
    ]  # fmt: skip
    agents = [asked.headers["User-Agent"] for asked in server.asked]
    assert {agent.split("/")[0] for agent in agents} == {"spacerace-kg"}
    assert all("(+https://" in agent for agent in agents)
    asked = len(server.asked)
    assert download(server.url + "/", tmp_path) == folder
    assert len(server.asked) == asked


def test_what_was_fetched_can_be_imported(server, tmp_path):
    folder = download(server.url, tmp_path / "cache")
    report = run(folder, tmp_path / "out", tiny_root(tmp_path / "root"))
    assert sum(s.rows for s in report.sums.values()) == 46


def test_newer_release_is_fetched_afresh_and_lies_beside_the_old(server, tmp_path):
    folder = download(server.url, tmp_path)
    lp = (TINY / "tables" / "lp.tsv").read_bytes()
    server.changed["lp.tsv"] = lp.replace(b"2024 Nov 27", b"2025 Jan  2")
    download(server.url, tmp_path, fresh=True)
    assert {"lp_2024-11-27.tsv", "lp_2025-01-02.tsv"} <= set(names(folder))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "http:///tsv", "http://[::1/tsv"]
)
def test_address_that_is_none_is_refused(url, tmp_path):
    assert is_url(url)
    with pytest.raises(UsageError, match=r"is no address of GCAT's tables\. Write http"):
        download(url, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_is_no_address():
    assert [is_url(s) for s in ("tables", "/data/gcat", "C:/gcat", "https://x/")] == [
        False, False, False, True,
    ]  # fmt: skip


def test_server_that_has_no_tables_is_told(server, tmp_path):
    with pytest.raises(OutsideError, match=r"launchlog.tsv answers 404. Name the base URL"):
        download(server.url + "/elsewhere", tmp_path)


def test_server_that_fails_is_told_and_nothing_is_kept(server, tmp_path):
    base = server.url.removesuffix("/gcat/tsv")
    with pytest.raises(OutsideError, match=r"derived/launchlog.tsv answers 500"):
        download(base + "/broken", tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_server_that_never_ends_is_left_at_the_deadline(server, tmp_path):
    base = server.url.removesuffix("/gcat/tsv")
    before = time.monotonic()
    with pytest.raises(OutsideError, match=r"took more than 0\.5 s"):
        download(base + "/slow", tmp_path, seconds=0.5)
    assert time.monotonic() - before < 10


def test_page_in_the_place_of_a_table_is_refused(server, tmp_path):
    server.changed["launchlog.tsv"] = b"<html>Welcome to our hotel's network</html>\n"
    with pytest.raises(OutsideError, match="gives something other than the table launchlog"):
        download(server.url, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_table_beyond_all_measure_is_refused(server, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST", 1000)
    with pytest.raises(OutsideError, match=r"launchlog.tsv cannot be fetched: it is larger than"):
        download(server.url, tmp_path)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("/cut", "it ends too early"),
        ("/away", "it sends on to http://127.0.0.2; name that address yourself"),
        ("/by-ftp", "it sends on to ftp://127.0.0.1; name that address yourself"),
    ],
)
def test_answer_that_is_cut_off_or_from_elsewhere_is_refused(server, tmp_path, place, told):
    base = server.url.removesuffix("/gcat/tsv")
    with pytest.raises(OutsideError, match=rf"launchlog.tsv cannot be fetched: {told}"):
        download(base + place, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_address_with_credentials_is_refused_without_repeating_them(tmp_path):
    with pytest.raises(UsageError) as caught:
        download("http://me:secret@127.0.0.1:9/gcat", tmp_path)
    assert str(caught.value) == "The URL holds credentials. Write it without them."


def test_server_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OutsideError, match=r"cannot be fetched: <urlopen error .*refused"):
        download("http://127.0.0.1:9/gcat", tmp_path)
