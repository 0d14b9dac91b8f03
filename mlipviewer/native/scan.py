"""Text rows to numpy columns: the calls of `scan.c`, on text in memory and on text in pieces."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from mlipviewer.native import function
from mlipviewer.native.tokens import (
    Fault,
    FaultCode,
    Reader,
    Scan,
    Target,
    Token,
    label_targets,
)

MANY_ROWS = 200_000
"""From so many rows on two threads and more scan, each a piece at a time."""

PIECE = 512 << 10
"""So many bytes are read at once: little enough to stay in the processor's cache until scanned."""

FRONT = 64
"""Bytes before a piece, so that the scanner may look a few bytes before its first token."""

_NEWLINE = ord("\n")

FillIn = Callable[[int, memoryview], int]
"""Writes the bytes of a text from an offset on; how many there were, 0 behind the end."""


@cache
def _counting(name: str) -> Any:
    call = function(name)
    call.argtypes = [ctypes.c_void_p, *[ctypes.c_int64] * (2 if name == "count_lines" else 3)]
    call.restype = ctypes.c_int64
    return call


def _checked(text: bytes, start: int, end: int | None) -> int:
    end = len(text) if end is None else end
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"[{start}, {end}) lies outside a text of {len(text)} bytes")
    return end


def _address(text: bytes) -> int:
    return ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0


def scan_rows(
    text: bytes, n_rows: int, tokens: Sequence[Token], start: int = 0, end: int | None = None
) -> Scan:
    """Read `n_rows` lines of text[start:end] into the targets of `tokens`.

    A last line without newline is read too. Rows after a fault mean nothing. Raises ValueError
    and TypeError for targets that do not fit, never for anything in the text.
    """
    end = _checked(text, start, end)
    if n_rows >= MANY_ROWS or (end > start and text[end - 1 : end] != b"\n"):
        view = memoryview(text)[:end]

        def fill_in(offset: int, target: memoryview) -> int:
            n = len(part := view[offset : offset + len(target)])
            target[:n] = part
            return n

        return scan_pieces(fill_in, n_rows, tokens, start)
    return _read(Reader(tokens, n_rows), _address(text), start, end, n_rows, 0)


def scan_pieces(
    fill_in: FillIn,
    n_rows: int,
    tokens: Sequence[Token],
    start: int = 0,
    size: int | None = None,
) -> Scan:
    """Read `n_rows` lines from `start` on, a piece at a time, into memory that is used again.

    `size` is how many bytes there are, if that is known: a text of few is read in one go. As
    `scan_rows` in all else. Where there are many rows, `fill_in` is called by several threads,
    one after the other. Whatever it raises is raised here.
    """
    many = n_rows >= MANY_ROWS
    if size is not None and size < 2 * PIECE and not many:
        scan = _in_one_go(fill_in, n_rows, tokens, start)
        if scan is not None:
            return scan
    n_workers = max(1, min(os.cpu_count() or 1, n_rows // (MANY_ROWS // 2))) if many else 1
    pieces = _Pieces(fill_in, n_rows, start, end=start)
    readers = [Reader(tokens, n_rows) for _ in range(n_workers)]
    if n_workers == 1:
        pieces.read_by(readers[0])
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(n_workers) as pool:
            list(pool.map(pieces.read_by, readers))
    return pieces.scan(readers, tokens)


def _in_one_go(fill_in: FillIn, n_rows: int, tokens: Sequence[Token], start: int) -> Scan | None:
    """The scan of a text that fits into the buffer; None where its last newline is missing."""
    buffer = _buffer()
    end = FRONT + fill_in(start, memoryview(buffer.data)[FRONT:])
    if end > FRONT and buffer.data[end - 1] != _NEWLINE:
        return None
    return _read(Reader(tokens, n_rows), buffer.address, FRONT, end, n_rows, start - FRONT)


def _read(reader: Reader, address: int, start: int, end: int, n_rows: int, offset: int) -> Scan:
    """What one reader finds in one text; places in it are `offset` further in the scan."""
    row, at, fault = reader.read(address, start, end, 0, n_rows)
    if fault is not None:
        fault = replace(fault, offset=fault.offset + offset)
    labels = {k: [label for _, label in found] for k, found in reader.labels().items()}
    return Scan(row, at + offset, fault, labels)


@dataclass(eq=False)
class _Piece:
    """Whole lines: bytes [FRONT, end) of a buffer, from `offset` of the text on."""

    end: int
    offset: int
    first_row: int
    n_rows: int


class _Buffer:
    """Memory whose address is known. It never moves: a larger one takes its place."""

    def __init__(self, size: int) -> None:
        self.data = bytearray(size)
        self._held = (ctypes.c_char * size).from_buffer(self.data)
        self.address = ctypes.addressof(self._held)


_local = threading.local()


def _buffer() -> _Buffer:
    """That of this thread, used again and again."""
    if not hasattr(_local, "buffer"):
        _local.buffer = _Buffer(FRONT + 2 * PIECE)
    return _local.buffer  # type: ignore[no-any-return]


@dataclass(eq=False)
class _Pieces:
    """Hands out the text piece by piece, and keeps what became of the pieces."""

    fill_in: FillIn
    n_rows: int
    at: int = 0
    row: int = 0
    rest: bytes = b""  # the beginning of a line whose end was not read yet
    fault: Fault | None = None
    end: int = 0
    done: list[tuple[Reader, int, int]] = field(default_factory=list)  # rows of each piece
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read_by(self, reader: Reader) -> None:
        """Read pieces until there are no more, or a fault lies before the next."""
        buffer = _buffer()
        while (found := self._next(buffer)) is not None:
            piece, buffer = found
            first, n = piece.first_row, piece.n_rows
            row, at, fault = reader.read(buffer.address, FRONT, piece.end, first, n)
            with self.lock:
                self.done.append((reader, first, row))
                place = min(at - FRONT + piece.offset, self.at)
                self.end = max(self.end, place)
                if fault is not None and (self.fault is None or fault.row < self.fault.row):
                    self.fault = replace(fault, offset=place)

    def _next(self, buffer: _Buffer) -> tuple[_Piece, _Buffer] | None:
        with self.lock:
            if self.row >= self.n_rows or self.fault is not None:
                return None
            offset = self.at - len(self.rest)
            end, buffer = self._filled(buffer)
            if end == FRONT:
                self.fault = Fault(self.row, 0, FaultCode.FEW_ROWS, self.at)
                return None
            lines = int(_counting("count_lines")(buffer.address, FRONT, end))
            piece = _Piece(end, offset, self.row, min(lines, self.n_rows - self.row))
            self.row += piece.n_rows
            return piece, buffer

    def _filled(self, buffer: _Buffer) -> tuple[int, _Buffer]:
        """Fill the buffer, or a larger one: where its last whole line ends, FRONT behind the end
        of the text. A newline is added to a last line that has none."""
        while True:
            filled = FRONT + len(self.rest)
            more = max(PIECE, len(self.rest))  # of an endless line twice as much each time
            if len(buffer.data) < filled + more:
                buffer = _Buffer(filled + more)
            data = buffer.data
            data[FRONT:filled] = self.rest
            n = self.fill_in(self.at, memoryview(data)[filled : filled + more])
            self.at += n
            if not n:
                data[filled : filled + 1] = b"\n"
                self.rest, added = b"", bool(self.rest)
                return filled + added, buffer
            end = data.rfind(b"\n", filled, filled + n) + 1
            if end:
                self.rest = bytes(memoryview(data)[end : filled + n])
                return end, buffer
            self.rest = bytes(memoryview(data)[FRONT : filled + n])

    def scan(self, readers: Sequence[Reader], tokens: Sequence[Token]) -> Scan:
        """What all readers found, as one would have found it."""
        n_rows = self.n_rows if self.fault is None else self.fault.row
        end = self.end if self.fault is None else self.fault.offset
        labels = {}
        known = [reader.labels() for reader in readers]
        targets = label_targets(tokens)
        for column in known[0]:
            found = [of_reader[column] for of_reader in known]
            labels[column] = _in_order(found)
            for reader, mine in zip(readers, found, strict=True):
                self._recode(reader, mine, labels[column], targets[column])
        return Scan(n_rows, end, self.fault, labels)

    def _recode(
        self, reader: Reader, mine: list[tuple[int, bytes]], labels: list[bytes], target: Target
    ) -> None:
        """Give the rows of a reader the codes that hold for all."""
        codes = {label: code for code, label in enumerate(labels)}
        new = np.array([codes[label] for _, label in mine], np.int32)
        if (new == np.arange(len(new))).all():
            return
        for one, first, last in self.done:
            if one is reader:
                target[first:last] = new[target[first:last]]


def _in_order(found: Sequence[list[tuple[int, bytes]]]) -> list[bytes]:
    """The labels of all readers in the order of their first rows."""
    first: dict[bytes, int] = {}
    for row, label in (one for of_reader in found for one in of_reader):
        first[label] = min(row, first.get(label, row))
    return sorted(first, key=first.__getitem__)


def count_lines(text: bytes, start: int = 0, end: int | None = None) -> int:
    """Newlines in text[start:end]."""
    end = _checked(text, start, end)
    return int(_counting("count_lines")(_address(text), start, end))


def skip_lines(text: bytes, n: int, start: int = 0, end: int | None = None) -> tuple[int, int]:
    """Where the line n lines further begins, and how many newlines were passed.

    Where there are fewer than n, the offset is `end` and the count says how many there were.
    """
    end = _checked(text, start, end)
    at = int(_counting("skip_lines")(_address(text), start, end, n))
    return (at, n) if at >= 0 else (end, -1 - at)
