"""XDATCAR, VASP's trajectory: one header, or one before each frame where the cell changes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import RLock
from types import MappingProxyType
from typing import Any

from mlipviewer.core.problem import Note, Place
from mlipviewer.core.trajectory import Frame
from mlipviewer.io.trajectories.bytestore import decoded
from mlipviewer.io.trajectories.frame_text import FrameText
from mlipviewer.io.trajectories.layout import Block, Damaged, Header, MoreNeeded
from mlipviewer.io.trajectories.rows_of_frame import Field, fault_note, not_finite, read_fields
from mlipviewer.io.trajectories.vasp_header import VaspHeader, read_vasp_header
from mlipviewer.native.tokens import Kind

_NUMBER = rb"[ \t]*[-+\d.eE]+"
_SEPARATOR = re.compile(
    rb"^[ \t]*(Direct|Cartesian|Konfig)\b[^\n=\d]*=?[ \t]*\**(\d*)[ \t\r]*\n", re.I | re.M
)
_LETTER = re.compile(rb"[DdCcKk]")  # the first one of a separator: few lines hold any
_ALONE = re.compile(rb"\n[ \t]*+[-+\d.eE]++[ \t\r]*+\n")  # the scale, below a name
_HEADER = re.compile(
    (rb"^(?!" + _NUMBER + (rb"[ \t]" + _NUMBER) * 2 + rb")[^\n]*\n")  # the name, not an atom
    + (_NUMBER + rb"[ \t\r]*\n")
    + (rb"(?:" + _NUMBER + (rb"[ \t]" + _NUMBER) * 2 + rb"[ \t\r]*\n){3}")
    + rb"(?:[^\n]*\n)?[ \t]*\d+(?:[ \t]+\d+)*[ \t\r]*\n",  # species, counts
    re.MULTILINE,
)


@dataclass(frozen=True, eq=False)
class _Frame:
    """Where the atoms of a frame begin, and what its separator line says."""

    vasp: VaspHeader
    size: int
    n_lines: int
    direct: bool
    number: int | None


@dataclass
class Xdatcar:
    """The layout of XDATCAR. Headers are remembered with the place from where on they hold."""

    path: str
    name: str = "xdatcar"
    _places: list[int] = field(default_factory=list)
    _headers: list[VaspHeader] = field(default_factory=list)
    _repeats: bool = False
    _lock: RLock = field(default_factory=RLock)

    @property
    def epoch(self) -> int:
        """1 once headers repeat: then a frame without one is lost, its cell is unknown."""
        return int(self._repeats)

    @property
    def known(self) -> bool:
        return self._repeats

    def header(self, text: bytes, offset: int) -> Header:
        start = self._start(text, offset)
        row_bytes = 6
        return Header(start.vasp.n_atoms, start.size, start.n_lines, row_bytes, start)

    def _start(self, text: bytes, offset: int) -> _Frame:
        match = _SEPARATOR.match(text)
        if match is not None:
            return self._continued(match, offset)
        if b"\n" not in text:
            raise MoreNeeded
        try:
            vasp = read_vasp_header(text)
        except Damaged as damage:
            if not self._headers or self._repeats:
                raise
            shown = ascii(decoded(text[:60].split(b"\n")[0]).strip())
            reason = f"expected 'Direct configuration=', found {shown}"
            raise Damaged(reason, 0) from damage
        if text.find(b"\n", vasp.size) < 0:
            raise MoreNeeded
        match = _SEPARATOR.match(text, vasp.size)
        if match is None:
            raise Damaged("expected 'Direct configuration=' below the header", vasp.n_lines)
        self._remember(vasp, offset)
        return _frame(vasp, match, vasp.n_lines + 1)

    def _continued(self, match: re.Match[bytes], offset: int) -> _Frame:
        """A frame without a header of its own."""
        at = bisect_right(self._places, offset)
        if not at:
            raise Damaged("the header of the file is missing")
        if self._repeats:
            raise Damaged("the header of this frame is missing: its cell is unknown")
        return _frame(self._headers[at - 1], match, 1)

    def _remember(self, vasp: VaspHeader, offset: int) -> None:
        with self._lock:  # frames are read while the file is still being indexed
            at = bisect_left(self._places, offset)
            if at < len(self._places) and self._places[at] == offset:
                return
            self._repeats = self._repeats or bool(self._places)
            self._headers.insert(at, vasp)
            self._places.insert(at, offset)

    def begins_blank(self, text: bytes) -> bool:
        """Whether the blank line at the beginning of `text` is the title of a header."""
        return _HEADER.match(text) is not None

    def plausible(self, text: bytes, start: int) -> int:
        first = _separator_in(text, start)
        end = len(text) if first < 0 else first
        if _ALONE.search(text, start, end) is None:
            return first  # no header without a scale on a line of its own
        header = _HEADER.search(text, start, end)
        return header.start() if header else first

    def remark(self, header: Header) -> str | None:  # noqa: ARG002
        return None

    def memory(self) -> list[Any]:
        return [self._places[0] if self._places else None, self._repeats]

    def recall(self, memory: Any, read: Callable[[int, int], bytes]) -> None:
        """The first header stays; where headers repeat, frames bring their own."""
        place, repeats = memory or (None, False)
        with self._lock:
            if place is not None and not self._places:
                self._remember(read_vasp_header(read(place, 1 << 16)), place)
            elif not repeats:
                known = 0 if place is None else 1
                del self._places[known:], self._headers[known:]
            self._repeats = repeats

    def info(self, text: bytes) -> Mapping[str, Any]:
        match = _SEPARATOR.search(text)
        if match is None:
            raise MoreNeeded
        return MappingProxyType(_info(match.group(2)))

    def parse(self, text: FrameText, block: Block, index: int) -> Frame:
        header = self.header(text.head, block.start)
        start: _Frame = header.details
        vasp = start.vasp
        n_extra = max(0, len(text.line(header.size)[:4096].split()) - 3)
        fields = [Field("pos", Kind.REAL, 3)]
        fields += [Field("symbol", Kind.SKIP, min(n_extra, 16))] if n_extra else []
        rows = read_fields(text, header.size, header.n_atoms, fields)
        positions = vasp.cartesian(rows.arrays["pos"], start.direct)
        notes = [Note(vasp.note, Place(self.path, block.number, block.line))] if vasp.note else []
        damage = None
        if rows.fault is not None:
            found = fault_note(text, rows.fault, block, header.n_lines, 3 + n_extra)
            damage = Note(found.text, Place(self.path, found.place.frame, found.place.line))
        elif (row := not_finite(positions)) is not None:
            line = block.line + header.n_lines + row
            text_ = "a position is not a finite number"
            damage = Note(text_, Place(self.path, block.number, line))
        numbers, species = vasp.atoms(rows.n_rows)
        return Frame(
            index=index,
            positions=positions,
            numbers=numbers,
            cell=vasp.cell.copy(),
            pbc=(True, True, True),
            info=MappingProxyType({} if start.number is None else {"configuration": start.number}),
            species=species,
            complete=damage is None,
            notes=(*notes, damage) if damage else tuple(notes),
        )


def _separator_in(text: bytes, start: int) -> int:
    """Where the first line at or after `start` begins that is a separator, or -1."""
    while letter := _LETTER.search(text, start):
        line = max(start, text.rfind(b"\n", start, letter.start()) + 1)
        if _SEPARATOR.match(text, line):
            return line
        start = text.find(b"\n", letter.end()) + 1
        if not start:
            break
    return -1


def _frame(vasp: VaspHeader, match: re.Match[bytes], n_lines: int) -> _Frame:
    direct = match.group(1)[:1] not in b"Cc"
    number = int(match.group(2)) if match.group(2) else None
    return _Frame(vasp, match.end(), n_lines, direct, number)


def _info(number: bytes) -> dict[str, Any]:
    return {"configuration": int(number)} if number else {}
