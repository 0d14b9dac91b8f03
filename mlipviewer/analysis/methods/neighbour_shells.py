"""Shells of neighbours: where they end, and which species are in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.neighbourhood import neighbourhood
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

MOST_SHELLS = 12
SMOOTHED = 0.035  # of the nearest distance: shells nearer than about twice this are one
FINE = 0.01  # A
LEAST_PEAK = 0.02  # of the highest
FIRST_PEAK = 0.2
GIVEN_AT_LEAST = 0.1  # A


def nearest_distance(frame: Frame, rows: Array) -> float:
    """A; the usual distance of nearest neighbours: the first peak of the radial distribution.
    Raises AnalysisProblem."""
    from scipy.signal import find_peaks

    from mlipviewer.native.nearest import nearest_atoms

    with neighbourhood(frame, rows, 12) as grid:
        _, vectors = nearest_atoms(grid, 1)
    apart = np.linalg.norm(vectors[:, 0].astype(float), axis=1)
    apart = apart[np.isfinite(apart) & (apart > 0)]
    if not len(apart):
        raise AnalysisProblem(f"frame {frame.index + 1}: no atom has a neighbour")
    nearest = float(np.median(apart))
    cutoff = 2 * nearest
    r, g = smoothed(distance_counts(frame, rows, cutoff), cutoff, SMOOTHED * nearest)
    peaks, _ = find_peaks(g, prominence=FIRST_PEAK * g.max())
    return float(r[peaks[0]]) if len(peaks) else nearest


def smoothed(counts: Array, cutoff: float, width: float) -> tuple[Array, Array]:
    """Distances r (bins,) in A and counts / r^2 there, smoothed by a Gaussian of a width in A."""
    from scipy.ndimage import gaussian_filter1d

    step = cutoff / len(counts)
    r = (np.arange(len(counts)) + 0.5) * step
    return r, gaussian_filter1d(counts / r**2, width / step, mode="constant")


def distance_counts(frame: Frame, rows: Array, cutoff: float) -> Array:
    """(bins,) pairs by distance up to the cut-off, in bins of about 0.01 A. Raises
    AnalysisProblem."""
    from mlipviewer.native.local_order import pair_counts

    bins = max(round(cutoff / FINE), 1)
    with neighbourhood(frame, rows, 16) as grid:
        counts = pair_counts(grid, cutoff, bins, np.zeros(len(rows), np.int32), 1)
    found: Array = counts[0, 0]
    return found


def shell_edges(frames: Sequence[tuple[Frame, Array]], n_shells: int) -> tuple[float, ...]:
    """A; the outer ends of the first shells: minima of the radial distribution of all frames (with
    the rows that take part). Raises AnalysisProblem where there are fewer shells."""
    apart = nearest_distance(*frames[0])
    cutoff = apart * (1.6 + 0.4 * n_shells)
    counts = sum(distance_counts(frame, rows, cutoff) for frame, rows in frames)
    edges = minima_between(np.asarray(counts, float), cutoff, SMOOTHED * apart)
    if len(edges) < n_shells:
        raise AnalysisProblem(
            f"the radial distribution has {len(edges)} minima up to {cutoff:.3g} Å, not {n_shells}:"
            " ask for fewer shells, or give their ends"
        )
    return tuple(edges[:n_shells])


def minima_between(counts: Array, cutoff: float, width: float) -> list[float]:
    """The distances (A, rounded to 0.001) of the minima of g between its peaks, g smoothed by a
    Gaussian of a width in A."""
    from scipy.signal import find_peaks

    r, g = smoothed(counts, cutoff, width)
    peaks, _ = find_peaks(g, prominence=LEAST_PEAK * g.max())
    edges = []
    for first, second in pairwise(peaks.tolist()):
        between = g[first : second + 1]
        flat = np.flatnonzero(between <= between.min() + 1e-9 * g.max())
        edges.append(round(float(r[first + flat[len(flat) // 2]]), 3))
    return edges


def given_edges(text: str) -> tuple[float, ...]:
    """Ends of shells in A with commas between, rising; () for an empty text. Raises
    AnalysisProblem."""
    try:
        edges = tuple(float(one) for one in text.replace(",", " ").split())
    except ValueError:
        raise AnalysisProblem(f"edges {text!r}: write distances in Å, as 3.3, 4.2") from None
    rising = all(a < b for a, b in zip((GIVEN_AT_LEAST, *edges), edges, strict=False))
    if not rising or len(edges) > MOST_SHELLS or not np.isfinite(edges).all():
        raise AnalysisProblem(f"edges {text!r}: they rise, and are {MOST_SHELLS} at most")
    return edges


def shell_neighbours(
    frame: Frame, rows: Array, kinds: Array, n_kinds: int, edges: Sequence[float]
) -> Array:
    """(shells, m, n_kinds) how many neighbours of each kind the atoms of `rows` have in each shell;
    `kinds` (m,) are those of the rows, -1 for atoms that nobody counts. Raises AnalysisProblem."""
    from mlipviewer.native.local_order import neighbour_counts

    with neighbourhood(frame, rows, 16) as grid:
        within = [neighbour_counts(grid, edge, kinds, n_kinds) for edge in edges]
    found: Array = np.diff(np.stack([np.zeros_like(within[0]), *within]), axis=0)
    return found


def warren_cowley(counts: Array, kinds: Array, shares: Array) -> tuple[Array, Array]:
    """alpha and its error, (shells, k, k) each: centre by neighbour; NaN where there are no atoms.

    alpha_ij = 1 - p_ij / c_j, p_ij being the share of j among the actual neighbours of atoms i;
    the error is that of a ratio of sums over centres. `counts` (shells, m, k), `kinds` (m,) of the
    centres, `shares` (k,) c.
    """
    shells, _, k = counts.shape
    alpha, error = np.full((shells, k, k), np.nan), np.full((shells, k, k), np.nan)
    shares = np.where(shares > 0, shares, np.nan)
    for i in range(k):
        own = counts[:, kinds == i].astype(float)
        neighbours = own.sum(axis=2)
        total = neighbours.sum(axis=1)
        total = np.where(total > 0, total, np.nan)
        p = own.sum(axis=1) / total[:, None]
        apart = own - p[:, None, :] * neighbours[:, :, None]
        alpha[:, i] = 1 - p / shares
        error[:, i] = np.sqrt((apart**2).sum(axis=1)) / total[:, None] / shares
    return alpha, error


def chance_of(n: int, neighbours: Array, shares: Array) -> Array:
    """(shells, k, k) the standard deviation of alpha in random alloys of n atoms of these shares
    (k,) that have on average so many neighbours (shells,)."""
    c = np.where(shares > 0, shares, np.nan)
    unlike = (np.outer(1 - c, 1 - c) + np.outer(c, c)) / np.outer(c, c)
    like = 2 * ((1 - c) / c) ** 2
    variance = np.where(np.eye(len(c), dtype=bool), like, unlike)
    bonds = np.maximum(n * np.asarray(neighbours, float), 1e-9)
    found: Array = np.sqrt(variance[None] / bonds[:, None, None])
    return found
