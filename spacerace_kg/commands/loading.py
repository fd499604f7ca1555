"""The commands of the loading side: check, build."""

from __future__ import annotations

from typing import Any

from spacerace_kg import paths
from spacerace_kg.commands.common import command, say
from spacerace_kg.status import tell


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    made = command(
        commands, "check", _check, "Check the source facts, or the graph by its rules.", "check"
    )
    made.add_argument("--graph", action="store_true", help="run the rules of queries/checks too")

    command(
        commands, "build", _build, "Check the source facts and write the graph's Turtle.", "build"
    )


def _check(options: Any) -> int:
    from spacerace_kg.loader.check import check

    say("checking the facts")
    checked = check(paths.root())
    for problem in checked.problems:
        print(problem)
    count = len(checked.problems)
    rows = 0
    if options.graph:
        from spacerace_kg.knowledge import connect
        from spacerace_kg.rules import broken

        say("checking the graph")
        for line in broken(connect()):
            print(line)
            rows += 1
    told = f"{len(checked.statements):,} statements, {count:,} problems"
    tell(told + (f", {rows:,} broken rules" if options.graph else ""))
    return 1 if count or rows else 0


def _build(options: Any) -> int:
    from spacerace_kg.loader.build import build

    built = build(paths.root(), say)
    for problem in built.problems:
        print(problem)
    if built.problems:
        tell(f"{len(built.problems):,} problems; nothing was written")
        return 1
    counts = ", ".join(f"{n:,} {layer}" for layer, n in built.counts.items())
    tell(f"{counts}; {'written' if built.changed else 'no change'}")
    return 0
