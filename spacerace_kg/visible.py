"""Text from outside as a terminal may show it: nothing in it steers the screen or turns a line."""

from __future__ import annotations

import re

# Controls but tab and line end, a return that would let a line be written over, marks that turn
# the direction of reading, halves of characters, and tags that nobody sees.
_STEERS = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]|\r(?!\n)"
)


def visible(text: str) -> str:
    r"""Return a text with what could steer a terminal written out, as Python would.

    >>> visible("red \x1b[31m \u202etxt.exe")
    'red \\x1b[31m \\u202etxt.exe'
    """
    if text.isprintable():
        return text
    return re.sub(_STEERS, lambda match: match[0].encode("unicode_escape").decode(), text)
