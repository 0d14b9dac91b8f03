"""The window's thread is never busy for long: opening, analysing, exporting, playing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mlipviewer.app.window import MainWindow
from tests.app import window_work as work
from tests.watchdog import watched

pytestmark = pytest.mark.window


@pytest.fixture
def opened(window: MainWindow) -> MainWindow:
    work.open_example(window)
    return window


def test_that_opening_a_table_and_a_run_leaves_no_gap(window: MainWindow) -> None:
    with watched() as beats:
        work.open_example(window)
    assert window.store.state.moment.frames
    # the start, and the OpenGL context of the 3D view with its first picture
    assert beats.fine_but_for(2), beats.said()


FIRST = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication(["first"])
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from tests.app import window_work as work
from tests.watchdog import watched
dress(application)
window = MainWindow()
window.show()
work.run_until(lambda: False, 1.0)
with watched() as beats:
    work.open_example(window)
print("fine" if beats.fine_but_for(2) else beats.said())
window.close()
"""


def test_that_the_first_files_of_all_leave_no_gap() -> None:
    """Libraries load in threads of jobs meanwhile, and OpenGL begins."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["fine"], done.stdout


@pytest.mark.parametrize("name", ["correlation", "clusters", "pca", "prediction", "distributions"])
def test_that_an_analysis_leaves_no_gap(opened: MainWindow, name: str) -> None:
    with watched() as beats:
        work.open_analysis(opened, name)
    assert beats.fine, beats.said()


def test_that_selecting_and_playing_leave_no_gap(opened: MainWindow) -> None:
    with watched() as beats:
        work.select(opened)
        work.play(opened)
    assert opened.store.state.frame > 5
    assert beats.fine, beats.said()


def test_that_exporting_leaves_no_gap(opened: MainWindow, tmp_path: Path) -> None:
    with watched() as beats:
        work.export(opened, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    assert beats.fine, beats.said()
