"""The work of a user by the keyboard alone: keys go to the window that is active, as the screen
sends them, and what has the focus hears them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from mlipviewer.app.figures.dialog import FigureDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from tests import made
from tests.app import window_work as work
from tests.main_window import settled, table
from tests.windows import CTRL, NO, SHIFT, Key, Modifier, dialog_of

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]


class Hands:
    """Ten fingers and no mouse."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def key(self, key: Key, held: Modifier = NO) -> None:
        QTest.keyClick(QApplication.focusWindow(), key, held)
        settled(self.window)

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(QApplication.focusWindow(), letter)
        settled(self.window)

    def tab_to(self, wanted: QWidget) -> None:
        """Tab until it has the focus."""
        for _ in range(200):
            if QApplication.focusWidget() is wanted:
                return
            QTest.keyClick(QApplication.focusWindow(), Key.Key_Tab)
            QApplication.processEvents()
        raise AssertionError(f"Tab does not reach {wanted.accessibleName()}")

    def command(self, words: str) -> None:
        """By the palette."""
        self.key(Key.Key_P, CTRL)
        self.type(words)
        self.key(Key.Key_Return)


def open_files(hands: Hands, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of files are typed into a dialog of the system, which is not ours to test."""
    errors = made.write_table(folder / "errors.csv", made.error_table(seed=9))
    run = made.write_extxyz(folder / "run.xyz", n_frames=12)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(errors), str(run)], ""))
    hands.key(Key.Key_O, CTRL)
    work.run_until(lambda: hands.window.store.state.trajectory is not None, 20)
    assert settled(hands.window).table is not None


def filter_models(hands: Hands) -> None:
    hands.key(Key.Key_F, CTRL)
    hands.type("e0 < 0.1")
    hands.key(Key.Key_Return)
    assert settled(hands.window).document.condition
    assert 0 < table(hands.window).model.rowCount() < 25


def pick_from_front(hands: Hands) -> int:
    """The leftmost model of the plot is on the front."""
    hands.command("pareto")
    hands.tab_to(hands.window.docks.by_panel["pareto"].view.canvas)  # type: ignore[attr-defined]
    hands.key(Key.Key_Right)
    (row,) = settled(hands.window).selected(Space.MODEL)
    state = hands.window.store.state
    found = next(r for q, r in state.moment.results.items() if q.analysis == "pareto")
    assert found.arrays["rank"][row] == 1  # type: ignore[union-attr]
    return int(row)


def play(hands: Hands) -> None:
    hands.key(Key.Key_Space, CTRL)
    work.run_until(lambda: hands.window.store.state.frame >= 2, 20)
    hands.key(Key.Key_Space, CTRL)
    assert not settled(hands.window).moment.playing


def measure(hands: Hands) -> None:
    view = hands.window.docks.by_panel["atoms"].view
    hands.tab_to(view.surface)  # type: ignore[attr-defined]
    hands.key(Key.Key_F, CTRL)
    hands.type("id == 3 or id == 4")
    hands.key(Key.Key_Return)
    assert settled(hands.window).selected(Space.ATOM).tolist() == [3, 4]
    hands.key(Key.Key_Escape)
    hands.tab_to(view.surface)  # type: ignore[attr-defined]
    hands.key(Key.Key_M)
    assert [one.atoms for one in settled(hands.window).document.measurements] == [(3, 4)]


def export(hands: Hands, out: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    hands.key(Key.Key_E, CTRL)
    dialog = dialog_of(FigureDialog, qtbot)
    work.run_until(lambda: dialog.shown.n_drawn > 0, 20)
    hands.tab_to(dialog.export)
    hands.key(Key.Key_Space)
    work.run_until(out.exists, 20)
    settled(hands.window)
    assert out.stat().st_size > 1000


def test_that_a_whole_work_needs_no_mouse(
    window: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(window)
    open_files(hands, tmp_path, monkeypatch)
    filter_models(hands)
    pick_from_front(hands)
    play(hands)
    measure(hands)
    export(hands, tmp_path / "figure.svg", qtbot, monkeypatch)


def test_that_tab_goes_from_atom_to_atom_and_escape_lets_it_go_on(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(window)
    open_files(hands, tmp_path, monkeypatch)
    surface = window.docks.by_panel["atoms"].view.surface  # type: ignore[attr-defined]
    hands.tab_to(surface)
    hands.key(Key.Key_A, CTRL)
    hands.key(Key.Key_Tab)
    (first,) = settled(window).selected(Space.ATOM)
    hands.key(Key.Key_Tab)
    hands.key(Key.Key_Backtab, SHIFT)
    assert settled(window).selected(Space.ATOM).tolist() == [first]
    assert QApplication.focusWidget() is surface
    hands.key(Key.Key_Escape)
    hands.key(Key.Key_Tab)
    assert QApplication.focusWidget() is not surface
