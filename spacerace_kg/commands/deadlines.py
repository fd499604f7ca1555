"""Ends for what the embedded engine is at, which nothing can stop but the process's end."""

from __future__ import annotations

import os
import sys

from spacerace_kg.errors import UsageError
from spacerace_kg.status import status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn, TypeVar

    S = TypeVar("S")
    T = TypeVar("T")

MOST_MEMORY = 4 * 1024**3  # bytes, for a query of the caller's own
_LATE = "The query took more than {:g} s. Narrow it, or raise --timeout."


def within(seconds: float, evaluate: Callable[[], T]) -> T:
    """Return what evaluates to; a deadline that passes, or Ctrl-C, ends this process.

    For the project's own questions: it costs a thread and nothing else. The work is done there,
    since the engine hears of neither while it is at it; here both are heard.
    """
    import _thread  # threading would cost a millisecond

    ended = _thread.allocate_lock()
    ended.acquire()
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(evaluate())
        except BaseException as error:
            errors.append(error)
        finally:
            ended.release()

    _thread.start_new_thread(work, ())
    try:
        if not ended.acquire(timeout=seconds):
            _end(_LATE.format(seconds), 2)
    except KeyboardInterrupt:
        _end("interrupted", 130)
    if errors:
        raise errors[0]
    return results[0]


def _end(message: str, code: int) -> NoReturn:
    os.write(2, f"spacerace: {message}\n".encode())
    os._exit(code)


def in_child(
    seconds: float, open_: Callable[[], S], evaluate: Callable[[S], T], show: Callable[[T], int]
) -> int:
    """Open, evaluate and show in a child process, and return its exit status.

    For the queries of strangers: memory is bounded too, and a breakdown of the engine is told.
    Only the evaluation has a deadline. Raises UsageError if it takes too long or breaks down.
    """
    import signal

    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent sees to it
        # By its default the alarm ends the process, whatever the engine is at.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        # Half a database is cleared away when this is told to end; an evaluation ends at once.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        import resource

        os.environ["RUST_BACKTRACE"] = "0"  # one that is made without memory never ends
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))

        def run() -> int:
            opened = open_()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            result = evaluate(opened)
            signal.setitimer(signal.ITIMER_REAL, 0)
            return show(result)

        ended = 70  # a fault of ours, with its traceback
        try:
            ended = status(run)
        except BaseException as error:
            if isinstance(error, MemoryError) or type(error).__name__ == "PanicException":
                os.kill(os.getpid(), signal.SIGKILL)  # as if the engine itself had broken down
            if not isinstance(error, SystemExit):
                sys.excepthook(*sys.exc_info())
        finally:
            os._exit(ended)
    # The child must not live on when this process is told to end.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _, ended = os.waitpid(child, 0)
    except BaseException:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    code = os.waitstatus_to_exitcode(ended)
    if code == -signal.SIGALRM:
        raise UsageError(_LATE.format(seconds))
    if code < 0:
        raise UsageError(
            "The engine broke down over this query: it takes too much memory, or sorts values of "
            "several kinds. Make it smaller, or order by STR(?value)."
        )
    return code
