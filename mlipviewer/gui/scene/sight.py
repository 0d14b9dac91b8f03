"""How a pane is seen by OpenGL: matrices, sizes and the colours that do not belong to atoms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlipviewer.native.solids import NO_CUES, Cues

Unit = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Sight:
    """(4, 4) matrices, pixels per A where nothing shrinks, colours 0..1.

    `halo` and `least` are pixels: of a ring, and of the radius of the smallest spheres.
    """

    view: NDArray[np.float64]
    projection: NDArray[np.float64]
    scale: float
    halo: float
    ring: Unit
    edge: Unit
    hover: Unit
    missing: Unit
    least: float = 0.6
    inverse_distance: float = 0.0
    cues: Cues = NO_CUES
    background: Unit = (1.0, 1.0, 1.0)
    corner: tuple[float, float] = (0.0, 0.0)  # from OpenGL's pixels to those of the whole pane
