"""The longest gap of the event loop, in ms, while files are opened, analyses run, and so on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtWidgets import QApplication

from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from tests.app import window_work as work
from tests.watchdog import LIMIT_MS, watched

ANALYSES = ("correlation", "clusters", "pca", "prediction", "distributions")


def measure() -> dict[str, Any]:
    """The first files of all while libraries load and OpenGL begins, then each kind of work."""
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    work.run_until(lambda: False, 1.0)
    with TemporaryDirectory() as folder:
        steps: dict[str, Callable[[], object]] = {
            "open the first files": lambda: work.open_example(window),
            **{name: lambda n=name: work.open_analysis(window, n) for name in ANALYSES},
            "select": lambda: work.select(window),
            "play": lambda: work.play(window),
            "export": lambda: work.export(window, Path(folder)),
        }
        found = {name: longest(step) for name, step in steps.items()}
    window.close()
    return {"limit": LIMIT_MS, **found}


def longest(step: Callable[[], object]) -> float:
    with watched() as beats:
        step()
    if beats.longest > LIMIT_MS:
        print(beats.said(), file=sys.stderr)
    return round(beats.longest, 1)
