"""Reference sites: of a structure, of an ideal lattice, of the density of positions."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.site_search import Box, SiteSearch, merged
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.progress import Progress

Array = NDArray[Any]

SMEAR = 0.35
"""A, the width of the Gauss function by which positions are spread over the grid."""
MOST_CELLS = 40_000_000  # of a grid
PLACES = 1_000_000
"""Of atoms, that maxima are moved to the mean of: frames evenly chosen where there are more."""
SAMPLE = 2000  # atoms that an ideal lattice is laid upon

_FCC = ((0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0))
_DIAMOND = (*_FCC, *((x + 0.25, y + 0.25, z + 0.25) for x, y, z in _FCC))
LATTICES = MappingProxyType(
    {
        "sc": ((0, 0, 0),),
        "bcc": ((0, 0, 0), (0.5, 0.5, 0.5)),
        "fcc": _FCC,
        "diamond": _DIAMOND,
    }
)
"""Sites of the conventional cubic cell, in fractions."""
_OCTAHEDRAL = tuple((x + 0.5, y, z) for x, y, z in _FCC)
HOLES = MappingProxyType(
    {
        "sc": ((0.5, 0.5, 0.5),),
        "bcc": tuple(
            p for a in (0, 0.5) for b in (0.25, 0.75) for p in ((a, 0.5 - a, b), (a, b, 0.5 - a),
            (b, a, 0.5 - a))
        ),
        "fcc": (
            *_OCTAHEDRAL,
            *((x + q, y + q, z + q) for x, y, z in _FCC for q in (0.25, 0.75)),
        ),
        "diamond": tuple((x + 0.5, y, z) for x, y, z in _DIAMOND),
    }
)  # fmt: skip
"""Interstitial sites: tetrahedral in bcc and diamond; octahedral and tetrahedral in fcc."""


# --- the density of positions ------------------------------------------------------------------


def density_sites(
    scaled: Array, box: Box, spacing: float, apart: float, least: float, progress: Progress
) -> Array:
    """(s, 3) fractions: the maxima of the density of (m, n, 3) positions, averaged over the frames,
    on a grid of `spacing` A, moved to the mean of the positions about them.

    Of maxima nearer than `apart` A the higher stays; those with an atom within `apart` A in less
    than the share `least` of the frames go. Raises AnalysisProblem, Cancelled.
    """
    grid, corner, lengths = _grid(scaled, box, spacing, progress)
    peaks = _maxima(_smeared(grid, lengths))
    heights = grid[tuple(peaks.T)] if len(peaks) else np.empty(0)
    found = corner + (peaks + 0.5) / grid.shape * lengths.scale
    found = found[merged(found, heights, box, apart)]
    some = scaled[:: max(1, scaled.shape[0] * scaled.shape[1] // PLACES)]
    for _ in range(3):
        found, occupied = _centred(found, some, box, apart, progress)
        taken = occupied >= max(least, 1e-12)
        if not taken.any():
            raise AnalysisProblem(
                f"no place is taken in {100 * least:g} % of the frames: lower `least`"
            )
        found = found[taken]
        found = found[merged(found, occupied[taken], box, apart)]
    return found


class _Lengths:
    """The box of a grid: its cell in A, and its length in fractions of the box of the atoms."""

    def __init__(self, cell: Array, scale: Array) -> None:
        self.cell, self.scale = cell, scale


def _grid(
    scaled: Array, box: Box, spacing: float, progress: Progress
) -> tuple[Array, Array, _Lengths]:
    """(counts, the corner in fractions, lengths); along directions that do not repeat it is as
    large as the positions are wide."""
    low, high = scaled.min(axis=(0, 1)), scaled.max(axis=(0, 1))
    room = 4 * SMEAR / box.heights
    corner = np.where(box.repeats, 0.0, low - room)
    scale = np.where(box.repeats, 1.0, high - low + 2 * room)
    sides = np.linalg.norm(box.cell, axis=1) * scale
    shape = np.maximum(np.ceil(sides / spacing).astype(int), 4)
    if float(np.prod(shape.astype(float))) > MOST_CELLS:
        raise AnalysisProblem(f"a grid of {spacing:g} Å has too many points: take a coarser one")
    counts = np.zeros(int(np.prod(shape)), np.int64)
    for k in range(len(scaled)):
        progress.step(k, len(scaled))
        inside, _ = box.wrapped(scaled[k])
        at = np.floor((inside - corner) / scale * shape).astype(np.int64)
        np.clip(at, 0, shape - 1, out=at)
        counts += np.bincount(np.ravel_multi_index(tuple(at.T), tuple(shape)), None, counts.size)
    lengths = _Lengths(box.cell * scale[:, None], scale)
    return counts.reshape(shape).astype(float), corner, lengths


def _smeared(grid: Array, lengths: _Lengths) -> Array:
    """The counts, each spread as a Gauss function: a product in reciprocal space of any cell."""
    inverse = 2 * np.pi * np.linalg.inv(lengths.cell).T
    n = grid.shape
    axes = [np.fft.fftfreq(n[0], 1 / n[0]), np.fft.fftfreq(n[1], 1 / n[1])]
    axes.append(np.fft.rfftfreq(n[2], 1 / n[2]))
    squares = np.zeros((n[0], n[1], len(axes[2])))
    for component in range(3):
        along = [axis * inverse[i, component] for i, axis in enumerate(axes)]
        squares += (along[0][:, None, None] + along[1][:, None] + along[2]) ** 2
    damped = np.fft.rfftn(grid) * np.exp(-0.5 * SMEAR**2 * squares)
    grid[...] = np.fft.irfftn(damped, n, axes=(0, 1, 2))
    return grid


def _maxima(density: Array) -> Array:
    """(k, 3) the points that none of their 26 neighbours exceeds, above the noise of rounding."""
    from scipy.ndimage import maximum_filter

    highest = maximum_filter(density, 3, mode="wrap")
    found = np.argwhere((density >= highest) & (density > 1e-6 * density.max()))
    return np.asarray(found)


def _centred(
    sites: Array, scaled: Array, box: Box, apart: float, progress: Progress
) -> tuple[Array, Array]:
    """(the means of the positions nearest to each site and within `apart` A, (s,) the share of the
    frames in which it has one, two atoms counting twice)."""
    search = SiteSearch(sites, box)
    sums, counts = np.zeros((len(sites), 3)), np.zeros(len(sites))
    chunk = max(1, 500_000 // max(scaled.shape[1], 1))
    for first in range(0, len(scaled), chunk):
        progress.step(first, len(scaled))
        points = scaled[first : first + chunk].reshape(-1, 3)
        site, far, cells = search.nearest(points)
        near = (site >= 0) & (far <= apart)
        moved = points[near] - cells[near] - search.sites[site[near]]
        counts += np.bincount(site[near], minlength=len(sites))
        for i in range(3):
            sums[:, i] += np.bincount(site[near], moved[:, i], len(sites))
    moved = sums / np.maximum(counts, 1)[:, None]
    return search.sites + moved, counts / len(scaled)


# --- an ideal lattice --------------------------------------------------------------------------


def lattice_sites(name: str, holes: bool, scaled: Array, box: Box) -> Array:
    """(s, 3) fractions of a cubic lattice of LATTICES that fills the box, laid upon the mean places
    (n, 3) of the atoms that form it; `holes`: with its interstitial sites.

    The cell is to be so many conventional cells wide along each vector. Raises AnalysisProblem.
    """
    basis = np.array(LATTICES[name], float)
    repeats = _repeats(name, len(basis), len(scaled), box)
    shift = _shift(basis, scaled[:SAMPLE], repeats, box)
    if holes:
        basis = np.concatenate([basis, np.array(HOLES[name], float)])
    corners = np.stack(np.meshgrid(*map(np.arange, repeats), indexing="ij"), -1).reshape(-1, 3)
    found = (corners[:, None] + basis + shift).reshape(-1, 3) / repeats
    inside: Array = box.wrapped(found)[0]
    return inside


def _repeats(name: str, n_basis: int, n_atoms: int, box: Box) -> Array:
    if not box.repeats.all():
        raise AnalysisProblem("an ideal lattice fills a cell that is periodic in all directions")
    sides = np.linalg.norm(box.cell, axis=1)
    angles = np.abs((box.cell / sides[:, None]) @ (box.cell / sides[:, None]).T - np.eye(3))
    side = (abs(np.linalg.det(box.cell)) * n_basis / max(n_atoms, 1)) ** (1 / 3)
    repeats = np.maximum(np.round(sides / side), 1).astype(int)
    edges = sides / repeats
    cubic = angles.max() < 0.05 and np.abs(edges / edges.mean() - 1).max() < 0.05
    expected = n_basis * int(repeats.prod())
    if not cubic or abs(expected - n_atoms) > 0.1 * expected:
        raise AnalysisProblem(
            f"{n_atoms} atoms in this cell are no {name} lattice: its cells would be"
            f" {edges[0]:.3g} x {edges[1]:.3g} x {edges[2]:.3g} Å, with {expected} sites"
        )
    return np.asarray(repeats)


def _shift(basis: Array, scaled: Array, repeats: Array, box: Box) -> Array:
    """(3,) where the lattice begins, in conventional cells: of the places that put a site upon an
    atom that which brings all sites nearest to the atoms, then without the mean of what is left."""
    places = scaled * repeats
    edges = box.cell / repeats[:, None]
    tried = (places[:20, None] - basis[None, :1]).reshape(-1, 3)
    best = min(tried, key=lambda one: float(_misfit(places, basis + one, edges)[1].mean()))
    for _ in range(5):
        left, squares = _misfit(places, basis + best, edges)
        near = squares <= np.quantile(squares, 0.9)
        best = best + left[near].mean(axis=0)
    return np.asarray(best % 1.0)


def _misfit(places: Array, basis: Array, edges: Array) -> tuple[Array, Array]:
    """((n, 3) from the nearest site to each place in cells, (n,) the squares in A^2)."""
    apart = places[:, None] - basis
    apart -= np.round(apart)
    squares = ((apart @ edges) ** 2).sum(axis=2)
    nearest = squares.argmin(axis=1)
    rows = np.arange(len(places))
    return np.asarray(apart[rows, nearest]), np.asarray(squares[rows, nearest])
