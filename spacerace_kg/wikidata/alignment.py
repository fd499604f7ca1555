"""Which of our values Wikidata can say too, and how: the table ontology/wikidata.tsv.

What the terms of Wikidata mean, and where that was looked up, is in `glossary`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import DataError

TABLE = "wikidata.tsv"
_COLUMNS = ("path", "classes", "wikidata", "kind", "unit", "values", "match", "add", "or")
_KINDS = ("time", "item", "word", "quantity", "string", "coordinate")
_WORDS = {"values": ("one", "many"), "match": ("exact", "close", "broad"), "add": ("yes", "no")}
_IS_PATH = re.compile(r"\w+(?:[|]\w+)*(?:/\w+)?(?::start|:end|,\w+)?\Z", re.ASCII).match
_IS_THEIRS = re.compile(r"(\^?)(P[1-9]\d*)(?:=(Q[1-9]\d*)>(P[1-9]\d*))?\Z", re.ASCII).match


class Theirs(NamedTuple):
    """One of Wikidata's ways to say it: a property, of the item or (inverse) of the other side.

    With ``value`` the statement must have that item, and what is said stands in ``qualifier``.
    """

    property: str
    inverse: bool
    value: str
    qualifier: str


class Correspondence(NamedTuple):
    """One thing that both sides can say; the first of ``theirs`` is the way that we would add."""

    path: str
    classes: tuple[str, ...]
    theirs: tuple[Theirs, ...]
    kind: str
    unit: str
    many: bool
    match: str
    add: bool
    others: tuple[str, ...]

    @property
    def main(self) -> str:
        """Wikidata's main property."""
        return self.theirs[0].property

    @property
    def words(self) -> dict[str, str]:
        """The item that stands for each of our words."""
        return dict(pair.split("=") for pair in self.unit.split()) if self.kind == "word" else {}


def read(root: Path) -> list[Correspondence]:
    """Return what can be compared, in the table's order; raises DataError naming file and line."""
    path, lines = root / "ontology" / TABLE, table_lines(root)
    above = next((n for n, line in enumerate(lines) if not line.startswith("#")), 0)
    if tuple(lines[above].split("\t")) != _COLUMNS:
        raise DataError(f"{path}:{above + 1}: the columns are to be {', '.join(_COLUMNS)}.")
    found = []
    for number, line in enumerate(lines[above + 1 :], above + 2):
        if line:
            try:
                found.append(_row(line.split("\t")))
            except ValueError as error:
                raise DataError(f"{path}:{number}: {error}") from None
    return found


def table_lines(root: Path) -> list[str]:
    """Return the lines of the table, comments too; raises DataError if it cannot be read."""
    path = root / "ontology" / TABLE
    try:
        return path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}. Put it back.") from None


def properties(table: list[Correspondence]) -> list[str]:
    """Return the properties of Wikidata that a comparison reads, by number."""
    found = {theirs.property for row in table for theirs in row.theirs}
    return sorted(found, key=lambda property: int(property[1:]))


def names(way: Correspondence) -> set[str]:
    """Return the names under which people ask for a correspondence.

    They are its path, each of our properties in it, and each of Wikidata's: launch/date, launch,
    date, P619.
    """
    ours = re.split(r"[/|,:]", way.path)
    return {way.path, *ours, *(theirs.property for theirs in way.theirs)}


def _row(cells: list[str]) -> Correspondence:
    """Return the correspondence of a line; raises ValueError with what is wrong and what to do."""
    if len(cells) != len(_COLUMNS):
        raise ValueError(f"{len(cells)} cells under {len(_COLUMNS)} columns. Mend the tabs.")
    row = dict(zip(_COLUMNS, cells, strict=True))
    theirs = [_IS_THEIRS(text) for text in row["wikidata"].split()]
    if not theirs or not all(theirs):
        raise ValueError(f"{row['wikidata']!r} names no properties. Write P619, ^P450 or P1=Q2>P3.")
    for text in (row["path"], *row["or"].split()):
        if not _IS_PATH(text):
            raise ValueError(f"{text!r} is no path. Write launch/date.")
    if row["kind"] not in _KINDS:
        raise ValueError(f"{row['kind']!r} is no kind. Write one of: {', '.join(_KINDS)}.")
    for column, words in _WORDS.items():
        if row[column] not in words:
            raise ValueError(f"{column} is {row[column]!r}. Write one of: {', '.join(words)}.")
    return Correspondence(
        row["path"],
        tuple(row["classes"].split()),
        tuple(Theirs(m[2], bool(m[1]), m[3] or "", m[4] or "") for m in theirs if m),
        row["kind"],
        row["unit"],
        row["values"] == "many",
        row["match"],
        row["add"] == "yes",
        tuple(row["or"].split()),
    )
