"""Thermal noise taken out of positions: a typed wrapper around `quench.c`."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function
from mlipviewer.native.nearest import Floats, Grid, nearest_atoms, whole_cell

WIDTH, REACH = 0.4, 2.3  # as in quench.c
STIFFNESS = 0.3
TWELVE = 1.135
"""The mean distance of the 12 nearest atoms by the cube root of the volume of an atom: 1.122 in fcc
and hcp, 1.147 in bcc."""
SHELLS = ((8, 3 / 4), (6, 1), (12, 2), (24, 11 / 4), (8, 3))
"""Of bcc within reach: atoms, and their squared distance by that of the edge of the cube."""


@cache
def _call() -> Any:
    call = function("quench_positions")
    address, whole, real = ctypes.c_void_p, ctypes.c_int32, ctypes.c_double
    call.argtypes = [address, ctypes.c_int64, address, address, real, real, real, whole, real]
    call.restype = whole
    return call


@cache
def cohesion() -> float:
    """The weight of the attraction with which bcc is under no pressure at its own density."""
    s2, cube = WIDTH**2, 2 ** (2 / 3)  # squared edge of the cube at one atom in volume 1
    squares = [(n, part * cube) for n, part in SHELLS]
    apart = sum(n * r2 * np.exp(-r2 / (2 * s2)) / s2 for n, r2 in squares)
    together = sum(n * r2 * np.exp(-r2 / (6 * s2)) / (3 * s2) for n, r2 in squares)
    return float(apart / together)


def length_of(positions: Floats, cell: Floats | None, pbc: tuple[bool, bool, bool]) -> float:
    """The cube root of the volume of an atom in A, from the middle of the mean distances of the
    twelve nearest; NaN for fewer than 13 atoms. Raises ValueError as `Grid`."""
    with Grid(positions, cell, pbc, 12) as grid:
        indices, vectors = nearest_atoms(grid, 12, threads=1)
    whole = (indices >= 0).all(axis=1)
    if not whole.any():
        return float("nan")
    distances = np.linalg.norm(vectors[whole].astype(float), axis=2).mean(axis=1)
    return float(np.median(distances)) / TWELVE


def quenched(
    positions: Floats,
    cell: Floats | None,
    pbc: tuple[bool, bool, bool],
    steps: int = 100,
    tolerance: float = 0.002,
) -> tuple[NDArray[np.float64], int]:
    """Positions (n, 3) in A without thermal noise, and the number of steps that were needed.

    See quench.c. Too few atoms to tell how dense they are stay where they are. Raises ValueError
    for cells and positions that `Grid` refuses, MemoryError.
    """
    found = np.array(positions, np.float64, order="C").reshape(-1, 3)
    length = length_of(found, cell, pbc) if len(found) else float("nan")
    if not length > 0:
        return found, 0
    vectors, periodic = np.ascontiguousarray(whole_cell(cell, pbc)), np.array(pbc, np.int32)
    done = _call()(
        found.ctypes.data, len(found), vectors.ctypes.data, periodic.ctypes.data,
        length, cohesion(), STIFFNESS, steps, tolerance,
    )  # fmt: skip
    if done < 0:
        raise MemoryError(f"no memory to quench {len(found)} atoms")
    return found, int(done)
