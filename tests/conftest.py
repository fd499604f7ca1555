"""Fixtures that every test may use: the checkout's root and a connection to its graph."""

from pathlib import Path

import pytest

import spacerace_kg


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def kg() -> spacerace_kg.KnowledgeGraph:
    """Return the embedded graph."""
    return spacerace_kg.connect()
