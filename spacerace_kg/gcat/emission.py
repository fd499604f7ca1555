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
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from spacerace_kg.dates import interval
from spacerace_kg.gcat.agreement import allowed, implied
from spacerace_kg.gcat.record import Record, bare
from spacerace_kg.gcat.schema import Schema
from spacerace_kg.gcat.values import Subject, Value, said
from spacerace_kg.loader.triples import text_term
from spacerace_kg.names import EDITORS, PREFIXES, id_term, value_key

_property, _term = itemgetter(0), itemgetter(1)  # of a value
_KEPT = "The record's own value, chosen by its editors with all sources before them; GCAT differs."
_SAME_TIME = "The record's own value; GCAT's is the same time in another precision."
_CITED_AS = ("gcat", "gcat-sites", "gcat-orgs")  # GCAT in the record: no second witness


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
        self._digests: list[str] = []

    def close(self) -> None:
        """Write the index and close the files."""
        self._index.write("".join(self._digests).encode())
        for file in (self._plain, self._claims, self._index):
            if file:
                file.close()

    def write(self, subject: Subject, source: str) -> None:
        """Write a subject; an id must be written once only."""
        term, claims = id_term(subject.id), []
        known = self.record.plain.get(subject.id)
        if known is None:
            block, lines = self._new(subject, term)
            if self._claims:
                claims = list(self._claimed(subject, term, source))
        else:
            stated, claims = self._joined(subject, term, known, source)
            block, lines = self.schema.block(term, stated)
        written = block.encode()
        self.counts["plain"] += lines
        self._plain.write(written)
        if self._claims:
            blocks = "".join(sorted(claims))
            self.counts["claims"] += len(claims)
            self.counts["claim triples"] += blocks.count(" ;\n")
            claimed = blocks.encode()
            self._claims.write(claimed)
            written += claimed
        digest = hashlib.blake2b(written, digest_size=8).hexdigest()
        self._digests.append(f"{subject.id}\t{digest}\n")

    def _new(self, subject: Subject, term: str) -> tuple[str, int]:
        """Return the plain block of a subject that the record does not know, and its triples."""
        values = [*subject.values, *subject.derived]
        form = self.schema.form(subject.class_, tuple(map(_property, values)))
        if form:
            return form.pattern % form.chosen((term, *map(_term, values))), form.lines
        stems = self.schema.stems
        lines = [stem + object_ for name, object_, _, _ in values for stem in stems[name]]
        return self.schema.block(term, lines + self.schema.types[subject.class_])

    def _claimed(self, subject: Subject, term: str, source: str) -> Iterator[str]:
        """Yield the claims of a subject that the record does not know."""
        yield _claim(term, "rdf:type", ("type", f"sr:{subject.class_}", False, ""), EDITORS)
        for value in _distinct(subject.values):
            yield self._claim(subject, term, value, source)

    def _joined(
        self, subject: Subject, term: str, known: Mapping[str, list[str]], source: str
    ) -> tuple[list[str], list[str]]:
        """Return the plain lines that a subject of the record gets, and the claims."""
        lines: list[str] = []
        claims: list[str] = []
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
                claims.append(self._claim(subject, term, value, source))
                if rival and not judged:
                    claims.extend(_kept(term, predicate, value, kept) for kept in present)
            if not (confirmed or rival or judged):
                stated = [value, *(subject.derived if name == "date" else ())]
                lines.extend(stem + what for of, what, _, _ in stated for stem in schema.stems[of])
        return lines, claims

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


@lru_cache(1 << 14)
def _key(term: str) -> str:
    return value_key(said(term).replace("/", ":"))


@lru_cache(1 << 10)
def _literal(text: str) -> str:
    return text_term(text)


def _open(path: Path, stem: str) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("wb", 1 << 16)
    if stem:
        prefixes = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(PREFIXES.items()))
        made = f'# Made by "spacerace import gcat", which makes it anew. Part: {stem}.\n\n'
        file.write(f"{made}{prefixes}".encode())
    return file
