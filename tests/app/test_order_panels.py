"""The workspace Order by real clicks: bars choose atoms, curves show frames, atoms have classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.analysis.frames.surface import SurfaceParams
from mlipviewer.analysis.frames.surface import run as surface
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Bars, Line, Points, Space
from mlipviewer.core.trajectory import Frame
from mlipviewer.views.plot import PlotView
from tests import alloys, windows
from tests.main_window import plot, selected, settled


def particle(order: float, kelvin: float) -> Frame:
    """A sphere of L1_0 with antisites that tells its temperature."""
    block = alloys.with_antisites("L1_0", order, 6)
    return replace(alloys.sphere(block, 9.0), info={"temperature": kelvin})


@pytest.fixture
def ordered(window: MainWindow) -> MainWindow:
    frames = [particle(order, 300.0 + 100 * i) for i, order in enumerate((1.0, 0.8, 0.5, 0.2, 0.0))]
    windows.give(window, alloys.trajectory(*frames, name="made.xyz"))
    settled(window)
    window.panel_menus.open_workspace("Order")
    settled(window)
    return window


def pixel(view: PlotView, x: float, y: float) -> windows.Pixel:
    px, py = view.canvas.sheet.to_pixels(np.array([x]), np.array([y]))
    return float(px[0]), float(py[0])


def test_that_the_workspace_colours_by_ordering_and_draws_all(ordered: MainWindow) -> None:
    state = settled(ordered)
    assert state.document.colouring.column == "ordering"
    assert "ordering" in state.moment.frames["made.xyz"].columns
    for panel in state.document.panels:
        if panel.analysis:
            drawn = plot(ordered, panel.id).canvas.plot
            assert drawn.marks
            assert not drawn.empty, panel.id


def test_that_a_part_of_a_bar_chooses_its_atoms(ordered: MainWindow) -> None:
    view = plot(ordered, "core-shell")
    bars = view.canvas.plot.marks[0]
    assert isinstance(bars, Bars)
    middle = float(np.broadcast_to(bars.base, bars.end.shape)[1] + bars.end[1]) / 2
    windows.click(view.canvas, pixel(view, 1.0, middle))
    # bars stand for the atoms of the last frame
    frame = particle(0.0, 0.0)
    shell = surface(frame, SurfaceParams()).columns["shell"]
    platinum = (shell == 1) & (frame.numbers == alloys.PT)
    assert selected(ordered, Space.ATOM) == np.flatnonzero(platinum).tolist()
    ordered.store.undo()
    assert selected(ordered, Space.ATOM) == []


def test_that_a_point_of_the_order_shows_its_frame(ordered: MainWindow) -> None:
    view = plot(ordered, "order.Long-range order")
    points = next(m for m in view.canvas.plot.marks if isinstance(m, Points))
    assert points.y[0] == pytest.approx(1.0)
    windows.click(view.canvas, pixel(view, float(points.x[2]), float(points.y[2])))
    assert settled(ordered).frame == 2


def test_that_diffraction_follows_the_shown_frame(ordered: MainWindow) -> None:
    view = plot(ordered, "diffraction")
    assert "frame 1 /" in view.status.text()
    assert "L1_0: S² 1.000" in view.status.text()
    at = plot(ordered, "order.Long-range order")
    points = next(m for m in at.canvas.plot.marks if isinstance(m, Points))
    windows.click(at.canvas, pixel(at, float(points.x[1]), float(points.y[1])))
    view = plot(ordered, "diffraction")
    assert "frame 2 /" in view.status.text()
    assert "S² 1.000" not in view.status.text()


def test_that_temperatures_are_the_x_axis(ordered: MainWindow) -> None:
    view = plot(ordered, "order.Against temperature")
    line = next(m for m in view.canvas.plot.marks if isinstance(m, Line))
    assert line.x.tolist() == [300.0, 400.0, 500.0, 600.0, 700.0]
    assert line.y[0] > line.y[-1]
