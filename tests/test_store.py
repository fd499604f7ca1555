"""The embedded store: made once and kept, made anew when it must be, and never half made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asking import command, environment, make_root, run, small_graph
from loading import put_odd

from spacerace_kg import DataError, OutsideError, UsageError, database
from spacerace_kg.export import export
from spacerace_kg.store import EmbeddedStore, graph_files

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_root(tmp_path / "root")


def databases(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir())


def count(opened: EmbeddedStore) -> object:
    return opened.select(COUNT).rows[0][0]


def test_the_first_opening_makes_a_database_and_the_second_reads_it(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "deep" / "cache"
    size = count(EmbeddedStore.open(small, cache))
    (name,) = databases(cache)
    assert name.startswith("store-")
    monkeypatch.setattr(database, "load", lambda *_: pytest.fail("the Turtle is read again"))
    assert count(EmbeddedStore.open(small, cache)) == size
    assert databases(cache) == [name]


def test_the_store_holds_exactly_the_files(small: Path, tmp_path: Path) -> None:
    memory = EmbeddedStore.in_memory(graph_files(small))
    opened = EmbeddedStore.open(small, tmp_path / "cache")
    assert count(opened) == count(memory)
    ours = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) }"
    assert set(opened.sparql(ours)) == set(memory.sparql(ours))
    assert len(opened.graph()) == count(opened)


def test_a_changed_or_new_file_makes_a_new_database(small: Path, tmp_path: Path) -> None:
    cache, turtle = tmp_path / "cache", small / "graph" / "turtle"
    size = count(EmbeddedStore.open(small, cache))
    path = turtle / "plain" / "nations.ttl"
    path.write_text(path.read_text("utf-8") + "\n<a:s> <a:p> <a:o> .\n", "utf-8")
    assert count(EmbeddedStore.open(small, cache)) == size + 1
    assert len(databases(cache)) == 2
    (turtle / "plain" / "more.ttl").write_text("<a:s> <a:p> <a:q> .\n")
    assert count(EmbeddedStore.open(small, cache)) == size + 2
    assert len(databases(cache)) == 3


def test_more_files_are_loaded_into_a_copy_of_the_graphs_own_database(
    small: Path, tmp_path: Path
) -> None:
    cache, more = tmp_path / "cache", tmp_path / "more.ttl"
    more.write_text("<a:s> <a:p> <a:o> .\n")
    size = count(EmbeddedStore.open(small, cache))
    own = databases(cache)
    assert count(EmbeddedStore.open(small, cache, [more])) == size + 1
    assert len(databases(cache)) == 2
    more.write_text("<a:s> <a:p> <a:o> , <a:q> .\n")
    assert count(EmbeddedStore.open(small, cache, [more])) == size + 2
    assert count(EmbeddedStore.open(small, cache)) == size
    assert len(databases(cache)) == 3
    assert set(own) < set(databases(cache))
    fresh = tmp_path / "fresh"
    assert count(EmbeddedStore.open(small, fresh, [more])) == size + 2
    assert len(databases(fresh)) == 2


def test_more_files_without_a_cache_are_in_memory(small: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text("<a:s> <a:p> <a:o> .\n")
    opened = EmbeddedStore.open(small, Path("/proc/cache"), [more])
    assert count(opened) == count(EmbeddedStore.in_memory([*graph_files(small), more]))


def test_two_processes_that_open_at_once_both_answer_and_make_one_database(
    small: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    given = environment(SPACERACE_ROOT=str(small), SPACERACE_CACHE=str(cache))
    started = [
        subprocess.Popen(
            command("ask", "people", "--format", "csv"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=given,
        )
        for _ in range(3)
    ]
    answers = [(*process.communicate(timeout=60), process.returncode) for process in started]
    assert len(set(answers)) == 1
    assert answers[0][0].splitlines()[1].startswith("https://w3id.org/spacerace/id/yuri-gagarin,")
    assert answers[0][1:] == ("", 0)
    assert len(databases(cache)) == 1


def test_the_loser_of_a_race_uses_the_winners_database(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    load = database.load

    def slow(made: object, files: list[Path]) -> None:
        monkeypatch.setattr(database, "load", load)
        EmbeddedStore.open(small, cache)  # the other process, in the meantime
        load(made, files)

    monkeypatch.setattr(database, "load", slow)
    EmbeddedStore.open(small, cache)
    assert len(databases(cache)) == 1


@pytest.mark.parametrize("place", ["file/cache", "/dev/null", "/proc/cache"])
def test_without_a_place_for_the_cache_the_store_is_in_memory(
    small: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("")
    opened = EmbeddedStore.open(small, tmp_path / place)
    assert opened.ask("ASK { ?s a <https://w3id.org/spacerace/ontology#Nation> }")
    assert (tmp_path / "file").read_text() == ""


def test_a_damaged_file_is_named(small: Path, tmp_path: Path) -> None:
    path = small / "graph" / "turtle" / "plain" / "nations.ttl"
    path.write_text("id:soviet-union a sr:Nation .", "utf-8")
    with pytest.raises(DataError) as caught:
        EmbeddedStore.open(small, tmp_path / "cache")
    said = str(caught.value)
    assert said.startswith(f"{path} is damaged: ")
    assert said.endswith(". Run: spacerace build")
    assert [name for name in databases(tmp_path / "cache") if name.startswith("store-")] == []


def test_a_file_that_is_no_utf8_is_named(small: Path, tmp_path: Path) -> None:
    path = small / "graph" / "turtle" / "plain" / "nations.ttl"
    path.write_bytes(b'<a:s> <a:p> "\xff\xfe" .')
    with pytest.raises(DataError, match=r"nations\.ttl is damaged: "):
        EmbeddedStore.open(small, tmp_path / "cache")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "nothing", "itself"])
@pytest.mark.parametrize("cache", ["cache", "file/cache"])
def test_what_is_named_like_turtle_and_is_no_file_is_told_at_once(
    small: Path, tmp_path: Path, kind: str, cache: str
) -> None:
    (tmp_path / "file").write_text("")
    path = small / "graph" / "turtle" / "plain" / "odd.ttl"
    put_odd(path, kind)
    told = f"{path} is no plain file. Remove it."
    with pytest.raises(DataError) as caught:
        EmbeddedStore.open(small, tmp_path / cache)
    assert str(caught.value) == told
    with pytest.raises(DataError) as caught:
        export(small, tmp_path / "out", "nt")
    assert str(caught.value) == told
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_read_is_told(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, scan = small / "graph" / "turtle" / "claims", os.scandir

    def refuse(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError) as caught:
        EmbeddedStore.open(small, tmp_path / "cache")
    assert str(caught.value) == f"{closed} cannot be read: Permission denied. Mend its rights."


def test_a_root_and_a_cache_may_have_any_name(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"a\xe9\nb")
    root.mkdir()
    opened = EmbeddedStore.open(make_root(root), root / "cache")
    assert opened.ask("ASK { ?s a <https://w3id.org/spacerace/ontology#Nation> }")


def test_a_question_of_any_root_stays_off_the_network(small: Path, tmp_path: Path) -> None:
    opened = EmbeddedStore.open(small, tmp_path / "cache")
    for text in (
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ):
        with pytest.raises(
            UsageError, match=r"^(SERVICE is not allowed|The query has \\u escapes)"
        ):
            opened.select(text)
    assert len(opened.select("SELECT ?a { VALUES ?a { 'Service Module' 'a\\\\b' } }")) == 2


@pytest.mark.parametrize("cache", ["cache", "file/cache"])
def test_a_missing_graph_or_ontology_says_what_to_do(
    small: Path, tmp_path: Path, cache: str
) -> None:
    (tmp_path / "file").write_text("")
    shutil.copytree(small / "ontology", tmp_path / "copy")
    (small / "ontology").unlink()
    with pytest.raises(DataError) as caught:
        EmbeddedStore.open(small, tmp_path / cache)
    assert str(caught.value) == f"No ontology at {small}/ontology/spacerace.ttl. Put it back."
    shutil.rmtree(small / "graph" / "turtle")
    with pytest.raises(DataError) as caught:
        EmbeddedStore.open(small, tmp_path / cache)
    assert str(caught.value) == f"No Turtle under {small}/graph/turtle. Run: spacerace build"


def test_a_graph_that_is_missing_ends_the_command_with_1(tmp_path: Path) -> None:
    (tmp_path / "queries").symlink_to(Path(__file__).resolve().parent.parent / "queries")
    done = run("ask", "firsts", SPACERACE_ROOT=str(tmp_path), SPACERACE_CACHE=str(tmp_path / "c"))
    told = f"spacerace: No Turtle under {tmp_path}/graph/turtle. Run: spacerace build\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)


def empty_it(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def cut_everything(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")


def drop_the_tables(folder: Path) -> None:
    for path in folder.glob("*.sst"):
        path.unlink()


def garble_the_manifest(folder: Path) -> None:
    for path in folder.glob("MANIFEST*"):
        path.write_bytes(os.urandom(path.stat().st_size))


def drop_current(folder: Path) -> None:
    (folder / "CURRENT").unlink()


def halve_the_manifest(folder: Path) -> None:
    for path in folder.glob("MANIFEST*"):
        os.truncate(path, path.stat().st_size // 2)


def cut_a_byte_off_each_table(folder: Path) -> None:
    for path in folder.glob("*.sst"):
        os.truncate(path, path.stat().st_size - 1)


def put_a_pipe_in_the_place_of_a_table(folder: Path) -> None:
    path = min(folder.glob("*.sst"))
    path.unlink()
    os.mkfifo(path)


def lose_the_mark(folder: Path) -> None:
    (folder / "spacerace-files").unlink()


@pytest.mark.parametrize(
    "damage",
    [
        empty_it, cut_everything, drop_the_tables, garble_the_manifest, drop_current,
        halve_the_manifest, cut_a_byte_off_each_table, put_a_pipe_in_the_place_of_a_table,
        lose_the_mark,
    ],
)  # fmt: skip
def test_a_damaged_database_is_made_anew(small: Path, tmp_path: Path, damage: object) -> None:
    cache = tmp_path / "cache"
    opened = EmbeddedStore.open(small, cache)
    size = count(opened)
    del opened
    (name,) = databases(cache)
    damage(cache / name)  # type: ignore[operator]
    assert count(EmbeddedStore.open(small, cache)) == size
    assert databases(cache) == [name]
    assert (cache / name / "CURRENT").stat().st_size > 0


def test_a_table_that_the_disk_has_spoilt_is_told(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACERACE_CACHE", str(tmp_path / "cache"))
    EmbeddedStore.open(small, tmp_path / "cache")
    for path in (tmp_path / "cache").glob("*/*.sst"):
        content = bytearray(path.read_bytes())
        if len(content) < 65536:
            continue  # these are checked at once
        content[100] ^= 0xFF
        path.write_bytes(content)
    opened = EmbeddedStore.open(small, tmp_path / "cache")
    told = rf"^The database in the cache is damaged: .*\. Remove {tmp_path}/cache$"
    with pytest.raises(OutsideError, match=told):
        opened.select("SELECT * { ?s ?p ?o }")


def test_databases_out_of_use_are_cleared_away_and_those_in_use_are_not(
    small: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    EmbeddedStore.open(small, cache)
    (used,) = databases(cache)
    for name in ("store-old", "making-old", "store-young", "foreign"):
        (cache / name).mkdir()
    (cache / "store-file").write_text("")
    long_ago = time.time() - 8 * 86400
    for name in ("store-old", "making-old", "foreign", "store-file", used):
        os.utime(cache / name, (long_ago, long_ago))
    EmbeddedStore.open(small, cache)  # which uses it today
    (small / "graph" / "turtle" / "more.ttl").write_text("<a:s> <a:p> <a:o> .\n")
    EmbeddedStore.open(small, cache)
    left = databases(cache)
    assert len(left) == 5
    assert {used, "store-young", "foreign", "store-file"} < set(left)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT (<http://example.org/f>(1) AS ?a) {}",
         "The engine cannot answer this: "
         "The custom function <http://example.org/f> is not supported."),
        ("SELECT (TRIPLE(<a:a>, <a:b>, 1) AS ?t) {}",
         "A triple as a term is beyond SPARQL 1.1. Select its parts."),
        ("CONSTRUCT { <a:a> <a:b> ?t } { BIND(TRIPLE(<a:a>, <a:b>, 1) AS ?t) }",
         "A triple as a term is beyond RDF 1.1. Construct its parts."),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
         "SERVICE is not allowed here. Query the other endpoint by itself."),
    ],
)  # fmt: skip
def test_what_the_engine_cannot_answer_is_a_usage_error(
    small: Path, tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        EmbeddedStore.open(small, tmp_path / "cache").sparql(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["", "SELEKT", "SELECT * {", "DROP ALL", "INSERT DATA {}", "\x00"])
def test_what_is_no_query_is_a_usage_error(small: Path, tmp_path: Path, text: str) -> None:
    opened = EmbeddedStore.open(small, tmp_path / "cache")
    with pytest.raises(UsageError, match=r"^This is not SPARQL 1\.1: error at 1:\d+: "):
        opened.sparql(text)


def test_select_and_ask_take_their_own_kind_only(small: Path, tmp_path: Path) -> None:
    opened = EmbeddedStore.open(small, tmp_path / "cache")
    with pytest.raises(UsageError, match=r"^This is no SELECT query\.$"):
        opened.select("ASK {}")
    with pytest.raises(UsageError, match=r"^This is no ASK query\.$"):
        opened.ask(COUNT)


def test_a_value_is_explained_with_its_part_and_an_entity_with_all_of_its_own(
    tmp_path: Path,
) -> None:
    with small_graph(tmp_path) as kg:
        value, entity = kg.explain("vostok-1", "landing"), kg.explain("vostok-1/landing")
    assert [row[:5] for row in value.texts()] == [
        ["vostok-1", "sr:landing", "vostok-1/landing", "normal", "gcat"],
        ["vostok-1", "sr:landing", "vostok-1/landing", "normal", "siddiqi-2000"],
        *(row[:5] for row in entity.texts()),
    ]
    assert [row[1:5] for row in entity.texts()] == [
        ["rdf:type", "sr:Landing", "normal", "gcat"],
        ["rdf:type", "sr:Landing", "normal", "siddiqi-2000"],
        ["sr:date", "1961-04-12", "deprecated", "gcat"],
        ["sr:date", "1961-04-12T07:53Z", "normal", "siddiqi-2000"],
        ["sr:date", "1961-04-12T07:55Z", "preferred", "siddiqi-2000"],
    ]


def loaded(code: str, **given: str) -> set[str]:
    """Return the top-level modules that a program leaves imported."""
    tell = "\nimport sys; print('|' + ' '.join(sorted({m.partition('.')[0] for m in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", code + tell],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(**given),
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("|")[2].split())


def test_importing_the_package_imports_nothing_but_the_standard_library() -> None:
    bare = loaded("")
    found = loaded("import spacerace_kg; spacerace_kg.UsageError; dir(spacerace_kg)") - bare
    assert "spacerace_kg" in found
    assert found - sys.stdlib_module_names == {"spacerace_kg"}


def test_a_question_from_the_shell_imports_only_what_it_needs(small: Path, tmp_path: Path) -> None:
    code = "from spacerace_kg.cli import main; assert main(['ask', 'firsts']) == 0"
    found = loaded(code, SPACERACE_ROOT=str(small), SPACERACE_CACHE=str(tmp_path / "cache"))
    foreign = found - sys.stdlib_module_names - loaded("")
    assert foreign <= {"spacerace_kg", "pyoxigraph"}


def test_help_needs_no_engine() -> None:
    code = "import sys; sys.argv[1:] = ['--help']\nfrom spacerace_kg.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass"
    foreign = loaded(code) - sys.stdlib_module_names - loaded("")
    assert foreign == {"spacerace_kg"}
