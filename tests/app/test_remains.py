"""What a crash leaves of a window: offered, restored, kept until it is kept anew."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.session import changes
from mlipviewer.session.saving import recovery
from tests.app import window_work as work
from tests.app.test_session_files import click, opened, worked
from tests.main_window import settled

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


CRASH = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication(["crash"])
from mlipviewer.app.recent_menu import is_gone
from mlipviewer.app.window import MainWindow
from mlipviewer.session.saving import recovery
from tests.app import test_session_files as test, window_work as work
window = MainWindow()
window.show()
test.worked(window, Path(sys.argv[1]))
assert work.save(window, Path(sys.argv[1]) / "work.mlipview")
window.store.commit(lambda s: test.changes.show_frame(s, 2), "Frame 3")
document = window.store.state.document
work.run_until(lambda: window.sessions._kept is document, 20)
work.run_until(lambda: recovery.own_path().exists(), 20)
work.run_until(lambda: not window.sessions._writing.locked(), 20)
print("ready", flush=True)
work.run_until(lambda: False, 60)
"""


def test_that_a_killed_window_is_restored_with_its_history(
    window: MainWindow, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CRASH, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    process.kill()
    process.communicate()
    window.sessions.offer_remains()
    settled(window)
    assert "of work.mlipview with 2 files was not closed as usual" in window.notices.text.text()
    assert window.notices.offer.text() == "Restore"
    window.notices.offer.click()
    work.run_until(lambda: window.store.state.trajectory is not None, 10)
    state = settled(window)
    assert state.frame == 2
    assert state.selected(Space.MODEL).tolist() == [3, 4, 5]
    work.run_until(lambda: recovery.left_behind() == [], 20)  # it is kept anew
    assert recovery.left_behind() == []
    path = tmp_path / "work.mlipview"
    assert (window.sessions.path, window.sessions.dirty) == (path, True)
    assert work.save(window, path)
    assert '"frame": 2' in path.read_text()
    labels = []
    while window.store.undo_label:
        labels.append(window.store.undo_label)
        window.store.undo()
        settled(window)
    assert labels[:3] == ["Frame 3", "Frame 2", "Select models"]
    assert window.store.state.document.inputs == ()
    click("Discard")
    assert window.close()


def test_that_several_windows_are_offered_one_after_the_other(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    worked(window, tmp_path)
    saved, folder = window.sessions.saved(), recovery.recovery_folder()
    for number, name in enumerate(("older.mlipview", "newer.mlipview")):
        recovery.keep(saved, folder / f"1-gone-{number}.recovery", str(tmp_path / name))
    window.sessions.offer_remains()
    settled(window)
    said = window.notices.text.text()
    assert "of newer.mlipview" in said
    assert said.endswith("1 more will be offered at the next start")
    window.notices.offer.click()
    work.run_until(lambda: window.sessions.path == tmp_path / "newer.mlipview", 10)
    settled(window)
    work.run_until(lambda: len(recovery.left_behind()) == 1, 20)
    assert [Path(one.of).name for one in recovery.left_behind()] == ["older.mlipview"]
    click("Discard")
    assert window.close()


def test_that_what_was_restored_stays_until_it_is_kept_anew(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that ends within the second after the offer was taken, or a full disk."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    worked(window, tmp_path)
    kept = recovery.recovery_folder() / "1-gone-0.recovery"
    recovery.keep(window.sessions.saved(), kept)
    full, keep = [True], recovery.keep

    def keeping(*args: Any) -> None:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        keep(*args)

    monkeypatch.setattr(recovery, "keep", keeping)
    window.sessions.offer_remains()
    settled(window)
    window.notices.offer.click()
    work.run_until(lambda: window.sessions._restored == kept, 10)
    settled(window)
    window.sessions._keep()
    assert [one.path for one in recovery.left_behind()] == [kept]
    full[0] = False
    frame = window.store.state.frame
    window.store.commit(lambda s: changes.show_frame(s, frame + 1), "Frame")
    work.run_until(lambda: not kept.exists(), 20)
    assert not recovery.left_behind()
    assert window.sessions._recovery.exists()


def test_that_a_window_that_was_closed_leaves_nothing(window: MainWindow, tmp_path: Path) -> None:
    worked(window, tmp_path)
    work.run_until(lambda: recovery.own_path().exists(), 10)
    assert recovery.own_path().exists()
    window.close()
    assert not list(recovery.recovery_folder().glob("*.recovery"))


@pytest.mark.parametrize("what", ["opened", "saved"])
def test_that_d5_what_a_crash_left_beside_a_session_goes(
    window: MainWindow, tmp_path: Path, what: str
) -> None:
    worked(window, tmp_path)
    path = tmp_path / "work.mlipview"
    assert work.save(window, path)
    stray, young = tmp_path / ".mlipviewer-ab_3def9", tmp_path / ".mlipviewer-young123"
    stray.touch()
    young.touch()
    os.utime(stray, (0, 0))
    if what == "opened":
        opened(window, path)
    else:
        window.store.commit(lambda s: changes.show_frame(s, 0), "Frame 1")
        assert work.save(window, path)
    assert not stray.exists()
    assert young.exists()
