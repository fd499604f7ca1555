"""The commands that ask: queries, ask, sparql, show."""

from __future__ import annotations

import os
import sys

from spacerace_kg import paths
from spacerace_kg.commands.common import (
    FORMATS,
    bindings,
    command,
    connect,
    endpoint,
    known,
    print_answer,
    write,
)
from spacerace_kg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO, TypeVar

    import rdflib

    from spacerace_kg.answers import Answer
    from spacerace_kg.knowledge import KnowledgeGraph

    T = TypeVar("T")

_MOST_CHARACTERS = 1_000_000  # of a query


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    made = command(
        commands, "queries", _queries, "List the canned questions and their parameters.", "queries"
    )
    made.add_argument("name", nargs="?", help="tell all about one question").completer = _names
    made.add_argument("--tag", help="only those about this: firsts, people …")
    made.add_argument("--format", choices=("table", "markdown"), default="table")

    made = command(
        commands, "ask", _ask, "Answer a canned question.", "ask firsts nation=soviet-union"
    )
    made.add_argument("name", help="the question; see: spacerace queries").completer = _names
    given = made.add_argument(
        "values", nargs="*", default=[], metavar="param=value", help="bind a parameter"
    )
    given.completer = _parameters
    made.add_argument("--format", choices=FORMATS, default="table")
    made.add_argument("--print-query", action="store_true", help="print the SPARQL, run nothing")
    endpoint(made)

    made = command(
        commands, "sparql", _sparql, "Run a SPARQL query of your own.",
        "sparql 'SELECT (COUNT(*) AS ?n) WHERE { ?m a sr:Mission }'",
    )  # fmt: skip
    made.add_argument("query", help="the query, a file that holds it, or - for standard input")
    made.add_argument("--format", choices=FORMATS, default="table")
    endpoint(made)

    made = command(
        commands, "show", _show, "Show all that is known of one entity.", "show vostok-1"
    )
    made.add_argument(
        "id", help="the entity's id; to find one: spacerace ask search text=…"
    ).completer = _ids
    endpoint(made)


def _queries(options: Any) -> int:
    from spacerace_kg import queries

    folder = paths.within_root("queries")
    if options.name:
        query = queries.read(folder, options.name)
        print(f"{query.name}: {query.summary}\n{query.description}")
        for p in query.parameters.values():
            print(f"  {p.name}=…  {p.description} Takes {p.takes()}. Example: {p.name}={p.example}")
        return 0
    found = queries.read_all(folder).values()
    known([options.tag or ""], {tag for q in found for tag in q.tags}, "no tag")
    chosen = [q for q in found if not options.tag or options.tag in q.tags]
    if options.format == "markdown":
        sys.stdout.write(queries.to_markdown(chosen))
        return 0
    from spacerace_kg.commands.table import print_table

    print_table(
        ["question", "asks", "parameters"],
        [[q.name, q.summary, " ".join(q.parameters)] for q in chosen],
    )
    return 0


def _ask(options: Any) -> int:
    values = bindings(options.values)
    if options.print_query:
        from spacerace_kg import queries

        query = queries.read(paths.within_root("queries"), options.name)
        sys.stdout.write(connect(options).text(query, values) if values else query.text)
        return 0
    kg = connect(options)
    print_answer(_bounded(options, lambda: kg.ask(options.name, **values)), options.format)
    return 0


def _bounded(options: Any, evaluate: Callable[[], T]) -> T:
    """Return what evaluates to, by the deadline; an endpoint sees to its own."""
    if options.endpoint:
        return evaluate()
    from spacerace_kg.commands.deadlines import within

    return within(options.timeout, evaluate)


def _sparql(options: Any) -> int:
    from spacerace_kg.answers import Answer
    from spacerace_kg.names import PREFIXES

    text = _query_text(options.query)
    # Prefixes that the query uses and does not declare are ours.
    missing = [p for p in PREFIXES if f"{p}:" in text and f"prefix {p}:" not in text.lower()]
    text = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in missing) + text

    def evaluate(kg: KnowledgeGraph) -> Answer | bool | rdflib.Graph:
        return kg.sparql(text)

    def show(result: Answer | bool | rdflib.Graph) -> int:
        if isinstance(result, bool):
            print("true" if result else "false")
        elif isinstance(result, Answer):
            print_answer(result, options.format)
        else:
            # Not `splitlines`, which would also part a text at U+2028.
            lines = result.serialize(format="nt").split("\n")
            write("".join(f"{line}\n" for line in sorted(set(lines)) if line))
        return 0

    if options.endpoint:
        return show(evaluate(connect(options)))
    from spacerace_kg.commands.deadlines import in_child

    return in_child(options.timeout, lambda: connect(options), evaluate, show)


def _query_text(given: str) -> str:
    """Return the query itself, or what the file or standard input that is named holds."""
    try:
        if given == "-":
            return _bounded_text(sys.stdin)
        if "\n" not in given and len(given) < 1000 and os.path.isfile(given):
            with open(given, encoding="utf-8") as file:
                return _bounded_text(file)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given} cannot be read: {error}.") from None
    if given.endswith((".rq", ".sparql")) and " " not in given:
        raise UsageError(f"There is no file {given!r}.")
    return given


def _bounded_text(file: TextIO) -> str:
    text = file.read(_MOST_CHARACTERS + 1)  # not all: standard input may have no end
    if len(text) > _MOST_CHARACTERS:
        raise UsageError(f"The query has more than {_MOST_CHARACTERS:,} characters. Shorten it.")
    return text


def _show(options: Any) -> int:
    from spacerace_kg.show import WIDTH, page

    width = WIDTH
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        width = min(WIDTH, get_terminal_size().columns)
    kg = connect(options)
    sys.stdout.write(_bounded(options, lambda: page(kg, options.id, width)))
    return 0


def _names(**_: Any) -> list[str]:
    from spacerace_kg import queries

    return queries.names(paths.within_root("queries"))


def _ids(**_: Any) -> list[str]:
    path = paths.root() / "graph" / "ids.txt"
    return path.read_text("utf-8").split() if path.is_file() else []


def _parameters(prefix: str, parsed_args: Any, **_: Any) -> list[str]:
    """Offer the parameters' names, and after ``name=`` the ids or words that it takes."""
    from spacerace_kg import knowledge, queries

    query = queries.read_all(paths.within_root("queries")).get(parsed_args.name)
    parameters = query.parameters if query else {}
    name, equals, _begun = prefix.partition("=")
    if not equals or name not in parameters:
        return [f"{name}=" for name in parameters]
    return [f"{name}={value}" for value in knowledge.connect().values(parameters[name])]
