"""Canned questions: one ``.rq`` file each, with parameters that are bound by term, never by text.

The header is grlc's: lines that begin with ``#+`` and hold YAML. A parameter is a line
``VALUES ?nation { UNDEF }``; binding it puts one checked, serialised RDF term (for a date the two
ends of its interval) between the braces of that line and touches nothing else.
"""

from __future__ import annotations

import functools
import os
import re
from functools import cached_property

from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.names import IS_ID, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any

    from spacerace_kg.binding import Exists, Known, Parameter

_MOST_CHARACTERS = 200  # of a name


class Query:
    """One canned question: its name, its file's text, and what the header says."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def __repr__(self) -> str:
        return f"<Query {self.name}: {self.summary}>"

    @cached_property
    def header(self) -> dict[str, Any]:
        """The YAML of the ``#+`` lines."""
        import yaml  # not needed to ask a question without parameters

        class Loader(yaml.SafeLoader):
            def compose_node(self, parent: Any, index: Any) -> Any:
                if self.check_event(yaml.AliasEvent):  # a few of them make a text of gigabytes
                    raise yaml.YAMLError("it uses an alias")
                return super().compose_node(parent, index)

        lines = (line[2:] for line in self.text.splitlines() if line.startswith("#+"))
        try:
            return dict(yaml.load("\n".join(lines), Loader) or {})  # noqa: S506 - a safe one
        except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
            told = " ".join(str(error).split())
            raise DataError(f"queries/{self.name}.rq: the header is no YAML: {told}.") from None

    @property
    def summary(self) -> str:
        """The question in one sentence."""
        return str(self.header.get("summary", ""))

    @property
    def description(self) -> str:
        """What the rows are, in a sentence or two."""
        return " ".join(str(self.header.get("description", "")).split())

    @property
    def tags(self) -> list[str]:
        """What the question is about, in words for searching."""
        return [str(tag) for tag in self._list("tags")]

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in the order of the header."""
        from spacerace_kg.binding import TYPES, Parameter  # not needed to ask without parameters

        found = {}
        for entry in self._list("params"):
            if not isinstance(entry, dict) or "name" not in entry or entry.get("type") not in TYPES:
                allowed = ", ".join(TYPES)
                told = f"a parameter needs a name and a type: {allowed}."
                raise DataError(f"queries/{self.name}.rq: {told}")
            words = tuple(str(word) for word in entry.get("words") or ())
            texts = {key: str(entry.get(key, "")) for key in ("description", "example", "of")}
            name, type_ = str(entry["name"]), str(entry["type"])
            found[name] = Parameter(name=name, type=type_, words=words, **texts)
        return found

    def _list(self, key: str) -> list[Any]:
        found = self.header.get(key) or []
        if not isinstance(found, list):
            raise DataError(f"queries/{self.name}.rq: {key!r} in the header is no list.")
        return found

    def fill(self, values: Mapping[str, object], exists: Exists, known: Known) -> str:
        """Return the query with each value bound; raises UsageError for what does not fit.

        ``exists`` and ``known`` ask the graph about ids: whether one is of a class, and all of one.
        """
        from spacerace_kg.binding import bind

        text = self.text
        for name, value in values.items():
            parameter = self.parameters.get(name)
            if parameter is None:
                takes = ", ".join(self.parameters) or "none"
                short = name[:_MOST_CHARACTERS]
                hint = nearest(short, self.parameters)
                raise UsageError(f"{self.name}: no parameter {short!r}; it takes: {takes}.{hint}")
            terms = bind(parameter, value, exists, known)
            line = _line(parameter)
            if not line.search(text):
                raise DataError(f"queries/{self.name}.rq: no VALUES line for {name!r}.")
            # A function, not a template: a backslash in a term must stay what it is.
            text = line.sub(functools.partial(_filled, terms), text)
        return text


def read(folder: str | Path, name: str) -> Query:
    """Return one canned question; raises UsageError, with the nearest name, if there is none."""
    if not isinstance(name, str):
        raise UsageError(f"{name!r:.60} is no name of a question. See: spacerace queries")
    name = str.__str__(name)  # whatever a subclass makes of itself
    short = name[:_MOST_CHARACTERS]
    path = f"{folder}/{short}.rq"
    if not IS_ID(name) or len(name) > _MOST_CHARACTERS or not os.path.isfile(path):
        hint = nearest(short, names(folder))
        raise UsageError(f"no question {short!r}.{hint} See: spacerace queries")
    return _read(path, name)


def names(folder: str | Path) -> list[str]:
    """Return the names of all canned questions in a folder, sorted."""
    files = os.listdir(folder) if os.path.isdir(folder) else []
    found = [file for file in files if file.endswith(".rq") and os.path.isfile(f"{folder}/{file}")]
    return sorted(file[: -len(".rq")] for file in found)


def read_all(folder: str | Path) -> dict[str, Query]:
    """Return all canned questions in a folder by name, sorted."""
    return {name: _read(f"{folder}/{name}.rq", name) for name in names(folder)}


def _read(path: str, name: str) -> Query:
    try:
        with open(path, encoding="utf-8") as file:
            return Query(name, file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}. Mend or remove it.") from None


def _filled(terms: str, match: re.Match[str]) -> str:
    return f"{match[1]}{{ {terms} }}"


def _line(parameter: Parameter) -> re.Pattern[str]:
    """Return the pattern of the parameter's VALUES line, up to and without its braces."""
    name = re.escape(parameter.name)
    variable = rf"\(\?{name}Earliest \?{name}Latest\)" if parameter.type == "date" else rf"\?{name}"
    return re.compile(rf"^([ \t]*VALUES {variable} )\{{[^{{}}\n]*\}}", re.MULTILINE)


def to_markdown(queries: Iterable[Query]) -> str:
    """Return the questions as a Markdown page: a section each, with parameters."""
    lines = ["# The canned questions", "", "Made by `spacerace queries --format markdown`.", ""]
    for query in queries:
        lines += [
            f"## [{query.name}]({query.name}.rq)",
            "",
            f"**{query.summary}** {query.description}",
            "",
        ]
        if query.parameters:
            lines += ["| parameter | takes | example |", "| --- | --- | --- |"]
            lines += (
                f"| `{p.name}` | {p.takes()}. {p.description} | `{p.name}={p.example}` |"
                for p in query.parameters.values()
            )
            lines.append("")
    return "\n".join(lines)
