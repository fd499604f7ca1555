"""Where ontology/, graph/ and queries/ are: in a checkout, or inside the installed package.

Places are told as text too: a question is asked without pathlib, which takes 5 ms to import.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def root() -> Path:
    """Return the folder that holds ``ontology``, ``graph`` and ``queries``.

    The environment variable ``SPACERACE_ROOT`` names another one.
    """
    from pathlib import Path

    return Path(within_root())


def within_root(*steps: str) -> str:
    """Return the path of something under the root, or of the root itself."""
    named = os.environ.get("SPACERACE_ROOT")
    if named:
        return os.path.join(os.path.realpath(named), *steps)
    installed = os.path.join(_PACKAGE, "data")
    found = installed if os.path.isdir(installed) else os.path.dirname(_PACKAGE)
    return os.path.join(found, *steps)


def cache() -> Path:
    """Return the user's cache folder for this package; it may not exist yet.

    Follows the XDG Base Directory Specification; ``SPACERACE_CACHE`` names another one.
    """
    from pathlib import Path

    return Path(cache_folder())


def cache_folder() -> str:
    """Return the path of the user's cache folder for this package."""
    return os.environ.get("SPACERACE_CACHE") or own("XDG_CACHE_HOME", ".cache")


def turtle(*folders: str) -> list[str]:
    """Return the Turtle files under some folders, in a fixed order."""
    walks = (walk for folder in folders for walk in os.walk(folder))
    found = sorted(f"{place}/{name}" for place, _, names in walks for name in names)
    return [path for path in found if path.endswith(".ttl")]


def own(variable: str, usual: str) -> str:
    """Return this package's folder under the one of the user's that a variable of XDG names."""
    folder = os.environ.get(variable) or os.path.join(os.path.expanduser("~"), usual)
    return os.path.join(folder, "spacerace_kg")
