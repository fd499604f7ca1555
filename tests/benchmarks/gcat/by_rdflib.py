"""The launch log to N-Triples with rdflib, as one would write it: ``by_rdflib.py LOG IDS OUT``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace
from reading import launches

SR = Namespace("https://w3id.org/spacerace/ontology#")
ID = Namespace("https://w3id.org/spacerace/id/")


def main(log: str, lookups: str, out: str) -> None:
    """Put every launch into a graph and write the graph."""
    graph = Graph()
    for launch in launches(Path(log), Path(lookups)):
        add_mission(graph, launch)
        add_launch(graph, launch)
        for craft in launch["crafts"]:
            add_craft(graph, craft)
            graph.add((ID[launch["launch"]], SR.payload, ID[craft["craft"]]))
    graph.serialize(out, format="nt", encoding="utf-8")


def add_mission(graph: Graph, launch: dict[str, Any]) -> None:
    """Add the mission of a launch."""
    mission = ID[launch["mission"]]
    graph.add((mission, RDF.type, SR.Mission))
    graph.add((mission, SR.mainClass, SR[launch["class"] or "Mission"]))
    if launch["class"]:
        graph.add((mission, RDF.type, SR[launch["class"]]))
    graph.add((mission, RDFS.label, Literal(launch["label"], lang="en")))
    graph.add((mission, SR.gcatTag, Literal(launch["tag"])))
    graph.add((mission, SR[launch["relation"]], ID[launch["launch"]]))
    graph.add((mission, SR.event, ID[launch["launch"]]))
    add_state(graph, mission, launch)


def add_launch(graph: Graph, launch: dict[str, Any]) -> None:
    """Add the lift-off."""
    event = ID[launch["launch"]]
    graph.add((event, RDF.type, SR.Event))
    graph.add((event, RDF.type, SR.Launch))
    graph.add((event, SR.mainClass, SR.Launch))
    graph.add((event, RDFS.label, Literal(launch["launch_label"], lang="en")))
    graph.add((event, SR.date, Literal(launch["date"])))
    for name in ("earliest", "latest"):
        moment = Literal(launch[name], datatype=XSD.dateTime, normalize=False)
        graph.add((event, SR[name], moment))
    graph.add((event, SR.earliestUnix, Literal(launch["earliest_unix"])))
    graph.add((event, SR.latestUnix, Literal(launch["latest_unix"])))
    graph.add((event, SR.precision, Literal(launch["precision"])))
    graph.add((event, SR.gcatLaunchCode, Literal(launch["code"])))
    graph.add((event, SR.launchCategory, Literal(launch["category"])))
    if launch["outcome"]:
        graph.add((event, SR.launchOutcome, Literal(launch["outcome"])))
    if launch["percent"] is not None:
        graph.add((event, SR.launchSuccessPercent, Literal(launch["percent"])))
    if launch["vehicle"]:
        graph.add((event, SR.launchVehicle, ID[launch["vehicle"]]))
    if launch["serial"]:
        graph.add((event, SR.vehicleSerial, Literal(launch["serial"])))
    if launch["ascent"]:
        graph.add((event, SR.ascentPlace, ID[launch["ascent"]]))
    for place in launch["places"]:
        graph.add((event, SR.place, ID[place]))
    for agent in launch["agents"]:
        graph.add((event, SR.agent, ID[agent]))


def add_craft(graph: Graph, craft: dict[str, Any]) -> None:
    """Add a payload."""
    subject = ID[craft["craft"]]
    graph.add((subject, RDF.type, SR.Spacecraft))
    graph.add((subject, SR.mainClass, SR.Spacecraft))
    graph.add((subject, RDFS.label, Literal(craft["label"], lang="en")))
    if craft["other"]:
        graph.add((subject, SKOS.altLabel, Literal(craft["other"], lang="en")))
    graph.add((subject, SR.gcatId, Literal(craft["jcat"])))
    graph.add((subject, SR.gcatTag, Literal(craft["tag"])))
    for name, key in (
        ("gcatPiece", "piece"),
        ("gcatType", "type"),
        ("cosparId", "cospar"),
        ("satcatNumber", "satcat"),
    ):
        if craft[key]:
            graph.add((subject, SR[name], Literal(craft[key])))
    add_state(graph, subject, craft)
    for operator in craft["operators"]:
        graph.add((subject, SR.operator, ID[operator]))


def add_state(graph: Graph, subject: Any, stated: dict[str, Any]) -> None:
    """Add whose a mission or a craft is."""
    if stated["nation"]:
        graph.add((subject, SR.nation, ID[stated["nation"]]))
        graph.add((subject, SR.ofNation, ID[stated["nation"]]))
    if stated["body"]:
        graph.add((subject, SR.operator, ID[stated["body"]]))


if __name__ == "__main__":
    main(*sys.argv[1:])
