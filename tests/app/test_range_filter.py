"""The zoom of a plot as a filter on models."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from mlipviewer.app.window import MainWindow
from mlipviewer.core.order import shown_models
from mlipviewer.gui.axes import Window
from tests import made
from tests.main_window import plot, settled
from tests.windows import choose_in_menu, give

pytestmark = pytest.mark.window


def test_that_the_range_seen_becomes_the_filter_and_is_undone(
    window: MainWindow, qtbot: Any
) -> None:
    give(window, made.error_table())
    settled(window)
    view = plot(window, "pareto")
    table = window.store.state.table
    assert table is not None
    x, y = (table.metric(name)[table.models] for name in window.store.state.document.axes[:2])
    seen = Window((-1.2, -0.6), (-1.4, -0.5))
    view.canvas.window_seen = seen
    view.canvas.refresh()
    menu = QMenu()
    view.menus.fill_options(menu)
    choose_in_menu(menu, "Filter models to the range seen")
    state = settled(window)
    inside = (x >= 10**-1.2) & (x <= 10**-0.6) & (y >= 10**-1.4) & (y <= 10**-0.5)
    assert 0 < inside.sum() < len(x)
    found = shown_models(table, state.document.condition)
    assert found.tolist() == table.models[inside].tolist()
    window.store.undo()
    assert settled(window).document.condition == ""
