"""The source facts as they were typed: YAML text to nodes that remember their line.

Only the plain subset of YAML 1.1 is taken: mappings, lists and scalars. Every scalar stays the text
that the curator typed. What could harm or mislead (anchors, tags, several documents, other
encodings, control characters, odd file names, very large or deep files) is refused with a message.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import yaml

from spacerace_kg.errors import Problem

MOST_BYTES = 2_000_000
MOST_DEPTH = 12
_IS_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*[a-z0-9]+(?:-[a-z0-9]+)*\.yaml\Z").match
# Besides what YAML forbids: its further line breaks, and marks that no editor shows.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

try:  # The C parser is ten times faster; PyYAML's wheels have it, its source build may not.
    _Loader: type = yaml.CSafeLoader
except AttributeError:  # pragma: no cover
    _Loader = yaml.SafeLoader


class Scalar(NamedTuple):
    """A piece of text and its line."""

    text: str
    line: int


class Sequence(NamedTuple):
    """A list of nodes and the line of its beginning."""

    items: tuple[Node, ...]
    line: int


class Mapping(NamedTuple):
    """Pairs of key and node, in the order typed, and the line of the beginning."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int

    def get(self, key: str) -> Node | None:
        """Return the node behind a key, or None."""
        return next((node for name, node in self.pairs if name.text == key), None)


Node = Scalar | Sequence | Mapping


class Record(NamedTuple):
    """One record: its file, relative to the folder of facts, and what was typed."""

    path: str
    body: Mapping


def read(folder: Path, prefix: str = "") -> tuple[list[Record], list[Problem]]:
    """Return all records under a folder in order of file and line, and what could not be read.

    ``prefix`` stands before each path in records and problems, so that a message names the file as
    the curator sees it.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    unread: list[OSError] = []
    walks = os.walk(folder, onerror=unread.append)
    for path in sorted(Path(place, name) for place, *inner in walks for name in chain(*inner)):
        if not path.is_symlink() and path.suffix.lower() not in (".yaml", ".yml"):
            continue
        name = _shown(path.relative_to(folder))
        where, stem = prefix + name, name.rpartition("/")[2].partition(".")[0]
        try:
            if not _IS_NAME(name) and not path.is_symlink():
                remedy = "Rename it: kebab-case folders and files, ending in .yaml."
                raise RefusedError(1, f"{name!r} is no name for facts.", remedy)
            records += (Record(where, body) for body in _records(path))
        except RefusedError as refused:
            problems.append(Problem(where, refused.line, stem, refused.what, refused.remedy))
    for error in unread:
        name = _shown(Path(error.filename).relative_to(folder))
        what = f"cannot be read: {error.strerror}."
        problems.append(Problem(prefix + name, 1, name, what, "Mend its rights."))
    return records, problems


def _shown(path: Path) -> str:
    """Return a path in one line, whatever its name is made of."""
    name = path.as_posix()
    return name if name.isprintable() else name.encode("unicode_escape").decode()


class RefusedError(Exception):
    """A file that is not read, with the line, what is wrong and what to do."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy


def _records(path: Path) -> Iterator[Mapping]:
    top = _node(_compose(text_of(path)))
    if not isinstance(top, Sequence):
        raise RefusedError(
            top.line, "is not a list of records.", "Begin each record with '- id: …'."
        )
    for item in top.items:
        if not isinstance(item, Mapping):
            raise RefusedError(item.line, "holds something that is no record.", "Write '- id: …'.")
        yield item


def text_of(path: Path) -> str:
    """Return the text of a file of facts; raises RefusedError for what is no decent text file."""
    if path.is_symlink():
        raise RefusedError(1, "is a symbolic link.", "Put the file itself here.")
    if not stat.S_ISREG(path.stat().st_mode):
        raise RefusedError(1, "is no plain file.", "Rename or remove it.")
    size = path.stat().st_size
    if size > MOST_BYTES:
        remedy = f"Split it: at most {MOST_BYTES:,} bytes a file."
        raise RefusedError(1, f"has {size:,} bytes.", remedy)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RefusedError(1, f"cannot be read: {error.strerror}.", "Mend its rights.") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RefusedError(line, "is not UTF-8.", "Save the file in UTF-8.") from None
    if found := _INVISIBLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise RefusedError(line, f"holds the invisible character {found[0]!r}.", "Remove it.")
    if not text.strip():
        raise RefusedError(1, "is empty.", "Write a record or delete the file.")
    return text


def _compose(text: str) -> yaml.Node:
    """Check the events of the text, then return its one document as PyYAML's nodes."""
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if getattr(event, "anchor", None):
                raise RefusedError(line, "uses an anchor or alias.", "Write the value out.")
            if tag := getattr(event, "tag", None):
                raise RefusedError(line, f"uses the tag {tag!r}.", "Write the value without it.")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MOST_DEPTH:
                    raise RefusedError(line, f"nests deeper than {MOST_DEPTH}.", "Flatten it.")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise RefusedError(line, "holds a second document.", "Remove the '---' line.")
        composed = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = " ".join(str(getattr(error, "problem", None) or "bad text").split())
        line = mark.line + 1 if mark else 1
        raise RefusedError(
            line, f"is not YAML: {what}.", "Mend the line, or quote its text."
        ) from None
    if composed is None:
        raise RefusedError(1, "is empty.", "Write a record or delete the file.")
    return composed


def _node(node: yaml.Node) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, line)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_node(item) for item in node.value), line)
    pairs = []
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise RefusedError(line, "has a key that is no plain text.", "Write 'name: value'.")
        if key.value in seen:
            where = key.start_mark.line + 1
            raise RefusedError(where, f"repeats the key {key.value!r}.", "Join the two.")
        seen.add(key.value)
        pairs.append((Scalar(key.value, key.start_mark.line + 1), _node(value)))
    return Mapping(tuple(pairs), line)
