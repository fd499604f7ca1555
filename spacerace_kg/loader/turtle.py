"""Turtle in one fixed order: the same triples are the same bytes, and one change is one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from spacerace_kg.loader.triples import Triple
from spacerace_kg.names import PREFIXES

_FIRST = {"rdf:type": "0", "rdfs:label": "1"}
_PREFIX = re.compile(r"(?:^|\^\^)([a-z]+):")


def to_turtle(triples: Iterable[Triple], comment: str) -> str:
    """Return triples as Turtle, one a line: by subject, then predicate, then object."""
    ordered = sorted(set(triples), key=lambda t: (t[0], _FIRST.get(t[1], t[1]), t[2]))
    found = (_PREFIX.search(term) for triple in ordered for term in triple)
    used = {match[1] for match in found if match and match[1] in PREFIXES}
    lines = [f"# {comment}", ""]
    lines += [f"@prefix {p}: <{PREFIXES[p]}> ." for p in sorted(used)]
    for subject, group in groupby(ordered, key=lambda t: t[0]):
        lines += ["", subject]
        lines += (f"    {'a' if p == 'rdf:type' else p} {o} ;" for _, p, o in group)
        lines.append("    .")
    return "\n".join(lines) + "\n"
