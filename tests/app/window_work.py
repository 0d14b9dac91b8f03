"""What people do in the window, done as the application does it: nothing else is on this thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from mlipviewer.analysis import ANALYSES
from mlipviewer.app.main import example_files
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.figure import USUAL_LOOK
from mlipviewer.session import changes, time_changes
from mlipviewer.session.panels import new_panel

SECONDS = 30.0


def run_until(done: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Run the event loop as the application does."""
    loop, timer, end = QEventLoop(), QTimer(), time.monotonic() + seconds
    timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
    timer.start(10)
    loop.exec()
    timer.stop()


def rest(window: MainWindow) -> None:
    quiet = iter(range(6))
    run_until(lambda: not window.session.working and next(quiet, None) is None)


def open_example(window: MainWindow) -> None:
    window.open(example_files())
    run_until(lambda: len(window.store.state.moment.loaded) >= 2)
    rest(window)


def open_analysis(window: MainWindow, name: str) -> None:
    panel = new_panel(window.store.state, name, next(iter(ANALYSES[name].plots)))
    window.store.commit(lambda s: changes.open_panel(s, panel), "Open")
    rest(window)


def select(window: MainWindow) -> None:
    for row in range(2, 12):
        chosen = rows([row, row + 3, row + 9])
        window.store.commit(lambda s, c=chosen: changes.choose(s, Space.MODEL, c), "Select")
        run_until(lambda: True)


def play(window: MainWindow) -> None:
    window.store.commit(lambda s: time_changes.play(s, True), "Play")
    run_until(lambda: False, 2.0)
    window.store.commit(lambda s: time_changes.play(s, False), "Pause")
    rest(window)


def export(window: MainWindow, folder: Path) -> None:
    """The front as a figure of each kind, by jobs as the dialog begins them."""
    for kind in ("svg", "pdf", "png"):
        path = folder / f"pareto.{kind}"
        window.figures.write("pareto", USUAL_LOOK, path)
        run_until(path.exists)


def save(window: MainWindow, path: Path) -> bool:
    """Save the session there; whether it was done."""
    window.sessions.save_as(path)
    run_until(lambda: not window.sessions.writing and not window.session.working, 20)
    return window.sessions.path == path and not window.sessions.dirty
