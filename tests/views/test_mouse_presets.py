"""What the buttons of the mouse do in 3-D, by the preset of the user."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mlipviewer.core.plot import Space
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.settings.values import Settings
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.mouse import SCROLL_PIXELS, Drag, Tool, drag_of, scrolled
from tests import made
from tests.windows import ALT, CTRL, NO, SHIFT, Modifier, Stage, press

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton
NOWHERE = QPoint()


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


def scroll(
    stage: Stage, held: Modifier, angle: QPoint, pixels: QPoint = NOWHERE
) -> tuple[bool, bool]:
    """Whether two fingers or a wheel moved the view, and whether they zoomed."""
    surface, before = stage.view.surface, stage.view.canvas.camera  # type: ignore[attr-defined]
    at = QPointF(150, 160)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, pixels, angle, Qt.MouseButton.NoButton, held, phase, False)
    QApplication.sendEvent(surface, event)
    stage.settle()
    after = stage.view.canvas.camera  # type: ignore[attr-defined]
    assert np.allclose(before.rotation, after.rotation)
    zoomed = before.height != after.height
    return not zoomed and not np.allclose(before.centre, after.centre), zoomed


def test_that_scrolling_zooms_and_with_alt_moves(shown: Stage) -> None:
    up, sidewise = QPoint(0, 120), QPoint(120, 0)  # so is a wheel with Alt told
    assert scroll(shown, NO, up) == (False, True)
    assert scroll(shown, ALT, sidewise) == (True, False)
    assert scroll(shown, ALT, up, QPoint(3, 14)) == (True, False)


def test_that_the_trackpad_moves_and_with_alt_zooms(shown: Stage) -> None:
    settings_in_use.set("mouse.preset", "trackpad")
    assert scroll(shown, NO, QPoint(0, 120)) == (True, False)
    assert scroll(shown, NO, QPoint(-60, 20), QPoint(-12, 4)) == (True, False)
    assert scroll(shown, ALT, QPoint(120, 0)) == (False, True)
    assert drag(shown, LEFT) == (True, False)
    assert drag(shown, RIGHT) == (False, False)


@pytest.mark.parametrize(
    ("angle", "pixels", "held", "wanted"),
    [
        (QPoint(0, 120), QPoint(), NO, (0, SCROLL_PIXELS)),
        (QPoint(120, 0), QPoint(), ALT, (0, SCROLL_PIXELS)),
        (QPoint(0, 120), QPoint(5, -7), NO, (5, -7)),
        (QPoint(-120, 0), QPoint(), NO, (-SCROLL_PIXELS, 0)),
    ],
)
def test_that_scrolling_is_as_far_as_the_fingers(
    angle: QPoint, pixels: QPoint, held: Modifier, wanted: tuple[float, float]
) -> None:
    assert scrolled(angle, pixels, held) == QPointF(*wanted)
