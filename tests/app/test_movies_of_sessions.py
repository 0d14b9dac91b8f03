"""Movies of sessions: by the command, and from the window."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlipviewer.app.figures.movies import MovieDialog, ask_movie, make_movie
from mlipviewer.app.window import MainWindow
from mlipviewer.core.own_program import own_command
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.movies import ffmpeg
from mlipviewer.session.state import JobState
from tests import made
from tests.app import window_work as work
from tests.io.test_movies import decoded
from tests.main_window import settled
from tests.watchdog import watched

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(not ffmpeg(), reason="no ffmpeg (mlipviewer[movies])"),
]


@pytest.fixture
def worked(window: MainWindow, tmp_path: Path) -> MainWindow:
    made.write_extxyz(tmp_path / "run.extxyz", n_frames=12)
    window.open([str(tmp_path / "run.extxyz")])
    settled(window)
    return window


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*own_command(), "movie", *words], capture_output=True, text=True, check=False, timeout=120
    )


def test_that_the_command_makes_a_movie_of_a_session(worked: MainWindow, tmp_path: Path) -> None:
    session, out = tmp_path / "a.mlipview", tmp_path / "a.mp4"
    work.save(worked, session)
    done = command(
        str(session), "--out", str(out), "--size", "320x240", "--frames", "0:12:3", "--turn", "90"
    )
    assert done.returncode == 0, done.stderr
    assert "4 pictures" in done.stdout
    seen = decoded(out)
    assert seen.shape == (4, 240, 320)
    assert len({one.tobytes() for one in seen}) == 4
    again = tmp_path / "b.mp4"
    command(
        str(session), "--out", str(again), "--size", "320x240", "--frames", "0:12:3", "--turn", "90"
    )
    assert np.abs(decoded(again).astype(int) - seen).max() <= 1, "it is the same each time"


def test_that_the_command_says_what_is_wrong(worked: MainWindow, tmp_path: Path) -> None:
    session = tmp_path / "a.mlipview"
    work.save(worked, session)
    for words, said in (
        ([str(session), "--out", str(tmp_path / "a.mp4"), "--frames", "99:"], "none of 12"),
        ([str(tmp_path / "no.mlipview"), "--out", "a.mp4"], "no such file"),
        ([str(session), "--out", str(tmp_path / "a.txt")], "ends with"),
    ):
        done = command(*words)
        assert done.returncode == 1
        assert said in done.stderr.splitlines()[-1]
    assert not list(tmp_path.glob("*.mp4"))


def test_that_the_window_makes_a_movie_and_stays_alive(worked: MainWindow, tmp_path: Path) -> None:
    out = tmp_path / "window.mp4"
    dialog = ask_movie(worked.store, worked.sessions.saved, worked)
    dialog.size_box.setCurrentText("160x120")
    dialog.every.setValue(2)
    assert "6 pictures" in dialog.told.text()
    with watched() as beats:
        dialog.make(str(out))
        work.run_until(out.exists, 60)
        work.rest(worked)
    assert decoded(out).shape == (6, 120, 160)
    assert beats.fine, beats.said()
    assert "Written" in worked.notices.text.text()


def test_that_a_stopped_movie_leaves_nothing(worked: MainWindow, tmp_path: Path) -> None:
    saved = replace(worked.sessions.saved())
    before = set(tmp_path.iterdir())

    class Impatient(Progress):
        def step(self, done: int, total: int) -> None:
            if done >= 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        make_movie(saved, ["--size", "320x240"], tmp_path / "a.mp4", Impatient())
    end = time.monotonic() + 20
    while set(tmp_path.iterdir()) != before and time.monotonic() < end:
        time.sleep(0.05)
    assert set(tmp_path.iterdir()) == before


def test_that_a_movie_that_fails_is_told(worked: MainWindow, tmp_path: Path) -> None:
    dialog = ask_movie(worked.store, worked.sessions.saved, worked)
    dialog.size_box.setCurrentText("160x120")
    dialog.make(str(tmp_path / "none" / "a.mp4"))
    work.rest(worked)
    state = settled(worked)
    assert any(job.state is JobState.FAILED for job in state.moment.jobs)
    assert "ffmpeg ended" in worked.notices.text.text()


@pytest.mark.parametrize(("size", "good"), [("1280x720", True), ("9x9", False), ("big", False)])
def test_that_the_dialog_refuses_what_cannot_be(
    worked: MainWindow, size: str, good: bool, qtbot: Any
) -> None:
    dialog = MovieDialog(worked.store.state, lambda _words, _path: None, worked)
    dialog.size_box.setCurrentText(size)
    assert dialog.export.isEnabled() is good
    dialog.first.setValue(9)
    dialog.last.setValue(3)
    assert not dialog.export.isEnabled()
    assert "before the first" in dialog.told.text()
    dialog.close()


def test_that_the_program_names_itself() -> None:
    assert own_command()[0] == sys.executable
