"""A file that several programs and threads change: one after the other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mlipviewer.io.processes import is_alive, own_name

WAIT_S, STALE_S = 2.0, 10.0


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other program and no other thread writes this file; the lock of a program that died
    is broken at once, any other after a while. The folder is there. Raises OSError."""
    lock = path.with_name(f"{path.name}.lock")
    end = time.monotonic() + WAIT_S
    ours = _locked(lock)
    while not ours and time.monotonic() < end:
        if not _left(lock):
            time.sleep(0.01)
        ours = _locked(lock)
    try:
        yield
    finally:
        if ours:  # never the lock of another program
            _unlock(lock)


def _unlock(lock: Path) -> None:
    try:
        lock.unlink(missing_ok=True)
    except PermissionError:  # Windows, while another program looks whose it is
        time.sleep(0.05)
        lock.unlink(missing_ok=True)


def _locked(lock: Path) -> bool:
    try:
        opened = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        return False
    try:
        with suppress(OSError):  # of a full disk: it locks all the same
            os.write(opened, own_name().encode())
    finally:
        os.close(opened)
    return True


def _left(lock: Path) -> bool:
    """Whether a lock was there that its program left behind: it is broken."""
    with suppress(OSError):
        whose, since = lock.read_text(encoding="utf-8", errors="replace"), lock.stat().st_mtime
        died = bool(whose) and not is_alive(whose, since)
        if died or time.time() - since > STALE_S:
            lock.unlink()
            return True
    return False
