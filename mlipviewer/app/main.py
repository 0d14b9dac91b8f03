"""Starts the application: a window, the files it was given, and a way to picture it unattended."""

from __future__ import annotations

import faulthandler
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlipviewer.app.window import MainWindow


def main(
    files: Sequence[str] = (),
    example: bool = False,
    screenshot: str = "",
    theme: str = "system",
    choices: str = "",
) -> int:
    """Open the window on `files` (or the shipped example) and run until it is closed.

    `choices` (io.trajectories.choices, as text) hold for the trajectories among the files.
    With `screenshot` the window is pictured into that PNG file once all is loaded, then closed.
    Returns the exit code.
    """
    # many small products of matrices: threads of the linear algebra only get in each other's way
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.stderr is not None:  # an installed application may have none
        faulthandler.enable()
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["mlipviewer"])
    assert isinstance(application, QApplication)
    application.setApplicationName("MLIPViewer")
    application.setDesktopFileName("mlipviewer")
    from mlipviewer.app.appearance import dress
    from mlipviewer.app.failures import hear_qt
    from mlipviewer.app.window import MainWindow
    from mlipviewer.session.log_book import begin_log, hear_failures, log_folder
    from mlipviewer.session.settings import heed_settings_at_start

    dress(application, theme)

    heed_settings_at_start()
    book = begin_log(log_folder())
    hear_failures()
    hear_qt()
    window = MainWindow(book)
    window.show()
    window.open(files, choices)
    window.open(example_files() if example else ())
    if screenshot:
        return picture(window, Path(screenshot))
    window.sessions.offer_remains()
    read_analyses_soon()
    return application.exec()


def read_analyses_soon() -> None:
    """Have all analyses at hand before their menu is opened, without keeping the window waiting."""
    import threading

    from PySide6.QtCore import QTimer

    from mlipviewer.analysis import ANALYSES
    from mlipviewer.core.background import step_back

    def read() -> None:
        step_back()
        len(ANALYSES)

    reading = threading.Thread(target=read, name="analyses", daemon=True)
    QTimer.singleShot(1000, reading.start)


def example_files() -> list[str]:
    """The shipped example: a table with its links, and lithium crystallizing."""
    from mlipviewer.core.resources import resource

    folder = Path(str(resource("examples")))
    names = ("silicon/errors.csv", "silicon/links.csv", "lithium/crystallization.extxyz.gz")
    return [str(folder / name) for name in names if (folder / name).exists()]


def picture(window: object, path: Path, seconds: float = 60.0) -> int:
    """Wait until nothing is being read or computed, then save the window as PNG."""
    from mlipviewer.app.window import MainWindow

    assert isinstance(window, MainWindow)
    settle(window, seconds)
    saved = window.grab().save(os.fspath(path), "PNG")
    window.close()
    print(f"saved {path}" if saved else f"could not write {path}")  # noqa: T201
    return 0 if saved else 1


def _drawing(window: MainWindow) -> bool:
    """Whether a view that can be seen is still making its picture."""
    return any(getattr(dock.view, "drawing", False) for dock in window.docks.by_panel.values())


def settle(window: object, seconds: float = 60.0) -> None:
    """Run the event loop until jobs and frames are done, and two turns more for painting."""
    from PySide6.QtWidgets import QApplication

    from mlipviewer.app.window import MainWindow

    assert isinstance(window, MainWindow)
    end, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < end and quiet < 20:
        QApplication.processEvents()
        window.session.drain(0.005)
        window.store.flush()
        busy = window.session.working or _drawing(window)
        quiet = 0 if busy else quiet + 1
