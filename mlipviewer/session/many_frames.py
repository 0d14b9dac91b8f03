"""The engine of this machine: many frames at a time in threads, with what is kept of earlier runs.

Reading and the loops in C let go of Python's lock, so threads use all cores (decision 0005).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from mlipviewer import __version__
from mlipviewer.core.analysis import AnalysisProblem, Params
from mlipviewer.core.children import end_with_pool
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.files import PARTIAL, fingerprint_of_files
from mlipviewer.io.kept_results import KeptResults
from mlipviewer.session.frame_work import (
    FrameWork,
    Known,
    Sent,
    Task,
    as_read,
    find,
    gathered,
    is_there,
    stays,
)


class ManyFrames:
    """An `Engine`. `threads` 0: one for each core; `keep`: on disk, for later.

    What is not for threads is computed in processes, where `known` says how the trajectory is read,
    else in turn.
    """

    def __init__(self, threads: int = 0, keep: bool = True, known: Known | None = None) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._keep = keep
        self._known = known or {}

    def over(
        self,
        trajectory: Trajectory,
        computation: Computation,
        params: Params,
        frames: Sequence[int],
        progress: Progress,
    ) -> Iterator[Computed]:
        """See `Engine.over`: in the order of `frames`, a few of them ahead."""
        progress.step(0, len(frames))
        kept = kept_of(trajectory, computation, params) if self._keep else None
        one = self._known.get(trajectory.name)
        if computation.in_processes and one is not None:
            task = Task(trajectory, one, computation, params, kept)
            yield from self._by_processes(task, frames, progress)
            return
        threads = 1 if computation.in_processes else self._threads

        def work(index: int) -> Computed:
            if progress.stopped:
                raise Cancelled
            return computed(trajectory, computation, params, index, kept)

        waiting: deque[Future[Computed]] = deque()
        ahead = iter(frames)
        with ThreadPoolExecutor(threads) as pool:
            try:
                for done in range(len(frames)):
                    while len(waiting) <= threads and (index := next(ahead, None)) is not None:
                        waiting.append(pool.submit(work, index))
                    found = waiting.popleft().result()
                    progress.step(done + 1, len(frames))
                    yield found
            finally:
                for left in waiting:
                    left.cancel()
        if kept is not None:
            kept.used()

    def _by_processes(
        self, task: Task, frames: Sequence[int], progress: Progress
    ) -> Iterator[Computed]:
        from concurrent.futures import ProcessPoolExecutor  # 20 ms that a window need not wait
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        spawn = get_context("spawn")
        with ProcessPoolExecutor(self._threads, spawn, initializer=end_with_pool) as pool:

            def send(work: FrameWork) -> Sent:
                return pool.submit(find, work)

            try:
                yield from gathered(task, list(frames), send, self._threads + 1, progress)
            except BrokenProcessPool:
                raise AnalysisProblem(
                    f"{task.computation.title}: a worker process ended without a word"
                ) from None
        if task.kept is not None:
            task.kept.used()


def computed(
    trajectory: Trajectory,
    computation: Computation,
    params: Params,
    index: int,
    kept: KeptResults | None,
) -> Computed:
    """What is found of one frame, kept or new. Raises ReadProblem, AnalysisProblem."""
    number = trajectory.frames[index]
    if not stays(trajectory, number, computation.frames_around(params)):
        kept = None
    known = kept.load(number) if kept is not None else None
    if known is not None:
        return known
    found = computation.run_in(trajectory.source, number, params)
    if kept is not None:
        kept.save(number, found)
    return found


def kept_of(trajectory: Trajectory, computation: Computation, params: Params) -> KeptResults | None:
    """What is kept of this question; None where the file cannot be told from others."""
    try:
        source = trajectory.source
        paths = getattr(source, "paths", (source.path,))
        file = fingerprint_of_files(paths)
        if file.startswith(PARTIAL):  # it may be written within, too
            file = f"{file} {Path(paths[0]).stat().st_mtime_ns}"
        read = as_read(trajectory.source.frame(0))
    except (ReadProblem, OSError):
        return None
    if not is_there(source):
        return None  # it was replaced while it is open: that is the fingerprint of another one
    origin = (file, source.format, read, getattr(source, "meant", ""))
    more = computation.depends_on(params) if computation.depends_on is not None else ""
    question = (computation.name, computation.version, __version__, *filter(None, (more,)))
    return KeptResults(repr((*origin, *question, sorted(asdict(params).items()))))
