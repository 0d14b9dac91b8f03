"""The nearest neighbours of atoms in a cell of any shape: typed wrappers around `nearest.c`."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function

Floats = NDArray[np.float64]

_ADDRESS = ctypes.c_void_p
_COUNT = ctypes.c_int64
PIECE = 8192  # atoms that one thread takes at a time


@cache
def _calls() -> tuple[Any, Any, Any]:
    make, free, nearest = (function(f"grid_{n}") for n in ("make", "free", "nearest_all"))
    make.argtypes = [_ADDRESS, _COUNT, _ADDRESS, _ADDRESS, _ADDRESS, ctypes.c_int32]
    make.restype = _ADDRESS
    free.argtypes = [_ADDRESS]
    free.restype = None
    nearest.argtypes = [_ADDRESS, _COUNT, _COUNT, ctypes.c_int32, _ADDRESS, _ADDRESS]
    nearest.restype = None
    return make, free, nearest


class Grid:
    """Atoms sorted into bins, for as long as it is used: `with Grid(...) as grid`.

    positions (n, 3) in A, finite; cell (3, 3) with rows as vectors, None where nothing repeats; pbc
    says along which. About `k` neighbours are going to be asked for. Raises ValueError for a cell
    without volume along a periodic direction, for infinite positions, MemoryError.
    """

    def __init__(
        self,
        positions: Floats,
        cell: Floats | None = None,
        pbc: tuple[bool, bool, bool] = (False, False, False),
        k: int = 16,
    ) -> None:
        self.n = len(positions)
        place = np.ascontiguousarray(positions, np.float64).reshape(-1, 3)
        if not np.isfinite(place).all():
            raise ValueError("some positions are not finite numbers")
        vectors = np.ascontiguousarray(whole_cell(cell, pbc))
        origin, periodic = np.zeros(3), np.array(pbc, np.int32)
        make, self._free, _ = _calls()
        self.address = make(
            place.ctypes.data, self.n, vectors.ctypes.data, origin.ctypes.data,
            periodic.ctypes.data, k,
        )  # fmt: skip
        if not self.address:
            raise MemoryError(f"no memory to find the neighbours of {self.n} atoms")

    def __enter__(self) -> Grid:
        return self

    def __exit__(self, *_unused: object) -> None:
        self._free(self.address)
        self.address = None

    def each(self, work: Callable[[int, int], None], threads: int = 0) -> None:
        """Call work(begin, end) for pieces of all atoms, on `threads` threads (0: all cores)."""
        pieces = [(at, min(at + PIECE, self.n)) for at in range(0, self.n, PIECE)]
        if len(pieces) == 1 or threads == 1:
            for begin, end in pieces:
                work(begin, end)
            return
        with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
            for done in [pool.submit(work, *piece) for piece in pieces]:
                done.result()


def whole_cell(cell: Floats | None, pbc: tuple[bool, bool, bool]) -> Floats:
    """(3, 3) the cell with unit vectors at right angles for missing ones along open directions.

    Raises ValueError where a periodic direction has no vector of its own.
    """
    given = np.zeros((3, 3)) if cell is None else np.array(cell, np.float64)
    lengths = np.linalg.norm(given, axis=1)
    kept = [given[a] if lengths[a] > 0 and np.isfinite(given[a]).all() else None for a in range(3)]
    if any(vector is None and periodic for vector, periodic in zip(kept, pbc, strict=True)):
        raise ValueError("the cell lacks a vector along a periodic direction")
    there = [vector for vector in kept if vector is not None]
    if not any(pbc) and (len(there) < 3 or _flat(np.array(there))):
        return np.eye(3)
    full = np.array(there)
    free = np.linalg.svd(full)[2][len(there) :] if len(there) < 3 else np.empty((0, 3))
    spare = iter(free)
    vectors = np.array([next(spare) if vector is None else vector for vector in kept])
    if _flat(vectors):
        raise ValueError("the vectors of the cell lie in one plane")
    return vectors


def _flat(vectors: Floats) -> bool:
    scale = float(np.prod(np.linalg.norm(vectors, axis=1)))
    return abs(float(np.linalg.det(vectors))) <= 1e-9 * scale


def nearest_atoms(grid: Grid, k: int, threads: int = 0) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Indices (n, k) of the k nearest atoms by distance, -1 where there are fewer; vectors to them
    (n, k, 3) float32 in A. In a small periodic cell an atom meets its own images."""
    indices = np.empty((grid.n, k), np.int32)
    vectors = np.empty((grid.n, k, 3), np.float32)
    _, _, nearest = _calls()

    def work(begin: int, end: int) -> None:
        nearest(grid.address, begin, end, k, indices.ctypes.data, vectors.ctypes.data)

    grid.each(work, threads)
    return indices, vectors
