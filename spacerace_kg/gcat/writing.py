"""The parts of a catalogue, written by one process or by several at once, with the same bytes."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from spacerace_kg.errors import OutsideError
from spacerace_kg.gcat import sources
from spacerace_kg.gcat.emission import Output
from spacerace_kg.gcat.launches import Launches
from spacerace_kg.gcat.planning import Plan, Tally
from spacerace_kg.gcat.record import Record
from spacerace_kg.gcat.schema import Schema
from spacerace_kg.gcat.values import Subject

Written = tuple[Counter[str], Tally]


class Job(NamedTuple):
    """All that a process needs to write any part of the catalogue."""

    folder: Path
    schema: Schema
    record: Record
    launches: Launches
    models: Mapping[str, str]
    plan: Plan
    claims: bool

    def part(self, stem: str, subjects: Iterable[Subject], source: str = "") -> Counter[str]:
        """Write one part of the catalogue and return what was counted in it.

        Without a source each subject is its own.
        """
        output = Output(self.schema, self.record, self.models, self.folder, stem, self.claims)
        with contextlib.closing(output):
            for subject in subjects:
                output.write(subject, source or subject.id)
        return output.counts

    def year(self, year: int) -> Written:
        """Write the launches of a year."""
        tally = Tally()
        subjects = self.launches.year(self.plan.years[year], tally)
        return self.part(f"launches/{year}", subjects, sources.ids("launchlog")), tally


_forked: list[Job] = []  # what the processes inherit, which takes no time


@contextlib.contextmanager
def all_years(job: Job, jobs: int) -> Iterator[Iterable[Written]]:
    """Give what is written for each year; with several processes it begins here and now."""
    # The largest first, so that no process is left with it at the end.
    years = sorted(job.plan.years, key=lambda year: (-len(job.plan.years[year]), year))
    if jobs == 1 or not years:
        yield map(job.year, years)
        return
    import multiprocessing  # here: one process needs none of it
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    _forked.append(job)
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(
            min(jobs, len(years)), context, initializer=_follow, initargs=(os.getpid(),)
        ) as pool:
            started = [pool.submit(_year, year) for year in years]
            try:
                yield (done.result() for done in started)
            except BaseException:
                for process in multiprocessing.active_children():
                    process.kill()  # what they write is of no use
                pool.shutdown(cancel_futures=True)
                raise
    except BrokenProcessPool:
        raise OutsideError("A process was ended from outside. Try with --jobs 1.") from None
    finally:
        _forked.pop()


def _follow(parent: int) -> None:
    """Let this process end with the one that started it, however that ends."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _year(year: int) -> Written:
    return _forked[-1].year(year)
