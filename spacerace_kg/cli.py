"""The command line: the only module that reads arguments, prints, or exits.

Answers go to standard output, everything else to standard error. Exit status: 0 fine, 1 the data
are at fault, 2 the call is wrong, 3 something outside failed.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from spacerace_kg import __version__, paths
from spacerace_kg.errors import DataError, OutsideError, SpaceRaceError, UsageError

if TYPE_CHECKING:
    import rdflib

    from spacerace_kg.answers import Answer
    from spacerace_kg.knowledge import KnowledgeGraph

T = TypeVar("T")
FORMATS = ("table", "csv", "tsv", "json", "markdown")
EXPORTS = ("nt", "nq", "trig", "turtle", "rdfxml", "jsonld", "csv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``spacerace`` with arguments, or those of the process, and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks Cyrillic

    def run() -> int:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        return status

    return _status(run)


def _status(run: Callable[[], int]) -> int:
    """Return the exit status of a run, and tell on standard error what ended it."""
    try:
        status = run()
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        _close_output()
        return 0
    except KeyboardInterrupt:
        print("spacerace: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except SpaceRaceError as error:
        print(f"spacerace: {error}", file=sys.stderr)
        return 1 if isinstance(error, DataError) else 3 if isinstance(error, OutsideError) else 2
    except OSError as error:  # a full disk, a folder without permission
        print(f"spacerace: {error}", file=sys.stderr)
        _close_output()
        return 3


def _close_output() -> None:
    """Let what is still to be written go nowhere, also at the interpreter's exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spacerace",
        description="Ask, check, build and export the Space Race Knowledge Graph.",
        epilog="Example: spacerace ask firsts nation=soviet-union",
    )
    parser.add_argument("--version", action="version", version=f"spacerace {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[Any], int], text: str, example: str) -> Any:
        made = commands.add_parser(
            name, help=text, description=text, epilog=f"Example: spacerace {example}"
        )
        made.set_defaults(run=run)
        return made

    def endpoint(made: Any) -> None:
        made.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
        made.add_argument(
            "--timeout",
            type=_seconds,
            default=60,
            metavar="SECONDS",
            help="give up after (default 60)",
        )

    made = command(
        "queries", _queries, "List the canned questions and their parameters.", "queries"
    )
    made.add_argument("name", nargs="?", help="tell all about one question").completer = _names
    made.add_argument("--tag", help="only those about this")
    made.add_argument("--format", choices=("table", "markdown"), default="table")

    made = command("ask", _ask, "Answer a canned question.", "ask firsts nation=soviet-union")
    made.add_argument("name", help="the question; see: spacerace queries").completer = _names
    given = made.add_argument("values", nargs="*", metavar="param=value", help="bind a parameter")
    given.completer = _parameters
    made.add_argument("--format", choices=FORMATS, default="table")
    made.add_argument("--print-query", action="store_true", help="print the SPARQL, run nothing")
    endpoint(made)

    made = command(
        "sparql", _sparql, "Run a SPARQL query of your own.",
        "sparql 'SELECT (COUNT(*) AS ?n) WHERE { ?m a sr:Mission }'",
    )  # fmt: skip
    made.add_argument("query", help="the query, a file that holds it, or - for standard input")
    made.add_argument("--format", choices=FORMATS, default="table")
    endpoint(made)

    made = command("show", _show, "Show all that is known of one entity.", "show vostok-1")
    made.add_argument("id", help="the entity's id").completer = _ids
    endpoint(made)

    made = command("check", _check, "Check the source facts, or the graph by its rules.", "check")
    made.add_argument("--graph", action="store_true", help="run the rules of queries/checks too")

    command("build", _build, "Check the source facts and write the graph's Turtle.", "build")

    made = command(
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

    made = command(
        "export",
        _export,
        "Write the graph in another format, with a manifest.",
        "export --format nt out",
    )
    made.add_argument("folder", type=Path, help="a new or empty folder to write to")
    made.add_argument("--format", choices=EXPORTS, default="nt")
    made.add_argument(
        "--layers",
        default="plain,claims,links",
        help="which, by commas: plain,claims,links,ontology",
    )

    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 1e6:
        raise ValueError("out of range")
    return seconds


_seconds.__name__ = "number of seconds"  # as argparse names it


def _connect(options: Any) -> KnowledgeGraph:
    from spacerace_kg.knowledge import connect

    return connect(options.endpoint, timeout=options.timeout)


def _say(text: str) -> None:
    """Tell of progress, on a terminal only."""
    if sys.stderr.isatty():
        print(f"spacerace: {text} …", file=sys.stderr)


def _print(answer: Answer, format_: str) -> None:
    """Print an answer in a format; with rich a table fits the terminal, else it is wide."""
    if format_ == "table":
        from spacerace_kg.table import print_table

        print_table(answer.columns, answer.texts())
    else:
        texts = {"csv": answer.to_csv, "tsv": answer.to_tsv, "json": answer.to_json}
        sys.stdout.write(texts.get(format_, answer.to_markdown)())


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
    values = {}
    for pair in options.values:
        name, equals, value = pair.partition("=")
        if not equals or name in values:
            raise UsageError(f"{pair!r} is no param=value, or comes twice.")
        values[name] = value
    if options.print_query and not values:
        from spacerace_kg import queries

        sys.stdout.write(queries.read(paths.root() / "queries", options.name).text)
        return 0
    kg = _connect(options)
    if options.print_query:
        from spacerace_kg import queries

        sys.stdout.write(kg.text(queries.read(paths.root() / "queries", options.name), values))
        return 0
    _print(kg.ask(options.name, **values), options.format)
    return 0


def _sparql(options: Any) -> int:
    from spacerace_kg.answers import Answer
    from spacerace_kg.names import PREFIXES

    text = _query_text(options.query)
    # Prefixes that the query uses and does not declare are ours.
    missing = [p for p in PREFIXES if f"{p}:" in text and f"prefix {p}:" not in text.lower()]
    text = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in missing) + text

    def evaluate() -> Answer | bool | rdflib.Graph:
        return _connect(options).sparql(text)

    def show(result: Answer | bool | rdflib.Graph) -> int:
        if isinstance(result, bool):
            print("true" if result else "false")
        elif isinstance(result, Answer):
            _print(result, options.format)
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

        def run() -> int:
            result = evaluate()
            signal.setitimer(signal.ITIMER_REAL, 0)
            return show(result)

        status = 70  # a fault of ours, with its traceback
        try:
            status = _status(run)
        except Exception:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)
    # The child must not live on when this process is told to end.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _, status = os.waitpid(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGALRM:
        raise UsageError(f"The query took more than {seconds:g} s. Narrow it, or raise --timeout.")
    if code < 0:
        raise UsageError("The engine broke down over this query. Make it smaller.")
    return code


def _show(options: Any) -> int:
    from spacerace_kg.show import page

    sys.stdout.write(page(_connect(options), options.id))
    return 0


def _check(options: Any) -> int:
    from spacerace_kg.check import check

    _say("checking the facts")
    checked = check(paths.root())
    for problem in checked.problems:
        print(problem)
    count = len(checked.problems)
    rows = 0
    if options.graph:
        from spacerace_kg.knowledge import connect
        from spacerace_kg.rules import broken

        _say("checking the graph")
        for line in broken(connect()):
            print(line)
            rows += 1
    told = f"{len(checked.statements):,} statements, {count:,} problems"
    print(
        f"spacerace: {told}" + (f", {rows:,} broken rules" if options.graph else ""),
        file=sys.stderr,
    )
    return 1 if count or rows else 0


def _build(options: Any) -> int:
    from spacerace_kg.build import build

    built = build(paths.root(), _say)
    for problem in built.problems:
        print(problem)
    if built.problems:
        print(f"spacerace: {len(built.problems):,} problems; nothing was written", file=sys.stderr)
        return 1
    counts = ", ".join(f"{n:,} {layer}" for layer, n in built.counts.items())
    print(f"spacerace: {counts}; {'written' if built.changed else 'no change'}", file=sys.stderr)
    return 0


def _reason(options: Any) -> int:
    from spacerace_kg.reasoning import reason

    result = reason(paths.root(), options.files, _say)
    for line in result.faults:
        print(line)
    if not result.faults:
        from spacerace_kg.answers import Answer

        _print(Answer(["entity", "inferredClass"], result.inferred), options.format)
    verdict = "inconsistent or misshapen" if result.faults else "consistent, all shapes hold"
    print(f"spacerace: {verdict}; {len(result.inferred):,} inferred types", file=sys.stderr)
    return 1 if result.faults else 0


def _export(options: Any) -> int:
    from spacerace_kg.export import export

    layers = [name for name in options.layers.split(",") if name]
    for path in export(paths.root(), options.folder, options.format, layers, _say):
        print(path)
    return 0


def _names(**_: Any) -> list[str]:
    return sorted(path.stem for path in (paths.root() / "queries").glob("*.rq"))


def _ids(**_: Any) -> list[str]:
    path = paths.root() / "graph" / "ids.txt"
    return path.read_text("utf-8").split() if path.is_file() else []


def _parameters(parsed_args: Any, **_: Any) -> list[str]:
    from spacerace_kg import queries

    query = queries.read_all(paths.root() / "queries").get(parsed_args.name)
    return [f"{p.name}={p.example}" for p in query.parameters.values()] if query else []


if __name__ == "__main__":
    sys.exit(main())
