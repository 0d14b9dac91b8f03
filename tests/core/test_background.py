"""Threads behind the window's step back, from wherever the program was put."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import NoReturn

import pytest

from mlipviewer.core.background import NICENESS, NICEST, step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads step back on Linux alone")

CHILD = """
import os, sys, threading
from mlipviewer.core.background import step_back
os.nice(int(sys.argv[1]))

def work(depth):
    step_back()
    print(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    if depth:
        inner = threading.Thread(target=work, args=(depth - 1,))
        inner.start()
        inner.join()

outer = threading.Thread(target=work, args=(1,))
outer.start()
outer.join()
print(os.getpriority(os.PRIO_PROCESS, os.getpid()))
"""


@pytest.mark.parametrize("more", [0, 10, 17])
def test_that_threads_step_back_behind_the_window_s(more: int) -> None:
    own = os.getpriority(os.PRIO_PROCESS, os.getpid())
    child = [sys.executable, "-c", CHILD, str(more)]
    told = subprocess.run(child, capture_output=True, text=True, timeout=60, check=True).stdout
    of_window = min(own + more, NICEST)
    behind = min(of_window + NICENESS, NICEST)
    assert [int(word) for word in told.split()] == [behind, behind, of_window]


def test_that_work_goes_on_where_the_system_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_about: int) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "setpriority", no)
    done: list[bool] = []
    worker = threading.Thread(target=lambda: (step_back(), done.append(True)))
    worker.start()
    worker.join()
    assert done == [True]
