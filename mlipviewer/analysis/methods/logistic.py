"""What tells the members of a group from others: logistic regression with few coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.lasso import random_splits, repeated_folds
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Mask
from mlipviewer.core.table import Floats

INVERSE_PENALTIES: Floats = 10 ** np.linspace(-1.0, 1.0, 26)
MOST_STEPS = 2000
CLOSE = 1e-4  # change of a coefficient, relative to the largest, at which a fit ends


@dataclass(frozen=True, eq=False)
class Explanation:
    """Mean coefficients (p,) over resamples, their least and largest (p,), the inverse penalty and
    the share of held-out rows that are told right."""

    mean: Floats
    low: Floats
    high: Floats
    inverse_penalty: float
    accuracy: float


def explain(
    x: Floats, inside: Mask, seed: int, progress: Progress, n_splits: int = 20
) -> Explanation:
    """Which columns of x (n, p) tell the rows `inside` (n,) from the others, and in which sense.

    Liu and Mo (2024): of 26 inverse penalties C the one of least error in 3 x 10 folds, then the
    mean of 20 fits to two thirds of the rows. Minimum of |w|₁ + C sum of log losses. A negative
    coefficient: those inside are low. Raises Cancelled.
    """
    n = len(x)
    folds = repeated_folds(n, min(10, n), 3, seed)
    kept = _kept([train for train, _ in folds], n)
    wrong = []
    start = np.zeros((len(kept), x.shape[1] + 1))
    for done, c in enumerate(INVERSE_PENALTIES):
        progress.step(done, len(INVERSE_PENALTIES))
        start = fit(x, inside, kept, float(c), start)
        wrong.append(_errors(x, inside, start, kept).mean())
    best = float(INVERSE_PENALTIES[int(np.argmin(wrong))])
    kept = _kept([train for train, _ in random_splits(n, n_splits, 1 / 3, seed)], n)
    found = fit(x, inside, kept, best, np.zeros((len(kept), x.shape[1] + 1)))
    slopes = found[:, :-1]
    accuracy = 1.0 - float(_errors(x, inside, found, kept).mean())
    return Explanation(slopes.mean(axis=0), slopes.min(axis=0), slopes.max(axis=0), best, accuracy)


def _kept(trains: list, n: int) -> Mask:  # type: ignore[type-arg]
    mask = np.zeros((len(trains), n), bool)
    for row, train in zip(mask, trains, strict=True):
        row[train] = True
    return mask


def _errors(x: Floats, inside: Mask, found: Floats, kept: Mask) -> Floats:
    """(b,) the share of rows not kept that each fit tells wrong."""
    guess = found[:, :-1] @ x.T + found[:, -1:] > 0
    wrong = (guess != inside) & ~kept
    return np.asarray(wrong.sum(axis=1) / np.maximum((~kept).sum(axis=1), 1))


def fit(x: Floats, inside: Mask, kept: Mask, c: float, start: Floats) -> Floats:
    """(b, p + 1) coefficients, the last the free intercept, of b fits to the rows `kept` (b, n).

    Accelerated proximal gradient with restarts: Beck and Teboulle, SIAM J. Imaging Sci. 2, 183
    (2009); O'Donoghue and Candès (2015).
    """
    design = np.column_stack((x, np.ones(len(x))))
    size = 4.0 / max(float(np.linalg.eigvalsh(design.T @ design)[-1]), 1e-12)
    weight, wanted = kept.astype(float), inside.astype(float)
    shrink = np.full(design.shape[1], size / c)
    shrink[-1] = 0.0
    found, ahead, pace = start, start, 1.0
    for _ in range(MOST_STEPS):
        chance = 0.5 + 0.5 * np.tanh(0.5 * (ahead @ design.T))
        step = ahead - size * ((chance - wanted) * weight) @ design
        new = np.sign(step) * np.maximum(np.abs(step) - shrink, 0.0)
        moved = new - found
        if float(((ahead - new) * moved).sum()) > 0:  # it overshot: begin anew
            pace = 1.0
        faster = 0.5 + 0.5 * np.sqrt(1.0 + 4.0 * pace * pace)
        ahead = new + (pace - 1.0) / faster * moved
        found, pace = new, faster
        if np.abs(moved).max() < CLOSE * size * max(np.abs(new).max(), 1.0):
            break
    return found
