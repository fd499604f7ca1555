"""Canned questions: one ``.rq`` file each, with parameters that are bound by term, never by text.

The header is grlc's: lines that begin with ``#+`` and hold YAML. A parameter is a line
``VALUES ?nation { UNDEF }``; binding it puts one checked, serialised RDF term (for a date the two
ends of its interval) between the braces of that line and touches nothing else.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.names import ID, IS_ID, IS_REFERENCE, SR, nearest, shorten

MOST_CHARACTERS = 200  # of a parameter's value
_XSD = "http://www.w3.org/2001/XMLSchema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = {"class": ("Class",), "property": ("ObjectProperty", "DatatypeProperty")}
_IS_NAME = {
    "property": re.compile(r"[a-z][A-Za-z0-9]*\Z").match,
    "class": re.compile(r"[A-Z][A-Za-z0-9]*\Z").match,
}
_IS_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z").match
_QID = re.compile(
    r"(?:wd:|https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]{0,11})\Z"
).match
_IS_INTEGER = re.compile(r"[+-]?[0-9]{1,15}\Z").match

# Asks the graph whether an id is of a class; and for all ids of a class.
Exists = Callable[[str, str], bool]
Known = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a question: what it takes, and the line of the query that it fills."""

    name: str
    type: str  # id, integer, date, language, qid, word, property, class or text
    description: str
    example: str
    of: str = ""  # the class that an id must be of
    words: tuple[str, ...] = ()  # the words that a word may be

    def takes(self) -> str:
        """Say in words what the parameter takes."""
        kinds = {
            "id": f"the id of {_a(self.of or 'record')}",
            "integer": "a whole number",
            "date": "an EDTF date or interval in UTC",
            "language": "a language tag",
            "qid": "the id of a Wikidata item, Q and digits",
            "word": f"one of: {', '.join(self.words)}",
            "property": "the name of a property of the ontology",
            "class": "the name of a class of the ontology",
            "text": f"a text of at most {MOST_CHARACTERS} visible characters without backslash",
        }
        return kinds[self.type]


@dataclass(frozen=True)
class Query:
    """One canned question: its name, its file's text, and what the header says."""

    name: str
    text: str
    _header: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def header(self) -> dict[str, Any]:
        """The YAML of the ``#+`` lines."""
        import yaml  # not needed to ask a question without parameters

        lines = (line[2:] for line in self.text.splitlines() if line.startswith("#+"))
        try:
            return dict(yaml.safe_load("\n".join(lines)) or {})
        except (yaml.YAMLError, TypeError, ValueError) as error:
            raise DataError(f"queries/{self.name}.rq: the header is no YAML: {error}") from None

    @property
    def summary(self) -> str:
        """The question in one sentence."""
        return str(self.header.get("summary", ""))

    @property
    def description(self) -> str:
        """What the rows are, in a sentence or two."""
        return " ".join(str(self.header.get("description", "")).split())

    @property
    def tags(self) -> list[str]:
        """What the question is about, in words for searching."""
        return [str(tag) for tag in self.header.get("tags", [])]

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in the order of the header."""
        found = {}
        for entry in self.header.get("params") or []:
            words = tuple(str(word) for word in entry.get("words", ()))
            texts = {key: str(entry.get(key, "")) for key in ("description", "example", "of")}
            found[str(entry["name"])] = Parameter(
                name=str(entry["name"]), type=str(entry["type"]), words=words, **texts
            )
        return found

    def fill(self, values: Mapping[str, object], exists: Exists, known: Known) -> str:
        """Return the query with each value bound; raises UsageError for what does not fit.

        ``exists`` and ``known`` ask the graph about ids: whether one is of a class, and all of one.
        """
        text = self.text
        for name, value in values.items():
            parameter = self.parameters.get(name)
            if parameter is None:
                takes = ", ".join(self.parameters) or "none"
                short = name[:MOST_CHARACTERS]
                hint = nearest(short, self.parameters)
                raise UsageError(f"{self.name}: no parameter {short!r}; it takes: {takes}.{hint}")
            terms = bind(parameter, value, exists, known)
            line = _line(parameter)
            if not line.search(text):
                raise DataError(f"queries/{self.name}.rq: no VALUES line for {name!r}.")
            # A function, not a template: a backslash in a term must stay what it is.
            text = line.sub(functools.partial(_filled, terms), text)
        return text


def read(folder: Path, name: str) -> Query:
    """Return one canned question; raises UsageError, with the nearest name, if there is none."""
    short = name[:MOST_CHARACTERS]
    path = folder / f"{short}.rq"
    if not IS_ID(name) or len(name) > MOST_CHARACTERS or not path.is_file():
        hint = nearest(short, (p.stem for p in folder.glob("*.rq")))
        raise UsageError(f"no question {short!r}.{hint} See: spacerace queries")
    return Query(name, path.read_text("utf-8"))


def read_all(folder: Path) -> dict[str, Query]:
    """Return all canned questions in a folder by name, sorted."""
    return {
        path.stem: Query(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq"))
    }


def bind(parameter: Parameter, given: object, exists: Exists, known: Known) -> str:
    """Return the SPARQL terms for a value of a parameter, serialised by the RDF library.

    Raises UsageError, naming what is allowed, for a value that does not fit.
    """
    value = _as_text(given)
    shown = type(given).__name__ if value is None else repr(value[:60])
    refused = UsageError(f"{parameter.name}: {shown} does not fit; it takes {parameter.takes()}.")
    if not value or len(value) > MOST_CHARACTERS:
        raise refused
    match parameter.type:
        case "id":
            return _id(parameter, value, refused, exists, known)
        case "integer" if _IS_INTEGER(value):
            return str(ox.Literal(str(int(value)), datatype=ox.NamedNode(_XSD + "integer")))
        case "date":
            return _date(value, refused)
        case "language" if _IS_LANGUAGE(value):
            return str(ox.Literal(value.lower()))
        case "qid" if found := _QID(value):
            return str(ox.Literal(found[1]))
        case "word" if value in parameter.words:
            return str(ox.Literal(value))
        case "property" | "class" as kind if _IS_NAME[kind](_bare(value, "sr:", SR)):
            return _ontology_name(parameter, _bare(value, "sr:", SR), exists, known)
        # No backslash: some engines decode \\u escapes before they find where a text ends.
        case "text" if value.isprintable() and "\\" not in value:
            return str(ox.Literal(value))
    raise refused


def _as_text(given: object) -> str | None:
    """Return a text, whole number, day or instant (UTC if it has no zone) as text, else None."""
    if isinstance(given, str):
        return str(given)
    try:
        if isinstance(given, datetime):
            utc = given.astimezone(UTC) if given.tzinfo else given
            return f"{utc.replace(tzinfo=None, microsecond=0).isoformat()}Z"
        if isinstance(given, date):
            return given.isoformat()
        # Whatever Python takes for a whole number, NumPy's too; but True is none.
        index: Any = operator.index
        return None if isinstance(given, bool) else str(index(given))
    except (TypeError, ValueError, OverflowError):
        return None


def _bare(value: str, prefix: str, namespace: str) -> str:
    if value.startswith(namespace):
        return value[len(namespace) :]
    return value.removeprefix(prefix)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "AEIOU" else f"a {noun}"


def _id(parameter: Parameter, value: str, refused: UsageError, exists: Exists, known: Known) -> str:
    bare = _bare(value, "id:", ID)
    if not IS_REFERENCE(bare):
        raise refused
    node = ox.NamedNode(ID + bare)
    if not exists(node.value, SR + parameter.of if parameter.of else ""):
        ids = [shorten(iri) for iri in known(SR + parameter.of if parameter.of else "")]
        few = f" One of: {', '.join(sorted(ids))}." if 0 < len(ids) <= 12 else ""
        kind = f"{parameter.of} " if parameter.of else ""
        raise UsageError(f"{refused} There is no {kind}{bare!r}.{nearest(bare, ids) or few}")
    return str(node)


def _date(value: str, refused: UsageError) -> str:
    from spacerace_kg.dates import interval, stamp

    if not value.isascii():
        raise refused
    try:
        allowed = interval(value)
    except ValueError as error:
        raise UsageError(f"{refused} {value[:60]!r} {error}") from None
    except OverflowError:  # the day after 9999-12-31
        raise refused from None
    ends = [
        str(ox.Literal(stamp(moment), datatype=ox.NamedNode(_XSD + "dateTime")))
        if moment
        else "UNDEF"
        for moment in (allowed.earliest, allowed.latest)
    ]
    return f"({' '.join(ends)})"


def _ontology_name(parameter: Parameter, name: str, exists: Exists, known: Known) -> str:
    outside = {"label": "http://www.w3.org/2000/01/rdf-schema#label",
               "altLabel": "http://www.w3.org/2004/02/skos/core#altLabel",
               "description": "http://purl.org/dc/terms/description",
               "type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}  # fmt: skip
    if name in outside:
        return str(ox.NamedNode(outside[name]))
    kinds = [_OWL + kind for kind in _KINDS[parameter.type]]
    if not any(exists(SR + name, kind) for kind in kinds):
        names = [iri.removeprefix(SR) for kind in kinds for iri in known(kind)]
        raise UsageError(
            f"{parameter.name}: the ontology has no {parameter.type} {name!r}."
            f"{nearest(name, names)}"
        )
    return str(ox.NamedNode(SR + name))


def _filled(terms: str, match: re.Match[str]) -> str:
    return f"{match[1]}{{ {terms} }}"


def _line(parameter: Parameter) -> re.Pattern[str]:
    """Return the pattern of the parameter's VALUES line, up to and without its braces."""
    name = re.escape(parameter.name)
    variable = rf"\(\?{name}Earliest \?{name}Latest\)" if parameter.type == "date" else rf"\?{name}"
    return re.compile(rf"^([ \t]*VALUES {variable} )\{{[^{{}}\n]*\}}", re.MULTILINE)


def to_markdown(queries: Iterable[Query]) -> str:
    """Return the questions as a Markdown page: a section each, with parameters."""
    lines = ["# The canned questions", "", "Made by `spacerace queries --format markdown`.", ""]
    for query in queries:
        lines += [
            f"## [{query.name}]({query.name}.rq)",
            "",
            f"**{query.summary}** {query.description}",
            "",
        ]
        if query.parameters:
            lines += ["| parameter | takes | example |", "| --- | --- | --- |"]
            lines += (
                f"| `{p.name}` | {p.takes()}. {p.description} | `{p.name}={p.example}` |"
                for p in query.parameters.values()
            )
            lines.append("")
    return "\n".join(lines)
