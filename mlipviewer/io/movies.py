"""Movies: pictures into a file by ffmpeg, a program of its own, or into a folder of PNG files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlipviewer.io.room import TEMPORARY_PREFIX, NoRoom, check_room

SUFFIXES = (".mp4", ".mov", ".mkv", ".webm", ".gif")
ABSENT = (
    "movies need ffmpeg: pip install mlipviewer[movies], or choose a folder to get PNG pictures"
)
QUALITY = {"high": 16, "medium": 21, "small": 27}
"""Constant rate factors of H.264: 18 is taken to look like the original."""
BITS = {"high": 0.35, "medium": 0.18, "small": 0.08}
"""Bits for each pixel of a picture of atoms, as was seen: to guess the size of the file."""
BITS_LOSSLESS = 2.0  # of GIF and PNG

Picture = NDArray[np.uint8]


class MovieProblem(Exception):
    """Why there is no movie, in one sentence."""


class MovieWriter(Protocol):
    """Takes pictures (height, width, 3 or 4), all of one size. Left by an exception, it leaves
    nothing behind."""

    def add(self, picture: Picture) -> None: ...

    def __enter__(self) -> MovieWriter: ...

    def __exit__(self, *about: Any) -> None: ...


def ffmpeg() -> str:
    """The path of the program; '' where there is none."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        return shutil.which("ffmpeg") or ""
    try:
        return str(get_ffmpeg_exe())
    except RuntimeError:
        return shutil.which("ffmpeg") or ""


def movie_writer(
    path: Path,
    fps: float,
    quality: str = "high",
    save: Callable[[Picture, Path], None] | None = None,
) -> MovieWriter:
    """For a file by its ending; else for a folder, where `save` writes each picture.

    Raises MovieProblem where there is no ffmpeg, or the ending is not that of a movie."""
    if path.suffix.lower() in SUFFIXES:
        if not ffmpeg():
            raise MovieProblem(ABSENT)
        return _Encoded(path, fps, quality)
    if path.suffix and not path.is_dir():
        raise MovieProblem(f"{path.name}: a movie ends with {', '.join(SUFFIXES)}")
    if save is None:
        raise MovieProblem("nothing writes pictures here")
    return _Pictures(path, save)


def guessed_bytes(path: Path, n_pixels: int, quality: str) -> int:
    """About how large a movie will be whose pictures have `n_pixels` in all."""
    lossy = path.suffix.lower() in SUFFIXES and path.suffix.lower() != ".gif"
    return round(n_pixels * (BITS[quality] if lossy else BITS_LOSSLESS) / 8)


def need_room(path: Path, n_pixels: int, quality: str) -> None:
    """Raises MovieProblem where the movie will hardly fit: hours of drawing would be lost."""
    try:
        check_room(path, guessed_bytes(path, n_pixels, quality))
    except NoRoom as problem:
        raise MovieProblem(f"{path.name}: {problem}") from None


def unfinished(path: Path, process: int) -> Path:
    """Where a process makes a movie."""
    return path.with_name(f"{TEMPORARY_PREFIX}{process}{path.suffix}")


class _Encoded:
    """Pipes raw pictures to ffmpeg, which writes beside the file; it is put in place at the end."""

    def __init__(self, path: Path, fps: float, quality: str) -> None:
        self._path, self._fps, self._quality = path.absolute(), fps, quality
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed at the end)
        self._unfinished = unfinished(self._path, os.getpid())
        self._size = (0, 0)

    def __enter__(self) -> _Encoded:
        return self

    def add(self, picture: Picture) -> None:
        height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2  # H.264 asks for even
        if self._process is None:
            self._size = (height, width)
            self._process = self._begin(width, height)
        if (height, width) != self._size:
            raise MovieProblem("pictures of a movie have one size")
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(np.ascontiguousarray(picture[:height, :width, :3]).tobytes())
        except OSError:
            self._process.wait()
            raise MovieProblem(f"ffmpeg ended: {self._last_words()}") from None

    def _begin(self, width: int, height: int) -> subprocess.Popen[bytes]:
        words = [ffmpeg(), "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
        words += ["-s", f"{width}x{height}", "-r", f"{self._fps:g}", "-i", "-", "-an"]
        words += [*_codec(self._path.suffix.lower(), self._quality), str(self._unfinished)]
        return subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._said
        )

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no reason given"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process, self._process = self._process, None
        try:
            if process is not None:
                self._end(process, kind is not None)
            elif kind is None:
                raise MovieProblem("a movie without pictures")
        finally:
            self._unfinished.unlink(missing_ok=True)
            self._said.close()

    def _end(self, process: subprocess.Popen[bytes], failed: bool) -> None:
        assert process.stdin is not None
        if failed:
            process.kill()
        with suppress(OSError):
            process.stdin.close()
        code = process.wait()
        if not failed and code != 0:
            raise MovieProblem(f"ffmpeg ended: {self._last_words()}")
        if not failed:
            self._unfinished.replace(self._path)


def _codec(suffix: str, quality: str) -> list[str]:
    rate = str(QUALITY[quality])
    if suffix == ".gif":
        palette = "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer"
        return ["-vf", palette, "-loop", "0"]
    if suffix == ".webm":
        return ["-c:v", "libvpx-vp9", "-crf", rate, "-b:v", "0", "-pix_fmt", "yuv420p"]
    return ["-c:v", "libx264", "-crf", rate, "-pix_fmt", "yuv420p", "-movflags", "+faststart"]


class _Pictures:
    """A folder of `frame-00001.png`, made under another name and put in place at the end."""

    def __init__(self, path: Path, save: Callable[[Picture, Path], None]) -> None:
        self._path, self._save = path.absolute(), save
        self._unfinished = unfinished(self._path, os.getpid())
        self._n = 0

    def __enter__(self) -> _Pictures:
        if self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir())):
            raise MovieProblem(f"{self._path.name} is there already, and not an empty folder")
        self._unfinished.mkdir()
        return self

    def add(self, picture: Picture) -> None:
        self._n += 1
        self._save(picture, self._unfinished / f"frame-{self._n:05d}.png")

    def __exit__(self, kind: type[BaseException] | None, *_about: Any) -> None:
        if kind is not None:
            shutil.rmtree(self._unfinished, ignore_errors=True)
            return
        try:
            if self._path.is_dir():
                self._path.rmdir()
            self._unfinished.rename(self._path)
        except BaseException:
            shutil.rmtree(self._unfinished, ignore_errors=True)
            raise
