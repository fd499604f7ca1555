"""RDF terms as an answer holds them, as Python values, and as people read them."""

from __future__ import annotations

import functools
from collections import namedtuple

from spacerace_kg.names import PREFIXES, shorten
from spacerace_kg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal
    from typing import TypeAlias

XSD = PREFIXES["xsd"]


class Term(namedtuple("Term", ("kind", "text", "datatype", "language"), defaults=("", ""))):
    """One RDF term: ``kind`` is "iri", "literal" or "bnode"; literals have the other two."""

    __slots__ = ()
    kind: str
    text: str
    datatype: str
    language: str


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
    read = _readers().get(term.datatype.removeprefix(XSD))
    try:
        return read(term.text) if read else term.text
    except (ValueError, KeyError, ArithmeticError):  # 1961-02-30T…, a year BC, "many"^^xsd:integer
        return term.text


@functools.cache
def _readers() -> dict[str, Callable[[str], Value]]:
    """Return what reads each datatype; imported late, since texts for people need none of it."""
    from datetime import datetime
    from decimal import Decimal

    def numeral(text: str) -> str:
        if text.strip(" +-.0123456789"):  # Python also takes 1_000 and NaN, which XSD does not
            raise ValueError(text)
        return text

    return {
        "integer": lambda text: int(numeral(text)),
        "decimal": lambda text: Decimal(numeral(text)),
        "double": float,
        "float": float,
        "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
        "dateTime": datetime.fromisoformat,
    }


def to_text(term: Term | None) -> str:
    """Return a term as people read it: a bare id, midnight as the day, one line, no controls.

    >>> to_text(Term("literal", "1957-10-04T19:28:34Z", "http://www.w3.org/2001/XMLSchema#dateTime"))
    '1957-10-04 19:28:34'
    """
    if term is None:
        return ""
    if term.kind == "iri":
        return visible(shorten(term.text))
    text = " ".join(term.text.split())
    if term.datatype == XSD + "dateTime":
        day, _, time = text.partition("T")
        text = day if time == "00:00:00Z" else f"{day} {time.removesuffix('Z')}".rstrip()
    return visible(text)
