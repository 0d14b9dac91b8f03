"""Keys, menus and docks of atoms in the whole window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, measure_changes, set_changes
from mlipviewer.session.state import Document
from tests import made
from tests.windows import CTRL, SHIFT, give, settle

pytestmark = pytest.mark.window


def chosen(window: MainWindow) -> list[int]:
    return window.store.state.selected(Space.ATOM).tolist()


@pytest.fixture
def shown(window: MainWindow) -> MainWindow:
    give(window, made.trajectory())
    choose(window, 3, 4)
    surface(window).setFocus()
    return window


def choose(window: MainWindow, *atoms: int) -> None:
    window.store.commit(lambda s: changes.select(s, Space.ATOM, rows(list(atoms))), "Test")
    settle(window.store, window.session)


def surface(window: MainWindow) -> object:
    return window.docks.by_panel["atoms"].view.surface  # type: ignore[attr-defined]


def press(window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier) -> None:
    QTest.keyClick(surface(window), key, keys)  # type: ignore[call-overload]
    settle(window.store, window.session)


NO = Qt.KeyboardModifier.NoModifier


def test_that_keys_hide_isolate_show_and_measure(shown: MainWindow) -> None:
    def document() -> Document:
        return shown.store.state.document

    press(shown, Qt.Key.Key_M, NO)
    assert [one.atoms for one in document().measurements] == [(3, 4)]
    press(shown, Qt.Key.Key_I, NO)
    assert document().visible["made.xyz"].only is not None
    press(shown, Qt.Key.Key_H, SHIFT)
    assert dict(document().visible) == {}
    press(shown, Qt.Key.Key_H, NO)
    assert document().visible["made.xyz"].hidden.tolist() == [3, 4]
    assert chosen(shown) == []
    for _ in range(4):
        QTest.keyClick(shown, Qt.Key.Key_Z, CTRL)
    settle(shown.store, shown.session)
    assert chosen(shown) == [3, 4]
    assert document().measurements == ()


def test_that_ctrl_f_opens_the_line_and_letters_in_it_are_letters(shown: MainWindow) -> None:
    press(shown, Qt.Key.Key_F, CTRL)
    find = shown.docks.by_panel["atoms"].view.company.find  # type: ignore[attr-defined]
    assert find.isVisible()
    QTest.keyClicks(find.text, "id in (5, 6)")
    QTest.keyClick(find.text, Qt.Key.Key_Return)
    settle(shown.store, shown.session)
    assert chosen(shown) == [5, 6]
    assert dict(shown.store.state.document.visible) == {}  # i and H are text here
    QTest.keyClick(find.text, Qt.Key.Key_Escape)
    settle(shown.store, shown.session)
    assert find.isHidden()
    assert chosen(shown) == [5, 6]


def test_that_sets_and_measurements_are_written(
    shown: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    answer = (str(path), "CSV (*.csv)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_about: answer)
    shown.store.commit(lambda s: set_changes.save_selection(s, Space.ATOM, "two"), "Test")
    settle(shown.store, shown.session)
    shown.exports.save_set("two")
    settle(shown.store, shown.session)
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "id,element,x,y,z"
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["3", "4"]
    press(shown, Qt.Key.Key_M, NO)
    shown.exports.save_measurements()
    settle(shown.store, shown.session)
    assert path.read_text("utf-8").splitlines()[1].startswith("distance 3–4,distance,made.xyz,0")
    shown.store.commit(lambda s: measure_changes.plot_measurement(s, 1), "Plot")
    settle(shown.store, shown.session)
    shown.exports.save_series(1)
    settle(shown.store, shown.session)
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "frame,value"
    assert len(lines) == 9
