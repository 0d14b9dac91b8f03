"""Representatives of the errors drive the axes of the other plots."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu

from mlipviewer.app.window import MainWindow
from mlipviewer.views.plot import PlotView
from tests import made
from tests.main_window import settled
from tests.windows import give

pytestmark = pytest.mark.window


def test_that_representatives_become_the_axes_by_one_click(window: MainWindow) -> None:
    give(window, made.error_table())
    window.panel_menus.analyse("representatives", "Graph")
    settled(window)
    view = next(
        dock.view for name, dock in window.docks.by_panel.items() if name.startswith("represent")
    )
    assert isinstance(view, PlotView)
    settled(window)
    menu = QMenu()
    view.menus.fill_options(menu)
    item = next(one for one in menu.actions() if one.text().startswith("Use the representatives"))
    item.trigger()
    state = settled(window)
    assert len(state.document.axes) >= 2
    found = view._result.tables["representatives"]["metric"]  # type: ignore[union-attr]
    assert state.document.axes == tuple(found)
