"""Names with numbers: words that may be spelled many ways, and codes that are identity.

Apollo XI is Apollo-11 and never Apollo 12; Soyuz T-10 is not Soyuz TM-10. So a name is taken apart
into its words, which are compared by sound, and its codes (numbers, single letters, short groups of
consonants), which must be the same.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from spacerace_kg.wikidata.spelling import plain

INCOMPLETE = 0.8  # the most that two names are alike of which one has a word more
_TOKEN = re.compile(r"[a-z]+|[0-9]+")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_ROMAN = re.compile(r"(x{0,3}(?:ix|iv|v?i{0,3}))([a-h]?)\Z").match
_VALUES = {"i": 1, "v": 5, "x": 10}
_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_NUMBERS = {word: str(number) for number, word in enumerate(_COUNTED.split(), 1)}
_ARTICLES = "the of on and no nr num die der das le la les de du"
_SILENT = frozenset(_ARTICLES.split())
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")

# What people write before or after a name to say what it is, and the class that this means.
NOUNS = {
    "mission": "Mission", "missions": "Mission", "flight": "Mission", "flug": "Mission",
    "vol": "Mission", "polet": "Mission", "raumflug": "Mission",
    "spacecraft": "", "spaceship": "", "raumschiff": "", "korabl": "", "apparat": "",
    "vaisseau": "", "probe": "", "sonde": "", "raumsonde": "", "satellite": "", "satellit": "",
    "capsule": "",
    "rocket": "LaunchVehicle", "rakete": "LaunchVehicle", "raketa": "LaunchVehicle",
    "fusee": "LaunchVehicle", "launcher": "LaunchVehicle",
    "station": "SpaceStation", "stantsiya": "SpaceStation", "raumstation": "SpaceStation",
    "programme": "Programme", "program": "Programme", "programm": "Programme",
    "programma": "Programme", "project": "Programme", "projekt": "Programme",
    "orbiter": "Spacecraft", "shuttle": "", "cosmodrome": "LaunchSite", "kosmodrom": "LaunchSite",
    "space": "", "orbital": "", "nasa": "", "soviet": "", "american": "", "us": "", "ussr": "",
    "usa": "", "company": "", "corporation": "", "corp": "", "inc": "",
}  # fmt: skip


class Designation(NamedTuple):
    """A name taken apart; ``converted`` says that a Roman numeral was read as a number."""

    words: tuple[str, ...]
    codes: tuple[str, ...]
    converted: bool = False

    def bare(self) -> tuple[Designation, set[str]]:
        """Return the name without the nouns that say what it is, and the classes they mean."""
        classes = {NOUNS[word] for word in self.words if NOUNS.get(word)}
        words = tuple(word for word in self.words if word not in NOUNS)
        return self._replace(words=words), classes

    def short(self) -> Designation:
        """Return the name without the nouns that mean a class: the Apollo programme is Apollo."""
        return self._replace(words=tuple(word for word in self.words if not NOUNS.get(word)))


def parts(text: str) -> Iterator[str]:
    """Yield a name as it stands, then without its brackets, then what they hold.

    >>> list(parts("Challenger (STS-51-L)"))
    ['Challenger (STS-51-L)', 'Challenger', 'STS-51-L']
    """
    yield text
    inside = [one or other for one, other in _BRACKETS.findall(text)]
    if inside:
        yield " ".join(_BRACKETS.sub(" ", text).split())
        yield from (part for part in inside if part.strip())


def readings(text: str) -> list[Designation]:
    """Return the ways to take a name apart: as it stands, and with Roman numerals as numbers.

    >>> readings("Gemini VI-A")[-1]
    Designation(words=('gemini',), codes=('6', 'a'), converted=True)
    """
    words: list[str] = []
    codes: list[list[tuple[str, ...]]] = []
    spelled = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), plain(text))
    for token in _TOKEN.findall(spelled.replace("'s ", " ").replace("'", "")):
        number = _NUMBERS.get(token)
        if token in _SILENT:
            continue
        if token.isdigit() or number:
            codes.append([(number or token.lstrip("0") or "0",)])
        elif len(token) == 1 or (len(token) <= 3 and not set(token) & set("aeiouy")):
            codes.append([(token,), *_converted(token)])
        elif roman := _converted(token):
            codes.append([tuple(token), *roman] if len(token) == 2 else [(token,), *roman])
        else:
            words.append(token)
    found = []
    for choice in itertools.islice(itertools.product(*codes), 8):
        first = all(chosen is options[0] for chosen, options in zip(choice, codes, strict=True))
        found.append(
            Designation(tuple(words), tuple(code for part in choice for code in part), not first)
        )
    return found


def _converted(token: str) -> list[tuple[str, ...]]:
    """Return a Roman numeral as a number, with the letter that may follow it."""
    found = _ROMAN(token)
    if not found or not found[1]:
        return []
    digits = [_VALUES[digit] for digit in found[1]]
    total = sum(-d if d < max(digits[n:]) else d for n, d in enumerate(digits))
    return [(str(total), found[2]) if found[2] else (str(total),)]


def coverage(
    words: Sequence[str], alike: Sequence[Mapping[str, float]], own: Sequence[str]
) -> float:
    """Return how far two lists of words are the same, by letters, whatever their order.

    ``alike`` are the words that each may be, with their likeness. A word that only one of the two
    has keeps them at most INCOMPLETE.
    """
    left = list(own)
    common = total = 0.0
    for word, known in zip(words, alike, strict=True):
        total += len(word)
        best = max(left, key=lambda w: known.get(w, 0.0), default="")
        if like := known.get(best, 0.0):
            left.remove(best)
            common += like * (len(word) + len(best))
            total += len(best)
    missing = len(words) > len(own) - len(left) or left
    total += sum(map(len, left))
    score = common / total if total else 1.0
    return min(score, INCOMPLETE) if missing else score
