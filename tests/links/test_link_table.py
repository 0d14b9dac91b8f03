"""Select here, see it there: each cell of the table of links, named after it.

Every test clicks, asserts on the state, then on what is painted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QStyle, QToolButton

from mlipviewer.app.window import MainWindow
from mlipviewer.core.links import Link
from mlipviewer.core.plot import Edges, Line, Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes
from tests import made
from tests.links.cells import banded, click_rows, recompute_on_selection, tinted
from tests.main_window import (
    atoms,
    plot,
    row_pixel,
    selected,
    settled,
    table,
    timeline,
)
from tests.windows import (
    SHIFT,
    alone,
    choose_in_menu,
    click,
    drag,
    give,
    n_like,
    picture,
    pixels,
    pixels_of,
    ringed,
)

pytestmark = pytest.mark.window

# --- table rows -> -------------------------------------------------------------------------------


def test_table_rows_to_pareto_ring_the_points(linked: MainWindow) -> None:
    canvas = plot(linked, "pareto").canvas
    places = pixels_of(canvas)
    first, second, other = [row for row in alone(places) if row][:3]
    click_rows(linked, first, second)
    assert selected(linked, Space.MODEL) == sorted([first, second])
    seen = picture(canvas)
    assert ringed(seen, places[first])
    assert ringed(seen, places[second])
    assert not ringed(seen, places[other])


def test_table_rows_to_graph_recompute_on_them(linked: MainWindow) -> None:
    graph = plot(linked, "graph")
    recompute_on_selection(linked, "graph")
    assert "24 models" in graph.status.text()
    port = table(linked).rows.viewport()
    click(port, row_pixel(table(linked), 3))
    click(port, row_pixel(table(linked), 12), SHIFT)
    assert selected(linked, Space.MODEL) == list(range(3, 13))
    old = graph.canvas.plot
    settled(linked)
    assert "10 models" in graph.status.text()
    edges = next(mark for mark in graph.canvas.plot.marks if isinstance(mark, Edges))
    x, y = graph.canvas.sheet.to_pixels(edges.x[0], edges.y[0])
    seen, colour = picture(graph.canvas), current_theme().edge
    box = (x.mean() - 4, y.mean() - 4, x.mean() + 4, y.mean() + 4)
    assert n_like(seen, colour, box, 110) >= 4
    assert old is graph.canvas.plot


def test_table_rows_to_timeline_the_models_run(linked: MainWindow) -> None:
    assert timeline(linked).name_button.text() == "free.xyz"
    assert "frame 1 of 20" in timeline(linked).label.text()
    click_rows(linked, 2)
    assert settled(linked).document.trajectory == "run2.xyz"
    assert timeline(linked).name_button.text() == "run2.xyz"
    assert "frame 1 of 7" in timeline(linked).label.text()
    assert timeline(linked).slider.maximum() == 6
    linked.store.undo()
    settled(linked)
    assert "free.xyz" in timeline(linked).name_button.text()


def test_table_rows_to_atoms_its_trajectory(linked: MainWindow, qtbot: Any) -> None:
    view = atoms(linked, qtbot)
    before = pixels(view.canvas.grabFramebuffer())
    click_rows(linked, 2)
    assert settled(linked).document.focus == 2
    view = atoms(linked, qtbot)
    assert view.canvas.panes[0].frame is linked.store.state.moment.frames["run2.xyz"]
    assert view.surface.words[0].title.startswith("run2.xyz · frame 1 of 7")
    after = pixels(view.canvas.grabFramebuffer())
    background = np.abs(after - after[2, 2]).max(axis=-1) < 8
    assert 0.05 < 1 - background.mean() < 0.9, "atoms are drawn on the background"
    assert before.shape == after.shape


@pytest.mark.parametrize("chosen", [(1, 2), (1, 2, 3), (1, 2, 3, 4)])
def test_table_rows_to_atoms_two_to_four_side_by_side(
    linked: MainWindow, qtbot: Any, chosen: tuple[int, ...]
) -> None:
    click_rows(linked, *chosen)
    assert selected(linked, Space.MODEL) == list(chosen)
    view = atoms(linked, qtbot)
    assert [w.title for w in view.surface.words] == [f"m{i} · frame 1" for i in chosen]
    frames = linked.store.state.moment.frames
    shown = [pane.frame for pane in view.canvas.panes]
    assert [frames[f"run{i}.xyz"] for i in chosen] == shown
    seen = pixels(view.canvas.grabFramebuffer())
    for left, top, width, height in view.canvas.rects():
        part = seen[top + 4 : top + height - 4, left + 4 : left + width - 4]
        drawn = np.abs(part - part[0, 0]).max(axis=-1) > 40
        assert 0.03 < drawn.mean() < 0.9


# --- Pareto lasso -> -----------------------------------------------------------------------------


def lasso_front(window: MainWindow) -> list[int]:
    """Draw a lasso around the lower left part of the Pareto plot; the models in it."""
    view = plot(window, "pareto")
    select = next(b for b in view.findChildren(QToolButton) if b.text() == "Select")
    choose_in_menu(select.menu(), "Lasso")
    sheet, places = view.canvas.sheet, pixels_of(view.canvas)
    left, bottom = sheet.left + 1, sheet.top + sheet.height - 1
    right, top = sheet.left + sheet.width * 0.8, sheet.top + sheet.height * 0.2
    drag(view.canvas, [(left, top), (left, bottom), (right, bottom), (left, top)])

    def inside(x: float, y: float) -> bool:
        return (x - left) / (right - left) + (bottom - y) / (bottom - top) < 1

    return sorted(row for row, (x, y) in places.items() if inside(x, y))


def test_pareto_lasso_to_table_select_rows(linked: MainWindow) -> None:
    inside = lasso_front(linked)
    assert selected(linked, Space.MODEL) == inside
    assert 3 < len(inside) < 24
    assert f"{len(inside)} selected" in table(linked).status.text()
    for row in range(1, 12):
        assert banded(linked, row) == (row in inside)


def test_pareto_lasso_to_other_panels(linked: MainWindow) -> None:
    linked.store.commit(lambda s: changes.select(s, Space.ATOM, rows([5]), owner="free.xyz"), "")
    linked.store.commit(lambda s: changes.choose_metrics(s, rows([0, 1])), "Axes")
    errors = plot(linked, "atom-errors").canvas
    inside = lasso_front(linked)
    assert selected(linked, Space.MODEL) == inside
    seen, places = picture(errors), pixels_of(errors)
    assert sorted(places) == [1, 2, 3, 4]
    assert [row for row in places if ringed(seen, places[row])] == [r for r in inside if r < 5]


def test_pareto_lasso_to_graph_recompute(linked: MainWindow) -> None:
    graph = plot(linked, "graph")
    recompute_on_selection(linked, "graph")
    inside = lasso_front(linked)
    assert selected(linked, Space.MODEL) == inside
    n_models = len([row for row in inside if row])
    assert f"{n_models} models" in graph.status.text()


# --- graph node or edge -> -----------------------------------------------------------------------


def graph_node(window: MainWindow, metric: int) -> None:
    canvas = plot(window, "graph").canvas
    click(canvas, pixels_of(canvas, Space.METRIC)[metric])


def graph_edge(window: MainWindow) -> tuple[int, int]:
    """Click the middle of the strongest edge; the metrics at its ends."""
    canvas = plot(window, "graph").canvas
    mark = next(mark for mark in canvas.plot.marks if isinstance(mark, Edges))
    x, y = canvas.sheet.to_pixels(mark.x, mark.y)
    nodes = np.array(list(pixels_of(canvas, Space.METRIC).values()))
    middle = np.column_stack([x.mean(axis=1), y.mean(axis=1)])
    free = [i for i in range(len(middle)) if np.hypot(*(nodes - middle[i]).T).min() > 16]
    click(canvas, tuple(middle[free[0]]))
    a, b = sorted(mark.pairs[free[0]].tolist())
    return a, b


def test_graph_node_to_table_show_the_column(window: MainWindow) -> None:
    give(window, made.error_table(24, 24, missing=0))
    assert not tinted(window, 20)
    graph_node(window, 20)
    assert selected(window, Space.METRIC) == [20]
    assert tinted(window, 20)


def test_graph_edge_to_table_show_the_columns(linked: MainWindow) -> None:
    a, b = graph_edge(linked)
    assert selected(linked, Space.METRIC) == [a, b]
    assert tinted(linked, a)
    linked.docks.by_panel["table"].resize(900, 400)
    others = set(range(6)) - {a, b}
    assert not any(tinted(linked, other) for other in others)


def test_graph_node_to_pareto_the_y_axis_becomes_it(linked: MainWindow) -> None:
    canvas = plot(linked, "pareto").canvas
    before = picture(canvas)
    graph_node(linked, 4)
    assert settled(linked).document.axes == ("e0", "e4")
    assert (canvas.plot.x.metric, canvas.plot.y.metric) == ("e0", "e4")
    assert np.abs(picture(canvas) - before).max() > 50
    places = pixels_of(canvas)
    table_values = made.error_table().values
    best = min(places, key=lambda row: table_values[row, 4])
    assert max(places.values(), key=lambda at: at[1]) == places[best]


def test_graph_edge_to_pareto_axes_become_these(linked: MainWindow) -> None:
    a, b = graph_edge(linked)
    assert settled(linked).document.axes == (f"e{a}", f"e{b}")
    canvas = plot(linked, "pareto").canvas
    assert (canvas.plot.x.metric, canvas.plot.y.metric) == (f"e{a}", f"e{b}")
    linked.store.undo()
    assert settled(linked).document.axes == ("e0", "e1")
    assert canvas.plot.x.metric == "e0"


def test_graph_node_to_graph_neighbours_lit(linked: MainWindow) -> None:
    canvas = plot(linked, "graph").canvas
    graph_node(linked, 2)
    assert selected(linked, Space.METRIC) == [2]
    seen = picture(canvas)
    mark = next(mark for mark in canvas.plot.marks if isinstance(mark, Edges))
    x, y = canvas.sheet.to_pixels(mark.x, mark.y)
    lit, unlit = [], []
    for i, pair in enumerate(mark.pairs.tolist()):
        box = (x[i].mean() - 4, y[i].mean() - 4, x[i].mean() + 4, y[i].mean() + 4)
        (lit if 2 in pair else unlit).append(n_like(seen, current_theme().selected, box, 80))
    assert lit
    assert min(lit) >= 4
    assert sum(n >= 4 for n in unlit) <= len(unlit) // 3, "edges may cross lit ones"


def test_graph_node_to_timeline_its_test_frames(linked: MainWindow) -> None:
    link = Link("", "test", "/made/tests.xyz", "e3")
    linked.store.commit(lambda s: changes.add_links(s, (link,)), "Link")
    tests = made.trajectory("tests.xyz", n_frames=11)
    linked.store.commit(lambda s: changes.loaded(s, "tests.xyz", tests), "Read")
    graph_node(linked, 3)
    assert settled(linked).document.trajectory == "tests.xyz"
    assert timeline(linked).name_button.text() == "tests.xyz"
    assert "frame 1 of 11" in timeline(linked).label.text()
    assert timeline(linked).slider.maximum() == 10


# --- timeline range -> ---------------------------------------------------------------------------


def sweep(window: MainWindow, first: int, last: int, n: int) -> None:
    strip = timeline(window).strip
    handle = strip.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength)
    x0, x1 = (handle / 2 + f / (n - 1) * (strip.width() - handle) for f in (first, last))
    drag(strip, [(x0, 5), ((x0 + x1) / 2, 5), (x1, 5)])


def test_timeline_range_to_frames(linked: MainWindow, qtbot: Any) -> None:
    canvas = plot(linked, "series").canvas
    sweep(linked, 6, 9, 20)
    assert selected(linked, Space.FRAME) == [6, 7, 8, 9]
    line = next(m for m in canvas.plot.marks if isinstance(m, Line) and m.rows is not None)
    x, y = canvas.sheet.to_pixels(line.x, line.y)
    seen, colour = picture(canvas), current_theme().selected
    marked = [
        frame
        for frame, (px, py) in enumerate(zip(x, y, strict=True))
        if n_like(seen, colour, (px - 2, py - 2, px + 2, py + 2)) > 8
    ]
    assert marked == [6, 7, 8, 9]
    seen_frames: list[int] = []
    linked.store.subscribe(lambda _old, new: seen_frames.append(new.document.frame))
    timeline(linked).fps.setValue(60)
    click(timeline(linked).play_button)
    qtbot.waitUntil(lambda: len({*seen_frames} - {0}) == 4, timeout=20_000)
    click(timeline(linked).play_button)
    assert {*seen_frames} - {0} == {6, 7, 8, 9}
    frame = settled(linked).document.frame
    assert atoms(linked, qtbot).surface.words[0].title.startswith(f"free.xyz · frame {frame + 1} ")
