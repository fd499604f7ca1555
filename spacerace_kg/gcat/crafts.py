"""Crafts: the rows of the launch log as objects, and which of them the record knows."""

from __future__ import annotations

from spacerace_kg.gcat import codes
from spacerace_kg.gcat.record import Lift, Record
from spacerace_kg.gcat.tables import LaunchRow


def known(
    record: Record,
    row: LaunchRow,
    numbers: tuple[str, str],
    rows: list[LaunchRow],
    lifts: list[Lift],
) -> str:
    """Return the record's id for a craft, "" if the record does not know it.

    It is found by its COSPAR id and launch tag; if the launch has no COSPAR number, by the
    launch, provided that this carried one satellite and has one record, which has no such id.
    """
    cospar, satcat = numbers
    if cospar:
        craft = record.craft(cospar, row.launch_tag, satcat)
        if not craft:
            return ""
        events = record.ids(craft, "sr:launch")
        return craft if not events or any(lift.event in events for lift in lifts) else ""
    main = [r for r in rows if not r.type.startswith("PX")] or rows
    if codes.launch_number(row.launch_tag) or len(lifts) != 1 or main != [row]:
        return ""
    owner = lifts[0].owner if lifts[0].property == "launch" else ""
    return owner if not record.texts(owner, "sr:cosparId") else ""


def new_id(row: LaunchRow) -> str:
    """Return the id of a craft that the record does not know."""
    return f"gcat-{row.jcat.lower()}"


def named(row: LaunchRow) -> tuple[str, bool]:
    """Return a craft's name and whether it is doubtful."""
    for given in (row.name, row.plname):
        plain, doubtful = codes.words(given)
        if plain:
            return plain, doubtful
    return row.jcat, False


def numbers(row: LaunchRow) -> tuple[str, str]:
    """Return a craft's COSPAR id and catalogue number; those in GCAT's own catalogues have none."""
    if row.jcat[0] != "S":
        return "", ""
    return codes.cospar_id(row.piece), f"{int(row.jcat[1:]):05}"


def mission_class(rows: list[LaunchRow]) -> str:
    """Return the class of a mission: PH has people aboard at launch, PP a cabin for them."""
    kinds = {row.type[:2] for row in rows}
    if "PH" in kinds:
        return "CrewedMission"
    return "Mission" if "PP" in kinds else "UncrewedMission"
