"""A second start hands its files to the window of the first; with real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app.start.single import Answer, Handed, Listener, Turn, hand_over

pytestmark = pytest.mark.window
TABLE = "model,energy,force\na,1.0,2.0\nb,2.0,1.0\n"
SECONDS = 60.0


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has never started it; not that of the other tests."""
    names = ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR")
    places = {f"XDG_{name}": str(tmp_path / name.lower()) for name in names}
    for place in places.values():
        Path(place).mkdir(mode=0o700)
    return os.environ | places | {"HOME": str(tmp_path)}


@pytest.fixture
def start(home: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "mlipviewer", *words]
        path = os.pathsep.join([str(Path.cwd()), home.get("PYTHONPATH", "")])
        process = subprocess.Popen(
            command,
            env=home | {"PYTHONPATH": path},
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def until(asked: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not asked():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


def listening(home: dict[str, str]) -> list[Path]:
    return list(Path(home["XDG_RUNTIME_DIR"]).glob("mlipviewer-????????????"))


def opened(home: dict[str, str]) -> set[str]:
    try:
        recent = Path(home["XDG_STATE_HOME"], "mlipviewer", "recent.json").read_text()
        return {Path(one).name for one in json.loads(recent)}
    except (OSError, ValueError):
        return set()


def test_that_a_second_start_hands_its_files_over_and_ends(
    start: Callable[..., Any], home: dict[str, str], tmp_path: Path
) -> None:
    for name in ("first.csv", "second.csv", "third.csv"):
        (tmp_path / name).write_text(TABLE)
    first = start("first.csv")
    until(lambda: listening(home))
    second = start("second.csv")  # relative to where it was started
    assert second.wait(SECONDS) == 0
    until(lambda: opened(home) >= {"first.csv", "second.csv"})
    assert first.poll() is None
    first.kill()  # and leaves its socket
    first.wait()
    assert listening(home)
    third = start("third.csv")
    until(lambda: "third.csv" in opened(home))
    fourth = start("first.csv")
    assert fourth.wait(SECONDS) == 0
    assert third.poll() is None


def test_that_a_new_window_can_be_asked_for(
    start: Callable[..., Any], home: dict[str, str]
) -> None:
    start()
    until(lambda: listening(home))
    before = listening(home)[0].stat().st_ino
    beside = start("--new-window")
    with pytest.raises(subprocess.TimeoutExpired):
        beside.wait(4)
    assert listening(home)[0].stat().st_ino == before


def test_that_only_absolute_paths_in_whole_lines_are_taken(qtbot: Any, tmp_path: Path) -> None:
    from PySide6.QtNetwork import QLocalSocket

    where = str(tmp_path / "s")
    listener = Listener(where)
    assert listener.listen()
    came: list[Handed] = []
    listener.handed.connect(came.append)
    for said in (
        b"\n",
        b"[]\n",
        b'{"files": ["a"], "choices": "", "token": ""}\n',
        b"\xff" * 9 + b"\n",
    ):
        socket = QLocalSocket()
        socket.connectToServer(where)
        assert socket.waitForConnected(1000)
        socket.write(said)
        qtbot.waitUntil(lambda s=socket: s.state() == s.LocalSocketState.UnconnectedState)
        assert not came
        assert not socket.readAll().data()
    listener.close()
    assert hand_over(("/a",), where=where) is Answer.ABSENT


def test_that_a_window_that_does_not_answer_keeps_its_socket(qtbot: Any, tmp_path: Path) -> None:
    where = str(tmp_path / "s")
    listener = Listener(where)
    assert listener.listen()
    # its events are not served while this very thread waits for its answer
    turn = Turn(where)
    assert not turn.hand_over(("/a",))
    assert turn.listen() is None
    listener.close()
    fresh = Turn(where)
    assert not fresh.hand_over(("/a",))
    heir = fresh.listen()
    assert heir is not None
    heir.close()


def test_that_paths_keep_the_frames_that_were_asked_for(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = str(tmp_path / "s")
    listener = Listener(where)
    assert listener.listen()
    came: list[Handed] = []
    listener.handed.connect(came.append)
    code = (
        "import sys; from mlipviewer.app.start.single import hand_over;"
        "print(hand_over(('run.xyz@0:9:2',), 'fs=2', sys.argv[1]).name)"
    )
    path = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    child = subprocess.Popen(
        [sys.executable, "-c", code, where],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
    )
    qtbot.waitUntil(lambda: bool(came), timeout=20_000)
    assert child.communicate(timeout=20)[0].strip() == "TAKEN"
    assert came[0].files == (str(tmp_path / "run.xyz@0:9:2"),)
    assert came[0].choices == "fs=2"
    listener.close()
