"""Names of people: in either order, with initials, patronymics, nicknames, ranks and degrees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nicknames import NickNamer

from spacerace_kg.wikidata.spelling import TYPING_ERROR, likeness, plain

SURNAME_ALONE = 0.75
_INITIAL = 0.93
_NICKNAME = 0.96
_UNLIKE = 0.4  # another given name: a brother, a namesake

_TITLES = frozenset(
    "mr mrs ms dr prof professor sir lord col colonel lt lieutenant gen general maj major capt "
    "captain cdr commander adm admiral sgt pilot cosmonaut astronaut kosmonaut kosmonavt letchik "
    "spationaute comrade tov akademik academician president md phd jr sr ii iii iv".split()
)
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)*\.?")
_APOSTROPHE = str.maketrans("", "", "'`’ʼ")
_nicknames = NickNamer()


class PersonName:
    """A name in its parts: full words and initials, in the order written."""

    def __init__(self, text: str) -> None:
        words = [
            word.translate(_APOSTROPHE)
            for word in _WORDS.findall(plain(text).replace("m.d", "md").replace("ph.d", "phd"))
        ]
        kept = [word for word in words if word.rstrip(".") not in _TITLES]
        # "Yu." is an initial, "Jr" was one; "Lu" is a surname.
        self.initials = [w.rstrip(".") for w in kept if len(w.rstrip(".")) == 1 or _short(w)]
        self.words = [w.rstrip(".") for w in kept if not (len(w.rstrip(".")) == 1 or _short(w))]


def _short(word: str) -> bool:
    return word.endswith(".") and len(word) <= 4


class Person:
    """All that a person is called: the surnames, and the names before them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.surnames: set[str] = set()
        self.given: set[str] = set()
        self.middle: set[str] = set()
        self.initials: set[str] = set()
        for text in names:
            name = PersonName(text)
            self.initials.update(name.initials)
            if name.words:
                self.surnames.add(name.words[-1])
                self.given.update(name.words[:1])
                self.middle.update(name.words[1:-1])

    def likeness(self, name: PersonName) -> float:
        """Return how sure it is that a name is this person's, from 0 to 1.

        Every word of the name must be one of the person's. A surname alone says little; another
        given name says that it is somebody else.
        """
        best = 0.0
        for place, word in enumerate(name.words):
            surname = max((likeness(word, own) for own in self.surnames), default=0.0)
            if surname:
                others = name.words[:place] + name.words[place + 1 :]
                best = max(best, self._with(surname, others, name.initials))
        return best

    def _with(self, surname: float, words: list[str], initials: list[str]) -> float:
        if not words and not initials:
            return SURNAME_ALONE * surname
        own = self.given | self.middle | self.surnames
        found = [max((_same(word, other) for other in own), default=0.0) for word in words]
        matched = [score for score in found if score >= TYPING_ERROR]
        letters = [i for i in initials if any(_begins(other, i) for other in own | self.initials)]
        first = words[0] if words else initials[0]
        named = any(_same(word, g) >= TYPING_ERROR for word in words for g in self.given) or (
            not words and any(_begins(g, first) for g in self.given)
        )
        if not named and not (matched and not self.given):
            return _UNLIKE * surname
        scores = matched + [_INITIAL] * min(len(letters), 1) * (not matched)
        score = (surname + sum(scores) / len(scores)) / 2 if scores else _UNLIKE
        # A second name that this person does not have is a namesake's, unless we know of none.
        strange = len(words) - len(matched) + len(initials) - len(letters)
        if strange:
            score *= 0.75 if self.middle or self.initials else 0.93**strange
        return score


@lru_cache(maxsize=65536)
def _same(word: str, own: str) -> float:
    """Return how sure it is that two given names are one, be one of them a nickname."""
    alike = likeness(word, own)
    if alike >= _NICKNAME:
        return alike
    if _is_short_for(word, own) or _is_short_for(own, word):
        return _NICKNAME
    return alike


def _is_short_for(short: str, name: str) -> bool:
    return short in (_nicknames.nicknames_of(name) or ())


def _begins(name: str, initial: str) -> bool:
    """Say whether a name has an initial, spelled like it or another way: Ю is Yu, Iu, Ju."""
    if name.startswith(initial[0]):
        return True
    return {name[0], initial[0]} in _LIKE


_LIKE = [set(pair) for pair in ("yj", "yi", "ij", "ye", "je", "wv", "kc", "gh", "zs", "xk")]
