"""Several tables at once: the list above the table, the menu, and closing one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app.main import settle
from mlipviewer.app.window import MainWindow
from tests import made
from tests.main_window import table
from tests.windows import Key, press

pytestmark = pytest.mark.window


@pytest.fixture
def three(window: MainWindow, tmp_path: Path) -> MainWindow:
    """Three open tables of 4, 5 and 6 models; the last is shown."""
    for n in (4, 5, 6):
        made.write_table(tmp_path / f"t{n}.csv", made.error_table(n, 3))
        window.open([str(tmp_path / f"t{n}.csv")])
        settle(window)
    return window


def menu_titles(window: MainWindow) -> list[tuple[str, bool]]:
    menu = window.registry.menu("Table/Open tables")
    menu.aboutToShow.emit()
    return [(action.text(), action.isChecked()) for action in menu.actions()]


def test_that_the_list_shows_when_there_are_two(window: MainWindow, tmp_path: Path) -> None:
    view = table(window)
    assert menu_titles(window) == [("(none)", False)]
    for n, visible in ((4, False), (5, True)):
        made.write_table(tmp_path / f"t{n}.csv", made.error_table(n, 3))
        window.open([str(tmp_path / f"t{n}.csv")])
        settle(window)
        assert view.tables.isVisible() is visible


def test_that_a_table_is_taken_from_the_list(three: MainWindow) -> None:
    chooser = table(three).tables
    titles = [chooser.itemText(i) for i in range(chooser.count())]
    assert titles == ["t4.csv · 4 × 3", "t5.csv · 5 × 3", "t6.csv · 6 × 3"]
    press(chooser, Key.Key_Up)
    settle(three)
    state = three.store.state
    assert state.document.table == "t5.csv"
    assert state.table is not None
    assert state.table.n_models == 5
    assert menu_titles(three)[1] == ("t5.csv · 5 × 3", True)
    three.store.undo()
    settle(three)
    assert chooser.currentText() == "t6.csv · 6 × 3"


def test_that_closing_shows_the_neighbour(three: MainWindow, qtbot: Any) -> None:
    close = three.registry.items["table.close"]
    for left in ("t5.csv", "t4.csv", None):
        close.trigger()
        settle(three)
        assert three.store.state.document.table == left
    assert not close.isEnabled()
    three.store.undo()
    settle(three)
    assert three.store.state.table is not None
    assert three.store.state.table.n_models == 4
