"""Links made and changed in the dialog, saved as a file and read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from mlipviewer.app.main import settle
from mlipviewer.app.trajectories.link_dialogs import LinkDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.core.links import Link
from mlipviewer.io.links import read_links
from mlipviewer.session import changes
from tests import made
from tests.main_window import shown_view
from tests.windows import CTRL, Key, click, give, in_front, press, type_text

pytestmark = pytest.mark.window


@pytest.fixture
def full(window: MainWindow) -> MainWindow:
    give(window, made.error_table())
    window.store.commit(lambda s: changes.focus(s, 3), "Focus")
    settle(window)
    return window


def dialog_of(window: MainWindow, qtbot: Any) -> LinkDialog:
    found = next(w for w in window.findChildren(LinkDialog) if w.isVisible())
    in_front(qtbot, found)
    return found


def write(line: QLineEdit, text: str) -> None:
    line.setFocus()
    press(line, Key.Key_A, CTRL)
    type_text(line, text)


def test_that_the_chip_of_an_unlinked_model_connects_a_run(
    full: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    details = shown_view(full, "details")
    assert details.connect_run.text().startswith("Not linked")
    click(details.connect_run)
    dialog = dialog_of(full, qtbot)
    assert dialog.model.currentText() == "m3"
    write(dialog.path, str(tmp_path / "run.xyz"))
    click(dialog.ok)
    settle(full)
    link = Link("m3", "trajectory", str(tmp_path / "run.xyz"))
    assert full.store.state.document.links == (link,)
    assert not details.connect_run.isVisible()
    full.store.undo()
    settle(full)
    assert full.store.state.document.links == ()
    assert details.connect_run.isVisible()


def test_that_a_link_without_file_or_model_is_refused(full: MainWindow, qtbot: Any) -> None:
    click(shown_view(full, "links").add)
    dialog = dialog_of(full, qtbot)
    click(dialog.ok)
    assert dialog.problem.text() == "Which file?"
    write(dialog.path, "/runs/a.xyz")
    dialog.model.setCurrentIndex(0)
    click(dialog.ok)
    assert "evidence for one metric" in dialog.problem.text()
    edit = dialog.evidence.lineEdit()
    write(edit, "nonsense")
    click(dialog.ok)
    assert dialog.problem.text() == "There is no metric nonsense."
    write(edit, "e1")
    press(edit, Key.Key_Return)
    if dialog.isVisible():
        click(dialog.ok)
    settle(full)
    assert full.store.state.document.links == (Link("", "trajectory", "/runs/a.xyz", "e1"),)


def test_that_saved_links_are_those_shown(
    full: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = (Link("m1", "trajectory", str(tmp_path / "a.xyz")), Link("m2", "test", "/far/b.xyz"))
    full.store.commit(lambda s: changes.add_links(s, links), "Link")
    settle(full)
    answer = (str(tmp_path / "links"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: answer)
    click(shown_view(full, "links").save)
    assert read_links(tmp_path / "links.csv") == links
