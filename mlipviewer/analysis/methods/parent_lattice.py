"""The fcc or bcc lattice that atoms stand on, and which of its sublattices each belongs to.

Sites are told apart by the signs of standing waves, as cos(2 pi k r) with k = (001) of fcc is +1 on
one half of the layers and -1 on the other. Signs go from neighbour to neighbour, so that heat and
strain do no harm; a wave that does not fit the periodic cell is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import neighbourhood
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

FCC, BCC = "fcc", "bcc"
NEIGHBOURS = {FCC: 12, BCC: 14}  # looked at; of bcc the nearest eight are bonds
BOND = {FCC: (0, 1, 1), BCC: (1, 1, 1)}  # in halves of the cubic cell, signs and order aside
SEEDS = 12
ROUNDS = 6
SPREADING = 3  # sweeps in which each atom takes the sign that most neighbours tell
TRIED = 3000  # atoms, to find the lattice
RARE = 0.01  # of the ways through the periodic cell are errors
LEAST = 0.2  # of the atoms, on one lattice
OFF = 0.3  # of the distance of nearest neighbours: so far do atoms stand from their sites
CUBIC = ("x", "y", "z")
DIAGONALS = np.array([(1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1)])
DIAGONAL_NAMES = ("+++", "++-", "+-+", "-++")


@dataclass(frozen=True, eq=False)
class ParentLattice:
    """`cell` (3, 3): its columns are half the edges of the cubic cell in A, strained as the atoms
    are on average. `waves` (n, w) of +1 and -1 by name, 0 for atoms that are not `on_it` (n,)."""

    kind: str
    cell: Array
    waves: Array
    wave_names: tuple[str, ...]
    on_it: Array

    @property
    def edges(self) -> Array:
        """(3,) lengths of the edges of the cubic cell in A."""
        found: Array = 2 * np.linalg.norm(self.cell, axis=0)
        return found


def parent_lattice(frame: Frame, rows: Array) -> ParentLattice:
    """The lattice of most of the atoms of `rows`. Raises AnalysisProblem where they have none."""
    from mlipviewer.native import structure
    from mlipviewer.native.nearest import nearest_atoms

    with neighbourhood(frame, rows, 18) as grid:
        matched = structure.match_templates(grid, (structure.FCC, structure.HCP, structure.BCC))
        kind = BCC if (matched.types == structure.BCC).sum() > len(rows) / 2 else FCC
        near, vectors = nearest_atoms(grid, NEIGHBOURS[kind])
    vectors = np.where((near >= 0)[:, :, None], vectors, np.inf).astype(float)
    own = structure.BCC if kind == BCC else structure.FCC
    seeds = np.flatnonzero(matched.types == own)
    best = seeds[np.argsort(matched.deviations[seeds], kind="stable")[:SEEDS]]
    starts = [_started(matched, int(seed), kind) for seed in best]
    if not starts:
        raise AnalysisProblem(f"frame {frame.index + 1}: no atom stands as in fcc or bcc")
    some = vectors[:: max(len(vectors) // TRIED, 1)].reshape(-1, 3)
    found = max((_refined(one, some, kind) for one in starts), key=lambda one: one[1])[0]
    walk = _walked(near, bonds_of(found, vectors, kind), vectors)
    share = float(walk.reached.mean())
    if share < LEAST:
        raise AnalysisProblem(
            f"frame {frame.index + 1}: only {100 * share:.0f} % of the atoms stand on one {kind}"
            " lattice: say which sublattice atoms belong to by a column"
        )
    return _lattice(frame, kind, walk, found)


def _started(matched: Any, seed: int, kind: str) -> Array:
    """The lattice as the template of one atom lies."""
    w, x, y, z = matched.orientations[seed].astype(float)
    turned = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    found: Array = turned * float(matched.distances[seed]) / np.sqrt(2 if kind == FCC else 3)
    return found


def bonds_of(cell: Array, vectors: Array, kind: str) -> Array:
    """(n, k, 3) int: the ideal bond that a vector (n, k, 3) in A is, zeros where it is none."""
    parts = vectors @ np.linalg.inv(cell).T
    whole = np.nan_to_num(np.rint(parts), nan=9.0, posinf=9.0, neginf=9.0).astype(np.int8)
    is_bond = (np.sort(np.abs(whole), axis=-1) == BOND[kind]).all(axis=-1)
    whole[~is_bond] = 0
    return whole


def _refined(cell: Array, some: Array, kind: str) -> tuple[Array, int]:
    """The cell that some bonds (m, 3) have on average, and how many of them fit it."""
    count = 0
    for _ in range(ROUNDS):
        ideal = bonds_of(cell, some, kind).astype(float)
        good = ideal.any(axis=1)
        count = int(good.sum())
        moments = ideal[good].T @ ideal[good]
        if count < 6 or abs(np.linalg.det(moments)) < 1e-6:
            return cell, 0
        cell = some[good].T @ ideal[good] @ np.linalg.inv(moments)
        if abs(np.linalg.det(cell)) < 1e-6:
            return cell, 0
    return cell, count


@dataclass(frozen=True, eq=False)
class _Walk:
    """From one atom along bonds to all that can be `reached` (n,): sites (n, 3) in halves of the
    cubic cell and places (n, 3) in A, as they are without the cell's repetition."""

    near: Array
    bonds: Array
    vectors: Array
    reached: Array
    sites: Array
    places: Array


def _walked(near: Array, bonds: Array, vectors: Array) -> _Walk:
    """The walk on the largest part that is connected."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    (n, k), good = near.shape, _any(bonds)
    first = np.repeat(np.arange(n), k)[good.ravel()]
    graph = coo_matrix((np.ones(len(first), np.int8), (first, near[good])), (n, n)).tocsr()
    _, part = connected_components(graph, directed=False)
    start = int(np.flatnonzero(part == np.bincount(part).argmax())[0])
    order, before = breadth_first_order(graph, start, directed=False)
    sites, places = np.zeros((n, 3), np.int32), np.zeros((n, 3))
    reached, parent = np.zeros(n, bool), np.arange(n)
    reached[order] = True
    parent[order[1:]] = before[order[1:]]
    steps = _steps(near, good, parent[order[1:]], order[1:])
    for told, given in ((sites, bonds), (places, vectors)):
        told[order[1:]] = given[steps[0], steps[1]] * steps[2][:, None]
    # each atom stands relative to the one before it: halve the chains until all begin at the start
    while (parent[parent] != parent).any():
        sites, places, parent = sites + sites[parent], places + places[parent], parent[parent]
    return _Walk(near, bonds, vectors, reached, sites, places)


def _any(bonds: Array) -> Array:
    """(n, k) which vectors are bonds."""
    return np.asarray(bonds.any(axis=2))


def _steps(near: Array, good: Array, start: Array, end: Array) -> tuple[Array, Array, Array]:
    """Row, bond (m,) and sign of the way from atoms to their neighbours: a bond that only the
    neighbour counts among its own is gone backwards."""
    there = (near[start] == end[:, None]) & good[start]
    back = (near[end] == start[:, None]) & good[end]
    forward = there.any(axis=1)
    bond = np.where(forward, there.argmax(axis=1), back.argmax(axis=1))
    return np.where(forward, start, end), bond, np.where(forward, 1, -1)


def _lattice(frame: Frame, kind: str, walk: _Walk, found: Array) -> ParentLattice:
    sites, here = walk.sites[walk.reached].astype(float), walk.places[walk.reached]
    apart, centre = sites - sites.mean(axis=0), here.mean(axis=0)
    if np.linalg.matrix_rank(apart) == 3:
        found = np.linalg.lstsq(apart, here - centre, rcond=None)[0].T
    off = np.sqrt(np.square(here - centre - apart @ found.T).sum(axis=1).mean())
    if off > OFF * np.linalg.norm(found @ np.array(BOND[kind])):
        raise AnalysisProblem(
            f"frame {frame.index + 1}: its atoms are not of one crystal (twins, grains): they are"
            f" {off:.2g} Å off one {kind} lattice on average"
        )
    signs, names = signs_of(walk.sites, kind)
    signs[~walk.reached] = 0
    kept = _fitting(frame, walk, kind)
    signs = signs[:, kept]
    turns = signs_of(walk.bonds, kind)[0][..., kept] * _any(walk.bonds)[:, :, None]
    for _ in range(SPREADING):
        votes = (signs[walk.near] * turns).sum(axis=1, dtype=np.int32)
        signs = np.where((votes == 0) | (signs == 0), signs, np.sign(votes)).astype(np.int8)
    told = tuple(name for name, one in zip(names, kept, strict=True) if one)
    return ParentLattice(kind, found, signs, told, walk.reached)


def signs_of(sites: Array, kind: str) -> tuple[Array, tuple[str, ...]]:
    """(..., w) +1 or -1 of each wave at sites (..., 3), also: what it changes by along bonds; and
    the names of the waves."""
    odd = sites & 1
    if kind == BCC:
        return (1 - 2 * odd[..., :1]).astype(np.int8), ("B2",)
    halves = (sites.astype(np.int32) @ DIAGONALS.T) // 2
    turns = np.concatenate([odd, halves & 1], axis=-1)
    return (1 - 2 * turns).astype(np.int8), (*CUBIC, *DIAGONAL_NAMES)


def _fitting(frame: Frame, walk: _Walk, kind: str) -> Array:
    """(w,) which waves are the same after a way through the periodic cell and back."""
    good = _any(walk.bonds) & walk.reached[:, None]
    i, k = np.nonzero(good)
    j = walk.near[i, k]
    moved = walk.places[i] + walk.vectors[i, k] - walk.places[j]
    signs = signs_of(walk.sites[i] + walk.bonds[i, k] - walk.sites[j], kind)[0]
    cell = np.zeros((3, 3)) if frame.cell is None else np.array(frame.cell, float)
    ways = np.zeros((len(i), 3), np.int64)
    periodic = np.flatnonzero(np.array(frame.pbc, bool) & (np.linalg.norm(cell, axis=1) > 0))
    if len(periodic):
        ways[:, periodic] = np.rint(moved @ np.linalg.pinv(cell[periodic]))
    fits = np.ones(signs.shape[1], bool)
    through = ways.any(axis=1)
    if not through.any():
        return fits
    kinds, which = np.unique(ways[through], axis=0, return_inverse=True)
    counts = np.bincount(which.ravel(), minlength=len(kinds))
    for way in np.flatnonzero(counts >= RARE * counts.sum()):
        fits &= signs[through][which.ravel() == way].mean(axis=0) > 0
    return fits
