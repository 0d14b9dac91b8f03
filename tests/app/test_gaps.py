"""The window's thread is never busy for long: opening, analysing, exporting, playing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from mlipviewer.app.main import example_files
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.figure import save_plot
from mlipviewer.session import changes, time_changes
from mlipviewer.session.panels import new_panel
from tests.main_window import plot
from tests.watchdog import GL_LIMIT_MS, allowed, watched

pytestmark = pytest.mark.window
SECONDS = 30.0


def run_until(done: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Run the event loop as the application does: nothing else is on this thread."""
    loop, timer, end = QEventLoop(), QTimer(), time.monotonic() + seconds
    timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
    timer.start(10)
    loop.exec()
    timer.stop()


def at_rest(window: MainWindow) -> None:
    quiet = iter(range(6))
    run_until(lambda: not window.session.working and next(quiet, None) is None)


@pytest.fixture
def opened(window: MainWindow) -> MainWindow:
    window.open(example_files())
    run_until(lambda: len(window.store.state.moment.loaded) >= 2)
    at_rest(window)
    return window


def test_that_opening_a_table_and_a_run_leaves_no_gap(window: MainWindow) -> None:
    with watched() as beats:
        window.open(example_files())
        run_until(lambda: len(window.store.state.moment.loaded) >= 2)
        at_rest(window)
    assert window.store.state.moment.frames
    # the canvas of the 3D view gets its OpenGL context with the first picture
    assert beats.longest <= allowed(GL_LIMIT_MS), beats.said(GL_LIMIT_MS)
    assert sum(gap > allowed() for gap in beats.gaps) <= 1, beats.said()


FIRST = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication(["first"])
from mlipviewer.app.appearance import dress
from mlipviewer.app.main import example_files
from mlipviewer.app.window import MainWindow
from tests.app.test_gaps import at_rest, run_until
from tests.watchdog import watched
dress(application)
window = MainWindow()
window.show()
run_until(lambda: False, 1.0)
with watched() as beats:
    window.open(example_files())
    run_until(lambda: len(window.store.state.moment.loaded) >= 2)
    at_rest(window)
print(beats.longest)
window.close()
"""


def test_that_the_first_files_of_all_leave_no_gap() -> None:
    """Libraries load in threads of jobs meanwhile, and OpenGL begins."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True, timeout=120
    )
    assert float(done.stdout.split()[-1]) <= allowed(GL_LIMIT_MS), done.stdout


@pytest.mark.parametrize("name", ["correlation", "clusters", "pca", "prediction", "distributions"])
def test_that_an_analysis_leaves_no_gap(opened: MainWindow, name: str) -> None:
    from mlipviewer.analysis import ANALYSES

    panel = new_panel(opened.store.state, name, next(iter(ANALYSES[name].plots)))
    with watched() as beats:
        opened.store.commit(lambda s: changes.open_panel(s, panel), "Open")
        at_rest(opened)
    assert beats.longest <= allowed(), beats.said()


def test_that_selecting_and_playing_leave_no_gap(opened: MainWindow) -> None:
    with watched() as beats:
        for row in range(2, 12):
            chosen = rows([row, row + 3, row + 9])
            opened.store.commit(lambda s, c=chosen: changes.choose(s, Space.MODEL, c), "Select")
            run_until(lambda: True)
        opened.store.commit(lambda s: time_changes.play(s, True), "Play")
        run_until(lambda: False, 2.0)
        opened.store.commit(lambda s: time_changes.play(s, False), "Pause")
        at_rest(opened)
    assert opened.store.state.frame > 5
    assert beats.longest <= allowed(), beats.said()


def test_that_exporting_leaves_no_gap(opened: MainWindow, tmp_path: Path) -> None:
    figure = plot(opened, "pareto").canvas.plot
    with watched() as beats:
        for kind in ("svg", "pdf", "png"):
            save_plot(figure, tmp_path / f"pareto.{kind}")
            run_until(lambda: True)
    assert len(list(tmp_path.iterdir())) == 3
    assert beats.longest <= allowed(), beats.said()
