"""What the tests of the asking side share: a small root of their own, the command, a server."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

import spacerace_kg

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent


def make_root(folder: Path) -> Path:
    """Make a root with the ontology and queries of the checkout and the tiny graph."""
    shutil.copytree(HERE / "tiny" / "turtle", folder / "graph" / "turtle")
    shutil.copytree(HERE / "tiny" / "facts", folder / "graph" / "facts")
    ids = (
        "first-human-in-space gcat moon-speech siddiqi-2000 soviet-union ussr vostok-1 yuri-gagarin"
    )
    (folder / "graph" / "ids.txt").write_text(ids.replace(" ", "\n") + "\n")
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(CHECKOUT / name)
    return folder


@contextlib.contextmanager
def small_graph(folder: Path) -> Iterator[spacerace_kg.KnowledgeGraph]:
    """Give the tiny graph, and make it the one that the package asks meanwhile."""
    root = make_root(folder / "root")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACERACE_ROOT", str(root))
        patch.setenv("SPACERACE_CACHE", str(folder / "cache"))
        yield spacerace_kg.connect()


def command(*arguments: str) -> list[str]:
    """Return the command line of ``spacerace`` with arguments."""
    return [sys.executable, "-m", "spacerace_kg", *arguments]


def environment(**more: str) -> dict[str, str]:
    """Return this environment with the checkout's package in it, and more."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), **more}


def run(*arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``spacerace`` in a process of its own, with text for its standard input."""
    return subprocess.run(
        command(*arguments),
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(**more),
    )


def free_port() -> int:
    """Return a loopback port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def oxigraph_server(folder: Path, turtle: Sequence[str | Path]) -> Iterator[str]:
    """Start a real Oxigraph server over these files and give its query endpoint."""
    ox.Store(str(folder / "data")).bulk_load(
        "\n".join(Path(path).read_text("utf-8") for path in turtle), ox.RdfFormat.TURTLE
    )
    with serving(folder / "data") as endpoint:
        yield endpoint


@contextlib.contextmanager
def serving(data: Path) -> Iterator[str]:
    """Start a real Oxigraph server over a database and give its query endpoint."""
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [program, "serve-read-only", "--location", str(data), "--bind", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{address}/"):
                break
            time.sleep(0.025)
        yield f"http://{address}/query"
    finally:
        process.kill()
        process.wait()
