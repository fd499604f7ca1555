"""``spacerace wikidata snapshot``: the same from the API and from SPARQL, and resumable."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from answering import Handler
from asking import command, environment, make_root, oxigraph_server, run
from wikidata_server import (
    CONTACT,
    LINKED,
    SNAPSHOT,
    action_api,
    entities,
    tiny_snapshot,
    tiny_wikidata,
)  # fmt: skip

from spacerace_kg import DataError, OutsideError, UsageError, cli
from spacerace_kg.answers import Term
from spacerace_kg.names import WD
from spacerace_kg.wikidata import cache, fetching, model
from spacerace_kg.wikidata.endpoint import Endpoint
from spacerace_kg.wikidata.fetching import fetch, take
from spacerace_kg.wikidata.service import Service
from spacerace_kg.wikidata.snapshots import item_line, read_item, read_snapshot, write_snapshot


@pytest.fixture(scope="module")
def sparql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tiny_wikidata(tmp_path_factory.mktemp("oxigraph")) as url:
        yield url


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the environment of a command that knows the tiny graph and whom to name."""
    folder = tmp_path_factory.mktemp("settings")
    return {
        "SPACERACE_ROOT": str(make_root(folder / "root")),
        "SPACERACE_CACHE": str(folder / "cache"),
        "SPACERACE_CONTACT": CONTACT,
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


def test_the_tiny_snapshot_is_what_the_tiny_wikidata_gives(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "made.jsonl", tiny_snapshot(tmp_path))
    assert (tmp_path / "made.jsonl").read_bytes() == SNAPSHOT.read_bytes(), (
        "The tiny snapshot is out of date. Run: python tests/wikidata_server.py"
    )


def test_the_api_gives_the_same_items_as_sparql(sparql: str) -> None:
    tiny = read_snapshot(SNAPSHOT)
    with action_api() as server:
        made = fetch(Service(server.url, CONTACT), LINKED)
    assert made.items == tiny.items
    assert made.endpoint == server.url


@pytest.mark.parametrize("batch", [1, 3, 50])
def test_it_is_the_same_in_batches_of_any_size(
    sparql: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Endpoint, "batch", batch)
    told: list[str] = []
    made = fetch(Endpoint(sparql, CONTACT), LINKED, ["P569", "P619"], told.append)
    tiny = read_snapshot(SNAPSHOT)
    assert made.properties == ("P31", "P569", "P619")
    assert {q: sorted(made.items[q].statements) for q in ("Q7327", "Q182524", "Q219857")} == {
        "Q7327": ["P31", "P569"],
        "Q182524": ["P31", "P619"],
        "Q219857": [],
    }
    for qid in LINKED:
        for property, statements in made.items[qid].statements.items():
            assert statements == tiny.items[qid].statements[property]
    assert made.classes("Q43653") == {"Q752783", "Q5916"}
    assert told[0] == "linked items: 0 of 14"
    assert len([text for text in told if text.startswith("linked items:")]) == -(-14 // batch)


def test_what_is_named_has_its_name_and_its_place(sparql: str) -> None:
    made = fetch(Endpoint(sparql, CONTACT), ["Q182524", "Q7327"])
    assert {qid: item.labels["en"] for qid, item in made.items.items()} == {
        "Q7327": "Yuri Gagarin",
        "Q182524": "Vostok 1",
        "Q5": "human",
        "Q752783": "human spaceflight",
        "Q5916": "spaceflight",  # above it
        "Q3303767": "Vostok-K",
        "Q15180": "Soviet Union",
        "Q11570": "kilogram",
        "Q7727": "minute",
    }
    assert made.items["Q3303767"].qids("P31") == ["Q697175"]
    assert made.items["Q15180"].statements == {}  # of a state its name is enough


def test_any_rows_are_read_or_refused(sparql: str) -> None:
    """One term after the other is replaced; what is read can be written and read again."""
    endpoint = Endpoint(sparql, CONTACT)
    asked = model.queries(LINKED, None)
    rows = {name: endpoint.select(text).terms for name, text in asked.items()}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    pool = [
        None, Term("bnode", "b"), Term("iri", ""), Term("iri", f"{WD}Q5"), Term("iri", f"{WD}P5"),
        Term("iri", "http://www.wikidata.org/prop/novalue/P569"), Term("literal", "NaN"),
        Term("literal", "1e999999999", xsd + "decimal"), Term("literal", "text", "", "en"),
        Term("literal", "9" * 5000, xsd + "integer"), Term("literal", "x", xsd + "dateTime"),
        Term("iri", "http://wikiba.se/ontology#timeValue"), Term("literal", "\ud800"),
    ]  # fmt: skip
    chance = random.Random(1957)
    read = 0
    for _ in range(600):
        name = chance.choice(list(rows))
        place, row = chance.choice(list(enumerate(rows[name])))
        changed = list(row)
        changed[chance.randrange(len(row))] = chance.choice(pool)
        mutated = [*rows[name][:place], tuple(changed), *rows[name][place + 1 :]]
        with contextlib.suppress(ValueError, LookupError, ArithmeticError):  # told as a message
            for item in model.read_rows(LINKED, {**rows, name: mutated}).values():
                assert read_item(item_line(item), "here") == item
            read += 1
    assert 100 < read < 500


def test_the_command_fetches_from_sparql(
    sparql: str, settings: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "s.jsonl.gz"
    done = run("wikidata", "snapshot", str(path), "--endpoint", sparql, **settings)
    assert done.stdout == (
        f"{path}: 3 linked items of {cache.today()}, 0 merged, 0 deleted; 6 more that they name\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    made = read_snapshot(path)
    assert made.endpoint == sparql
    assert {"P31", "P569", "P570", "P619", "P620", "P1029"} <= set(made.properties)
    assert "P18" not in made.properties
    assert "P18" not in made.items["Q7327"].statements
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_fetches_from_an_api(settings: dict[str, str], tmp_path: Path) -> None:
    with action_api() as server:
        arguments = ("wikidata", "snapshot", "--endpoint", server.url, "--properties")
        done = subprocess.run(
            command(*arguments, "all", "--negative"),
            cwd=tmp_path, env=environment(**settings), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.stdout.startswith(f"wikidata-{cache.today()}.jsonl.gz: 3 linked items")
        assert server.asked[0].headers["User-Agent"].endswith(f"; {CONTACT})")
        assert server.asked[0].form["ids"] == "Q7327|Q15180|Q182524"
        # What has been asked today is not asked again, unless it is asked for.
        asked = len(server.asked)
        path = str(tmp_path / "again.jsonl")
        run(*arguments, "P569,P18", path, **settings)
        assert len(server.asked) == asked + 1  # fewer items are named, in one other batch
        made = read_snapshot(Path(path))
        assert made.properties == ("P18", "P31", "P569")
        assert made.items["Q7327"].best("P18")[0].value.text == "A portrait, 1961.jpg"
        run(*arguments, "P569", path, "--fresh", **settings)
        assert len(server.asked) > asked + 2


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--properties", "P569;P1"], 2, "invalid list such as P18,P856 value: 'P569;P1'"),
        (["--timeout", "0", "x"], 2, "invalid number of seconds value: '0'"),
        (["--endpoint", "file:///etc/passwd"], 2, "'file:///etc/passwd' is no endpoint."),
        (["--endpoint", "ftp://a/api.php"], 2, "'ftp://a/api.php' is no API."),
        (["/no/such/folder/s.jsonl"], 2, "There is no folder /no/such/folder. Make it"),
    ],
)
def test_a_wrong_call_is_told_of(
    settings: dict[str, str], arguments: list[str], status: int, told: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        command("wikidata", "snapshot", *arguments), cwd=tmp_path, env=environment(**settings),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_asked_without_a_contact(settings: dict[str, str], tmp_path: Path) -> None:
    with action_api() as server:
        done = run(
            "wikidata", "snapshot", str(tmp_path / "s.jsonl"), "--endpoint", server.url,
            **{**settings, "SPACERACE_CONTACT": ""},
        )  # fmt: skip
        assert server.asked == []
    assert done.returncode == 2
    assert done.stderr == (
        "spacerace: Wikidata asks its users for a contact, to write to before it shuts anybody "
        "out. Set SPACERACE_CONTACT to your mail address or the URL of a page about you.\n"
    )


def whole(folder: Path) -> bytes:
    """Return the bytes of a snapshot that was fetched in one go."""
    with action_api() as server:
        take(folder / "whole.jsonl", Service(server.url, CONTACT), LINKED)
    return (folder / "whole.jsonl").read_bytes().replace(server.url.encode(), b"URL")


def test_a_run_that_failed_is_taken_up_where_it_broke_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service, "batch", 4)
    path, part = tmp_path / "s.jsonl", tmp_path / "s.jsonl.part"
    fails = [True]

    def behave(handler: Handler, count: int) -> None:
        if count == 3 and fails[0]:
            handler.say(403, b"")
        else:
            entities(handler, count)

    with action_api(behave) as server:
        with pytest.raises(OutsideError, match="answered 403"):
            take(path, Service(server.url, CONTACT), LINKED)
        assert not path.exists()
        begun = part.read_text()
        assert len(begun.splitlines()) == 9  # the head, and twice four items
        assert len(server.asked) == 3
        # As if it had been killed in the middle of a line.
        part.write_text(begun + '{"qid":"Q43653","lab')
        fails[0] = False
        told: list[str] = []
        take(path, Service(server.url, CONTACT), LINKED, tell=told.append)
        assert told[0] == f"{part}: 8 items of {cache.today()} are there already"
        assert not part.exists()
        asked = [qid for request in server.asked[3:] for qid in request.form["ids"].split("|")]
        assert not set(asked) & {json.loads(line)["qid"] for line in begun.splitlines()[1:]}
        assert path.read_bytes().replace(server.url.encode(), b"URL") == whole(tmp_path)


def test_a_run_that_was_killed_is_taken_up(settings: dict[str, str], tmp_path: Path) -> None:
    path, part = tmp_path / "s.jsonl", tmp_path / "s.jsonl.part"
    reached, goes_on = threading.Event(), threading.Event()

    def behave(handler: Handler, count: int) -> None:
        if count == 2 and not goes_on.is_set():
            reached.set()
            goes_on.wait(20)
        entities(handler, count)

    with action_api(behave) as server:
        arguments = ("wikidata", "snapshot", str(path), "--endpoint", server.url, "--fresh")
        process = subprocess.Popen(command(*arguments), env=environment(**settings))
        assert reached.wait(20)
        busy = run(*arguments, **settings)
        assert busy.returncode == 3
        assert busy.stderr == f"spacerace: {part}: another run is fetching into it. Wait for it.\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        goes_on.set()
        assert not path.exists()
        assert len(part.read_text().splitlines()) == 4
        asked = len(server.asked)
        done = run(*arguments, **settings)
        assert done.returncode == 0, done.stderr
        assert "Q182524" not in "|".join(r.form["ids"] for r in server.asked[asked:]).split("|")
    assert not part.exists()
    assert len(read_snapshot(path).items) == 9


HEAD = {"endpoint": "https://example.org/api.php", "properties": ["P31", "P569"]}


class Nowhere:
    """A source that must not be asked."""

    endpoint = HEAD["endpoint"]
    batch = 50

    def items(self, qids: object, properties: object) -> dict[str, object]:
        raise AssertionError("asked")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]\n", ":1: this is no part of a snapshot. Remove the file."),
        ("{\n", ":1: this is no part of a snapshot. Remove the file."),
        ("{}\n", ":1: this is no part of a snapshot. Remove the file."),
        ("[" * 100_000 + "\n", ":1: this is no part of a snapshot. Remove the file."),
        (json.dumps({**HEAD, "date": "soon"}) + "\n",
         ":1: this is no part of a snapshot. Remove the file."),
        (json.dumps({**HEAD, "endpoint": "e", "date": cache.today()}) + '\n{"qid":"Q1"}\n',
         ": was begun for other properties or from another endpoint. Remove it, or name another "
         "file."),
        (json.dumps({**HEAD, "date": cache.today()}) + '\n{"qid":"Q1"}\n{"qid":"Q0"}\n',
         ":3: this is no item ('Q0' is no id of Wikidata). Fetch the snapshot again."),
    ],
)  # fmt: skip
def test_a_part_that_does_not_fit_is_refused(tmp_path: Path, text: str, told: str) -> None:
    part = tmp_path / "s.jsonl.part"
    part.write_text(text)
    with pytest.raises(DataError) as caught:
        take(tmp_path / "s.jsonl", Nowhere(), ["Q1"], ["P569"])  # type: ignore[arg-type]
    assert str(caught.value) == f"{part}{told}"
    assert part.read_text() == text


@pytest.mark.parametrize(
    "text", ["", '{"endp', json.dumps({**HEAD, "date": "2020-01-01"}) + '\n{"qid":"Q1"}\n']
)
def test_a_part_that_is_empty_or_old_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.jsonl"
    path.with_name("s.jsonl.part").write_text(text)
    with action_api() as server:
        made = take(path, Service(server.url, CONTACT), ["Q182524"])
    assert made.date == cache.today()
    assert "Q1" not in made.items
    assert read_snapshot(path).items == made.items


def test_a_snapshot_bears_the_day_on_which_it_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.jsonl"
    with action_api() as server:
        head = {"endpoint": server.url, "properties": None, "date": "2026-11-20"}
        path.with_name("s.jsonl.part").write_text(json.dumps(head) + '\n{"qid":"Q1"}\n')
        monkeypatch.setattr(fetching, "today", lambda: "2026-11-22")
        assert take(path, Service(server.url, CONTACT), ["Q182524"]).date == "2026-11-20"
    assert read_snapshot(path).date == "2026-11-20"


def test_a_folder_that_is_not_there_is_told_of_first(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        take(tmp_path / "none" / "s.jsonl", Nowhere(), ["Q1"])  # type: ignore[arg-type]


def test_an_endpoint_that_knows_no_item_is_not_wikidata(tmp_path: Path) -> None:
    """Else every link would seem to be to a deleted item."""
    (tmp_path / "other.ttl").write_text("<a:b> <a:c> <a:d> .")
    with (
        oxigraph_server(tmp_path, [tmp_path / "other.ttl"]) as url,
        pytest.raises(OutsideError) as caught,
    ):
        take(tmp_path / "s.jsonl", Endpoint(url, CONTACT), LINKED)
    assert str(caught.value) == f"{url} knows none of Q1615, Q7327, Q15180 …: is it Wikidata?"
    with action_api() as server:
        made = fetch(Service(server.url, CONTACT), ["Q1159927"])
    assert made.items["Q1159927"].missing


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (action,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def test_every_command_of_the_group_shows_one_example_of_it() -> None:
    group = commands(commands(cli.parser("wikidata"))["wikidata"])
    assert {"snapshot", "check", "compare", "reconcile", "enrich"} <= group.keys()
    for name, made in group.items():
        assert made.epilog
        assert made.epilog.startswith(f"Example: spacerace wikidata {name}")
        words = shlex.split(made.epilog.removeprefix("Example: spacerace "))
        assert callable(cli.parser("wikidata").parse_args(words).run)


def test_a_person_is_asked_for_a_contact_once(settings: dict[str, str], tmp_path: Path) -> None:
    nobody = environment(**settings, PYTHONUNBUFFERED="1")
    nobody.update(SPACERACE_CONTACT="", XDG_CONFIG_HOME=str(tmp_path / "config"))
    with action_api() as server:
        path = str(tmp_path / "s.jsonl")
        arguments = command("wikidata", "snapshot", path, "--endpoint", server.url, "--fresh")
        outer, inner = os.openpty()
        process = subprocess.Popen(
            arguments, stdin=inner, stderr=inner, stdout=subprocess.PIPE, env=nobody
        )
        os.close(inner)
        said = b""
        while b"Contact: " not in said:
            said += os.read(outer, 1000)
        os.write(outer, b"somebody@example.org\n")
        out, _ = process.communicate(timeout=30)
        os.close(outer)
        assert out.decode().startswith(f"{path}: 3 linked items")
        assert server.asked[0].headers["User-Agent"].endswith("; somebody@example.org)")
        # From then on it is known, and a run without a terminal needs not ask.
        done = subprocess.run(arguments, env=nobody, capture_output=True, text=True, timeout=30)
        assert (done.returncode, done.stderr) == (0, "")
        assert server.asked[-1].headers["User-Agent"].endswith("; somebody@example.org)")
