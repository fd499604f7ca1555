"""Parameters are bound by term: no value changes a query's shape, and what does not fit is told."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from asking import small_graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from spacerace_kg import DataError, KnowledgeGraph, UsageError, cli, queries
from spacerace_kg.answers import Iri
from spacerace_kg.binding import TYPES, Parameter, bind
from spacerace_kg.names import ID, SR
from spacerace_kg.queries import Query

PARAMETERS = {
    kind: Parameter("given", kind, "", "", words=("exact", "close")) for kind in TYPES
} | {"id of Nation": Parameter("given", "id", "", "", of="Nation")}

PLAIN = """PREFIX sr: <https://w3id.org/spacerace/ontology#>
SELECT ?given ?s WHERE {
  VALUES ?given { UNDEF }
  VALUES ?other { UNDEF }
  OPTIONAL { ?s sr:nation ?given }
}
ORDER BY ?s"""
DATED = PLAIN.replace("?given { UNDEF }", "(?givenEarliest ?givenLatest) { (UNDEF UNDEF) }")

TEXTS = [
    "",
    " ",
    '"',
    "'",
    '""',
    '"""',
    "'''",
    'a" } UNION { ?s ?p ?o } #',
    'Vostok" . ?s ?p "x',
    '" } } UNION { { ?s ?p "',
    "} UNION {",
    "UNDEF) } #",
    "UNDEF } VALUES ?other { 1",
    "UNDEF",
    "(UNDEF UNDEF) (UNDEF UNDEF)",
    "# comment",
    "id:vostok-1 # comment",
    "id:vostok-1 id:vostok-2",
    "\\",
    '\\"',
    "\\\\",
    "\\u0022",
    "\\\\u0022 } #",
    "\\U00000022",
    "\\u007D UNION \\u007B",
    "line\nbreak",
    "carriage\rreturn",
    "tab\there",
    "trailing\n",
    "\nleading",
    "{ }",
    "{{{{{{",
    "}}}}}}",
    "?given",
    "$given",
    "_:blank",
    "[]",
    "()",
    "<https://w3id.org/spacerace/id/vostok-1>",
    "<http://example.org/a b>",
    'http://example.org/"quoted"',
    "http://example.org/<angle>",
    "https://w3id.org/spacerace/id/vostok-1",
    "https://w3id.org/spacerace/id/id:vostok-1",
    "https://w3id.org/spacerace/id/vostok-1> } #",
    "https://w3id.org/spacerace/ontology#launch",
    "https://evil.example/vostok-1",
    "javascript:alert(1)",
    "SELECT * WHERE { ?s ?p ?o }",
    "ASK {}",
    "DROP ALL",
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "} SERVICE <http://127.0.0.1:9/> { ?s ?p ?o",
    "x" * 200,
    "x" * 201,
    "9" * 16,
    "9" * 1000,
    "y" * 1_000_000,
    "\u202evostok-1",
    "vostok\u200b-1",
    "vostok\u00ad-1",
    "vostok\u00a0-1",
    "vostok\u2028-1",
    "\ufeffvostok-1",
    "vostok\x07-1",
    "vostok\x1b[31m-1",
    "vostok-1\x00",
    "\x00",
    "\ud800",
    "vostok\udcff",
    "１２３",
    "١٢٣",
    "१९६१",
    "²",
    "１９６１",
    "id:../../etc/passwd",
    "../../etc/passwd",
    "vostok-1/../vostok-2",
    "id:vostok-1/",
    "/vostok-1",
    "vostok-1//launch",
    "id:vostok-1\\/launch",
    "vostok-1%2Flaunch",
    "vostok%20-1",
    "id:vostok-1",
    "vostok-1",
    "vostok-1/launch",
    "Vostok-1",
    "sr:launch",
    "sr:Mission",
    "launch",
    "Mission",
    "label",
    "sr:launch/sr:date",
    "launch|landing",
    "^launch",
    "rdfs:label",
    "xsd:integer",
    'en"@de',
    "en-US",
    "EN",
    "en-",
    "en_US",
    '"Vostok"@en',
    '"1"^^xsd:integer',
    "Q80806",
    "wd:Q80806",
    "http://www.wikidata.org/entity/Q80806",
    "https://www.wikidata.org/wiki/Q80806",
    "https://evil.example/Q80806",
    "} UNION {/Q80806",
    'Q80806" } #',
    "Q80806 } UNION { ?s ?p ?o",
    "Q0",
    "Q1234567890123",
    "q80806",
    "P31",
    "exact",
    "exact ",
    "EXACT",
    "exact close",
    "0",
    "-0",
    "+7",
    "007",
    "-30",
    "1.5",
    "1e9",
    "0x10",
    "1_000",
    "NaN",
    "inf",
    "-INF",
    "true",
    "30 } #",
    "1961",
    "1961-04",
    "1961-04-12",
    "1961-04-12T06:07Z",
    "1961-04-12T06:07:30Z",
    "1961/1962",
    "1961/..",
    "../1961",
    "../..",
    "1961~",
    "196X",
    "1961-21",
    "1968-13-21",
    "1961-02-30",
    "1961-04-12T06:07",
    "1961-04-12T06:07+03:00",
    "0000",
    "0001~",
    "9999",
    "9999-12",
    "9999-12-31",
    "1962/1961",
    '1961" } #',
    "1961) (UNDEF",
    "1961-04-12T06:07Z } UNION { ?s ?p ?o",
    "-0001",
    "y-170000002",
    "[1667,1668,1670..1672]",
    "{1667,1668}",
    "((((((((((((((((((((",
]
OBJECTS = [
    None,
    True,
    False,
    1.5,
    30.0,
    float("nan"),
    float("inf"),
    Decimal("30"),
    10**15,
    10**5000,
    b"vostok-1",
    bytearray(b"vostok-1"),
    ["vostok-1"],
    ("vostok-1", "vostok-2"),
    {"vostok-1"},
    {"vostok-1": 1},
    object(),
    str,
    lambda: "vostok-1",
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    timedelta(days=30),
]

# What each type takes of all that; for text see `is_visible`.
TAKEN = {
    "id": {
        "https://w3id.org/spacerace/id/vostok-1": "vostok-1",
        "id:vostok-1": "vostok-1",
        "vostok-1": "vostok-1",
        "vostok-1/launch": "vostok-1/launch",
    }
    # These are no ids, but look like some; the graph says that they do not exist.
    | {
        text: text
        for text in [
            "x" * 200, "9" * 16, "launch", "label", "exact", "0", "007", "1961", "1961-04",
            "1961-04-12", "true", "1961/1962", "inf", "1961-21", "1968-13-21", "1961-02-30",
            "0000", "9999",
            "9999-12", "9999-12-31", "1962/1961", "1e9", "0x10", "q80806", "y-170000002",
        ]
    },
    "integer": {
        "0": 0, "-0": 0, "+7": 7, "007": 7, "-30": -30, "1961": 1961, "0000": 0,
        "9999": 9999, "-0001": -1,
    },
    "language": {"en-US": "en-us", "EN": "en", "NaN": "nan", "inf": "inf"},
    "qid": dict.fromkeys(
        [
            "Q80806", "wd:Q80806", "http://www.wikidata.org/entity/Q80806",
            "https://www.wikidata.org/wiki/Q80806",
        ],
        "Q80806",
    ),
    "word": {"exact": "exact"},
    "property": {
        "https://w3id.org/spacerace/ontology#launch": "launch", "sr:launch": "launch",
        "launch": "launch", "label": "label", "x" * 200: "x" * 200, "exact": "exact",
        "true": "true", "inf": "inf",
        "q80806": "q80806",
    },
    "class": {
        "UNDEF": "UNDEF", "sr:Mission": "Mission", "Mission": "Mission", "EN": "EN",
        "Q80806": "Q80806", "Q0": "Q0", "Q1234567890123": "Q1234567890123", "P31": "P31",
        "EXACT": "EXACT",
        "NaN": "NaN",
    },
    "date": {
        "1961": ("1961-01-01T00:00:00Z", "1961-12-31T23:59:59Z"),
        "1961-04": ("1961-04-01T00:00:00Z", "1961-04-30T23:59:59Z"),
        "1961-04-12": ("1961-04-12T00:00:00Z", "1961-04-12T23:59:59Z"),
        "1961-04-12T06:07Z": ("1961-04-12T06:07:00Z", "1961-04-12T06:07:59Z"),
        "1961-04-12T06:07:30Z": ("1961-04-12T06:07:30Z", "1961-04-12T06:07:30Z"),
        "1961/1962": ("1961-01-01T00:00:00Z", "1962-12-31T23:59:59Z"),
        "1961/..": ("1961-01-01T00:00:00Z", None),
        "../1961": (None, "1961-12-31T23:59:59Z"),
        "1961~": ("1960-01-01T00:00:00Z", "1962-12-31T23:59:59Z"),
        "196X": ("1960-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
        "1961-21": ("1961-03-01T00:00:00Z", "1961-05-31T23:59:59Z"),
        "9999": ("9999-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        "9999-12": ("9999-12-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        "9999-12-31": ("9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"),
        "[1667,1668,1670..1672]": ("1667-01-01T00:00:00Z", "1672-12-31T23:59:59Z"),
        "{1667,1668}": ("1667-01-01T00:00:00Z", "1668-12-31T23:59:59Z"),
    },
}  # fmt: skip
TAKEN["id of Nation"] = TAKEN["id"]


def exists(iri: str, class_: str) -> bool:
    """Say that everything exists: the worst that a graph can do to the binding."""
    return True


def known(class_: str, called: str = "") -> list[str]:
    return []


def is_visible(text: str) -> bool:
    """Say whether a text is what a text parameter takes, by the classes of its characters."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
    return 0 < len(text) <= 200 and all(
        c == " " or (c != "\\" and unicodedata.category(c) not in hidden) for c in text
    )


def shape(node: object, values: list[Any]) -> object:
    """Return a query's algebra without the rows of its VALUES, which it collects."""
    if isinstance(node, CompValue):
        if "res" in node:
            values.append(node.res)
        rest = sorted((key, shape(value, values)) for key, value in node.items() if key != "res")
        return (node.name, *rest)
    if isinstance(node, set | frozenset):
        return tuple(sorted(map(str, node)))
    if isinstance(node, list | tuple):
        return tuple(shape(each, values) for each in node)
    return repr(node)


def algebra(text: str) -> tuple[object, list[Any]]:
    values: list[Any] = []
    return shape(prepareQuery(text).algebra, values), values


def fill(kind: str, value: object) -> str:
    parameter = PARAMETERS[kind]
    text = DATED if parameter.type == "date" else PLAIN
    query = Query("test", text)
    query.__dict__["parameters"] = {"given": parameter}
    return query.fill({"given": value}, exists, known)


def expected(kind: str, text: str) -> dict[str, ox.NamedNode | ox.Literal]:
    """Return the terms to which a value must be bound, by variable."""
    if kind == "text":
        return {"given": ox.Literal(text)}
    value = TAKEN[kind][text]
    if kind == "date":
        instant = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
        ends = zip(("givenEarliest", "givenLatest"), value, strict=True)
        return {name: ox.Literal(end, datatype=instant) for name, end in ends if end}
    if kind.startswith("id"):
        return {"given": ox.NamedNode(ID + value)}
    if kind in ("property", "class"):
        label = "http://www.w3.org/2000/01/rdf-schema#label"
        return {"given": ox.NamedNode(label if value == "label" else SR + value)}
    return {"given": ox.Literal(value)}


def test_there_are_enough_hostile_values() -> None:
    assert len(set(TEXTS)) == len(TEXTS)
    assert len(TEXTS) + len(OBJECTS) > 170


@pytest.mark.parametrize("kind", PARAMETERS)
def test_a_text_is_bound_as_one_term_or_refused(kind: str) -> None:
    plain, slots = algebra(DATED if kind == "date" else PLAIN)
    taken = []
    for value in TEXTS:
        try:
            filled = fill(kind, value)
        except UsageError as error:
            told = str(error)
            takes = f" does not fit; it takes {PARAMETERS[kind].takes()}."
            assert (told[:7], takes in told, told.isprintable()) == ("given: ", True, True), value
            assert len(told) < 400
            continue
        taken.append(value)
        bound, rows = algebra(filled)
        assert bound == plain, value
        assert len(rows) == len(slots) == 2, value
        terms = expected(kind, value)
        wanted = {rdflib.Variable(name): term for name, term in terms.items()}
        first = next(row for row in rows if row != slots[1])
        assert len(first) == 1
        assert {
            name: str(term) for name, term in first[0].items() if isinstance(term, rdflib.term.Node)
        } == {name: term.value for name, term in wanted.items()}, value
        (solution,) = ox.Store().query(filled.replace("SELECT ?given ?s", "SELECT *"))
        assert {name: solution[name] for name in terms} == terms, value
    if kind == "text":
        assert taken == [value for value in TEXTS if is_visible(value)]
    else:
        assert sorted(taken) == sorted(TAKEN[kind])


@pytest.mark.parametrize("kind", PARAMETERS)
@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: type(value).__name__)
def test_an_object_that_is_no_text_number_or_day_is_refused(kind: str, value: object) -> None:
    if value == 10**15 and (kind == "text" or kind.startswith("id")):
        return  # a whole number is taken as its digits
    with pytest.raises(UsageError, match=re.escape(PARAMETERS[kind].takes())):
        fill(kind, value)


class Evil(str):
    """A text that claims to be another one, in every way that a text can be looked at."""

    def __str__(self) -> str:
        return '"} UNION {'

    def __format__(self, _: str) -> str:
        return '"} UNION {'

    def __getitem__(self, _: object) -> str:  # type: ignore[override]
        return '"} UNION {'

    def removeprefix(self, _: str) -> str:
        return "x> } #"

    def startswith(self, *_: object) -> bool:
        return False

    def isprintable(self) -> bool:
        return True

    def __contains__(self, _: object) -> bool:
        return False

    def __eq__(self, _: object) -> bool:
        return True

    __hash__ = str.__hash__


class Word(str, Enum):  # noqa: UP042 - whose text is not its value
    EXACT = "exact"


def test_a_text_is_what_it_holds_whatever_its_class_says() -> None:
    for kind, parameter in PARAMETERS.items():
        for text in TEXTS:
            told = []
            for value in (text, Evil(text)):
                try:
                    told.append(bind(parameter, value, exists, known))
                except UsageError as error:
                    told.append(str(error))
            assert told[0] == told[1], (kind, text)
    assert bind(PARAMETERS["word"], Word.EXACT, exists, known) == '"exact"'


@pytest.mark.parametrize("name", [None, b"firsts", 5, ["firsts"], Evil("../firsts"), "a\x00"])
def test_a_name_that_is_none_is_a_usage_error(small: KnowledgeGraph, name: object) -> None:
    with pytest.raises(UsageError, match=r" See: spacerace queries$"):
        small.ask(name)  # type: ignore[arg-type]
    assert small.ask(Evil("firsts")).columns == small.ask("firsts").columns


@pytest.mark.parametrize("text", [None, b"ASK {}", 5, ["ASK {}"]])
@pytest.mark.parametrize("timeout", [None, 10])
def test_a_query_that_is_no_text_is_a_usage_error(
    small: KnowledgeGraph, text: object, timeout: float | None
) -> None:
    with pytest.raises(
        UsageError, match=f"^A query is a text, and this is .* {type(text).__name__}"
    ):
        small.sparql(text, timeout=timeout)  # type: ignore[arg-type]


HEADERS = {
    "params: 5": "'params' in the header is no list.",
    "params: {name: a}": "'params' in the header is no list.",
    "params: [a]": "a parameter needs a name and a type: id, ",
    "params: [{name: a}]": "a parameter needs a name and a type: id, ",
    "params: [{name: a, type: evil}]": "a parameter needs a name and a type: id, ",
    "params: [{name: a, type: [id]}]": "a parameter needs a name and a type: id, ",
    "tags: 5": "'tags' in the header is no list.",
    "a: [": "the header is no YAML: ",
    "- a": "the header is no YAML: ",
    "a: !!python/object/apply:os.getcwd []": "the header is no YAML: ",
    "a: " + "[" * 5000: "the header is no YAML: ",
    "a: &a [x]\n#+ b: *a": "the header is no YAML: it uses an alias.",
}


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_a_header_that_is_none_is_told(header: str) -> None:
    query = Query("test", f"#+ {header}\nSELECT * {{ }}")
    with pytest.raises(DataError) as caught:
        assert query.parameters, query.tags
    assert str(caught.value).startswith(f"queries/test.rq: {HEADERS[header]}")
    assert "\n" not in str(caught.value)


def test_what_is_named_like_a_question_and_is_none_is_left_or_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.rq")
    (tmp_path / "folder.rq").mkdir()
    (tmp_path / "nothing.rq").symlink_to("/nowhere")
    assert queries.read_all(tmp_path) == {}
    (tmp_path / "latin.rq").write_bytes(b"# caf\xe9")
    with pytest.raises(DataError, match=r"latin\.rq cannot be read: .* Mend or remove it\.$"):
        queries.read(tmp_path, "latin")


def test_numbers_days_and_instants_are_taken_as_objects() -> None:
    def term(kind: str, value: object) -> str:
        return bind(PARAMETERS[kind], value, exists, known)

    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    instant = "^^<http://www.w3.org/2001/XMLSchema#dateTime>"
    assert term("integer", 30) == f'"30"{integer}'
    assert term("integer", -30) == f'"-30"{integer}'
    assert term("integer", ox.Literal("30").value) == f'"30"{integer}'
    day = f'("1961-04-12T00:00:00Z"{instant} "1961-04-12T23:59:59Z"{instant})'
    assert term("date", date(1961, 4, 12)) == day
    second = f'("1961-04-12T06:07:09Z"{instant} "1961-04-12T06:07:09Z"{instant})'
    moment = datetime(1961, 4, 12, 6, 7, 9, 999999)
    assert term("date", moment) == second
    assert term("date", moment.replace(tzinfo=UTC)) == second
    moscow = timezone(timedelta(hours=3))
    assert term("date", datetime(1961, 4, 12, 9, 7, 9, tzinfo=moscow)) == second
    assert term("date", 1961) == term("date", "1961")
    assert term("id", Iri(ID + "vostok-1")) == f"<{ID}vostok-1>"
    pytest.importorskip("numpy")
    import numpy

    assert term("integer", numpy.int64(30)) == f'"30"{integer}'


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (
            "id",
            "} UNION {",
            "given: '} UNION {' does not fit; it takes the id of a record."
            " To find an id: spacerace ask search text=…",
        ),
        (
            "id of Nation",
            "?x",
            "given: '?x' does not fit; it takes the id of a Nation."
            " To find an id: spacerace ask search text=…",
        ),
        ("integer", "1e9", "given: '1e9' does not fit; it takes a whole number."),
        ("integer", True, "given: bool does not fit; it takes a whole number."),
        ("integer", None, "given: NoneType does not fit; it takes a whole number."),
        ("integer", 1.5, "given: float does not fit; it takes a whole number."),
        ("integer", "１２３", "given: '１２３' does not fit; it takes a whole number."),
        ("language", 'en"@de', "given: 'en\"@de' does not fit; it takes a language tag."),
        ("qid", "P31", "given: 'P31' does not fit; "
         "it takes the id of a Wikidata item, Q and digits."),
        ("word", "EXACT", "given: 'EXACT' does not fit; it takes one of: exact, close."),
        (
            "class",
            "launch",
            "given: 'launch' does not fit; it takes the name of a class of the ontology.",
        ),
        (
            "property",
            "sr:launch/sr:date",
            "given: 'sr:launch/sr:date' does not fit; "
            "it takes the name of a property of the ontology.",
        ),
        (
            "text",
            "a\x00",
            "given: 'a\\x00' does not fit; "
            "it takes a text of at most 200 visible characters without backslash.",
        ),
        (
            "text",
            "y" * 201,
            f"given: {'y' * 60!r} does not fit; "
            "it takes a text of at most 200 visible characters without backslash.",
        ),
        (
            "date",
            "1968-13-21",
            "given: '1968-13-21' does not fit; it takes an EDTF date or interval in UTC. "
            "'1968-13-21' is not a day or time that exists. Write YYYY-MM-DD.",
        ),
        (
            "date",
            "1961-04-12T06:07+03:00",
            "given: '1961-04-12T06:07+03:00' does not fit; "
            "it takes an EDTF date or interval in UTC. "
            "'1961-04-12T06:07+03:00' has a time that is not in UTC. Convert it and end it in Z.",
        ),
        (
            "date",
            "soon",
            "given: 'soon' does not fit; it takes an EDTF date or interval in UTC. "
            "'soon' is not an EDTF date. Write YYYY, YYYY-MM or YYYY-MM-DD.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_what_is_taken(kind: str, value: object, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        fill(kind, value)
    assert str(caught.value) == message


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with small_graph(tmp_path_factory.mktemp("binding")) as graph:
        yield graph


def outside(text: str, name: str) -> str:
    """Return a query without what stands in the braces of a parameter's lines, one or two."""
    line = rf"(VALUES (?:\?{name}|\(\?{name}Earliest \?{name}Latest\)) )\{{ .* \}}"
    found, count = re.subn(line, r"\1", text)
    assert count in (1, 2)
    return found


def test_no_value_changes_a_canned_query_outside_its_line(small: KnowledgeGraph) -> None:
    filled = refused = 0
    for query in small.queries().values():
        for parameter in query.parameters.values():
            bare = outside(query.text, parameter.name)
            for value in TEXTS:
                if parameter.type == "id" and value in TAKEN["id"] and value[0] in "1x9ltei0qy":
                    continue  # not in this graph; and asking it takes time
                try:
                    text = small.text(query, {parameter.name: value})
                except UsageError as error:
                    refused += 1
                    assert str(error).startswith(f"{parameter.name}: ")  # noqa: PT017
                    continue
                filled += 1
                assert outside(text, parameter.name) == bare
                assert text.count("\n") == query.text.count("\n")
    assert filled > 200
    assert refused > 3000


def test_every_parameter_takes_its_type_of_value_in_oxigraph(small: KnowledgeGraph) -> None:
    samples = {
        "integer": 30, "date": "1961", "text": 'quote " brace } hash #', "class": "Event",
        "property": "launch", "qid": "Q7327",
    }  # fmt: skip
    for query in small.queries().values():
        for parameter in query.parameters.values():
            value = samples.get(parameter.type)
            if parameter.type == "word":
                value = parameter.words[0]
            if value is not None:
                answer = small.ask(query.name, **{parameter.name: value})
                assert answer.columns == small.ask(query.name).columns


def test_a_text_with_quotes_and_braces_is_only_searched_for(small: KnowledgeGraph) -> None:
    assert small.ask("search", text='Vostok" } #').rows == []
    assert [row[1] for row in small.ask("search", text="Восток")] == ["Восток", "Восток-1"]


@pytest.mark.parametrize(
    ("question", "values", "message"),
    [
        (
            "missions",
            {"natoin": "soviet-union"},
            "missions: no parameter 'natoin'; it takes: nation, programme, class. "
            "Did you mean 'nation'?",
        ),
        ("accidents", {"nation": "x"}, "accidents: no parameter 'nation'; it takes: none."),
        (
            "missions",
            {"nation": "soviet-unoin"},
            "nation: 'soviet-unoin' does not fit; it takes the id of a Nation. "
            "There is no Nation 'soviet-unoin'. Did you mean 'soviet-union'?",
        ),
        (
            "missions",
            {"nation": "yuri-gagarin"},
            "nation: 'yuri-gagarin' does not fit; it takes the id of a Nation. "
            "There is no Nation 'yuri-gagarin'. One of: soviet-union.",
        ),
        (
            "agreements",
            {"party": "vostok-1"},
            "party: 'vostok-1' does not fit; it takes the id of an Agent. "
            "There is no Agent 'vostok-1'. One of: soviet-union, yuri-gagarin.",
        ),
        (
            "station-visits",
            {"station": "mir"},
            "station: 'mir' does not fit; it takes the id of a SpaceStation. "
            "There is no SpaceStation 'mir'. To find an id: spacerace ask search text=…",
        ),
        (
            "claims",
            {"entity": "vostok-3"},
            "entity: 'vostok-3' does not fit; it takes the id of a record. "
            "There is no 'vostok-3'. Did you mean 'vostok-1'?",
        ),
        *(
            (
                "claims",
                {"entity": meant},
                f"entity: {meant!r} does not fit; it takes the id of a record. "
                f"Did you mean '{id_}'?",
            )
            for meant, id_ in (
                ("VOSTOK_1", "vostok-1"),  # spelled otherwise
                ("восток-1", "vostok-1"),  # its name, whatever the case
                ("Sputnik 11", "vostok-1"),  # another name
                ("Q182524", "vostok-1"),  # linked to it; Q7327 is not
                ("Gagarin", "yuri-gagarin"),  # a word of the id
                ("ВОСТОК", "vostok-1"),
            )
        ),
        (
            "claims",
            {"entity": "Q7327 "},
            "entity: 'Q7327 ' does not fit; it takes the id of a record. One of: "
            "first-human-in-space, gcat, moon-speech, siddiqi-2000, soviet-union, ussr, "
            "vostok-1, yuri-gagarin.",
        ),
        (
            "crews",
            {"person": "vostok"},
            "person: 'vostok' does not fit; it takes the id of a Person. "
            "There is no Person 'vostok'. One of: yuri-gagarin.",
        ),
        (
            "claims",
            {"about": "lauch"},
            "about: the ontology has no property 'lauch'. Did you mean 'launch'?",
        ),
        (
            "events",
            {"class": "Lauch"},
            "class: the ontology has no class 'Lauch'. Did you mean 'Launch'?",
        ),
        (
            "wikidata-links",
            {"relation": "near"},
            "relation: 'near' does not fit; it takes one of: exact, close, not.",
        ),
        ("firts", {}, "no question 'firts'. Did you mean 'firsts'? See: spacerace queries"),
        ("../queries/firsts", {}, "no question '../queries/firsts'. See: spacerace queries"),
        (
            "firsts\x00",
            {},
            "no question 'firsts\\x00'. Did you mean 'firsts'? See: spacerace queries",
        ),
        ("a" * 999, {}, f"no question {'a' * 200!r}. See: spacerace queries"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(
    small: KnowledgeGraph, question: str, values: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        small.ask(question, **values)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nation"], "'nation' is no param=value."),
        (["nation=a", "nation=b"], "'nation' is given twice."),
        (["=a"], "missions: no parameter ''; it takes: nation, programme, class."),
        (["nation="], "nation: '' does not fit; it takes the id of a Nation."),
        (
            ["nation=a=b"],
            "nation: 'a=b' does not fit; it takes the id of a Nation. One of: soviet-union.",
        ),
        (
            ["nation=} UNION { ?s ?p ?o"],
            "nation: '} UNION { ?s ?p ?o' does not fit; it takes the id of a Nation. "
            "One of: soviet-union.",
        ),
        (["nation=\udcff"], "nation: '\\udcff' does not fit; it takes the id of a Nation."),
        (["Nation=soviet-union"],
         "missions: no parameter 'Nation'; it takes: nation, programme, class. "
         "Did you mean 'nation'?"),
    ],
)  # fmt: skip
def test_the_command_line_refuses_what_does_not_fit(
    small: KnowledgeGraph, capsys: Any, arguments: list[str], message: str
) -> None:
    assert cli.main(["ask", "missions", *arguments]) == 2
    assert capsys.readouterr() == ("", f"spacerace: {message}\n")
