"""A click on a point of a force plot shows the atom in its frame."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlipviewer.core.plot import Points, Space
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, click

pytestmark = pytest.mark.window


@pytest.mark.parametrize("plot", ["Worst atoms", "Force parity"])
def test_that_a_click_shows_frame_and_atom_in_one_step(
    stage: Callable[..., Stage], plot: str
) -> None:
    panel = plot_panel("force-errors", plot, "forces")
    shown = stage(lambda store: PlotView(store, "forces"), panels=[panel])
    shown.give(made.trajectory(n_atoms=8, n_frames=5, error=0.3))
    assert isinstance(shown.view, PlotView)
    canvas = shown.view.canvas
    points = next(mark for mark in canvas.plot.marks if isinstance(mark, Points))
    assert points.frames is not None
    at = next(i for i in range(len(points.x)) if points.frames[i] == 3)
    x, y = canvas.sheet.to_pixels(points.x[at : at + 1], points.y[at : at + 1])
    click(canvas, (float(x[0]), float(y[0])))
    state = shown.settle()
    assert state.frame == 3
    assert state.selected(Space.ATOM).tolist() == [int(points.rows[at])]
    shown.store.undo()
    state = shown.settle()
    assert (state.frame, len(state.selected(Space.ATOM))) == (0, 0)
