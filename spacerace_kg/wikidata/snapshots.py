"""The dated file that holds items of Wikidata: a snapshot, to repeat everything offline.

It is UTF-8, one JSON object a line: a header, then one item a line, ordered by number; compressed
if its name ends in ``.gz``.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from spacerace_kg.errors import DataError, UsageError
from spacerace_kg.wikidata.calendars import time_value
from spacerace_kg.wikidata.items import (
    KINDS,
    RANKS,
    Item,
    Snapshot,
    Statement,
    Value,
    is_pid,
    is_qid,
    number,
)

FORMAT = "spacerace wikidata snapshot 1"
MOST_BYTES = 20_000_000  # in one line


def read_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in a file.

    Raises DataError, with the line, if it is damaged, and UsageError if there is none.
    """
    lines = _lines(path)
    number, first = next(lines, (1, ""))
    try:
        header = json.loads(first)
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise ValueError("no header")
        expected = int(header["items"])
        head = (str(header["date"]), str(header["endpoint"]), list(map(str, header["properties"])))
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        raise DataError(
            f"{path}:{number}: this is no snapshot of Wikidata. "
            "Make one: spacerace wikidata snapshot"
        ) from None
    items: dict[str, Item] = {}
    for number, line in lines:
        item = read_item(line, f"{path}:{number}")
        if item.qid in items:
            raise DataError(f"{path}:{number}: {item.qid} stands here twice. Remove one line.")
        items[item.qid] = item
    if len(items) != expected:
        raise DataError(
            f"{path}:{number}: the snapshot holds {len(items)} items where its header says "
            f"{expected}: it is cut off, or was edited. Fetch it again."
        )
    return Snapshot(items, *head)


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot in one step: the same bytes for the same items."""
    header = {
        "format": FORMAT,
        "date": snapshot.date,
        "endpoint": snapshot.endpoint,
        "properties": list(snapshot.properties),
        "items": len(snapshot.items),
    }
    ordered = sorted(snapshot.items.values(), key=lambda item: number(item.qid))
    text = "".join(f"{line}\n" for line in (_json(header), *map(item_line, ordered)))
    body = text.encode()
    if path.suffix == ".gz":
        body = gzip.compress(body, mtime=0)
    handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(body)
        os.chmod(made, 0o644)
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise


def item_line(item: Item) -> str:
    """Return an item as one line of JSON, without what is empty."""
    statements = {
        property: [
            _lean(
                id=s.id,
                value=_lean(**s.value._asdict()),
                rank="" if s.rank == "normal" else s.rank,
                qualifiers=_snaks(s.qualifiers),
                references=[_snaks(reference) for reference in s.references],
            )
            for s in item.statements[property]
        ]
        for property in sorted(item.statements, key=number)
    }
    revision = item.revision or None
    return _json(_lean(**{**item._asdict(), "revision": revision, "statements": statements}))


def read_item(line: str, where: str) -> Item:
    """Return the item of a line; raises DataError naming the place."""
    try:
        return _item(json.loads(line))
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        what = f"{type(error).__name__}: {error}" if isinstance(error, KeyError) else str(error)
        raise DataError(
            f"{where}: this is no item ({what[:120]}). Fetch the snapshot again."
        ) from None


def _item(record: dict[str, Any]) -> Item:
    statements = {
        _checked(property, is_pid): [
            Statement(
                _text(s.get("id", "")),
                property,
                _value(s["value"]),
                _word(s.get("rank", "normal"), RANKS),
                _read_snaks(s.get("qualifiers", {})),
                [_read_snaks(reference) for reference in s.get("references", [])],
            )
            for s in found
        ]
        for property, found in record.get("statements", {}).items()
    }
    return Item(
        _checked(record["qid"], is_qid),
        int(record.get("revision", 0)),
        _text(record.get("modified", "")),
        {_text(k): _text(v) for k, v in record.get("labels", {}).items()},
        {_text(k): list(map(_text, v)) for k, v in record.get("aliases", {}).items()},
        statements,
        _checked(record["redirect"], is_qid) if "redirect" in record else "",
        record.get("missing", False) is True,
    )


def _value(record: dict[str, Any]) -> Value:
    kind, text = _word(record["kind"], KINDS), _text(record.get("text", ""))
    precision = record.get("precision")
    unit = _checked(record["unit"], is_qid) if "unit" in record else ""
    if kind == "item":
        _checked(text, lambda t: is_qid(t) or re.match(r"[PL][1-9]", t))
    if kind == "time":
        return time_value(text, int(record["precision"]), record["calendar"])
    if precision is not None:
        raise ValueError("a precision, and no time")
    return Value(kind, text, None, "", unit, _text(record.get("language", "")))


def _snaks(snaks: Mapping[str, list[Value]]) -> dict[str, Any]:
    return {p: [_lean(**v._asdict()) for v in snaks[p]] for p in sorted(snaks, key=number)}


def _read_snaks(record: dict[str, Any]) -> dict[str, list[Value]]:
    return {_checked(p, is_pid): [_value(v) for v in values] for p, values in record.items()}


def _lean(**fields: Any) -> dict[str, Any]:
    # A precision of 0, a billion years, is not nothing.
    return {
        name: field
        for name, field in fields.items()
        if field or (field is not False and field == 0)
    }


def _json(content: object) -> str:
    # U+2028 and its like are line ends to some readers.
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\x85\u2028\u2029\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _word(value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return str(value)


def _checked(value: object, fits: Any) -> str:
    if not isinstance(value, str) or not fits(value):
        raise ValueError(f"{value!r} is no id of Wikidata")
    return value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file, compressed or not, with their numbers."""
    number = 0
    try:
        open_ = gzip.open if path.suffix == ".gz" else open
        with cast(IO[bytes], open_(path, "rb")) as file:
            while line := file.readline(MOST_BYTES):
                number += 1
                if not line.endswith(b"\n"):
                    raise ValueError("the line does not end")
                yield number, line.decode("utf-8")
    except (EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise DataError(
            f"{path}:{number}: the file is damaged ({error}). Fetch the snapshot again."
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None
