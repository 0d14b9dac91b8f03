"""Saying what a table means, where the guesses are wrong; the file is then read anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox

from mlipviewer.app.main import settle
from mlipviewer.app.tables.meaning import TableMeaning
from mlipviewer.app.window import MainWindow
from mlipviewer.core.table import Role, RowRole, Scale
from tests.windows import click, in_front

pytestmark = pytest.mark.window

TEXT = "model,count,error_a,error_b\n" + "".join(
    f"m{i},{i % 3},{0.1 * i + 0.1},{2.0 - 0.1 * i}\n" for i in range(8)
)


@pytest.fixture
def dialog(window: MainWindow, tmp_path: Path, qtbot: Any) -> TableMeaning:
    path = tmp_path / "errors.csv"
    path.write_text(TEXT)
    window.open([str(path)])
    settle(window)
    window.table_dialogs.ask_meaning()
    found = next(w for w in window.findChildren(TableMeaning) if w.isVisible())
    in_front(qtbot, found)
    qtbot.waitUntil(found.ok.isEnabled)
    return found


def button(dialog: TableMeaning, kind: QDialogButtonBox.StandardButton) -> Any:
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    return box.button(kind)


def set_role(dialog: TableMeaning, name: str, role: Role) -> None:
    names = [dialog.columns.item(i, 0).text() for i in range(dialog.columns.rowCount())]  # type: ignore[union-attr]
    combo = dialog.columns.cellWidget(names.index(name), 1)
    assert isinstance(combo, QComboBox)
    combo.setCurrentText(role)


def test_that_decisions_are_applied_kept_and_undone(
    window: MainWindow, dialog: TableMeaning
) -> None:
    assert window.store.state.table is not None
    before = window.store.state.table.metrics
    set_role(dialog, "count", Role.METADATA)
    dialog.scale.setCurrentText(Scale.LOG10)
    click(button(dialog, QDialogButtonBox.StandardButton.Ok))
    settle(window)
    table = window.store.state.table
    assert table is not None
    assert table.metrics == ("error_a", "error_b")
    assert table.scale is Scale.LOG10
    window.store.undo()
    settle(window)
    assert window.store.state.table is not None
    assert window.store.state.table.metrics == before


def test_that_cancel_changes_nothing(window: MainWindow, dialog: TableMeaning) -> None:
    document = window.store.state.document
    set_role(dialog, "error_a", Role.IGNORE)
    click(button(dialog, QDialogButtonBox.StandardButton.Cancel))
    settle(window)
    assert window.store.state.document is document


def test_that_what_is_shown_is_what_was_guessed(window: MainWindow, dialog: TableMeaning) -> None:
    table = window.store.state.table
    assert table is not None
    choices = dialog.choices()
    assert choices.roles == {column.name: column.role for column in table.columns}
    assert choices.scale is table.scale
    assert RowRole.REFERENCE not in choices.row_roles.values()
    click(button(dialog, QDialogButtonBox.StandardButton.Cancel))
