"""Parallel coordinates by mouse: axes moved and flipped, ranges brushed on several at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from mlipviewer.analysis.models.parallel import ParallelParams
from mlipviewer.core.plot import Space
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.gui.theme import current_theme
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Pixel, Stage, double_click, drag, n_like, picture, press_at, release_at

pytestmark = pytest.mark.window

MakeStage = Callable[..., Stage]


@pytest.fixture
def parallel(stage: MakeStage) -> Stage:
    panel = plot_panel("parallel", panel_id="parallel")
    shown = stage(lambda store: PlotView(store, "parallel"), panels=(panel,))
    shown.give(made.error_table())
    return shown


def canvas(shown: Stage) -> PlotCanvas:
    assert isinstance(shown.view, PlotView)
    return shown.view.canvas


def params(shown: Stage) -> ParallelParams:
    found = shown.settle().document.panel("parallel").params
    assert isinstance(found, ParallelParams)
    return found


def pixel(shown: Stage, axis: int, place: float) -> Pixel:
    x, y = canvas(shown).sheet.to_pixels(np.array([float(axis)]), np.array([place]))
    return float(x[0]), float(y[0])


def name_of(shown: Stage, axis: int) -> Pixel:
    sheet = canvas(shown).sheet
    return pixel(shown, axis, 0)[0], sheet.top + sheet.height + 9


def brush(shown: Stage, axis: int, low: float, high: float) -> None:
    middle = (low + high) / 2
    drag(canvas(shown), [pixel(shown, axis, at) for at in (low, middle, high)])
    shown.settle()


def expected(shown: Stage, *brushes: tuple[str, float, float]) -> list[int]:
    """The models within places of axes, from the table alone."""
    table = shown.state.table
    assert table is not None
    held = np.ones(table.n_models, bool)
    for metric, low, high in brushes:
        logs = np.log10(table.metric(metric)[table.models])
        place = (logs - np.nanmin(logs)) / np.ptp(logs[np.isfinite(logs)])
        held &= (place >= low) & (place <= high)
    return table.models[held].tolist()


def models(shown: Stage) -> list[int]:
    return shown.settle().selected(Space.MODEL).tolist()


def test_that_brushes_on_two_axes_choose_what_is_in_both(parallel: Stage) -> None:
    n_steps = parallel.store.n_steps
    brush(parallel, 1, 0.02, 0.7)
    first = models(parallel)
    assert first == expected(parallel, ("e1", 0.02, 0.7))
    brush(parallel, 3, 0.3, 0.9)
    assert models(parallel) == expected(parallel, ("e1", 0.02, 0.7), ("e3", 0.3, 0.9))
    assert 0 < len(models(parallel)) < len(first)
    assert parallel.store.n_steps == n_steps + 2, "a drag is one step"
    parallel.store.undo()
    assert models(parallel) == first
    parallel.store.undo()
    assert (models(parallel), params(parallel).brushes) == ([], ())


def test_that_a_brush_stays_visible_and_its_end_and_whole_can_be_moved(parallel: Stage) -> None:
    brush(parallel, 2, 0.3, 0.5)
    x, y = pixel(parallel, 2, 0.3)
    top = pixel(parallel, 2, 0.5)[1]
    seen = picture(canvas(parallel))
    assert n_like(seen, current_theme().selected, (x - 9, top - 2, x + 9, y + 2), 90) > 30
    drag(canvas(parallel), [(x, top), (x, top - 20), pixel(parallel, 2, 0.8)])
    parallel.settle()
    assert models(parallel) == expected(parallel, ("e2", 0.3, 0.8))
    drag(canvas(parallel), [pixel(parallel, 2, at) for at in (0.55, 0.5, 0.4)])
    assert models(parallel) == expected(parallel, ("e2", 0.15, 0.65))
    assert len(params(parallel).brushes) == 1


def test_that_a_double_click_on_a_brush_takes_it_away(parallel: Stage) -> None:
    brush(parallel, 2, 0.3, 0.5)
    brush(parallel, 0, 0.1, 0.9)
    double_click(canvas(parallel), pixel(parallel, 2, 0.4))
    assert models(parallel) == expected(parallel, ("e0", 0.1, 0.9))
    assert len(params(parallel).brushes) == 1


def test_that_an_axis_is_dragged_by_its_name_in_one_step(parallel: Stage) -> None:
    n_steps = parallel.store.n_steps
    drag(canvas(parallel), [name_of(parallel, at) for at in (4, 3, 2, 1)])
    assert params(parallel).metrics == ("e0", "e4", "e1", "e2", "e3", "e5")
    assert [text for _, text in canvas(parallel).plot.x.ticks][1].startswith("e4")
    assert parallel.store.n_steps == n_steps + 1
    parallel.store.undo()
    assert params(parallel).metrics == ()


def test_that_a_double_click_on_a_name_flips_the_axis_and_its_brush(parallel: Stage) -> None:
    brush(parallel, 1, 0.1, 0.4)
    before = models(parallel)
    double_click(canvas(parallel), name_of(parallel, 1))
    assert params(parallel).flipped == ("e1",)
    assert models(parallel) == before
    upright = canvas(parallel).plot.uprights[1]
    assert (upright.low, upright.high) == (
        pytest.approx(0.6, abs=0.02),
        pytest.approx(0.9, abs=0.02),
    )
    brush(parallel, 1, 0.05, 0.5)
    assert models(parallel) == expected(parallel, ("e1", 0.5, 0.95))
    double_click(canvas(parallel), name_of(parallel, 1))
    assert params(parallel).flipped == ()


def test_that_a_brush_means_the_same_on_ranks(parallel: Stage) -> None:
    brush(parallel, 1, 0.1, 0.6)
    before = models(parallel)
    view = parallel.view
    assert isinstance(view, PlotView)
    view.set_param("scale", "rank")
    parallel.settle()
    upright = canvas(parallel).plot.uprights[1]
    table = parallel.state.table
    assert table is not None
    ranks = np.argsort(np.argsort(table.metric("e1")[table.models])) / (table.n_models - 1)
    own = ranks[np.isin(table.models, before)]
    assert upright.low is not None
    assert upright.high is not None
    assert upright.low <= own.min() + 1e-6
    assert upright.high >= own.max() - 1e-6
    step = 1 / (table.n_models - 1)
    assert upright.low > own.min() - step
    assert upright.high < own.max() + step


def test_that_all_brushes_are_cleared_by_the_menu_and_the_selection_stays(parallel: Stage) -> None:
    brush(parallel, 1, 0.1, 0.6)
    before = models(parallel)
    view = parallel.view
    assert isinstance(view, PlotView)
    from PySide6.QtWidgets import QMenu

    menu = QMenu()
    view.menus.fill_all(menu)
    next(a for a in menu.actions() if a.text() == "Clear all brushes").trigger()
    assert (params(parallel).brushes, models(parallel)) == ((), before)


def test_that_brushing_many_lines_is_quick_and_paints_no_line_anew(stage: MakeStage) -> None:
    panel = plot_panel("parallel", panel_id="parallel")
    shown = stage(lambda store: PlotView(store, "parallel"), 1000, 600, panels=(panel,))
    shown.give(made.error_table(n_models=2300, n_metrics=30))
    view = shown.view
    assert isinstance(view, PlotView)
    view.set_param("metrics", tuple(f"e{i}" for i in range(30)))
    shown.settle()
    picture(view.canvas)
    before = view.canvas.n_base_paints
    press_at(view.canvas, pixel(shown, 7, 0.2))
    took = []
    for place in np.linspace(0.22, 0.9, 20):
        begin = time.thread_time()
        grab = view.canvas._grab
        assert grab is not None
        said = grab.say(view.canvas.plot, view.canvas.sheet, *pixel(shown, 7, float(place)))
        view.canvas.edited.emit(said, True)
        shown.store.flush()
        view.canvas.repaint()
        took.append(time.thread_time() - begin)
    release_at(view.canvas, pixel(shown, 7, 0.9))
    assert len(models(shown)) > 1000
    assert view.canvas.n_base_paints == before
    assert np.median(took) < 0.2, "of the processor; 0.05 s is usual"
