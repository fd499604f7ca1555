"""Items of Wikidata as this package keeps them: statements with all that qualifies them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

GREGORIAN, JULIAN = "Q1985727", "Q1985786"
KINDS = (
    "item", "time", "string", "quantity", "coordinate", "monolingual", "novalue", "somevalue",
)  # fmt: skip
RANKS = ("preferred", "normal", "deprecated")
LANGUAGES = ("en", "ru", "mul")  # "mul" is Wikidata's label for every language
is_qid = re.compile(r"Q[1-9][0-9]{0,11}\Z", re.ASCII).match
is_pid = re.compile(r"P[1-9][0-9]{0,8}\Z", re.ASCII).match


class Value(NamedTuple):
    """One value: a QID, a time in Wikidata's form, a plain text, an amount, "latitude,longitude".

    ``text`` is empty for novalue and somevalue. A time is written in its own calendar, and what is
    finer than its precision is 00. ``unit`` is a quantity's unit or a coordinate's globe, empty for
    a bare number.
    """

    kind: str
    text: str = ""
    precision: int | None = None
    calendar: str = ""
    unit: str = ""
    language: str = ""


class Statement(NamedTuple):
    """One statement of an item, with its rank, its qualifiers and its references."""

    id: str
    property: str
    value: Value
    rank: str = "normal"
    qualifiers: Mapping[str, list[Value]] = {}
    references: list[dict[str, list[Value]]] = []  # noqa: RUF012


class Item(NamedTuple):
    """One item as it was at a revision; ``redirect`` is the item that it has been merged into."""

    qid: str
    revision: int = 0
    modified: str = ""
    labels: Mapping[str, str] = {}
    aliases: Mapping[str, list[str]] = {}
    statements: Mapping[str, list[Statement]] = {}
    redirect: str = ""
    missing: bool = False

    def best(self, property: str) -> list[Statement]:
        """Return the statements of the best rank that a property has, as Wikidata's truthy ones."""
        found = self.statements.get(property, [])
        preferred = [s for s in found if s.rank == "preferred"]
        return preferred or [s for s in found if s.rank == "normal"]

    def qids(self, property: str) -> list[str]:
        """Return the items that are the best values of a property."""
        return [s.value.text for s in self.best(property) if s.value.kind == "item"]


class Snapshot:
    """Items of Wikidata by QID, where they come from, and the day on which they were fetched.

    ``properties`` are those that were fetched of the linked items (none named: all), so that a
    reader can tell "Wikidata has no such statement" from "nobody asked".
    """

    def __init__(
        self,
        items: Mapping[str, Item],
        date: str,
        endpoint: str,
        properties: Iterable[str] = (),
    ) -> None:
        self.items = dict(items)
        self.date = date
        self.endpoint = endpoint
        self.properties = tuple(properties)

    def get(self, qid: str) -> Item | None:
        """Return an item, following its redirect; None if it was not fetched."""
        item = self.items.get(qid)
        return self.items.get(item.redirect, item) if item else None

    def lacks(self, properties: Iterable[str]) -> list[str]:
        """Return those properties that nobody fetched."""
        return [p for p in properties if self.properties and p not in self.properties]

    def label(self, qid: str, language: str = "en") -> str:
        """Return an item's label in a language, else that for all languages, else its QID."""
        item = self.get(qid)
        return item.labels.get(language) or item.labels.get("mul", qid) if item else qid

    def classes(self, qid: str) -> set[str]:
        """Return the classes of an item: its P31, and what they are subclasses (P279) of."""
        item = self.get(qid)
        return self.above(item.qids("P31")) if item else set()

    def above(self, classes: Iterable[str]) -> set[str]:
        """Return these classes and those above them by P279, as far as the snapshot knows."""
        found: set[str] = set()
        left = list(classes)
        while left:
            class_ = left.pop()
            if class_ not in found:
                found.add(class_)
                item = self.get(class_)
                left += item.qids("P279") if item else []
        return found


def number(id_: str) -> int:
    """Return the number of an item or a property, by which they are ordered."""
    return int(id_[1:])


def ordered(item: Item) -> Item:
    """Return an item with everything in one order, whichever way it was fetched."""
    statements = {
        property: sorted(
            (
                s._replace(
                    qualifiers=_ordered(s.qualifiers),
                    references=sorted(map(_ordered, s.references), key=repr),
                )
                for s in item.statements[property]
            ),
            key=lambda s: s.id,
        )
        for property in sorted(item.statements, key=number)
    }
    aliases = {language: sorted(set(names)) for language, names in sorted(item.aliases.items())}
    labels = dict(sorted(item.labels.items()))
    return item._replace(labels=labels, aliases=aliases, statements=statements)


def _ordered(snaks: Mapping[str, list[Value]]) -> dict[str, list[Value]]:
    return {p: sorted(set(snaks[p]), key=repr) for p in sorted(snaks, key=number)}
