"""Triple by triple: is what is in a store what was meant, and if not, which triples differ?

Triples are sorted into 4,096 heaps by the beginning of an MD5 sum, which the store takes itself, so
that only numbers travel; a heap that differs is fetched. Triples that stores are known to write in
another way, or to sum in another way, are read back and compared by value: decimals, truths, large
integers, texts beyond ASCII.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from spacerace_kg.answers import Answer, Term
from spacerace_kg.importer.compare import EQUAL, compare, to_term
from spacerace_kg.importer.counting import INTEGERS, XSD

Select = Callable[[str], Answer]

PAGE = 4_000  # rows that are read back at once; Virtuoso gives 10,000 at most as it is installed
FEW = 5  # heaps that are fetched to name what differs
_FICKLE = frozenset(XSD + name for name in ("decimal", "boolean", "double", "float"))
_BEYOND = re.compile(r"[^ -~]")
_PREFIX = f"PREFIX xsd: <{XSD}>\n"
# True of the triples that are read back. COALESCE, for an IRI has no datatype.
_READ_BACK = """COALESCE(DATATYPE(?o) IN (xsd:decimal, xsd:boolean, xsd:double, xsd:float)
      || (LANG(?o) = "" && DATATYPE(?o) != xsd:string && STRLEN(STR(?o)) > 9
          && REGEX(STR(?o), "^[-+0-9]+$"))
      || REGEX(STR(?o), "[^ -~]"), false)"""
_SUM = 'MD5(CONCAT(STR(?s), " ", STR(?p), " ", STR(?o)))'
_HEAPS = f"""{_PREFIX}SELECT ?heap (COUNT(*) AS ?n) WHERE {{
  ?s ?p ?o
  FILTER(!({_READ_BACK}))
  BIND(SUBSTR({_SUM}, 1, 3) AS ?heap)
}} GROUP BY ?heap"""
_HEAP = f"""{_PREFIX}SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o
  FILTER(!({_READ_BACK}))
  FILTER(SUBSTR({_SUM}, 1, 3) = "%s")
}}"""
_BACK = f"""{_PREFIX}SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o
  FILTER({_READ_BACK})
  %s
}}"""


class Found(NamedTuple):
    """How many triples were meant and found, what differs, and what is equal in value only."""

    meant: int
    found: int
    differ: list[str]
    quirks: set[str]


def is_read_back(term: object) -> bool:
    """Tell whether a triple with this object is read back, rather than summed by the store."""
    if not isinstance(term, ox.Literal):
        return bool(_BEYOND.search(getattr(term, "value", "")))
    kind, text = term.datatype.value, term.value
    if kind in _FICKLE or _BEYOND.search(text):
        return True
    return kind in INTEGERS and len(text) > 9


def heap(triple: ox.Triple) -> str:
    """Return the heap that a triple belongs to."""
    text = f"{triple.subject.value} {triple.predicate.value} {triple.object.value}"  # type: ignore[union-attr]
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:3]


def summed(each: Iterable[ox.Triple], select: Select) -> Found:
    """Compare the triples that a store can sum; names those that differ in the first heaps."""
    told: Counter[str] = Counter()
    kept = []
    for triple in each:
        if not is_read_back(triple.object):
            told[heap(triple)] += 1
    seen = {str(name): int(str(n)) for name, n in select(_HEAPS).rows if name is not None}
    kept = sorted(name for name in told | seen if told[name] != seen.get(name, 0))
    differ = [f"{len(kept):,} of {len(told | seen):,} heaps"] if kept else []
    return Found(told.total(), sum(seen.values()), differ, set())


def named(each: Iterable[ox.Triple], select: Select) -> list[str]:
    """Return the triples that are missing or too many in the first heaps that differ."""
    raise NotImplementedError


def read_back(each: Iterable[ox.Triple], select: Select) -> Found:
    """Read back the triples that stores are known to change, and compare them by value."""
    hard = [triple for triple in each if is_read_back(triple.object)]
    quirks: set[str] = set()
    differ: list[str] = []
    number = 0
    for page, triples in _pages(hard):
        rows = select(_BACK % page).terms
        number += len(rows)
        differ += _unlike(triples, rows, quirks)
    return Found(len(hard), number, differ, quirks)
