"""Looking by actions: each gives the next camera. Pure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlipviewer.gui.scene.camera import Camera, Size

_UP = {0: (0, 0, 1), 1: (0, 0, 1), 2: (0, 1, 0)}
_SIDES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
TURN = np.pi / 18
ZOOM = 1.2


def camera_after(
    action: str, camera: Camera, size: Size, cell: NDArray[np.float64] | None
) -> Camera | None:
    """The camera after an action `look...` (session/actions/view.py); None when it means nothing:
    there is no cell to look along."""
    _, _, deed = action.partition(".")
    word, _, rest = deed.partition(".")
    middle = (size[0] / 2, size[1] / 2)
    if word in ("nearer", "farther"):
        return camera.zoomed(ZOOM if word == "nearer" else 1 / ZOOM, middle, size)
    if word in ("perspective", "flat"):
        return replace(camera, perspective=word == "perspective")
    if word in ("turn", "move"):
        right, down = _SIDES[rest]
        if word == "move":
            return camera.panned(right * size[1] / 20, down * size[1] / 20, size)
        return camera.turned(right * TURN, down * TURN)
    return _along(word, -1.0 if rest else 1.0, camera, cell)


def _along(
    name: str, sign: float, camera: Camera, cell: NDArray[np.float64] | None
) -> Camera | None:
    """From an axis x y z, or a lattice vector a b c, or from the other side (`sign` -1)."""
    if name in "xyz":
        axis = "xyz".index(name)
        return camera.looking_from(sign * np.eye(3)[axis], _UP[axis])
    if cell is None:
        return None
    vector = "abc".index(name)
    return camera.looking_from(sign * cell[vector], cell[1 if vector == 2 else 2])
