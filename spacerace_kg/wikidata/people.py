"""Names of people: in either order, with initials, patronymics, nicknames, ranks and degrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from nicknames import NickNamer

from spacerace_kg.wikidata.spelling import likeness, plain

SURNAME_ALONE = 0.75
_ALIKE = 0.8  # from here on two names are one
_INITIAL = 0.93
_NICKNAME = 0.96
_UNLIKE = 0.4  # another given name: a brother, a namesake

_RANKS = (
    "mr mrs ms dr prof professor sir lord col colonel lt lieutenant gen general maj major capt "
    "captain cdr commander adm admiral sgt pilot cosmonaut astronaut kosmonaut kosmonavt letchik "
    "spationaute comrade tov akademik academician president md phd jr sr ii iii iv"
)
_TITLES = frozenset(_RANKS.split())
# Words of a surname that are no name by themselves.
_PARTICLES = frozenset(
    ("von", "van", "der", "den", "de", "di", "da", "do", "la", "le", "bin", "ibn")
)
# Ukrainian forms of names that Russian has too; those that sound alike are not among them.
_UKRAINIAN = {
    "andrii": "andrei", "dmytro": "dmitri", "kostiantyn": "konstantin", "mykhailo": "mikhail",
    "mykola": "nikolai", "oleksandr": "aleksandr", "oleksii": "aleksei", "pavlo": "pavel",
    "petro": "pyotr", "serhii": "sergei", "volodymyr": "vladimir", "yevhen": "yevgeny",
}  # fmt: skip
_WORDS = re.compile(r"[a-z]+(?:['`][a-z]+)*[.'`]*")
_DOUBLE = re.compile(r"\b([a-z]{3,})-([a-z]{3,})\b")
_nicknames = NickNamer()


class PersonName:
    """A name in its parts: full words and initials, in the order written.

    >>> name = PersonName("Gagarin, Yu.A.")
    >>> name.words, name.initials
    (['gagarin'], ['yu', 'a'])
    """

    def __init__(self, text: str) -> None:
        spelled = plain(text).replace("m.d", "md").replace("ph.d", "phd")
        numbered = any(character.isdigit() for character in spelled)
        kept = [w for w in _WORDS.findall(spelled) if w.rstrip(".") not in _TITLES]
        found = [] if numbered else [re.sub("['`]", "", word) for word in kept]
        self.double = {part for pair in _DOUBLE.findall(spelled) for part in pair}
        self.words: list[str] = []
        self.initials: list[str] = []
        for word in found:
            bare = word.rstrip(".")
            # "Yu." is an initial, "Lu" a surname.
            is_initial = len(bare) == 1 or (word != bare and len(bare) <= 3)
            (self.initials if is_initial else self.words).append(bare)


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
            self.surnames.update(name.words[-1:])
            self.given.update(name.words[:1])
            self.middle.update(name.words[1:-1])

    def likeness(self, name: PersonName) -> float:
        """Return how sure it is that a name is this person's, from 0 to 1.

        A surname alone says little, another given name that it is somebody else. A second name
        that this person does not have speaks against it, much so if others are known.
        """
        best = 0.0
        for place, word in enumerate(name.words):
            if surname := _best(word, self.surnames, likeness):
                # Of a double surname one part may be that of a marriage.
                others = [
                    other
                    for n, other in enumerate(name.words)
                    if n != place and other not in _PARTICLES and not {word, other} <= name.double
                ]
                best = max(best, self._beside(surname, others, name.initials))
        return best

    def _beside(self, surname: float, words: list[str], initials: list[str]) -> float:
        """Return the likeness of a name by its surname's and what stands beside that."""
        if not words and not initials:
            return SURNAME_ALONE * surname
        own = self.given | self.middle | self.surnames
        known = own | self.initials
        if words:
            given = max(_best(word, self.given, _same) for word in words)
            if given < _ALIKE:  # Tamayo Méndez: a second name stands for the first
                given = _INITIAL * min(_best(word, self.middle, likeness) for word in words)
        else:
            given = _INITIAL * any(_begins(name, initials[0]) for name in self.given)
        if given < _ALIKE:
            return _UNLIKE * surname
        strange = sum(_best(word, own, _same) < _ALIKE for word in words
                      if not any(_begins(word, initial) for initial in self.initials))  # fmt: skip
        strange += sum(not any(_begins(name, i) for name in known) for i in initials)
        more = self.middle or self.initials
        return (surname + given) / 2 * (0.75 if more else 0.93) ** strange


def _best(word: str, own: Iterable[str], alike: Callable[[str, str], float]) -> float:
    return max((alike(word, other) for other in own), default=0.0)


@lru_cache(maxsize=65536)
def _same(word: str, own: str) -> float:
    """Return how sure it is that two given names are one, be one of them a nickname."""
    short_for = word in _nicknames.nicknames_of(own) or own in _nicknames.nicknames_of(word)
    forms = [word, *(known for form, known in _UKRAINIAN.items() if likeness(word, form) > 0.9)]
    return max(*(likeness(form, own) for form in forms), _NICKNAME if short_for else 0.0)


def _begins(name: str, initial: str) -> bool:
    """Say whether a name has an initial, spelled like it or another way: Ю is Yu, Iu, Ju."""
    return name[0] == initial[0] or any({name[0], initial[0]} <= same for same in _ONE_LETTER)


_ONE_LETTER = [set(letters) for letters in ("yjieu", "wv", "kcx", "gh", "zsc")]
