"""The slope of a mean square displacement with what is known of it: neighbouring lags share most of
their displacements, so that a plain fit takes its error for far too small.

McCluskey, Coles and Morgan, J. Chem. Theory Comput. 21, 79 (2025): the means at lags i <= j have
the covariance s_i^2 / n_j, with s_i^2 the variance of single squared displacements and n_j how many
of them do not overlap. With flat priors and a positive slope the posterior is a cut normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LAGS = 60
ORIGINS = 2_000_000
"""Single displacements that are looked at for the variance of one lag."""
LEVEL = 0.95


@dataclass(frozen=True)
class Slope:
    """Mean, standard deviation and interval (at LEVEL) of a slope, in A^2/ps; NaN where the lags
    tell none."""

    mean: float
    std: float
    low: float
    high: float


NOTHING = Slope(np.nan, np.nan, np.nan, np.nan)


def bayesian_slope(
    places: Array, times: Array, msd: Array, axes: list[int], window: tuple[int, int]
) -> Slope:
    """Of paths `places` (m, n, 3) in A, whose displacement is `msd` (m - 1,) at lags `times` (ps),
    over the lags `window` (first, beyond the last: indices)."""
    first, last = window
    if last - first < 3:
        return NOTHING
    lags = np.unique(np.linspace(first, last - 1, min(last - first, LAGS)).round().astype(int)) + 1
    squares = np.array([variance_at(places, lag, axes) for lag in lags])
    independent = places.shape[1] * (len(places) - 1) / lags
    return slope_of(times[lags - 1], msd[lags - 1], squares, independent)


def variance_at(places: Array, lag: int, axes: list[int]) -> float:
    """The variance of |r(t + lag) - r(t)|^2 over atoms and time origins, in A^4."""
    n_origins = len(places) - lag
    step = max(1, n_origins * places.shape[1] // ORIGINS)
    start = np.arange(0, n_origins, step)
    far = places[start + lag][:, :, axes] - places[start][:, :, axes]
    return float(((far**2).sum(axis=2)).var())


def slope_of(times: Array, means: Array, variances: Array, independent: Array) -> Slope:
    """From means (k,) at times (k,), variances (k,) of single squares and how many of these are
    independent (k,).

    The covariance is t_i t_j g(min(i, j)) with g = s^2 / (t^2 n): mean / t walks at random, each
    step on its own. Lags where the noise of g hides its rise are left out: a step that seemed too
    sure would decide all.
    """
    walked = variances / (times**2 * independent)
    kept = _rising(walked)
    if len(kept) < 3:
        return NOTHING
    t, x, g = times[kept], means[kept] / times[kept], walked[kept]
    design = np.column_stack([np.ones(len(t)), 1 / t])
    steps = np.concatenate([g[:1], np.diff(g)])
    weights = 1 / np.sqrt(steps)
    rows = np.concatenate([design[:1], np.diff(design, axis=0)]) * weights[:, None]
    values = np.concatenate([x[:1], np.diff(x)]) * weights
    information = rows.T @ rows
    if np.linalg.cond(information) > 1e14:
        return NOTHING
    covariance = np.linalg.inv(information)
    slope = float((covariance @ rows.T @ values)[0])
    return _positive(slope, float(np.sqrt(covariance[0, 0])))


def _rising(walked: Array) -> list[int]:
    """Indices at which g is above what it was before by a good part of its mean step."""
    top = np.maximum.accumulate(walked)
    least = 0.3 * float(top[-1] - top[0]) / max(len(walked) - 1, 1)
    kept = [0] if walked[0] > 0 else []
    for k in range(1, len(walked)):
        if kept and walked[k] - walked[kept[-1]] > max(least, 0.0):
            kept.append(k)
    return kept


def _positive(mean: float, std: float) -> Slope:
    """A normal cut at zero."""
    from scipy.stats import truncnorm

    if not (np.isfinite(mean) and std > 0):
        return NOTHING
    cut = truncnorm(-mean / std, np.inf, mean, std)
    side = (1 - LEVEL) / 2
    low, high = cut.ppf([side, 1 - side])
    return Slope(float(cut.mean()), float(cut.std()), float(low), float(high))
