"""Dates: what each EDTF text allows, and the messages for those that are none."""

from __future__ import annotations

import calendar
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from spacerace_kg.dates import Interval, interval, stamp, unix

# Nothing is written into the checkout, and every run tries the same examples.
set_hypothesis_home_dir(Path(tempfile.gettempdir(), "spacerace-hypothesis"))
settings.register_profile("spacerace", database=None, deadline=None, derandomize=True)
settings.load_profile("spacerace")

NO_DATE = "is not an EDTF date. Write YYYY, YYYY-MM or YYYY-MM-DD."
NO_DAY = "is not a day or time that exists. Write YYYY-MM-DD."
NO_UTC = "has a time that is not in UTC. Convert it and end it in Z."
ONE_END = "names only one of its ends. Write '..' for an open one."
INVERTED = "ends before it begins. Exchange the two dates."
EDGE = "lies at the edge of the years 0001 to 9999. Drop the '~'."
IN_PART = "is approximate only in part. Put '~' behind YYYY, YYYY-MM or YYYY-MM-DD."
SEASON = "is a season that lies in two years. Write its months: 1961-12/1962-02."

GOOD = [
    # Years, months, days
    ("1961", "1961-01-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1961-04", "1961-04-01T00:00:00Z", "1961-04-30T23:59:59Z", 10),
    ("1961-12", "1961-12-01T00:00:00Z", "1961-12-31T23:59:59Z", 10),
    ("1961-02", "1961-02-01T00:00:00Z", "1961-02-28T23:59:59Z", 10),
    ("1961-04-12", "1961-04-12T00:00:00Z", "1961-04-12T23:59:59Z", 11),
    ("1961-12-31", "1961-12-31T00:00:00Z", "1961-12-31T23:59:59Z", 11),
    # Leap years
    ("1960-02", "1960-02-01T00:00:00Z", "1960-02-29T23:59:59Z", 10),
    ("1960-02-29", "1960-02-29T00:00:00Z", "1960-02-29T23:59:59Z", 11),
    ("1900-02", "1900-02-01T00:00:00Z", "1900-02-28T23:59:59Z", 10),
    ("2000-02-29", "2000-02-29T00:00:00Z", "2000-02-29T23:59:59Z", 11),
    # Times, to the hour, the minute and the second
    ("1961-04-12T06Z", "1961-04-12T06:00:00Z", "1961-04-12T06:59:59Z", 12),
    ("1961-04-12T06:07Z", "1961-04-12T06:07:00Z", "1961-04-12T06:07:59Z", 13),
    ("1961-04-12T06:07:30Z", "1961-04-12T06:07:30Z", "1961-04-12T06:07:30Z", 14),
    ("1957-10-04T19:28:34Z", "1957-10-04T19:28:34Z", "1957-10-04T19:28:34Z", 14),
    ("1961-12-31T23Z", "1961-12-31T23:00:00Z", "1961-12-31T23:59:59Z", 12),
    ("1961-04-12T00:00:00Z", "1961-04-12T00:00:00Z", "1961-04-12T00:00:00Z", 14),
    ("1961-04-12T23:59:59Z", "1961-04-12T23:59:59Z", "1961-04-12T23:59:59Z", 14),
    # Doubt leaves the bounds, about widens them by one unit on either side
    ("1961?", "1961-01-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1961-XX-30", "1961-01-30T00:00:00Z", "1961-12-30T23:59:59Z", 9),
    ("196X-04-24", "1960-04-24T00:00:00Z", "1969-04-24T23:59:59Z", 8),
    ("1961-04?", "1961-04-01T00:00:00Z", "1961-04-30T23:59:59Z", 10),
    ("1961-04-12?", "1961-04-12T00:00:00Z", "1961-04-12T23:59:59Z", 11),
    ("1961-04-12T06:07Z?", "1961-04-12T06:07:00Z", "1961-04-12T06:07:59Z", 13),
    ("1961~", "1960-01-01T00:00:00Z", "1962-12-31T23:59:59Z", 9),
    ("1961%", "1960-01-01T00:00:00Z", "1962-12-31T23:59:59Z", 9),
    ("1961-04~", "1961-03-01T00:00:00Z", "1961-05-31T23:59:59Z", 10),
    ("1961-01~", "1960-12-01T00:00:00Z", "1961-02-28T23:59:59Z", 10),
    ("1961-12%", "1961-11-01T00:00:00Z", "1962-01-31T23:59:59Z", 10),
    ("1961-04-12~", "1961-04-11T00:00:00Z", "1961-04-13T23:59:59Z", 11),
    ("1960-03-01~", "1960-02-29T00:00:00Z", "1960-03-02T23:59:59Z", 11),
    ("1961-04-12T00Z~", "1961-04-11T23:00:00Z", "1961-04-12T01:59:59Z", 12),
    ("1961-04-12T06:07Z~", "1961-04-12T06:06:00Z", "1961-04-12T06:08:59Z", 13),
    ("1961-04-12T06:07:30Z~", "1961-04-12T06:07:29Z", "1961-04-12T06:07:31Z", 14),
    # Intervals
    ("1961/1962", "1961-01-01T00:00:00Z", "1962-12-31T23:59:59Z", 9),
    ("1961/1961", "1961-01-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1957-10/1958", "1957-10-01T00:00:00Z", "1958-12-31T23:59:59Z", 9),
    ("1957-07-01/1958-12-31", "1957-07-01T00:00:00Z", "1958-12-31T23:59:59Z", 11),
    ("1961-04-12/1961", "1961-04-12T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1961/1961-04", "1961-01-01T00:00:00Z", "1961-04-30T23:59:59Z", 9),
    ("1961-05-25T17:00Z/1961-05-25T18Z", "1961-05-25T17:00:00Z", "1961-05-25T18:59:59Z", 12),
    ("1961~/1962?", "1960-01-01T00:00:00Z", "1962-12-31T23:59:59Z", 9),
    ("1961/..", "1961-01-01T00:00:00Z", None, 9),
    ("1961-04-12T06:07Z/..", "1961-04-12T06:07:00Z", None, 13),
    ("../1961-04", None, "1961-04-30T23:59:59Z", 10),
    ("1961-06-XX/1961-07", "1961-06-01T00:00:00Z", "1961-07-31T23:59:59Z", 10),
    # Unspecified digits
    ("196X", "1960-01-01T00:00:00Z", "1969-12-31T23:59:59Z", 8),
    ("196X?", "1960-01-01T00:00:00Z", "1969-12-31T23:59:59Z", 8),
    ("19XX", "1900-01-01T00:00:00Z", "1999-12-31T23:59:59Z", 7),
    ("1961-XX", "1961-01-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1961-XX-XX", "1961-01-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1961-04-XX", "1961-04-01T00:00:00Z", "1961-04-30T23:59:59Z", 10),
    ("1960-02-XX", "1960-02-01T00:00:00Z", "1960-02-29T23:59:59Z", 10),
    # Seasons, quarters, halves
    ("1961-21", "1961-03-01T00:00:00Z", "1961-05-31T23:59:59Z", 9),
    ("1961-22", "1961-06-01T00:00:00Z", "1961-08-31T23:59:59Z", 9),
    ("1961-23", "1961-09-01T00:00:00Z", "1961-11-30T23:59:59Z", 9),
    ("1961-33", "1961-01-01T00:00:00Z", "1961-03-31T23:59:59Z", 9),
    ("1961-36", "1961-10-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    ("1961-40", "1961-01-01T00:00:00Z", "1961-06-30T23:59:59Z", 9),
    ("1961-41", "1961-07-01T00:00:00Z", "1961-12-31T23:59:59Z", 9),
    # Sets, one or all of them, and doubt about a part
    ("[1960,1961]", "1960-01-01T00:00:00Z", "1961-12-31T23:59:59Z", 8),
    ("{1960..1965}", "1960-01-01T00:00:00Z", "1965-12-31T23:59:59Z", 8),
    ("{1965,1960}", "1960-01-01T00:00:00Z", "1965-12-31T23:59:59Z", 8),
    ("1961?-04", "1961-04-01T00:00:00Z", "1961-04-30T23:59:59Z", 10),
    ("1961-04?-12", "1961-04-12T00:00:00Z", "1961-04-12T23:59:59Z", 11),
    # The edges of the calendar
    ("0001", "0001-01-01T00:00:00Z", "0001-12-31T23:59:59Z", 9),
    ("0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T23:59:59Z", 11),
    ("0002~", "0001-01-01T00:00:00Z", "0003-12-31T23:59:59Z", 9),
    ("9999", "9999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 9),
    ("9999-12", "9999-12-01T00:00:00Z", "9999-12-31T23:59:59Z", 10),
    ("9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z", 11),
    ("9999-12-31T23:59Z", "9999-12-31T23:59:00Z", "9999-12-31T23:59:59Z", 13),
    ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", 14),
    ("1961/9999", "1961-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 9),
]

BAD = [
    # Days and times that do not exist
    ("1961-02-29", NO_DAY),
    ("1900-02-29", NO_DAY),
    ("1961-13", NO_DAY),
    ("1961-00", NO_DAY),
    ("1961-04-31", NO_DAY),
    ("1961-04-00", NO_DAY),
    ("0000", NO_DAY),
    ("1961-04-12T24:00Z", NO_DAY),
    ("1961-04-12T25Z", NO_DAY),
    ("1961-04-12T06:60Z", NO_DAY),
    ("1972-06-30T23:59:60Z", NO_DAY),  # a leap second, which xsd:dateTime lacks
    ("1961/1961-02-29", NO_DAY),
    # Times that are not in UTC
    ("1961-04-12T06", NO_UTC),
    ("1961-04-12T06:07", NO_UTC),
    ("1961-04-12T09:07+03:00", NO_UTC),
    ("1961-04-12T06:07+00:00", NO_UTC),
    ("1961-04-12T06:07Z/1961-04-12T07:55", NO_UTC),
    # Intervals that are none
    ("../..", "is open at both ends. Give one."),
    ("1962/1961", INVERTED),
    ("1961-04/1961-03-31", INVERTED),
    ("1961-04-12T06:07:01Z/1961-04-12T06:07:00Z", INVERTED),
    ("1961/", ONE_END),
    ("/1961", ONE_END),
    ("/", ONE_END),
    ("1957/1958/1959", NO_DATE),
    # Bounds that nobody can state
    ("1961-24", SEASON),
    ("1961-28", SEASON),
    ("1961-30", SEASON),
    ("196X~", IN_PART),
    ("1961~-04", IN_PART),
    ("1961-04-XX%", IN_PART),
    ("0001~", EDGE),
    ("0001-01~", EDGE),
    ("0001-01-01~", EDGE),
    ("9999~", EDGE),
    ("9999-12~", EDGE),
    ("9999-12-31~", EDGE),
    ("9999-12-31T23:59:59Z~", EDGE),
    # What is no EDTF, or beyond the years 1 to 9999
    ("", NO_DATE),
    (" ", NO_DATE),
    ("1961 ", NO_DATE),
    ("1961\n", NO_DATE),
    (" 1961", NO_DATE),
    ("196", NO_DATE),
    ("19", NO_DATE),
    ("61", NO_DATE),
    ("196x", NO_DATE),
    ("1961-4-12", NO_DATE),
    ("19610412", NO_DATE),
    ("12.04.1961", NO_DATE),
    ("12/04/1961", NO_DATE),
    ("April 1961", NO_DATE),
    ("1961-Q2", NO_DATE),
    ("1961-W15", NO_DATE),
    ("1961-102", NO_DATE),
    ("1961-04-12Z", NO_DATE),
    ("1961-04-12T", NO_DATE),
    ("1961-04-12 06:07Z", NO_DATE),
    ("1961-04-12t06:07z", NO_DATE),
    ("1961-04-12T6:07Z", NO_DATE),
    ("1961-04-12T06:07ZZ", NO_DATE),
    ("1961-04-12T06:07:30.5Z", NO_DATE),
    ("1961-20", NO_DATE),
    ("1961-42", NO_DATE),
    ("1961-X1", NO_DATE),
    ("1961??", NO_DATE),
    ("unknown", NO_DATE),
    ("1961/open", NO_DATE),
    ("{1965..1960}", NO_DATE),
    ("[1961..]", NO_DATE),
    ("-0001", NO_DATE),
    ("10000", NO_DATE),
    ("Y17E7", NO_DATE),
    ("1950S2", NO_DATE),  # two significant digits would mean 1900 to 1999
    ("\u0661\u0669\u0666\u0661", NO_DATE),  # digits, but not ours
    ("[" * 50, NO_DATE),
    ("[" + "1960," * 100 + "1961]", NO_DATE),
]


def show(found: Interval) -> tuple[str | None, str | None, int]:
    earliest, latest, precision = found
    return earliest and stamp(earliest), latest and stamp(latest), precision


@pytest.mark.parametrize(("text", "earliest", "latest", "precision"), GOOD)
def test_date_allows_exactly_this_interval(text, earliest, latest, precision):
    assert show(interval(text)) == (earliest, latest, precision)


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_no_date_says_why_and_what_to_do(text, message, capsys):
    with pytest.raises(ValueError, match=r"\. ") as raised:
        interval(text)
    assert str(raised.value) == message
    assert capsys.readouterr() == ("", "")


def test_table_of_dates_is_long_and_names_each_once():
    texts = [row[0] for row in (*GOOD, *BAD)]
    assert len(texts) == len(set(texts))
    assert len(texts) >= 140


@pytest.mark.parametrize(
    ("text", "earliest", "precision"),
    [
        ("1958-01-31", "1958-01-31T00:00:00Z", 11),
        ("1958-01-31T22", "1958-01-31T22:00:00Z", 12),
        ("1958-01-31T22:47", "1958-01-31T22:47:00Z", 13),
        ("1958-01-31T22:47:56", "1958-01-31T22:47:56Z", 14),
        ("1969-07-20T22:56/1969-07-21", "1969-07-20T22:56:00Z", 11),
    ],
)
def test_local_time_carries_no_zone(text, earliest, precision):
    found = interval(text, local=True)
    assert found.earliest is not None
    assert (stamp(found.earliest), found.precision) == (earliest, precision)


@pytest.mark.parametrize("zone", ["Z", "+03:00", "-05:00"])
def test_local_time_with_a_zone_is_refused(zone):
    with pytest.raises(ValueError, match="is a local time and takes no zone"):
        interval(f"1958-01-31T22:47:56{zone}", local=True)


def test_one_interval_begins_after_another_only_if_every_instant_does():
    april, year, day = interval("1961-04"), interval("1961"), interval("1961-05-01")
    assert day.begins_after(april)
    assert not april.begins_after(day)
    assert not day.begins_after(year)
    assert not day.begins_after(day)
    assert not interval("../1961").begins_after(interval("1900"))
    assert not interval("1961").begins_after(interval("1900/.."))
    assert interval("1961/..").begins_after(interval("../1960"))


def test_stamp_pads_the_first_years():
    assert stamp(datetime(1, 2, 3, tzinfo=UTC)) == "0001-02-03T00:00:00Z"
    assert stamp(datetime(476, 9, 4, tzinfo=UTC)) == "0476-09-04T00:00:00Z"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_machine_s_time_zone_changes_nothing(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        interval.cache_clear()
        found = interval("1961-04-12T06:07Z")
        assert show(found) == ("1961-04-12T06:07:00Z", "1961-04-12T06:07:59Z", 13)
        assert found.earliest is not None
        assert unix(found.earliest) == -275248380
    finally:
        monkeypatch.undo()
        time.tzset()


def test_plain_dates_need_no_library():
    code = "import sys; from spacerace_kg.dates import interval; interval('1961-04-12T06:07Z/..')"
    code += "; sys.exit('edtf' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ}, check=False)
    assert done.returncode == 0


#
# Properties
#

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59))
FORMS = ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%HZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ")


def written(moment: datetime, form: str) -> str:
    return moment.strftime(form.replace("%Y", f"{moment.year:04d}"))


@given(MOMENTS)
def test_second_is_its_own_bounds(moment):
    moment = moment.replace(microsecond=0)
    text = written(moment, FORMS[5])
    assert show(interval(text)) == (text, text, 14)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        seconds=unix(moment.replace(tzinfo=UTC))
    ) == moment.replace(tzinfo=UTC)


@given(DAYS)
def test_day_goes_round(day):
    found = interval(day.isoformat())
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest.date() == found.latest.date() == day
    assert (found.latest - found.earliest).total_seconds() == 86399


@given(MOMENTS, st.integers(0, 5), st.sampled_from(["", "?"]))
def test_bounds_are_in_order_and_contain_the_moment(moment, form, doubt):
    found = interval(written(moment, FORMS[form]) + doubt)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= moment.replace(microsecond=0, tzinfo=UTC) <= found.latest
    assert found.precision == 9 + form


@given(MOMENTS, st.integers(0, 5), st.integers(0, 5))
def test_coarser_date_contains_the_finer(moment, one, other):
    coarse, fine = (interval(written(moment, FORMS[n])) for n in sorted((one, other)))
    assert coarse.earliest is not None
    assert coarse.latest is not None
    assert fine.earliest is not None
    assert fine.latest is not None
    assert coarse.earliest <= fine.earliest <= fine.latest <= coarse.latest
    assert coarse.precision <= fine.precision


@given(st.integers(2, 9998), st.integers(1, 12), st.integers(0, 2))
def test_about_is_the_unit_and_one_on_either_side(year, month, form):
    text = (f"{year:04d}", f"{year:04d}-{month:02d}", f"{year:04d}-{month:02d}-15")[form]
    exact, about = interval(text), interval(f"{text}~")
    assert exact.earliest is not None
    assert about.earliest is not None
    assert about.latest is not None
    assert exact.latest is not None
    before, after = exact.earliest - about.earliest, about.latest - exact.latest
    assert before.days in ((365, 366), (28, 29, 30, 31), (1,))[form]
    assert after.days in ((365, 366), (28, 29, 30, 31), (1,))[form]
    assert before.seconds == after.seconds == 0
    assert about.precision == exact.precision


@given(MOMENTS, MOMENTS, st.integers(0, 5), st.integers(0, 5))
def test_interval_runs_from_its_first_to_its_last_or_is_refused(one, other, first, last):
    begin, end = written(one, FORMS[first]), written(other, FORMS[last])
    if interval(end).latest < interval(begin).earliest:
        with pytest.raises(ValueError, match="ends before it begins"):
            interval(f"{begin}/{end}")
        return
    found = interval(f"{begin}/{end}")
    assert found.earliest == interval(begin).earliest
    assert found.latest == interval(end).latest
    assert found.precision == 9 + min(first, last)


@settings(max_examples=60)
@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31), st.integers(0, 2))
def test_plain_date_has_the_strict_bounds_of_the_edtf_library(year, month, day, form):
    day = min(day, calendar.monthrange(year, month)[1])
    text = (f"{year:04d}", f"{year:04d}-{month:02d}", f"{year:04d}-{month:02d}-{day:02d}")[form]
    parsed, found = edtf.parse_edtf(text), interval(text)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest.timetuple()[:6] == (*parsed.lower_strict()[:3], 0, 0, 0)
    assert found.latest.timetuple()[:6] == (*parsed.upper_strict()[:3], 23, 59, 59)


@settings(max_examples=60)
@given(DAYS, DAYS)
def test_interval_of_days_has_the_strict_bounds_of_the_edtf_library(one, other):
    text = "/".join(sorted([one.isoformat(), other.isoformat()]))
    parsed, found = edtf.parse_edtf(text), interval(text)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest.timetuple()[:3] == parsed.lower_strict()[:3]
    assert found.latest.timetuple()[:3] == parsed.upper_strict()[:3]


@settings(max_examples=300)
@given(st.text(st.sampled_from("0123456789X-/.?~%[]{},TZ: é"), max_size=24))
def test_any_text_is_a_date_or_a_value_error(text):
    try:
        found = interval(text)
    except ValueError as error:
        what, stop, remedy = str(error).partition(". ")
        assert what
        assert stop
        assert remedy.endswith(".")
    else:
        assert found.earliest or found.latest
        assert not (found.earliest and found.latest) or found.earliest <= found.latest
        assert 7 <= found.precision <= 14
