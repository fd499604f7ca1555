"""The package as a user of Python meets it: names that are found, explained and typed."""

from __future__ import annotations

from pathlib import Path

import pytest

import spacerace_kg


def test_public_names_are_listed_before_they_are_used() -> None:
    assert set(spacerace_kg.__all__) <= set(dir(spacerace_kg))


@pytest.mark.parametrize("name", spacerace_kg.__all__)
def test_public_names_say_what_they_are(name: str) -> None:
    assert getattr(spacerace_kg, name).__doc__


def test_a_name_that_does_not_exist_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'spacerace_kg' has no attribute 'conect'"):
        spacerace_kg.conect  # noqa: B018


def test_type_checkers_are_told_to_read_our_annotations() -> None:
    """By PEP 561; without the file, mypy takes everything of the package for Any."""
    assert (Path(spacerace_kg.__file__).parent / "py.typed").is_file()
