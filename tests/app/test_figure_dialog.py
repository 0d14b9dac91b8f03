"""The dialog of figures, from the window."""

from __future__ import annotations

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
