"""Links to Wikidata: one SSSOM table (Simple Standard for Sharing Ontological Mappings) to triples.

Each row is a reasoned statement that an entity here and an item there are the same, nearly so, or,
in a negative row, not the same. A row without evidence does not enter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import Problem
from spacerace_kg.loader.facts import RefusedError, text_of
from spacerace_kg.loader.triples import Triple, text_term, typed_term
from spacerace_kg.loader.values import clean, parted
from spacerace_kg.names import IS_REFERENCE, id_term, nearest

TABLE = "wikidata.sssom.tsv"
_RELATIONS = {"owl:sameAs": "exact", "skos:exactMatch": "exact", "skos:closeMatch": "close"}
_NEEDED = (
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "confidence",
    "comment",
)
_IS_QID = re.compile(r"wd:Q[1-9][0-9]*\Z").match
_IS_CONFIDENCE = re.compile(r"0\.[0-9]{1,3}\Z|1(?:\.0+)?\Z|0\Z").match


class Link(NamedTuple):
    """One row of the table: our id, the item, how they relate, and what that rests on."""

    entity: str
    qid: str
    predicate: str
    negative: bool
    justification: str
    confidence: str
    line: int

    @property
    def relation(self) -> str:
        """The relation in our words: exact, close or not."""
        return "not" if self.negative else _RELATIONS[self.predicate]


def read(folder: Path, prefix: str, ids: dict[str, str]) -> tuple[list[Link], list[Problem]]:
    """Return the links of the table in a folder of facts, and the problems of its rows.

    ``ids`` are the known ids with their classes; ``prefix`` stands before the path in problems.
    """
    path, where = folder / TABLE, prefix + TABLE
    if not path.exists() and not path.is_symlink():
        return [], []
    try:
        lines = text_of(path).replace("\r\n", "\n").removesuffix("\n").split("\n")
    except RefusedError as refused:
        return [], [Problem(where, refused.line, "table", refused.what, refused.remedy)]
    above = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    columns = lines[above].split("\t") if above < len(lines) else []
    if missing := [name for name in _NEEDED if name not in columns]:
        what = f"lacks the columns {', '.join(missing)}."
        return [], [Problem(where, above + 1, "table", what, "Add them.")]
    links: list[Link] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[above + 1 :], above + 2):
        cells = line.split("\t")
        row = dict(zip(columns, cells, strict=False))
        entity = row["subject_id"].removeprefix("id:") or "row"
        try:
            if len(cells) != len(columns):
                raise ValueError(
                    f"has {len(cells)} cells under {len(columns)} columns. Mend the tabs."
                )
            links.append(_link(row, ids, number))
        except ValueError as error:
            problems.append(Problem(where, number, entity, *parted(str(error))))
    problems += _rivals(links, where)
    return links, problems


def _link(row: dict[str, str], ids: dict[str, str], line: int) -> Link:
    """Return the link of a row; raises ValueError with what is wrong and what to do."""
    entity, qid = row["subject_id"].removeprefix("id:"), row["object_id"]
    if not IS_REFERENCE(entity) or entity not in ids:
        hint = nearest(entity, ids)
        raise ValueError(f"is not the id of any record.{hint} Correct or remove the row.")
    if ids[entity] == "RetiredId":
        raise ValueError("is a retired id. Link its successor.")
    if not _IS_QID(qid):
        raise ValueError(f"{qid!r} is no Wikidata item. Write wd:Q and digits.")
    if row["predicate_id"] not in _RELATIONS:
        allowed = ", ".join(_RELATIONS)
        raise ValueError(f"{row['predicate_id']!r} is no relation. Use one of: {allowed}.")
    if row.get("predicate_modifier", "") not in ("", "Not"):
        raise ValueError(f"{row['predicate_modifier']!r} is no modifier. Write Not, or nothing.")
    if not row["comment"].strip() or not row["mapping_justification"].startswith("semapv:"):
        raise ValueError(f"links to {qid} without evidence. Say what the match rests on.")
    if not _IS_CONFIDENCE(row["confidence"]):
        raise ValueError(f"{row['confidence']!r} is no confidence. Write 0 to 1, as 0.95.")
    negative = row.get("predicate_modifier") == "Not"
    confidence = f"{float(row['confidence']):g}"
    comment = clean(row["comment"].strip())
    return Link(entity, qid[3:], row["predicate_id"], negative, comment, confidence, line)


def triples(links: list[Link]) -> Iterator[Triple]:
    """Yield the triples of the links: a node for each, and a direct one where it is positive."""
    for link in links:
        node, item = id_term(f"{link.entity}/link/{link.qid}"), f"wd:{link.qid}"
        yield node, "rdf:type", "sr:Link"
        yield node, "sr:entity", id_term(link.entity)
        yield node, "sr:wikidata", item
        yield node, "sr:qid", text_term(link.qid)
        yield node, "sr:relation", text_term(link.relation)
        yield node, "sr:justification", text_term(link.justification)
        yield node, "sr:confidence", typed_term(link.confidence, "decimal")
        if not link.negative:
            yield id_term(link.entity), link.predicate, item


def _rivals(links: list[Link], path: str) -> Iterator[Problem]:
    """One entity has one exact item, one item one exact entity, and no pair stands twice."""
    entities: dict[str, Link] = {}
    items: dict[str, Link] = {}
    pairs: set[tuple[str, str]] = set()
    for link in links:
        if (link.entity, link.qid) in pairs:
            what = f"has a second row for {link.qid}."
            yield Problem(path, link.line, link.entity, what, "Keep one of them.")
        pairs.add((link.entity, link.qid))
        if link.relation != "exact":
            continue
        for known, key, what in (
            (entities, link.entity, "has a second exact item"),
            (items, link.qid, "shares its exact item with another entity"),
        ):
            other = known.setdefault(key, link)
            if other is not link:
                told = f"{what}: {other.entity} and {other.qid} in line {other.line}."
                yield Problem(path, link.line, link.entity, told, "Make one of them close, or Not.")
