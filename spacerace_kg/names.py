"""Names: the fixed prefixes, ids and their IRIs, and the short form in Turtle."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ID = "https://w3id.org/spacerace/id/"
SR = "https://w3id.org/spacerace/ontology#"
RANKS = ("preferred", "normal", "deprecated")  # of claims, best first
EDITORS = "spacerace-kg"  # the id of the graph itself, as the source of its own wording
WD = "http://www.wikidata.org/entity/"

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "id": ID,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sr": SR,
    "wd": WD,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# For `str.translate`: the escapes in a text of Turtle, of N-Triples and of SPARQL's TSV.
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})

IS_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z").match
# An id, or the id of a part: its owner's id, the property, and a key where there can be several.
IS_REFERENCE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[A-Za-z0-9][A-Za-z0-9-]*)*\Z").match
_PLAIN_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9:_.-]{0,58}[A-Za-z0-9])?\Z").match


def id_term(path: str) -> str:
    r"""Return the Turtle name of an id or of a part's id.

    >>> id_term("vostok-1/launch")
    'id:vostok-1\\/launch'
    """
    return "id:" + path.replace("/", "\\/")


def to_iri(name: str) -> str:
    """Return the IRI of a prefixed name, or of a bare id.

    >>> to_iri("sr:launch"), to_iri("vostok-1/launch")
    ('https://w3id.org/spacerace/ontology#launch', 'https://w3id.org/spacerace/id/vostok-1/launch')
    """
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local.replace("\\/", "/")
    return ID + name


def shorten(iri: str) -> str:
    """Return an IRI as people write it: a bare id for ours, a prefixed name where there is one.

    >>> shorten("https://w3id.org/spacerace/id/vostok-1"), shorten("http://www.wikidata.org/entity/Q1")
    ('vostok-1', 'wd:Q1')
    """
    if iri.startswith(ID):
        return iri[len(ID) :]
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def local_name(iri: str) -> str:
    """Return what stands behind the last ``#`` or ``/`` of an IRI.

    >>> local_name("https://w3id.org/spacerace/ontology#launch")
    'launch'
    """
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def value_key(value: str) -> str:
    """Return a value as a step of a claim's IRI: itself if short and plain, else ten hex digits.

    >>> value_key("1961-04-12T06:07Z"), value_key("Восток-1@ru")
    ('1961-04-12T06:07Z', 'fd4b84d364')
    """
    if _PLAIN_KEY(value):
        return value
    import hashlib  # here and below: not needed to ask a question

    return hashlib.sha256(value.encode()).hexdigest()[:10]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest known name, or nothing.

    >>> nearest("crewmember", ["crewMember", "launch"])
    " Did you mean 'crewMember'?"
    """
    import difflib

    lower: dict[str, str] = {}
    for candidate in known:
        if abs(len(candidate) - len(name)) <= 3:
            lower.setdefault(candidate.lower(), candidate)
    found = difflib.get_close_matches(name.lower(), lower, 1, 0.7)
    return f" Did you mean {lower[found[0]]!r}?" if found else ""
