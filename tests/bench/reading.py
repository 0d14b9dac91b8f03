"""Reading trajectories, beside other readers on the same files in the same run."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.io.trajectories.opening import open_trajectory
from tests.bench.made import write_dump, write_extxyz, write_xdatcar
from tests.bench.peers import peers_on
from tests.bench.timing import timed

PIECE = 1 << 18


def measure() -> dict[str, Any]:
    """Full reads in MB/s, first and random frames in ms; compressed ones beside the decoder."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["XDG_CACHE_HOME"] = str(place / "cache")  # no index from an earlier run
        a = write_extxyz(place / "a.extxyz", 100_000, 10)
        b1 = write_dump(place / "b1.dump", 1_000_000, 3)
        b2 = write_dump(place / "b2.dump", 10_000, 400)
        x = write_xdatcar(place / "made.XDATCAR", 500, 2000)
        return {
            "extxyz_1e5x10": _file(a),
            "dump_1e6x3": _file(b1),
            "dump_1e4x400": _file(b2),
            "xdatcar_500x2000": _file(x),
            "dump_1e4x400_gz": _packed(_gz(b2)),
            "dump_1e4x400_zst": _packed(_zst(b2)),
        }


def _file(path: Path) -> dict[str, Any]:
    megabytes = path.stat().st_size / 1e6
    source = open_trajectory(path)
    order = np.random.default_rng(1).permutation(source.n_frames)
    found: dict[str, Any] = {
        "megabytes": round(megabytes, 1),
        "index_and_first_frame": _fresh(path),
        "opening_and_all_frames": timed(lambda: _all(path), 3, 0),
        "kept_index_and_first_frame": timed(lambda: open_trajectory(path).frame(0), 3),
        "all_frames": timed(lambda: [source.frame(i) for i in range(source.n_frames)], 3, 0),
        "random_frame": timed(lambda: source.frame(int(order[0])), 5),
    }
    found["mb_per_cpu_s"] = round(megabytes / found["all_frames"]["cpu_ms"] * 1e3, 1)
    found["peers"] = peers_on(path)
    mine = found["opening_and_all_frames"]["cpu_ms"]
    found["cpu_of_peers_to_mine"] = {
        name: round(peer["all_frames"]["cpu_ms"] / mine, 2)
        for name, peer in found["peers"].items()
        if "all_frames" in peer
    }
    return found


def _all(path: Path) -> None:
    """Open without a kept index and read every frame, as the peers do."""
    shutil.rmtree(Path(os.environ["XDG_CACHE_HOME"]), ignore_errors=True)
    source = open_trajectory(path)
    for k in range(source.n_frames):
        source.frame(k)


def _fresh(path: Path) -> dict[str, float]:
    """Opening without a kept index."""

    def opened() -> None:
        shutil.rmtree(Path(os.environ["XDG_CACHE_HOME"]), ignore_errors=True)
        open_trajectory(path).frame(0)

    return timed(opened, 3)


def _gz(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.gz")
    with path.open("rb") as source, gzip.open(packed, "wb", 6) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return packed


def _zst(path: Path) -> Path:
    packed = path.with_name(f"{path.name}.zst")
    with path.open("rb") as source, _zstd().open(packed, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return packed


def _zstd() -> Any:
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def _packed(path: Path) -> dict[str, Any]:
    """The first pass, with the frames found on the way, beside the bare decoder."""
    source = open_trajectory(path)
    order = np.random.default_rng(1).permutation(source.n_frames).tolist()
    found: dict[str, Any] = {
        "megabytes_packed": round(path.stat().st_size / 1e6, 1),
        "decoder_alone": timed(lambda: _decoded(path), 3),
        "zlib_alone": timed(lambda: _decoded(path, zlib=True), 1, 0) if _is_gz(path) else None,
        "first_pass": _fresh(path),
        "random_frame": timed(lambda: source.frame(order.pop()), 20, 0),
    }
    if _is_gz(path):
        found["next_opening_last_frame"] = _again(path)
    found["first_pass_to_decoder"] = round(
        found["first_pass"]["cpu_ms"] / found["decoder_alone"]["cpu_ms"], 2
    )
    found["peers"] = peers_on(path)
    return found


def _again(path: Path) -> dict[str, float]:
    """The last frame, in an opening after one in the window."""
    open_trajectory(path, told=lambda source: None)

    def opened() -> None:
        source = open_trajectory(path)
        source.frame(source.n_frames - 1)

    return timed(opened, 3)


def _is_gz(path: Path) -> bool:
    return path.suffix == ".gz"


def _decoded(path: Path, zlib: bool = False) -> int:
    if _is_gz(path):
        module = import_module("zlib" if zlib else "zlib_ng.zlib_ng")
        decoder = module.decompressobj(31)
    else:
        decoder = _zstd().ZstdDecompressor()
    total = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            total += len(decoder.decompress(piece))
    return total
