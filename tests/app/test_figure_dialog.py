"""The dialog of figures, from the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from mlipviewer.app.figures.dialog import FigureDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.session import changes
from mlipviewer.views.atoms import preparation
from tests import made
from tests.app import window_work as work
from tests.main_window import settled

pytestmark = pytest.mark.window


@pytest.fixture
def dialog(window: MainWindow, tmp_path: Path) -> Iterator[FigureDialog]:
    made.write_table(tmp_path / "errors.csv")
    window.open([str(tmp_path / "errors.csv")])
    settled(window)
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    settled(window)
    (found,) = window.findChildren(FigureDialog)
    yield found
    with suppress(RuntimeError):  # it is gone once it was accepted
        found.close()
    settled(window)


def test_that_a_figure_is_previewed_and_written(
    dialog: FigureDialog, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "front.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    work.run_until(lambda: dialog.shown.n_drawn > 0, 10)
    before, n = dialog.shown.pixmap().toImage(), dialog.shown.n_drawn
    dialog.preset.setCurrentText("double column (175 mm)")
    dialog.preset.activated.emit(dialog.preset.currentIndex())
    assert dialog.width_box.value() == 175
    work.run_until(lambda: dialog.shown.n_drawn > n, 10)
    assert dialog.shown.pixmap().toImage() != before
    dialog.dpi.setValue(150)
    work.run_until(lambda: dialog.preset.currentText() == "own size", 5)
    assert "1033 x 679 dots" in dialog.told.text()
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settled(window)
    with Image.open(out) as image:
        assert image.size == (1033, 679)
    assert "Written" in window.notices.text.text()


def test_that_what_cannot_be_is_said(dialog: FigureDialog) -> None:
    dialog.width_box.setValue(1000)
    dialog.dpi.setValue(2400)
    work.run_until(lambda: not dialog.export.isEnabled(), 5)
    assert not dialog.export.isEnabled()
    assert "too large" in dialog.told.text()


def test_that_a_figure_of_atoms_waits_for_the_thread_and_not_the_window(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is exported is the frame that was asked for, though its atoms are still prepared."""
    window.open([str(made.write_dump(tmp_path / "run.dump"))])
    settled(window)
    monkeypatch.setattr(preparation, "AT_ONCE", 0)
    made_of, here, gate = preparation.made_of, threading.get_ident(), threading.Event()
    made_here = []

    def slowly(ask: preparation.Ask) -> preparation.Made:
        made_here.append(threading.get_ident() == here)
        assert gate.wait(20)
        return made_of(ask)

    monkeypatch.setattr(preparation, "made_of", slowly)
    window.store.commit(lambda s: changes.show_frame(s, 3), "Frame")
    view = window.docks.by_panel["atoms"].view
    work.run_until(lambda: view.preparation.waiting, 10)  # type: ignore[attr-defined]
    out, look = tmp_path / "atoms.png", FigureLook(60, 40, 7, 100)
    window.figures.ask("atoms")
    window.figures.write("atoms", look, out)
    work.run_until(lambda: False, 0.2)
    assert not window.findChildren(FigureDialog)
    assert not out.exists()
    gate.set()
    work.run_until(lambda: bool(window.findChildren(FigureDialog)), 10)
    (dialog,) = window.findChildren(FigureDialog)
    dialog.close()
    settled(window)
    assert out.exists()
    pane = view.canvas.panes[0]  # type: ignore[attr-defined]
    assert pane.frame.index == 3
    assert made_here
    assert not any(made_here)


def test_that_what_cannot_be_prepared_is_said_and_keeps_nobody_waiting(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open([str(made.write_dump(tmp_path / "run.dump"))])
    settled(window)
    monkeypatch.setattr(preparation, "AT_ONCE", 0)

    def failing(_ask: preparation.Ask) -> preparation.Made:
        raise ValueError("these atoms cannot be arranged")

    monkeypatch.setattr(preparation, "made_of", failing)
    told = list[str]()
    view = window.docks.by_panel["atoms"].view
    view.canvas.problem_found.connect(told.append)  # type: ignore[attr-defined]
    window.store.commit(lambda s: changes.show_frame(s, 3), "Frame")
    work.run_until(lambda: bool(told), 10)
    assert told == ["these atoms cannot be arranged"]
    assert not view.preparation.waiting  # type: ignore[attr-defined]
    assert view.canvas.panes[0].frame.index == 0  # type: ignore[attr-defined]
