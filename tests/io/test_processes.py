"""Whether a process runs that left its name somewhere, and locks of those that do not."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlipviewer.io import processes
from mlipviewer.io.alone import STALE_S, alone
from mlipviewer.io.processes import is_alive, own_name, runs

NAMED = "from mlipviewer.io.processes import own_name; print(own_name(), flush=True)"


@pytest.fixture
def other() -> subprocess.Popen[str]:
    """A process that told its name and waits."""
    code = f"{NAMED}; input()"
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_that_a_process_is_alive_until_it_ends(other: subprocess.Popen[str]) -> None:
    name = told(other)
    assert is_alive(name, 0.0)
    assert is_alive(f"{name}-3", 0.0)
    assert runs(other.pid)
    other.communicate("\n")
    assert not is_alive(name, time.time())
    assert not runs(other.pid)


def test_that_one_that_ended_does_not_run_though_its_parent_has_not_heard(
    other: subprocess.Popen[str],
) -> None:
    assert told(other)
    other.kill()
    end = time.monotonic() + 10
    while runs(other.pid) and time.monotonic() < end:
        time.sleep(0.01)
    assert not runs(other.pid)
    assert other.returncode is None
    other.communicate()


def test_that_a_number_that_was_given_again_is_another_process() -> None:
    number, _, rest = own_name().partition("-")
    assert is_alive(f"{number}-{rest}", 0.0)
    assert not is_alive(f"{number}-1{rest}", time.time())


def test_that_one_elsewhere_is_taken_to_run_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    name = own_name()
    monkeypatch.setattr(processes.platform, "node", lambda: "login-2.cluster")
    assert own_name().endswith("@login_2_cluster")
    assert is_alive(f"{name}-0", time.time() - 3600)
    assert not is_alive(f"{name}-0", time.time() - 2 * 86400)
    assert is_alive(own_name(), 0.0)


@pytest.mark.parametrize(
    "name", ["", "-", "@", "x-y", "1", "1-2", "1-gone-0", "9" * 40, "²", "\0-@\n"]
)
def test_that_what_is_no_name_is_no_process(name: str) -> None:
    assert not is_alive(name, time.time())


def test_that_the_lock_of_a_program_that_died_is_broken_at_once(
    tmp_path: Path, other: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = told(other)
    other.communicate("\n")
    lock = tmp_path / "file.lock"
    lock.write_text(name)
    monkeypatch.setattr("mlipviewer.io.alone.time.sleep", lambda _s: pytest.fail("it waited"))
    with alone(tmp_path / "file"):
        assert lock.read_text() == own_name()
    assert not lock.exists()


def test_that_the_lock_of_one_that_runs_is_waited_for(tmp_path: Path) -> None:
    held, go, seen = threading.Event(), threading.Event(), []

    def hold() -> None:
        with alone(tmp_path / "file"):
            held.set()
            go.wait(10)
            time.sleep(0.05)
            seen.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    go.set()
    with alone(tmp_path / "file"):
        seen.append("second")
    thread.join()
    assert seen == ["first", "second"]


def test_that_a_lock_that_says_nothing_is_broken_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "file.lock"
    lock.write_text("")
    now = time.time()
    monkeypatch.setattr("mlipviewer.io.alone.time.time", lambda: now + STALE_S + 1)
    monkeypatch.setattr("mlipviewer.io.alone.time.sleep", lambda _s: pytest.fail("it waited"))
    with alone(tmp_path / "file"):
        assert lock.read_text() == own_name()
