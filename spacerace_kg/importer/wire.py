"""HTTP to a triple store: a deadline on every call, bounded retries, credentials kept quiet.

Built on requests, for what urllib lacks: digest authentication, connections that stay open through
hundreds of chunks, and certificates from a file of one's own. Credentials come from the environment
(``SPACERACE_USER`` and ``SPACERACE_PASSWORD``), from netrc, or from whom we may ask; they go to the
one host that was named, after it has asked for them, and into no message.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from spacerace_kg.addresses import split_url
from spacerace_kg.client import MOST_BYTES
from spacerace_kg.errors import OutsideError
from spacerace_kg.patience import TRIES, USER_AGENT, pause, received, within
from spacerace_kg.sessions import library, reason, session

USER, PASSWORD = "SPACERACE_USER", "SPACERACE_PASSWORD"
_PATIENCE = frozenset({408, 429, 502, 503, 504})

Ask = Callable[[str], tuple[str, str] | None]  # asks a person for the user of a host


class Reply(NamedTuple):
    """What a server said: status, headers with names in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def text(self) -> str:
        """Return the beginning of the body in one line, for a message."""
        return " ".join(self.body[:2000].decode("utf-8", "replace").split())[:300]


class Wire:
    """The one host that a load or a verification talks to."""

    def __init__(self, url: str, timeout: float = 300, ask: Ask | None = None) -> None:
        self._requests = library("load")
        instead = f", and set {USER} and {PASSWORD}, or write them into ~/.netrc"
        parts = split_url(url, "store", instead)
        self.origin = (parts.scheme, parts.hostname, parts.port)
        self.host = parts.netloc
        self.timeout = timeout
        self._ask = ask
        self._session = session(url, USER_AGENT)
        # requests would unpack as much as there is before it can be counted.
        self._session.headers["Accept-Encoding"] = "identity"
        self._url = url
        self._asked = False

    def request(
        self,
        method: str,
        url: str,
        *,
        params: list[tuple[str, str]] | None = None,
        data: bytes | list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool = True,
        timeout: float = 0,
    ) -> Reply:
        """Return the server's reply, whatever its status but 401 and the plea for patience.

        ``repeat`` says that the request may be sent again after a cut connection. Raises
        OutsideError if the host cannot be reached, refuses us, or is too slow.
        """
        parts = urlsplit(url)
        if (parts.scheme, parts.hostname, parts.port) != self.origin:
            raise OutsideError(f"{url} is not on {self.host}, the host that was named.")
        seconds = timeout or self.timeout
        deadline = time.monotonic() + seconds
        attempt = 0
        while True:
            attempt += 1
            try:
                reply = within(
                    deadline, lambda: self._once(method, url, params, data, headers, deadline)
                )
            except self._requests.exceptions.SSLError as error:
                raise OutsideError(
                    f"{self.host}: the certificate is not trusted ({reason(error)}). If it is "
                    "your own, name its file: REQUESTS_CA_BUNDLE=FILE"
                ) from None
            except (self._requests.RequestException, OSError) as error:
                wait, _ = pause("", attempt)
                if not repeat or attempt >= TRIES or time.monotonic() + wait > deadline:
                    raise OutsideError(self._failure(error, seconds)) from None
                time.sleep(wait)
                continue
            if reply.status == 401 and self._identify(reply):
                attempt -= 1
                continue
            if reply.status in (401, 403):
                raise OutsideError(self._refusal(reply))
            if reply.status in _PATIENCE:
                wait, asked = pause(reply.headers.get("retry-after", ""), attempt)
                if attempt >= TRIES or time.monotonic() + wait > deadline:
                    asks = f" and asks to wait {wait:.0f} s" if asked else ""
                    raise OutsideError(
                        f"{self.host} is busy ({reply.status}){asks}. "
                        "Try later: what was done so far is kept."
                    )
                time.sleep(wait)
                continue
            return reply

    def _once(
        self,
        method: str,
        url: str,
        params: list[tuple[str, str]] | None,
        data: bytes | list[tuple[str, str]] | None,
        headers: Mapping[str, str] | None,
        deadline: float,
    ) -> Reply:
        left = max(0.5, deadline - time.monotonic())
        with self._session.request(
            method, url, params=params, data=data, headers=dict(headers or {}),
            timeout=(min(left, 30), left), allow_redirects=False, stream=True,
        ) as response:  # fmt: skip
            coding = response.headers.get("Content-Encoding", "identity").strip().lower()
            if coding != "identity":
                raise OutsideError(f"{self.host} answered in {coding}, which nobody asked for.")
            pieces = response.iter_content(65536)
            content = received(lambda _: next(pieces, b""), MOST_BYTES, deadline)
            if len(content) > MOST_BYTES:
                raise OutsideError(f"{self.host} sent more than {MOST_BYTES:,} bytes.")
            found = {name.lower(): value for name, value in response.headers.items()}
            if 300 <= response.status_code < 400:
                raise OutsideError(
                    f"{self.host} sends us on to {found.get('location', 'nowhere')[:200]!r}. "
                    "If that is your store, name that URL yourself."
                )
            return Reply(response.status_code, found, content)

    def _identify(self, reply: Reply) -> bool:
        """Take up credentials in the way that the server asks for; False if there are none."""
        if self._asked:
            return False
        self._asked = True
        found = self._credentials()
        if found is None:
            return False
        scheme = reply.headers.get("www-authenticate", "").lower()
        auth = self._requests.auth
        if "digest" in scheme:
            self._session.auth = digest = auth.HTTPDigestAuth(*found)
            # Each request runs in a thread of its own, and all go on from the same nonce.
            digest._thread_local = SimpleNamespace()
        else:  # as bytes, for requests would take text for Latin-1
            self._session.auth = auth.HTTPBasicAuth(*(part.encode() for part in found))
        return True

    def _credentials(self) -> tuple[str, str] | None:
        user, password = os.environ.get(USER), os.environ.get(PASSWORD)
        if user and password is not None:
            return user, password
        found: Any = self._requests.utils.get_netrc_auth(self._url)
        if found:
            return str(found[0]), str(found[1])
        return self._ask(self.host) if self._ask else None

    def _refusal(self, reply: Reply) -> str:
        if reply.status == 403:
            return (
                f"{self.host} does not allow that (403): it is read-only, or this user may not. "
                "Open the store for writing, or ask for write access."
            )
        if self._session.auth is None:
            return (
                f"{self.host} asks for a user and a password. Set {USER} and {PASSWORD}, or write "
                "them into ~/.netrc."
            )
        return f"{self.host} does not accept the user or the password. Correct them."

    def _failure(self, error: Exception, seconds: float) -> str:
        late = (self._requests.exceptions.Timeout, TimeoutError)
        if isinstance(error, late):
            return (
                f"{self.host} did not answer within {seconds:.0f} s. Raise --timeout, or try later."
            )
        return f"{self.host} cannot be reached, or cut us off: {reason(error)}."
