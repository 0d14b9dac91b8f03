"""Panels of crystallization by real clicks: what their marks choose, and what they count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu, QToolButton

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Area, Raster, Space
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session import changes
from mlipviewer.session.panels import new_panel
from mlipviewer.session.state import State
from mlipviewer.session.time_changes import set_range
from mlipviewer.views.plot import PlotView
from tests import windows
from tests.main_window import plot, selected, settled


def crystallizing() -> Trajectory:
    """Of atoms 10..19, 10 to 13 are bcc, the next four become so in frame 6, by way of hcp."""
    frames = []
    for t in range(10):
        kinds = ["bcc"] * 4 + [("other", "hcp", "bcc")[(t >= 3) + (t >= 6)]] * 4 + ["other"] * 2
        places = np.stack((3.0 * np.arange(10), np.zeros(10), np.zeros(10)), axis=1)
        columns = {"kind": np.array(kinds, object)}
        frames.append(Frame(t, places, np.full(10, 3), ids=np.arange(10, 20), columns=columns))
    return Trajectory.whole("made.xyz", MemorySource("made.xyz", "memory", frames))


@pytest.fixture
def crystal(window: MainWindow) -> MainWindow:
    windows.give(window, crystallizing())
    settled(window)
    return window


def panel(window: MainWindow, name: str, plot_name: str) -> PlotView:
    added = new_panel(window.store.state, name, plot_name)
    window.store.commit(lambda s: changes.open_panel(s, added), "Open")
    set_params(window, added.id, method="column", column="kind")
    return plot(window, added.id)


def set_params(window: MainWindow, panel_id: str, **params: Any) -> None:
    window.store.commit(lambda s: changes.set_params(s, panel_id, **params), "Set")
    settled(window)


def pixel(view: PlotView, x: float, y: float) -> windows.Pixel:
    px, py = view.canvas.sheet.to_pixels(np.array([x]), np.array([y]))
    return float(px[0]), float(py[0])


def test_that_a_click_in_the_image_chooses_atom_and_frame(crystal: MainWindow) -> None:
    view = panel(crystal, "raster", "Atoms over time")
    raster = view.canvas.plot.marks[0]
    assert isinstance(raster, Raster)
    line = next(i for i, own in enumerate(raster.rows) if own.tolist() == [15])
    windows.click(view.canvas, pixel(view, 7.0, 10 - line - 0.5))
    state = settled(crystal)
    assert selected(crystal, Space.ATOM) == [15]
    assert state.frame == 6
    crystal.store.undo()
    assert selected(crystal, Space.ATOM) == []
    assert settled(crystal).frame == 0


def test_that_a_drag_over_the_counts_chooses_frames(crystal: MainWindow) -> None:
    view = panel(crystal, "structure", "Counts")
    ends = (pixel(view, 2.6, 3.0), pixel(view, 5.4, 5.0))
    windows.drag(view.canvas, windows.rectangle(*ends))
    assert selected(crystal, Space.FRAME) == [2, 3, 4]
    windows.click(view.canvas, pixel(view, 8.1, 3.0))
    assert settled(crystal).frame == 7


def test_that_the_counts_are_those_of_the_selected_atoms_where_wanted(crystal: MainWindow) -> None:
    view = panel(crystal, "structure", "Counts")
    assert view.status.text().startswith("10 frames / 10 atoms")
    crystal.store.commit(lambda s: changes.select(s, Space.ATOM, rows([14, 15])), "Select")
    settled(crystal)
    assert "10 atoms" in view.status.text()
    view.set_on_selection(True)
    settled(crystal)
    assert "2 atoms" in view.status.text()


@pytest.mark.parametrize(("name", "plot_name"), [("rdf", "g(r)"), ("adf", "Angles")])
def test_that_pairs_and_angles_are_those_of_the_selected_atoms(
    crystal: MainWindow, name: str, plot_name: str
) -> None:
    added = new_panel(crystal.store.state, name, plot_name)
    crystal.store.commit(lambda s: changes.open_panel(s, added), "Open")
    settled(crystal)
    view = plot(crystal, added.id)
    crystal.store.commit(lambda s: changes.select(s, Space.ATOM, rows([14, 15])), "Select")
    settled(crystal)
    centres = view.canvas.plot.marks[0].rows
    assert centres.tolist() == list(range(10, 20))
    options = next(b for b in view.findChildren(QToolButton) if b.text() == "Options")
    windows.choose_in_menu(options.menu(), "Only the selected atoms")
    settled(crystal)
    assert view.canvas.plot.marks[0].rows.tolist() == [14, 15]


def test_that_growth_is_that_of_the_played_range(crystal: MainWindow) -> None:
    view = panel(crystal, "structure", "Counts")
    before = view.status.text()

    def narrowed(state: State) -> State:
        return set_range(state, 5, 6)

    crystal.store.commit(narrowed, "Range")
    settled(crystal)
    assert "bcc grows by 4 atoms per frame" in view.status.text()
    assert before != view.status.text()


def test_that_a_flow_chooses_its_atoms_and_frames(crystal: MainWindow) -> None:
    view = panel(crystal, "pathways", "Pathways")
    areas = [one for one in view.canvas.plot.marks if isinstance(one, Area)]
    way = next(one for one in areas if one.label.startswith("disordered → close-packed → bcc"))
    windows.click(view.canvas, pixel(view, float(way.x[8]), float(way.y[8] + way.y[-9]) / 2))
    assert selected(crystal, Space.ATOM) == [14, 15, 16, 17]
    assert settled(crystal).frame == 6


def test_that_a_lasso_on_the_order_map_becomes_a_class_over_all_frames(crystal: MainWindow) -> None:
    added = new_panel(crystal.store.state, "order-map", "Order map")
    crystal.store.commit(lambda s: changes.open_panel(s, added), "Open")
    set_params(crystal, added.id, x="x", y="y")
    view = plot(crystal, added.id)
    ends = (pixel(view, 7.5, -0.04), pixel(view, 16.5, 0.04))
    windows.drag(view.canvas, windows.rectangle(*ends))
    assert selected(crystal, Space.ATOM) == [13, 14, 15]
    settled(crystal)
    assert view.status.text().endswith("3 inside")
    menu = QMenu(view)
    view.menus.fill_all(menu)
    title = "Make the region a class rule"
    windows.choose_in_menu(menu, title)
    state = settled(crystal)
    (asked,) = state.document.computed
    assert asked.computation == "rules"
    frame = next(iter(state.moment.frames.values()))
    assert (np.asarray(frame.columns["rules"]) == 0).sum() == 3
    assert frame.classes["rules"][0] == "region 1"
