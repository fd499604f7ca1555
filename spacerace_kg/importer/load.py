"""Load: the graph into a store, whole or not at all.

Everything goes into staging graphs first, in chunks that may be sent twice; it is counted there,
then one update copies it to its place. Staging graphs are named after the content, so a load that
was interrupted goes on where it stopped, and the next load clears away what another one left.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.meant import Counts, Meant, counts, differences
from spacerace_kg.importer.stores import Store

STAGING = GRAPH + "staging/"
DEFAULT = ""  # the name of the default graph
ARRANGEMENTS = ("auto", "default", "named")

Say = Callable[[str], None]


@dataclass
class Loaded:
    """What a load did, or would do: graphs by layer, triples, and the steps taken."""

    store: str
    targets: dict[str, str]
    triples: int
    changed: bool = False
    steps: list[str] = field(default_factory=list)


def place(graph: str) -> str:
    """Return a graph as SPARQL Update names it."""
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


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
    dry_run: bool = False,
    chunk: int = 0,
    say: Say = lambda _: None,
) -> Loaded:
    """Load layers into a store and return what was done; a failure leaves what was there before.

    Raises UsageError where a target holds something else and neither ``replace`` nor ``append`` is
    given, DataError where the store did not keep what it was sent, OutsideError where it failed.
    """
    if replace and append:
        raise UsageError("--replace and --append exclude each other. Choose one.")
    size = chunk or store.kind.chunk
    if dry_run:
        union = store.kind.named
    else:
        say(f"trying {store} with one triple")
        union = handshake(store)
    into = targets(store, meant.layers, arrangement, union)
    groups = _groups(into)
    stages = {graph: f"{STAGING}{meant.digest}/{_name(graph)}" for graph in groups}
    say("counting what is meant")
    told = {graph: meant.counts(layers) for graph, layers in groups.items()}
    total = sum(count["triples"][""] for count in told.values())
    done = Loaded(str(store), into, total)
    there = {graph: _triples(store, graph, union) for graph in groups}
    holds = {graph for graph in groups if there[graph]}
    if dry_run:
        done.steps = _plan(store, meant, groups, stages, told, there, size, replace, append)
        return done
    if all(_same(store, meant, groups[graph], graph, told[graph]) for graph in groups):
        _clear(store, say)
        done.steps.append("everything is there already")
        return done
    if holds and not replace and not append:
        raise UsageError(_occupied(store, there, told))
    _clear(store, say, keep=set(stages.values()))
    for graph, layers in groups.items():
        _stage(store, meant, layers, stages[graph], told[graph], size, say)
        done.steps.append(f"staged and counted {told[graph]['triples']['']:,} triples")
    say("putting it in its place")
    _swap(store, stages, there, append)
    for graph, layers in groups.items():
        _arrived(store, meant, layers, graph, stages[graph], told[graph], append)
    done.steps.append(swap_text(stages, append, plain=True))
    _clear(store, say)
    done.changed = True
    return done


def handshake(store: Store) -> bool:
    """Write one triple, find it, remove it; return whether the default graph shows named graphs.

    Proves, before anything else is done, that the store lets us write and keeps what it says it
    took. Raises OutsideError if not.
    """
    token = uuid.uuid4().hex
    graph = f"{STAGING}hello/{token}"
    triple = f'<{graph}> <{GRAPH}hello> "{token}" .\n'
    find = f'ASK {{ <{graph}> <{GRAPH}hello> "{token}" }}'
    store.add(graph, triple.encode())
    if not store.asking((graph,)).ask(find):
        raise OutsideError(
            f"{store.wire.host} said that it took a triple, and does not hold it. Is this the "
            "right URL, and may this user write? Nothing was loaded."
        )
    union = store.asking().ask(find)
    store.update(f"DROP SILENT GRAPH <{graph}>")
    if store.asking((graph,)).ask(find):
        raise OutsideError(
            f"{store.wire.host} does not drop a graph when told to (update {store.kind.update!r}). "
            "Nothing was loaded."
        )
    return union


def _groups(into: dict[str, str]) -> dict[str, list[str]]:
    """Return the layers that go to each graph."""
    groups: dict[str, list[str]] = {}
    for layer, graph in into.items():
        groups.setdefault(graph, []).append(layer)
    return groups


def _name(graph: str) -> str:
    return graph.removeprefix(GRAPH) or "default"


def _triples(store: Store, graph: str, union: bool = False) -> int:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    rows = store.asking((graph,) if graph else ()).select(text).rows
    return int(str(rows[0][0])) if rows else 0


def _found(store: Store, graph: str) -> Counts:
    return counts(store.asking((graph,) if graph else ()).select)


def _differ(
    store: Store, meant: Meant, layers: list[str], graph: str, told: Counts
) -> list[tuple[str, str, int, int]]:
    found = _found(store, graph)
    differ = differences(told, found)
    if differ and found["triples"][""] < told["triples"][""] and set(layers) == set(meant.layers):
        # A triple may be in two layers; then it was counted twice.
        return differences(meant.counts(exact=True), found)
    return differ


def _same(store: Store, meant: Meant, layers: list[str], graph: str, told: Counts) -> bool:
    if _triples(store, graph) != told["triples"][""]:
        return False
    return not _differ(store, meant, layers, graph, told)


def _stage(
    store: Store, meant: Meant, layers: list[str], stage: str, told: Counts, size: int, say: Say
) -> None:
    """Fill a staging graph, from where an earlier load stopped, and count it."""
    have = _triples(store, stage)
    total = told["triples"][""]
    if have > total:
        store.update(f"DROP SILENT GRAPH <{stage}>")
        have = 0
    sent = 0
    for number, text in meant.chunks(layers, size):
        sent += number
        if sent <= have:  # an earlier load sent it; the counts below prove it
            continue
        store.add(stage, text)
        say(f"{sent:,} of {total:,} triples of {', '.join(layers)} sent")
    differ = _differ(store, meant, layers, stage, told)
    if differ and have:  # what the earlier load left was not whole: once more, from nothing
        store.update(f"DROP SILENT GRAPH <{stage}>")
        _stage(store, meant, layers, stage, told, size, say)
        return
    if differ:
        store.update(f"DROP SILENT GRAPH <{stage}>")
        told_of = "; ".join(
            f"{name} {of}: {meant_:,} sent, {found:,} there".replace("  ", " ")
            for name, of, meant_, found in differ[:5]
        )
        raise DataError(
            f"{store.wire.host} did not keep what it was sent: {told_of}. What was there before "
            "is untouched."
        )


def swap_text(stages: dict[str, str], append: bool, *, plain: bool = False) -> str:
    """Return the one update that puts staged graphs in their places."""
    # COPY, unlike MOVE, may be run again after an answer was lost.
    verb = "ADD" if append else "COPY"
    return (" ; " if plain else " ;\n").join(
        f"{verb} GRAPH <{stage}> TO {place(graph)}" for graph, stage in stages.items()
    )


def _swap(store: Store, stages: dict[str, str], there: dict[str, int], append: bool) -> None:
    try:
        store.update(swap_text(stages, append), repeat=False)
    except OutsideError as error:
        now = {graph: _triples(store, graph) for graph in stages}
        if now == there:
            raise OutsideError(f"{error} What was there before is untouched. Run again.") from None
        # The answer was lost, or the store stopped on the way: all is staged, so go on.
        store.update(swap_text(stages, append), repeat=False)


def _arrived(
    store: Store,
    meant: Meant,
    layers: list[str],
    graph: str,
    stage: str,
    told: Counts,
    append: bool,
) -> None:
    if not append:
        differ = _differ(store, meant, layers, graph, told)
        if differ:
            name, of, number, found = differ[0]
            raise DataError(
                f"{store.wire.host}: after the swap {name} {of} is {found:,}, not {number:,}. What "
                "was staged is still there. Run again with --replace."
            )
        return
    inside = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    text = (
        f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{stage}> {{ ?s ?p ?o }} "
        f"FILTER NOT EXISTS {{ {inside} }} }}"
    )
    missing = int(str(store.asking().select(text).rows[0][0]))
    if missing:
        raise DataError(f"{store.wire.host}: {missing:,} triples did not arrive. Run again.")


def _clear(store: Store, say: Say, keep: set[str] | None = None) -> None:
    """Drop the staging graphs that this or another load left."""
    text = (
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )
    for (graph,) in store.asking().select(text).rows:
        if str(graph) not in (keep or ()):
            say(f"clearing away {graph}")
            store.update(f"DROP SILENT GRAPH <{graph}>")


def _occupied(store: Store, there: dict[str, int], told: dict[str, Counts]) -> str:
    parts = [
        f"{'the graph ' + graph if graph else 'the default graph'} holds {number:,} triples"
        for graph, number in there.items()
        if number
    ]
    return (
        f"{store.wire.host}: {'; '.join(parts)}, and not what would be loaded "
        f"({sum(t['triples'][''] for t in told.values()):,}). Say --replace to put the new in its "
        "place, or --append to add to it."
    )


def _plan(
    store: Store,
    meant: Meant,
    groups: dict[str, list[str]],
    stages: dict[str, str],
    told: dict[str, Counts],
    there: dict[str, int],
    size: int,
    replace: bool,
    append: bool,
) -> list[str]:
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
        number = told[graph]["triples"][""]
        steps.append(
            f"{way}: {', '.join(layers)}, {number:,} triples as N-Triples"
            f"{', gzip' if kind.gzip else ''}, {-(-number // size)} chunks, into {stages[graph]}"
        )
        steps.append("count it there: all, by property, class, datatype and language")
    steps.append(f"then, in one update: {swap_text(stages, append, plain=True)}")
    for graph, number in there.items():
        if number and not (replace or append):
            steps.append(
                f"{graph or 'the default graph'} holds {number:,} triples: unless they are these "
                "ones, --replace or --append will be needed"
            )
    steps.append("count it in its place, drop the staging graphs")
    return steps
