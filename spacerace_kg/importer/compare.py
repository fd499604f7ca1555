"""Compare a term that was sent with the one that comes back: the same, equal in value, or other."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from spacerace_kg.answers import Term
from spacerace_kg.importer.counting import INTEGERS, XSD

EQUAL = "equal in value"  # how every note ends that says no more than that


def to_term(term: object) -> Term:
    """Return a term of the embedded engine as answers have it."""
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.datatype.value, term.language or "")
    return Term("iri", term.value)  # type: ignore[attr-defined]


def compare(meant: Term | None, found: Term | None) -> str:
    """Return "" for the same term, a quirk that ends in "equal in value", or the difference.

    >>> compare(Term("literal", "1.5", XSD + "decimal"), Term("literal", "1.50", XSD + "decimal"))
    'decimal is written in another way; equal in value'
    """
    if meant == found:
        return ""
    if meant is None or found is None:
        return f"meant {_short(meant)}, found {_short(found)}"
    if (meant.kind, found.kind) != ("literal", "literal"):
        return f"meant {_short(meant)}, found {_short(found)}"
    if meant.language or found.language:
        if meant.text == found.text and meant.language.lower() == found.language.lower():
            return "language tags change case; equal in value"
        return f"meant {_short(meant)}, found {_short(found)}"
    one, other = value(meant), value(found)
    if one == other and type(one) is type(other):
        kind, changed = _kind(meant), _kind(found)
        if kind == changed:
            return f"{kind} is written in another way; equal in value"
        return f"{kind} comes back as {changed}; equal in value"
    return f"meant {_short(meant)}, found {_short(found)}"


def _kind(term: Term) -> str:
    return term.datatype.removeprefix(XSD)


def value(term: Term) -> object:
    """Return what a term means: a number, an instant, a truth, or the term itself."""
    kind = _kind(term)
    try:
        if term.datatype in INTEGERS or kind in ("decimal", "double", "float"):
            return Decimal(term.text)
        if kind == "dateTime":
            text = re.sub(r"\.0+(?=Z|[+-]|$)", "", term.text)
            return datetime.fromisoformat(text).isoformat().replace("+00:00", "Z")
    except (ValueError, InvalidOperation):
        return term
    if kind == "boolean":
        return term.text in ("true", "1")
    if term.kind == "literal" and not term.language and kind in ("", "string"):
        return term.text
    return term


def _short(term: Term | None) -> str:
    if term is None:
        return "nothing"
    mark = f"@{term.language}" if term.language else f"^^{_kind(term)}" if term.datatype else ""
    return f"{term.text[:60]!r}{mark}"
