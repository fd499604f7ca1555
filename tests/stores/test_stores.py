"""Load and verify on every store that is installed, with a small graph and with the record."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import CHECKOUT, STORES, connected, started
from servers import program

from spacerace_kg import queries
from spacerace_kg.errors import UsageError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.counting import counts
from spacerace_kg.importer.load import load
from spacerace_kg.importer.meant import Meant
from spacerace_kg.importer.shards import shards
from spacerace_kg.importer.staging import STAGING
from spacerace_kg.importer.stores import Store
from spacerace_kg.importer.verify import Verdict, verify

QUESTIONS = sorted(queries.read_all(CHECKOUT / "queries"))
# A second server of a kind gets the record without its claims, which takes a fifth of the time.
# Blazegraph takes minutes to sum over the record, and gets what it does in seconds.
SHARES = {
    "fuseki with a password": "the record, without claims",
    "rdf4j memory": "the record, without claims",
    "blazegraph": "its links and ontology",
}
LAYERS = {
    "the record": ["plain", "claims", "links", "ontology"],
    "the record, without claims": ["plain", "links", "ontology"],
    "its links and ontology": ["links", "ontology"],
}


def in_all(store: Store, meant: Meant) -> int:
    """Return the triples that the layers' graphs hold."""
    graphs = [GRAPH + layer for layer in meant.layers] if store.kind.named else []
    return counts(store.asking(graphs).select)["triples"][""]


def staged(store: Store) -> int:
    """Return the triples in staging graphs."""
    text = (
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )
    return int(str(store.asking().select(text).rows[0][0]))


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Iterator[Meant]:
    """Return the whole record, or a share of it."""
    share = SHARES.get(request.getfixturevalue("name"), "the record")
    with Meant(CHECKOUT, LAYERS[share]) as meant:
        yield meant


def note(row: dict[str, object]) -> None:
    """Leave a row for the matrix, where one is wanted (see write_matrix.py)."""
    if wanted := os.environ.get("SPACERACE_MATRIX"):
        with Path(wanted).open("a") as out:
            out.write(json.dumps(row) + "\n")


def well(verdict: Verdict) -> bool:
    """Assert that all is well, with what is not."""
    assert verdict.well, [vars(check) for check in verdict.checks if not check.well]
    return True


@pytest.mark.parametrize("name", STORES)
def test_the_life_of_a_graph_in_a_store(
    name: str, tmp_path: Path, graph: Meant, other: Meant, record: Meant
) -> None:
    """Loaded, verified, refused, replaced, appended to; then the record itself, every question."""
    with started(name, tmp_path) as running:
        store = connected(running, timeout=300)
        assert name.split()[0] == store.kind.name
        assert not load(graph, store, dry_run=True).changed
        assert in_all(store, graph) == 0, "a dry run writes nothing"

        total = graph.counts()["triples"][""]
        done = load(graph, store, chunk=500)
        assert (done.changed, done.triples, in_all(store, graph)) == (True, total, total)
        assert done.verdict is not None
        asked = {check.what for check in done.verdict.checks}
        assert asked >= {"triple by triple", "probe set", *QUESTIONS}
        assert staged(store) == 0
        assert not load(graph, store).changed, "loading twice changes nothing"
        with pytest.raises(UsageError, match="--replace"):
            load(other, store)
        assert in_all(store, graph) == total

        assert load(other, store, replace=True, check="counts").changed
        assert in_all(store, other) == other.counts()["triples"][""]
        assert not verify(graph, store, questions=["missions"]).well

        load(graph, store, append=True, check="counts")
        both = in_all(store, graph)
        assert both > total
        load(graph, store, append=True, check="counts")
        assert in_all(store, graph) == both, "appending twice changes nothing"

    # Started anew: for Virtuoso plans by what it held when it was first asked, and then hangs.
    with started(name, tmp_path) as running:
        store = connected(running, timeout=300)
        assert in_all(store, graph) == both, "what was loaded outlives the server"
        assert load(record, store, replace=True, check="counts").changed
        verdict = verify(record, store, probe=True)
        assert well(verdict)
        assert not load(record, store, check="counts").changed
        assert staged(store) == 0
        note(
            {
                "store": name,
                "version": running.version,
                "graph": SHARES.get(name, "the record"),
                "questions": len({check.what for check in verdict.checks} & set(QUESTIONS)),
                "quirks": verdict.quirks,
            }
        )


def test_virtuosos_bulk_loader_takes_the_shards(tmp_path: Path, graph: Meant) -> None:
    """Parts that were exported for parallel loaders arrive by Virtuoso's own, and verify."""
    with started("virtuoso", tmp_path) as running:
        shards(graph.root, running.home / "parts", 3, graph.layers)
        told = "ld_dir('parts', '*.nq.gz', 'urn:unused'); rdf_loader_run(); checkpoint;"
        done = subprocess.run(
            [program("isql-vt", "the Debian package virtuoso-opensource-7-bin"),
             f"127.0.0.1:{(running.home / 'sql-port').read_text()}",
             running.user, running.password, f"exec={told}"],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        store = connected(running)
        assert in_all(store, graph) == graph.counts()["triples"][""]
        well(verify(graph, store, questions=["missions"]))
        assert not load(graph, store).changed, "what the loader brought is what load would bring"
