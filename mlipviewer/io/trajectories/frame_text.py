"""The text of one frame: its head at hand, its rows read when they are scanned."""

from __future__ import annotations

from mlipviewer.io.trajectories.bytestore import ByteStore, MemoryBytes

HEAD = 32 << 10
LONGEST_LINE = 1 << 16
"""So much of a line is looked at."""


class FrameText:
    """Bytes [start, start + size) of a store; offsets count from `start`.

    `head` are the first bytes: all of a short frame, else as many as were asked for. The rows of a
    large frame are never in memory at once: `read_into` reads them a piece at a time.
    """

    def __init__(self, store: ByteStore, start: int, size: int, head: int = HEAD) -> None:
        self._store, self._start = store, start
        self.size = size
        self.head = store.read(start, min(head, size))
        self.short = len(self.head) < min(head, size)

    @classmethod
    def of(cls, text: bytes) -> FrameText:
        """Of a text that is in memory."""
        return cls(MemoryBytes("", text), 0, len(text), len(text))

    @property
    def whole(self) -> bool:
        """Whether `head` is all there is."""
        return len(self.head) >= self.size

    def longer(self) -> FrameText:
        """The same with more of it at hand."""
        return FrameText(self._store, self._start, self.size, 8 * len(self.head))

    def part(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`. Raises ReadProblem."""
        size = max(0, min(size, self.size - offset))
        if offset + size <= len(self.head):
            return self.head[offset : offset + size]
        return self._store.read(self._start + offset, size)

    def line(self, offset: int) -> bytes:
        """The line that begins at `offset`, without its newline; at most LONGEST_LINE of it."""
        end = self.head.find(b"\n", offset)
        return self.head[offset:end] if end >= 0 else self._far_line(offset)

    def _far_line(self, offset: int) -> bytes:
        return self.part(offset, LONGEST_LINE).split(b"\n", 1)[0]

    def read_into(self, offset: int, target: memoryview) -> int:
        """Fill `target` from `offset` on; how many bytes there were. Raises ReadProblem.

        `short` remembers that the file had fewer bytes than the frame.
        """
        size = max(0, min(len(target), self.size - offset))
        n = self._store.read_into(self._start + offset, target[:size])
        self.short = self.short or n < size
        return n
