"""The benchmark: ratios side by side in one run. ``python tests/benchmarks/speed.py``.

Prints three comparisons, medians of several runs, each measured here and now:

1. a cold ``spacerace ask firsts`` against Python's own start, and against a plain rdflib script
   that parses the same Turtle and runs the same query (the graph's cache being there, as after
   any first use);
2. each canned question on the embedded store in memory against rdflib's own memory store, which
   is given up for a question that takes it longer than --patience;
3. ``spacerace build``'s reading, checking and emitting, in triples a second.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import spacerace_kg
from spacerace_kg import paths
from spacerace_kg.loader.build import emit
from spacerace_kg.loader.check import check
from spacerace_kg.store import graph_files

PLAIN_RDFLIB = """
import sys, rdflib
graph = rdflib.Graph()
for path in sys.argv[2:]:
    graph.parse(path)
for row in graph.query(open(sys.argv[1]).read()):
    print(*row, sep="\\t")
"""


def seconds(run: Callable[[], object], runs: int) -> float:
    """Return the median wall time of several runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def alternating(works: Sequence[Callable[[], object]], runs: int) -> list[float]:
    """Return the median wall times of several works, run in turns to share the weather."""
    times = [[seconds(run, 1) for run in works] for _ in range(runs)]
    return [statistics.median(each) for each in zip(*times, strict=True)]


def patient_seconds(run: Callable[[], object], patience: float) -> float:
    """Return the wall time of one run in Python, or infinity if it takes longer than that."""

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, patience)
    try:
        return seconds(run, 1)
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def cold_start(runs: int) -> None:
    """Compare a cold question in the shell with a plain rdflib script."""
    root = paths.root()
    files = graph_files(root)
    ask = [str(Path(sys.executable).with_name("spacerace")), "ask", "firsts"]
    script = [sys.executable, "-c", PLAIN_RDFLIB, str(root / "queries" / "firsts.rq"), *files]

    def run(command: list[str]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run(ask)
    alone, ours = alternating([lambda: run([sys.executable, "-c", "pass"]), lambda: run(ask)], runs)
    theirs = seconds(lambda: run(script), 1)
    print(f"Python alone                  {alone:8.3f} s")
    print(f"cold `spacerace ask firsts`   {ours:8.3f} s   ratio {ours / alone:6.1f}")
    print(f"plain rdflib script           {theirs:8.3f} s   ratio {theirs / ours:6.1f}")


def questions(runs: int, patience: float) -> None:
    """Compare each canned question on the embedded store with rdflib."""
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    kg = spacerace_kg.connect(in_memory=True)
    graph = kg.graph()
    ratios = []
    for name, query in kg.queries().items():
        ours = seconds(lambda text=query.text: kg.store.select(text), runs)  # type: ignore[misc]
        theirs = patient_seconds(
            lambda text=query.text: list(graph.query(text)),  # type: ignore[misc]
            patience,
        )
        than = ">" if math.isinf(theirs) else " "
        theirs = min(theirs, patience)
        ratios.append(theirs / ours)
        times = f"{ours * 1000:9.1f} ms   rdflib {theirs * 1000:10.1f} ms"
        print(f"{name:26} {times}   ratio {than}{ratios[-1]:8.1f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.1f}, least {min(ratios):.1f}")


def building() -> None:
    """Measure reading, checking and emitting the whole graph."""
    start = time.perf_counter()
    checked = check(paths.root())
    middle = time.perf_counter()
    _, counts = emit(checked)
    end = time.perf_counter()
    triples = sum(counts.values())
    print(
        f"check {middle - start:.2f} s, emit {end - middle:.2f} s for {triples:,} triples: "
        f"50,000 triples in {(end - start) * 50_000 / triples:.2f} s"
    )


def main() -> None:
    """Run the parts that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=["cold", "questions", "build", []])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--patience", type=float, default=60, help="seconds for rdflib")
    options = parser.parse_args()
    parts = options.parts or ["cold", "questions", "build"]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if "cold" in parts:
        cold_start(options.runs)
    if "questions" in parts:
        questions(options.runs, options.patience)
    if "build" in parts:
        building()


if __name__ == "__main__":
    main()
