"""Values: what was typed, in the one form in which it is emitted, or why it is no such value."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from spacerace_kg.names import IS_REFERENCE, nearest

if TYPE_CHECKING:
    from spacerace_kg.ontology import Ontology, Property

_IS_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+\Z").match  # ASCII alone
_IS_INTEGER = re.compile(r"-?[0-9]{1,15}\Z").match
_IS_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?\Z").match
# Letters that show nothing; all else that cannot be seen Python knows.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
).search
_LATIN_AND_CYRILLIC = re.compile(
    r"[A-Za-z\u00c0-\u024f][^\W\d_]*[\u0400-\u052f]|[\u0400-\u052f][^\W\d_]*[A-Za-z\u00c0-\u024f]"
).search


def clean(text: str) -> str:
    """Return a text as it is; raises ValueError for one with invisible characters or edges."""
    if not text.isprintable() or _UNSEEN(text):
        raise ValueError("holds a control or invisible character. Type it again.")
    if text != unicodedata.normalize("NFC", text):
        raise ValueError("is not in Unicode's NFC form. Type it again.")
    if not text.strip() or text != text.strip():
        raise ValueError("is empty or begins or ends in a space. Write the text alone.")
    return text


def canonical(text: str, property_: Property, ontology: Ontology) -> str:
    """Return a value in the one form in which it is emitted.

    Raises ValueError with what is wrong and what to do, when the text does not fit the property.
    """
    text = clean(text)
    if not text.isascii() and _LATIN_AND_CYRILLIC(text):
        raise ValueError("mixes Latin and Cyrillic letters in one word. Type it in one alphabet.")
    if property_.kind == "entity":
        if not IS_REFERENCE(text):
            raise ValueError("is no id. Write the id of a record, in kebab-case.")
        return text
    if property_.kind in ("class", "property"):
        names = ontology.classes if property_.kind == "class" else ontology.properties
        if text not in names:
            raise ValueError(
                f"is no {property_.kind} of the ontology.{nearest(text, names)} Use one."
            )
        return text
    return _literal(text, property_)


def _literal(text: str, property_: Property) -> str:
    value = text
    if property_.words and text not in property_.words:
        raise ValueError(f"is not allowed here. Write one of: {', '.join(property_.words)}.")
    if property_.kind == "integer":
        if not _IS_INTEGER(text):
            raise ValueError("is no whole number. Write digits only.")
        value = str(int(text))
    elif property_.kind == "decimal":
        if not _IS_DECIMAL(text):
            raise ValueError("is no plain decimal number. Write it as 83.6.")
        value = plain_decimal(text)
    elif property_.kind == "boolean" and text not in ("true", "false"):
        raise ValueError("is neither true nor false. Write one of them.")
    elif property_.kind == "anyURI" and not _IS_URI(text):
        raise ValueError("is no address. Write it in ASCII, with its scheme.")
    if property_.pattern and not re.search(property_.pattern, text):
        raise ValueError(
            f"does not look like a {property_.label}. It must match {property_.pattern}"
        )
    return value


def plain_decimal(text: str) -> str:
    """Return a decimal number in canonical form.

    >>> plain_decimal("083.60"), plain_decimal("-0.0")
    ('83.6', '0')
    """
    plain = f"{Decimal(text):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def parted(message: str) -> tuple[str, str]:
    """Part a message into what is wrong and what to do, at its last full stop but one.

    >>> parted("'Mr. X' is no id. Write the id of a record.")
    ("'Mr. X' is no id.", 'Write the id of a record.')
    """
    what, stop, remedy = message.rpartition(". ")
    return (what + stop.strip(), remedy) if stop else (message, "Mend the value.")
