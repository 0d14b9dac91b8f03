"""What is left of a window that ended by a crash, and locks of session files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlipviewer.io.room import TEMPORARY_PREFIX
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.saving import locks, recents, recovery, trust
from mlipviewer.session.saving.session_file import Saved, read_session, save_session
from mlipviewer.session.state import Document


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def saved(frame: int = 0) -> Saved:
    one = Input("a", "/data/a.csv", Kind.TABLE)
    return Saved(Document(inputs=(one,), panels=start_panels(), frame=frame))


CHILD = """
import sys, itertools
from pathlib import Path
from tests.saving.test_recovery import saved
from mlipviewer.session.saving import locks, recovery
from mlipviewer.session.saving.session_file import save_session
path = Path(sys.argv[1])
if sys.argv[2] == "lock":
    print(locks.take(path), flush=True)
    sys.stdin.read()
for n in itertools.count(1):
    if sys.argv[2] == "save":
        save_session(path, saved(n))
    else:
        recovery.keep(saved(n), recovery.own_path(), "work.mlipview")
    if n == 3:
        print("ready", flush=True)
"""


def child(path: Path, what: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), what],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().strip() in ("ready", "True", "False")
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_that_a_killed_window_leaves_its_session(tmp_path: Path) -> None:
    process = child(tmp_path, "keep")
    assert recovery.left_behind() == [], "it still runs"
    end(process)
    (left,) = recovery.left_behind()
    assert left.of == "work.mlipview"
    assert left.n_inputs == 1
    found = read_session(left.path)
    assert not found.problems
    assert found.document.frame >= 3
    recovery.forget(left.path)
    assert recovery.left_behind() == []


def test_that_what_is_kept_is_known_apart_from_sessions_that_were_saved(tmp_path: Path) -> None:
    trust.trust("a session")
    path = recovery.own_path()
    for n in range(5):
        recovery.keep(saved(n), path)
        assert recovery.is_own(path, read_session(path).digest)
    assert trust.known_digests() == ["a session"]
    kept = read_session(path).digest
    recovery.keep(saved(9), path)
    assert recovery.is_own(path, kept), "a crash between the two files leaves the one before"
    path.write_text(path.read_text().replace('"frame": 9', '"frame": 8'))
    assert not recovery.is_own(path, read_session(path).digest)
    theirs = tmp_path / path.name
    recovery.keep(saved(4), theirs)
    assert not recovery.is_own(theirs, read_session(theirs).digest)
    assert not recovery.is_remains(theirs)


def test_that_no_kill_at_any_moment_costs_a_saved_session(tmp_path: Path) -> None:
    path, chance = tmp_path / "work.mlipview", random.Random(1)
    for _ in range(8):
        process = child(path, "save")
        time.sleep(chance.uniform(0, 0.05))
        end(process)
        assert not read_session(path).problems


def test_that_a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "work.mlipview"
    save_session(path, saved(1))
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"the disk is full: .* are needed and .* are free"):
        save_session(path, saved(2))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob("*mlip*")] == ["work.mlipview"]


def test_that_a_session_file_is_had_by_one_process(tmp_path: Path) -> None:
    path = tmp_path / "work.mlipview"
    process = child(path, "lock")
    assert not locks.take(path)
    end(process)
    assert locks.take(path), "who had it is gone"
    assert locks.take(path), "it is ours"
    locks.release(path)
    again = child(path, "lock")
    assert not locks.take(path)
    end(again)


def test_that_old_remains_and_stray_files_go(tmp_path: Path) -> None:
    process = child(tmp_path, "keep")
    end(process)
    (left,) = recovery.left_behind()
    about = left.path.with_suffix(".json")
    about.write_text(about.read_text().replace('"when": 1', '"when": 0.1'))
    assert recovery.left_behind() == []
    stray = recovery.recovery_folder() / f"{TEMPORARY_PREFIX}abcdefgh"
    young = recovery.recovery_folder() / f"{TEMPORARY_PREFIX}young_00"
    stray.touch()
    young.touch()
    os.utime(stray, (0, 0))
    recovery.sweep()
    assert not stray.exists()
    assert young.exists()


def test_that_recent_files_are_kept_newest_first(tmp_path: Path) -> None:
    for n in range(20):
        recents.add_recent(f"/data/{n}.csv")
        recents.add_recent(f"/data/{n}.mlipview")
    recents.add_recent("/data/7.csv")
    found = recents.recent()
    assert found[0] == "/data/19.mlipview"
    assert len([one for one in found if one.endswith(".mlipview")]) == 10
    files = [one for one in found if one.endswith(".csv")]
    assert files[0] == "/data/7.csv"
    assert len(files) == 15
    recents.forget_recent()
    assert recents.recent() == []
