"""The links of the graph to Wikidata, with what a look at the other side needs of ours."""

from __future__ import annotations

from typing import NamedTuple

from spacerace_kg.knowledge import KnowledgeGraph
from spacerace_kg.names import shorten

_LINKS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sr: <https://w3id.org/spacerace/ontology#>
SELECT ?entity ?qid ?relation ?name ?class WHERE {
  ?link a sr:Link ; sr:entity ?entity ; sr:qid ?qid ; sr:relation ?relation .
  ?entity sr:mainClass ?class ; rdfs:label ?name . FILTER(LANG(?name) = "en")
}
ORDER BY ?entity ?relation ?qid"""


class Linked(NamedTuple):
    """One link: our id, the item, how they relate (exact, close, not), our name and class."""

    entity: str
    qid: str
    relation: str
    name: str
    class_: str


def linked(kg: KnowledgeGraph, negative: bool = False) -> list[Linked]:
    """Return the links of the graph by our id; the negative ones only if they are asked for."""
    return [
        Linked(shorten(str(entity)), str(qid), str(relation), str(name), shorten(str(class_))[3:])
        for entity, qid, relation, name, class_ in kg.store.select(_LINKS)
        if negative or relation != "not"
    ]
