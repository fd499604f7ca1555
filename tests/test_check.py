"""The checker: each rule with a broken record in ``bad/``, and files that mean harm.

A file of ``bad/`` is checked together with the facts of ``tiny/`` (a table of links in the place of
theirs). Its first comment is the exact messages that it must give, with their line; ``ids:`` are
ids published before, and Turtle of the same name is added to the ontology.
"""

from __future__ import annotations

import ast
import os
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from loading import HERE, check, extend, make_root, put_odd, real_ontology, write

from spacerace_kg import dates
from spacerace_kg.errors import DataError, Problem, UsageError
from spacerace_kg.loader import facts, lifetimes, links, notes, records, rules, values
from spacerace_kg.loader.check import check as real_check

BAD = sorted([*(HERE / "bad").glob("*.yaml"), *(HERE / "bad").glob("*.sssom.tsv")])
Maker = Callable[[Path], object]


def header(path: Path, word: str) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.removeprefix(f"# {word}: ") for line in lines if line.startswith(f"# {word}: ")]


@cache
def problems_of(path: Path) -> list[Problem]:
    """Return the problems of a file of ``bad/`` beside the tiny facts."""
    with TemporaryDirectory() as folder:
        root = make_root(Path(folder))
        is_table = path.suffix == ".tsv"
        name = links.TABLE if is_table else f"zz/{path.name}"
        write(root / "graph" / "facts" / name, path.read_text("utf-8"))
        if ids := header(path, "ids"):
            write(root / "graph" / "ids.txt", "\n".join(ids))
        more = path.with_suffix(".ttl")
        if more.exists():
            extend(root, more.read_text("utf-8"))
        return check(root).problems


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_broken_record_gives_exactly_the_expected_messages(path):
    own = f"graph/facts/{links.TABLE if path.suffix == '.tsv' else f'zz/{path.name}'}:"
    expected = [own + text if text[0].isdigit() else text for text in header(path, "expect")]
    assert expected
    assert [str(problem) for problem in problems_of(path)] == expected


def test_tiny_facts_have_no_problem(tmp_path):
    assert check(make_root(tmp_path)).problems == []


RIGHT = {
    "a deprecated number that another mission has": """
- id: vostok-2
  type: CrewedMission
  satcatNumber:
    - {value: "00168", source: siddiqi-2000}
    - {value: "00103", rank: deprecated, reason: That is Vostok 1., source: gcat}
  source: gcat
""",
    "a deprecated nation that no longer existed": """
- id: soyuz-tm-14
  type: CrewedMission
  nation: {value: soviet-union, rank: deprecated, reason: It had ended., source: gcat}
  launch: {date: 1992-03-17}
  source: gcat
""",
    "a launch on the last day of a nation, a landing after it": """
- id: soyuz-tm-13
  type: CrewedMission
  nation: soviet-union
  launch: {date: 1991-12-26}
  landing: {date: 1992-03-25}
  source: gcat
""",
    "dates that only may lie outside a lifetime": """
- id: a-person
  type: Person
  birth: {date: 1934-03}
  death: {date: 1968}
  milestone: [{key: early, date: 1934}, {key: late, date: 1968-12-31/1969}]
  source: gcat
""",
    "a mission whose crew was born before its nation": """
- id: an-engineer
  type: Person
  nation: soviet-union
  birth: {date: 1907-01-12}
  death: {date: 1966-01-14}
  source: gcat
""",
    "rivals of which the others are deprecated": """
- id: vostok-2
  type: CrewedMission
  orbits:
    - {value: 17, source: gcat}
    - {value: 18, rank: deprecated, reason: Rounded., source: siddiqi-2000}
  source: gcat
""",
    "several values where several are true": """
- id: a-meeting
  type: Meeting
  participant: [yuri-gagarin, soviet-union]
  concerns: [vostok-1, vostok-1/launch, vostok-1/crew/yuri-gagarin]
  source: gcat
""",
    "what concerns itself, and two that concern one another": """
- id: a-meeting
  type: Meeting
  concerns: [a-meeting, b-meeting]
  source: gcat
- id: b-meeting
  type: Meeting
  concerns: a-meeting
  source: gcat
""",
    "a mission of a nation of which only the end is known": """
- id: a-nation
  type: Nation
  ending: {type: Dissolution, date: 1990}
  source: gcat
- id: a-mission
  type: UncrewedMission
  nation: a-nation
  launch: {date: 1980}
  source: gcat
""",
    "a craft with the number of its mission": """
- id: vostok-craft
  type: Spacecraft
  satcatNumber: "00103"
  source: gcat
""",
    "one value by two sources, with a reason from one": """
- id: vostok-2
  type: CrewedMission
  orbits:
    - {value: 17, source: gcat}
    - {value: 17, source: siddiqi-2000, certainty: doubtful}
  source: gcat
""",
    "Windows line ends, and no line end at the last line": "- id: a\r\n  type: Meeting\r\n"
    "  label: {en: A meeting, ru: Встреча}\r\n  source: gcat",
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_refused(tmp_path, name):
    root = make_root(tmp_path)
    (root / "graph/facts/zz.yaml").write_bytes(RIGHT[name].encode())
    assert check(root).problems == []


@pytest.mark.parametrize(
    ("typed", "emitted"),
    [("4725", "4725"), ("4725.00", "4725"), ("007.50", "7.5"), ("-0.0", "0"), ("-0.25", "-0.25"),
     ("0.000000000001", "0.000000000001"), ("999999999999999", "999999999999999")],
)  # fmt: skip
def test_decimal_number_is_emitted_in_one_form(typed, emitted):
    mass = real_ontology().properties["massKilograms"]
    assert values.canonical(typed, mass, real_ontology()) == emitted


def test_problems_are_sorted_by_place_and_none_stands_twice(tmp_path):
    root = make_root(tmp_path)
    bodies = ["- {id: b, type: Nope, source: gcat}\n- {id: a, type: Nope, source: gcat}\n"]
    write(root / "graph/facts/zz.yaml", bodies[0])
    write(root / "graph/facts/a.yaml", "- {id: c, source: gcat, label: C}\n")
    places = [(p.path, p.line, p.subject) for p in check(root).problems]
    assert places == [
        ("graph/facts/a.yaml", 1, "c"),
        ("graph/facts/zz.yaml", 1, "b"),
        ("graph/facts/zz.yaml", 2, "a"),
    ]


def test_same_problems_whatever_the_order_of_the_files(tmp_path):
    root = make_root(tmp_path)
    for path in BAD:
        if path.suffix == ".yaml":
            write(root / "graph/facts/zz" / path.name, path.read_text("utf-8"))
    once = check(root).problems
    assert "yuri-gagarin" in {problem.subject for problem in once}
    for path in sorted((root / "graph/facts/zz").iterdir(), reverse=True):
        text = path.read_bytes()
        path.unlink()
        path.write_bytes(text)
    assert check(root).problems == once


def test_root_without_facts_is_a_wrong_call(tmp_path):
    with pytest.raises(UsageError, match=r"holds no folder graph/facts. Name another"):
        real_check(tmp_path)


def test_missing_and_broken_ontology_are_named(tmp_path):
    write(tmp_path / "graph/facts/a.yaml", "- {id: a}\n")
    with pytest.raises(DataError, match=r"ontology/spacerace.ttl cannot be read"):
        real_check(tmp_path)
    write(tmp_path / "ontology/spacerace.ttl", "this is no Turtle")
    with pytest.raises(DataError, match=r"ontology/spacerace.ttl cannot be read"):
        real_check(tmp_path)


#
# Files that mean harm. Each is made under the name hostile.yaml unless it makes another.
#

BOMB = "- &a {x: [y, y]}\n" + "".join(
    f"- &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def raw(content: bytes) -> Maker:
    return lambda folder: (folder / "hostile.yaml").write_bytes(content)


def odd(name: str) -> Maker:
    return lambda folder: (folder / name).write_bytes(b"- {id: a, type: Person, source: gcat}\n")


def twisted(folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.yaml")).write_bytes(b"- {id: a}\n")


def folder_of_links(folder: Path) -> None:
    (folder / "elsewhere").symlink_to("/etc")


HOSTILE: dict[str, tuple[Maker, str]] = {
    "anchors that explode": (
        raw(BOMB.encode()),
        "hostile.yaml:1: hostile: uses an anchor or alias. Write the value out.",
    ),
    "an alias of nothing": (
        raw(b"- id: *nobody\n"),
        "hostile.yaml:1: hostile: uses an anchor or alias. Write the value out.",
    ),
    "a merge key with an alias": (
        raw(b"- {id: a}\n- id: b\n  <<: *a\n"),
        "hostile.yaml:3: hostile: uses an anchor or alias. Write the value out.",
    ),
    "a merge key": (
        raw(b"- id: b\n  <<: {type: Person}\n  type: Person\n  source: gcat\n"),
        "hostile.yaml:2: b.<<: no such property in the ontology. "
        "Use a property of ontology/spacerace.ttl or remove the line.",
    ),
    "a Python object": (
        raw(b"- id: !!python/object/apply:os.system ['touch /tmp/harmed']\n"),
        "hostile.yaml:1: hostile: uses the tag 'tag:yaml.org,2002:python/object/apply:os.system'. "
        "Write the value without it.",
    ),
    "a local tag": (
        raw(b"- id: !secret a\n"),
        "hostile.yaml:1: hostile: uses the tag '!secret'. Write the value without it.",
    ),
    "a tag of YAML itself": (
        raw(b"- id: a\n  label: !!str 1\n"),
        "hostile.yaml:2: hostile: uses the tag 'tag:yaml.org,2002:str'. "
        "Write the value without it.",
    ),
    "UTF-16": (
        raw("- id: a\n".encode("utf-16")),
        "hostile.yaml:1: hostile: is not UTF-8. Save the file in UTF-8.",
    ),
    "Latin-1": (
        raw("- id: a\n  label: Bogotá\n".encode("latin-1")),
        "hostile.yaml:2: hostile: is not UTF-8. Save the file in UTF-8.",
    ),
    "a NUL byte": (
        raw(b"- id: a\n  label: A\x00\n"),
        "hostile.yaml:2: hostile: holds the invisible character '\\x00'. Remove it.",
    ),
    "a byte order mark": (
        raw("\ufeff- id: a\n".encode()),
        "hostile.yaml:1: hostile: holds the invisible character '\\ufeff'. Remove it.",
    ),
    "a line break that only Unicode knows": (
        raw("- id: a\n\n  label: A\u2028B\n".encode()),
        "hostile.yaml:3: hostile: holds the invisible character '\\u2028'. Remove it.",
    ),
    "half a surrogate pair": (
        raw(b'- id: a\n  label: "\\ud800"\n'),
        "hostile.yaml:2: hostile: is not YAML: found invalid Unicode character escape code. "
        "Mend the line, or quote its text.",
    ),
    "nothing": (raw(b""), "hostile.yaml:1: hostile: is empty. Write a record or delete the file."),
    "only white space": (
        raw(b"\n \n"),
        "hostile.yaml:1: hostile: is empty. Write a record or delete the file.",
    ),
    "only comments": (
        raw(b"# nothing\n# here\n"),
        "hostile.yaml:1: hostile: is empty. Write a record or delete the file.",
    ),
    "ten megabytes in one line": (
        raw(b"- id: " + b"a" * 10_000_000),
        "hostile.yaml:1: hostile: has 10,000,006 bytes. Split it: at most 2,000,000 bytes a file.",
    ),
    "lists nested 100,000 deep": (
        raw(b"- " + b"[" * 100_000),
        "hostile.yaml:1: hostile: nests deeper than 12. Flatten it.",
    ),
    "mappings nested 100,000 deep": (
        raw(b"- " + b"{a: " * 100_000 + b"}" * 100_000),
        "hostile.yaml:1: hostile: nests deeper than 12. Flatten it.",
    ),
    "dashes nested 100,000 deep": (
        raw(b"- " * 100_000 + b"a"),
        "hostile.yaml:1: hostile: nests deeper than 12. Flatten it.",
    ),
    "two documents": (
        raw(b"- id: a\n---\n- id: b\n"),
        "hostile.yaml:2: hostile: holds a second document. Remove the '---' line.",
    ),
    "a scalar": (
        raw(b"hello\n"),
        "hostile.yaml:1: hostile: is not a list of records. Begin each record with '- id: \u2026'.",
    ),
    "a mapping": (
        raw(b"# one\nid: a\n"),
        "hostile.yaml:2: hostile: is not a list of records. Begin each record with '- id: \u2026'.",
    ),
    "a list as a key": (
        raw(b"- id: a\n  ? [b]\n  : c\n"),
        "hostile.yaml:1: hostile: has a key that is no plain text. Write 'name: value'.",
    ),
    "a mapping as a key": (
        raw(b"- id: a\n- {{b: c}: d}\n"),
        "hostile.yaml:2: hostile: has a key that is no plain text. Write 'name: value'.",
    ),
    "a number as a key": (
        raw(b"- {id: a, 1: 2, type: Person, source: gcat}\n"),
        "hostile.yaml:1: a.1: no such property in the ontology. "
        "Use a property of ontology/spacerace.ttl or remove the line.",
    ),
    "a tab at the beginning of a line": (
        raw(b"- id: a\n\ttype: Person\n"),
        "hostile.yaml:2: hostile: is not YAML: found a tab character that violates indentation. "
        "Mend the line, or quote its text.",
    ),
    "a quote left open": (
        raw(b'- id: a\n  label: "A\n  type: Person\n'),
        "hostile.yaml:4: hostile: is not YAML: found unexpected end of stream. "
        "Mend the line, or quote its text.",
    ),
    "a bracket left open": (
        raw(b"- {id: a\n- {id: b}\n"),
        "hostile.yaml:2: hostile: is not YAML: did not find expected ',' or '}'. "
        "Mend the line, or quote its text.",
    ),
    "another version of YAML": (
        raw(b"%YAML 3.0\n---\n- id: a\n"),
        "hostile.yaml:1: hostile: is not YAML: found incompatible YAML document. "
        "Mend the line, or quote its text.",
    ),
    "a link to a secret": (
        lambda folder: (folder / "hostile.yaml").symlink_to("/etc/passwd"),
        "hostile.yaml:1: hostile: is a symbolic link. Put the file itself here.",
    ),
    "a link to nothing": (
        lambda folder: (folder / "hostile.yaml").symlink_to("/nowhere"),
        "hostile.yaml:1: hostile: is a symbolic link. Put the file itself here.",
    ),
    "a link to itself": (
        lambda folder: (folder / "hostile.yaml").symlink_to("hostile.yaml"),
        "hostile.yaml:1: hostile: is a symbolic link. Put the file itself here.",
    ),
    "a link to a folder": (
        folder_of_links,
        "elsewhere:1: elsewhere: is a symbolic link. Put the file itself here.",
    ),
    "a folder named like a file": (
        lambda folder: (folder / "hostile.yaml").mkdir(),
        "hostile.yaml:1: hostile: is no plain file. Rename or remove it.",
    ),
    "a pipe": (
        lambda folder: os.mkfifo(folder / "hostile.yaml"),
        "hostile.yaml:1: hostile: is no plain file. Rename or remove it.",
    ),
    "a name with a line break": (
        odd("a\nb.yaml"),
        "a\\nb.yaml:1: a\\nb: 'a\\\\nb.yaml' is no name for facts. "
        "Rename it: kebab-case folders and files, ending in .yaml.",
    ),
    "a name that is no Unicode": (
        twisted,
        "caf\\udce9.yaml:1: caf\\udce9: 'caf\\\\udce9.yaml' is no name for facts. "
        "Rename it: kebab-case folders and files, ending in .yaml.",
    ),
    "a name that steers a terminal": (
        odd("a\x1b[2J.yaml"),
        "a\\x1b[2J.yaml:1: a\\x1b[2J: 'a\\\\x1b[2J.yaml' is no name for facts. "
        "Rename it: kebab-case folders and files, ending in .yaml.",
    ),
    "a name that ends otherwise": (
        odd("people-2.yml"),
        "people-2.yml:1: people-2: 'people-2.yml' is no name for facts. "
        "Rename it: kebab-case folders and files, ending in .yaml.",
    ),
}


@cache
def problems_of_hostile(name: str) -> tuple[list[Problem], float]:
    """Return the problems of a hostile file beside a merely wrong one, and the seconds taken."""
    make, _ = HOSTILE[name]
    with TemporaryDirectory() as folder:
        root = make_root(Path(folder))
        write(root / "graph/facts/zz.yaml", "- {id: zz, type: Nope, source: gcat}\n")
        make(root / "graph" / "facts")
        begun = time.perf_counter()
        return check(root).problems, time.perf_counter() - begun


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gives_one_message_and_hides_no_other(name):
    problems, seconds = problems_of_hostile(name)
    assert [str(problem) for problem in problems] == [
        "graph/facts/" + HOSTILE[name][1],
        "graph/facts/zz.yaml:1: zz: 'Nope' is no class that a record can have. "
        "See ontology/README.md for the classes.",
    ]
    assert seconds < 2
    assert not Path("/tmp/harmed").exists()


def test_file_without_the_right_to_read_gives_a_message(tmp_path, monkeypatch):
    root = make_root(tmp_path)
    write(root / "graph/facts/zz.yaml", "- {id: zz, type: Person, source: gcat}\n")
    whole = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "zz.yaml":
            raise PermissionError(13, "Permission denied")
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [str(problem) for problem in check(root).problems] == [
        "graph/facts/zz.yaml:1: zz: cannot be read: Permission denied. Mend its rights."
    ]


def test_folder_without_the_right_to_read_gives_a_message(tmp_path, monkeypatch):
    root = make_root(tmp_path)
    closed = root / "graph" / "facts" / "closed"
    closed.mkdir()
    scan = os.scandir

    def refuse(path):
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [str(problem) for problem in check(root).problems] == [
        "graph/facts/closed:1: closed: cannot be read: Permission denied. Mend its rights."
    ]


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "deep", "bytes"])
def test_ontology_that_is_no_file_or_no_turtle_is_named(tmp_path, kind):
    root = make_root(tmp_path)
    extend(root, "")
    path = root / "ontology" / "shapes.ttl"
    path.unlink()
    if kind in ("deep", "bytes"):
        path.write_bytes(b"<a:a> <a:b> " + (b"(" * 5000 if kind == "deep" else b"'\xff' ."))
    else:
        put_odd(path, kind)
    with pytest.raises(DataError, match=r"ontology/shapes.ttl cannot be read: "):
        real_check(root)


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}", "*", "(?P<a"])
def test_pattern_that_is_none_is_named(tmp_path, pattern):
    root = make_root(tmp_path)
    sh = "http://www.w3.org/ns/shacl#"
    extend(root, f'<a:shape> <{sh}path> sr:plan ; <{sh}pattern> "{pattern}" .')
    told = f"ontology/shapes.ttl: plan: the pattern {pattern!r} is none: "
    with pytest.raises(DataError, match=f"^{re.escape(told)}"):
        real_check(root)


@pytest.mark.parametrize("name", ["a link to a secret", "UTF-16", "a NUL byte", "a pipe"])
def test_hostile_list_of_ids_gives_one_message(tmp_path, name):
    root = make_root(tmp_path)
    HOSTILE[name][0](tmp_path)
    (tmp_path / "hostile.yaml").rename(root / "graph" / "ids.txt")
    expected = HOSTILE[name][1].partition("hostile: ")[2]
    (found,) = check(root).problems
    assert str(found) == f"graph/ids.txt:{1 + (name == 'a NUL byte')}: ids: {expected}"


@pytest.mark.parametrize("name", ["a b", "a#b", "a%20b", "a?b", os.fsdecode(b"a\xe9b")])
def test_root_of_any_name_is_checked(tmp_path, name):
    root = tmp_path / name
    root.mkdir()
    assert real_check(make_root(root)).problems == []


@pytest.mark.parametrize("name", ["a link to a secret", "UTF-16", "nothing", "a NUL byte"])
def test_hostile_table_of_links_gives_one_message(tmp_path, name):
    root = make_root(tmp_path)
    table = root / "graph/facts" / links.TABLE
    table.unlink()
    HOSTILE[name][0](tmp_path)
    (tmp_path / "hostile.yaml").rename(table)
    found = [str(p) for p in check(root).problems if p.subject == "table"]
    expected = HOSTILE[name][1].partition(": hostile: ")[2]
    assert found == [f"graph/facts/{links.TABLE}:{1 + (name == 'a NUL byte')}: table: {expected}"]


def test_scalar_keys_and_values_stay_as_typed(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "- {1: NO, true: 1957-10-04, ~: 012, x: 1e3, y: '', z: null}\n", "utf-8"
    )
    records, problems = facts.read(tmp_path)
    assert problems == []
    assert [(key.text, node.text) for key, node in records[0].body.pairs] == [
        ("1", "NO"), ("true", "1957-10-04"), ("~", "012"), ("x", "1e3"), ("y", ""), ("z", "null"),
    ]  # fmt: skip


def test_every_node_remembers_its_line(tmp_path):
    (tmp_path / "a.yaml").write_text("# one\n\n- id: a\n  b:\n    - c\n    - {d: e}\n", "utf-8")
    ((_, body),), _ = facts.read(tmp_path)
    items = body.get("b").items
    assert (body.line, body.get("id").line, items[0].line, items[1].line) == (3, 3, 5, 6)
    assert [key.line for key, _ in body.pairs] == [3, 4]


#
# No rule without a case
#

_CALLS = {"problem", "report", "Problem", "RefusedError", "ValueError"}
_NAMES = {"what", "remedy", "told", "message", "wrong"}


def templates(module: object) -> Iterator[tuple[int, str]]:
    """Yield each text that a module puts into messages, as a line and a regular expression."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            values = node.args if name in _CALLS else []
        elif isinstance(node, ast.Assign):
            names = {x.id for x in ast.walk(node.targets[0]) if isinstance(x, ast.Name)}
            values = [node.value] if names & _NAMES else []
        else:
            continue
        for value in values:
            yield from ((node.lineno, text) for text in _texts(value))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Tuple):
        for part in node.elts:
            yield from _texts(part)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            _literally(part.value) if isinstance(part, ast.Constant) else ".*"
            for part in node.values
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield _literally(node.value)


def _literally(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")


@pytest.mark.parametrize("module", [facts, records, notes, values, rules, lifetimes, links, dates])
def test_every_message_of_the_checker_is_given_by_a_case(module):
    given = [p for path in BAD for p in problems_of(path)]
    given += [p for name in HOSTILE for p in problems_of_hostile(name)[0]]
    said = "\n".join(f"{p.message} {p.remedy}" for p in given)
    said += "\ncannot be read: Permission denied. Mend its rights."  # its test is above
    sought = [(line, text) for line, text in templates(module) if re.search(r"[a-z]{3} ", text)]
    assert len(sought) >= 5
    assert [(line, text) for line, text in sought if not re.search(text, said)] == []


def test_every_case_of_bad_says_what_it_expects():
    assert [path.name for path in BAD if not header(path, "expect")] == []
    extra = {path.stem for path in (HERE / "bad").glob("*.ttl")}
    assert extra <= {path.stem for path in BAD}
