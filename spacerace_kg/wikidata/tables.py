"""A user's own table: CSV as spreadsheets write it, read row by row and written without a loss."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

from spacerace_kg.dates import Interval, interval
from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.names import nearest

MOST_CELL = 1_000_000  # characters
_DELIMITERS = ",;\t|"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_UNREADABLE = re.compile("[\udc80-\udcff]").search


class Table(NamedTuple):
    """The head of a table, and its rows to come, each with its line number."""

    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]

    def place(self, column: str) -> int:
        """Return where a column is; raises UsageError if there is none or are several."""
        if self.columns.count(column) != 1:
            what = "several columns" if column in self.columns else "no column"
            has = ", ".join(self.columns)[:300]
            hint = nearest(column, self.columns)
            raise UsageError(f"The table has {what} {column[:60]!r}; it has: {has}.{hint}")
        return self.columns.index(column)


@contextlib.contextmanager
def opened(path: Path, column: str, encoding: str = "") -> Iterator[Table]:
    """Give the table in a file, or in standard input for ``-``, that has a certain column.

    The separator is the one that makes this column appear. Without a byte order mark the encoding
    is UTF-8 if none is named. Raises DataError, with the line, for a text that is damaged, and
    UsageError for a file or a column that is not there.
    """
    csv.field_size_limit(MOST_CELL)
    with contextlib.ExitStack() as stack:
        try:
            file = sys.stdin.buffer if str(path) == "-" else stack.enter_context(path.open("rb"))
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None
        lines = _lines(path, cast(io.BufferedReader, file), encoding)
        first = next(lines, "")
        if not first.strip():
            raise DataError(f"{path}: the table has no head. Write the columns' names first.")
        yield _table(path, first, lines, column)


def _table(path: Path, first: str, lines: Iterator[str], column: str) -> Table:
    heads = {d: next(csv.reader([first], delimiter=d), []) for d in _DELIMITERS}
    known = [d for d in _DELIMITERS if column in heads[d]] or list(_DELIMITERS)
    delimiter = max(known, key=lambda d: len(heads[d]))
    return Table(heads[delimiter], _rows(path, lines, delimiter, len(heads[delimiter])))


def _rows(
    path: Path, lines: Iterator[str], delimiter: str, width: int
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2  # the head has been read already
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f"{path}:{line}: a row cannot be read: {error}. Does a quotation mark stand alone?"
            ) from None
        if row is None:
            return
        if not row:
            continue
        if len(row) != width:
            raise DataError(
                f"{path}:{line}: {len(row)} cells under {width} columns. Mend the separators."
            )
        yield line, row


def _lines(path: Path, file: io.BufferedReader, encoding: str) -> Iterator[str]:
    start = file.peek(4)
    marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    chosen = encoding or marked or "utf-8"
    try:
        text = io.TextIOWrapper(file, chosen, errors="surrogateescape", newline="")
    except LookupError:
        raise UsageError(f"{encoding[:40]!r} is no encoding. Write utf-8, cp1251 …") from None
    read = 0
    try:
        while line := text.readline(MOST_CELL):
            read += 1
            if len(line) == MOST_CELL:
                raise DataError(f"{path}:{read}: the line is over {MOST_CELL:,} characters long.")
            if not line.isascii() and _UNREADABLE(line):
                raise UnicodeError
            yield line
    except UnicodeError:
        raise DataError(
            f"{path}:{read}: this is no {chosen}. Name the file's encoding: --encoding cp1251, say."
        ) from None
    finally:
        with contextlib.suppress(ValueError):
            text.detach()


def read_date(text: str) -> Interval:
    """Return the interval of an EDTF date, or of an ISO time with a space or a zone.

    Raises ValueError for what is neither.
    """
    bare = text.strip()
    if len(bare) > 11 and bare[10] in " T" and bare[:4].isdigit():
        bare = bare[:10]  # a day is enough here
    return interval(bare)
