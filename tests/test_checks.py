"""Each rule of ``queries/checks`` against a graph that breaks it, and all against the record.

What a rule must say of its bad graph, word for word, stands in the comments at the graph's head.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import spacerace_kg
from spacerace_kg import queries, rules
from spacerace_kg.answers import Term
from spacerace_kg.names import shorten
from spacerace_kg.store import EmbeddedStore

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RULES = queries.read_all(ROOT / "queries" / "checks")


def store_of(name: str) -> EmbeddedStore:
    """Return the ontology and a rule's bad graph in a store."""
    bad = HERE / "checks" / f"{name}.ttl"
    return EmbeddedStore.in_memory([ROOT / "ontology" / "spacerace.ttl", bad])


def test_every_rule_has_a_bad_graph_and_every_bad_graph_a_rule() -> None:
    assert sorted(RULES) == sorted(path.stem for path in (HERE / "checks").glob("*.ttl"))
    assert len(RULES) >= 18


def cell(term: Term | None) -> str:
    """Return a term as the heads of the bad graphs write it, a blank node without its name."""
    return "_:" if term and term.kind == "bnode" else shorten(term.text) if term else ""


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_every_bad_entity_of_its_graph_and_no_good_one(name: str) -> None:
    text = (HERE / "checks" / f"{name}.ttl").read_text("utf-8")
    expected = re.findall(r"^# expect: (.+)$", text, re.MULTILINE)
    answer = store_of(name).select(RULES[name].text)
    assert sorted(" ".join(map(cell, row)).strip() for row in answer.terms) == expected
    told = {re.split(r"[ /]", row)[0] for row in expected} - {"_:"}
    assert sorted(told) == sorted(set(re.findall(r"\bid:(bad[\w-]*)", text)))


def test_the_record_breaks_no_rule() -> None:
    assert list(rules.broken(spacerace_kg.connect(in_memory=True))) == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_nothing_in_the_ontology_alone(name: str) -> None:
    store = EmbeddedStore.in_memory([ROOT / "ontology" / "spacerace.ttl"])
    assert store.select(RULES[name].text).terms == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_in_sentences_what_is_wrong_and_what_to_do(name: str) -> None:
    rule = RULES[name]
    assert sorted(rule.header) == ["problem", "remedy"]
    assert [text for text in rule.header.values() if not re.fullmatch(r"[A-Z].*\.", text)] == []
    assert store_of(name).select(rule.text).columns == ["entity", "property", "value"]
