"""What every plot offers: menus, log switches, the clipboard; double clicks that cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Needs
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.session import changes, table_changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, alone, click, double_click, pixels_of

pytestmark = pytest.mark.window

MakeStage = Callable[..., Stage]
OF_TABLES = [
    (a.name, plot) for a in ANALYSES.values() if a.needs == (Needs.TABLE,) for plot in a.plots
]


@pytest.fixture
def pareto(stage: MakeStage) -> Stage:
    shown = stage(lambda store: PlotView(store, "pareto"))
    shown.give(made.error_table())
    return shown


def canvas(shown: Stage) -> PlotCanvas:
    assert isinstance(shown.view, PlotView)
    return shown.view.canvas


def entries(shown: Stage) -> dict[str, object]:
    assert isinstance(shown.view, PlotView)
    shown.settle()
    menu = QMenu(shown.view)
    shown.view.menus.fill_all(menu)
    return {action.text(): action for action in menu.actions()}


def corner(shown: Stage) -> tuple[float, float]:
    """An empty pixel at a corner of the plot area."""
    sheet = canvas(shown).sheet
    places = pixels_of(canvas(shown)).values()
    corners = [
        (sheet.left + dx * sheet.width, sheet.top + dy * sheet.height)
        for dx in (0.03, 0.97)
        for dy in (0.03, 0.97)
    ]
    return max(corners, key=lambda c: min(abs(x - c[0]) + abs(y - c[1]) for x, y in places))


def test_that_a_double_click_resets_the_zoom_and_keeps_what_is_chosen(pareto: Stage) -> None:
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows([3, 4])), "Choose")
    canvas(pareto)._see(canvas(pareto).sheet.window.zoomed(1.5, (0.0, 0.0)))
    n_steps = pareto.store.n_steps
    double_click(canvas(pareto), corner(pareto))
    assert canvas(pareto).window_seen is None
    assert pareto.settle().selected(Space.MODEL).tolist() == [3, 4]
    assert (pareto.store.n_steps, pareto.store.undo_label) == (n_steps, "Choose")


def test_that_a_single_click_lets_go_at_once_and_a_later_double_click_brings_nothing_back(
    pareto: Stage,
) -> None:
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows([3, 4])))
    at = corner(pareto)
    click(canvas(pareto), at)
    assert pareto.state.selected(Space.MODEL).tolist() == [], "without waiting"
    places = pixels_of(canvas(pareto))
    click(canvas(pareto), places[alone(places)[0]])
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows([])))
    double_click(canvas(pareto), at)
    assert pareto.settle().selected(Space.MODEL).tolist() == []


def test_that_each_axis_has_a_log_switch_that_is_undone(pareto: Stage) -> None:
    was = canvas(pareto).plot.x.log
    entries(pareto)["Log x axis"].trigger()  # type: ignore[attr-defined]
    pareto.settle()
    assert canvas(pareto).plot.x.log is not was
    assert canvas(pareto).plot.y.log is was
    pareto.store.undo()
    pareto.settle()
    assert canvas(pareto).plot.x.log is was


def test_that_the_figure_is_copied_as_picture_and_vectors(pareto: Stage, qtbot: Any) -> None:
    QGuiApplication.clipboard().clear()
    entries(pareto)["Copy figure"].trigger()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().mimeData().hasImage(), timeout=20_000)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert b"<svg" in data.data("image/svg+xml").data()
    image = QGuiApplication.clipboard().image()
    assert image.width() == 3 * canvas(pareto).width()


@pytest.mark.parametrize(("name", "plot"), OF_TABLES)
def test_that_every_plot_of_a_table_has_title_counts_and_menu(
    stage: MakeStage, name: str, plot: str
) -> None:
    panel = plot_panel(name, plot, panel_id="one")
    shown = stage(lambda store: PlotView(store, "one"), panels=(panel,))
    shown.give(made.error_table())
    found = canvas(shown).plot
    assert found.empty or (found.title and found.status)
    if not (found.x.hidden or found.x.ticks or found.square or found.empty):
        assert found.x.title
    if not (found.y.hidden or found.y.ticks or found.square or found.empty):
        assert found.y.title
    offered = entries(shown)
    for entry in ("Reset zoom", "Copy figure", "Export figure ...", "Select", "Options"):
        assert entry in offered


def test_that_a_long_line_of_counts_is_cut_and_never_widens_the_panel(pareto: Stage) -> None:
    view = pareto.view
    assert isinstance(view, PlotView)
    narrow = view.minimumSizeHint().width()
    view.status.setText("x" * 500)
    assert view.minimumSizeHint().width() == narrow
    assert len(view.status.shown_text()) < 200
    assert view.status.shown_text().endswith("…")
    assert view.status.toolTip() == "x" * 500
    view.status.setText("a < b")
    assert view.status.toolTip() == "a < b"


def test_that_every_pixel_of_a_picture_is_painted_at_any_scale(
    pareto: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 80 % the last row lies but partly within the widget: it showed what memory held."""
    shown = canvas(pareto)
    monkeypatch.setattr(PlotCanvas, "devicePixelRatioF", lambda _self: 0.8)
    for height in range(200, 240, 3):
        shown.resize(301, height)
        shown._base = None
        image = shown._painted_base().toImage()
        rim = {image.pixelColor(x, image.height() - 1).name() for x in range(image.width())}
        assert rim == {shown.theme.background}


def test_that_locked_axes_stay_whatever_is_drawn_until_unlocked(pareto: Stage) -> None:
    plain = canvas(pareto).sheet.window
    canvas(pareto).window_seen = seen = plain.zoomed(0.5, (plain.x[0], plain.y[0]))
    canvas(pareto).refresh()
    entries(pareto)["Lock axes"].trigger()  # type: ignore[attr-defined]
    assert pareto.settle().document.panel("pareto").locked == (seen.x, seen.y)
    double_click(canvas(pareto), corner(pareto))
    pareto.settle()
    assert canvas(pareto).sheet.window == seen
    metrics = pareto.state.table.metrics  # type: ignore[union-attr]
    pareto.commit(lambda s: changes.set_axes(s, metrics[2:4]))
    assert canvas(pareto).sheet.window == seen
    pareto.store.undo()
    pareto.store.undo()
    pareto.settle()
    assert pareto.state.document.panel("pareto").locked == ()
    double_click(canvas(pareto), corner(pareto))
    pareto.settle()
    assert canvas(pareto).sheet.window == plain


def test_that_a_narrow_head_breaks_into_rows(pareto: Stage, qtbot: QtBot) -> None:
    """A plot does not force its window to be wide."""
    view = pareto.view
    assert isinstance(view, PlotView)
    assert view.minimumSizeHint().width() <= 200
    tools = view.handle

    def rows_of_head() -> int:
        below = tools.geometry().top() - view._axes.geometry().top()
        return 1 + (below >= view._axes.height() - 4)

    for width, n in ((620, 1), (210, 2)):
        view.resize(width, 300)
        qtbot.waitUntil(lambda n=n: rows_of_head() == n)
        assert view._axes.geometry().right() <= view.contentsRect().right()
        assert tools.geometry().right() < view.contentsRect().right()


def test_that_a_plot_without_choices_has_its_buttons_at_the_right(stage: MakeStage) -> None:
    shown = stage(lambda store: PlotView(store, "series"))
    assert isinstance(shown.view, PlotView)
    assert shown.view.handle.x() > shown.view.width() - 80


@pytest.mark.parametrize(("name", "plot"), OF_TABLES)
def test_that_a_filter_that_leaves_nothing_is_told(name: str, plot: str, stage: MakeStage) -> None:
    """Else a plot would give a cause of its own, as too few models."""
    shown = stage(lambda store: PlotView(store, "pareto"))
    shown.commit(lambda s: changes.set_panel(s, plot_panel(name, plot, panel_id="pareto")))
    shown.give(made.error_table())
    shown.commit(lambda s: table_changes.set_condition(s, "e0 <  1e-9"))
    assert canvas(shown).plot.empty == "The filter leaves none of 24 models: e0 < 1e-9"
    shown.commit(lambda s: table_changes.set_condition(s, ""))
    assert "filter" not in canvas(shown).plot.empty


def test_that_a_long_name_of_a_metric_is_told_whole(pareto: Stage) -> None:
    view = pareto.view
    assert isinstance(view, PlotView)
    pareto.commit(lambda s: changes.set_axes(s, ("e3", "e4")))
    assert [one.toolTip() for one in (view._axes.across, view._axes.up)] == ["e3", "e4"]
