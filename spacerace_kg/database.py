"""The database of the embedded store: made once from Turtle, kept on disk, opened in milliseconds.

It lies in the user's cache, named by a fingerprint of the files that it was made from.
"""

from __future__ import annotations

import contextlib
import os
import zlib

import pyoxigraph as ox

from spacerace_kg.turtle import quads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TypeAlias

    Place: TypeAlias = str | Path

_MARK = "spacerace-files"  # what a whole database is made of
_STALE = 7 * 86400  # seconds without use after which a database is cleared away


def fingerprint(files: Iterable[Place]) -> str:
    """Return a digest of the files' names, sizes and times, and of the engine's version."""
    told = [ox.__version__]
    for path in files:
        status = os.stat(path)
        told.append(f"{path}\0{status.st_size}\0{status.st_mtime_ns}")
    text = "\n".join(told).encode("utf-8", "surrogateescape")  # a folder's name is any bytes
    return f"{zlib.crc32(text):08x}{zlib.adler32(text):08x}"  # hashlib would take 4 ms to import


def read(target: str) -> ox.Store:
    """Open a database and mark it as used today; raises OSError if it is missing or damaged."""
    if not os.path.isfile(f"{target}/{_MARK}"):
        raise FileNotFoundError(target)
    with open(f"{target}/{_MARK}", encoding="ascii", errors="replace") as file:
        if file.read() != _contents(target):  # of half a database the engine makes an empty one
            raise OSError(f"{target} is damaged")
    try:
        store = ox.Store.read_only(target)
    except RuntimeError as error:
        raise OSError(f"{target}: {error}") from None
    with contextlib.suppress(OSError):
        os.utime(target)
    return store


def _contents(folder: str) -> str:
    """Return the names and sizes of a database's files, of small ones with their checksums."""
    told = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.endswith((".sst", ".log")) and entry.name[:4] not in ("MANI", "CURR"):
                continue  # the engine's notes, which it writes anew
            size = entry.stat().st_size if entry.is_file() else -1
            line = f"{entry.name} {size}"
            if 0 <= size < 65536:
                with open(entry.path, "rb") as file:
                    line += f" {zlib.crc32(file.read())}"
            told.append(line)
    return "\n".join(sorted(told))


def make(place: str, files: Iterable[Place], base: str = "") -> None:
    """Make the database in a folder of its own, then move it to its place in one step.

    It starts as a copy of a base, which is several times as fast as reading the same files.
    """
    import shutil
    import tempfile
    from pathlib import Path

    from spacerace_kg.folders import clear

    target = Path(place)
    target.parent.mkdir(parents=True, exist_ok=True)
    for prefix in ("store-", "making-"):  # unused for long, and what killed processes left
        clear(target.parent, prefix, _STALE)
    made = Path(tempfile.mkdtemp(prefix="making-", dir=target.parent))
    try:
        if base:
            shutil.copytree(base, made / "store")
        store = ox.Store(str(made / "store"))
        load(store, files)
        store.flush()
        store.optimize()
        del store
        (made / "store" / _MARK).write_text(_contents(str(made / "store")), "ascii")
        try:
            (made / "store").rename(target)
        except OSError:
            # Another process was faster, and its database is the same; or what is there is damaged.
            with contextlib.suppress(OSError):
                read(place)
                return
            target.rename(made / "damaged")
            (made / "store").rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def load(store: ox.Store, files: Iterable[Place]) -> None:
    """Load Turtle files in one go, which is three times faster than one by one."""
    store.bulk_extend(quad for path in files for quad in quads(path))
