"""The files and sessions that were opened last, the newest first."""

from __future__ import annotations

import json
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.alone import alone
from mlipviewer.io.files import MEGABYTE, read_bytes, write_text
from mlipviewer.session.saving.recovery import recovery_folder
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.settings.values import load_settings

MOST_SESSIONS = 10


def _place() -> Path:
    return recovery_folder().parent / "recent.json"


def recent() -> list[str]:
    """Paths; sessions first. Some may be gone meanwhile."""
    try:
        found = json.loads(read_bytes(_place(), MEGABYTE))
    except (ReadProblem, OSError, ValueError, RecursionError):
        return []
    paths = [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
    return [p for p in paths if _is_session(p)] + [p for p in paths if not _is_session(p)]


def add_recent(path: str) -> None:
    """It was opened, saved or closed just now. Raises OSError."""
    most = load_settings().number("general.recent")
    _place().parent.mkdir(parents=True, exist_ok=True)
    with alone(_place()):
        paths = [path, *(one for one in recent() if one != path)]
        sessions = [one for one in paths if _is_session(one)][:MOST_SESSIONS]
        files = [one for one in paths if not _is_session(one)][:most]
        write_text(_place(), json.dumps([*sessions, *files], indent=0))


def forget_recent() -> None:
    """Raises OSError."""
    _place().unlink(missing_ok=True)


def _is_session(path: str) -> bool:
    return path.lower().endswith(SUFFIX)
