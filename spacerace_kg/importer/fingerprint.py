"""Triple by triple: whether a store holds what was meant, and if not, which triples differ.

Triples fall into 4,096 heaps by the beginning of an MD5 sum that the store takes itself, so that
only numbers travel; heaps that differ are fetched. What stores are known to write in another way,
or to sum in another way, is read back and compared by value: decimals, truths, large integers and
texts beyond ASCII.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from spacerace_kg.answers import Answer, Term
from spacerace_kg.importer.compare import EQUAL, compare, to_term
from spacerace_kg.importer.counting import INTEGERS, XSD

Select = Callable[[str], Answer]

PAGE = 9_000  # rows in one answer; Virtuoso gives 10,000 at most as it is installed
_FICKLE = frozenset(XSD + name for name in ("decimal", "boolean", "double", "float"))
_BEYOND_ASCII = re.compile(r"[^ -~]")
_LONG = 9  # digits; Virtuoso makes a decimal of what does not fit into 32 bits

_READ_BACK = f"""ISLITERAL(?o) && (
    DATATYPE(?o) IN (xsd:decimal, xsd:boolean, xsd:double, xsd:float)
    || (STRLEN(STR(?o)) > {_LONG} && LANG(?o) = "" && DATATYPE(?o) != xsd:string
        && REGEX(STR(?o), "^[-+0-9]+$"))
    || REGEX(STR(?o), "[^ -~]"))"""
_SUM = 'SUBSTR(MD5(CONCAT(STR(?s), " ", STR(?p), " ", {text})), 1, 3)'
_PREFIX = f"PREFIX xsd: <{XSD}>\n"
_HEAPS = f"""{_PREFIX}SELECT ?heap (COUNT(*) AS ?n) WHERE {{
  ?s ?p ?o FILTER(!({_READ_BACK})) BIND(%s AS ?heap)
}} GROUP BY ?heap"""
_FETCH = f"""{_PREFIX}SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o FILTER(!({_READ_BACK})) BIND(%s AS ?heap) FILTER(?heap IN (%s))
}}"""
_BACK = f"""{_PREFIX}SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o FILTER({_READ_BACK}) %s
}}"""


class Found(NamedTuple):
    """Triples meant and found, those that differ, and what is equal in value only."""

    meant: int
    found: int
    differ: list[str]
    quirks: set[str]


def triple_by_triple(
    each: Callable[[], Iterable[ox.Triple]], select: Select, text: str = "STR(?o)"
) -> Found:
    """Compare every triple that was meant with those that a store holds.

    ``text`` is the expression that gives the text of an object as it was meant.
    """
    sum_ = _SUM.format(text=text)
    told: Counter[str] = Counter()
    back = []
    for triple in each():
        if is_read_back(triple):
            back.append(triple)
        else:
            told[heap(triple)] += 1
    seen = {str(name): int(str(n)) for name, n in select(_HEAPS % sum_).rows if name is not None}
    quirks: set[str] = set()
    differ = []
    wrong = sorted(name for name in told | seen if told[name] != seen.get(name, 0))
    if wrong:
        some = set(wrong[: max(1, PAGE * len(told) // (told.total() + 1))][:40])
        rows = select(_FETCH % (sum_, ", ".join(f'"{name}"' for name in sorted(some)))).terms
        differ += _unlike(
            [t for t in each() if not is_read_back(t) and heap(t) in some], rows, quirks
        )
        if len(wrong) > len(some):
            differ.append(f"and {len(wrong) - len(some):,} more heaps of {len(told | seen):,}")
    number = 0
    for page, triples in _pages(back):
        rows = select(_BACK % page).terms
        number += len(rows)
        differ += _unlike(triples, rows, quirks)
    return Found(told.total() + len(back), sum(seen.values()) + number, differ, quirks)


def is_read_back(triple: ox.Triple) -> bool:
    """Tell whether a triple is read back, rather than summed by the store."""
    term = triple.object
    if not isinstance(term, ox.Literal):
        return False
    kind, text = term.datatype.value, term.value
    return (
        kind in _FICKLE
        or (len(text) > _LONG and kind in INTEGERS)
        or bool(_BEYOND_ASCII.search(text))
    )


def heap(triple: ox.Triple) -> str:
    """Return the heap that a triple falls into."""
    s, p, o = triple
    return _md5(f"{s.value} {p.value} {o.value}")[:3]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _pages(triples: Sequence[ox.Triple]) -> Iterator[tuple[str, list[ox.Triple]]]:
    """Yield triples by their subjects' sums, and the pattern that has a store give the same."""
    number = min(len(triples) // PAGE + 1, 256)
    starts = [f"{256 * page // number:02x}" for page in range(number)]
    pages: list[list[ox.Triple]] = [[] for _ in starts]
    for triple in triples:
        head = _md5(triple.subject.value)[:2]  # type: ignore[union-attr]
        pages[bisect_right(starts, head) - 1].append(triple)
    if number == 1:
        yield "", pages[0]
        return
    # Not IN: a list of so many would be compared, and the sum taken, for each triple anew.
    bound = "BIND(SUBSTR(MD5(STR(?s)), 1, 2) AS ?head)"
    for start, end, some in zip(starts, [*starts[1:], "g"], pages, strict=True):
        yield f'{bound} FILTER(?head >= "{start}" && ?head < "{end}")', some


def _unlike(
    triples: Iterable[ox.Triple], rows: Iterable[Sequence[Term | None]], quirks: set[str]
) -> list[str]:
    """Return the triples that only one side has; notes what is equal in value only."""
    there: dict[tuple[str, str], list[Term]] = {}
    for s, p, o in rows:
        if s and p and o:
            there.setdefault((s.text, p.text), []).append(o)
    left = []
    for triple in triples:  # the same ones first, for one term may be equal in value to two
        s, p, o = triple
        found = there.get((s.value, p.value), [])
        sent = to_term(o)
        if sent in found:
            found.remove(sent)
        else:
            left.append((triple, sent, found))
    differ = []
    for triple, sent, found in left:
        for got in found:
            if (said := compare(sent, got)).endswith(EQUAL):
                quirks.add(said)
                found.remove(got)
                break
        else:
            differ.append(f"missing: {triple!s:.200}")
    for (subject, property_), terms in there.items():
        differ += [f"too many: <{subject}> <{property_}> {term.text!r:.80}" for term in terms]
    return sorted(differ)
