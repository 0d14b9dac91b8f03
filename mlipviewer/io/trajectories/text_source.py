"""A trajectory in a text file, frame by frame, in any order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.bytestore import ByteStore, Change, FileBytes, refreshed
from mlipviewer.io.trajectories.checked_frames import checked_frames
from mlipviewer.io.trajectories.compressed import PackedBytes
from mlipviewer.io.trajectories.frame_index import (
    HEAD,
    LONGEST_HEADER,
    FrameIndex,
    Indexer,
    Mark,
)
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import (
    Block,
    Damaged,
    Layout,
    MoreNeeded,
    counted,
)
from mlipviewer.io.trajectories.side_index import Indexed, load_index, save_index

CHECKED_AT_ONCE = 16 << 20
"""So many bytes are parsed when a file is opened, to leave damaged frames out of the count. Damage
further on is found when its frame is read: that frame says it is not complete."""


PUBLISHED_EVERY = 0.2  # s

Told = Callable[[FrameSource], None]
"""Called with a source that can be used while it is still being indexed: its frames grow."""


class TextSource:
    """The frames of a text file behind the FrameSource protocol.

    With `told` the source is usable from its first frame on, in other threads, while this
    constructor still looks for the others; `refresh` finds the frames that were appended since.
    Raises ReadProblem where there is no frame, Cancelled.
    """

    def __init__(
        self,
        store: ByteStore,
        layout: Layout,
        progress: Progress | None = None,
        told: Told | None = None,
    ) -> None:
        self._store, self._layout = store, layout
        self._lock = threading.Lock()
        self._index, self._mark = FrameIndex(), Mark()
        self._found = list[Note]()
        self._unfinished = -1
        self._behind = False  # whether the file has grown and was not looked through
        self.notes = tuple[Note, ...]()
        if not self._restored():
            self._go_on(progress, told)
        if not len(self._index):
            raise self._nothing()
        if told is not None and isinstance(store, PackedBytes):
            told(self)
            store.keep_points(progress)  # nobody waits for it: all frames are out

    # -- finding the frames ----------------------------------------------------------------

    def _restored(self) -> bool:
        """Know what an earlier opening found; whether that was all."""
        kept = load_index(self._store, self._layout.name)
        if kept is None:
            return False
        indexed, whole = kept
        try:
            self._layout.recall(indexed.mark.memory, self._store.read)
        except (Damaged, MoreNeeded, ReadProblem, ValueError, TypeError):
            return False
        self._index, self._mark = indexed.index, indexed.mark
        self._found, self._unfinished = list(indexed.notes), indexed.unfinished
        self._tell_notes()
        return whole

    def _go_on(self, progress: Progress | None, told: Told | None) -> None:
        """Look for frames from the mark to the end of the file."""
        start = self._mark
        indexer = Indexer(self._store, self._layout, start, self._accepts)
        epoch = self._layout.epoch
        found = self._found[: start.n_notes]
        last, shown = time.monotonic(), start.n_frames
        for at in indexer.steps():
            if progress is not None:
                progress.step(*self._store.progress(at))
            waited = time.monotonic() - last > PUBLISHED_EVERY
            if len(indexer.index) and (waited or not self.n_frames):
                shown = self._publish(indexer, shown)
                last = time.monotonic()
                if told is not None:
                    told(self)
        self._unfinished = -1
        if indexer.suspect is not None:
            self._judge(indexer, indexer.suspect, shown + len(indexer.index))
        self._publish(indexer, shown)
        self._mark, self._found = indexer.mark, [*found, *indexer.notes]
        if self._layout.epoch != epoch:
            self._judge_again()
        self._tell_notes()
        state = Indexed(self._index, self._mark, tuple(self._found), self._unfinished)
        save_index(self._store, self._layout.name, state)

    def _publish(self, indexer: Indexer, shown: int) -> int:
        """Let other threads see the new frames in place of those behind the first `shown`."""
        new = indexer.taken()
        with self._lock:
            self._index.cut(shown)
            self._index.extend(new)
            return len(self._index)

    def _tell_notes(self) -> None:
        ordered = sorted([*self._store.notes, *self._found], key=lambda n: n.place.line or 0)
        self.notes = counted(ordered)

    @property
    def tail_notes(self) -> tuple[Note, ...]:
        """What was lost where the file ends today: it may be there tomorrow."""
        return tuple(note for note in self._found[self._mark.n_notes :] if note.loss)

    def refresh(self, progress: Progress | None = None, told: Told | None = None) -> Change:
        """What became of the file. Where it has grown, frames are appended. Raises Cancelled."""
        change = refreshed(self._store)
        if change is not Change.SAME:
            checked_frames.forget(self)
        if change is Change.GROWN or (self._behind and change is Change.SAME):
            self._behind = True  # until it went well: a disk may not answer for a while
            self._go_on(progress, told)
            self._behind = False
            return Change.GROWN
        return change

    def is_there(self) -> bool:
        """Whether the file at its path is the one that is read."""
        known = self._store.identity
        return known is not None and known.is_at(self.path)

    @property
    def path(self) -> str:
        return self._store.path

    @property
    def format(self) -> str:
        return self._layout.name

    @property
    def n_frames(self) -> int:
        """The frames found so far."""
        with self._lock:
            return len(self._index)

    def frame(self, index: int) -> Frame:
        """Frame `index`. Raises IndexError, ReadProblem."""
        block = self._block(index)
        frame = self._checked(block, index) or self._parsed(block, index)
        return replace(frame, complete=False) if index == self._unfinished else frame

    def _checked(self, block: Block, index: int) -> Frame | None:
        """The frame as it was read when it was checked, the first time that it is wanted."""
        if block.end > CHECKED_AT_ONCE:
            return None
        frame = checked_frames.take(self, block, self._layout.known)
        if frame is None or self._rewritten():
            return None  # reading tells what became of the file
        return frame if frame.index == index else replace(frame, index=index)

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
        with self._lock:
            if not 0 <= index < len(self._index):
                raise IndexError(f"frame {index} of {len(self._index)}")
            return self._index[index]

    def _parsed(self, block: Block, index: int) -> Frame:
        text = FrameText(self._store, block.start, block.end - block.start)
        while True:
            try:
                frame: Frame | Exception = self._layout.parse(text, block, index)
            except Damaged as damage:
                frame = self._problem(damage, block)
            except MoreNeeded as missing:
                if not text.whole and not text.short:
                    text = text.longer()
                    continue
                frame = self._problem(missing, block)
            break
        self._still_there(text, block)
        if isinstance(frame, Exception):
            raise frame
        return frame

    def _still_there(self, text: FrameText, block: Block) -> None:
        """Raises ReadProblem where the file changed while its frame was read."""
        if text.short:
            raise ReadProblem("the file was shortened while it was open", self.path, block.number)
        if self._rewritten():
            raise ReadProblem("the file was replaced while it was open; read it anew", self.path)

    def _rewritten(self) -> bool:
        return isinstance(self._store, FileBytes) and self._store.rewritten()

    def _problem(self, damage: Exception, block: Block) -> ReadProblem:
        if isinstance(damage, Damaged):
            return ReadProblem(damage.reason, self.path, block.number, block.line + damage.line)
        return ReadProblem("the frame ends in its header", self.path, block.number, block.line)

    def _accepts(self, block: Block, notes: list[Note], index: int) -> bool:
        """Whether a frame is good, as far as it is looked at now."""
        if block.end > CHECKED_AT_ONCE:
            return True
        try:
            frame = self._parsed(block, index)
        except ReadProblem as problem:
            notes.append(Note(f"{problem.reason}; this frame is left out", problem.place, True))
            return False
        if frame.complete:
            notes.extend(frame.notes)
            checked_frames.put(self, block, frame, self._layout.known)
            return True
        damage = frame.notes[-1]
        notes.append(Note(f"{damage.text}; this frame is left out", damage.place, True))
        return False

    def _judge_again(self) -> None:
        """Leave out the frames that were good only for what was known when they were found."""
        kept, mark = FrameIndex(), self._mark
        settled, after = list[Note](), list[Note]()
        n_settled = 0
        for index, block in enumerate(self._index):
            behind = index >= mark.n_frames
            if self._accepts(block, after if behind else settled, len(kept)):
                kept.append(block)
                n_settled += not behind
        new = [note for note in settled if note.loss]
        self._found[mark.n_notes : mark.n_notes] = new
        self._found += [note for note in after if note.loss]
        self._mark = replace(mark, n_frames=n_settled, n_notes=mark.n_notes + len(new))
        with self._lock:
            self._index = kept

    def _judge(self, indexer: Indexer, suspect: Block, index: int) -> None:
        """A last frame without a last newline: good where its last number is as long as the others
        of its column, shown alone where it is all there is, else left out."""
        place = Place(self.path, suspect.number, suspect.line)
        try:
            text = self._store.read(suspect.start, suspect.end - suspect.start)
            whole = self._parsed(suspect, index).complete
        except ReadProblem as problem:
            text_ = f"{problem.reason}; this frame is left out"
            indexer.notes.append(Note(text_, problem.place, True))
            return
        what = "the last line has no newline, so its last value may be cut"
        if whole and ends_alike(text, suspect.n_atoms):
            indexer.index.append(suspect)
        elif whole and not index:
            self._unfinished = index
            indexer.index.append(suspect)
            indexer.notes.append(Note(what, place, True))
        else:
            indexer.notes.append(Note(f"{what}; this frame is left out", place, True))

    def _nothing(self) -> ReadProblem:
        losses = (note for note in (*self._store.notes, *self._found) if note.loss)
        first = next(losses, None)
        if first is None:
            return ReadProblem("is empty so far", self.path)
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
