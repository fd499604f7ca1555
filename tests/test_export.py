"""Exports: every format holds exactly the graph's triples, the same bytes each time, or nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from asking import environment, make_root

from spacerace_kg import DataError, UsageError, __version__, export
from spacerace_kg.export import GRAPH, LAYERS, layer_files
from spacerace_kg.folders import STAGE
from spacerace_kg.importer.shards import shards

# rdflib's own readers use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated, use Dataset:DeprecationWarning")

FORMATS = ("nt", "nq", "trig", "turtle", "rdfxml", "jsonld", "csv")
ENDINGS = {"turtle": "ttl", "rdfxml": "rdf"}
OXIGRAPH = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
RDFLIB = {"nt": "nt", "turtle": "turtle", "rdfxml": "xml", "jsonld": "json-ld"}
LAYERED = LAYERS[:3]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_root(tmp_path_factory.mktemp("export") / "root")


def source(root: Path, layer: str) -> set[ox.Triple]:
    """Return a layer's triples as its Turtle has them."""
    return {
        quad.triple
        for path in layer_files(root, layer)
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    }


def plain_rdflib(triples: set[ox.Triple], monkeypatch: pytest.MonkeyPatch) -> rdflib.Graph:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    text = "".join(f"{triple} .\n" for triple in triples)
    return rdflib.Graph().parse(data=text, format="nt")


@pytest.mark.parametrize("format_", ["nt", "turtle", "rdfxml", "jsonld"])
def test_each_layer_is_read_back_by_two_libraries(
    small: Path, tmp_path: Path, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    files = export.export(small, tmp_path / "out", format_)
    assert [path.name for path in files] == [
        f"{layer}.{ENDINGS.get(format_, format_)}" for layer in LAYERED
    ] + ["manifest.json"]
    for layer, path in zip(LAYERED, files, strict=False):
        wanted = source(small, layer)
        found = list(ox.parse(path=str(path), format=OXIGRAPH[format_]))
        assert {quad.triple for quad in found} == wanted
        assert len(found) == len(wanted)
        graph = rdflib.Graph().parse(str(path), format=RDFLIB[format_])
        assert set(graph) == set(plain_rdflib(wanted, monkeypatch))


@pytest.mark.parametrize("format_", ["nq", "trig"])
def test_each_layer_is_a_named_graph_in_one_file(
    small: Path, tmp_path: Path, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    files = export.export(small, tmp_path / "out", format_)
    assert [path.name for path in files] == [f"spacerace.{format_}", "manifest.json"]
    found: dict[str, set[ox.Triple]] = {}
    for quad in ox.parse(path=str(files[0]), format=OXIGRAPH[format_]):
        found.setdefault(str(quad.graph_name), set()).add(quad.triple)
    assert found == {f"<{GRAPH}{layer}>": source(small, layer) for layer in LAYERED}
    dataset = rdflib.Dataset().parse(str(files[0]), format={"nq": "nquads"}.get(format_, format_))
    for layer in LAYERED:
        graph = dataset.graph(rdflib.URIRef(GRAPH + layer))
        assert set(graph) == set(plain_rdflib(source(small, layer), monkeypatch))


def test_csv_rebuilds_the_triples(small: Path, tmp_path: Path) -> None:
    files = export.export(small, tmp_path / "out", "csv")
    for layer, path in zip(LAYERED, files, strict=False):
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        found = set()
        for row in rows:
            if row["kind"] == "iri":
                value: ox.NamedNode | ox.Literal = ox.NamedNode(row["object"])
            elif row["language"]:
                value = ox.Literal(row["object"], language=row["language"])
            else:
                value = ox.Literal(row["object"], datatype=ox.NamedNode(row["datatype"]))
            subject, predicate = ox.NamedNode(row["subject"]), ox.NamedNode(row["predicate"])
            found.add(ox.Triple(subject, predicate, value))
        assert found == source(small, layer)
        assert len(rows) == len(found)


def canonical(path: Path, format_: ox.RdfFormat) -> set[str]:
    """Return a file's triples with canonical names for blank nodes."""
    dataset = ox.Dataset(ox.parse(path=str(path), format=format_))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize("format_", ["nt", "turtle", "rdfxml", "jsonld"])
def test_the_ontology_with_its_blank_nodes_is_isomorphic(
    small: Path, tmp_path: Path, format_: str
) -> None:
    path, _ = export.export(small, tmp_path / "out", format_, ["ontology"])
    found = canonical(path, OXIGRAPH[format_])
    assert found == canonical(small / "ontology" / "spacerace.ttl", ox.RdfFormat.TURTLE)
    assert len(found) > 500


@pytest.mark.parametrize("format_", FORMATS)
def test_twice_gives_the_same_bytes(small: Path, tmp_path: Path, format_: str) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        export.export(small, folder, format_, LAYERS)
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in two.iterdir())
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


@pytest.mark.parametrize("format_", FORMATS)
def test_the_manifest_is_right(small: Path, tmp_path: Path, format_: str) -> None:
    *files, manifest = export.export(small, tmp_path / "out", format_, LAYERS)
    told = json.loads(manifest.read_text("utf-8"))
    assert (told["version"], told["format"], told["layers"]) == (__version__, format_, list(LAYERS))
    counts = {layer: len(source(small, layer)) for layer in LAYERS}
    wanted = [sum(counts.values())] if format_ in ("nq", "trig") else list(counts.values())
    assert told["files"] == [
        {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "triples": n}
        for path, n in zip(files, wanted, strict=True)
    ]


def test_a_layer_named_twice_is_written_once(small: Path, tmp_path: Path) -> None:
    path, _ = export.export(small, tmp_path / "out", "nq", ["links", "links"])
    lines = path.read_text("utf-8").splitlines()
    assert max(Counter(lines).values()) == 1
    assert len(lines) == len(source(small, "links"))


def test_a_folder_that_holds_something_is_refused(small: Path, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("precious")
    for place in (full, full / "mine"):
        with pytest.raises(UsageError) as caught:
            export.export(small, place, "nt")
        told = f"{place} is not an empty folder, or it is this one. Name a new one."
        assert str(caught.value) == told
    assert (full / "mine").read_text() == "precious"
    assert [path.name for path in full.iterdir()] == ["mine"]


def test_the_current_folder_is_refused(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(UsageError, match=r"^\. is not an empty folder, or it is this one\."):
        export.export(small, Path("."), "nt")


@pytest.mark.parametrize("place", ["empty", "new", "new/deep/er", "link"])
def test_an_empty_or_new_folder_is_filled(small: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    files = export.export(small, tmp_path / place, "nt", ["links"])
    assert [path.relative_to(tmp_path / place).as_posix() for path in files] == [
        "links.nt", "manifest.json",
    ]  # fmt: skip
    assert all(path.is_file() for path in files)
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / place).stat().st_mode & 0o777 == 0o777 & ~mask
    assert [path.name for path in tmp_path.rglob(".spacerace-*")] == []


@pytest.mark.parametrize("layers", [["nonsense"], ["plain", "Plain"], [""], []])
def test_an_unknown_layer_is_refused_and_nothing_is_made(
    small: Path, tmp_path: Path, layers: list[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        export.export(small, tmp_path / "out", "nt", layers)
    last = layers[-1] if layers else ""
    told = f"no layer {last!r}. Choose from: plain, claims, links, ontology."
    assert str(caught.value) == told
    assert list(tmp_path.iterdir()) == []


def test_a_missing_or_damaged_layer_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root")
    path = root / "graph" / "turtle" / "links" / "wikidata.ttl"
    path.write_text("<a:a> <a:b>")
    with pytest.raises(DataError) as caught:
        export.export(root, tmp_path / "out", "nt")
    assert str(caught.value).startswith(f"{path} is damaged: ")
    path.unlink()
    with pytest.raises(DataError) as caught:
        export.export(root, tmp_path / "out", "nt")
    assert str(caught.value) == "The graph has no layer 'links'. Run: spacerace build"
    assert [path.name for path in tmp_path.iterdir()] == ["root"]


def test_a_failure_midway_leaves_nothing(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, count = Path.write_bytes, 0

    def fail(path: Path, content: bytes) -> int:
        nonlocal count
        count += 1
        if count == 2:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail)
    (tmp_path / "out").mkdir()
    with pytest.raises(OSError, match="No space left"):
        export.export(small, tmp_path / "out", "nt")
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


KILL = """
import os, signal, sys
from pathlib import Path
from spacerace_kg import export
write = Path.write_text
Path.write_text = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
export.export(Path(sys.argv[1]), Path(sys.argv[2]), "nt")
"""


def test_a_kill_midway_leaves_no_half_written_folder(small: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILL, str(small), str(tmp_path / "out")],
        env=environment(),
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    files = export.export(small, tmp_path / "out", "nt")
    assert all(path.is_file() for path in files)


def test_what_a_killed_export_left_is_cleared_when_it_is_old(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root")
    left = [tmp_path / f"{STAGE}{name}" for name in ("old", "new")]
    for folder in left:
        (folder / "made").mkdir(parents=True)
    os.utime(left[0], (0, 0))
    for made in ("one", "two"):
        if made == "one":
            export.export(root, tmp_path / made, "nt")
        else:
            shards(root, tmp_path / made, 2)
        assert sorted(path.name for path in tmp_path.glob(".*")) == [left[1].name]
        left[0].mkdir()
        os.utime(left[0], (0, 0))
