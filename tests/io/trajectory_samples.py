"""Small trajectories of known content, as bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.core.trajectory import Frame, FrameSource
from mlipviewer.io.trajectories.opening import open_trajectory

CELL = np.array([[5.0, 0.0, 0.0], [1.0, 6.0, 0.0], [-0.5, 0.25, 7.0]])


def values(n_frames: int, n_atoms: int, seed: int = 1) -> np.ndarray[Any, Any]:
    """(n_frames, n_atoms, 6): positions in [0, 5), forces around 0, printed exactly by %.8f."""
    numbers = np.random.default_rng(seed).random((n_frames, n_atoms, 6)) * 5
    numbers[..., 3:] -= 2.5
    return np.round(numbers, 8)


def extxyz(n_frames: int = 3, n_atoms: int = 4, seed: int = 1, form: str = "%.8f") -> bytes:
    lattice = " ".join(str(x) for x in CELL.ravel())
    text = ""
    for frame, rows in enumerate(values(n_frames, n_atoms, seed)):
        text += f'{n_atoms}\nLattice="{lattice}" Properties=species:S:1:pos:R:3:forces:R:3 '
        text += f"energy={-10.5 - frame} step={frame}\n"
        for k, row in enumerate(rows):
            text += f"{('Li', 'C')[k % 2]} {' '.join(form % x for x in row)}\n"
    return text.encode()


def dump(n_frames: int = 3, n_atoms: int = 4, seed: int = 1, form: str = "%.8f") -> bytes:
    text = ""
    for frame, rows in enumerate(values(n_frames, n_atoms, seed)):
        text += f"ITEM: TIMESTEP\n{100 * frame}\nITEM: NUMBER OF ATOMS\n{n_atoms}\n"
        text += "ITEM: BOX BOUNDS pp pp ff\n0 5\n0 6\n-1 7\n"
        text += "ITEM: ATOMS id type element x y z fx fy fz\n"
        for k, row in enumerate(rows):
            text += f"{k + 1} {k % 2 + 1} {('Li', 'C')[k % 2]} {' '.join(form % x for x in row)}\n"
    return text.encode()


def xdatcar(n_frames: int = 3, n_atoms: int = 4, seed: int = 1, repeated: bool = False) -> bytes:
    text = ""
    for frame, rows in enumerate(values(n_frames, n_atoms, seed)):
        if frame == 0 or repeated:
            text += f"Li C\n 1.0\n {5 + frame}.0 0.0 0.0\n 0.0 6.0 0.0\n 0.0 0.0 7.0\n"
            text += f"   Li  C\n  {n_atoms - 1}  1\n"
        text += f"Direct configuration= {frame + 1:5d}\n"
        for row in rows[:, :3] / 5:
            text += "".join(f"  {x:.8f}" for x in row) + "\n"
    return text.encode()


def opened(folder: Path, content: bytes, name: str = "sample", **options: Any) -> FrameSource:
    path = folder / name
    path.write_bytes(content)
    return open_trajectory(path, **options)


def frames(source: FrameSource) -> list[Frame]:
    return [source.frame(index) for index in range(source.n_frames)]


def same(one: Frame, two: Frame) -> bool:
    """Whether two frames say the same, bit for bit; notes aside."""
    arrays = [(one.positions, two.positions), (one.numbers, two.numbers), (one.origin, two.origin)]
    arrays += [(one.cell, two.cell), (one.ids, two.ids), (one.species, two.species)]
    if one.columns.keys() != two.columns.keys() or one.pbc != two.pbc:
        return False
    arrays += [(one.columns[name], two.columns[name]) for name in one.columns]
    if str(dict(one.info)) != str(dict(two.info)):
        return False
    return all((a is None) == (b is None) and np.array_equal(a, b) for a, b in arrays)  # type: ignore[arg-type]
