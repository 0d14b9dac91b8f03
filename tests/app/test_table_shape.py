"""Columns renamed, another sheet, long tables made wide or kept: said in the dialog, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from mlipviewer.app.main import settle
from mlipviewer.app.tables.meaning import TableMeaning
from mlipviewer.app.tables.shape import LONG, WIDE
from mlipviewer.app.window import MainWindow
from mlipviewer.core.table import ErrorTable
from tests.windows import CTRL, Key, click, in_front, press, type_text

pytestmark = pytest.mark.window

WIDE_TEXT = "model,kind,F,E\nA,x,1,4\nB,y,2,3\nC,y,3,9\n"
LONG_TEXT = "model,metric,value,other\n" + "".join(
    f"{model},{metric},{i + k},{i * k}\n"
    for i, model in enumerate("ABC")
    for k, metric in enumerate(("e", "f"))
)
Ask = Callable[[], TableMeaning]


@pytest.fixture
def ask(window: MainWindow, qtbot: Any) -> Ask:
    def shown() -> TableMeaning:
        window.table_dialogs.ask_meaning()
        found = next(w for w in window.findChildren(TableMeaning) if w.isVisible())
        in_front(qtbot, found)
        qtbot.waitUntil(found.ok.isEnabled)
        return found

    return shown


def open_text(window: MainWindow, path: Path, text: str) -> ErrorTable:
    path.write_text(text)
    window.open([str(path)])
    return table(window)


def table(window: MainWindow) -> ErrorTable:
    settle(window)
    found = window.store.state.table
    assert found is not None
    return found


def rename(dialog: TableMeaning, old: str, new: str) -> None:
    """Double-click the name, type the new one."""
    grid = dialog.columns
    at = [grid.item(i, 0).text() for i in range(grid.rowCount())].index(old)  # type: ignore[union-attr]
    grid.editItem(grid.item(at, 0))
    QApplication.processEvents()
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    press(editor, Key.Key_A, CTRL)
    type_text(editor, new)
    press(editor, Key.Key_Return)
    QApplication.processEvents()
    assert grid.item(at, 0).text() == new  # type: ignore[union-attr]


def take(combo: Any, text: str) -> None:
    combo.setFocus()
    at = combo.findText(text)
    assert at >= 0, text
    while combo.currentIndex() != at:
        press(combo, Key.Key_Down if combo.currentIndex() < at else Key.Key_Up)


def test_that_a_column_is_renamed_again_and_back(
    window: MainWindow, ask: Ask, tmp_path: Path
) -> None:
    open_text(window, tmp_path / "a.csv", WIDE_TEXT)
    for old, new in (("F", "force"), ("force", "force_rmse"), ("kind", "family")):
        dialog = ask()
        rename(dialog, old, new)
        click(dialog.ok)
        assert new in table(window).namespace
        assert old not in table(window).namespace
    assert table(window).metrics == ("force_rmse", "E")
    dialog = ask()
    rename(dialog, "force_rmse", "F")
    click(dialog.ok)
    assert table(window).metrics == ("F", "E")
    one = window.store.state.document.input("a.csv")
    assert one is not None
    assert '"names": {"kind": "family"}' in one.choices
    for _ in range(4):
        window.store.undo()
    assert table(window).metrics == ("F", "E")
    assert "kind" in table(window).text


def test_that_two_columns_of_one_name_are_refused(
    window: MainWindow, ask: Ask, tmp_path: Path
) -> None:
    open_text(window, tmp_path / "a.csv", WIDE_TEXT)
    dialog = ask()
    rename(dialog, "F", "E")
    click(dialog.ok)
    assert dialog.isVisible()
    assert dialog.problem.text() == "Several columns are called E."
    dialog.reject()


def test_that_another_sheet_is_read(
    window: MainWindow, ask: Ask, tmp_path: Path, qtbot: Any
) -> None:
    book = openpyxl.Workbook()
    sheets = (("first", ("a", "b")), ("second", ("c", "d")))
    for name, metrics in sheets:
        sheet = book.create_sheet(name)
        sheet.append(["model", *metrics])
        for i in range(4):
            sheet.append([f"m{i}", i, 9 - i])
    book.remove(book["Sheet"])
    book.save(tmp_path / "book.xlsx")
    window.open([str(tmp_path / "book.xlsx")])
    assert table(window).metrics == ("a", "b")
    dialog = ask()
    assert dialog.shape.sheet.isVisible()
    take(dialog.shape.sheet, "second")
    qtbot.waitUntil(dialog.ok.isEnabled)
    assert dialog.columns.item(1, 0).text() == "c"  # type: ignore[union-attr]
    click(dialog.ok)
    assert table(window).metrics == ("c", "d")
    dialog = ask()
    assert dialog.shape.sheet.currentText() == "second"
    dialog.reject()
    window.store.undo()
    assert table(window).metrics == ("a", "b")


def test_that_a_long_table_is_kept_long_or_made_wide_as_told(
    window: MainWindow, ask: Ask, tmp_path: Path, qtbot: Any
) -> None:
    text = LONG_TEXT.replace(",other\n", "\n").replace("\n", ",\n")
    text = "\n".join(",".join(line.split(",")[:3]) for line in text.splitlines()) + "\n"
    assert open_text(window, tmp_path / "long.csv", text).metrics == ("e", "f")
    dialog = ask()
    assert not dialog.shape.sheet.isVisible()
    assert dialog.shape.kind.currentText() == LONG
    take(dialog.shape.kind, WIDE)
    qtbot.waitUntil(dialog.ok.isEnabled)
    click(dialog.ok)
    assert table(window).metrics == ("value",)
    assert table(window).n_rows == 6
    dialog = ask()
    assert dialog.shape.kind.currentText() == WIDE
    take(dialog.shape.kind, LONG)
    qtbot.waitUntil(dialog.ok.isEnabled)
    click(dialog.ok)
    assert table(window).metrics == ("e", "f")
    window.store.undo()
    window.store.undo()
    assert table(window).metrics == ("e", "f")


def test_that_the_columns_of_a_pivot_are_chosen_and_metrics_renamed(
    window: MainWindow, ask: Ask, tmp_path: Path, qtbot: Any
) -> None:
    first = open_text(window, tmp_path / "long.csv", LONG_TEXT)
    assert first.metrics == ("value", "other"), "two columns of numbers: nothing is guessed"
    dialog = ask()
    take(dialog.shape.kind, LONG)
    qtbot.waitUntil(dialog.ok.isEnabled)
    assert dialog.shape.parts["value"].currentText() == "other"
    take(dialog.shape.parts["value"], "metric")
    assert "three different columns" in dialog.problem.text()
    assert not dialog.ok.isEnabled()
    take(dialog.shape.parts["value"], "value")
    qtbot.waitUntil(dialog.ok.isEnabled)
    rename(dialog, "f", "force")
    rename(dialog, "model", "potential")
    click(dialog.ok)
    assert table(window).metrics == ("e", "force")
    assert table(window).metric("force").tolist() == [1, 2, 3]
    assert table(window).keys == ("A", "B", "C")
    assert "potential" in table(window).text
    dialog = ask()
    assert dialog.shape.parts["model"].currentText() == "potential"
    click(dialog.ok)
    assert table(window).metrics == ("e", "force")
