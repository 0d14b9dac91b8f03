"""Which processes run: by their number on this computer, or by a name that no other ever has."""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from pathlib import Path

DAY = 86400.0


def own_name() -> str:
    """This process, by its number, when it began (numbers are given again) and its computer (homes
    are shared by several). It has no `-` after the first, so that more may follow one."""
    return f"{os.getpid()}-{_begun(os.getpid())}@{_computer()}"


def is_alive(name: str, heard: float) -> bool:
    """Whether the process runs whose `own_name` this begins with. Of one on another computer nobody
    can say: it is taken to run until a day after it was heard of, `heard` seconds since 1970."""
    who, _, where = name.partition("@")
    where = where.partition("-")[0]
    number, begun = (*who.split("-"), "")[:2]
    if not number.isdecimal():
        return False
    if where not in ("", _computer()):
        return time.time() - heard < DAY
    return _begun(int(number)) == begun != ""


def runs(number: int) -> bool:
    """Whether a process of this number runs on this computer; one that only waits for its parent to
    hear that it ended does not."""
    if sys.platform == "win32":
        return _runs_on_windows(number)
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return _about(number)[:1] != ["Z"]


def _computer() -> str:
    return re.sub(r"\W", "_", platform.node(), flags=re.ASCII)[:60]


def _begun(number: int) -> str:
    """When a process began, in words of the system; '' where there is no such process."""
    if about := _about(number):
        return about[19]
    if Path("/proc/self/stat").exists():
        return ""
    return "there" if runs(number) else ""


def _about(number: int) -> list[str]:
    """What Linux says of a process, after its name; nothing where it says nothing."""
    try:
        said = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return said.rpartition(")")[2].split()


def _runs_on_windows(number: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 (only there on Windows)
    handle = kernel.OpenProcess(0x1000, False, number)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259  # still active
