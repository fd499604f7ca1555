"""Where the commands of ``spacerace wikidata`` take our statements from, and Wikidata's."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacerace_kg import paths
from spacerace_kg.commands.common import say, seconds
from spacerace_kg.errors import missing

if TYPE_CHECKING:
    from spacerace_kg.wikidata.endpoint import Endpoint
    from spacerace_kg.wikidata.fetching import Source
    from spacerace_kg.wikidata.items import Snapshot
    from spacerace_kg.wikidata.ours import Ours


def live(made: Any, group: Any = None) -> None:
    """Give a command the options of one that asks Wikidata, or what stands in for it."""
    (group or made).add_argument(
        "--endpoint",
        metavar="URL",
        help="ask this SPARQL endpoint, or this api.php, instead of Wikidata itself",
    )
    made.add_argument(
        "--timeout",
        type=seconds,
        default=120,
        metavar="SECONDS",
        help="give up one request after (default 120)",
    )
    made.add_argument(
        "--fresh", action="store_true", help="ask again what has been asked today already"
    )


def origin(made: Any) -> None:
    """Give a command the options of one that reads a snapshot, or asks Wikidata."""
    group = made.add_mutually_exclusive_group()
    group.add_argument(
        "--snapshot",
        metavar="FILE",
        type=Path,
        help="read Wikidata's statements from this file; see: spacerace wikidata snapshot",
    )
    live(made, group)


def ours() -> Ours:
    """Return our side: the shipped graph."""
    from spacerace_kg.knowledge import connect
    from spacerace_kg.wikidata.ours import Ours

    return Ours(connect())


def snapshot(
    options: argparse.Namespace, qids: Iterable[str], properties: Sequence[str] | None
) -> Snapshot:
    """Return the snapshot that the options name, else fetch the items with these properties."""
    if options.snapshot:
        from spacerace_kg.wikidata.snapshots import read_snapshot

        return read_snapshot(options.snapshot)
    from spacerace_kg.wikidata.fetching import fetch

    return fetch(source(options), qids, properties, say)


def source(options: argparse.Namespace) -> Source:
    """Return the live service, or the endpoint that the options name."""
    from spacerace_kg.wikidata.service import LIVE, Service

    url = options.endpoint or LIVE
    if url.partition("?")[0].endswith("api.php"):
        return Service(url, agent(), _cache(options), options.timeout)
    return endpoint(options)


def endpoint(options: argparse.Namespace) -> Endpoint:
    """Return the SPARQL endpoint that the options name, else Wikidata's query service."""
    from spacerace_kg.wikidata.endpoint import LIVE, Endpoint

    return Endpoint(options.endpoint or LIVE, agent(), _cache(options), options.timeout)


def agent() -> str:
    """Return the user agent with the user's contact, asked for once on a terminal."""
    from spacerace_kg.wikidata.contact import user_agent

    return user_agent(_ask if sys.stdin.isatty() and sys.stderr.isatty() else None)


@contextlib.contextmanager
def extra() -> Iterator[None]:
    """Tell what to install if a package is missing that only these commands need."""
    try:
        yield
    except ImportError as error:
        raise missing(str(error.name), "wikidata") from None


def _ask() -> str:
    print(
        "spacerace: Wikidata asks its users for a contact, a mail address or the URL of a page.\n"
        "It goes with every request, and is kept in your settings. Contact: ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline()


def _cache(options: argparse.Namespace) -> Any:
    from spacerace_kg.wikidata.cache import Cache

    return Cache(paths.cache() / "wikidata", options.fresh)
