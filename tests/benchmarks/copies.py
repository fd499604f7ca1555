"""What the benchmark of the catalogue feeds its programs: copies of the log, and codes with ids."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from spacerace_kg.gcat import vehicles
from spacerace_kg.gcat.places import Gazetteer
from spacerace_kg.gcat.planning import plan
from spacerace_kg.gcat.record import Record
from spacerace_kg.gcat.tables import find


def copy_log(tables: Path, folder: Path, count: int) -> int:
    """Write the tables with the log that many times over; return the rows.

    Copy k has launches and pieces of years 100 k later, and crafts with k before their numbers, so
    that each is a launch, and a craft, of its own; the dates and all else stay as they are.
    """
    folder.mkdir()
    for name, table in find(tables).items():
        if name != "launchlog":
            shutil.copy(table.path, folder / f"{name}.tsv")
    head, *lines = find(tables)["launchlog"].path.read_text("utf-8").splitlines()
    columns = head.lstrip("#").split("\t")
    tag, piece, jcat = (columns.index(name) for name in ("Launch_Tag", "Piece", "JCAT"))
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    with (folder / "launchlog.tsv").open("w", encoding="utf-8") as file:
        print(head, file=file)
        for k in range(count):
            for row in rows:
                cells = list(row)
                if k:
                    for place in (tag, piece):
                        cells[place] = _later(row[place], 100 * k)
                    number = row[jcat].strip()
                    cells[jcat] = f"{number[0]}{k}{int(number[1:]):08}"
                print(*cells, sep="\t", file=file)
    return len(rows) * count


def _later(designation: str, years: int) -> str:
    return re.sub(r"^\d{4}", lambda year: str(int(year[0]) + years), designation)


def lookups(tables: Path, root: Path, out: Path) -> None:
    """Write the ids behind codes, which the rivals of the import get from here."""
    found, record = find(tables), Record(root / "graph" / "turtle")
    gazetteer = Gazetteer({n: t for n, t in found.items() if n != "launchlog"}, record)
    seen = plan(found["launchlog"], record, gazetteer).sightings
    known = {
        "agents": gazetteer.agents,
        "states": {code: gazetteer.state(code) for code in gazetteer.agents},
        "platforms": gazetteer.platforms,
        "vehicles": {type_: v.id for type_, v in vehicles.settle(seen, record).items()},
        "places": {
            f"{site} {pad}": next(filter(None, reversed(gazetteer.place(site, pad))), "")
            for site in gazetteer.sites
            for pad in ("-", *(pad for _, pad in gazetteer.pads.ids))
            if pad == "-" or gazetteer.place(site, pad)[1]
        },
    }
    out.write_text(json.dumps(known), "utf-8")
