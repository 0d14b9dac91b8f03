"""Correlations of chosen pairs of columns when rows are left out or drawn again: from sums.

Six sums of a pair over its common rows - of 1, x, y, xx, yy, xy - give its r; those of rows or
blocks of rows are added and taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.pairwise import FEWEST
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

CHUNK = 1_000_000  # rows x pairs at a time
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WithoutOne:
    """The least r² of each pair (k,) over all ways to leave one row out, and that row (k,)."""

    r2: Floats
    row: Ints


def all_pairs(m: int) -> Ints:
    """(m (m - 1) / 2, 2) positions i < j."""
    return np.column_stack(np.triu_indices(m, 1))


def _chunks(n: int, pairs: Ints) -> Iterator[slice]:
    size = max(1, CHUNK // max(n, 1))
    for start in range(0, len(pairs), size):
        yield slice(start, min(start + size, len(pairs)))


def _terms(values: Floats, pairs: Ints) -> Floats:
    """(6, n, k) what each row adds to the sums of each pair."""
    x, y = values[:, pairs[:, 0]], values[:, pairs[:, 1]]
    known = np.isfinite(x) & np.isfinite(y)
    x, y = np.where(known, x, 0.0), np.where(known, y, 0.0)
    return np.stack((known.astype(float), x, y, x * x, y * y, x * y))


def _r(sums: Floats) -> Floats:
    """r from the six sums (6, ...); NaN where it is not defined."""
    n, x, y, xx, yy, xy = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        spread_x, spread_y = xx - x * x / n, yy - y * y / n
        good = (n >= FEWEST) & (spread_x > 1e-10 * xx) & (spread_y > 1e-10 * yy)
        r = (xy - x * y / n) / np.sqrt(np.where(good, spread_x * spread_y, np.nan))
    return np.asarray(np.clip(r, -1.0, 1.0))


def without_one(values: Floats, pairs: Ints, progress: Progress) -> WithoutOne:
    """The row without which each pair of columns of values (n, m) is correlated the least."""
    least, row = np.full(len(pairs), np.nan), np.zeros(len(pairs), np.int64)
    for part in _chunks(len(values), pairs):
        progress.step(part.start, len(pairs))
        terms = _terms(values, pairs[part])
        r2 = _r(terms.sum(axis=1, keepdims=True) - terms) ** 2
        filled = np.where(np.isfinite(r2), r2, np.inf)
        row[part] = filled.argmin(axis=0)
        found = filled.min(axis=0)
        least[part] = np.where(np.isfinite(found), found, np.nan)
    return WithoutOne(least, row)


def drawn_again(
    values: Floats, pairs: Ints, block: Ints, n_draws: int, seed: int, progress: Progress
) -> Floats:
    """(n_draws, k) r of each pair where whole blocks of rows are drawn with replacement.

    Bootstrap by blocks: Efron and Tibshirani (1993). `block` (n,) is 0, 1 ...
    """
    n_blocks = int(block.max()) + 1
    rng = np.random.default_rng(seed)
    times = rng.multinomial(n_blocks, np.full(n_blocks, 1.0 / n_blocks), size=n_draws).astype(float)
    order = np.argsort(block, kind="stable")
    first = np.searchsorted(block[order], np.arange(n_blocks))
    found = np.empty((n_draws, len(pairs)))
    for part in _chunks(len(values), pairs):
        progress.step(part.start, len(pairs))
        sums = np.add.reduceat(_terms(values, pairs[part])[:, order], first, axis=1)
        found[:, part] = _r(times @ sums)
    return found


def within_groups(values: Floats, group: Ints) -> Floats:
    """Values (n, m) less the mean of their group: what remains are differences within groups."""
    found = values.copy()
    for one in np.unique(group):
        own = group == one
        known = np.isfinite(values[own])
        n = np.maximum(known.sum(axis=0), 1)
        found[own] = values[own] - np.where(known, values[own], 0.0).sum(axis=0) / n
    return found


def p_values(r: Floats, n: NDArray[np.int64]) -> Floats:
    """Two-sided p of r from n independent normal pairs: Student's t with n - 2 degrees."""
    from scipy.stats import t

    free = np.maximum(n - 2, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.abs(r) * np.sqrt(free / np.maximum(1.0 - r**2, 0.0))
    return np.asarray(2.0 * t.sf(value, free))


def tau_p_values(tau: Floats, n: NDArray[np.int64]) -> Floats:
    """Two-sided p of Kendall's tau from n independent pairs without ties, normal approximation."""
    from scipy.stats import norm

    n = np.maximum(n, 2)
    return np.asarray(2.0 * norm.sf(3 * np.abs(tau) * np.sqrt(n * (n - 1) / (4 * n + 10))))


def discovery_rates(p: Floats) -> Floats:
    """(k,) the least false discovery rate at which each p counts; NaN stays.

    Benjamini and Hochberg, J. R. Stat. Soc. B 57, 289 (1995).
    """
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    k = len(order)
    scaled = p[order] * k / np.arange(1, k + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
