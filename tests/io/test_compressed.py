"""Compressed trajectories: the same frames, in any order, up to a limit."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from trajectory_samples import dump, extxyz, frames, opened, same

from mlipviewer.core.problem import ReadProblem

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("kind", PACK)
def test_that_a_compressed_file_gives_the_same_frames(tmp_path: Path, kind: str) -> None:
    plain = opened(tmp_path, dump(5, 30))
    packed = opened(tmp_path, PACK[kind](dump(5, 30)), f"sample.dump.{kind}")
    assert (packed.format, packed.n_frames) == ("lammps-dump", 5)
    assert all(same(a, b) for a, b in zip(frames(plain), frames(packed), strict=True))


@pytest.mark.parametrize("kind", PACK)
def test_that_a_cut_compressed_file_gives_its_first_frames(tmp_path: Path, kind: str) -> None:
    content = extxyz(200, 100)
    packed = PACK[kind](content)
    source = opened(tmp_path, packed[: len(packed) * 2 // 3], "cut.xyz")
    assert "cut or damaged" in " ".join(map(str, source.notes)) or kind == "gz"
    assert 0 < source.n_frames < 200 or kind != "gz"
    whole = frames(opened(tmp_path, content))
    assert all(same(a, b) for a, b in zip(frames(source), whole, strict=False))


def test_that_a_large_gz_is_read_by_its_seek_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.io.trajectories.compressed.KEPT_IN_MEMORY", 1000)
    monkeypatch.setattr("mlipviewer.io.trajectories.compressed._SPACING", 1 << 16)
    plain = frames(opened(tmp_path, extxyz(60, 200)))
    source = opened(tmp_path, gzip.compress(extxyz(60, 200)), "large.xyz.gz")
    order = np.random.default_rng(1).permutation(60).tolist()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(source.frame, order))
    assert all(same(frame, plain[index]) for index, frame in zip(order, found, strict=True))


@pytest.mark.parametrize("kind", PACK)
def test_that_a_bomb_is_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlipviewer.io.trajectories.compressed.SMALLEST_CAP", 1 << 20)
    packed = PACK[kind](b"0" * (50 << 20))
    with pytest.raises(ReadProblem, match="unpack to more than"):
        opened(tmp_path, packed, "bomb.xyz")


def test_that_zstd_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadProblem, match="not supported yet: zstd"):
        opened(tmp_path, b"\x28\xb5\x2f\xfd" + bytes(40), "run.xyz.zst")
