"""Fetching what is needed of our linked items, in batches, into a snapshot; resumable.

Beside the linked items it takes what is needed to read them: the names of the items that their
statements speak of, what those are part of, and the classes above the linked items.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.wikidata.cache import today
from spacerace_kg.wikidata.items import Item, Snapshot, number
from spacerace_kg.wikidata.snapshots import item_line, read_item, write_snapshot

PLACING = ("P31", "P279", "P361", "P131", "P276")  # is a, kind of, part of, lies in, is at
_STATES = frozenset({"P17", "P27", "P495"})  # the items of states are vast, and need no placing
_MOST_LEVELS = 60  # of classes above classes: no server leads us on for ever
_STALE_DAYS = 3  # after which a part that was left is begun anew
Tell = Callable[[str], None]


class Source(Protocol):
    """Where items come from: the Action API or a SPARQL endpoint."""

    endpoint: str
    batch: int

    def items(self, qids: Sequence[str], properties: Sequence[str] | None) -> dict[str, Item]:
        """Return items with the statements of these properties, of all for None."""


def fetch(
    source: Source,
    qids: Iterable[str],
    properties: Sequence[str] | None = None,
    tell: Tell = lambda _: None,
    items: dict[str, Item] | None = None,
    keep: Callable[[Iterable[Item]], None] = lambda _: None,
) -> Snapshot:
    """Return a snapshot of items with these properties, all for None, and what explains them.

    ``items`` are those of an earlier, broken run; each batch goes to ``keep`` as it comes. Raises
    OutsideError if the source fails.
    """
    found = {} if items is None else items

    def get(
        what: str, wanted: Collection[str], properties: Sequence[str] | None, again: bool = True
    ) -> None:
        left = _by_number(set(wanted) - found.keys())
        for start in range(0, len(left), source.batch):
            batch = left[start : start + source.batch]
            tell(f"{what}: {start} of {len(left)}")
            new = {q: i for q, i in source.items(batch, properties).items() if q not in found}
            if not found and len(new) > 1 and all(item.missing for item in new.values()):
                raise OutsideError(
                    f"{source.endpoint} knows none of {', '.join(batch[:3])} …: is it Wikidata?"
                )
            keep(new.values())
            found.update(new)
        merged = {found[qid].redirect for qid in wanted if found[qid].redirect}
        if again and merged - found.keys():
            get(f"{what}, merged", merged, properties, again=False)

    linked = set(qids)
    get("linked items", linked, _wanted(properties))
    linked |= {found[qid].redirect for qid in linked if found[qid].redirect}
    named, states = _named(found[qid] for qid in linked)
    get("items named", named, PLACING)
    get("states named", states, ())
    snapshot = Snapshot(found, today(), source.endpoint, _wanted(properties) or ())
    roots = {class_ for qid in linked for class_ in found[qid].qids("P31")}
    for _ in range(_MOST_LEVELS):
        if not (classes := snapshot.above(roots) - found.keys()):
            break
        get("classes", classes, ("P279",))
        snapshot.items.update(found)
    return snapshot


def take(
    path: Path,
    source: Source,
    qids: Iterable[str],
    properties: Sequence[str] | None = None,
    tell: Tell = lambda _: None,
) -> Snapshot:
    """Fetch a snapshot into a file, and return it; a run that was broken off is taken up again.

    Meanwhile the batches are in a file beside it, whose name ends in ``.part``. Raises
    OutsideError if the source fails, DataError if that file is damaged or is of another run.
    """
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}. Make it, or name another.")
    part = path.with_name(f"{path.name}.part")
    wanted = _wanted(properties)
    head = {"endpoint": source.endpoint, "properties": wanted}
    with part.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutsideError(f"{part}: another run is fetching into it. Wait for it.") from None
        day, items = _resumed(part, head)
        if not items:
            file.truncate(0)
            day = today()
            file.write(f"{json.dumps({**head, 'date': day})}\n".encode())
        else:
            tell(f"{part}: {len(items)} items of {day} are there already")

        def keep(new: Iterable[Item]) -> None:
            file.write("".join(f"{item_line(item)}\n" for item in new).encode())
            file.flush()

        snapshot = fetch(source, qids, properties, tell, items, keep)
        snapshot.date = day
        write_snapshot(path, snapshot)
        part.unlink()
    return snapshot


def _resumed(part: Path, head: Mapping[str, object]) -> tuple[str, dict[str, Item]]:
    """Return the day and the items of a broken run; an unfinished last line is cut off."""
    body = part.read_bytes()
    whole = body[: body.rfind(b"\n") + 1]
    first, *lines = whole.decode("utf-8", "replace").split("\n")
    if not lines:
        return "", {}
    try:
        begun = json.loads(first)
        day = str(begun.pop("date"))
        age = (date.fromisoformat(today()) - date.fromisoformat(day)).days
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise DataError(f"{part}:1: this is no part of a snapshot. Remove the file.") from None
    if age > _STALE_DAYS:
        return "", {}
    if begun != head:
        raise DataError(
            f"{part}: was begun for other properties or from another endpoint. Remove it, or name "
            "another file."
        )
    if len(whole) < len(body):
        with part.open("r+b") as file:
            file.truncate(len(whole))
    read = (read_item(line, f"{part}:{n}") for n, line in enumerate(lines[:-1], 2))
    return day, {item.qid: item for item in read}


def _named(items: Iterable[Item]) -> tuple[set[str], set[str]]:
    """Return the items that statements and qualifiers name, and the states among them."""
    named: set[str] = set()
    states: set[str] = set()
    for item in items:
        for property, statements in item.statements.items():
            for statement in statements:
                values = {property: [statement.value], **statement.qualifiers}
                for p, found in values.items():
                    into = states if p in _STATES else named
                    into.update(value.text for value in found if value.kind == "item")
                    # A unit has a name too.
                    named.update(v.unit for v in found if v.kind == "quantity" and v.unit)
    return named - states, states


def _wanted(properties: Sequence[str] | None) -> list[str] | None:
    return None if properties is None else _by_number({*properties, "P31"})


def _by_number(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=number)
