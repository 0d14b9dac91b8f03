"""Which window has which session file open: the second one to open it may only save elsewhere."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.alone import alone
from mlipviewer.io.files import MEGABYTE, read_bytes, write_text
from mlipviewer.io.processes import is_alive, own_name
from mlipviewer.session.saving.recovery import recovery_folder


def _lock_of(path: Path) -> Path:
    name = sha256(str(path.resolve()).encode(errors="replace")).hexdigest()[:32]
    return recovery_folder() / f"{name}.lock"


def take(path: Path, window: int = 0) -> bool:
    """Whether the session file is that of this window from now on; not where another one has it, of
    this process or of one that runs. Raises OSError."""
    lock, who = _lock_of(path), _name(window)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with alone(lock):
        holder = _holder(lock)
        if holder and holder != who and is_alive(holder, lock.stat().st_mtime):
            return False
        write_text(lock, who)
    return True


def release(path: Path, window: int = 0) -> None:
    lock = _lock_of(path)
    if _holder(lock) == _name(window):
        lock.unlink(missing_ok=True)


def _name(window: int) -> str:
    return f"{own_name()}-{window}"


def _holder(lock: Path) -> str:
    try:
        return read_bytes(lock, MEGABYTE).decode(errors="replace").strip()
    except (ReadProblem, OSError):
        return ""
