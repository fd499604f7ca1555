"""Every canned question gives its whole expected answer on three engines.

The expected answers are in ``tests/answers``: ``NAME.tsv`` for the question as its file stands, and
``NAME.example.tsv`` with each parameter bound to the example in its header. After a change of the
facts write them anew with ``python tests/write_answers.py``, and read the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from asking import serving
from rdflib.plugins.sparql import prepareQuery

import spacerace_kg
from spacerace_kg import paths, queries
from spacerace_kg.answers import Answer, Term
from spacerace_kg.store import EmbeddedStore, graph_files

FOLDER = paths.root() / "queries"
ANSWERS = Path(__file__).parent / "answers"
QUERIES = queries.read_all(FOLDER)
CASES = [
    pytest.param(name, example, id=f"{name}.example" if example else name)
    for name, query in QUERIES.items()
    for example in ([False, True] if query.parameters else [False])
]
TABLES = {
    "missions": "mission missionName nationName programmeName launch landing launchOutcome "
    "missionOutcome cosparId wikidata",
    "people": "person personName nationName birth death firstFlight wikidata",
    "crews": "mission missionName person personName role assignment direction",
    "agreements": "agreement agreementName kind signed inForce ended parties wikidata",
    "firsts": "first firstName nationName holder holderName date mission missionName "
    "criterion rivals",
    "events": "event eventName kind date earliest latest place",
    "spacewalks": "event person personName mission start end durationSeconds",
    "sources": "source sourceName statements",
    "conflicts": "entity property value rank source reason",
    "wikidata-links": "entity entityName class qid relation justification",
}


def examples(name: str) -> dict[str, object]:
    """Return the example value of each parameter of a question."""
    return {p.name: p.example for p in QUERIES[name].parameters.values()}


def expected(name: str, example: bool) -> str:
    """Return the expected answer as TSV."""
    return (ANSWERS / f"{name}{'.example' if example else ''}.tsv").read_text("utf-8")


# rdflib joins conditions of every kind with everything: over the whole graph this takes it minutes.
# It is asked of a slice of it, which both engines read.
SLICED = [case for case in CASES if case.values[0] == "recomputed-firsts"]
SLICE = (
    "vostok", "voskhod", "mercury", "soyuz-1978", "nations", "space-race", "us-soviet", "goals",
    "soviet-spacefarers-1960", "interkosmos-and-guests", "us-astronauts-1959-1963", "crewed-soviet",
)  # fmt: skip


def rdflib_graph(kg: spacerace_kg.KnowledgeGraph) -> rdflib.Graph:
    """Return a graph's triples in rdflib's own memory store, their texts unchanged."""
    rdflib.NORMALIZE_LITERALS = False
    return kg.graph()


@pytest.fixture(scope="session")
def graph(kg: spacerace_kg.KnowledgeGraph) -> rdflib.Graph:
    """Return the whole graph in rdflib, claims and all."""
    return rdflib_graph(kg)


@pytest.fixture(scope="session")
def small(root: Path) -> tuple[EmbeddedStore, rdflib.Graph]:
    """Return a slice of the graph, claims and all, in Oxigraph and in rdflib."""
    ontology, *files = graph_files(root)
    store = EmbeddedStore.in_memory([ontology, *(f for f in files if Path(f).stem in SLICE)])
    return store, rdflib_graph(spacerace_kg.KnowledgeGraph(store))


@pytest.fixture(scope="session")
def endpoint(
    kg: spacerace_kg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Start a real Oxigraph server on loopback that holds the whole graph; return its endpoint."""
    data = tmp_path_factory.mktemp("oxigraph") / "data"
    kg.store.store.backup(str(data))  # type: ignore[union-attr]
    with serving(data) as url:
        yield url


@pytest.fixture(scope="session")
def remote(endpoint: str) -> spacerace_kg.KnowledgeGraph:
    """Return a connection over HTTP, through SPARQLWrapper."""
    return spacerace_kg.connect(endpoint)


def test_every_question_has_its_answer_files_and_no_others() -> None:
    wanted = {f"{p.id}.tsv" for p in CASES}
    assert wanted == {path.name for path in ANSWERS.iterdir()}


@pytest.mark.parametrize(("name", "example"), CASES)
def test_embedded_gives_the_expected_answer(
    kg: spacerace_kg.KnowledgeGraph, name: str, example: bool
) -> None:
    answer = kg.ask(name, **(examples(name) if example else {}))
    assert answer.to_tsv() == expected(name, example)


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_real_server_gives_the_expected_answer(
    remote: spacerace_kg.KnowledgeGraph, name: str, example: bool
) -> None:
    answer = remote.ask(name, **(examples(name) if example else {}))
    assert answer.to_tsv() == expected(name, example)


@pytest.mark.parametrize(("name", "example"), [case for case in CASES if case not in SLICED])
def test_rdflib_gives_the_expected_answer(
    kg: spacerace_kg.KnowledgeGraph, graph: rdflib.Graph, name: str, example: bool
) -> None:
    text = kg.text(QUERIES[name], examples(name) if example else {})
    assert _by_rdflib(graph, text).to_tsv() == expected(name, example)


@pytest.mark.parametrize(("name", "example"), SLICED)
def test_rdflib_agrees_on_a_slice_of_the_graph(
    kg: spacerace_kg.KnowledgeGraph,
    small: tuple[EmbeddedStore, rdflib.Graph],
    name: str,
    example: bool,
) -> None:
    text = kg.text(QUERIES[name], examples(name) if example else {})
    store, graph = small
    # The slice has dangling references, so that rows may tie in their order.
    ours, theirs = store.select(text), _by_rdflib(graph, text)
    assert theirs.columns == ours.columns
    assert sorted(theirs.to_tsv().splitlines()) == sorted(ours.to_tsv().splitlines())


def _by_rdflib(graph: rdflib.Graph, text: str) -> Answer:
    result = graph.query(text)
    columns = [str(variable) for variable in result.vars or ()]
    return Answer(columns, [tuple(map(_term, row)) for row in result])  # type: ignore[arg-type]


def _term(term: object) -> Term | None:
    if isinstance(term, rdflib.URIRef):
        return Term("iri", str(term))
    if isinstance(term, rdflib.Literal):
        return Term("literal", str(term), str(term.datatype or ""), (term.language or "").lower())
    return None


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_says_what_it_asks(name: str) -> None:
    query = QUERIES[name]
    assert query.summary.endswith("?")
    assert query.description.endswith(".")
    assert query.tags
    for parameter in query.parameters.values():
        assert parameter.takes()
        assert parameter.description.endswith(".")
        assert parameter.example


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_is_standard_sparql_with_a_total_order(name: str) -> None:
    text = QUERIES[name].text
    prepareQuery(text)
    assert "SERVICE" not in text
    assert "\nORDER BY " in text


@pytest.mark.parametrize(("name", "example"), CASES)
def test_no_two_rows_of_an_answer_are_the_same(name: str, example: bool) -> None:
    lines = expected(name, example).splitlines()
    assert len(lines) == len(set(lines))


def test_every_answer_has_a_row() -> None:
    empty = [case.id for case in CASES if expected(*case.values).count("\n") < 2]
    assert empty == []


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_that_programs_rely_on_have_their_columns(
    kg: spacerace_kg.KnowledgeGraph, name: str
) -> None:
    wanted = TABLES[name].split()
    assert kg.ask(name).columns[: len(wanted)] == wanted
