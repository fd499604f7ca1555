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
from spacerace_kg.reasoner.worlds import World, impossible

T = TypeVar("T")
_NEAR = (1000, 200, 40, 8, 1)  # so many individuals are looked at together, then fewer
_ITEMS = 1000  # so many facts or axioms, in all worlds together, are judged in one run


class _Patience:
    """Asks the reasoner until a time is over, and then answers that nothing is contradictory."""

    def __init__(self, java: str, seconds: float) -> None:
        self.java, self.end = java, time.monotonic() + seconds

    def left(self) -> float:
        return self.end - time.monotonic()

    def contradictory(
        self, groups: Sequence[tuple[Sequence[Triple], Sequence[Triple]]]
    ) -> list[bool]:
        """Say of each (rules, facts) if they contradict each other."""
        none = [False] * len(groups)
        if self.left() <= 0 or not groups:
            return none
        try:
            if len(groups) == 1:
                rules, facts = groups[0]
                return [not consistent([*rules, *facts], self.java, self.left())]
            if all(rules is groups[0][0] for rules, _ in groups):
                worlds = [World(facts) for _, facts in groups]
                return impossible([(groups[0][0], worlds)], self.java, self.left())
            each = [(rules, [World(facts)]) for rules, facts in groups]
            return impossible(each, self.java, self.left())
        except OutsideError:
            if self.left() > 0:
                raise
            return none


def explain(
    ontology: Graph, rules: Sequence[Triple], facts: Sequence[Triple], java: str, seconds: float
) -> str:
    """Return why inconsistent facts are so: a smallest set of them and the axioms that they break.

    Contradictions are local, so the facts about a few individuals and their neighbours are tried
    first. Searching stops after so many seconds with the smallest set found by then.
    """
    patience = _Patience(java, seconds)
    bad = patience.contradictory
    for size in _NEAR:
        facts = _narrowed(facts, rules, size, patience)
    # As few links as do, then types, then names, so that these stay only where it matters.
    names = [fact for fact in facts if fact[1] == NAME]
    types = [fact for fact in facts if fact[1] == TYPE]
    links = [fact for fact in facts if fact[1] not in (NAME, TYPE)]
    every = [*links, *types, *names]
    few = _fewest(every, lambda some: bad([(rules, x) for x in some]), patience)
    broken = _broken(ontology, rules, few, patience)
    if patience.left() <= 0 and len(few) > 20:
        about = sorted({shorten(s[1:-1]) for s, _, _ in few})
        shown = ", ".join(about[:10]) + (" …" if len(about) > 10 else "")
        return f"{len(few):,} statements contradict each other, about: {shown}. Reason over fewer."
    said = "; ".join(_words(few))
    else_ = "two names are two things" if patience.left() > 0 else "the ontology forbids it"
    because = [axiom.words for axiom in broken] or [else_]
    return f"{said}. But {' and '.join(because)}. Correct one of the statements."


def _narrowed(
    facts: Sequence[Triple], rules: Sequence[Triple], size: int, patience: _Patience
) -> Sequence[Triple]:
    """Return contradictory facts about so many individuals, or all if there are none."""
    groups = list(_local(facts, size))
    if len(groups) < 2:
        return facts
    if sum(map(len, groups)) <= 3 * _ITEMS:
        found = patience.contradictory([(rules, group) for group in groups])
        return next((x for x, bad in zip(groups, found, strict=True) if bad), facts)
    return next((x for x in groups if patience.contradictory([(rules, x)])[0]), facts)


def _local(facts: Sequence[Triple], size: int) -> Iterator[list[Triple]]:
    """Yield the facts in overlapping groups: about some individuals, and the neighbours' types."""
    about, to, plain = defaultdict(list), defaultdict(list), defaultdict(list)
    for fact in facts:
        s, p, o = fact
        about[s].append(fact)
        if p != TYPE and o.startswith("<"):
            to[o].append(fact)
        else:
            plain[s].append(fact)
    names = sorted(about)
    for start in range(0, len(names), size):
        some = names[start : start + size]
        group = dict.fromkeys(fact for s in some for fact in about[s])
        # Not what a thousand others refer to: that would bring all of them along.
        group |= dict.fromkeys(fact for s in some if len(to[s]) <= size for fact in to[s])
        near = {term for s, p, o in group for term in (s, o) if term in plain}
        yield list(group | dict.fromkeys(fact for s in sorted(near) for fact in plain[s]))


def _broken(
    ontology: Graph, rules: Sequence[Triple], facts: Sequence[Triple], patience: _Patience
) -> Sequence[Axiom]:
    """Return a smallest set of axioms that facts contradict, looking first at those in play."""
    every = axioms(ontology)
    stated = {triple for axiom in every for triple in axiom.triples}
    given = [rule for rule in rules if rule not in stated]  # what is declared, and unique names

    def bad(some: Sequence[Sequence[Axiom]]) -> list[bool]:
        return patience.contradictory([(under(few), facts) for few in some])

    def under(few: Sequence[Axiom]) -> list[Triple]:
        said = [statement for axiom in few for statement in axiom.triples]
        used = {term for statement in (*facts, *said) for term in statement}
        return [*(rule for rule in given if rule[0] in used), *said]

    for some in (in_play(every, facts), every):
        if bad([some])[0]:
            return _fewest(some[::-1], bad, patience)
    return []


def _fewest(
    items: Sequence[T], bad: Callable[[Sequence[Sequence[T]]], list[bool]], patience: _Patience
) -> Sequence[T]:
    """Return items of which none can go without the rest ceasing to be bad, early ones gone first.

    Of the first items as many go as can; the next one is needed then, and so on with the rest.
    """
    needed: list[T] = []
    if len(items) ** 2 <= _ITEMS:  # mostly there is but one such set: of those that cannot go
        found = bad([[*items[:n], *items[n + 1 :]] for n in range(len(items))])
        few = [item for item, is_bad in zip(items, found, strict=True) if not is_bad]
        if patience.left() > 0 and bad([few])[0]:
            return few
    while True:
        least, most = 0, len(items) + 1  # so many can go, and so many cannot
        while most - least > 1:
            count = max(1, min(most - least - 1, _ITEMS // (len(items) + len(needed))))
            step = (most - least) / (count + 1)
            tries = [least + round(step * number) for number in range(1, count + 1)]
            found = bad([[*items[number:], *needed] for number in tries])
            if patience.left() <= 0:
                return [*items[least:], *needed]
            least, most = _between(least, most, tries, found)
        if least == len(items):
            return needed
        needed.append(items[least])
        items = items[least + 1 :]


def _between(least: int, most: int, tries: list[int], found: list[bool]) -> tuple[int, int]:
    for number, is_bad in zip(tries, found, strict=True):
        if not is_bad:
            return least, number
        least = number
    return least, most


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
