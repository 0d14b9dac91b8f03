"""Room on a disk: how much is free, and what a crash left there."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

TEMPORARY_PREFIX = ".mlipviewer-"  # swept after a crash by this prefix
DAY = 86400.0
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OURS = re.compile(rf"{re.escape(TEMPORARY_PREFIX)}(?:[a-z0-9_]{{8}}|\d+(?:\.\w+)?)")
_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


class NoRoom(OSError):
    """A disk is full: the sentence says how much is needed and how much is free."""

    def __str__(self) -> str:
        return str(self.strerror)


def size_words(n_bytes: float) -> str:
    """`12 MB`."""
    for unit, name in _UNITS:
        if n_bytes >= unit:
            return f"{n_bytes / unit:.3g} {name}"
    return f"{n_bytes:.0f} bytes"


def free_bytes(folder: Path) -> int | None:
    """What is free where a folder lies, or will lie; None where the system does not tell."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def no_room(code: int, needed: int, folder: Path, at_least: bool = False) -> NoRoom:
    """The error to raise where `needed` bytes did not fit into a folder."""
    wanted = f"{'more than ' if at_least else ''}{size_words(needed)}"
    if code == errno.EFBIG:
        return NoRoom(code, f"files here may not have {wanted}: a limit of the system")
    free = free_bytes(folder)
    if code == errno.EDQUOT:
        return NoRoom(code, f"{wanted} are needed, and your share of the disk is used up")
    told = "how much is free is not known" if free is None else f"{size_words(free)} are free"
    return NoRoom(code, f"the disk is full: {wanted} are needed and {told} in {folder}")


def check_room(path: Path, needed: int) -> None:
    """Raises NoRoom where a file of about that size will not fit."""
    free = free_bytes(path.absolute().parent)
    if free is not None and free < needed:
        raise no_room(errno.ENOSPC, needed, path.absolute().parent)


def is_temporary(name: str) -> bool:
    """Whether a file is one that this program is writing, or that a crash left."""
    return _OURS.fullmatch(name) is not None


def sweep(folder: Path) -> None:
    """Temporary files of this program and user that a crash left in a folder go after a day.

    Raises nothing. Files alone: no folder, no link, nothing that another user has made."""
    with suppress(OSError):
        for path in folder.iterdir():
            if is_temporary(path.name):
                with suppress(OSError):
                    _sweep_one(path)


def _sweep_one(path: Path) -> None:
    about = path.lstat()
    own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    if own and stat.S_ISREG(about.st_mode) and time.time() - about.st_mtime > DAY:
        path.unlink(missing_ok=True)
