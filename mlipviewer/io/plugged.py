"""Readers and exports of plug-ins, and what they raise as a sentence about the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from mlipviewer.core.extension import Export, Reader
from mlipviewer.core.plugins import Kind, failed, load, names
from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame


def reader_of(head: bytes, name: str) -> Reader | None:
    """The plug-in that takes a file of this name, which begins so; by content, then by name."""
    known = [one for n in names(Kind.READER) if (one := load(Kind.READER, n, Reader)) is not None]
    by_content = (one for one in known if _sniffs(one, head))
    by_name = (one for one in known if any(fnmatch(name, pattern) for pattern in one.names))
    return next(by_content, None) or next(by_name, None)


def reader_named(name: str) -> Reader | None:
    return load(Kind.READER, name, Reader)


def _sniffs(one: Reader, head: bytes) -> bool:
    try:
        return one.sniff is not None and bool(one.sniff(head))
    except Exception as problem:  # noqa: BLE001 - a stranger's function: the others are still asked
        failed(Kind.READER, one.name, problem)
        return False


def frames_of(one: Reader, path: str) -> list[Frame]:
    """All frames. Raises ReadProblem."""
    try:
        found = list(one.read(Path(path)))
    except ReadProblem:
        raise
    except Exception as problem:
        raise ReadProblem(failed(Kind.READER, one.name, problem), path) from problem
    if not found or not all(isinstance(frame, Frame) for frame in found):
        raise ReadProblem(f"plug-in {one.name} found no frames", path)
    return found


def frame_writer(suffix: str) -> Callable[[Frame], bytes] | None:
    """What writes frames to files of this suffix (`.abc`), if a plug-in does."""
    one = _export(suffix, "frame")
    return None if one is None or one.frame is None else _guarded(one.name, one.frame, _of_frames)


def table_writer(suffix: str) -> Callable[[Mapping[str, Sequence[Any]]], bytes] | None:
    """What writes tables to files of this suffix, if a plug-in does."""
    one = _export(suffix, "table")
    return None if one is None or one.table is None else _guarded(one.name, one.table, ValueError)


def _export(suffix: str, what: str) -> Export | None:
    known = (load(Kind.EXPORT, name, Export) for name in names(Kind.EXPORT))
    fits = (one for one in known if one is not None and one.suffix == suffix)
    return next((one for one in fits if getattr(one, what) is not None), None)


def _of_frames(said: str) -> ReadProblem:
    return ReadProblem(said)


def _guarded(
    name: str, write: Callable[[Any], object], wrong: Callable[[str], Exception]
) -> Callable[[Any], bytes]:
    def safe(thing: Any) -> bytes:
        try:
            found = write(thing)
        except Exception as problem:
            raise wrong(failed(Kind.EXPORT, name, problem)) from problem
        if not isinstance(found, bytes):
            kind = TypeError(f"it gives {type(found).__name__}, not bytes")
            raise wrong(failed(Kind.EXPORT, name, kind))
        return found

    return safe
