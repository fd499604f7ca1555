"""The imported catalogue as files: where it lies, and which Turtle a larger graph is made from."""

from __future__ import annotations

import os

from spacerace_kg import paths
from spacerace_kg.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def default() -> str:
    """Return the folder of the catalogue among the user's data; it may not exist yet.

    Follows the XDG Base Directory Specification; ``SPACERACE_CATALOGUE`` names another one.
    """
    if named := os.environ.get("SPACERACE_CATALOGUE"):
        return named
    return os.path.join(paths.own("XDG_DATA_HOME", ".local/share"), "catalogue")


def files(folder: str | Path, claims: bool = False) -> list[str]:
    """Return the Turtle of a catalogue, in a fixed order: the plain layer, and the claims if asked.

    Raises DataError for a folder that holds none, or was made without the claims that are asked.
    """
    layers = ["plain", "claims"] if claims else ["plain"]
    if claims and os.path.isdir(f"{folder}/plain") and not os.path.isdir(f"{folder}/claims"):
        raise DataError(
            f"{folder} was made without claims. Import again with --layers plain,claims"
        )
    found = paths.turtle(*(f"{folder}/{layer}" for layer in layers))
    if not found or not os.path.isfile(f"{folder}/manifest.json"):
        raise DataError(f"{folder} holds no catalogue. Run: spacerace import gcat SOURCE")
    return found
