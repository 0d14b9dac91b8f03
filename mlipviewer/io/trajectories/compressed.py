"""The bytes of any file: compressed ones unpacked while they are read, then by seek points."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.cache import cache_folder
from mlipviewer.io.files import RAISED_CAP
from mlipviewer.io.trajectories.bytestore import ByteStore, FileBytes, Identity, copied
from mlipviewer.io.trajectories.decoders import DECODERS, Damage, Decoder, Resumed
from mlipviewer.io.trajectories.seek_points import (
    SMALLEST,
    SeekPoint,
    Start,
    found_points,
    load_points,
    save_points,
    spacing_of,
    thinned,
)
from mlipviewer.io.trajectories.shelves import Shelves

LARGEST = 4 << 30
"""No compressed file may unpack to more than this, nor to more than RATIO times its size."""

RATIO = 200
SMALLEST_CAP = 64 << 20
LARGEST_IN_MEMORY = 1 << 30
KEPT_IN_MEMORY = 256 << 20
KEPT_FREE = 2 << 30
_FED = 1 << 18
_SPACING = 2 << 20
_MOST_POINTS = 1000
_RECENT = 8 << 20
_ROAMING = 4
_FAR = 32 << 20
"""Frames of zstd that are larger, on the average, are no seek points to wait for."""

_MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}
_MAGIC |= {bytes((0x50 + k, 0x2A, 0x4D, 0x18)): "zst" for k in range(16)}  # to be skipped


def compression(store: ByteStore) -> str | None:
    """How the bytes are compressed, by their first bytes."""
    head = store.read(0, 6)
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def unpacked(store: FileBytes) -> ByteStore:
    """The store itself, or what is packed in it: unpacked when it is read."""
    kind = compression(store)
    return store if kind is None else PackedBytes(store, kind)


def cap_of(size: int, kind: str) -> int:
    """To how many bytes a compressed file of `size` bytes may unpack."""
    try:
        raised = int(float(os.environ.get(RAISED_CAP, "0")) * (1 << 30))
    except (ValueError, OverflowError):
        raised = 0
    most = LARGEST_IN_MEMORY if kind in ("bz2", "xz") else LARGEST
    return max(raised, min(most, max(RATIO * size, SMALLEST_CAP)))


@dataclass
class _Stream:
    """A decoder on its way: it will unpack what begins at `at`, from what is packed at `packed`."""

    at: int
    packed: int
    decoder: Decoder

    def copy(self) -> _Stream | None:
        decoder = self.decoder.copy()
        return None if decoder is None else _Stream(self.at, self.packed, decoder)


@dataclass
class _Roaming:
    """A stream that reads again, and what it unpacked last."""

    stream: _Stream
    text: bytes = b""

    @property
    def start(self) -> int:
        return self.stream.at - len(self.text)


class PackedBytes:
    """What is packed in a file, readable at any offset while it is unpacked for the first time.

    Until the end was seen, `size` is the most that there can be. Up to KEPT_IN_MEMORY bytes stay in
    memory. Beyond, gzip is read again from copies of its decoder, at most 2 MB before the place;
    zstd from its frames, or where it has few of them from an unpacked copy in a file without name.
    Where an earlier opening kept the seek points of such a file, all is read again from those.
    """

    def __init__(self, store: FileBytes, kind: str) -> None:
        self.path, self.notes, self.kind = store.path, store.notes, kind
        self._store = store
        self._cap = cap_of(store.size, kind)
        self._size: int | None = None
        self._known = False  # whether its seek points are kept
        self._lock = threading.RLock()
        self._front = _Stream(0, 0, DECODERS[kind]())
        self._roaming = list[_Roaming]()
        self._points: list[_Stream | Start | SeekPoint] = [Start(0, 0)]
        self._starts, self._pieces = list[int](), list[bytes | memoryview]()
        self._shelves = Shelves()
        self._copy: IO[bytes] | None = None
        self._copied = -1  # from where on the unpacked copy goes on; -1: there is none
        self._spacing = max(_SPACING, 4 * store.size // _MOST_POINTS)
        self._restore()

    def _restore(self) -> None:
        """Know what an earlier opening kept."""
        kept = load_points(self._store) if self.kind in ("gz", "zst") else None
        if kept is None or kept[0] > self._cap:
            return
        self._size, points = kept
        self._points += points
        self._front.at = self._size
        self._starts, self._pieces = [self._size], [b""]
        self._known = True

    def keep_points(self, progress: Progress | None = None) -> None:
        """Keep seek points for the next opening, where the file is worth it. Raises nothing."""
        if self._known or self.kind not in ("gz", "zst") or self._store.size < SMALLEST:
            return
        try:
            self.finish(progress)
            whole = not any(note.loss for note in self.notes)
            points = self._found_points(progress) if whole else None
        except (ReadProblem, Cancelled):
            return
        if points and not self._store.rewritten():
            self._known = save_points(self._store, self.size, points)

    def _found_points(self, progress: Progress | None) -> Sequence[SeekPoint | Start] | None:
        """Blocks of gzip, frames of zstd where they are not too long."""
        if self.kind == "gz":
            spacing = spacing_of(self.size, 2 * _SPACING)
            return found_points(self._store, self.read, spacing, progress)
        starts = [point for point in self._points[1:] if isinstance(point, Start)]
        near = self.size <= _FAR // 4 * len(starts)  # else text in memory is worth more
        return thinned(starts) if near else None

    @property
    def size(self) -> int:
        return self._cap if self._size is None else self._size

    @property
    def identity(self) -> Identity | None:
        return self._store.identity

    def progress(self, at: int) -> tuple[int, int]:  # noqa: ARG002
        return (self._front.packed if self._size is None else self._store.size), self._store.size

    def finish(self, progress: Progress | None = None) -> None:
        """Unpack to the end, so that `size` is known. Raises ReadProblem, Cancelled."""
        while self._size is None:
            with self._lock:
                self._advance(self._front.at + (16 << 20))
            time.sleep(0.001)  # whoever waits for the lock gets it
            if progress is not None:
                progress.step(*self.progress(0))

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`. Raises ReadProblem beyond the cap."""
        with self._lock:
            self._advance(min(offset + size, self._cap + 1))
            size = max(0, min(size, self._front.at - offset))
            if size == 0:
                return b""
            kept = offset >= self._starts[0]
            return self._kept(offset, size) if kept else self._again(offset, size)

    def read_into(self, offset: int, target: memoryview) -> int:
        with self._lock:
            self._advance(min(offset + len(target), self._cap + 1))
            size = max(0, min(len(target), self._front.at - offset))
            if size == 0 or offset < self._starts[0]:
                return copied(self.read(offset, len(target)), target)
            done = 0
            for part in self._parts(offset, size):
                done += copied(part, target[done:])
            return done

    # -- the first time --------------------------------------------------------------------

    def _advance(self, end: int) -> None:
        """Unpack what was not yet, up to `end`."""
        while self._size is None and self._front.at < end:
            self._keep(self._next())
            if self._front.at > self._cap:
                raise ReadProblem(
                    f"refused: {self._store.size} compressed bytes unpack to more than "
                    f"{self._cap >> 20} MB; File > Limit of compressed files, or {RAISED_CAP}=GB "
                    "in the environment, allows more",
                    self.path,
                )

    def _next(self) -> bytes:
        """The next piece of the first pass; at the end, and at damage, `size` becomes known."""
        front = self._front
        before = front.copy()
        try:
            text = _step(self._store, front)
        except Damage:
            text = _rescued(self._store, before) if before is not None else b""
            front.at += len(text)
            self._end(front, damaged=True)
            return text
        if text is None:
            self._end(front, damaged=not front.decoder.ended)
            return b""
        self._point(before, front)
        return text

    def _end(self, front: _Stream, damaged: bool) -> None:
        self._size = front.at
        if damaged:
            text = f"the compressed file is cut or damaged after {front.at} unpacked bytes"
            self.notes = (*self.notes, Note(text, Place(self.path), loss=True))

    def _point(self, before: _Stream | None, front: _Stream) -> None:
        """Remember where to go on from: copies of the decoder, or the beginnings of its frames."""
        if front.at - self._points[-1].at < self._spacing:
            return
        if before is not None:
            self._points.append(before)
        elif front.decoder.ended and front.decoder.rest:
            self._points.append(Start(front.at, front.packed - len(front.decoder.rest)))

    def _keep(self, text: bytes) -> None:
        if not text:
            return
        start = self._front.at - len(text)
        self._starts.append(start)
        self._pieces.append(self._shelves.put(text))
        if self._copied >= 0:
            self._write(text)
        if self._front.at > KEPT_IN_MEMORY and self.kind in ("gz", "zst"):
            self._let_go()

    def _let_go(self) -> None:
        """Keep the latest pieces alone; what cannot be unpacked again from near goes to a file."""
        whole = self._starts[0] == 0
        if whole and self.kind == "zst" and self._front.at > _FAR * len(self._points):
            self._begin_copy()
        spare = bisect_right(self._starts, self._front.at - _RECENT) - 1
        if spare > 0:
            del self._starts[:spare], self._pieces[:spare]

    def _begin_copy(self) -> None:
        try:
            folder = cache_folder("unpacked")
            if shutil.disk_usage(folder).free < 8 * self._store.size + KEPT_FREE:
                return
            self._copy = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (closed with self)
        except OSError:
            return
        self._copied = 0
        for piece in self._pieces:
            self._write(piece)

    def _write(self, text: bytes | memoryview) -> None:
        if self._copy is None:
            return
        try:
            self._copy.seek(self._copied)
            self._copy.write(text)
            self._copied += len(text)
        except OSError:  # the disk is full: unpack again from the beginning instead
            self._copy.close()
            self._copy, self._copied = None, -1

    # -- again -----------------------------------------------------------------------------

    def _kept(self, offset: int, size: int) -> bytes:
        parts = list(self._parts(offset, size))
        return bytes(parts[0]) if len(parts) == 1 else b"".join(parts)

    def _parts(self, offset: int, size: int) -> Iterator[memoryview]:
        """What is in memory of [offset, offset + size), in pieces."""
        first = bisect_right(self._starts, offset) - 1
        for k in range(first, len(self._starts)):
            start = self._starts[k]
            if start >= offset + size:
                break
            yield memoryview(self._pieces[k])[max(0, offset - start) : offset + size - start]

    def _again(self, offset: int, size: int) -> bytes:
        if self._copy is not None and offset + size <= self._copied:
            self._copy.seek(offset)
            return self._copy.read(size)
        roaming, pieces, end = self._roaming_to(offset), list[bytes](), offset + size
        while offset < end:
            if offset < roaming.stream.at:
                pieces.append(roaming.text[offset - roaming.start : end - roaming.start])
                offset += len(pieces[-1])
            elif not self._more(roaming):
                self._roaming.remove(roaming)
                raise ReadProblem("the compressed file changed while it was open", self.path)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _roaming_to(self, offset: int) -> _Roaming:
        """One that has the least to unpack up to `offset`; a few are kept, the latest first."""
        places = [point.at for point in self._points]
        point = self._points[bisect_right(places, offset) - 1]
        near = [r for r in self._roaming if r.start <= offset and r.stream.at >= point.at]
        found = max(near, key=lambda r: r.stream.at) if near else _Roaming(self._stream_of(point))
        self._roaming = [found, *(r for r in self._roaming if r is not found)][:_ROAMING]
        return found

    def _stream_of(self, point: _Stream | Start | SeekPoint) -> _Stream:
        if isinstance(point, SeekPoint):
            window, before = point.text_before(), point.at - point.stream
            return _Stream(point.at, point.bit >> 3, Resumed(point.bit & 7, window, before))
        copied = point.copy() if isinstance(point, _Stream) else None
        return copied or _Stream(point.at, point.packed, DECODERS[self.kind]())

    def _more(self, roaming: _Roaming) -> bool:
        """Unpack the next piece; whether there was one."""
        stream = roaming.stream
        before = stream.copy()
        try:
            text = _step(self._store, stream)
        except Damage:
            text = (_rescued(self._store, before) if before is not None else None) or None
            stream.at += len(text or b"")
        roaming.text = text or b""
        return text is not None

    def __del__(self) -> None:
        if (copy := getattr(self, "_copy", None)) is not None:
            copy.close()


def _step(store: ByteStore, stream: _Stream) -> bytes | None:
    """Unpack a little; None at the end. Raises Damage."""
    decoder = stream.decoder
    packed = b""
    if decoder.ended:
        more = store.read(stream.packed, _FED) if len(decoder.rest) < 8 else b""
        stream.packed += len(more)
        rest = decoder.rest + more
        if not rest.strip(b"\0"):
            return None  # padding
        kind = next((name for magic, name in _MAGIC.items() if rest.startswith(magic)), None)
        if kind is None:
            raise Damage("something else behind the compressed data")
        stream.decoder = decoder = DECODERS[kind]()
        packed = rest
    elif decoder.hungry:
        packed = store.read(stream.packed, _FED)
        stream.packed += len(packed)
        if not packed:
            return None
    text = decoder.decode(packed)
    stream.at += len(text)
    return text


def _rescued(store: ByteStore, before: _Stream) -> bytes:
    """What can be unpacked of the piece that holds damage: fed byte by byte near it."""
    found = list[bytes]()
    for size in (4096, 64, 1):
        while True:
            here = before.copy()
            packed = store.read(before.packed, size) if before.decoder.hungry else b""
            try:
                found.append(before.decoder.decode(packed))
            except Damage:
                before = here or before
                break
            before.packed += len(packed)
            if before.decoder.ended or not (packed or found[-1]):
                return b"".join(found)
    return b"".join(found)


def open_bytes(path: str | Path) -> ByteStore:
    """The bytes of a file; those of a compressed file unpacked. Raises ReadProblem."""
    store = FileBytes(str(path))
    if store.size == 0:
        raise ReadProblem("is empty so far", path)
    return unpacked(store)
