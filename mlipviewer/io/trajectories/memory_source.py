"""Frames that are all in memory: single structures and what another program has read for us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlipviewer.core.problem import Note
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.layout import counted


class MemorySource:
    """A FrameSource over a list of frames."""

    def __init__(
        self, path: str, format: str, frames: Sequence[Frame], notes: Sequence[Note] = ()
    ) -> None:
        self._path, self._format, self._frames = path, format, tuple(frames)
        self._file = _about(path)
        from_frames = [note for frame in self._frames for note in frame.notes]
        self._notes = counted([*notes, *from_frames])

    def is_there(self) -> bool:
        """Whether the file at its path is the one that was read."""
        return self._file is not None and _about(self._path) == self._file

    @property
    def path(self) -> str:
        return self._path

    @property
    def format(self) -> str:
        return self._format

    @property
    def n_frames(self) -> int:
        return len(self._frames)

    @property
    def notes(self) -> tuple[Note, ...]:
        return self._notes

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError."""
        if not 0 <= index < len(self._frames):
            raise IndexError(f"frame {index} of {len(self._frames)}")
        return self._frames[index]

    def info(self, index: int) -> Mapping[str, Any]:
        return self.frame(index).info


def _about(path: str) -> tuple[int, ...] | None:
    try:
        about = Path(path).stat()
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
