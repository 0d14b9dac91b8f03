"""G7: every way of writing a file, with its first, second, third ... call to the system failing."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mlipviewer.core.links import Link
from mlipviewer.core.progress import Progress
from mlipviewer.io.export import write_table
from mlipviewer.io.files import write_text
from mlipviewer.io.links import write_links
from mlipviewer.io.movies import MovieProblem
from mlipviewer.io.room import TEMPORARY_PREFIX, NoRoom
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.saving.packing import pack
from mlipviewer.session.saving.recovery import keep
from mlipviewer.session.saving.session_file import Saved, save_session
from mlipviewer.session.settings.settings_file import write_changes
from mlipviewer.session.state import Document
from tests import made
from tests.nightly.more_ways import MORE

CODES = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EACCES)
MOST_CALLS = 200
# a PDF says when it was made, and has a number of its own
TIMES = re.compile(rb"D:\d{14}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|uuid:[0-9a-f-]+|/ID \[[^\]]*\]")
TABLE = made.error_table(4, 2)

Write = Callable[[Path, int], object]


class Calls:
    """Counts calls of the system; from the n-th on, or the n-th alone, they fail."""

    def __init__(self, fails_at: int, code: int, lasting: bool) -> None:
        self.n, self.fails_at, self.code, self.lasting = 0, fails_at, code, lasting

    def check(self) -> None:
        self.n += 1
        if self.n == self.fails_at or (self.lasting and self.n > self.fails_at > 0):
            raise OSError(self.code, os.strerror(self.code))

    @property
    def met(self) -> bool:
        return self.n >= self.fails_at


class Written:
    """A file whose every write and flush is a call that may fail, after half of the bytes."""

    def __init__(self, file: Any, calls: Calls) -> None:
        self._file, self._calls = file, calls

    def write(self, data: Any) -> int:
        try:
            self._calls.check()
        except OSError:
            self._file.write(bytes(data)[: len(data) // 2])
            raise
        return int(self._file.write(data))

    def flush(self) -> None:
        self._calls.check()
        self._file.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Written:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._file.close()


@contextmanager
def failing(fails_at: int, code: int, lasting: bool) -> Iterator[Calls]:
    """Calls for writing fail meanwhile: the n-th, or all from the n-th on."""
    calls, fdopen = Calls(fails_at, code, lasting), os.fdopen

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def one(*args: Any, **named: Any) -> Any:
            calls.check()
            return call(*args, **named)

        return one

    def opened(descriptor: int, mode: str = "r", *args: Any, **named: Any) -> Any:
        file = fdopen(descriptor, mode, *args, **named)
        return Written(file, calls) if set(mode) & set("wax+") else file

    with ExitStack() as stack:
        for owner, name in ((os, "fsync"), (tempfile, "mkstemp"), (Path, "replace"),
                            (Path, "rename"), (Path, "chmod"), (Path, "mkdir")):  # fmt: skip
            stack.enter_context(patch.object(owner, name, counted(getattr(owner, name))))
        stack.enter_context(patch.object(os, "fdopen", opened))
        yield calls


# -- ways of writing: the n-th content at a path ---------------------------------------------


def session(frame: int) -> Saved:
    one = Input("a", "/data/a.csv", Kind.TABLE)
    return Saved(Document(inputs=(one,), panels=start_panels(), frame=frame))


def save(path: Path, n: int) -> object:
    return save_session(path, session(n))


def pack_data(path: Path, n: int) -> object:
    table = path.with_name("errors.csv")
    inputs = (Input("errors.csv", str(table), Kind.TABLE),)
    pack(path, Saved(Document(inputs=inputs, panels=start_panels(), frame=n)), Progress())
    return None


def settings(path: Path, n: int) -> object:
    return write_changes(path, {("table", "digits"): n})


WAYS: dict[str, tuple[str, Write]] = {
    "text": ("a.txt", lambda path, n: write_text(path, "words\n" * n)),
    "session": ("a.mlipview", save),
    "packed session": ("packed.mlipview", pack_data),
    "recovery": ("a.recovery", lambda path, n: keep(session(n), path, "a.mlipview")),
    "settings": ("settings.toml", settings),
    "table as csv": ("a.csv", lambda path, n: write_table(path, {"x": list(range(n))})),
    "table as parquet": ("a.parquet", lambda path, n: write_table(path, {"x": list(range(n))})),
    "links": ("a.links.csv", lambda path, n: write_links(path, [Link(f"m{n}", "trajectory", "r")])),
    **MORE,
}


def stands(path: Path) -> object:
    """What a path holds, times of writing left out; None where nothing is there."""
    if not path.exists():
        return None
    if path.is_dir():
        every = (one for one in sorted(path.rglob("*")) if one.is_file())
        return {str(one.relative_to(path)): stands(one) for one in every}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return {name: untimed(packed.read(name)) for name in packed.namelist()}
    return untimed(path.read_bytes())


def untimed(content: bytes) -> bytes:
    lines = b"\n".join(line for line in content.split(b"\n") if b'"saved"' not in line)
    return TIMES.sub(b"", lines)


def begun(folder: Path, way: str) -> Path:
    """A file written once, with the table that packing takes beside it."""
    folder.mkdir()
    made.write_table(folder / "errors.csv", TABLE)
    name, write = WAYS[way]
    write(folder / name, 1)
    return folder / name


def tried(way: str, folder: Path, code: int, lasting: bool) -> tuple[int, list[str]]:
    """The trials n = 1, 2, ... until no call fails any more, and what went wrong: content that is
    neither the old nor the new, a file that stays behind, an error of another kind."""
    write = WAYS[way][1]
    path = begun(folder / "whole", way)
    old = stands(path)
    write(path, 2)
    new = stands(path)
    assert old != new, f"{way}: the two contents cannot be told apart"
    faults = []
    for n in range(1, MOST_CALLS):
        path = begun(folder / f"{n}", way)
        with failing(n, code, lasting) as calls:
            said = written(write, path)
        if not calls.met:
            return n - 1, faults
        found = wrong(path, said, (old, new))
        faults += [f"{way}, {errno.errorcode[code]} at call {n}: {one}" for one in found]
    return MOST_CALLS, [*faults, f"{way}: not done within {MOST_CALLS} calls"]


def written(write: Write, path: Path) -> str:
    """How it ended: '' well, an error that is expected, or another one."""
    try:
        write(path, 2)
    except NoRoom as problem:
        return f"NoRoom: {problem}"
    except (OSError, MovieProblem) as problem:
        return f"OSError: {problem}"
    except Exception as problem:  # noqa: BLE001 (that is what is looked for)
        return f"{type(problem).__name__}: {problem}"
    return ""


def wrong(path: Path, said: str, whole: tuple[object, object]) -> Iterator[str]:
    if said and not said.startswith(("OSError: ", "NoRoom: ")):
        yield said
    stray = [one.name for one in path.parent.rglob("*") if one.name.startswith(TEMPORARY_PREFIX)]
    if stray:
        yield f"leaves {stray}"
    now = stands(path)
    if now not in whole:
        yield "the file is neither the old nor the new"
    if said == "" and now != whole[1]:
        yield "told as written, and is not"


def measure(codes: tuple[int, ...] = CODES, ways: Iterable[str] = WAYS) -> dict[str, Any]:
    """Every way, code and kind: the number of calls that were made to fail, and the faults."""
    n, faults = 0, list[str]()
    for way, code, lasting in product(ways, codes, (False, True)):
        with tempfile.TemporaryDirectory() as folder:
            trials, found = tried(way, Path(folder), code, lasting)
            n, faults = n + trials, faults + found
    return {"n": n, "n_faults": len(faults), "faults": faults[:20]}
