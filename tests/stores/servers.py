"""Real triple stores as throw-away processes, on loopback, each with a folder and a port."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MAVEN = Path(os.environ.get("MAVEN_REPOSITORY", Path.home() / ".m2" / "repository"))
FUSEKI = ("org.apache.jena", "jena-fuseki-server", "5.6.0", "jar")
RDF4J = ("org.eclipse.rdf4j", "rdf4j-http-server", "5.0.3", "war")
JETTY = ("org.eclipse.jetty", "jetty-runner", "9.4.57.v20241219", "jar")
BLAZEGRAPH = ("com.blazegraph", "bigdata-war", "2.1.4", "war")
ARTIFACTS = (FUSEKI, RDF4J, JETTY, BLAZEGRAPH)
USER, PASSWORD = "curator", "korolev-1957"
JAVA = ("java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4")


class MissingError(Exception):
    """A store is not installed on this machine; says what to install."""


class Running(NamedTuple):
    """A store that runs: what a user would give to ``spacerace load``, and its process."""

    url: str
    process: subprocess.Popen[bytes]
    home: Path
    version: str
    user: str = ""
    password: str = ""


def maven(artifact: tuple[str, str, str, str]) -> Path:
    """Return the path of an artifact in the local Maven repository."""
    group, name, version, kind = artifact
    path = MAVEN.joinpath(*group.split("."), name, version, f"{name}-{version}.{kind}")
    if not path.is_file():
        raise MissingError(
            f"{name} {version} is not installed: mvn dependency:get "
            f"-Dartifact={group}:{name}:{version}:{kind} -Dtransitive=false"
        )
    program("java", "a Java 17 runtime")
    return path


def program(name: str, package: str) -> str:
    """Return the path of a program."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if not found:
        raise MissingError(f"{name} is not installed: install {package}")
    return found


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def said(program: str, option: str) -> str:
    """Return the version that a program says it is."""
    done = subprocess.run([program, option], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+[.\d]*", done.stdout + done.stderr)
    return found[0] if found else "unknown"


@contextlib.contextmanager
def running(
    command: list[str], home: Path, alive: str, seconds: float = 90, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it is up when it answers at ``alive`` at all."""
    log = (home / "server.log").open("ab")
    process = subprocess.Popen(
        command, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        env={**os.environ, **environment}, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + seconds
        while not answers(alive):
            if process.poll() is not None or time.monotonic() > deadline:
                tail = (home / "server.log").read_text("utf-8", "replace")[-2000:]
                raise RuntimeError(f"{command[0]} did not start:\n{tail}")
            time.sleep(0.1)
        yield process
    finally:
        stop(process)
        log.close()


def answers(url: str) -> bool:
    """Tell whether a server says anything at a URL."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server: first kindly, then not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(120)  # Virtuoso writes a checkpoint, and must not be cut off in it
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


@contextlib.contextmanager
def oxigraph(
    home: Path, port: int = 0, union: bool = False, read_only: bool = False
) -> Iterator[Running]:
    """Run an Oxigraph server."""
    port = port or free_port()
    command = [program("oxigraph", "the PyPI package oxigraph")]
    command += ["serve-read-only" if read_only else "serve", "--location", "db"]
    command += ["--bind", f"127.0.0.1:{port}", *(["--union-default-graph"] if union else [])]
    url = f"http://127.0.0.1:{port}"
    with running(command, home, url + "/") as process:
        yield Running(url, process, home, said(command[0], "--version"))


@contextlib.contextmanager
def fuseki(
    home: Path, port: int = 0, secret: bool = False, read_only: bool = False
) -> Iterator[Running]:
    """Run a Fuseki server with a TDB2 dataset, with basic authentication if secret."""
    jar, port = maven(FUSEKI), port or free_port()
    (home / "tdb").mkdir(exist_ok=True)
    options = ["--localhost", f"--port={port}", "--tdb2", "--loc=tdb"]
    if not read_only:
        options.append("--update")
    if secret:
        (home / "passwd").write_text(f"{USER}: {PASSWORD}\n")
        options += ["--passwd=passwd", "--auth=basic"]
    url = f"http://127.0.0.1:{port}/spacerace"
    with running([*JAVA, "-jar", str(jar), *options, "/spacerace"], home, url) as process:
        yield Running(url, process, home, FUSEKI[2], *((USER, PASSWORD) if secret else ()))


_REPOSITORY = """
@prefix config: <tag:rdf4j.org,2023:config/>.
[] a config:Repository ; config:rep.id "spacerace" ; config:rep.impl [
   config:rep.type "openrdf:SailRepository" ; config:sail.impl [
      config:sail.type "openrdf:%s" %s ] ] .
"""


@contextlib.contextmanager
def rdf4j(home: Path, port: int = 0, memory: bool = False) -> Iterator[Running]:
    """Run an RDF4J server with a native repository, or one in memory."""
    war, jetty, port = maven(RDF4J), maven(JETTY), port or free_port()
    (home / "tmp").mkdir(exist_ok=True)
    base = f"http://127.0.0.1:{port}/rdf4j-server"
    command = [
        *JAVA, f"-Dorg.eclipse.rdf4j.appdata.basedir={home}", f"-Djava.io.tmpdir={home / 'tmp'}",
        "-jar", str(jetty), "--host", "127.0.0.1", "--port", str(port),
        "--path", "/rdf4j-server", str(war),
    ]  # fmt: skip
    with running(command, home, f"{base}/protocol") as process:
        url = f"{base}/repositories/spacerace"
        kind = ("MemoryStore", "; config:mem.persist true") if memory else ("NativeStore", "")
        made = urllib.request.Request(
            url, data=(_REPOSITORY % kind).encode(), method="PUT",
            headers={"Content-Type": "text/turtle"},
        )  # fmt: skip
        try:
            urllib.request.urlopen(made, timeout=60).close()
        except urllib.error.HTTPError as error:
            if error.code != 409:  # it is there from before a restart
                raise RuntimeError(error.read().decode()) from None
        yield Running(url, process, home, RDF4J[2])


_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
TransactionAfterImageLimit = 2000000000
MaxQueryMem = 8G
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
MaxQueryExecutionTime = 60
"""


@contextlib.contextmanager
def virtuoso(home: Path, port: int = 0) -> Iterator[Running]:
    """Run a Virtuoso server; the user dba may write, as it comes from the package."""
    binary = program("virtuoso-t", "the Debian package virtuoso-opensource-7-bin")
    port, sql = port or free_port(), free_port()
    (home / "virtuoso.ini").write_text(_VIRTUOSO.format(port=port, sql=sql))
    (home / "sql-port").write_text(str(sql))
    url = f"http://127.0.0.1:{port}"
    command = [binary, "+foreground", "+configfile", "virtuoso.ini"]
    with running(command, home, f"{url}/sparql") as process:
        yield Running(url, process, home, said(binary, "-?"), "dba", "dba")


@contextlib.contextmanager
def blazegraph(home: Path, port: int = 0) -> Iterator[Running]:
    """Run a Blazegraph server with a namespace that holds named graphs."""
    war, jetty, port = maven(BLAZEGRAPH), maven(JETTY), port or free_port()
    properties = home / "RWStore.properties"
    properties.write_text(
        f"com.bigdata.journal.AbstractJournal.file={home / 'blazegraph.jnl'}\n"
        "com.bigdata.journal.AbstractJournal.bufferMode=DiskRW\n"
        "com.bigdata.rdf.store.AbstractTripleStore.quads=true\n"
        "com.bigdata.rdf.store.AbstractTripleStore.statementIdentifiers=false\n"
        "com.bigdata.rdf.store.AbstractTripleStore.textIndex=false\n"
        "com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms\n"
        "com.bigdata.rdf.sail.truthMaintenance=false\n"
    )
    (home / "tmp").mkdir(exist_ok=True)
    opened = ("lang", "util", "util.concurrent", "nio", "net", "io")
    command = [
        *JAVA, *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in opened),
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", f"-Djava.io.tmpdir={home / 'tmp'}",
        f"-Dcom.bigdata.rdf.sail.webapp.ConfigParams.propertyFile={properties}",
        "-jar", str(jetty), "--host", "127.0.0.1", "--port", str(port), "--path", "/bigdata",
        str(war),
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}/bigdata/namespace/kb/sparql"
    with running(command, home, url + "?query=ASK%7B%7D") as process:
        yield Running(url, process, home, BLAZEGRAPH[2])
