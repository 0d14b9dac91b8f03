"""Frames that were read to check them when their file was opened: not read a second time."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from typing import Any

from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.layout import Block

MOST_TEXT = 32 << 20
"""Frames of so many bytes of text are held, of all open files together."""


class CheckedFrames:
    """Frames until they are taken, each once; where they become too many, the oldest go.

    Whoever wants a frame again keeps it: this is no cache. `known` is what the frame was read by
    beside its own text; it is given back only where that is still so.
    """

    def __init__(self, most_text: int = MOST_TEXT) -> None:
        self._most, self._text = most_text, 0
        self._frames: OrderedDict[tuple[int, int], tuple[Frame, Any, int]] = OrderedDict()
        self._owners = set[int]()
        self._lock = threading.RLock()  # a source may be collected at any time, also in here

    def put(self, owner: object, block: Block, frame: Frame, known: Any) -> None:
        with self._lock:
            self._watch(owner)
            self._drop((id(owner), block.start))
            self._frames[id(owner), block.start] = (frame, known, block.end - block.start)
            self._text += block.end - block.start
            while self._text > self._most:
                self._drop(next(iter(self._frames)))

    def take(self, owner: object, block: Block, known: Any) -> Frame | None:
        """The frame of this block, if it is still here and as long as it was."""
        with self._lock:
            frame, by, size = self._drop((id(owner), block.start)) or (None, None, 0)
            return frame if by == known and size == block.end - block.start else None

    def forget(self, owner: object) -> None:
        """Drop all frames of this source."""
        self._forget(id(owner))

    def _watch(self, owner: object) -> None:
        """Its frames go with their source: another may get its id."""
        if id(owner) not in self._owners:
            self._owners.add(id(owner))
            weakref.finalize(owner, self._gone, id(owner)).atexit = False

    def _gone(self, owner: int) -> None:
        with self._lock:
            self._owners.discard(owner)
            self._forget(owner)

    def _forget(self, owner: int) -> None:
        with self._lock:
            for key in [key for key in self._frames if key[0] == owner]:
                self._drop(key)

    def _drop(self, key: tuple[int, int]) -> tuple[Frame, Any, int] | None:
        found = self._frames.pop(key, None)
        if found is not None:
            self._text -= found[2]
        return found


checked_frames = CheckedFrames()
