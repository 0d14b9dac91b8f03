"""In which folder each kind of file dialog was used last, in any window and start."""

from __future__ import annotations

import json
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.alone import alone
from mlipviewer.io.files import MEGABYTE, read_bytes, write_text
from mlipviewer.session.settings.places import state_folder


def _place() -> Path:
    return state_folder() / "folders.json"


def _kept() -> dict[str, str]:
    try:
        found = json.loads(read_bytes(_place(), MEGABYTE))
    except (ReadProblem, OSError, ValueError, RecursionError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {kind: folder for kind, folder in pairs if isinstance(folder, str)}


def folder_of(kind: str) -> str:
    """The folder that was used last for a kind of dialog; '' where none was, or it is gone."""
    folder = _kept().get(kind, "")
    try:
        return folder if folder and Path(folder).is_dir() else ""
    except (OSError, ValueError):
        return ""


def keep_folder(kind: str, folder: str) -> None:
    """Raises OSError."""
    if _kept().get(kind) == folder:
        return
    _place().parent.mkdir(parents=True, exist_ok=True)
    with alone(_place()):
        write_text(_place(), json.dumps({**_kept(), kind: folder}, indent=0))
