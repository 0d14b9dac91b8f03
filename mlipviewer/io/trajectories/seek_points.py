"""Places inside a packed file from which it can be unpacked, kept from one opening to the next.

A block of deflate can be read by whoever knows the 32 kB of text before it, a frame of zstd by all.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mlipviewer import __version__
from mlipviewer.core.progress import Progress
from mlipviewer.io.cache import load_parts, save_parts
from mlipviewer.io.trajectories.bytestore import FileBytes
from mlipviewer.native.deflate import Stop, follow_blocks

FOLDER = "seek-points"
VERSION = f"{__version__} 2"
SMALLEST = 8 << 20
"""Smaller files are unpacked faster than a cache is looked after."""

WINDOW = 32 << 10
_FED = 2 << 20
_LONGEST_BLOCK = 64 << 20
_MOST = 1000
FRAME = -1
"""Kept as the stream of what needs no text before it."""

Read = Callable[[int, int], bytes]


@dataclass(frozen=True)
class SeekPoint:
    """A block: `at` bytes of text lie before it, it begins at this bit of the file; its stream
    began behind `stream` bytes of text. `window` is the text before it, packed."""

    at: int
    bit: int
    stream: int
    window: bytes

    def text_before(self) -> bytes:
        return zlib.decompress(self.window)


@dataclass(frozen=True)
class Start:
    """Where a frame of zstd, or the whole file, begins: behind `at` bytes of text."""

    at: int
    packed: int


def found_points(
    store: FileBytes, text: Read, spacing: int, progress: Progress | None = None
) -> list[SeekPoint] | None:
    """The first block behind each `spacing` bytes of text; None for a file that is not as it should
    be. `text` gives what is unpacked. Raises ReadProblem, Cancelled.
    """
    points, last = list[SeekPoint](), 0
    try:
        for at, bit, stream in _blocks(store, spacing):
            if progress is not None:
                progress.step(bit >> 3, store.size)
            if at - last >= spacing:
                begin = max(stream, at - WINDOW)
                window = zlib.compress(text(begin, at - begin), 1)
                points.append(SeekPoint(at, bit, stream, window))
                last = at
    except ValueError:
        return None
    return points


def _blocks(store: FileBytes, spacing: int) -> Iterator[tuple[int, int, int]]:
    """(text before it, bit, text before its stream) of some blocks, in order. Raises ValueError."""
    at = packed = 0
    while packed < store.size:
        head = store.read(packed, 1 << 16)
        if not head.strip(b"\0"):
            packed += len(head)  # padding
            continue
        bit, stream, fed, stop = 8 * (packed + _header_size(head)), at, _FED, Stop.WANTED
        while stop is not Stop.LAST_BLOCK:
            first = bit >> 3
            piece = store.read(first, fed)
            stop, end, length = follow_blocks(piece, bit & 7, spacing)
            moved = end > bit & 7
            at, bit = at + length, 8 * first + end
            if stop is Stop.INVALID or (
                stop is Stop.MORE_BYTES and first + len(piece) >= store.size
            ):
                raise ValueError("the stream is damaged or cut")
            if stop is Stop.MORE_BYTES and not moved:
                fed *= 2
                if fed > _LONGEST_BLOCK:
                    raise ValueError("a block is too long")
            elif stop is not Stop.LAST_BLOCK:
                yield at, bit, stream
        packed = (bit + 7) // 8 + 8


def _header_size(head: bytes) -> int:
    """Of a gzip stream (RFC 1952). Raises ValueError."""
    if not head.startswith(b"\x1f\x8b\x08") or len(head) < 18:
        raise ValueError("no gzip stream")
    flags, size = head[3], 10
    if flags & 4:
        size += 2 + int.from_bytes(head[10:12], "little")
    for flag in (8, 16):
        if flags & flag:
            size = head.index(b"\0", size) + 1
    return size + (2 if flags & 2 else 0)


def save_points(store: FileBytes, size: int, points: Sequence[SeekPoint | Start]) -> bool:
    """Keep the points of a file that unpacks to `size` bytes; whether that was done."""
    numbers = [
        (p.at, 8 * p.packed, FRAME, 0)
        if isinstance(p, Start)
        else (p.at, p.bit, p.stream, len(p.window))
        for p in points
    ]
    about = {"version": VERSION, "file": store.identity.kept(), "size": size}
    parts = {
        "about": json.dumps(about).encode(),
        "numbers": np.array(numbers, np.int64).tobytes(),
        "windows": b"".join(p.window for p in points if isinstance(p, SeekPoint)),
    }
    return save_parts(FOLDER, _key(store), parts)


def load_points(store: FileBytes) -> tuple[int, list[SeekPoint | Start]] | None:
    """To how many bytes this very file unpacks, and its points. None in any doubt."""
    if store.size < SMALLEST:
        return None
    parts = load_parts(FOLDER, _key(store))
    if parts is None:
        return None
    try:
        about = json.loads(parts["about"])
        if about["version"] != VERSION or about["file"] != store.identity.kept():
            return None
        size = int(about["size"])
        points, begin = list[SeekPoint | Start](), 0
        for at, bit, stream, n in np.frombuffer(parts["numbers"], np.int64).reshape(-1, 4).tolist():
            window = parts["windows"][begin : begin + n]
            frame = stream == FRAME
            points.append(Start(at, bit >> 3) if frame else SeekPoint(at, bit, stream, window))
            begin += n
    except (ValueError, KeyError, TypeError):
        return None
    return (size, points) if 0 < len(points) <= _MOST + 1 else None


def spacing_of(size: int, least: int) -> int:
    """How far apart points are in `size` bytes of text."""
    return max(least, size // _MOST)


def thinned(points: Sequence[Start]) -> Sequence[Start]:
    """No more of them than are kept."""
    return points[:: 1 + len(points) // _MOST]


def _key(store: FileBytes) -> str:
    return f"{Path(store.path).absolute()}\npoints"
