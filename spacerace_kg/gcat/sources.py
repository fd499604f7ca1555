"""GCAT as a source of the catalogue: a record for each table, with the release imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from spacerace_kg.gcat.tables import Table
from spacerace_kg.gcat.values import Subject, Value, name, text, typed

URL = "https://planet4589.org/space/gcat/"
_LABELS = {
    "launchlog": "launch log",
    "sites": "launch sites",
    "lp": "launch points",
    "orgs": "organizations",
    "platforms": "launch platforms",
}


def ids(table: str) -> str:
    """Return the id of a table as a source; it stays the same from release to release."""
    return f"gcat-release-{table}"


def described(tables: Mapping[str, Table[Any]]) -> Iterator[Subject]:
    """Yield the source that each table is, which cites itself."""
    for table in sorted(tables):
        values: list[Value] = [
            text("author", "Jonathan C. McDowell", ""),
            text("licence", "CC BY 4.0", ""),
            typed("url", URL, "anyURI", ""),
        ]
        if tables[table].release:
            values.append(text("releaseDate", tables[table].release, ""))
        label = f"General Catalog of Artificial Space Objects: {_LABELS[table]}, as imported"
        about = f"The table {table} of GCAT in the release that this catalogue was made from."
        yield Subject(
            ids(table),
            "Catalogue",
            [*values, name("label", label, ""), name("description", about, "")],
            editorial=("label", "description"),
        )
