"""The benchmark of importing: ``python tests/benchmarks/importing.py [--stores …] [--copies …]``.

Loads the claims of the record, and so many copies of them, each under ids of its own, into real
servers by ``spacerace load``, and prints a table: triples, seconds, triples a second, and the peak
memory of the client and of the server. The client's must not grow with the graph.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stores"))
from harness import started

from spacerace_kg.importer.wire import PASSWORD, USER
from spacerace_kg.names import PREFIXES

HERE = Path(__file__).resolve().parents[2]
ROW = "{:22} {:>6} {:>10} {:>8} {:>9} {:>10} {:>10}"


def scaled(folder: Path, copies: int) -> Path:
    """Write a root whose claims are so many copies of the record's; return it."""
    source = HERE / "graph" / "turtle" / "claims"
    for copy in range(copies):
        for path in source.rglob("*.ttl"):
            text = path.read_text("utf-8")
            if copy:
                text = text.replace(PREFIXES["id"], f"{PREFIXES['id']}copy-{copy}/")
            made = folder / "graph/turtle/claims" / f"copy-{copy}" / path.relative_to(source)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(text, "utf-8")
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(HERE / name)
    return folder


def peak(process: int) -> int:
    """Return the most memory that a process has held, in megabytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def measure(store: str, copies: int) -> None:
    """Load so many copies into a new server and print a row."""
    folder = Path(tempfile.mkdtemp(prefix="spacerace-import-"))
    try:
        root = scaled(folder / "root", copies)
        (folder / "home").mkdir()
        with started(store, folder / "home") as running:
            command = [
                sys.executable, "-m", "spacerace_kg", "load", running.url, "--layers", "claims",
                "--check", "counts", "--timeout", "3600",
            ]  # fmt: skip
            given = {"SPACERACE_ROOT": str(root), USER: running.user, PASSWORD: running.password}
            start = time.monotonic()
            client = subprocess.Popen(
                command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                env={**os.environ, "PYTHONPATH": str(HERE), **given},
            )  # fmt: skip
            assert client.stderr is not None
            told = client.stderr.read()
            _, status, used = os.wait4(client.pid, 0)
            took = time.monotonic() - start
            if status:
                raise SystemExit(f"{store}: {told}")
            triples = int(told.split()[1].replace(",", ""))
            print(
                ROW.format(
                    store, copies, f"{triples:,}", f"{took:.0f}", f"{triples / took:,.0f}",
                    f"{used.ru_maxrss // 1024} MB", f"{peak(running.process.pid)} MB",
                ),
                flush=True,
            )  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure the stores and copies that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stores", nargs="*", default=["oxigraph", "fuseki"])
    parser.add_argument("--copies", nargs="*", type=int, default=[1, 13])
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(ROW.format("store", "copies", "triples", "seconds", "a second", "client", "server"))
    for store in options.stores:
        for copies in options.copies:
            measure(store, copies)


if __name__ == "__main__":
    main()
