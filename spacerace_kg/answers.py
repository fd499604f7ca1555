"""Answers: the rows that a SELECT gives, as typed Python values and in the W3C's formats."""

from __future__ import annotations

from spacerace_kg.terms import Iri, Term, Text, Value, to_text, to_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import pandas
    import polars

__all__ = ["Answer", "Iri", "Term", "Text", "Value", "to_value"]


class Answer:
    """The rows that a SELECT gives, in order.

    ``columns`` are the names of the variables; ``rows`` are tuples of Python values: ``Iri``,
    ``Text`` (with its language), str, int, Decimal, float, bool, datetime (UTC), or None where
    unbound.
    Iterating gives the rows; ``len`` counts them.
    """

    def __init__(self, columns: list[str], terms: list[tuple[Term | None, ...]]) -> None:
        self.columns = columns
        self.terms = terms
        self._rows: list[tuple[Value, ...]] | None = None

    @classmethod
    def from_json(cls, content: Any) -> Answer:
        """Return the answer that SPARQL 1.1 Query Results JSON holds, parsed already.

        Raises KeyError, TypeError or AttributeError for what is no such result.
        """
        from spacerace_kg import formats  # here and below: a table in the terminal needs none

        return cls(*formats.from_json(content))

    @property
    def rows(self) -> list[tuple[Value, ...]]:
        """The rows as tuples of Python values."""
        if self._rows is None:
            self._rows = [tuple(map(to_value, row)) for row in self.terms]
        return self._rows

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.terms)

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.columns)}>"

    def column(self, name: str) -> list[Value]:
        """Return one column's values, top to bottom; raises ValueError for an unknown name."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def texts(self) -> list[list[str]]:
        """Return the rows as people read them: bare ids, midnights as days, one line each."""
        return [[to_text(term) for term in row] for row in self.terms]

    def to_csv(self) -> str:
        """Return the answer as CSV by the W3C's SPARQL 1.1 Query Results format (RFC 4180).

        Values stay what they are: a spreadsheet may take one that begins with ``=`` for a formula.
        """
        from spacerace_kg import formats

        return formats.to_csv(self.columns, self.terms)

    def to_tsv(self) -> str:
        """Return the answer as TSV by the W3C's SPARQL 1.1 Query Results format; loses nothing."""
        from spacerace_kg import formats

        return formats.to_tsv(self.columns, self.terms)

    def to_json(self) -> str:
        """Return the answer as SPARQL 1.1 Query Results JSON; loses nothing."""
        from spacerace_kg import formats

        return formats.to_json(self.columns, self.terms)

    def to_markdown(self) -> str:
        """Return the answer as a Markdown table of texts for people."""
        from spacerace_kg import formats

        return formats.to_markdown(self.columns, self.texts())

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas DataFrame of the Python values; raises OutsideError without pandas."""
        from spacerace_kg import formats

        return formats.to_pandas(self.columns, self.terms)

    def to_polars(self) -> polars.DataFrame:
        """Return a polars DataFrame; a column of texts, of several types or of none is strings.

        Raises OutsideError without polars.
        """
        from spacerace_kg import formats

        return formats.to_polars(self.columns, self.terms)

    def _repr_html_(self) -> str:
        from spacerace_kg import formats

        return formats.to_html(self.columns, self.terms, self.texts())
