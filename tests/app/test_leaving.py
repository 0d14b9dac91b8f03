"""Rule L5: the program ends soon after its window, whatever it was doing; rule R12: one notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from mlipviewer.app.window import MainWindow
from mlipviewer.session.state import Weight
from tests import made
from tests.main_window import settled
from tests.nightly.exits import trial
from tests.windows import drop

pytestmark = pytest.mark.window

STUCK = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from PySide6.QtCore import QTimer
from mlipviewer.app import main
make = main._window

def made(*about):
    window, application = make(*about)
    pool = ThreadPoolExecutor(1)  # Python waits for its threads before it ends
    pool.submit(time.sleep, 600)
    QTimer.singleShot(300, window.close)
    return window, application

main._window = made
sys.exit(main.main(new_window=True))
"""


def test_that_l5_a_thread_that_does_not_listen_keeps_no_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


@pytest.mark.parametrize("number", [3, 12])
def test_that_l5_a_window_closed_at_any_moment_ends_well(tmp_path: Path, number: int) -> None:
    found = trial(number, tmp_path)
    assert found.faults == []
    assert found.seconds < 60


def test_that_r12_a_thousand_damaged_frames_are_one_list(
    window: MainWindow, tmp_path: Path
) -> None:
    path = made.write_extxyz(tmp_path / "many.xyz", n_atoms=3, n_frames=1001)
    lines = path.read_text().splitlines()
    for n in range(1, 1001):
        lines[5 * n + 2] = f"Si {n}.{n} words{n} 0"
    path.write_text("\n".join(lines) + "\n")
    assert drop(window, [path])
    state = settled(window)
    told = [one for one in state.moment.notices if one.weight is not Weight.INFO]
    assert len(told) == 1
    assert told[0].text.startswith("many.xyz: frame 2, line ")
    assert 1 <= len(told[0].details.splitlines()) <= 102
    assert "more" in told[0].text or "times" in told[0].text
    assert QApplication.activeModalWidget() is None
