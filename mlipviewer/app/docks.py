"""Which view shows which panel, and where its dock stands."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from mlipviewer.gui.carrying import from_elsewhere
from mlipviewer.gui.dock import InkedDock
from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.state import Panel, State
from mlipviewer.session.store import Store
from mlipviewer.session.workspaces import Column, Workspace
from mlipviewer.views.details import DetailsView
from mlipviewer.views.events import EventsView
from mlipviewer.views.history import HistoryView
from mlipviewer.views.jobs import JobsView
from mlipviewer.views.links import LinksView
from mlipviewer.views.measurements import MeasurementsView
from mlipviewer.views.plot import PlotView
from mlipviewer.views.sets import SetsView
from mlipviewer.views.table import TableView
from mlipviewer.views.timeline import TimelineView

MakeView = Callable[[Store, Panel], QWidget]


def _atoms(store: Store, _panel: Panel) -> QWidget:
    from mlipviewer.views.atoms import AtomsView  # OpenGL loads with the first such panel

    return AtomsView(store)


def _campaign(store: Store, _panel: Panel) -> QWidget:
    from mlipviewer.views.campaign import CampaignView  # loads with the first such panel

    return CampaignView(store)


VIEWS: dict[str, MakeView] = {
    "table": lambda store, _panel: TableView(store),
    "plot": lambda store, panel: PlotView(store, panel.id),
    "atoms": _atoms,
    "details": lambda store, _panel: DetailsView(store),
    "timeline": lambda store, _panel: TimelineView(store),
    "jobs": lambda store, _panel: JobsView(store),
    "history": lambda store, _panel: HistoryView(store),
    "sets": lambda store, _panel: SetsView(store),
    "links": lambda store, _panel: LinksView(store),
    "events": lambda store, _panel: EventsView(store),
    "measurements": lambda store, _panel: MeasurementsView(store),
    "campaign": _campaign,
}


class Dock(InkedDock):
    """The frame of one panel; closing it closes the panel, which can be undone."""

    title_doubled = Signal()
    files_over = Signal(object)  # the event of a drag, while it is a window of its own
    files_left = Signal()
    files_fell = Signal(object)

    def __init__(self, panel: Panel, view: QWidget, store: Store) -> None:
        super().__init__(panel.title)
        self.setObjectName(panel.id)
        self.panel_id = panel.id
        self.kind = panel.view
        self.view = view
        self._store = store
        self.setWidget(view)
        self.topLevelChanged.connect(self.setAcceptDrops)  # within the window that one takes them
        if isinstance(view, View):
            self.visibilityChanged.connect(view.set_front)

    def event(self, event: QEvent) -> bool:
        """A double click on the title shows the panel alone; Qt would let it float, which dragging
        and the button of the title do."""
        if (
            event.type() == QEvent.Type.MouseButtonDblClick
            and isinstance(event, QMouseEvent)
            and not self.isFloating()
            and event.position().y() < self.view.geometry().top()
        ):
            self.title_doubled.emit()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if from_elsewhere(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.files_over.emit(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.files_left.emit()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.files_fell.emit(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # the panel leaves the document, and the dock follows
        self._store.commit(
            lambda s: changes.close_panel(s, self.panel_id), f"Close {self.windowTitle()}"
        )


def make_room(window: QMainWindow, dock: QDockWidget) -> None:
    """Half of the window wide, a third of it high: shown first a dock is as small as can be."""
    window.resizeDocks([dock], [window.width() // 2], Qt.Orientation.Horizontal)
    window.resizeDocks([dock], [window.height() // 3], Qt.Orientation.Vertical)


class Docks:
    """Keeps one dock for each panel of the document."""

    def __init__(self, window: QMainWindow, store: Store, made: Callable[[Dock], None]) -> None:
        self._window, self._store, self._made = window, store, made
        self.by_panel: dict[str, Dock] = {}
        self.greet: Callable[[Dock], None] = lambda _dock: None  # a new one, once
        self._left: set[str] = set()  # panels that were closed, whose places are still known

    def follow(self, state: State) -> None:
        """Make the docks that panels lack, and drop those whose panel is gone."""
        wanted = {panel.id: panel for panel in state.document.panels}
        for panel_id in self.by_panel.keys() - wanted.keys():
            self._drop(panel_id)
        for panel_id, panel in wanted.items():
            if panel_id not in self.by_panel:
                self._make(panel)

    def _make(self, panel: Panel) -> None:
        view = VIEWS[panel.view](self._store, panel)
        dock = Dock(panel, view, self._store)
        self.by_panel[panel.id] = dock
        self.greet(dock)
        self._place(dock, panel)
        if isinstance(view, View):
            view.attach()
        self._made(dock)

    def _place(self, dock: Dock, panel: Panel) -> None:
        """Where it was closed; a panel that was not there yet joins the tabs of one of its kind, so
        that nothing is squeezed."""
        if panel.id in self._left and self._window.restoreDockWidget(dock):
            dock.show()
            QTimer.singleShot(0, dock, dock.raise_)  # once Qt has made its tab
            return
        alike = (one for one in self.by_panel.values() if one is not dock and one.kind == dock.kind)
        beside = next(alike, None)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if beside is not None and panel.view == "plot":
            self._window.tabifyDockWidget(beside, dock)
            dock.show()
            dock.raise_()

    def put_in_place(self, panel_id: str, view: QWidget) -> None:
        """Another view in the dock of a panel; the one that was there hears no more."""
        dock = self.by_panel[panel_id]
        old, dock.view = dock.view, view
        if isinstance(old, View):
            dock.visibilityChanged.disconnect(old.set_front)
            old.detach()
        dock.setWidget(view)
        old.hide()
        old.deleteLater()

    def make_anew(self, panel_id: str) -> None:
        """A new view of a panel, in the same place."""
        panel = next(p for p in self._store.state.document.panels if p.id == panel_id)
        view, dock = VIEWS[panel.view](self._store, panel), self.by_panel[panel_id]
        self.put_in_place(panel_id, view)
        if isinstance(view, View):
            dock.visibilityChanged.connect(view.set_front)
            view.attach()
        self._made(dock)

    def _drop(self, panel_id: str) -> None:
        dock = self.by_panel.pop(panel_id)
        self._left.add(panel_id)  # Qt keeps a place for its name
        if isinstance(dock.view, View):
            dock.view.detach()
        self._window.removeDockWidget(dock)
        dock.deleteLater()

    def detach_all(self) -> None:
        for dock in self.by_panel.values():
            if isinstance(dock.view, View):
                dock.view.detach()

    def arrange(self, workspace: Workspace) -> None:
        """The places of a workspace; what does not belong to it joins its last tabs."""
        window = self._window
        self._left.clear()
        for one in self.by_panel.values():
            window.removeDockWidget(one)
        columns = [column for one in workspace.columns if (column := self._stacks(one))]
        self._place_columns(columns)
        below = [self.by_panel[name] for name in workspace.below if name in self.by_panel]
        for one in below:
            window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, one)
        stacks = [stack for column in columns for stack, _ in column]
        placed = {dock for stack in stacks for dock in stack} | set(below)
        others = [dock for dock in self.by_panel.values() if dock not in placed]
        self._place_tabs([*stacks[:-1], [*stacks[-1], *others]] if stacks else [others])
        for one in self.by_panel.values():
            one.show()
        for stack in stacks:
            stack[0].raise_()
        self._size(workspace, columns)

    def _stacks(self, column: Column) -> list[tuple[list[Dock], float]]:
        """The stacks of a column that have a dock, with their shares."""
        found = []
        for stack in column.stacks:
            docks = [self.by_panel[name] for name in stack.panels if name in self.by_panel]
            if docks:
                found.append((docks, stack.share))
        return found

    def _place_columns(self, columns: list[list[tuple[list[Dock], float]]]) -> None:
        """The first dock of each stack: the left column on the left, the others beside it."""
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        for place, column in enumerate(columns):
            first = column[0][0][0]
            if place < 2:
                self._window.addDockWidget(right if place else left, first)
            else:
                before = columns[place - 1][0][0][0]
                self._window.splitDockWidget(before, first, Qt.Orientation.Horizontal)
        for column in columns:
            for (above, _), (under, _) in pairwise(column):
                self._window.splitDockWidget(above[0], under[0], Qt.Orientation.Vertical)

    def _place_tabs(self, stacks: list[list[Dock]]) -> None:
        for stack in stacks:
            for one, other in pairwise(stack):
                self._window.tabifyDockWidget(one, other)

    def _size(self, workspace: Workspace, columns: list[list[tuple[list[Dock], float]]]) -> None:
        width, height = self._window.width(), self._window.height()
        there = [one.share for one in workspace.columns if self._stacks(one)]
        firsts = [column[0][0][0] for column in columns]
        sizes = [int(width * share / sum(there)) for share in there]
        self._window.resizeDocks(firsts, sizes, Qt.Orientation.Horizontal)
        for column in columns:
            whole = sum(share for _, share in column)
            docks = [stack[0] for stack, _ in column]
            heights = [int(height * share / whole) for _, share in column]
            self._window.resizeDocks(docks, heights, Qt.Orientation.Vertical)
