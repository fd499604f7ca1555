"""What the ontology implies for emission: superproperties, superclasses, and the forms of blocks.

Read by Oxigraph's parser, a tenth of a second sooner than the whole ontology is by the loader's;
a test compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from spacerace_kg.errors import DataError
from spacerace_kg.names import PREFIXES, local_name, shorten

_RDF, _RDFS, _OWL = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"]
_TYPE, _LABEL = f"{_RDF}type", f"{_RDFS}label"
_SUBPROPERTY, _SUBCLASS = f"{_RDFS}subPropertyOf", f"{_RDFS}subClassOf"
_CLASS, _FUNCTIONAL = f"{_OWL}Class", f"{_OWL}FunctionalProperty"

_Told = dict[str, dict[str, list[str]]]  # by subject and predicate
_SOONER = "\0"  # before what comes first in a block, whatever its name, until the lines are sorted


class Form(NamedTuple):
    """The block of every subject of one class that states the same properties, each once."""

    pattern: str
    chosen: Callable[[tuple[str, ...]], tuple[str, ...]]  # of the subject's and its values' terms
    lines: int


class Schema:
    """Terms, beginnings of lines and labels, by the names of properties and classes."""

    def __init__(self, ontology: Path) -> None:
        """Read spacerace.ttl in a folder; raises DataError if it is missing or no Turtle."""
        told = _read(ontology / "spacerace.ttl")
        named = {local_name(iri): iri for iri in told if told[iri][_LABEL]}
        self.terms = {name: shorten(iri) for name, iri in named.items()}
        # How each line begins that states a property, those of its superproperties included.
        self.stems = {
            name: tuple(_stem(shorten(p)) for p in _closure(iri, _SUBPROPERTY, told))
            for name, iri in named.items()
        }
        self.functional = frozenset(
            name for name, iri in named.items() if _FUNCTIONAL in told[iri][_TYPE]
        )
        self.types = {
            name: [
                *(f"{_stem('rdf:type')}{shorten(c)}" for c in _closure(iri, _SUBCLASS, told)),
                f"{_stem('sr:mainClass')}{shorten(iri)}",
            ]
            for name, iri in named.items()
            if _CLASS in told[iri][_TYPE]
        }
        self.labels = {name: told[iri][_LABEL][0] for name, iri in named.items()}
        self.form = lru_cache(1 << 12)(self._form)

    def block(self, subject: str, lines: Iterable[str]) -> tuple[str, int]:
        """Return a block of lines, each once, as the loader writes it, and their number."""
        ordered = sorted(set(lines))
        body = " ;\n".join(ordered).replace(_SOONER, "")
        return (f"\n{subject}\n{body} ;\n    .\n" if ordered else ""), len(ordered)

    def _form(self, class_: str, properties: tuple[str, ...]) -> Form | None:
        """Return the form of a block; none where a predicate comes twice: its lines are sorted."""
        places: dict[str, int] = {}
        for place, name in enumerate(properties, 1):
            for stem in self.stems[name]:
                if stem in places:
                    return None
                places[stem] = place
        lines = sorted([*self.types[class_], *places])
        body = "".join(f"{line}%s ;\n" if line in places else f"{line} ;\n" for line in lines)
        chosen = itemgetter(0, *(places[line] for line in lines if line in places))
        return Form(f"\n%s\n{body.replace(_SOONER, '')}    .\n", chosen, len(lines))


def _read(path: Path) -> _Told:
    """Return what a Turtle file tells of what has a name, in English where in a language."""
    told: _Told = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            subject, object_ = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode):
                continue
            if isinstance(object_, ox.NamedNode) or (
                isinstance(object_, ox.Literal) and object_.language in (None, "en")
            ):
                told[subject.value][quad.predicate.value].append(object_.value)
    except (OSError, SyntaxError) as error:
        raise DataError(f"{path} cannot be read: {error}") from None
    return told


def _closure(iri: str, predicate: str, told: _Told) -> list[str]:
    """Return a property or class and all above it."""
    found = [iri]
    for below in found:
        found += [above for above in told[below][predicate] if above not in found]
    return found


def _stem(predicate: str) -> str:
    """Return how a line begins that states a predicate; types come first, and then a name."""
    sooner = {"rdf:type": _SOONER * 2, "rdfs:label": _SOONER}.get(predicate, "")
    return f"    {sooner}{'a' if predicate == 'rdf:type' else predicate} "
