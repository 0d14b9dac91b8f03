"""Order around atoms: typed wrappers around `steinhardt.c`, `voronoi.c`, `around.c` and
`pairs.c`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import factorial, sqrt
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function
from mlipviewer.native.nearest import Grid

ORDERS = (4, 6, 8)
SUMS = sum(2 * (order + 1) for order in ORDERS)
FAR_PIECE = 1024  # atoms whose pairs with all others are counted before asking whether to go on

Singles = NDArray[np.float32]
Integers = NDArray[np.int32]
Counts = NDArray[np.int64]

_A, _I, _L, _D = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64, ctypes.c_double
_ARGUMENTS: dict[str, list[Any]] = {
    "steinhardt_sums": [_I, _D, _I, _A],
    "steinhardt_means": [_I, _D, _I, _A, _A],
    "voronoi_cells": [_D, _D, _A, _A, _A],
    "around_counts": [_D, _A, _I, _A],
    "pair_counts": [_D, _I, _A, _I, _A],
    "pair_moments": [_D, _I, _A, _I, _A, _A],
    "angle_counts": [_D, _I, _A, _A, _A],
    "local_entropies": [_D, _D, _D, _I, _A],
    "local_means": [_D, _A, _A],
}


@cache
def _call(name: str) -> Any:
    call = function(name)
    call.argtypes = [_A, _L, _L, *_ARGUMENTS[name]]
    call.restype = _I
    return call


def _each(grid: Grid, name: str, *arguments: Any, threads: int = 0) -> None:
    """Run a loop over pieces of the atoms. Raises MemoryError."""
    call = _call(name)
    given = [one.ctypes.data if isinstance(one, np.ndarray) else one for one in arguments]

    def work(begin: int, end: int) -> None:
        if not call(grid.address, begin, end, *given):
            raise MemoryError(f"no memory for the neighbours of {grid.n} atoms")

    grid.each(work, threads)


# --- bond order --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bonds:
    """Who counts as a neighbour: the `k` nearest, all up to `cutoff` A where that is more than 0,
    or all with a common Voronoi face, weighted by its area."""

    k: int = 12
    cutoff: float = 0.0
    by_faces: bool = False


@dataclass(frozen=True, eq=False)
class BondOrder:
    """(n, 3) each for l = 4, 6, 8: q and w of the atoms, and both from sums averaged over an atom
    and its neighbours."""

    q: Singles
    w: Singles
    averaged_q: Singles
    averaged_w: Singles


def bond_order(grid: Grid, bonds: Bonds, threads: int = 0) -> BondOrder:
    """Steinhardt's parameters; NaN for an atom without neighbours. Raises MemoryError."""
    sums, means = np.empty((grid.n, SUMS), np.float32), np.empty((grid.n, SUMS), np.float32)
    by = (bonds.k, bonds.cutoff, int(bonds.by_faces))
    _each(grid, "steinhardt_sums", *by, sums, threads=threads)
    _each(grid, "steinhardt_means", *by, sums, means, threads=threads)
    return BondOrder(*_invariants(grid, sums, threads), *_invariants(grid, means, threads))


def _invariants(grid: Grid, sums: Singles, threads: int) -> tuple[Singles, Singles]:
    q, w = np.empty((len(sums), 3), np.float32), np.empty((len(sums), 3), np.float32)
    call = function("steinhardt_invariants")
    call.argtypes, call.restype = [_A, _L, _L, _A, _A, _A], None
    symbols = wigner_symbols()
    given = [one.ctypes.data for one in (symbols, q, w)]
    grid.each(lambda begin, end: call(sums.ctypes.data, begin, end, *given), threads)
    return q, w


@cache
def wigner_symbols() -> NDArray[np.float64]:
    """Wigner's 3j of (l l l; m n -m-n) for m, n in -l..l, for l = 4, 6, 8 one after the other."""
    tables = [
        np.array([[_three_j(order, m, n) for n in range(-order, order + 1)]
                  for m in range(-order, order + 1)])
        for order in ORDERS
    ]  # fmt: skip
    return np.concatenate([table.ravel() for table in tables])


def _three_j(l: int, m: int, n: int) -> float:  # noqa: E741 (the field's name)
    """Racah's formula for (l l l; m n -m-n)."""
    third = -m - n
    if abs(third) > l:
        return 0.0
    triangle = factorial(l) ** 3 / factorial(3 * l + 1)
    edges = 1
    for one in (m, n, third):
        edges *= factorial(l + one) * factorial(l - one)
    total = 0.0
    for t in range(max(0, -m, n), min(l, l - m, l + n) + 1):
        below = (t, t + m, t - n, l - t, l - t - m, l - t + n)
        product = 1
        for one in below:
            product *= factorial(one)
        total += (-1) ** t / product
    sign = -1 if third % 2 else 1
    return sign * sqrt(triangle * edges) * total


# --- Voronoi cells -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Cells:
    """Volumes (n,) in A^3, NaN where atoms do not close the cell; numbers of faces (n,); and of
    those with 3, 4, 5 and 6 edges (n, 4)."""

    volumes: Singles
    faces: Integers
    edges: Integers


def voronoi_cells(
    grid: Grid, least_face: float = 0.0, least_edge: float = 0.0, threads: int = 0
) -> Cells:
    """The Voronoi cell of each atom. Faces smaller than `least_face` of the cell's surface, and
    edges shorter than `least_edge` of the root of its mean face, are not counted; never those that
    are there by rounding alone, as where four faces of a perfect crystal meet."""
    found = Cells(
        np.empty(grid.n, np.float32), np.empty(grid.n, np.int32), np.empty((grid.n, 4), np.int32)
    )
    arrays = (found.volumes, found.faces, found.edges)
    least = (max(least_face, 1e-9), max(least_edge, 1e-5))
    _each(grid, "voronoi_cells", *least, *arrays, threads=threads)
    return found


# --- within a distance -------------------------------------------------------------------------


def neighbour_counts(
    grid: Grid, cutoff: float, kinds: Integers, n_kinds: int, threads: int = 0
) -> Integers:
    """(n, n_kinds) the neighbours of each kind up to `cutoff` A; kind -1 is not counted."""
    found = np.empty((grid.n, n_kinds), np.int32)
    own = np.ascontiguousarray(kinds, np.int32)
    _each(grid, "around_counts", cutoff, own, n_kinds, found, threads=threads)
    return found


def local_entropy(
    grid: Grid, cutoff: float, sigma: float, density: float = 0.0, threads: int = 0
) -> Singles:
    """(n,) Piaggi and Parrinello's local entropy in k_B; see `around.c`."""
    found = np.empty(grid.n, np.float32)
    points = 4 * int(np.ceil(cutoff / sigma)) + 1
    _each(grid, "local_entropies", cutoff, sigma, density, points, found, threads=threads)
    return found


def local_means(grid: Grid, cutoff: float, values: Singles, threads: int = 0) -> Singles:
    """(n,) the mean of values over each atom and its neighbours up to `cutoff` A."""
    found = np.empty(grid.n, np.float32)
    own = np.ascontiguousarray(values, np.float32)
    _each(grid, "local_means", cutoff, own, found, threads=threads)
    return found


def pair_counts(grid: Grid, cutoff: float, bins: int, kinds: Integers, n_kinds: int) -> Counts:
    """(n_kinds, n_kinds, bins) neighbours by distance 0..cutoff A: of atoms of one kind (first),
    being of another; kind -1 takes no part."""
    own = np.ascontiguousarray(kinds, np.int32)
    once = _summed(grid, (n_kinds, n_kinds, bins), "pair_counts", cutoff, bins, own, n_kinds)
    return once + once.transpose(1, 0, 2)


def pair_distances(
    grid: Grid,
    cutoff: float,
    bins: int,
    kinds: Integers,
    n_kinds: int,
    step: Callable[[int, int], None],
) -> tuple[Counts, NDArray[np.float64]]:
    """As `pair_counts`, for far cut-offs, and the sums of distances in each bin in A: `step(done,
    total)` is called after each piece of atoms, and stops it by raising."""
    own, done, lock = np.ascontiguousarray(kinds, np.int32), 0, Lock()
    call, shape = _call("pair_moments"), (n_kinds, n_kinds, bins)
    counts, sums = np.zeros(shape, np.int64), np.zeros(shape)

    def work(begin: int, end: int) -> None:
        nonlocal done
        own_counts, own_sums = np.zeros_like(counts), np.zeros_like(sums)
        given = (own.ctypes.data, n_kinds, own_counts.ctypes.data, own_sums.ctypes.data)
        for at in range(begin, end, FAR_PIECE):
            step(done, grid.n)
            stop = min(at + FAR_PIECE, end)
            if not call(grid.address, at, stop, cutoff, bins, *given):
                raise MemoryError(f"no memory for the neighbours of {grid.n} atoms")
            with lock:
                done += stop - at
        with lock:
            np.add(counts, own_counts, out=counts)
            np.add(sums, own_sums, out=sums)

    grid.each(work)
    return counts + counts.transpose(1, 0, 2), sums + sums.transpose(1, 0, 2)


def angle_counts(
    grid: Grid, cutoff: float, bins: int, centres: NDArray[Any], ends: NDArray[Any]
) -> Counts:
    """(bins,) angles from 0 to 180 degrees at chosen atoms between chosen neighbours."""
    masks = [np.ascontiguousarray(one, np.uint8) for one in (centres, ends)]
    return _summed(grid, (bins,), "angle_counts", cutoff, bins, *masks)


def _summed(grid: Grid, shape: tuple[int, ...], name: str, *arguments: Any) -> Counts:
    """The sum of what the pieces count, each in an array of its own."""
    call, lock = _call(name), Lock()
    total = np.zeros(shape, np.int64)
    given = [one.ctypes.data if isinstance(one, np.ndarray) else one for one in arguments]

    def work(begin: int, end: int) -> None:
        own = np.zeros(shape, np.int64)
        if not call(grid.address, begin, end, *given, own.ctypes.data):
            raise MemoryError(f"no memory for the neighbours of {grid.n} atoms")
        with lock:
            np.add(total, own, out=total)

    grid.each(work)
    return total
