"""Write the README's matrix of stores from a run of the tests of stores.

Runs ``test_stores.py`` on every store, all of which must be installed, or takes what a run has left
where ``SPACERACE_MATRIX`` said; with ``--check`` writes nothing, and fails where the README has
another, whatever the versions and numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
PLACE = re.compile(r"(?<=<!-- matrix -->\n\n).*?(?=\n<!-- end of the matrix -->)", re.DOTALL)
NAMES = {
    "oxigraph": "Oxigraph",
    "fuseki": "Apache Jena Fuseki, TDB2",
    "fuseki with a password": "Apache Jena Fuseki, TDB2, basic authentication",
    "rdf4j native": "Eclipse RDF4J, native",
    "rdf4j memory": "Eclipse RDF4J, memory",
    "virtuoso": "OpenLink Virtuoso, digest authentication",
    "blazegraph": "Blazegraph",
}
HEAD = """\
| store | version | graph | load | replace | append | verify | questions alike |
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
        f"| {NAMES[str(row['store'])]} | {row['version']} | {row['graph']} | yes | yes | yes | yes "
        f"| {row['questions']} of {questions} |"
        for row in found
    ]
    quirks: dict[str, list[str]] = {}
    for row in found:
        kind = NAMES[str(row["store"])].partition(",")[0]
        for quirk in row["quirks"]:
            quirks.setdefault(quirk, []).append(kind)
    notes = [
        f"- {', '.join(dict.fromkeys(kinds))}: {quirk}" for quirk, kinds in sorted(quirks.items())
    ]
    return HEAD + "\n".join(lines) + "\n\nMet on the way:\n\n" + "\n".join(notes) + "\n"


def bare(text: str) -> str:
    """Return a matrix without its versions and numbers, which are the machine's and the day's."""
    return re.sub(r"\d[\d.]*", "N", text)


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
    readme = README.read_text("utf-8")
    there = PLACE.search(readme)
    if there is None:
        raise SystemExit(f"{README.name} has no place for the matrix.")
    if options.check and bare(there[0]) != bare(text):
        raise SystemExit(f"{text}\n{README.name} has another. Run: python {Path(__file__).name}")
    if not options.check:
        README.write_text(readme[: there.start()] + text + readme[there.end() :], "utf-8")


if __name__ == "__main__":
    main()
