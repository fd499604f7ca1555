"""What the tests of ``spacerace wikidata`` share: a small Wikidata, as RDF and as an Action API."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from answering import Behave, Handler, Server, answering
from asking import HERE, oxigraph_server

from spacerace_kg.wikidata.endpoint import Endpoint
from spacerace_kg.wikidata.fetching import fetch
from spacerace_kg.wikidata.items import Item, Snapshot, Value
from spacerace_kg.wikidata.snapshots import read_snapshot, write_snapshot

TINY = sorted((HERE / "wikidata_tiny").glob("*.ttl"))
SNAPSHOT = HERE / "wikidata_tiny" / "snapshot.jsonl"
# Those of the tiny Wikidata to which the graph has links; the deleted one is only here.
LINKED = (
    "Q1615", "Q7327", "Q15180", "Q43653", "Q54363", "Q80811", "Q104859", "Q170842", "Q182524",
    "Q188433", "Q219857", "Q256608", "Q1159927", "Q3303767",
)  # fmt: skip
CONTACT = "tests@example.org"


@contextmanager
def tiny_wikidata(folder: Path) -> Iterator[str]:
    """Start an Oxigraph server that holds the tiny Wikidata and give its query endpoint."""
    with oxigraph_server(folder, TINY) as url:
        yield url


def tiny_snapshot(folder: Path) -> Snapshot:
    """Fetch the snapshot of the tiny Wikidata that is committed."""
    with tiny_wikidata(folder) as url:
        made = fetch(Endpoint(url, CONTACT), LINKED)
    made.date, made.endpoint = "2026-11-22", "https://example.org/tiny"
    return made


@contextmanager
def action_api(behave: Behave | None = None) -> Iterator[Server]:
    """Start a server that answers as Wikidata's Action API does, from the tiny snapshot."""
    with answering(behave or entities, "/w/api.php") as made:
        yield made


@pytest.fixture
def api() -> Iterator[Server]:
    with action_api() as made:
        yield made


def entities(handler: Handler, _: int) -> None:
    """Answer ``wbgetentities`` from the tiny snapshot, in the API's own form."""
    items = read_snapshot(SNAPSHOT).items
    form = handler.asked.form
    found = {}
    for qid in form["ids"].split("|"):
        item = items.get(qid)
        if item is None or item.missing:
            found[qid] = {"id": qid, "missing": True}
            continue
        target = items[item.redirect] if item.redirect else item
        found[qid] = entity(target, form["props"].split("|"), form["languages"].split("|"))
        if item.redirect:
            found[qid]["redirects"] = {"from": qid, "to": item.redirect}
    handler.say(200, {"entities": found, "success": 1})


def entity(item: Item, props: list[str], languages: list[str]) -> dict[str, Any]:
    """Return an item as the API writes it; PHP writes an empty mapping as an empty list."""
    made: dict[str, Any] = {"type": "item", "id": item.qid}
    if "info" in props:
        made |= {"pageid": 1, "ns": 0, "title": item.qid, "lastrevid": item.revision}
        made["modified"] = item.modified
    made["labels"] = {
        k: {"language": k, "value": v} for k, v in item.labels.items() if k in languages
    } or []
    if "aliases" in props:
        made["aliases"] = {
            k: [{"language": k, "value": v} for v in names]
            for k, names in item.aliases.items()
            if k in languages
        } or []
    if "claims" in props:
        made["claims"] = {
            property: [
                {
                    "mainsnak": snak(property, s.value),
                    "type": "statement",
                    "id": s.id,
                    "rank": s.rank,
                    "qualifiers": snaks(s.qualifiers),
                    "references": [{"hash": "", "snaks": snaks(r)} for r in s.references],
                }
                for s in reversed(statements)
            ]
            for property, statements in item.statements.items()
        } or []
    return made


def snaks(found: Any) -> Any:
    return {p: [snak(p, value) for value in values] for p, values in found.items()} or []


def snak(property: str, value: Value) -> dict[str, Any]:
    if value.kind in ("somevalue", "novalue"):
        return {"snaktype": value.kind, "property": property}
    kind, content = _datavalue(value)
    return {
        "snaktype": "value",
        "property": property,
        "hash": "",
        "datavalue": {"value": content, "type": kind},
    }


def _datavalue(value: Value) -> tuple[str, Any]:
    entity = "http://www.wikidata.org/entity/"
    if value.kind == "item":
        content: Any = {"entity-type": "item", "numeric-id": int(value.text[1:]), "id": value.text}
        return "wikibase-entityid", content
    if value.kind == "time":
        content = {"timezone": 0, "before": 0, "after": 0, "precision": value.precision}
        return "time", {
            **content, "time": value.text, "calendarmodel": entity + value.calendar,
        }  # fmt: skip
    if value.kind == "quantity":
        unit = entity + value.unit if value.unit else "1"
        return "quantity", {"amount": f"+{value.text}", "unit": unit}
    if value.kind == "coordinate":
        latitude, longitude = map(float, value.text.split(","))
        content = {"latitude": latitude, "longitude": longitude, "altitude": None}
        return "globecoordinate", {**content, "precision": 0.0001, "globe": entity + value.unit}
    if value.kind == "monolingual":
        return "monolingualtext", {"text": value.text, "language": value.language}
    return "string", value.text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        write_snapshot(SNAPSHOT, tiny_snapshot(Path(folder)))
