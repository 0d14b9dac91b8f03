"""A movie of 1000 frames, as the window has it made: the longest gap of its event loop meanwhile
in ms, the time, and how many pictures a decoder finds in it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtWidgets import QApplication

from mlipviewer.app.figures.movies import ask_movie
from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from tests import made
from tests.app import window_work as work
from tests.io.test_movies import decoded
from tests.watchdog import LIMIT_MS, watched

N_FRAMES = 1000
PATIENCE = 900.0


def measure() -> dict[str, Any]:
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    with TemporaryDirectory() as folder:
        run, out = Path(folder) / "run.extxyz", Path(folder) / "movie.mp4"
        made.write_extxyz(run, n_frames=N_FRAMES)
        window.open([str(run)])
        work.run_until(lambda: window.store.state.trajectory is not None)
        work.rest(window)
        found = _made(window, out)
    window.close()
    return {"limit": LIMIT_MS, **found}


def _made(window: MainWindow, out: Path) -> dict[str, Any]:
    dialog = ask_movie(window.store, window.sessions.saved, window)
    dialog.size_box.setCurrentText("640x360")
    start = time.perf_counter()
    with watched() as beats:
        dialog.make(str(out))
        work.run_until(out.exists, PATIENCE)
        work.rest(window)
    seconds = time.perf_counter() - start
    if beats.longest > LIMIT_MS:
        print(beats.said(), file=sys.stderr)
    seen = decoded(out)
    return {
        "longest gap": round(beats.longest, 1),
        "most processor time of a gap": round(max(beats.used), 1),
        "seconds": round(seconds, 1),
        "pictures decoded": len(seen),
        "size": f"{seen.shape[2]}x{seen.shape[1]}",
    }
