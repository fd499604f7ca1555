"""The import: GCAT's tables to the catalogue's files, every row accounted for.

The catalogue is a folder: ``plain`` and ``claims`` hold the two layers in Turtle, the launches a
file a year; ``index`` has a digest of each subject, by which the next import tells what changed;
``manifest.json`` tells what went in and what became of each row. It appears whole or not at all,
with the same bytes from the same tables, whatever the number of processes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacerace_kg import __version__
from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.folders import clear, exchange
from spacerace_kg.gcat import sources, vehicles
from spacerace_kg.gcat.cells import Cells
from spacerace_kg.gcat.changes import Changes, compare
from spacerace_kg.gcat.launches import Launches
from spacerace_kg.gcat.places import Gazetteer
from spacerace_kg.gcat.planning import Tally, plan
from spacerace_kg.gcat.record import Record
from spacerace_kg.gcat.schema import Schema
from spacerace_kg.gcat.tables import Fault, Table, find
from spacerace_kg.gcat.writing import Job, all_years

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

    Raises DataError for a table that is missing or lacks a column, UsageError for a folder that is
    none or holds something else, OutsideError if it cannot be written.
    """
    tables: dict[str, Table[Any]] = find(source)
    out = out.resolve()
    there = next(path for path in (out, *out.parents) if path.exists())
    if not there.is_dir():
        raise UsageError(f"{there} is a file. Name a folder for the catalogue.")
    if there == out and not _is_catalogue(out) and any(out.iterdir()):
        raise UsageError(f"{out} holds something other than a catalogue. Name another folder.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        clear(out.parent, f".{out.name}-importing-")
        stage = Path(tempfile.mkdtemp(prefix=f".{out.name}-importing-", dir=out.parent))
    except OSError as error:
        raise OutsideError(f"{out.parent} cannot be written: {error}.") from None
    try:
        with _uncollected():
            report = _write(tables, stage / "new", out, root, jobs, say, claims)
        exchange(stage / "new", out, stage)
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
    schema = Schema(root / "ontology")
    record = Record(root / "graph" / "turtle")
    say("reading the tables")
    log = tables["launchlog"]
    gazetteer = Gazetteer({name: tables[name] for name in _STEMS}, record)
    planned = plan(log, record, gazetteer)
    if not planned.years:
        raise DataError(f"{log.path}: no row can be used. Is this the whole launch log?")
    types = vehicles.settle(planned.sightings, record)
    cells = Cells(gazetteer, types)
    launches = Launches(log, record, cells, planned.joins, schema.labels)
    say(f"writing {sum(len(places) // 2 for places in planned.years.values()):,} rows")
    job = Job(new, schema, record, launches, vehicles.models(types), planned, claims)
    counts: Counter[str] = Counter()
    sums: dict[str, Sum] = {}
    tally = Tally()
    with all_years(job, jobs) as years:
        for table, part in gazetteer.parts():
            counts += job.part(_STEMS[table], part.subjects, sources.ids(table))
            sums[table] = _sum(part.joined, part.used, gazetteer.faults[table])
        counts += job.part("vehicles", vehicles.described(types), sources.ids("launchlog"))
        counts += job.part("sources", sources.described(tables))
        for counted, of_year in years:
            counts += counted
            tally += of_year
    refused = planned.faults + tally.refused
    sums = {"launchlog": _sum(tally.joined, tally.used, refused), **sums}
    counts += Counter(
        {
            "launches": tally.launches,
            "joined launches": tally.joined_launches,
            "joined crafts": tally.joined_crafts,
        }
    )
    warnings = [
        f"{table.path.name}: the column {column!r} is not used."
        for table in tables.values()
        for column in table.unknown
    ]
    report = Report(
        sums,
        sorted(sum(gazetteer.faults.values(), refused)),
        sorted(planned.left_out + gazetteer.left_out + tally.left_out),
        warnings,
        counts,
        compare(old / "index", new / "index"),
    )
    _manifest(new, tables, report)
    return report


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Stop the search for circles of objects: an import makes millions of them, but no circle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _is_catalogue(folder: Path) -> bool:
    parts = {"plain", "claims", "index", "manifest.json"}
    names = {path.name for path in folder.iterdir()}
    return {"index", "manifest.json"} <= names <= parts


def _sum(joined: int, used: int, refused: list[Fault]) -> Sum:
    return Sum(joined + used + len(refused), joined, used, len(refused))


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
