"""Shards are the graph, in parts of like size, and the same bytes every time."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from spacerace_kg.cli import main
from spacerace_kg.errors import UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.shards import shards

TURTLE = """@prefix id: <https://w3id.org/spacerace/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.fixture
def small(tmp_path: Path, root: Path) -> Path:
    """Return the root of a small graph with two layers and the ontology."""
    made = tmp_path / "small"
    for layer in ("plain", "claims"):
        folder = made / "graph" / "turtle" / layer
        folder.mkdir(parents=True)
        lines = [
            f'id:{layer}-{n} rdfs:label "Восток {n} \U0001f680"@ru , "line\\nbreak {n}"@en .'
            for n in range(1500)
        ]
        (folder / "all.ttl").write_text(TURTLE + "\n".join(lines), "utf-8")
    (made / "ontology").symlink_to(root / "ontology")
    return made


@pytest.mark.parametrize("number", [1, 3, 8])
def test_parts_put_together_are_the_graph(small: Path, tmp_path: Path, number: int) -> None:
    """Every quad once, none else, in its layer's graph."""
    files = shards(small, tmp_path / "out", number)
    parts = [path for path in files if path.suffix == ".gz"]
    assert len(parts) == number
    store = ox.Store()
    total = 0
    for path in parts:
        lines = gzip.decompress(path.read_bytes()).splitlines()
        assert lines == sorted(lines)
        total += len(lines)
        store.bulk_load(input=b"\n".join(lines), format=ox.RdfFormat.N_QUADS)
    with Meant(small) as meant:
        assert {q.triple for q in store} == {q.triple for q in meant.store}
        assert {str(q.graph_name) for q in store} == {f"<{GRAPH}{x}>" for x in meant.layers}
        assert total == len(meant.store)
    sizes = [json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]]
    quads = [entry["quads"] for entry in sizes[0]]
    assert sum(quads) == total
    assert max(quads) < 1.3 * total / number
    for entry in sizes[0]:
        content = (tmp_path / "out" / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_a_subject_stays_in_one_part_and_bytes_repeat(small: Path, tmp_path: Path) -> None:
    """So that parts can be loaded at the same time, and a changed part be seen."""
    one = shards(small, tmp_path / "one", 4)
    two = shards(small, tmp_path / "two", 4)
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    seen: dict[bytes, str] = {}
    for path in one[:-1]:
        for line in gzip.decompress(path.read_bytes()).splitlines():
            assert seen.setdefault(line.split(b" ", 1)[0], path.name) == path.name


@pytest.mark.parametrize("number", [0, -1, 5000])
def test_a_number_of_shards_that_is_none(small: Path, tmp_path: Path, number: int) -> None:
    """The message says what can be chosen."""
    with pytest.raises(UsageError, match="from 1 to"):
        shards(small, tmp_path / "out", number)


def test_a_folder_in_use_is_left_alone(small: Path, tmp_path: Path) -> None:
    """Nothing is overwritten."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with pytest.raises(UsageError, match="not an empty folder"):
        shards(small, tmp_path / "out", 2)


def test_the_record_in_parts_is_the_record(root: Path, tmp_path: Path) -> None:
    """Every quad of the record's plain layer and links, and no other."""
    layers = ("plain", "links")
    files = shards(root, tmp_path / "out", 8, layers)
    store = ox.Store()
    for path in files[:-1]:
        store.bulk_load(input=gzip.decompress(path.read_bytes()), format=ox.RdfFormat.N_QUADS)
    with Meant(root, layers) as meant:
        meant_quads = {(t, f"<{GRAPH}{layer}>") for layer in layers for t in meant.triples(layer)}
    assert {(q.triple, str(q.graph_name)) for q in store} == meant_quads
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["quads"] == len(meant_quads)
    assert max(entry["quads"] for entry in manifest["files"]) < 1.2 * len(meant_quads) / 8


def test_the_command_writes_parts_and_says_which(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line a file; a wrong number is a wrong call."""
    monkeypatch.setenv("SPACERACE_ROOT", str(small))
    folder = tmp_path / "parts"
    command = ["export", "--layers", "plain,claims", "--shards"]
    assert main([*command, "2", str(folder)]) == 0
    names = ["spacerace-0.nq.gz", "spacerace-1.nq.gz", "manifest.json"]
    assert capsys.readouterr().out == "".join(f"{folder / name}\n" for name in names)
    assert main([*command, "0", str(tmp_path / "none")]) == 2
    assert "from 1 to 512" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"small", "parts"}
