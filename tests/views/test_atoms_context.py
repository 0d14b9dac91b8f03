"""Rule L2: the context of OpenGL goes and comes again (another window, a sleeping computer)."""

from __future__ import annotations

import os

import atoms_made
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.scene.canvas import AtomsCanvas
from mlipviewer.session import changes
from mlipviewer.views.atoms import AtomsView
from tests.gl_objects import gl_objects
from tests.windows import picture

pytestmark = pytest.mark.window

ROUNDS = int(os.environ.get("MLIPVIEWER_CONTEXTS", "6"))

store, view = atoms_made.store, atoms_made.view  # fixtures


def moved(view: AtomsView, qtbot: QtBot) -> QWidget:
    """The view in a window of its own, which takes it another context."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    view.setParent(None)
    layout.addWidget(view)
    window.resize(640, 480)
    with qtbot.waitExposed(window):
        window.show()
    view.show()
    qtbot.waitUntil(lambda: view.canvas.complete and view.canvas.isValid())
    return window


def test_that_l2_a_context_made_anew_shows_the_same(view: AtomsView, qtbot: QtBot) -> None:
    canvas = view.canvas
    if not isinstance(canvas, AtomsCanvas):
        pytest.skip("no OpenGL here")
    view.store.commit(lambda s: changes.choose(s, Space.ATOM, rows([10, 30])), "Select atoms")
    view.store.flush()
    windows = [moved(view, qtbot)]
    before, there = picture(canvas), gl_objects(canvas)
    assert len(np.unique(before.reshape(-1, 3), axis=0)) > 10, "atoms are seen"
    gone: list[int] = []
    for number in range(ROUNDS):
        canvas.context().aboutToBeDestroyed.connect(lambda number=number: gone.append(number))
        windows.append(moved(view, qtbot))
        assert (picture(canvas) == before).all(), f"round {number}"
        assert gl_objects(canvas) == there, f"round {number}"
    assert gone == list(range(ROUNDS)), "each round had a context of its own"
    view.setParent(None)
    for window in windows:
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
