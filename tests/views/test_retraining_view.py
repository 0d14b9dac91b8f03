"""Clicks on plots of changes and of energies: the atom in its frame, or the frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.plot import Bars, Points, Space
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests.every.own_inputs import OWN_INPUTS
from tests.windows import Stage, click

pytestmark = pytest.mark.window


def opened(stage: Callable[..., Stage], analysis: str, plot: str) -> tuple[Stage, Any]:
    panel = plot_panel(analysis, plot, "shown")
    shown = stage(lambda store: PlotView(store, "shown"), panels=[panel])
    run = OWN_INPUTS[analysis]().the_trajectory()
    shown.give(run)
    assert isinstance(shown.view, PlotView)
    return shown, shown.view.canvas


def click_at(canvas: Any, x: float, y: float) -> None:
    to_x, to_y = canvas.sheet.to_pixels(np.array([x]), np.array([y]))
    click(canvas, (float(to_x[0]), float(to_y[0])))


def test_that_a_click_on_a_pair_of_errors_shows_the_atom_in_its_frame(
    stage: Callable[..., Stage],
) -> None:
    shown, canvas = opened(stage, "retraining", "Errors before and after")
    points = next(mark for mark in canvas.plot.marks if isinstance(mark, Points))
    assert points.frames is not None
    at = int(np.argmax(points.y))
    click_at(canvas, points.x[at], points.y[at])
    state = shown.settle()
    assert state.frame == points.frames[at]
    assert state.selected(Space.ATOM).tolist() == [int(points.rows[at])]


def test_that_a_click_on_a_change_chooses_the_frames_it_comes_from(
    stage: Callable[..., Stage],
) -> None:
    shown, canvas = opened(stage, "retraining", "Change of scores")
    bars = next(mark for mark in canvas.plot.marks if isinstance(mark, Bars))
    click_at(canvas, bars.at[0], bars.end[0] / 2)
    assert shown.settle().selected(Space.FRAME).tolist() == bars.rows[0].tolist()
    assert len(bars.rows[0])


@pytest.mark.parametrize(
    ("analysis", "plot"),
    [
        ("retraining", "Change by frame"),
        ("energy-errors", "Energy parity"),
        ("energy-errors", "Energy residuals"),
        ("energy-errors", "Outliers"),
    ],
)
def test_that_a_click_on_a_frame_shows_it(
    stage: Callable[..., Stage], analysis: str, plot: str
) -> None:
    shown, canvas = opened(stage, analysis, plot)
    points = next(mark for mark in canvas.plot.marks if isinstance(mark, Points))
    at = len(points.rows) - 1
    click_at(canvas, points.x[at], points.y[at])
    assert points.rows[at] != 0
    assert shown.settle().frame == int(points.rows[at])
