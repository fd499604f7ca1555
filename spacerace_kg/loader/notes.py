"""Notes: what stands beside a value: sources with their places, rank, reason, certainty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from spacerace_kg.loader.facts import Mapping, Node, Scalar, Sequence
from spacerace_kg.loader.values import clean
from spacerace_kg.names import RANKS

NAMES = ("source", "rank", "reason", "certainty")
CERTAINTIES = ("doubtful", "interpretive")

Report = Callable[[int, str, str], None]  # takes line, subject, what is wrong and what to do


class Cite(NamedTuple):
    """A source by its id, and the place in it, if one is named."""

    source: str
    locator: str


class Note(NamedTuple):
    """All that stands beside a value."""

    cites: tuple[Cite, ...]
    rank: str = "normal"
    reason: str = ""
    certainty: str = ""


def read(body: Mapping, where: str, above: Note, report: Report) -> Note:
    """Return the note in a mapping; without a source of its own it cites those of the one above."""
    source = body.get("source")
    cites = tuple(_cites(source, where, report)) if source is not None else above.cites
    if isinstance(source, Sequence | Mapping) and not (
        source.items if isinstance(source, Sequence) else source.pairs
    ):
        report(source.line, where, "has an empty source. Name a source or remove the line.")
    is_value = body.get("value") is not None
    found = {"rank": "normal", "reason": "", "certainty": ""}
    for name in found if is_value else ():
        node = body.get(name)
        if isinstance(node, Scalar):
            found[name] = _text(node, where, name, report)
        elif node is not None:
            report(node.line, where, f"the {name} is no text. Write one text.")
    for name, allowed in (("rank", RANKS), ("certainty", ("", *CERTAINTIES))):
        if found[name] not in allowed:
            remedy = f"Write one of: {', '.join(filter(None, allowed))}."
            report(body.line, where, f"{found[name]!r} is no {name}. {remedy}")
            found[name] = allowed[0] if name == "certainty" else "normal"
    if found["rank"] != "normal" and not found["reason"]:
        told = f"is {found['rank']} without a reason. Add 'reason: …' in your own words."
        report(body.line, where, told)
    return Note(cites, **found)


def _cites(node: Node, where: str, report: Report) -> Iterator[Cite]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar):
            yield Cite(item.text, "")
        elif isinstance(item, Mapping):
            for key, locator in item.pairs:
                if isinstance(locator, Scalar):
                    yield Cite(key.text, _text(locator, where, "locator", report))
                else:
                    told = "the locator is no text. Write {source-id: locator}."
                    report(key.line, where, told)
        else:
            report(item.line, where, "is no source. Write an id or {id: locator}.")


def _text(node: Scalar, where: str, name: str, report: Report) -> str:
    """Return the text of a note, which keeps the rules of every text."""
    try:
        return clean(node.text)
    except ValueError as error:
        report(node.line, where, f"the {name} {node.text[:80]!r} {error}")
        return node.text
