"""What a graph holds, counted: in all, by property, class, datatype and language.

The same is asked of a store and counted over triples; the two are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import pyoxigraph as ox

from spacerace_kg.answers import Answer
from spacerace_kg.names import PREFIXES

XSD = PREFIXES["xsd"]
INTEGER = XSD + "integer"
DECIMAL = XSD + "decimal"
INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "long", "int", "short", "byte", "unsignedLong", "unsignedInt",
        "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_TYPE = PREFIXES["rdf"] + "type"

Counts = dict[str, dict[str, int]]  # what is counted: of what: how many

# Written so that every store that was tried answers them alike.
COUNTED = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "property": "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s ?of ?o } GROUP BY ?of",
    "class": "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s a ?of } GROUP BY ?of",
    "datatype": """SELECT ?of (COUNT(*) AS ?n) WHERE {
        ?s ?p ?o FILTER(ISLITERAL(?o) && LANG(?o) = "") BIND(STR(DATATYPE(?o)) AS ?of)
    } GROUP BY ?of""",
    "language": """SELECT ?of (COUNT(*) AS ?n) WHERE {
        ?s ?p ?o FILTER(ISLITERAL(?o) && LANG(?o) != "") BIND(LCASE(LANG(?o)) AS ?of)
    } GROUP BY ?of""",
    "blank nodes": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(ISBLANK(?s) || ISBLANK(?o)) }",
}


def counts(select: Callable[[str], Answer]) -> Counts:
    """Return how many triples there are in all, by property, class, datatype and language."""
    found: Counts = {}
    for name, text in COUNTED.items():
        answer = select(text)
        rows = answer.rows
        if answer.columns == ["n"]:
            found[name] = {"": int(str(rows[0][0])) if rows else 0}
        else:
            found[name] = {str(of): int(str(n)) for of, n in rows if of is not None}
    return found


def differences(meant: Counts, found: Counts) -> list[tuple[str, str, int, int]]:
    """Return what is counted, of what, how many were meant and how many found, where they differ.

    Integers of a narrower type (``xsd:nonNegativeInteger``) count as integers, and so do decimals
    that a store has made of them.
    """
    told = {**meant, "datatype": folded(meant["datatype"])}
    seen = {**found, "datatype": folded(found["datatype"])}
    fewer = told["datatype"].get(INTEGER, 0) - seen["datatype"].get(INTEGER, 0)
    more = seen["datatype"].get(DECIMAL, 0) - told["datatype"].get(DECIMAL, 0)
    if fewer == more > 0:  # Virtuoso keeps integers beyond 31 bits as decimals, equal in value
        seen["datatype"][INTEGER] = seen["datatype"].get(INTEGER, 0) + fewer
        seen["datatype"][DECIMAL] -= more
    return [
        (name, of, told[name].get(of, 0), seen[name].get(of, 0))
        for name in told
        for of in sorted(told[name].keys() | seen[name].keys())
        if told[name].get(of, 0) != seen[name].get(of, 0)
    ]


def folded(datatypes: dict[str, int]) -> dict[str, int]:
    """Return counts by datatype with the narrower integers counted as integers."""
    together: Counter[str] = Counter()
    for datatype, number in datatypes.items():
        together[INTEGER if datatype in INTEGERS else datatype] += number
    return dict(together)


def count(triples: Iterable[ox.Triple]) -> Counts:
    """Return how many triples there are in all, by property, class, datatype and language."""
    found: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    found["blank nodes"][""] = 0
    number = 0
    for s, p, o in triples:
        number += 1
        found["property"][p.value] += 1
        if isinstance(o, ox.Literal):
            if o.language:
                found["language"][o.language.lower()] += 1
            else:
                found["datatype"][o.datatype.value] += 1
        elif p.value == _TYPE and isinstance(o, ox.NamedNode):
            found["class"][o.value] += 1
        if isinstance(s, ox.BlankNode) or isinstance(o, ox.BlankNode):
            found["blank nodes"][""] += 1
    found["triples"][""] = number
    return {name: dict(kinds) for name, kinds in found.items()}
