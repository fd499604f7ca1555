"""Staging: graphs beside those that are asked, filled, counted, and put in their place at once.

Staging graphs are named after the content, so a load that was interrupted goes on where it stopped,
and the next load clears away what another one left.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Sequence

from spacerace_kg.errors import DataError, OutsideError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.counting import Counts, counts, differences
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.stores import Store

STAGING = GRAPH + "staging/"
_PACE = 2_000  # triples a second that the slowest store copies at least

Say = Callable[[str], None]


def place(graph: str) -> str:
    """Return a graph as SPARQL Update names it; the default graph has no name."""
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


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
    drop(store, graph)
    if store.asking((graph,)).ask(find):
        raise OutsideError(
            f"{store.wire.host} does not drop a graph when told to (update {store.kind.update!r}). "
            "Nothing was loaded."
        )
    return union


def number(store: Store, graph: str) -> int:
    """Return how many triples a graph holds; the default graph has no name."""
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    rows = store.asking((graph,) if graph else ()).select(text).rows
    return int(str(rows[0][0])) if rows else 0


def unlike(
    store: Store, meant: Meant, layers: Sequence[str], graph: str, told: Counts
) -> list[tuple[str, str, int, int]]:
    """Return in which counts a graph differs from what is meant to be in it."""
    found = counts(store.asking((graph,) if graph else ()).select)
    differ = differences(told, found)
    if differ and found["triples"][""] < told["triples"][""] and set(layers) == set(meant.layers):
        # A triple may be in two layers; then it was counted twice.
        return differences(meant.counts(exact=True), found)
    return differ


def stage(
    store: Store, meant: Meant, layers: list[str], graph: str, told: Counts, size: int, say: Say
) -> None:
    """Fill a staging graph, from where an earlier load stopped, and count it."""
    have, total, sent = number(store, graph), told["triples"][""], 0
    if have > total:
        drop(store, graph, have)
        have = 0
    for some, text in meant.chunks(layers, size):
        sent += some
        if sent <= have:  # an earlier load sent it; the counts below prove it
            continue
        store.add(graph, text)
        say(f"{sent:,} of {total:,} triples of {', '.join(layers)} sent")
    differ = unlike(store, meant, layers, graph, told)
    if not differ:
        return
    drop(store, graph, total)
    meant.steady()
    if have:  # what the earlier load left was not whole: once more, from nothing
        stage(store, meant, layers, graph, told, size, say)
        return
    told_of = "; ".join(
        f"{name} {of}: {sent_:,} sent, {found:,} there".replace("  ", " ")
        for name, of, sent_, found in differ[:5]
    )
    raise DataError(
        f"{store.wire.host} did not keep what it was sent: {told_of}. What was there before is "
        "untouched."
    )


def swap_text(stages: dict[str, str], append: bool, *, plain: bool = False) -> str:
    """Return the one update that puts staged graphs in their places."""
    # COPY, unlike MOVE, may be run again after an answer was lost.
    verb = "ADD" if append else "COPY"
    return (" ; " if plain else " ;\n").join(
        f"{verb} GRAPH <{stage}> TO {place(graph)}" for graph, stage in stages.items()
    )


def swap(store: Store, text: str, size: int, arrived: Callable[[], bool]) -> None:
    """Run the update that puts staged graphs in their places; once more if its answer was lost."""
    seconds = patience(store, size)
    try:
        store.update(text, repeat=False, timeout=seconds)
    except OutsideError as error:
        # It may have been done, or be under way still: a store does not stop when we hang up.
        for pause in (0.0, 2.0, 5.0):
            time.sleep(min(pause, store.wire.timeout))
            with contextlib.suppress(OutsideError):
                if arrived():
                    return
        try:
            store.update(text, repeat=False, timeout=seconds)
        except OutsideError:
            raise OutsideError(
                f"{error} It was putting the new in the place of the old, and which of them is "
                "there is not known. All of the new is staged: run again."
            ) from None


def clear(store: Store, say: Say, keep: set[str] | None = None) -> None:
    """Drop the staging graphs that this or another load left."""
    text = (
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )
    for (graph,) in store.asking().select(text).rows:
        if str(graph) not in (keep or ()):
            say(f"clearing away {graph}")
            drop(store, str(graph), number(store, str(graph)))


def drop(store: Store, graph: str, size: int = 0) -> None:
    """Drop a graph of so many triples, if it is there."""
    store.update(f"DROP SILENT GRAPH <{graph}>", timeout=patience(store, size))


def patience(store: Store, size: int) -> float:
    """Return the seconds that a store may take to copy or drop so many triples."""
    return store.wire.timeout + size / _PACE
