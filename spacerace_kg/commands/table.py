"""Tables on standard output: as wide as the terminal, and as wide as they are in a pipe.

No id, date or word is cut, for it would mean something else: where the columns cannot stand beside
each other, each row becomes a block of lines.
"""

from __future__ import annotations

import sys

from spacerace_kg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP = 2
_NARROW = 16  # a column of prose is folded no narrower
_MOST_PADDED = 1000  # characters: one long cell does not make every line as long


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print rows under their columns' names; an empty table is its header alone."""
    rows = [[visible(cell) for cell in row] for row in rows]
    width = 0
    if sys.stdout.isatty():
        from shutil import get_terminal_size  # late, as textwrap below: milliseconds

        width = get_terminal_size().columns
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in _lines(columns, rows, width))


def _lines(columns: list[str], rows: list[list[str]], width: int) -> Iterator[str]:
    """Yield the table's lines, none wider than a terminal if it can be; 0 is any width."""
    most = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    if not width or not rows or _total(most) <= width:
        padded = [min(wide, _MOST_PADDED) for wide in most]
        for row in (columns, ["-" * wide for wide in padded], *rows):
            yield _beside(row, padded)
        return
    least = [
        max(len(name), min(wide, _NARROW), *(_longest_word(row[at]) for row in rows))
        for at, (name, wide) in enumerate(zip(columns, most, strict=True))
    ]
    if _total(least) <= width:
        yield from _folded(columns, rows, _widths(least, most, width))
    else:
        yield from _blocks(columns, rows, width)


def _folded(columns: list[str], rows: list[list[str]], widths: list[int]) -> Iterator[str]:
    """Yield the lines of a table whose cells are folded at words."""
    from itertools import zip_longest
    from textwrap import wrap

    for row in (columns, ["-" * wide for wide in widths], *rows):
        cells = [
            wrap(cell, wide, break_on_hyphens=False) for cell, wide in zip(row, widths, strict=True)
        ]
        for line in zip_longest(*cells, fillvalue=""):
            yield _beside(line, widths)


def _blocks(columns: list[str], rows: list[list[str]], width: int) -> Iterator[str]:
    """Yield for each row a line or more for each of its values, and an empty line between rows."""
    from textwrap import wrap

    indent = max(map(len, columns)) + _GAP
    for number, row in enumerate(rows):
        if number:
            yield ""
        for name, cell in zip(columns, row, strict=True):
            room = max(width - indent, _NARROW)
            for line in wrap(cell, room, break_on_hyphens=False, break_long_words=False):
                yield f"{name:<{indent}}{line}"
                name = ""


def _beside(cells: Sequence[str], widths: list[int]) -> str:
    gap = " " * _GAP
    return gap.join(cell.ljust(wide) for cell, wide in zip(cells, widths, strict=True))


def _widths(least: list[int], most: list[int], width: int) -> list[int]:
    """Return widths that fill the terminal: each column as wide as it likes, up to one bound."""
    for bound in range(width, 0, -1):
        widths = [max(few, min(bound, many)) for few, many in zip(least, most, strict=True)]
        if _total(widths) <= width:
            return widths
    return least


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _total(widths: list[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)
