"""In which folder each kind of file dialog was used last, in any window and start."""

from __future__ import annotations

import json
from pathlib import Path

from mlipviewer.io.alone import alone
from mlipviewer.io.files import write_text
from mlipviewer.io.small_json import texts_of
from mlipviewer.session.settings.places import state_folder


def _place() -> Path:
    return state_folder() / "folders.json"


def folder_of(kind: str) -> str:
    """The folder that was used last for a kind of dialog; '' where none was, or it is gone."""
    folder = texts_of(_place()).get(kind, "")
    try:
        return folder if folder and Path(folder).is_dir() else ""
    except (OSError, ValueError):
        return ""


def keep_folder(kind: str, folder: str) -> None:
    """Raises OSError."""
    if texts_of(_place()).get(kind) == folder:
        return
    _place().parent.mkdir(parents=True, exist_ok=True)
    with alone(_place()):
        write_text(_place(), json.dumps({**texts_of(_place()), kind: folder}, indent=0))
