"""Progress of long work, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any


class Cancelled(Exception):
    """Raised inside the work when its result is no longer wanted."""


class Progress:
    """`step(i, n)` reports how far the work is, and raises Cancelled once `stop()` was called.

    `give` hands out what is there already; the result of the work is still to come.
    """

    def __init__(
        self,
        report: Callable[[int, int], None] | None = None,
        receive: Callable[[Any], None] | None = None,
    ) -> None:
        self._report = report
        self._receive = receive
        self._stopped = Event()

    def step(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise Cancelled
        if self._report is not None:
            self._report(done, total)

    def give(self, value: Any) -> None:
        if self._receive is not None:
            self._receive(value)

    def stop(self) -> None:
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()
