"""How much a score of paired errors changes, with an interval by drawing whole frames again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.force_scores import POINTS

Array = NDArray[Any]

LEVEL = 0.95


@dataclass(frozen=True)
class Change:
    """A score before and after, its change, and the interval of that at `LEVEL`; None where one
    frame alone tells nothing of it."""

    before: float
    after: float
    change: float
    low: float | None
    high: float | None


def dnac_parts(errors: Array, limit: float) -> Array:
    """What each error adds to dNAC: their mean is `force_scores.dnac`. NaN where an error is."""
    places = np.linspace(0.0, limit, POINTS)
    weights = np.full(POINTS, places[1])
    weights[[0, -1]] /= 2  # the trapezoid rule
    passed = np.concatenate([np.zeros(1), np.cumsum(weights[::-1])])
    reached = POINTS - np.searchsorted(places, errors, side="left")
    return np.where(np.isfinite(errors), 1.0 - passed[reached] / limit, np.nan)


def mean_change(
    before: Array, after: Array, frames: Array, draws: int, seed: int, root: bool = False
) -> Change:
    """The means of `before` (k, n) and `after` (j, n) over models and atoms, and their difference.

    `frames` (n,) are drawn with replacement, atoms of a frame together: Efron and Tibshirani
    (1993). `root`: of means of squares, as a root mean square. NaN are left out.
    """
    sums = [_by_frame(one, frames) for one in (before, after)]
    n_frames = len(sums[0][0])
    whole = [_mean(total.sum(), count.sum(), root) for total, count in sums]
    low = high = None
    if n_frames > 1 and draws > 0:
        rng = np.random.default_rng(seed)
        times = rng.multinomial(n_frames, np.full(n_frames, 1 / n_frames), size=draws)
        drawn = [_mean(times @ total, times @ count, root) for total, count in sums]
        apart = drawn[1] - drawn[0]
        known = apart[np.isfinite(apart)]
        if len(known):
            side = (1 - LEVEL) / 2
            low, high = (float(one) for one in np.quantile(known, (side, 1 - side)))
    return Change(float(whole[0]), float(whole[1]), float(whole[1] - whole[0]), low, high)


def _by_frame(values: Array, frames: Array) -> tuple[Array, Array]:
    """(sums, counts) of the finite values of each frame, over all models."""
    _, at = np.unique(frames, return_inverse=True)
    known = np.isfinite(values)
    total = np.bincount(at, np.where(known, values, 0.0).sum(axis=0))
    return total, np.bincount(at, known.sum(axis=0).astype(float))


def _mean(total: Any, count: Any, root: bool) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.asarray(total, float) / count
    return np.sqrt(found) if root else found
