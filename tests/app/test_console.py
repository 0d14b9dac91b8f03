"""The Python console of the window, by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mlipviewer.app.console_dock import ConsoleDock
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from tests import made
from tests.app import window_work as work
from tests.main_window import settled
from tests.watchdog import watched

pytestmark = pytest.mark.window
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def console(window: MainWindow, tmp_path: Path) -> ConsoleDock:
    window.open([str(made.write_table(tmp_path / "errors.csv"))])
    window.open([str(made.write_extxyz(tmp_path / "run.extxyz"))])
    settled(window)
    QTest.keyClick(window, Qt.Key.Key_K, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dock = window.help.console
    work.run_until(dock.input.hasFocus, 10)
    return dock


def typed(console: ConsoleDock, text: str) -> str:
    """Type a line and Return; what is shown after it."""
    start = len(console.output.toPlainText())
    QTest.keyClicks(console.input, text)
    QTest.keyClick(console.input, Qt.Key.Key_Return)
    ended(console)
    return console.output.toPlainText()[start:]


def ended(console: ConsoleDock) -> None:
    def quiet() -> bool:
        interpreter = console.interpreter
        assert interpreter is not None
        return not interpreter.busy and not console.stop.isEnabled() and not console._waiting

    work.run_until(quiet, 30)


def test_that_it_knows_the_window(console: ConsoleDock) -> None:
    assert "`app` is this window" in console.output.toPlainText()
    assert typed(console, "app.table.n_models") == ">>> app.table.n_models\n24\n"
    assert "run.extxyz" in typed(console, "app.trajectory.name")
    assert "n_front" in typed(console, "app.run('pareto', metrics=('e0', 'e1')).summary")
    assert "ZeroDivisionError" in typed(console, "1 / 0")
    assert "no parameter 'size'" in typed(console, "app.run('pareto', size=3)")


def test_that_what_it_changes_is_one_step_of_undo(console: ConsoleDock, window: MainWindow) -> None:
    before = window.store.n_steps
    typed(console, "app.select(['m2', 'm5'], atoms='id < 4')")
    state = settled(window)
    assert state.selected(Space.MODEL).tolist() == [2, 5]
    assert state.selected(Space.ATOM).tolist() == [1, 2, 3]
    assert window.store.n_steps == before + 1
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert "models=()" in typed(console, "app.selection")
    assert "'pareto'" in typed(console, "app.panels")
    assert "Found" in typed(console, "app.result('pareto')")


def test_that_blocks_history_and_completion_go_by_keys(console: ConsoleDock) -> None:
    QTest.keyClicks(console.input, "for k in range(2):")
    QTest.keyClick(console.input, Qt.Key.Key_Return)
    QTest.keyClicks(console.input, "print(k)")
    QTest.keyClick(console.input, Qt.Key.Key_Return)
    assert console.input.toPlainText() == "for k in range(2):\n    print(k)\n    "
    QTest.keyClick(console.input, Qt.Key.Key_Return)
    ended(console)
    assert console.output.toPlainText().endswith("...     print(k)\n0\n1\n")
    typed(console, "x = 5")
    QTest.keyClick(console.input, Qt.Key.Key_Up)
    assert console.input.toPlainText() == "x = 5"
    QTest.keyClick(console.input, Qt.Key.Key_Up)
    assert console.input.toPlainText().startswith("for k")
    for _ in range(5):
        QTest.keyClick(console.input, Qt.Key.Key_Down)
    assert console.input.toPlainText() == ""
    QTest.keyClicks(console.input, "app.sele")
    QTest.keyClick(console.input, Qt.Key.Key_Tab)
    work.run_until(lambda: console.input.toPlainText() == "app.select", 10)
    QTest.keyClick(console.input, Qt.Key.Key_Tab)
    work.run_until(lambda: "selection" in console.output.toPlainText().splitlines()[-1], 10)


def test_that_endless_work_leaves_the_window_free_and_is_interrupted(
    console: ConsoleDock, window: MainWindow
) -> None:
    QTest.keyClicks(console.input, "while True: x = sum(range(1000))")
    QTest.keyClick(console.input, Qt.Key.Key_Return)
    work.run_until(console.stop.isEnabled, 5)
    with watched() as beats:
        for key in (Qt.Key.Key_A, Qt.Key.Key_Z):
            QTest.keyClick(window, key, CTRL)
            settled(window)
    assert beats.fine, beats.said()
    console.input.setFocus()
    QTest.keyClick(console.input, Qt.Key.Key_C, CTRL)
    ended(console)
    assert "KeyboardInterrupt" in console.output.toPlainText()
    assert typed(console, "3") == ">>> 3\n3\n"


def test_that_data_is_never_run(window: MainWindow, tmp_path: Path) -> None:
    """Opening files and sessions types nothing, and begins no interpreter."""
    path = tmp_path / "print(1).csv"
    path.write_text(made.table_csv(made.error_table()))
    window.open([str(path)])
    settled(window)
    assert window.help.console.interpreter is None
    assert window.help.console.output.toPlainText() == ""
