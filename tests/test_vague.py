"""GCAT's vague dates: what each allows, the way to EDTF and back, and the messages for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_dates import show  # which also sets Hypothesis up

from spacerace_kg import dates
from spacerace_kg.gcat.units import EPOCH, SPANS, TIMES, index_of, make
from spacerace_kg.gcat.vague import from_edtf, parse

# Text, first instant and the first after, as GCAT's own description tabulates them; then the EDTF.
TABLED = [
    ("2016 Jun  8 2355:57.345", "2016-06-08T23:55:57.345", "2016-06-08T23:55:57.346"),
    ("2016 Jun  8 2355:57?", "2016-06-08T23:55:56", "2016-06-08T23:55:59"),
    ("2016 Jun  8 2355", "2016-06-08T23:55:00", "2016-06-08T23:56:00"),
    ("2016 Jun  8.98", "2016-06-08T23:31:12", "2016-06-08T23:45:36"),
    ("2016 Jun  8.98?", "2016-06-08T23:16:48", "2016-06-09T00:00:00"),
    ("2016 Jun  8.9", "2016-06-08T21:36:00", "2016-06-09T00:00:00"),
    ("2016 Jun  8", "2016-06-08T00:00:00", "2016-06-09T00:00:00"),
    ("2016 Jun", "2016-06-01T00:00:00", "2016-07-01T00:00:00"),
    ("2016 Jun?", "2016-05-01T00:00:00", "2016-08-01T00:00:00"),
    ("2016 Q2?", "2016-01-01T00:00:00", "2016-10-01T00:00:00"),
    ("2016", "2016-01-01T00:00:00", "2017-01-01T00:00:00"),
    ("2010s", "2010-01-01T00:00:00", "2020-01-01T00:00:00"),
    ("2010s?", "2000-01-01T00:00:00", "2030-01-01T00:00:00"),
    ("21C?", "1901-01-01T00:00:00", "2201-01-01T00:00:00"),
    ("3M", "2001-01-01T00:00:00", "3001-01-01T00:00:00"),
    ("927 Jul 12", "0927-07-12T00:00:00", "0927-07-13T00:00:00"),
    ("700?", "0699-01-01T00:00:00", "0702-01-01T00:00:00"),
]
# What the table does not list but its rules imply.
IMPLIED = [
    ("2016 Jun  8 2355:57.345?", "2016-06-08T23:55:57.344", "2016-06-08T23:55:57.347"),
    ("2016 Jun  8 2355:59.999?", "2016-06-08T23:55:59.998", "2016-06-08T23:56:00.001"),
    ("2016 Jun  8 2355:57.34", "2016-06-08T23:55:57.340", "2016-06-08T23:55:57.350"),
    ("2016 Jun  8 2355:57.3", "2016-06-08T23:55:57.300", "2016-06-08T23:55:57.400"),
    ("2016 Jun  8 2355:57", "2016-06-08T23:55:57", "2016-06-08T23:55:58"),
    ("2016 Jun  8 2355?", "2016-06-08T23:54:00", "2016-06-08T23:57:00"),
    ("2016 Dec 31 2359:59?", "2016-12-31T23:59:58", "2017-01-01T00:00:01"),
    ("2016 Jun  8.00", "2016-06-08T00:00:00", "2016-06-08T00:14:24"),
    ("2016 Jun 18.00?", "2016-06-17T23:45:36", "2016-06-18T00:28:48"),
    ("2016 Jun 18.9?", "2016-06-18T19:12:00", "2016-06-19T02:24:00"),
    ("2016 Jun 18?", "2016-06-17T00:00:00", "2016-06-20T00:00:00"),
    ("2016 Feb 29?", "2016-02-28T00:00:00", "2016-03-02T00:00:00"),
    ("2016 Feb", "2016-02-01T00:00:00", "2016-03-01T00:00:00"),
    ("2016 Jan?", "2015-12-01T00:00:00", "2016-03-01T00:00:00"),
    ("2016 Dec?", "2016-11-01T00:00:00", "2017-02-01T00:00:00"),
    ("2016 Q2", "2016-04-01T00:00:00", "2016-07-01T00:00:00"),
    ("2016 Q1?", "2015-10-01T00:00:00", "2016-07-01T00:00:00"),
    ("2016 Q4?", "2016-07-01T00:00:00", "2017-04-01T00:00:00"),
    ("2016?", "2015-01-01T00:00:00", "2018-01-01T00:00:00"),
    ("700s", "0700-01-01T00:00:00", "0710-01-01T00:00:00"),
    ("2000s?", "1990-01-01T00:00:00", "2020-01-01T00:00:00"),
    ("20C", "1901-01-01T00:00:00", "2001-01-01T00:00:00"),
    ("1C", "0001-01-01T00:00:00", "0101-01-01T00:00:00"),
    ("1M", "0001-01-01T00:00:00", "1001-01-01T00:00:00"),
    ("2M?", "0001-01-01T00:00:00", "3001-01-01T00:00:00"),
]
EDTF = [
    ("2016 Jun  8 2355:57.345", "2016-06-08T23:55:57Z", 14),
    ("2016 Jun  8 2355:59.999?", "2016-06-08T23:55:59Z/2016-06-08T23:56:00Z", 14),
    ("2016 Jun  8 2355:57", "2016-06-08T23:55:57Z", 14),
    ("2016 Jun  8 2355:57?", "2016-06-08T23:55:57Z~", 14),
    ("2016 Jun  8 2355", "2016-06-08T23:55Z", 13),
    ("2016 Jun  8 2355?", "2016-06-08T23:55Z~", 13),
    ("2016 Jun  8.98", "2016-06-08T23:31:12Z/2016-06-08T23:45:35Z", 14),
    ("2016 Jun  8.98?", "2016-06-08T23:16:48Z/2016-06-08T23:59:59Z", 14),
    ("2016 Jun  8.9", "2016-06-08T21:36Z/2016-06-08T23:59Z", 13),
    ("2016 Jun 18.9?", "2016-06-18T19:12Z/2016-06-19T02:23Z", 13),
    ("2016 Jun  8", "2016-06-08", 11),
    ("2016 Jun  8?", "2016-06-08~", 11),
    ("2016 Jun", "2016-06", 10),
    ("2016 Jun?", "2016-06~", 10),
    ("2016 Q2", "2016-34", 9),
    ("2016 Q1?", "2015-36/2016-34", 9),
    ("2016", "2016", 9),
    ("700?", "0700~", 9),
    ("2010s", "201X", 8),
    ("2010s?", "200X/202X", 8),
    ("700s", "070X", 8),
    ("21C", "2001/2100", 9),
    ("21C?", "1901/2200", 9),
    ("3M", "2001/3000", 9),
]
SLIPS = [
    ("1963 Jun  25", "1963 Jun 25"),
    ("1963 Jun 8", "1963 Jun  8"),
    ("1963 Jun   8", "1963 Jun  8"),
    ("1971 Mar 24 1832:0", "1971 Mar 24 1832"),
    ("1971 Mar 24 1832:", "1971 Mar 24 1832"),
    ("1971 Mar 24 1832:0?", "1971 Mar 24 1832?"),
    ("2002 Jan 16 0705s", "2002 Jan 16 0705"),
    ("2015 Feb ?", "2015 Feb?"),
    ("1957 Oct    -", "1957 Oct"),
    ("0927 Jul 12", "927 Jul 12"),
]
ALLOWED = (
    " Write 2016, 2016 Q2, 2016 Jun, 2016 Jun 8, 2016 Jun 8.9, 2016 Jun 8 2355, "
    "2016 Jun 8 2355:57, 2010s, 21C or 3M, with ? behind it if in doubt, or - for no date."
)
NO_DATE = f"is not in GCAT's notation.{ALLOWED}"
NO_EDTF = f"is not in GCAT's notation but looks like EDTF.{ALLOWED}"
NO_DAY = "is not a day that exists. Look it up in a calendar."
NO_TIME = "is not a time of day that exists. Write HHMM or HHMM:SS."
NO_MONTH = "names no month. Write one of Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec."
EDGE = "reaches beyond the years 0001 to 9999. Leave the date out."
BEFORE = "lies before the year 1, which the graph's dates cannot hold. Leave the date out."
BAD = [
    ("", "is empty. Write - for no date."),
    ("  ", "is empty. Write - for no date."),
    ("2016 Feb 30", NO_DAY),
    ("2015 Feb 29", NO_DAY),
    ("2016 Jun 31 2355", NO_DAY),
    ("2016 Jun  0", NO_DAY),
    ("2016 Jun  8 2400", NO_TIME),
    ("2016 Jun  8 2360", NO_TIME),
    ("2016 Jun  8 2355:61", NO_TIME),
    (
        "2016 Dec 31 2359:60",
        "is a leap second, which xsd:dateTime lacks. Write the second before it.",
    ),
    ("2016 Jun  8.981", "has too many decimals for a day. Write one (hours) or two."),
    (
        "2016 Jun  8 2355:57.3456",
        "has too many decimals for a second. Write three at most.",
    ),
    ("2016 Jum", NO_MONTH),
    ("2016 Foo  8", NO_MONTH),
    ("2016 Q5", "is no quarter of a year. Write Q1, Q2, Q3 or Q4."),
    ("2016 Q0", "is no quarter of a year. Write Q1, Q2, Q3 or Q4."),
    ("2016s", "is no decade. Write 2010s."),
    ("0000", EDGE),
    ("9999?", EDGE),
    ("9990s?", EDGE),
    ("9999 Dec?", EDGE),
    ("9999 Dec 31 2359:59?", EDGE),
    ("1C?", EDGE),
    ("1M?", EDGE),
    ("99C?", EDGE),
    ("10M", EDGE),
    ("BC 4713 Jan  1", BEFORE),
    ("44 BC", BEFORE),
    ("-44", BEFORE),
    ("2016-06-08", NO_EDTF),
    ("2016 Jun~", NO_EDTF),
    ("201X", NO_EDTF),
    ("1957/1958", NO_EDTF),
    ("0C", NO_DATE),
    ("M", NO_DATE),
    ("16", NO_DATE),
    ("20166", NO_DATE),
    ("2016 June", NO_DATE),
    ("2016 JUN", NO_DATE),
    ("Jun 2016", NO_DATE),
    ("2016 Jun  8 23", NO_DATE),
    ("2016 Jun  8 23:55", NO_DATE),
    ("2016 Jun  8 2355:57:00", NO_DATE),
    ("2016 Jun  8.", NO_DATE),
    ("2016??", NO_DATE),
    ("2016\n", NO_DATE),
    (" 2016", NO_DATE),
    ("--", NO_DATE),
    ("**", NO_DATE),
    ("\u0662\u0660\u0661\u0666", NO_DATE),  # digits, but not ours
    ("2016 Jun  8 " + "2355" * 10000, NO_DATE),
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(("text", "start", "end"), [*TABLED, *IMPLIED])
def test_vague_date_allows_exactly_these_instants(text, start, end):
    vague = parse(text)
    assert (vague.first, vague.last) == (moment(start), moment(end) - timedelta(microseconds=1))
    assert str(vague) == text
    assert vague.doubtful == text.endswith("?")


@pytest.mark.parametrize(("text", "edtf", "precision"), EDTF)
def test_vague_date_is_this_in_edtf(text, edtf, precision):
    vague = parse(text)
    assert (vague.edtf, vague.precision) == (edtf, precision)
    assert vague.interval == dates.interval(edtf)


@pytest.mark.parametrize(
    ("text", "doubtful", "edtf"), [("-", False, ""), ("?", True, ""), ("*", False, "..")]
)
def test_no_date_is_the_end_of_an_interval(text, doubtful, edtf):
    assert parse(text) == (text, "", doubtful, edtf, None, None, 0)
    assert parse(text).interval == (None, None, 0)


@pytest.mark.parametrize(("text", "meant"), SLIPS)
def test_slip_is_read_and_can_be_told(text, meant):
    assert parse(text) == parse(meant)
    assert str(parse(text)) == meant != text


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_no_vague_date_says_why_and_what_to_do(text, message):
    with pytest.raises(ValueError, match=r"\. ") as raised:
        parse(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("", "-"),
        ("..", "*"),
        ("1961-04-12T06:07Z", "1961 Apr 12 0607"),
        ("1961-01/1961-03", "1961 Q1"),
        ("1961-04-01/1961-06-30", "1961 Q2"),
        ("1901/2000", "20C"),
        ("1960/1969", "1960s"),
        ("0927", "927"),
        ("0001/0100", "1C"),
        ("1961-04-12T00:00Z/1961-04-12T02:23Z", "1961 Apr 12.0"),
    ],
)
def test_edtf_is_this_in_gcat_s_notation(edtf, text):
    assert str(from_edtf(edtf)) == text


@pytest.mark.parametrize(
    "edtf",
    [
        "1961?",  # in doubt, but no wider
        "196X?",
        "1961-04-12T06Z",
        "1957-10/1958",
        "1961-21",
        "1961-40",
        "1961/..",
        "../1961",
        "[1960,1962]",
        "0043",  # a year of two digits would be taken for one of a century
        "0043-34",
        "1961-33/1961-34",
        "1961-04-12T06:07:59Z/1961-04-12T06:08:00Z",
    ],
)
def test_edtf_that_gcat_cannot_say_is_refused(edtf):
    assert dates.interval(edtf)
    with pytest.raises(ValueError, match=r"^cannot be said exactly in GCAT's notation\. Keep"):
        from_edtf(edtf)


def test_text_that_is_no_edtf_is_refused_as_such():
    with pytest.raises(ValueError, match=r"^is not an EDTF date\. "):
        from_edtf("2016 Jun")


#
# Properties
#

MOMENTS = st.datetimes(datetime(100, 1, 1), datetime(9999, 12, 31)).map(
    lambda when: when.replace(tzinfo=UTC)
)
UNITS = st.sampled_from([*SPANS, *TIMES])


@st.composite
def vagues(draw):
    unit = draw(UNITS)
    index = index_of(unit, draw(MOMENTS))
    try:
        return make(unit, index, draw(st.booleans()))
    except ValueError:
        assume(False)


@settings(max_examples=500)
@given(vagues())
def test_printed_vague_date_is_parsed_as_itself(vague):
    assert parse(str(vague)) == vague


@settings(max_examples=300)
@given(vagues())
def test_edtf_of_a_vague_date_allows_the_same(vague):
    assert vague.interval == dates.interval(vague.edtf)
    assert show(vague.interval) == show(dates.interval(vague.edtf))


@settings(max_examples=300)
@given(vagues())
def test_edtf_of_a_vague_date_leads_back_to_it(vague):
    assume(not vague.unit.endswith("isecond"))  # EDTF ends at the second
    assert from_edtf(vague.edtf) == vague


@given(MOMENTS, UNITS)
def test_unit_holds_its_moment_and_touches_its_neighbours(when, unit):
    index = index_of(unit, when)
    try:
        before, vague, after = (make(unit, index + by, False) for by in (-1, 0, 1))
        wide = make(unit, index, True)
    except ValueError:
        assume(False)
    assert vague.first <= when <= vague.last
    assert before.last + timedelta(microseconds=1) == vague.first
    assert vague.last + timedelta(microseconds=1) == after.first
    assert (wide.first, wide.last) == (before.first, after.last)


@given(st.sampled_from(sorted(TIMES)), st.integers(0, 10**9), st.booleans())
def test_units_of_one_length_are_of_that_length(unit, index, doubtful):
    assume((index + 2) * TIMES[unit] < 9998 * 365 * TIMES["day"])
    assume(index > 0)
    vague = make(unit, index, doubtful)
    width = timedelta(microseconds=TIMES[unit] * (3 if doubtful else 1))
    assert vague.last + timedelta(microseconds=1) - vague.first == width
    assert vague.first == EPOCH + timedelta(microseconds=(index - doubtful) * TIMES[unit])


@settings(max_examples=400)
@given(st.text(st.sampled_from("0123456789 JunFebQsCM?.:-*"), max_size=24))
def test_any_text_is_a_vague_date_or_a_value_error(text):
    try:
        vague = parse(text)
    except ValueError as error:
        what, stop, remedy = str(error).partition(". ")
        assert what
        assert stop
        assert remedy.endswith(".")
    else:
        assert parse(str(vague)) == vague
