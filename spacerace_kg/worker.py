"""A query in a process of its own, ended at a deadline: the engine itself cannot be stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from spacerace_kg import guard
from spacerace_kg.answers import Answer
from spacerace_kg.errors import DataError, OutsideError, UsageError
from spacerace_kg.patience import limit

if TYPE_CHECKING:
    import rdflib

_ERRORS = {1: DataError, 2: UsageError, 3: OutsideError}


def sparql(
    text: str, timeout: float, catalogue: str = "", claims: bool = False
) -> Answer | bool | rdflib.Graph:
    """Run any query on the shipped graph by ``spacerace sparql``, which bounds time and memory.

    ``catalogue`` is the folder of the one to ask too, ``claims`` says if with its claims.
    Raises UsageError for a query that is refused, takes too long or too much memory.
    """
    timeout = limit(timeout)
    guard.check(text)
    # -P: this very package, and no module that happens to lie in the working folder.
    command = [sys.executable, "-P", "-m", "spacerace_kg", "sparql", "-", "--format", "json"]
    command += ["--timeout", str(timeout)]
    places = [os.path.dirname(os.path.dirname(__file__)), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    if catalogue:
        command.append("--catalogue-claims" if claims else "--catalogue")
        environment["SPACERACE_CATALOGUE"] = catalogue
    done = subprocess.run(  # noqa: S603
        command, input=text.encode(), capture_output=True, check=False, env=environment
    )
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().removeprefix("spacerace: ")
        raise _ERRORS.get(done.returncode, OutsideError)(told)
    found = done.stdout.decode()
    if found in ("true\n", "false\n"):
        return found == "true\n"
    if found.startswith("{"):
        return Answer.from_json(json.loads(found))
    import rdflib

    return rdflib.Graph().parse(data=found, format="nt")
