"""Movies: as many pictures as were given, of the right size; nothing left of a failed one."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.io import movies
from mlipviewer.io.movies import MovieProblem, ffmpeg, movie_writer

needs_ffmpeg = pytest.mark.skipif(not ffmpeg(), reason="no ffmpeg (mlipviewer[movies])")


def pictures(n: int, width: int = 64, height: int = 48) -> list[np.ndarray]:
    """A white square that moves over black."""
    found = []
    for k in range(n):
        one = np.zeros((height, width, 4), np.uint8)
        one[10:30, 2 * k : 2 * k + 20] = 255
        found.append(one)
    return found


def decoded(path: Path) -> np.ndarray:
    """(n, height, width) grey, by the decoder."""
    said = subprocess.run([ffmpeg(), "-i", str(path)], capture_output=True, text=True, check=False)
    size = re.search(r", (\d+)x(\d+)", said.stderr)
    assert size is not None
    width, height = int(size[1]), int(size[2])
    raw = subprocess.run(
        [ffmpeg(), "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        capture_output=True, check=True,
    )  # fmt: skip
    return np.frombuffer(raw.stdout, np.uint8).reshape(-1, height, width)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov", ".webm"])
def test_that_a_movie_shows_what_was_given(tmp_path: Path, suffix: str) -> None:
    given = pictures(12)
    with movie_writer(tmp_path / f"a{suffix}", 25) as writer:
        for one in given:
            writer.add(one)
    seen = decoded(tmp_path / f"a{suffix}")
    assert seen.shape == (12, 48, 64)
    wanted = np.array(given)[..., 0].astype(float)
    assert np.abs(seen - wanted).mean() < 8
    assert [one.name for one in tmp_path.iterdir()] == [f"a{suffix}"]


@needs_ffmpeg
def test_that_odd_sizes_lose_a_line_and_gifs_move(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.gif"):
        with movie_writer(tmp_path / name, 10) as writer:
            for one in pictures(5, 65, 49):
                writer.add(one)
        assert decoded(tmp_path / name).shape == (5, 48, 64)


def test_that_a_folder_gets_pictures(tmp_path: Path) -> None:
    kept = []

    def save(picture: np.ndarray, path: Path) -> None:
        kept.append(picture)
        path.write_bytes(b"png")

    with movie_writer(tmp_path / "frames", 10, save=save) as writer:
        for one in pictures(3):
            writer.add(one)
    assert sorted(one.name for one in (tmp_path / "frames").iterdir()) == [
        f"frame-0000{n}.png" for n in (1, 2, 3)
    ]
    assert len(kept) == 3
    with pytest.raises(MovieProblem, match="not an empty folder"):
        movie_writer(tmp_path / "frames", 10, save=save).__enter__()


@needs_ffmpeg
@pytest.mark.parametrize("name", ["a.mp4", "frames"])
def test_that_nothing_is_left_of_a_failed_movie(tmp_path: Path, name: str) -> None:
    def save(_picture: np.ndarray, path: Path) -> None:
        path.write_bytes(b"png")

    def fails() -> None:
        with movie_writer(tmp_path / name, 10, save=save) as writer:
            writer.add(pictures(1)[0])
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fails()
    assert list(tmp_path.iterdir()) == []


@needs_ffmpeg
def test_that_a_movie_that_was_there_stays_until_the_new_one_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")

    def fails() -> None:
        with movie_writer(path, 10) as writer:
            writer.add(pictures(1)[0])
            writer.add(pictures(1, 32, 32)[0])

    with pytest.raises(MovieProblem, match="one size"):
        fails()
    assert path.read_bytes() == b"old"


@needs_ffmpeg
def test_that_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    def fails() -> None:
        with movie_writer(tmp_path / "none" / "a.mp4", 10) as writer:
            for one in pictures(200, 640, 480):
                writer.add(one)

    with pytest.raises(MovieProblem, match="ffmpeg ended"):
        fails()


def test_that_without_ffmpeg_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(movies, "ffmpeg", lambda: "")
    with pytest.raises(MovieProblem, match=r"mlipviewer\[movies\]"):
        movie_writer(tmp_path / "a.mp4", 10)
    with pytest.raises(MovieProblem, match="ends with"):
        movie_writer(tmp_path / "a.txt", 10)
