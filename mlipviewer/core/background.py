"""Threads that work behind the window's."""

from __future__ import annotations

import os
import sys
import threading

NICENESS = 5
"""By so much a thread steps back on Linux. Where all cores are busy it then gets a third of what
the window's thread gets, which answers sooner; where a core is free it is as quick as before. Much
more would make the window wait for Python's lock, held by a thread that gets no processor."""


def step_back() -> None:
    """Let the window's thread go before this one and before the threads that it starts. Elsewhere
    than on Linux a thread cannot do so by itself, and nothing happens."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
