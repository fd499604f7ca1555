"""The package in layers: imports point down only, and its two sides meet in files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "spacerace_kg"

# Top to bottom. A module imports from lower lines only, never from its own.
LAYERS = [
    {"__main__"},
    {"cli"},
    {"verify"},
    {"build", "load", "shards", "reasoning"},
    {"check", "show", "rules", "stores", "explaining"},
    {"inference"},
    {"links", "turtle", "knowledge", "wire", "axioms"},
    {"triples", "client", "meant"},
    {"statements", "store"},
    {"facts", "ontology", "queries", "answers", "guard", "export", "shapes", "hermit"},
    {"errors", "paths", "names", "dates", "table"},
]
LEVEL = {name: level for level, names in enumerate(reversed(LAYERS)) for name in names}
LOADING = {
    "facts", "ontology", "statements", "check", "triples", "turtle", "build", "links",
}  # fmt: skip
ASKING = {
    "store", "guard", "queries", "answers", "client", "knowledge", "show", "rules",
}  # fmt: skip
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def imported(name: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports, wherever in its text."""
    for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: write imports in full"
            if node.module == "spacerace_kg":
                yield from (alias.name for alias in node.names if alias.name in MODULES)
            elif node.module and node.module.startswith("spacerace_kg."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("spacerace_kg."):
                    yield alias.name.split(".")[1]


def test_every_module_has_its_place_in_the_picture() -> None:
    assert sorted(LEVEL) == MODULES
    assert sum(map(len, LAYERS)) == len(LEVEL)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    for other in imported(name):
        assert LEVEL[other] < LEVEL[name], f"{name} must not import {other}"


@pytest.mark.parametrize(("side", "other"), [(LOADING, ASKING), (ASKING, LOADING)])
def test_the_two_sides_never_import_each_other(side: set[str], other: set[str]) -> None:
    found = {(name, target) for name in side for target in imported(name) if target in other}
    assert found == set()


def test_only_the_command_line_prints_and_exits() -> None:
    for name in set(MODULES) - {"cli", "__main__"}:
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "exit", "input"), name
