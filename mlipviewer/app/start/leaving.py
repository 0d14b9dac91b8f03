"""The end of the program: soon, whatever its threads still do."""

from __future__ import annotations

import os
import threading
import time

SECONDS = 2.0


def leave_soon(code: int, seconds: float = SECONDS) -> None:
    """End the process after that time at the latest: Python waits for threads that compute, and one
    within a long call would keep a program without a window. What was to be kept is kept by now."""

    def end() -> None:
        time.sleep(seconds)
        os._exit(code)

    threading.Thread(target=end, name="leave", daemon=True).start()
