"""Lifetimes: nothing happens to what does not exist yet, or no longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from spacerace_kg.dates import Interval, interval
from spacerace_kg.errors import Problem
from spacerace_kg.loader.index import Index, problem
from spacerace_kg.loader.statements import Part, Statement

_MOMENTS = ("launch", "signing", "landing")  # with one of these, the last date is the end


class _Life(NamedTuple):
    """The bounds of a subject's existence, as far as they are stated."""

    begin: Interval | None
    end: Interval | None


def problems(index: Index) -> Iterator[Problem]:
    """Yield each part outside its owner's life, and each value that did not exist at the time."""
    for part in index.parts.values():
        yield from _part(index, part)
    for s in index.statements:
        if index.ontology.properties[s.property].within and s.rank != "deprecated":
            yield from _value(index, s)


def _part(index: Index, part: Part) -> Iterator[Problem]:
    property_ = index.ontology.properties[part.property]
    date, life = _date(index, part.id), _life(index, part.owner)
    if date is None:
        return
    value = index.best[part.id, "date"][0]
    s = next(s for s in index.groups[part.id, "date"] if s.value == value)
    if life.begin and not property_.opens and life.begin.begins_after(date):
        what = f"{s.value!r} lies before {part.owner} began."
        yield problem(s, what, "Correct the date or its owner's beginning.")
    if life.end and not property_.closes and date.begins_after(life.end):
        what = f"{s.value!r} lies after {part.owner} ended."
        yield problem(s, what, "Correct the date or its owner's end.")


def _value(index: Index, s: Statement) -> Iterator[Problem]:
    time, life = _time(index, s.subject), _life(index, s.value)
    if time is None:
        return
    if life.begin and life.begin.begins_after(time):
        what = f"{s.value!r} did not exist yet at the time of {s.subject}."
        yield problem(s, what, "Name its predecessor or correct a date.")
    if life.end and time.begins_after(life.end):
        what = f"{s.value!r} no longer existed at the time of {s.subject}."
        yield problem(s, what, "Name its successor or correct a date.")


def _date(index: Index, subject: str) -> Interval | None:
    values = index.best.get((subject, "date"))
    try:
        return interval(values[0]) if values else None
    except ValueError:
        return None  # reported as a value that is no date


def _life(index: Index, subject: str) -> _Life:
    begin = end = None
    for part in index.parts_of.get(subject, ()):
        property_, date = index.ontology.properties[part.property], _date(index, part.id)
        if date and property_.opens and (begin is None or begin.begins_after(date)):
            begin = date
        if date and property_.closes:
            end = date
    return _Life(begin, end)


def _time(index: Index, subject: str) -> Interval | None:
    """Return the time of a subject: its date, else first to last part, else its owner's."""
    own = _date(index, subject)
    if own:
        return own
    owned = index.parts_of.get(subject, ())
    dates = [d for d in (_date(index, part.id) for part in owned) if d]
    if dates:
        starts = [d.earliest for d in dates if d.earliest]
        ends = [d.latest for d in dates if d.latest]
        is_over = _life(index, subject).end or any(part.property in _MOMENTS for part in owned)
        latest = max(ends) if is_over and len(ends) == len(dates) else None
        return Interval(min(starts) if starts else None, latest, 0)
    part = index.parts.get(subject)
    return _time(index, part.owner) if part else None
