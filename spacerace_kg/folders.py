"""Folders that appear whole: a new one takes its place, or an old one's, in one step."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import glob
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from spacerace_kg.errors import UsageError

STAGE = ".spacerace-export-"  # how the folders begin in which exports are made


def vacant(folder: Path) -> Path:
    """Return where a new or empty folder lies; raises UsageError for one that holds something."""
    target = folder.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir()) or target == Path.cwd()):
        raise UsageError(f"{folder} is not an empty folder, or it is this one. Name a new one.")
    return target


@contextlib.contextmanager
def filled(target: Path) -> Iterator[Path]:
    """Give a folder to fill, and put it in a vacant place in one step when that is done.

    It is made beside its place; what else is put into its own parent folder goes away.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    clear(target.parent, STAGE)
    with tempfile.TemporaryDirectory(prefix=STAGE, dir=target.parent) as stage:
        made = Path(stage) / "made"
        made.mkdir()
        yield made
        made.rename(target)


def exchange(new: Path, target: Path, stage: Path) -> None:
    """Put a new folder in the place of another, or of none, in one step where the system can."""
    if not target.exists():
        new.rename(target)
    elif not _swap(new, target):
        # No atomic exchange here: two renames; `recover` undoes the first if the second is lost.
        target.rename(stage / "old")
        new.rename(target)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders atomically by Linux's renameat2; False where there is no such call."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EXDEV):
        return False
    raise OSError(code, os.strerror(code), str(other))


def clear(parent: Path, prefix: str, stale: float = 86400) -> None:
    """Remove the folders of a name that nobody has touched for so many seconds: usually a day.

    Processes that were killed have left them.
    """
    for path in parent.glob(f"{glob.escape(prefix)}*"):
        with contextlib.suppress(OSError):  # another process may clear at the same time
            if not path.is_symlink() and time.time() - path.stat().st_mtime > stale:
                shutil.rmtree(path, ignore_errors=True)


def recover(target: Path, stage: Path) -> None:
    """Undo what a killed exchange left: put the old folder back if it was on its way; clear up."""
    if (stage / "old").exists() and not target.exists():
        (stage / "old").rename(target)
    shutil.rmtree(stage, ignore_errors=True)
