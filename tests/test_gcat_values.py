"""The short ways of the import: each gives what the long way of the loader or the parser does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from importing import TINY
from test_dates import show  # which also sets Hypothesis up

from spacerace_kg.gcat import identities, values
from spacerace_kg.gcat.tables import DatedRow, LaunchRow, Table
from spacerace_kg.gcat.units import SPANS, TIMES, Vague, index_of, make
from spacerace_kg.loader import triples

assert show


@st.composite
def dates(draw: st.DrawFn) -> Vague:
    unit = draw(st.sampled_from(sorted({*SPANS, *TIMES})))
    moment = draw(st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)))
    try:
        return make(unit, index_of(unit, moment), draw(st.booleans()))
    except ValueError:
        assume(False)
        raise


def stated(found: list[values.Value]) -> list[tuple[str, str]]:
    return sorted((f"sr:{name}", term) for name, term, _, _ in found)


@given(dates())
def test_bounds_of_a_date_are_those_of_its_edtf(date):
    assert stated(values.bounds(date, date)) == sorted(triples.bounds(date.edtf))


@given(dates(), dates(), st.sampled_from(["", "-", "*", "?"]))
def test_bounds_of_a_period_are_those_of_its_edtf(start, stop, end):
    first, last = sorted((start, stop), key=lambda date: (date.first, date.last))
    row = DatedRow(1, "A", "A", "O", "US", str(first), end or str(last), "A", "A")
    edtf, _, derived = identities.period(row)
    assert stated(derived) == sorted(triples.bounds(edtf))


@pytest.mark.parametrize(
    "text", ["Vostok 1", 'a "b" c', "back\\slash", "\\n", "Восток-1", '"', "a@b", "\\\\n"]
)
def test_text_comes_back_from_its_term(text):
    assert values.said(values.text("label", text, "")[1]) == text
    assert values.said(values.name("label", text, "", "ru")[1]) == f"{text}@ru"
    assert values.text("label", text, "")[1] == triples.text_term(text)


@pytest.mark.parametrize("text", ["a\u200bb", "e\u0301", "a\tb", "\u00e9 "])
def test_text_that_cannot_be_seen_is_no_value(text):
    with pytest.raises(ValueError, match=r"invisible|NFC|space"):
        values.text("label", text, "")


@pytest.fixture
def table() -> Table[LaunchRow]:
    return Table("launchlog", TINY / "tables" / "launchlog.tsv")


@pytest.fixture
def line(table: Table[LaunchRow]) -> str:
    return next(content for _, _, content in table.lines()).decode()


@pytest.mark.parametrize(
    ("found", "given"),
    [
        ("", ""),
        ("1-y ISZ", "Спутник"),  # not in ASCII
        ("1-y ISZ", "e\u0301"),
        ("1-y ISZ", "a\u200bb"),
        ("1957 ALP\t", " 1957\u00a0ALP \t"),  # padded, with a space of another kind
        ("1957 ALP\t", "\t"),
        ("S00002", "S00002\r"),
    ],
    ids=["as it is", "cyrillic", "composed", "unseen", "padded", "empty", "return"],
)
def test_some_cells_are_those_of_the_whole_row(table, line, found, given):
    content = line.replace(found, given, 1).encode()
    row = table.parse(2, content)
    some = table.reader("launch_tag", "jcat", "name")
    assert some(2, content) == [row.launch_tag, row.jcat, row.name]


@pytest.mark.parametrize(
    ("found", "given", "told"),
    [(b"ISZ", b"\xe1", "is not in UTF-8"), (b"ISZ", b"\t", "has 21 cells")],
)
def test_some_cells_of_a_line_that_is_no_row_are_refused_too(table, line, found, given, told):
    content = line.encode().replace(found, given)
    for read in (table.parse, table.reader("launch_tag")):
        with pytest.raises(ValueError, match=told):
            read(2, content)
