"""Explaining: why facts and axioms contradict each other, as few of both as do, in words."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rdflib import Graph

from spacerace_kg.errors import OutsideError
from spacerace_kg.names import shorten
from spacerace_kg.reasoner.axioms import Axiom, axioms, in_play
from spacerace_kg.reasoner.hermit import Triple, consistent
from spacerace_kg.reasoner.inference import NAME, TYPE

T = TypeVar("T")
_GROUP = 150  # individuals that are looked at together; a run of the reasoner costs half a second


class _Patience:
    """Asks the reasoner until a time is over."""

    def __init__(self, java: str, seconds: float) -> None:
        self.java, self.end = java, time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def inconsistent(self, triples: Sequence[Triple]) -> bool:
        """Say whether triples are inconsistent; False, too, once the time is over."""
        if self.left() <= 0:
            return False
        try:
            return not consistent(triples, self.java, self.left())
        except OutsideError:
            if self.left() > 0:
                raise
            return False


def explain(
    ontology: Graph, rules: Sequence[Triple], facts: Sequence[Triple], java: str, seconds: float
) -> str:
    """Return why inconsistent facts are so: a smallest set of them and the axioms that they break.

    Contradictions are local, so the facts about a few individuals and their neighbours are tried
    first. Searching stops after so many seconds with the smallest set found by then.
    """
    patience = _Patience(java, seconds)
    some = next((x for x in _local(facts) if patience.inconsistent([*rules, *x])), facts)
    few = _fewest(some, lambda items: patience.inconsistent([*rules, *items]))
    broken = _broken(ontology, rules, few, patience)
    if patience.left() <= 0 and len(few) > 20:
        names = sorted({shorten(s[1:-1]) for s, _, _ in few})
        shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
        return f"{len(few):,} statements contradict each other, about: {shown}. Reason over fewer."
    said = "; ".join(_words(few))
    because = [axiom.words for axiom in broken] or ["the ontology forbids it"]
    return f"{said}. But {' and '.join(because)}. Correct one of the statements."


def _local(facts: Sequence[Triple]) -> Iterator[list[Triple]]:
    """Yield the facts in overlapping groups: about some individuals, and the neighbours' types."""
    if len(facts) < 20 * _GROUP:
        return
    about, to, plain = defaultdict(list), defaultdict(list), defaultdict(list)
    for fact in facts:
        s, p, o = fact
        about[s].append(fact)
        if p != TYPE and o.startswith("<"):
            to[o].append(fact)
        else:
            plain[s].append(fact)
    names = sorted(about)
    for start in range(0, len(names), _GROUP):
        some = names[start : start + _GROUP]
        group = dict.fromkeys(fact for s in some for fact in (*about[s], *to[s]))
        near = {term for s, p, o in group for term in (s, o) if term in plain}
        yield list(group | dict.fromkeys(fact for s in sorted(near) for fact in plain[s]))


def _fewest(facts: Sequence[Triple], bad: Callable[[Sequence[Triple]], bool]) -> list[Triple]:
    """Return a smallest set of bad facts: as few links and values as do, then types, then names.

    So names only stay where it matters that they differ.
    """
    names = [fact for fact in facts if fact[1] == NAME]
    types = [fact for fact in facts if fact[1] == TYPE]
    links = [fact for fact in facts if fact[1] not in (NAME, TYPE)]
    few: list[Triple] = []
    for some, rest in ((links, [*types, *names]), (types, names), (names, [])):
        kept, about = list(few), {term for fact in few for term in fact}
        near = [fact for fact in some if fact[0] in about]
        items = near if near and bad([*kept, *near, *rest]) else some
        few += _smallest(items, lambda items: bad([*kept, *items, *rest]))  # noqa: B023
    return few


def _broken(
    ontology: Graph, rules: Sequence[Triple], facts: Sequence[Triple], patience: _Patience
) -> Sequence[Axiom]:
    """Return a smallest set of axioms that facts contradict, looking first at those in play."""
    every = axioms(ontology)
    stated = {triple for axiom in every for triple in axiom.triples}
    given = [rule for rule in rules if rule not in stated]  # what is declared, and unique names

    def bad(some: Sequence[Axiom]) -> bool:
        statements = [triple for axiom in some for triple in axiom.triples]
        return patience.inconsistent([*given, *statements, *facts])

    for some in (in_play(every, facts), every):
        if bad(some):
            return _smallest(some, bad)
    return []


def _smallest(items: Sequence[T], bad: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Return items of which none can go without the rest ceasing to be bad.

    Halves are tried first, then quarters, down to single ones, so what is left is always bad.
    """
    if not items or bad([]):
        return []
    size = max(len(items) // 2, 1)
    while True:
        start = 0
        while start < len(items):
            rest = [*items[:start], *items[start + size :]]
            if bad(rest):
                items = rest
            else:
                start += size
        if size == 1:
            return items
        size //= 2


def _words(facts: Sequence[Triple]) -> Iterator[str]:
    """Yield each fact in words; names that stand for one thing each come last, together."""
    names = []
    for s, p, o in sorted(facts):
        value = shorten(o[1:-1]) if o.startswith("<") else o.partition("^^")[0]
        if p == TYPE:
            yield f"{shorten(s[1:-1])} is a {value}"
        elif p == NAME:
            names.append(shorten(s[1:-1]))
        else:
            yield f"{shorten(s[1:-1])} {shorten(p[1:-1])} {value}"
    if len(names) > 1:
        yield f"{' and '.join(names)} are not the same"
