"""Which view shows which panel, and where its dock stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from mlipviewer.gui.view import View
from mlipviewer.session import changes
from mlipviewer.session.state import Panel, State
from mlipviewer.session.store import Store
from mlipviewer.views.details import DetailsView
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


VIEWS: dict[str, MakeView] = {
    "table": lambda store, _panel: TableView(store),
    "plot": lambda store, panel: PlotView(store, panel.id),
    "atoms": _atoms,
    "details": lambda store, _panel: DetailsView(store),
    "timeline": lambda store, _panel: TimelineView(store),
    "jobs": lambda store, _panel: JobsView(store),
    "sets": lambda store, _panel: SetsView(store),
    "links": lambda store, _panel: LinksView(store),
    "measurements": lambda store, _panel: MeasurementsView(store),
}


class Dock(QDockWidget):
    """The frame of one panel; closing it closes the panel, which can be undone."""

    def __init__(self, panel: Panel, view: QWidget, store: Store) -> None:
        super().__init__(panel.title)
        self.setObjectName(panel.id)
        self.panel_id = panel.id
        self.kind = panel.view
        self.view = view
        self._store = store
        self.setWidget(view)
        if isinstance(view, View):
            self.visibilityChanged.connect(view.set_front)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # the panel leaves the document, and the dock follows
        self._store.commit(
            lambda s: changes.close_panel(s, self.panel_id), f"Close {self.windowTitle()}"
        )


class Docks:
    """Keeps one dock for each panel of the document."""

    def __init__(self, window: QMainWindow, store: Store, made: Callable[[Dock], None]) -> None:
        self._window, self._store, self._made = window, store, made
        self.by_panel: dict[str, Dock] = {}

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
        self._place(dock, panel)
        if isinstance(view, View):
            view.attach()
        self._made(dock)

    def _place(self, dock: Dock, panel: Panel) -> None:
        """A later panel joins the tabs of one of its kind, so that nothing is squeezed."""
        alike = (one for one in self.by_panel.values() if one is not dock and one.kind == dock.kind)
        beside = next(alike, None)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if beside is not None and panel.view == "plot":
            self._window.tabifyDockWidget(beside, dock)
            dock.show()
            dock.raise_()

    def _drop(self, panel_id: str) -> None:
        dock = self.by_panel.pop(panel_id)
        if isinstance(dock.view, View):
            dock.view.detach()
        self._window.removeDockWidget(dock)
        dock.deleteLater()

    def detach_all(self) -> None:
        for dock in self.by_panel.values():
            if isinstance(dock.view, View):
                dock.view.detach()

    def arrange(self) -> None:
        """The usual places: table left, plots in the middle, atoms right, time below."""
        dock, window = self.by_panel, self._window
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        for one in dock.values():
            window.removeDockWidget(one)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock["table"])
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock["pareto"])
        window.splitDockWidget(dock["pareto"], dock["atoms"], horizontal)
        window.splitDockWidget(dock["table"], dock["details"], vertical)
        window.splitDockWidget(dock["pareto"], dock["graph"], vertical)
        window.tabifyDockWidget(dock["graph"], dock["heatmap"])
        window.tabifyDockWidget(dock["details"], dock["sets"])
        window.tabifyDockWidget(dock["sets"], dock["measurements"])
        window.tabifyDockWidget(dock["measurements"], dock["links"])
        window.tabifyDockWidget(dock["links"], dock["jobs"])
        window.splitDockWidget(dock["atoms"], dock["series"], vertical)
        window.tabifyDockWidget(dock["series"], dock["atom-series"])
        window.tabifyDockWidget(dock["atom-series"], dock["atom-errors"])
        window.addDockWidget(bottom, dock["timeline"])
        for one in dock.values():
            one.show()
        for first in ("graph", "details", "series"):
            dock[first].raise_()
        self._size(horizontal, vertical)

    def _size(self, horizontal: Qt.Orientation, vertical: Qt.Orientation) -> None:
        dock, width, height = self.by_panel, self._window.width(), self._window.height()
        row = [dock["table"], dock["pareto"], dock["atoms"]]
        self._window.resizeDocks(row, [int(width * s) for s in (0.33, 0.32, 0.35)], horizontal)
        for pair, share in ((("table", "details"), 0.62), (("pareto", "graph"), 0.5)):
            sizes = [int(height * share), int(height * (1 - share))]
            self._window.resizeDocks([dock[name] for name in pair], sizes, vertical)
        self._window.resizeDocks(
            [dock["atoms"], dock["series"]], [int(height * 0.68), int(height * 0.32)], vertical
        )
