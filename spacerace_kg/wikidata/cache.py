"""Answers of today, on disk: what has been fetched once is not asked for again before tomorrow."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import shutil
import tempfile
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

DAYS = 7  # that yesterday's answers stay, to be looked into
_IS_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII).match


class Cache:
    """A folder with one subfolder a day; ``fresh`` keeps answers and reads none."""

    def __init__(self, folder: Path, fresh: bool = False) -> None:
        self.folder = folder
        self.fresh = fresh

    def get(self, *key: str) -> bytes | None:
        """Return the answer that was kept today under a key."""
        if self.fresh:
            return None
        try:
            return gzip.decompress(self._path(key).read_bytes())
        except (OSError, EOFError, zlib.error):  # none, or damaged: it is fetched again
            return None

    def keep(self, body: bytes, *key: str) -> None:
        """Keep an answer; a folder that cannot be written to is no reason to fail."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            if not path.parent.is_dir():
                self._clear()
                path.parent.mkdir(parents=True)
            handle, made = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as out:
                out.write(gzip.compress(body, mtime=0))
            os.replace(made, path)

    def _path(self, key: tuple[str, ...]) -> Path:
        name = hashlib.sha256("\0".join(key).encode()).hexdigest()
        return self.folder / today() / f"{name[:40]}.gz"

    def _clear(self) -> None:
        oldest = date.fromisoformat(today()) - timedelta(days=DAYS)
        for path in self.folder.glob("*"):
            if _IS_DAY(path.name) and path.name < oldest.isoformat():
                shutil.rmtree(path, ignore_errors=True)


def today() -> str:
    """Return the day in UTC."""
    return datetime.now(UTC).date().isoformat()
