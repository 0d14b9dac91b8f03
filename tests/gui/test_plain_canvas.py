"""A screen without OpenGL: the same scene, drawn by the processor and shown as an image."""

import os
import subprocess
import sys

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.paints import species_paint
from mlipviewer.gui.scene.plain_canvas import PlainCanvas

ASK = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from mlipviewer.gui.scene.plain_canvas import canvas_for_screen
print(type(canvas_for_screen()).__name__)
"""


def test_that_atoms_are_seen_without_opengl(qtbot: QtBot) -> None:
    canvas = PlainCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(200, 160)
    canvas.show()
    pane = canvas.panes[0]
    pane.set_frame(Frame(0, np.zeros((1, 3)), np.array([8])), same_home=False)
    assert pane.kinds is not None
    pane.set_paint(species_paint(pane.kinds))
    canvas.face()
    qtbot.waitUntil(lambda: canvas.complete)
    qtbot.wait(50)
    shown = canvas.grab().toImage()
    red, green, blue, _ = shown.pixelColor(shown.width() // 2, shown.height() // 2).getRgb()
    assert red > 150
    assert max(green, blue) < 80
    assert canvas.render_image(400, 320).shape == (320, 400, 4)
    canvas.set_panes(2)
    canvas.set_panes(1)
    canvas.release()


@pytest.mark.window
@pytest.mark.skipif(sys.platform != "linux", reason="the switch is one of X")
@pytest.mark.parametrize(("gl", "kind"), [("none", "PlainCanvas"), ("", "AtomsCanvas")])
def test_that_the_widget_suits_the_screen(gl: str, kind: str) -> None:
    about = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    if gl:
        about["QT_XCB_GL_INTEGRATION"] = gl
    ended = subprocess.run(
        [sys.executable, "-c", ASK], env=about, capture_output=True, text=True, check=True
    )
    assert ended.stdout.split()[-1] == kind
