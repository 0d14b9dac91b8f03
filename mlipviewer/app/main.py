"""Starts the application: a window, the files it was given, and a way to picture it unattended."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from mlipviewer.app.start.crash_log import begin_log, end_log, take_crash_report
from mlipviewer.app.start.fitness import unfit_here
from mlipviewer.app.start.loading import quick_loading
from mlipviewer.core.own_program import safe_mode

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from mlipviewer.app.start.arrivals import Application
    from mlipviewer.app.window import MainWindow
    from mlipviewer.session.reports.log_book import LogBook


def main(
    files: Sequence[str] = (),
    example: bool = False,
    screenshot: str = "",
    theme: str = "",
    choices: str = "",
    new_window: bool = False,
    safe: bool = False,
) -> int:
    """Open the window on `files` (or the shipped example) and run until it is closed.

    `choices` (io.trajectories.choices, as text) hold for the trajectories among the files.
    With `screenshot` the window is pictured into that PNG file once all is loaded, then closed.
    A window that runs already takes the files, unless a `new_window` is wanted. `safe` is without
    plug-ins and without the graphics card. Returns the exit code.
    """
    why_not = unfit_here()
    if why_not:
        print(why_not, file=sys.stderr or sys.stdout)
        return 1
    # many small products of matrices: threads of the linear algebra only get in each other's way
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    files = [*files, *(example_files() if example else ())]
    if safe:
        import_module("mlipviewer.app.start.safe_start").be_safe()
    if screenshot:
        return _pictured(files, choices, theme, Path(screenshot))
    book = begin_log()
    try:
        return _run(files, choices, theme, new_window, book)
    finally:
        end_log()


def _run(files: Sequence[str], choices: str, theme: str, new_window: bool, book: LogBook) -> int:
    """The window with all that surrounds it, until it is closed."""
    from mlipviewer.app.start.single import turn

    ours = None if new_window else turn()
    if ours is not None and ours.hand_over(tuple(files), choices):
        return 0
    from mlipviewer.app.failures import hear_qt
    from mlipviewer.app.start import safe_start
    from mlipviewer.app.start.arrivals import HandedOver
    from mlipviewer.app.start.leaving import leave_soon
    from mlipviewer.app.window_places import open_windows
    from mlipviewer.gui.settings_in_use import settings_in_use

    if safe_start.wants_safe_mode():
        safe_start.be_safe()
    graphics = safe_start.begin()
    with quick_loading():
        window, application = _window(theme, book)
    window.open(files, choices)
    hear_qt()
    windows = partial(open_windows, window)
    application.open_with(lambda paths, choices: _open_in(windows(), paths, choices))
    listener = ours.listen() if ours is not None else None
    if listener is not None:
        HandedOver(windows, listener)
    window.help.begin()
    if settings_in_use.now.flag("general.restore"):
        window.sessions.offer_remains()
    tell(window, graphics.notice)
    read_analyses_soon()
    safe_start.went_well_soon(graphics)
    code = application.exec()
    leave_soon(code)
    safe_start.went_well(graphics)
    return code


def _open_in(windows: Sequence[MainWindow], paths: Sequence[str], choices: str) -> None:
    """In the first of the windows that are open, if one is."""
    for window in windows[:1]:
        window.open(paths, choices)


def _pictured(files: Sequence[str], choices: str, theme: str, path: Path) -> int:
    window, _ = _window(theme)
    window.open(files, choices)
    return picture(window, path)


def _window(theme: str, book: LogBook | None = None) -> tuple[MainWindow, Application]:
    from PySide6.QtWidgets import QApplication

    from mlipviewer.app.preferences.appearance import scale_everything
    from mlipviewer.app.start.arrivals import Application
    from mlipviewer.session.settings.values import load_settings

    scale_everything(load_settings().number("appearance.scale"))
    application = QApplication.instance() or Application(["mlipviewer"])
    assert isinstance(application, Application)
    application.setApplicationName("MLIPViewer")
    application.setDesktopFileName("org.mlipviewer.MLIPViewer")
    application.setWindowIcon(icon())
    from mlipviewer.app.preferences.heeding import heed_everywhere
    from mlipviewer.app.window import MainWindow
    from mlipviewer.gui.sweeping import Sweeper
    from mlipviewer.session.settings.values import heed_settings_at_start

    Sweeper(application)
    heed_everywhere(application, theme)
    heed_settings_at_start()
    window = MainWindow(book)
    window.show()
    return window, application


def tell(window: MainWindow, about_graphics: str) -> None:
    """What this start found: graphics that do not work, a crash before it, safe mode."""
    from mlipviewer.session.state import Weight

    notify = window.session.notify
    if safe_mode():
        notify("Safe mode: no plug-ins, no graphics card. Start again to leave it.")
    if about_graphics:
        notify(about_graphics, Weight.WARNING)
    report = take_crash_report()
    if report is not None:
        path, text = report
        said = f"MLIPViewer crashed the last time. Its report stays on this computer: {path}"
        notify(said, Weight.WARNING, text)


def icon() -> QIcon:
    """The picture of the program, for desktops that do not take it from the installed entry."""
    from PySide6.QtGui import QIcon, QPixmap

    from mlipviewer.core.resources import resource

    pixmap = QPixmap()
    pixmap.loadFromData(resource("icon.png").read_bytes())
    return QIcon(pixmap)


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
    names = ("silicon/errors.parquet", "silicon/links.csv", "lithium/crystallization.extxyz.gz")
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
