"""The loader: the same bytes from the same facts, few lines from a small change, all or nothing."""

from __future__ import annotations

import difflib
import fcntl
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from loading import ROOT, TINY, build, check, checked_checkout, extend, make_root, texts, write

from spacerace_kg import folders
from spacerace_kg.dates import interval, stamp, unix
from spacerace_kg.errors import OutsideError, UsageError
from spacerace_kg.folders import recover
from spacerace_kg.loader import build as build_module
from spacerace_kg.loader.build import Built, emit

VOSTOK = "graph/facts/flights/vostok.yaml"


def run(root: Path, **environment: str) -> subprocess.Popen[str]:
    """Start ``spacerace build`` on a root, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "spacerace_kg", "build"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SPACERACE_ROOT": str(root), **environment},
    )


def tree(root: Path) -> dict[str, tuple[bytes, int]]:
    """Return content and time of change of every file under a root's graph, by path."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def leftovers(root: Path) -> set[str]:
    """Return what lies beside the folders and files that a finished build leaves."""
    found = {path.relative_to(root).as_posix() for path in (*root.iterdir(), *root.glob("graph/*"))}
    return found - {"graph", "ontology", "graph/facts", "graph/turtle", "graph/ids.txt"}


@pytest.fixture
def tiny(tmp_path) -> Path:
    return make_root(tmp_path / "root")


#
# What is emitted
#


def test_tiny_facts_become_exactly_the_tiny_turtle(tiny):
    built = build(tiny)
    assert built == Built([], {"plain": 189, "claims": 752, "links": 31}, True)
    made, kept = texts(tiny / "graph/turtle"), texts(TINY / "turtle")
    assert sorted(made) == sorted(kept)
    for name, text in kept.items():
        assert made[name] == text, f"read the change of {name}; if right, copy it to tests/tiny"


def test_ids_of_all_records_are_published_and_none_is_forgotten(tiny):
    write(tiny / "graph/ids.txt", "vostok-1\n")
    build(tiny)
    ids = ["first-human-in-space", "gcat", "moon-speech", "siddiqi-2000", "soviet-union", "ussr"]
    assert (tiny / "graph/ids.txt").read_text() == "".join(
        f"{name}\n" for name in [*ids, "vostok-1", "yuri-gagarin"]
    )


def test_lost_list_of_ids_is_written_again_beside_unchanged_turtle(tiny):
    build(tiny)
    before = (tiny / "graph/ids.txt").read_bytes()
    (tiny / "graph/ids.txt").unlink()
    assert build(tiny).changed
    assert (tiny / "graph/ids.txt").read_bytes() == before
    assert leftovers(tiny) == set()


def test_emitted_turtle_is_sorted_and_has_no_blank_node(tiny):
    build(tiny)
    for name, text in texts(tiny / "graph/turtle").items():
        subjects = re.findall(r"^id:\S+$", text, re.MULTILINE)
        assert subjects == sorted(set(subjects)), name
        assert "_:" not in text
        assert "[" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text)


def test_no_two_claims_share_an_iri():
    claimed: dict[str, tuple[str, str]] = {}
    for s in checked_checkout().statements:
        claim = build_module.triples.claim_id(s)
        assert claimed.setdefault(claim, (s.value, s.language)) == (s.value, s.language)


def test_superproperty_of_a_chain_holds_too(tmp_path):
    root = make_root(tmp_path)
    more = """
sr:memberOfCrew a owl:ObjectProperty ; rdfs:label "member of crew"@en ; sr:inferredOnly true .
sr:crewMember rdfs:subPropertyOf sr:memberOfCrew .
"""
    extend(root, more)
    build(root)
    text = (root / "graph/turtle/plain/flights/vostok.ttl").read_text()
    assert "    sr:memberOfCrew id:yuri-gagarin ;\n" in text


def test_chain_that_begins_with_another_chain_holds_whatever_their_order(tmp_path):
    more = """
sr:PREFIXOfCrew a owl:ObjectProperty ; rdfs:label "of crew"@en ; sr:inferredOnly true ;
    owl:propertyChainAxiom ( sr:crewMember sr:nation ) .
"""
    for number, prefix in enumerate(("a", "z")):
        root = make_root(tmp_path / str(number))
        extend(root, more.replace("PREFIX", prefix))
        build(root)
        text = (root / "graph/turtle/plain/flights/vostok.ttl").read_text("utf-8")
        assert f"    sr:{prefix}OfCrew id:soviet-union ;\n" in text


def test_part_takes_the_english_name_of_its_key_where_there_is_no_other(tiny):
    people = tiny / "graph/facts/people.yaml"
    people.write_text(people.read_text("utf-8").replace(", ru: Юрий Гагарин", ""), "utf-8")
    build(tiny)
    text = (tiny / "graph/turtle/plain/flights/vostok.ttl").read_text("utf-8")
    assert '    rdfs:label "Восток-1: назначение в экипаж Yuri Gagarin"@ru ;\n' in text


def test_part_is_named_by_its_property_where_that_is_marked_else_by_its_class(tiny):
    record = """
- id: a-flight
  type: CrewedMission
  label: {en: A flight, ru: Полёт}
  landing: {date: 1967-09-24}
  surfaceLanding: {date: 1967-09-20}
  backupCrew: [{person: yuri-gagarin}]
  source: gcat
"""
    write(tiny / "graph/facts/flight.yaml", record)
    assert build(tiny).problems == []
    text = (tiny / "graph/turtle/plain/flight.ttl").read_text("utf-8")
    assert re.findall(r"rdfs:label (.*) ;", text) == [
        '"A flight"@en',
        '"Полёт"@ru',
        '"A flight: backup crew Yuri Gagarin"@en',
        '"Полёт: дублирующий экипаж Юрий Гагарин"@ru',
        '"A flight: landing"@en',
        '"Полёт: посадка"@ru',
        '"A flight: surface landing"@en',
        '"Полёт: посадка на поверхность"@ru',
    ]


def test_no_two_parts_of_one_owner_share_a_label(root):
    named = defaultdict(set)
    for path in (root / "graph/turtle/plain").rglob("*.ttl"):
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            owner, slash, _ = quad.subject.value.removeprefix(ID).partition("/")
            if slash and quad.predicate == LABEL:
                named[owner, quad.object.value, quad.object.language].add(quad.subject.value)
    assert [parts for parts in named.values() if len(parts) > 1] == []


def test_place_in_a_source_that_is_given_twice_is_told_once(tiny):
    path = tiny / VOSTOK
    text = path.read_text("utf-8").replace("{siddiqi-2000: p. 274}", "{gcat: 1961 MU}, gcat")
    path.write_text(text, "utf-8")
    build(tiny)
    emitted = (tiny / "graph/turtle/claims/flights/vostok.ttl").read_text("utf-8")
    claim = "id:vostok-1\\/launch\\/claim\\/date\\/1961-04-12T06:07Z\\/gcat\n"
    assert emitted.count(claim) == 1
    assert emitted.partition(claim)[2].splitlines()[:2] == [
        "    a sr:Claim ;",
        '    sr:locator "1961 MU" ;',
    ]


#
# The same bytes
#


def test_same_bytes_under_every_hash_seed_and_locale(tmp_path):
    seeds = [("0", "C"), ("1", "tr_TR.UTF-8"), ("random", "C.UTF-8"), ("random", "POSIX")]
    runs = []
    for number, (seed, locale) in enumerate(seeds):
        root = make_root(tmp_path / str(number))
        plain = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"} if locale == "POSIX" else {}
        languages = {"LC_ALL": locale, "LANG": locale, "LANGUAGE": "tr", "TZ": "Asia/Kathmandu"}
        runs.append((root, run(root, PYTHONHASHSEED=seed, **languages, **plain)))
    for root, process in runs:
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 0, said
        assert texts(root / "graph/turtle") == texts(TINY / "turtle")


def test_same_bytes_whatever_the_order_in_which_files_were_made(tmp_path):
    made = []
    names = sorted(texts(TINY / "facts"))
    for number, order in enumerate((names, names[::-1], names[3:] + names[:3])):
        facts = {name: (TINY / "facts" / name).read_text("utf-8") for name in order}
        root = make_root(tmp_path / str(number), facts)
        build(root)
        made.append(texts(root / "graph"))
    assert made[0] == made[1] == made[2]


def test_second_build_changes_nothing_and_says_so(tiny):
    assert build(tiny).changed
    before = tree(tiny)
    assert build(tiny) == Built([], {"plain": 189, "claims": 752, "links": 31}, False)
    assert tree(tiny) == before


def test_turtle_of_a_removed_file_goes(tiny):
    write(tiny / "graph/facts/zz/more.yaml", "- {id: zz, type: Meeting, source: gcat}\n")
    build(tiny)
    assert (tiny / "graph/turtle/plain/zz/more.ttl").exists()
    shutil.rmtree(tiny / "graph/facts/zz")
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Meeting, source: gcat}\n")
    build(tiny)
    assert not (tiny / "graph/turtle/plain/zz").exists()
    assert (tiny / "graph/turtle/plain/zz.ttl").exists()


#
# Few lines for a small change. Each edit: a file, its old text, its new, and all that it may touch,
# as layer, subject and predicate.
#

CLAIM = {"a", "sr:property", "sr:rank", "sr:source", "sr:subject", "sr:value"}


def claim(subject: str, *more: str) -> set[tuple[str, str, str]]:
    return {("claims", subject, predicate) for predicate in (CLAIM | set(more))}


EDITS = {
    "a date": (
        "firsts.yaml",
        "1961-05-25/..",
        "1961-05-26",
        {("plain", "moon-speech", name) for name in (
            "sr:date", "sr:earliest", "sr:earliestUnix", "sr:latest", "sr:latestUnix",
        )}
        | claim("moon-speech/claim/date/de2535800e/siddiqi-2000")
        | claim("moon-speech/claim/date/1961-05-26/siddiqi-2000"),
    ),
    "one more source": (
        "flights/vostok.yaml",
        "source: [{gcat: 1961 MU}, {siddiqi-2000: p. 274}]}",
        "source: [{gcat: 1961 MU}, {siddiqi-2000: p. 274}, second]}",
        claim("vostok-1/launch/claim/date/1961-04-12T06:07Z/second"),
    ),
    "a locator": (
        "flights/vostok.yaml",
        "siddiqi-2000: p. 274",
        "siddiqi-2000: p. 275",
        {("claims", "vostok-1/launch/claim/date/1961-04-12T06:07Z/siddiqi-2000", "sr:locator")},
    ),
    "a label": (
        "people.yaml",
        "en: Yuri Gagarin,",
        "en: Yury Gagarin,",
        {
            ("plain", "yuri-gagarin", "rdfs:label"),
            ("plain", "yuri-gagarin/birth", "rdfs:label"),
            ("plain", "yuri-gagarin/death", "rdfs:label"),
            ("plain", "vostok-1/crew/yuri-gagarin", "rdfs:label"),
        }
        | {x for key in ("f83abf824b", "b64aafba33") for source in ("gcat", "siddiqi-2000")
           for x in claim(f"yuri-gagarin/claim/label/{key}/{source}")},
    ),
    "a value that goes": (
        "people.yaml",
        "  sex: male\n",
        "",
        {("plain", "yuri-gagarin", "sr:sex")}
        | claim("yuri-gagarin/claim/sex/male/gcat")
        | claim("yuri-gagarin/claim/sex/male/siddiqi-2000"),
    ),
    "a rank": (
        "flights/vostok.yaml",
        "rank: preferred\n        reason: The official time.",
        "rank: deprecated\n        reason: The official time.",
        {("plain", "vostok-1/landing", name) for name in (
            "sr:date", "sr:earliest", "sr:earliestUnix", "sr:latest", "sr:latestUnix",
        )}
        | {("claims", "vostok-1/landing/claim/date/1961-04-12T07:55Z/siddiqi-2000", "sr:rank")},
    ),
    "an order of values": (
        "flights/vostok.yaml",
        "[Vostok, Sputnik 11]",
        "[Sputnik 11, Vostok]",
        set(),
    ),
    "a comment": ("people.yaml", "  sex: male", "  # certain\n  sex:   male", set()),
}  # fmt: skip


def lines_of(turtle: dict[str, str]) -> set[tuple[str, str, str, str]]:
    """Return every line as layer, subject, predicate and itself."""
    found = set()
    for name, text in turtle.items():
        layer, subject = name.partition("/")[0], ""
        for line in text.splitlines():
            if line.startswith("id:"):
                subject = line[3:].replace("\\/", "/")
            elif line.startswith("    ") and line.strip() != ".":
                found.add((layer, subject, line.split()[0], line))
    return found


@pytest.mark.parametrize("name", EDITS)
def test_small_change_touches_only_the_lines_that_it_concerns(tiny, name):
    file, old, new, expected = EDITS[name]
    write(tiny / "graph/facts/second.yaml", "- {id: second, type: Catalogue, source: second}\n")
    build(tiny)
    before = texts(tiny / "graph/turtle")
    path = tiny / "graph/facts" / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    built = build(tiny)
    assert built.problems == []
    after = texts(tiny / "graph/turtle")
    changed = lines_of(before) ^ lines_of(after)
    assert {(layer, subject, p) for layer, subject, p, _ in changed} == expected
    # No other line moves: a plain diff shows no more than a comparison of sets.
    for turtle in before:
        assert before[turtle].partition("\n")[0] == after[turtle].partition("\n")[0]
        diff = difflib.ndiff(before[turtle].splitlines(), after[turtle].splitlines())
        told = [line for line in diff if line[:2] in ("+ ", "- ") and line[2:6] == "    "]
        own = [line for line in told if line[2:].strip() != "."]
        count = len(lines_of({turtle: before[turtle]}) ^ lines_of({turtle: after[turtle]}))
        assert len(own) <= count


#
# All or nothing
#


def test_facts_with_a_problem_change_nothing(tiny):
    build(tiny)
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Nope, source: gcat}\n")
    before = tree(tiny)
    built = build(tiny)
    assert [str(problem) for problem in built.problems] == [
        "graph/facts/zz.yaml:1: zz: 'Nope' is no class that a record can have. "
        "See ontology/README.md for the classes."
    ]
    assert (built.counts, built.changed) == ({}, False)
    assert tree(tiny) == before
    assert leftovers(tiny) == set()


def test_first_build_with_a_problem_makes_nothing(tiny):
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Nope, source: gcat}\n")
    build(tiny)
    assert sorted(path.name for path in (tiny / "graph").iterdir()) == ["facts"]
    assert leftovers(tiny) == set()


def test_full_disk_leaves_the_old_graph_and_is_told(tiny, monkeypatch):
    build(tiny)
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Meeting, source: gcat}\n")
    before, writes = tree(tiny), iter(range(100))
    whole = Path.write_text

    def full(path: Path, *arguments: object, **options: object) -> int:
        if next(writes) == 5:
            raise OSError(28, "No space left on device")
        return whole(path, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutsideError, match="No space left on device"):
        build(tiny)
    assert tree(tiny) == before
    assert leftovers(tiny) == set()


def test_root_that_is_none_is_a_wrong_call(tmp_path):
    with pytest.raises(UsageError, match=r"No such file or directory. Name another"):
        build_module.build(tmp_path / "nowhere")


class KilledError(BaseException):
    """What a process cannot catch: it stops where it stands."""


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die before its n-th change of the file system."""
    steps = iter(range(10_000))

    def guard(owner: object, name: str) -> None:
        whole = getattr(owner, name)

        def dying(*arguments: object, **options: object) -> object:
            if next(steps) == step:
                raise KilledError
            return whole(*arguments, **options)

        monkeypatch.setattr(owner, name, dying)

    for name in ("rename", "replace", "write_text", "mkdir"):
        guard(Path, name)
    guard(build_module.shutil, "rmtree")
    swap = folders._swap

    def dying_swap(one: Path, other: Path) -> bool:
        if next(steps) == step:
            raise KilledError
        return swap(one, other)

    monkeypatch.setattr(folders, "_swap", dying_swap)


@pytest.mark.parametrize("atomic", [True, False], ids=["exchange", "two-renames"])
def test_death_at_any_step_leaves_the_old_graph_or_the_new(tiny, monkeypatch, atomic):
    if not atomic:
        monkeypatch.setattr(folders, "_swap", lambda one, other: False)
    build(tiny)
    old = texts(tiny / "graph/turtle")
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Meeting, source: gcat}\n")
    new = emit(check(tiny))[0]
    outcomes = set()
    target, stage = tiny / "graph/turtle", tiny / ".spacerace-build"
    published = set((tiny / "graph/ids.txt").read_text().split())
    for step in range(1000):
        with monkeypatch.context() as patched:
            killed_at(step, patched)
            try:
                build(tiny)
                break
            except KilledError:
                pass
        if atomic:
            assert texts(target) in (old, new)
        assert published <= set((tiny / "graph/ids.txt").read_text().split())
        outcomes.add("gone" if not target.exists() else "old" if texts(target) == old else "new")
        recover(target, stage)
        assert texts(target) in (old, new)
        assert leftovers(tiny) == set()
        assert "zz" in (tiny / "graph/ids.txt").read_text() or texts(target) == old
        shutil.rmtree(target)
        for name, text in old.items():
            write(target / name, text)
    assert step > 20
    assert outcomes == ({"old", "new"} if atomic else {"old", "new", "gone"})
    assert texts(target) == new
    assert leftovers(tiny) == set()


def test_exchange_that_fails_for_another_reason_is_told_and_undone(tiny, monkeypatch):
    build(tiny)
    before = texts(tiny / "graph/turtle")
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Meeting, source: gcat}\n")

    def refused(one: Path, other: Path) -> bool:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(folders, "_swap", refused)
    with pytest.raises(OutsideError, match="Invalid cross-device link"):
        build(tiny)
    assert texts(tiny / "graph/turtle") == before
    assert leftovers(tiny) == set()


@pytest.mark.parametrize("old_is", ["in place", "on its way"])
def test_build_clears_up_what_a_killed_one_left(tiny, old_is):
    build(tiny)
    before = texts(tiny / "graph/turtle")
    write(tiny / ".spacerace-build/new/plain/stale.ttl", "stale")
    write(tiny / ".spacerace-build/ids.txt", "stale")
    if old_is == "on its way":
        (tiny / "graph/turtle").rename(tiny / ".spacerace-build/old")
    assert not build(tiny).changed
    assert texts(tiny / "graph/turtle") == before
    assert leftovers(tiny) == set()


def test_killed_build_is_undone_also_by_one_that_finds_a_problem(tiny):
    build(tiny)
    before = texts(tiny / "graph/turtle")
    (tiny / ".spacerace-build").mkdir()
    (tiny / "graph/turtle").rename(tiny / ".spacerace-build/old")
    write(tiny / "graph/facts/zz.yaml", "- {id: zz, type: Nope, source: gcat}\n")
    assert len(build(tiny).problems) == 1
    assert texts(tiny / "graph/turtle") == before
    assert leftovers(tiny) == set()


def many_facts(word: str) -> dict[str, str]:
    """Return the tiny facts and 40 files of meetings whose descriptions hold a word."""
    facts = texts(TINY / "facts")
    for number in range(40):
        facts[f"zz/file-{number}.yaml"] = "\n".join(
            f"- {{id: meeting-{number}-{n}, type: Meeting, label: Meeting {n}, date: 1961-04-12, "
            f"description: A {word} meeting., source: gcat}}"
            for n in range(3)
        )
    return facts


def kill_often(folder: Path, seed: int, kills: int) -> list[str]:
    """Kill builds of a root at moments of their whole length; return which graph each one left."""
    chance = random.Random(seed)
    root = make_root(folder, many_facts("long"))
    target, stage = root / "graph/turtle", root / ".spacerace-build"

    def wait_for_writing(process: subprocess.Popen[str]) -> float:
        while process.poll() is None and not (stage / "new").exists():
            time.sleep(0.0005)
        return time.monotonic()

    process, begun = run(root), time.monotonic()
    writing = wait_for_writing(process)
    said = process.communicate()[0]
    length, length_of_writing = (time.monotonic() - moment for moment in (begun, writing))
    emitted, left = {"long": texts(target)}, []
    for number in range(kills):
        old, new = ("long", "short") if number % 2 == 0 else ("short", "long")
        for name, text in many_facts(new).items():
            (root / "graph/facts" / name).write_text(text, "utf-8")
        process = run(root)
        if number % 3 == 0:  # at a moment of the whole, else at one of the writing
            time.sleep(chance.uniform(0, length))
        else:
            wait_for_writing(process)
            time.sleep(chance.uniform(0, length_of_writing))
        process.kill()
        said = process.communicate()[0]
        assert process.returncode in (0, -signal.SIGKILL), said
        found = texts(target)
        assert build(root).problems == []
        emitted.setdefault(new, texts(target))
        assert found in (emitted[old], emitted[new])
        left.append("old" if found == emitted[old] else "new")
        assert texts(target) == emitted[new]
        assert leftovers(root) == set()
    assert emitted["long"] != emitted["short"]
    return left


def test_build_that_is_killed_leaves_the_old_graph_or_the_new(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(kill_often, tmp_path / str(n), 1957 + n, 13) for n in range(2)]
        left = [outcome for done in runs for outcome in done.result()]
    assert len(left) == 26
    assert "old" in left


def test_two_builds_at_once_follow_one_another(tmp_path):
    root = make_root(tmp_path, many_facts("long"))
    expected = emit(check(root))[0]
    processes = [run(root) for _ in range(3)]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert texts(root / "graph/turtle") == expected
    assert leftovers(root) == set()


def test_build_waits_for_the_lock_of_another(tiny):
    descriptor = os.open(tiny / "graph", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    done = threading.Event()
    thread = threading.Thread(target=lambda: (build(tiny), done.set()))
    thread.start()
    assert not done.wait(0.3)
    assert not (tiny / "graph/turtle").exists()
    os.close(descriptor)
    assert done.wait(30)
    thread.join()
    assert texts(tiny / "graph/turtle") == texts(TINY / "turtle")


#
# The plain layer, derived once more by SPARQL from the claims and the ontology
#

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
SR = "https://w3id.org/spacerace/ontology#"
ID = "https://w3id.org/spacerace/id/"
PREFIXES = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sr: <{SR}>
"""
BEST = """
CONSTRUCT { ?subject ?property ?value } WHERE {
  {
    SELECT ?subject ?property (MAX(?weight) AS ?best) WHERE {
      VALUES (?rank ?weight) { ("normal" 1) ("preferred" 2) }
      ?claim sr:rank ?rank ; sr:subject ?subject ; sr:property ?property .
    } GROUP BY ?subject ?property
  }
  VALUES (?rank ?best) { ("normal" 1) ("preferred" 2) }
  ?claim sr:subject ?subject ; sr:property ?property ; sr:rank ?rank ; sr:value ?value .
}
"""
MAIN_CLASS = "CONSTRUCT { ?s sr:mainClass ?class } WHERE { ?s a ?class }"
CLASSES = """
CONSTRUCT { ?s a ?above } WHERE {
  ?s a ?class . GRAPH sr:ontology { ?class rdfs:subClassOf+ ?above } FILTER isIRI(?above)
}
"""
PROPERTIES = """
CONSTRUCT { ?s ?above ?o } WHERE {
  GRAPH sr:ontology { ?property rdfs:subPropertyOf+ ?above } ?s ?property ?o
}
"""
CHAINS = """
SELECT ?property ?list WHERE { GRAPH sr:ontology { ?property owl:propertyChainAxiom ?list } }
"""
STEPS = """
SELECT ?step (COUNT(?before) AS ?place) WHERE {
  GRAPH sr:ontology {
    ?property owl:propertyChainAxiom ?list . ?list rdf:rest* ?before . ?before rdf:rest* ?cell .
    ?cell rdf:first ?step .
  }
} GROUP BY ?cell ?step ORDER BY ?place
"""
KINDS = """
SELECT ?class ?label WHERE { GRAPH sr:ontology { ?class a owl:Class ; rdfs:label ?label } }
"""
NAMERS = """
SELECT ?property ?label WHERE {
  GRAPH sr:ontology { ?property sr:namesParts true ; rdfs:label ?label }
}
"""
KEYED = "SELECT ?property WHERE { GRAPH sr:ontology { ?property sr:keyedBy ?any } }"


def derive(claims: Path, ontology: Path) -> set[ox.Triple]:
    """Return the plain layer that follows from claims by the rule of graph/README.md."""
    said, store = ox.Store(), ox.Store()
    for path in claims.rglob("*.ttl"):
        said.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    graph = ox.NamedNode(SR + "ontology")
    store.bulk_load(path=ontology, format=ox.RdfFormat.TURTLE, to_graph=graph)

    def add(triples: Iterator[ox.Triple]) -> int:
        before = len(store)
        store.bulk_extend([ox.Quad(t.subject, t.predicate, t.object) for t in triples])
        return len(store) - before

    add(said.query(PREFIXES + BEST))
    add(store.query(PREFIXES + MAIN_CLASS))
    add(store.query(PREFIXES + CLASSES))
    chains = []
    for row in store.query(PREFIXES + CHAINS):
        bound = STEPS.replace("?property owl", f"{row['property']} owl")
        steps = [str(step["step"]) for step in store.query(PREFIXES + bound)]
        chains.append(
            f"CONSTRUCT {{ ?s {row['property']} ?o }} WHERE {{ ?s {'/'.join(steps)} ?o }}"
        )
    while sum(add(store.query(PREFIXES + text)) for text in (PROPERTIES, *chains)):
        pass
    add(iter(list(_dates(store))))
    add(iter(list(_labels(store))))
    return {q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}


def _dates(store: ox.Store) -> Iterator[ox.Triple]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(SR + "date"), None):
        found = interval(quad.object.value)
        values = {"precision": ox.Literal(found.precision)}
        for name, moment in (("earliest", found.earliest), ("latest", found.latest)):
            if moment:
                kind = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
                values[name] = ox.Literal(stamp(moment), datatype=kind)
                values[f"{name}Unix"] = ox.Literal(unix(moment))
        for name, value in values.items():
            yield ox.Triple(quad.subject, ox.NamedNode(SR + name), value)


def _labels(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield the labels of parts without one: owner's label, class's or property's label, key."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in store.quads_for_pattern(None, LABEL, None, ox.DefaultGraph()):
        labels[quad.subject.value][quad.object.language] = quad.object.value
    for row in store.query(PREFIXES + KINDS):
        kinds[row["class"].value][row["label"].language] = row["label"].value
    for row in store.query(PREFIXES + NAMERS):
        kinds[row["property"].value][row["label"].language] = row["label"].value
    keyed = {row["property"].value for row in store.query(PREFIXES + KEYED)}
    typed = store.quads_for_pattern(None, ox.NamedNode(SR + "mainClass"), None)
    classes = {quad.subject.value: quad.object.value for quad in typed}
    parts = []
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        owner, name = quad.subject.value, quad.predicate.value.removeprefix(SR)
        stem = f"{owner}/{name}"
        value = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
        if value == stem or value.startswith(stem + "/"):
            parts.append((value.count("/"), value, owner, name, value[len(stem) + 1 :]))
    for _, part, owner, name, key in sorted(parts):
        if labels[part]:
            continue
        named = labels.get(ID + key, {}) if SR + name in keyed else {}
        for language, text in labels[owner].items():
            if kind := kinds.get(SR + name, kinds[classes[part]]).get(language):
                word = named.get(language) or named.get("en") or key.replace("-", " ")
                labels[part][language] = f"{text}: {kind} {word}".rstrip()
                value = ox.Literal(labels[part][language], language=language)
                yield ox.Triple(ox.NamedNode(part), LABEL, value)


def plain_of(turtle: Path) -> set[ox.Triple]:
    store = ox.Store()
    for path in (turtle / "plain").rglob("*.ttl"):
        store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return {quad.triple for quad in store}


@pytest.fixture(params=["tiny", "checkout"])
def turtle(request, root) -> Path:
    return TINY / "turtle" if request.param == "tiny" else root / "graph/turtle"


def test_plain_layer_follows_from_the_claims_by_the_stated_rule(turtle, root):
    emitted, derived = plain_of(turtle), derive(turtle / "claims", root / "ontology/spacerace.ttl")
    assert sorted(map(str, emitted - derived))[:20] == []
    assert sorted(map(str, derived - emitted))[:20] == []
    assert len(emitted) > 150


#
# What is committed
#


def test_committed_turtle_and_ids_are_those_of_the_facts(root):
    checked = checked_checkout()
    assert [str(problem) for problem in checked.problems] == []
    committed, rebuilt = texts(root / "graph/turtle"), emit(checked)[0]
    stale = "graph/turtle is out of date. Run: spacerace build"
    assert sorted(committed) == sorted(rebuilt), stale
    for name, text in rebuilt.items():
        assert committed[name] == text, stale
    ids = {s.subject for s in checked.statements if "/" not in s.subject}
    listed = (root / "graph/ids.txt").read_text("utf-8").splitlines()
    assert listed == sorted(set(listed)), "graph/ids.txt is not sorted. Run: spacerace build"
    assert ids <= set(listed), "graph/ids.txt is out of date. Run: spacerace build"
