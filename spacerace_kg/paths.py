"""Where ontology/, graph/ and queries/ are: in a checkout, or inside the installed package."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds ``ontology``, ``graph`` and ``queries``.

    The environment variable ``SPACERACE_ROOT`` names another one.
    """
    named = os.environ.get("SPACERACE_ROOT")
    if named:
        return Path(named).resolve()
    installed = _PACKAGE / "data"
    return installed if installed.is_dir() else _PACKAGE.parent


def cache() -> Path:
    """Return the user's cache folder for this package; it may not exist yet.

    Follows the XDG Base Directory Specification; ``SPACERACE_CACHE`` names another one.
    """
    named = os.environ.get("SPACERACE_CACHE")
    if named:
        return Path(named)
    return own("XDG_CACHE_HOME", ".cache")


def own(variable: str, usual: str) -> Path:
    """Return this package's folder under the one of the user's that a variable of XDG names."""
    return Path(os.environ.get(variable) or Path.home() / usual) / "spacerace_kg"
