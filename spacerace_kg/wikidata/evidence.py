"""What a value of ours rests on: its sources, whether they prove it, and which is cited."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from spacerace_kg.names import EDITORS

# Best first: how near to the event a kind of source stands. What is of no such kind (the press, and
# web pages, among them wikis and blogs) proves nothing.
AUTHORITY = ("PrimaryDocument", "Catalogue", "AgencyHistory", "Scholarship", "ReferenceWork")
IS_WIKI = re.compile(r"wiki|(?:^|\.)fandom\.").search  # a host that anybody may edit
# The page of an entry: where a work has one for each, what names an entry, and the page's address.
# The first is what others write of many a spacecraft, the second how the volumes' own documents
# are cited.
_PAGES = (
    (
        re.compile(r"https://nssdc\.gsfc\.nasa\.gov/nmc/").match,
        re.compile(r"\d{4}-\d{3}[A-Z]{1,3}", re.ASCII).fullmatch,
        "https://nssdc.gsfc.nasa.gov/nmc/spacecraft/display.action?id={entry}",
    ),
    (
        re.compile(r"https://history\.state\.gov/historicaldocuments/[a-z0-9-]+\Z").match,
        re.compile(r"document (\d+)", re.ASCII).fullmatch,
        "{whole}/d{entry}",
    ),
)


class Source(NamedTuple):
    """A source as a reference needs it, with the place in it; empty where we do not know."""

    id: str
    kind: str
    url: str
    qid: str
    retrieved: str
    locator: str = ""
    copy: str = ""  # the address of a copy that others keep
    publisher: str = ""

    @property
    def host(self) -> str:
        """The site on which it is read, or its id."""
        return (urlsplit(self.url or self.copy).hostname or self.id).removeprefix("www.")

    @property
    def witness(self) -> str:
        """Who speaks: two works of one publisher, or two pages of one site, are one witness."""
        return self.publisher or self.host

    @property
    def page(self) -> str:
        """The address of the entry that the locator names, if the work has one for each."""
        for is_there, names, page in _PAGES:
            if is_there(self.url) and (found := names(self.locator)):
                return page.format(whole=self.url, entry=found[found.lastindex or 0])
        return ""

    @property
    def weighs(self) -> bool:
        """Whether it can prove anything: it is of a kind that can, and not this graph."""
        return self.kind in AUTHORITY and self.id != EDITORS

    @property
    def citable(self) -> bool:
        """Whether it can stand in a reference, which should not lead to somebody's copy."""
        return self.weighs and bool(self.qid or self.url)

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
        """Whether it is certain, and does not rest on a single work of reference.

        Witnesses are sources that weigh and that publish apart; one is enough that stands nearer
        to the event.
        """
        witnesses = [source for source in self.sources if source.weighs]
        near = any(source.kind != "ReferenceWork" for source in witnesses)
        return self.certain and (near or len({source.witness for source in witnesses}) > 1)

    @property
    def disputes(self) -> bool:
        """Whether it makes another value disputed: two that publish apart will do, of any kind."""
        others = {source.witness for source in self.sources if not IS_WIKI(source.host)}
        return self.proven or (self.certain and len(others) > 1)

    @property
    def cited(self) -> list[Source]:
        """The sources that a reference may name: nearest to the event first, then best to find."""
        found = [source for source in self.sources if source.citable]
        return sorted(
            found, key=lambda s: (s.authority, not s.page, not s.qid, not s.locator, s.id)
        )
