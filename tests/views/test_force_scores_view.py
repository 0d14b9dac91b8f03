"""A click on a model's score shows the atom in its frame; one on a bar chooses the frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.plot import Bars, Points, Space
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.opening import open_input
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, click

pytestmark = pytest.mark.window
SCORES = ANALYSES["force-scores"]
NONE = 'ase.calculators.lj:LennardJones {"epsilon": 0.0, "sigma": 2.0}'


@pytest.mark.parametrize(
    "plot", ["Rare events and RMSE", "Worst atoms by model", "Where models disagree"]
)
def test_that_a_click_on_a_model_shows_its_worst_atom_in_its_frame(
    stage: Callable[..., Stage], plot: str, tmp_path: Path
) -> None:
    shown, canvas = opened(stage, plot, tmp_path)
    points = next(mark for mark in canvas.plot.marks if isinstance(mark, Points))
    assert points.frames is not None
    assert points.rows.size
    at = len(points.x) - 1
    x, y = canvas.sheet.to_pixels(points.x[at : at + 1], points.y[at : at + 1])
    click(canvas, (float(x[0]), float(y[0])))
    state = shown.settle()
    assert (state.frame, state.selected(Space.ATOM).tolist()) == (
        int(points.frames[at]),
        [int(points.rows[at])],
    )


def test_that_a_click_on_a_bar_chooses_the_frames_of_large_errors(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    shown, canvas = opened(stage, "Large errors by model", tmp_path)
    bars = next(mark for mark in canvas.plot.marks if isinstance(mark, Bars))
    x, y = canvas.sheet.to_pixels(bars.end[:1] / 2, bars.at[:1])
    click(canvas, (float(x[0]), float(y[0])))
    chosen = shown.settle().selected(Space.FRAME).tolist()
    assert chosen == bars.rows[0].tolist() == list(range(5))


def opened(stage: Callable[..., Stage], plot: str, folder: Path) -> tuple[Stage, Any]:
    """A file on disk: the processes of the calculator read it."""
    models = f"forces, {NONE}"
    panel = plot_panel("force-scores", plot, "scores")
    panel = replace(panel, params=SCORES.params(models=models))
    shown = stage(lambda store: PlotView(store, "scores"), panels=[panel])
    path = made.write_extxyz(folder / "run.xyz", n_atoms=8, n_frames=5, error=0.7)
    one = Input("run.xyz", str(path), Kind.TRAJECTORY)
    shown.commit(lambda s: changes.add_loaded(s, one, open_input(one).thing))
    assert isinstance(shown.view, PlotView)
    return shown, shown.view.canvas
