"""Seek points of packed files: found without unpacking, kept; the same text from each of them."""

from __future__ import annotations

import gzip
import random
import sys
import zlib
from importlib import import_module
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trajectory_samples import dump

from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.cache import cache_folder
from mlipviewer.io.trajectories import compressed, seek_points
from mlipviewer.io.trajectories.bytestore import FileBytes
from mlipviewer.io.trajectories.compressed import PackedBytes, open_bytes
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.io.trajectories.seek_points import found_points
from mlipviewer.native.deflate import Stop, follow_blocks

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
STRATEGIES = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY, zlib.Z_FIXED, zlib.Z_RLE)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache of its own, and every file is worth it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(seek_points, "SMALLEST", 1)
    monkeypatch.setattr(compressed, "SMALLEST", 1)
    monkeypatch.setattr(compressed, "_SPACING", 20_000)
    monkeypatch.setattr(compressed, "_FED", 4096)


def packed(text: bytes, level: int = 6, strategy: int = 0, name: bytes = b"") -> bytes:
    """A gzip stream whose blocks are short."""
    body = zlib.compressobj(level, zlib.DEFLATED, -15, 1, strategy)
    head = (
        b"\x1f\x8b\x08" + (b"\x08" if name else b"\0") + bytes(6) + (name + b"\0" if name else b"")
    )
    end = zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + body.compress(text) + body.flush() + end


@settings(max_examples=60)
@given(st.integers(0, 9), st.sampled_from(STRATEGIES), st.integers(0, 60_000), st.integers(0, 99))
def test_that_blocks_are_followed_to_the_end(level: int, strategy: int, n: int, seed: int) -> None:
    rng = random.Random(seed)
    text = b"".join(b"%.6g " % rng.uniform(0, 99) for _ in range(n // 7)) + rng.randbytes(n % 99)
    body = zlib.compressobj(level, zlib.DEFLATED, -15, 1, strategy)
    stream = body.compress(text) + body.flush()
    stop, bit, length = follow_blocks(stream + b"behind", 0, len(text) + 1)
    assert (stop, (bit + 7) // 8, length) == (Stop.LAST_BLOCK, len(stream), len(text))
    cut, _, before = follow_blocks(stream[: len(stream) // 2], 0, len(text) + 1)
    assert cut is Stop.MORE_BYTES
    assert before <= len(text)


@given(st.binary(max_size=300), st.integers(0, 7))
def test_that_no_bytes_can_do_harm(content: bytes, bit: int) -> None:
    stop, end, length = follow_blocks(content, min(bit, 8 * len(content)), 1000)
    assert stop in Stop
    assert 0 <= end <= 8 * len(content)
    assert length >= 0


@pytest.mark.parametrize("level", [1, 6, 9])
def test_that_the_text_goes_on_from_each_point(tmp_path: Path, level: int) -> None:
    text = dump(30, 200)
    third = len(text) // 3
    streams = [packed(text[:third], level, 0, b"name"), packed(text[third:], level), b"\0" * 512]
    path = tmp_path / "made.gz"
    path.write_bytes(b"".join(streams))
    points = found_points(FileBytes(str(path)), lambda at, n: text[at : at + n], 20_000)
    assert points is not None
    assert len(points) > 5
    assert len({point.bit & 7 for point in points}) > 2
    assert {point.stream for point in points} == {0, third}
    first = open_bytes(path)
    assert isinstance(first, PackedBytes)
    first.finish()
    first.keep_points()
    second = open_bytes(path)
    assert second.size == len(text)
    for point in points:
        assert second.read(point.at - 100, 300) == text[point.at - 100 : point.at + 200]
    middle = points[1].at
    assert second.read(middle, len(text)) == text[middle:]  # into the other stream, to the end
    assert second.read(len(text) - 5, 100) == text[-5:]


def test_that_a_second_opening_reaches_a_late_frame_at_once(tmp_path: Path) -> None:
    path = tmp_path / "made.dump.gz"
    path.write_bytes(packed(dump(200, 100)))
    open_trajectory(path)  # as the command line does: only where the frames are is kept
    first = open_trajectory(path, told=lambda source: None)
    frames = [first.frame(k) for k in range(200)]
    asked = 0
    read = FileBytes.read

    def counted(self: FileBytes, offset: int, size: int) -> bytes:
        nonlocal asked
        asked += len(found := read(self, offset, size))
        return found

    with mock.patch.object(FileBytes, "read", counted):
        store = open_bytes(path)
        asked = 0
        store.read(store.size - 100, 100)
    assert 0 < asked < path.stat().st_size / 4
    second = open_trajectory(path)
    for k in (199, 0, 150, 151, 149):
        assert (second.frame(k).positions == frames[k].positions).all()


@pytest.mark.parametrize("n_streams", [1, 12])
def test_that_the_frames_of_zstd_are_kept_where_there_are_several(
    tmp_path: Path, n_streams: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, path = dump(60, 200), tmp_path / "made.dump.zst"
    size = len(text) // n_streams + 1
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    path.write_bytes(b"".join(map(zstd.compress, parts)))
    first = open_trajectory(path, told=lambda source: None)
    frames = [first.frame(k) for k in range(60)]
    again = open_bytes(path)
    assert isinstance(again, PackedBytes)
    assert again._known == (n_streams > 1)
    if n_streams > 1:
        asked: list[int] = []
        read = FileBytes.read
        monkeypatch.setattr(FileBytes, "read", lambda s, at, n: asked.append(at) or read(s, at, n))
        assert again.read(again.size - 50, 99) == text[-50:]
        assert min(asked) > path.stat().st_size * 3 / 4
        middle = len(text) // 2
        assert again.read(middle, len(text)) == text[middle:]
    second = open_trajectory(path)
    for k in (59, 0, 30, 31, 29):
        assert (second.frame(k).positions == frames[k].positions).all()


def test_that_points_in_doubt_are_no_points(tmp_path: Path) -> None:
    path = tmp_path / "made.dump.gz"
    path.write_bytes(packed(dump(40, 100)))
    open_trajectory(path, told=lambda source: None)
    store = FileBytes(str(path))
    assert seek_points.load_points(store) is not None
    (side,) = cache_folder(seek_points.FOLDER).glob("*.side")
    content = bytearray(side.read_bytes())
    content[len(content) // 2] ^= 1
    side.write_bytes(content)
    assert seek_points.load_points(store) is None
    open_trajectory(path, told=lambda source: None)
    assert seek_points.load_points(store) is not None
    path.write_bytes(packed(dump(41, 100)))
    assert seek_points.load_points(FileBytes(str(path))) is None
    assert open_trajectory(path).n_frames == 41


def test_that_damaged_files_and_stopped_work_keep_no_points(tmp_path: Path) -> None:
    path = tmp_path / "made.dump.gz"
    whole = gzip.compress(dump(40, 100))
    path.write_bytes(whole[: len(whole) // 2])
    assert open_trajectory(path, told=lambda source: None).n_frames > 5
    assert seek_points.load_points(FileBytes(str(path))) is None
    path.write_bytes(packed(dump(40, 100)))
    store = open_bytes(path)
    assert isinstance(store, PackedBytes)
    store.finish()

    class Stopped(Progress):
        def step(self, *_: object) -> None:
            raise Cancelled

    store.keep_points(Stopped())
    assert seek_points.load_points(FileBytes(str(path))) is None
