"""The rules that statements must keep together; what is dated has its own in ``lifetimes``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from spacerace_kg.dates import interval
from spacerace_kg.errors import Problem
from spacerace_kg.loader.index import Index, problem
from spacerace_kg.loader.statements import Statement
from spacerace_kg.loader.values import parted
from spacerace_kg.names import nearest
from spacerace_kg.ontology import Property


def references(index: Index) -> Iterator[Problem]:
    """Demand ids that exist, of the right class, of values and sources."""
    hints: dict[str, str] = {}  # the nearest known id for each unknown one
    seen = set()
    for s in index.statements:
        property_ = index.ontology.properties[s.property]
        part = index.parts.get(s.value)
        if property_.kind == "entity" and not (part and part.owner == s.subject):
            yield from _reference(index, hints, s, s.value, property_.range)
        cited = s.source, s.path, s.subject.partition("/")[0]
        if cited not in seen:
            seen.add(cited)
            yield from _reference(index, hints, s, s.source, frozenset({"Source"}), "source")


def _reference(
    index: Index,
    hints: dict[str, str],
    s: Statement,
    value: str,
    allowed: frozenset[str],
    name: str = "",
) -> Iterator[Problem]:
    found = index.classes.get(value)
    if found is None:
        if value not in hints:
            hints[value] = nearest(value, index.classes)
        what = f"{value!r} is not the id of any record.{hints[value]}"
        yield problem(s, what, "Write the record or correct the id.", name)
    elif found == "RetiredId":
        new = " or ".join(index.best.get((value, "replacedBy"), ["its successor"]))
        yield problem(s, f"{value!r} is a retired id.", f"Write {new}.", name)
    elif not index.ontology.is_a(found, allowed):
        what = f"{value!r} is a {found}, but a {' or '.join(sorted(allowed))} belongs here."
        yield problem(s, what, "Correct the id or the property.", name)


def dates(index: Index) -> Iterator[Problem]:
    """Demand dates that exist."""
    for s in index.statements:
        notation = index.ontology.properties[s.property].notation
        try:
            if notation:
                interval(s.value, notation == "EDTF local")
        except ValueError as error:
            yield problem(s, *parted(f"{s.value!r} {error}"))


def rivals(index: Index) -> Iterator[Problem]:
    """Demand one rank for a value, and one preferred value where one alone can be true."""
    for (_, name), group in index.groups.items():
        property_ = index.ontology.properties[name]
        ranks: dict[tuple[str, str], set[str]] = defaultdict(set)
        notes: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
        for s in group:
            ranks[s.value, s.language].add(s.rank)
            notes[s.value, s.language, s.source].add((s.reason, s.certainty))
        for (value, _, source), several in notes.items():
            if len(several) > 1:
                what = f"gives {value!r} by {source} with different reasons or certainties."
                yield problem(group[0], what, "Keep one of them.")
        for (value, _), given in ranks.items():
            if len(given) > 1:
                what = f"gives {value!r} with the ranks {' and '.join(sorted(given))}."
                yield problem(group[0], what, "Give all sources of a value one rank.")
        yield from _preferred(property_, group[0], ranks)


def _preferred(
    property_: Property, s: Statement, ranks: dict[tuple[str, str], set[str]]
) -> Iterator[Problem]:
    """Demand one value of a functional property, and one label and description in a language."""
    if property_.functional:
        best = [value for value, given in ranks.items() if "preferred" in given]
        standing = [value for value, given in ranks.items() if given != {"deprecated"}]
        if len(best) > 1 or (len(standing) > 1 and not best):
            what = f"has {len(standing)} rival values and {len(best)} preferred."
            yield problem(s, what, "Rank exactly one 'preferred', with the reason.")
    elif property_.name in ("label", "description"):
        languages = Counter(language for (_, language) in ranks)
        for language in sorted(x for x, count in languages.items() if count > 1):
            what = f"has two texts in {language!r}."
            yield problem(s, what, "Keep one; others are altLabel.")


def keys(index: Index) -> Iterator[Problem]:
    """No two individuals of a class share the value of a key."""
    for class_, name in index.ontology.keys:
        owners: dict[str, Statement] = {}
        for s in index.statements:
            if s.property != name or s.rank == "deprecated":
                continue
            if not index.ontology.is_a(index.classes.get(s.subject, class_), frozenset({class_})):
                continue
            other = owners.setdefault(s.value, s)
            if other.subject != s.subject:
                what = f"{s.value!r} is also the {name} of {other.subject}."
                yield problem(s, what, "Correct one of the two.")


def relations(index: Index) -> Iterator[Problem]:
    """Nothing causes, replaces or precedes itself, nor what causes, replaces or precedes it."""
    pairs = {(s.subject, s.property, s.value) for s in index.statements}
    for s in index.statements:
        property_ = index.ontology.properties[s.property]
        if (property_.irreflexive or property_.asymmetric) and s.subject == s.value:
            yield problem(s, "names its own subject.", "Name another record.")
        elif property_.asymmetric and (s.value, s.property, s.subject) in pairs:
            what = f"holds both ways between {s.subject} and {s.value}."
            yield problem(s, what, "Remove one of the two.")


def published(index: Index, ids: list[str]) -> Iterator[Problem]:
    """Demand every id once published: as a record, or retired with a successor."""
    for lost in sorted(set(ids) - set(index.classes)):
        remedy = (
            f"Write it again, or retire it: '- {{id: {lost}, type: RetiredId, replacedBy: …}}'."
        )
        yield Problem("graph/ids.txt", ids.index(lost) + 1, lost, "has no record.", remedy)
