"""The commands that take the graph elsewhere: export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacerace_kg import paths
from spacerace_kg.commands.common import command, layers, say, unwind
from spacerace_kg.errors import UsageError

EXPORTS = ("nt", "nq", "trig", "turtle", "rdfxml", "jsonld", "csv")


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    made = command(
        commands,
        "export",
        _export,
        "Write the graph in another format, with a manifest.",
        "export --format nt out",
    )
    made.add_argument("folder", type=Path, help="a new or empty folder to write to")
    made.add_argument("--format", choices=EXPORTS, help="default nt")
    layers(made, "plain,claims,links")
    made.add_argument(
        "--shards",
        type=int,
        metavar="N",
        help="instead of a format, so many gzipped N-Quads parts of like size, for loaders that "
        "work in parallel",
    )


def _export(options: Any) -> int:
    from spacerace_kg.export import export

    unwind()
    if options.shards is not None:
        if options.format:
            raise UsageError("Shards are N-Quads. Leave out --format or --shards.")
        from spacerace_kg.importer.shards import shards

        for path in shards(paths.root(), options.folder, options.shards, options.layers, say):
            print(path)
        return 0
    for path in export(paths.root(), options.folder, options.format or "nt", options.layers, say):
        print(path)
    return 0
