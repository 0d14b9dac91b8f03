"""All other errors from a few chosen ones: linear predictions of rows that were held out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mlipviewer.analysis.methods.lasso import EDGE, Fold, Split, determination, fold_of, path
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats

Predictors = Callable[[int], Sequence[int]]
FITS = ("lasso", "least squares", "huber")
HUBER = 1.345  # robust deviations, beyond which a residual counts linearly: 95 % efficient
ROUNDS = 30


def held_out(
    z: Floats, predictors: Predictors, fit: str, splits: Sequence[Split], progress: Progress
) -> Floats:
    """(n, m) predictions of z (n, m), column j from the columns `predictors(j)`.

    Each row by a fit without it; rows that no split holds out are NaN. Columns without predictors
    are predicted by their mean. `fit`: lasso (penalty 10^-1.5), least squares or huber.
    """
    same: dict[tuple[int, ...], list[int]] = {}
    for j in range(z.shape[1]):
        same.setdefault(tuple(predictors(j)), []).append(j)
    guess = np.full(z.shape, np.nan)
    for done, (train, test) in enumerate(splits):
        progress.step(done, len(splits))
        fold = fold_of(z, train, test)
        for chosen, targets in same.items():
            slope, shift = _fitted(fold, z[train] - fold.mean, chosen, targets, fit)
            there = fold.held_out[:, chosen] @ slope + shift + fold.mean[targets]
            guess[test[:, None], np.array(targets)] = there
    return guess


def _fitted(
    fold: Fold, centred: Floats, chosen: tuple[int, ...], targets: list[int], fit: str
) -> tuple[Floats, Floats]:
    """Slopes (p, k) and shifts (k,) of centred columns."""
    none = np.zeros(len(targets))
    if not chosen:
        return np.zeros((0, len(targets))), none
    if fit == "huber":
        return huber(centred[:, chosen], centred[:, targets])
    if fit == "lasso":
        penalty = np.array([EDGE])
        slopes = [path(fold.root, j, chosen, penalty)[:, 0] for j in targets]
        return np.column_stack(slopes), none
    root = fold.root
    return np.asarray(np.linalg.lstsq(root[:, chosen], root[:, targets], rcond=1e-10)[0]), none


def huber(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Slopes (p, k) and intercepts (k,) of y (n, k) on x (n, p), outliers counting less.

    Iteratively reweighted least squares with Huber's weights and the median absolute deviation as
    scale: Huber, Ann. Math. Stat. 35, 73 (1964); Holland and Welsch (1977).
    """
    design = np.column_stack((x, np.ones(len(x))))
    solved = _weighted(design, y, np.ones(y.shape))
    for _ in range(ROUNDS):
        residual = y - design @ solved
        scale = np.median(np.abs(residual - np.median(residual, axis=0)), axis=0) / 0.6745
        far = np.abs(residual) / np.maximum(HUBER * scale, 1e-12)
        new = _weighted(design, y, 1.0 / np.maximum(far, 1.0))
        moved, solved = np.abs(new - solved).max(initial=0.0), new
        if moved < 1e-5:
            break
    return solved[:-1], solved[-1]


def _weighted(design: Floats, y: Floats, weight: Floats) -> Floats:
    """(p, k) least squares of each column of y (n, k) with its own weights (n, k)."""
    p, k = design.shape[1], y.shape[1]
    gram = np.zeros((k, p * p))
    for rows in np.array_split(np.arange(len(design)), 1 + len(design) * p * p // 4_000_000):
        products = (design[rows, :, None] * design[rows, None, :]).reshape(len(rows), -1)
        gram += weight[rows].T @ products
    gram = gram.reshape(k, p, p) + 1e-9 * len(design) * np.eye(p)
    right = (design.T @ (weight * y)).T[..., None]
    return np.asarray(np.linalg.solve(gram, right)[..., 0].T)


def pooled_r2(z: Floats, guess: Floats) -> Floats:
    """(m,) R² over all rows that were predicted, each by a fit that did not see it."""
    known = np.isfinite(guess).all(axis=1)
    return determination(z[known], guess[known])
