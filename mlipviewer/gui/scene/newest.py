"""One thread for work whose newest wish wins: older ones that were not begun are dropped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)

Work = Callable[[], Any]


class Newest(QObject):
    """`done` brings a value on the window's thread, `failed` the words of a problem."""

    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject, name: str) -> None:
        super().__init__(parent)
        self._name = name
        self._wish: Work | None = None
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, work: Work) -> None:
        """Do this next, without touching widgets."""
        with self._condition:
            self._wish = work
            if self._thread is None:
                self._closed = False
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._condition.notify()

    def drop(self) -> None:
        """Forget what was asked for and not begun."""
        with self._condition:
            self._wish = None

    def close(self) -> None:
        """End the thread after what it is doing; nothing more is brought."""
        with self._condition:
            self._closed, self._wish, self._thread = True, None, None
            self._condition.notify()

    def _next(self) -> Work | None:
        with self._condition:
            while self._wish is None and not self._closed:
                self._condition.wait()
            wish, self._wish = self._wish, None
            return None if self._closed else wish

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                found, problem = work(), ""
            except Exception as raised:  # odd data must not end the thread
                log.warning("%s", self._name, exc_info=True)
                found, problem = None, str(raised) or type(raised).__name__
            if self._closed:
                return
            try:
                if problem:
                    self.failed.emit(problem)
                else:
                    self.done.emit(found)
            except RuntimeError:  # the widget was deleted meanwhile
                return
            del found, work  # frames are large
