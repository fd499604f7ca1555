"""Tables on standard output: as wide as the terminal with rich, plain columns in a pipe."""

from __future__ import annotations

import sys


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print rows under their columns' names; an empty table is its header alone."""
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
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    for row in (columns, ["-" * width for width in widths], *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")
