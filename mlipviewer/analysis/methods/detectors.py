"""What happens to atoms in some frames: jumps, displacements, spikes, lasting changes of class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.methods.visits import Visits
from mlipviewer.core.progress import Progress

Array = NDArray[Any]

AT_ONCE = 2_000_000
NORMAL = 1.4826
"""The standard deviation of a normal spread over the median of the distances from its median."""


@dataclass(frozen=True, eq=False)
class Found:
    """k events: `atom` (k,) its column, `begin` and `end` (k,) frames, `value` (k,) how strong."""

    atom: Array
    begin: Array
    end: Array
    value: Array

    def some(self, mask: Array) -> Found:
        return Found(self.atom[mask], self.begin[mask], self.end[mask], self.value[mask])


def spells(strength: Array, threshold: float, least: int = 1) -> Found:
    """The runs of at least `least` frames in which the strength (m, n) of each of n atoms is above
    a threshold; their value is the largest strength."""
    above = np.zeros((strength.shape[0] + 2, strength.shape[1]), np.int8)
    above[1:-1] = strength > threshold
    change = np.diff(above.T, axis=1)
    atom, begin = np.nonzero(change == 1)
    end = np.nonzero(change == -1)[1] - 1
    lasting = end - begin + 1 >= least
    atom, begin, end = atom[lasting], begin[lasting], end[lasting]
    return Found(atom, begin, end, _largest(strength, atom, begin, end))


def _largest(strength: Array, atom: Array, begin: Array, end: Array) -> Array:
    m = strength.shape[0]
    if not len(atom):
        return np.empty(0)
    flat = np.append(np.ascontiguousarray(strength.T).ravel(), -np.inf)
    bounds = np.stack([atom * m + begin, atom * m + end + 1], axis=1).ravel()
    return np.asarray(np.maximum.reduceat(flat, bounds)[::2])


def jumps(places: Array, distance: float, window: int, progress: Progress) -> Found:
    """Where the mean place of `window` frames is farther than `distance` A from that of the window
    before, of (m, n, 3) unwrapped places. The event is the frame of the largest distance, and the
    one before; its value that distance. Raises Cancelled."""
    m, n = places.shape[:2]
    window = min(window, max(m // 2, 1))
    batch = max(1, AT_ONCE // max(m, 1))
    parts = []
    for first in range(0, n, batch):
        progress.step(first, n)
        strength = _moved(places[:, first : first + batch], window)
        found = spells(strength, distance)
        peaks = _peaks(strength, found) + window
        parts.append(Found(found.atom + first, peaks - 1, peaks, found.value))
    return _joined(parts)


def _moved(places: Array, window: int) -> Array:
    """(m - 2 w + 1, n) from the mean of w frames to that of the next w, in A."""
    sums = np.concatenate([np.zeros((1, *places.shape[1:])), np.cumsum(places, axis=0)])
    means = (sums[window:] - sums[:-window]) / window
    return np.asarray(np.linalg.norm(means[window:] - means[:-window], axis=2))


def _peaks(strength: Array, found: Found) -> Array:
    """(k,) the frame in the middle of those of each event that are as strong as its value."""
    peaks = np.empty(len(found.atom), np.int64)
    for k, (atom, begin, end) in enumerate(
        zip(found.atom.tolist(), found.begin.tolist(), found.end.tolist(), strict=True)
    ):
        line = strength[begin : end + 1, atom]
        highest = np.flatnonzero(line >= line.max() * (1 - 1e-9))
        peaks[k] = begin + (highest[0] + highest[-1]) // 2
    return peaks


def displacements(places: Array, reference: int, distance: float, least: int) -> Found:
    """Where atoms are farther than `distance` A from where they are in the frame `reference`, for
    at least `least` frames."""
    far = np.linalg.norm(places - places[reference], axis=2)
    return spells(far, distance, least)


def spikes(values: Array, sigma: float, least: int) -> Found:
    """Where values (m, n) are farther than `sigma` robust standard deviations from the median over
    time of their atom. NaN are none."""
    middle = np.nanmedian(values, axis=0)
    about = NORMAL * np.nanmedian(np.abs(values - middle), axis=0)
    far = np.abs(values - middle) / np.where(about > 0, about, np.inf)
    return spells(np.nan_to_num(far), sigma, least)


def class_changes(labels: Array, dwell: int) -> tuple[Found, Array, Array]:
    """(events, (k,) the old class, (k,) the new one) of whole-number classes (m, n), -1 for none:
    changes with at least `dwell` frames of each class on both sides, shorter ones left out. They
    last from the last frame of the old class to the first of the new one."""
    m = labels.shape[0]
    flat = labels.T.ravel()
    there = np.flatnonzero(flat >= 0)
    atom, frame = np.divmod(there, m)
    none = np.zeros((len(there), 3), np.int8)
    stays = Visits(atom, flat[there], none, frame, frame).together()
    stays = stays.some(stays.last - stays.first + 1 >= dwell).together()
    after = np.flatnonzero(np.diff(stays.atom) == 0) + 1
    begin, end = stays.last[after - 1], stays.first[after]
    found = Found(stays.atom[after], begin, end, (end - begin).astype(float))
    return found, stays.site[after - 1], stays.site[after]


def _joined(parts: list[Found]) -> Found:
    return Found(
        *(
            np.concatenate([getattr(one, name) for one in parts])
            for name in ("atom", "begin", "end", "value")
        )
    )
