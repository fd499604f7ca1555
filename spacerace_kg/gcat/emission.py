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
from typing import BinaryIO, NamedTuple

from spacerace_kg.dates import interval
from spacerace_kg.gcat.agreement import allowed, implied
from spacerace_kg.gcat.record import Record, bare
from spacerace_kg.gcat.values import Subject, Value, said
from spacerace_kg.loader.statements import EDITORS
from spacerace_kg.loader.triples import text_term
from spacerace_kg.names import PREFIXES, id_term, value_key
from spacerace_kg.ontology import Ontology

_SOONER = "\0"  # before what comes first in a block, whatever its name, until the lines are sorted
_KEPT = "The record's own value, chosen by its editors with all sources before them; GCAT differs."
_SAME_TIME = "The record's own value; GCAT's is the same time in another precision."
_CITED_AS = ("gcat", "gcat-sites", "gcat-orgs")  # GCAT in the record: no second witness


class Schema:
    """What the ontology implies for emission: superproperties and superclasses before all."""

    def __init__(self, ontology: Ontology) -> None:
        properties = ontology.properties.values()
        self.terms = {p.name: p.term for p in properties}
        # How each line begins that states a property, those of its superproperties included.
        self.stems = {p.name: tuple(map(_stem, (p.term, *p.supers))) for p in properties}
        self.functional = frozenset(p.name for p in properties if p.functional)
        self.types = {
            c.name: [
                *(f"    {_SOONER * 2}a sr:{a}" for a in c.ancestors),
                f"    sr:mainClass {c.term}",
            ]
            for c in ontology.classes.values()
        }
        self.labels = {c.name: c.labels.get("en", "") for c in ontology.classes.values()}


class Emitted(NamedTuple):
    """The lines of a subject's block in the plain layer, and its claims as Turtle."""

    lines: list[str]
    claims: list[str]


class Output:
    """The two files and the index of one part of the catalogue, and what was counted in them."""

    def __init__(
        self,
        schema: Schema,
        record: Record,
        models: Mapping[str, str],
        folder: Path,
        stem: str,
        claims: bool = True,
    ) -> None:
        """Open the files; without claims there is none for them.

        ``models`` are those of the record by the terms of their variants.
        """
        self.schema, self.record, self.models = schema, record, models
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
            made = self._new(subject, term, source)
        else:
            made = self._joined(subject, term, known, source)
        written = _block(term, made.lines).encode()
        self.counts["plain"] += len(made.lines)
        self._plain.write(written)
        if self._claims:
            blocks = "".join(sorted(made.claims))
            self.counts["claims"] += len(made.claims)
            self.counts["claim triples"] += blocks.count(" ;\n")
            claimed = blocks.encode()
            self._claims.write(claimed)
            written += claimed
        digest = hashlib.blake2b(written, digest_size=8).hexdigest()
        self._index.write(f"{subject.id}\t{digest}\n".encode())

    def _new(self, subject: Subject, term: str, source: str) -> Emitted:
        stems, claims = self.schema.stems, []
        lines = [stem + value for name, value, _, _ in subject.values for stem in stems[name]]
        lines += [stem + value for name, value in subject.derived for stem in stems[name]]
        lines += self.schema.types[subject.class_]
        if self._claims:
            kind = ("type", f"sr:{subject.class_}", False, "")
            claims.append(_claim(term, "rdf:type", kind, EDITORS))
            for value in _distinct(subject.values):
                claims.append(self._claim(subject, term, value, source))
        return Emitted(_once(lines), claims)

    def _joined(
        self, subject: Subject, term: str, known: Mapping[str, list[str]], source: str
    ) -> Emitted:
        made = Emitted([], [])
        schema, judgements = self.schema, self.record.judged
        for value in _distinct(self._worded(v, known) for v in subject.values):
            name, object_, _, _ = value
            predicate = schema.terms[name]
            present = known.get(predicate, [])
            judged = (subject.id, name) in judgements
            if name == "altLabel" and object_ in known.get("rdfs:label", ()):
                continue
            if self._is_cited(subject.id, value):
                self.counts["already cited"] += 1
                continue
            confirmed = object_ in present
            rival = not confirmed and bool(present) and name in schema.functional
            agrees = confirmed or (rival and allowed(name, said(object_), present))
            self.counts["confirmed"] += agrees
            self.counts["rivals"] += rival and not agrees
            if self._claims:
                made.claims.append(self._claim(subject, term, value, source))
                if rival and not judged:
                    made.claims.extend(_kept(term, predicate, value, kept) for kept in present)
            if not (confirmed or rival or judged):
                stated = [(name, object_), *(subject.derived if name == "date" else ())]
                made.lines.extend(stem + what for of, what in stated for stem in schema.stems[of])
        return Emitted(_once(made.lines), made.claims)

    def _worded(self, value: Value, known: Mapping[str, list[str]]) -> Value:
        """Return a value as the record words it, with GCAT's words beside its place there.

        A name is one beside that of the record.
        """
        name, term, doubtful, locator = value
        name = "altLabel" if name == "label" else name
        present = known.get(self.schema.terms[name], ())
        if term not in present:
            words = said(term)
            if same := implied(name, words, self.models.get(term, ""), present):
                return name, same, doubtful, f"{locator}, as {words}"
        return name, term, doubtful, locator

    def _claim(self, subject: Subject, term: str, value: Value, source: str) -> str:
        cited = EDITORS if value[0] in subject.editorial else source
        return _claim(term, self.schema.terms[value[0]], value, cited)

    def _is_cited(self, subject: str, value: Value) -> bool:
        stem = f"{subject}/claim/{value[0]}/{_key(value[1])}"
        return any(f"{stem}/{source}" in self.record.cited for source in _CITED_AS)


def _kept(subject: str, predicate: str, rival: Value, term: str) -> str:
    """Return the editors' claim that ranks a value of the record before its rival."""
    name, other, _, _ = rival
    reason = _KEPT
    if name == "date":
        ours, theirs = interval(bare(term)), interval(bare(other))
        if not (ours.begins_after(theirs) or theirs.begins_after(ours)):
            reason = _SAME_TIME
    return _claim(subject, predicate, (name, term, False, ""), EDITORS, "preferred", reason)


def _claim(
    subject: str, predicate: str, value: Value, source: str, rank: str = "normal", reason: str = ""
) -> str:
    """Return a claim as the loader writes one."""
    name, term, doubtful, locator = value
    doubt = '    sr:certainty "doubtful" ;\n' if doubtful else ""
    where = f"    sr:locator {_literal(locator)} ;\n" if locator else ""
    why = f"    sr:reason {_literal(reason)} ;\n" if reason else ""
    return (
        f"\n{subject}\\/claim\\/{name}\\/{_key(term)}\\/{source}\n    a sr:Claim ;\n{doubt}{where}"
        f'    sr:property {predicate} ;\n    sr:rank "{rank}" ;\n{why}    sr:source id:{source} ;\n'
        f"    sr:subject {subject} ;\n    sr:value {term} ;\n    .\n"
    )


def _distinct(values: Iterable[Value]) -> Iterable[Value]:
    """Return the first of the values that are the same."""
    found: dict[tuple[str, str], Value] = {}
    for value in values:
        found.setdefault(value[:2], value)
    return found.values()


def _once(lines: list[str]) -> list[str]:
    """Return the lines without repetitions."""
    return lines if len(set(lines)) == len(lines) else list(dict.fromkeys(lines))


def _stem(predicate: str) -> str:
    """Return how a line begins that states a predicate; a name comes before all else but a type."""
    return f"    {_SOONER * (predicate == 'rdfs:label')}{predicate} "


def _block(subject: str, lines: Sequence[str]) -> str:
    """Return a subject's plain triples as the loader writes them, or nothing for none."""
    if not lines:
        return ""
    body = " ;\n".join(sorted(lines)).replace(_SOONER, "")
    return f"\n{subject}\n{body} ;\n    .\n"


@lru_cache(1 << 14)
def _key(term: str) -> str:
    return value_key(said(term).replace("/", ":"))


@lru_cache(1 << 10)
def _literal(text: str) -> str:
    return text_term(text)


def _open(path: Path, stem: str) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("wb")
    if stem:
        prefixes = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(PREFIXES.items()))
        made = f'# Made by "spacerace import gcat", which makes it anew. Part: {stem}.\n\n'
        file.write(f"{made}{prefixes}".encode())
    return file
