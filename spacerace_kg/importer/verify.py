"""Verify that the graph is in a store, whole and unchanged, and answers as it should.

Compares counts, the literals that stores are known to change, and the rows of every canned
question with those that the embedded engine gives over the same data.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from spacerace_kg import queries
from spacerace_kg.answers import Answer, Term
from spacerace_kg.errors import OutsideError, SpaceRaceError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.load import STAGING, Say
from spacerace_kg.importer.meant import (
    INTEGER,
    INTEGERS,
    Meant,
    counts,
    differences,
    folded,
    probe_triples,
    probes,
    serialised,
)
from spacerace_kg.importer.stores import Store

_XSD = "http://www.w3.org/2001/XMLSchema#"
FEW = 3  # examples of a kind of literal that are asked back


@dataclass
class Check:
    """One thing compared: what, how many were meant and found, if that is well, or why not."""

    what: str
    meant: int
    found: int
    well: bool
    note: str = ""


@dataclass
class Verdict:
    """All that was compared in one store, with the quirks that were met on the way."""

    store: str
    url: str
    checks: list[Check] = field(default_factory=list)
    quirks: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether all is as it was meant."""
        return all(check.well for check in self.checks)

    def __str__(self) -> str:
        """Return the verdict in one sentence."""
        bad = [check.what for check in self.checks if not check.well]
        if not bad:
            return f"{self.store}: the graph is there, whole, and answers as it should."
        return f"{self.store}: {len(bad)} of {len(self.checks)} checks fail: {', '.join(bad[:8])}."

    def to_json(self) -> str:
        """Return the verdict for machines."""
        content = {
            "store": self.store,
            "url": self.url,
            "well": self.well,
            "quirks": self.quirks,
            "checks": [vars(check) for check in self.checks],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def verify(
    meant: Meant,
    store: Store,
    *,
    arrangement: str = "auto",
    probe: bool = False,
    questions: Sequence[str] | None = None,
    say: Say = lambda _: None,
) -> Verdict:
    """Compare a store with what was meant, changing nothing; return the verdict.

    ``probe`` also writes the probe set to a graph of its own, reads it back and drops it.
    ``questions`` are names of canned ones, by default all. Raises OutsideError if the store fails.
    """
    verdict = Verdict(str(store), store.base)
    graphs = _where(store, meant, arrangement)
    asking = store.asking(graphs)
    say("counting")
    _counts(verdict, meant, asking.select, say)
    say("reading literals back")
    _literals(verdict, meant, asking.select)
    if probe:
        say("writing the probe set and reading it back")
        _probe(verdict, store)
    found = queries.read_all(meant.root / "queries")
    names = list(found) if questions is None else list(questions)
    for name in names:
        say(f"asking {name}")
        text = queries.read(meant.root / "queries", name).text
        _question(verdict, name, text, meant.select(text), asking.select)
    verdict.quirks = sorted(set(verdict.quirks))
    return verdict


def _where(store: Store, meant: Meant, arrangement: str) -> list[str]:
    """Return the named graphs that hold the layers, or none if the default graph does."""
    named = [GRAPH + layer for layer in meant.layers]
    if arrangement == "named":
        return named
    if arrangement == "default":
        return []
    held = store.asking(named).ask("ASK { ?s ?p ?o }")
    return named if held or store.kind.named else []


def _counts(verdict: Verdict, meant: Meant, select: Callable[[str], Answer], say: Say) -> None:
    told, seen = meant.counts(), counts(select)
    differ = differences(told, seen)
    if differ and len(meant.layers) > 1:
        say("counting what is meant, each triple once")
        told = meant.counts(exact=True)
        differ = differences(told, seen)
    for name in told:
        wrong = [entry for entry in differ if entry[0] == name]
        note = "; ".join(f"{of or 'in all'}: {a:,} meant, {b:,} found" for _, of, a, b in wrong[:3])
        if name in ("triples", "blank nodes"):
            pair = (told[name].get("", 0), seen[name].get("", 0))
        else:
            pair = (len(told[name]), len(seen[name]))
        label = {"triples": "triples in all", "blank nodes": "blank nodes"}.get(
            name, f"triples by {name}"
        )
        verdict.checks.append(Check(label, *pair, not wrong, note))
    fewer = folded(told["datatype"]).get(INTEGER, 0) - folded(seen["datatype"]).get(INTEGER, 0)
    if fewer > 0 and not any(entry[0] == "datatype" for entry in differ):
        verdict.quirks.append(f"{fewer:,} large integers become xsd:decimal; equal in value")
    narrow = INTEGERS - {f"{_XSD}integer"}
    lost = [d for d in narrow if told["datatype"].get(d, 0) and not seen["datatype"].get(d, 0)]
    if lost and not any(entry[0] == "datatype" for entry in differ):
        names = ", ".join(d.removeprefix(_XSD) for d in sorted(lost))
        verdict.quirks.append(f"xsd:{names} becomes xsd:integer; equal in value")


def _kinds(literal: ox.Literal) -> list[str]:
    """Return the ways in which a literal may be hard for a store."""
    text = literal.value
    kinds = [f"language {literal.language}" if literal.language else literal.datatype.value]
    if any(ord(c) > 0xFFFF for c in text):
        kinds.append("beyond the basic plane")
    if any(unicodedata.combining(c) for c in text):
        kinds.append("combining marks")
    if any(ord(c) > 0x7F for c in text):
        kinds.append("not ASCII")
    if any(c in text for c in '"\\\n\r\t'):
        kinds.append("escapes")
    if any(c in text for c in "<>&"):
        kinds.append("markup")
    if len(text) > 250:
        kinds.append("long")
    return kinds


def _hard(meant: Meant) -> list[ox.Triple]:
    """Return triples whose literals cover each kind: a few of each, and the extremes."""
    few: dict[str, list[ox.Triple]] = {}
    ends: dict[tuple[str, str], tuple[object, ox.Triple]] = {}
    for layer in meant.layers:
        for triple in meant.triples(layer):
            literal = triple.object
            if not isinstance(literal, ox.Literal):
                continue
            for kind in _kinds(literal):
                chosen = few.setdefault(kind, [])
                if len(chosen) < FEW:
                    chosen.append(triple)
            size = _size(literal)
            for end, further in (("least", _less), ("most", _more)):
                key = (literal.datatype.value, end)
                if size is not None and (key not in ends or further(size, ends[key][0])):
                    ends[key] = (size, triple)
    hard = {str(t): t for triples in few.values() for t in triples}
    hard.update({str(triple): triple for _, triple in ends.values()})
    return [hard[key] for key in sorted(hard)]


def _less(one: object, other: object) -> bool:
    return bool(one < other)  # type: ignore[operator]


def _more(one: object, other: object) -> bool:
    return bool(one > other)  # type: ignore[operator]


def _size(literal: ox.Literal) -> Decimal | str | int:
    """Return what a literal is ordered by among those of its datatype."""
    kind = literal.datatype.value
    if kind in INTEGERS or kind == f"{_XSD}decimal":
        return Decimal(literal.value)
    return literal.value if kind == f"{_XSD}dateTime" else len(literal.value)


def _literals(verdict: Verdict, meant: Meant, select: Callable[[str], Answer]) -> None:
    hard = _hard(meant)
    good, notes = 0, []
    for start in range(0, len(hard), 20):
        some = hard[start : start + 20]
        pairs = " ".join(f"({t.subject} {t.predicate})" for t in some)
        found: dict[tuple[str, str], list[Term]] = {}
        text = f"SELECT ?s ?p ?o WHERE {{ VALUES (?s ?p) {{ {pairs} }} ?s ?p ?o }}"
        for s, p, o in select(text).terms:
            if s and p and o:
                found.setdefault((s.text, p.text), []).append(o)
        for triple in some:
            key = (triple.subject.value, triple.predicate.value)  # type: ignore[union-attr]
            sent = _term(triple.object)
            how = [compare(sent, got) for got in found.get(key, ())]
            if "" in how:
                good += 1
            elif equal := [said for said in how if said.endswith("equal in value")]:
                good += 1
                verdict.quirks.append(equal[0])
            else:
                notes.append(f"{triple.predicate} {str(triple.object)[:60]}")
    check = Check(
        "literals of every kind", len(hard), good, good == len(hard), "; ".join(notes[:3])
    )
    verdict.checks.append(check)


def _probe(verdict: Verdict, store: Store) -> None:
    """Write the probe set, read it back, drop it."""
    graph = f"{STAGING}probe/{ox.BlankNode().value}"
    triples = probe_triples()
    notes, good = [], 0
    try:
        for triple in triples:  # one by one: a store that refuses one must not hide the others
            try:
                store.add(graph, serialised([triple]))
            except OutsideError as error:
                notes.append(f"{triple.object!s:.40}: {error!s:.80}")
        answer = store.asking((graph,)).select("SELECT ?s ?o WHERE { ?s ?p ?o }")
        found = {s.text: o for s, o in answer.terms if s}
        for triple, probe in zip(triples, probes(), strict=True):
            got = found.get(triple.subject.value)  # type: ignore[union-attr]
            if got is None:
                notes.append(f"{probe.name}: not there")
                continue
            said = compare(_term(triple.object), got)
            if not said or said.endswith("equal in value"):
                good += 1
                if said:
                    verdict.quirks.append(said)
            else:
                notes.append(f"{probe.name}: {said}")
    finally:
        store.update(f"DROP SILENT GRAPH <{graph}>")
    # The record holds nothing of the kind, so what a store does to it is told, not held against it.
    verdict.checks.append(Check("probe set", len(triples), good, True, "; ".join(notes)))
    verdict.quirks += [f"probe: {note}" for note in notes]


def _question(
    verdict: Verdict, name: str, text: str, meant: Answer, select: Callable[[str], Answer]
) -> None:
    start = time.monotonic()
    try:
        found = select(text)
    except SpaceRaceError as error:
        verdict.checks.append(Check(name, len(meant), 0, False, str(error)[:300]))
        return
    took = time.monotonic() - start
    note = ""
    if found.columns != meant.columns:
        note = f"columns {', '.join(found.columns)}"
    elif len(found) != len(meant):
        note = f"{len(meant):,} rows meant, {len(found):,} found; {_first(meant, found)}"
    else:
        for number, (sent, got) in enumerate(zip(meant.terms, found.terms, strict=True), 1):
            for column, a, b in zip(meant.columns, sent, got, strict=True):
                said = compare(a, b)
                if said.endswith("equal in value"):
                    verdict.quirks.append(said)
                elif said and not note:
                    order = sorted(map(_key, meant.terms)) == sorted(map(_key, found.terms))
                    said = "the same rows in another order" if order else said
                    note = f"row {number}, {column}: {said}"
        if not note and took > 5:
            note = f"took {took:.0f} s"
            verdict.checks.append(Check(name, len(meant), len(found), True, note))
            return
    verdict.checks.append(Check(name, len(meant), len(found), not note, note))


def _key(row: Sequence[Term | None]) -> tuple[str, ...]:
    return tuple("(unbound)" if term is None else str(_value(term)) for term in row)


def _first(meant: Answer, found: Answer) -> str:
    """Return the first row that only one of two answers has."""
    one, other = set(map(_key, meant.terms)), set(map(_key, found.terms))
    for what, rows in (("missing", one - other), ("too many", other - one)):
        if rows:
            return f"{what}: {' | '.join(min(rows))[:160]}"
    return "some rows come twice"


def _term(term: object) -> Term:
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.datatype.value, term.language or "")
    return Term("iri", term.value)  # type: ignore[attr-defined]


def compare(meant: Term | None, found: Term | None) -> str:
    """Return "" for the same term, a quirk that ends in "equal in value", or the difference.

    >>> compare(Term("literal", "1.5", _XSD + "decimal"), Term("literal", "1.50", _XSD + "decimal"))
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
    one, other = _value(meant), _value(found)
    if one == other and type(one) is type(other):
        kind, changed = _kind(meant), _kind(found)
        if kind == changed:
            return f"{kind} is written in another way; equal in value"
        return f"{kind} comes back as {changed}; equal in value"
    return f"meant {_short(meant)}, found {_short(found)}"


def _kind(term: Term) -> str:
    return term.datatype.removeprefix(_XSD)


def _value(term: Term) -> object:
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
