"""A click on a bin of a density profile, or below S(q), chooses the atoms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlipviewer.core.plot import Bars, Space
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, click

pytestmark = pytest.mark.window


def test_that_a_click_on_a_bin_chooses_the_atoms_in_it(stage: Callable[..., Stage]) -> None:
    panel = plot_panel("density-profile", "Density profile", "shown")
    shown = stage(lambda store: PlotView(store, "shown"), panels=[panel])
    run = made.trajectory(n_atoms=27, n_frames=2)
    shown.give(run)
    shown.commit(lambda s: changes.set_params(s, "shown", width=1.0))
    assert isinstance(shown.view, PlotView)
    canvas = shown.view.canvas
    bars = next(mark for mark in canvas.plot.marks if isinstance(mark, Bars))
    at = int(np.argmax(bars.end))
    x, y = canvas.sheet.to_pixels(bars.at[at : at + 1], bars.end[at : at + 1] / 2)
    click(canvas, (float(x[0]), float(y[0])))
    chosen = shown.settle().selected(Space.ATOM)
    frame = run.frame(1)
    inside = np.floor(frame.positions[:, 2]) == at
    assert chosen.tolist() == sorted(frame.atom_ids[inside].tolist())
    assert len(chosen) == 9


def test_that_a_click_below_s_of_q_chooses_its_centres(stage: Callable[..., Stage]) -> None:
    panel = plot_panel("structure-factor", "S(q)", "shown")
    shown = stage(lambda store: PlotView(store, "shown"), panels=[panel])
    shown.give(made.trajectory(n_atoms=27, n_frames=2))
    shown.commit(lambda s: changes.set_params(s, "shown", centre="Na", largest=6.0))
    assert isinstance(shown.view, PlotView)
    canvas = shown.view.canvas
    area = canvas.plot.marks[0]
    at = int(np.argmax(area.y))
    x, y = canvas.sheet.to_pixels(area.x[at : at + 1], area.y[at : at + 1] * 0.8)
    click(canvas, (float(x[0]), float(y[0])))
    assert shown.settle().selected(Space.ATOM).tolist() == [5, 10, 15, 20, 25]
