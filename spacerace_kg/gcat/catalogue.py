"""The imported catalogue as files: where it lies, and which Turtle a larger graph is made from."""

from __future__ import annotations

import os
from pathlib import Path

from spacerace_kg import paths
from spacerace_kg.errors import DataError


def default() -> Path:
    """Return the folder of the catalogue among the user's data; it may not exist yet.

    Follows the XDG Base Directory Specification; ``SPACERACE_CATALOGUE`` names another one.
    """
    if named := os.environ.get("SPACERACE_CATALOGUE"):
        return Path(named)
    return paths.own("XDG_DATA_HOME", ".local/share") / "catalogue"


def files(folder: Path, claims: bool = False) -> list[Path]:
    """Return the Turtle of a catalogue, in a fixed order: the plain layer, and the claims if asked.

    Raises DataError for a folder that holds none, or was made without the claims that are asked.
    """
    layers = ["plain", "claims"] if claims else ["plain"]
    if claims and (folder / "plain").is_dir() and not (folder / "claims").is_dir():
        raise DataError(
            f"{folder} was made without claims. Import again with --layers plain,claims"
        )
    found = [path for layer in layers for path in sorted((folder / layer).rglob("*.ttl"))]
    if not found or not (folder / "manifest.json").is_file():
        raise DataError(f"{folder} holds no catalogue. Run: spacerace import gcat SOURCE")
    return found
