"""G9: `python -m tests.nightly.soak SECONDS FILE`: the window plays, selects and scrolls, and tells
how memory, descriptors, threads, processes and objects of Qt and OpenGL grow."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication, QWidget

from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.session import changes, time_changes
from tests import made
from tests.app import window_work as work
from tests.gl_objects import gl_objects

WARM = 0.25  # of the time, at most 15 minutes
LOOKS = 720  # counted so often, into an array that is there: a list of them grows by MB an hour
NAMES = ("memory", "descriptors", "threads", "widgets", "processes", "gl")
MOST_MB_PER_HOUR, MOST_SHARE = 1.0, 0.02


def counts(window: MainWindow) -> tuple[float, ...]:
    """What must not grow, by NAMES; memory in MB."""
    gc.collect()
    canvas = window.docks.by_panel["atoms"].view.canvas  # type: ignore[attr-defined]
    pages = Path("/proc/self/statm").read_text().split()[1]
    return (
        int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6,
        float(len(list(Path("/proc/self/fd").iterdir()))),
        float(threading.active_count()),
        float(len(QApplication.allWidgets())),
        float(children()),
        float(sum(gl_objects(canvas))) if isinstance(canvas, AtomsCanvas) else 0.0,
    )


def children() -> int:
    """Processes that this one has started, and theirs."""
    parents = {}
    for about in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = about.read_text().rpartition(")")[2].split()
            parents[int(about.parent.name)] = int(words[1])
    known = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in known} - known:
        known |= more
    return len(known) - 1


def deeds(window: MainWindow, turn: int) -> None:
    """A second of use."""
    store = window.store
    chosen = rows([turn % 100, (turn * 7) % 100])
    store.commit(lambda s: changes.choose(s, Space.MODEL, chosen), "Select")
    store.commit(lambda s: changes.choose(s, Space.ATOM, rows([turn % 50])), "Select atoms")
    store.commit(lambda s: time_changes.play(s, True), "Play")
    table = window.docks.by_panel["table"].view
    bar = table.rows.verticalScrollBar()
    bar.setValue(turn * 13 % (bar.maximum() + 1))
    work.run_until(lambda: False, 1.0)
    store.commit(lambda s: time_changes.play(s, False), "Pause")


def slopes(seconds: NDArray[np.float64], told: NDArray[np.float64]) -> dict[str, Any]:
    """By what was counted, (looks, names): first and last after the warming, growth per hour."""
    t = seconds / 3600
    warm = t >= min(WARM * t[-1], 0.25)
    found = {}
    for k, name in enumerate(NAMES):
        y = told[warm, k]
        slope = float(np.polyfit(t[warm], y, 1)[0]) if len(y) > 2 else float("nan")
        found[name] = {"first": y[0], "last": y[-1], "per_hour": round(slope, 2)}
    return found


def wrong(found: dict[str, Any], seconds: float) -> list[str]:
    """Memory is judged by its slope over an hour or more, else by its share."""
    memory = found["memory"]
    grown = memory["last"] - memory["first"]
    faults = []
    if grown > MOST_SHARE * memory["first"]:
        faults.append(f"memory grew by {grown:.1f} MB")
    elif seconds >= 3600 and memory["per_hour"] > MOST_MB_PER_HOUR:
        faults.append(f"memory grows by {memory['per_hour']} MB an hour")
    for name in ("descriptors", "threads", "widgets", "processes", "gl"):
        if found[name]["last"] > found[name]["first"] + 2:
            faults.append(f"{name}: {found[name]['first']:.0f} -> {found[name]['last']:.0f}")
    return faults


def main(seconds: float, run: Path) -> int:
    application = QApplication.instance() or QApplication(["soak"])
    assert isinstance(application, QApplication)
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    table = made.write_table(run.with_name("errors.csv"), made.error_table(120, 8))
    window.open([str(table), str(made.write_extxyz(run, n_frames=40))])
    work.rest(window)
    begin, turn, n, now = time.monotonic(), 0, 0, 0.0
    times, told = np.zeros(LOOKS + 1), np.zeros((LOOKS + 1, len(NAMES)))
    while now < seconds:
        deeds(window, turn)
        turn += 1
        now = time.monotonic() - begin
        if now >= min(n * seconds / LOOKS, seconds) and n <= LOOKS:
            times[n], told[n] = now, counts(window)
            n += 1
    QWidget.close(window)
    found = slopes(times[:n], told[:n])
    faults = wrong(found, seconds)
    print(json.dumps({"n": round(now), "turns": turn, "growth": found, "faults": faults}))
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), Path(sys.argv[2])))
