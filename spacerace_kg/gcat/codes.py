"""GCAT's codes: launch tags, designations, launch codes, doubt marks, and the ids made of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TAG = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?P<number>\d{3})|-[A-Z]\d{2,3}|(?: (?P<round>[A-Z]))? (?P<greek>[A-Z]{2,3}))\Z",
    re.ASCII,
).match
_PIECE = re.compile(
    r"(?P<launch>\d{4}-\d{3})(?P<letters>[A-HJ-NP-Z]{1,3})\Z"
    r"|(?P<tag>\d{4}(?: [A-Z])? [A-Z]{2,3})(?: (?P<count>[1-9]\d*))?\Z",
    re.ASCII,
).match
_LAUNCH_CODE = re.compile(r"(?P<place>[ODX])(?P<result>[SFUE])(?P<percent>\d{1,2}|100)?\Z").match
_JCAT = re.compile(r"[A-Z]\d{5}(?:\d{4})?\Z", re.ASCII).match
_BETWEEN = re.compile(r"[^a-z0-9]+").sub  # the words of an id
_GREEK = [
    "ALP", "BET", "GAM", "DEL", "EPS", "ZET", "ETA", "THE", "IOT", "KAP", "LAM", "MU",
    "NU", "XI", "OMI", "PI", "RHO", "SIG", "TAU", "UPS", "PHI", "CHI", "PSI", "OME",
]  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # COSPAR leaves out I and O
_CATEGORIES = {"O": "orbital", "D": "deep space", "X": "from another body"}
_RESULTS = {"S": ("success", 100), "F": ("failure", 0), "E": ("failure", 0), "U": ("", None)}


class LaunchCode(NamedTuple):
    """What a launch code says of the launcher; outcome "" and percent None are unknown."""

    category: str
    outcome: str
    percent: int | None


@lru_cache(1 << 10)
def launch_code(text: str) -> LaunchCode:
    """Return what a launch code says; raises ValueError for one that is none.

    The letter decides between success and failure; GCAT counts 100 per cent for S alone, 0 for F.

    >>> launch_code("OF40")
    LaunchCode(category='orbital', outcome='failure', percent=40)
    """
    match = _LAUNCH_CODE(text)
    if not match:
        raise ValueError(f"{text!r} is no launch code: O, D or X, then S, F, U or E, then digits.")
    outcome, percent = _RESULTS[match["result"]]
    share = int(match["percent"]) if match["percent"] else percent
    return LaunchCode(_CATEGORIES[match["place"]], outcome, share)


def launch_year(tag: str) -> int:
    """Return the year in a launch tag; raises ValueError for a text that is no tag."""
    match = _TAG(tag)
    if not match or (match["greek"] and match["greek"] not in _GREEK):
        raise ValueError(f"{tag!r} is no launch tag: 1957 ALP, 1962 A ALP, 1963-001 or 1957-F01.")
    return int(match["year"])


def launch_number(tag: str) -> str:
    """Return the COSPAR number of a launch, "" for one that failed or is marginal.

    >>> launch_number("1961 MU"), launch_number("1962 A ALP"), launch_number("1957-F01")
    ('1961-012', '1962-025', '')
    """
    match = _TAG(tag)
    if not match or not (match["number"] or match["greek"] in _GREEK):
        return ""
    if match["number"]:
        return tag
    rounds = ord(match["round"]) - ord("A") + 1 if match["round"] else 0
    number = rounds * len(_GREEK) + _GREEK.index(match["greek"]) + 1
    return f"{match['year']}-{number:03}"


def cospar_id(piece: str) -> str:
    """Return a piece's international designation, Greek letters put in numbers, or "".

    >>> cospar_id("1957 ALP 2"), cospar_id("1958 ALP"), cospar_id("1957-F01")
    ('1957-001B', '1958-001A', '')
    """
    match = _PIECE(piece)
    if not match:
        return ""
    if match["letters"]:
        return piece
    launch = launch_number(match["tag"])
    left, letters = int(match["count"] or 1), ""
    while left:
        left, digit = divmod(left - 1, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return f"{launch}{letters}" if launch else ""


def is_jcat(text: str) -> bool:
    """Say whether a text is an identifier of GCAT's object catalogues: a letter and digits."""
    return _JCAT(text) is not None


def doubt(text: str) -> tuple[str, bool]:
    """Return a text without its mark of doubt, and whether it had one.

    >>> doubt("RW03/21?"), doubt("LC1")
    (('RW03/21', True), ('LC1', False))
    """
    plain = text.rstrip("? ")
    return (plain, True) if plain != text else (text, False)


def words(text: str) -> tuple[str, bool]:
    """Return a text in words without its mark of doubt, and whether it had one; none for ``-``.

    >>> words("RS-29    UE?"), words("-")
    (('RS-29 UE', True), ('', False))
    """
    plain, doubtful = doubt(" ".join(text.split()) if "  " in text else text)
    return "" if plain == "-" else plain, doubtful


def split(text: str) -> list[tuple[str, bool]]:
    """Return each of the codes that are joined by slashes, with its doubt; none for ``-``.

    >>> split("MOM/VNIEM?"), split("-")
    ([('MOM', False), ('VNIEM', True)], [])
    """
    found = [doubt(code.strip()) for code in text.split("/")]
    return [(code, doubtful) for code, doubtful in found if code not in ("", "-")]


@lru_cache(1 << 14)
def slug(code: str) -> str:
    """Return a code in kebab-case; raises ValueError if nothing of it can stand in an id.

    >>> slug("1962 A ALP"), slug("LC132/2"), slug("Antares 230+")
    ('1962-a-alp', 'lc132-2', 'antares-230-plus')
    """
    made = _BETWEEN("-", code.lower().replace("+", " plus ")).strip("-")
    if not made:
        raise ValueError(f"{code!r} holds no letter or digit of which an id could be made.")
    return made
