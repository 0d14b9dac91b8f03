"""A watchdog on the window's thread: a beat every 5 ms, the gaps between, and who made them.

A gap is counted without the time in which the thread was ready to run and other programs had the
processor (Linux tells), so that a busy machine fails no test.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

from PySide6.QtCore import Qt, QTimer

BEAT_MS = 5
LOOK_MS = 60  # a gap longer than this has its stack looked at
LIMIT_MS = 100.0  # of a gap, everywhere
GL_LIMIT_MS = 250.0  # where an OpenGL canvas is made
BUSY = 4  # times as long where other programs want more processors than there are


WAITED = Path("/proc/thread-self/schedstat")


def _waited() -> float:
    """Seconds that this thread waited for a processor."""
    try:
        return int(WAITED.read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def allowed(limit: float = LIMIT_MS) -> float:
    """The limit in ms on this machine as it is now: a thread of ours that holds Python's lock and
    waits for a processor makes the window's thread wait too, and nothing tells how long."""
    busy = os.getloadavg()[0] > (os.cpu_count() or 1) if hasattr(os, "getloadavg") else False
    return limit * BUSY if busy else limit


@dataclass
class Beats:
    """The gaps in ms, in order, and for long ones where the window's thread was then."""

    gaps: list[float] = field(default_factory=list)
    stacks: dict[int, str] = field(default_factory=dict)

    @property
    def longest(self) -> float:
        return max(self.gaps, default=0.0)

    def said(self, limit: float = LIMIT_MS) -> str:
        """The gaps over the limit with their stacks."""
        over = [(i, gap) for i, gap in enumerate(self.gaps) if gap > limit]
        return "\n".join(f"{gap:.0f} ms\n{self.stacks.get(i, '')}" for i, gap in over)


def _stack(thread: int) -> str:
    """Where a thread is. To hold its frames would let what they own die in this thread."""
    with TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        parts = file.read().split("\n\n")
    return next((part for part in parts if f"{thread:016x}" in part), "")


@contextmanager
def watched() -> Iterator[Beats]:
    """Watch the event loop of this thread meanwhile."""
    beats, thread = Beats(), threading.get_ident()
    last, ended = [time.perf_counter(), _waited()], threading.Event()

    def beat() -> None:
        now, waited = time.perf_counter(), _waited()
        beats.gaps.append(1e3 * (now - last[0] - (waited - last[1])))
        last[:] = now, waited

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
