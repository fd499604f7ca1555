"""The benchmark of stores. ``python tests/benchmarks/loading.py fuseki --copies 13``.

Loads the record into a real store, from nothing to a verified swap, then the same with its claims
many times over (thirteen make five million triples); prints the time and the peak memory of
`spacerace load` and of the comparison by counts, side by side.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(CHECKOUT / "tests" / "stores"))

import servers  # noqa: E402
from harness import PASSWORD, STORES, USER  # noqa: E402
from measuring import cost  # noqa: E402


def scaled(folder: Path, copies: int) -> Path:
    """Write a graph like the record's with each claim that many times, under ids of its own."""
    for part in ("ontology", "queries", "graph/turtle/plain", "graph/turtle/links"):
        shutil.copytree(CHECKOUT / part, folder / part)
    claims = CHECKOUT / "graph" / "turtle" / "claims"
    for path in sorted(claims.rglob("*.ttl")):
        text = path.read_text("utf-8")
        for copy in range(copies):
            name = path.relative_to(claims).with_suffix("")
            target = folder / "graph/turtle/claims" / f"{name}-{copy}.ttl"
            target.parent.mkdir(parents=True, exist_ok=True)
            mark = f"\\/claim\\/copy{copy}\\/" if copy else "\\/claim\\/"
            target.write_text(text.replace("\\/claim\\/", mark), "utf-8")
    return folder


def measured(running: servers.Running, root: Path, seconds: float) -> str:
    """Load a graph in the place of what is there, and tell the time and the memory it took."""
    command = [sys.executable, "-m", "spacerace_kg", "load", running.url, "--replace"]
    command += ["--check", "counts", "--timeout", str(seconds)]
    given = {"SPACERACE_ROOT": str(root), "PYTHONPATH": str(CHECKOUT), USER: running.user}
    found = cost(command, {**given, PASSWORD: running.password})
    return (
        f"{found.seconds:9.1f} s  {found.work:7.1f} s of work  {found.mebibytes:6.0f} MiB at peak"
    )


def main() -> None:
    """Run it for a store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", choices=sorted(STORES))
    parser.add_argument("--copies", type=int, default=13)
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one request")
    options = parser.parse_args()
    print(f"{options.store}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as home:
        for copies in dict.fromkeys((1, options.copies)):
            root = scaled(Path(home, f"graph-{copies}"), copies)
            place = Path(home, f"store-{copies}")
            place.mkdir()
            with STORES[options.store](place) as running:
                print(
                    f"claims x {copies:3}  {measured(running, root, options.timeout)}", flush=True
                )


if __name__ == "__main__":
    main()
