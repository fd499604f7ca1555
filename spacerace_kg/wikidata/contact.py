"""Who we say we are: Wikidata refuses clients that do not name a person to turn to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from spacerace_kg import paths
from spacerace_kg.errors import UsageError
from spacerace_kg.patience import USER_AGENT

VARIABLE = "SPACERACE_CONTACT"
_FITS = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z|https?://[!-'*-~]{3,200}\Z"
).match


def user_agent(ask: Callable[[], str] | None = None) -> str:
    """Return the user agent with the user's contact: a mail address or the URL of a page.

    It comes from the environment, from the user's settings, or from whom we may ask, once; then it
    is kept in the settings. Raises UsageError if there is none, or it does not fit.
    """
    given = os.environ.get(VARIABLE, "") or _kept() or (ask() if ask else "")
    contact = given.strip()
    if not contact:
        raise UsageError(
            "Wikidata asks its users for a contact, to write to before it shuts anybody out. "
            f"Set {VARIABLE} to your mail address or the URL of a page about you."
        )
    if not _FITS(contact):
        raise UsageError(
            f"{contact[:80]!r} is no contact. Set {VARIABLE} to a mail address or a URL."
        )
    if not os.environ.get(VARIABLE) and contact != _kept():
        path = settings()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{contact}\n", "utf-8")
    return f"{USER_AGENT[:-1]}; {contact})"


def settings() -> Path:
    """Return the file that keeps the contact, by the XDG Base Directory Specification."""
    return Path(paths.own("XDG_CONFIG_HOME", ".config")) / "contact"


def _kept() -> str:
    try:
        return settings().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
