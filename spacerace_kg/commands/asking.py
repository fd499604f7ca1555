"""The commands that ask: queries, ask, sparql, show."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from spacerace_kg import paths
from spacerace_kg.commands.common import FORMATS, bindings, command, connect, endpoint, print_answer
from spacerace_kg.errors import UsageError
from spacerace_kg.status import status

if TYPE_CHECKING:
    import rdflib

    from spacerace_kg.answers import Answer

T = TypeVar("T")
MOST_MEMORY = 4 * 1024**3  # bytes, for a query of the caller's own


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    made = command(
        commands, "queries", _queries, "List the canned questions and their parameters.", "queries"
    )
    made.add_argument("name", nargs="?", help="tell all about one question").completer = _names
    made.add_argument("--tag", help="only those about this")
    made.add_argument("--format", choices=("table", "markdown"), default="table")

    made = command(
        commands, "ask", _ask, "Answer a canned question.", "ask firsts nation=soviet-union"
    )
    made.add_argument("name", help="the question; see: spacerace queries").completer = _names
    given = made.add_argument("values", nargs="*", metavar="param=value", help="bind a parameter")
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
    made.add_argument("id", help="the entity's id").completer = _ids
    endpoint(made)


def _queries(options: Any) -> int:
    from spacerace_kg import queries

    folder = paths.root() / "queries"
    if options.name:
        query = queries.read(folder, options.name)
        print(f"{query.name}: {query.summary}\n{query.description}")
        for p in query.parameters.values():
            print(f"  {p.name}=…  {p.description} Takes {p.takes()}. Example: {p.name}={p.example}")
        return 0
    found = queries.read_all(folder).values()
    chosen = [q for q in found if not options.tag or options.tag in q.tags]
    if options.format == "markdown":
        sys.stdout.write(queries.to_markdown(chosen))
        return 0
    from spacerace_kg.table import print_table

    print_table(
        ["question", "asks", "parameters"],
        [[q.name, q.summary, " ".join(q.parameters)] for q in chosen],
    )
    return 0


def _ask(options: Any) -> int:
    values = bindings(options.values)
    if options.print_query and not values:
        from spacerace_kg import queries

        sys.stdout.write(queries.read(paths.root() / "queries", options.name).text)
        return 0
    kg = connect(options)
    if options.print_query:
        from spacerace_kg import queries

        sys.stdout.write(kg.text(queries.read(paths.root() / "queries", options.name), values))
        return 0
    print_answer(kg.ask(options.name, **values), options.format)
    return 0


def _sparql(options: Any) -> int:
    from spacerace_kg.answers import Answer
    from spacerace_kg.names import PREFIXES

    text = _query_text(options.query)
    # Prefixes that the query uses and does not declare are ours.
    missing = [p for p in PREFIXES if f"{p}:" in text and f"prefix {p}:" not in text.lower()]
    text = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in missing) + text

    def evaluate() -> Answer | bool | rdflib.Graph:
        return connect(options).sparql(text)

    def show(result: Answer | bool | rdflib.Graph) -> int:
        if isinstance(result, bool):
            print("true" if result else "false")
        elif isinstance(result, Answer):
            print_answer(result, options.format)
        else:
            # Not `splitlines`, which would also part a text at U+2028.
            lines = result.serialize(format="nt").split("\n")
            sys.stdout.write("".join(f"{line}\n" for line in sorted(set(lines)) if line))
        return 0

    return show(evaluate()) if options.endpoint else _in_worker(evaluate, show, options.timeout)


def _query_text(given: str) -> str:
    """Return the query itself, or what the file or standard input that is named holds."""
    try:
        if given == "-":
            return sys.stdin.read()
        if "\n" not in given and len(given) < 1000 and os.path.isfile(given):
            return Path(given).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given} cannot be read: {error}.") from None
    if given.endswith((".rq", ".sparql")) and " " not in given:
        raise UsageError(f"There is no file {given!r}.")
    return given


def _in_worker(evaluate: Callable[[], T], show: Callable[[T], int], seconds: float) -> int:
    """Evaluate in a child process that ends at a deadline; the engine itself cannot be stopped.

    Raises UsageError if the child takes too long, or dies of the query. Showing has no deadline.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent sees to it
        # By its default the alarm ends the process, whatever the engine is at.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        import resource

        os.environ["RUST_BACKTRACE"] = "0"  # one that is made without memory never ends
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))

        def run() -> int:
            result = evaluate()
            signal.setitimer(signal.ITIMER_REAL, 0)
            return show(result)

        ended = 70  # a fault of ours, with its traceback
        try:
            ended = status(run)
        except BaseException as error:
            if isinstance(error, MemoryError) or type(error).__name__ == "PanicException":
                os.kill(os.getpid(), signal.SIGKILL)  # as if the engine itself had broken down
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(ended)
    # The child must not live on when this process is told to end.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _, ended = os.waitpid(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    code = os.waitstatus_to_exitcode(ended)
    if code == -signal.SIGALRM:
        raise UsageError(f"The query took more than {seconds:g} s. Narrow it, or raise --timeout.")
    if code < 0:
        raise UsageError(
            "The engine broke down over this query, perhaps for want of memory. Make it smaller."
        )
    return code


def _show(options: Any) -> int:
    from spacerace_kg.show import page

    sys.stdout.write(page(connect(options), options.id))
    return 0


def _names(**_: Any) -> list[str]:
    return sorted(path.stem for path in (paths.root() / "queries").glob("*.rq"))


def _ids(**_: Any) -> list[str]:
    path = paths.root() / "graph" / "ids.txt"
    return path.read_text("utf-8").split() if path.is_file() else []


def _parameters(prefix: str, parsed_args: Any, **_: Any) -> list[str]:
    """Offer the parameters' names, and after ``name=`` the ids or words that it takes."""
    from spacerace_kg import knowledge, queries

    query = queries.read_all(paths.root() / "queries").get(parsed_args.name)
    parameters = query.parameters if query else {}
    name, equals, _begun = prefix.partition("=")
    if not equals or name not in parameters:
        return [f"{name}=" for name in parameters]
    return [f"{name}={value}" for value in knowledge.connect().values(parameters[name])]
