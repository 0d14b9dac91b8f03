"""A file that several programs and threads change: one after the other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WAIT_S, STALE_S = 2.0, 10.0


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other program and no other thread writes this file; a lock that was left behind is
    broken after a while. The folder is there. Raises OSError."""
    lock = path.with_name(f"{path.name}.lock")
    end = time.monotonic() + WAIT_S
    ours = _locked(lock)
    while not ours and time.monotonic() < end:
        with suppress(OSError):
            if time.time() - lock.stat().st_mtime > STALE_S:
                lock.unlink()
        time.sleep(0.01)
        ours = _locked(lock)
    try:
        yield
    finally:
        if ours:  # never the lock of another program
            lock.unlink(missing_ok=True)


def _locked(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True
