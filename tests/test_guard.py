"""The guard: what would end or misuse the engine is refused at once; what people write is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asking import command, environment, make_root, run

import spacerace_kg
from spacerace_kg import UsageError, guard

DEEP = {
    "groups": "ASK " + "{" * 3000 + "}" * 3000,
    "groups with spaces": "ASK " + "{ " * 3000 + "} " * 3000,
    "parentheses": "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
    "functions": "ASK { FILTER(" + "STR(" * 3000 + "1" + ")" * 3000 + ") }",
    "optionals": "ASK {" + "OPTIONAL { ?s ?p ?o " * 3000 + "}" * 3000 + "}",
    "subqueries": "SELECT * " + "{{ SELECT * " * 1500 + "{ ?s ?p ?o }" + "}}" * 1500,
    "property lists": "ASK { ?s ?p " + "[ ?p " * 3000 + "1" + "]" * 3000 + " }",
    "collections": "ASK { ?s ?p " + "(" * 3000 + "1" + ")" * 3000 + " }",
    "path groups": "ASK { ?s " + "(" * 3000 + "<a:p>" + ")" * 3000 + " ?o }",
    "brackets that pass for an IRI": "ASK { FILTER(1<" + "(" * 3000 + "1" + ")" * 3000 + "&&1>0) }",
    "brackets behind a comment": "ASK #<\n" + "{" * 3000 + "}" * 3000,
    "brackets behind a quotation mark in an IRI": "ASK { <a:'> " + "{" * 3000 + "}" * 3000 + "}",
}
LONG = {
    "UNION": "ASK {" + " UNION ".join(["{?s ?p ?o}"] * 2000) + "}",
    "union in small letters": "ASK {" + "union".join(["{?s ?p ?o}"] * 2000) + "}",
    "path steps": "ASK { ?s " + "/".join(["<a:p>"] * 3000) + " ?o }",
    "path steps of prefixed names": "ASK { ?s " + "/".join(["a:p"] * 3000) + " ?o }",
    "path alternatives": "ASK { ?s " + "|".join(["<a:p>"] * 3000) + " ?o }",
    "sum": "ASK { FILTER(" + " + ".join(["?a"] * 10000) + ") }",
    "sum that passes for an IRI": "ASK { FILTER(1<" + "1+" * 10000 + "1>0) }",
    "logic": "ASK { FILTER(" + "||".join(["?a"] * 10000) + ") }",
    "negations": "ASK { FILTER(" + "!" * 10000 + "?a) }",
    "VALUES": "ASK { VALUES ?a {" + " 1" * 40000 + " } }",
    "DESCRIBE": "DESCRIBE" + " <a:b>" * 4000,
    "FILTER": "ASK { ?s ?p ?o " + "FILTER(?s)" * 1000 + " }",
    "BIND": "ASK {" + "".join(f"BIND(1 AS ?a{i})" for i in range(1000)) + "}",
    "groups in a row": "ASK {" + "{?s ?p ?o}" * 400 + "}",
    "a text of a megabyte": 'ASK { FILTER("' + "a" * 1_000_000 + '" = "b") }',
    "a comment of a megabyte": "ASK { } #" + "a" * 1_000_000,
    "quotation marks": '"' * 99_999,
    "escaped quotation marks": '"' + '\\"' * 49_000,
    "long texts that do not end": "'''" + "\\'" * 49_000,
    "angle brackets": "<" * 99_999,
    "angle brackets with letters": "<aa" * 33_000,
    "the word SERVICE in comments": "#service" * 12_000,
    "the word SERVICE before colons": "service:" * 12_000,
}
SERVICE = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { sErViCe <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE\n\t<http://127.0.0.1:9/>\r\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE#comment\n<http://127.0.0.1:9/>#{\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE # <a> {\r SILENT #\n# }\n<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "SELECT * { # a comment that ends\rSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o .SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p 1.5e3SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "SELECT * { FILTER(1<2)SERVICE#>\n<http://127.0.0.1:9/> { ?a ?b ?c } }",
    "SELECT * { FILTER(1<2)SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "SELECT * { VALUES ?e { <http://127.0.0.1:9/> } SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { <http://127.0.0.1:9/> } SERVICE $e{ ?s ?p ?o } }",
    "SELECT * { BIND(IRI('http://127.0.0.1:9/') AS ?e) SERVICE?e{ ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICEe:a{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE :a\\-b%20.c { ?s ?p ?o } }",
    "PREFIX é: <http://127.0.0.1:9/> SELECT * { SERVICE é:ü{ ?s ?p ?o } }",
    "BASE <http://127.0.0.1:9/> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { { SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
    "SELECT * { '''a\n\"''' ?p ?o SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
]
ORDINARY = {
    "ids": "SELECT * { VALUES ?m { " + " ".join(f"id:vostok-{i}" for i in range(1000)) + " } }",
    "ids of parts": "SELECT * { VALUES ?m { "
    + " ".join(rf"id:vostok-{i}\/launch" for i in range(1000))
    + " } }",
    "IRIs": "SELECT * { VALUES ?m { "
    + " ".join(f"<https://w3id.org/spacerace/id/vostok-{i}/launch>" for i in range(1000))
    + " } }",
    "typed literals": "SELECT * { VALUES ?t { "
    + " ".join(f'"1961-04-12T06:07:{i:02}Z"^^xsd:dateTime' for i in range(500))
    + " } }",
    "numbers": "SELECT * { FILTER(?a IN (" + ", ".join(map(str, range(-400, 400))) + ")) }",
    "the word": 'SELECT * { FILTER(CONTAINS(?n, "Service Module: the <b> {") && ?service = 1) }',
    "a variable": "SELECT ?service { ?service a sr:ServiceModule ; sr:service ?s } # SERVICE",
    "brackets in a text": f'SELECT * {{ BIND("{"(" * 900}" AS ?a) }} # {"{" * 900}',
    "an apostrophe in a comment": "SELECT * { } # don't stop",
    "texts": """SELECT * { VALUES ?a { "it's" 'say "no"' \"\"\"a "b" c\"\"\" '''d'e''' "\\"" } }""",
}


@pytest.mark.parametrize("text", [*DEEP.values(), *LONG.values()], ids=[*DEEP, *LONG])
def test_what_is_too_deep_or_too_long_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(UsageError, match=r"^(The query (has|nests) .*|SERVICE is not .*)\.$"):
        guard.check(text)
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DEEP["groups"], "The query nests deeper than 60. Flatten it."),
        (LONG["UNION"], "The query has over 200 of {. Shorten it."),
        (LONG["path steps"], "The query has over 200 of /. Shorten it."),
        (LONG["VALUES"], "The query has over 2,000 tokens. Shorten it."),
        (LONG["a comment of a megabyte"],
         "The query has more than 100,000 characters. Shorten it."),
        ('ASK { FILTER("a) }', "The query has a text that does not end. Close its quotation mark."),
        ("ASK { \\u0053ERVICE ?a {} }",
         "The query has \\u escapes. Write the characters themselves."),
        ("ASK { \\U00000053ERVICE ?a {} }",
         "The query has \\u escapes. Write the characters themselves."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        guard.check(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("most", "more", "told"),
    [
        (" " * 100_000, " ", "The query has more than 100,000 characters. Shorten it."),
        ("a " * 2_000, "a", "The query has over 2,000 tokens. Shorten it."),
        ("(" * 60, "(", "The query nests deeper than 60. Flatten it."),
        ("()" * 200 + "(" * 60, "(", "The query nests deeper than 60. Flatten it."),
        *((f"{word} " * 200, word, f"The query has over 200 of {word}. Shorten it.")
          for word in ("UNION", "OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "SELECT", "NOT",
                       "EXISTS", "/", "|", "+", "*", "!", "&", ">", "-", "{}")),
    ],
)  # fmt: skip
def test_a_bound_allows_what_reaches_it_and_nothing_more(most: str, more: str, told: str) -> None:
    guard.check(most)
    with pytest.raises(UsageError) as caught:
        guard.check(most + more)
    assert str(caught.value) == told.replace("{}", "{")


@pytest.mark.parametrize("text", SERVICE)
def test_service_is_refused_however_it_is_spelled(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        guard.check(text)
    assert str(caught.value) == "SERVICE is not allowed here. Query the other endpoint by itself."


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY)
def test_long_but_ordinary_queries_are_allowed(text: str) -> None:
    guard.check(text)


def test_every_canned_query_is_allowed(root: Path) -> None:
    paths = sorted((root / "queries").rglob("*.rq"))
    assert len(paths) >= 45
    for path in paths:
        guard.check(path.read_text("utf-8"))


@pytest.mark.parametrize("count", [1, 20, 200])
def test_a_long_search_for_service_takes_no_time(count: int) -> None:
    tails = (" " * 400, "#" * 450, "#\n" * 200, ":" * 400, "a:" * 200, "<" * 400, "?" + "a" * 400)
    start = time.perf_counter()
    for tail in tails:
        text = f"{'service ' * count}{tail * 50}"
        try:
            guard.check(text[:99_000])
        except UsageError:
            continue
    assert time.perf_counter() - start < 2


# Just within the bounds: deeper or longer than a person writes, and yet no harm.
WITHIN = {
    "groups": "ASK " + "{" * 60 + "}" * 60,
    "optionals": "ASK {" + "OPTIONAL { ?s ?p ?o " * 59 + "}" * 60,
    "subqueries": "SELECT * " + "{{ SELECT * " * 29 + "{ ?s ?p ?o }" + "}}" * 29,
    "exists": "ASK {" + "FILTER EXISTS { ?s ?p ?o " * 59 + "}" * 60,
    "functions": "ASK { FILTER(" + "STR(" * 58 + "?a" + ")" * 59 + " }",
    "conditions": "ASK { FILTER(" + "IF(?a,1," * 58 + "1" + ")" * 59 + " }",
    "collections": "ASK { ?s ?p " + "(" * 59 + "1" + ")" * 59 + " }",
    "path groups": "ASK { ?s " + "(" * 59 + "<a:p>" + ")*" * 59 + " ?o }",
    "unions": "ASK {" + " UNION ".join(["{?s ?p ?o}"] * 199) + "}",
    "sum": "ASK { FILTER(" + "+".join(["?a"] * 201) + ") }",
    "logic": "ASK { FILTER(" + "&&".join(["?a"] * 101) + ") }",
    "negations": "ASK { FILTER(" + "!" * 200 + "?a) }",
    "path": "ASK { ?s " + "/".join(["<a:p>"] * 201) + " ?o }",
    "alternatives": "ASK { ?s " + "|".join(["<a:p>"] * 201) + " ?o }",
    "filters": "ASK { ?s ?p ?o " + "FILTER(?s)" * 200 + " }",
    "binds": "ASK {" + "".join(f"BIND(1 AS ?a{i})" for i in range(200)) + "}",
    "columns": "SELECT" + "".join(f" (1 AS ?a{i})" for i in range(390)) + " {}",
    "counts": "SELECT" + "".join(f" (COUNT(?s) AS ?a{i})" for i in range(200)) + " {}",
    "order": "SELECT * { ?s ?p ?o } ORDER BY" + " ?s" * 1900,
    "describe": "DESCRIBE" + " <a:b>" * 1990,
    "values": "SELECT * { VALUES ?a {" + " 1" * 1990 + " } }",
    "list": "ASK { FILTER(?a IN (" + ",".join(["1"] * 990) + ")) }",
    "concatenation": "ASK { FILTER(CONCAT(" + ",".join(['"a"'] * 990) + ") = ?a) }",
    "minus": "ASK { ?s ?p ?o " + "MINUS { ?s ?p ?o }" * 199 + " }",
}
EVALUATE = """
import sys
import pyoxigraph as ox
from spacerace_kg import guard
from spacerace_kg.store import EmbeddedStore
store = ox.Store()
store.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.NamedNode("a:o")))
for text in sys.stdin.read().split("\\0"):
    EmbeddedStore(store).sparql(text)
print("alive")
"""


def test_what_the_guard_lets_through_does_not_end_the_process() -> None:
    for text in WITHIN.values():
        guard.check(text)
    done = subprocess.run(
        [sys.executable, "-c", EVALUATE],
        input="\0".join(WITHIN.values()),
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


FOREVER = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
    "FILTER(STRLEN(STR(?a)) > STRLEN(STR(?j))) }"
)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPACERACE_ROOT", str(make_root(tmp_path / "root")))
    monkeypatch.setenv("SPACERACE_CACHE", str(tmp_path / "cache"))
    return tmp_path


def children(process: int) -> list[str]:
    """Return the ids of a process's children."""
    found = Path(f"/proc/{process}/task/{process}/children")
    return found.read_text().split() if found.exists() else []


def test_a_query_that_would_never_end_is_ended_with_its_process(small: Path) -> None:
    start = time.monotonic()
    process = subprocess.Popen(
        command("sparql", "--timeout", "1.5", FOREVER),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    while not (workers := children(process.pid)) and process.poll() is None:
        time.sleep(0.01)
    assert len(workers) == 1
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert out == ""
    assert err == "spacerace: The query took more than 1.5 s. Narrow it, or raise --timeout.\n"
    assert time.monotonic() - start < 8
    assert not Path(f"/proc/{workers[0]}").exists()


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [(signal.SIGINT, 130, "spacerace: interrupted\n"), (signal.SIGTERM, 143, "")],
)
def test_a_signal_ends_the_worker_too(
    small: Path, sent: signal.Signals, status: int, said: str
) -> None:
    process = subprocess.Popen(
        command("sparql", FOREVER),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    while not (workers := children(process.pid)) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.3)
    os.killpg(process.pid, sent) if sent == signal.SIGINT else process.send_signal(sent)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (status, "", said)
    assert not Path(f"/proc/{workers[0]}").exists()


@pytest.fixture
def endless(small: Path) -> None:
    """Questions that never end: one of its own, and the one that `show` asks."""
    (small / "root" / "queries").unlink()
    (small / "root" / "queries").mkdir()
    for name in ("forever", "claims"):
        (small / "root" / "queries" / f"{name}.rq").write_text(
            "#+ params: [{name: entity, type: id, description: '', example: vostok-1}]\n"
            + FOREVER.replace("{", "{\nVALUES ?entity { UNDEF }\n", 1)
        )


ENDLESS = [("ask", "forever"), ("show", "vostok-1")]


@pytest.mark.usefixtures("endless")
@pytest.mark.parametrize("words", ENDLESS)
def test_ctrl_c_ends_a_question_that_the_engine_is_at(words: tuple[str, str]) -> None:
    run("ask", "forever", "--timeout", "0.5")  # makes the database, so that the next is soon at it
    process = subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(), start_new_session=True,
    )  # fmt: skip
    time.sleep(2)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, "", "spacerace: interrupted\n")


@pytest.mark.usefixtures("endless")
@pytest.mark.parametrize("words", ENDLESS)
def test_a_question_that_takes_too_long_ends_the_process(words: tuple[str, str]) -> None:
    """With no answer printed; `show` asks the question about claims."""
    start = time.monotonic()
    done = run(*words, "--timeout", "1")
    told = "spacerace: The query took more than 1 s. Narrow it, or raise --timeout.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
    assert time.monotonic() - start < 8


FAULT = """
import os, sys
from spacerace_kg import cli, store
store.EmbeddedStore.sparql = lambda *_: {fault}
sys.exit(cli.main(["sparql", "ASK {{}}"]))
"""


def with_fault(fault: str) -> subprocess.CompletedProcess[str]:
    """Run a query in a process of its own, whose engine has a fault."""
    return subprocess.run(
        [sys.executable, "-c", FAULT.format(fault=fault)],
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(),
    )


@pytest.mark.parametrize("sent", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_worker_that_breaks_down_is_reported(small: Path, sent: str) -> None:
    done = with_fault(f"os.kill(os.getpid(), {getattr(signal, sent):d})")
    told = (
        "spacerace: The engine broke down over this query: it takes too much memory, or sorts "
        "values of several kinds. Make it smaller, or order by STR(?value).\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


HUNGRY = "SELECT DISTINCT ?a ?b ?c ?d ?e ?f ?g ?h ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
STARVED = """
import sys
from spacerace_kg import cli
from spacerace_kg.commands import deadlines
deadlines.MOST_MEMORY = 400_000_000
sys.exit(cli.main(["sparql", "--timeout", "60", {query!r}]))
"""


def test_a_query_that_eats_memory_ends(small: Path) -> None:
    code = STARVED.format(query=HUNGRY)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=90, env=environment()
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "spacerace: The engine broke down over this query: it takes too much memory, or sorts "
        "values of several kinds. Make it smaller, or order by STR(?value)."
    )


def test_a_query_from_python_can_have_a_deadline(small: Path) -> None:
    kg = spacerace_kg.connect()
    with pytest.raises(UsageError, match=r"^The query took more than 0\.5 s\. "):
        kg.sparql(FOREVER, timeout=0.5)
    with pytest.raises(UsageError, match=r"^This is not SPARQL 1\.1: "):
        kg.sparql("SELECT oops", timeout=60)
    with pytest.raises(UsageError, match=r"^SERVICE is not allowed here\. "):
        kg.sparql(SERVICE[0], timeout=60)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1_000_001])
def test_a_deadline_is_a_number_of_seconds(small: Path, seconds: float) -> None:
    with pytest.raises(UsageError) as caught:
        spacerace_kg.connect().sparql("ASK {}", timeout=seconds)
    assert str(caught.value) == (f"{seconds} is no timeout. Give seconds above 0, 1000000 at most.")


@pytest.mark.parametrize("claims", [False, True])
def test_a_query_with_a_deadline_asks_the_catalogue_too(
    small: Path, tmp_path: Path, claims: bool
) -> None:
    for layer in ("plain", "claims"):
        (tmp_path / layer).mkdir()
        (tmp_path / layer / "x.ttl").write_text(f"<a:s> <a:p> '{layer}' .")
    (tmp_path / "manifest.json").write_text("{}")
    kg = spacerace_kg.connect(catalogue=tmp_path, claims=claims)
    text = "SELECT ?layer { <a:s> <a:p> ?layer } ORDER BY ?layer"
    expected = [("claims",), ("plain",)] if claims else [("plain",)]
    assert kg.sparql(text).rows == kg.sparql(text, timeout=60).rows == expected


def test_a_query_with_a_deadline_runs_nothing_that_lies_in_the_working_folder(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "spacerace_kg.py"):
        (tmp_path / name).write_text("import os\nos._exit(9)\n")
    monkeypatch.chdir(tmp_path)
    assert spacerace_kg.connect().sparql("ASK {}", timeout=60) is True


def test_half_a_character_is_refused(small: Path) -> None:
    for seconds in (None, 60):
        with pytest.raises(UsageError, match=r"^The query has half a character, a surrogate\. "):
            spacerace_kg.connect().sparql("ASK { ?s ?p '\ud800' }", timeout=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o",
        "SELECT ?s { ?s <a:b> ?o }",
        "ASK { ?s ?p 'nothing' }",
        "ASK { ?s ?p ?o }",
    ],
)
def test_a_query_with_a_deadline_has_the_same_answer(small: Path, text: str) -> None:
    kg = spacerace_kg.connect()
    one, other = kg.sparql(text), kg.sparql(text, timeout=60)
    if isinstance(one, spacerace_kg.Answer):
        assert isinstance(other, spacerace_kg.Answer)
        assert (one.columns, one.terms) == (other.columns, other.terms)
    else:
        assert one is other


def test_a_graph_with_a_deadline_is_the_same(small: Path) -> None:
    kg = spacerace_kg.connect()
    for text in ("DESCRIBE <https://w3id.org/spacerace/id/vostok-1>", "CONSTRUCT {} {}"):
        one, other = kg.sparql(text), kg.sparql(text, timeout=60)
        assert set(one) == set(other)  # type: ignore[arg-type]


def test_a_fault_of_ours_in_the_worker_shows_its_traceback(small: Path) -> None:
    done = with_fault("[][0]")
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("IndexError: list index out of range\n")
