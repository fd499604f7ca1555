"""What can go wrong, by whose fault it is: the caller's, the data's, or the outside world's."""

from __future__ import annotations

from collections import namedtuple

from spacerace_kg.visible import visible


class SpaceRaceError(Exception):
    """Base of every error that this package raises on purpose."""

    def __str__(self) -> str:
        # What a server said, or a file is called, may be in it.
        return visible(super().__str__())


class UsageError(SpaceRaceError):
    """The call is wrong: a name, parameter, value or query that does not exist or does not fit."""


class DataError(SpaceRaceError):
    """The data are at fault: facts with problems, a graph that breaks a rule, a damaged file."""


class OutsideError(SpaceRaceError):
    """Something outside failed: network, endpoint, store, Java, a package not installed."""


def missing(package: str, extra: str) -> OutsideError:
    """Return the error of a package that is not installed, and the extra that brings it."""
    told = f"{package} is not installed. Install it: pip install 'spacerace-kg[{extra}]'"
    return OutsideError(told)


# Not NamedTuple: `typing`, which is 5 ms to import, is kept out of the way of a question.
class Problem(namedtuple("Problem", ("path", "line", "subject", "message", "remedy"))):
    """One fault in the source facts: where it is, what it concerns, what is wrong, what to do."""

    __slots__ = ()
    path: str
    line: int
    subject: str
    message: str
    remedy: str

    def __str__(self) -> str:
        told = f"{self.path}:{self.line}: {self.subject}: {self.message} {self.remedy}"
        return visible(told)
