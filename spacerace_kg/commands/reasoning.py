"""The command that reasons: reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacerace_kg import paths
from spacerace_kg.commands.common import FORMATS, command, print_answer, say
from spacerace_kg.status import tell
from spacerace_kg.visible import visible


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(
        commands,
        "reason",
        _reason,
        "Prove the graph consistent and infer types (OWL), and check its shapes.",
        "reason",
    )
    made.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="Turtle to reason over instead of the graph",
    )
    made.add_argument("--format", choices=FORMATS, default="table")


def _reason(options: Any) -> int:
    from spacerace_kg.reasoner.reason import reason

    result = reason(paths.root(), options.files, say)
    for line in result.faults:
        print(visible(line))
    if not result.faults:
        from spacerace_kg.answers import Answer

        print_answer(Answer(["entity", "inferredClass"], result.inferred), options.format)
    verdict = "inconsistent or misshapen" if result.faults else "consistent, all shapes hold"
    tell(f"{verdict}; {len(result.inferred):,} inferred types")
    return 1 if result.faults else 0
