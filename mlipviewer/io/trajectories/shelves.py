"""Memory for much text that comes in pieces: large pages, which cost little to get."""

from __future__ import annotations

import numpy as np

SHELF = 16 << 20
"""So many bytes are taken at once. Numpy asks for large pages from 4 MB on: memory that comes page
by page costs half as much time as unpacking what is put there."""


class Shelves:
    """Copies pieces of text to where they stay; a shelf goes when no piece of it is held."""

    def __init__(self, size: int = SHELF) -> None:
        self._size, self._seen = size, 0
        self._free = memoryview(b"")

    def put(self, text: bytes) -> memoryview | bytes:
        """The same text, to be held instead: its own bytes as long as there are few."""
        self._seen += len(text)
        if self._seen < self._size // 4 or len(text) > self._size:
            return text
        if len(self._free) < len(text):
            self._free = memoryview(np.empty(self._size, np.uint8))  # type: ignore[arg-type]
        place, self._free = self._free[: len(text)], self._free[len(text) :]
        place[:] = text
        return place.toreadonly()
