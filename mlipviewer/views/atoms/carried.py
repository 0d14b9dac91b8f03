"""The picture of the atoms for other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from mlipviewer.gui.carrying import Make, figure_carried, with_file
from mlipviewer.gui.drawing import Drawing
from mlipviewer.gui.figure import look_of_size
from mlipviewer.gui.figure_look import FigureLook

DPI = 192  # twice the dots of the screen


def carried_picture(drawn: Callable[[FigureLook], Drawing], canvas: QWidget, name: str) -> Make:
    """What makes the picture of what is seen on a canvas."""
    drawing = drawn(replace(look_of_size((canvas.width(), canvas.height())), dpi=DPI))
    return lambda: with_file(figure_carried(drawing, "the 3D view", vector=False), name)
