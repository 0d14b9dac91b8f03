"""Averages over blocks of frames, barriers read from them, and whether a series is stationary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FEW = 40  # frames: up to so many each is a block
USUAL_BLOCKS = 20
EARLY, LATE = 0.3, 0.5  # shares of a series whose means are compared
DRIFTS = 3.0  # standard errors between them that make a drift
INDEPENDENT = 10.0  # samples at least


@dataclass(frozen=True, eq=False)
class Blocks:
    """Means (b,) of x and y over blocks of frames first..last, with the errors of the mean of y:
    standard deviation / sqrt(frames), 0 for single frames."""

    first: Array
    last: Array
    x: Array
    y: Array
    error: Array


def block_averages(frames: Array, x: Array, y: Array, blocks: int = 0) -> Blocks:
    """Blocks of nearly equal length; 0: 20, or each frame of up to 40."""
    n = blocks or (len(y) if len(y) <= FEW else USUAL_BLOCKS)
    parts = [part for part in np.array_split(np.arange(len(y)), min(n, len(y))) if len(part)]
    spread = [y[p].std(ddof=1) / np.sqrt(len(p)) if len(p) > 1 else 0.0 for p in parts]
    return Blocks(
        np.array([frames[p[0]] for p in parts]),
        np.array([frames[p[-1]] for p in parts]),
        np.array([x[p].mean() for p in parts]),
        np.array([y[p].mean() for p in parts]),
        np.array(spread),
    )


@dataclass(frozen=True)
class Barrier:
    """The largest rise above the minimum before it, between two blocks."""

    height: float
    error: float
    bottom: int
    top: int


def barrier_of(y: Array, error: Array) -> Barrier:
    """Read from means y (b,) with errors (b,): {0, .3, .1, .5, .2} has .5, from the first on."""
    lowest = np.minimum.accumulate(y)
    rise = y - lowest
    top = int(rise.argmax())
    bottom = int(y[: top + 1].argmin())
    return Barrier(float(rise[top]), float(np.hypot(error[top], error[bottom])), bottom, top)


def inefficiency(y: Array) -> float:
    """How many frames make one independent sample: 1 + 2 sum of autocorrelations, up to the first
    that is not positive (Chodera et al., J. Chem. Theory Comput. 3, 26 (2007))."""
    n = len(y)
    centred = np.asarray(y, float) - np.mean(y)
    variance = float(centred @ centred) / max(n, 1)
    if n < 3 or variance <= 1e-24 * max(float(np.mean(np.square(y))), 1e-300):
        return 1.0
    size = 1 << (2 * n - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    lags = np.arange(1, n - 1)
    correlated = np.fft.irfft(power, size)[1 : n - 1] / (variance * (n - lags))
    ends = np.flatnonzero(correlated <= 0)
    some = slice(0, int(ends[0]) if len(ends) else len(lags))
    return float(max(1.0, 1.0 + 2.0 * np.sum(correlated[some] * (1 - lags[some] / n))))


def error_of_mean(y: Array) -> float:
    """With the correlation of frames in time taken into account."""
    return float(np.std(y) * np.sqrt(inefficiency(y) / max(len(y), 1)))


def why_not_stationary(y: Array) -> str:
    """Why a series (n,) is no sample of one equilibrium; '' where nothing speaks against it.

    The test of Geweke: the means of the first 30 % and the last 50 % are apart by more than three
    of their errors, as the last 50 % tell them. And ten independent samples are needed.
    """
    n = len(y)
    early, late = y[: max(int(EARLY * n), 1)], y[n - max(int(LATE * n), 1) :]
    apart = float(np.mean(late) - np.mean(early))
    spread = error_of_mean(late)  # also of the early mean: a run that settles is wild at first
    error = spread * float(np.hypot(1.0, np.sqrt(len(late) / len(early))))
    if abs(apart) > DRIFTS * error and abs(apart) > 1e-9 * float(np.abs(y).max()):
        times = f"{abs(apart) / error:.1f} of their errors" if error > 0 else "without any spread"
        return f"it drifts: the means of its first 30 % and last 50 % are {times} apart (Geweke)"
    independent = n / inefficiency(y)
    if independent < INDEPENDENT:
        return f"it is too short: {n} frames are only {independent:.1f} independent samples"
    return ""
