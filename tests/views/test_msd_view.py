"""The ends of the fit of a displacement are dragged by the mouse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlipviewer.core.plot import Points
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests.analysis.atoms.test_msd import run_of, walkers
from tests.windows import Stage, drag

pytestmark = pytest.mark.window


def test_that_a_drag_of_an_end_changes_the_fit_in_one_step(stage: Callable[..., Stage]) -> None:
    panel = plot_panel("msd", "Mean square displacement", "msd")
    shown = stage(lambda store: PlotView(store, "msd"), panels=[panel])
    shown.give(run_of(walkers(n=30, m=100)))
    assert isinstance(shown.view, PlotView)
    canvas = shown.view.canvas
    ends = next(mark for mark in canvas.plot.marks if isinstance(mark, Points))
    x, y = canvas.sheet.to_pixels(ends.x, ends.y)
    to, _ = canvas.sheet.to_pixels(np.array([80.0]), np.array([0.0]))
    path = [(float(px), float(y[1])) for px in np.linspace(x[1], to[0], 6)]
    drag(canvas, path)
    params = shown.settle().document.panel("msd").params
    assert params is not None
    assert params.fit_to == pytest.approx(80.0, abs=1.0)
    assert params.fit_from == pytest.approx(float(ends.x[0]))
    shown.store.undo()
    after = shown.settle().document.panel("msd").params
    assert after is not None
    assert after.fit_to == 0.0
