"""A double click on the title of a panel shows it alone, and again all as they stood; arrows of
forces come and go by a key."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from mlipviewer.app.docks import Dock
from mlipviewer.app.window import MainWindow
from tests import made
from tests.main_window import atoms, settled
from tests.windows import SHIFT, Key, click, double_click, give, press

pytestmark = pytest.mark.window


def shown(window: MainWindow) -> set[str]:
    """The panels that can be seen, also behind others as tabs."""
    QApplication.processEvents()
    return {name for name, dock in window.docks.by_panel.items() if not dock.isHidden()}


def title(dock: Dock) -> tuple[float, float]:
    """A place on its title, beside the buttons."""
    return 20.0, dock.view.geometry().top() / 2


def test_that_a_panel_is_alone_and_back_by_its_title(window: MainWindow) -> None:
    give(window, made.error_table())
    dock, before = window.docks.by_panel["table"], shown(window)
    click(dock, title(dock))
    double_click(dock, title(dock))
    assert shown(window) == {"table"}
    assert not dock.isFloating()
    double_click(dock, title(dock))
    assert shown(window) == before


def test_that_a_double_click_in_the_panel_is_its_own(window: MainWindow) -> None:
    give(window, made.error_table())
    dock, before = window.docks.by_panel["table"], shown(window)
    double_click(dock.view.status, (5.0, 5.0))
    assert shown(window) == before


def test_that_arrows_of_forces_come_and_go_by_a_key(window: MainWindow, qtbot: Any) -> None:
    give(window, made.trajectory())
    view = atoms(window, qtbot)
    press(view.surface, Key.Key_F, SHIFT)
    assert settled(window).document.looks.vectors.column == "forces"
    assert window.store.undo_label == "Show arrows of forces"
    press(view.surface, Key.Key_F, SHIFT)
    assert not settled(window).document.looks.vectors.shown
    window.store.undo()
    assert settled(window).document.looks.vectors.shown


def test_that_a_run_without_forces_says_so(window: MainWindow, qtbot: Any, tmp_path: Any) -> None:
    window.open([str(made.write_dump(tmp_path / "run.dump"))])
    settled(window)
    press(atoms(window, qtbot).surface, Key.Key_F, SHIFT)
    assert not settled(window).document.looks.vectors.shown
    assert "no column of forces" in window.notices.text.text()
