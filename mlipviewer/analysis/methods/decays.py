"""First-order decays, and straight lines against 1/T."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlipviewer.analysis.methods.block_averages import inefficiency
from mlipviewer.core.columns import Array

BOLTZMANN = 8.617333262e-5  # eV/K
LEAST_FALL = 0.3  # of ln n: less tells no law
BENT, SIGNIFICANT = 0.1, 3.0
"""A curve whose middle lies off the chord by this share of the fall, in so many errors, is bent."""


@dataclass(frozen=True)
class Decay:
    """ln n = intercept - rate t. `refused` says why it is no first-order decay, '' where it is."""

    rate: float
    error: float
    intercept: float
    refused: str


def first_order(t: Array, n: Array) -> Decay:
    """Fit counts n (m,) at times t (m,). The error is that of the line, with the
    correlation of frames in time, and that of counting atoms."""
    good = n > 0
    if good.sum() < 5:
        return Decay(np.nan, np.nan, np.nan, "five frames with such atoms are the least")
    t, y = np.asarray(t[good], float), np.log(n[good])
    slope, intercept, error = _line(t, y)
    refused = _why_not(t, y, slope, error, fell_to_none=not good.all())
    gone = float(n[good][0] - n[good][-1])  # each at its own moment: their number limits the rate
    error = float(np.hypot(error, slope / np.sqrt(gone))) if gone > 0 else error
    return Decay(-slope, error, intercept, refused)


def _line(t: Array, y: Array) -> tuple[float, float, float]:
    """(slope, intercept, error of the slope)."""
    centred = t - t.mean()
    slope = float(centred @ y / (centred @ centred))
    intercept = float(y.mean() - slope * t.mean())
    rest = y - intercept - slope * t
    variance = float(rest @ rest) / max(len(t) - 2, 1) * inefficiency(rest)
    return slope, intercept, float(np.sqrt(variance / (centred @ centred)))


def _why_not(t: Array, y: Array, slope: float, error: float, fell_to_none: bool) -> str:
    fall = -slope * (t[-1] - t[0])
    if fall < LEAST_FALL or slope > -3 * error:
        return (
            f"they hardly decay: ln n falls by {fall:.2f} in all, and {LEAST_FALL} is the least"
            " that tells a law"
        )
    u = 2 * (t - t[0]) / (t[-1] - t[0]) - 1
    basis = np.stack((np.ones_like(u), u, u**2), axis=1)
    found, *_ = np.linalg.lstsq(basis, y, rcond=None)
    rest = y - basis @ found
    variance = float(rest @ rest) / max(len(t) - 3, 1) * inefficiency(rest)
    wrong = float(np.sqrt(variance * np.linalg.inv(basis.T @ basis)[2, 2]))
    bent = float(found[2])
    if abs(bent) > BENT * fall and abs(bent) > SIGNIFICANT * wrong:
        way = "slows down" if bent > 0 else "speeds up"
        return (
            f"ln n(t) is bent: the decay {way} (the middle lies {abs(bent) / fall:.0%} of the fall"
            " off a straight line), so it is not of first order"
        )
    if fell_to_none and bent < -BENT * fall:
        return "they are used up at a finite time, so the decay is not of first order"
    return ""


@dataclass(frozen=True)
class Arrhenius:
    """k = prefactor exp(-Ea / kT): energy in eV, the logarithm of the prefactor, their errors."""

    energy: float
    energy_error: float
    log_prefactor: float
    log_error: float


def arrhenius(kelvin: Array, values: Array, errors: Array) -> Arrhenius:
    """Fit ln k against 1/T, weighted by the relative errors where all are given (> 0); they then
    are taken as they are. Else the errors come from the scatter; NaN for two points."""
    x, y = 1 / np.asarray(kelvin, float), np.log(values)
    known = bool((errors > 0).all())
    weights = (values / errors) ** 2 if known else np.ones(len(x))
    basis = np.stack((np.ones_like(x), x), axis=1)
    covariance = np.linalg.inv(basis.T @ (weights[:, None] * basis))
    found = covariance @ (basis.T @ (weights * y))
    if not known:
        rest = y - basis @ found
        free = len(x) - 2
        covariance = covariance * (float(rest @ rest) / free if free > 0 else np.nan)
    spread = np.sqrt(np.diag(covariance))
    return Arrhenius(
        float(-found[1] * BOLTZMANN),
        float(spread[1] * BOLTZMANN),
        float(found[0]),
        float(spread[0]),
    )
