"""Measuring whole programs: time, work and memory of a process with all its children."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """What a run cost: seconds on the clock, mebibytes at the peak, seconds of work of all cores.

    The work is what to compare on a machine that does other things too.
    """

    seconds: float
    mebibytes: float
    work: float


def cost(command: Sequence[str | Path], environment: Mapping[str, str]) -> Cost:
    """Run a program to its end; raises CalledProcessError, with what it said, if it fails.

    The peak is the greater of two: the largest resident set of one of its processes, as the kernel
    counts it for ``wait4``, and the largest sum of all of them seen every 20 ms, pages that they
    share divided among them. This file, run as a program, starts it, for a process begins with the
    peak of the one that it is forked from.
    """
    most = [0.0]
    process = subprocess.Popen(
        [sys.executable, "-S", __file__, *map(str, command)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, ended, most))
    watcher.start()
    told, said = process.communicate()
    ended.set()
    watcher.join()
    seconds, mebibytes, work, code = json.loads(told)
    if code:
        raise subprocess.CalledProcessError(code, list(command), stderr=said)
    return Cost(seconds, max(mebibytes, most[0]), work)


def median(run: Callable[[], Cost], runs: int) -> Cost:
    """Return the median of each of the costs of several runs."""
    costs = [run() for _ in range(runs)]
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def work_of(run: Callable[[], object], runs: int) -> float:
    """Return the median of the seconds of work that several calls in this process take."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _watch(pid: int, ended: threading.Event, most: list[float]) -> None:
    while not ended.wait(0.02):
        most[0] = max(most[0], sum(map(_share, _family(pid))))


def _family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    found = [pid]
    for member in found:
        try:
            children = Path(f"/proc/{member}/task/{member}/children").read_text().split()
        except OSError:  # it has ended, or there is no such file here
            continue
        found.extend(map(int, children))
    return found


def _share(pid: int) -> float:
    """Return a process's resident mebibytes, shared pages divided among those who share them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _start(command: list[str]) -> None:
    """Run a program and print its seconds, mebibytes, seconds of work and exit status."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    work = used.ru_utime + used.ru_stime
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps([seconds, used.ru_maxrss / 1024, work, code]))


if __name__ == "__main__":
    _start(sys.argv[1:])
