"""Long work in threads. Its news are frozen records in a queue that the window or a loop drains."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlipviewer.core.background import step_back
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress

log = logging.getLogger(__name__)

MAX_RUNNING = 3
REPORT_EVERY = 0.05  # s


@dataclass(frozen=True)
class Started:
    number: int
    title: str


@dataclass(frozen=True)
class Progressed:
    number: int
    done: int
    total: int


@dataclass(frozen=True)
class Given:
    """A part of the value, while the work goes on."""

    number: int
    value: Any


@dataclass(frozen=True)
class Finished:
    number: int
    value: Any


@dataclass(frozen=True)
class Failed:
    number: int
    reason: str
    details: str
    path: str = ""  # of the file that could not be read


@dataclass(frozen=True)
class Stopped:
    number: int


News = Started | Progressed | Given | Finished | Failed | Stopped
Work = Callable[[Progress], Any]


class Jobs:
    """Runs work in daemon threads, a few at a time. `wake` is called, from any thread, on news."""

    def __init__(self, wake: Callable[[], None] | None = None) -> None:
        self.wake = wake
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._running: dict[int, Progress] = {}
        self._abandoned = 0  # jobs up to this number
        self._slots = threading.BoundedSemaphore(MAX_RUNNING)

    def start(self, title: str, work: Work, prompt: bool = False) -> int:
        """Begin `work(progress)`, a `prompt` one beside the few; returns its number."""
        number = next(self._numbers)
        progress = Progress(self._reporter(number), lambda value: self._tell(Given(number, value)))
        self._running[number] = progress
        self._tell(Started(number, title))
        thread = threading.Thread(
            target=self._run, args=(number, work, progress, prompt), name=title, daemon=True
        )
        try:
            thread.start()
        except RuntimeError as problem:  # the system gives no more threads
            self._tell(Failed(number, f"{title}: {problem}", traceback.format_exc()))
        return number

    def _reporter(self, number: int) -> Callable[[int, int], None]:
        """Tells of progress, at most every REPORT_EVERY seconds and when all is done."""
        last = -REPORT_EVERY

        def report(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= REPORT_EVERY or done >= total > 0:
                last = now if total else last
                self._tell(Progressed(number, done, total))

        return report

    def _run(self, number: int, work: Work, progress: Progress, prompt: bool) -> None:
        step_back()
        with nullcontext() if prompt else self._slots:
            self._tell(self._outcome(number, work, progress))

    def _outcome(self, number: int, work: Work, progress: Progress) -> News:
        try:
            progress.step(0, 0)
            value = work(progress)
        except Cancelled:
            return Stopped(number)
        except BaseException as problem:  # libraries leave, or panic: the job has ended anyhow
            log.info("job %d failed", number, exc_info=True)
            reason = str(problem) or type(problem).__name__
            return Failed(number, reason, traceback.format_exc(), _unread(problem))
        return Stopped(number) if progress.stopped else Finished(number, value)

    def _tell(self, news: News) -> None:
        self._news.put(news)
        wake = self.wake  # once: it may be taken away at any time
        if wake is not None:
            wake()

    def stop(self, number: int) -> None:
        """Ask a job to end; its news will be Stopped."""
        progress = self._running.get(number)
        if progress is not None:
            progress.stop()

    def abandon(self) -> None:
        """Stop all; nothing more is heard of it."""
        self.stop_all()
        self._abandoned = next(self._numbers)
        self._running.clear()
        self._slots = threading.BoundedSemaphore(MAX_RUNNING)  # some may be held for long yet

    def stop_all(self) -> None:
        for progress in tuple(self._running.values()):
            progress.stop()

    @property
    def busy(self) -> bool:
        return bool(self._running) or not self._news.empty()

    def drain(self, timeout: float = 0.0) -> list[News]:
        """All news since the last time, oldest first; waits up to `timeout` s for the first."""
        found: list[News] = []
        try:
            found.append(self._news.get(block=timeout > 0, timeout=timeout or None))
            while True:
                found.append(self._news.get_nowait())
        except queue.Empty:
            pass
        found = [news for news in found if news.number > self._abandoned]
        for news in found:
            if isinstance(news, Finished | Failed | Stopped):
                self._running.pop(news.number, None)
        return found


def _unread(problem: BaseException) -> str:
    """The file that a reader refused; '' where it is no such problem, or there is none."""
    path = problem.place.path if isinstance(problem, ReadProblem) else ""
    return path if path and Path(path).is_file() else ""
