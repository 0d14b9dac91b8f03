"""Other readers on the same files, where they are installed; they are no part of the program.

uv venv peers && uv pip install --python peers/bin/python ase chemfiles extxyz MDAnalysis ovito
BENCH_PEERS=peers/bin/python ./test bench reading
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.timing import timed

Peer = Callable[[Path, bool], object]
"""Reads the first frame of a file (True) or all its frames (False)."""


def _ase(path: Path, first: bool) -> object:
    from ase.io import read

    formats = {".extxyz": "extxyz", ".dump": "lammps-dump-text", ".XDATCAR": "vasp-xdatcar"}
    format = formats[path.suffix]
    with path.open() as file:
        return read(file, index=0 if first else ":", format=format)


def _extxyz(path: Path, first: bool) -> object:
    frames = import_module("extxyz").iread_dicts(str(path))
    return next(frames) if first else list(frames)


def _chemfiles(path: Path, first: bool) -> object:
    format = "XYZ" if path.suffix == ".extxyz" else "LAMMPS"
    trajectory = import_module("chemfiles").Trajectory(str(path), "r", format)
    n = 1 if first else trajectory.nsteps
    return [trajectory.read_step(k).positions[0] for k in range(n)]


def _mdanalysis(path: Path, first: bool) -> object:
    universe = import_module("MDAnalysis").Universe
    whole = universe(str(path), format="XYZ" if path.suffix == ".extxyz" else "LAMMPSDUMP")
    n = 1 if first else len(whole.trajectory)
    return [whole.trajectory[k].positions[0] for k in range(n)]


def _ovito(path: Path, first: bool) -> object:
    pipeline = import_module("ovito.io").import_file(str(path))
    n = 1 if first else pipeline.source.num_frames
    return [pipeline.source.compute(k).particles.count for k in range(n)]


PEERS: dict[str, tuple[str, Peer, tuple[str, ...]]] = {
    "ase": ("ase", _ase, (".extxyz", ".dump", ".XDATCAR")),
    "libatoms_extxyz": ("extxyz", _extxyz, (".extxyz",)),
    "chemfiles": ("chemfiles", _chemfiles, (".extxyz", ".dump")),
    "mdanalysis": ("MDAnalysis", _mdanalysis, (".extxyz", ".dump")),
    "ovito": ("ovito", _ovito, (".extxyz", ".dump", ".XDATCAR", ".gz", ".zst")),
}
SLOW = frozenset({"ase", "mdanalysis"})  # their full reads would take minutes


def peers_on(path: Path) -> dict[str, Any]:
    """First frame and full read of each peer, or why it was not measured.

    Those of the Python that BENCH_PEERS names, else of this one.
    """
    if python := os.environ.get("BENCH_PEERS"):
        command = [python, "-m", "tests.bench.peers", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))
    return _here(path)


def _here(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (module, read, suffixes) in PEERS.items():
        if path.suffix not in suffixes:
            continue
        try:
            import_module(module)
        except Exception as error:  # noqa: BLE001 (a peer that cannot be loaded is skipped)
            found[name] = {"skipped": f"{type(error).__name__}: {str(error)[:100]}"}
            continue
        found[name] = _measured(read, path, name in SLOW)
    return found


def _measured(read: Peer, path: Path, slow: bool) -> dict[str, Any]:
    try:
        first = timed(lambda: read(path, True), 1, 0)
        whole = None if slow else timed(lambda: read(path, False), 1, 0)
    except Exception as error:  # noqa: BLE001
        return {"failed": f"{type(error).__name__}: {str(error)[:100]}"}
    return {"first_frame": first} | ({"all_frames": whole} if whole else {})


if __name__ == "__main__":
    print(json.dumps(_here(Path(sys.argv[1]))))
