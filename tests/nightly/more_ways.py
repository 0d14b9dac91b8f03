"""More ways of writing for the rigs of failing calls and full disks: movies, figures, frames, what
is kept in the cache of the user, and the journal of a campaign."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from mlipviewer.core.computation import Computed
from mlipviewer.core.plot import Axis, Line, Plot
from mlipviewer.io.cache import load_parts, save_parts
from mlipviewer.io.files import write_bytes
from mlipviewer.io.kept_results import KeptResults
from mlipviewer.io.movies import ffmpeg, movie_writer
from tests import made

Write = Callable[[Path, int], object]
X = np.linspace(0.0, 1.0, 40)


def pictures(n: int) -> Iterator[Any]:
    """n pictures of 64 x 48 in which something moves."""
    for k in range(n):
        one = np.zeros((48, 64, 4), np.uint8)
        one[10:30, 2 * k : 2 * k + 20] = 255
        yield one


def folder_of_pictures(path: Path, n: int) -> object:
    """A folder that is there already is not written again: each movie has one of its own."""
    path.mkdir(exist_ok=True)
    return movie(path / f"frames-{n}", n)


def movie(path: Path, n: int) -> object:
    def save(picture: Any, file: Path) -> None:
        write_bytes(file, picture.tobytes())

    with movie_writer(path, 10, save=save) as writer:
        for one in pictures(3 * n):
            writer.add(one)
    return None


def figure(path: Path, n: int) -> object:
    from mlipviewer.gui.figure import save_plot

    save_plot(Plot(f"figure {n}", Axis("x"), Axis("y"), (Line(X, X**n),)), path, (320, 240))
    return None


def frames(path: Path, n: int) -> object:
    from mlipviewer.session.commands.frame_converting import Wanted, write_frames

    return write_frames(made.trajectory(n_frames=2 * n), path, Wanted(), {})


@contextmanager
def own_cache(folder: Path) -> Iterator[None]:
    with patch.dict(os.environ, {"XDG_CACHE_HOME": str(folder)}):
        yield


def parts_of(n: int) -> dict[str, bytes]:
    return {"about": str(n).encode(), "index": bytes([n % 251]) * 20_000}


def index(path: Path, n: int) -> object:
    """What is kept of a trajectory beside; it says itself whether it could."""
    with own_cache(path):
        return _or_error(save_parts("frames", "a trajectory", parts_of(n)))


def kept_index(path: Path) -> dict[str, bytes] | None:
    with own_cache(path):
        return load_parts("frames", "a trajectory")


def results(path: Path, n: int) -> object:
    with own_cache(path):
        found = Computed({"column": np.full(500, float(n))}, {"value": n})
        return _or_error(KeptResults("a question").save(0, found))


def _or_error(done: bool) -> object:
    if not done:
        raise OSError("it could not be kept")
    return done


def journal(path: Path, n: int) -> object:
    """A record for each of 1..n, of which each is there or not."""
    from mlipviewer.campaign.journal import Entry, Journal

    try:
        with Journal(path) as found:
            for k in range(1, n + 1):
                found.add(Entry(str(k), "property", "m", "x", "done", {"k": k, "more": "x" * 3000}))
    except sqlite3.Error as problem:
        raise OSError(str(problem)) from None
    return None


def records(path: Path) -> list[dict[str, Any]]:
    """What a journal holds, in the order of its keys as numbers. Raises ReadProblem."""
    from mlipviewer.campaign.journal import Journal

    with Journal(path) as found:
        known = found.known()
    return [dict(known[key].data) for key in sorted(known, key=int)]


MORE: dict[str, tuple[str, Write]] = {
    "pictures of a movie": ("pictures", folder_of_pictures),
    "figure as svg": ("a.svg", figure),
    "figure as pdf": ("a.pdf", figure),
    "figure as png": ("a.png", figure),
    "frames": ("a.xyz", frames),
    "index": ("cache", index),
    "kept results": ("cache", results),
    **({"movie": ("a.mp4", movie)} if ffmpeg() else {}),
}
