"""The temperature of a run: what is known of it, else the mean that its frames carry."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from mlipviewer.core.plot import Array
from mlipviewer.core.trajectory import Trajectory

NAMES = ("temperature", "temp", "temp/atom", "t_kelvin", "kelvin")
LOOKED_AT = 200  # frames


def temperature_of(trajectory: Trajectory, given: float = 0.0) -> float | None:
    """K: what is given, what the run was held at, else the mean of the frames; None: unknown."""
    if given > 0:
        return given
    if trajectory.temperature.kelvin is not None:
        return trajectory.temperature.kelvin
    n = trajectory.n_frames
    step = max(n // LOOKED_AT, 1)
    found = [value for i in range(0, n, step) if (value := _said(trajectory, i)) is not None]
    return sum(found) / len(found) if found else None


def _said(trajectory: Trajectory, index: int) -> float | None:
    for name, value in trajectory.info(index).items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if name.lower() in NAMES and number and math.isfinite(value) and value > 0:
            return float(value)
    return None


def kelvin_of_frames(trajectory: Trajectory, frames: Iterable[int]) -> Array:
    """(k,) K of each frame: what it says, else what the run was held at; NaN where not known."""
    held = trajectory.temperature.kelvin
    found = [_said(trajectory, index) or held for index in frames]
    return np.array([np.nan if one is None else one for one in found], float)
