"""Mean square displacements over all time origins, and diffusion coefficients with their errors.

The window of the fit, the number of hops and the relative error are those of He, Zhu, Epstein and
Mo, npj Comput. Mater. 4, 18 (2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.progress import Progress

Array = NDArray[Any]

CM2_PER_S = 1e-4
"""1 A^2/ps in cm^2/s."""
RISE = 4.5
"""A^2 by which the displacement is to rise within the window of a fit."""
AT_ONCE = 4_000_000  # numbers in one transform


def square_displacements(places: Array, progress: Progress | None = None) -> Array:
    """(m, 3) <(x(t + lag) - x(t))^2> of each component over all atoms and all t, in A^2.

    `places` (m, n, 3) in A; by Fourier transforms, n log n in the number m of frames.
    """
    m, n = places.shape[:2]
    size = 1 << (2 * m - 1).bit_length()
    batch = max(AT_ONCE // (3 * size), 1)
    total = np.zeros((m, 3))
    for first in range(0, n, batch):
        if progress is not None:
            progress.step(first, n)
        some = places[:, first : first + batch] - places[:1, first : first + batch]
        total += _summed(some, size)
    lags = np.arange(m)
    return np.asarray(np.maximum(total, 0.0) / ((m - lags) * n)[:, None])


def _summed(places: Array, size: int) -> Array:
    """(m, 3) the squares, summed over atoms and origins."""
    m = len(places)
    power = np.abs(np.fft.rfft(places, size, axis=0)) ** 2
    products = np.fft.irfft(power.sum(axis=1), size, axis=0)[:m]
    squares = (places**2).sum(axis=1)
    ends = np.concatenate([np.zeros((1, 3)), np.cumsum(squares, axis=0)])
    lags = np.arange(m)
    found: Array = (ends[m] - ends[lags]) + ends[m - lags] - 2 * products
    found[0] = 0.0
    return found


@dataclass(frozen=True)
class Einstein:
    """MSD = offset + slope t between the lags `first` and `last` (indices; `last` is the first
    beyond). `refused` says why there is no slope, '' where there is."""

    slope: float
    offset: float
    first: int
    last: int
    refused: str


def einstein_fit(times: Array, msd: Array, lower: float, upper: float) -> Einstein:
    """Fit the displacement (k,) at lags (k,), without lag 0: from the first lag where it is at
    least `lower` A^2 to the share `upper` of the lags."""
    last = int(len(msd) * upper)
    reached = np.flatnonzero(msd >= lower)
    first = int(reached[0]) if len(reached) else len(msd)
    return fit_between(times, msd, first, last, RISE)


def fit_between(times: Array, msd: Array, first: int, last: int, rise: float = 0.0) -> Einstein:
    """The line through lags first .. last-1; refused where the displacement rises too little."""
    if last - first < 2:
        n = max(last - first, 0)
        why = f"not enough hops: the window of the fit holds {n} of {len(msd)} lags, 2 are needed"
        return Einstein(np.nan, np.nan, first, last, why)
    risen = float(msd[last - 1] - msd[first])
    if risen < rise:
        why = f"not enough hops: the displacement rises by {risen:.2g} Å², {rise:g} are needed"
        return Einstein(np.nan, np.nan, first, last, why)
    slope, offset = np.polyfit(times[first:last], msd[first:last], 1)
    return Einstein(float(slope), float(offset), first, last, "")


def n_hops(n_ions: int, msd: Array, hop: float) -> float:
    """The effective number of hops: N_ions max(MSD) / a^2."""
    return float(n_ions * np.nanmax(msd) / hop**2)


def relative_error(hops: float) -> float:
    """The relative standard deviation of a coefficient after so many hops."""
    return float(3.43 / np.sqrt(hops) + 0.04) if hops > 0 else float("inf")


def block_error(
    places: Array, times: Array, axes: list[int], window: tuple[int, int], blocks: int
) -> tuple[float, list[float]]:
    """(standard error of the mean slope, the slopes) of parts of the run, each fitted over the same
    lags, or up to half of the part where that is shorter. NaN where parts are too short."""
    slopes = []
    for part in np.array_split(np.arange(len(places)), blocks):
        if len(part) < 2:  # more parts than frames
            continue
        msd = square_displacements(places[part])[1:, axes].sum(axis=1)
        last = min(window[1], len(msd) // 2)
        first = min(window[0], last // 2)
        fit = fit_between(times[: len(msd)], msd, first, last)
        if not fit.refused:
            slopes.append(fit.slope)
    if len(slopes) < 2:
        return np.nan, slopes
    return float(np.std(slopes, ddof=1) / np.sqrt(len(slopes))), slopes
