"""What helps beside the work: the log and what failed, the welcome page, the tour, the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from mlipviewer.app.console_dock import ConsoleDock
from mlipviewer.app.failures import Failures
from mlipviewer.app.help.key_sheet import key_sheet_html
from mlipviewer.app.help.tour import Tour
from mlipviewer.app.help.welcome import Ways, Welcome, samples
from mlipviewer.app.help.window import GUIDE, HelpWindow
from mlipviewer.app.log_dock import LogDock, log_notices
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.help_pages import page_key
from mlipviewer.session.reports.log_book import LogBook
from mlipviewer.session.settings.seen import mark_seen, seen
from mlipviewer.session.state import State
from mlipviewer.session.updates import begin_of_day, look_for_update

if TYPE_CHECKING:
    from mlipviewer.app.registry import Registry
    from mlipviewer.app.window import MainWindow


TOUR = "tour"
TOUR_MS = 300


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
        self.pages = HelpWindow(window)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.pages)
        self.pages.hide()
        ways = Ways(
            window.open, self._ask_files, window.exports.open_folder, self.take_tour, self.guide
        )
        self.welcome = Welcome(window, ways, window)
        self.tour = Tour(window, window.docks.by_panel.get)
        self._begun = self._tour_wanted = False
        store = window.store
        self._ends = [store.subscribe(log_notices), store.subscribe(self._show_state)]

    def _ask_files(self) -> None:
        self._window.open(self._window.exports.ask_files())

    def guide(self) -> None:
        """The guide that came with the program."""
        self.pages.open_page(f"{GUIDE}README.md")

    def show_about(self, view: QWidget | None = None) -> None:
        """The page about a panel: the one given, else that with the focus, else of the table."""
        focused = view or self._window.focusWidget()
        for name, dock in (("panel:log", self.log), ("panel:console", self.console)):
            if focused is not None and dock.isAncestorOf(focused):
                self.pages.open_page(name)
                return
        docks = self._window.docks.by_panel.values()
        own = (d for d in docks if focused is not None and d.isAncestorOf(focused))
        found = next(own, None)
        state = self._window.store.state
        panel = next((p for p in state.document.panels if found and p.id == found.panel_id), None)
        self.pages.open_page(page_key(panel) if panel is not None else "panel:table")

    def keys(self) -> None:
        """All keys on one sheet, to be read and printed."""
        self.pages.open_html(key_sheet_html(), "Keys")

    def bind(self, registry: Registry) -> None:
        """Say what is done for the actions of the help menu (session/actions/window.py)."""
        registry.bind("help.log", self.log.open)
        registry.bind("view.console", self.console.open)
        registry.bind("help.report", self.log.ask_report)
        registry.bind("help.page", self.show_about)
        registry.bind("help.guide", self.guide)
        registry.bind("help.keys", self.keys)
        registry.bind("help.welcome", self.welcome.welcome)
        registry.bind("help.tour", self.take_tour)
        registry.bind("help.updates", self.look_for_update)

    def begin(self) -> None:
        """A user has opened the program: welcome, and the first time lead around."""
        self._begun = True
        self._show_state(None, self._window.store.state)
        if settings_in_use.now.flag("updates.check") and begin_of_day():
            self.look_for_update(quiet=True)

    def look_for_update(self, quiet: bool = False) -> None:
        """Ask whether there is a newer version; a `quiet` question tells only of one."""
        address = settings_in_use.now.text("updates.address")
        self._window.store.commit(
            lambda state: look_for_update(state, address, quiet), "Look for a new version"
        )

    def take_tour(self) -> None:
        """Lead around; with nothing open, the sample is opened first."""
        if self._window.store.state.document.inputs:
            self.welcome.hide()
            self.tour.start()
            return
        self._tour_wanted = True
        self._window.open(samples()[-1].paths)

    def _show_state(self, old: State | None, new: State) -> None:
        if not self._begun:
            return
        empty = not new.document.inputs
        was_empty = old is None or not old.document.inputs
        if empty and (old is None or not was_empty):
            self.welcome.welcome()
        elif not empty and was_empty:
            self.welcome.hide()
            if self._tour_wanted or TOUR not in seen():
                self._tour_wanted = False
                mark_seen(TOUR)
                QTimer.singleShot(TOUR_MS, self, self._start_tour)

    def _start_tour(self) -> None:
        if self._window.isVisible() and self._window.store.state.document.inputs:
            self.tour.start()

    def end(self) -> None:
        """The window closes."""
        self._failures.end()
        self.log.end()
        self.console.end()
        self.tour.end()
        for end in self._ends:
            end()
