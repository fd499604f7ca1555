"""The commands of ``spacerace wikidata`` that comparing: compare, quickstatements, mismatches."""

from __future__ import annotations

from typing import Any


def add(commands: Any) -> None:
    """Add the commands to the group."""
