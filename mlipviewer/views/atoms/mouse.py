"""What dragging with a button and scrolling mean, by the preset of the user."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, QPointF, Qt


class Tool(StrEnum):
    """What dragging with the left button does."""

    ROTATE = "rotate"
    RECTANGLE = "rectangle"
    LASSO = "lasso"


class Drag(StrEnum):
    """What a drag does to the view or the selection."""

    TURN = "turn"
    PAN = "pan"
    ZOOM = "zoom"
    RECTANGLE = "rectangle"
    LASSO = "lasso"


_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_BY_TOOL = {Tool.ROTATE: Drag.TURN, Tool.RECTANGLE: Drag.RECTANGLE, Tool.LASSO: Drag.LASSO}

ZOOM_PIXELS = 40.0
"""The length of a drag that zooms as a step of the wheel does."""

SCROLL_PIXELS = 48.0
"""How far a step of the wheel moves, where it moves."""

TRACKPAD = "trackpad"


def drag_of(
    preset: str, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier, tool: Tool
) -> Drag:
    """`OVITO`: the left button is that of the tool, the others move. `ASE`: the left one selects,
    the right one turns, the middle one moves. `zoom by drag`: as OVITO, but the right one zooms.
    `trackpad`: as OVITO. Shift with the left one moves in all."""
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    if button == _LEFT and shift and not control:
        return Drag.PAN
    if button == _LEFT:
        own = _BY_TOOL[tool]
        return Drag.RECTANGLE if preset == "ASE" and own is Drag.TURN else own
    if button == _RIGHT:
        return {"ASE": Drag.TURN, "zoom by drag": Drag.ZOOM}.get(preset, Drag.PAN)
    return Drag.PAN


def scroll_moves(preset: str, modifiers: Qt.KeyboardModifier) -> bool:
    """Whether scrolling moves the picture: with Alt, or with `trackpad` without; else it zooms."""
    return (preset == TRACKPAD) != bool(modifiers & Qt.KeyboardModifier.AltModifier)


def scrolled(angle: QPoint, pixels: QPoint, modifiers: Qt.KeyboardModifier) -> QPointF:
    """How far a wheel or two fingers scrolled, in pixels. With Alt Qt gives what a wheel did
    upright as sidewise; a trackpad that tells pixels goes either way."""
    if not pixels.isNull():
        return QPointF(pixels)
    x, y = angle.x(), angle.y()
    if modifiers & Qt.KeyboardModifier.AltModifier and y == 0:
        x, y = y, x
    return QPointF(x, y) * (SCROLL_PIXELS / 120)
