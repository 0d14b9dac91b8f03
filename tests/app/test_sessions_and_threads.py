"""Session files and what is kept for a crash, while threads read and write them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from mlipviewer.app import session_files
from mlipviewer.app.window import MainWindow
from mlipviewer.core.problem import ReadProblem
from mlipviewer.session import changes
from mlipviewer.session.saving import recovery
from mlipviewer.session.saving.session_file import read_session
from mlipviewer.session.state import Job, JobState
from tests import made
from tests.app import window_work as work
from tests.main_window import settled

pytestmark = pytest.mark.window
LONG = 10.0


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def worked(window: MainWindow, tmp_path: Path) -> MainWindow:
    made.write_extxyz(tmp_path / "run.extxyz")
    window.open([str(tmp_path / "run.extxyz")])
    settled(window)
    window.sessions._keep()
    work.run_until(window.sessions._recovery.exists, 10)
    return window


class Thread:
    """It runs when the test says so."""

    waiting: list[Callable[[], None]] = []  # noqa: RUF012

    def __init__(self, target: Callable[[], None], **_more: object) -> None:
        self._target = target

    def start(self) -> None:
        self.waiting.append(self._target)


@pytest.fixture
def writers(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    waiting: list[Callable[[], None]] = []
    monkeypatch.setattr(Thread, "waiting", waiting)
    monkeypatch.setattr(session_files.threading, "Thread", Thread)
    return waiting


def show(window: MainWindow, frame: int) -> None:
    window.store.commit(lambda s: changes.show_frame(s, frame), "Frame")


def test_that_a_window_closed_as_usual_leaves_nothing_to_recover(
    worked: MainWindow, writers: list[Callable[[], None]]
) -> None:
    show(worked, 3)
    worked.sessions._keep()
    worked.sessions.close()
    for write in writers:
        write()
    assert len(writers) == 1
    assert not worked.sessions._recovery.exists()


def test_that_what_is_kept_is_the_newest(
    worked: MainWindow, writers: list[Callable[[], None]]
) -> None:
    for frame in (3, 4):
        show(worked, frame)
        worked.sessions._keep()
    for write in reversed(writers):
        write()
    assert read_session(worked.sessions._recovery).document.frame == 4
    recovery.forget(worked.sessions._recovery)


def test_that_a_session_changed_while_another_is_read_is_asked_about(
    worked: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one.mlipview", tmp_path / "other.mlipview"
    work.save(worked, other)
    work.save(worked, one)
    settled(worked)
    inner, begun, go = session_files._read, threading.Event(), threading.Event()

    def read(*asked: Any) -> Any:
        begun.set()
        assert go.wait(LONG)
        return inner(*asked)

    asked: list[str] = []

    def question(*_about: object) -> QMessageBox.StandardButton:
        asked.append("Save?")
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(session_files, "_read", read)
    monkeypatch.setattr(QMessageBox, "question", question)
    worked.sessions.open(other)
    work.run_until(begun.is_set, 10)
    show(worked, 5)
    go.set()
    work.run_until(lambda: bool(asked), 10)
    settled(worked)
    assert (asked, worked.sessions.path) == (["Save?"], one)
    assert worked.store.state.frame == 5
    monkeypatch.setattr(QMessageBox, "question", lambda *_a: QMessageBox.StandardButton.Discard)
    worked.sessions.open(other)
    work.run_until(lambda: worked.sessions.path == other, 10)
    settled(worked)


def test_that_the_session_asked_for_last_is_opened_whichever_is_read_first(
    worked: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / f"{name}.mlipview" for name in ("first", "last")]
    for path in paths:
        work.save(worked, path)
    settled(worked)
    inner, go = session_files._read, {path.name: threading.Event() for path in paths}

    def read(path: Path, *more: Any) -> Any:
        assert go[path.name].wait(LONG)
        return inner(path, *more)

    monkeypatch.setattr(session_files, "_read", read)
    monkeypatch.setattr(worked.sessions, "path", None)
    for path in paths:
        worked.sessions.open(path)
    settled_jobs = lambda n: sum(j.state is JobState.DONE for j in jobs(worked)) == n  # noqa: E731
    before = sum(job.state is JobState.DONE for job in jobs(worked))
    go["first.mlipview"].set()
    work.run_until(lambda: settled_jobs(before + 1), 10)
    go["last.mlipview"].set()
    work.run_until(lambda: worked.sessions.path is not None, 10)
    settled(worked)
    assert worked.sessions.path == paths[1]


def jobs(window: MainWindow) -> tuple[Job, ...]:
    return window.store.state.moment.jobs


def test_that_nothing_is_opened_in_a_window_that_was_closed(
    worked: MainWindow, tmp_path: Path
) -> None:
    other = tmp_path / "other.mlipview"
    work.save(worked, other)
    worked.sessions.path = None
    saved = read_session(other)
    worked.store.commit(lambda s: s.with_moment(arrived=(1, saved)), "Arrive")
    worked.store.flush()
    worked.close()
    QApplication.processEvents()
    assert worked.sessions.path is None


def test_that_code_that_opens_a_session_goes_on_when_it_is_there(
    worked: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.mlipview"
    work.save(worked, other)
    settled(worked)
    monkeypatch.setattr(worked.sessions, "path", None)
    inner, held = worked.sessions._open_now, list[Any]()
    later = lambda *asked: held.append(asked)  # noqa: E731
    monkeypatch.setattr(worked.sessions, "_open_now", later)  # read, and not there yet
    viewer = worked.help.console.viewer()
    code = threading.Thread(target=viewer.open, args=(other,))
    code.start()
    work.run_until(lambda: bool(held), 10)
    turns = iter(range(20))
    work.run_until(lambda: not code.is_alive() or next(turns, None) is None, 10)
    assert code.is_alive()
    monkeypatch.undo()
    inner(*held[0])
    work.run_until(lambda: not code.is_alive(), 10)
    assert not code.is_alive()
    assert worked.sessions.path == other


def test_that_code_that_opens_what_is_no_session_goes_on(
    worked: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "bad.mlipview").write_text("no session")
    viewer, said = worked.help.console.viewer(), list[str]()

    def opened() -> None:
        try:
            viewer.open(tmp_path / "bad.mlipview")
        except ReadProblem as problem:
            said.append(str(problem))

    code = threading.Thread(target=opened)
    code.start()
    work.run_until(lambda: not code.is_alive(), 10)
    assert not code.is_alive()
    assert len(said) == 1
