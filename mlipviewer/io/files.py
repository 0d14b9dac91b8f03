"""Files: what may be opened, what they are known by, how they are written, what text they hold."""

from __future__ import annotations

import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.room import FULL, TEMPORARY_PREFIX, no_room

MEGABYTE = 1 << 20
WHOLE_FILE_LIMIT = 64 * MEGABYTE  # larger files are known by their size, head and tail
PARTIAL = "head-tail:"  # how the marks of these begin
RAISED_CAP = "MLIPVIEWER_UNPACK_GB"
"""The variable of the environment by which a user raises the cap of compressed files. The setting
is put there when the program starts, so that worker processes know it too."""
ARCHIVE_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, IndexError),
)
"""What zipfile raises of archives that are damaged."""


def open_regular(path: str | Path) -> BinaryIO:
    """An open binary handle of a regular file. Raises ReadProblem.

    A named pipe or a device would block or never end: O_NONBLOCK keeps the open itself from
    waiting, and what is not a regular file is refused before a byte is read.
    """
    return os.fdopen(regular_descriptor(path), "rb")


def regular_descriptor(path: str | Path) -> int:
    """See `open_regular`. Raises ReadProblem."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        raise ReadProblem(_reason(error), path) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise ReadProblem(f"is {_kind(mode)}, not a regular file", path)
    return descriptor


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((name for test, name in kinds if test(mode)), "a device")


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case PermissionError() if os.name == "nt":
            return "may not be read, or is a folder"
        case PermissionError():
            return "may not be read: permission denied"
        case OSError(strerror=str(text)):
            return f"cannot be opened: {text.lower()}"
        case _:
            return f"cannot be opened: {error}"


def fingerprint(path: str | Path) -> str:
    """Hex sha256 of the whole file up to 64 MB; above, of size + first and last MB (`head-tail:`).

    Of a folder: of the names, sizes and times of the files below it (`folder:`). Raises
    ReadProblem.
    """
    if Path(path).is_dir():
        return _fingerprint_of_folder(Path(path))
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        digest = sha256()
        if size <= WHOLE_FILE_LIMIT:
            while block := file.read(MEGABYTE):
                digest.update(block)
            return digest.hexdigest()
        digest.update(str(size).encode())
        digest.update(file.read(MEGABYTE))
        file.seek(size - MEGABYTE)
        digest.update(file.read(MEGABYTE))
        return f"{PARTIAL}{digest.hexdigest()}"


def fingerprint_of_files(paths: Sequence[str | Path]) -> str:
    """That of one file; of several their names, sizes and times, in order (`files:`). Raises
    ReadProblem."""
    if len(paths) == 1:
        return fingerprint(paths[0])
    digest = sha256()
    for path in paths:
        try:
            about = Path(path).stat()
        except OSError as error:
            raise ReadProblem(f"cannot be opened: {error.strerror}", path) from error
        said = f"{Path(path).name}\0{about.st_size}\0{about.st_mtime_ns}\n"
        digest.update(said.encode(errors="replace"))
    return f"files:{digest.hexdigest()}"


def _fingerprint_of_folder(folder: Path) -> str:
    digest = sha256()
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            file = Path(base, name)
            about = file.stat() if file.exists() else None
            size, time = (about.st_size, about.st_mtime_ns) if about else (0, 0)
            digest.update(f"{file.relative_to(folder)}\0{size}\0{time}\n".encode(errors="replace"))
    return f"folder:{digest.hexdigest()}"


def write_atomically(path: str | Path, write: Callable[[BinaryIO], object]) -> None:
    """Call `write` with a file beside `path`, then put it in place in one step.

    Whatever happens, `path` holds the old bytes or all the new ones. Raises OSError, with the old
    file intact and no temporary file left; NoRoom, which says how much is needed, on a full disk.
    """
    _write_atomically(path, write, None)


def _write_atomically(
    path: str | Path, write: Callable[[BinaryIO], object], size: int | None
) -> None:
    """`size` of all that will be written, where it is known before."""
    target = Path(path).absolute()
    descriptor, name = _begun(target, size or 0)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        _keep_mode(target, Path(name))
        Path(name).replace(target)
    except BaseException as problem:
        written = _removed(Path(name))
        if isinstance(problem, OSError) and problem.errno in FULL:
            needed = written if size is None else size
            raise no_room(problem.errno, needed, target.parent, size is None) from problem
        raise
    _sync_folder(target.parent)


def _begun(target: Path, size: int) -> tuple[int, str]:
    """An open file beside the target. Raises OSError."""
    try:
        return tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    except OSError as problem:
        if problem.errno in FULL:
            raise no_room(problem.errno, size, target.parent) from problem
        # of the file that was asked for, not of the one beside it
        raise OSError(problem.errno, problem.strerror, str(target)) from problem


def _removed(path: Path) -> int:
    """How many bytes it had."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
    finally:
        path.unlink(missing_ok=True)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Atomically replace the content of `path`. Raises OSError."""
    _write_atomically(path, lambda file: file.write(data), len(data))


def write_text(path: str | Path, text: str) -> None:
    """Atomically replace the content of `path` by UTF-8 text. Raises OSError."""
    write_bytes(path, text.encode("utf-8", "surrogateescape"))


def _keep_mode(target: Path, temporary: Path) -> None:
    """Temporary files are private; the target gets the mode it had, or that of any new file."""
    try:
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    except FileNotFoundError:
        temporary.chmod(0o666 & ~_MASK)


_MASK = os.umask(0o077)
"""What the user denies others of new files. It cannot be read without being set, which is no matter
for threads: this is imported before there are any."""
os.umask(_MASK)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        ...  # some network file systems refuse; the data themselves are safe
    finally:
        os.close(descriptor)


def decode(data: bytes, path: str | Path = "") -> tuple[str, tuple[Note, ...]]:
    """Text of bytes: UTF-8, a byte-order mark, UTF-16 with its mark, else Latin-1 with a Note."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        note = Note("is not UTF-8; read as Latin-1", Place(str(path)))
        return data.decode("latin-1"), (note,)


def read_bytes(path: str | Path, limit: int) -> bytes:
    """All bytes of a regular file of at most `limit` bytes. Raises ReadProblem."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise ReadProblem(
                f"has {size / MEGABYTE:.0f} MB; at most {limit / MEGABYTE:.0f} MB are read", path
            )
        return file.read(limit + 1)
