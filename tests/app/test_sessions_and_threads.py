"""Session files and what is kept for a crash, while threads read and write them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from mlipviewer.app import session_files
from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes
from mlipviewer.session.saving import recovery
from mlipviewer.session.saving.session_file import read_session
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
