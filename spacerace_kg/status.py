"""The exit status of a run, and what is told of its end.

0 fine, 1 the data are at fault, 2 the call is wrong, 3 something outside failed.
"""

from __future__ import annotations

import contextlib
import os
import sys

from spacerace_kg.errors import DataError, OutsideError, SpaceRaceError
from spacerace_kg.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def tell(text: object) -> None:
    """Print a line of ours on standard error, where it is no part of an answer."""
    with contextlib.suppress(OSError):  # nobody can be told; the status still says it
        print(visible(f"spacerace: {text}"), file=sys.stderr)


def status(run: Callable[[], int]) -> int:
    """Return the exit status of a run, and tell on standard error what ended it."""
    if sys.stdout is None:  # closed by the caller: `>&-`
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    try:
        ended = run()
        sys.stdout.flush()
        return ended
    except BrokenPipeError:
        _close_output()
        return 0
    except KeyboardInterrupt:
        from signal import SIGINT  # late, here and elsewhere: each import takes its milliseconds

        tell("interrupted")
        return 128 + SIGINT
    except SpaceRaceError as error:
        tell(error)
        return 1 if isinstance(error, DataError) else 3 if isinstance(error, OutsideError) else 2
    except OSError as error:  # a full disk, a folder without permission
        tell(error)
        _close_output()
        return 3


def _close_output() -> None:
    """Let what is still to be written go nowhere, also at the interpreter's exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
