"""The marks of atoms: hovered, selected, or stepping back behind those that are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlipviewer.core.rows import Mask
from mlipviewer.gui.scene.draw_spheres import DIMMED, HOVERED, SELECTED


def marks_of(
    chosen: Mask, hovered: int | None, dims: bool, veils: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """(n,) the marks of atoms, with how transparent they are (gui.scene.veils).

    Where the others step back, the chosen need no rings, which would hide their colours.
    """
    if dims and chosen.any():
        marks = np.where(chosen, 0, DIMMED).astype(np.uint8)
    else:
        marks = chosen.astype(np.uint8) * SELECTED
    if veils is not None:
        marks |= veils
    if hovered is not None:
        marks[hovered] |= HOVERED
    return marks
