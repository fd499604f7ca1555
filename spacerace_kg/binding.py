"""Binding: a parameter's value, checked by its type and serialised as a term, never as text."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pyoxigraph as ox

from spacerace_kg.errors import UsageError
from spacerace_kg.names import ID, IS_REFERENCE, PREFIXES, SR, nearest, shorten, to_iri

TYPES = ("id", "integer", "date", "language", "qid", "word", "property", "class", "text")
MOST_CHARACTERS = 200  # of a parameter's value
_FEW = 12  # ids that a message names at most
_XSD, _OWL = PREFIXES["xsd"], PREFIXES["owl"]
# The properties of others that the facts use, by the names that they have there.
_OUTSIDE = {
    "label": "rdfs:label",
    "altLabel": "skos:altLabel",
    "description": "dcterms:description",
    "type": "rdf:type",
}
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

# Asks the graph whether an id is of a class; and for all ids of a class, or those called so.
Exists = Callable[[str, str], bool]
Known = Callable[..., Iterable[str]]


class Parameter(NamedTuple):
    """One parameter of a question: what it takes, and the line of the query that it fills."""

    name: str
    type: str  # one of TYPES
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
        return str.__str__(given)  # the text itself, whatever a subclass makes of it
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
    class_ = SR + parameter.of if parameter.of else ""
    if IS_REFERENCE(bare):
        node = ox.NamedNode(ID + bare)
        if exists(node.value, class_):
            return str(node)
        kind = f"{parameter.of} " if parameter.of else ""
        refused = UsageError(f"{refused} There is no {kind}{bare!r}.")
    elif not value.isprintable() or "\\" in value:
        raise refused
    raise UsageError(f"{refused}{_meant(bare, class_, known)}")


def _meant(text: str, class_: str, known: Known) -> str:
    """Return a hint at the ids that a text may mean: by spelling, name, QID, or a word of theirs.

    >>> _meant("gagarin", "", lambda class_, called="": [] if called else [ID + "yuri-gagarin"])
    " Did you mean 'yuri-gagarin'?"
    """
    ids = sorted(map(shorten, known(class_)))
    words = "-".join(re.findall(r"[a-z0-9]+", text.lower())) if text.isascii() else ""
    named = map(shorten, known(class_, str(ox.Literal(text.lower()))))
    holding = (one for one in ids if words and f"-{words}-" in f"-{one}-")
    likely = [words] if words in ids else sorted({*named, *holding})
    if not likely and (hint := nearest(text, ids)):
        return hint
    if 0 < len(likely) <= _FEW:
        return f" Did you mean {' or '.join(map(repr, likely))}?"
    if 0 < len(ids) <= _FEW:
        return f" One of: {', '.join(ids)}."
    return " To find an id: spacerace ask search text=…"


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
    if name in _OUTSIDE:
        return str(ox.NamedNode(to_iri(_OUTSIDE[name])))
    kinds = [_OWL + kind for kind in _KINDS[parameter.type]]
    if not any(exists(SR + name, kind) for kind in kinds):
        names = [iri.removeprefix(SR) for kind in kinds for iri in known(kind)]
        raise UsageError(
            f"{parameter.name}: the ontology has no {parameter.type} {name!r}."
            f"{nearest(name, names)}"
        )
    return str(ox.NamedNode(SR + name))
