"""Fetching what is needed of our linked items, in batches, into a snapshot; resumable.

Beside the linked items it takes what is needed to read them: the names of the items that their
statements speak of, what those are part of, and the classes above all of these.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from spacerace_kg.errors import DataError
from spacerace_kg.wikidata.cache import today
from spacerace_kg.wikidata.items import Item, Snapshot
from spacerace_kg.wikidata.snapshots import item_line, read_item, write_snapshot

PLACING = ("P31", "P279", "P361", "P131", "P276")
_STATES = frozenset({"P17", "P27", "P495"})  # the items of states are vast, and need no placing
_STALE = timedelta(days=3)
Tell = Callable[[str], None]


class Source(Protocol):
    """Where items come from: the Action API or a SPARQL endpoint."""

    @property
    def endpoint(self) -> str:
        """Its URL."""

    @property
    def batch(self) -> int:
        """How many items it gives at once."""

    def items(self, qids: Sequence[str], properties: Sequence[str] | None) -> dict[str, Item]:
        """Return items with the statements of these properties, of all for None."""


class _Keep(dict[str, Item]):
    """The items fetched so far, and the file to which each batch is appended."""

    def __init__(self, path: Path | None, begun: str = "") -> None:
        super().__init__()
        self.path = path
        self.begun = begun

    def add(self, items: Mapping[str, Item]) -> None:
        new = {qid: item for qid, item in items.items() if qid not in self}
        self.update(new)
        if self.path:
            with self.path.open("a", encoding="utf-8") as out:
                out.writelines(f"{item_line(item)}\n" for item in new.values())


def fetch(
    source: Source,
    qids: Iterable[str],
    properties: Sequence[str] | None = None,
    tell: Tell = lambda _: None,
    kept: Mapping[str, Item] | None = None,
) -> Snapshot:
    """Return a snapshot of items with these properties, all for None, and what explains them.

    ``tell`` hears of progress. Raises OutsideError if the source fails.
    """
    keep = kept if isinstance(kept, _Keep) else _Keep(None)
    wanted = None if properties is None else sorted({*properties, "P31"}, key=_number)
    linked = sorted(set(qids), key=_number)
    _round(source, keep, linked, wanted, tell, "linked items")
    targets = [keep[qid].redirect for qid in linked if keep[qid].redirect]
    _round(source, keep, targets, wanted, tell, "items merged into")
    ours = {*linked, *targets}
    placed, named = _named(keep[qid] for qid in ours)
    _round(source, keep, placed, PLACING, tell, "items named")
    _round(source, keep, named, (), tell, "states named")
    # What places an item has a place itself; classes have classes above them, pads have sites.
    while above := _above(keep.values()) - set(keep):
        _round(source, keep, above, ("P279", "P361"), tell, "classes and wholes")
    return Snapshot(keep, keep.begun or today(), source.endpoint, wanted or ())
