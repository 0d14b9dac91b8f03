"""How well forces are predicted: errors of size and of direction, and scores of both.

The scores are those of Liu, He and Mo, npj Comput. Mater. 9, 174 (2023), for atoms of rare events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FORCE_LIMIT, ANGLE_LIMIT = 1.0, 60.0
"""X of the cumulative curves: eV/A and degrees."""
POINTS = 50
"""The published scores are sums of the trapezoid rule over so many equally spaced points."""


def cumulative(errors: Array, limit: float) -> tuple[Array, Array]:
    """(50,) places from 0 to `limit`, and the share of the finite `errors` (n,) up to each.

    NaN shares where there are no errors.
    """
    places = np.linspace(0.0, limit, POINTS)
    good = np.sort(errors[np.isfinite(errors)])
    if not len(good):
        return places, np.full(POINTS, np.nan)
    return places, np.searchsorted(good, places, side="right") / len(good)


def dnac(errors: Array, limit: float) -> float:
    """1 - NAC, the normalised area above the cumulative curve of `errors` (n,) up to `limit`.

    0: no errors; 1: all beyond the limit. NaN without errors.
    """
    places, shares = cumulative(errors, limit)
    return float(1.0 - np.trapezoid(shares, places) / limit)


def size_errors(predicted: Array, reference: Array) -> Array:
    """(n,) | |F| - |F_ref| | of forces (n, 3), in their unit."""
    sizes = np.linalg.norm(predicted, axis=1) - np.linalg.norm(reference, axis=1)
    return np.asarray(np.abs(sizes))


def angles(predicted: Array, reference: Array) -> Array:
    """(n,) degrees between forces (n, 3); NaN where one of them has no direction."""
    lengths = np.linalg.norm(predicted, axis=1) * np.linalg.norm(reference, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosines = np.einsum("ij,ij->i", predicted, reference) / lengths
    return np.asarray(np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0))))


@dataclass(frozen=True)
class Scores:
    """Of n forces: `n_below` have a reference under the floor of directions.

    `dnac_force`, `dnac_angle` over all of them; `dnac_angle_above` over those above the floor;
    `sigma_force` the root mean square of size errors; `mae`, `rmse` of components; `r2` of them.
    """

    n_atoms: int
    n_below: int
    dnac_force: float
    dnac_angle: float
    dnac_angle_above: float
    sigma_force: float
    mae: float
    rmse: float
    r2: float
    share_force: float  # with a size error above 0.5 eV/A
    share_15: float  # with an angle above 15 degrees
    share_30: float


def scores(predicted: Array, reference: Array, floor: float) -> Scores:
    """The scores of forces (n, 3) in eV/A; pairs with a value that is not finite are left out."""
    good = np.isfinite(predicted).all(axis=1) & np.isfinite(reference).all(axis=1)
    predicted, reference = predicted[good], reference[good]
    sizes, turns = size_errors(predicted, reference), angles(predicted, reference)
    above = np.linalg.norm(reference, axis=1) >= floor
    apart = (predicted - reference).ravel()
    n = len(sizes)
    return Scores(
        n_atoms=n,
        n_below=int(n - above.sum()),
        dnac_force=dnac(sizes, FORCE_LIMIT),
        dnac_angle=dnac(turns, ANGLE_LIMIT),
        dnac_angle_above=dnac(turns[above], ANGLE_LIMIT),
        sigma_force=float(np.sqrt((sizes**2).mean())) if n else np.nan,
        mae=float(np.abs(apart).mean()) if n else np.nan,
        rmse=float(np.sqrt((apart**2).mean())) if n else np.nan,
        r2=_r2(predicted.ravel(), reference.ravel()),
        share_force=float((sizes > 0.5).mean()) if n else np.nan,
        share_15=_share(turns, 15.0),
        share_30=_share(turns, 30.0),
    )


def _share(values: Array, bound: float) -> float:
    known = values[np.isfinite(values)]
    return float((known > bound).mean()) if len(known) else np.nan


def _r2(predicted: Array, reference: Array) -> float:
    """1 - sum of squares of errors over that about the mean; NaN where the reference is flat."""
    if not len(reference):
        return np.nan
    about = ((reference - reference.mean()) ** 2).sum()
    return float(1 - ((predicted - reference) ** 2).sum() / about) if about > 0 else np.nan
