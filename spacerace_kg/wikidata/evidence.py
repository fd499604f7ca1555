"""What a value of ours rests on: its sources, and whether they prove it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

# Best first: how near to the event a kind of source stands, for choosing among several.
AUTHORITY = (
    "PrimaryDocument", "Catalogue", "AgencyHistory", "Scholarship", "ReferenceWork", "NewsReport",
)  # fmt: skip
IS_WIKI = re.compile(r"wiki|(?:^|\.)fandom\.").search  # a host that anybody may edit
_NEAR = AUTHORITY.index("ReferenceWork")


class Source(NamedTuple):
    """A source as a reference needs it; empty where we do not know."""

    id: str
    kind: str
    url: str
    qid: str
    retrieved: str

    @property
    def host(self) -> str:
        """The site that publishes it, or its id: two pages of one site are one witness."""
        return (urlsplit(self.url).hostname or self.id).removeprefix("www.")

    @property
    def citable(self) -> bool:
        """Whether it can stand in a reference: it can be found, and is no wiki."""
        return bool(self.url or self.qid) and not IS_WIKI(self.host)

    @property
    def authority(self) -> int:
        """Its place in AUTHORITY, 0 the best."""
        return AUTHORITY.index(self.kind) if self.kind in AUTHORITY else len(AUTHORITY)


class Claimed(NamedTuple):
    """One value that we hold, its rank, and the sources that state it; ``part`` is its subject."""

    value: str
    rank: str
    sources: tuple[Source, ...]
    certain: bool
    reason: str
    part: str

    @property
    def proven(self) -> bool:
        """Whether it is certain, and does not rest on a single work of reference or newspaper.

        Witnesses are sources that are no wikis and that publish apart; one is enough that stands
        nearer to the event.
        """
        witnesses = [source for source in self.sources if not IS_WIKI(source.host)]
        near = any(source.authority < _NEAR for source in witnesses)
        return self.certain and (near or len({source.host for source in witnesses}) > 1)
