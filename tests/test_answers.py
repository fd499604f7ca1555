"""Answers: every kind of term in every format, exactly, and back again without loss."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql.results.jsonresults import JSONResult

from spacerace_kg import Answer, Iri, OutsideError, Text, formats
from spacerace_kg.answers import Term, to_value
from spacerace_kg.store import EmbeddedStore

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, kind: str) -> Term:
    return Term("literal", text, XSD + kind)


TERMS = {
    "iri": Term("iri", "https://w3id.org/spacerace/id/vostok-1/launch"),
    "prefixed": Term("iri", "https://w3id.org/spacerace/ontology#Mission"),
    "foreign": Term("iri", "http://example.org/a?b=1&c='2'"),
    "text": Term("literal", "Vostok 1", XSD + "langString", "en"),
    "tagged": Term("literal", "Восток-1", XSD + "langString", "ru-cyrl"),
    "plain": typed("Vostok 1", "string"),
    "empty": typed("", "string"),
    "integer": typed("-42", "integer"),
    "decimal": typed("83.6", "decimal"),
    "double": typed("1.5E300", "double"),
    "boolean": typed("true", "boolean"),
    "midnight": typed("1961-04-12T00:00:00Z", "dateTime"),
    "moment": typed("1961-04-12T06:07:00Z", "dateTime"),
    "address": typed("https://example.org/?a=1&b=2", "anyURI"),
    "unbound": None,
    "blank": Term("bnode", "b0"),
    "quotes": typed("He said \"poyekhali\" and 'left'", "string"),
    "backslash": typed("C:\\new\\table", "string"),
    "tab": typed("a\tb", "string"),
    "newline": typed("a\nb", "string"),
    "crlf": typed("a\r\nb\r", "string"),
    "comma": typed("a,b;c", "string"),
    "pipe": typed("a|b", "string"),
    "markup": typed("<b>&amp;</b> `code` *star*", "string"),
    "emoji": typed("🚀👩🏽\u200d🚀", "string"),
    "combining": typed("e\u0301 й", "string"),
    "hebrew": typed("שלום\u200f world", "string"),
    "odd": typed("many", "integer"),
    "past": typed("-0044-03-15T00:00:00Z", "dateTime"),
}
NAMES = list(TERMS)
ANSWER = Answer(NAMES, [tuple(TERMS.values())])
VALUES = (
    Iri("https://w3id.org/spacerace/id/vostok-1/launch"),
    Iri("https://w3id.org/spacerace/ontology#Mission"),
    Iri("http://example.org/a?b=1&c='2'"),
    Text("Vostok 1", "en"),
    Text("Восток-1", "ru-cyrl"),
    "Vostok 1",
    "",
    -42,
    Decimal("83.6"),
    1.5e300,
    True,
    datetime(1961, 4, 12, tzinfo=UTC),
    datetime(1961, 4, 12, 6, 7, tzinfo=UTC),
    "https://example.org/?a=1&b=2",
    None,
    "b0",
    "He said \"poyekhali\" and 'left'",
    "C:\\new\\table",
    "a\tb",
    "a\nb",
    "a\r\nb\r",
    "a,b;c",
    "a|b",
    "<b>&amp;</b> `code` *star*",
    "🚀👩🏽\u200d🚀",
    "e\u0301 й",
    "שלום\u200f world",
    "many",
    "-0044-03-15T00:00:00Z",
)
CSV = (
    ",".join(NAMES)
    + "\r\nhttps://w3id.org/spacerace/id/vostok-1/launch,https://w3id.org/spacerace/ontology#Mission,"
    "http://example.org/a?b=1&c='2',Vostok 1,Восток-1,Vostok 1,,-42,83.6,1.5E300,true,"
    "1961-04-12T00:00:00Z,1961-04-12T06:07:00Z,https://example.org/?a=1&b=2,,_:b0,"
    '"He said ""poyekhali"" and \'left\'",C:\\new\\table,a\tb,"a\nb","a\r\nb\r","a,b;c",a|b,'
    "<b>&amp;</b> `code` *star*,🚀👩🏽\u200d🚀,e\u0301 й,שלום\u200f world,many,"
    "-0044-03-15T00:00:00Z\r\n"
)
TSV_ROW = [
    "<https://w3id.org/spacerace/id/vostok-1/launch>",
    "<https://w3id.org/spacerace/ontology#Mission>",
    "<http://example.org/a?b=1&c='2'>",
    '"Vostok 1"@en',
    '"Восток-1"@ru-cyrl',
    '"Vostok 1"',
    '""',
    "-42",
    f'"83.6"^^<{XSD}decimal>',
    f'"1.5E300"^^<{XSD}double>',
    f'"true"^^<{XSD}boolean>',
    f'"1961-04-12T00:00:00Z"^^<{XSD}dateTime>',
    f'"1961-04-12T06:07:00Z"^^<{XSD}dateTime>',
    f'"https://example.org/?a=1&b=2"^^<{XSD}anyURI>',
    "",
    "_:b0",
    '"He said \\"poyekhali\\" and \'left\'"',
    '"C:\\\\new\\\\table"',
    '"a\\tb"',
    '"a\\nb"',
    '"a\\r\\nb\\r"',
    '"a,b;c"',
    '"a|b"',
    '"<b>&amp;</b> `code` *star*"',
    '"🚀👩🏽\u200d🚀"',
    '"e\u0301 й"',
    '"שלום\u200f world"',
    f'"many"^^<{XSD}integer>',
    f'"-0044-03-15T00:00:00Z"^^<{XSD}dateTime>',
]
PEOPLE = [
    "vostok-1/launch",
    "sr:Mission",
    "http://example.org/a?b=1&c='2'",
    "Vostok 1",
    "Восток-1",
    "Vostok 1",
    "",
    "-42",
    "83.6",
    "1.5E300",
    "true",
    "1961-04-12",
    "1961-04-12 06:07:00",
    "https://example.org/?a=1&b=2",
    "",
    "b0",
    "He said \"poyekhali\" and 'left'",
    "C:\\new\\table",
    "a b",
    "a b",
    "a b",
    "a,b;c",
    "a|b",
    "<b>&amp;</b> `code` *star*",
    "🚀👩🏽\u200d🚀",
    "e\u0301 й",
    "שלום\u200f world",
    "many",
    "-0044-03-15",
]


def test_rows_are_python_values_of_the_right_type() -> None:
    (row,) = ANSWER.rows
    assert row == VALUES
    assert [type(value) for value in row] == [type(value) for value in VALUES]
    assert (row[3].language, row[4].language) == ("en", "ru-cyrl")
    assert (row[0].short, row[1].short, row[2].short) == (
        "vostok-1/launch",
        "sr:Mission",
        "http://example.org/a?b=1&c='2'",
    )
    assert list(ANSWER) == [VALUES]
    assert len(ANSWER) == 1
    assert ANSWER.column("integer") == [-42]
    assert repr(Answer(["a", "b"], [(None, None)])) == "<Answer: 1 rows of a, b>"


def test_an_unknown_column_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="'nation' is not in list"):
        ANSWER.column("nation")


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (typed("0", "boolean"), False),
        (typed("1", "boolean"), True),
        (typed("yes", "boolean"), "yes"),
        (typed("1.2.3", "decimal"), "1.2.3"),
        (typed("9" * 5000, "integer"), "9" * 5000),
        (typed("1961-02-30T00:00:00Z", "dateTime"), "1961-02-30T00:00:00Z"),
        (typed("1961", "gYear"), "1961"),
        (typed("P1D", "duration"), "P1D"),
        (Term("literal", "5", "http://example.org/metre"), "5"),
    ],
)
def test_what_fits_no_python_type_stays_text(term: Term, value: object) -> None:
    assert to_value(term) == value
    assert type(to_value(term)) is type(value)


def test_csv_is_exact() -> None:
    assert ANSWER.to_csv() == CSV
    assert list(csv.reader(io.StringIO(CSV, newline="")))[1] == [
        "" if term is None else f"_:{term.text}" if term.kind == "bnode" else term.text
        for term in TERMS.values()
    ]


def test_tsv_is_exact() -> None:
    assert ANSWER.to_tsv() == "?" + "\t?".join(NAMES) + "\n" + "\t".join(TSV_ROW) + "\n"


def from_ox(term: Any) -> Term | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return Term("iri", term.value)
    if isinstance(term, ox.BlankNode):
        return Term("bnode", term.value)
    return Term("literal", term.value, term.datatype.value, term.language or "")


def test_tsv_gives_the_terms_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell is a term in Turtle: read it with an engine that had no part in writing it."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    header, row = ANSWER.to_tsv().removesuffix("\n").split("\n")
    assert header.split("\t") == [f"?{name}" for name in NAMES]
    for name, cell in zip(NAMES, row.split("\t"), strict=True):
        if TERMS[name] is None:
            assert cell == ""
            continue
        (triple,) = rdflib.Graph().parse(data=f"<a:s> <a:p> {cell} .", format="turtle")
        term, found = TERMS[name], triple[2]
        if term.kind == "literal":
            assert str(found) == term.text
            assert (found.language or "") == term.language
            assert str(found.datatype or XSD + "string") == term.datatype or term.language
        else:
            assert isinstance(found, rdflib.URIRef if term.kind == "iri" else rdflib.BNode)
            assert str(found) == term.text or term.kind == "bnode"


def test_json_gives_the_terms_back_in_two_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    solutions = ox.parse_query_results(ANSWER.to_json(), format=ox.QueryResultsFormat.JSON)
    assert [variable.value for variable in solutions.variables] == NAMES
    (solution,) = list(solutions)
    found = [from_ox(solution[name]) for name in NAMES]
    wanted = [
        term._replace(datatype="http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
        if term and term.language
        else term
        for term in TERMS.values()
    ]
    assert [term and term[:2] for term in found if not term or term.kind != "bnode"] == [
        term and term[:2] for term in wanted if not term or term.kind != "bnode"
    ]
    assert [term and term[2:] for term in found] == [term and term[2:] for term in wanted]
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    result = JSONResult(json.loads(ANSWER.to_json()))
    assert [str(name) for name in result.vars or []] == NAMES
    (binding,) = result.bindings
    bound = [name for name in NAMES if TERMS[name] is not None]
    assert sorted(map(str, binding)) == sorted(bound)
    for name in bound:
        term = TERMS[name]
        assert term is not None
        if term.kind == "literal":
            assert str(binding[rdflib.Variable(name)]) == term.text


def test_json_is_exact() -> None:
    answer = Answer(["a", "b"], [(TERMS["tagged"], None), (TERMS["decimal"], TERMS["blank"])])
    assert answer.to_json() == (
        '{\n "head": {\n  "vars": [\n   "a",\n   "b"\n  ]\n },\n "results": {\n  "bindings": [\n'
        '   {\n    "a": {\n     "type": "literal",\n     "value": "Восток-1",\n'
        '     "xml:lang": "ru-cyrl"\n    }\n   },\n   {\n    "a": {\n     "type": "literal",\n'
        '     "value": "83.6",\n     "datatype": "http://www.w3.org/2001/XMLSchema#decimal"\n'
        "    },\n"
        '    "b": {\n     "type": "bnode",\n     "value": "b0"\n    }\n   }\n  ]\n }\n}\n'
    )


def test_texts_for_people_are_exact() -> None:
    assert ANSWER.texts() == [PEOPLE]


def test_markdown_is_exact() -> None:
    marks = {"\\": "\\\\", "|": "\\|", "`": "\\`", "[": "\\[", "&amp;": "&amp;amp;", "<": "&lt;"}
    cells = PEOPLE
    for mark, escaped in marks.items():
        cells = [text.replace(mark, escaped) for text in cells]
    assert cells[NAMES.index("pipe")] == r"a\|b"
    assert cells[NAMES.index("markup")] == r"&lt;b>&amp;amp;&lt;/b> \`code\` *star*"
    assert ANSWER.to_markdown() == (
        f"| {' | '.join(NAMES)} |\n"
        f"| {' | '.join('---' for _ in NAMES)} |\n"
        f"| {' | '.join(cells)} |\n"
    )


def test_html_is_exact_and_escaped() -> None:
    names = ["iri", "foreign", "markup", "unbound"]
    answer = Answer(["<i>", *names[1:]], [tuple(TERMS[name] for name in names)])
    assert answer._repr_html_() == (
        "<table><thead><tr><th>&lt;i&gt;</th><th>foreign</th><th>markup</th><th>unbound</th></tr>"
        "</thead><tbody><tr>"
        '<td><a href="https://w3id.org/spacerace/id/vostok-1/launch">vostok-1/launch</a></td>'
        '<td><a href="http://example.org/a?b=1&amp;c=&#x27;2&#x27;">'
        "http://example.org/a?b=1&amp;c=&#x27;2&#x27;</a></td>"
        "<td>&lt;b&gt;&amp;amp;&lt;/b&gt; `code` *star*</td><td></td></tr></tbody></table>"
    )
    script = Answer(["a"], [(Term("iri", "javascript:alert(1)"),)])
    assert "<td>javascript:alert(1)</td>" in script._repr_html_()
    text = Answer(["a"], [(TERMS["address"],)])
    assert "<td>https://example.org/?a=1&amp;b=2</td>" in text._repr_html_()


def test_pandas_holds_the_values() -> None:
    pytest.importorskip("pandas")
    frame = ANSWER.to_pandas()
    assert list(frame.columns) == NAMES
    assert len(frame) == 1
    for name, value in zip(NAMES, VALUES, strict=True):
        found = frame[name].iloc[0]
        assert found == value or (value is None and found is None), name
    empty = Answer(["a", "b"], []).to_pandas()
    assert (list(empty.columns), len(empty)) == (["a", "b"], 0)


def test_polars_holds_the_values_by_type() -> None:
    polars = pytest.importorskip("polars")
    frame = ANSWER.to_polars()
    assert frame.columns == NAMES
    numbers = {"integer", "decimal", "double", "boolean", "midnight", "moment"}
    for name, value, term in zip(NAMES, VALUES, TERMS.values(), strict=True):
        found = frame[name][0]
        assert found == (value if name in numbers else term.text if term else None), name
    assert dict(frame.schema)["integer"] == polars.Int64
    assert dict(frame.schema)["boolean"] == polars.Boolean
    assert dict(frame.schema)["unbound"] == polars.String
    empty = Answer(["a", "b"], []).to_polars()
    assert (dict(empty.schema), len(empty)) == ({"a": polars.String, "b": polars.String}, 0)


def test_times_with_and_without_a_zone_are_texts_in_polars() -> None:
    pytest.importorskip("polars")
    moments = ["1961-04-12T06:07:00", "1961-04-12T06:07:00Z"]
    frame = Answer(["time"], [(typed(moment, "dateTime"),) for moment in moments]).to_polars()
    assert frame["time"].to_list() == moments


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("1_000", "integer"), ("٣", "integer"), ("1 2", "integer"), ("4.0", "integer"),
     ("NaN", "decimal"), ("Infinity", "decimal"), ("1e5", "decimal"), ("1_0.5", "decimal")],
)  # fmt: skip
def test_what_xsd_does_not_take_for_a_number_is_none(text: str, datatype: str) -> None:
    assert to_value(typed(text, datatype)) == text
    assert type(to_value(typed(text, datatype))) is str


def test_blanks_around_a_number_do_not_count() -> None:
    assert [to_value(typed(" 5 ", kind)) for kind in ("integer", "decimal")] == [5, Decimal(5)]


def test_a_polars_column_of_several_types_is_text() -> None:
    polars = pytest.importorskip("polars")
    terms = [TERMS[name] for name in ("integer", "decimal", "moment", "text", "iri", "unbound")]
    frame = Answer(["value"], [(term,) for term in terms]).to_polars()
    assert dict(frame.schema) == {"value": polars.String}
    assert frame["value"].to_list() == [term.text if term else None for term in terms]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(OutsideError) as caught:
        getattr(ANSWER, f"to_{library}")()
    assert str(caught.value) == (
        f"{library} is not installed. Install it: pip install 'spacerace-kg[{library}]'"
    )


@pytest.mark.parametrize(
    "again", [lambda x: pickle.loads(pickle.dumps(x)), copy.copy, copy.deepcopy]
)
def test_copies_and_pickles_keep_everything(again: Any) -> None:
    twin = again(ANSWER)
    assert (twin.columns, twin.terms, twin.rows) == (ANSWER.columns, ANSWER.terms, ANSWER.rows)
    (row,) = twin.rows
    assert (type(row[0]), type(row[3]), row[3].language) == (Iri, Text, "en")
    assert again(Text("Восток", "ru")).language == "ru"
    assert again(Iri("a:b")) == "a:b"
    assert type(again(Iri("a:b"))) is Iri


def test_an_answer_without_rows_or_columns_has_every_format() -> None:
    none = Answer(["a", "b"], [])
    assert none.to_csv() == "a,b\r\n"
    assert none.to_tsv() == "?a\t?b\n"
    assert none.to_markdown() == "| a | b |\n| --- | --- |\n"
    assert none.rows == none.texts() == list(none) == []
    bare = Answer([], [()])
    assert bare.rows == [()]
    assert bare.to_tsv() == "\n\n"
    assert '"bindings": [\n   {}\n  ]' in bare.to_json()


def test_the_engine_gives_these_terms() -> None:
    text = (
        "SELECT * { VALUES (?a ?b ?c ?d ?e ?f) { (<a:b> 'x'@en 'x' 1 1.5 UNDEF) }"
        " BIND(BNODE() AS ?g) BIND(1e0 AS ?h) BIND(true AS ?i) }"
    )
    (row,) = EmbeddedStore(ox.Store()).select(text).terms
    assert row[:6] == (
        Term("iri", "a:b"),
        Term("literal", "x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en"),
        typed("x", "string"),
        typed("1", "integer"),
        typed("1.5", "decimal"),
        None,
    )
    assert row[6] is not None
    assert row[6].kind == "bnode"
    assert [to_value(term) for term in row[7:]] == [1.0, True]


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m \u202etxt.exe\r\nnext\x00\ud800"
SHOWN = r"\x1b]0;owned\x07\x1b[2J\x9b31m \u202etxt.exe next\x00\ud800"


@pytest.mark.parametrize("datatype", ["string", "dateTime", "integer"])
def test_texts_for_people_hold_nothing_that_steers_a_terminal(datatype: str) -> None:
    answer = Answer(["a", "b"], [(typed(HOSTILE, datatype), Term("iri", "http://x/\x1b[2J"))])
    assert answer.texts() == [[SHOWN, r"http://x/\x1b[2J"]]
    for told in (answer.to_markdown(), answer._repr_html_()):
        assert told.replace("\n", "").isprintable()
    assert answer.rows[0][0] == HOSTILE  # in Python and in the W3C's formats it stays what it is
    assert json.loads(answer.to_json())["results"]["bindings"][0]["a"]["value"] == HOSTILE


def test_markdown_shows_markup_and_makes_none() -> None:
    cells = ["<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](http://x/)", "&lt;"]
    answer = Answer(["a"], [(Term("literal", cell, XSD + "string"),) for cell in cells])
    assert answer.to_markdown().splitlines()[2:] == [
        "| &lt;img src=x onerror=alert(1)> |",
        r"| \[a](javascript:alert(1)) |",
        r"| !\[a](http://x/) |",
        "| &amp;lt; |",
    ]


def test_html_links_to_the_web_alone() -> None:
    addresses = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "JAVASCRIPT:x"]
    answer = Answer(["a"], [(Term("iri", address),) for address in addresses])
    assert "href" not in answer._repr_html_()


def test_no_term_ends_its_cell_in_tsv() -> None:
    bad = 'http://x/>\t<y>\n"{}|^`\\ \x00'
    term = Term("iri", bad)
    typed_so = Term("literal", "1", bad)
    escaped = (
        r"http://x/\u003e\u0009\u003cy\u003e\u000a\u0022\u007b\u007d\u007c\u005e\u0060\u005c"
        r"\u0020\u0000"
    )
    assert Answer(["a", "b"], [(term, typed_so)]).to_tsv() == (
        f'?a\t?b\n<{escaped}>\t"1"^^<{escaped}>\n'
    )


def binding(**term: object) -> dict[str, object]:
    return {"head": {"vars": ["a"]}, "results": {"bindings": [{"a": term}]}}


@pytest.mark.parametrize(
    "content",
    [
        {"head": {"vars": "abc"}, "results": {"bindings": []}},
        {"head": {"vars": {"a": 1}}, "results": {"bindings": []}},
        {"head": {"vars": ["a"]}, "results": {"bindings": {}}},
        {"head": {"vars": ["a\tb"]}, "results": {"bindings": []}},
        {"head": {"vars": ["a\n|b"]}, "results": {"bindings": []}},
        {"head": {"vars": ["a\x1b[2J"]}, "results": {"bindings": []}},
        {"head": {"vars": [""]}, "results": {"bindings": []}},
        {"head": {"vars": [5]}, "results": {"bindings": []}},
        binding(type="triple", value="x"),
        binding(type="bnode", value="a\tb"),
        binding(type="literal", value="x", datatype=["a"]),
        binding(type="literal", value="x", **{"xml:lang": 'en"@\t<x>'}),
        binding(type="literal", value="x", **{"xml:lang": ["en"]}),
        binding(type="literal", value="x", **{"xml:lang": 0}),
    ],
    ids=range(14),
)
def test_json_whose_names_or_terms_are_none_is_no_answer(content: object) -> None:
    with pytest.raises((TypeError, KeyError, AttributeError)):
        Answer.from_json(content)


def test_few_bytes_make_no_huge_answer() -> None:
    names = [f"c{number}" for number in range(10_000)]
    content = {"head": {"vars": names}, "results": {"bindings": [{}] * 10_000}}
    with pytest.raises(OutsideError, match=r"^The answer has more than 50,000,000 cells\."):
        Answer.from_json(content)


def test_json_of_very_many_parts_is_refused_before_it_is_read() -> None:
    body = b'{"head":[' + b"{}," * 5_000_000 + b"{}]}"
    with pytest.raises(OutsideError) as caught:
        formats.parsed(body, "example.org")
    assert str(caught.value) == "example.org sent JSON of more than 10,000,000 parts. Ask for less."
