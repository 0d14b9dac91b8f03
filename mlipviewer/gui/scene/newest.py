"""One thread for work whose newest wish wins: older ones that were not begun are dropped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)

Work = Callable[[], Any]


class _News(QObject):
    """Emitted by the thread, which may outlive what it works for."""

    found = Signal(int, object, str)


class Newest(QObject):
    """`done` brings a value on the window's thread, `failed` the words of a problem."""

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject, name: str) -> None:
        super().__init__(parent)
        self._name, self._news = name, _News()
        self._news.found.connect(self._bring, Qt.ConnectionType.QueuedConnection)
        self._wish: Work | None = None
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._life = 0  # the number of the thread that is to work; others end

    def ask(self, work: Work) -> None:
        """Do this next, without touching widgets."""
        with self._condition:
            self._wish = work
            if self._thread is None:
                self._life += 1
                self._thread = threading.Thread(
                    target=self._run, args=(self._life,), name=self._name, daemon=True
                )
                self._thread.start()
            self._condition.notify_all()

    def drop(self) -> None:
        """Forget what was asked for and not begun."""
        with self._condition:
            self._wish = None

    def close(self) -> None:
        """End the thread after what it is doing; nothing more is brought."""
        with self._condition:
            self._wish, self._thread = None, None
            self._life += 1
            self._condition.notify_all()

    def _next(self, life: int) -> Work | None:
        with self._condition:
            while self._wish is None and self._life == life:
                self._condition.wait()
            if self._life != life:
                return None
            wish, self._wish = self._wish, None
            return wish

    def _run(self, life: int) -> None:
        while (work := self._next(life)) is not None:
            try:
                found, problem = work(), ""
            except Exception as raised:  # odd data must not end the thread
                log.warning("%s", self._name, exc_info=True)
                found, problem = None, str(raised) or type(raised).__name__
            self._news.found.emit(life, found, problem)
            del found, work  # frames are large

    def _bring(self, life: int, found: object, problem: str) -> None:
        """In the window's thread: what was on its way when this was closed is not brought."""
        if self._life != life:
            return
        if problem:
            self.failed.emit(problem)
        else:
            self.done.emit(found)
