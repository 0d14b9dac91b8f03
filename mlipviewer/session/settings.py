"""What a user sets once for all windows: a small JSON file in the place for settings."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

log = logging.getLogger(__name__)

MB = 2**20
SHARE_OF_RAM = 8
LEAST_MB, MOST_MB = 128, 4096  # bounds of what is taken without being told
UNKNOWN_RAM = 4096 * MB


@dataclass(frozen=True)
class Settings:
    """`frame_memory_mb`: memory for frames that were read; 0: an eighth of the computer's.
    `unpack_gb`: to how much any compressed file may unpack; 0: what its size makes likely.
    `scores`: (name, weights, levels) of scores of one's own, as the score's parameters say them.
    `figure_look`: how the last figure was to look, as text."""

    frame_memory_mb: int = 0
    unpack_gb: int = 0
    scores: tuple[tuple[str, str, str], ...] = ()
    figure_look: str = ""

    @property
    def frame_bytes(self) -> int:
        if self.frame_memory_mb > 0:
            return self.frame_memory_mb * MB
        return min(max(ram_bytes() // SHARE_OF_RAM, LEAST_MB * MB), MOST_MB * MB)


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


def settings_path() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir("mlipviewer", appauthor=False)) / "settings.json"


def load_settings(path: Path | None = None) -> Settings:
    """The settings of this user; the usual ones where the file is not there or not readable."""
    path = path or settings_path()
    try:
        found = json.loads(path.read_text("utf-8"))
        memory, unpacked = int(found["frame_memory_mb"]), int(found.get("unpack_gb", 0))
        scores = tuple((str(n), str(w), str(v)) for n, w, v in found.get("scores", ()))
        look = str(found.get("figure_look", ""))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("%s is not readable; the usual settings are used", path)
        return Settings()
    return Settings(max(memory, 0), max(unpacked, 0), scores, look)


def heed_unpack_limit(settings: Settings) -> None:
    """Let readers, in worker processes too, unpack as much as was set, or as usual."""
    from mlipviewer.io.files import RAISED_CAP

    if settings.unpack_gb:
        os.environ[RAISED_CAP] = str(settings.unpack_gb)
    else:
        os.environ.pop(RAISED_CAP, None)


def heed_settings_at_start() -> None:
    """What was set in earlier windows; the environment of this start goes before it."""
    from mlipviewer.io.files import RAISED_CAP

    if RAISED_CAP not in os.environ:
        heed_unpack_limit(load_settings())


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the settings. Raises OSError."""
    from mlipviewer.io.files import write_bytes

    path = path or settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, json.dumps(asdict(settings), indent=1).encode())
