"""What the user said of trajectories, kept from one start to the next: by the path of the file."""

from __future__ import annotations

import json
from pathlib import Path

from mlipviewer.io.alone import alone
from mlipviewer.io.files import MEGABYTE, write_text
from mlipviewer.io.small_json import texts_of
from mlipviewer.session.settings.settings_file import settings_path

MOST = 500


def _place() -> Path:
    return settings_path().parent / "trajectories.json"


def _kept() -> dict[str, str]:
    return texts_of(_place(), 4 * MEGABYTE)


def recall(path: str) -> str:
    """The choices about a file as text; '' where none were made."""
    return _kept().get(path, "")


def remember(path: str, choices: str) -> None:
    """Keep the choices about a file, '' to forget them; the oldest are forgotten beyond MOST.
    Raises OSError."""
    if recall(path) == choices == "":
        return
    _place().parent.mkdir(parents=True, exist_ok=True)
    with alone(_place()):
        kept = _kept()
        kept.pop(path, "")
        if choices:
            kept[path] = choices
        few = dict(list(kept.items())[-MOST:])
        write_text(_place(), json.dumps(few, indent=1))
