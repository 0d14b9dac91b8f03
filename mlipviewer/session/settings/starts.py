"""How earlier starts of the window went: after two that failed safe mode is offered.

A start that was never heard of again has failed. What is known of the graphics is kept here too,
and forgotten with the first failure.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mlipviewer.io.files import MEGABYTE, read_bytes, write_text
from mlipviewer.session.settings.places import state_folder

TOO_MANY = 2


@dataclass(frozen=True)
class Starts:
    """`failed` starts in a row; `graphics`: where OpenGL was seen to work ('' for nowhere)."""

    failed: int = 0
    graphics: str = ""

    @property
    def offers_safe_mode(self) -> bool:
        return self.failed >= TOO_MANY


def starts_path() -> Path:
    return state_folder() / "starts.json"


def load_starts() -> Starts:
    """What is known; nothing where the file is not there or not readable."""
    from mlipviewer.core.problem import ReadProblem

    try:
        found = json.loads(read_bytes(starts_path(), MEGABYTE))
        return Starts(max(int(found["failed"]), 0), str(found["graphics"]))
    except (ReadProblem, OSError, ValueError, KeyError, TypeError, RecursionError):
        return Starts()


def save_starts(starts: Starts) -> None:
    """Raises OSError."""
    starts_path().parent.mkdir(parents=True, exist_ok=True)
    write_text(starts_path(), json.dumps(asdict(starts)))


def begin_start(starts: Starts) -> None:
    """It counts as failed until `start_went_well` is called. Raises OSError."""
    graphics = starts.graphics if starts.failed == 0 else ""
    save_starts(Starts(starts.failed + 1, graphics))


def start_went_well(graphics: str = "") -> None:
    """The window is there and answers; OpenGL works in `graphics`. Raises OSError."""
    save_starts(Starts(0, graphics))
