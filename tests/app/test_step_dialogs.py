"""Errors of values and several seeds, said in dialogs: added, replaced, removed, undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QDialogButtonBox

from mlipviewer.app.main import settle
from mlipviewer.app.tables.step_dialogs import ErrorsDialog, SeedsDialog, StepDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.table import ErrorTable
from mlipviewer.session.table_steps import CombinedSeeds, ErrorsOfValues
from tests.windows import Key, click, in_front, press

pytestmark = pytest.mark.window

VALUES = "model,seed,K [GPa],E [eV],Z\nDFT,,100,2,0\nA,1,90,1,1\nA,2,80,3,1\nB,1,110,,1\nC,1,1,,2\n"
Dialog = TypeVar("Dialog", bound=StepDialog)


@pytest.fixture
def values(window: MainWindow, tmp_path: Path) -> MainWindow:
    (tmp_path / "values.csv").write_text(VALUES)
    window.open([str(tmp_path / "values.csv")])
    settle(window)
    return window


def asked(window: MainWindow, kind: type[Dialog], qtbot: Any) -> Dialog:
    asks = {ErrorsDialog: "ask_errors", SeedsDialog: "ask_seeds"}
    getattr(window.table_dialogs, asks[kind])()  # type: ignore[index]
    found = next(w for w in window.findChildren(kind) if w.isVisible())
    in_front(qtbot, found)
    return found


def ok(dialog: StepDialog, window: MainWindow) -> ErrorTable:
    click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))
    settle(window)
    table = window.store.state.table
    assert table is not None
    return table


def steps(window: MainWindow) -> tuple[object, ...]:
    one = window.store.state.document.input("values.csv")
    assert one is not None
    return one.steps


def test_that_values_become_errors_of_the_chosen_kind(values: MainWindow, qtbot: Any) -> None:
    dialog = asked(values, ErrorsDialog, qtbot)
    assert dialog.reference.currentText() == "DFT"
    assert dialog.status.text() == "Errors of 3 of 3 metrics."
    press(dialog.kinds, Key.Key_Down)
    told = "Errors of 2 of 3 metrics; of 1 the reference is missing or zero."
    assert dialog.status.text() == told
    table = ok(dialog, values)
    assert table.metric("K [GPa]").tolist() == pytest.approx([0.1, 0.2, 0.1, 0.99])
    assert "DFT" not in table.keys
    again = asked(values, ErrorsDialog, qtbot)
    assert again.in_force.item(0).text() == "relative errors against DFT"
    assert again.reference.currentText() == "DFT"
    press(again.kinds, Key.Key_Up)
    press(again.kinds, Key.Key_Up)
    assert ok(again, values).metric("K [GPa]").tolist() == [-10, -20, 10, -99]
    assert steps(values) == (ErrorsOfValues("DFT", "signed"),)
    values.store.undo()
    values.store.undo()
    settle(values)
    assert values.store.state.table is not None
    assert "DFT" in values.store.state.table.keys


def test_that_seeds_become_one_row(values: MainWindow, qtbot: Any) -> None:
    dialog = asked(values, SeedsDialog, qtbot)
    assert dialog.status.text() == "4 rows become 3 models of 1 to 2 runs each."
    assert [dialog.by.item(i).text() for i in range(dialog.by.count())] == ["model", "seed"]
    press(dialog.how, Key.Key_End)
    table = ok(dialog, values)
    assert steps(values) == (CombinedSeeds(("model",), "spread"),)
    assert table.keys == ("DFT", "A", "B", "C")
    assert table.metric("K [GPa]").tolist()[:2] == [100, 5]


def test_that_nothing_ticked_cannot_be_accepted(values: MainWindow, qtbot: Any) -> None:
    dialog = asked(values, SeedsDialog, qtbot)
    dialog.by.setCurrentRow(0)
    dialog.by.setFocus()
    press(dialog.by, Key.Key_Space)
    assert "Tick the columns" in dialog.status.text()
    document = values.store.state.document
    dialog.accept()
    assert values.store.state.document is document
    dialog.reject()


def test_that_a_step_is_removed_and_the_others_stay(values: MainWindow, qtbot: Any) -> None:
    ok(asked(values, SeedsDialog, qtbot), values)
    table = ok(asked(values, ErrorsDialog, qtbot), values)
    assert table.keys == ("A", "B", "C")
    dialog = asked(values, SeedsDialog, qtbot)
    assert dialog.status.text() == "4 rows become 3 models of 1 to 2 runs each."
    assert dialog.in_force.currentRow() == 0
    click(dialog.remove)
    settle(values)
    assert steps(values) == (ErrorsOfValues("DFT"),)
    assert values.store.state.table is not None
    assert values.store.state.table.n_rows == 4


def test_that_meaning_is_asked_of_the_table_before_its_steps(
    values: MainWindow, qtbot: Any
) -> None:
    from mlipviewer.app.tables.meaning import TableMeaning

    ok(asked(values, ErrorsDialog, qtbot), values)
    values.table_dialogs.ask_meaning()
    dialog = next(w for w in values.findChildren(TableMeaning) if w.isVisible())
    assert "DFT" in [dialog.rows.item(i, 0).text() for i in range(dialog.rows.rowCount())]  # type: ignore[union-attr]
    dialog.reject()
