"""A watchdog on the window's thread: a beat every 5 ms, the gaps between, and who made them.

The benchmarks tell the gaps as they are. A test judges the processor time that the window's thread
used in each, which a busy machine hardly changes.
"""

from __future__ import annotations

import faulthandler
import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile

from PySide6.QtCore import Qt, QTimer

BEAT_MS = 5
LOOK_MS = 60  # a gap longer than this has its stack looked at
LIMIT_MS = 100.0  # of a gap, everywhere
GL_LIMIT_MS = 250.0  # once at the start, and where an OpenGL canvas is made
FROZEN_MS = 5000.0  # of a gap on any machine


@dataclass
class Beats:
    """The gaps in ms, in order, the processor time that this thread used in each, and for long
    ones where it was then."""

    gaps: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    stacks: dict[int, str] = field(default_factory=dict)

    @property
    def longest(self) -> float:
        return max(self.gaps, default=0.0)

    @property
    def fine(self) -> bool:
        """No gap took more processor time than it may, and none was a freeze."""
        return self.fine_but_for(0)

    def fine_but_for(self, n: int) -> bool:
        """The same, `n` gaps having the longer limit."""
        most = GL_LIMIT_MS if n else LIMIT_MS
        over = sum(used > LIMIT_MS for used in self.used)
        return self.longest <= FROZEN_MS and max(self.used, default=0.0) <= most and over <= n

    def said(self, limit: float = LIMIT_MS) -> str:
        """The gaps over the limit with their stacks."""
        both = enumerate(zip(self.gaps, self.used, strict=True))
        over = [(i, gap, used) for i, (gap, used) in both if gap > limit]
        return "\n".join(
            f"{gap:.0f} ms ({used:.0f} ms used)\n{self.stacks.get(i, '')}" for i, gap, used in over
        )


def _stack(thread: int) -> str:
    """Where a thread is. To hold its frames would let what they own die in this thread."""
    with TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        parts = file.read().split("\n\n")
    return next((part for part in parts if f"{thread:016x}" in part), "")


@contextmanager
def watched() -> Iterator[Beats]:
    """Watch the event loop of this thread meanwhile. What others left behind is not looked
    through: a program has run no thousand tests before."""
    gc.collect()
    gc.freeze()
    beats, thread = Beats(), threading.get_ident()
    last, ended = [time.perf_counter(), time.thread_time()], threading.Event()

    def beat() -> None:
        now, used = time.perf_counter(), time.thread_time()
        beats.gaps.append(1e3 * (now - last[0]))
        beats.used.append(1e3 * (used - last[1]))
        last[:] = now, used

    def look() -> None:
        while not ended.wait(0.02):
            if 1e3 * (time.perf_counter() - last[0]) > LOOK_MS:
                place = len(beats.gaps)
                if place not in beats.stacks:
                    beats.stacks[place] = _stack(thread)

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(BEAT_MS)
    looker = threading.Thread(target=look, name="watchdog", daemon=True)
    looker.start()
    try:
        yield beats
    finally:
        beat()
        timer.stop()
        ended.set()
        looker.join()
