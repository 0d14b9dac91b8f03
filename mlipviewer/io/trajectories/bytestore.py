"""Where the bytes of a trajectory come from: a regular file or memory, readable at any offset."""

from __future__ import annotations

import codecs
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.files import regular_descriptor

LARGEST_TRANSCODED = 512 << 20
"""Text that has to be rewritten (UTF-16, old Mac line ends) is held in memory: up to this size."""


ENDS = 4096
"""So many bytes at either end tell whether a file is still the same."""


class Change(StrEnum):
    """What became of a file that is open."""

    SAME = "same"
    GROWN = "grown"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Identity:
    """A file on the disk: where it is, how long, how old, and its first and last bytes."""

    device: int
    node: int
    size: int
    mtime_ns: int
    head: bytes
    tail: bytes

    def is_file(self, about: os.stat_result) -> bool:
        return (about.st_dev, about.st_ino) == (self.device, self.node)

    def is_at(self, path: str) -> bool:
        """Whether this file lies there still, as it was or longer."""
        try:
            about = os.stat(path)  # noqa: PTH116 (a str, as opened)
        except OSError:
            return False
        same = about.st_size > self.size or about.st_mtime_ns == self.mtime_ns
        return self.is_file(about) and about.st_size >= self.size and same

    def kept(self) -> list[int | str]:
        """What a side-car says of the file it belongs to: device, node, size, time, hashes."""
        ends = (sha256(self.head).hexdigest(), sha256(self.tail).hexdigest())
        return [self.device, self.node, self.size, self.mtime_ns, *ends]


class ByteStore(Protocol):
    """Bytes that can be read at any offset, from several threads at once."""

    @property
    def path(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def notes(self) -> tuple[Note, ...]: ...

    @property
    def identity(self) -> Identity | None:
        """What the file on the disk is known by; None where there is none."""
        ...

    def progress(self, at: int) -> tuple[int, int]:
        """How far a reader is that has come to `at`: (done, total), of the bytes on the disk."""
        ...

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`; fewer only at the end. Raises ReadProblem."""
        ...

    def read_into(self, offset: int, target: memoryview) -> int:
        """As `read`, into memory that is there: how many bytes there were. Raises ReadProblem."""
        ...


class MemoryBytes:
    """Bytes that are already there."""

    def __init__(
        self,
        path: str,
        content: bytes,
        notes: tuple[Note, ...] = (),
        identity: Identity | None = None,
    ) -> None:
        self.path, self.size, self.notes, self.identity = path, len(content), notes, identity
        self._content = content

    def progress(self, at: int) -> tuple[int, int]:
        return at, self.size

    def read(self, offset: int, size: int) -> bytes:
        return self._content[offset : offset + size]

    def read_into(self, offset: int, target: memoryview) -> int:
        return copied(memoryview(self._content)[offset : offset + len(target)], target)


class FileBytes:
    """A regular file, opened without blocking, read by position and never mapped into memory.

    (A mapped file that another program shortens ends the process with SIGBUS.)
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.notes: tuple[Note, ...] = ()
        self._file = regular_descriptor(path)
        self._lock = threading.Lock()
        self._gone = False
        self.identity = self._known_by()
        self.size = self.identity.size  # of one look: the file may be growing

    def _known_by(self) -> Identity:
        about = os.fstat(self._file)
        size = about.st_size
        head, tail = self._read(0, min(ENDS, size)), self._read(max(0, size - ENDS), ENDS)
        return Identity(about.st_dev, about.st_ino, size, about.st_mtime_ns, head, tail)

    def progress(self, at: int) -> tuple[int, int]:
        return at, self.size

    def refresh(self, head: int = ENDS, tail: bool = True) -> Change:
        """What became of the file since it was opened or refreshed; `size` grows with it.

        It is the same file, grown, where its first `head` bytes are as before and, with `tail`, so
        are the last ones of before. Raises nothing: a file that is gone is not changed.
        """
        old = self.identity
        try:
            about = os.stat(self.path)  # noqa: PTH116 (a str, as opened)
        except OSError:
            return Change.SAME
        if (about.st_size, about.st_mtime_ns) == (old.size, old.mtime_ns) and old.is_file(about):
            return Change.SAME
        if not old.is_file(about) or about.st_size < old.size or not self._holds(old, head, tail):
            return Change.REPLACED
        self.identity = self._known_by()
        grown, self.size = self.identity.size > old.size, self.identity.size
        return Change.GROWN if grown else Change.SAME

    def rewritten(self) -> bool:
        """Whether what is at the known offsets may be something else by now."""
        old, about = self.identity, os.fstat(self._file)
        if (about.st_size, about.st_mtime_ns) != (old.size, old.mtime_ns) and not self._gone:
            self._gone = about.st_size < old.size or not self._holds(old, ENDS, True)
        return self._gone

    def _holds(self, old: Identity, head: int, tail: bool) -> bool:
        """Whether the file still has the old first and last bytes, where they were."""
        n = min(head, len(old.head))
        if self._read(0, n) != old.head[:n]:
            return False
        return not tail or self._read(old.size - len(old.tail), len(old.tail)) == old.tail

    def read(self, offset: int, size: int) -> bytes:
        try:
            return self._read(offset, max(0, min(size, self.size - offset)))
        except OSError as error:
            raise ReadProblem(f"cannot be read: {error.strerror}", self.path) from error

    def read_into(self, offset: int, target: memoryview) -> int:
        if not hasattr(os, "preadv"):
            return copied(self.read(offset, len(target)), target)
        done, size = 0, max(0, min(len(target), self.size - offset))
        try:
            while done < size:
                n = os.preadv(self._file, [target[done:size]], offset + done)
                if not n:
                    break
                done += n
        except OSError as error:
            raise ReadProblem(f"cannot be read: {error.strerror}", self.path) from error
        return done

    def _read(self, offset: int, size: int) -> bytes:
        pieces = []
        while size > 0 and (piece := self._piece(offset, min(size, 1 << 30))):
            pieces.append(piece)
            offset, size = offset + len(piece), size - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, offset: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file, size, offset)
        with self._lock:
            os.lseek(self._file, offset, os.SEEK_SET)
            return os.read(self._file, size)

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        if (file := getattr(self, "_file", None)) is not None:
            close(file)  # not `os.close`: at the very end there may be no `os` any more


def copied(content: bytes | memoryview, target: memoryview) -> int:
    """Copy to the beginning of `target`; how many bytes that were."""
    target[: len(content)] = content
    return len(content)


def refreshed(store: ByteStore) -> Change:
    """What became of the file behind a store; bytes that were unpacked or rewritten do not grow."""
    if isinstance(store, FileBytes):
        return store.refresh()
    old = store.identity
    if old is None:
        return Change.SAME
    try:
        about = os.stat(store.path)  # noqa: PTH116 (a str, as opened)
    except OSError:
        return Change.SAME
    same = old.is_file(about) and (about.st_size, about.st_mtime_ns) == (old.size, old.mtime_ns)
    return Change.SAME if same else Change.REPLACED


def read_whole(store: ByteStore, largest: int) -> bytes:
    """Everything. Raises ReadProblem where that is more than `largest` bytes."""
    finish = getattr(store, "finish", None)
    if finish is not None:
        finish()  # the size of what is still packed is not known before
    if store.size > largest:
        raise ReadProblem(
            f"not supported: {store.size >> 20} MB of this format (at most {largest >> 20} MB)",
            store.path,
        )
    return store.read(0, store.size)


def as_text(store: ByteStore) -> ByteStore:
    """The same store where its text is ASCII-like; else a copy in UTF-8 with `\\n` line ends."""
    head = store.read(0, 1 << 16)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _transcoded(store, "utf-16", "text in UTF-16")
    if head.startswith(codecs.BOM_UTF8):
        content = read_whole(store, LARGEST_TRANSCODED)[len(codecs.BOM_UTF8) :]
        return MemoryBytes(store.path, content, store.notes, store.identity)
    if b"\r" in head and b"\n" not in head:
        return _transcoded(store, "latin-1", "old Mac line ends")
    return store


def _transcoded(store: ByteStore, encoding: str, what: str) -> ByteStore:
    content = read_whole(store, LARGEST_TRANSCODED)
    text = content.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    codec = "latin-1" if encoding == "latin-1" else "utf-8"
    note = Note(f"{what} was converted", Place(store.path))
    return MemoryBytes(store.path, text.encode(codec), (*store.notes, note), store.identity)


def decoded(text: bytes) -> str:
    """UTF-8 where it is, else Latin-1: never fails."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")
