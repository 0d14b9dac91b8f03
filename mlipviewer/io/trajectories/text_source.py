"""A trajectory in a text file, frame by frame, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import ByteStore
from mlipviewer.io.trajectories.frame_index import HEAD, LONGEST_HEADER, index_frames
from mlipviewer.io.trajectories.layout import (
    Block,
    Damaged,
    Layout,
    MoreNeeded,
    counted,
)

CHECKED_AT_ONCE = 16 << 20
"""So many bytes are parsed when a file is opened, to leave damaged frames out of the count. Damage
further on is found when its frame is read: that frame says it is not complete."""


class TextSource:
    """The frames of a text file behind the FrameSource protocol."""

    def __init__(self, store: ByteStore, layout: Layout, progress: Progress | None = None) -> None:
        self._store, self._layout = store, layout
        index, notes, suspect = index_frames(store, layout, progress)
        self._index = index
        self._notes = [*store.notes, *notes]
        self._unfinished = -1
        dropped = self._check(progress)
        self._index = index.without(dropped) if dropped else index
        if suspect is not None:
            self._judge(suspect)
        if not len(self._index):
            raise self._nothing()
        self._notes.sort(key=lambda note: note.place.line or 0)
        self.notes = counted(self._notes)

    @property
    def path(self) -> str:
        return self._store.path

    @property
    def format(self) -> str:
        return self._layout.name

    @property
    def n_frames(self) -> int:
        return len(self._index)

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        block = self._block(index)
        frame = self._parsed(block, index)
        return replace(frame, complete=False) if index == self._unfinished else frame

    def info(self, index: int) -> Mapping[str, Any]:
        """The values of frame `index`, from its header alone. Raises IndexError, ReadProblem."""
        block = self._block(index)
        size = HEAD
        while True:
            text = self._store.read(block.start, min(size, block.end - block.start))
            try:
                return self._layout.info(text)
            except Damaged as damage:
                raise self._problem(damage, block) from damage
            except MoreNeeded:
                if size > LONGEST_HEADER:
                    raise self._problem(Damaged("the header never ends"), block) from None
            size *= 8

    def _block(self, index: int) -> Block:
        if not 0 <= index < len(self._index):
            raise IndexError(f"frame {index} of {len(self._index)}")
        return self._index[index]

    def _parsed(self, block: Block, index: int) -> Frame:
        text = self._store.read(block.start, block.end - block.start)
        if len(text) < block.end - block.start:
            raise ReadProblem("the file was shortened while it was open", self.path, block.number)
        try:
            return self._layout.parse(text, block, index)
        except (Damaged, MoreNeeded) as damage:
            raise self._problem(damage, block) from damage

    def _problem(self, damage: Exception, block: Block) -> ReadProblem:
        if isinstance(damage, Damaged):
            return ReadProblem(damage.reason, self.path, block.number, block.line + damage.line)
        return ReadProblem("the frame ends in its header", self.path, block.number, block.line)

    def _check(self, progress: Progress | None) -> set[int]:
        """Parse the first frames; the positions of those to be left out."""
        dropped: set[int] = set()
        first = self._index[0].start if len(self._index) else 0
        for index, block in enumerate(self._index):
            if block.end - first > CHECKED_AT_ONCE:
                break
            if not self._passes(block, index):
                dropped.add(index)
            if progress is not None:
                progress.step(block.end, self._store.size)
        return dropped

    def _passes(self, block: Block, index: int) -> bool:
        try:
            frame = self._parsed(block, index)
        except ReadProblem as problem:
            self._notes.append(
                Note(f"{problem.reason}; this frame is left out", problem.place, True)
            )
            return False
        if frame.complete:
            self._notes.extend(frame.notes)
            return True
        damage = frame.notes[-1]
        self._notes.append(Note(f"{damage.text}; this frame is left out", damage.place, True))
        return False

    def _judge(self, suspect: Block) -> None:
        """A last frame without a last newline: good where its last number is as long as the others
        of its column, shown alone where it is all there is, else left out."""
        place = Place(self.path, suspect.number, suspect.line)
        try:
            text = self._store.read(suspect.start, suspect.end - suspect.start)
            whole = self._parsed(suspect, len(self._index)).complete
        except ReadProblem as problem:
            self._notes.append(
                Note(f"{problem.reason}; this frame is left out", problem.place, True)
            )
            return
        what = "the last line has no newline, so its last value may be cut"
        if whole and ends_alike(text, suspect.n_atoms):
            self._index.append(suspect)
        elif whole and not len(self._index):
            self._unfinished = len(self._index)
            self._index.append(suspect)
            self._notes.append(Note(what, place, True))
        else:
            self._notes.append(Note(f"{what}; this frame is left out", place, True))

    def _nothing(self) -> ReadProblem:
        losses = (note for note in self._notes if note.loss)
        first = next(losses, Note("is empty so far"))
        place = first.place
        return ReadProblem(f"no usable frame: {first.text}", self.path, place.frame, place.line)


def ends_alike(text: bytes, n_rows: int) -> bool:
    """Whether the last number is surely whole: its column is printed with fixed decimals.

    That is so where all numbers of the column have equally many decimals (and digits of exponent)
    and a zero ends one of them, which formats of variable length would have left away.
    """
    rows = text.split(b"\n")[-n_rows:]
    tokens = [row.split()[-1] for row in rows if row.split()]
    shapes = {_shape(token) for token in tokens}
    if len(tokens) < 2 or len(shapes) != 1 or None in shapes:
        return False
    return any(_decimals(token).endswith(b"0") for token in tokens[:-1])


def _shape(token: bytes) -> tuple[int, int] | None:
    """Lengths of decimals and exponent of a number with 3 decimals or more; None for all else."""
    decimals = _decimals(token)
    exponent = token.lower().partition(b"e")[2]
    return (len(decimals), len(exponent)) if len(decimals) >= 3 else None


def _decimals(token: bytes) -> bytes:
    return token.lower().partition(b"e")[0].partition(b".")[2]
