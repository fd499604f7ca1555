"""``spacerace load`` and ``spacerace verify`` as a user runs them: texts, statuses, passwords."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import servers
from harness import CHECKOUT, small, spacerace, started

from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.wire import PASSWORD, USER

LAYERS = ("--layers", "plain,ontology")
QUICK = ("--check", "counts")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the root of a small graph."""
    return small(tmp_path_factory.mktemp("small") / "root")


@pytest.fixture(scope="module")
def total(root: Path) -> int:
    """Return the triples of the small graph."""
    with Meant(root, ("plain", "ontology")) as meant:
        return meant.counts()["triples"][""]


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[servers.Running]:
    """Return a running Oxigraph server."""
    with started("oxigraph", tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def fuseki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Running]:
    """Return a running Fuseki server that asks for a password."""
    with started("fuseki with a password", tmp_path_factory.mktemp("fuseki")) as running:
        yield running


def test_from_nothing_to_a_verified_answer(
    oxigraph: servers.Running, root: Path, total: int, tmp_path: Path
) -> None:
    """Planned, loaded, verified, loaded again, asked."""
    url = oxigraph.url
    planned = spacerace("load", url, *LAYERS, "--dry-run", root=root)
    assert planned.returncode == 0, planned.stderr
    assert planned.stderr.startswith(f"spacerace: {total:,} triples would be loaded in Oxigraph 0.")
    lines = planned.stdout.splitlines()
    assert lines[0].endswith(f"; ask at {url}/query, update at {url}/update")
    assert lines[2].startswith(f"POST {url}/store?graph={{g}}: plain, ontology, {total:,} triples")
    assert lines[4:7] == [
        "compare it there triple by triple, and the answers to every canned question",
        "write the probe set to a graph beside it, read it back, drop it",
        f"then, in one update: COPY GRAPH <{lines[2].rpartition(' ')[2]}> TO DEFAULT",
    ]

    missing = spacerace("verify", url, *LAYERS, root=root)
    assert missing.returncode == 1
    assert re.search(rf"^triples in all +{total:,} +0 +DIFFERS", missing.stdout, re.MULTILINE)
    assert "checks fail: triples in all, " in missing.stderr

    loaded = spacerace("load", url, *LAYERS, root=root)
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.splitlines()[0] == f"staged and counted {total:,} triples"
    assert loaded.stderr.startswith(f"spacerace: {total:,} triples loaded in Oxigraph 0.")

    verified = spacerace("verify", url, *LAYERS, "--probe", root=root)
    assert verified.returncode == 0, verified.stdout
    assert "DIFFERS" not in verified.stdout
    assert "the graph is there, whole, and answers as it should." in verified.stderr

    again = spacerace("load", url, *LAYERS, "--json", root=root)
    assert again.returncode == 0
    outcome = json.loads(again.stdout)
    assert (outcome["changed"], outcome["triples"]) == (False, total)
    assert outcome["steps"] == ["everything is there already"]

    other = small(tmp_path / "other", 20, "Other")
    refused = spacerace("load", url, *LAYERS, root=other)
    assert refused.returncode == 2
    assert f"the default graph holds {total:,} triples" in refused.stderr
    assert "--replace" in refused.stderr
    assert "--append" in refused.stderr
    differs = spacerace("verify", url, *LAYERS, "--json", root=other)
    assert differs.returncode == 1
    verdict = json.loads(differs.stdout)
    assert verdict["well"] is False
    assert {c["what"]: c["found"] for c in verdict["checks"]}["triples in all"] == total
    both = spacerace("load", url, *LAYERS, "--replace", "--append", root=other)
    assert (both.returncode, "exclude each other" in both.stderr) == (2, True)


def test_one_changed_letter_is_found_and_named(
    oxigraph: servers.Running, root: Path, tmp_path: Path
) -> None:
    """The counts are the same; the triple is not."""
    assert spacerace("load", oxigraph.url, *LAYERS, *QUICK, root=root).returncode == 0
    changed = small(tmp_path / "changed")
    path = changed / "graph" / "turtle" / "plain" / "missions.ttl"
    path.write_text(path.read_text().replace('"Mission 7"', '"Mission SEVEN"'))
    found = spacerace("verify", oxigraph.url, *LAYERS, "--json", root=changed)
    assert found.returncode == 1
    checks = {check["what"]: check for check in json.loads(found.stdout)["checks"]}
    assert checks["triples in all"]["well"]
    assert not checks["triple by triple"]["well"]
    assert "missing: <https://w3id.org/spacerace/id/m-7>" in checks["triple by triple"]["note"]
    assert "'Mission 7'" in checks["triple by triple"]["note"]
    refused = spacerace("load", oxigraph.url, *LAYERS, root=changed)
    assert refused.returncode == 2, "it is not the same, though every count is"


def test_what_is_no_store_and_what_is_no_option(root: Path) -> None:
    """Each with the status that scripts rely on, and a message that helps."""
    down = f"http://127.0.0.1:{servers.free_port()}"
    gone = spacerace("load", down, *LAYERS, root=root)
    assert (gone.returncode, "cannot be reached" in gone.stderr) == (3, True)
    kind = spacerace("verify", down, *LAYERS, "--store", "sqlite", root=root)
    assert (kind.returncode, "Choose from: fuseki" in kind.stderr) == (2, True)
    layer = spacerace("load", down, "--layers", "plain,fiction", root=root)
    assert (layer.returncode, "no layer 'fiction'" in layer.stderr) == (2, True)
    chunk = spacerace("load", down, "--chunk", "0", root=root)
    assert (chunk.returncode, "number of triples" in chunk.stderr) == (2, True)
    secret = spacerace("load", "http://dba:korolev@127.0.0.1:1/", *LAYERS, root=root)
    assert (secret.returncode, "korolev" in secret.stderr) == (2, False)


def test_passwords_from_the_environment_and_netrc(
    fuseki: servers.Running, root: Path, total: int, tmp_path: Path
) -> None:
    """None is refused with a way out, a wrong one is not shown, either place will do."""
    nobody = spacerace("load", fuseki.url, *LAYERS, root=root, HOME=str(tmp_path))
    assert (nobody.returncode, USER in nobody.stderr) == (3, True)
    wrong = {USER: fuseki.user, PASSWORD: "not-the-word"}
    refused = spacerace("load", fuseki.url, *LAYERS, root=root, **wrong)
    assert (refused.returncode, "not-the-word" in refused.stderr) == (3, False)

    netrc = tmp_path / ".netrc"
    netrc.write_text(f"machine 127.0.0.1 login {fuseki.user} password {fuseki.password}\n")
    netrc.chmod(0o600)
    loaded = spacerace("load", fuseki.url, *LAYERS, *QUICK, root=root, HOME=str(tmp_path))
    assert loaded.returncode == 0, loaded.stderr
    assert f"{total:,} triples loaded in Apache Jena Fuseki" in loaded.stderr
    right = {USER: fuseki.user, PASSWORD: fuseki.password}
    again = spacerace("load", fuseki.url, *LAYERS, root=root, **right)
    assert f"{total:,} triples there already" in again.stderr
    assert fuseki.password not in loaded.stdout + loaded.stderr + again.stdout + again.stderr


def test_a_password_is_asked_for_at_a_terminal(
    fuseki: servers.Running, root: Path, tmp_path: Path
) -> None:
    """What is typed is not shown."""
    ours, theirs = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k not in (USER, PASSWORD)}
    process = subprocess.Popen(
        [sys.executable, "-m", "spacerace_kg", "load", fuseki.url, *LAYERS, "--dry-run"],
        stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={
            **kept, "PYTHONPATH": str(CHECKOUT), "SPACERACE_ROOT": str(root), "HOME": str(tmp_path)
        },
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        for prompt, typed in ((b"User: ", fuseki.user), (b"Password: ", fuseki.password)):
            while prompt not in shown:
                shown += os.read(ours, 1000)
            os.write(ours, typed.encode() + b"\n")
        out, _ = process.communicate(timeout=120)
        while True:
            try:
                shown += os.read(ours, 1000)
            except OSError:  # the other end is closed
                break
    finally:
        process.kill()
        os.close(ours)
    assert process.returncode == 0, shown
    assert out.startswith("store: Apache Jena Fuseki")
    assert fuseki.password.encode() not in shown
