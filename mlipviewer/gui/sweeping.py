"""The garbage collector sweeps in the window's thread alone.

Python sweeps in whichever thread happens to allocate. A worker that sweeps away a cycle with an
object of Qt in it cuts its connections: it holds a lock of Qt and waits for Python's, while the
window holds Python's and waits for that of Qt. Neither ever goes on.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

BEAT_MS = 200
REST = 50.0  # times as long as a full sweep took until the next one: it costs 2 % at most


class Sweeper(QObject):
    """Sweeps by a timer, as often as Python's own counts of allocations ask for, until `stop`.

    `clock` tells seconds."""

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._by_itself = gc.isenabled()
        gc.disable()
        self._clock = clock
        self._next_full = -math.inf
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> None:
        """Look through the objects of the ages that are due, if any are."""
        young, middle, old = (
            count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if not young:
            return
        if middle and old and self._clock() >= self._next_full:
            self._sweep_fully()
        else:
            gc.collect(1 if middle else 0)

    def _sweep_fully(self) -> None:
        began = self._clock()
        gc.collect()
        ended = self._clock()
        self._next_full = ended + REST * (ended - began)

    def stop(self) -> None:
        """Sweep what is left; then Python sweeps by itself again, if it did before."""
        self._timer.stop()
        gc.collect()
        if self._by_itself:
            gc.enable()
