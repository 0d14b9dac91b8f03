"""Reading trajectories, beside ASE on the same files in the same run."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.io.trajectories import open_trajectory
from tests.bench.made import write_dump, write_extxyz
from tests.bench.timing import timed


def measure() -> dict[str, Any]:
    """Full reads in MB/s, first and random frames in ms."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        a = write_extxyz(place / "a.extxyz", 100_000, 4)
        b1 = write_dump(place / "b1.dump", 1_000_000, 1)
        b2 = write_dump(place / "b2.dump", 10_000, 200)
        return {
            "extxyz_1e5x4": _file(a, "extxyz"),
            "dump_1e6x1": _file(b1, "lammps-dump-text"),
            "dump_1e4x200": _file(b2, "lammps-dump-text", peer=False),
        }


def _file(path: Path, ase_format: str, peer: bool = True) -> dict[str, Any]:
    megabytes = path.stat().st_size / 1e6
    source = open_trajectory(path)
    order = np.random.default_rng(1).permutation(source.n_frames)
    found: dict[str, Any] = {
        "megabytes": round(megabytes, 1),
        "first_frame": timed(lambda: open_trajectory(path).frame(0), 3),
        "all_frames": timed(lambda: [source.frame(i) for i in range(source.n_frames)], 3, 0),
        "random_frame": timed(lambda: source.frame(int(order[0])), 5),
    }
    found["mb_per_cpu_s"] = round(megabytes / found["all_frames"]["cpu_ms"] * 1e3, 1)
    if peer:
        from ase.io import read

        with path.open() as file:
            found["ase_first_frame"] = timed(
                lambda: (file.seek(0), read(file, index=0, format=ase_format)), 1, 0
            )
        ours, theirs = found["first_frame"]["cpu_ms"], found["ase_first_frame"]["cpu_ms"]
        found["first_frame_ratio_to_ase"] = round(ours / theirs, 4)
    return found
