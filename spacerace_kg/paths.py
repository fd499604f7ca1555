"""Where ontology/, graph/ and queries/ are: in a checkout, or inside the installed package.

Places are told as text too: a question is asked without pathlib, which takes 5 ms to import.
"""

from __future__ import annotations

import os

from spacerace_kg.errors import DataError

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
    """Return the Turtle files under some folders, in a fixed order.

    Raises DataError for what has such a name and is no plain file, a pipe or a device among them,
    and for a folder that cannot be read.
    """
    walks = (walk for folder in folders for walk in os.walk(folder, onerror=_unread))
    named = (f"{place}/{name}" for place, inner, names in walks for name in (*inner, *names))
    found = sorted(path for path in named if path.endswith(".ttl"))
    for path in found:
        if not os.path.isfile(path):
            raise DataError(f"{path} is no plain file. Remove it.")
    return found


def _unread(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # a folder that is not there has no files
        raise DataError(f"{error.filename} cannot be read: {error.strerror}. Mend its rights.")


def own(variable: str, usual: str) -> str:
    """Return this package's folder under the one of the user's that a variable of XDG names."""
    folder = os.environ.get(variable) or os.path.join(os.path.expanduser("~"), usual)
    return os.path.join(folder, "spacerace_kg")
