"""The correlation graph and representatives by mouse: nodes placed, cards read, metrics locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu

from mlipviewer.core.plot import Edges, HeatMap, Points, Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.hit import hit
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, drag, handle_of, pixels_of, press_at, release_at

pytestmark = pytest.mark.window

MakeStage = Callable[..., Stage]


def panel(make: MakeStage, name: str, plot: str) -> Stage:
    one = plot_panel(name, plot, panel_id="one")
    shown = make(lambda store: PlotView(store, "one"), panels=(one,))
    shown.give(made.error_table())
    return shown


@pytest.fixture
def graph(stage: MakeStage) -> Stage:
    return panel(stage, "correlation", "Graph")


@pytest.fixture
def representatives(stage: MakeStage) -> Stage:
    return panel(stage, "representatives", "Graph")


def view(shown: Stage) -> PlotView:
    assert isinstance(shown.view, PlotView)
    return shown.view


def canvas(shown: Stage) -> PlotCanvas:
    return view(shown).canvas


def params(shown: Stage) -> Any:
    return shown.settle().document.panel("one").params


def entry(shown: Stage, title: str) -> Any:
    menu = QMenu(view(shown))
    view(shown).menus.fill_all(menu)
    return next(action for action in menu.actions() if action.text() == title)


def test_that_a_dragged_node_stays_where_it_is_put_in_one_step(graph: Stage) -> None:
    nodes = pixels_of(canvas(graph), Space.METRIC)
    x, y = nodes[2]
    others = {row: place for row, place in nodes.items() if row != 2}
    n_steps = graph.store.n_steps
    target = (x + 40, y - 30)
    drag(canvas(graph), [(x, y), (x + 9, y - 9), (x + 30, y - 20), target])
    graph.settle()
    assert graph.store.n_steps == n_steps + 1
    assert graph.state.selected(Space.METRIC).tolist() == [], "a drag chooses nothing"
    mark = next(m for m in canvas(graph).plot.marks if isinstance(m, Points))
    i = list(mark.rows).index(2)
    assert params(graph).places == (f"e2={mark.x[i]:.5g}:{mark.y[i]:.5g}",)
    assert "placed by hand" in mark.hints[i]
    view(graph).set_param("threshold", 0.9)
    graph.settle()
    mark = next(m for m in canvas(graph).plot.marks if isinstance(m, Points))
    assert f"e2={mark.x[i]:.5g}:{mark.y[i]:.5g}" == params(graph).places[0]
    edges = next(m for m in canvas(graph).plot.marks if isinstance(m, Edges))
    ends = {(float(a), float(b)) for a, b in zip(edges.x.ravel(), edges.y.ravel(), strict=True)}
    assert ends <= set(zip(mark.x.tolist(), mark.y.tolist(), strict=True))
    graph.store.undo()
    graph.store.undo()
    assert params(graph).places == ()
    now = pixels_of(canvas(graph), Space.METRIC)
    assert all(now[row] == pytest.approx(place, abs=0.5) for row, place in others.items())
    assert now[2] == pytest.approx((x, y), abs=0.5)


def test_that_places_are_reset_by_the_menu(graph: Stage) -> None:
    before = pixels_of(canvas(graph), Space.METRIC)
    x, y = before[0]
    drag(canvas(graph), [(x, y), (x + 9, y + 9), (x + 20, y + 20)])
    graph.settle()
    assert params(graph).places
    entry(graph, "Reset places of nodes").trigger()
    graph.settle()
    now = pixels_of(canvas(graph), Space.METRIC)
    assert all(now[row] == pytest.approx(before[row], abs=0.5) for row in before)


def test_that_a_node_tells_how_its_values_are_spread(graph: Stage) -> None:
    table = graph.state.table
    assert table is not None
    x, y = pixels_of(canvas(graph), Space.METRIC)[5]
    found = hit(canvas(graph).plot, canvas(graph).sheet, x, y)
    assert found is not None
    values = table.metric("e5")[table.models]
    values = values[np.isfinite(values)]
    q1, q2, q3 = np.quantile(values, (0.25, 0.5, 0.75))
    assert "22 models, 2 without a value" in found.text
    assert f"median {q2:.3g}, quartiles {q1:.3g} to {q3:.3g}" in found.text


def test_that_an_edge_tells_r_and_n(graph: Stage) -> None:
    edges = next(m for m in canvas(graph).plot.marks if isinstance(m, Edges))
    x, y = canvas(graph).sheet.to_pixels(edges.x[0], edges.y[0])
    found = hit(canvas(graph).plot, canvas(graph).sheet, float(x.mean()), float(y.mean()))
    assert found is not None
    assert "r = " in found.text
    assert "n = " in found.text


def test_that_counts_follow_the_slider_while_it_is_dragged(graph: Stage) -> None:
    slider = view(graph)._slider
    assert slider is not None
    seen = set()
    x, y = handle_of(slider.slider)
    press_at(slider.slider, (x, y))
    for step in (20, 40, 60):
        drag_to(slider.slider, (x + step, y))
        graph.store.flush()
        text = view(graph).status.text()
        assert "edges" in text
        assert "components" in text
        seen.add(text)
    release_at(slider.slider, (x + 60, y))
    assert len(seen) > 1


def drag_to(widget: Any, at: tuple[float, float]) -> None:
    from tests.windows import hover

    hover(widget, at)


def test_that_nodes_are_as_large_as_the_share_of_models_with_a_value(graph: Stage) -> None:
    view(graph).set_param("node_size", "coverage")
    graph.settle()
    mark = next(m for m in canvas(graph).plot.marks if isinstance(m, Points))
    assert len(set(mark.size[:5])) == 1
    assert mark.size[5] < mark.size[0], "two models lack the last metric"


def test_that_a_cell_tells_n_and_p_and_the_tree_stands_beside(stage: MakeStage) -> None:
    from scipy.stats import pearsonr

    shown = panel(stage, "correlation", "Heat map")
    table = shown.state.table
    assert table is not None
    mark = next(m for m in canvas(shown).plot.marks if isinstance(m, HeatMap))
    x, y = canvas(shown).sheet.to_pixels(np.array([1.5]), np.array([5.5]))
    found = hit(canvas(shown).plot, canvas(shown).sheet, float(x[0]), float(y[0]))
    assert found is not None
    a, b = (
        np.log10(table.metric(name)[table.models])
        for name in (mark.row_names[0], mark.column_names[1])
    )
    both = np.isfinite(a) & np.isfinite(b)
    r, p = pearsonr(a[both], b[both])
    assert found.text.endswith(f"r {r:.3f}\nn {both.sum()}\np {p:.2g}")
    assert mark.tree is not None
    assert mark.tree.shape == (5, 3, 2)
    assert mark.tree[-1, 2, 1] == 1.0


def test_that_selected_metrics_are_locked_in_and_out(representatives: Stage) -> None:
    assert not entry(representatives, "Keep the selected metrics").isEnabled()
    found = view(representatives).table_of_result("representatives")
    assert found is not None
    other = next(f"e{i}" for i in range(6) if f"e{i}" not in found["metric"])
    row = int(other[1:])
    representatives.commit(lambda s: changes.select(s, Space.METRIC, rows([row])))
    entry(representatives, "Keep the selected metrics").trigger()
    assert params(representatives).keep == (other,)
    found = view(representatives).table_of_result("representatives")
    assert found is not None
    assert other in found["metric"]
    named = next(
        m for m in canvas(representatives).plot.marks if isinstance(m, Points) and m.show_labels
    )
    assert named.labels[row] == f"{other} (kept)"
    entry(representatives, "Leave the selected metrics out").trigger()
    assert (params(representatives).keep, params(representatives).leave_out) == ((), (other,))
    found = view(representatives).table_of_result("representatives")
    assert found is not None
    assert other not in found["metric"]
    entry(representatives, "Neither keep nor leave out the selected metrics").trigger()
    assert params(representatives).leave_out == ()
    representatives.store.undo()
    assert params(representatives).leave_out == (other,)
