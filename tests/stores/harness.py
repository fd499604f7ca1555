"""What the tests of stores share: starting one, connecting to it, and a small graph."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import servers

from spacerace_kg.importer.stores import Store, recognise
from spacerace_kg.importer.wire import PASSWORD, USER, Wire

CHECKOUT = Path(__file__).resolve().parents[2]

Start = Callable[..., contextlib.AbstractContextManager[servers.Running]]

STORES: dict[str, Start] = {
    "oxigraph": servers.oxigraph,
    "fuseki": servers.fuseki,
    "fuseki with a password": lambda home: servers.fuseki(home, secret=True),
    "rdf4j native": servers.rdf4j,
    "rdf4j memory": lambda home: servers.rdf4j(home, memory=True),
    "virtuoso": servers.virtuoso,
    "blazegraph": servers.blazegraph,
}


@contextlib.contextmanager
def started(name: str, home: Path) -> Iterator[servers.Running]:
    """Run a store, or skip; where everything must be installed, fail instead."""
    try:
        with STORES[name](home) as running:
            yield running
    except servers.MissingError as missing:
        skip(missing)


def skip(missing: servers.MissingError) -> NoReturn:
    """Skip a test for want of a store; where everything must be installed, fail instead."""
    if os.environ.get("SPACERACE_ALL_STORES"):
        raise missing
    pytest.skip(str(missing))


def connected(running: servers.Running, timeout: float = 120) -> Store:
    """Return the running store, recognised."""
    os.environ[USER] = running.user or "nobody"
    os.environ[PASSWORD] = running.password
    return recognise(running.url, Wire(running.url, timeout))


def spacerace(*arguments: str, root: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run the command over a graph, in a process of its own that knows no credentials but these."""
    kept = {k: v for k, v in os.environ.items() if k not in (USER, PASSWORD)}
    return subprocess.run(
        [sys.executable, "-m", "spacerace_kg", *arguments],
        env={**kept, "PYTHONPATH": str(CHECKOUT), "SPACERACE_ROOT": str(root), **given},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


_TURTLE = """
@prefix id: <https://w3id.org/spacerace/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sr: <https://w3id.org/spacerace/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def small(folder: Path, missions: int = 300, word: str = "Mission") -> Path:
    """Write a small graph, its triples by the hundred, and return its root."""
    (folder / "graph" / "turtle" / "plain").mkdir(parents=True)
    (folder / "queries").symlink_to(CHECKOUT / "queries")
    (folder / "ontology").symlink_to(CHECKOUT / "ontology")
    lines = [_TURTLE]
    for n in range(missions):
        day = f"19{60 + n % 30}-01-{1 + n % 28:02}"
        lines.append(
            f"id:m-{n} a sr:Mission , sr:UncrewedMission ; "
            f'rdfs:label "{word} {n}"@en , '
            f'"Полёт {n}"@ru ; sr:launch id:m-{n}-launch ; '
            f"sr:crewSize {n} ; sr:massKilograms {n}.5 .\n"
            f'id:m-{n}-launch a sr:Launch ; sr:date "{day}" ; '
            f'sr:earliest "{day}T00:00:00Z"^^xsd:dateTime .'
        )
    (folder / "graph" / "turtle" / "plain" / "missions.ttl").write_text("\n".join(lines))
    return folder
