"""The launch log as plain records, for the two rivals of ``spacerace import gcat``.

What a straightforward script does before it makes triples: rows, grouped by launch, with dates and
codes decoded by the package's own functions, so that the comparison is of mapping and emission
only. The ids behind codes of sites, pads, organizations, states, platforms and vehicles, which
the import finds in four more tables, are given in a JSON file, free of charge.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from spacerace_kg.dates import stamp, unix
from spacerace_kg.gcat import codes, vague


def launches(log: Path, lookups: Path) -> Iterator[dict[str, Any]]:
    """Yield each launch: its mission, its lift-off and its crafts, as texts, ids and lists."""
    known = json.loads(lookups.read_text("utf-8"))
    for tag, group in groupby(_rows(log), key=lambda row: row["Launch_Tag"]):
        yield _launch(tag, list(group), known)


def _rows(log: Path) -> Iterator[dict[str, str]]:
    with log.open(encoding="utf-8") as file:
        columns = next(file).lstrip("#").rstrip("\n").split("\t")
        for line in file:
            if not line.startswith("#"):
                cells = unicodedata.normalize("NFC", line.rstrip("\n")).split("\t")
                yield dict(zip(columns, (cell.strip() or "-" for cell in cells), strict=True))


def _launch(tag: str, rows: list[dict[str, str]], known: dict[str, Any]) -> dict[str, Any]:
    row, crafts = rows[0], [_craft(row, known) for row in rows]
    code, date = codes.launch_code(row["Launch_Code"]), vague.parse(row["Launch_Date"])
    assert date.earliest
    assert date.latest
    others = len(rows) - 1
    label = crafts[0]["label"] + (f" and {others} other{'s' * (others > 1)}" if others else "")
    kinds = {row["Type"][:2] for row in rows}
    relation = "surfaceLaunch" if code.category == "from another body" else "launch"
    mission = f"gcat-{codes.slug(tag)}"
    site, pad = codes.doubt(row["Launch_Site"])[0], codes.doubt(row["Launch_Pad"])[0]
    places = [known["places"].get(f"{site} {pad}") or known["places"].get(f"{site} -")]
    places.append(known["platforms"].get(codes.doubt(row["Platform"])[0]))
    site, pad = codes.doubt(row["Ascent_Site"])[0], codes.doubt(row["Ascent_Pad"])[0]
    ascent = known["places"].get(f"{site} {pad}") or known["places"].get(f"{site} -")
    return {
        "mission": mission,
        "launch": f"{mission}/{relation}",
        "relation": relation,
        "label": label,
        "launch_label": f"{label}: launch",
        "class": "CrewedMission" if "PH" in kinds else "" if "PP" in kinds else "UncrewedMission",
        **_state(row["LVState"], known),
        "tag": tag,
        "date": date.edtf,
        "earliest": stamp(date.earliest),
        "latest": stamp(date.latest),
        "earliest_unix": unix(date.earliest),
        "latest_unix": unix(date.latest),
        "precision": date.precision,
        "code": row["Launch_Code"],
        "category": code.category,
        "outcome": code.outcome,
        "percent": code.percent,
        "vehicle": known["vehicles"].get(codes.doubt(row["LV_Type"])[0]),
        "serial": _text(row["Flight_ID"]),
        "places": [place for place in places if place],
        "ascent": ascent,
        "agents": _agents(row["Agency"], known),
        "crafts": crafts,
    }


def _craft(row: dict[str, str], known: dict[str, Any]) -> dict[str, Any]:
    jcat = row["JCAT"]
    names = [_text(row["Name"]), _text(row["PLName"])]
    label = names[0] or names[1] or jcat
    satellite = jcat.startswith("S")
    return {
        "craft": f"gcat-{jcat.lower()}",
        "label": label,
        "other": names[1] if names[1] != label else "",
        "jcat": jcat,
        "tag": row["Launch_Tag"],
        "piece": "" if row["Piece"] == "-" else row["Piece"],
        "type": "" if row["Type"] == "-" else row["Type"],
        "cospar": codes.cospar_id(row["Piece"]) if satellite else "",
        "satcat": f"{int(jcat[1:]):05}" if satellite else "",
        **_state(codes.doubt(row["SatState"])[0], known),
        "operators": _agents(row["SatOwner"], known),
    }


def _text(cell: str) -> str:
    plain = codes.doubt(" ".join(cell.split()))[0]
    return "" if plain == "-" else plain


def _state(code: str, known: dict[str, Any]) -> dict[str, str]:
    """Return the nation or, for an international body, the operator behind a code of a state."""
    relation, state = known["states"].get(code, ("", ""))
    return {
        "nation": state if relation == "nation" else "",
        "body": state if relation == "operator" else "",
    }


def _agents(cell: str, known: dict[str, Any]) -> list[str]:
    return [known["agents"][code] for code, _ in codes.split(cell) if code in known["agents"]]
