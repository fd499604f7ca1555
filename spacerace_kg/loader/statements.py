"""Statements: what the records say, one subject, property, value and source at a time.

The ontology alone decides how a key is read: as a value, as texts by language, or as a part, a node
of its own whose id is made of its owner's. The rules are in ``graph/README.md``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from spacerace_kg.errors import Problem
from spacerace_kg.loader.facts import Mapping, Node, Record, Scalar, Sequence
from spacerace_kg.names import IS_ID, IS_REFERENCE, nearest
from spacerace_kg.ontology import Ontology, Property

RANKS = ("preferred", "normal", "deprecated")
CERTAINTIES = ("doubtful", "interpretive")
EDITORS = "spacerace-kg"  # the graph itself, as the source of its own wording
_NOTES = ("source", "rank", "reason", "certainty")
_IS_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z").match
_IS_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+\Z").match  # ASCII alone
_IS_INTEGER = re.compile(r"-?[0-9]{1,15}\Z").match
_IS_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?\Z").match
# Control characters, soft hyphens, marks without width, marks that turn the direction of reading.
_FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
).search


class Statement(NamedTuple):
    """One source's word on one value: what a claim is made of."""

    subject: str  # an id, or a part's id
    property: str  # the property's name
    value: str  # an id, a name of the ontology, or text in canonical form
    language: str  # of text in a language, else empty
    source: str
    locator: str
    rank: str
    reason: str
    certainty: str
    path: str
    line: int


class Part(NamedTuple):
    """A node made of its owner's: its id, the owner's, the property between, the key if any."""

    id: str
    owner: str
    property: str
    key: str


class Statements(NamedTuple):
    """All that a set of records says, in the order typed."""

    statements: list[Statement]
    parts: dict[str, Part]
    problems: list[Problem]


class _Cite(NamedTuple):
    source: str
    locator: str


class _Note(NamedTuple):
    cites: tuple[_Cite, ...]
    rank: str = "normal"
    reason: str = ""
    certainty: str = ""


def collect(records: Iterable[Record], ontology: Ontology) -> Statements:
    """Return every statement of the records, and a problem for everything that is none."""
    records = list(records)
    edited = any(_text_at(record.body, "id") == EDITORS for record in records)
    result = Statements([], {}, [])
    first: dict[str, tuple[str, int]] = {}
    for record in records:
        reader = _Reader(record, ontology, result, edited)
        subject = reader.identity()
        if not subject:
            continue
        if subject in first:
            path, line = first[subject]
            what = f"is already the id of the record at {path}:{line}."
            reader.problem(record.body.line, subject, what, "Join the two or choose another id.")
            continue
        first[subject] = (record.path, record.body.line)
        reader.record(subject)
    return result


def _text_at(body: Mapping, key: str) -> str:
    node = body.get(key)
    return node.text if isinstance(node, Scalar) else ""


class _Reader:
    """Reads one record; every fault becomes a problem and the rest is read on."""

    def __init__(
        self, record: Record, ontology: Ontology, result: Statements, edited: bool
    ) -> None:
        self.path, self.body = record
        self.ontology = ontology
        self.result = result
        self.edited = edited  # is there a record of the graph itself?

    def problem(self, line: int, subject: str, what: str, remedy: str) -> None:
        self.result.problems.append(Problem(self.path, line, subject, what, remedy))

    def identity(self) -> str:
        node = self.body.get("id")
        if not isinstance(node, Scalar):
            self.problem(self.body.line, "record", "has no id.", "Begin it with '- id: …'.")
            return ""
        if not IS_ID(node.text):
            what = f"{node.text[:80]!r} is no id."
            self.problem(node.line, "record", what, "Write it in kebab-case: luna-2.")
            return ""
        return node.text

    def record(self, subject: str) -> None:
        note = self._note(self.body, subject, _Note(()))
        if not note.cites and self.body.get("source") is None:
            what = "cites no source."
            self.problem(self.body.line, subject, what, "Add 'source: …' to the record.")
        self._fields(subject, self.body, note, ("id", "source"), frozenset())

    def _fields(
        self,
        subject: str,
        body: Mapping,
        note: _Note,
        skip: tuple[str, ...],
        expected: frozenset[str],
    ) -> None:
        """State all fields of a record or part; ``expected`` are the classes a part may have."""
        declared = body.get("type")
        name = declared.text if isinstance(declared, Scalar) else ""
        if declared and not name:
            what, remedy = "is no single class.", "Write one name, as 'type: Launch'."
            self.problem(declared.line, f"{subject}.type", what, remedy)
            skip = (*skip, "type")
        elif not name and len(expected) == 1:
            name = next(iter(expected))
            kind = self.ontology.properties["type"]
            self._state(subject, kind, name, "", self._voiced(kind, note), body.line)
        known = {c.name for c in self.ontology.classes.values() if not c.inferred}
        if not name and not declared:
            allowed = f" one of: {', '.join(sorted(expected))}" if expected else " the class"
            self.problem(body.line, subject, "has no type.", f"Add 'type: …' with{allowed}.")
        elif name and name not in known:
            what = f"{name!r} is no class that a record can have.{nearest(name, known)}"
            line = declared.line if declared else body.line
            self.problem(line, subject, what, "See ontology/README.md for the classes.")
            name, skip = "", (*skip, "type")
        elif name and expected and not self.ontology.is_a(name, expected):
            what = f"is a {name}, but a {' or '.join(sorted(expected))} belongs here."
            self.problem(body.line, subject, what, "Change the type or the property.")
        for key, node in body.pairs:
            if key.text in skip:
                continue
            property_ = self.ontology.properties.get(key.text)
            if property_ is None or property_.inferred:
                usable = [p.name for p in self.ontology.properties.values() if not p.inferred]
                what = (
                    f"no such property in the ontology.{nearest(key.text, usable)}"
                    if property_ is None
                    else "is inferred and never typed."
                )
                remedy = "Use a property of ontology/spacerace.ttl or remove the line."
                self.problem(key.line, f"{subject}.{key.text}", what, remedy)
                continue
            if name and not self.ontology.is_a(name, property_.domain):
                what = f"belongs to {' or '.join(sorted(property_.domain))}, not to {name}."
                remedy = "Move it to the right record or change the type."
                self.problem(key.line, f"{subject}.{key.text}", what, remedy)
            self._field(subject, property_, node, note)

    def _voiced(self, property_: Property, note: _Note) -> _Note:
        """Return the note, with the graph itself as source of what the editors word."""
        if property_.editorial and self.edited:
            return note._replace(cites=(_Cite(EDITORS, ""),))
        return note

    def _field(self, subject: str, property_: Property, node: Node, note: _Note) -> None:
        note = self._voiced(property_, note)
        if isinstance(node, Sequence):
            if not node.items:
                what, remedy = "is an empty list.", "Give a value or remove the line."
                self.problem(node.line, f"{subject}.{property_.name}", what, remedy)
            for item in node.items:
                if isinstance(item, Sequence):
                    what, remedy = "is a list in a list.", "Write one list."
                    self.problem(item.line, f"{subject}.{property_.name}", what, remedy)
                else:
                    self._value(subject, property_, item, note)
        else:
            self._value(subject, property_, node, note)

    def _value(
        self, subject: str, property_: Property, node: Scalar | Mapping, note: _Note
    ) -> None:
        where = f"{subject}.{property_.name}"
        if isinstance(node, Scalar):
            language = "en" if property_.kind == "langString" else ""
            self._state(subject, property_, node.text, language, note, node.line)
            return
        inner = node.get("value")
        if inner is not None:
            own = self._note(node, where, note)
            for key, _ in node.pairs:
                if key.text not in ("value", *_NOTES):
                    remedy = f"A value takes: {', '.join(_NOTES)}."
                    self.problem(key.line, where, f"{key.text!r} says nothing here.", remedy)
            self._field_inner(subject, property_, inner, own)
        elif property_.kind == "langString":
            self._texts(subject, property_, node, note)
        elif property_.kind == "entity":
            self._part(subject, property_, node, note)
        else:
            what = "is a mapping, but a plain value belongs here."
            self.problem(node.line, where, what, "Write the value, or {value: …, source: …}.")

    def _field_inner(self, subject: str, property_: Property, inner: Node, note: _Note) -> None:
        """State what stands behind ``value:``: a text, or texts by language."""
        if isinstance(inner, Scalar):
            self._value(subject, property_, inner, note)
        elif isinstance(inner, Mapping) and property_.kind == "langString":
            self._texts(subject, property_, inner, note)
        else:
            what = "has more than one text behind 'value:'."
            remedy = "Write one entry of the list for each value."
            self.problem(inner.line, f"{subject}.{property_.name}", what, remedy)

    def _texts(self, subject: str, property_: Property, node: Mapping, note: _Note) -> None:
        for key, value in node.pairs:
            where = f"{subject}.{property_.name}"
            if not _IS_LANGUAGE(key.text):
                what = f"{key.text!r} is no language tag."
                self.problem(key.line, where, what, "Write for instance {en: …, ru: …}.")
                continue
            for item in value.items if isinstance(value, Sequence) else (value,):
                if isinstance(item, Scalar):
                    self._state(subject, property_, item.text, key.text, note, item.line)
                else:
                    remedy = "Write the text behind the language."
                    self.problem(item.line, where, "is no text.", remedy)

    def _part(self, owner: str, property_: Property, node: Mapping, note: _Note) -> None:
        where = f"{owner}.{property_.name}"
        key_node = node.get("key")
        keyed = node.get(property_.keyed_by) if property_.keyed_by else key_node
        key = ""
        if isinstance(keyed, Mapping):
            keyed = keyed.get("value")
        if isinstance(keyed, Scalar):
            key = keyed.text
        named = ("key",) if key_node and not (property_.functional or property_.keyed_by) else ()
        if property_.functional:
            key = ""
        elif not key:
            needed = property_.keyed_by or "key"
            remedy = f"Add '{needed}: …', different for each of them."
            self.problem(node.line, where, "can have several parts.", remedy)
            return
        if key and not IS_ID(key):
            self.problem(node.line, where, f"{key!r} is no key.", "Write it in kebab-case.")
            return
        part = f"{owner}/{property_.name}" + (f"/{key}" if key else "")
        if part in self.result.parts:
            what = f"has a second part {part!r}."
            self.problem(node.line, where, what, "Join the two, or give one another key.")
            return
        self.result.parts[part] = Part(part, owner, property_.name, key)
        own = self._note(node, part, note)
        self._state(owner, property_, part, "", own, node.line)
        self._fields(part, node, own, (*named, "source"), property_.range)

    def _note(self, body: Mapping, where: str, above: _Note) -> _Note:
        """Return the sources, rank, reason and certainty that stand in a mapping."""
        source = body.get("source")
        cites = tuple(self._cites(source, where)) if source is not None else above.cites
        if isinstance(source, Sequence | Mapping) and not (
            source.items if isinstance(source, Sequence) else source.pairs
        ):
            what, remedy = "has an empty source.", "Name a source or remove the line."
            self.problem(source.line, where, what, remedy)
        is_value = body.get("value") is not None
        found = {"rank": "normal", "reason": "", "certainty": ""}
        for name in found if is_value else ():
            node = body.get(name)
            if isinstance(node, Scalar):
                found[name] = self._noted(node, where, name)
            elif node is not None:
                self.problem(node.line, where, f"the {name} is no text.", "Write one text.")
        for name, allowed in (("rank", RANKS), ("certainty", ("", *CERTAINTIES))):
            if found[name] not in allowed:
                what = f"{found[name]!r} is no {name}."
                self.problem(
                    body.line, where, what, f"Write one of: {', '.join(filter(None, allowed))}."
                )
                found[name] = allowed[0] if name == "certainty" else "normal"
        if found["rank"] != "normal" and not found["reason"]:
            what = f"is {found['rank']} without a reason."
            self.problem(body.line, where, what, "Add 'reason: …' in your own words.")
        return _Note(cites, found["rank"], found["reason"], found["certainty"])

    def _noted(self, node: Scalar, where: str, name: str) -> str:
        """Return the text of a note, which keeps the rules of every text."""
        try:
            return clean(node.text)
        except ValueError as error:
            what, remedy = _split(f"the {name} {node.text[:80]!r} {error}")
            self.problem(node.line, where, what, remedy)
            return node.text

    def _cites(self, node: Node, where: str) -> Iterator[_Cite]:
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Scalar):
                yield _Cite(item.text, "")
            elif isinstance(item, Mapping):
                for key, locator in item.pairs:
                    if isinstance(locator, Scalar):
                        yield _Cite(key.text, self._noted(locator, where, "locator"))
                    else:
                        what, remedy = "the locator is no text.", "Write {source-id: locator}."
                        self.problem(key.line, where, what, remedy)
            else:
                self.problem(item.line, where, "is no source.", "Write an id or {id: locator}.")

    def _state(
        self, subject: str, property_: Property, text: str, language: str, note: _Note, line: int
    ) -> None:
        where = f"{subject}.{property_.name}"
        try:
            value = canonical(text, property_, self.ontology)
        except ValueError as error:
            self.problem(line, where, *_split(f"{text[:80]!r} {error}"))
            return
        for cite in note.cites:
            self.result.statements.append(
                Statement(
                    subject, property_.name, value, language, cite.source, cite.locator,
                    note.rank, note.reason, note.certainty, self.path, line,
                )
            )  # fmt: skip


def clean(text: str) -> str:
    """Return a text as it is; raises ValueError for one with invisible characters or edges."""
    if _FORBIDDEN(text):
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
        value = f"{Decimal(text):f}"
        value = value.rstrip("0").rstrip(".") if "." in value else value
        value = "0" if value == "-0" else value
    elif property_.kind == "boolean" and text not in ("true", "false"):
        raise ValueError("is neither true nor false. Write one of them.")
    elif property_.kind == "anyURI" and not _IS_URI(text):
        raise ValueError("is no address. Write it in ASCII, with its scheme.")
    if property_.pattern and not re.search(property_.pattern, text):
        raise ValueError(
            f"does not look like a {property_.label}. It must match {property_.pattern}"
        )
    return value


def _split(message: str) -> tuple[str, str]:
    """Split a message into what is wrong and what to do: at the end of its first sentence."""
    what, stop, remedy = message.rpartition(". ")
    return (what + stop.strip(), remedy) if stop else (message, "Mend the value.")
