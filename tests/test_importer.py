"""What is meant to be in a store, compared with what is: by counts, by heaps, by value."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from asking import make_root

from spacerace_kg.answers import Answer, Term
from spacerace_kg.errors import DataError
from spacerace_kg.importer.compare import compare
from spacerace_kg.importer.counting import XSD, count, counts, differences
from spacerace_kg.importer.fingerprint import is_read_back, triple_by_triple
from spacerace_kg.importer.meant import Meant, named
from spacerace_kg.importer.probe import probe_triples, probes
from spacerace_kg.store import EmbeddedStore

S, P = ox.NamedNode("https://example.org/s"), ox.NamedNode("https://example.org/p")


def typed(text: str, datatype: str) -> ox.Literal:
    """Return a literal of XML Schema."""
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def asked(triples: Iterable[ox.Triple]) -> EmbeddedStore:
    """Return a store that holds these triples."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return EmbeddedStore(store)


TRIPLES = [
    ox.Triple(S, P, ox.NamedNode("https://example.org/o")),
    ox.Triple(S, P, ox.Literal("Sputnik")),
    ox.Triple(S, P, ox.Literal("Спутник", language="ru")),
    ox.Triple(S, P, ox.Literal("line\nbreak")),
    ox.Triple(S, P, typed("83.6", "decimal")),
    ox.Triple(S, P, typed("4294967296", "integer")),
    ox.Triple(S, P, typed("42", "integer")),
    ox.Triple(S, P, typed("true", "boolean")),
    ox.Triple(S, P, typed("1957-10-04T19:28:34Z", "dateTime")),
]


def test_the_same_triples_are_the_same() -> None:
    found = triple_by_triple(lambda: TRIPLES, asked(TRIPLES).select)
    assert found == (9, 9, [], set())
    assert [is_read_back(t) for t in TRIPLES] == [
        False, False, True, True, True, True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(len(TRIPLES)))
def test_every_kind_of_triple_is_missed_and_named(place: int) -> None:
    some = TRIPLES[:place] + TRIPLES[place + 1 :]
    found = triple_by_triple(lambda: TRIPLES, asked(some).select)
    assert (found.meant, found.found, found.differ) == (9, 8, [f"missing: {TRIPLES[place]}"])
    found = triple_by_triple(lambda: some, asked(TRIPLES).select)
    assert (found.meant, found.found, len(found.differ)) == (8, 9, 1)
    assert found.differ[0].startswith(f"too many: {S} {P} ")


def test_a_value_written_in_another_way_is_equal_and_said_so() -> None:
    """Oxigraph itself keeps 83.60 as 83.6."""
    other = [*TRIPLES[:4], ox.Triple(S, P, typed("83.60", "decimal")), *TRIPLES[5:]]
    found = triple_by_triple(lambda: other, asked(other).select)
    assert found.differ == []
    assert found.quirks == {"decimal is written in another way; equal in value"}


def test_many_heaps_that_differ_are_counted_and_a_few_named() -> None:
    many = [ox.Triple(S, P, ox.Literal(f"text {n}")) for n in range(3000)]
    found = triple_by_triple(lambda: many, asked([]).select)
    assert (found.meant, found.found) == (3000, 0)
    assert found.differ[0].startswith("missing: <https://example.org/s> ")
    assert found.differ[-1].startswith("and 2,") or found.differ[-1].startswith("and 1,")


def test_what_is_read_back_comes_in_pages() -> None:
    """More than a store gives at once: each page once, nothing between them."""
    pages = []
    many = [
        ox.Triple(ox.NamedNode(f"https://example.org/{n}"), P, typed(f"{n}.5", "decimal"))
        for n in range(20_000)
    ]
    store = asked(many)

    def select(text: str) -> Answer:
        answer = store.select(text)
        pages.append(len(answer))
        return answer

    assert triple_by_triple(lambda: many, select) == (20_000, 20_000, [], set())
    assert sum(pages) == 20_000
    assert max(pages) < 10_000


def literal(text: str, datatype: str = "string", language: str = "") -> Term:
    return Term("literal", text, XSD + datatype, language)


@pytest.mark.parametrize(
    ("meant", "found", "said"),
    [
        (literal("1"), literal("1"), ""),
        (literal("1", "integer"), literal("1.0", "decimal"),
         "integer comes back as decimal; equal in value"),
        (literal("true", "boolean"), literal("1", "boolean"),
         "boolean is written in another way; equal in value"),
        (literal("1957-10-04T00:00:00Z", "dateTime"),
         literal("1957-10-04T00:00:00.000Z", "dateTime"),
         "dateTime is written in another way; equal in value"),
        (literal("a", language="en-GB"), literal("a", language="en-gb"),
         "language tags change case; equal in value"),
        (literal("a", language="en"), literal("a"), "meant 'a'@en, found 'a'^^string"),
        (literal("e\u0301"), literal("\u00e9"), "meant 'e\u0301'^^string, found '\u00e9'^^string"),
        (literal("1", "integer"), literal("2", "integer"),
         "meant '1'^^integer, found '2'^^integer"),
        (Term("iri", "urn:a"), literal("urn:a"), "meant 'urn:a', found 'urn:a'^^string"),
        (literal("a"), None, "meant 'a'^^string, found nothing"),
        (None, literal("a"), "meant nothing, found 'a'^^string"),
        (literal("1"), literal("1", "integer"), "meant '1'^^string, found '1'^^integer"),
        (literal("urn:a", "anyURI"), literal("urn:a"),
         "meant 'urn:a'^^anyURI, found 'urn:a'^^string"),
    ],
)  # fmt: skip
def test_terms_are_compared_by_value(meant: Term | None, found: Term | None, said: str) -> None:
    assert compare(meant, found) == said


def test_counts_asked_are_the_counts_made() -> None:
    triples = [*TRIPLES, *probe_triples()]
    assert differences(count(triples), counts(asked(triples).select)) == []
    differ = differences(count(triples), counts(asked(TRIPLES).select))
    assert differ[0] == ("triples", "", len(triples), len(TRIPLES))
    assert ("language", "ar", 1, 0) in differ


def test_the_probe_set_has_what_stores_are_known_to_change() -> None:
    literals = [probe.literal for probe in probes()]
    assert any(max(map(ord, lit.value), default=0) > 0xFFFF for lit in literals)
    assert max(len(lit.value) for lit in literals) == 100_000
    kinds = {lit.datatype.value.removeprefix(XSD) for lit in literals if not lit.language}
    assert kinds == {
        "string", "boolean", "integer", "decimal", "dateTime", "anyURI", "nonNegativeInteger",
    }  # fmt: skip
    assert len({probe.name for probe in probes()}) == len(literals)


def test_blank_nodes_get_the_same_names_every_time() -> None:
    def some(*names: str) -> list[ox.Triple]:
        one, two = map(ox.BlankNode, names)
        return [ox.Triple(one, P, two), ox.Triple(two, P, ox.Literal("end"))]

    assert named(some("a", "b")) == named(some("z", "y"))
    assert "genid" in str(named(some("a", "b"))[0].subject)


def test_files_that_change_meanwhile_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "graph" / "turtle" / "plain" / "a.ttl"
    path.parent.mkdir(parents=True)
    path.write_text('<urn:a> <urn:b> "1" .')
    with Meant(tmp_path, ("plain",)) as meant:
        meant.steady()
        path.write_text('<urn:a> <urn:b> "2" .')
        with pytest.raises(DataError, match="have changed"):
            meant.steady()


def test_what_a_killed_load_left_is_cleared_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    left = [tmp_path / "temporary" / f"spacerace-meant-{name}" for name in ("old", "new")]
    for folder in left:
        folder.mkdir(parents=True)
    os.utime(left[0], (0, 0))
    with Meant(make_root(tmp_path / "root"), ("plain",)) as meant:
        assert len(meant.store) > 0
        assert not left[0].exists()
        assert len(list((tmp_path / "temporary").iterdir())) == 2
    assert list((tmp_path / "temporary").iterdir()) == [left[1]]
