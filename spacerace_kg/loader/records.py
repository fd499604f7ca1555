"""Records to statements: the ontology alone decides how a key is read.

It is a value, or texts by language, or a part: a node of its own whose id is made of its owner's.
The rules are in ``graph/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from spacerace_kg.errors import Problem
from spacerace_kg.loader import notes
from spacerace_kg.loader.facts import Mapping, Node, Record, Scalar, Sequence
from spacerace_kg.loader.notes import Cite, Note
from spacerace_kg.loader.statements import Part, Statement
from spacerace_kg.loader.values import canonical, parted
from spacerace_kg.names import EDITORS, IS_ID, nearest
from spacerace_kg.ontology import Ontology, Property

_IS_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z").match


class Statements(NamedTuple):
    """All that a set of records says, in the order typed."""

    statements: list[Statement]
    parts: dict[str, Part]
    problems: list[Problem]


def collect(records: Iterable[Record], ontology: Ontology) -> Statements:
    """Return every statement of the records, and a problem for everything that is none."""
    records = list(records)
    ids = (record.body.get("id") for record in records)
    edited = any(isinstance(node, Scalar) and node.text == EDITORS for node in ids)
    result = Statements([], {}, [])
    first: dict[str, str] = {}
    for record in records:
        reader = _Reader(record, ontology, result, edited)
        subject = reader.identity()
        if subject in first:
            told = f"is already the id of the record at {first[subject]}."
            remedy = "Join the two or choose another id."
            reader.problem(record.body.line, subject, f"{told} {remedy}")
        elif subject:
            first[subject] = f"{record.path}:{record.body.line}"
            reader.record(subject)
    return result


class _Reader:
    """Reads one record; every fault becomes a problem and the rest is read on."""

    def __init__(
        self, record: Record, ontology: Ontology, result: Statements, edited: bool
    ) -> None:
        self.path, self.body = record
        self.ontology = ontology
        self.result = result
        self.edited = edited  # is there a record of the graph itself?

    def problem(self, line: int, subject: str, message: str) -> None:
        self.result.problems.append(Problem(self.path, line, subject, *parted(message)))

    def identity(self) -> str:
        """Return the id, or nothing, with a problem, if there is none."""
        node = self.body.get("id")
        if not isinstance(node, Scalar):
            self.problem(self.body.line, "record", "has no id. Begin it with '- id: …'.")
            return ""
        if not IS_ID(node.text):
            told = f"{node.text[:80]!r} is no id. Write it in kebab-case: luna-2."
            self.problem(node.line, "record", told)
            return ""
        return node.text

    def record(self, subject: str) -> None:
        note = notes.read(self.body, subject, Note(()), self.problem)
        if not note.cites and self.body.get("source") is None:
            self.problem(self.body.line, subject, "cites no source. Add 'source: …' to the record.")
        self._fields(subject, self.body, note, ("id", "source"), frozenset())

    def _fields(
        self,
        subject: str,
        body: Mapping,
        note: Note,
        skip: tuple[str, ...],
        expected: frozenset[str],
    ) -> None:
        """State all fields of a record or part; ``expected`` are the classes a part may have."""
        class_ = self._class(subject, body, note, expected)
        for key, node in body.pairs:
            if key.text in skip or (key.text == "type" and not class_):
                continue
            where = f"{subject}.{key.text}"
            property_ = self.ontology.properties.get(key.text)
            if property_ is None or property_.inferred:
                told = "is inferred and never typed."
                if property_ is None:
                    usable = (p.name for p in self.ontology.properties.values() if not p.inferred)
                    told = f"no such property in the ontology.{nearest(key.text, usable)}"
                remedy = "Use a property of ontology/spacerace.ttl or remove the line."
                self.problem(key.line, where, f"{told} {remedy}")
                continue
            if class_ and not self.ontology.is_a(class_, property_.domain):
                told = f"belongs to {' or '.join(sorted(property_.domain))}, not to {class_}."
                remedy = "Move it to the right record or change the type."
                self.problem(key.line, where, f"{told} {remedy}")
            self._field(subject, property_, node, note)

    def _class(self, subject: str, body: Mapping, note: Note, expected: frozenset[str]) -> str:
        """Return the class of a record or part, or nothing, with a problem, if it has none.

        A part need not name its class where its property allows one only.
        """
        declared = body.get("type")
        name = declared.text if isinstance(declared, Scalar) else ""
        line = declared.line if declared else body.line
        if declared and not name:
            told = "is no single class. Write one name, as 'type: Launch'."
            self.problem(line, f"{subject}.type", told)
            return ""
        if not name and len(expected) == 1:
            name = next(iter(expected))
            kind = self.ontology.properties["type"]
            self._state(subject, kind, name, "", self._voiced(kind, note), line)
        if not name:
            allowed = f" one of: {', '.join(sorted(expected))}" if expected else " the class"
            self.problem(line, subject, f"has no type. Add 'type: …' with{allowed}.")
            return ""
        known = {c.name for c in self.ontology.classes.values() if not c.inferred}
        if name not in known:
            told = f"{name!r} is no class that a record can have.{nearest(name, known)}"
            self.problem(line, subject, f"{told} See ontology/README.md for the classes.")
            return ""
        if not self.ontology.is_a(name, expected):
            told = f"is a {name}, but a {' or '.join(sorted(expected))} belongs here."
            self.problem(body.line, subject, f"{told} Change the type or the property.")
        return name

    def _voiced(self, property_: Property, note: Note) -> Note:
        """Return the note, with the graph itself as source of what the editors word."""
        if property_.editorial and self.edited:
            return note._replace(cites=(Cite(EDITORS, ""),))
        return note

    def _field(self, subject: str, property_: Property, node: Node, note: Note) -> None:
        note = self._voiced(property_, note)
        where = f"{subject}.{property_.name}"
        items = node.items if isinstance(node, Sequence) else (node,)
        if not items:
            self.problem(node.line, where, "is an empty list. Give a value or remove the line.")
        for item in items:
            if isinstance(item, Sequence):
                self.problem(item.line, where, "is a list in a list. Write one list.")
            else:
                self._value(subject, property_, item, note)

    def _value(self, subject: str, property_: Property, node: Scalar | Mapping, note: Note) -> None:
        where = f"{subject}.{property_.name}"
        if isinstance(node, Scalar):
            language = "en" if property_.kind == "langString" else ""
            self._state(subject, property_, node.text, language, note, node.line)
            return
        inner = node.get("value")
        if inner is not None:
            own = notes.read(node, where, note, self.problem)
            for key, _ in node.pairs:
                if key.text not in ("value", *notes.NAMES):
                    remedy = f"A value takes: {', '.join(notes.NAMES)}."
                    self.problem(key.line, where, f"{key.text!r} says nothing here. {remedy}")
            self._field_inner(subject, property_, inner, own)
        elif property_.kind == "langString":
            self._texts(subject, property_, node, note)
        elif property_.kind == "entity":
            self._part(subject, property_, node, note)
        else:
            told = "is a mapping, but a plain value belongs here."
            self.problem(node.line, where, f"{told} Write the value, or {{value: …, source: …}}.")

    def _field_inner(self, subject: str, property_: Property, inner: Node, note: Note) -> None:
        """State what stands behind ``value:``: a text, or texts by language."""
        if isinstance(inner, Scalar):
            self._value(subject, property_, inner, note)
        elif isinstance(inner, Mapping) and property_.kind == "langString":
            self._texts(subject, property_, inner, note)
        else:
            told = "has more than one text behind 'value:'."
            remedy = "Write one entry of the list for each value."
            self.problem(inner.line, f"{subject}.{property_.name}", f"{told} {remedy}")

    def _texts(self, subject: str, property_: Property, node: Mapping, note: Note) -> None:
        where = f"{subject}.{property_.name}"
        for key, value in node.pairs:
            if not _IS_LANGUAGE(key.text):
                told = f"{key.text!r} is no language tag. Write for instance {{en: …, ru: …}}."
                self.problem(key.line, where, told)
                continue
            for item in value.items if isinstance(value, Sequence) else (value,):
                if isinstance(item, Scalar):
                    self._state(subject, property_, item.text, key.text, note, item.line)
                else:
                    self.problem(
                        item.line, where, "is no text. Write the text behind the language."
                    )

    def _part(self, owner: str, property_: Property, node: Mapping, note: Note) -> None:
        """State a part and its fields; its id is its owner's, the property, and its key if any."""
        where = f"{owner}.{property_.name}"
        keyed = node.get(property_.keyed_by or "key")
        if isinstance(keyed, Mapping):
            keyed = keyed.get("value")
        key = keyed.text if isinstance(keyed, Scalar) and not property_.functional else ""
        if not key and not property_.functional:
            needed = property_.keyed_by or "key"
            told = f"can have several parts. Add '{needed}: …', different for each of them."
            self.problem(node.line, where, told)
            return
        if key and not IS_ID(key):
            self.problem(node.line, where, f"{key!r} is no key. Write it in kebab-case.")
            return
        part = f"{owner}/{property_.name}" + (f"/{key}" if key else "")
        if part in self.result.parts:
            told = f"has a second part {part!r}. Join the two, or give one another key."
            self.problem(node.line, where, told)
            return
        self.result.parts[part] = Part(part, owner, property_.name, key)
        own = notes.read(node, part, note, self.problem)
        self._state(owner, property_, part, "", own, node.line)
        skip = ("source",) if property_.functional or property_.keyed_by else ("key", "source")
        self._fields(part, node, own, skip, property_.range)

    def _state(
        self, subject: str, property_: Property, text: str, language: str, note: Note, line: int
    ) -> None:
        try:
            value = canonical(text, property_, self.ontology)
        except ValueError as error:
            self.problem(line, f"{subject}.{property_.name}", f"{text[:80]!r} {error}")
            return
        for cite in note.cites:
            self.result.statements.append(
                Statement(
                    subject, property_.name, value, language, cite.source, cite.locator,
                    note.rank, note.reason, note.certainty, self.path, line,
                )
            )  # fmt: skip
