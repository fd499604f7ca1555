"""Write the matrix of stores from a run of the tests: ``python tests/stores/write_matrix.py``.

Runs ``test_stores.py`` on every store, all of which must be installed, and writes ``matrix.md``;
with ``--check`` writes nothing, and fails where it is another than the one that is written.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MATRIX = HERE / "matrix.md"
NAMES = {
    "oxigraph": "Oxigraph",
    "fuseki": "Apache Jena Fuseki, TDB2",
    "fuseki with a password": "Apache Jena Fuseki, TDB2, basic authentication",
    "rdf4j native": "Eclipse RDF4J, native",
    "rdf4j memory": "Eclipse RDF4J, memory",
    "virtuoso": "OpenLink Virtuoso, digest authentication",
}
HEAD = """\
| store | version | load | replace | append | verify | questions alike | loaded |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def rows(workers: str) -> list[str]:
    """Run the tests and return what each store left; a test that fails ends the program."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "rows"
        given = {"SPACERACE_MATRIX": str(wanted), "SPACERACE_ALL_STORES": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n", workers, "--dist", "load", "test_stores.py"],
            cwd=HERE, env={**os.environ, **given}, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.returncode)
        return wanted.read_text().splitlines()


def matrix(left: list[str], questions: int) -> str:
    """Return the matrix as Markdown, with the quirks that were met."""
    found = sorted(map(json.loads, left), key=lambda row: list(NAMES).index(row["store"]))
    lines = [
        f"| {NAMES[str(row['store'])]} | {row['version']} | yes | yes | yes | yes | "
        f"{row['questions']} of {questions} | {row['graph']} |"
        for row in found
    ]
    quirks: dict[str, list[str]] = {}
    for row in found:
        for quirk in dict.fromkeys(row["quirks"]):
            quirks.setdefault(quirk, []).append(str(row["store"]))
    notes = [f"- {quirk} ({', '.join(stores)})" for quirk, stores in sorted(quirks.items())]
    return HEAD + "\n".join(lines) + "\n\nMet on the way:\n\n" + "\n".join(notes) + "\n"


def bare(text: str) -> list[str]:
    """Return the lines of a matrix without the versions, which are the machine's."""
    return [
        " | ".join(cell for place, cell in enumerate(line.split(" | ")) if place != 1)
        for line in text.splitlines()
    ]


def main() -> None:
    """Write the matrix, or compare it with the one that is written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the one that is there")
    parser.add_argument("--workers", default="2", help="stores that are tried at the same time")
    parser.add_argument("--rows", type=Path, help="what a run has left in SPACERACE_MATRIX")
    options = parser.parse_args()
    left = options.rows.read_text().splitlines() if options.rows else rows(options.workers)
    questions = len(list((HERE.parents[1] / "queries").glob("*.rq")))
    text = matrix(left, questions)
    if options.check:
        if bare(text) != bare(MATRIX.read_text("utf-8")):
            raise SystemExit(f"{text}\n{MATRIX} is another. Run: python {Path(__file__).name}")
    else:
        MATRIX.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
