"""Identifiers as people write them, of objects in space, of names in libraries, of Wikidata.

COSPAR numbered the launches of 1957 to 1962 with Greek letters, after Omega with two, and the
objects of a launch with digits: 1962 Alpha Epsilon 1 is 1962-029A. GCAT abbreviates the letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu "
    "nu xi omicron pi rho sigma tau upsilon phi chi psi omega"
)
_GREEK = _NAMES.split()
_LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
_BY_LETTER = dict(zip(_LETTERS, _GREEK, strict=True)) | {"ς": "sigma"}
_LETTER = "|".join([*_GREEK, *(name[:3] for name in _GREEK if len(name) > 3)])

_NAMED = re.compile(
    r"(?:(cospar|int(?:ernationa)?l\.? designator|intldes)|(satcat|norad|ssc|ussc)"
    r"|(gcat)|(nssdca?)|(wikidata|qid)|(?:https?://(?:www\.)?viaf\.org/)?(viaf)"
    r"|(?:https?://d-nb\.info/)?(gnd))(?:[ -]?(?:cat(?:alog(?:ue)?)?|id|no|number|tag))?"
    r"[\s.:#№/]*",
    re.IGNORECASE,
).match
_QID = re.compile(
    r"(?:wd:|https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]{0,11})\Z",
    re.IGNORECASE,
).match
_NUMBERED = re.compile(r"(19[5-9]\d|20\d\d)(?:\s*-\s*|\s+)(\d{1,3})\s?([A-Z]{1,3})\Z", re.I).match
_LAUNCH = re.compile(r"(19[5-9]\d|20\d\d)-(\d{3}|[A-Z]\d\d)\Z", re.I).match
_LETTERED = re.compile(
    rf"(19(?:5[789]|6[012]))[\s-]*(?:(alpha|alp|a|beta|bet|b)[\s-]+)?({_LETTER})(?:[\s-]*(\d\d?))?\Z",
    re.IGNORECASE,
).match
_WORD = re.compile(r"[A-Z][A-Z0-9]{3,9}\Z").match
_VIAF = re.compile(r"([1-9][0-9]{1,21})/?\Z").match
_GND = re.compile(r"([0-9]{1,9}-?[0-9X])\Z", re.IGNORECASE).match


class Identifier(NamedTuple):
    """An identifier in the form that the graph gives it, and whose it is."""

    property: str
    value: str


def read(text: str) -> tuple[list[Identifier], bool]:
    """Return what identifiers a text may be, and whether it can be nothing else.

    >>> read("1962 Alpha Epsilon 1")
    ([Identifier(property='cosparId', value='1962-029A')], True)
    >>> read("NORAD 5")
    ([Identifier(property='satcatNumber', value='00005')], True)
    """
    bare = " ".join("".join(_spelled(c) for c in text).split()).lstrip("#№ ")
    named = _NAMED(bare)
    value = bare[named.end() :] if named else bare
    whose = named.lastindex if named else None
    found = [
        identifier
        for number, reader in enumerate(_READERS, 1)
        if number == whose or (whose is None and _says_itself(reader, value))
        for identifier in reader(value)
    ]
    sure = any(i.property != "nssdcId" or named for i in found)
    return found, sure


def _says_itself(reader: Callable[[str], Iterator[Identifier]], value: str) -> bool:
    """Say whether a number can be an identifier of this kind though nobody says whose it is."""
    return reader not in (_viaf, _gnd) and (reader is not _satcat or len(value) == 5)


def _spelled(character: str) -> str:
    name = _BY_LETTER.get(character.lower())
    return f" {name} " if name else character


def _cospar(value: str) -> Iterator[Identifier]:
    if found := _NUMBERED(value):
        yield Identifier("cosparId", f"{found[1]}-{int(found[2]):03}{found[3].upper()}")
    elif (found := _LETTERED(value)) and found[4]:
        launch = _place(found[3]) + (24 * _place(found[2]) if found[2] else 0)
        if 0 < int(found[4]) <= 26:
            yield Identifier("cosparId", f"{found[1]}-{launch:03}{chr(64 + int(found[4]))}")


def _satcat(value: str) -> Iterator[Identifier]:
    if value.isascii() and value.isdigit() and len(value) <= 5:
        yield Identifier("satcatNumber", f"{int(value):05}")


def _gcat(value: str) -> Iterator[Identifier]:
    if _LAUNCH(value):
        yield Identifier("gcatTag", value.upper())
    elif (found := _LETTERED(value)) and not found[4]:
        series = [found[2][0].upper()] if found[2] else []
        yield Identifier("gcatTag", " ".join([found[1], *series, found[3][:3].upper()]))


def _nssdc(value: str) -> Iterator[Identifier]:
    if found := _NUMBERED(value):
        yield Identifier("nssdcId", f"{found[1]}-{int(found[2]):03}{found[3].upper()}")
    elif _WORD(value):
        yield Identifier("nssdcId", value)


def _wikidata(value: str) -> Iterator[Identifier]:
    if found := _QID(value):
        yield Identifier("qid", found[1].upper())


def _viaf(value: str) -> Iterator[Identifier]:
    if found := _VIAF(value):
        yield Identifier("viafId", found[1])


def _gnd(value: str) -> Iterator[Identifier]:
    if found := _GND(value):
        yield Identifier("gndId", found[1].upper())


def _place(letter: str) -> int:
    """Return a letter's place in the alphabet, given by its name or its first three letters."""
    return next(n for n, name in enumerate(_GREEK, 1) if name.startswith(letter.lower()))


_READERS = (_cospar, _satcat, _gcat, _nssdc, _wikidata, _viaf, _gnd)  # as _NAMED has them
