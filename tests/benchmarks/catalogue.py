"""The benchmark of the launch catalogue. ``python tests/benchmarks/catalogue.py FOLDER``.

FOLDER holds GCAT's tables. Prints, each measured here and now, medians of several runs:

1. rivals: ``spacerace import gcat`` against morph-kgc (RML) and a plain rdflib script. Both make
   the plain layer of the launch log alone (missions, lift-offs, payloads), joined to nothing, from
   ids that are given to them; ours reads all five tables, finds the ids, and writes the places and
   organizations too. That the three agree on every triple of the log is proven first.
2. store: tables to a store that answers; the same with claims; then one question, cold;
3. scaling: the import of the log, and of three and ten copies of it;
4. questions: every canned question on record and catalogue, in memory and on disk.

``--report`` writes it all to ``catalogue.md``, with the scaling as a picture.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from chart import chart
from copies import copy_log, lookups
from measuring import Cost, cost, median, work_of

import spacerace_kg
from spacerace_kg import paths
from spacerace_kg.gcat.tables import find

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
MORPH_KGC = "2.10.0"
LIMIT = 50  # milliseconds that a question may take
_ALL = "reads five to eight triples of each of the 7,300 launches, the index being by subject, "
# Why a question takes longer, by what the engine has to do.
EXPLAINED = {
    **dict.fromkeys(
        (
            "busiest-pads",
            "busiest-periods",
            "launches-by-site",
            "launches-by-vehicle",
            "launches-per-year",
            "launches-within",
            "missions-by-year",
            "nations",
            "payloads-per-launch",
            "success-rates",
            "vehicle-careers",
        ),
        _ALL + "drops what two missions share, and groups or filters the rest",
    ),
    "around": "compares the time of every event in the graph, 15,000, with the one in the middle",
    "completeness": "tests each mission's classes and properties against each statement's "
    "conditions: some 8,000 missions by 37 statements, before it can count",
    "duration-record": "joins each landing's moment with the longest flight of each earlier one",
    "events": "16,000 rows of seven columns: the time is that of the answer itself",
    "launch-failures": _ALL + "and makes 2,000 groups of them, by vehicle and year",
    "link-coverage": "looks for three kinds of link at each of 50,000 entities",
    "missions": "7,000 rows of twelve columns: the time is that of the answer itself",
    "names": "7,000 rows: every name phase of sites and organizations",
    "pad-turnarounds": "pairs each launch with the launches from its pad: a key that is computed "
    "(the month) does not help the join, so the pairs grow with the square of a pad's launches",
    "recomputed-firsts": "tests each event against each first's conditions: 8,000 launches by "
    "the firsts whose criterion is a launch",
    "search": "reads every name in the graph, for a text may stand anywhere in it",
    "source-coverage": "groups all 60,000 claims of the record by statement",
    "unlinked": "30,000 rows: every entity of the catalogue that has no link yet",
}


class Bench:
    """The folders and commands of one benchmark, and the lines that it prints."""

    def __init__(self, tables: Path, work: Path, runs: int) -> None:
        self.tables, self.work, self.runs = tables, work, runs
        self.log = find(tables)["launchlog"].path
        self.lines: list[str] = []
        self.empty = work / "empty"  # a record that knows nothing
        (self.empty / "graph" / "turtle").mkdir(parents=True)
        for name in ("ontology", "queries"):
            (self.empty / name).symlink_to(paths.root() / name)

    def say(self, line: str = "") -> None:
        """Print a line, and keep it for the report."""
        print(line, flush=True)
        self.lines.append(line)

    def table(self, rows: list[list[str]]) -> None:
        """Print rows as a Markdown table, the first being its head."""
        rows.insert(1, ["---"] * len(rows[0]))
        for row in rows:
            self.say(f"| {' | '.join(row)} |")
        self.say()

    def imported(
        self,
        tables: Path,
        out: Path,
        jobs: int = 1,
        layers: str = "plain",
        root: Path | None = None,
    ) -> Cost:
        """Import tables once, in a process of its own."""
        command = [sys.executable, "-m", "spacerace_kg", "import", "gcat", tables, "--out", out]
        more = ["--layers", layers, "--jobs", str(jobs)]
        environment = {"SPACERACE_ROOT": str(root)} if root else {}
        shutil.rmtree(out, ignore_errors=True)
        return cost([*command, *more], {"PYTHONPATH": str(CHECKOUT), **environment})


def rivals(bench: Bench) -> None:
    """Compare the import with morph-kgc and rdflib, after proof that all three agree."""
    bench.say("## The same triples, three ways\n")
    ids, ours = bench.work / "ids.json", bench.work / "ours"
    lookups(bench.tables, bench.empty, ids)
    environment = {"PYTHONPATH": str(CHECKOUT)}
    theirs = {name: bench.work / f"{name}.nt" for name in ("rdflib", "morph")}
    python = {"rdflib": Path(sys.executable), "morph": morph_kgc()}

    def rival(name: str, processes: int = 1) -> Callable[[], Cost]:
        script = HERE / "gcat" / f"by_{name}.py"
        more = {**environment, "PROCESSES": str(processes)}
        return lambda: cost([python[name], script, bench.log, ids, theirs[name]], more)

    def own(jobs: int) -> Callable[[], Cost]:
        return lambda: bench.imported(bench.tables, ours, jobs, root=bench.empty)

    cores = os.cpu_count() or 1
    costs = {
        "spacerace import, one process": median(own(1), bench.runs),
        f"spacerace import, {cores} processes": median(own(cores), bench.runs),
        "morph-kgc, one process": median(rival("morph"), bench.runs),
        f"morph-kgc, {cores} processes": median(rival("morph", cores), bench.runs),
        "rdflib": median(rival("rdflib"), bench.runs),
    }
    made = {name: triples([path], ox.RdfFormat.N_TRIPLES) for name, path in theirs.items()}
    log = triples((ours / "plain" / "launches").glob("*.ttl"), ox.RdfFormat.TURTLE)
    if not log == made["rdflib"] == made["morph"]:
        raise SystemExit("The three do not agree: the comparison is void.")
    everything = triples((ours / "plain").rglob("*.ttl"), ox.RdfFormat.TURTLE)
    bench.say(
        f"All three agree on the {len(log):,} triples of the launch log, none more and none less; "
        f"the import wrote {len(everything):,} in all.\n"
    )
    rows = [["program", "triples", "seconds", "of work", "MiB at peak", "triples a second"]]
    for name, (time, peak, work) in costs.items():
        count = len(everything if "import" in name else log)
        figures = [f"{time:.2f}", f"{work:.2f}", f"{peak:.0f}", f"{count / time:,.0f}"]
        rows.append([name, f"{count:,}", *figures])
    bench.table(rows)
    best = min((c for name, c in costs.items() if "import" in name), key=lambda c: c.seconds)
    faster = min((c for name, c in costs.items() if "import" not in name), key=lambda c: c.seconds)
    single = costs["spacerace import, one process"]
    share = len(everything) / len(log)
    alone = costs["morph-kgc, one process"]
    bench.say(
        f"Against the faster rival: {faster.seconds / best.seconds:.1f} times as fast, "
        f"{faster.seconds / best.seconds * share:.1f} times by the triple. By work, one process "
        f"each: morph-kgc {alone.work / single.work:.1f} ({alone.work / single.work * share:.1f} "
        f"by the triple), rdflib {costs['rdflib'].work / single.work:.1f} times ours. "
        f"Memory: {single.mebibytes / costs['rdflib'].mebibytes:.2f} of rdflib's in one process, "
        f"{best.mebibytes / costs['rdflib'].mebibytes:.2f} in {cores}.\n"
    )


def triples(files: object, form: ox.RdfFormat) -> set[int]:
    """Return the distinct triples of files, each as a number that stands for its three terms."""
    return {
        hash((str(quad.subject), str(quad.predicate), str(quad.object)))
        for path in files  # type: ignore[attr-defined]
        for quad in ox.parse(path=str(path), format=form)
    }


def morph_kgc() -> Path:
    """Return the Python of a virtual environment with morph-kgc, made at its first use."""
    home = paths.cache() / f"morph-kgc-{MORPH_KGC}"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        install = ["-m", "pip", "install", "--quiet", f"morph-kgc=={MORPH_KGC}"]
        subprocess.run([python, *install], check=True)
        (home / "complete").touch()
    return python


def store(bench: Bench) -> None:
    """Measure tables to answers: the plain layer, then the claims, then a cold question."""
    bench.say("## From tables to answers\n")
    cores, out = os.cpu_count() or 1, bench.work / "catalogue"
    rows = [["step", "seconds", "of work", "MiB at peak"]]

    def add(name: str, found: Cost) -> Cost:
        figures = [f"{found.seconds:.2f}", f"{found.work:.2f}", f"{found.mebibytes:.0f}"]
        rows.append([name, *figures])
        return found

    def opened() -> Cost:
        shutil.rmtree(bench.work / "cache", ignore_errors=True)
        return ask()

    def ask() -> Cost:
        question = ["ask", "launches-per-year", "within=1961", "--catalogue"]
        place = {"PYTHONPATH": str(CHECKOUT), "SPACERACE_CACHE": str(bench.work / "cache")}
        place["SPACERACE_CATALOGUE"] = str(out)
        return cost([sys.executable, "-m", "spacerace_kg", *question], place)

    def claimed(jobs: int) -> Cost:
        return bench.imported(bench.tables, bench.work / "claims", jobs, "plain,claims")

    add("with claims, one process", median(lambda: claimed(1), bench.runs))
    add(f"with claims, {cores} processes", median(lambda: claimed(cores), bench.runs))
    plain = median(lambda: bench.imported(bench.tables, out, cores), bench.runs)
    add(f"plain layer, {cores} processes", plain)
    ready = add("its store made, and one question", median(opened, bench.runs))
    add("one question, cold", median(ask, bench.runs))
    bench.table(rows)
    bench.say(f"Tables to a store that answers: {plain.seconds + ready.seconds:.1f} s.\n")


def scaling(bench: Bench) -> list[tuple[int, Cost]]:
    """Measure the import of one, three and ten copies of the log."""
    bench.say("## Growth\n")
    found = []
    rows = [["copies", "rows", "seconds", "of work", "of work a copy", "MiB at peak"]]
    for count in (1, 3, 10):
        folder = bench.work / f"copies-{count}"
        size = copy_log(bench.tables, folder, count)
        runs = bench.runs if count < 10 else min(bench.runs, 3)
        out = bench.work / "copied"
        one = median(lambda f=folder, o=out: bench.imported(f, o, root=bench.empty), runs)  # type: ignore[misc]
        found.append((count, one))
        figures = [f"{one.seconds:.2f}", f"{one.work:.2f}", f"{one.work / count:.2f}"]
        rows.append([str(count), f"{size:,}", *figures, f"{one.mebibytes:.0f}"])
    bench.table(rows)
    return found


def questions(bench: Bench) -> None:
    """Measure every canned question as its file stands, on the record and the catalogue."""
    bench.say("## Every question\n")
    out = bench.work / "catalogue"
    if not out.exists():
        bench.imported(bench.tables, out, os.cpu_count() or 1)
    with_cache = {"SPACERACE_CACHE": str(bench.work / "cache")}
    os.environ.update(with_cache)
    stores = [spacerace_kg.connect(catalogue=out, in_memory=memory) for memory in (True, False)]
    count = stores[0].sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0]  # type: ignore[union-attr]
    bench.say(f"{count:,} triples: the record with its claims, and the catalogue's plain layer.\n")
    rows = [["question", "rows", "ms in memory", "ms on disk", "why"]]
    slow = []
    for name, query in stores[0].queries().items():
        answer = stores[0].store.select(query.text)
        memory, disk = (
            1000 * work_of(lambda s=s, q=query: s.store.select(q.text), bench.runs)  # type: ignore[misc]
            for s in stores
        )
        why = EXPLAINED.get(name, "") if memory > LIMIT else ""
        slow += [name] * (memory > LIMIT)
        rows.append([name, f"{len(answer.rows):,}", f"{memory:.1f}", f"{disk:.1f}", why])
    bench.table(rows)
    bench.say(
        f"{len(rows) - 2 - len(slow)} within {LIMIT} ms, {len(slow)} not: {', '.join(slow)}.\n"
    )


def main() -> None:
    """Run the parts that are asked for, or all; with --report write the page."""
    parts = {"rivals": rivals, "store": store, "scaling": scaling, "questions": questions}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", type=Path, help="the folder of GCAT's tables")
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="what to measure")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--report", action="store_true", help="write catalogue.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spacerace-benchmark-") as work:
        bench = Bench(options.tables.resolve(), Path(work), options.runs)
        made = f"Python {platform.python_version()}, pyoxigraph {ox.__version__}"
        load = " ".join(f"{x:.1f}" for x in os.getloadavg())
        bench.say(f"{os.cpu_count()} cores, load {load}, {made}; medians of {options.runs}.\n")
        for name in options.parts or parts:
            found = parts[name](bench)
            if name == "scaling" and options.report:
                assert isinstance(found, list)
                picture = chart([(count, one.work, one.mebibytes) for count, one in found])
                (HERE / "catalogue.svg").write_text(picture, "utf-8")
                bench.lines.append("![Time and memory by the number of copies](catalogue.svg)\n")
        if options.report:
            head = re.sub(r"``", "`", __doc__)
            title, _, rest = head.partition("\n")
            text = f"# {title}\n{rest}\n" + "\n".join(bench.lines)
            (HERE / "catalogue.md").write_text(text.rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
