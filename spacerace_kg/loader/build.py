"""The loader: checks the facts, and writes the Turtle in one step that cannot be half done."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import OutsideError, Problem, UsageError
from spacerace_kg.folders import exchange, recover
from spacerace_kg.loader import links, triples
from spacerace_kg.loader.check import Checked, check
from spacerace_kg.loader.statements import Statement
from spacerace_kg.loader.triples import Triple
from spacerace_kg.loader.turtle import to_turtle

_STAGE = ".spacerace-build"


class Built(NamedTuple):
    """What a build did: problems that stopped it, or triples by layer and if files changed."""

    problems: list[Problem]
    counts: dict[str, int]
    changed: bool


def build(root: Path, say: Callable[[str], None] = lambda _: None) -> Built:
    """Check the facts under a root and write ``graph/turtle`` and ``graph/ids.txt``.

    With any problem nothing is written. The old Turtle is replaced by the new in one atomic
    exchange of folders: killed at any moment, the build leaves either the one or the other.
    """
    graph = root / "graph"
    with _locked(graph):
        stage = root / _STAGE
        recover(graph / "turtle", stage)
        say("reading and checking the facts")
        checked = check(root)
        if checked.problems:
            return Built(checked.problems, {}, False)
        say(f"emitting {len(checked.statements):,} statements")
        files, counts = emit(checked)
        ids = _published(graph / "ids.txt", checked)
        if _unchanged(graph, files, ids):
            return Built([], counts, False)
        say(f"writing {len(files)} files")
        try:
            _write(files, ids, graph, stage)
        except OSError as error:
            recover(graph / "turtle", stage)
            raise OutsideError(f"cannot write {graph}: {error}") from None
        return Built([], counts, True)


def emit(checked: Checked) -> tuple[dict[str, str], dict[str, int]]:
    """Return the Turtle of checked facts by file name under ``turtle/``, and triples by layer."""
    ontology = checked.ontology
    home: dict[str, str] = {}
    by_file: dict[str, list[Statement]] = defaultdict(list)
    for s in checked.statements:
        home[s.subject] = s.path
        by_file[s.path].append(s)
    plain: dict[str, list[Triple]] = defaultdict(list)
    for subject, found in triples.plain(checked.statements, checked.parts, ontology).items():
        plain[home[subject]] += found
    files, counts = {}, {"plain": 0, "claims": 0}
    for path, statements in sorted(by_file.items()):
        comment = f'Made by "spacerace build" from {path}. Edit that file.'
        stem = path.removeprefix("graph/facts/").removesuffix(".yaml")
        layers = {"plain": plain[path], "claims": list(triples.claims(statements, ontology))}
        for layer, content in layers.items():
            files[f"{layer}/{stem}.ttl"] = to_turtle(content, comment)
            counts[layer] += len(content)
    if checked.links:
        comment = f'Made by "spacerace build" from graph/facts/{links.TABLE}. Edit that file.'
        linked = list(links.triples(checked.links))
        files["links/wikidata.ttl"] = to_turtle(linked, comment)
        counts["links"] = len(linked)
    return files, counts


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two builds follow one another."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}. Name another in SPACERACE_ROOT.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(files: dict[str, str], ids: str, graph: Path, stage: Path) -> None:
    """Write all files beside the old ones, then put both in their place."""
    new = stage / "new"
    for name, text in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    (stage / "ids.txt").write_text(ids, "utf-8", newline="\n")
    # The ids first: one that is listed early does no harm, one that is not listed could be lost.
    (stage / "ids.txt").replace(graph / "ids.txt")
    exchange(new, graph / "turtle", stage)
    shutil.rmtree(stage)


def _unchanged(graph: Path, files: dict[str, str], ids: str) -> bool:
    folder, listed = graph / "turtle", graph / "ids.txt"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return (
        found == set(files)
        and all((folder / name).read_bytes() == text.encode() for name, text in files.items())
        and listed.exists()
        and listed.read_bytes() == ids.encode()
    )


def _published(path: Path, checked: Checked) -> str:
    """Return the list of ids ever published, with those of all records."""
    old = set(path.read_text("utf-8").split()) if path.exists() else set()
    ids = old | {s.subject for s in checked.statements if "/" not in s.subject}
    return "".join(f"{name}\n" for name in sorted(ids))
