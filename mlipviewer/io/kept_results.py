"""What was computed of frames, kept in the user's cache: disposable, verified, in one step.

A folder for each question (file, computation, parameters), a zip of arrays for each frame. Any
doubt about one - absent, cut, a wrong checksum, another question - means that there is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.core.computation import Computed
from mlipviewer.io.cache import cache_folder
from mlipviewer.io.files import write_bytes

LARGEST = 4 << 30
"""All kept results together; the folders that were used least recently go first."""

_VALUES, _QUESTION = "values", "question"
_DAMAGE = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError)


class KeptResults:
    """The results of one question, by number of the frame in its file."""

    def __init__(self, question: str) -> None:
        self._question = question
        digest = sha256(question.encode(errors="surrogateescape")).hexdigest()
        self._name = f"results/{digest[:32]}"

    def load(self, frame: int) -> Computed | None:
        """What is kept of a frame, or None. Raises nothing."""
        path: Path | None = None
        try:
            path = cache_folder(self._name) / f"{frame}.npz"
            if not path.exists():
                return None
            return self._unpacked(path)
        except _DAMAGE:
            if path is not None:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            return None

    def _unpacked(self, path: Path) -> Computed:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            if str(kept[_QUESTION]) != self._question:
                raise ValueError("another question")
            names = [name for name in kept.files if name.startswith("c:")]
            columns = {name.removeprefix("c:"): kept[name] for name in names}
            told = json.loads(str(kept[_VALUES]))
            if not isinstance(told, list):
                raise ValueError("kept by an earlier version")
            values, *named = told
            classes = [{name: tuple(words) for name, words in one.items()} for one in named]
            return Computed(columns, values, *classes)

    def save(self, frame: int, found: Computed) -> bool:
        """Keep what was found of a frame; whether that went well. Raises nothing."""
        packed, told = BytesIO(), (found.values, found.classes, found.colours)
        arrays: dict[str, Any] = {f"c:{name}": array for name, array in found.columns.items()}
        try:
            arrays |= {
                _VALUES: np.array(json.dumps([dict(one) for one in told])),
                _QUESTION: np.array(self._question),
            }
            np.savez(packed, **arrays)
            write_bytes(cache_folder(self._name) / f"{frame}.npz", packed.getvalue())
        except _DAMAGE:
            return False
        return True

    def used(self) -> None:
        """Say that this question was asked now, and let go of what was not for longest."""
        with contextlib.suppress(OSError):
            folder = cache_folder(self._name)
            os.utime(folder)
            _sweep(folder.parent, folder)


def _sweep(parent: Path, kept: Path) -> None:
    found = []
    for folder in parent.iterdir():
        with contextlib.suppress(OSError):
            size = sum(path.stat().st_size for path in folder.iterdir())
            found.append((folder != kept, -folder.stat().st_mtime, size, folder))
    room = LARGEST
    for other, _, size, folder in sorted(found):
        room -= size
        if room < 0 and other:
            shutil.rmtree(folder, ignore_errors=True)
