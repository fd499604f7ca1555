"""The commands that import the graph into a triple store: load, verify."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from spacerace_kg import paths
from spacerace_kg.commands.common import command, layers, say, seconds, unwind, whole
from spacerace_kg.status import tell
from spacerace_kg.visible import visible

if TYPE_CHECKING:
    from spacerace_kg.importer.meant import Meant
    from spacerace_kg.importer.stores import Store


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    made = _command(
        commands, "load", _load, "Load the graph into a triple store, whole or not at all."
    )
    made.add_argument("--replace", action="store_true", help="put it in the place of what is there")
    made.add_argument("--append", action="store_true", help="add it to what is there")
    made.add_argument(
        "--check",
        choices=("all", "counts"),
        default="all",
        help="what is compared before it is put in its place (default all)",
    )
    made.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
    made.add_argument(
        "--chunk",
        type=whole("number of triples", 1_000_000),
        default=0,
        metavar="N",
        help="triples in one request (default: as the store likes)",
    )
    made = _command(commands, "verify", _verify, "Prove that the graph arrived in a triple store.")
    made.add_argument(
        "--probe",
        action="store_true",
        help="write hard literals to a graph of their own, read them back, drop it",
    )


def _command(commands: Any, name: str, run: Any, text: str) -> Any:
    """Add a command that talks to a triple store, with the options that both have."""
    made = command(commands, name, run, text, f"{name} http://localhost:3030/spacerace")
    made.add_argument("url", metavar="URL", help="the dataset, repository or server")
    made.add_argument(
        "--store", metavar="KIND", help="which it is, if it is not recognised: fuseki, rdf4j …"
    )
    layers(made, "plain,claims,links,ontology")
    made.add_argument(
        "--graphs",
        choices=("auto", "default", "named"),
        default="auto",
        help="into the default graph or a named one for each layer (default: as the store has it)",
    )
    made.add_argument(
        "--timeout",
        type=seconds,
        default=300,
        metavar="SECONDS",
        help="for one request (default 300)",
    )
    made.add_argument("--json", action="store_true", help="print the outcome for machines")
    return made


def _load(options: Any) -> int:
    from spacerace_kg.importer.load import load

    unwind()
    with _meant(options) as meant:
        done = load(
            meant,
            _store(options),
            arrangement=options.graphs,
            replace=options.replace,
            append=options.append,
            check=options.check,
            dry_run=options.dry_run,
            chunk=options.chunk,
            say=say,
        )
    quirks = done.verdict.quirks if done.verdict else []
    if options.json:
        content = {**vars(done), "verdict": done.verdict and done.verdict.content()}
        print(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        for step in done.steps:
            print(visible(step))
        for quirk in quirks:
            print(visible(f"quirk: {quirk}"))
    told = "would be loaded" if options.dry_run else "loaded" if done.changed else "there already"
    tell(f"{done.triples:,} triples {told} in {done.store}")
    return 0


def _verify(options: Any) -> int:
    from spacerace_kg.importer.verify import verify

    unwind()
    with _meant(options) as meant:
        verdict = verify(
            meant, _store(options), arrangement=options.graphs, probe=options.probe, say=say
        )
    if options.json:
        print(json.dumps(verdict.content(), ensure_ascii=False, indent=1))
    else:
        from spacerace_kg.commands.table import print_table

        rows = [
            [c.what, f"{c.meant:,}", f"{c.found:,}", "well" if c.well else "DIFFERS", c.note]
            for c in verdict.checks
        ]
        print_table(["check", "meant", "found", "verdict", "note"], rows)
        for quirk in verdict.quirks:
            print(visible(f"quirk: {quirk}"))
    tell(verdict)
    return 0 if verdict.well else 1


def _meant(options: Any) -> Meant:
    from spacerace_kg.importer.meant import Meant

    return Meant(paths.root(), options.layers)


def _store(options: Any) -> Store:
    from spacerace_kg.importer.stores import recognise
    from spacerace_kg.importer.wire import Wire

    return recognise(options.url, Wire(options.url, options.timeout, _who), options.store)


def _who(host: str) -> tuple[str, str] | None:
    """Ask a person at a terminal for the user and password of a host."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    import getpass

    print(f"{host} asks who you are.", file=sys.stderr)
    print("User: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip(), getpass.getpass("Password: ", sys.stderr)
