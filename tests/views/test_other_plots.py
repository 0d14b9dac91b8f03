"""Heat map, series, plots that wait and empty ones: clicks, then what is painted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlipviewer.core.plot import HeatMap, Space
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes
from mlipviewer.views.plot import PlotView
from tests import made
from tests.session.conftest import Slow, slow, slow_panel
from tests.windows import (
    Stage,
    click,
    drag,
    n_like,
    picture,
    rectangle,
)

pytestmark = pytest.mark.window
__all__ = ["slow"]

MakeStage = Callable[..., Stage]


def panel(make: MakeStage, panel_id: str) -> Stage:
    shown = make(lambda store: PlotView(store, panel_id))
    shown.give(made.error_table())
    return shown


def canvas(shown: Stage) -> PlotCanvas:
    assert isinstance(shown.view, PlotView)
    return shown.view.canvas


def test_that_a_cell_of_the_heat_map_selects_two_metrics_and_frames_them(stage: MakeStage) -> None:
    shown = panel(stage, "heatmap")
    mark = next(m for m in canvas(shown).plot.marks if isinstance(m, HeatMap))
    n = len(mark.rows)
    x, y = canvas(shown).sheet.to_pixels(np.array([1.5]), np.array([n - 3.5]))
    click(canvas(shown), (x[0], y[0]))
    expected = sorted([int(mark.columns[1]), int(mark.rows[3])])
    assert shown.settle().selected(Space.METRIC).tolist() == expected
    assert shown.state.document.axes == tuple(f"e{i}" for i in expected)
    seen, sheet = picture(canvas(shown)), canvas(shown).sheet
    edges = sheet.to_pixels(np.arange(n + 1.0), np.arange(n + 1.0))[0]
    box = (edges[1] - 1, sheet.top, edges[1] + 1, sheet.top + sheet.height)
    assert n_like(seen, current_theme().selected, box) > sheet.height
    box = (edges[5] - 1, sheet.top, edges[5] + 1, sheet.top + sheet.height)
    assert n_like(seen, current_theme().selected, box) < sheet.height / 2


def test_that_a_click_in_a_series_shows_the_frame_and_moves_the_cursor(stage: MakeStage) -> None:
    shown = stage(lambda store: PlotView(store, "series"))
    shown.give(made.trajectory())
    sheet = canvas(shown).sheet
    x, _ = sheet.to_pixels(np.array([0.5 * 5]), np.array([0.0]))
    click(canvas(shown), (x[0] + 2, sheet.top + sheet.height / 2))
    assert shown.settle().document.frame == 5
    assert cursor_at(shown, x[0])
    shown.commit(lambda s: changes.show_frame(s, 2))
    assert not cursor_at(shown, x[0])
    assert cursor_at(shown, sheet.to_pixels(np.array([1.0]), np.array([0.0]))[0][0])


def cursor_at(shown: Stage, x: float) -> bool:
    sheet = canvas(shown).sheet
    box = (x - 1, sheet.top, x + 1, sheet.top + sheet.height)
    return n_like(picture(canvas(shown)), current_theme().hovered, box, 110) > 0.9 * sheet.height


def test_that_frames_swept_in_a_series_are_marked(stage: MakeStage) -> None:
    shown = stage(lambda store: PlotView(store, "series"))
    shown.give(made.trajectory())
    sheet = canvas(shown).sheet
    (x0, x1), _ = sheet.to_pixels(np.array([0.5 * 1.5, 0.5 * 4.5]), np.zeros(2))
    drag(canvas(shown), rectangle((x0, sheet.top), (x1, sheet.top + sheet.height)))
    assert shown.settle().selected(Space.FRAME).tolist() == [2, 3, 4]
    line = next(m for m in canvas(shown).plot.marks if getattr(m, "rows", None) is not None)
    x, y = sheet.to_pixels(line.x, line.y)  # type: ignore[union-attr]
    seen = picture(canvas(shown))
    marked = [
        n_like(seen, current_theme().selected, (px - 3, py - 3, px + 3, py + 3)) > 8
        for px, py in zip(x, y, strict=True)
    ]
    assert marked == [False, False, True, True, True, False, False, False]


def test_that_an_old_plot_says_that_it_is_stale(stage: MakeStage, slow: Slow) -> None:
    shown = stage(lambda store: PlotView(store, "slow"), panels=[slow_panel(1)])
    shown.give_now(made.error_table())
    assert canvas(shown).plot.empty == "Computing ..."
    slow.go.set()
    shown.settle()
    assert (canvas(shown).plot.empty, status(shown)) == ("", "1")
    slow.go.clear()
    shown.commit_now(lambda s: changes.set_params(s, "slow", number=2))
    assert (canvas(shown).plot.status, status(shown)) == ("1", "stale: computing ...")
    shown.give_now(made.error_table(5, name="other.csv"))  # the old plot is of another table
    assert canvas(shown).plot.empty == "Computing ..."
    slow.go.set()
    shown.settle()
    assert status(shown) == "2"


def status(shown: Stage) -> str:
    assert isinstance(shown.view, PlotView)
    return shown.view.status.text()


def test_that_an_empty_plot_says_why(stage: MakeStage) -> None:
    shown = stage(lambda store: PlotView(store, "pareto"))
    assert "No error table" in canvas(shown).plot.empty
    seen = picture(canvas(shown))
    box = (0, canvas(shown).height() / 2 - 20, canvas(shown).width(), canvas(shown).height() / 2)
    box = (*box[:3], box[3] + 20)
    assert n_like(seen, current_theme().faint_text, box) > 40
