"""How much memory this computer has."""

from __future__ import annotations

import os
import sys

UNKNOWN_RAM = 4096 * 2**20


def ram_bytes() -> int:
    """The memory of this computer."""
    if sys.platform == "win32":
        return _ram_of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return UNKNOWN_RAM


def _ram_of_windows() -> int:
    import ctypes

    names = ("total", "free", "page", "freepage", "virtual", "freevirtual", "extended")

    class MemoryStatus(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in names),
        )

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 (only there on Windows)
    done = kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total) if done else UNKNOWN_RAM
