"""What this user has been shown once: the tour, the news of a version."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from mlipviewer.io.alone import alone
from mlipviewer.io.files import write_text
from mlipviewer.io.small_json import strings_of
from mlipviewer.session.saving.recovery import recovery_folder


def seen() -> frozenset[str]:
    """The names of what was shown; nothing where that cannot be told."""
    return frozenset(strings_of(_place()))


def mark_seen(name: str) -> None:
    """It was shown; where that cannot be kept, it is shown again."""
    with suppress(OSError):
        _place().parent.mkdir(parents=True, exist_ok=True)
        with alone(_place()):
            write_text(_place(), json.dumps(sorted({*seen(), name})))


def _place() -> Path:
    return recovery_folder().parent / "seen.json"
