"""Tables on standard output: as wide as the terminal with rich, plain columns in a pipe."""

from __future__ import annotations

import sys

from spacerace_kg.visible import visible

_MOST_PADDED = 1000  # characters: one long cell does not make every line as long


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print rows under their columns' names; an empty table is its header alone."""
    rows = [[visible(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        try:
            from rich.console import Console
            from rich.table import Table
            from rich.text import Text
        except ImportError:
            pass
        else:
            table = Table(*columns, box=None, header_style="bold", padding=(0, 2, 0, 0))
            for row in rows:
                table.add_row(*map(Text, row))  # no markup: `[b]` and `:star:` are what they are
            Console(soft_wrap=False).print(table)
            return
    cells = zip(columns, *rows, strict=True)
    widths = [min(max(map(len, column)), _MOST_PADDED) for column in cells]
    for row in (columns, ["-" * width for width in widths], *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")
