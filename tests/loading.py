"""What the tests of the loading side share: small roots of their own, to check and to build."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from shutil import copytree
from unittest.mock import patch

from spacerace_kg.loader import build as build_module
from spacerace_kg.loader import check as check_module
from spacerace_kg.loader.build import Built
from spacerace_kg.loader.check import Checked
from spacerace_kg.names import PREFIXES
from spacerace_kg.ontology import Ontology

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TINY = HERE / "tiny"

SOURCE = "- {id: book, type: Scholarship, label: A book, source: book}\n"
_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


@cache
def real_ontology() -> Ontology:
    """Return the ontology of the checkout, read once."""
    return Ontology(ROOT / "ontology")


def make_root(folder: Path, facts: Path | dict[str, str] = TINY / "facts") -> Path:
    """Make a root with the real ontology and these facts: a folder to copy, or texts by path."""
    target = folder / "graph" / "facts"
    if isinstance(facts, Path):
        copytree(facts, target)
    else:
        for name, text in facts.items():
            write(target / name, text)
    (folder / "ontology").symlink_to(ROOT / "ontology")
    return folder


def extend(root: Path, turtle: str) -> None:
    """Give a root an ontology of its own: the real one with more Turtle, read as shapes too."""
    (root / "ontology").unlink()
    copytree(ROOT / "ontology", root / "ontology")
    for name in ("spacerace.ttl", "shapes.ttl"):
        path = root / "ontology" / name
        old = path.read_text("utf-8") if path.exists() else ""
        path.write_text(f"{old}\n{_PREFIXES}\n{turtle}", "utf-8")


def write(path: Path, text: str) -> None:
    """Write a text where the folder may not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def check(root: Path) -> Checked:
    """Check a root, without reading the real ontology anew."""
    with patch.object(check_module, "Ontology", _ontology):
        return check_module.check(root)


@cache
def checked_checkout() -> Checked:
    """Return the facts of the checkout, checked once."""
    return check(ROOT)


def build(root: Path) -> Built:
    """Build a root, without reading the real ontology anew."""
    with patch.object(check_module, "Ontology", _ontology):
        return build_module.build(root)


def _ontology(folder: Path) -> Ontology:
    return real_ontology() if folder.resolve() == ROOT / "ontology" else Ontology(folder)


def texts(folder: Path) -> dict[str, str]:
    """Return the text of every file under a folder by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def put_odd(path: Path, kind: str) -> None:
    """Put in a path's place what is no plain file: a pipe, a device or a folder."""
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"device": "/dev/zero", "nothing": "/nowhere", "itself": path}[kind])
