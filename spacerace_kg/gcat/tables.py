"""GCAT's tables as published: tab-separated, columns by the names in their first line.

A table may lack the columns that later releases added, and may have columns that are not used
here, which is told. Every row comes with its line, or as a fault that says why it cannot be used.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.gcat import vague
from spacerace_kg.names import nearest

_DATED = re.compile(r"(?P<name>[a-z]+)(?:[_-](?P<date>\d{4}-\d\d-\d\d))?\.tsv\Z").match
_UPDATED = re.compile(r"#\s*Updated\s+(\d{4} [A-Z][a-z]{2} +\d{1,2})\b").match
BUFFER = 1 << 16  # bytes read at once
_MOST = 100_000  # bytes in one line
MOST = 256 << 20  # bytes in one table
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n"


class Fault(NamedTuple):
    """Why a row, or one value of it, is not used: file, line, reason."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class LaunchRow(NamedTuple):
    """One row of the launch log: a payload, and the launch that carried it."""

    line: int
    launch_tag: str
    launch_date: str
    piece: str
    name: str
    plname: str
    jcat: str
    satowner: str
    satstate: str
    lv_type: str
    flight_id: str
    launch_site: str
    launch_pad: str
    agency: str
    lvstate: str
    launch_code: str
    type: str = "-"
    platform: str = "-"
    ascent_site: str = "-"
    ascent_pad: str = "-"
    ltcite: str = "-"


class DatedRow(NamedTuple):
    """One row of the other tables: a code, what it stood for, and from when to when."""

    line: int
    code: str
    ucode: str
    type: str
    statecode: str
    tstart: str
    tstop: str
    shortname: str
    name: str
    site: str = "-"
    location: str = "-"
    longitude: str = "-"
    latitude: str = "-"
    error: str = "-"
    parent: str = "-"
    shortename: str = "-"
    ename: str = "-"
    uname: str = "-"
    # "class" is no name for a field in Python.
    class_: str = "-"
    group: str = "-"
    vclass: str = "-"
    vclassid: str = "-"
    vid: str = "-"


Row = TypeVar("Row", LaunchRow, DatedRow)
ROWS: dict[str, type[LaunchRow | DatedRow]] = {
    "launchlog": LaunchRow,
    "sites": DatedRow,
    "lp": DatedRow,
    "orgs": DatedRow,
    "platforms": DatedRow,
}


class Table(Generic[Row]):
    """One table in a file: its release (EDTF, or "" if it tells none) and its columns."""

    def __init__(self, name: str, path: Path) -> None:
        """Read the first lines; raises DataError if the file or a needed column is missing."""
        self.name, self.path = name, path
        self.row: Any = ROWS[name]
        match = _DATED(path.name)
        self.release = match["date"] or "" if match else ""
        try:
            if path.exists() and not path.is_file():
                raise OSError("it is no plain file")
            if path.stat().st_size > MOST:
                raise OSError(f"it is larger than {MOST >> 20} MiB")
            with path.open("rb") as file:
                first = [_text(line) for line in (file.readline(_MOST), file.readline(_MOST))]
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read: {error}.") from None
        self.columns = [name.strip() for name in first[0].lstrip("#").split("\t")]
        if updated := _UPDATED(first[1]):
            with contextlib.suppress(ValueError):
                self.release = vague.parse(updated[1]).edtf
        self._places = self._find_columns()
        self._chosen = itemgetter(*self._places)

    def _find_columns(self) -> list[int]:
        """Return where each field of a row stands, the count of columns where it is missing."""
        given = {name.lower(): place for place, name in enumerate(self.columns)}
        places = []
        for field in self.row._fields[1:]:
            column = field.rstrip("_")
            if self.name == "sites" and field in ("code", "site"):
                column = {"code": "site", "site": "-"}[field]  # there the site is the code
            if column not in given and field not in self.row._field_defaults:
                hint = nearest(column, given)
                raise DataError(
                    f"{self.path}:1: there is no column {column!r} in the table {self.name}.{hint} "
                    f"It has: {', '.join(self.columns)}."
                )
            places.append(given.get(column, len(self.columns)))
        return places

    @property
    def unknown(self) -> list[str]:
        """The columns that are not used here."""
        return [
            name
            for place, name in enumerate(self.columns)
            if place not in self._places and (self.name, name.lower()) != ("sites", "code")
        ]

    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield line, offset and content of each row; not the header, comments and empty lines."""
        offset = 0
        with self.path.open("rb", BUFFER) as file:
            for line, content in enumerate(file, 1):
                if line > 1 and content[:1] != b"#" and content.strip():
                    yield line, offset, content
                offset += len(content)

    def parse(self, line: int, content: bytes) -> Row:
        """Return one line as a row, its cells without padding; raises ValueError if it is none."""
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise ValueError("is not in UTF-8.") from None
        cells: list[str] = (text if _is_plain(content) else _visible(text)).split("\t")
        if len(cells) != len(self.columns):
            raise ValueError(f"has {len(cells)} cells; the table has {len(self.columns)} columns.")
        cells.append("-")  # what a missing column holds, and an empty cell means
        made: Row = self.row._make([line, *[cell.strip() or "-" for cell in self._chosen(cells)]])
        return made

    def reader(self, *fields: str) -> Callable[[int, bytes], list[str]]:
        """Return what gives some needed fields of a line as `parse` does, but sooner."""
        places = [self._places[self.row._fields.index(field) - 1] for field in fields]
        last, tabs = max(places) + 1, len(self.columns) - 1

        def chosen(line: int, content: bytes) -> list[str]:
            if _is_plain(content) and content.count(b"\t") == tabs:
                found = content.split(b"\t", last)
                return [found[place].strip().decode() or "-" for place in places]
            row = self.parse(line, content)
            return [getattr(row, field) for field in fields]

        return chosen

    def rows(self, faults: list[Fault]) -> Iterator[Row]:
        """Yield every row, and add a fault for each line that is none."""
        for line, _, content in self.lines():
            try:
                yield self.parse(line, content)
            except ValueError as error:
                faults.append(Fault(self.path.name, line, f"The row {error}"))


def find(folder: Path) -> dict[str, Table[Any]]:
    """Return every table found in a folder, its newest release.

    A file is named for its table, ``launchlog.tsv``, or with its release, ``sites_2024-11-27.tsv``,
    and lies in the folder or in one that the folder holds, as ``tables/sites.tsv``. Raises
    DataError if a table is missing, UsageError for a folder that is none.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder. Name the one that holds GCAT's tables.")
    found: dict[str, list[Path]] = {name: [] for name in ROWS}
    for path in sorted([*folder.glob("*.tsv"), *folder.glob("*/*.tsv")]):
        match = _DATED(path.name)
        if match and match["name"] in found:
            found[match["name"]].append(path)
    missing = [f"{name}.tsv" for name, paths in found.items() if not paths]
    if missing:
        raise DataError(f"{folder} lacks {', '.join(missing)}. GCAT publishes them under tsv/.")
    return {
        name: max((Table(name, path) for path in paths), key=lambda t: (t.release, t.path.name))
        for name, paths in found.items()
    }


def _is_plain(content: bytes) -> bool:
    """Say whether a line has nothing but ASCII that can be seen, and tabs."""
    return not content.translate(None, _PLAIN)


def _visible(line: str) -> str:
    """Return a line in Unicode's NFC form, less the marks in it that cannot be seen."""
    line = unicodedata.normalize("NFC", line)
    if line.removesuffix("\n").replace("\t", "").isprintable():
        return line
    # Not `isprintable` alone: a tab parts the cells, and a space of any kind is one.
    seen = (c if c == "\t" or c.isprintable() else " " if c.isspace() else "" for c in line)
    return "".join(seen)


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig").rstrip("\r\n")
