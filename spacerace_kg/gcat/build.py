"""The import: GCAT's tables to the catalogue's files, every row accounted for.

The catalogue is a folder: ``plain`` and ``claims`` hold the two layers in Turtle, the launches a
file a year; ``index`` has a digest of each subject, by which the next import tells what changed;
``manifest.json`` tells what went in and what became of each row. It appears whole or not at all,
with the same bytes from the same tables, whatever the number of processes.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacerace_kg import __version__
from spacerace_kg.errors import OutsideError, UsageError
from spacerace_kg.gcat import sources, vehicles
from spacerace_kg.gcat.changes import Changes, compare
from spacerace_kg.gcat.emission import Output, Schema
from spacerace_kg.gcat.launches import Launches, Plan, Tally, plan
from spacerace_kg.gcat.places import Gazetteer
from spacerace_kg.gcat.record import Record
from spacerace_kg.gcat.tables import Fault, Table, find
from spacerace_kg.gcat.values import Subject
from spacerace_kg.loader import build as loader_build
from spacerace_kg.ontology import Ontology

_STEMS = {"orgs": "organizations", "sites": "sites", "lp": "pads", "platforms": "platforms"}


class Sum(NamedTuple):
    """What became of the rows of one table."""

    rows: int
    joined: int
    used: int
    refused: int


class Report(NamedTuple):
    """What an import did; ``counts`` are triples and claims, launches and those joined."""

    sums: dict[str, Sum]
    refused: list[Fault]
    left_out: list[Fault]
    warnings: list[str]
    counts: Counter[str]
    changes: Changes


class _Job(NamedTuple):
    """All that a process needs to write the launches of a year."""

    folder: Path
    schema: Schema
    record: Record
    launches: Launches
    plan: Plan
    claims: bool

    def part(self, stem: str, subjects: Iterable[Subject], source: str) -> Counter[str]:
        """Write one part of the catalogue and return what was counted in it."""
        output = Output(self.schema, self.record, self.folder, stem, self.claims)
        with contextlib.closing(output):
            for subject in subjects:
                output.write(subject, source)
        return output.counts

    def year(self, year: int) -> tuple[Counter[str], Tally]:
        """Write the launches of a year."""
        tally = Tally()
        subjects = self.launches.year(self.plan.years[year], tally)
        return self.part(f"launches/{year}", subjects, sources.ids("launchlog")), tally


_jobs: list[_Job] = []  # of this process and those that it forks


def build(
    source: Path,
    out: Path,
    root: Path,
    jobs: int = 1,
    say: Callable[[str], None] = lambda _: None,
    claims: bool = True,
) -> Report:
    """Import the tables in a folder, joined to the record under a root; return what was done.

    Without claims only the plain layer is written, in half the time and a sixth of the room.

    Raises DataError for a table that is missing or lacks a column, UsageError for a folder that
    holds something else, OutsideError if it cannot be written.
    """
    tables: dict[str, Table[Any]] = find(source)
    out = out.resolve()
    if out.exists() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise UsageError(f"{out} holds something other than a catalogue. Name another folder.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=f".{out.name}-importing-", dir=out.parent))
    except OSError as error:
        raise OutsideError(f"{out.parent} cannot be written: {error}.") from None
    try:
        report = _write(tables, stage / "new", out, root, jobs, say, claims)
        loader_build._exchange(stage / "new", out, stage)
    except OSError as error:
        raise OutsideError(f"{out} cannot be written: {error}.") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return report


def _write(
    tables: dict[str, Table[Any]],
    new: Path,
    old: Path,
    root: Path,
    jobs: int,
    say: Callable[[str], None],
    claims: bool,
) -> Report:
    say("reading the record")
    schema = Schema(Ontology(root / "ontology"))
    record = Record(root / "graph" / "turtle")
    say("reading the tables")
    log = tables["launchlog"]
    gazetteer = Gazetteer({name: tables[name] for name in _STEMS}, record)
    planned = plan(log, record, gazetteer)
    types = vehicles.settle(planned.sightings, record)
    launches = Launches(log, record, gazetteer, planned.joins, types, schema.labels["Launch"])
    say(f"writing {sum(len(places) // 2 for places in planned.years.values()):,} rows")
    job = _Job(new, schema, record, launches, planned, claims)
    years = _start(job, jobs)
    counts: Counter[str] = Counter()
    refused, sums = list(planned.faults), {}
    for table, part in gazetteer.parts():
        counts += job.part(_STEMS[table], part.subjects, sources.ids(table))
        faults = gazetteer.faults[table]
        rows = part.joined + part.used + len(faults)
        sums[table] = Sum(rows, part.joined, part.used, len(faults))
        refused += faults
    counts += job.part("vehicles", vehicles.described(types), sources.ids("launchlog"))
    counts += job.part("sources", sources.described(tables), "")
    tally = Tally()
    for counted, of_year in years:
        counts += counted
        tally += of_year
    refused += tally.refused
    count = len(planned.faults) + len(tally.refused)
    rows = tally.joined + tally.used + count
    sums = {"launchlog": Sum(rows, tally.joined, tally.used, count), **sums}
    counts += {
        "launches": tally.launches,
        "joined launches": tally.joined_launches,
        "joined crafts": tally.joined_crafts,
    }
    warnings = [
        f"{table.path.name}: the column {column!r} is not used."
        for table in tables.values()
        for column in table.unknown
    ]
    report = Report(
        sums,
        sorted(refused),
        sorted(planned.left_out + gazetteer.left_out + tally.left_out),
        warnings,
        counts,
        compare(old / "index", new / "index"),
    )
    _manifest(new, tables, report)
    return report


def _start(job: _Job, jobs: int) -> Iterator[tuple[Counter[str], Tally]]:
    """Yield what was written for each year, by this process or by several that start at once."""
    # The largest first, so that no process is left with it at the end.
    years = sorted(job.plan.years, key=lambda year: (-len(job.plan.years[year]), year))
    if jobs == 1:
        return map(job.year, years)
    _jobs.append(job)
    pool = multiprocessing.get_context("fork").Pool(min(jobs, len(years) or 1))
    _jobs.pop()
    started = pool.map_async(_year, years, chunksize=1)

    def results() -> Iterator[tuple[Counter[str], Tally]]:
        with pool:
            yield from started.get()

    return results()


def _year(year: int) -> tuple[Counter[str], Tally]:
    return _jobs[0].year(year)


def _manifest(folder: Path, tables: dict[str, Table[Any]], report: Report) -> None:
    """Write what went in and what became of it: the same for the same tables."""
    told = {
        "version": __version__,
        "tables": {
            name: {
                "file": table.path.name,
                "sha256": table.digest(),
                "release": table.release,
                **report.sums[name]._asdict(),
            }
            for name, table in tables.items()
        },
        "counts": dict(sorted(report.counts.items())),
        "warnings": report.warnings,
        "refused": [str(fault) for fault in report.refused],
        "left out": [str(fault) for fault in report.left_out],
    }
    text = json.dumps(told, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(f"{text}\n", "utf-8", newline="\n")
