"""The bytes of any file: compressed ones unpacked while they are read, then by seek points."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.cache import cache_folder
from mlipviewer.io.files import RAISED_CAP
from mlipviewer.io.trajectories.bytestore import ByteStore, FileBytes, Identity, copied
from mlipviewer.io.trajectories.decoders import DECODERS, Damage, Decoder

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
_FAR = 32 << 20
"""Frames of zstd that are larger, on the average, are no seek points to wait for."""

_MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}


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


class PackedBytes:
    """What is packed in a file, readable at any offset while it is unpacked for the first time.

    Until the end was seen, `size` is the most that there can be. Up to KEPT_IN_MEMORY bytes stay in
    memory. Beyond, gzip is read again from copies of its decoder, at most 2 MB before the place;
    zstd from its frames, or where it has few of them from an unpacked copy in a file without name.
    """

    def __init__(self, store: FileBytes, kind: str) -> None:
        self.path, self.notes, self.kind = store.path, store.notes, kind
        self._store = store
        self._cap = cap_of(store.size, kind)
        self._size: int | None = None
        self._lock = threading.RLock()
        self._front = _Stream(0, 0, DECODERS[kind]())
        self._roaming: _Stream | None = None
        self._points: list[_Stream | tuple[int, int]] = [(0, 0)]
        self._starts, self._pieces = list[int](), list[bytes]()
        self._copy: IO[bytes] | None = None
        self._copied = -1  # from where on the unpacked copy goes on; -1: there is none
        self._spacing = max(_SPACING, 4 * store.size // _MOST_POINTS)

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
        last = self._points[-1]
        near = front.at - (last.at if isinstance(last, _Stream) else last[0]) < self._spacing
        if near:
            return
        if before is not None:
            self._points.append(before)
        elif front.decoder.ended and front.decoder.rest:
            self._points.append((front.at, front.packed - len(front.decoder.rest)))

    def _keep(self, text: bytes) -> None:
        if not text:
            return
        start = self._front.at - len(text)
        self._starts.append(start)
        self._pieces.append(text)
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

    def _write(self, text: bytes) -> None:
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
        stream = self._stream_before(offset)
        pieces = []
        for text in self._unpack(stream, offset + size):
            start = stream.at - len(text)
            pieces.append(text[max(0, offset - start) : offset + size - start])
        self._roaming = stream
        found = b"".join(pieces)
        if len(found) < size:
            raise ReadProblem("the compressed file changed while it was open", self.path)
        return found

    def _stream_before(self, offset: int) -> _Stream:
        """The nearest place before `offset` from which can be unpacked."""
        places = [p.at if isinstance(p, _Stream) else p[0] for p in self._points]
        point = self._points[bisect_right(places, offset) - 1]
        roaming = self._roaming
        near = point.at if isinstance(point, _Stream) else point[0]
        if roaming is not None and near <= roaming.at <= offset:
            return roaming
        if isinstance(point, _Stream):
            copied = point.copy()
            if copied is not None:
                return copied
        at, packed = point if isinstance(point, tuple) else (point.at, point.packed)
        return _Stream(at, packed, DECODERS[self.kind]())

    def _unpack(self, stream: _Stream, end: int) -> Iterator[bytes]:
        while stream.at < end:
            before = stream.copy()
            try:
                text = _step(self._store, stream)
            except Damage:
                text = _rescued(self._store, before) if before is not None else None
                stream.at += len(text or b"")
                if text:
                    yield text
                return
            if text is None:
                return
            yield text

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
