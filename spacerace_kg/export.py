"""Export: the graph in the formats that other programs read, with a manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from spacerace_kg import __version__, paths
from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.folders import filled, vacant
from spacerace_kg.names import PREFIXES
from spacerace_kg.turtle import quads

GRAPH = "https://w3id.org/spacerace/graph/"
LAYERS = ("plain", "claims", "links", "ontology")
_FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_ENDINGS = {"turtle": "ttl", "rdfxml": "rdf"}
_QUADS = ("nq", "trig")


def export(
    root: Path,
    folder: Path,
    format_: str,
    layers: Sequence[str] = LAYERS[:3],
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write layers of the graph under a root to a new or empty folder; return the files written.

    The folder appears whole or not at all. Raises UsageError for a layer that does not exist or a
    folder that holds something, DataError if a layer is missing or damaged.

    Formats with named graphs (nq, trig) put each layer into the graph ``…/graph/LAYER`` of one
    file; the others make a file a layer. Triples are sorted, so that an export is reproducible.
    ``manifest.json`` holds, for each file, its SHA-256, its triples and the version.
    """
    layers = list(dict.fromkeys(layers))
    check_layers(root, layers or [""])
    target = vacant(folder)
    found = {}
    for layer in layers:
        say(f"reading the layer {layer}")
        found[layer] = _triples(root, layer)
    say(f"writing {format_}")
    with filled(target) as made:
        names = _write(made, found, format_)
    return [folder / name for name in names]


def layer_files(root: Path, layer: str) -> list[Path]:
    """Return the Turtle files of a layer, in order."""
    if layer == "ontology":
        return [root / "ontology" / "spacerace.ttl"]
    return sorted(map(Path, paths.turtle(str(root / "graph" / "turtle" / layer))))


def check_layers(root: Path, layers: Iterable[str]) -> None:
    """Raise UsageError for a layer that does not exist, DataError for one that is not built."""
    for layer in layers:
        if layer not in LAYERS:
            raise UsageError(f"no layer {layer!r}. Choose from: {', '.join(LAYERS)}.")
        if not layer_files(root, layer):
            raise DataError(f"The graph has no layer {layer!r}. Run: spacerace build")


def _write(folder: Path, found: dict[str, list[ox.Triple]], format_: str) -> list[str]:
    """Write layers and their manifest; return the files' names."""
    if format_ in _QUADS:
        contents = {"spacerace": [(t, layer) for layer in found for t in found[layer]]}
    else:
        contents = {layer: [(t, "") for t in found[layer]] for layer in found}
    entries: list[dict[str, str | int]] = []
    for name, triples in contents.items():
        path = folder / f"{name}.{_ENDINGS.get(format_, format_)}"
        content = _csv(triples) if format_ == "csv" else _rdf(triples, _FORMATS[format_])
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        entries.append({"file": path.name, "sha256": digest, "triples": len(triples)})
    manifest = {"version": __version__, "format": format_, "layers": [*found], "files": entries}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return [*(str(entry["file"]) for entry in entries), "manifest.json"]


def _triples(root: Path, layer: str) -> list[ox.Triple]:
    found: Iterable[ox.Quad] = (q for path in layer_files(root, layer) for q in quads(path))
    if layer == "ontology":  # the only one with blank nodes, whose names the parser makes up
        found = ox.Dataset(found)
        found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted({quad.triple for quad in found}, key=str)


def _rdf(triples: Iterable[tuple[ox.Triple, str]], format_: ox.RdfFormat) -> bytes:
    named = {layer: ox.NamedNode(GRAPH + layer) for layer in LAYERS}
    quads = (
        ox.Quad(t.subject, t.predicate, t.object, named.get(layer, ox.DefaultGraph()))
        for t, layer in triples
    )
    content = ox.serialize(quads, format=format_, prefixes=PREFIXES)
    if content is None:
        raise AssertionError("serialize returns bytes when it is given no output")
    return content


def _csv(triples: Iterable[tuple[ox.Triple, str]]) -> bytes:
    """Return triples as CSV: subject, predicate, object, its kind, datatype and language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["subject", "predicate", "object", "kind", "datatype", "language"])
    for (s, p, o), _ in triples:
        start = [_name(s), p.value]
        if isinstance(o, ox.Literal):
            writer.writerow([*start, o.value, "literal", o.datatype.value, o.language or ""])
        else:
            kind = "bnode" if isinstance(o, ox.BlankNode) else "iri"
            writer.writerow([*start, _name(o), kind, "", ""])
    return out.getvalue().encode()


def _name(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    return str(term)
