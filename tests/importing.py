"""What the tests of the import share: a record and tables of their own, and what they become."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pyoxigraph as ox
from loading import HERE, build, make_root

from spacerace_kg.gcat import build as import_module
from spacerace_kg.gcat.build import Report
from spacerace_kg.gcat.record import Record
from spacerace_kg.loader.statements import Part, Statement
from spacerace_kg.names import ID

TINY = HERE / "gcat_tiny"


def tiny_root(folder: Path) -> Path:
    """Make a root that holds the small record, built."""
    root = make_root(folder, TINY / "facts")
    assert build(root).problems == []
    return root


def tiny_tables(folder: Path, edits: dict[str, Callable[[str], str]] | None = None) -> Path:
    """Copy the small tables, edited by name; a table that becomes empty is left out."""
    copytree(TINY / "tables", folder)
    for name, edit in (edits or {}).items():
        path = folder / name
        text = edit(path.read_text("utf-8"))
        path.write_text(text, "utf-8") if text else path.unlink()
    return folder


def run(source: Path, out: Path, root: Path) -> Report:
    """Import with one process, in this one."""
    return import_module.build(source, out, root, 1)


def texts(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def plain_of(*folders: Path) -> set[tuple[str, str, str]]:
    """Return the plain triples under folders, as the terms that stand there."""
    return {
        (subject, predicate, term)
        for folder in folders
        for subject, values in Record(folder).plain.items()
        for predicate, terms in values.items()
        for term in terms
    }


def statements(*folders: Path) -> list[Statement]:
    """Return the statements that the claims under folders make, read by Oxigraph."""
    claims: dict[str, dict[str, ox.NamedNode | ox.Literal]] = {}
    for folder in folders:
        for path in sorted((folder / "claims").rglob("*.ttl")):
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
                local = quad.predicate.value.rpartition("#")[2]
                about = claims.setdefault(quad.subject.value, {})
                assert local not in about, f"{quad.subject.value}: two of {local}"
                about[local] = quad.object
    return [_statement(claim) for claim in claims.values()]


def parts(made: list[Statement]) -> dict[str, Part]:
    """Return the nodes that are parts: of their owner by a property, with a key or without."""
    found = {}
    for s in made:
        if s.value.startswith(f"{s.subject}/{s.property}"):
            key = s.value[len(f"{s.subject}/{s.property}") :].lstrip("/")
            found[s.value] = Part(s.value, s.subject, s.property, key)
    return found


def _statement(claim: dict[str, ox.NamedNode | ox.Literal]) -> Statement:
    value = claim["value"]
    local = value.value.removeprefix(ID)
    if isinstance(value, ox.NamedNode) and "#" in local:
        local = local.rpartition("#")[2]
    name = claim["property"].value.replace("#", "/").rpartition("/")[2]
    language = (value.language or "") if isinstance(value, ox.Literal) else ""

    def told(key: str) -> str:
        return claim[key].value if key in claim else ""

    return Statement(
        claim["subject"].value.removeprefix(ID), name, local, language,
        claim["source"].value.removeprefix(ID), told("locator"), claim["rank"].value,
        told("reason"), told("certainty"), "", 0,
    )  # fmt: skip
