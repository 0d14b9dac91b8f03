"""Which window has which session file open: the second one to open it may only save elsewhere."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.alone import alone
from mlipviewer.io.files import MEGABYTE, read_bytes, write_text
from mlipviewer.session.saving.recovery import is_alive, own_name, recovery_folder


def _lock_of(path: Path) -> Path:
    name = sha256(str(path.resolve()).encode(errors="replace")).hexdigest()[:32]
    return recovery_folder() / f"{name}.lock"


def take(path: Path) -> bool:
    """Whether the session file is ours from now on; not where another process has it. Raises
    OSError."""
    lock = _lock_of(path)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with alone(lock):
        holder = _holder(lock)
        if holder and holder != own_name() and is_alive(holder):
            return False
        write_text(lock, own_name())
    return True


def release(path: Path) -> None:
    lock = _lock_of(path)
    if _holder(lock) == own_name():
        lock.unlink(missing_ok=True)


def _holder(lock: Path) -> str:
    try:
        return read_bytes(lock, MEGABYTE).decode(errors="replace").strip()
    except (ReadProblem, OSError):
        return ""
