"""The bytes of any file: compressed ones unpacked, .gz by seek points, others in memory."""

from __future__ import annotations

import bz2
import lzma
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.core.progress import Progress
from mlipviewer.io.trajectories.bytestore import ByteStore, FileBytes, MemoryBytes

LARGEST = 4 << 30
"""No compressed file may unpack to more than this, nor to more than RATIO times its size."""

RATIO = 200
SMALLEST_CAP = 64 << 20
LARGEST_IN_MEMORY = 1 << 30
KEPT_IN_MEMORY = 256 << 20
_CHUNK = 4 << 20
_SPACING = 1 << 20
_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)

_MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}


def compression(store: ByteStore) -> str | None:
    """How the bytes are compressed, by their first bytes."""
    head = store.read(0, 6)
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def unpacked(store: FileBytes, progress: Progress | None = None) -> ByteStore:
    """The store itself, or what is packed in it. Raises ReadProblem, Cancelled."""
    kind = compression(store)
    if kind is None:
        return store
    if kind == "zst":
        raise ReadProblem("not supported yet: zstd compression; unpack it first", store.path)
    raw = _Raw(store, progress)
    return _gzip(store, raw) if kind == "gz" else _streamed(store, kind, raw)


def _cap(store: ByteStore, most: int) -> int:
    return min(most, max(RATIO * store.size, SMALLEST_CAP))


def _refuse(store: ByteStore, cap: int) -> ReadProblem:
    return ReadProblem(
        f"refused: {store.size} compressed bytes unpack to more than {cap >> 20} MB", store.path
    )


def _cut(store: ByteStore, total: int) -> tuple[Note, ...]:
    text = f"the compressed file is cut or damaged after {total} unpacked bytes"
    return (*store.notes, Note(text, Place(store.path), loss=True))


def _streamed(store: FileBytes, kind: str, raw: Any) -> MemoryBytes:
    """Unpack bz2 or xz into memory, piece by piece, up to the cap."""
    cap = _cap(store, LARGEST_IN_MEMORY)
    with bz2.BZ2File(raw) if kind == "bz2" else lzma.LZMAFile(raw) as stream:
        text, _, notes = _passed_through(store, stream.read1, raw, cap, cap)
    return MemoryBytes(store.path, text, notes)


def _passed_through(
    store: ByteStore, read: Callable[[int], bytes], raw: Any, cap: int, kept: int
) -> tuple[bytes, int, tuple[Note, ...]]:
    """(the first `kept` bytes or so, number of bytes, notes) of all that `read` unpacks.

    Raises ReadProblem for more than `cap` bytes.
    """
    pieces, total, notes = list[bytes](), 0, store.notes
    while True:
        try:
            piece = read(_CHUNK)
        except _DAMAGE:
            notes = _cut(store, total)
            break
        if not piece:
            break
        total += len(piece)
        if total > cap:
            raise _refuse(store, cap)
        if total <= kept:
            pieces.append(piece)
        raw.tell_progress()
    return b"".join(pieces), total, notes


class _Raw:
    """The least of a file object that the decompressors ask for; it tells how far they are."""

    def __init__(self, store: ByteStore, progress: Progress | None) -> None:
        self._store, self._at = store, 0
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        size = self._store.size if size < 0 else size
        piece = self._store.read(self._at, size)
        self._at += len(piece)
        return piece

    def tell_progress(self) -> None:
        """Raises Cancelled: not inside `read`, where the decompressors would swallow it."""
        if self._progress is not None:
            self._progress.step(self._at, self._store.size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = (0, self._at, self._store.size)[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def flush(self) -> None:
        """Nothing is ever written."""

    @property
    def closed(self) -> bool:
        return False


class GzipBytes:
    """A large .gz file: any place is reached from the nearest seek point, not from the start."""

    def __init__(self, path: str, stream: IO[bytes], size: int, notes: tuple[Note, ...]) -> None:
        self.path, self.size, self.notes = path, size, notes
        self._stream, self._lock = stream, threading.Lock()

    def read(self, offset: int, size: int) -> bytes:
        size = max(0, min(size, self.size - offset))
        try:
            with self._lock:
                self._stream.seek(offset)
                return self._stream.read(size)
        except _DAMAGE as error:
            raise ReadProblem("the compressed file changed while it was open", self.path) from error


def _gzip(store: FileBytes, raw: _Raw) -> ByteStore:
    """First pass: count the bytes and keep small files.

    The seek points are noted on the way, each takes 32 kB: the larger the file, the fewer.
    """
    from indexed_gzip import IndexedGzipFile

    stream = IndexedGzipFile(fileobj=raw, spacing=max(_SPACING, store.size // 500))
    text, total, notes = _passed_through(
        store, stream.read, raw, _cap(store, LARGEST), KEPT_IN_MEMORY
    )
    if total <= KEPT_IN_MEMORY:
        return MemoryBytes(store.path, text, notes)
    return GzipBytes(store.path, stream, total, notes)


def open_bytes(path: str | Path, progress: Progress | None = None) -> ByteStore:
    """The bytes of a file; those of a compressed file unpacked. Raises ReadProblem, Cancelled."""
    store = FileBytes(str(path))
    if store.size == 0:
        raise ReadProblem("is empty so far", path)
    return unpacked(store, progress)
