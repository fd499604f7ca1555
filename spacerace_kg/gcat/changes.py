"""What changed from one import to the next, told by the digests of every subject's statements."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Changes(NamedTuple):
    """The ids added, changed and gone, each sorted; ``first`` if there was no import before."""

    first: bool
    added: list[str]
    changed: list[str]
    gone: list[str]


def compare(old: Path, new: Path) -> Changes:
    """Compare the indexes of two imports, a file at a time."""
    if not old.is_dir():
        return Changes(True, [], [], [])
    added: set[str] = set()
    changed: set[str] = set()
    gone: set[str] = set()
    names = {path.relative_to(top) for top in (old, new) for path in top.rglob("*.tsv")}
    for name in sorted(names):
        before, after = _digests(old / name), _digests(new / name)
        added |= after.keys() - before.keys()
        gone |= before.keys() - after.keys()
        changed |= {id_ for id_ in after.keys() & before.keys() if after[id_] != before[id_]}
    moved = added & gone  # to another file
    return Changes(False, *map(sorted, (added - moved, changed | moved, gone - moved)))


def _digests(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text("utf-8", "replace").splitlines()
    # A line that was damaged tells of a subject that changed, and is no reason to fail.
    return {id_: digest for id_, _, digest in (line.partition("\t") for line in lines)}
