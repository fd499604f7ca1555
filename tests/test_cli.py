"""The command line: answers on standard output, all else on standard error, a status per fault."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pytest
from asking import command, environment, free_port, make_root, oxigraph_server, run

import spacerace_kg
from spacerace_kg import KnowledgeGraph, cli, queries, show
from spacerace_kg.commands.moving import EXPORTS
from spacerace_kg.names import ID, shorten
from spacerace_kg.store import graph_files

PAGE = """\
Vostok 1  ·  Восток-1
=====================
vostok-1 (crewed mission)
Also: Sputnik 11; Vostok; Восток

The first flight of a human: "Vostok", one orbit \\ one landing.

Facts
  crewMember     Yuri Gagarin [yuri-gagarin]
  crewSize       1
  massKilograms  4725
  nation         Soviet Union [soviet-union]
  ofNation       Soviet Union [soviet-union]
  satcatNumber   00103

Events
  1961-04-12~                   Cabin sealed again [vostok-1/milestone/cabin-sealed]:
                                respondedTo A speech [moon-speech], text Поехали!
  1961-04-12T06:07Z (local 1961-04-12T09:07)
                                launch [vostok-1/launch]: launchOutcome success
  1961-04-12T07:55Z             landing [vostok-1/landing]

Parts
  crew  callSign Кедр, person Yuri Gagarin [yuri-gagarin], role commander

Rival claims
  landing date  preferred: 1961-04-12T07:55Z (siddiqi-2000, p. 281) — The official time.
                normal: 1961-04-12T07:53Z (siddiqi-2000)
                deprecated: 1961-04-12 (gcat, 1961 MU; 1961 MU 1) — Less exact, and typed on two
                lines.

Mentioned by
  as holder             First human in space [first-human-in-space]
  launch as achievedBy  First human in space [first-human-in-space]

Links
  exact  wd:Q182524 — COSPAR 1961-012A in both; label "Vostok 1".
  not    wd:Q7327 — That is the person.

Sources
  siddiqi-2000  Challenge to Apollo: The Soviet Union and the Space Race, 1945–1974 — p. 274; p.
                275; p. 281
  gcat          General Catalog of Artificial Space Objects — 1961 MU; 1961 MU 1
"""
TABLE = """\
person        personName    nationName    birth       death                firstFlight          wikidata  birthDate   deathDate
------------  ------------  ------------  ----------  -------------------  -------------------  --------  ----------  -----------------
yuri-gagarin  Yuri Gagarin  Soviet Union  1934-03-09  1968-03-27 07:31:00  1961-04-12 06:07:00  wd:Q7327  1934-03-09  1968-03-27T07:31Z
"""  # noqa: E501
CSV = (
    "person,personName,nationName,birth,death,firstFlight,wikidata,birthDate,deathDate\r\n"
    "https://w3id.org/spacerace/id/yuri-gagarin,Yuri Gagarin,Soviet Union,1934-03-09T00:00:00Z,"
    "1968-03-27T07:31:00Z,1961-04-12T06:07:00Z,http://www.wikidata.org/entity/Q7327,"
    "1934-03-09,1968-03-27T07:31Z\r\n"
)
NAMES = "SELECT ?n { ?m a sr:CrewedMission ; rdfs:label ?n } ORDER BY LANG(?n)"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the tiny graph the one that is asked, and return its root."""
    root = make_root(tmp_path / "root")
    monkeypatch.setenv("SPACERACE_ROOT", str(root))
    monkeypatch.setenv("SPACERACE_CACHE", str(tmp_path / "cache"))
    return root


def sparql(*arguments: str, given: str = "") -> tuple[int, str, str]:
    """Run ``spacerace sparql``, which must not fork a process whose engine has threads."""
    done = run("sparql", *arguments, given=given)
    return done.returncode, done.stdout, done.stderr


def called(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Call the command in this process; return its status, output and messages."""
    try:
        status = cli.main(arguments)
    except SystemExit as end:
        status = int(str(end.code))
    out, err = capfd.readouterr()
    return status, out, err


def parsers() -> dict[str, argparse.ArgumentParser]:
    parser = cli.parser()
    actions = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(actions[0].choices)


@pytest.mark.parametrize("name", parsers())
def test_the_help_of_every_subcommand_shows_one_example_of_it(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith(f"usage: spacerace {name} ")
    examples = re.findall(r"^Example: spacerace .+", done.stdout, re.MULTILINE)
    assert len(examples) == 1
    assert examples[0].startswith(f"Example: spacerace {name}")


# Build, reason and what needs a server have tests of their own.
@pytest.mark.parametrize("name", ["queries", "ask", "sparql", "show", "export"])
def test_the_example_in_the_help_works(name: str, tmp_path: Path) -> None:
    epilog = parsers()[name].epilog
    assert epilog
    words = shlex.split(epilog.removeprefix("Example: spacerace "))
    # The README's tests export the whole graph.
    small = {"SPACERACE_ROOT": str(make_root(tmp_path / "root"))} if name == "export" else {}
    done = subprocess.run(
        command(*words), capture_output=True, text=True, env=environment(**small),
        cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") >= 2


def test_help_and_version_of_the_whole_command() -> None:
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Example: spacerace ask firsts nation=soviet-union\n")
    assert run("--version").stdout == f"spacerace {spacerace_kg.__version__}\n"


def test_the_module_runs_too(small: Path) -> None:
    done = run("ask", "people")
    assert (done.returncode, done.stdout, done.stderr) == (0, TABLE, "")


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("table", TABLE),
        ("csv", CSV),
        (
            "tsv",
            "?person\t?personName\t?nationName\t?birth\t?death\t?firstFlight\t?wikidata\t"
            "?birthDate\t?deathDate\n"
            '<https://w3id.org/spacerace/id/yuri-gagarin>\t"Yuri Gagarin"@en\t"Soviet Union"@en\t'
            '"1934-03-09T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>\t'
            '"1968-03-27T07:31:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>\t'
            '"1961-04-12T06:07:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>\t'
            '<http://www.wikidata.org/entity/Q7327>\t"1934-03-09"\t"1968-03-27T07:31Z"\n',
        ),
        (
            "markdown",
            "| person | personName | nationName | birth | death | firstFlight | wikidata |"
            " birthDate | deathDate |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
            "| yuri-gagarin | Yuri Gagarin | Soviet Union | 1934-03-09 | 1968-03-27 07:31:00 |"
            " 1961-04-12 06:07:00 | wd:Q7327 | 1934-03-09 | 1968-03-27T07:31Z |\n",
        ),
    ],
)
def test_every_format_is_exact(
    small: Path, capfd: pytest.CaptureFixture[str], format_: str, text: str
) -> None:
    assert called(capfd, "ask", "people", "--format", format_) == (0, text, "")


def test_a_closed_output_is_no_fault(small: Path) -> None:
    words = " ".join(f"'{word}'" for word in command("ask", "people"))
    done = subprocess.run(
        ["bash", "-c", f"{words} >&-"], capture_output=True, env=environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_warnings_of_others_end_no_command(small: Path) -> None:
    code = "from spacerace_kg.dates import interval; print(interval('196X').precision)"
    for warnings_ in ("error", "default"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False,
            env=environment(PYTHONWARNINGS=warnings_),
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "8\n", "")


def test_a_shell_for_python_can_complete_the_public_names() -> None:
    assert set(spacerace_kg.__all__) <= set(dir(spacerace_kg))


def test_parameters_may_stand_behind_options(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = ("ask", "people", "--format", "csv", "nation=soviet-union")
    assert called(capfd, *given) == (0, CSV, "")
    status, out, err = called(capfd, *given, "--timeout", "9", "nation=cuba")
    assert (status, out, err) == (2, "", "spacerace: 'nation' is given twice.\n")


@pytest.mark.parametrize(
    "arguments", [("show", "vostok-1", "--format", "json"), ("ask", "people", "--formt", "csv")]
)
def test_an_unknown_option_is_told_with_those_of_the_command(
    capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    status, out, err = called(capfd, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"usage: spacerace {arguments[0]} [-h] ")
    assert err.endswith(f"error: unrecognized arguments: {' '.join(arguments[2:])}\n")


def test_json_is_the_w3cs(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = called(capfd, "ask", "people", "nation=soviet-union", "--format", "json")
    assert (status, err) == (0, "")
    (row,) = json.loads(out)["results"]["bindings"]
    assert row["person"] == {"type": "uri", "value": ID + "yuri-gagarin"}
    assert row["personName"] == {"type": "literal", "value": "Yuri Gagarin", "xml:lang": "en"}


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["ask", "firts"], 2, "no question 'firts'. Did you mean 'firsts'? See: spacerace queries"),
        (["ask", "a" * 300], 2, f"no question {'a' * 200!r}. See: spacerace queries"),
        (["queries", "firts"], 2,
         "no question 'firts'. Did you mean 'firsts'? See: spacerace queries"),
        (["show", "vostok1"], 2,
         "id: 'vostok1' does not fit; it takes the id of a record. There is no 'vostok1'. "
         "Did you mean 'vostok-1'?"),
        (["show", "Vostok 1"], 2,
         "id: 'Vostok 1' does not fit; it takes the id of a record. Did you mean 'vostok-1'?"),
        (["sparql", "DROP ALL"], 2, None),
        (["sparql", "missing.rq"], 2, "There is no file 'missing.rq'."),
        (["sparql", "ASK { SERVICE <a:b> {} }"], 2,
         "SERVICE is not allowed here. Query the other endpoint by itself."),
        (["ask", "firsts", "--endpoint", "ftp://x"], 2,
         "'ftp://x' is no endpoint. Write http://… or https://…"),
        (["export", "out", "--layers", "plain,nonsense"], 2,
         "no layer 'nonsense'. Choose from: plain, claims, links, ontology."),
        (["sparql", "ASK { ?s foaf:name 1 }"], 2,
         "This is not SPARQL 1.1: error at 1:19: a prefix that is not declared. "
         "Declare it: PREFIX p: <http://…>"),
        (["export", "out", "--shards", "2", "--format", "csv"], 2,
         "Shards are N-Quads. Leave out --format or --shards."),
        (["queries", "--tag", "first"], 2, "'first' is no tag. Did you mean 'firsts'?"),
        (["export", "out", "--layers", ""], 2,
         "no layer ''. Choose from: plain, claims, links, ontology."),
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_2_and_says_what_is_right(
    small: Path,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    told: str | None,
) -> None:
    found = sparql(*arguments[1:]) if arguments[0] == "sparql" else called(capfd, *arguments)
    assert found[:2] == (status, "")
    assert (
        found[2] == f"spacerace: {told}\n"
        if told
        else found[2].startswith("spacerace: This is not")
    )
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "spacerace: error: the following arguments are required: COMMAND"),
        (["fly"], "spacerace: error: argument COMMAND: invalid choice: 'fly'"),
        (["ask"], "spacerace ask: error: the following arguments are required: name, param=value"),
        (["ask", "firsts", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["sparql", "ASK {}", "--timeout", "nan"], "invalid number of seconds value: 'nan'"),
        (["sparql", "ASK {}", "--timeout", "0"], "invalid number of seconds value: '0'"),
        (["sparql", "ASK {}", "--timeout=-1"], "invalid number of seconds value: '-1'"),
        (["sparql", "ASK {}", "--timeout", "inf"], "invalid number of seconds value: 'inf'"),
        (["sparql", "ASK {}", "--timeout", "1000001"], "invalid number of seconds value"),
        (["import", "gcat", "x", "--jobs", "0"], "invalid number of processes value: '0'"),
        (["import", "gcat", "x", "--jobs", "65"], "invalid number of processes value: '65'"),
        (["load", "http://a/", "--chunk", "many"], "invalid number of triples value: 'many'"),
        (["load", "http://a/", "--chunk", "1000001"], "invalid number of triples value"),
        (["wikidata", "quickstatements", "--limit=-1"], "invalid number value: '-1'"),
    ],
)
def test_arguments_that_do_not_parse_end_with_2(
    capfd: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    status, out, err = called(capfd, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("usage: spacerace ")
    assert told.removesuffix(", param=value") in err


def test_data_at_fault_end_with_1(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = small / "graph" / "turtle" / "plain" / "people.ttl"
    path.write_text("oops")
    status, out, err = called(capfd, "ask", "people")
    assert (status, out) == (1, "")
    assert err.startswith(f"spacerace: {path} is damaged: ")
    assert called(capfd, "export", str(small / "out"))[:2] == (1, "")
    assert not (small / "out").exists()
    shutil.rmtree(small / "graph" / "turtle")
    told = f"spacerace: No Turtle under {small}/graph/turtle. Run: spacerace build\n"
    assert called(capfd, "ask", "people") == (1, "", told)
    told = "spacerace: The graph has no layer 'plain'. Run: spacerace build\n"
    assert called(capfd, "export", str(small / "out")) == (1, "", told)


def test_a_fault_outside_ends_with_3(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    told = f"spacerace: {url} cannot be reached: [Errno 111] Connection refused.\n"
    assert called(capfd, "ask", "people", "--endpoint", url) == (3, "", told)
    assert called(capfd, "sparql", "ASK {}", "--endpoint", url) == (3, "", told)
    status, out, err = called(capfd, "export", "/proc/out")
    assert (status, out) == (3, "")
    assert err.startswith("spacerace: [Errno ")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("ask firsts >&-", 0),
        ("sparql 'ASK {}' >&-", 0),
        ("sparql - <&-", 2),
        ("ask nothing 2>&-", 2),
        ("ask nothing 2>/dev/full", 2),
        ("show nothing >/dev/full 2>/dev/full", 2),
        ("ask firsts <&- >&- 2>&-", 0),
    ],
)
def test_a_standard_stream_may_be_closed_or_full(small: Path, line: str, status: int) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.join(command())} {line}"],
        env=environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == status
    assert "Traceback" not in done.stderr


def test_a_query_without_end_is_refused(small: Path, tmp_path: Path) -> None:
    told = "spacerace: The query has more than 1,000,000 characters. Shorten it.\n"
    endless = f"yes '# and so on' | {shlex.join(command('sparql', '-'))}"
    done = subprocess.run(
        ["/bin/sh", "-c", endless], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (2, told)
    (tmp_path / "long.rq").write_text("#" * 1_000_001)
    assert run("sparql", str(tmp_path / "long.rq")).stderr == told


def test_a_full_disk_ends_with_3_and_no_traceback(small: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command("ask", "people"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
    told = "spacerace: [Errno 28] No space left on device\n"
    assert (done.returncode, done.stderr) == (3, told)


def test_questions_are_listed_and_told(capfd: pytest.CaptureFixture[str], small: Path) -> None:
    status, out, err = called(capfd, "queries")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["question", "asks", "parameters"]
    found = sorted(path.stem for path in (small / "queries").glob("*.rq"))
    assert [line.split()[0] for line in lines[2:]] == found
    status, out, err = called(capfd, "queries", "around")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "around: What happened within some days of an event?"
    assert out.splitlines()[2:] == [
        f"  {p.name}=…  {p.description} Takes {takes}. Example: {p.name}={p.example}"
        for p, takes in zip(
            queries.read(small / "queries", "around").parameters.values(),
            ("the id of an Event", "a whole number"),
            strict=True,
        )
    ]
    _, out, _ = called(capfd, "queries", "--tag", "goals")
    assert [line.split()[0] for line in out.splitlines()[2:]] == ["goals"]
    _, out, _ = called(capfd, "queries", "--format", "markdown")
    assert out.startswith("# The canned questions\n")
    assert [f"## [{name}]({name}.rq)" for name in found] == [
        line for line in out.splitlines() if line.startswith("## ")
    ]


def test_the_query_itself_is_printed_with_its_parameters_bound(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (small / "queries" / "people.rq").read_text("utf-8")
    assert called(capfd, "ask", "people", "--print-query") == (0, text, "")
    status, out, _ = called(capfd, "ask", "people", "nation=soviet-union", "--print-query")
    assert status == 0
    line = "VALUES ?nation { UNDEF }"
    assert out == text.replace(line, f"VALUES ?nation {{ <{ID}soviet-union> }}")


def test_sparql_takes_text_a_file_or_standard_input(small: Path, tmp_path: Path) -> None:
    wanted = (0, "n\nVostok 1\nВосток-1\n", "")
    assert sparql(NAMES, "--format", "csv") == wanted
    path = tmp_path / "my query.rq"
    path.write_text(NAMES, "utf-8")
    assert sparql(str(path), "--format", "csv") == wanted
    assert sparql("-", "--format", "csv", given=NAMES) == wanted
    # Longer than a file's name may be, on one line and without a slash.
    long = NAMES + " #" + "x" * 500
    assert sparql(long, "--format", "csv") == wanted


def test_a_file_that_is_no_text_is_told(
    small: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "query.rq"
    path.write_bytes(b"\xff\xfe")
    status, out, err = called(capfd, "sparql", str(path))
    assert (status, out) == (2, "")
    assert err.startswith(f"spacerace: {path} cannot be read: 'utf-8' codec can't decode")


@pytest.mark.parametrize(
    ("query", "out"),
    [
        ("ASK { id:vostok-1 a sr:Mission }", "true\n"),
        ("ASK { id:vostok-1 a sr:Station }", "false\n"),
        ("PREFIX sr: <a:> ASK { id:vostok-1 a sr:Mission }", "false\n"),
        (
            "CONSTRUCT { ?m rdfs:label ?l } { ?m a sr:CrewedMission ; rdfs:label ?l }",
            f'<{ID}vostok-1> <http://www.w3.org/2000/01/rdf-schema#label> "Vostok 1"@en .\n'
            f'<{ID}vostok-1> <http://www.w3.org/2000/01/rdf-schema#label> "Восток-1"@ru .\n',
        ),
        (
            "DESCRIBE id:ussr",
            f"<{ID}ussr> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
            " <https://w3id.org/spacerace/ontology#RetiredId> .\n"
            f"<{ID}ussr> <https://w3id.org/spacerace/ontology#mainClass>"
            " <https://w3id.org/spacerace/ontology#RetiredId> .\n"
            f"<{ID}ussr> <https://w3id.org/spacerace/ontology#replacedBy> <{ID}soviet-union> .\n",
        ),
        ("CONSTRUCT { <a:a> <a:b> 'x\u2028y\u0085z' } {}", '<a:a> <a:b> "x\u2028y\u0085z" .\n'),
    ],
)
def test_every_kind_of_query_has_its_output(small: Path, query: str, out: str) -> None:
    assert sparql(query) == (0, out, "")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("endpoint")
    with oxigraph_server(folder, graph_files(make_root(folder / "root"))) as url:
        yield url


def test_a_real_endpoint_answers_the_same(
    small: Path, capfd: pytest.CaptureFixture[str], endpoint: str
) -> None:
    shutil.rmtree(small / "graph" / "turtle")  # nothing here to ask instead
    there = ("--endpoint", endpoint, "--timeout", "30")
    assert called(capfd, "ask", "people", "nation=soviet-union", *there) == (0, TABLE, "")
    assert called(capfd, "sparql", "ASK { id:vostok-1 a sr:Mission }", *there) == (0, "true\n", "")
    assert called(capfd, "show", "vostok-1", *there) == (0, PAGE, "")
    status, out, err = called(capfd, "sparql", "SELECT oops", *there)
    assert (status, out) == (2, "")
    assert err.startswith(f"spacerace: {endpoint} refused the query: error at 1:")


@pytest.mark.parametrize("entity", ["vostok-1", "id:vostok-1", ID + "vostok-1"])
def test_the_page_of_a_mission_is_exact(
    small: Path, capfd: pytest.CaptureFixture[str], entity: str
) -> None:
    assert called(capfd, "show", entity) == (0, PAGE, "")


def test_the_page_fits_the_terminal_and_parts_no_id(small: Path) -> None:
    status, seen = on_terminal("show", "vostok-1", width=60)
    assert status == 0
    assert max(map(len, seen.splitlines())) <= 60
    assert seen.split() == PAGE.split()


def test_every_thing_on_the_small_graph_has_a_page(small: Path) -> None:
    kg = spacerace_kg.connect()
    found = kg.sparql("SELECT DISTINCT ?e { ?e sr:mainClass ?c }".replace("sr:mainClass",
                      "<https://w3id.org/spacerace/ontology#mainClass>"))  # fmt: skip
    assert isinstance(found, spacerace_kg.Answer)
    for (entity,) in found:
        text = show.page(kg, shorten(str(entity)))
        assert text.endswith("\n")
        assert shorten(str(entity)) in text


def test_every_class_of_the_real_graph_has_a_page(kg: KnowledgeGraph) -> None:
    found = kg.store.select(
        "SELECT ?c (MIN(?e) AS ?one) { ?e <https://w3id.org/spacerace/ontology#mainClass> ?c }"
        " GROUP BY ?c ORDER BY ?c"
    )
    assert len(found) > 40
    for class_, entity in found:
        text = show.page(kg, str(entity))
        assert f"\n{shorten(str(entity))} (" in text, class_


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["ask", "events"], "event eventName kind date earliest latest place"),
        (["sparql", "SELECT ?s ?p ?o { ?s ?p ?o VALUES ?n { 1 2 3 4 5 6 7 8 9 } }"], "s p o"),
    ],
)
def test_a_reader_that_leaves_ends_the_command_quietly(
    small: Path, arguments: list[str], first: str
) -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{shlex.join(command(*arguments))} | head -1"],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert (done.returncode, done.stderr, done.stdout.split()) == (0, "", first.split())


INTERRUPT = """
import importlib, os, signal, sys
from spacerace_kg import cli
def stop(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
    signal.sigtimedwait([], 5)
importlib.import_module("spacerace_kg.{module}").{name} = stop
sys.exit(cli.main({arguments!r}))
"""


@pytest.mark.parametrize(
    ("module", "name", "arguments"),
    [
        ("export", "_write", ["export", "OUT"]),
        ("loader.build", "exchange", ["build"]),
        ("loader.build", "_unchanged", ["build"]),
        ("queries", "read", ["ask", "people"]),
        ("knowledge", "connect", ["show", "vostok-1"]),
    ],
)
def test_an_interrupt_ends_with_130_and_leaves_nothing_half_written(
    small: Path, tmp_path: Path, module: str, name: str, arguments: list[str]
) -> None:
    def files() -> dict[Path, bytes]:
        found = (path for path in (small / "graph").rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in found}

    (small / "graph" / "turtle" / "plain" / "sources.ttl").unlink()  # something for a build to do
    before = files()
    out = tmp_path / "new" / "out"
    words = [str(out) if word == "OUT" else word for word in arguments]
    code = INTERRUPT.format(module=module, name=name, arguments=words)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "spacerace: interrupted\n")
    assert files() == before
    assert not out.exists()
    assert not out.parent.exists() or list(out.parent.iterdir()) == []


@pytest.mark.parametrize("arguments", [["export"], ["export", "--shards", "2"]])
def test_an_export_that_is_told_to_end_leaves_nothing(
    small: Path, tmp_path: Path, arguments: list[str]
) -> None:
    script = """
import os, pathlib, signal, sys
from spacerace_kg import cli
def end(*_, **__):
    os.kill(os.getpid(), signal.SIGTERM)
pathlib.Path.rename = end
cli.main(sys.argv[1:])
"""
    target = tmp_path / "there" / "out"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, str(target)],
        env=environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (143, "")
    assert list(target.parent.iterdir()) == []


def on_terminal(*arguments: str, width: int = 60) -> tuple[int, str]:
    """Run the command on a pseudo-terminal; return its status and what a person sees."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    given = environment(TERM="xterm")
    for name in ("COLUMNS", "LINES"):
        given.pop(name, None)
    process = subprocess.Popen(
        command(*arguments), stdin=slave, stdout=slave, stderr=slave, env=given
    )
    os.close(slave)
    pieces = []
    with contextlib.suppress(OSError):  # the end of a terminal is an error
        while piece := os.read(master, 65536):
            pieces.append(piece)
    os.close(master)
    seen = re.sub(r"\x1b\[[0-9;]*m", "", b"".join(pieces).decode())
    return process.wait(timeout=60), seen.replace("\r\n", "\n")


def test_a_table_too_wide_for_the_terminal_is_shown_row_by_row_with_nothing_cut(
    small: Path,
) -> None:
    assert on_terminal("ask", "people", width=60) == (0, """\
person       yuri-gagarin
personName   Yuri Gagarin
nationName   Soviet Union
birth        1934-03-09
death        1968-03-27 07:31:00
firstFlight  1961-04-12 06:07:00
wikidata     wd:Q7327
birthDate    1934-03-09
deathDate    1968-03-27T07:31Z
""")  # fmt: skip
    assert on_terminal("ask", "people", width=160) == (0, TABLE)


@pytest.mark.parametrize(
    ("width", "seen"),
    [
        (39, "id  prose\n--  -----------------------------------\n1   to be or not to be that is\n"
             "    the-question-all-the-same\n2\n"),
        (29, "id  prose\n--  -------------------------\n1   to be or not to be that\n"
             "    is\n    the-question-all-the-same\n2\n"),
        (24, "id     1\nprose  to be or not to\n       be that is\n"
             "       the-question-all-the-same\n\nid     2\n"),
    ],
)  # fmt: skip
def test_a_table_is_folded_at_words_while_the_longest_word_fits(
    small: Path, width: int, seen: str
) -> None:
    prose = "to be or not to be that is the-question-all-the-same"
    query = f"SELECT ?id ?prose {{ VALUES (?id ?prose) {{ (1 '{prose}') (2 UNDEF) }} }}"
    assert on_terminal("sparql", query, width=width) == (0, seen)


def test_an_empty_table_on_a_narrow_terminal_is_its_header(small: Path) -> None:
    names = " ".join(f"?column{number}" for number in range(9))
    status, seen = on_terminal("sparql", f"SELECT {names} {{ ?column0 a sr:Nothing }}", width=30)
    assert (status, seen.split()[:9]) == (0, names.replace("?", "").split())


def test_a_terminal_shows_brackets_and_colons_as_they_are(small: Path) -> None:
    query = "SELECT ('[b]x[/b] :star: \\\\[i]' AS ?a) {}"
    status, seen = on_terminal("sparql", query)
    assert status == 0
    assert seen.splitlines()[2] == "[b]x[/b] :star: \\[i]"


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "markdown"])
def test_no_text_steers_a_terminal(small: Path, format_: str) -> None:
    query = "SELECT ('a\x1b[2J\u202eb' AS ?a) {}"
    status, seen = on_terminal("sparql", query, "--format", format_)
    assert status == 0
    assert "\x1b" not in seen
    assert "\u202e" not in seen
    assert r"\u202eb" in seen
    assert "\x1b[2J" in run("sparql", query, "--format", "csv").stdout  # in a pipe it is all there


def test_no_triple_steers_a_terminal(small: Path) -> None:
    query = "CONSTRUCT { <a:a> <a:b> 'a\x1b[2J' } WHERE { }"
    assert on_terminal("sparql", query) == (0, '<a:a> <a:b> "a\\x1b[2J" .\n')


def test_one_long_cell_does_not_make_every_line_as_long(small: Path) -> None:
    long = "x" * 5000
    done = run(
        "sparql", f"SELECT ?a ?b {{ VALUES (?a ?b) {{ ('{long}' 1) ('y' 2) }} }} ORDER BY ?a"
    )
    assert done.stdout.splitlines() == [
        f"a{' ' * 999}  b", f"{'-' * 1000}  -", f"{long}  1", f"y{' ' * 999}  2",
    ]  # fmt: skip


def test_progress_is_told_on_a_terminal_only(small: Path, tmp_path: Path) -> None:
    done = run("export", str(tmp_path / "one"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        str(tmp_path / "one" / name)
        for name in ("plain.nt", "claims.nt", "links.nt", "manifest.json")
    ]
    status, seen = on_terminal("export", str(tmp_path / "two"), width=200)
    assert status == 0
    assert seen.splitlines()[:4] == [
        "spacerace: reading the layer plain …",
        "spacerace: reading the layer claims …",
        "spacerace: reading the layer links …",
        "spacerace: writing nt …",
    ]


@pytest.mark.parametrize("format_", EXPORTS)
def test_every_format_is_exported(
    small: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], format_: str
) -> None:
    status, out, err = called(capfd, "export", str(tmp_path / "out"), "--format", format_)
    assert (status, err) == (0, "")
    written = [Path(line) for line in out.splitlines()]
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    assert written[-1].name == "manifest.json"
    assert all(path.stat().st_size > 100 for path in written)


def test_the_check_of_the_graph_runs_its_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path / "root")
    real = (root / "queries").resolve()
    (root / "queries").unlink()
    shutil.copytree(real, root / "queries", ignore=shutil.ignore_patterns("checks"))
    rule = root / "queries" / "checks" / "no-vostok.rq"
    rule.parent.mkdir()
    header = "#+ problem: A mission is Vostok.\n#+ remedy: Choose another.\n"
    select = (
        "SELECT ?entity ?property ?value { VALUES ?property"
        " { <http://www.w3.org/2000/01/rdf-schema#label> }"
        " ?entity a <https://w3id.org/spacerace/ontology#CrewedMission> ; ?property ?value }"
        " ORDER BY ?value"
    )
    rule.write_text(header + select)
    monkeypatch.setenv("SPACERACE_ROOT", str(root))
    monkeypatch.setenv("SPACERACE_CACHE", str(tmp_path / "cache"))
    status, out, err = called(capfd, "check", "--graph")
    assert status == 1
    assert out == (
        "checks/no-vostok: vostok-1.rdfs:label: 'Vostok 1'. A mission is Vostok. Choose another.\n"
        "checks/no-vostok: vostok-1.rdfs:label: 'Восток-1'. A mission is Vostok. Choose another.\n"
    )
    assert re.fullmatch(r"spacerace: \d+ statements, 0 problems, 2 broken rules\n", err)
    rule.write_text(header + select.replace("?entity ?property ?value", "?entity", 1))
    told = "spacerace: queries/checks/no-vostok.rq does not select ?entity ?property ?value.\n"
    assert called(capfd, "check", "--graph") == (1, "", told)
    told = "spacerace: queries/checks/no-vostok.rq has no problem or no remedy.\n"
    for line in header.splitlines():
        rule.write_text(f"{line}\n{select}")
        assert called(capfd, "check", "--graph") == (1, "", told)


def completions(line: str) -> list[str]:
    """Return what the shell is offered at the end of a line, as argcomplete's own tests ask."""
    read, write = os.pipe()
    code = (
        f"import os; os.dup2({write}, 8); os.dup2(2, 9)\nfrom spacerace_kg.cli import main; main()"
    )
    given = environment(
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_IFS="\013",
        _ARGCOMPLETE_COMP_WORDBREAKS="\"'@><=;|&(:",
        COMP_LINE=line,
        COMP_POINT=str(len(line.encode())),
        COMP_TYPE="9",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=given, pass_fds=[write], stderr=subprocess.PIPE
    )
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        found = stream.read().decode()
    assert process.communicate(timeout=60)[1] == b""
    return [word.strip() for word in found.split("\013") if word and not word.startswith("-")]


def test_the_shell_completes_questions_parameters_and_ids(small: Path) -> None:
    pytest.importorskip("argcomplete")
    assert completions("spacerace as") == ["ask"]
    assert completions("spacerace ask fir") == ["first-of-each-nation", "firsts"]
    assert completions("spacerace queries go") == ["goals"]
    parameters = queries.read(small / "queries", "missions").parameters.values()
    offered = [f"{parameter.name}=" for parameter in parameters]
    assert completions("spacerace ask missions ") == offered
    assert completions("spacerace ask missions nat") == ["nation="]
    # The shell parts words at "=", so the value alone is offered.
    assert completions("spacerace ask missions nation=") == ["soviet-union"]
    assert completions("spacerace ask missions nation=sov") == ["soviet-union"]
    assert completions("spacerace ask wikidata-links relation=cl") == ["close"]
    assert completions("spacerace show vos") == ["vostok-1"]
    assert completions("spacerace show zzz") == []
    assert completions("spacerace ask nonsense x") == []
    assert completions("spacerace ask firsts --format m") == ["markdown"]
    (small / "graph" / "ids.txt").unlink()
    assert completions("spacerace show vos") == []
