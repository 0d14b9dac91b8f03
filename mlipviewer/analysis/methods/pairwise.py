"""Correlation coefficients between all columns, each pair over the rows where both are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

Counts = NDArray[np.int64]
FEWEST = 3  # common rows, below which a coefficient says nothing


def correlate(values: Floats, method: str, progress: Progress) -> tuple[Floats, Counts]:
    """(m, m) coefficients of (n, m) values and the numbers of common rows; NaN: not defined.

    `method`: pearson, spearman (Pearson of ranks) or kendall (tau-b).
    """
    progress.step(0, 1)
    if method == "kendall":
        return _by_pairs(values, _kendall, progress)
    if method == "pearson":
        return pearson(values)
    if np.isfinite(values).all():
        return pearson(_ranks(values))
    return _by_pairs(values, _spearman, progress)


def pearson(values: Floats) -> tuple[Floats, Counts]:
    """Pairwise-complete Pearson r as five matrix products.

    With the mask M and missing cells as 0, the sums over the common rows of columns i and j are
    n = M'M, S_i = X'M, S_ii = (X*X)'M, S_ij = X'X.
    """
    known = np.isfinite(values)
    n = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, values, 0.0)
    filled = np.where(
        known, filled - filled.sum(axis=0) / n, 0.0
    )  # sums of small numbers are exact
    size = np.abs(filled).max(axis=0, initial=0.0)
    filled = filled / np.where(size > 0, size, 1.0)
    mask = known.astype(float)
    common = mask.T @ mask
    with np.errstate(divide="ignore", invalid="ignore"):
        total = filled.T @ mask
        cross = filled.T @ filled - total * total.T / common
        spread = (filled**2).T @ mask - total**2 / common
        spread = np.where(spread > 1e-13, spread, np.nan)
        r = cross / np.sqrt(spread * spread.T)
    r = np.where(common >= FEWEST, np.clip(r, -1.0, 1.0), np.nan)
    np.fill_diagonal(r, np.where(np.isfinite(np.diag(r)), 1.0, np.nan))
    return (r + r.T) / 2, common.astype(np.int64)


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values, axis=0), float)


def _spearman(x: Floats, y: Floats) -> float:
    return float(pearson(_ranks(np.column_stack((x, y))))[0][0, 1])


def _kendall(x: Floats, y: Floats) -> float:
    from scipy.stats import kendalltau

    if (x == x[0]).all() or (y == y[0]).all():
        return float("nan")
    return float(kendalltau(x, y).statistic)


def _by_pairs(values: Floats, measure: object, progress: Progress) -> tuple[Floats, Counts]:
    """One pair after the other, where no product of matrices does it."""
    assert callable(measure)
    m = values.shape[1]
    known = np.isfinite(values)
    r, common = np.full((m, m), np.nan), (known.T.astype(int) @ known.astype(int))
    for i in range(m):
        progress.step(i, m)
        r[i, i] = 1.0 if common[i, i] >= FEWEST and np.ptp(values[known[:, i], i]) > 0 else np.nan
        for j in range(i):
            both = known[:, i] & known[:, j]
            if common[i, j] >= FEWEST:
                r[i, j] = r[j, i] = measure(values[both, i], values[both, j])
    return r, common
