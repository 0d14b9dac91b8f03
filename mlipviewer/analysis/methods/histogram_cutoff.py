"""Where the peak of a crystal ends in a histogram of deviations from its templates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 0.1, 0.3
"""A cut-off is not chosen outside these: 0.1 is usual for cold crystals, beyond 0.3 all fits."""

HOTTEST = 0.17
"""Peaks beyond are of disorder: crystals melt before they deviate so much."""

SMOOTH = 0.006  # standard deviation of the smoothing
DEEP = 0.8  # a valley is at most this share of the lower of the two peaks beside it


def usual_cutoff(counts: NDArray[Any], width: float) -> float:
    """The deviation behind the first peak of the histogram (bins of `width` from 0).

    That is the valley before the next peak where there is one; else three half widths above the
    mode, as seen from its left side, which disorder does not broaden. The least where there is no
    peak of a crystal. A multiple of the width.
    """
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks

    smooth = gaussian_filter1d(np.asarray(counts, float), SMOOTH / width)
    if not smooth.any():
        return LEAST
    peaks = find_peaks(smooth, height=0.05 * smooth.max())[0]
    first = int(peaks[0]) if len(peaks) else int(smooth.argmax())
    if first * width > HOTTEST:
        return LEAST
    valley = _valley(smooth, first, peaks[peaks > first])
    found = valley if valley is not None else first + 3.0 * _half_width(smooth, first)
    return round(round(float(np.clip(found * width, LEAST, MOST)) / width) * width, 6)


def _valley(smooth: NDArray[Any], first: int, others: NDArray[Any]) -> int | None:
    for other in others:
        between = smooth[first : other + 1]
        lowest = int(between.argmin())
        if between[lowest] <= DEEP * min(smooth[first], smooth[other]):
            return first + lowest
    return None


def _half_width(smooth: NDArray[Any], peak: int) -> float:
    """Bins from the peak down to half its height, on the left."""
    below = np.flatnonzero(smooth[: peak + 1] < smooth[peak] / 2)
    return float(peak - below[-1]) if len(below) else float(peak)
