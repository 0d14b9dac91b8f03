"""Threads that work behind the window's."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NICEST = 19  # that Linux knows
NICENESS = 5
"""By so much a thread steps back on Linux. Where all cores are busy it then gets a third of what
the window's thread gets, which answers sooner; where a core is free it is as quick as before. Much
more would make the window wait for Python's lock, held by a thread that gets no processor."""


def step_back() -> None:
    """Let the window's thread go before this one and before the threads that it starts, however
    nice the program was started. Elsewhere than on Linux a thread cannot do so by itself, and
    nothing happens; nor where the system says no."""
    if sys.platform == "linux":
        of_window = os.getpriority(os.PRIO_PROCESS, os.getpid())
        with suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, min(of_window + NICENESS, NICEST))
