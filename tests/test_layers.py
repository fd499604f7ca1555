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
    {
        "commands.asking",
        "commands.catalogue",
        "commands.importing",
        "commands.loading",
        "commands.moving",
        "commands.reasoning",
        "commands.wikidata",
    },
    {"commands.comparing", "commands.reconciling"},
    {"commands.origin"},
    {"commands.common", "commands.deadlines"},
    {"commands.table"},
    {"wikidata.quickstatements", "wikidata.mismatches"},
    {
        "wikidata.check",
        "wikidata.compare",
        "wikidata.endpoint",
        "wikidata.reconcile",
        "wikidata.enrich",
    },
    {"wikidata.judge", "wikidata.gazetteer"},
    {
        "wikidata.fetching",
        "wikidata.service",
        "wikidata.model",
        "wikidata.ours",
        "wikidata.glossary",
        "wikidata.values",
        "wikidata.people",
        "wikidata.designations",
    },
    {
        "wikidata.snapshots",
        "wikidata.replies",
        "wikidata.manners",
        "wikidata.alignment",
        "wikidata.contact",
    },
    {"wikidata.calendars", "wikidata.cache", "wikidata.spelling", "wikidata.evidence"},
    {"wikidata.tables"},
    {"wikidata.items", "wikidata.identifiers"},
    {"importer.load"},
    {"importer.verify", "gcat.build"},
    {"loader.build", "importer.staging", "importer.shards", "reasoner.reason", "gcat.writing"},
    {"loader.check", "show", "rules", "importer.stores", "reasoner.explaining", "gcat.launches"},
    {"reasoner.inference", "gcat.planning", "gcat.crafts", "gcat.cells"},
    {"gcat.places"},
    {"gcat.pads"},
    {"gcat.emission", "gcat.identities", "gcat.positions", "gcat.vehicles", "gcat.sources"},
    {
        "loader.links",
        "loader.records",
        "loader.turtle",
        "knowledge",
        "importer.fingerprint",
        "importer.wire",
        "reasoner.axioms",
        "reasoner.worlds",
        "gcat.values",
        "gcat.agreement",
        "gcat.download",
    },
    {
        "loader.lifetimes",
        "loader.notes",
        "loader.rules",
        "loader.triples",
        "client",
        "worker",
        "importer.compare",
        "importer.meant",
        "importer.probe",
        "gcat.tables",
        "gcat.record",
    },
    {"loader.index", "loader.values", "store", "importer.counting"},
    {
        "loader.facts",
        "ontology",
        "queries",
        "answers",
        "guard",
        "export",
        "database",
        "reasoner.shapes",
        "gcat.vague",
    },
    {
        "loader.statements",
        "formats",
        "reasoner.hermit",
        "addresses",
        "folders",
        "turtle",
        "status",
        "patience",
        "sessions",
        "binding",
        "gcat.units",
        "gcat.catalogue",
        "gcat.schema",
    },
    {"terms", "paths"},
    {"errors", "names", "dates", "live", "gcat.codes", "gcat.changes"},
    {"visible"},
]
LEVEL = {name: level for level, names in enumerate(reversed(LAYERS)) for name in names}
LOADING = {name for name in LEVEL if name.startswith("loader.")} | {"ontology"}
ASKING = {
    "store", "guard", "queries", "binding", "terms", "formats", "answers", "client", "knowledge",
    "show", "rules", "database",
} | {name for name in LEVEL if name.startswith("wikidata.")}  # fmt: skip
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
)


def tree(name: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{name.replace('.', '/')}.py").read_text("utf-8"))


def imported(name: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports, wherever in its text."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: write imports in full"
            package, _, module = (node.module or "").partition(".")
            if package != "spacerace_kg":
                continue
            if module in MODULES:
                yield module
            for alias in node.names:
                if (inner := f"{module}.{alias.name}".lstrip(".")) in MODULES:
                    yield inner
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("spacerace_kg."):
                    yield alias.name.partition(".")[2]


def test_every_module_has_its_place_in_the_picture() -> None:
    assert sorted(LEVEL) == MODULES
    assert sum(map(len, LAYERS)) == len(LEVEL)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    for other in imported(name):
        assert LEVEL[other] < LEVEL[name], f"{name} must not import {other}"


def test_a_package_of_modules_imports_nothing() -> None:
    for path in PACKAGE.glob("*/__init__.py"):
        assert len(ast.parse(path.read_text("utf-8")).body) == 1, "its docstring alone"


@pytest.mark.parametrize(("side", "other"), [(LOADING, ASKING), (ASKING, LOADING)])
def test_the_two_sides_never_import_each_other(side: set[str], other: set[str]) -> None:
    found = {(name, target) for name in side for target in imported(name) if target in other}
    assert found == set()


def test_only_the_command_line_prints_and_exits() -> None:
    for name in set(MODULES) - {"cli", "__main__", "status"}:
        if name.startswith("commands."):
            continue
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "exit", "input"), name
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in ("sys.stdout", "sys.stderr"), name
