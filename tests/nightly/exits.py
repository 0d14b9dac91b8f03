"""L5: windows are closed at random moments of their work; each ends well, soon and alone.

`python -m tests.nightly.exits NUMBER FOLDER` is the window of one trial.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

MOST_S = 3.0
CLOSING = "closing\n"
BAD_WORDS = ("Traceback", "Fatal", "QThread", "QMutex", "already deleted", "terminate called")


@dataclass(frozen=True)
class Trial:
    """How long it took from the wish to close until the process had ended, and what was wrong."""

    seconds: float
    faults: list[str]


def exits(begin: int, n: int) -> dict[str, Any]:
    """Trials number `begin` to `begin + n`."""
    faults, slowest = list[str](), 0.0
    for number in range(begin, begin + n):
        with tempfile.TemporaryDirectory() as folder:
            found = trial(number, Path(folder))
        slowest = max(slowest, found.seconds)
        late = [f"took {found.seconds:.1f} s"] if found.seconds > MOST_S else []
        faults += [f"trial {number}: {one}" for one in (*found.faults, *late)]
    return {"n": n, "slowest_s": round(slowest, 2), "faults": faults}


def trial(number: int, folder: Path) -> Trial:
    """A window that is closed at a moment which the number decides."""
    homes = {f"XDG_{one}_HOME": str(folder / one.lower()) for one in ("STATE", "CONFIG", "CACHE")}
    errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed below)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nightly.exits", str(number), str(folder)],
        cwd=REPOSITORY, env=os.environ | homes, stdout=subprocess.PIPE, stderr=errors, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    began = time.monotonic()
    try:
        code = process.wait(120)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    seconds = time.monotonic() - began
    process.stdout.close()
    with errors:
        errors.seek(0)
        said = errors.read()
    faults = [] if line == CLOSING else ["it ended before it was closed"]
    faults += [] if code == 0 else [f"ended with {code}: {said[-300:]}"]
    faults += [f"says {word}: {said[-300:]}" for word in BAD_WORDS if code == 0 and word in said]
    return Trial(seconds, faults + [f"left {one}" for one in left_of(process.pid)])


def left_of(session: int) -> list[str]:
    """Processes that still run of those which a trial began; they have a second to go."""
    for _ in range(20):
        found = [about for about in Path("/proc").glob("[0-9]*") if _session(about) == session]
        if not found:
            return []
        time.sleep(0.05)
    return [(one / "cmdline").read_bytes().replace(b"\0", b" ").decode() for one in found]


def _session(process: Path) -> int:
    """The session of a process; 0 of one that has ended."""
    try:
        words = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if words[0] == "Z" else int(words[3])


# -- the window of a trial


def works(window: Any, folder: Path) -> list[Callable[[], object]]:
    """What a window may be doing."""
    from mlipviewer.core.progress import Progress
    from mlipviewer.session import time_changes
    from tests import made

    def read() -> None:
        made.write_extxyz(folder / "run.xyz", n_atoms=3000, n_frames=60)
        made.write_table(folder / "errors.csv", made.error_table(400, 20))
        window.open([str(folder / "run.xyz"), str(folder / "errors.csv")])

    def play() -> None:
        window.store.commit(lambda s: time_changes.play(s, True), "Play")

    def analyse(name: str, plot: str) -> None:
        window.panel_menus.analyse(name, plot)

    def hold(progress: Progress) -> None:
        while True:  # a job that listens, now and then
            progress.step(0, 1)
            time.sleep(0.2)

    from mlipviewer.analysis import ANALYSES

    plots = [(name, next(iter(one.plots))) for name, one in ANALYSES.items() if one.plots]
    chosen = [plots[k * len(plots) // 5] for k in range(5)]
    return [
        read,
        play,
        *(partial(analyse, *one) for one in chosen),
        lambda: window.session.jobs.start("Hold", hold),
        lambda: window.sessions.save_as(folder / "work.mlipview"),
        lambda: window.sessions.pack(folder / "packed.mlipview"),
    ]


def be_closed(number: int, folder: Path) -> int:
    """A window that works, and is closed while it does."""
    from PySide6.QtCore import QTimer

    from mlipviewer.app import main

    chance, make = random.Random(number), main._window

    def close(window: Any) -> None:
        window.sessions.may_leave = lambda: True  # nobody answers questions here
        print(CLOSING, end="", flush=True)
        window.close()

    def made(*about: Any) -> Any:
        window, application = make(*about)
        deeds = works(window, folder)
        at = 0
        for deed in (deeds[0], *chance.choices(deeds[1:], k=4)):
            QTimer.singleShot(at, deed)
            at += chance.randrange(400)
        QTimer.singleShot(chance.randrange(2500), partial(close, window))
        return window, application

    main._window = made
    return main.main(new_window=True)


if __name__ == "__main__":
    sys.exit(be_closed(int(sys.argv[1]), Path(sys.argv[2])))
