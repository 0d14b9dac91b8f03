"""The keys of the 3D view: each gives the next camera. Pure, apart from Qt's names of keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from mlipviewer.gui.scene.camera import Camera, Size

_UP = {0: (0, 0, 1), 1: (0, 0, 1), 2: (0, 1, 0)}
_AXES = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
_VECTORS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
TURN = np.pi / 18
ZOOM = 1.2


def camera_after(  # noqa: PLR0911 (one return a group of keys)
    key: int,
    modifiers: Qt.KeyboardModifier,
    camera: Camera,
    size: Size,
    cell: NDArray[np.float64] | None,
) -> Camera | None:
    """The camera after a key; None when the key means nothing to it.

    X Y Z look from an axis, 1 2 3 from a lattice vector, with Alt from the other side; arrows turn,
    with Shift they pan; + and - zoom; P and O choose the projection.
    """
    middle = (size[0] / 2, size[1] / 2)
    sign = -1.0 if modifiers & Qt.KeyboardModifier.AltModifier else 1.0
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return None
    if key in _AXES:
        axis = _AXES[Qt.Key(key)]
        return camera.looking_from(sign * np.eye(3)[axis], _UP[axis])
    if key in _VECTORS and cell is not None:
        vector = _VECTORS[Qt.Key(key)]
        return camera.looking_from(sign * cell[vector], cell[1 if vector == 2 else 2])
    if key in _ARROWS and sign > 0:
        right, down = _ARROWS[Qt.Key(key)]
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            return camera.panned(right * size[1] / 20, down * size[1] / 20, size)
        return camera.turned(right * TURN, down * TURN)
    if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return camera.zoomed(ZOOM, middle, size)
    if key == Qt.Key.Key_Minus:
        return camera.zoomed(1 / ZOOM, middle, size)
    if key in (Qt.Key.Key_P, Qt.Key.Key_O):
        return replace(camera, perspective=key == Qt.Key.Key_P)
    return None
