"""Emission: what GCAT says of a subject, as claims and as the plain layer that follows from them.

The form is the loader's (`loader.turtle`) and so is the rule (``graph/README.md``); a test derives
the plain layer from the claims again and compares. One subject at a time, so that a catalogue of
any size streams through. Where the record knows the subject, its values stay: what GCAT says too is
one more claim, of the record's value where GCAT says that in other words (`agreement`), and where
the two differ the record's value is ranked first, with the reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TextIO

from spacerace_kg.dates import interval
from spacerace_kg.gcat.agreement import allowed, implied
from spacerace_kg.gcat.record import Record, bare
from spacerace_kg.gcat.values import Subject, Value
from spacerace_kg.loader.statements import EDITORS
from spacerace_kg.loader.triples import bounds, text_term
from spacerace_kg.names import PREFIXES, id_term, value_key
from spacerace_kg.ontology import Ontology

Triple = tuple[str, str, str]  # where its predicate sorts, the predicate, the object's term

_FIRST = {"rdf:type": ("0", "a"), "rdfs:label": ("1", "rdfs:label")}  # as the loader writes them
_KEPT = "The record's own value, chosen by its editors with all sources before them; GCAT differs."
_SAME_TIME = "The record's own value; GCAT's is the same time in another precision."
_CITED_AS = ("gcat", "gcat-sites", "gcat-orgs")  # GCAT in the record: no second witness


class Emitted(NamedTuple):
    """A subject's triples of the plain layer, and its claims as Turtle."""

    plain: set[Triple]
    claims: list[str]


class Schema:
    """What the ontology implies for emission: superproperties and superclasses before all."""

    def __init__(self, ontology: Ontology) -> None:
        properties = ontology.properties.values()
        self.terms = {p.name: p.term for p in properties}
        self.predicates = {
            p.name: tuple(_FIRST.get(t, (t, t)) for t in (p.term, *p.supers)) for p in properties
        }
        self.functional = frozenset(p.name for p in properties if p.functional)
        self.types = {
            c.name: {
                _triple("sr:mainClass", c.term),
                *(_triple("rdf:type", f"sr:{a}") for a in c.ancestors),
            }
            for c in ontology.classes.values()
        }
        self.labels = {c.name: c.labels.get("en", "") for c in ontology.classes.values()}


class Output:
    """The two files and the index of one part of the catalogue, and what was counted in them."""

    def __init__(
        self, schema: Schema, record: Record, folder: Path, stem: str, claims: bool = True
    ) -> None:
        """Open the files; without claims there is none for them."""
        self.schema, self.record = schema, record
        self.counts: Counter[str] = Counter()
        self._plain = _open(folder / "plain" / f"{stem}.ttl", stem)
        self._claims = _open(folder / "claims" / f"{stem}.ttl", stem) if claims else None
        self._index = _open(folder / "index" / f"{stem}.tsv", "")

    def close(self) -> None:
        """Close the files."""
        for file in (self._plain, self._claims, self._index):
            if file:
                file.close()

    def write(self, subject: Subject, source: str) -> None:
        """Write a subject; an id must be written once only."""
        term = id_term(subject.id)
        known = self.record.plain.get(subject.id)
        if known is None:
            emitted = self._new(subject, term, source)
        else:
            emitted = self._joined(subject, term, known, source)
        block, blocks = _block(term, emitted.plain), "".join(sorted(emitted.claims))
        self.counts["plain"] += len(emitted.plain)
        self._plain.write(block)
        if self._claims:
            self.counts["claims"] += len(emitted.claims)
            self.counts["claim triples"] += blocks.count(" ;\n")
            self._claims.write(blocks)
        digest = hashlib.blake2b((block + blocks).encode(), digest_size=8).hexdigest()
        self._index.write(f"{subject.id}\t{digest}\n")

    def _new(self, subject: Subject, term: str, source: str) -> Emitted:
        plain = self.schema.types[subject.class_] | {_triple(*pair) for pair in subject.derived}
        kind = Value("type", f"sr:{subject.class_}", subject.class_, False, "", EDITORS)
        made = Emitted(plain, [_claim(term, "rdf:type", kind, source)] if self._claims else [])
        for value in _distinct(subject.values):
            self._state(term, value, source, made, True)
        return made

    def _joined(
        self, subject: Subject, term: str, known: Mapping[str, list[str]], source: str
    ) -> Emitted:
        made = Emitted(set(), [])
        terms = self.schema.terms
        stated = (_worded(_beside(v), known.get(terms[v.property], ())) for v in subject.values)
        for value in _distinct(stated):
            predicate = terms[value.property]
            present = known.get(predicate, [])
            judged = (subject.id, value.property) in self.record.judged
            if value.property == "altLabel" and value.term in known.get("rdfs:label", ()):
                continue
            if self._is_cited(subject.id, value):
                self.counts["already cited"] += 1
                continue
            confirmed = value.term in present
            rival = not confirmed and bool(present) and value.property in self.schema.functional
            agrees = confirmed or (rival and allowed(value.property, value.text, present))
            self.counts["confirmed"] += agrees
            self.counts["rivals"] += rival and not agrees
            self._state(term, value, source, made, not (confirmed or rival or judged))
            if rival and not judged and self._claims:
                made.claims.extend(_kept(term, predicate, value, kept) for kept in present)
        return made

    def _state(self, term: str, value: Value, source: str, made: Emitted, plainly: bool) -> None:
        """Add a value's claim, and its plain triples with what follows from them."""
        name = value.property
        if self._claims:
            made.claims.append(_claim(term, self.schema.terms[name], value, source))
        if plainly:
            for order, predicate in self.schema.predicates[name]:
                made.plain.add((order, predicate, value.term))
            if name == "date":
                made.plain.update(_triple(*pair) for pair in bounds(value.text))

    def _is_cited(self, subject: str, value: Value) -> bool:
        stem = f"{subject}/claim/{value.property}/{_key(value.text)}"
        return any(f"{stem}/{source}" in self.record.cited for source in _CITED_AS)


def _kept(subject: str, predicate: str, rival: Value, term: str) -> str:
    """Return the editors' claim that ranks a value of the record before its rival."""
    reason = _KEPT
    if rival.property == "date":
        ours, theirs = interval(bare(term)), interval(rival.text)
        if not (ours.begins_after(theirs) or theirs.begins_after(ours)):
            reason = _SAME_TIME
    value = Value(rival.property, term, bare(term), False, "", EDITORS)
    return _claim(subject, predicate, value, "", "preferred", reason)


def _claim(
    subject: str, predicate: str, value: Value, source: str, rank: str = "normal", reason: str = ""
) -> str:
    """Return a claim as the loader writes one."""
    name, term, text, doubtful, locator, own, _ = value
    cited = own or source
    doubt = '    sr:certainty "doubtful" ;\n' if doubtful else ""
    where = f"    sr:locator {_literal(locator)} ;\n" if locator else ""
    why = f"    sr:reason {_literal(reason)} ;\n" if reason else ""
    return (
        f"\n{subject}\\/claim\\/{name}\\/{_key(text)}\\/{cited}\n    a sr:Claim ;\n{doubt}{where}"
        f'    sr:property {predicate} ;\n    sr:rank "{rank}" ;\n{why}    sr:source id:{cited} ;\n'
        f"    sr:subject {subject} ;\n    sr:value {term} ;\n    .\n"
    )


def _beside(value: Value) -> Value:
    """Return a name as one beside that of the record."""
    return value._replace(property="altLabel") if value.property == "label" else value


def _worded(value: Value, present: Sequence[str]) -> Value:
    """Return a value as the record words it, with GCAT's words beside its place there."""
    if value.term in present or not (
        term := implied(value.property, value.text, value.model, present)
    ):
        return value
    return value._replace(term=term, text=bare(term), locator=f"{value.locator}, as {value.text}")


def _distinct(values: Iterable[Value]) -> Iterable[Value]:
    """Return the first of the values that are the same."""
    found: dict[tuple[str, str], Value] = {}
    for value in values:
        found.setdefault(value[:2], value)
    return found.values()


def _triple(predicate: str, term: str) -> Triple:
    return (*_FIRST.get(predicate, (predicate, predicate)), term)


def _block(subject: str, triples: set[Triple]) -> str:
    """Return a subject's plain triples as the loader writes them, or nothing for none."""
    if not triples:
        return ""
    lines = [f"    {predicate} {term} ;\n" for _, predicate, term in sorted(triples)]
    return f"\n{subject}\n{''.join(lines)}    .\n"


@lru_cache(1 << 14)
def _key(text: str) -> str:
    return value_key(text.replace("/", ":"))


@lru_cache(1 << 10)
def _literal(text: str) -> str:
    return text_term(text)


def _open(path: Path, stem: str) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w", encoding="utf-8", newline="\n")
    if stem:
        file.write(f'# Made by "spacerace import gcat", which makes it anew. Part: {stem}.\n\n')
        file.writelines(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(PREFIXES.items()))
    return file
