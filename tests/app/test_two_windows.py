"""Two windows, in two processes or in one: one writer of a session, recovery of each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.app import window_places
from mlipviewer.app.window import MainWindow
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.saving import recovery
from mlipviewer.session.settings.settings_file import write_changes
from tests import made
from tests.app import window_work as work
from tests.conftest import REPOSITORY
from tests.main_window import settled
from tests.windows import CTRL, Key, press

pytestmark = pytest.mark.window

OTHER = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication(["other"])
from mlipviewer.app.window import MainWindow
from mlipviewer.session.saving import recovery
from mlipviewer.session.settings.settings_file import write_changes
from tests.app import window_work as work
folder = Path(sys.argv[1])
window = MainWindow()
window.show()
window.open([str(folder / "errors.csv")])
work.rest(window)
assert work.save(window, folder / "work.mlipview")
work.run_until(lambda: len(list(recovery.recovery_folder().glob("*.recovery"))) > 0, 20)
write_changes(folder / "settings.toml", {("table", "digits"): 5})
print("ready", flush=True)
work.run_until(lambda: False, 600)
"""


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """Another process whose window has the session file open."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made.write_table(tmp_path / "errors.csv")
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path)],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


def test_that_d7_two_windows_do_not_write_over_each_other(
    window: MainWindow,
    other: subprocess.Popen[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "work.mlipview"
    asked: list[bool] = []
    monkeypatch.setattr(window.sessions, "ask_save", lambda: asked.append(True) or False)
    window.open([str(path)])
    work.run_until(lambda: window.sessions.path == path, 20)
    state = settled(window)
    assert state.table is not None, "it is shown"
    assert "is open in another window" in window.notices.text.text()
    before = path.read_bytes()
    window.store.commit(lambda s: changes.choose_metrics(s, rows([1])), "Metric")
    settled(window)
    assert not window.sessions.save()
    assert asked == [True], "it is saved under another name only"
    assert path.read_bytes() == before
    write_changes(tmp_path / "settings.toml", {("plot", "dots"): 3})
    said = (tmp_path / "settings.toml").read_text()
    assert "digits = 5" in said
    assert "dots = 3" in said
    assert recovery.left_behind() == [], "the other window lives"
    other.kill()
    other.wait()
    assert len(recovery.left_behind()) == 1, "what it had open is offered"
    window.sessions.path = None
    window.open([str(path)])
    work.run_until(lambda: window.sessions.path == path, 20)
    settled(window)
    assert window.sessions.save(), "who had it is gone"
    work.run_until(lambda: not window.sessions.writing and not window.session.working, 20)


def test_that_windows_of_one_process_are_kept_apart(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    press(window, Key.Key_N, CTRL)
    (second,) = window_places._others
    assert second.help.welcome.isVisible()
    windows = {window: "first.csv", second: "second.csv"}
    for one, name in windows.items():
        one.sessions._recovery = recovery.own_path(one.sessions._number)  # of this test's folder
        one.open([str(made.write_table(tmp_path / name))])
        settled(one)

    def kept() -> set[str]:
        left = recovery.recovery_folder().glob("*.recovery")
        return {name for path in left for name in windows.values() if name in path.read_text()}

    qtbot.waitUntil(lambda: kept() == {"first.csv", "second.csv"}, timeout=20_000)
    path = tmp_path / "work.mlipview"
    assert work.save(window, path)
    second.sessions.open(path)
    settled(second)
    assert "open in another window" in second.notices.text.text()
    second.close()
    settled(window)
    assert kept() == {"first.csv"}
    window.store.commit(lambda s: s.with_document(condition="e0 < 1"), "Filter")
    assert work.save(window, path)
    assert "e0 < 1" in path.read_text()
