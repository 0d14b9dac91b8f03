"""Where the frames of a text file are: by jumping where frames are alike, else by counting."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mlipviewer.core.problem import Note, Place
from mlipviewer.io.trajectories.bytestore import ByteStore
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import Block, Damaged, Header, Layout, MoreNeeded
from mlipviewer.native.scan import skip_lines

CHUNK = 1 << 20
HEAD = 4096
LONGEST_HEADER = 64 << 20
NEARBY = 2048
"""How far from the guessed place the next frame is looked for, before the rows are counted."""


Accepts = Callable[[Block, list[Note], int], bool]
"""Whether a frame, which would get this index, is good; what is wrong is added to the notes."""


class FrameIndex:
    """The blocks of the frames, 40 bytes each."""

    def __init__(self) -> None:
        self._fields = tuple(array("q") for _ in range(5))

    def __len__(self) -> int:
        return len(self._fields[-1])

    def __getitem__(self, index: int) -> Block:
        start, end, line, number, n_atoms = self._fields
        return Block(start[index], end[index], line[index], number[index], n_atoms[index])

    def __iter__(self) -> Iterator[Block]:
        return (self[index] for index in range(len(self)))

    def append(self, block: Block) -> None:
        start, end, line, number, n_atoms = self._fields
        start.append(block.start)
        end.append(block.end)
        line.append(block.line)
        number.append(block.number)
        n_atoms.append(block.n_atoms)

    def cut(self, n: int) -> None:
        """Keep the first n."""
        for field in self._fields:
            del field[n:]

    def extend(self, other: FrameIndex) -> None:
        for mine, more in zip(self._fields, other._fields, strict=True):
            mine.extend(more)

    def packed(self) -> bytes:
        return b"".join(field.tobytes() for field in self._fields)

    @classmethod
    def unpacked(cls, content: bytes) -> FrameIndex:
        """Of what `packed` gave. Raises ValueError."""
        index = cls()
        n = len(content) // len(index._fields)
        for k, field in enumerate(index._fields):
            field.frombytes(content[k * n : (k + 1) * n])
        return index


@dataclass(frozen=True)
class Mark:
    """How far all is settled, whatever is appended to the file: where to go on from, and with what.

    `memory` is the layout's own.
    """

    at: int = 0
    line: int = 1
    number: int = 1
    blank_line: int = 0
    n_frames: int = 0
    n_notes: int = 0
    last: Block | None = None
    memory: Any = None


class Window:
    """The part of a store that is being looked at: few reads where the places are close."""

    def __init__(self, store: ByteStore) -> None:
        self._store = store
        self._text, self._from = b"", 0
        self.at_end = False

    @property
    def size(self) -> int:
        """The bytes of the store; of one that is being unpacked, the most that there can be."""
        return self._store.size

    def at(self, offset: int, size: int, ahead: int = 0) -> bytes:
        """Up to `size` bytes from `offset`; reads `ahead` bytes more in the same go.

        `at_end` remembers that there were fewer.
        """
        wanted = size
        size = min(size, self.size - offset)
        begin = offset - self._from
        if begin < 0 or begin + size > len(self._text):
            self._text = self._store.read(offset, max(size, ahead))
            self._from, begin = offset, 0
        found = self._text[begin : begin + size]
        self.at_end = self.at_end or len(found) < wanted
        return found

    def skip_lines(self, offset: int, n: int) -> tuple[int, int]:
        """Where the line n lines further begins, and how many newlines were passed."""
        found = 0
        while found < n and offset < self.size:
            begin = offset - self._from
            if not 0 <= begin < len(self._text):
                self._text, self._from = self._store.read(offset, CHUNK), offset
                begin = 0
            if not self._text:
                break
            at, here = skip_lines(self._text, n - found, begin)
            found, offset = found + here, self._from + at
        self.at_end = self.at_end or found < n
        return offset, found


class Indexer:
    """Walks through the file once and notes where each frame begins and what is damaged.

    `index` and `notes` hold what was found behind `start`; whoever takes frames away empties
    `index`. `suspect` is a last frame that lacks only its newline. What depends on where the file
    ends today comes behind `mark`, from where another Indexer goes on when the file has grown.
    `accepts` judges each frame and notes its faults.
    """

    def __init__(self, store: ByteStore, layout: Layout, start: Mark, accepts: Accepts) -> None:
        self._store, self._layout, self._accepts = store, layout, accepts
        self._window = Window(store)
        self.index, self.notes = FrameIndex(), list[Note]()
        self.suspect: Block | None = None
        self.mark = self._start = start
        self._n_taken = start.n_frames
        self._at, self._line, self._number = start.at, start.line, start.number
        self._last, self._blank_line = start.last, start.blank_line
        layout.recall(start.memory, store.read)

    def taken(self) -> FrameIndex:
        """The frames found since this was last asked."""
        found, self.index = self.index, FrameIndex()
        self._n_taken += len(found)
        return found

    def steps(self) -> Iterator[int]:
        """Go through the file; after each step, where it has come to."""
        self._settle()
        while self._skip_blanks():
            self._step()
            self._settle()
            yield self._at

    @property
    def _ahead(self) -> int:
        """How much is read at once: little where whole frames are jumped over."""
        last = self._last
        return 2 * HEAD if last is not None and last.end - last.start > 16 * HEAD else CHUNK

    def _settle(self) -> None:
        """Move the mark here, unless something already looked for bytes behind the end."""
        if not self._window.at_end:
            self.mark = Mark(
                self._at,
                self._line,
                self._number,
                self._blank_line,
                self._n_taken + len(self.index),
                self._start.n_notes + len(self.notes),
                self._last,
                self._layout.memory(),
            )

    def note(self, text: str, line: int, number: int, loss: bool = False) -> None:
        self.notes.append(Note(text, Place(self._store.path, number, line), loss))

    def _skip_blanks(self) -> bool:
        """Go to the next line that is not blank; whether there is one."""
        first, titled = self._line, getattr(self._layout, "begins_blank", None)
        while (text := self._window.at(self._at, HEAD, self._ahead)) and text[:1] in b"\r\n \t":
            line, newline, _ = text.partition(b"\n")
            if line.strip() or not newline:
                if line.strip() or len(text) == HEAD:
                    break
                return False
            if titled is not None and titled(text):
                break
            self._at, self._line = self._at + len(line) + 1, self._line + 1
        if self._line > first:
            self._blank_line = first
        return self._at < self._window.size

    def _step(self) -> None:
        try:
            header = self._header(self._at)
        except Damaged as damage:
            self._damaged(damage.reason, damage.line, self._at)
            return
        if self._blank_line and self._number > 1:
            self.note("blank lines before this frame", self._blank_line, self._number)
        self._blank_line = 0
        rows = self._at + header.size
        if header.n_atoms * header.row_bytes > self._window.size - rows + 1:
            self._too_many(header, rows)
            return
        end = self._jump(header, rows)
        if end is None:
            end, found = self._window.skip_lines(rows, header.n_atoms)
            if found < header.n_atoms:
                self._cut(header, rows, found)
                return
            search = self._search_from(header)
            if not self._begins_frame(end) and (inside := self._inside(search, end)) is not None:
                self._short(header, inside)
                return
        self._accept(header, end)

    def _header(self, offset: int) -> Header:
        size = HEAD
        while True:
            text = self._window.at(offset, size, self._ahead)
            at_end = offset + len(text) >= self._window.size
            try:
                return self._layout.header(text, offset)
            except MoreNeeded:
                if at_end:
                    raise Damaged("the file ends inside the header of this frame") from None
            if size > LONGEST_HEADER:
                raise Damaged(f"the header of this frame is longer than {size >> 20} MB")
            size *= 8

    def _jump(self, header: Header, rows: int) -> int | None:
        """The end of this frame if the next begins about where the last frame's size says."""
        last = self._last
        if last is None or last.n_atoms != header.n_atoms or last.end - last.start < 8 * NEARBY:
            return None
        guess = self._at + last.end - last.start
        low = max(rows, guess - NEARBY)
        if guess == self._window.size and self._window.at(guess - 1, 1) == b"\n":
            self._window.at_end = True
            return guess  # its rows are counted when it is read, as those of all other frames
        if guess + NEARBY + HEAD > self._window.size:
            self._window.at_end = True
            return None
        text = self._window.at(low - 1, 2 * NEARBY + HEAD)
        start = text.find(b"\n") + 1
        found = self._layout.plausible(text, start) if start else -1
        return None if found < 0 or found > 2 * NEARBY else low - 1 + found

    def _search_from(self, header: Header) -> int:
        """Behind what surely belongs to this frame."""
        return self._at + (header.size if header.certain is None else header.certain)

    def _begins_frame(self, offset: int) -> bool:
        """Whether at `offset` the file ends or a frame begins, blank lines aside."""
        text = self._window.at(offset, HEAD, self._ahead)
        start = len(text) - len(text.lstrip())
        if start == len(text):
            return True
        return self._layout.plausible(text, text.rfind(b"\n", 0, start) + 1) == start

    def _inside(self, start: int, end: int) -> int | None:
        """Where in [start, end) another frame begins: then the one before lacks rows."""
        at_end = self._window.at_end
        while start < end:
            text = self._window.at(start, min(CHUNK, end + HEAD - start))
            if not text:
                break
            found = self._layout.plausible(text, 0)
            if found >= 0:
                self._window.at_end = at_end or start + found + HEAD > self._window.size
                return start + found if start + found < end else None
            newline = text.rfind(b"\n", 0, max(1, len(text) - HEAD)) + 1
            start += newline or len(text)
        return None

    def _accept(self, header: Header, end: int) -> None:
        self._remark(header)
        block = Block(self._at, end, self._line, self._number, header.n_atoms)
        if self._accepts(block, self.notes, self._n_taken + len(self.index)):
            self.index.append(block)
        self._last = block
        self._go_on(end, self._line + header.n_lines + header.n_atoms)

    def _remark(self, header: Header) -> None:
        if remark := self._layout.remark(header):
            self.note(remark, self._line, self._number)

    def _go_on(self, at: int, line: int) -> None:
        self._at, self._line, self._number = at, line, self._number + 1

    def _too_many(self, header: Header, rows: int) -> None:
        left = self._window.size - rows
        self._window.at_end = True
        self._cut(header, rows, None, f"{header.n_atoms} atoms declared, but {left} bytes are left")

    def _cut(self, header: Header, rows: int, found: int | None, reason: str = "") -> None:
        """The declared rows do not fit: another frame begins among them, or the file ends there."""
        inside = self._inside(self._search_from(header), self._window.size)
        if inside is not None:
            self._short(header, inside, reason)
            return
        end = self._window.size
        lacks_newline = found is not None and found == header.n_atoms - 1
        if lacks_newline and self._window.at(end - 1, 1) not in (b"\n", b" ", b"\t"):
            self.suspect = Block(self._at, end, self._line, self._number, header.n_atoms)
            self._at = end
            return
        found = self._window.skip_lines(rows, header.n_atoms)[1] if found is None else found
        reason = reason or f"{found} of {header.n_atoms} atoms, the file ends here"
        self.note(f"{reason}; this frame is left out", self._line, self._number, True)
        self._at = end

    def _short(self, header: Header, inside: int, reason: str = "") -> None:
        """Skip to the frame that begins inside this one."""
        text = self._store.read(self._at, inside - self._at)
        n_lines = text.count(b"\n")
        found = max(0, n_lines - header.n_lines)
        reason = reason or self._fault(text, header)
        reason = reason or f"{found} of {header.n_atoms} atoms before the next frame"
        self.note(
            f"{reason}{_nul(text, self._at)}; this frame is left out",
            self._line,
            self._number,
            True,
        )
        self._go_on(inside, self._line + n_lines)

    def _fault(self, text: bytes, header: Header) -> str:
        """What the parser says about the rows that are there, if more than their number."""
        block = Block(self._at, self._at + len(text), self._line, self._number, header.n_atoms)
        try:
            notes = self._layout.parse(FrameText.of(text), block, 0).notes
        except (Damaged, MoreNeeded):
            return ""
        inside = (n for n in notes if n.place.line and n.place.line > self._line)
        return next((f"line {n.place.line}: {n.text}" for n in inside), "")

    def _damaged(self, reason: str, line: int, start: int) -> None:
        """No header here: go on at the next line that may begin a frame."""
        behind, _ = self._window.skip_lines(start, 1)
        found = self._inside(behind, self._window.size)
        end = self._window.size if found is None else found
        text = self._store.read(start, min(end - start, LONGEST_HEADER))
        what = f"{reason}{_nul(text, start)}; bytes {start} to {end} are left out"
        self.note(what, self._line + line, self._number, True)
        self._go_on(end, self._line + text.count(b"\n"))


def _nul(text: bytes, start: int) -> str:
    hole = text.find(b"\0")
    return "" if hole < 0 else f" (NUL bytes from byte {start + hole})"
