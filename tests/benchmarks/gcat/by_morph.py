"""The launch log to N-Triples with morph-kgc: ``by_morph.py LOG IDS OUT``.

RML decodes no codes and splits no cells, so the log is first written as flat tables, one for each
kind of thing and one for each relation that has several values; ``mapping.rml.ttl`` maps those.
"""

from __future__ import annotations

import csv
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import morph_kgc
from reading import launches

ID = "https://w3id.org/spacerace/id/"
SR = "https://w3id.org/spacerace/ontology#"
COLUMNS = {
    "missions": "mission label tag main nation body launch relation",
    "classes": "mission class",
    "launches": "launch label date earliest latest earliestUnix latestUnix precision code category "
    "outcome percent vehicle serial ascent",
    "places": "launch place",
    "agents": "launch agent",
    "payloads": "launch craft",
    "crafts": "craft label other jcat tag piece type cospar satcat nation body",
    "operators": "craft operator",
}


def main(log: str, lookups: str, out: str) -> None:
    """Write the flat tables, then let morph-kgc materialize the mapping."""
    mapping = Path(__file__).with_name("mapping.rml.ttl")
    with tempfile.TemporaryDirectory() as folder:
        flatten(Path(log), Path(lookups), Path(folder))
        os.chdir(folder)  # the mapping names the tables without a folder
        logging.disable()
        config = (
            f"[CONFIGURATION]\noutput_file = {out}\noutput_format = N-TRIPLES\n"
            f"na_values = \nnumber_of_processes = {os.environ.get('PROCESSES', '1')}\n"
            f"logging_level = CRITICAL\n[GCAT]\nmappings = {mapping}\n"
        )
        Path("config.ini").write_text(config, "utf-8")
        run(Path("config.ini"))


def run(config: Path) -> None:
    """Run the program as its command line does, which writes the file."""
    import runpy

    sys.argv = ["morph_kgc", str(config)]
    assert morph_kgc
    runpy.run_module("morph_kgc", run_name="__main__")


def flatten(log: Path, lookups: Path, folder: Path) -> None:
    """Write the tables that the mapping reads."""
    files = {name: (folder / f"{name}.csv").open("w", encoding="utf-8") for name in COLUMNS}
    tables = {name: csv.writer(file) for name, file in files.items()}
    for name, table in tables.items():
        table.writerow(COLUMNS[name].split())
    for launch in launches(log, lookups):
        write(tables, launch)
    for file in files.values():
        file.close()


def write(tables: dict[str, Any], launch: dict[str, Any]) -> None:
    """Write a launch to the tables."""
    mission, event = ID + launch["mission"], ID + launch["launch"]
    main_class = f"{SR}{launch['class'] or 'Mission'}"
    relation = f"{SR}{launch['relation']}"
    tables["missions"].writerow(
        [mission, launch["label"], launch["tag"], main_class, *whose(launch), event, relation]
    )
    if launch["class"]:
        tables["classes"].writerow([mission, main_class])
    keys = "launch_label date earliest latest earliest_unix latest_unix precision code category"
    cells = [launch[key] for key in keys.split()]
    cells += [launch["outcome"], launch["percent"], link(launch["vehicle"]), launch["serial"]]
    tables["launches"].writerow([event, *cells, link(launch["ascent"])])
    tables["places"].writerows([event, link(place)] for place in launch["places"])
    tables["agents"].writerows([event, link(agent)] for agent in launch["agents"])
    for craft in launch["crafts"]:
        subject = link(craft["craft"])
        tables["payloads"].writerow([event, subject])
        keys = "label other jcat tag piece type cospar satcat"
        tables["crafts"].writerow([subject, *(craft[k] for k in keys.split()), *whose(craft)])
        tables["operators"].writerows([subject, link(agent)] for agent in craft["operators"])


def whose(stated: dict[str, Any]) -> list[str]:
    """Return the IRIs of the nation and of the international body, one of them empty."""
    return [link(stated["nation"]), link(stated["body"])]


def link(id_: str | None) -> str:
    """Return the IRI of an id, nothing for none."""
    return f"{ID}{id_}" if id_ else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
