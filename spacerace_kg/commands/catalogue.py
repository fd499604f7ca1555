"""The command group ``spacerace import``: gcat."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacerace_kg import paths
from spacerace_kg.commands.common import command, group, say, unwind, whole
from spacerace_kg.status import tell

if TYPE_CHECKING:
    from spacerace_kg.gcat.build import Report

_MOST = 20  # ids of each kind of change that are told


def add(commands: Any) -> None:
    """Add the group to the parser."""
    added = group(
        commands, "import", "WHAT", "Build a larger catalogue from tables that others publish.",
        "import gcat ~/gcat",
    )  # fmt: skip
    made = command(
        added, "gcat", _gcat,
        "Import every launch and payload of GCAT's tables, joined to the record.",
        "import gcat ~/gcat",
    )  # fmt: skip
    made.add_argument(
        "source", help="the folder of its tables, or the base URL that they are published at"
    )
    made.add_argument("--out", type=Path, metavar="FOLDER", help="where the catalogue goes")
    made.add_argument("--fresh", action="store_true", help="fetch again what the cache holds")
    made.add_argument(
        "--layers",
        choices=("plain", "plain,claims"),
        default="plain,claims",
        metavar="LAYERS",
        help="what to write: plain, or plain,claims (default)",
    )
    made.add_argument(
        "--jobs",
        type=whole("number of processes", 64),
        default=os.cpu_count() or 1,
        help="processes (default: all cores)",
    )


def _gcat(options: Any) -> int:
    from spacerace_kg.gcat import catalogue
    from spacerace_kg.gcat.build import build
    from spacerace_kg.gcat.download import download, is_url

    unwind()
    source = Path(options.source)
    if is_url(options.source):
        source = download(options.source, paths.cache(), options.fresh, say)
    out = options.out or Path(catalogue.default())
    report = build(source, out, paths.root(), options.jobs, say, "claims" in options.layers)
    for warning in report.warnings:
        tell(warning)
    _print(report)
    tell(f"the catalogue is in {out}")
    return 0


def _print(report: Report) -> None:
    """Print what became of each row, each fault, what was written and what changed."""
    from spacerace_kg.commands.table import print_table

    sums = [[name, *map(str, fate)] for name, fate in report.sums.items()]
    total = [str(sum(column)) for column in zip(*report.sums.values(), strict=True)]
    print_table(["table", "rows", "joined", "used", "refused"], [*sums, ["all", *total]])
    for title, faults in (("refused", report.refused), ("left out", report.left_out)):
        print(f"\n{len(faults):,} {title}" + (":" if faults else ""))
        for fault in faults:
            print(fault)
    counts = report.counts
    print(
        f"\n{counts['launches']:,} launches, {counts['joined launches']:,} of them in the record; "
        f"{counts['plain']:,} plain triples; {counts['claims']:,} claims "
        f"({counts['claim triples']:,} triples)"
    )
    print(
        f"of what the record knows: {counts['confirmed']:,} values confirmed, "
        f"{counts['rivals']:,} that differ, {counts['already cited']:,} cited from GCAT already"
    )
    if report.changes.first:
        return
    for title, ids in zip(("added", "changed", "gone"), report.changes[1:], strict=True):
        told = " ".join(ids[:_MOST]) + (" …" if len(ids) > _MOST else "")
        print(f"{title}: {len(ids):,} {told}".rstrip())
