"""Answers in other forms: the W3C's result formats, Markdown, HTML, data frames.

Imported when one is asked for; a table in the terminal needs none of it.
"""

from __future__ import annotations

import csv
import html
import importlib
import io
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from spacerace_kg.errors import OutsideError, missing
from spacerace_kg.names import ESCAPES, PREFIXES
from spacerace_kg.terms import XSD, Term, Value, to_value

if TYPE_CHECKING:
    import pandas
    import polars

Columns = Sequence[str]
Rows = Sequence[Sequence[Term | None]]

_STRING = XSD + "string"
_LANG_STRING = PREFIXES["rdf"] + "langString"
# No IRI has these; what a server sends for one may, and would end the cell.
_NOT_IN_IRIS = [*map(chr, range(0x21)), *'<>"{}|^`\\']
_TSV_IRI = str.maketrans({char: f"\\u{ord(char):04x}" for char in _NOT_IN_IRIS})
_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\|`["} | {"<": "&lt;"})
_ENTITY = re.compile(r"&(?=#?\w+;)")
_IS_NAME = re.compile(r"\S{1,200}\Z").match
_IS_LANGUAGE = re.compile(r"[A-Za-z]{1,20}(?:-[A-Za-z0-9]{1,20}){0,20}\Z").match
MOST_MARKS = 10_000_000  # commas and brackets in JSON: each may cost a hundred times its byte
MOST_CELLS = 50_000_000  # of an answer, with those that are not bound


def to_csv(columns: Columns, rows: Rows) -> str:
    """Return rows as SPARQL 1.1 Query Results CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_csv(term) for term in row] for row in rows)
    return out.getvalue()


def _csv(term: Term | None) -> str:
    if term is None:
        return ""
    return f"_:{term.text}" if term.kind == "bnode" else term.text


def to_tsv(columns: Columns, rows: Rows) -> str:
    """Return rows as SPARQL 1.1 Query Results TSV."""
    lines = ["\t".join(f"?{name}" for name in columns)]
    lines += ("\t".join(map(_tsv, row)) for row in rows)
    return "\n".join(lines) + "\n"


def _tsv(term: Term | None) -> str:
    if term is None:
        return ""
    if term.kind == "iri":
        return f"<{term.text.translate(_TSV_IRI)}>"
    if term.kind == "bnode":
        return f"_:{term.text}"
    if term.datatype == XSD + "integer" and _is_integer(term.text):
        return term.text
    quoted = f'"{term.text.translate(ESCAPES)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    if term.datatype in ("", _STRING):
        return quoted
    return f"{quoted}^^<{term.datatype.translate(_TSV_IRI)}>"


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()


def to_json(columns: Columns, rows: Rows) -> str:
    """Return rows as SPARQL 1.1 Query Results JSON."""
    bindings = [
        {name: _json(term) for name, term in zip(columns, row, strict=True) if term} for row in rows
    ]
    content = {"head": {"vars": columns}, "results": {"bindings": bindings}}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _json(term: Term) -> dict[str, str]:
    found = {"type": "uri" if term.kind == "iri" else term.kind, "value": term.text}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype not in ("", _STRING):
        found["datatype"] = term.datatype
    return found


def parsed(body: bytes, who: str) -> dict[str, Any]:
    """Return the object that JSON from outside holds.

    Raises OutsideError, naming ``who`` sent it, for what is damaged, no object, or would fill the
    memory.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_MARKS:
        raise OutsideError(f"{who} sent JSON of more than {MOST_MARKS:,} parts. Ask for less.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise OutsideError(f"{who} answered with damaged JSON.") from None
    if not isinstance(found, dict):
        raise OutsideError(f"{who} answered with JSON that is no result.")
    return found


def from_json(content: Any) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return columns and rows of SPARQL 1.1 Query Results JSON, parsed already.

    Raises KeyError, TypeError or AttributeError for what is no such result, OutsideError for one
    of very many cells, which takes few bytes as long as they are empty.
    """
    columns, rows = content["head"]["vars"], content["results"]["bindings"]
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise TypeError("columns and rows are lists")
    if not all(isinstance(name, str) and _IS_NAME(name) and name.isprintable() for name in columns):
        raise TypeError("a column's name is a variable's")
    if len(columns) * len(rows) > MOST_CELLS:
        raise OutsideError(f"The answer has more than {MOST_CELLS:,} cells. Narrow the query.")
    return columns, [tuple(_term(row.get(name)) for name in columns) for row in rows]


def _term(binding: Any) -> Term | None:
    if binding is None:
        return None
    kind, value = binding["type"], binding["value"]
    if not isinstance(value, str):
        raise TypeError("a term's value is text")
    if kind == "uri":
        return Term("iri", value)
    if kind == "bnode" and _IS_NAME(value):
        return Term("bnode", value)
    language, datatype = binding.get("xml:lang", ""), binding.get("datatype", _STRING)
    if kind not in ("literal", "typed-literal") or not isinstance(datatype, str):
        raise TypeError("a term is an IRI, a literal or a blank node")
    if language != "" and not _IS_LANGUAGE(language):
        raise TypeError("a language is a tag")
    return Term("literal", value, _LANG_STRING if language else datatype, language)


def to_markdown(columns: Columns, texts: Sequence[Sequence[str]]) -> str:
    """Return texts under their columns as a table in Markdown."""
    rows = [columns, ["---"] * len(columns), *texts]
    return "".join(f"| {' | '.join(map(_markdown, row))} |\n" for row in rows)


def _markdown(text: str) -> str:
    """Return a text as a cell that shows it: no markup of its own, no HTML, no link."""
    return _ENTITY.sub("&amp;", text).translate(_MARKDOWN)


def to_html(columns: Columns, rows: Rows, texts: Sequence[Sequence[str]]) -> str:
    """Return rows as a table in HTML: texts, with a link for each web address."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(t, x)}</td>" for t, x in zip(r, s, strict=True)) + "</tr>"
        for r, s in zip(rows, texts, strict=True)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(term: Term | None, text: str) -> str:
    shown = html.escape(text)
    address = term.text if term is not None and term.kind == "iri" else ""
    if address.startswith(("http://", "https://")) and address.isprintable():
        return f'<a href="{html.escape(address, quote=True)}">{shown}</a>'
    return shown


def to_pandas(columns: Columns, rows: Rows) -> pandas.DataFrame:
    """Return the Python values of rows as a pandas DataFrame."""
    values = [tuple(map(to_value, row)) for row in rows]
    frame: pandas.DataFrame = _optional("pandas").DataFrame(values, columns=columns)
    return frame


def to_polars(columns: Columns, rows: Rows) -> polars.DataFrame:
    """Return rows as a polars DataFrame, each column of one type."""
    library = _optional("polars")
    made = {}
    for place, name in enumerate(columns):
        terms = [row[place] for row in rows]
        values = [to_value(term) for term in terms]
        kinds = {_kind(value) for value in values if value is not None}
        if len(kinds) == 1 and "str" not in kinds:
            made[name] = library.Series(values, strict=False)
        else:
            lexical = [term and term.text for term in terms]
            made[name] = library.Series(lexical, dtype=library.String)
    frame: polars.DataFrame = library.DataFrame(made)
    return frame


def _kind(value: Value) -> str:
    """Return the name of a value's type; times with a zone and times without do not mix."""
    if isinstance(value, str):
        return "str"
    return type(value).__name__ + (" in a zone" if getattr(value, "tzinfo", None) else "")


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise missing(name, name) from None
