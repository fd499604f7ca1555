"""Worlds: many small graphs, each under axioms of its own, judged in one run of the reasoner.

A run takes a second, most of it to start, and one inconsistent graph would spoil all others. So
each world is turned into a class: of what there is in a world where its graph holds. The world is
impossible if and only if nothing can be in that class. Where worlds differ in their axioms, these
are moved to names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, XSD

from spacerace_kg.names import SR
from spacerace_kg.reasoner.hermit import Triple, realise

SOME = "_:some"  # as an object: any value
_WORLD = "urn:spacerace:world:"
_HOLDS = "<urn:spacerace:holds>"
_ONE = f'"1"^^{XSD.nonNegativeInteger.n3()}'
_TYPE, _CLASS = RDF.type.n3(), OWL.Class.n3()


class World(NamedTuple):
    """What is so in a world, and what is not so."""

    true: Iterable[Triple]
    false: Iterable[Triple] = ()


def impossible(
    groups: Sequence[tuple[Iterable[Triple], Sequence[World]]], java: str, seconds: float = 600
) -> list[bool]:
    """Say of the worlds of groups, (rules, worlds under these rules), if they have no model.

    Raises as ``realise`` does.
    """
    triples: list[Triple] = [(_HOLDS, _TYPE, OWL.ObjectProperty.n3())]
    count = 0
    for number, (rules, worlds) in enumerate(groups):
        own = [*rules]
        for world in worlds:
            class_ = f"<{_WORLD}{count}>"
            for stated, statements in ((True, world.true), (False, world.false)):
                for place, statement in enumerate(statements):
                    own += _described(class_, f"_:w{count}{stated}{place}x", statement, stated)
            count += 1
        triples += own if len(groups) == 1 else _moved(own, number)
    (found,) = realise([triples], java, seconds)
    if found is None:  # whatever the world
        return [True] * count
    return [f"{_WORLD}{number}" in found.empty for number in range(count)]


def _moved(triples: Iterable[Triple], number: int) -> Iterator[Triple]:
    """Yield triples with the terms of the ontology, and blank nodes, in names of their own."""

    def moved(term: str) -> str:
        if term.startswith("_:"):
            return f"_:g{number}{term[2:]}"
        return re.sub(f"^<{SR}", f"<{SR}{number}/", term)

    for s, p, o in triples:
        yield moved(s), moved(p), moved(o)


def _described(class_: str, node: str, statement: Triple, stated: bool) -> Iterator[Triple]:
    """Yield what says that in a world of this class a statement holds, or does not."""
    s, p, o = statement
    both, subject, said = f"{node}both", f"{node}s", f"{node}said"
    if p == _TYPE:
        said = o
    elif p == OWL.sameAs.n3():
        yield from _list(said, OWL.oneOf.n3(), [o])
    elif o == SOME:
        yield from _restriction(said, p, OWL.minCardinality.n3(), _ONE)
    else:
        yield from _restriction(said, p, OWL.hasValue.n3(), o)
    if not stated:
        yield f"{node}not", _TYPE, _CLASS
        yield f"{node}not", OWL.complementOf.n3(), said
        said = f"{node}not"
    yield from _list(subject, OWL.oneOf.n3(), [s])
    yield from _list(both, OWL.intersectionOf.n3(), [subject, said])
    yield from _restriction(node, _HOLDS, OWL.someValuesFrom.n3(), both)
    yield class_, RDFS.subClassOf.n3(), node


def _restriction(node: str, property_: str, kind: str, value: str) -> Iterator[Triple]:
    yield node, _TYPE, OWL.Restriction.n3()
    yield node, OWL.onProperty.n3(), property_
    yield node, kind, value


def _list(node: str, kind: str, members: Sequence[str]) -> Iterator[Triple]:
    places = [f"{node}{number}" for number in range(len(members))]
    yield node, _TYPE, _CLASS
    yield node, kind, places[0]
    for place, member, rest in zip(places, members, [*places[1:], RDF.nil.n3()], strict=True):
        yield place, RDF.first.n3(), member
        yield place, RDF.rest.n3(), rest
