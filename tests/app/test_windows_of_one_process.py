"""Several windows of one process: each has what is its own, and later starts find an open one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from mlipviewer.app import window_places
from mlipviewer.app.start.arrivals import HandedOver
from mlipviewer.app.start.single import Handed, Listener
from mlipviewer.app.window import MainWindow
from mlipviewer.app.window_places import WindowPlaces, open_windows
from mlipviewer.session.reports.log_book import LogBook
from tests import made
from tests.app import window_work as work
from tests.main_window import close_window, open_window, settled

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def other(window: MainWindow) -> Iterator[MainWindow]:
    """Opened from the first."""
    WindowPlaces(window).open_another()
    (found,) = window_places._others
    settled(found)
    yield found
    close(found)


def close(window: MainWindow) -> None:
    """It is deleted when it closes."""
    if window in window_places._others:
        window.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_each_window_is_recovered_by_itself(
    window: MainWindow, other: MainWindow, tmp_path: Path
) -> None:
    path = str(made.write_extxyz(tmp_path / "run.extxyz"))
    files = [one.sessions._recovery for one in (window, other)]
    for one in (window, other):
        one.open([path])
        settled(one)
        one.sessions._keep()
    work.run_until(lambda: all(file.exists() for file in files), 10)
    assert [file.exists() for file in files] == [True, True]
    assert files[0] != files[1]
    close(other)
    assert [file.exists() for file in files] == [True, False]


def test_that_a_session_file_is_had_by_one_window(
    window: MainWindow, other: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "work.mlipview"
    assert work.save(window, path)
    other.open([str(path)])
    work.run_until(lambda: other.sessions.path == path, 10)
    settled(other)
    assert "is open in another window" in other.notices.text.text()
    asked: list[bool] = []
    other.sessions.ask_save = lambda: bool(asked.append(True))  # type: ignore[method-assign]
    assert not other.sessions.save()
    assert asked == [True]
    assert work.save(window, path), "it is its own"


def test_that_later_starts_find_a_window_that_is_open(
    window: MainWindow, other: MainWindow, tmp_path: Path
) -> None:
    listener = Listener(str(tmp_path / "s"))
    HandedOver(lambda: open_windows(window), listener)
    path = str(made.write_extxyz(tmp_path / "run.extxyz"))
    listener.handed.emit(Handed((path,)))
    settled(window)
    assert [one.path for one in window.store.state.document.inputs] == [path]
    window.close()
    assert listener.takes()
    listener.handed.emit(Handed((path,)))
    settled(other)
    assert [one.path for one in other.store.state.document.inputs] == [path]
    assert not window.isVisible()
    close(other)
    assert not listener.takes()


def test_that_a_start_is_not_told_that_its_files_are_taken_where_nobody_is(
    qtbot: Any, tmp_path: Path
) -> None:
    from PySide6.QtNetwork import QLocalSocket

    where, came = str(tmp_path / "s"), list[Handed]()
    listener = Listener(where)
    assert listener.listen()
    listener.handed.connect(came.append)
    listener.takes = lambda: False
    socket = QLocalSocket()
    socket.connectToServer(where)
    assert socket.waitForConnected(1000)
    socket.write(b'{"files": ["/a"], "choices": "", "token": ""}\n')
    qtbot.waitUntil(lambda: socket.state() == socket.LocalSocketState.UnconnectedState)
    assert not came
    assert not socket.readAll().data()
    listener.close()


class Fails(QWidget):
    def paintEvent(self, event: object) -> None:
        raise ValueError("no paint left")


def test_that_a_closed_window_does_not_disturb_what_another_hears(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_about: heard.append(kind))
    window = open_window(qtbot, LogBook())
    failures = window.help._failures
    close_window(window)
    view = Fails()
    try:
        view.paintEvent(None)
    except ValueError as problem:
        failures._watch(ValueError, problem, problem.__traceback__)
    assert heard == [ValueError]
