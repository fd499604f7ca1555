"""Shards: the graph as gzipped N-Quads in parts of like size, for loaders that work in parallel."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from spacerace_kg import __version__
from spacerace_kg.errors import UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.folders import filled, vacant
from spacerace_kg.importer.meant import Meant

MOST = 512  # each is an open file while the graph is read
_BATCH = 10_000


def shards(
    root: Path,
    folder: Path,
    number: int,
    layers: Sequence[str] = (),
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write layers as so many parts to a new or empty folder; return the files written.

    The folder appears whole or not at all. A subject's triples stay together, so the parts can be
    loaded in any order, at the same time and more than once. Lines are sorted within a part; the
    same graph gives the same bytes. ``manifest.json`` holds for each part its SHA-256, size and
    quads. Holds one part in memory at a time. Raises UsageError for a folder that is not empty or a
    number out of range.
    """
    if not 1 <= number <= MOST:
        raise UsageError(f"{number} shards? Choose from 1 to {MOST}.")
    target = vacant(folder)
    meant = Meant(root, layers)
    with filled(target) as made:
        rough = [made.parent / f"{part}.unsorted" for part in range(number)]
        _scatter(meant, rough, say)
        width = len(str(number - 1))
        entries = []
        for part, source in enumerate(rough):
            name = f"spacerace-{part:0{width}}.nq.gz"
            say(f"sorting {name}")
            entries.append(_sorted(source, made / name))
        manifest = {
            "version": __version__,
            "format": "nq.gz",
            "graphs": {layer: GRAPH + layer for layer in meant.layers},
            "quads": sum(int(str(entry["quads"])) for entry in entries),
            "files": entries,
        }
        (made / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return [*(folder / str(entry["file"]) for entry in entries), folder / "manifest.json"]


def _scatter(meant: Meant, paths: list[Path], say: Callable[[str], None]) -> None:
    """Write every quad to the part that its subject's hash names."""
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(path.open("wb")) for path in paths]
        for layer in meant.layers:
            say(f"reading the layer {layer}")
            end = f" <{GRAPH}{layer}> .\n".encode()
            for _, text in meant.chunks((layer,), _BATCH):
                for line in text.splitlines():
                    subject = line[: line.index(b" ")]
                    part = int.from_bytes(hashlib.blake2b(subject, digest_size=8).digest(), "big")
                    files[part % len(files)].write(line[:-2].rstrip() + end)


def _sorted(source: Path, path: Path) -> dict[str, str | int]:
    """Sort a part's lines, each once, compress them, and return its entry in the manifest."""
    lines = sorted(set(source.read_bytes().splitlines(keepends=True)))
    source.unlink()
    # No name and no time in the header: the same graph gives the same bytes.
    content = gzip.compress(b"".join(lines), 6, mtime=0)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": path.name, "sha256": digest, "bytes": len(content), "quads": len(lines)}
