"""The commands that compare, of ``spacerace wikidata``: compare and those that follow from it."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spacerace_kg import paths
from spacerace_kg.commands import origin
from spacerace_kg.commands.common import FORMATS, command, known, print_texts, whole
from spacerace_kg.status import tell

if TYPE_CHECKING:
    from spacerace_kg.wikidata.alignment import Correspondence
    from spacerace_kg.wikidata.compare import Row
    from spacerace_kg.wikidata.items import Snapshot
    from spacerace_kg.wikidata.judge import Judge
    from spacerace_kg.wikidata.ours import Linked, Ours

SNAPSHOT = "--snapshot wikidata-2026-11-22.jsonl.gz"
VERDICTS = ("agrees", "compatible", "missing-there", "missing-here", "conflicts", "unclear")
COLUMNS = ["entity", "item", "property", "wikidata", "ours", "theirs", "verdict", "note"]


def add(commands: Any) -> None:
    """Add the commands to the group."""
    made = command(
        commands, "compare", _compare,
        "Set what we say of linked entities against what Wikidata says, claim by claim.",
        f"wikidata compare --entity vostok-1 {SNAPSHOT}",
    )  # fmt: skip
    _choice(made)
    made.add_argument(
        "--verdict", action="append", choices=VERDICTS, default=[], help="only these rows"
    )
    made.add_argument("--format", choices=FORMATS, default="table")

    made = command(
        commands, "quickstatements", _quickstatements,
        "Print what Wikidata lacks and we can prove, for QuickStatements; send nothing.",
        f"wikidata quickstatements --property cosparId --limit 50 {SNAPSHOT}",
    )  # fmt: skip
    _choice(made)
    made.add_argument(
        "--limit", type=whole("number"), metavar="N", help="print the first N commands only"
    )
    made.add_argument("--labels", action="store_true", help="propose names that items lack, too")
    made.add_argument("--format", choices=("v1", "csv"), default="v1")

    made = command(
        commands, "mismatches", _mismatches,
        "Print conflicts in which our evidence is better, as a CSV for the Mismatch Finder.",
        f"wikidata mismatches {SNAPSHOT}",
    )  # fmt: skip
    _choice(made)

    made = command(
        commands, "alignment", _alignment,
        "Show which of our values are set against which of Wikidata's properties.",
        "wikidata alignment",
    )  # fmt: skip
    made.add_argument("--format", choices=FORMATS, default="table")


def _choice(made: Any) -> None:
    """Give a command the options of what to compare, and with what."""
    made.add_argument(
        "--entity", metavar="ID", action="append", default=[], help="only this; may be repeated"
    )
    made.add_argument("--class", metavar="NAME", dest="class_", default="", help="only of a class")
    made.add_argument(
        "--property", metavar="NAME", default="", help="only this of ours (launch) or theirs (P619)"
    )
    origin.origin(made)


def _compare(options: argparse.Namespace) -> int:
    rows, judge = _rows(options)
    if options.verdict:
        wanted = {verdict.replace("-", " ") for verdict in options.verdict}
        rows = [row for row in rows if row.verdict in wanted]
    cells = [_cells(row, judge.snapshot) for row in rows]
    print_texts(COLUMNS, cells, options.format, ("entity", "item"))
    return _tell(rows, judge.snapshot)


def _quickstatements(options: argparse.Namespace) -> int:
    from spacerace_kg.wikidata import quickstatements

    rows, judge = _rows(options)
    rows = [row for row in rows if row.verdict == "missing there"]
    sound, doubted = _sound(rows, judge, ("deleted", "class", "date", "label"))
    found = quickstatements.commands(sound, judge, options.labels)
    shown = found[: options.limit]
    sys.stdout.write(
        quickstatements.v1(shown) if options.format == "v1" else quickstatements.to_csv(shown)
    )
    told = (
        f"{len(shown):,} of {len(found):,} commands, for {len(rows):,} values that Wikidata lacks"
    )
    tell(f"{told}{doubted}; nothing was sent")
    return 0


def _mismatches(options: argparse.Namespace) -> int:
    from spacerace_kg.wikidata import mismatches

    rows, judge = _rows(options)
    rows = [row for row in rows if row.verdict == "conflicts"]
    sound, doubted = _sound(rows, judge, ("deleted", "class"))
    found = mismatches.mismatches(sound, judge)
    sys.stdout.write(mismatches.to_csv(found))
    told = f"{len(found):,} mismatches of {len(rows):,} conflicts"
    tell(f"{told}{doubted}")
    return 0


def _alignment(options: argparse.Namespace) -> int:
    from spacerace_kg.wikidata import glossary

    if options.format == "markdown":
        sys.stdout.write(glossary.markdown(paths.root()))
        return 0
    print_texts(*glossary.rows(paths.root()), options.format)
    return 0


def _rows(options: argparse.Namespace) -> tuple[list[Row], Judge]:
    """Return the rows that the options ask for, and both sides that they are about."""
    from spacerace_kg.wikidata import alignment
    from spacerace_kg.wikidata.compare import LABELS, Comparison

    ours = origin.ours()
    table = alignment.read(paths.root())
    names = {step for way in table for step in alignment.names(way)} | {"label"}
    classes = {c for found in ours.classes.values() for c in found}
    known(options.entity, ours.links, "the id of no linked entity")
    known([options.class_], classes, "the class of no linked entity")
    known([options.property], names, "no property that is compared")
    if options.property:
        table = [way for way in table if options.property in alignment.names(way)]
    links = ours.linked(options.entity, options.class_)
    snapshot = origin.snapshot(options, _needed(ours, table, links), alignment.properties(table))
    languages = LABELS if options.property in ("", "label") else ()
    comparison = Comparison(ours, snapshot, table, languages)
    return list(comparison.rows(links)), comparison.judge


def _sound(rows: list[Row], judge: Judge, problems: tuple[str, ...]) -> tuple[list[Row], str]:
    """Return the rows of links of which ``check`` does not find that, and what to tell."""
    with origin.extra():
        from spacerace_kg.wikidata.check import Check
    links = judge.ours.linked({row.linked.entity for row in rows} or [""])
    check = Check(judge.ours, judge.snapshot, paths.root())
    findings = check.findings((li.entity, li.qid) for li in links if li.relation == "exact")
    doubted = {finding.entity for finding in findings if finding.problem in problems}
    sound = [row for row in rows if row.linked.entity not in doubted]
    told = f"; {len(doubted):,} links that check finds wrong were left out" if doubted else ""
    return sound, told


def _needed(ours: Ours, table: list[Correspondence], links: list[Linked]) -> Iterator[str]:
    """Yield the items to fetch: the linked ones, and those whose own statements name these."""
    yield from (linked.qid for linked in links)
    for way in table:
        if any(theirs.inverse for theirs in way.theirs):
            held = ours.claimed(way.path, {linked.entity for linked in links})
            others = {claimed.value for found in held.values() for claimed in found}
            yield from (linked.qid for linked in ours.linked() if linked.entity in others)


def _cells(row: Row, snapshot: Snapshot) -> tuple[str, ...]:
    from spacerace_kg.names import WD, to_iri
    from spacerace_kg.wikidata.values import shown

    ours, theirs = row.ours.value if row.ours else "", ""
    if row.theirs:
        theirs = shown(row.theirs.value, snapshot)
    entity, item = to_iri(row.linked.entity), WD + row.linked.qid
    return entity, item, row.path, row.property, ours, theirs, row.verdict, row.note


def _tell(rows: list[Row], snapshot: Snapshot) -> int:
    """Tell how many rows have each verdict, and return the status: a difference is no fault."""
    counts = Counter(row.verdict for row in rows)
    told = ", ".join(f"{counts[v]:,} {v}" for v in (w.replace("-", " ") for w in VERDICTS))
    pairs = len({row.linked for row in rows})
    tell(f"{pairs:,} links: {told}; Wikidata of {snapshot.date}")
    return 0
