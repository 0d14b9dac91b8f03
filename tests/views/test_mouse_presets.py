"""What the buttons of the mouse do in 3-D, by the preset of the user."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from mlipviewer.core.plot import Space
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.settings.values import Settings
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.mouse import Drag, Tool, drag_of
from tests import made
from tests.windows import CTRL, NO, SHIFT, Modifier, Stage, press

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton


@pytest.mark.parametrize(
    ("preset", "button", "held", "tool", "wanted"),
    [
        ("OVITO", LEFT, NO, Tool.ROTATE, Drag.TURN),
        ("OVITO", LEFT, SHIFT, Tool.ROTATE, Drag.PAN),
        ("OVITO", LEFT, CTRL | SHIFT, Tool.LASSO, Drag.LASSO),
        ("OVITO", RIGHT, NO, Tool.ROTATE, Drag.PAN),
        ("OVITO", MIDDLE, NO, Tool.LASSO, Drag.PAN),
        ("ASE", LEFT, NO, Tool.ROTATE, Drag.RECTANGLE),
        ("ASE", LEFT, NO, Tool.LASSO, Drag.LASSO),
        ("ASE", RIGHT, NO, Tool.ROTATE, Drag.TURN),
        ("ASE", MIDDLE, NO, Tool.ROTATE, Drag.PAN),
        ("zoom by drag", RIGHT, NO, Tool.ROTATE, Drag.ZOOM),
        ("zoom by drag", LEFT, NO, Tool.RECTANGLE, Drag.RECTANGLE),
    ],
)
def test_that_a_drag_means_what_the_preset_says(
    preset: str, button: Qt.MouseButton, held: Modifier, tool: Tool, wanted: Drag
) -> None:
    assert drag_of(preset, button, held, tool) is wanted


@pytest.fixture
def shown(qtbot: object) -> Iterator[Stage]:
    stage = Stage(AtomsView).show(qtbot)
    stage.give(made.trajectory())
    yield stage
    stage.close()
    settings_in_use.use(Settings())
    settings_in_use.wait()


def drag(stage: Stage, button: Qt.MouseButton) -> tuple[bool, bool]:
    """Whether a drag turned the view, and whether it zoomed."""
    surface, before = stage.view.surface, stage.view.canvas.camera  # type: ignore[attr-defined]
    QTest.mousePress(surface, button, NO, QPoint(20, 40))
    for x, y in ((120, 150), (560, 330)):
        QTest.mouseMove(surface, QPoint(x, y))
    QTest.mouseRelease(surface, button, NO, QPoint(560, 330))
    stage.settle()
    after = stage.view.canvas.camera  # type: ignore[attr-defined]
    return not np.allclose(before.rotation, after.rotation), before.height != after.height


def test_that_presets_hold_at_once(shown: Stage) -> None:
    assert drag(shown, LEFT) == (True, False)
    assert drag(shown, RIGHT) == (False, False)
    press(shown.view.surface, Qt.Key.Key_R)  # what was moved out of sight
    settings_in_use.set("mouse.preset", "ASE")
    assert drag(shown, LEFT) == (False, False)
    assert len(shown.state.selected(Space.ATOM)) > 0
    assert drag(shown, RIGHT) == (True, False)
    settings_in_use.set("mouse.preset", "zoom by drag")
    assert drag(shown, RIGHT) == (False, True)
