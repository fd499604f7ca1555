"""Load: the graph into a store, whole or not at all.

Everything goes into staging graphs first, in chunks that may be sent twice; there it is verified,
then one update copies it to its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.counting import Counts
from spacerace_kg.importer.fingerprint import triple_by_triple
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.staging import (
    STAGING,
    Say,
    clear,
    handshake,
    number,
    stage,
    swap,
    swap_text,
    unlike,
)
from spacerace_kg.importer.stores import Store
from spacerace_kg.importer.verify import Verdict, add_probe, inspect

DEFAULT = ""  # the name of the default graph
ARRANGEMENTS = ("auto", "default", "named")
CHECKS = ("all", "counts")


@dataclass
class Loaded:
    """What a load did, or would do: graphs by layer, triples, the steps taken, the verdict."""

    store: str
    targets: dict[str, str]
    triples: int
    changed: bool = False
    steps: list[str] = field(default_factory=list)
    verdict: Verdict | None = None


def targets(store: Store, layers: Sequence[str], arrangement: str, union: bool) -> dict[str, str]:
    """Return the graph that each layer goes to.

    ``auto`` takes the default graph where the store has one of its own, for there every question
    can be asked as it stands, and named graphs where the default graph is the union of them.
    """
    if arrangement not in ARRANGEMENTS:
        raise UsageError(f"no arrangement {arrangement!r}. Choose from: {', '.join(ARRANGEMENTS)}.")
    if arrangement == "auto":
        arrangement = "named" if union or store.kind.named else "default"
    if arrangement == "default" and (union or store.kind.named):
        raise UsageError(
            f"{store}: the default graph is the union of the named ones. Load into named graphs."
        )
    return {layer: GRAPH + layer if arrangement == "named" else DEFAULT for layer in layers}


def load(
    meant: Meant,
    store: Store,
    *,
    arrangement: str = "auto",
    replace: bool = False,
    append: bool = False,
    check: str = "all",
    dry_run: bool = False,
    chunk: int = 0,
    say: Say = lambda _: None,
) -> Loaded:
    """Load layers into a store and return what was done; a failure leaves what was there before.

    ``check`` says what is compared before the swap: "all" is what `verify` compares, "counts" the
    counts alone. Raises UsageError where a target holds something else and neither ``replace`` nor
    ``append`` is given, DataError where the store did not keep what it was sent or answers
    otherwise, OutsideError where it failed.
    """
    if replace and append:
        raise UsageError("--replace and --append exclude each other. Choose one.")
    if check not in CHECKS:
        raise UsageError(f"no check {check!r}. Choose from: {', '.join(CHECKS)}.")
    if dry_run:
        union = store.kind.named
    else:
        say(f"trying {store} with one triple")
        union = handshake(store)
    into = targets(store, meant.layers, arrangement, union)
    groups: dict[str, list[str]] = {}
    for layer, graph in into.items():
        groups.setdefault(graph, []).append(layer)
    stages = {
        graph: f"{STAGING}{meant.digest}/{graph.removeprefix(GRAPH) or 'default'}"
        for graph in groups
    }
    say("counting what is meant")
    told = {graph: meant.counts(layers) for graph, layers in groups.items()}
    total = sum(count["triples"][""] for count in told.values())
    done = Loaded(str(store), into, total)
    there = {graph: number(store, graph) for graph in groups}
    size = chunk or store.kind.chunk
    if dry_run:
        done.steps = _plan(store, groups, stages, told, there, size, replace, append, check)
        return done
    if _same(store, meant, groups, told):
        clear(store, say)
        done.steps.append("everything is there already")
        return done
    if any(there.values()) and not replace and not append:
        raise UsageError(_occupied(store, there, total))
    clear(store, say, keep=set(stages.values()))
    for graph, layers in groups.items():
        stage(store, meant, layers, stages[graph], told[graph], size, say)
        done.steps.append(f"staged and counted {told[graph]['triples']['']:,} triples")
    if check == "all":
        done.verdict = inspect(meant, store, list(stages.values()), say=say)
        add_probe(done.verdict, store, say)
        done.steps.append(f"compared {len(done.verdict.checks)} things where it is staged")
        if not done.verdict.well:
            clear(store, say)
            raise DataError(_unwell(done.verdict))
    say("putting it in its place")

    def arrived() -> bool:
        return all(_arrived(store, graph, stages[graph], told[graph], append) for graph in groups)

    swap(store, swap_text(stages, append), total, arrived)
    done.steps.append(swap_text(stages, append, plain=True))
    for graph, layers in groups.items():
        if not append and (differ := unlike(store, meant, layers, graph, told[graph])):
            name, of, wanted, found = differ[0]
            raise DataError(
                f"{store.wire.host}: after the swap {name} {of} is {found:,}, not {wanted:,}. What "
                "was staged is still there. Run again with --replace."
            )
    if append and not arrived():
        raise DataError(f"{store.wire.host}: not all triples did arrive. Run again.")
    clear(store, say)
    done.changed = True
    return done


def _same(
    store: Store, meant: Meant, groups: dict[str, list[str]], told: dict[str, Counts]
) -> bool:
    """Tell whether the targets hold what is meant, triple by triple, and nothing else."""
    for graph, layers in groups.items():
        if number(store, graph) != told[graph]["triples"][""]:
            return False
        if unlike(store, meant, layers, graph, told[graph]):
            return False
    asking = store.asking([graph for graph in groups if graph])
    return not triple_by_triple(meant.each, asking.select, store.kind.text).differ


def _arrived(store: Store, graph: str, staged: str, told: Counts, append: bool) -> bool:
    """Tell whether a graph holds what was staged for it."""
    if not append:
        return number(store, graph) == told["triples"][""] == number(store, staged)
    inside = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    text = (
        f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{staged}> {{ ?s ?p ?o }} "
        f"FILTER NOT EXISTS {{ {inside} }} }}"
    )
    return int(str(store.asking().select(text).rows[0][0])) == 0


def _unwell(verdict: Verdict) -> str:
    wrong = [check for check in verdict.checks if not check.well]
    notes = "; ".join(f"{check.what}: {check.note}" for check in wrong[:3])
    return (
        f"{verdict} {notes}. Nothing was put in its place, and what was there before is untouched. "
        "--check counts loads it all the same."
    )


def _occupied(store: Store, there: dict[str, int], total: int) -> str:
    parts = [
        f"{'the graph ' + graph if graph else 'the default graph'} holds {held:,} triples"
        for graph, held in there.items()
        if held
    ]
    return (
        f"{store.wire.host}: {'; '.join(parts)}, and not what would be loaded ({total:,}). Say "
        "--replace to put the new in its place, or --append to add to it."
    )


def _plan(
    store: Store,
    groups: dict[str, list[str]],
    stages: dict[str, str],
    told: dict[str, Counts],
    there: dict[str, int],
    size: int,
    replace: bool,
    append: bool,
    check: str,
) -> list[str]:
    """Return what a load would do, step by step."""
    kind = store.kind
    way = (
        f"POST {store.base}{kind.data}"
        if kind.data
        else f"INSERT DATA to {store.base}{kind.update}"
    )
    steps = [
        f"store: {store}; ask at {store.base}{kind.query}, update at {store.base}{kind.update}",
        f"try it: write one triple to a graph under {STAGING}hello/, find it, drop it",
    ]
    for graph, layers in groups.items():
        held = told[graph]["triples"][""]
        steps.append(
            f"{way}: {', '.join(layers)}, {held:,} triples as N-Triples"
            f"{', gzip' if kind.gzip else ''}, {-(-held // size)} chunks, into {stages[graph]}"
        )
        steps.append("count it there: all, by property, class, datatype and language")
    if check == "all":
        steps.append("compare it there triple by triple, and the answers to every canned question")
        steps.append("write the probe set to a graph beside it, read it back, drop it")
    steps.append(f"then, in one update: {swap_text(stages, append, plain=True)}")
    for graph, held in there.items():
        if held and not (replace or append):
            steps.append(
                f"{graph or 'the default graph'} holds {held:,} triples: unless they are these "
                "ones, --replace or --append will be needed"
            )
    steps.append("count it in its place, drop the staging graphs")
    return steps
