"""Plots of bars in a panel: what a click and a rectangle choose, and what is lit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.plot import Bars, Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.axes import bar_corners
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import CTRL, Stage, click, drag, hover, picture, rectangle

pytestmark = pytest.mark.window

MakeStage = Callable[..., Stage]


def panel(make: MakeStage, name: str, plot: str) -> Stage:
    shown = make(lambda store: PlotView(store, "bars"), panels=[plot_panel(name, plot, "bars")])
    shown.give(made.error_table())
    return shown


def canvas(shown: Stage) -> PlotCanvas:
    assert isinstance(shown.view, PlotView)
    return shown.view.canvas


def bars(shown: Stage) -> Bars:
    return next(mark for mark in canvas(shown).plot.marks if isinstance(mark, Bars))


def middle(shown: Stage, i: int) -> tuple[float, float]:
    left, top, right, bottom = bar_corners(bars(shown), canvas(shown).sheet)[i].tolist()
    return (left + right) / 2, (top + bottom) / 2


def test_that_a_click_on_a_bar_selects_its_models_and_ctrl_adds(stage: MakeStage) -> None:
    shown = panel(stage, "indicators", "Scores of all")
    first, second = bars(shown).rows[:2]
    click(canvas(shown), middle(shown, 0))
    assert shown.settle().selected(Space.MODEL).tolist() == first.tolist()
    click(canvas(shown), middle(shown, 1), CTRL)
    both = shown.settle().selected(Space.MODEL).tolist()
    assert both == sorted({*first.tolist(), *second.tolist()})


def test_that_a_click_on_a_bar_of_a_metric_selects_it(stage: MakeStage, qtbot: Any) -> None:
    shown = panel(stage, "passing", "Hardest errors")
    at = int(np.argmax(bars(shown).end))
    click(canvas(shown), middle(shown, at))
    assert shown.settle().selected(Space.METRIC).tolist() == bars(shown).rows[at].tolist()
    own = bars(shown).rows[at][0]
    hover(canvas(shown), middle(shown, at))
    qtbot.waitUntil(lambda: shown.settle().hovered(Space.METRIC) == own)


def test_that_a_rectangle_selects_the_metrics_of_its_bars(stage: MakeStage) -> None:
    shown = panel(stage, "tradeoff", "By metric")
    corners = bar_corners(bars(shown), canvas(shown).sheet)
    low, high = corners.min(axis=0), corners.max(axis=0)
    drag(canvas(shown), rectangle((low[0] - 3, low[1] - 3), (high[2] + 3, high[3] + 3)))
    assert shown.settle().selected(Space.METRIC).tolist() == [0, 1, 2, 3, 4, 5]


def test_that_the_selected_share_is_lit(stage: MakeStage) -> None:
    shown = panel(stage, "indicators", "Scores of all")
    before = picture(canvas(shown))
    shown.commit(lambda s: changes.select(s, Space.MODEL, rows(bars(shown).rows[0])))
    x, y = (round(v) for v in middle(shown, 0))
    assert (picture(canvas(shown))[y, x] != before[y, x]).any()


def test_that_another_score_shows_at_once(stage: MakeStage) -> None:
    shown = panel(stage, "indicators", "Scores")
    end = bars(shown).end.tolist()
    shown.commit(lambda s: changes.set_params(s, "bars", score="igd"))
    assert canvas(shown).plot.x.title.startswith("IGD")
    assert bars(shown).end.tolist() != end


@pytest.mark.parametrize(
    ("name", "plot"),
    [
        ("tradeoff", "Distributions"),
        ("front-size", "Front size"),
        ("front-size", "By category"),
        ("indicators", "Share of subsets won"),
        ("dominators", "Dominators"),
        ("dominators", "To the front"),
        ("passing", "Models"),
    ],
)
def test_that_a_panel_shows_the_plot(stage: MakeStage, name: str, plot: str) -> None:
    shown = panel(stage, name, plot)
    assert canvas(shown).plot.marks
    assert not canvas(shown).plot.empty
    assert len(np.unique(picture(canvas(shown)).reshape(-1, 4), axis=0)) > 5
