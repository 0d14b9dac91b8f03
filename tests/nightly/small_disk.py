"""A disk that is full: a tmpfs of a megabyte, on which every way of writing is tried with ever more
room left until it succeeds. It needs the right to mount."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.nightly.failing_calls import WAYS, begun, stands, written, wrong

KILOBYTES = 1024
ROOM = (0, 4, 8, 16, 32, 64, 128, 256, 512)
"""kB that are left free, until a way succeeds."""


class NoDisk(Exception):
    """Why there is no small disk here."""


@contextmanager
def small_disk(kilobytes: int = KILOBYTES) -> Iterator[Path]:
    """A folder with so much room. Raises NoDisk."""
    with tempfile.TemporaryDirectory(prefix="mlipviewer-disk-") as folder:
        words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=20)
        except OSError as problem:
            raise NoDisk(str(problem)) from None
        if done.returncode:
            raise NoDisk(done.stderr.strip() or "mount failed")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], capture_output=True, check=True, timeout=20)


def fill(folder: Path, leave: int) -> None:
    """Use up a disk but for `leave` kB."""
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
        size = file.tell()
        file.truncate(max(size - size % 4096 - leave * 1024, 0))


def tried_on(way: str, leave: int) -> tuple[bool, list[str]]:
    """Whether a way of writing succeeds with so much room, and what is wrong. Raises NoDisk."""
    with small_disk() as disk:
        path = begun(disk / "whole", way)
        old = stands(path)
        WAYS[way][1](path, 2)
        new = stands(path)
        path = begun(disk / "one", way)
        fill(disk, leave)
        said = written(WAYS[way][1], path)
        faults = [*wrong(path, said, (old, new)), *_words(said)]
    return said == "", [f"{way} with {leave} kB: {one}" for one in faults]


def _words(said: str) -> Iterator[str]:
    """A full disk is told as one, with the room that is needed and free (rule D2)."""
    if said.startswith("NoRoom: ") and not ("needed" in said and "free" in said):
        yield f"does not say what is needed and free: {said}"


def disks(ways: Iterable[str] = WAYS) -> dict[str, Any]:
    """Every way with ever more room: how many trials, and the faults."""
    n, faults = 0, list[str]()
    for way in ways:
        for leave in ROOM:
            try:
                done, found = tried_on(way, leave)
            except NoDisk as reason:
                return {"n": 0, "faults": [], "skipped": str(reason)}
            n, faults = n + 1, faults + found
            if done:
                break
        else:
            faults.append(f"{way}: not written with {ROOM[-1]} kB")
    return {"n": n, "faults": faults}
