"""How names sound, whoever transliterated them: words of any script to forms that can be compared.

Лёвин is Lyovin, Levin, Lëvin, Ljowin and Liovine. A word's sounds keep apart what all the systems
keep apart, and put together what one of them spells as another spells something else: all
sibilants are one sound, w and v another; where a spelling has two readings, the word has both.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_READINGS = 16
_NEAR, _NEAR_IF_SHORT = 0.78, 0.84  # so near must words be that differ in vowels alone
TYPING_ERROR = 0.85  # from here on, two words may differ by a slip of the hand

# Marks that are sounds in scholarly transliteration and in the languages of Central Europe.
_MARKED = str.maketrans(
    {
        "č": "ch", "ć": "ch", "š": "sh", "ś": "sh", "ŝ": "shch", "ž": "zh", "ź": "zh", "ż": "zh",
        "û": "yu", "ľ": "l", "ʹ": "", "ʺ": "", "ь": "", "ъ": "",
    }
)  # fmt: skip

# S is any sibilant, H a rough breath, A a vowel; the first that fits is taken, so longest first.
_SOUNDS: list[tuple[str, tuple[str, ...]]] = [
    ("schtsch|sjtsj|shch|szcz|chtch|tsch|tsj|tch|cz|sj|tj", ("S",)),
    ("dsch|dzh", ("dS",)),
    ("dj", ("di", "dS")),
    ("sch", ("S", "SH")),
    ("ch", ("S", "H")),
    ("kh", ("H",)),
    ("sh|sz|zh|ts|tz|ss|s|z", ("S",)),
    ("gh|gu(?=[eiy])", ("g",)),
    ("ph|w|v|f", ("v",)),
    ("th", ("t",)),
    ("ck", ("k", "Sk")),
    ("k", ("k",)),
    ("qu", ("kv",)),
    ("q", ("k",)),
    ("x", ("kS",)),
    ("c(?=[eiy])", ("S", "k")),
    ("c", ("k", "S")),
    ("h(?=[aeiouy])", ("H", "", "g")),  # Russian has no h: Herman is German
    ("h", ("",)),
    ("ou|oo|u", ("u",)),
    ("ae", ("a",)),
    ("oe", ("o",)),
    ("(?<=[bcdfgklmnprstvwz])[yji]+o", ("io", "ie", "e")),  # ё
    ("(?<![bcdfghklmnpqrstvwxz])[yji]+e", ("ie", "e")),  # Yevgeny is Evgenii
    ("(?<=h)o(?=[vw])", ("o", "e")),  # the same, as Khrushchev's
    ("j(?=[aeou])", ("i", "dS")),
    ("[yji]+", ("i",)),
    ("e$", ("e", "")),
]
_SPELLING = re.compile("|".join(f"({spelled})" for spelled, _ in _SOUNDS) + "|[a-z]")
_VOWELS = re.compile("[aeiou]+")
_FIRST_VOWELS = re.compile("^[aeiou]+")
_RUN = re.compile(r"(.)\1+")


def plain(text: str) -> str:
    """Return a text of any script in lower-case ASCII, sounds that marks stand for written out.

    >>> plain("Čelomej, Жолобов"), plain("Bùi Thanh Liêm")
    ('chelomej, zholobov', 'bui thanh liem')
    """
    lower = unicodedata.normalize("NFKC", text).lower().replace("ьо", "ё")  # as in Корольов
    composed = lower.translate(_MARKED)
    letters = unicodedata.normalize("NFKD", composed)
    return anyascii("".join(c for c in letters if not unicodedata.combining(c))).lower()


@lru_cache(maxsize=65536)
def sounds(word: str) -> frozenset[str]:
    """Return the ways in which a plain word may sound.

    >>> sorted(sounds("wostok")), sounds("sojus") & sounds("soyuz")
    (['voStok'], frozenset({'SoiuS'}))
    """
    heard = [
        _SOUNDS[found.lastindex - 1][1] if found.lastindex else (found[0],)
        for found in _SPELLING.finditer(word)
    ]
    most = MOST_READINGS if len(word) > 4 else 1  # NASA is not NACA
    readings = itertools.islice(itertools.product(*heard), most)
    return frozenset(_RUN.sub(r"\1", "".join(reading)) for reading in readings)


@lru_cache(maxsize=65536)
def skeletons(word: str) -> frozenset[str]:
    """Return a word's sounds without the vowels, except that it may begin with one.

    >>> skeletons("yegorov"), skeletons("chruschtschow") & skeletons("khrushchev")
    (frozenset({'Agrv'}), frozenset({'HrSv'}))
    """
    return frozenset(_VOWELS.sub("", _FIRST_VOWELS.sub("A", sound)) for sound in sounds(word))


@lru_cache(maxsize=262144)
def likeness(one: str, other: str) -> float:
    """Return how sure it is that two plain words spell one name, from 0 to 1.

    Spelled alike is 1, sounding alike 0.99; words that differ in vowels alone are worth 0.96 and
    more if they are near; a slip of the hand less than 0.98.

    >>> likeness("khrushchev", "chruschtschow") > 0.9, likeness("makarov", "romanov")
    (True, 0.0)
    """
    if one == other:
        return 1.0
    if min(len(one), len(other)) <= 3 and len(one) != len(other):
        return 0.0  # abbreviations: ERS is not ERTS
    heard, said = sounds(one), sounds(other)
    if heard & said:
        return 0.99
    near, rhymes = max((OSA.normalized_similarity(a, b), _rhyme(a, b)) for a in heard for b in said)
    if rhymes and near >= (_NEAR if min(len(one), len(other)) > 6 else _NEAR_IF_SHORT):
        return 0.85 + 0.14 * near
    near = max(near, OSA.normalized_similarity(one, other))
    if min(len(one), len(other)) >= 5 and one[0] == other[0] and near >= TYPING_ERROR:
        return near - 0.005
    return 0.0


def _rhyme(one: str, other: str) -> bool:
    """Say whether two sounds have the same consonants and as many syllables."""
    one, other = _FIRST_VOWELS.sub("A", one), _FIRST_VOWELS.sub("A", other)
    return _VOWELS.sub("e", one) == _VOWELS.sub("e", other)


class Vocabulary:
    """Known plain words, to be found again however they are spelled."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for skeleton in skeletons(word):
                self._by_skeleton[skeleton].append(word)
        self._found = lru_cache(maxsize=65536)(self._find)

    def alike(self, word: str) -> dict[str, float]:
        """Return the known words that a plain word may be, with their likeness.

        Where one sounds like it, a slip of the hand for another is no longer likely.
        """
        return self._found(word)

    def _find(self, word: str) -> dict[str, float]:
        known = {own for s in skeletons(word) for own in self._by_skeleton.get(s, ())}
        found = {own: like for own in known if (like := likeness(word, own))}
        if not found:
            typed = process.extract_iter(
                word, self._words, scorer=OSA.normalized_similarity, score_cutoff=TYPING_ERROR
            )
            found = {own: like for own, *_ in typed if (like := likeness(word, own))}
        return found
