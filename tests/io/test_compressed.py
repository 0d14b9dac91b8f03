"""Compressed trajectories: the same frames, in any order, up to a limit."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from trajectory_samples import dump, extxyz, frames, opened, same

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.trajectories.compressed import PackedBytes, open_bytes

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}
MODULE = "mlipviewer.io.trajectories.compressed"


def in_pieces(content: bytes, pack: Callable[[bytes], bytes], size: int) -> bytes:
    """Several streams one behind the other, as parallel compressors write them."""
    return b"".join(pack(content[at : at + size]) for at in range(0, len(content), size))


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"KEPT_IN_MEMORY": 300_000, "_SPACING": 1 << 16, "_RECENT": 1 << 16, "_FAR": 1 << 17}
    for name, value in sizes.items():
        monkeypatch.setattr(f"{MODULE}.{name}", value)
    monkeypatch.setattr(f"{MODULE}._FED", 1 << 13)


@pytest.mark.parametrize("kind", PACK)
def test_that_a_compressed_file_gives_the_same_frames(tmp_path: Path, kind: str) -> None:
    plain = opened(tmp_path, dump(5, 30))
    packed = opened(tmp_path, PACK[kind](dump(5, 30)), f"sample.dump.{kind}")
    assert (packed.format, packed.n_frames) == ("lammps-dump", 5)
    assert all(same(a, b) for a, b in zip(frames(plain), frames(packed), strict=True))
    assert not any(note.loss for note in packed.notes)


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("part", [0.05, 0.4, 0.67, 0.999])
def test_that_a_cut_compressed_file_gives_its_first_frames(
    tmp_path: Path, kind: str, part: float
) -> None:
    content = extxyz(200, 100)
    packed = in_pieces(content, PACK[kind], 300_000)
    whole = frames(opened(tmp_path, content))
    try:
        source = opened(tmp_path, packed[: int(len(packed) * part)], "cut.xyz")
    except ReadProblem as problem:  # the others give nothing before their first block is complete
        assert kind != "gz"
        assert "cut or damaged" in str(problem)  # noqa: PT017
        return
    assert "cut or damaged" in " ".join(map(str, source.notes))
    assert 0 < source.n_frames < 200
    assert source.n_frames >= 180 * part or kind != "gz"
    assert all(same(a, b) for a, b in zip(frames(source), whole, strict=False))


def test_that_a_damaged_byte_costs_what_lies_behind_it(tmp_path: Path) -> None:
    content = extxyz(300, 100)
    packed = bytearray(gzip.compress(content))
    at = len(packed) // 2
    packed[at : at + 64] = bytes(64)
    source = opened(tmp_path, bytes(packed), "damaged.xyz.gz")
    whole = frames(opened(tmp_path, content))
    good = [frame for frame in frames(source) if frame.complete]
    assert all(same(a, b) for a, b in zip(good[:140], whole, strict=False))
    assert len(good) >= 140
    assert any(note.loss for note in source.notes)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    ("kind", "size"),
    [("gz", 0), ("gz", 70_000), ("zst", 0), ("zst", 70_000), ("xz", 0), ("bz2", 0)],
)
def test_that_any_frame_of_a_large_file_is_found_again(
    tmp_path: Path, kind: str, size: int
) -> None:
    content = extxyz(60, 200)
    plain = frames(opened(tmp_path, content))
    packed = in_pieces(content, PACK[kind], size or len(content))
    source = opened(tmp_path, packed, f"large.xyz.{kind}")
    order = np.random.default_rng(1).permutation(60).tolist()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(source.frame, order))
    assert all(same(frame, plain[index]) for index, frame in zip(order, found, strict=True))


@pytest.mark.usefixtures("little_memory")
def test_that_a_large_file_stays_out_of_memory(tmp_path: Path) -> None:
    content = extxyz(60, 200)
    for kind, size in (("gz", len(content)), ("zst", 60_000)):
        path = tmp_path / f"large.{kind}"
        path.write_bytes(in_pieces(content, PACK[kind], size))
        store = open_bytes(path)
        assert isinstance(store, PackedBytes)
        store.finish()
        assert store.size == len(content)
        assert sum(map(len, store._pieces)) < 200_000
        assert store._copy is None  # seek points are enough
        assert len(store._points) > 5
        rng = np.random.default_rng(2)
        for at in rng.integers(0, len(content), 50).tolist():
            n = int(rng.integers(1, 100_000))
            assert store.read(at, n) == content[at : at + n]


@pytest.mark.usefixtures("little_memory")
def test_that_one_long_zstd_frame_is_unpacked_beside(tmp_path: Path) -> None:
    content = extxyz(60, 200)
    path = tmp_path / "large.zst"
    path.write_bytes(zstd.compress(content))
    store = open_bytes(path)
    assert store.read(len(content) - 10, 20) == content[-10:]
    assert isinstance(store, PackedBytes)
    assert store._copied == len(content)
    assert store.read(5, 500_000) == content[5:500_005]


@pytest.mark.usefixtures("little_memory")
def test_that_a_full_disk_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{MODULE}.KEPT_FREE", 1 << 62)
    content = extxyz(30, 200)
    path = tmp_path / "large.zst"
    path.write_bytes(zstd.compress(content))
    store = open_bytes(path)
    assert store.read(len(content) - 10, 20) == content[-10:]
    assert store.read(5, 1000) == content[5:1005]
    assert isinstance(store, PackedBytes)
    assert store._copy is None


@pytest.mark.parametrize("kind", PACK)
def test_that_a_bomb_is_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{MODULE}.SMALLEST_CAP", 1 << 20)
    packed = PACK[kind](b"0" * (50 << 20))
    with pytest.raises(ReadProblem, match="unpack to more than"):
        opened(tmp_path, packed, "bomb.xyz")


def test_that_a_user_may_raise_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{MODULE}.SMALLEST_CAP", 1 << 16)
    monkeypatch.setattr(f"{MODULE}.RATIO", 1)
    packed = gzip.compress(extxyz(100, 100))
    with pytest.raises(ReadProblem, match="MLIPVIEWER_UNPACK_GB"):
        opened(tmp_path, packed, "run.xyz.gz")
    monkeypatch.setenv("MLIPVIEWER_UNPACK_GB", "0.5")
    assert opened(tmp_path, packed, "run.xyz.gz").n_frames == 100


def test_that_the_first_frame_does_not_wait_for_the_last_byte(tmp_path: Path) -> None:
    content = extxyz(4000, 100)
    path = tmp_path / "run.xyz.gz"
    path.write_bytes(gzip.compress(content, 1))
    store = open_bytes(path)
    assert store.read(0, 100) == content[:100]
    done, total = store.progress(0)
    assert done < total / 2


def test_that_unpacking_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "run.xyz.gz"
    path.write_bytes(gzip.compress(extxyz(100, 100)))
    progress = Progress()
    progress.stop()
    store = open_bytes(path)
    assert isinstance(store, PackedBytes)
    with pytest.raises(Cancelled):
        store.finish(progress)


@pytest.mark.parametrize("kind", PACK)
def test_that_rubbish_behind_a_magic_number_is_a_read_problem(tmp_path: Path, kind: str) -> None:
    head = PACK[kind](b"")[:6]
    with pytest.raises(ReadProblem, match="cut or damaged after"):
        opened(tmp_path, head + b"\x2a" * 400, f"run.xyz.{kind}")
