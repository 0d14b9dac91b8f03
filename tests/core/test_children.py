"""Rule L4: no process that was started for work outlives the one that started it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlipviewer.core.children import CAN_SIGNAL, LIFE, end_with_parent, start_child

pytestmark = pytest.mark.skipif(not CAN_SIGNAL, reason="the system has no such signals")

STUCK = """
import re, sys
from mlipviewer.core.children import end_with_parent
end_with_parent()
print("ready", flush=True)
re.match("(a|aa)+$", "a" * 80 + "b")  # one call of C that never comes back to Python
"""
PARENT = """
import subprocess, sys, threading
from mlipviewer.core.children import start_child
started = []
def start():
    started.append(start_child([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE))
thread = threading.Thread(target=start)
thread.start()
thread.join()  # the thread that started it ends before the process
(child,) = started
child.stdout.readline()
print(child.pid, flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
"""


def parent(then: str) -> tuple[subprocess.Popen[str], int]:
    """A process that has started a stuck one, and the number of that."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, STUCK, then],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def runs(pid: int) -> bool:
    """Whether it runs: one that ended and that nobody asked about does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def ended(pid: int) -> bool:
    for _ in range(200):
        if not runs(pid):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks /proc")
@pytest.mark.parametrize("how", ["killed", "ended"])
def test_that_l4_a_stuck_worker_ends_with_its_parent(how: str) -> None:
    process, child = parent("wait" if how == "killed" else "leave")
    if how == "killed":
        time.sleep(0.2)
        assert runs(child), "it lives on when only the thread has gone that started it"
        process.kill()
    process.communicate()
    assert ended(child)


def test_that_l4_a_worker_whose_parent_is_gone_already_does_not_begin() -> None:
    import os

    reading, held = os.pipe()
    os.close(held)
    code = "from mlipviewer.core.children import end_with_parent as e; e(); print('alive')"
    done = subprocess.run(
        [sys.executable, "-c", code], pass_fds=(reading,), env=os.environ | {LIFE: str(reading)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    os.close(reading)
    assert done.stdout == ""
    assert done.returncode != 0


def test_that_l4_a_variable_of_somebody_else_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ("", "words", "987654"):
        monkeypatch.setenv(LIFE, said)
        end_with_parent()


def test_that_l4_a_program_that_is_not_there_leaves_no_descriptor() -> None:
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self").exists() else 0
    for _ in range(5):
        with pytest.raises(OSError, match="no-such-program"):
            start_child(["/no-such-program"])
    after = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self").exists() else 0
    assert after <= before
