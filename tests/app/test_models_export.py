"""Models out of the window: which rows and columns, as they are seen or with all digits."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from mlipviewer.app.figures.dialog import FigureDialog
from mlipviewer.app.tables.models_export import ModelsDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes
from mlipviewer.session.state import Weight
from tests import made
from tests.main_window import settled, table
from tests.windows import CTRL, Key, click, give, press, shown_dialog

pytestmark = pytest.mark.window


@pytest.fixture
def full(window: MainWindow) -> MainWindow:
    """Two models are selected, the better half is shown, sorted, without a column."""
    give(window, made.error_table())
    window.store.commit(lambda s: table_changes.sort_by(s, "e1"), "Sort")
    window.store.commit(lambda s: table_changes.hide_columns(s, {"e2"}), "Hide")
    window.store.commit(lambda s: changes.select(s, Space.MODEL, rows([3, 5])), "Select")
    settled(window)
    return window


def asked(window: MainWindow, qtbot: Any) -> ModelsDialog:
    window.registry.items["export.models"].trigger()
    found: ModelsDialog = shown_dialog(ModelsDialog, qtbot)
    return found


def written(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def copied(qtbot: Any) -> str:
    """What a thread brings to the clipboard."""
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=20_000)
    return QGuiApplication.clipboard().text()


def choose(box: Any, text: str) -> None:
    """By the keyboard, as people do."""
    box.setFocus()
    k = next(k for k in range(box.count()) if text in box.itemText(k))
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(k):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert text in box.currentText()


def test_that_the_selected_models_are_written_as_the_table_shows_them(
    full: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    out = tmp_path / "models.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    dialog = asked(full, qtbot)
    assert dialog.which.currentText() == "The 2 selected"
    assert dialog.told.text().startswith("2 rows of ")
    click(dialog.export)
    settled(full)
    lines = written(out)
    shown = full.store.state.table
    assert shown is not None
    order = [row for row in table(full).model.order.tolist() if row in (3, 5)]
    assert [line["model"] for line in lines] == [shown.keys[row] for row in order]
    assert "e2" not in lines[0]
    assert [float(line["e1"]) for line in lines] == [shown.metric("e1")[row] for row in order]


def test_that_all_models_are_written_with_all_columns_of_the_file(
    full: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    out = tmp_path / "models.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    dialog = asked(full, qtbot)
    choose(dialog.which, "All 24 models")
    choose(dialog.columns, "All of the file")
    click(dialog.export)
    settled(full)
    lines = written(out)
    assert len(lines) == 24
    assert "e2" in lines[0]


def test_that_numbers_are_written_as_they_are_seen(full: MainWindow, qtbot: Any) -> None:
    dialog = asked(full, qtbot)
    choose(dialog.which, "that are shown")
    choose(dialog.digits, "As they are seen")
    QGuiApplication.clipboard().setText("")
    click(dialog.copy)
    text = copied(qtbot)
    dialog.close()
    lines = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    model = table(full).model
    column = model.columns.index("e1")
    seen = [model.data(model.index(k, column)) for k in range(model.rowCount())]
    assert [line["e1"] for line in lines] == seen
    told = full.notices.text
    qtbot.waitUntil(lambda: f"Copied {len(seen)} models" in told.text(), timeout=20_000)


def test_that_the_table_becomes_a_figure(full: MainWindow, qtbot: Any) -> None:
    dialog = asked(full, qtbot)
    click(dialog.figure)
    found = shown_dialog(FigureDialog, qtbot)
    qtbot.waitUntil(lambda: found.shown.n_drawn > 0, timeout=20_000)
    found.close()


def test_that_ctrl_c_copies_and_ctrl_e_draws_where_the_table_has_the_focus(
    full: MainWindow, qtbot: Any
) -> None:
    QGuiApplication.clipboard().setText("")
    press(table(full).rows, Key.Key_C, CTRL)
    lines = copied(qtbot).splitlines()
    assert len(lines) == 3
    press(table(full).rows, Key.Key_E, CTRL)
    found = shown_dialog(FigureDialog, qtbot)
    assert "SVG and PDF are vectors" in found.told.text()
    assert not found.parts  # nothing of a table is left out
    found.close()


def test_that_a_failing_export_is_one_sentence(
    full: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    out = tmp_path / "no" / "folder" / "models.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    click(asked(full, qtbot).export)
    state = settled(full)
    assert state.moment.notices[-1].weight is Weight.ERROR
    assert state.moment.notices[-1].text.startswith("models.csv was not written: ")


def test_that_without_a_table_there_is_nothing_to_export(window: MainWindow) -> None:
    item = window.registry.items["export.models"]
    assert not item.isEnabled()
    assert "no error table is open" in item.toolTip()
