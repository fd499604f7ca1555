"""Answers: rows of RDF terms, as typed Python values and in the W3C's result formats."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from spacerace_kg.errors import OutsideError
from spacerace_kg.names import shorten

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    import pandas
    import polars

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = _XSD + "string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Term(NamedTuple):
    """One RDF term: ``kind`` is "iri", "literal" or "bnode"; literals have the other two."""

    kind: str
    text: str
    datatype: str = ""
    language: str = ""


class Iri(str):
    """An IRI in a row of an answer; ``short`` is what people write."""

    @property
    def short(self) -> str:
        """The bare id for one of ours, a prefixed name where there is one, else the IRI."""
        return shorten(self)


class Text(str):
    """Text in a language, in a row of an answer."""

    language: str

    def __new__(cls, text: str, language: str) -> Text:
        """Make a text that remembers its language tag."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        """Let copies and pickles keep the language."""
        return Text, (str(self), self.language)


Value: TypeAlias = "Iri | Text | str | int | Decimal | float | bool | datetime | None"


def to_value(term: Term | None) -> Value:
    """Return a term as a Python value; None stays None, what fits no Python type stays text.

    >>> to_value(Term("literal", "83.6", "http://www.w3.org/2001/XMLSchema#decimal"))
    Decimal('83.6')
    """
    if term is None:
        return None
    if term.kind == "iri":
        return Iri(term.text)
    if term.language:
        return Text(term.text, term.language)
    read = _readers().get(term.datatype.removeprefix(_XSD))
    try:
        return read(term.text) if read else term.text
    except (ValueError, KeyError, ArithmeticError):  # 1961-02-30T…, a year BC, "many"^^xsd:integer
        return term.text


@functools.cache
def _readers() -> dict[str, Callable[[str], Value]]:
    """Return what reads each datatype; imported late, since texts for people need none of it."""
    from datetime import datetime
    from decimal import Decimal

    return {
        "integer": int,
        "decimal": Decimal,
        "double": float,
        "float": float,
        "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
        "dateTime": datetime.fromisoformat,
    }


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
        columns = [str(name) for name in content["head"]["vars"]]
        rows = content["results"]["bindings"]
        return cls(columns, [tuple(_read(row.get(name)) for name in columns) for row in rows])

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

    def to_csv(self) -> str:
        """Return the answer as CSV by the W3C's SPARQL 1.1 Query Results format (RFC 4180)."""
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows([_csv(term) for term in row] for row in self.terms)
        return out.getvalue()

    def to_tsv(self) -> str:
        """Return the answer as TSV by the W3C's SPARQL 1.1 Query Results format; loses nothing."""
        lines = ["\t".join(f"?{name}" for name in self.columns)]
        lines += ("\t".join(map(_tsv, row)) for row in self.terms)
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Return the answer as SPARQL 1.1 Query Results JSON; loses nothing."""
        import json

        bindings = [
            {name: _json(term) for name, term in zip(self.columns, row, strict=True) if term}
            for row in self.terms
        ]
        content = {"head": {"vars": self.columns}, "results": {"bindings": bindings}}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def to_markdown(self) -> str:
        """Return the answer as a Markdown table of texts for people."""
        rows = [self.columns, ["---"] * len(self.columns), *self.texts()]
        cells = ([cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row] for row in rows)
        return "".join(f"| {' | '.join(row)} |\n" for row in cells)

    def texts(self) -> list[list[str]]:
        """Return the rows as people read them: bare ids, midnights as days, one line each."""
        return [[_person(term) for term in row] for row in self.terms]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas DataFrame of the Python values; raises OutsideError without pandas."""
        frame: pandas.DataFrame = _optional("pandas").DataFrame(self.rows, columns=self.columns)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Return a polars DataFrame; a column of texts, of several types or of none is strings.

        Raises OutsideError without polars.
        """
        library = _optional("polars")
        columns = {}
        for place, name in enumerate(self.columns):
            values = [row[place] for row in self.rows]
            kinds = {str if isinstance(v, str) else type(v) for v in values if v is not None}
            if len(kinds) == 1 and str not in kinds:
                columns[name] = library.Series(values, strict=False)
            else:
                lexical = [term and term.text for term in (row[place] for row in self.terms)]
                columns[name] = library.Series(lexical, dtype=library.String)
        frame: polars.DataFrame = library.DataFrame(columns)
        return frame

    def _repr_html_(self) -> str:
        import html

        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(t, x)}</td>" for t, x in zip(r, s, strict=True)) + "</tr>"
            for r, s in zip(self.terms, self.texts(), strict=True)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _optional(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise OutsideError(
            f"{name} is not installed. Install it: pip install 'spacerace-kg[{name}]'"
        ) from None


def _csv(term: Term | None) -> str:
    if term is None:
        return ""
    return f"_:{term.text}" if term.kind == "bnode" else term.text


_TSV = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()


def _tsv(term: Term | None) -> str:
    if term is None:
        return ""
    if term.kind == "iri":
        return f"<{term.text}>"
    if term.kind == "bnode":
        return f"_:{term.text}"
    if term.datatype == _XSD + "integer" and _is_integer(term.text):
        return term.text
    quoted = f'"{term.text.translate(_TSV)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    return quoted if term.datatype in ("", _STRING) else f"{quoted}^^<{term.datatype}>"


def _json(term: Term) -> dict[str, str]:
    found = {"type": "uri" if term.kind == "iri" else term.kind, "value": term.text}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype not in ("", _STRING):
        found["datatype"] = term.datatype
    return found


def _read(binding: Any) -> Term | None:
    """Return the term of a binding in the W3C's JSON."""
    if binding is None:
        return None
    kind, value = binding["type"], binding["value"]
    if not isinstance(value, str):
        raise TypeError("a term's value is text")
    if kind == "uri":
        return Term("iri", value)
    if kind == "bnode":
        return Term("bnode", value)
    language = str(binding.get("xml:lang", ""))
    datatype = str(binding.get("datatype", _STRING))
    return Term("literal", value, _LANG_STRING if language else datatype, language)


def _person(term: Term | None) -> str:
    if term is None:
        return ""
    if term.kind == "iri":
        return shorten(term.text)
    if term.datatype == _XSD + "dateTime":
        day, _, time = term.text.partition("T")
        return day if time == "00:00:00Z" else f"{day} {time.removesuffix('Z')}"
    return " ".join(term.text.split())


def _cell(term: Term | None, text: str) -> str:
    import html

    shown = html.escape(text)
    if term is not None and term.kind == "iri" and term.text.startswith(("http://", "https://")):
        return f'<a href="{html.escape(term.text, quote=True)}">{shown}</a>'
    return shown
