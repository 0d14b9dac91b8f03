"""Work of a dialog that would hold up the window: done in a thread, told on the window's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)
Value = TypeVar("Value")


class Later(QObject):
    """Only the newest question is answered; what was asked before is forgotten."""

    _done = Signal(int, object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._newest = 0
        self._tell: Callable[[Any], None] | None = None
        self._fail: Callable[[str], None] | None = None
        self._done.connect(self._hear, Qt.ConnectionType.QueuedConnection)

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
        threading.Thread(target=self._run, args=(self._newest, work), daemon=True).start()

    def _run(self, number: int, work: Callable[[], Any]) -> None:
        value, reason = None, ""
        try:
            value = work()
        except Exception as problem:  # a thread of its own: whatever it is, it is told
            log.info("work of a dialog failed", exc_info=True)
            reason = " ".join(str(problem).split()) or type(problem).__name__
        try:
            self._done.emit(number, value, reason)
        except RuntimeError:
            log.debug("the dialog is gone")

    def _hear(self, number: int, value: object, reason: str) -> None:
        if number != self._newest or self._tell is None or self._fail is None:
            return
        tell, fail = self._tell, self._fail
        self._tell = self._fail = None
        if reason:
            fail(reason)
        else:
            tell(value)
