"""Turtle files that are damaged or missing: each is named, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacerace_kg import turtle
from spacerace_kg.errors import DataError
from spacerace_kg.reasoner.shapes import shape_faults

BAD = {
    "no Turtle": b"no Turtle",
    "cut off": b"<a:a> <a:b> [",
    "not UTF-8": b'<a:a> <a:b> "\xff" .',
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_damaged_file_of_the_ontology_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ontology").mkdir()
    path = tmp_path / "ontology" / "shapes.ttl"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        turtle.ontology(path.parent, "shapes.ttl")
    assert str(caught.value).startswith(f"{path} cannot be read: ")
    assert str(caught.value).endswith(". Put it back.")
    assert "\n" not in str(caught.value)
    with pytest.raises(DataError, match=r"shapes\.ttl cannot be read"):
        list(shape_faults(tmp_path, []))


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_damaged_file_of_the_graph_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "luna.ttl"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(turtle.quads(path))
    assert str(caught.value).startswith(f"{path} is damaged: ")
    assert str(caught.value).endswith(". Run: spacerace build")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.ttl cannot be read: .* Run: spacerace build$"):
        list(turtle.quads(tmp_path / "none.ttl"))
    with pytest.raises(DataError, match=r"none\.ttl cannot be read: .* Put it back\.$"):
        turtle.ontology(tmp_path, "none.ttl")
