"""What the commands share: their parser, their formats, their way of telling."""

from __future__ import annotations

import argparse
import sys

from spacerace_kg.errors import UsageError
from spacerace_kg.status import tell
from spacerace_kg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Any

    from spacerace_kg.answers import Answer
    from spacerace_kg.knowledge import KnowledgeGraph

FORMATS = ("table", "csv", "tsv", "json", "markdown")


class Help(argparse.HelpFormatter):
    """Help as wide as the terminal, whose width is looked up when help is shown.

    argparse would look at each argument that a parser gets, and import shutil for it: 4 ms.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)

    def format_help(self) -> str:
        """Return the text of the help."""
        from shutil import get_terminal_size

        self._width = get_terminal_size().columns - 2
        return super().format_help()


class Parser(argparse.ArgumentParser):
    """A parser of one command that takes the last of its arguments behind options too.

    argparse gives `ask firsts --format csv nation=cuba` no values before it has seen the option.
    """

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options, and the arguments that nothing takes, of which there are none."""
        found, left = super().parse_known_args(args, namespace)
        last = [action for action in self._actions if not action.option_strings][-1:]
        if last and last[0].nargs == "*" and not any(word.startswith("-") for word in left):
            typed = [kind(word) for word in left] if callable(kind := last[0].type) else left
            setattr(found, last[0].dest, [*getattr(found, last[0].dest), *typed])
        elif left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return found, []


def command(commands: Any, name: str, run: Callable[[Any], int], text: str, example: str) -> Any:
    """Add a command to a group of commands and return its parser."""
    end = f"Example: spacerace {example}"
    made = commands.add_parser(name, help=text, description=text, epilog=end, formatter_class=Help)
    made.set_defaults(run=run)
    return made


def group(commands: Any, name: str, what: str, text: str, example: str) -> Any:
    """Add a group of commands, which are ``what`` in the usage, and return it."""
    end = f"Example: spacerace {example}"
    made = commands.add_parser(name, help=text, description=text, epilog=end, formatter_class=Help)
    return made.add_subparsers(metavar=what, required=True)


def endpoint(made: Any) -> None:
    """Give a command the options of one that can ask another endpoint."""
    made.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
    made.add_argument(
        "--timeout",
        type=seconds,
        default=60,
        metavar="SECONDS",
        help="give up after (default 60)",
    )
    made.add_argument(
        "--catalogue",
        action="store_true",
        help="ask what was imported too; see: spacerace import gcat",
    )
    made.add_argument(
        "--catalogue-claims", action="store_true", help="ask that with its claims, which are many"
    )


def bindings(pairs: list[str]) -> dict[str, str]:
    """Return the parameters that are bound; raises UsageError for what is no param=value."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"{pair!r} is no param=value.")
        if name in values:
            raise UsageError(f"{name!r} is given twice.")
        values[name] = value
    return values


def whole(what: str, most: int = sys.maxsize) -> Callable[[str], int]:
    """Return what reads a whole number from 1 on for argparse, which names it in its messages."""

    def read(text: str) -> int:
        number = int(text)
        if not 1 <= number <= most:
            raise ValueError("out of range")
        return number

    read.__name__ = what
    return read


def layers(made: Any, usual: str) -> None:
    """Give a command the option that names layers of the graph."""
    made.add_argument(
        "--layers",
        default=usual,
        type=_names,
        help=f"of plain,claims,links,ontology (default {usual})",
    )


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def seconds(text: str) -> float:
    """Return a time limit in seconds; raises ValueError out of range."""
    from spacerace_kg.patience import MOST_SECONDS

    number = float(text)
    if not 0 < number <= MOST_SECONDS:
        raise ValueError("out of range")
    return number


seconds.__name__ = "number of seconds"  # as argparse names it


def connect(options: Any) -> KnowledgeGraph:
    """Return the graph that the options name."""
    from spacerace_kg import knowledge

    if options.catalogue or options.catalogue_claims:
        say("opening the catalogue, which takes longer after an import")
    return knowledge.connect(
        options.endpoint,
        timeout=options.timeout,
        catalogue=options.catalogue or options.catalogue_claims,
        claims=options.catalogue_claims,
    )


def say(text: str) -> None:
    """Tell of progress, on a terminal only."""
    if sys.stderr.isatty():
        tell(f"{text} …")


def unwind() -> None:
    """Let SIGTERM undo what is under way, so that folders and processes made for it go with it."""
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def known(given: Iterable[str], names: Iterable[str], what: str) -> None:
    """Raise UsageError for a name that is none of those, ``what`` it is not, and the nearest."""
    from spacerace_kg.names import nearest

    names = set(names)
    for name in given:
        if name and name not in names:
            few = f" One of: {', '.join(sorted(names))}." if len(names) <= 30 else ""
            raise UsageError(f"{name!r} is {what}.{nearest(name, sorted(names)) or few}")


def print_texts(
    columns: list[str], rows: Iterable[Iterable[str]], format_: str, iris: Collection[str] = ()
) -> None:
    """Print rows of texts, where an empty one is no value; some columns may be of IRIs."""
    from spacerace_kg.answers import Answer, Term

    kinds = ["iri" if column in iris else "literal" for column in columns]
    terms = [
        tuple(Term(k, text) if text else None for k, text in zip(kinds, row, strict=True))
        for row in rows
    ]
    print_answer(Answer(columns, terms), format_)


def print_answer(answer: Answer, format_: str) -> None:
    """Print an answer in a format; a table as wide as the terminal, or as it is in a pipe."""
    if format_ == "table":
        from spacerace_kg.commands.table import print_table

        print_table(answer.columns, answer.texts())
    else:
        texts = {"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json}
        write(texts.get(format_, answer.to_markdown)())


def write(text: str) -> None:
    """Write what loses nothing as it is, but on a terminal without what could steer it."""
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)
