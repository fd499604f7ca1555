"""GCAT's codes: tags, designations, launch codes, doubt, and the ids made of them."""

from __future__ import annotations

import pytest

from spacerace_kg.gcat import codes
from spacerace_kg.gcat.codes import LaunchCode, cospar_id, launch_code, launch_number, launch_year


@pytest.mark.parametrize(
    ("tag", "year", "number"),
    [
        ("1957 ALP", 1957, "1957-001"),
        ("1959 MU", 1959, "1959-012"),
        ("1961 OME", 1961, "1961-024"),
        ("1962 A ALP", 1962, "1962-025"),
        ("1962 B OME", 1962, "1962-072"),
        ("1963-001", 1963, "1963-001"),
        ("2024-234", 2024, "2024-234"),
        ("1957-F01", 1957, ""),
        ("1969-U01", 1969, ""),
    ],
)
def test_launch_tag_tells_year_and_cospar_number(tag, year, number):
    assert (launch_year(tag), launch_number(tag)) == (year, number)


@pytest.mark.parametrize("tag", ["", "1957", "1957 OMG", "1957-1", "57-001", "1957-001A", "-"])
def test_text_that_is_no_tag_is_refused(tag):
    with pytest.raises(ValueError, match="is no launch tag"):
        launch_year(tag)


@pytest.mark.parametrize(
    ("piece", "cospar"),
    [
        ("1957 ALP 2", "1957-001B"),
        ("1958 ALP", "1958-001A"),
        ("1961 MU 1", "1961-012A"),
        ("1962 A ALP 8", "1962-025H"),
        ("1962 A ALP 9", "1962-025J"),  # no I
        ("1961 OMI 24", "1961-015Z"),
        ("1961 OMI 25", "1961-015AA"),
        ("1961 OMI 601", "1961-015AAA"),
        ("1969-059C", "1969-059C"),
        ("1998-067XY", "1998-067XY"),
        ("1969-059", ""),
        ("1969-059I", ""),
        ("1957-F01", ""),
        ("1957 OMG 1", ""),
        ("1957 ALP 0", ""),
        ("-", ""),
    ],
)
def test_piece_becomes_its_international_designation(piece, cospar):
    assert cospar_id(piece) == cospar


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("OS", LaunchCode("orbital", "success", 100)),
        ("OF", LaunchCode("orbital", "failure", 0)),
        ("OF40", LaunchCode("orbital", "failure", 40)),
        ("OS89", LaunchCode("orbital", "success", 89)),
        ("DS", LaunchCode("deep space", "success", 100)),
        ("XS", LaunchCode("from another body", "success", 100)),
        ("OE", LaunchCode("orbital", "failure", 0)),
        ("OU", LaunchCode("orbital", "", None)),
        ("OS00", LaunchCode("orbital", "success", 0)),
    ],
)
def test_launch_code_is_read(code, meaning):
    assert launch_code(code) == meaning


@pytest.mark.parametrize("code", ["", "-", "O", "S", "OS101", "OX", "os", "OS5x", "SS"])
def test_launch_code_that_is_none_is_refused(code):
    with pytest.raises(ValueError, match="is no launch code"):
        launch_code(code)


def test_joined_codes_are_parted_each_with_its_doubt():
    assert codes.split("ABMA/JPL?/ -") == [("ABMA", False), ("JPL", True)]
    assert codes.split("KVR ?") == [("KVR", True)]


@pytest.mark.parametrize(("text", "good"), [("S00002", True), ("S000100000", True),
    ("S2", False), ("00002", False), ("S0000002", False), ("s00002", False)])  # fmt: skip
def test_jcat_is_a_letter_and_five_or_nine_digits(text, good):
    assert codes.is_jcat(text) is good


def test_slug_of_nothing_is_refused():
    with pytest.raises(ValueError, match="holds no letter or digit"):
        codes.slug("?!")
