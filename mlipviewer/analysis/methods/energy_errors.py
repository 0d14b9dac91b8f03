"""Errors of energies of whole frames, which are known up to a constant for each atom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NOTHING, MEAN, ELEMENTS = "nothing", "mean", "elements"


def shifted(predicted: Array, reference: Array, sizes: Array) -> Array:
    """(m,) predicted - reference energy in eV per atom, less its mean: total energies of different
    methods are of different zeros. NaN where one of them is not known."""
    apart = (predicted - reference) / sizes
    known = np.isfinite(apart)
    return np.asarray(apart - apart[known].mean() if known.any() else apart)


def zeros_of(apart: Array, counts: Array, how: str) -> Array:
    """(k,) eV by which atoms of each of k kinds differ in zero between two methods.

    `apart` (m,) predicted - reference energies in eV of frames with `counts` (m, k) of atoms;
    `mean`: one zero for all kinds, `elements`: one for each, by least squares.
    """
    kinds = counts.shape[1]
    known = np.isfinite(apart)
    sizes = counts.sum(axis=1)
    if how == NOTHING or not known.any():
        return np.zeros(kinds)
    if how == MEAN:
        return np.full(kinds, (apart[known] / sizes[known]).mean())
    weights = 1 / sizes[known][:, None]
    return np.asarray(np.linalg.lstsq(counts[known] * weights, apart[known] * weights[:, 0])[0])


def robust_z(errors: Array) -> Array:
    """(n,) how far out each error is: from the median, over that of the middle half, as standard
    deviations of a normal spread. NaN without spread."""
    known = errors[np.isfinite(errors)]
    if not len(known):
        return np.full(len(errors), np.nan)
    middle = np.median(known)
    about = np.median(np.abs(known - middle))
    return np.asarray(0.6745 * (errors - middle) / (about if about > 0 else np.nan))
