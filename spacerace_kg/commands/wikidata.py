"""The command group ``spacerace wikidata``: snapshot, check, and those of its other modules."""

from __future__ import annotations

from typing import Any

from spacerace_kg.commands import comparing, reconciling


def add(commands: Any) -> None:
    """Add the group to the parser."""
    text = "Follow, check and improve the links to Wikidata."
    made = commands.add_parser(
        "wikidata",
        help=text,
        description=text,
        epilog="Example: spacerace wikidata check --snapshot wikidata-2026-11-22.jsonl.gz",
    )
    group = made.add_subparsers(metavar="COMMAND", required=True)
    comparing.add(group)
    reconciling.add(group)
