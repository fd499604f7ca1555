"""The command group ``spacerace wikidata``: snapshot, check, and those of its other modules."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from spacerace_kg import paths
from spacerace_kg.commands import comparing, origin, reconciling
from spacerace_kg.commands.common import FORMATS, command, group, known, print_texts, say
from spacerace_kg.status import tell


def add(commands: Any) -> None:
    """Add the group to the parser."""
    added = group(
        commands, "wikidata", "COMMAND", "Follow, check and improve the links to Wikidata.",
        "wikidata check --snapshot wikidata-2026-11-22.jsonl.gz",
    )  # fmt: skip

    made = command(
        added, "snapshot", _snapshot,
        "Fetch what Wikidata says of our linked items into a dated file; resumable.",
        "wikidata snapshot wikidata-2026-11-22.jsonl.gz",
    )  # fmt: skip
    made.add_argument(
        "file", nargs="?", type=Path, help="the file to make (default wikidata-DATE.jsonl.gz)"
    )
    made.add_argument(
        "--properties",
        metavar="P569,P619|all",
        type=_properties,
        help="the properties to take (default: those that are compared)",
    )
    made.add_argument(
        "--negative", action="store_true", help="take the items of negative links too"
    )
    origin.live(made)

    made = command(
        added, "check", _check,
        "Tell which links are no longer good: the item deleted, merged, or another thing.",
        "wikidata check --snapshot wikidata-2026-11-22.jsonl.gz",
    )  # fmt: skip
    made.add_argument("ids", nargs="*", metavar="ID", help="only the links of these entities")
    made.add_argument("--negative", action="store_true", help="check negative links too")
    made.add_argument("--format", choices=FORMATS, default="table")
    origin.origin(made)

    comparing.add(added)
    reconciling.add(added)


def _properties(text: str) -> list[str]:
    """Return a list of properties, none for all; raises ValueError for what is none."""
    return [] if text == "all" else reconciling.properties(text)


_properties.__name__ = reconciling.properties.__name__  # as argparse names it


def _snapshot(options: argparse.Namespace) -> int:
    from spacerace_kg.wikidata import fetching
    from spacerace_kg.wikidata.cache import today

    wanted = _compared() if options.properties is None else options.properties or None
    qids = {linked.qid for linked in origin.ours().linked(negative=options.negative)}
    path = options.file or Path(f"wikidata-{today()}.jsonl.gz")
    made = fetching.take(path, origin.source(options), qids, wanted, say)
    items = [made.items[qid] for qid in qids]
    print(
        f"{path}: {len(items):,} linked items of {made.date}, "
        f"{sum(bool(item.redirect) for item in items)} merged, "
        f"{sum(item.missing for item in items)} deleted; "
        f"{len(made.items.keys() - qids):,} more that they name"
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    from spacerace_kg.names import ID, WD

    with origin.extra():
        from spacerace_kg.wikidata.check import COLUMNS, Check

    ours = origin.ours()
    known(options.ids, ours.links, "the id of no linked entity")
    links = [(li.entity, li.qid) for li in ours.linked(options.ids, negative=options.negative)]
    snapshot = origin.snapshot(options, {qid for _, qid in links}, _compared())
    check = Check(ours, snapshot, paths.root())
    found = check.findings(links)
    cells = (f._replace(entity=ID + f.entity, item=WD + f.item) for f in found)
    print_texts(COLUMNS, cells, options.format, ("entity", "item"))
    if left := sum(qid not in snapshot.items for _, qid in links):
        tell(f"{left:,} of {len(links):,} links are not in the snapshot")
    if lacking := snapshot.lacks(check.dates()):
        told = ", ".join(lacking)
        tell(f"dates are not checked by {told}: the snapshot was fetched without")
    tell(f"{len({row.entity for row in found}):,} links to look at, by Wikidata of {snapshot.date}")
    return 1 if found else 0


def _compared() -> list[str]:
    from spacerace_kg.wikidata import alignment

    return alignment.properties(alignment.read(paths.root()))
