"""What helps beside the work: the log and what failed, the welcome page, the tour, the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from mlipviewer.app.console_dock import ConsoleDock
from mlipviewer.app.failures import Failures
from mlipviewer.app.log_dock import LogDock, log_notices
from mlipviewer.session.log_book import LogBook

if TYPE_CHECKING:
    from mlipviewer.app.registry import Registry
    from mlipviewer.app.window import MainWindow


class HelpDesk(QObject):
    """The helpers of one window."""

    def __init__(self, window: MainWindow, book: LogBook | None) -> None:
        super().__init__(window)
        self._window = window
        self.book = book if book is not None else LogBook()
        self.log = LogDock(self.book, window.session.notify, window)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.log)
        self.log.hide()
        self.console = ConsoleDock(window)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.console)
        self.console.hide()
        window.notices.log_wanted.connect(self.log.open)
        self._failures = Failures(window, self.book)
        self._end_notices = window.store.subscribe(log_notices)

    def bind(self, registry: Registry) -> None:
        """Say what is done for the actions of the help menu (session/window_actions.py)."""
        registry.bind("help.log", self.log.open)
        registry.bind("view.console", self.console.open)
        registry.bind("help.report", self.log.ask_report)

    def end(self) -> None:
        """The window closes."""
        self._failures.end()
        self.log.end()
        self.console.end()
        self._end_notices()
