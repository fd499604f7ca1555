"""What the terms of Wikidata mean that ours are set against, and where that was looked up.

The matches are those of ontology/alignments.ttl; the page ontology/WIKIDATA.md shows them beside
the table of `alignment`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from spacerace_kg import turtle
from spacerace_kg.names import SR, WD
from spacerace_kg.wikidata import alignment

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

_LOOKED_UP = re.compile(
    r"((?:[PQ]\d+ '[^']*'(?: \(label only\))?(?:, )?)+): read from (.+?)\.?"
    r"(?= [PQ]\d+ '| Other terms|\Z)"
)
COLUMNS = ["ours", "of", "Wikidata", "kind", "values", "match", "added"]
_TERM = re.compile(r"([PQ]\d+) '([^']*)'")
_MATCHES = {
    "exactMatch": "exact",
    "closeMatch": "close",
    "broadMatch": "broad",
    "narrowMatch": "narrow",
    "relatedMatch": "related",
}


class Term(NamedTuple):
    """A term of Wikidata: its id, its label, and the published data that both were read from."""

    id: str
    label: str
    evidence: str


def terms(root: Path, alignments: Graph) -> dict[str, Term]:
    """Return by id the terms of Wikidata that alignments.ttl and the table name, with evidence."""
    from rdflib.namespace import SKOS

    notes = sorted(map(str, alignments.objects(None, SKOS.note)))
    found = {}
    for note in [*notes, *(x for x in alignment.table_lines(root) if x.startswith("#"))]:
        for named, evidence in _LOOKED_UP.findall(note):
            for id_, label in _TERM.findall(named):
                found[id_] = Term(id_, label, evidence)
    return found


def matches(alignments: Graph) -> dict[str, list[tuple[str, str]]]:
    """Return by our term the terms of Wikidata that match it: how close, and which."""
    from rdflib.namespace import SKOS

    found: dict[str, list[tuple[str, str]]] = {}
    for name, word in _MATCHES.items():
        for ours, theirs in alignments.subject_objects(SKOS[name]):
            if str(theirs).startswith(WD):
                found.setdefault(str(ours)[len(SR) :], []).append((word, str(theirs)[len(WD) :]))
    order = list(_MATCHES.values())
    return {
        ours: sorted(pairs, key=lambda pair: (order.index(pair[0]), int(pair[1][1:])))
        for ours, pairs in found.items()
    }


def markdown(root: Path) -> str:
    """Return the alignment with Wikidata as a page: ontology/WIKIDATA.md.

    Raises DataError if a file of the ontology is missing or damaged.
    """
    from rdflib import OWL

    folder = root / "ontology"
    ontology = turtle.ontology(folder, "spacerace.ttl")
    alignments = turtle.ontology(folder, "alignments.ttl")
    known, matched = terms(root, alignments), matches(alignments)
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    ours = {
        "classes": _ours(ontology, OWL.Class),
        "properties": sorted({n for kind in kinds for n in _ours(ontology, kind)}, key=str.lower),
    }
    page = _HEAD + _table("|".join(COLUMNS), _rows(root, known))
    for title, names in ours.items():
        found = [
            (f"`{name}`", _named(known, id_), match, known[id_].evidence)
            for name in names
            for match, id_ in matched.get(name, [])
        ]
        page += f"\n## Our {title}\n\n" + _table("ours|Wikidata|match|read from", found)
    page += _WITHOUT
    for title, names in ours.items():
        page += f"\n- {title}: {', '.join(f'`{n}`' for n in names if n not in matched)}."
    return page + "\n"


def rows(root: Path) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the columns and the rows of what `compare` sets side by side."""
    known = terms(root, turtle.ontology(root / "ontology", "alignments.ttl"))
    return COLUMNS, [(row[0].strip("`"), *row[1:]) for row in _rows(root, known)]


def _ours(ontology: Graph, kind: URIRef) -> list[str]:
    from rdflib import RDF

    found = (str(term) for term in ontology.subjects(RDF.type, kind))
    return sorted({term[len(SR) :] for term in found if term.startswith(SR)}, key=str.lower)


def _rows(root: Path, known: dict[str, Term]) -> Iterator[tuple[str, ...]]:
    for row in alignment.read(root):
        shown = [
            ("^" if theirs.inverse else "")
            + _named(known, theirs.property)
            + (f" {_named(known, theirs.value)}" if theirs.value else "")
            + (f", its {_named(known, theirs.qualifier)}" if theirs.value else "")
            for theirs in row.theirs
        ]
        many, add = "many" if row.many else "one", "yes" if row.add else "no"
        classes, theirs = ", ".join(row.classes), "; ".join(shown)
        yield f"`{row.path}`", classes, theirs, row.kind, many, row.match, add


def _named(known: dict[str, Term], id_: str) -> str:
    return f"{known[id_].label} ({id_})"


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    columns = head.split("|")
    cells = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(c.replace('|', '&#124;') for c in row)} |\n" for row in cells)


_HEAD = f"""\
# The ontology against Wikidata

Made by `spacerace wikidata alignment --format markdown` from `alignments.ttl` and
`{alignment.TABLE}`. Edit those.

Nothing here was taken from memory: the last column names the published data in which the identifier
was read with its meaning. A match is exact where both mean the same, close where use differs
little, broad or narrow where theirs is the wider or the narrower, related where the shape differs:
our event node against their date, for instance.

## What `compare` sets side by side

The first property is the one that `quickstatements` would add; the others say the same and count as
well. `^` reads the statement from the other side's item. Where the match is broad, theirs may mean
something else too, and a difference is no conflict.

"""

_WITHOUT = """
## Without a counterpart

Wikidata has no property for a first under a stated criterion, with its rivals (`First`,
`criterion`, `condition`, `holder`, `achievedBy`); for a goal that somebody set, and what became of
it (`Goal`, `deadline`, `metBy`, `goalOutcome`); or for a set being complete (`Completeness`). A
cause is here a statement by a source (`ledTo`, `enabled`, `respondedTo`); the nearest that Wikidata
has, P1542, P1537 and P828, state it as a fact, so that nothing interpretive is ever proposed. These
terms have no match there:
"""
