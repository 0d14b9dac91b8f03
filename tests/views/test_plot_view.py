"""The panel of a plot: clicks, shapes, sliders; then what is painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QToolButton

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, rows
from mlipviewer.gui.plot_canvas import PlotCanvas, Tool
from mlipviewer.session import changes
from mlipviewer.views.plot import PlotView
from mlipviewer.views.plot_menu import MODE_NAMES
from tests import made
from tests.windows import (
    ALT,
    CTRL,
    NO,
    SHIFT,
    Key,
    Modifier,
    Stage,
    alone,
    choose_in_menu,
    click,
    double_click,
    drag,
    handle_of,
    hover,
    picture,
    pixels_of,
    press,
    press_at,
    rectangle,
    release_at,
    ringed,
)

pytestmark = pytest.mark.window

MakeStage = Callable[..., Stage]


def panel(make: MakeStage, panel_id: str) -> Stage:
    shown = make(lambda store: PlotView(store, panel_id))
    shown.give(made.error_table())
    return shown


@pytest.fixture
def pareto(stage: MakeStage) -> Stage:
    return panel(stage, "pareto")


def canvas(shown: Stage) -> PlotCanvas:
    assert isinstance(shown.view, PlotView)
    return shown.view.canvas


def menu(shown: Stage, title: str) -> Any:
    return next(b for b in shown.view.findChildren(QToolButton) if b.text() == title).menu()


def models(shown: Stage) -> list[int]:
    return shown.settle().selected(Space.MODEL).tolist()


# --- clicks ------------------------------------------------------------------------------------


def test_that_a_click_on_a_point_selects_its_model_and_rings_it(pareto: Stage) -> None:
    places = pixels_of(canvas(pareto))
    row, other = alone(places)[:2]
    click(canvas(pareto), places[row])
    assert models(pareto) == [row]
    assert pareto.state.document.focus == row
    seen = picture(canvas(pareto))
    assert ringed(seen, places[row])
    assert not ringed(seen, places[other])


def test_that_what_is_selected_elsewhere_is_ringed_here(pareto: Stage) -> None:
    places = pixels_of(canvas(pareto))
    row, other = alone(places)[:2]
    before = canvas(pareto).n_base_paints
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows([row])))
    seen = picture(canvas(pareto))
    assert ringed(seen, places[row])
    assert not ringed(seen, places[other])
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows([other])))
    seen = picture(canvas(pareto))
    assert ringed(seen, places[other])
    assert not ringed(seen, places[row])
    assert canvas(pareto).n_base_paints == before, "a selection paints no point anew"


@pytest.mark.parametrize(
    ("modifiers", "expected"),
    [(NO, [0]), (CTRL, [1, 2]), (ALT, [1, 2]), (CTRL | SHIFT, [0])],
    ids=["plain", "ctrl toggles", "alt removes", "ctrl+shift intersects"],
)
def test_that_a_click_with_keys_combines(
    pareto: Stage, modifiers: Modifier, expected: list[int]
) -> None:
    places = pixels_of(canvas(pareto))
    own = alone(places)[:3]
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows(own)))
    click(canvas(pareto), places[own[0]], modifiers)
    assert models(pareto) == sorted(own[i] for i in expected)


def test_that_ctrl_click_adds_what_is_not_selected(pareto: Stage) -> None:
    places = pixels_of(canvas(pareto))
    first, second = alone(places)[:2]
    click(canvas(pareto), places[first])
    click(canvas(pareto), places[second], CTRL)
    assert models(pareto) == sorted([first, second])
    seen = picture(canvas(pareto))
    assert ringed(seen, places[first])
    assert ringed(seen, places[second])


def test_that_a_click_beside_everything_lets_go_unless_a_key_is_held(pareto: Stage) -> None:
    places = pixels_of(canvas(pareto))
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows([3, 4])))
    empty = empty_pixel(pareto)
    click(canvas(pareto), empty, CTRL)
    assert models(pareto) == [3, 4]
    click(canvas(pareto), empty)
    assert models(pareto) == []
    seen = picture(canvas(pareto))
    assert not any(ringed(seen, places[row], 6) for row in (3, 4))


def empty_pixel(shown: Stage) -> tuple[float, float]:
    """A pixel of the plot area far from every point."""
    sheet, places = canvas(shown).sheet, np.array(list(pixels_of(canvas(shown)).values()))
    for x in np.linspace(sheet.left + 15, sheet.left + sheet.width - 15, 20):
        for y in np.linspace(sheet.top + 15, sheet.top + sheet.height - 15, 20):
            if np.hypot(*(places - (x, y)).T).min() > 25:
                return float(x), float(y)
    raise AssertionError("the plot is full")


# --- shapes ------------------------------------------------------------------------------------


def half(shown: Stage) -> tuple[list[tuple[float, float]], list[int]]:
    """A drag over the left half of the plot area, and the models in it."""
    sheet, places = canvas(shown).sheet, pixels_of(canvas(shown))
    middle = sheet.left + sheet.width / 2
    path = rectangle((sheet.left + 1, sheet.top + 1), (middle, sheet.top + sheet.height - 1))
    inside = sorted(row for row, (x, _) in places.items() if x < middle and row != 0)
    assert 2 < len(inside) < len(places) - 3
    return path, inside


@pytest.mark.parametrize(
    ("mode", "modifiers"),
    [
        (Mode.REPLACE, NO),
        (Mode.ADD, CTRL),
        (Mode.REMOVE, ALT),
        (Mode.INTERSECT, CTRL | SHIFT),
        (Mode.TOGGLE, None),
        (Mode.ADD, None),
    ],
    ids=["replace", "add", "remove", "intersect", "toggle by menu", "add by menu"],
)
def test_that_a_rectangle_selects_in_every_mode(
    pareto: Stage, mode: Mode, modifiers: Modifier | None
) -> None:
    path, inside = half(pareto)
    outside = [row for row in pixels_of(canvas(pareto)) if row not in inside and row != 0]
    old = sorted([inside[0], outside[0], outside[1]])
    pareto.commit(lambda s: changes.select(s, Space.MODEL, rows(old)))
    if modifiers is None:
        choose_in_menu(menu(pareto, "Select"), MODE_NAMES[mode])
    drag(canvas(pareto), path, modifiers or NO)
    expected = {
        Mode.REPLACE: set(inside),
        Mode.ADD: set(inside) | set(old),
        Mode.REMOVE: set(old) - set(inside),
        Mode.INTERSECT: {inside[0]},
        Mode.TOGGLE: set(inside) ^ set(old),
    }[mode]
    threshold = set(models(pareto)) - set(range(1, 25))
    assert set(models(pareto)) - threshold == expected
    places, seen = pixels_of(canvas(pareto)), picture(canvas(pareto))
    for row in alone(places):
        assert ringed(seen, places[row], 8) == (row in models(pareto)), row


def test_that_a_rectangle_is_one_step(pareto: Stage) -> None:
    steps = pareto.store.n_steps
    path, _ = half(pareto)
    drag(canvas(pareto), path)
    pareto.settle()
    assert pareto.store.n_steps == steps + 1
    pareto.store.undo()
    assert models(pareto) == []


def test_that_a_lasso_selects_what_it_encloses(pareto: Stage) -> None:
    places = pixels_of(canvas(pareto))
    first, second = alone(places)[:2]
    choose_in_menu(menu(pareto, "Select"), "Lasso")
    assert canvas(pareto).tool is Tool.LASSO
    drag(canvas(pareto), lasso([places[first], places[second]]))
    found = models(pareto)
    assert {first, second} <= set(found)
    outline = np.array(lasso([places[first], places[second]]))
    low, high = outline.min(axis=0), outline.max(axis=0)
    for row in found:
        assert np.all(low <= places[row])
        assert np.all(np.array(places[row]) <= high)
    seen = picture(canvas(pareto))
    assert ringed(seen, places[first])
    assert ringed(seen, places[second])


def lasso(places: list[tuple[float, float]], gap: float = 9.0) -> list[tuple[float, float]]:
    """A thin outline around the segment between two pixels."""
    (x0, y0), (x1, y1) = places
    length = np.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length * gap, (y1 - y0) / length * gap
    return [
        (x0 - ux - uy, y0 - uy + ux),
        (x1 + ux - uy, y1 + uy + ux),
        (x1 + ux + uy, y1 + uy - ux),
        (x0 - ux + uy, y0 - uy - ux),
        (x0 - ux - uy, y0 - uy + ux),
    ]


def test_that_the_shape_is_painted_while_it_is_drawn(pareto: Stage) -> None:
    path, _ = half(pareto)
    (x0, y0), (x1, y1) = path[0], path[-1]
    canvas(pareto).setFocus()  # its frame is no part of the shape
    before = picture(canvas(pareto))
    press_at(canvas(pareto), path[0])
    hover(canvas(pareto), path[-1])
    drawn = np.abs(picture(canvas(pareto)) - before).max(axis=-1) > 3
    release_at(canvas(pareto), path[-1])
    rows_in, columns_in = slice(round(y0) + 2, round(y1) - 2), slice(round(x0) + 2, round(x1) - 2)
    assert drawn[rows_in, columns_in].mean() > 0.9
    assert not drawn[rows_in, round(x1) + 3 :].any()


# --- looking is no history ---------------------------------------------------------------------


def test_that_hover_and_zoom_are_no_history(pareto: Stage, qtbot: Any) -> None:
    places = pixels_of(canvas(pareto))
    row = alone(places)[0]
    document, steps = pareto.state.document, pareto.store.n_steps
    hover(canvas(pareto), (places[row][0] + 1, places[row][1]))
    qtbot.waitUntil(lambda: pareto.state.hovered(Space.MODEL) == row)
    pareto.settle()
    card = canvas(pareto)._card
    assert card.isVisible()
    assert card.text() == made.error_table().keys[row]
    whole = canvas(pareto).sheet.window
    sheet = canvas(pareto).sheet
    drag(canvas(pareto), [places[row], (places[row][0] + 60, places[row][1] + 10)], SHIFT)
    assert canvas(pareto).sheet.window != whole
    assert abs(pixels_of(canvas(pareto))[row][0] - places[row][0] - 60) < 2
    double_click(canvas(pareto), (sheet.left + 2, 2))
    assert canvas(pareto).sheet.window == whole
    pareto.settle()
    assert pareto.state.document is document
    assert pareto.store.n_steps == steps


def test_that_the_zoom_tool_zooms(pareto: Stage) -> None:
    choose_in_menu(menu(pareto, "Select"), "Zoom")
    path, inside = half(pareto)
    drag(canvas(pareto), path)
    assert models(pareto) == []
    places = pixels_of(canvas(pareto))
    sheet = canvas(pareto).sheet
    seen = [row for row, (x, y) in places.items() if sheet.contains(x, y) and row != 0]
    assert sorted(seen) == inside
    press(canvas(pareto), Key.Key_R)
    assert canvas(pareto).window_seen is None


# --- parameters --------------------------------------------------------------------------------


def test_that_dragging_the_threshold_is_one_step(stage: MakeStage) -> None:
    shown = panel(stage, "graph")
    assert isinstance(shown.view, PlotView)
    assert shown.view._slider is not None
    slider = shown.view._slider.slider
    before, steps = shown.view.status.text(), shown.store.n_steps
    x, y = handle_of(slider)
    drag(slider, [(x, y), (x + 8, y), (x + 20, y), (x + 0.36 * slider.width(), y)])
    state = shown.settle()
    threshold = state.document.panel("graph").params.threshold  # type: ignore[union-attr]
    assert 0.6 < threshold < 1.0
    assert shown.store.n_steps == steps + 1
    assert shown.store.undo_label == "Set threshold"
    assert shown.view._slider.number.value() == pytest.approx(threshold, abs=0.001)
    assert shown.view.status.text() != before
    x, y = handle_of(slider)
    drag(slider, [(x, y), (x - 5, y), (x - 10, y)])
    shown.settle()
    assert shown.store.n_steps == steps + 2
    shown.store.undo()
    shown.store.undo()
    assert shown.settle().document.panel("graph").params.threshold == 0.6  # type: ignore[union-attr]
    assert slider.value() == 120
    assert shown.view.status.text() == before


def test_that_axes_are_chosen_by_key(pareto: Stage) -> None:
    assert isinstance(pareto.view, PlotView)
    press(pareto.view._axes.across, Key.Key_Down)
    assert pareto.settle().document.axes == ("e1", "e1")
    press(pareto.view._axes.up, Key.Key_End)
    assert pareto.settle().document.axes == ("e1", "e5")
    assert canvas(pareto).plot.y.metric == "e5"
    assert "2 missing" in pareto.view.status.text()


def test_that_recomputing_on_the_selection_is_an_option(stage: MakeStage) -> None:
    shown = panel(stage, "graph")
    assert isinstance(shown.view, PlotView)
    assert "24 models" in shown.view.status.text()
    choose_in_menu(menu(shown, "Options"), "Recompute on the selected models")
    assert shown.settle().document.panel("graph").on_selection
    shown.commit(lambda s: changes.select(s, Space.MODEL, rows(range(1, 11))))
    assert "10 models" in shown.view.status.text()
