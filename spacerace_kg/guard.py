"""The guard before an engine: bounds on the text of a query that comes from outside.

The embedded engine has no limits of its own: text nested a few thousand deep ends the process, and
SERVICE makes it open connections. The bounds are far above what a person writes.
"""

from __future__ import annotations

import re

from spacerace_kg.errors import UsageError

MOST_CHARACTERS = 100_000
MOST_TOKENS = 2_000
MOST_DEPTH = 60
MOST_OPERATORS = 200  # of one kind in one query: UNION, groups, path steps, arithmetic, logic

# What looks like an IRI may be a comparison (`?a<?b&&?c>?d`). So no brackets pass for a part of an
# IRI, and no more than 500 characters: what is too long or has brackets is counted like the rest.
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n\r]*|<[^<>"{}|^`\\()\[\]\x00-\x20]{0,500}>
        |\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
      |(?P<quote>["'])|(?P<open>[({\[])|(?P<close>[)}\]])
      |(?P<name>[?$]?(?:[\w.:-]|\\.|%[0-9A-Fa-f]{2})+)|(?P<sign>\^\^|\S)""",
    re.VERBOSE | re.DOTALL,
)
_OPERATORS = frozenset({"/", "|", "+", "*", "!", "&", "<", ">", "-", "{"})
_WORDS = frozenset(
    {"UNION", "OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "SELECT", "NOT", "EXISTS"}
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Sought in the bare text: whatever an engine takes for a SERVICE clause must be spelled like this,
# with anything before it, also where a reader of tokens sees a number, a comment or an IRI.
_GAP = r"(?:\s|\#[^\r\n]*[\r\n])*+"
_NAME = r"[^\s<>{}:#]*+:(?:[^\s<>{}#\\]|\\.)*+"
_SERVICE = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?:<[^<>]*+>|[?$]\w++|{_NAME}){_GAP}\{{", re.IGNORECASE
)


def check_service(text: str) -> None:
    """Raise UsageError for a query that reaches for the network, or hides what it does."""
    if "\\u" in text or "\\U" in text:
        # SPARQL decodes these before it reads the query, so they could hide a keyword.
        raise UsageError("The query has \\u escapes. Write the characters themselves.")
    if text.lower().count("service") > 50 or _SERVICE.search(text):
        raise UsageError("SERVICE is not allowed here. Query the other endpoint by itself.")


def check(text: str) -> None:
    """Raise UsageError for a query that is too large, too deep, or reaches for the network."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"The query has more than {MOST_CHARACTERS:,} characters. Shorten it.")
    if not text.isascii() and _SURROGATE.search(text):
        raise UsageError("The query has half a character, a surrogate. Type it again.")
    check_service(text)
    depth = 0
    counts: dict[str, int] = {}
    for tokens, match in enumerate(_TOKEN.finditer(text), 1):
        if match["quote"]:
            raise UsageError("The query has a text that does not end. Close its quotation mark.")
        if match["close"]:
            depth -= 1
        else:
            depth += bool(match["open"])
            word = (match["name"] or match["sign"] or match["open"] or "").upper()
            if word in _OPERATORS or word in _WORDS:
                counts[word] = counts.get(word, 0) + 1
                if counts[word] > MOST_OPERATORS:
                    raise UsageError(f"The query has over {MOST_OPERATORS} of {word}. Shorten it.")
        if depth > MOST_DEPTH:
            raise UsageError(f"The query nests deeper than {MOST_DEPTH}. Flatten it.")
        if tokens > MOST_TOKENS:
            raise UsageError(f"The query has over {MOST_TOKENS:,} tokens. Shorten it.")
