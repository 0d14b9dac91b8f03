"""The structure around atoms: typed wrappers around `cna.c` and `ptm.cpp`."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native import function
from mlipviewer.native.nearest import Grid

OTHER, FCC, HCP, BCC, ICO, SC, CUBIC_DIAMOND, HEXAGONAL_DIAMOND, GRAPHENE = range(9)
"""The numbers of structures, the same for all methods here."""

Bytes = NDArray[np.uint8]
Singles = NDArray[np.float32]

_ADDRESS = ctypes.c_void_p
_RANGE: list[Any] = [_ADDRESS, ctypes.c_int64, ctypes.c_int64]


@cache
def _cna() -> Any:
    call = function("cna_types")
    call.argtypes = [*_RANGE, ctypes.c_double, _ADDRESS]
    call.restype = None
    return call


@cache
def _centro() -> Any:
    call = function("centro_symmetries")
    call.argtypes = [*_RANGE, ctypes.c_int32, _ADDRESS]
    call.restype = None
    return call


@cache
def _ptm() -> Any:
    function("ptm_prepare")()
    call = function("ptm_types")
    call.argtypes = [*_RANGE, ctypes.c_int32] + [_ADDRESS] * 6
    call.restype = None
    return call


def cna_types(grid: Grid, cutoff: float = 0.0, threads: int = 0) -> Bytes:
    """(n,) the structure of each atom by common neighbour analysis: fcc, hcp, bcc, ico or other.

    `cutoff` in A; 0 finds one for each atom from its nearest neighbours (adaptive).
    """
    types = np.empty(grid.n, np.uint8)
    call = _cna()
    grid.each(lambda a, b: call(grid.address, a, b, cutoff, types.ctypes.data), threads)
    return types


def centro_symmetry(grid: Grid, k: int, threads: int = 0) -> Singles:
    """(n,) the centro-symmetry parameter in A^2 of the k nearest (12 for fcc, 8 for bcc), NaN for
    fewer. Raises ValueError for odd k, or k outside 2..32."""
    if k % 2 or not 2 <= k <= 32:
        raise ValueError(f"the number of neighbours is even and 2 to 32, not {k}")
    values = np.empty(grid.n, np.float32)
    call = _centro()
    grid.each(lambda a, b: call(grid.address, a, b, k, values.ctypes.data), threads)
    return values


@dataclass(frozen=True, eq=False)
class Templates:
    """What template matching found: types (n,), chemical orders (n,), root mean square deviations
    (n,) without unit (infinite for no match), distances (n,) of nearest neighbours in A, and
    orientations (n, 4) as quaternions w x y z."""

    types: Bytes
    orders: Bytes
    deviations: Singles
    distances: Singles
    orientations: Singles


def match_templates(
    grid: Grid,
    wanted: tuple[int, ...] = (FCC, HCP, BCC, ICO),
    numbers: NDArray[Any] | None = None,
    threads: int = 0,
) -> Templates:
    """Polyhedral template matching (Larsen, Schmidt and Schiotz, Modelling Simul. Mater. Sci. Eng.
    24, 055007 (2016)) against the wanted structures, however large the deviation; `numbers` (n,)
    tell the chemical order."""
    n = grid.n
    found = Templates(
        np.empty(n, np.uint8), np.empty(n, np.uint8), np.empty(n, np.float32),
        np.empty(n, np.float32), np.empty((n, 4), np.float32),
    )  # fmt: skip
    flags = sum(1 << (one - 1) for one in set(wanted))
    elements = None if numbers is None else np.ascontiguousarray(numbers, np.int32)
    arrays = (found.types, found.orders, found.deviations, found.distances, found.orientations)
    out = [array.ctypes.data for array in arrays]
    species = None if elements is None else elements.ctypes.data
    call = _ptm()
    grid.each(lambda a, b: call(grid.address, a, b, flags, species, *out), threads)
    return found
