"""The main window of a test: shown, active, and gone without a trace afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor

from mlipviewer.app.window import MainWindow
from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.session import changes
from mlipviewer.session.reports.log_book import LogBook
from mlipviewer.session.state import State
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.plot import PlotView
from mlipviewer.views.table import TableView
from mlipviewer.views.timeline import TimelineView
from tests import made, windows
from tests.windows import Pixel


def open_window(qtbot: Any, book: LogBook | None = None) -> MainWindow:
    """Show a window at the top left, and wait until the window manager made it active."""
    QCursor.setPos(1900, 1190)
    window = MainWindow(book)
    window.resize(1700, 1050)
    window.show()
    windows.in_front(qtbot, window)
    windows.settle(window.store, window.session)
    return window


def close_window(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    before = set(threading.enumerate())
    shown = open_window(qtbot)
    yield shown
    close_window(shown)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive(), f"{thread.name} outlives its window"


def settled(window: MainWindow) -> State:
    windows.settle(window.store, window.session)
    return window.store.state


def shown_view(window: MainWindow, panel_id: str) -> Any:
    """The view of a panel, in front."""
    dock = window.docks.by_panel[panel_id]
    dock.show()
    dock.raise_()
    settled(window)
    return dock.view


def plot(window: MainWindow, panel_id: str) -> PlotView:
    found = shown_view(window, panel_id)
    assert isinstance(found, PlotView)
    return found


def table(window: MainWindow) -> TableView:
    found = shown_view(window, "table")
    assert isinstance(found, TableView)
    return found


def timeline(window: MainWindow) -> TimelineView:
    found = shown_view(window, "timeline")
    assert isinstance(found, TimelineView)
    return found


def atoms(window: MainWindow, qtbot: Any) -> AtomsView:
    """The 3D view once its picture is whole."""
    found = shown_view(window, "atoms")
    assert isinstance(found, AtomsView)
    qtbot.waitUntil(lambda: found.canvas.complete, timeout=20_000)
    return found


def selected(window: MainWindow, space: Space) -> list[int]:
    return settled(window).selected(space).tolist()


def row_pixel(view: TableView, row: int, column: int = 0) -> Pixel:
    """The middle of a cell, by the row of the table."""
    place = view.model.place_of(row)
    assert place is not None
    box = view.rows.visualRect(view.model.index(place, column))
    return box.center().x(), box.center().y()


def atom_pixel(view: AtomsView, atom: int, pane: int = 0) -> Pixel:
    """Where the middle of an atom is seen, by its id."""
    shown = view.canvas.panes[pane].frame
    assert shown is not None
    left, top, width, height = view.canvas.rects()[pane]
    position = shown.positions[(shown.atom_ids == atom).nonzero()[0][0]]
    x, y, _ = view.canvas.pane_camera(pane).project(position, (width, height))
    return left + float(x), top + float(y)


def link_runs(window: MainWindow, errors: Mapping[int, float]) -> None:
    """Runs of models by row, in memory: `run2.xyz` of row 2 has 7 frames, 3 has 8 ..."""
    for row, error in errors.items():
        name = f"run{row}.xyz"
        run = made.trajectory(name, error=error, n_frames=5 + row, seed=row)
        link = Link(f"m{row}", "trajectory", f"/made/{name}")
        window.store.commit(lambda s, link=link: changes.add_links(s, (link,)), "Link")
        window.store.commit(lambda s, n=name, r=run: changes.loaded(s, n, r), "Read")
    settled(window)
