"""Sessions of requests that take nothing from the environment but proxies and certificates."""

from __future__ import annotations

import os
import urllib.request
from types import ModuleType
from typing import TYPE_CHECKING

from spacerace_kg.errors import missing

if TYPE_CHECKING:
    import requests


def library(extra: str) -> ModuleType:
    """Return requests; raises OutsideError, naming the extra that brings it, if it is missing."""
    try:
        import requests
    except ImportError:
        raise missing("requests", extra) from None
    return requests


def session(url: str, user_agent: str) -> requests.Session:
    """Return a session for a URL's host."""
    import requests

    made = requests.Session()
    made.trust_env = False  # it would take passwords from netrc, unasked
    made.proxies = requests.utils.get_environ_proxies(url)
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    made.verify = bundle or True
    made.headers["User-Agent"] = user_agent
    return made


def opener(redirects: type[urllib.request.HTTPRedirectHandler]) -> urllib.request.OpenerDirector:
    """Return urllib's opener for http and https alone; its own opens files for an odd proxy."""
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        redirects,
    ):
        made.add_handler(handler())
    return made


def reason(error: BaseException) -> str:
    """Return the innermost reason of an error in a few words."""
    while error.args and isinstance(error.args[-1], BaseException):
        error = error.args[-1]
    inner = getattr(error, "reason", None)
    if isinstance(inner, BaseException):
        return reason(inner)
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:160]
