"""`python -m tests.bench.big [GB]`: a long dump opens, plays and scrubs in the real window; JSON.

The file is made in a temporary folder and deleted afterwards. Not part of `./test`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from mlipviewer.app.preferences.appearance import dress
from mlipviewer.app.window import MainWindow
from mlipviewer.session import changes, time_changes
from mlipviewer.session.moments import lagging
from mlipviewer.session.settings.values import load_settings
from tests.bench.made import write_dump
from tests.watchdog import Beats, watched

GB, MB = 10**9, 2**20
N_ATOMS = 200_000
DISTINCT = 4  # frames that differ; the file repeats them under timesteps of their own
SPARE = 2 * GB
CEILING_MB = 600
PLAYED_S, SCRUBS = 20.0, 60


def main(arguments: list[str]) -> int:
    gigabytes = float(arguments[0]) if arguments else 10.0
    n_atoms = int(arguments[1]) if len(arguments) > 1 else N_ATOMS
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < gigabytes * GB + SPARE:
        print(f"{gigabytes:g} GB do not fit on the disk: {free / GB:.1f} are free", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="mlipviewer-big-") as folder:
        path = Path(folder) / "big.dump"
        n_frames = write_big(path, int(gigabytes * GB), n_atoms)
        found = measure(path)
    about = {"gb": gigabytes, "n_frames": n_frames, "n_atoms": n_atoms}
    print(json.dumps({"file": about, **found}, indent=1))
    return 0


def write_big(path: Path, size: int, n_atoms: int) -> int:
    """Frames of a dump until the file has `size` bytes; returns how many."""
    few = write_dump(path.with_suffix(".few"), n_atoms, DISTINCT)
    starts = [part for part in few.read_bytes().split(b"ITEM: TIMESTEP\n") if part]
    few.unlink()
    bodies = [part.partition(b"\n")[2] for part in starts]
    n_frames = 0
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(b"ITEM: TIMESTEP\n%d\n" % (n_frames * 100))
            file.write(bodies[n_frames % DISTINCT])
            n_frames += 1
    return n_frames


class Memory:
    """The most memory that this process held."""

    def __init__(self) -> None:
        self.peak, self._ended = resident_mb(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self.peak = max(self.peak, resident_mb())

    def end(self) -> float:
        self._ended.set()
        self._thread.join()
        return self.peak


def resident_mb() -> float:
    """Memory of this process without what it shares with files (the page cache)."""
    fields = Path("/proc/self/statm").read_text().split()
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE") / MB


def measure(path: Path) -> dict[str, Any]:
    """Open, play, scrub; memory, gaps, pictures a second."""
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    dress(application, "light")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    until(lambda: False, 2.0)
    idle, memory = resident_mb(), Memory()
    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "open": lambda: opened(window, path),
        "play": lambda: played(window),
        "scrub": lambda: scrubbed(window),
    }
    found: dict[str, Any] = {}
    for name, step in steps.items():
        with watched() as beats:
            found[name] = step()
        found[name] |= gaps(beats)
    peak, limit = memory.end(), load_settings().frame_bytes / MB
    found["memory_mb"] = {
        "idle": round(idle),
        "peak_above_idle": round(peak - idle),
        "limit_of_frames": round(limit),
        "held_frames": round(window.session.cache.n_bytes / MB),
        "ceiling_above_idle": round(CEILING_MB + limit),
    }
    window.close()
    return found


def gaps(beats: Beats) -> dict[str, Any]:
    ordered = sorted(beats.gaps)
    found = {"longest_gap_ms": round(beats.longest, 1), "n_beats": len(ordered)}
    found["gap_p99_ms"] = round(ordered[int(0.99 * (len(ordered) - 1))], 1)
    if beats.longest > 100:
        print(beats.said(), file=sys.stderr)
    return found


def until(done: Callable[[], bool], seconds: float) -> float:
    """Run the event loop as the application does; the seconds until it was done."""
    from PySide6.QtCore import QEventLoop, QTimer

    start, loop, timer = time.perf_counter(), QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start(5)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    return time.perf_counter() - start


def canvas(window: MainWindow) -> Any:
    return window.docks.by_panel["atoms"].view.canvas  # type: ignore[attr-defined]


def opened(window: MainWindow, path: Path) -> dict[str, Any]:
    """The first picture, and when all frames are known."""
    window.open([str(path)])
    drawn = canvas(window).n_complete
    store = window.store

    def first() -> bool:
        return bool(store.state.moment.frames) and canvas(window).n_complete > drawn

    to_first = until(first, 120)
    to_all = until(lambda: not window.session.working, 600)
    trajectory = store.state.trajectory
    return {
        "first_frame_s": round(to_first, 3),
        "all_known_s": round(to_first + to_all, 3),
        "n_frames": trajectory.n_frames if trajectory is not None else 0,
    }


def played(window: MainWindow) -> dict[str, Any]:
    """Playing at 30 frames a second keeps time; how many pictures that gives."""
    store = window.store
    store.commit(lambda s: time_changes.set_playback(s, fps=30), "bench")
    store.commit(lambda s: time_changes.play(s, True), "bench")
    before, shown, frames = canvas(window).n_complete, store.state.frame, set[int]()
    unsubscribe = store.subscribe(
        lambda _old, new: frames.update(frame.index for frame in new.moment.frames.values())
    )
    until(lambda: False, PLAYED_S)
    unsubscribe()
    state = store.state
    store.commit(lambda s: time_changes.play(s, False), "bench")
    return {
        "pictures_per_s": round((canvas(window).n_complete - before) / PLAYED_S, 1),
        "frames_read_and_shown_per_s": round(len(frames) / PLAYED_S, 1),
        "frames_gone_per_s": round((state.frame - shown) / PLAYED_S, 1),
        "left_out": state.moment.pace.dropped,
    }


def scrubbed(window: MainWindow) -> dict[str, Any]:
    """Random jumps, 25 ms apart as in a drag; then each alone until it shows."""
    rng, store = random.Random(1), window.store
    trajectory = store.state.trajectory
    assert trajectory is not None
    n_frames = trajectory.n_frames

    def jump() -> None:
        index = rng.randrange(n_frames)
        store.commit(lambda s: changes.show_frame(s, index), "Scrub", "scrub")

    for _ in range(SCRUBS):
        jump()
        until(lambda: False, 0.025)
    newest = until(lambda: not lagging(store.state), 20)
    alone = []
    for _ in range(SCRUBS // 3):
        jump()
        alone.append(until(lambda: not lagging(store.state), 20))
    return {
        "newest_after_drag_ms": round(1e3 * newest),
        "random_frame_median_ms": round(1e3 * sorted(alone)[len(alone) // 2]),
        "random_frame_worst_ms": round(1e3 * max(alone)),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
