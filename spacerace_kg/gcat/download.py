"""GCAT's tables fetched from where they are published, once, into the cache."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacerace_kg.addresses import split_url
from spacerace_kg.errors import DataError, OutsideError
from spacerace_kg.gcat.tables import MOST, ROWS, Table
from spacerace_kg.patience import USER_AGENT, received, within
from spacerace_kg.sessions import opener

SECONDS = 120.0  # for one table
_PUBLISHED = {"launchlog": "derived/"}  # the others lie in tables/


def is_url(source: str) -> bool:
    """Say whether a source is an address rather than a folder."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def download(
    url: str,
    cache: Path,
    fresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
    seconds: float = SECONDS,
) -> Path:
    """Return a folder with the tables published under a base URL; fetch what is not there yet.

    GCAT publishes them as ``derived/launchlog.tsv`` and ``tables/sites.tsv``; they may also lie
    side by side. Each is kept under the release date that it tells. Raises UsageError for a URL
    that is none, OutsideError if it cannot be fetched within a time and size.
    """
    parts = split_url(url, "address of GCAT's tables")
    base = url.rstrip("/") + "/"
    place = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{parts.netloc}{parts.path}").strip("-")
    folder = cache / "gcat" / place
    for name in ROWS:
        if fresh or not any(folder.glob(f"{name}*.tsv")):
            say(f"fetching {name} from {parts.hostname}")
            _fetch(name, base, folder, seconds)
    return folder


def _fetch(name: str, base: str, folder: Path, seconds: float) -> None:
    """Fetch one table from the first place that has it, and put it under its release."""
    addresses = [f"{base}{_PUBLISHED.get(name, 'tables/')}{name}.tsv", f"{base}{name}.tsv"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetching-", dir=folder) as made:
            path = Path(made) / f"{name}.tsv"
            path.write_bytes(_content(addresses, seconds))
            try:
                release = Table(name, path).release
            except DataError:
                raise OutsideError(f"{base} gives something other than the table {name}.") from None
            os.replace(path, folder / (f"{name}_{release}.tsv" if release else f"{name}.tsv"))
    except OSError as error:
        raise OutsideError(f"{folder} cannot be written: {error}.") from None


def _content(addresses: list[str], seconds: float) -> bytes:
    """Return what the first address gives that is known to its server."""
    deadline = time.monotonic() + seconds
    told = ""
    for address in addresses:
        try:
            return within(deadline, lambda address=address: _get(address, deadline))  # type: ignore[misc]
        except urllib.error.HTTPError as error:
            told = f"{address} answers {error.code}"
            error.close()
            if error.code != 404:
                break
        except TimeoutError:
            raise OutsideError(f"{address} took more than {seconds:g} s. Try later.") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise OutsideError(f"{address} cannot be fetched: {error}.") from None
    raise OutsideError(f"{told}. Name the base URL of GCAT's tables, which ends in tsv/.")


def _get(address: str, deadline: float) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": USER_AGENT})  # noqa: S310
    left = max(0.01, deadline - time.monotonic())
    with contextlib.closing(_OPENER.open(request, timeout=left)) as answer:
        content = received(answer.read1, MOST, deadline)
        if len(content) > MOST:
            raise ValueError(f"it is larger than {MOST >> 20} MiB")
        if answer.length:  # `read1` says nothing of an end that comes too soon
            raise ValueError("it ends too early")
    return content


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follow no redirect to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        here, there = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        # To https it may send on, but not from it, and to nothing else.
        if there.netloc != here.netloc or there.scheme not in ("https", here.scheme):
            fp.close()
            raise ValueError(
                f"it sends on to {there.scheme}://{there.hostname}; name that address yourself"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = opener(_SameHost)
