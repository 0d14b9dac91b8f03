"""Work of a widget that would hold up the window: done in a thread, told on the window's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)
Value = TypeVar("Value")


class _News(QObject):
    """Held by the threads, which may outlive the widget: none must be the last to hold that."""

    done = Signal(int, object, str)


class Later(QObject):
    """Only the newest question is answered; what was asked before is forgotten."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest = 0
        self._tell: Callable[[Any], None] | None = None
        self._fail: Callable[[str], None] | None = None
        self._news = _News()
        self._news.done.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._tell is not None

    def ask(
        self,
        work: Callable[[], Value],
        tell: Callable[[Value], None],
        fail: Callable[[str], None],
    ) -> None:
        """Begin `work`; then `tell(value)`, or `fail(reason)` in one sentence."""
        self._newest += 1
        self._tell, self._fail = tell, fail
        threading.Thread(
            target=_done, args=(self._newest, work, self._news), name="later", daemon=True
        ).start()

    def _hear(self, number: int, value: object, reason: str) -> None:
        if number != self._newest or self._tell is None or self._fail is None:
            return
        tell, fail = self._tell, self._fail
        self._tell = self._fail = None
        if reason:
            fail(reason)
        else:
            tell(value)


def _done(number: int, work: Callable[[], Any], news: _News) -> None:
    """In a thread."""
    value, reason = None, ""
    try:
        value = work()
    except BaseException as problem:  # a thread of its own: whatever it is, it is told
        log.info("work of a widget failed", exc_info=True)
        reason = " ".join(str(problem).split()) or type(problem).__name__
    news.done.emit(number, value, reason)
