"""Session files in the window: saved, opened, refused, restored after a crash."""

from __future__ import annotations

import json
import re
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from mlipviewer.app import session_writing
from mlipviewer.app.recent_menu import is_gone
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.saving.recents import recent
from mlipviewer.session.saving.restoring import fingerprints
from mlipviewer.session.state import Weight
from mlipviewer.views.table import TableView
from tests import made
from tests.app import window_work as work
from tests.main_window import settled

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def worked(window: MainWindow, folder: Path) -> None:
    made.write_table(folder / "errors.csv")
    made.write_extxyz(folder / "run.extxyz")
    for name in ("errors.csv", "run.extxyz"):
        window.open([str(folder / name)])
        settled(window)
    store = window.store
    store.commit(lambda s: changes.choose(s, Space.MODEL, rows([3, 4, 5])), "Select models")
    store.commit(lambda s: changes.show_frame(s, 1), "Frame 2")
    settled(window)


def opened(window: MainWindow, path: Path) -> Any:
    window.open([str(path)])
    work.run_until(lambda: window.sessions.path == path or window.sessions.path is None, 5)
    work.run_until(lambda: not window.session.working, 10)
    return settled(window)


def without_time(path: Path) -> str:
    return re.sub(r'"saved": "[^"]*"', "", path.read_text())


def click(title: str) -> None:
    """Press a button of the dialog that is open, as soon as it is."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(50, press)
            return
        next(b for b in box.buttons() if b.text().replace("&", "") == title).click()

    QTimer.singleShot(50, press)


def test_that_a_session_is_saved_and_opened(window: MainWindow, tmp_path: Path) -> None:
    worked(window, tmp_path)
    path = tmp_path / "work.mlipview"
    window.docks.by_panel["graph"].raise_()
    camera = window.docks.by_panel["atoms"].view.looking  # type: ignore[attr-defined]
    camera.take_text(camera.text().replace('"perspective": false', '"perspective": true'))
    looked = camera.text()
    assert work.save(window, path)
    settled(window)
    assert window.windowTitle() == "work.mlipview - MLIPViewer"
    first = without_time(path)
    window.store.commit(lambda s: changes.show_frame(s, 0), "Frame 1")
    settled(window)
    assert window.windowTitle() == "work.mlipview* - MLIPViewer"
    camera.face()
    click("Discard")
    state = opened(window, path)
    assert state.frame == 1
    assert state.selected(Space.MODEL).tolist() == [3, 4, 5]
    assert window.windowTitle() == "work.mlipview - MLIPViewer"
    assert camera.text() == looked
    assert window.store.undo_label == "Frame 2"
    assert work.save(window, path)
    assert without_time(path) == first
    assert recent()[0] == str(path)


def test_that_a_session_opens_where_a_metric_is_selected(
    window: MainWindow, tmp_path: Path
) -> None:
    """Its table is not read yet when the metric is known; then it scrolls there."""
    made.write_table(tmp_path / "errors.csv", made.error_table(n_metrics=40))
    window.open([str(tmp_path / "errors.csv")])
    settled(window)
    window.store.commit(lambda s: changes.choose(s, Space.METRIC, rows([39])), "Select a metric")
    settled(window)
    path = tmp_path / "work.mlipview"
    assert work.save(window, path)
    window.store.commit(lambda s: changes.choose(s, Space.METRIC, rows([])), "Select nothing")
    table = window.docks.by_panel["table"].view
    assert isinstance(table, TableView)
    table.rows.horizontalScrollBar().setValue(0)
    click("Discard")
    state = opened(window, path)
    assert window.sessions.path == path
    assert not window.sessions.dirty
    assert state.selected(Space.METRIC).tolist() == [39]
    assert not [one for one in state.moment.notices if one.weight is Weight.ERROR]
    column = table.model.column_of(39)
    assert column is not None
    assert 0 < table.rows.columnViewportPosition(column) < table.rows.viewport().width()


def test_that_closing_asks_where_a_saved_session_changed(
    window: MainWindow, tmp_path: Path
) -> None:
    worked(window, tmp_path)
    path = tmp_path / "work.mlipview"
    work.save(window, path)
    window.store.commit(lambda s: changes.show_frame(s, 0), "Frame 1")
    settled(window)
    click("Cancel")
    assert not window.close()
    assert window.isVisible()
    click("Save")
    assert window.close()
    assert json.loads(path.read_text())["document"]["frame"] == 0


def test_that_a_strangers_session_asks_and_opens_without(
    window: MainWindow, tmp_path: Path
) -> None:
    made.write_table(tmp_path / "errors.csv")
    (tmp_path / "from").mkdir()
    path = tmp_path / "from" / "theirs.mlipview"
    one = {"name": "errors.csv", "path": "../errors.csv", "role": "table"}
    path.write_text(json.dumps({"format": 1, "document": {"inputs": [one], "table": one["name"]}}))
    click("Open without these")
    state = opened(window, path)
    assert state.table is None
    assert "outside" in window.notices.text.text()
    click("Let it")
    state = opened(window, path)
    assert state.table is not None
    state = opened(window, path)  # it is known now
    assert state.table is not None


def test_that_a_damaged_session_leaves_all_as_it_was(window: MainWindow, tmp_path: Path) -> None:
    worked(window, tmp_path)
    before = window.store.state.document
    path = tmp_path / "cut.mlipview"
    path.write_text('{"format": 1, "document": {')
    window.open([str(path)])
    settled(window)
    assert window.store.state.document is before
    assert "cut.mlipview: is damaged or cut short" in window.notices.text.text()


def test_that_a_packed_session_opens_from_its_data(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    worked(window, tmp_path / "data")
    packed = tmp_path / "all.mlipview"
    window.sessions.pack(packed)
    settled(window)
    work.run_until(packed.exists, 10)
    for one in (tmp_path / "data").iterdir():
        one.unlink()
    window.open([str(packed)])
    work.run_until(lambda: window.sessions.path is not None, 10)
    state = settled(window)
    assert state.table is not None
    assert state.trajectory is not None
    assert state.selected(Space.MODEL).tolist() == [3, 4, 5]
    window.open([str(packed)])
    work.run_until(lambda: "was unpacked before" in window.notices.text.text(), 10)
    assert "was unpacked before" in window.notices.text.text()
    assert window.sessions.path == tmp_path / "all (unpacked)" / "all.mlipview"


def test_that_a_place_that_cannot_be_written_is_told(window: MainWindow, tmp_path: Path) -> None:
    worked(window, tmp_path)
    assert not work.save(window, tmp_path / "none" / "work.mlipview")
    settled(window)
    assert "was not written" in window.notices.text.text()
    assert window.sessions.path is None


def hold(monkeypatch: pytest.MonkeyPatch) -> Event:
    """The files of the inputs are looked at as long as it is not set, in a thread of a job."""
    free = Event()

    def slow(inputs: Any, progress: Any) -> dict[str, str]:
        assert current_thread() is not main_thread()
        while not free.wait(0.01):
            progress.step(0, 1)
        return fingerprints(inputs)

    monkeypatch.setattr(session_writing, "fingerprints", slow)
    return free


def test_that_saving_does_not_hold_the_window(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved is what was there when it was asked for, though the user goes on."""
    worked(window, tmp_path)
    free, path = hold(monkeypatch), tmp_path / "work.mlipview"
    window.sessions.save_as(path)
    window.store.commit(lambda s: changes.show_frame(s, 0), "Frame 1")
    work.run_until(lambda: window.store.state.frame == 0, 5)
    assert window.sessions.writing
    assert not path.exists()
    window.sessions.save_as(tmp_path / "next.mlipview")  # it waits for the one before
    free.set()
    work.run_until(lambda: not window.sessions.writing, 10)
    frames = [
        json.loads((tmp_path / name).read_text())["document"]["frame"]
        for name in ("work.mlipview", "next.mlipview")
    ]
    assert frames == [1, 0]
    assert window.sessions.path == tmp_path / "next.mlipview"
    assert not window.sessions.dirty


def test_that_saving_is_stopped_without_a_trace_and_can_be_repeated(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(window, tmp_path)
    free, path = hold(monkeypatch), tmp_path / "work.mlipview"
    window.sessions.save_as(path)
    work.run_until(lambda: any(job.state == "running" for job in running(window)), 5)
    window.session.jobs.stop_all()
    work.run_until(lambda: not window.sessions.writing, 10)
    assert not path.exists()
    assert window.sessions.path is None
    free.set()
    assert work.save(window, path)


def running(window: MainWindow) -> Any:
    return window.store.state.moment.jobs


def test_that_closing_waits_for_what_is_being_saved(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(window, tmp_path)
    free, path = hold(monkeypatch), tmp_path / "work.mlipview"
    window.sessions.save_as(path)
    QTimer.singleShot(200, free.set)
    assert window.close()
    assert json.loads(path.read_text())["document"]["frame"] == 1


def test_that_recent_files_are_in_the_menu_and_gone_ones_are_grey(
    window: MainWindow, tmp_path: Path
) -> None:
    there, gone = made.write_table(tmp_path / "a.csv"), made.write_table(tmp_path / "b.csv")
    window.open([str(there)])
    settled(window)
    window.open([str(gone)])
    settled(window)
    work.run_until(lambda: len(recent()) == 2, 5)
    gone.unlink()
    menu = window._menus["File"]
    menu.aboutToShow.emit()
    work.run_until(lambda: is_gone(str(gone)), 5)
    (recents,) = [one.menu() for one in menu.actions() if one.text() == "Open recent"]
    recents.aboutToShow.emit()  # type: ignore[attr-defined]
    shown = {one.text(): one.isEnabled() for one in recents.actions()}  # type: ignore[attr-defined]
    assert shown["a.csv"]
    assert not shown["b.csv"]
