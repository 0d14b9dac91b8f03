"""The files and sessions that were opened last, the newest first; those that are kept on top."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from mlipviewer.io.alone import alone
from mlipviewer.io.files import write_text
from mlipviewer.io.small_json import strings_of
from mlipviewer.session.saving.recovery import recovery_folder
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.settings.values import load_settings

MOST_SESSIONS = 10
MOST_PINNED = 20
RECENT, PINNED = "recent.json", "pinned.json"


def _place(name: str = RECENT) -> Path:
    return recovery_folder().parent / name


def _kept(name: str) -> list[str]:
    return strings_of(_place(name))


def _write(name: str, paths: Iterable[str]) -> None:
    write_text(_place(name), json.dumps(list(paths), indent=0))


def pinned() -> list[str]:
    """Paths that stay on top until they are let go, the first one first."""
    return _kept(PINNED)


def recent() -> list[str]:
    """Paths: those kept on top, then sessions, then files. Some may be gone meanwhile."""
    first = pinned()
    paths = [one for one in _kept(RECENT) if one not in first]
    return [
        *first,
        *(one for one in paths if _is_session(one)),
        *(one for one in paths if not _is_session(one)),
    ]


def add_recent(path: str) -> None:
    """It was opened, saved or closed just now. Raises OSError."""
    most = load_settings().number("general.recent")
    with _alone():
        first = pinned()
        paths = [path, *(one for one in _kept(RECENT) if one != path)]
        others = [one for one in paths if one not in first]
        sessions = [one for one in others if _is_session(one)][:MOST_SESSIONS]
        files = [one for one in others if not _is_session(one)][:most]
        kept = [one for one in paths if one in first]  # their order is known when they are let go
        _write(RECENT, [*kept, *sessions, *files])


def pin(path: str, on: bool) -> None:
    """Keep a path on top, or let it go among the others. Raises OSError."""
    with _alone():
        first = [one for one in pinned() if one != path]
        _write(RECENT, [path, *(one for one in _kept(RECENT) if one != path)])
        _write(PINNED, [*first, path][-MOST_PINNED:] if on else first)


def forget_recent() -> None:
    """All but those kept on top. Raises OSError."""
    with _alone():
        _place().unlink(missing_ok=True)


def _alone() -> AbstractContextManager[None]:
    """No other window or program changes the list meanwhile."""
    _place().parent.mkdir(parents=True, exist_ok=True)
    return alone(_place())


def _is_session(path: str) -> bool:
    return path.lower().endswith(SUFFIX)
