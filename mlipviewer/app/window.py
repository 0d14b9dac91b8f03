"""The window: docks for the panels, menus from the actions, drops and dialogs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenuBar, QWidget

from mlipviewer.app.campaigns.panel import join_campaign
from mlipviewer.app.dock_tabs import DockTabs
from mlipviewer.app.docks import Dock, Docks
from mlipviewer.app.exports import Exports
from mlipviewer.app.figures.figures import Figures
from mlipviewer.app.help.desk import HelpDesk
from mlipviewer.app.layout import WindowLayout
from mlipviewer.app.long_work import LongWork
from mlipviewer.app.menus import bind_window, fill_menus
from mlipviewer.app.notice_bar import NoticeBar
from mlipviewer.app.offers import Offers
from mlipviewer.app.panel_menus import PanelMenus
from mlipviewer.app.preferences.heeding import Heeding, begun
from mlipviewer.app.recent_menu import remember
from mlipviewer.app.registry import Registry
from mlipviewer.app.session_files import SessionFiles
from mlipviewer.app.start.drops import Drops, held_by
from mlipviewer.app.tables.dialogs import TableDialogs
from mlipviewer.app.top_row import TopRow
from mlipviewer.app.trajectories.link_dialogs import LinkDialogs
from mlipviewer.app.trajectories.open_as import ask_format
from mlipviewer.app.trajectories.together import ask_about
from mlipviewer.app.window_places import WindowPlaces
from mlipviewer.core.file_names import Astray, Contents, Offer, Remains, Unread
from mlipviewer.gui.carrying import from_elsewhere
from mlipviewer.gui.palette import Palette
from mlipviewer.gui.plain import plain
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.arriving import Way
from mlipviewer.session.panels import start_panels
from mlipviewer.session.reports.log_book import LogBook
from mlipviewer.session.saving.receipts import is_figure
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.session import Session
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
        settings = settings_in_use.now
        document = begun(Document(panels=start_panels()), settings)
        self.store = Store(State(document), self._flush_timer.start)
        self._flush_timer.timeout.connect(self.store.flush)
        self._waker = Waker()
        self.session = Session(self.store, self._waker.news.emit, settings.frame_bytes)
        self._waker.news.connect(self.session.drain, Qt.ConnectionType.QueuedConnection)
        self.exports = Exports(self, self.store, self.session)
        self.table_dialogs = TableDialogs(self, self.store, self.session)
        self.link_dialogs = LinkDialogs(self, self.store, self.session)
        self.notices = NoticeBar(self.store)
        self.notices.reload_wanted.connect(self.session.growth.reload)
        self.notices.offer_taken.connect(self._ask_about)
        self.drops = Drops(self, self.store)
        self.places = WindowPlaces(self)
        self.docks = Docks(self, self.store, self._join)
        self.docks.greet = self._greet
        DockTabs(self)
        layout = WindowLayout(self, self.docks)
        self.help = HelpDesk(self, book)
        self.sessions = SessionFiles(self, self.store, self.session, layout)
        self.sessions.changed.connect(self._show_title)
        self.figures = Figures(self, self.store, self.session, self.docks, self.sessions.saved)
        self.setMenuWidget(self._make_top())
        self.docks.follow(self.store.state)
        self.docks.arrange(workspace_of(self.store.state))
        self._heeding = Heeding(self)
        self._long_work = LongWork(self, self.store)
        self._ended = False
        self.store.subscribe(self._show_state)
        self._show_state(None, self.store.state)

    # -- menus -----------------------------------------------------------------------------

    def _make_top(self) -> QWidget:
        self._bar = QMenuBar()
        top = TopRow(self._bar, self.notices)
        self._fill_menus()
        self.notices.attach()
        return top

    def _fill_menus(self) -> None:
        self.registry = Registry(self, self.store, self._bar, self._views)
        self._menus = self.registry.menus
        fill_menus(self.registry)
        self.panel_menus = PanelMenus(self.store, self.session, self.docks, self.registry)
        self._offers = Offers(self.store, self.registry, self.panel_menus, self.open)
        self._undo, self._redo = (self.registry.items[f"edit.{n}"] for n in ("undo", "redo"))
        bind_window(self)

    def _views(self) -> Iterator[QWidget]:
        return (dock.view for dock in self.docks.by_panel.values())

    def open_preferences(self, page: str = "General", search: str = "") -> None:
        """Show the preferences beside the work."""
        from mlipviewer.app.preferences.dialog import Preferences

        Preferences(self, page, search).show()

    def open_palette(self) -> None:
        """Ask for anything that can be done by a few of its letters."""
        Palette(self._offers.search, self).open_over(self)

    # -- panels ----------------------------------------------------------------------------

    def _greet(self, dock: Dock) -> None:
        """Hear of a new dock, whatever view it shows."""
        dock.title_doubled.connect(partial(self.places.toggle_one, dock))
        dock.files_over.connect(partial(self.drops.over, widget=dock))
        dock.files_left.connect(self.drops.leave)
        dock.files_fell.connect(self.dropEvent)

    def _join(self, dock: Dock) -> None:
        """Connect a new panel's wishes to who fulfils them."""
        view = dock.view
        if isinstance(view, TableView):
            view.files_dropped.connect(self._open_dropped)
            view.copy_wanted.connect(self.exports.copy_selection)
            self.drops.join(view)
        elif isinstance(view, PlotView):
            view.export_wanted.connect(self.figures.ask)
            view.help_wanted.connect(partial(self.help.show_about, view))
            view.data_wanted.connect(self.exports.save_plot_data)
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
        elif dock.kind == "campaign":
            join_campaign(self, view)

    # -- the state -------------------------------------------------------------------------

    def _show_state(self, old: State | None, new: State) -> None:
        if old is None or old.document.panels is not new.document.panels:
            self.docks.follow(new)
        if old is not None and old.document.workspace != new.document.workspace:
            self.docks.arrange(workspace_of(new))
        self.registry.show_state(new)
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
            item.setText(plain(f"{title} {label}".strip(), 80))

    # -- files -----------------------------------------------------------------------------

    def open(self, paths: Sequence[str], choices: str = "") -> None:
        """Open files as if they were dropped on the window; `choices` are about trajectories."""
        self.session.open(self._without_sessions(paths), choices=choices)

    def _open_dropped(self, paths: Sequence[str], row: int | None, alone: bool) -> None:
        """Files that were let fall, on a row of the table or elsewhere; a tile that was pointed at
        goes before the row below it."""
        way = self.drops.taken()
        row = row if way is None else None
        others = self._without_sessions(paths)
        self.session.open(others, row, separate=alone, way=way or Way.ADD)

    def _without_sessions(self, paths: Sequence[str]) -> list[str]:
        """The last session file, or figure of one, among the paths is opened; the other files go
        their way."""
        sessions = [p for p in paths if p.lower().endswith(SUFFIX) or is_figure(Path(p))]
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
            case Unread(path):
                ask_format(self, self.store, path)
            case _:
                ask_about(offer, self.session.open, self, self.ask_for_table)

    def ask_for_table(self, folder: str = "") -> None:
        from mlipviewer.app.tables.batches import ask_for_table

        ask_for_table(self.store, self, folder)

    def _show_contents(self, old: State | None, new: State) -> None:
        """A folder that was dropped, and holds several things, asks which of them at once."""
        notices = new.moment.notices
        news = old is not None and old.moment.notices is not notices and notices
        if news and isinstance(notices[-1].offer, Contents):
            QTimer.singleShot(0, self, partial(self._ask_about, notices[-1].offer))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if from_elsewhere(event):
            event.acceptProposedAction()  # else no move would be heard of, nor that it leaves

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.drops.over(event, self)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drops.leave()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths, _ = held_by(event)
        alone = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._open_dropped(paths, None, alone)

    @property
    def ended(self) -> bool:
        """Whether it was closed: nothing is read or computed in it any more."""
        return self._ended

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.sessions.may_leave():
            event.ignore()
            return
        if not self._ended:  # Qt may close a window again, e.g. as the program quits
            self._ended = True
            self._end()
        super().closeEvent(event)

    def _end(self) -> None:
        """What goes with the window, once."""
        self.sessions.close()
        self.session.close()
        self.help.end()
        self.docks.detach_all()
        self.registry.close()
        self._heeding.end()
        self._long_work.end()
        self.notices.detach()
