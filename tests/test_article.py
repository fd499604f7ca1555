"""Each claim of the starting article, S1 to S25, is in the graph, with better sources beside it."""

from __future__ import annotations

import pytest

import spacerace_kg

ARTICLE = "wikipedia-space-race"

# claim, subject, property, value (an id or the beginning of a text), place in the article
CLAIMS = [
    ("S1", "space-race", "participant", "soviet-union", "paragraph 1, sentence 1"),
    ("S1", "space-race", "participant", "united-states", "paragraph 1, sentence 1"),
    ("S2", "nuclear-arms-race", "ledTo", "space-race", "paragraph 1, sentence 2"),
    ("S3", "space-race", "assessment", "Each government held", "paragraph 1, sentence 3"),
    ("S4", "space-race", "enabled", "sputnik-1/launch", "paragraph 1, sentence 4"),
    ("S4", "space-race", "enabled", "explorer-1/launch", "paragraph 1, sentence 4"),
    ("S5", "space-race", "enabled", "luna-1/launch", "paragraph 1, sentence 4"),
    ("S5", "space-race", "enabled", "venera-1/launch", "paragraph 1, sentence 4"),
    ("S5", "space-race", "enabled", "mars-1/launch", "paragraph 1, sentence 4"),
    ("S6", "space-race", "enabled", "vostok-1/launch", "paragraph 1, sentence 4"),
    ("S6", "space-race", "enabled", "apollo-8/launch", "paragraph 1, sentence 4"),
    ("S6", "space-race", "enabled", "apollo-11/surfaceLanding", "paragraph 1, sentence 4"),
    ("S7", "space-race/beginning", "date", "1955-08-02", "paragraph 2, sentence 1"),
    ("S8", "us-satellite-announcement", "date", "1955-07-29", "paragraph 2, sentence 1"),
    ("S9", "us-satellite-goal", "statement", "Launch small satellites", "paragraph 2, sentence 1"),
    ("S10", "igy", "date", "1957-07-01/1958-12-31", "paragraph 2, sentence 1"),
    ("S11", "soviet-satellite-announcement", "agent", "soviet-union", "paragraph 2, sentence 1"),
    (
        "S11",
        "soviet-satellite-announcement",
        "text",
        "in the near future",
        "paragraph 2, sentence 1",
    ),
    (
        "S12",
        "first-artificial-satellite",
        "achievedBy",
        "sputnik-1/launch",
        "paragraph 2, sentence 2",
    ),
    ("S12", "sputnik-1/launch", "date", "1957-10-04", "paragraph 2, sentence 2"),
    ("S13", "first-human-in-space", "holder", "yuri-gagarin", "paragraph 2, sentence 2"),
    ("S13", "vostok-1/launch", "date", "1961-04-12", "paragraph 2, sentence 2"),
    (
        "S14",
        "first-day-long-spaceflight",
        "achievedBy",
        "vostok-2/landing",
        "paragraph 2, sentence 3",
    ),
    (
        "S15",
        "first-multi-person-flight",
        "achievedBy",
        "voskhod-1/launch",
        "paragraph 2, sentence 3",
    ),
    ("S16", "first-spacewalk", "achievedBy", "voskhod-2/spacewalk/1", "paragraph 2, sentence 3"),
    (
        "S17",
        "kennedy-moon-speech-1961",
        "text",
        "landing a man on the Moon",
        "paragraph 3, sentence 1",
    ),
    ("S18", "space-race", "assessment", "The Soviet Union lost its", "paragraph 3, sentence 1"),
    ("S19", "summary-of-results-1972/signing", "date", "1972-04", "paragraph 4, sentence 1"),
    ("S20", "joint-docking-goal", "metBy", "soyuz-19/docking/first", "paragraph 4, sentence 1"),
    ("S21", "apas-75", "developer", "nasa", "paragraph 4, sentence 1"),
    (
        "S22",
        "space-cooperation-transition",
        "assessment",
        "Apollo-Soyuz",
        "paragraph 4, sentence 2",
    ),
    ("S23", "soviet-union/ending", "date", "1991-12", "paragraph 4, sentence 2"),
    ("S24", "soviet-union/ending", "ledTo", "cold-war-end", "paragraph 4, sentence 2"),
    ("S25", "soviet-union/ending", "enabled", "shuttle-mir-programme", "paragraph 4, sentence 2"),
    ("S25", "soviet-union/ending", "enabled", "iss-programme", "paragraph 4, sentence 2"),
]
# What only the article says in these words: its judgements, for which the record has facts instead.
ALONE = {"S4", "S5", "S6", "S18", "S22", "S24"}
# Where better sources differ: the value that the plain layer gives, the rivals, those ruled out.
BETTER: list[tuple[str, str, str, str, set[str], set[str]]] = [
    ("S7", "space-race/beginning", "date", "1955-08-02",
     {"1955-07-29", "1955-08-30", "1957-10-04"}, set()),
    ("S8", "us-satellite-announcement", "date", "1955-07-29", {"1955-07-28"}, {"1955-07-30"}),
    ("S19", "summary-of-results-1972/signing", "date", "1972-04-06", {"1972-04"}, set()),
    ("S19", "apollo-soyuz-test-project/beginning", "date", "1972-05-24", {"1972-04"}, set()),
    ("S23", "soviet-union/ending", "date", "1991-12-26",
     {"1991-12", "1991-12-08", "1991-12-21", "1991-12-25"}, set()),
    ("S3", "nsc-5520", "date", "1955-05-26", {"1955-05-27"}, set()),
    ("S11", "soviet-satellite-announcement", "date", "1955-08-02", set(), {"1956-09"}),
    ("S12", "sputnik-1/launch", "date", "1957-10-04T19:28:34Z", {"1957-10-04"}, set()),
    ("S13", "first-human-in-space", "holder", "yuri-gagarin",
     {"alan-shepard", "john-glenn"}, set()),
    ("S13", "vostok-1/launch", "date", "1961-04-12T06:07Z", {"1961-04-12"}, set()),
    ("S13", "vostok-1/landing", "date", "1961-04-12T07:55Z",
     {"1961-04-12T07:53Z", "1961-04-12T07:56Z"}, set()),
    ("S16", "voskhod-2/spacewalk/1", "durationSeconds", "729", {"1200", "1380"}, set()),
    ("S20", "soyuz-19/docking/first", "date", "1975-07-17T16:09Z",
     {"1975-07-17T16:12Z"}, {"1975-07-17T16:19:09Z"}),
    ("S24", "cold-war-end", "date", "1991-12-26",
     {"1989-11-09", "1989-12-03", "1990-11-21", "1991-12", "1992-02-01"}, set()),
]  # fmt: skip
# The dates, holders and numbers behind each claim, on the word of others than the article: claim,
# subject, property, the only value.
FACTS = [
    ("S2", "r-7-first-full-range-flight", "date", "1957-08-21"),
    ("S2", "sputnik-1/launch", "launchVehicle", "sputnik-8k71ps"),
    ("S4", "sputnik-1/launch", "date", "1957-10-04T19:28:34Z"),
    ("S4", "explorer-1/launch", "date", "1958-02-01T03:47:56Z"),
    ("S5", "luna-1/launch", "date", "1959-01-02T16:41:21Z"),
    ("S5", "venera-1/launch", "date", "1961-02-12T00:34:36Z"),
    ("S5", "mars-1/launch", "date", "1962-11-01T16:14:16Z"),
    ("S6", "apollo-11/surfaceLanding", "date", "1969-07-20T20:17:40Z"),
    ("S9", "us-satellite-goal", "metBy", "explorer-1/launch"),
    ("S10", "igy", "date", "1957-07-01/1958-12-31"),
    ("S12", "first-artificial-satellite", "nation", "soviet-union"),
    ("S13", "vostok-1/launch", "date", "1961-04-12T06:07Z"),
    ("S14", "vostok-2", "durationSeconds", "91080"),
    ("S15", "voskhod-1/launch", "date", "1964-10-12T07:30:01Z"),
    ("S15", "voskhod-1", "crewSize", "3"),
    (
        "S16",
        "voskhod-2/spacewalk/1",
        "date",
        "1965-03-18T08:34:51Z/1965-03-18T08:47:00Z",
    ),
    ("S17", "kennedy-moon-speech-1961", "date", "1961-05-25"),
    ("S18", "first-humans-on-the-moon", "nation", "united-states"),
    ("S19", "space-cooperation-agreement-1972/signing", "date", "1972-05-24"),
    ("S20", "joint-docking-goal", "goalOutcome", "met"),
    ("S22", "space-agreement-lapse-1982", "date", "1982-05-24"),
    ("S25", "space-cooperation-agreement-1992/signing", "date", "1992-06-17"),
    ("S25", "iss-intergovernmental-agreement-1998/signing", "date", "1998-01-29"),
]


def _claims(
    kg: spacerace_kg.KnowledgeGraph, subject: str, property_: str
) -> list[tuple[str, str, str, str, str]]:
    """Return value, rank, source, locator and reason of each claim on one property."""
    wanted = f"https://w3id.org/spacerace/ontology#{property_}"
    rows = kg.ask("claims", entity=subject, about=property_).rows
    return [
        (_short(value), str(rank), _short(source), str(locator or ""), str(reason or ""))
        for about, on, value, rank, source, _, locator, reason, *_ in rows
        if _short(about) == subject and on == wanted
    ]


def _short(value: object) -> str:
    return value.short if isinstance(value, spacerace_kg.Iri) else str(value)


@pytest.mark.parametrize(("claim", "subject", "property_", "value", "place"), CLAIMS)
def test_the_article_is_cited_for_each_of_its_claims(
    kg: spacerace_kg.KnowledgeGraph,
    claim: str,
    subject: str,
    property_: str,
    value: str,
    place: str,
) -> None:
    rows = _claims(kg, subject, property_)
    cited = {v: at for v, _, source, at, _ in rows if source == ARTICLE and v.startswith(value)}
    assert list(cited.values()) == [place], claim


@pytest.mark.parametrize(("claim", "subject", "property_", "value", "place"), CLAIMS)
def test_better_sources_stand_beside_the_article(
    kg: spacerace_kg.KnowledgeGraph,
    claim: str,
    subject: str,
    property_: str,
    value: str,
    place: str,
) -> None:
    others = {source for _, _, source, *_ in _claims(kg, subject, property_)} - {ARTICLE}
    assert bool(others) or claim in ALONE


@pytest.mark.parametrize(("claim", "subject", "property_", "value", "rivals", "wrong"), BETTER)
def test_where_sources_differ_the_better_one_is_preferred_with_a_reason(
    kg: spacerace_kg.KnowledgeGraph,
    claim: str,
    subject: str,
    property_: str,
    value: str,
    rivals: set[str],
    wrong: set[str],
) -> None:
    rows = _claims(kg, subject, property_)
    found = {rank: {v for v, r, *_ in rows if r == rank} for _, rank, *_ in rows}
    expected = {"preferred": {value}, "normal": rivals, "deprecated": wrong}
    assert found == {rank: values for rank, values in expected.items() if values}, claim
    reasons = {v: reason for v, rank, _, _, reason in rows if rank != "normal"}
    assert [v for v, reason in reasons.items() if len(reason.split()) < 3] == []


@pytest.mark.parametrize(("claim", "subject", "property_", "value"), FACTS)
def test_the_fact_behind_the_claim_rests_on_others_than_the_article(
    kg: spacerace_kg.KnowledgeGraph, claim: str, subject: str, property_: str, value: str
) -> None:
    rows = _claims(kg, subject, property_)
    others = [row for row in rows if row[2] != ARTICLE]
    assert {v for v, *_ in others} == {value}, claim


def test_every_claim_of_the_article_has_a_case() -> None:
    assert {claim for claim, *_ in CLAIMS} == {f"S{number}" for number in range(1, 26)}
