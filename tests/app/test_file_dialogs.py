"""Dialogs that ask for files, with real keys in them: where they begin, what they replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from mlipviewer.app.file_dialogs import DATA, OPEN, SESSION, ask_file, ask_folder, ask_save
from mlipviewer.app.window import MainWindow
from tests import made
from tests.app import window_work as work
from tests.main_window import settled
from tests.windows import CTRL, SHIFT, Key

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]
TABLES = "CSV (*.csv);;TSV (*.tsv)"


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Folders of this test alone, and dialogs that a program can fill."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    toolkit = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = QCoreApplication.testAttribute(toolkit)
    QCoreApplication.setAttribute(toolkit)
    yield
    QCoreApplication.setAttribute(toolkit, before)


class Typing:
    """Fills what opens, in the order of the answers; notes in which folder dialogs began, and what
    they proposed."""

    def __init__(self, *answers: str | QMessageBox.StandardButton) -> None:
        self.folders: list[str] = []
        self.names: list[str] = []
        self._left = list(answers)
        self._timer = QTimer(interval=50)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        shown = QApplication.activeModalWidget()
        if shown is None or not self._left or QApplication.activeWindow() is not shown:
            return
        answer = self._left[0]
        if isinstance(shown, QFileDialog) and isinstance(answer, str):
            self._left.pop(0)
            self._type(shown, answer)
        elif isinstance(shown, QMessageBox) and not isinstance(answer, str):
            self._left.pop(0)
            button = shown.button(answer)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _type(self, dialog: QFileDialog, name: str) -> None:
        self.folders.append(dialog.directory().absolutePath())
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        self.names.append(line.text())
        if name:
            line.selectAll()
            QTest.keyClicks(line, name)
            QTest.keyClick(line, Key.Key_Return)
        else:
            QTest.keyClick(dialog, Key.Key_Escape)

    @property
    def all_answered(self) -> bool:
        return not self._left

    def stop(self) -> None:
        self._timer.stop()


@pytest.fixture
def typing() -> Iterator[Callable[..., Typing]]:
    made_so_far: list[Typing] = []

    def begin(*answers: str | QMessageBox.StandardButton) -> Typing:
        made_so_far.append(Typing(*answers))
        return made_so_far[-1]

    yield begin
    for one in made_so_far:
        one.stop()
        assert one.all_answered


Begin = Callable[..., Typing]


def test_that_a_dialog_begins_where_one_of_its_kind_was_used_last(
    window: MainWindow, tmp_path: Path, typing: Begin
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "work").mkdir()
    table = made.write_table(tmp_path / "data" / "a.csv")
    first = typing(str(table))
    assert ask_file(window, "Open", OPEN) == str(table)
    saved = typing(str(tmp_path / "work" / "one"))
    assert ask_save(window, "Save", SESSION, "s.mlipview", "Session (*.mlipview)", must=True) == (
        tmp_path / "work" / "one.mlipview"
    )
    first.stop()
    saved.stop()
    later = typing("", "", "")
    assert ask_file(window, "Open", OPEN) == ""
    assert ask_save(window, "Save", SESSION, "s.mlipview", "Session (*.mlipview)") is None
    assert ask_folder(window, "Folder", OPEN) == ""
    data, folder = str(tmp_path / "data"), str(tmp_path / "work")
    assert later.folders == [data, folder, data]
    assert later.names[1] == "s.mlipview"


def test_that_a_name_without_an_ending_replaces_nothing_unasked(
    window: MainWindow, tmp_path: Path, typing: Begin
) -> None:
    there = tmp_path / "models.csv"
    there.write_text("kept")
    no, yes = QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes
    typing(str(tmp_path / "models"), no, str(tmp_path / "models"), yes)
    assert ask_save(window, "Export", DATA, "x.csv", TABLES) is None
    assert ask_save(window, "Export", DATA, "x.csv", TABLES) == there
    assert there.read_text() == "kept"


@pytest.mark.parametrize(
    ("typed", "must", "wanted"),
    [
        ("plain", False, "plain.csv"),
        ("plain.tsv", False, "plain.tsv"),
        ("GAP 93.5", False, "GAP 93.5.csv"),
        ("run.300K", False, "run.300K.csv"),
        ("other.parquet", False, "other.parquet"),
        ("other.v2", True, "other.v2.csv"),
        ("OTHER.TSV", True, "OTHER.TSV"),
    ],
)
def test_that_endings_are_known(
    window: MainWindow, tmp_path: Path, typing: Begin, typed: str, must: bool, wanted: str
) -> None:
    typing(str(tmp_path / typed))
    assert ask_save(window, "Export", DATA, "x.csv", TABLES, must) == tmp_path / wanted


def test_that_a_session_is_saved_as_where_it_lies(
    window: MainWindow, tmp_path: Path, typing: Begin, qtbot: Any
) -> None:
    window.open([str(made.write_table(tmp_path / "a.csv"))])
    settled(window)
    path = tmp_path / "deep" / "one.mlipview"
    path.parent.mkdir()
    first = typing(str(path))
    QTest.keyClick(window, Key.Key_S, CTRL | SHIFT)
    work.run_until(lambda: window.sessions.path == path, 20)
    first.stop()
    second = typing("")
    QTest.keyClick(window, Key.Key_S, CTRL | SHIFT)
    qtbot.waitUntil(lambda: second.all_answered, timeout=20_000)
    settled(window)
    assert (second.folders, second.names) == ([str(path.parent)], ["one.mlipview"])
