"""What the import takes from the ontology: the same as the loader, which reads all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading import ROOT, real_ontology

from spacerace_kg.errors import DataError
from spacerace_kg.gcat.schema import Schema


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(ROOT / "ontology")


def written(lines: list[str] | tuple[str, ...]) -> list[str]:
    return sorted(line.replace("\0", "").strip() for line in lines)


def test_properties_are_those_of_the_loader(schema):
    for p in real_ontology().properties.values():
        implied = ["a" if term == "rdf:type" else term for term in (p.term, *p.supers)]
        assert (schema.terms[p.name], written(schema.stems[p.name])) == (p.term, sorted(implied))
        if p.kind != "class":  # GCAT states no class
            assert (p.name in schema.functional) == p.functional, p.name


def test_classes_are_those_of_the_loader(schema):
    classes = real_ontology().classes
    assert schema.types.keys() == classes.keys()
    for c in classes.values():
        types = [f"a sr:{name}" for name in c.ancestors]
        assert written(schema.types[c.name]) == sorted([*types, f"sr:mainClass {c.term}"])
        assert schema.labels[c.name] == c.labels.get("en", "")


def test_form_puts_lines_in_the_loaders_order(schema):
    form = schema.form("Launch", ("date", "label", "description"))
    assert form is not None
    terms = form.chosen(("id:a", '"1961"', '"A"@en', '"About A"@en'))
    assert form.pattern % terms == (
        '\nid:a\n    a sr:Event ;\n    a sr:Launch ;\n    rdfs:label "A"@en ;\n'
        '    dcterms:description "About A"@en ;\n    sr:date "1961" ;\n'
        "    sr:mainClass sr:Launch ;\n    .\n"
    )
    assert form.lines == 6


@pytest.mark.parametrize(
    "properties", [("agent", "agent"), ("launch", "surfaceLaunch")], ids=["property", "above it"]
)
def test_predicate_that_comes_twice_has_no_form(schema, properties):
    assert schema.form("Mission", properties) is None


def test_lines_of_a_block_are_sorted_and_each_comes_once(schema):
    lines = ["    sr:agent id:b ", "    sr:agent id:a ", "    sr:agent id:b "]
    given = [line.rstrip() for line in lines]
    assert schema.block("id:x", [*given, "    \0rdfs:label 3", "    \0\0a sr:Launch"]) == (
        "\nid:x\n    a sr:Launch ;\n    rdfs:label 3 ;\n    sr:agent id:a ;\n"
        "    sr:agent id:b ;\n    .\n",
        4,
    )
    assert schema.block("id:x", []) == ("", 0)


@pytest.mark.parametrize("text", [None, "sr:a b"])
def test_ontology_that_is_missing_or_damaged_is_told(tmp_path: Path, text):
    if text:
        (tmp_path / "spacerace.ttl").write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"spacerace.ttl cannot be read: "):
        Schema(tmp_path)
