"""Lasso relations of every column from the others: the best penalty, coefficients and R².

Reference: Y. Liu and Y. Mo, npj Comput. Mater. (2024); Lasso: Tibshirani, J. R. Stat. Soc. B 58,
267 (1996). All fits of one split share its matrix of scalar products: a Lasso of n rows depends on
them alone, and is solved on m rows that have the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Progress
from mlipviewer.core.table import Floats
from mlipviewer.native.lasso import lasso_path

EDGE = 10**-1.5  # the weakest penalty of the published grid, best for nearly every error
PENALTIES: Floats = 10 ** np.linspace(1.5, -1.5, 31)
MOST_ROUNDS = 10_000
CLOSE, ROUGH = 1e-4, 1e-3  # a rough fit is enough to choose a penalty
Ints = NDArray[np.int64]
Split = tuple[Ints, Ints]
Allowed = Callable[[int], Sequence[int]]


@dataclass(frozen=True, eq=False)
class Relations:
    """Mean coefficients (m, m) of targets (columns) from predictors (rows), mean R² of held-out
    rows (m,) with its deviation over splits (m,), and the penalties (m,)."""

    coefficients: Floats
    r2: Floats
    deviation: Floats
    penalties: Floats


@dataclass(frozen=True, eq=False)
class Fold:
    """One split of z (n, m): held-out rows without the training mean, and the training rows' mean
    (m,) and a matrix (m, m) with their scalar products, as if there were m rows."""

    held_out: Floats
    mean: Floats
    root: Floats


def fold_of(z: Floats, train: Ints, test: Ints) -> Fold:
    mean = z[train].mean(axis=0)
    centred = z[train] - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(train))
    root = np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T * np.sqrt(z.shape[1])
    return Fold(z[test] - mean, mean, np.asfortranarray(root))


def path(
    root: Floats,
    target: int,
    predictors: Sequence[int],
    penalties: Floats,
    close: float = CLOSE,
) -> Floats:
    """(len(predictors), len(penalties)) Lasso coefficients, penalties falling.

    Minimum of |y - X w|² / (2 n) + penalty |w|₁ by coordinate descent, which ends at a duality gap
    of `close` times the sum of squares of the target.
    """
    x, y = root[:, list(predictors)], root[:, target]
    gram, xy, square = x.T @ x / len(y), x.T @ y / len(y), float(y @ y) / len(y)
    return lasso_path(gram, xy, square, penalties, MOST_ROUNDS, close).T


def every_fold(
    z: Floats, splits: Sequence[Split], work: Callable[[Fold], Any], progress: Progress
) -> Iterator[Any]:
    """What `work` makes of each fold, in order, on all processors. Raises Cancelled."""

    def one(split: Split) -> Any:
        return None if progress.stopped else work(fold_of(z, *split))

    n_threads = max(1, os.cpu_count() or 1)
    with ThreadPoolExecutor(n_threads) as pool:
        for done, found in enumerate(pool.map(one, splits)):
            progress.step(done, len(splits))
            yield found


def repeated_folds(n: int, n_splits: int, n_repeats: int, seed: int) -> list[Split]:
    """Training and held-out rows of `n_repeats` random partitions into `n_splits`."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(n_repeats):
        for test in np.array_split(rng.permutation(n), n_splits):
            found.append((np.setdiff1d(np.arange(n), test), np.sort(test)))
    return found


def random_splits(n: int, n_splits: int, held_out: float, seed: int) -> list[Split]:
    """Training and held-out rows of independent random splits."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(n_splits):
        order = rng.permutation(n)
        n_test = int(np.ceil(held_out * n))
        found.append((np.sort(order[n_test:]), np.sort(order[:n_test])))
    return found


def best_penalties(
    z: Floats, allowed: Allowed, splits: Sequence[Split], progress: Progress
) -> Floats:
    """(m,) the penalty of least mean absolute error over the splits, for each column."""
    m = z.shape[1]

    def work(fold: Fold) -> Floats:
        error = np.empty((m, len(PENALTIES)))
        for j in range(m):
            chosen = allowed(j)
            guess = fold.held_out[:, chosen] @ path(fold.root, j, chosen, PENALTIES, ROUGH)
            error[j] = np.abs(fold.held_out[:, [j]] - guess).mean(axis=0)
        return error

    total: Floats = np.zeros((m, len(PENALTIES)))
    for error in every_fold(z, splits, work, progress):
        total = total + error
    return np.asarray(PENALTIES[total.argmin(axis=1)])


def relations(
    z: Floats, allowed: Allowed, penalties: Floats, splits: Sequence[Split], progress: Progress
) -> Relations:
    """Coefficients and R² of every column from those that are allowed, averaged over splits."""
    m = z.shape[1]

    def work(fold: Fold) -> tuple[Floats, Floats]:
        coefficients = np.zeros((m, m))
        for j in range(m):
            chosen = allowed(j)
            coefficients[chosen, j] = path(fold.root, j, chosen, penalties[[j]])[:, 0]
        return coefficients, determination(fold.held_out, fold.held_out @ coefficients)

    found = list(every_fold(z, splits, work, progress))
    r2 = np.array([one for _, one in found])
    mean = np.mean([one for one, _ in found], axis=0)
    return Relations(mean, r2.mean(axis=0), r2.std(axis=0), penalties)


def determination(values: Floats, guess: Floats) -> Floats:
    """(m,) R² = 1 - sum of squared residuals / sum of squared deviations; NaN for constants."""
    spread = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            1.0 - ((values - guess) ** 2).sum(axis=0) / np.where(spread > 0, spread, np.nan)
        )


def leave_out(rows: Iterable[Ints], n: int) -> list[Split]:
    """Training and held-out rows that hold out each of the given sets in turn."""
    return [(np.setdiff1d(np.arange(n), held), np.asarray(held)) for held in rows]
