"""What gestures mean in every view: the mode that held keys ask for, and how a step is called."""

from __future__ import annotations

from PySide6.QtCore import Qt

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, Rows


def mode_of(modifiers: Qt.KeyboardModifier, sticky: Mode, click: bool = False) -> Mode:
    """The mode that the held keys ask for, else the sticky one of the tool bar."""
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if control and shift:
        return Mode.INTERSECT
    if control:
        return Mode.TOGGLE if click else Mode.ADD
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Mode.REMOVE
    return sticky


def rows_text(space: Space, chosen: Rows) -> str:
    """`3 models`, for the names of steps of history."""
    many = "polyhedra" if space is Space.POLYHEDRON else f"{space}s"
    return f"{len(chosen)} {space if len(chosen) == 1 else many}"
