"""Web addresses that users give: only those that can be one, and none with a password in it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from spacerace_kg.errors import UsageError


def split_url(url: str, what: str, instead: str = "") -> SplitResult:
    """Return the parts of an http or https URL.

    Raises UsageError for one that is no ``what``, or that holds credentials, which it does not
    repeat; ``instead`` says where else these may stand.

    >>> split_url("https://query.example:8080/sparql", "endpoint").netloc
    'query.example:8080'
    """
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except (ValueError, AttributeError):  # AttributeError: not even a text
        fits = False
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError(f"{url!r} is no {what}. Write http://… or https://…")
    if parts.username or parts.password:
        raise UsageError(f"The URL holds credentials. Write it without them{instead}.")
    return parts
