"""What fails in the window: Qt's messages are in the log, a view that fails again and again is
replaced, and the user is told in one sentence, not more often than can be read."""

from __future__ import annotations

import logging
import sys
import time
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QWidget

from mlipviewer.session.reports.log_book import FAILURES, Entry, LogBook
from mlipviewer.session.state import Weight
from mlipviewer.views.failed import FailedView

if TYPE_CHECKING:
    from mlipviewer.app.docks import Dock
    from mlipviewer.app.window import MainWindow

PATIENCE = 3  # failures of one view in a row
TELL_EVERY = 5.0  # s
DRAWING = ("paintEvent", "show_state", "paintGL", "resizeEvent")
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def hear_qt() -> Callable[[], None]:
    """Qt's messages go to the log, and on to who heard them before (the standard error where
    nobody did and it matters); returns how to end that."""
    log = logging.getLogger("mlipviewer.qt")

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        level = LEVELS.get(kind, logging.WARNING)
        log.log(level, "%s%s", f"{context.category}: " if context.category else "", text)
        if before is not None:
            before(kind, context, text)
        elif level >= logging.ERROR and sys.stderr is not None:
            sys.stderr.write(f"{text}\n")

    before: Any = qInstallMessageHandler(hear)

    def end() -> None:
        qInstallMessageHandler(before)

    return end


class Failures(QObject):
    """Hears of what nobody caught. Lives as long as its window."""

    _heard = Signal(object)

    def __init__(self, window: MainWindow, book: LogBook) -> None:
        super().__init__(window)
        self._window = window
        self._counts: dict[str, int] = {}
        self._told = -TELL_EVERY
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._end = book.listen(self._listen)
        self._ended = False
        self._before = sys.excepthook
        sys.excepthook = self._watch

    def end(self) -> None:
        """The window closes."""
        self._end()
        self._ended = True
        if sys.excepthook == self._watch:
            sys.excepthook = self._before

    def _listen(self, entry: Entry) -> None:
        if entry.source == FAILURES and entry.level >= logging.ERROR:
            self._heard.emit(entry)

    def _tell(self, entry: Entry) -> None:
        now = time.monotonic()
        if now - self._told >= TELL_EVERY:
            self._told = now
            said = f"Something went wrong inside the program: {entry.text}"
            self._window.session.notify(said, Weight.ERROR, entry.details)

    def _watch(
        self,
        kind: type[BaseException],
        problem: BaseException,
        trace: types.TracebackType | None,
    ) -> None:
        self._before(kind, problem, trace)
        if self._ended:
            return  # a window that was opened after this one, and is still there, calls this
        view = failed_view(trace)
        dock = None if view is None else self._dock_of(view)
        if dock is None:
            return
        n = self._counts[dock.panel_id] = self._counts.get(dock.panel_id, 0) + 1
        if n == PATIENCE:
            self._counts[dock.panel_id] = 0
            reason = f"{type(problem).__name__}: {problem}"
            QTimer.singleShot(0, self, lambda: self._replace(dock.panel_id, reason, trace))

    def _dock_of(self, view: QWidget) -> Dock | None:
        docks = self._window.docks.by_panel.values()
        return next((d for d in docks if d.view is view or d.isAncestorOf(view)), None)

    def _replace(self, panel_id: str, reason: str, trace: types.TracebackType | None) -> None:
        import traceback

        details = "".join(traceback.format_tb(trace)) + reason
        dock = self._window.docks.by_panel.get(panel_id)
        if dock is None:
            return
        failed = FailedView(dock.windowTitle(), reason, details)
        failed.reload_wanted.connect(
            lambda: self._window.docks.make_anew(panel_id), Qt.ConnectionType.QueuedConnection
        )
        self._window.docks.put_in_place(panel_id, failed)


def failed_view(trace: types.TracebackType | None) -> QWidget | None:
    """The widget whose drawing or showing of the state ended in the problem, if it was one."""
    while trace is not None:
        frame = trace.tb_frame
        owner = frame.f_locals.get("self")
        if frame.f_code.co_name in DRAWING and isinstance(owner, QWidget):
            return owner
        trace = trace.tb_next
    return None
