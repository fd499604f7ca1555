"""The commands of ``spacerace wikidata`` that serve a user's own data: reconcile, enrich."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacerace_kg.commands import origin
from spacerace_kg.commands.common import FORMATS, bindings, command, print_answer, print_texts
from spacerace_kg.status import tell

if TYPE_CHECKING:
    from spacerace_kg.dates import Interval
    from spacerace_kg.wikidata.reconcile import Match, Reconciler
    from spacerace_kg.wikidata.tables import Table

ADDED = ("id", "qid", "label", "score", "verdict", "candidates")


def add(commands: Any) -> None:
    """Add the commands to the group."""
    made = command(
        commands, "reconcile", _reconcile,
        "Match the names in a table of yours to our ids and to Wikidata's items.",
        "wikidata reconcile list.csv --column name --type Person --date-column born",
    )  # fmt: skip
    made.add_argument(
        "file", type=Path, metavar="FILE", help="a table in CSV; - for standard input"
    )
    made.add_argument("--column", required=True, metavar="NAME", help="where the names are")
    made.add_argument(
        "--type", default="", metavar="CLASS", help="what they name: Person, Mission, LaunchSite …"
    )
    made.add_argument(
        "--date-column",
        default="",
        metavar="NAME",
        help="when, in EDTF: people's birth, the time of others; it decides, and excludes",
    )
    made.add_argument("--encoding", default="", help="of the file (default: UTF-8, or as marked)")
    made.add_argument("--format", choices=FORMATS, default="csv")

    made = command(
        commands, "enrich", _enrich,
        "Answer a canned question with columns from Wikidata beside it.",
        "wikidata enrich people nation=cuba --properties P18,P856 --snapshot wikidata.jsonl.gz",
    )  # fmt: skip
    made.add_argument("name", help="the question; see: spacerace queries")
    made.add_argument("values", nargs="*", metavar="param=value", help="bind a parameter")
    made.add_argument(
        "--properties", required=True, type=properties, metavar="P18,P856", help="Wikidata's"
    )
    made.add_argument(
        "--column",
        default="",
        metavar="NAME",
        help="the column of the entities (default: wikidata, or the first that is linked)",
    )
    made.add_argument("--format", choices=FORMATS, default="table")
    origin.origin(made)


def properties(text: str) -> list[str]:
    """Return a list of Wikidata's properties; raises ValueError for what is none."""
    from spacerace_kg.wikidata.items import is_pid

    if not all(map(is_pid, text.split(","))):
        raise ValueError(text)
    return text.split(",")


properties.__name__ = "list such as P18,P856"  # as argparse names it


class _Tally:
    """What became of the rows: how many have each verdict, and the dates that nobody can read."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.unread = 0
        self.first_unread = ""

    def tell(self) -> None:
        """Tell of it on standard error."""
        names = ("matched", "ambiguous", "none")
        told = ", ".join(f"{self.verdicts[name]:,} {name}" for name in names)
        tell(f"{self.verdicts.total():,} rows: {told}")
        if self.unread:
            told = f"dates that are no EDTF, and left aside: {self.unread:,}; the first is"
            tell(f"{told} {self.first_unread}. Write YYYY-MM-DD, or less.")


def _reconcile(options: argparse.Namespace) -> int:
    from spacerace_kg.knowledge import connect
    from spacerace_kg.wikidata.tables import opened

    with origin.extra():
        from spacerace_kg.wikidata.reconcile import Reconciler
    tally = _Tally()
    with opened(options.file, options.column, options.encoding) as table:
        columns = [*table.columns]
        columns += [f"{name}_found" if name in table.columns else name for name in ADDED]
        name = table.place(options.column)
        day = table.place(options.date_column) if options.date_column else None
        reconciler = Reconciler(connect(), options.type)
        rows = _matched(table, name, day, reconciler, tally)
        if options.format == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\r\n")
            writer.writerow(columns)
            writer.writerows(rows)
        else:
            print_texts(columns, rows, options.format)
    tally.tell()
    return 0


def _matched(
    table: Table, name: int, day: int | None, reconciler: Reconciler, tally: _Tally
) -> Iterator[list[str]]:
    """Yield the rows with what was found; ``name`` and ``day`` are places in them."""
    from spacerace_kg.wikidata.tables import read_date

    for line, row in table.rows:
        date: Interval | None = None
        if day is not None and row[day].strip():
            try:
                date = read_date(row[day])
            except (ValueError, OverflowError):
                tally.unread += 1
                tally.first_unread = tally.first_unread or f"{row[day][:40]!r} in line {line}"
        match = reconciler.match(row[name], date)
        tally.verdicts[match.verdict] += 1
        yield [*row, *_cells(match)]


def _cells(match: Match) -> tuple[str, ...]:
    candidates = "; ".join(f"{c.id} {c.score:.2f}" for c in match.candidates)
    best = match.best
    if best is None:
        return "", "", "", "", match.verdict, candidates
    return best.id, best.qid, best.label, f"{best.score:.2f}", match.verdict, candidates


def _enrich(options: argparse.Namespace) -> int:
    from spacerace_kg.wikidata import enrich

    ours = origin.ours()
    answer = ours.kg.ask(options.name, **bindings(options.values))
    qids = enrich.items(answer, ours.exact, options.column)
    wanted = set(filter(None, qids))
    snapshot = origin.snapshot(options, wanted, options.properties)
    print_answer(enrich.enrich(answer, qids, snapshot, options.properties), options.format)
    absent = sum(qid not in snapshot.items for qid in wanted)
    lacks = f"; {absent:,} of them are not in the snapshot" if absent else ""
    tell(f"{len(answer):,} rows, {len(wanted):,} items of Wikidata of {snapshot.date}{lacks}")
    return 0
