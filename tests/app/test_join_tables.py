"""Joining two tables in the window: the ways to match, the pairs, what is left, the new table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox

from mlipviewer.app.main import settle
from mlipviewer.app.tables.joining import FILE, JoinTables
from mlipviewer.app.window import MainWindow
from tests.windows import Key, click, in_front, press

pytestmark = pytest.mark.window

ONE = "model,set,force_rmse,c11,vac\n" + "".join(
    f"m{i // 2},{'ab'[i % 2]},{0.1 + i},{i},{9 - i}\n" for i in range(10)
)
TWO = "model,set,RMSE_F,c11,speed\n" + "".join(
    f"m{i // 2},{'ab'[i % 2]},{7 + i},{i},{i * i}\n" for i in range(4, 16)
)


def shown(window: MainWindow, qtbot: Any) -> JoinTables:
    window.table_dialogs.ask_join()
    found = next(w for w in window.findChildren(JoinTables) if w.isVisible())
    in_front(qtbot, found)
    return found


def wait(dialog: JoinTables, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not dialog._later.busy, timeout=20_000)


@pytest.fixture
def two(window: MainWindow, tmp_path: Path) -> Path:
    """one.csv is open; two.csv is not."""
    (tmp_path / "one.csv").write_text(ONE)
    (tmp_path / "two.csv").write_text(TWO)
    window.open([str(tmp_path / "one.csv")])
    settle(window)
    return tmp_path / "two.csv"


@pytest.fixture
def dialog(window: MainWindow, two: Path, qtbot: Any) -> JoinTables:
    """Both are open, one.csv is shown."""
    window.open([str(two)])
    settle(window)
    window.table_dialogs._show("one.csv")
    settle(window)
    found = shown(window, qtbot)
    wait(found, qtbot)
    return found


def tick(box: QCheckBox) -> None:
    click(box, (8, box.height() / 2))


def take(combo: Any, text: str) -> None:
    """As the user does: by keyboard."""
    combo.setFocus()
    at = combo.findText(text)
    assert at >= 0, text
    while combo.currentIndex() != at:
        press(combo, Key.Key_Down if combo.currentIndex() < at else Key.Key_Up)


def test_that_the_other_open_table_is_matched_at_once(dialog: JoinTables) -> None:
    assert dialog.second.currentText() == "two.csv"
    assert [dialog.on.itemText(i) for i in range(dialog.on.count())] == [
        "key: 6 of 10 rows match",
        "model, set: 6 of 10 rows match",
    ]
    assert dialog.only_first.names.stringList() == ["m0|a", "m0|b", "m1|a", "m1|b"]
    assert dialog.only_second.names.stringList() == [f"m{i}|{k}" for i in (5, 6, 7) for k in "ab"]
    assert "6 rows of one.csv have a partner in two.csv" in dialog.status.text()
    assert dialog.pairs.pairs() == (("RMSE_F", "force_rmse"), ("c11", "c11"))
    click(dialog.only_second.copy)
    assert QGuiApplication.clipboard().text().split() == dialog.only_second.names.stringList()
    dialog.reject()


def test_that_the_joined_table_is_shown_and_undone(
    window: MainWindow, dialog: JoinTables, qtbot: Any
) -> None:
    tick(dialog.keep)
    tick(dialog.as_one)
    wait(dialog, qtbot)
    assert "16 rows x 4 metrics" in dialog.status.text()
    click(dialog.ok)
    settle(window)
    state = window.store.state
    assert state.document.table == "one.csv + two.csv"
    assert state.table is not None
    assert state.table.metrics == ("force_rmse", "c11", "vac", "speed")
    assert state.table.metric("force_rmse").tolist()[-1] == 22
    assert [one.name for one in state.document.inputs] == [
        "one.csv",
        "two.csv",
        "one.csv + two.csv",
    ]
    details = state.moment.notices[-1].details
    assert "6 models have no partner in one.csv: m5|a" in details
    assert details.splitlines()[-1] == "m7|b"
    window.store.undo()
    settle(window)
    assert window.store.state.document.table == "one.csv"


def test_that_pairs_are_removed_and_added(
    window: MainWindow, dialog: JoinTables, qtbot: Any
) -> None:
    dialog.pairs.grid.selectRow(1)
    click(dialog.pairs.remove)
    assert dialog.pairs.pairs() == (("RMSE_F", "force_rmse"),)
    take(dialog.pairs.first, "vac")
    take(dialog.pairs.second, "speed")
    click(dialog.pairs.add)
    tick(dialog.as_one)
    wait(dialog, qtbot)
    assert dialog.pairs.pairs() == (("RMSE_F", "force_rmse"), ("speed", "vac"))
    click(dialog.ok)
    settle(window)
    assert window.store.state.table is not None
    assert window.store.state.table.metrics == ("force_rmse", "c11", "vac", "c11 [two.csv]")


def test_that_a_file_is_read_joined_and_opened(
    window: MainWindow, two: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.table_dialogs, "_ask_file", lambda: two)
    dialog = shown(window, qtbot)
    assert not dialog.ok.isEnabled()
    assert dialog.second.currentIndex() == -1
    dialog.second.activated.emit(dialog.second.findText(FILE))
    wait(dialog, qtbot)
    assert dialog.second.currentText() == "two.csv"
    press(dialog.on, Key.Key_Down)
    wait(dialog, qtbot)
    assert dialog.on.currentText() == "model, set: 6 of 10 rows match"
    click(dialog.ok)
    settle(window)
    state = window.store.state
    assert state.document.table == "one.csv + two.csv"
    assert state.table is not None
    assert state.table.n_rows == 6
    assert state.document.input("two.csv") is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [("model,speed\nX,1\nY,2\n", "No row of one.csv has a partner"), (None, "no such file")],
)
def test_that_what_cannot_be_joined_is_one_sentence(
    window: MainWindow,
    two: Path,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    told: str,
) -> None:
    two.write_text(text) if text else two.unlink()
    monkeypatch.setattr(window.table_dialogs, "_ask_file", lambda: two)
    dialog = shown(window, qtbot)
    document = window.store.state.document
    dialog.second.activated.emit(dialog.second.findText(FILE))
    wait(dialog, qtbot)
    assert told in dialog.status.text()
    assert not dialog.ok.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog.reject()
    assert window.store.state.document is document


def test_that_without_a_table_there_is_only_a_notice(window: MainWindow) -> None:
    for ask in ("ask_join", "ask_errors", "ask_seeds", "ask_meaning"):
        getattr(window.table_dialogs, ask)()
        assert window.store.state.moment.notices[-1].text == "No error table is open."
