"""What a text format must say about itself so that its frames can be found and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from mlipviewer.core.problem import Note
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.frame_text import FrameText


class Damaged(Exception):
    """This frame cannot be read. `line` counts from 0 at the frame's first line."""

    def __init__(self, reason: str, line: int = 0) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


class MoreNeeded(Exception):
    """The header goes on behind the bytes that were given."""


@dataclass(frozen=True, slots=True)
class Header:
    """The part of a frame before its atoms: `size` bytes in `n_lines` lines, then n_atoms rows.

    No row takes fewer than `row_bytes` bytes, newline included. Where only a part of the header is
    beyond doubt, another frame may begin behind `certain` bytes of it.
    """

    n_atoms: int
    size: int
    n_lines: int
    row_bytes: int
    details: Any = None
    certain: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A frame's place in the file: bytes [start, end); `line` and `number` count from 1."""

    start: int
    end: int
    line: int
    number: int
    n_atoms: int


class Layout(Protocol):
    """A text format of frames, one after the other: a header, then one row for each atom."""

    name: str

    @property
    def epoch(self) -> int:
        """Another number once something was learnt that makes earlier frames doubtful."""
        ...

    @property
    def known(self) -> Any:
        """What was learnt elsewhere in the file by which all frames are read."""
        ...

    def header(self, text: bytes, offset: int) -> Header:
        """The header at the beginning of `text`, which stands at `offset` in the file.

        Raises Damaged, and MoreNeeded where `text` stops too early.
        """
        ...

    def plausible(self, text: bytes, start: int) -> int:
        """Offset of the first line, at or after `start`, that may begin a frame; or -1."""
        ...

    def parse(self, text: FrameText, block: Block, index: int) -> Frame:
        """The frame in `text`; not `complete`, with notes, where damaged.

        Raises Damaged, ReadProblem, and MoreNeeded where the head is shorter than the header.
        """
        ...

    def info(self, text: bytes) -> Mapping[str, Any]:
        """The per-frame values in a header. Raises Damaged, MoreNeeded."""
        ...

    def remark(self, header: Header) -> str | None:
        """Something odd about the order of the frames, seen while they are indexed one by one."""
        ...

    def memory(self) -> Any:
        """What was learnt so far and holds for later frames, as JSON knows it."""
        ...

    def recall(self, memory: Any, read: Callable[[int, int], bytes]) -> None:
        """Know again what `memory()` gave (None: nothing), and forget what was learnt since.

        `read(offset, size)` gives bytes of the file. Raises Damaged, ReadProblem.
        """
        ...


def counted(notes: list[Note], most: int = 100) -> tuple[Note, ...]:
    """Each text once, at its first place, with how often it was said."""
    first: dict[str, Note] = {}
    times: dict[str, int] = {}
    for note in notes:
        first.setdefault(note.text, note)
        times[note.text] = times.get(note.text, 0) + 1
    shown = [
        note if times[text] == 1 else replace(note, text=f"{text} ({times[text]} times)")
        for text, note in first.items()
    ]
    if len(shown) <= most:
        return tuple(shown)
    return (*shown[:most], Note(f"{len(shown) - most} more notes", shown[0].place))
