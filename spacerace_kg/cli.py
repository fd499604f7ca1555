"""The command line: ``spacerace COMMAND``.

Only this module and those of `commands` read arguments and print. Answers go to standard output,
everything else to standard error; exit statuses are in `status`.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys

from spacerace_kg import __version__
from spacerace_kg.commands.common import Help, Parser
from spacerace_kg.status import status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Each command's module; only the one that is called is imported.
COMMANDS = {
    "queries": "asking",
    "ask": "asking",
    "sparql": "asking",
    "show": "asking",
    "check": "loading",
    "build": "loading",
    "reason": "reasoning",
    "export": "moving",
    "load": "importing",
    "verify": "importing",
    "wikidata": "wikidata",
    "import": "catalogue",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``spacerace`` with arguments, or those of the process, and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    for name in ("stdin", "stdout", "stderr"):  # None if it was closed before we began
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks Cyrillic

    def run() -> int:
        options = parser(given[0] if given else "").parse_args(given)
        ended: int = options.run(options)
        return ended

    return status(run)


def run() -> None:
    """Run ``spacerace`` as a program of its own, and end it.

    What asked and got its answer ends at once: to take store and interpreter apart takes 7 ms.
    """
    ended = main()
    if ended == 0 and COMMANDS.get(sys.argv[1]) == "asking":
        os._exit(0)  # the answer is flushed by then, and nothing else is open for writing
    sys.exit(ended)


def parser(name: str = "") -> argparse.ArgumentParser:
    """Return the parser of one command and its module's others, or of all."""
    made = argparse.ArgumentParser(
        prog="spacerace",
        description="Ask, check, build, link, import and export the Space Race Knowledge Graph.",
        epilog="Example: spacerace ask firsts nation=soviet-union",
        formatter_class=Help,
    )
    made.add_argument("--version", action="version", version=f"spacerace {__version__}")
    # With its name given, argparse need not look for the terminal's width to make it up.
    commands = made.add_subparsers(
        metavar="COMMAND", required=True, prog="spacerace", parser_class=Parser
    )
    for module in [COMMANDS[name]] if name in COMMANDS else dict.fromkeys(COMMANDS.values()):
        importlib.import_module(f"spacerace_kg.commands.{module}").add(commands)
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(made)
    return made


if __name__ == "__main__":
    sys.exit(main())
