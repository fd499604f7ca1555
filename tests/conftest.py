"""Fixtures that tests share: the checkout's root, its graph, a small record and an import."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import spacerace_kg

if TYPE_CHECKING:
    from spacerace_kg.gcat.build import Report


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def kg() -> spacerace_kg.KnowledgeGraph:
    """Return the embedded graph."""
    return spacerace_kg.connect()


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make the waits of this thread instant, and give those that it made.

    Those of other threads, servers that drip among them, stay what they are.
    """
    made: list[float] = []
    here, sleep = threading.get_ident(), time.sleep

    def nap(seconds: float) -> None:
        made.append(seconds) if threading.get_ident() == here else sleep(seconds)

    monkeypatch.setattr(time, "sleep", nap)
    return made


@pytest.fixture(scope="module")
def small_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a root with the small record that the small tables of GCAT are joined to."""
    from importing import tiny_root

    return tiny_root(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def imported(small_record: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """Return the catalogue of the small tables, and the report of its import."""
    from importing import TINY, run

    out = tmp_path_factory.mktemp("out") / "catalogue"
    return out, run(TINY / "tables", out, small_record)
