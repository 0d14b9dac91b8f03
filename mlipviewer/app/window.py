"""The window: docks for the panels, menus from the actions, drops and dialogs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from mlipviewer.app.docks import Dock, Docks
from mlipviewer.app.exports import Exports, Picturable
from mlipviewer.app.frame_memory import ask_frame_memory
from mlipviewer.app.help_desk import HelpDesk
from mlipviewer.app.layout import WindowLayout
from mlipviewer.app.link_dialogs import LinkDialogs
from mlipviewer.app.notice_bar import NoticeBar
from mlipviewer.app.offers import Offers
from mlipviewer.app.panel_menus import PanelMenus
from mlipviewer.app.recent_menu import RecentMenu, remember
from mlipviewer.app.session_files import SessionFiles
from mlipviewer.app.table_dialogs import TableDialogs
from mlipviewer.app.together import ask_about
from mlipviewer.app.trajectory_dialogs import TrajectoryDialogs
from mlipviewer.app.unpack_limit import ask_unpack_limit
from mlipviewer.core.file_names import Astray, Contents, Offer, Remains
from mlipviewer.gui.palette import Palette
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.session.action import Action
from mlipviewer.session.actions import ACTIONS
from mlipviewer.session.log_book import LogBook
from mlipviewer.session.panels import start_panels
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.session import Session
from mlipviewer.session.settings import load_settings
from mlipviewer.session.state import Document, State
from mlipviewer.session.store import Store
from mlipviewer.session.workspaces import (
    workspace_of,
)
from mlipviewer.views.details import DetailsView
from mlipviewer.views.jobs import JobsView
from mlipviewer.views.links import LinksView
from mlipviewer.views.measurements import MeasurementsView
from mlipviewer.views.plot import PlotView
from mlipviewer.views.sets import SetsView
from mlipviewer.views.table import TableView

FLUSH_EVERY_MS = 8
SWITCH_S = 3e-4
"""How long a thread of a job may hold Python's lock while the window's thread waits for it. A turn
of events takes the lock some twenty times: with Python's 5 ms that makes gaps of 100 ms."""

MENUS = ("File", "Edit", "Select", "Table", "Atoms", "Time", "Analyse", "View", "Help")
FILLED_LATE = ("Analyse", "View")
"""Menus that are filled when they are opened: what they hold is offered otherwise."""


class Waker(QObject):
    """Brings news from any thread to the window's thread."""

    news = Signal()


class MainWindow(QMainWindow):
    """One document. It owns the store, the session and the docks."""

    def __init__(self, book: LogBook | None = None) -> None:
        super().__init__()
        sys.setswitchinterval(SWITCH_S)
        self.setWindowTitle("MLIPViewer")
        self.resize(1440, 900)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )
        self._flush_timer = QTimer(self, singleShot=True, interval=FLUSH_EVERY_MS)
        self.store = Store(State(Document(panels=start_panels())), self._flush_timer.start)
        self._flush_timer.timeout.connect(self.store.flush)
        self._waker = Waker()
        frame_bytes = load_settings().frame_bytes
        self.session = Session(self.store, self._waker.news.emit, frame_bytes)
        self._waker.news.connect(self.session.drain, Qt.ConnectionType.QueuedConnection)
        self.exports = Exports(self, self.store, self.session)
        self.table_dialogs = TableDialogs(self, self.store, self.session)
        self.link_dialogs = LinkDialogs(self, self.store, self.session)
        self.notices = NoticeBar(self.store)
        self.notices.reload_wanted.connect(self.session.growth.reload)
        self.notices.offer_taken.connect(self._ask_about)
        self.docks = Docks(self, self.store, self._join)
        layout = WindowLayout(self, self.docks)
        self.help = HelpDesk(self, book)
        self.sessions = SessionFiles(self, self.store, self.session, layout)
        self.sessions.changed.connect(self._show_title)
        self.setMenuWidget(self._make_top())
        self.docks.follow(self.store.state)
        self.docks.arrange(workspace_of(self.store.state))
        self.store.subscribe(self._show_state)
        self._show_state(None, self.store.state)

    # -- menus -----------------------------------------------------------------------------

    def _make_top(self) -> QWidget:
        from PySide6.QtWidgets import QMenuBar, QVBoxLayout

        top = QWidget()
        layout = QVBoxLayout(top)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = QMenuBar()
        layout.addWidget(self._bar)
        layout.addWidget(self.notices)
        self._fill_menus()
        self.notices.attach()
        return top

    def _fill_menus(self) -> None:
        self._menus = {name: self._bar.addMenu(name) for name in MENUS}
        self._actions: list[tuple[Action, QAction]] = []
        for action in ACTIONS:
            self._actions.append((action, self._add_action(action)))
        self._add_own("File", "Open ...", ("Ctrl+O",), lambda: self.open(self.exports.ask_files()))
        folder = self.exports.open_folder
        self._add_own("File", "Open folder as sequence ...", ("Ctrl+Shift+O",), folder)
        self._menus["File"].addMenu(RecentMenu(self._menus["File"], self.open))
        self._menus["File"].addSeparator()
        self._fill_session_menu()
        self._menus["File"].addSeparator()
        self._add_own("File", "Export figure ...", ("Ctrl+E",), self._export_focused)
        self._add_own("File", "Export 3D picture ...", (), self._export_atoms)
        self._add_own("File", "Export movie ...", (), self._ask_movie)
        self._add_own("File", "Export selected models ...", (), self.exports.save_selection)
        limit = partial(ask_unpack_limit, self, self.session)
        self._add_own("File", "Limit of compressed files ...", (), limit)
        self._menus["File"].addSeparator()
        self._add_own("File", "Quit", ("Ctrl+Q",), self.close)
        self._fill_table_menu()
        runs = TrajectoryDialogs(self, self.store, self.session)
        self._add_own("Time", "What the trajectory is ...", (), runs.ask_meaning)
        self._add_own("Time", "Memory for frames ...", (), self._ask_memory)
        copy = self.exports.copy_selection
        self._add_own("Table", "Copy selected models", ("Ctrl+Shift+C",), copy)
        self._undo = self._add_own("Edit", "Undo", ("Ctrl+Z",), self.store.undo)
        self._redo = self._add_own("Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), self.store.redo)
        self._menus["Edit"].addSeparator()
        keys = ("Ctrl+Shift+P", "Ctrl+P")
        self._add_own("Edit", "Command palette ...", keys, self.open_palette)
        of_panels = (self._menus["Analyse"], self._menus["View"])
        self.panel_menus = PanelMenus(self.store, self.session, self.docks, of_panels)
        self._offers = Offers(self.store, self._all_items, self.panel_menus, self.open)
        for title, its_keys, act in self.help.items():
            self._add_own("Help", title, its_keys, act)
        self._add_own("Help", "About MLIPViewer", (), self.exports.show_about)

    def _all_items(self) -> list[tuple[str, QAction]]:
        """The items of the menus, each with the name of its menu."""
        kinds = ((name, item) for name, menu in self._menus.items() for item in menu.actions())
        return [
            (name, item)
            for name, item in kinds
            if item.text() and not item.menu() and name not in FILLED_LATE
        ]

    def open_palette(self) -> None:
        """Ask for anything that can be done by a few of its letters."""
        Palette(self._offers.search, self).open_over(self)

    def _fill_session_menu(self) -> None:
        files = self.sessions
        self._add_own("File", "Open session ...", (), files.ask_open)
        self._add_own("File", "Save session", ("Ctrl+S",), files.save)
        self._add_own("File", "Save session as ...", ("Ctrl+Shift+S",), files.ask_save)
        self._add_own("File", "Save session with data ...", (), files.ask_pack)
        self._add_own("File", "Locate missing files ...", (), files.locate)

    def _fill_table_menu(self) -> None:
        ask, menu = self.table_dialogs, self._menus["Table"]
        self._tables = QMenu("Open tables", self)
        self._tables.aboutToShow.connect(lambda: ask.fill_menu(self._tables))
        menu.addMenu(self._tables)
        self._add_own("Table", "What columns mean ...", (), ask.ask_meaning)
        self._add_own("Table", "Table of a folder of structures ...", (), self._ask_for_table)
        self._add_own("Table", "Errors from values ...", (), ask.ask_errors)
        self._add_own("Table", "Combine seeds ...", (), ask.ask_seeds)
        self._add_own("Table", "Join with another table ...", ("Ctrl+J",), ask.ask_join)

    def _add_own(
        self, menu: str, title: str, keys: tuple[str, ...], act: Callable[[], object]
    ) -> QAction:
        action = QAction(title, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda _checked=False: act())
        self._menus[menu].addAction(action)
        return action

    def _add_action(self, action: Action) -> QAction:
        item = QAction(action.title, self)
        item.setObjectName(action.id)
        item.setShortcuts([QKeySequence(key) for key in action.keys])
        if action.local:
            item.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        item.triggered.connect(lambda _checked=False: self.perform(action))
        if action.menu:
            self._menus[action.menu].addAction(item)
        return item

    def perform(self, action: Action) -> None:
        """Do an action, unless something prevents it."""
        reason = action.prevented(self.store.state)
        if reason:
            self.session.notify(f"{action.title}: {reason}")
        else:
            self.store.commit(action.change, action.title)

    # -- panels ----------------------------------------------------------------------------

    def _join(self, dock: Dock) -> None:
        """Connect a new panel's wishes to who fulfils them."""
        view = dock.view
        if isinstance(view, TableView):
            view.files_dropped.connect(self._open_dropped)
        elif isinstance(view, PlotView):
            view.export_wanted.connect(self.exports.save_figure)
        elif isinstance(view, JobsView):
            view.stop_wanted.connect(self.session.jobs.stop)
        elif isinstance(view, SetsView):
            view.export_wanted.connect(self.exports.save_set)
        elif isinstance(view, LinksView):
            view.edit_wanted.connect(self.link_dialogs.ask_link)
            view.save_wanted.connect(self.link_dialogs.save)
        elif isinstance(view, DetailsView):
            view.connect_wanted.connect(self.link_dialogs.ask_link)
        elif isinstance(view, MeasurementsView):
            view.series_wanted.connect(self.exports.save_series)
            view.values_wanted.connect(self.exports.save_measurements)
        for action, item in self._actions:
            of_atoms = action.menu == "Atoms"
            lively = isinstance(view, PlotView) or dock.panel_id in _LIVELY
            if action.local and (dock.panel_id == "atoms" if of_atoms else lively):
                view.addAction(item)

    def _ask_memory(self) -> None:
        ask_frame_memory(self, self.session)

    def _export_focused(self) -> None:
        """The figure of the plot that has the focus, else the Pareto plot."""
        focused = QApplication.focusWidget()
        found = "pareto"
        for panel_id, dock in self.docks.by_panel.items():
            if isinstance(focused, PlotCanvas) and dock.view.isAncestorOf(focused):
                found = panel_id
        self.exports.save_figure(found)

    def _export_atoms(self) -> None:
        dock = self.docks.by_panel.get("atoms")
        if dock is not None and isinstance(dock.view, Picturable):
            self.exports.save_picture(dock.view)

    def _ask_movie(self) -> None:
        from mlipviewer.app.movies import ask_movie

        ask_movie(self.store, self.sessions.saved, self)

    # -- the state -------------------------------------------------------------------------

    def _show_state(self, old: State | None, new: State) -> None:
        if old is None or old.document.panels is not new.document.panels:
            self.docks.follow(new)
        if old is not None and old.document.workspace != new.document.workspace:
            self.docks.arrange(workspace_of(new))
        for action, item in self._actions:
            reason = action.prevented(new)
            item.setEnabled(not reason)
            item.setToolTip(reason or action.title)
        self._show_history()
        self._show_contents(old, new)
        self.sessions.show_state(old, new)
        self._show_title()

    def _show_title(self) -> None:
        document = self.store.state.document
        names = [one.name for one in document.inputs if one.name == document.table]
        said = [self.sessions.title] if self.sessions.title else names
        self.setWindowTitle(" - ".join([*said, "MLIPViewer"]))

    def _show_history(self) -> None:
        for item, title, label in (
            (self._undo, "Undo", self.store.undo_label),
            (self._redo, "Redo", self.store.redo_label),
        ):
            item.setText(f"{title} {label}".strip())
            item.setEnabled(bool(label))

    # -- files -----------------------------------------------------------------------------

    def open(self, paths: Sequence[str], choices: str = "") -> None:
        """Open files as if they were dropped on the window; `choices` are about trajectories."""
        self.session.open(self._without_sessions(paths), choices=choices)

    def _open_dropped(self, paths: Sequence[str], row: int | None = None) -> None:
        self.session.open(self._without_sessions(paths), row)

    def _without_sessions(self, paths: Sequence[str]) -> list[str]:
        """The last session file among the paths is opened; the other files go their way."""
        sessions = [path for path in paths if path.lower().endswith(SUFFIX)]
        if sessions:
            self.sessions.open(Path(sessions[-1]))
        others = [path for path in paths if path not in sessions]
        remember(others)
        return others

    def _ask_about(self, offer: Offer) -> None:
        match offer:
            case Remains(path):
                self.sessions.open(Path(path))
            case Astray():
                self.sessions.locate()
            case _:
                ask_about(offer, self.session.open, self, self._ask_for_table)

    def _ask_for_table(self, folder: str = "") -> None:
        from mlipviewer.app.batches import ask_for_table

        ask_for_table(self.store, self, folder)

    def _show_contents(self, old: State | None, new: State) -> None:
        """A folder that was dropped, and holds several things, asks which of them at once."""
        notices = new.moment.notices
        news = old is not None and old.moment.notices is not notices and notices
        if news and isinstance(notices[-1].offer, Contents):
            QTimer.singleShot(0, partial(self._ask_about, notices[-1].offer))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        event.acceptProposedAction()
        paths = [str(Path(url.toLocalFile())) for url in urls if url.isLocalFile()]
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.session.open(self._without_sessions(paths), separate=alone)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.sessions.may_leave():
            event.ignore()
            return
        self.sessions.close()
        self.session.close()
        self.help.end()
        self.docks.detach_all()
        self.notices.detach()
        super().closeEvent(event)


_LIVELY = ("atoms", "timeline")
