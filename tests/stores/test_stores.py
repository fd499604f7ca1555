"""Load and verify on every store that is installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import STORES, connected, started

from spacerace_kg.errors import UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.counting import counts
from spacerace_kg.importer.load import load
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.staging import STAGING
from spacerace_kg.importer.stores import Store
from spacerace_kg.importer.verify import verify


def in_all(store: Store, meant: Meant) -> int:
    """Return the triples that the layers' graphs hold."""
    graphs = [GRAPH + layer for layer in meant.layers]
    named = store.asking(graphs).ask("ASK { ?s ?p ?o }")
    chosen = graphs if named or store.kind.named else ()
    return counts(store.asking(chosen).select)["triples"][""]


def staged(store: Store) -> int:
    """Return the triples in staging graphs."""
    text = (
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )
    return int(str(store.asking().select(text).rows[0][0]))


@pytest.mark.parametrize("name", STORES)
def test_loads_once_whole_and_refuses_replaces_and_appends(
    name: str, tmp_path: Path, graph: Meant, other: Meant
) -> None:
    """The whole life of a graph in one store: loaded, verified, refused, replaced, appended to."""
    with started(name, tmp_path) as running:
        store = connected(running)
        assert name.split()[0] == store.kind.name
        plan = load(graph, store, dry_run=True)
        assert not plan.changed
        assert in_all(store, graph) == 0, "a dry run writes nothing"

        total = graph.counts()["triples"][""]
        assert load(graph, store, chunk=500).changed
        assert in_all(store, graph) == total
        assert staged(store) == 0
        verdict = verify(graph, store, probe=True)
        assert verdict.well, [vars(c) for c in verdict.checks if not c.well]
        assert len(verdict.checks) > 40

        assert not load(graph, store).changed, "loading twice changes nothing"
        with pytest.raises(UsageError, match="--replace"):
            load(other, store)
        assert in_all(store, graph) == total

        assert load(other, store, replace=True).changed
        assert in_all(store, other) == other.counts()["triples"][""]
        assert verify(other, store, questions=["missions"]).well
        assert not verify(graph, store, questions=["missions"]).well

        assert load(graph, store, append=True).changed
        both = in_all(store, graph)
        assert both > total
        load(graph, store, append=True)
        assert in_all(store, graph) == both, "appending twice changes nothing"
        assert staged(store) == 0
