"""The probe set: literals that stores are known to change, lose or refuse."""

from __future__ import annotations

from typing import NamedTuple

import pyoxigraph as ox

from spacerace_kg.export import GRAPH
from spacerace_kg.importer.counting import XSD

PROBE = GRAPH + "probe#"


class Probe(NamedTuple):
    """One literal of the probe set: its name, and what it is."""

    name: str
    literal: ox.Literal


def probes() -> list[Probe]:
    """Return the literals that stores are known to change, lose or refuse."""

    def typed(text: str, datatype: str) -> ox.Literal:
        return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))

    return [
        Probe("plain text", ox.Literal("Sputnik")),
        Probe("empty text", ox.Literal("")),
        Probe("spaces at both ends", ox.Literal("  Vostok  ")),
        Probe("Cyrillic", ox.Literal("Восток-1", language="ru")),
        Probe("beyond the basic plane", ox.Literal("\U0001f680 \U00010348 \U0001d49e")),
        Probe("combining marks", ox.Literal("e\u0301 и\u0306 \u0915\u093f")),
        Probe("composed", ox.Literal("\u00e9 \u0439")),
        Probe("right to left", ox.Literal("\u0641\u0636\u0627\u0621", language="ar")),
        Probe("escapes", ox.Literal('"quoted" \\back\\slash\\ tab\there line\nfeed return\rend')),
        Probe("markup", ox.Literal("<b>&amp; 'single' </b> ]]> {braces} $1 %41 ?x")),
        Probe("control character", ox.Literal("bell\u0007end")),
        Probe("text of 5,000 characters", ox.Literal("Байконур " * 555 + "Ракета")),
        Probe("text of 100,000 characters", ox.Literal("Kazakhstan" * 10_000)),
        Probe("language with region", ox.Literal("colour", language="en-gb")),
        Probe("language with script", ox.Literal("Vostok", language="ru-latn")),
        Probe("boolean", typed("true", "boolean")),
        Probe("integer", typed("42", "integer")),
        Probe("negative integer", typed("-9661", "integer")),
        Probe("integer beyond 32 bits", typed("4294967296", "integer")),
        Probe("largest integer of 64 bits", typed("9223372036854775807", "integer")),
        Probe("smallest integer of 64 bits", typed("-9223372036854775808", "integer")),
        Probe("decimal", typed("83.6", "decimal")),
        Probe("decimal, many digits", typed("0.000000000123456789", "decimal")),
        Probe("decimal, large", typed("123456789012.125", "decimal")),
        Probe("negative decimal", typed("-0.5", "decimal")),
        Probe("time", typed("1957-10-04T19:28:34Z", "dateTime")),
        Probe("time, year's end", typed("1991-12-31T23:59:59Z", "dateTime")),
        Probe("time, before 1900", typed("1857-09-17T00:00:00Z", "dateTime")),
        Probe("time, year 1", typed("0001-01-01T00:00:00Z", "dateTime")),
        Probe("time, year 9999", typed("9999-12-31T23:59:59Z", "dateTime")),
        Probe("address", typed("https://example.org/a?b=c&d=%D0%92#e", "anyURI")),
        Probe("non-negative integer", typed("1", "nonNegativeInteger")),
    ]


def probe_triples() -> list[ox.Triple]:
    """Return the probe set as triples: one a literal."""
    told = ox.NamedNode(PROBE + "value")
    return [
        ox.Triple(ox.NamedNode(f"{PROBE}p{place}"), told, probe.literal)
        for place, probe in enumerate(probes())
    ]
