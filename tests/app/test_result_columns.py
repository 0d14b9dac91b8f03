"""What panels find of each model, as columns of the table: shown, sorted, filtered, undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes
from mlipviewer.session.panels import new_panel, request_of, result_columns
from mlipviewer.session.state import Failure, Sort
from tests import made
from tests.main_window import plot, settled, table
from tests.windows import choose_in_menu, click, give

pytestmark = pytest.mark.window

RANKS = ["rank", "on_front", "dominated_by"]


def show_in_table(window: MainWindow, panel_id: str) -> None:
    """The entry of the panel's menu, clicked."""
    menu = QMenu()
    plot(window, panel_id).menus.fill_options(menu)
    choose_in_menu(menu, "Show as columns of the table")
    settled(window)


def add_score(window: MainWindow) -> str:
    panel = new_panel(window.store.state, "score", "Score")
    window.store.commit(lambda s: changes.open_panel(s, panel), "Open")
    settled(window)
    return panel.id


@pytest.fixture
def shown(window: MainWindow, qtbot: Any) -> MainWindow:
    give(window, made.error_table())
    settled(window)
    return window


def test_that_ranks_of_the_pareto_plot_are_columns_at_the_left(shown: MainWindow) -> None:
    show_in_table(shown, "pareto")
    view = table(shown)
    assert list(view.model.columns[:4]) == [*RANKS, "family"]
    source = made.error_table()
    points = source.values[source.models][:, :2]
    better = [sum(bool((b <= a).all() and (b < a).any()) for b in points) for a in points]
    column = view.model.columns.index("dominated_by")
    cells = [view.model.data(view.model.index(i, column)) for i in range(1, 25)]
    assert cells == [str(n) for n in better]
    assert view.model.data(view.model.index(0, column)) == "–"
    show_in_table(shown, "pareto")
    assert view.model.columns[0] == "family"
    shown.store.undo()
    settled(shown)
    assert view.model.columns[0] == "rank"


def test_that_ranks_follow_the_axes(shown: MainWindow) -> None:
    show_in_table(shown, "pareto")
    before = result_columns(shown.store.state)["dominated_by"]
    shown.store.commit(lambda s: changes.set_axes(s, ("e2", "e3")), "Axes")
    state = settled(shown)
    assert not np.array_equal(result_columns(state)["dominated_by"], before, equal_nan=True)
    assert table(shown).model.computed["dominated_by"] is result_columns(state)["dominated_by"]


def test_that_they_sort_and_filter_without_changing_themselves(shown: MainWindow) -> None:
    show_in_table(shown, add_score(shown))
    score = result_columns(settled(shown))["score"]
    view = table(shown)
    head = view.rows.head
    click(head.viewport(), (head.sectionSize(0) - 14, head.height() - 8))
    assert settled(shown).document.sorting == (Sort("score"),)
    assert np.all(np.diff(score[view.model.order[1:]]) >= 0)
    shown.store.commit(lambda s: table_changes.filter_column(s, "score", "score >= 0.6"), "Filter")
    state = settled(shown)
    assert sorted(view.model.order[1:]) == np.flatnonzero(score >= 0.6).tolist()
    assert result_columns(state)["score"] is score
    request = request_of(state, state.document.panel("heatmap"))
    assert not isinstance(request, Failure)
    assert request.models is not None
    assert request.models.rows.tolist() == np.flatnonzero(score >= 0.6).tolist()


def test_that_two_of_a_name_are_told_apart(shown: MainWindow) -> None:
    show_in_table(shown, add_score(shown))
    second = add_score(shown)
    shown.store.commit(lambda s: changes.set_params(s, second, weights="even=0"), "Weights")
    show_in_table(shown, second)
    columns = result_columns(settled(shown))
    assert list(columns) == ["score", "score_2"]
    assert not np.array_equal(columns["score"], columns["score_2"], equal_nan=True)
    shown.store.commit(lambda s: changes.select(s, Space.MODEL, rows([3])), "Select")
    shown.store.commit(lambda s: changes.close_panel(s, second), "Close")
    assert list(result_columns(settled(shown))) == ["score"]
    assert table(shown).model.columns[:2] == ("score", "family")


def test_that_a_filter_waits_for_a_column_that_is_not_there_yet(shown: MainWindow) -> None:
    shown.store.commit(
        lambda s: table_changes.set_condition(changes.set_in_table(s, "pareto", True), "rank <= 1"),
        "Filter",
    )
    waiting = request_of(shown.store.state, shown.store.state.document.panel("heatmap"))
    assert isinstance(waiting, Failure)
    assert "rank" in waiting.reason
    state = settled(shown)
    rank = result_columns(state)["rank"]
    assert sorted(table(shown).model.order[1:]) == np.flatnonzero(rank == 1).tolist()
    assert not isinstance(request_of(state, state.document.panel("heatmap")), Failure)
