"""Fixtures for the tests of stores, which are all marked ``stores``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from harness import small

from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.wire import PASSWORD, USER


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and keep those of one server in one worker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.stores)


@pytest.fixture(autouse=True)
def no_credentials() -> Iterator[None]:
    """Leave the environment as it was."""
    kept = {name: os.environ.get(name) for name in (USER, PASSWORD)}
    yield
    for name, value in kept.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Meant]:
    """Return a small graph as it is meant to arrive."""
    with Meant(small(tmp_path / "root"), ("plain", "ontology")) as meant:
        yield meant


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Meant]:
    """Return another small graph."""
    with Meant(small(tmp_path / "other", 50, "Other"), ("plain", "ontology")) as meant:
        yield meant
