"""Verify that the graph is in a store, whole and unchanged, and answers as it should.

Compares counts, every triple, the literals that stores are known to change, and the rows of every
canned question with those that the embedded engine gives over the same data.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacerace_kg import queries
from spacerace_kg.answers import Answer, Term
from spacerace_kg.errors import OutsideError, SpaceRaceError
from spacerace_kg.export import GRAPH
from spacerace_kg.importer.compare import EQUAL, compare, to_term, value
from spacerace_kg.importer.counting import INTEGER, INTEGERS, XSD, counts, differences, folded
from spacerace_kg.importer.fingerprint import Select, triple_by_triple
from spacerace_kg.importer.meant import Meant, serialised
from spacerace_kg.importer.probe import probe_triples, probes
from spacerace_kg.importer.staging import STAGING, Say
from spacerace_kg.importer.stores import Store

SLOW = 20  # seconds; an answer that took longer is noted


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

    def content(self) -> dict[str, object]:
        """Return the verdict for machines, as JSON has it."""
        checks = [vars(check) for check in self.checks]
        return {**vars(self), "well": self.well, "checks": checks}


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
    verdict = inspect(meant, store, _where(store, meant, arrangement), questions, say)
    if probe:
        add_probe(verdict, store, say)
    return verdict


def inspect(
    meant: Meant,
    store: Store,
    graphs: Sequence[str],
    questions: Sequence[str] | None = None,
    say: Say = lambda _: None,
) -> Verdict:
    """Compare graphs of a store, or its default graph, with what was meant."""
    verdict = Verdict(str(store), store.base)
    select = store.asking(graphs).select
    say("counting")
    _counts(verdict, meant, select, say)
    say("comparing triple by triple")
    found = triple_by_triple(meant.each, select, store.kind.text)
    note = "; ".join(found.differ[:3])
    verdict.checks.append(Check("triple by triple", *found[:2], not found.differ, note))
    verdict.quirks += found.quirks
    names = queries.names(meant.root / "queries") if questions is None else questions
    for name in names:
        say(f"asking {name}")
        text = queries.read(meant.root / "queries", name).text
        _question(verdict, name, text, meant.select(text), select)
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


def _counts(verdict: Verdict, meant: Meant, select: Select, say: Say) -> None:
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
        verdict.quirks.append("large integers become xsd:decimal; equal in value")
    narrow = INTEGERS - {f"{XSD}integer"}
    lost = [d for d in narrow if told["datatype"].get(d, 0) and not seen["datatype"].get(d, 0)]
    if lost and not any(entry[0] == "datatype" for entry in differ):
        names = ", ".join(d.removeprefix(XSD) for d in sorted(lost))
        verdict.quirks.append(f"xsd:{names} becomes xsd:integer; equal in value")


def add_probe(verdict: Verdict, store: Store, say: Say) -> None:
    """Write the probe set to a graph of its own, read it back, drop it; note what came of it."""
    say("writing the probe set and reading it back")
    graph = f"{STAGING}probe/{uuid.uuid4().hex}"
    triples = probe_triples()
    notes, good = [], 0
    try:
        refused = set()
        # One by one, for a store that refuses one must not hide the others.
        for triple, probe in zip(triples, probes(), strict=True):
            try:
                store.add(graph, serialised([triple]))
            except OutsideError:
                refused.add(probe)
        answer = store.asking((graph,)).select("SELECT ?s ?o WHERE { ?s ?p ?o }")
        found = {s.text: o for s, o in answer.terms if s}
        for triple, probe in zip(triples, probes(), strict=True):
            got = found.get(triple.subject.value)  # type: ignore[union-attr]
            if got is None:
                notes.append(f"{probe.name}: {'refused' if probe in refused else 'not there'}")
                continue
            said = compare(to_term(triple.object), got)
            if not said or said.endswith(EQUAL):
                good += 1
                if said:
                    verdict.quirks.append(said)
            else:
                notes.append(f"{probe.name}: {said}")
    finally:
        store.update(f"DROP SILENT GRAPH <{graph}>")
    # The record holds nothing of the kind, so what a store does to it is told, not held against it.
    verdict.checks.append(Check("probe set", len(triples), good, True, "; ".join(notes)))
    verdict.quirks = sorted({*verdict.quirks, *(f"probe: {note}" for note in notes)})


def _question(verdict: Verdict, name: str, text: str, meant: Answer, select: Select) -> None:
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
                if said.endswith(EQUAL):
                    verdict.quirks.append(said)
                elif said and not note:
                    order = sorted(map(_key, meant.terms)) == sorted(map(_key, found.terms))
                    said = "the same rows in another order" if order else said
                    note = f"row {number}, {column}: {said}"
        if not note and took > SLOW:
            note = f"took {took:.0f} s"
            verdict.checks.append(Check(name, len(meant), len(found), True, note))
            return
    verdict.checks.append(Check(name, len(meant), len(found), not note, note))


def _key(row: Sequence[Term | None]) -> tuple[str, ...]:
    return tuple("(unbound)" if term is None else str(value(term)) for term in row)


def _first(meant: Answer, found: Answer) -> str:
    """Return the first row that only one of two answers has."""
    one, other = set(map(_key, meant.terms)), set(map(_key, found.terms))
    for what, rows in (("missing", one - other), ("too many", other - one)):
        if rows:
            return f"{what}: {' | '.join(min(rows))[:160]}"
    return "some rows come twice"
