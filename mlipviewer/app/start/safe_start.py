"""What a start of the window does about starts before it, and about graphics that do not work."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from mlipviewer.app.start.arrivals import Application
from mlipviewer.app.start.opengl_probe import SOFTWARE, be_software, renderer, where
from mlipviewer.core.own_program import SAFE_MODE, safe_mode
from mlipviewer.gui.scene.plain_canvas import NOT_OPENGL
from mlipviewer.session.settings.starts import begin_start, load_starts, start_went_well

log = logging.getLogger(__name__)

WELL_MS = 3000
"""A window that answers after that long has started well."""


@dataclass(frozen=True)
class Graphics:
    """Where OpenGL was seen to work, and what to tell if it does not as it should."""

    where: str = ""
    notice: str = ""


def be_safe() -> None:
    """Nothing but the program itself runs; before there is an application."""
    os.environ[SAFE_MODE] = "1"
    be_software()


def check_graphics(known: str, ask: Callable[..., str] = renderer) -> Graphics:
    """See by a child whether OpenGL works, unless it is `known` to do so here; else let the
    processor draw. Before there is an application."""
    here = where()
    if known == here or safe_mode():
        return Graphics(known)
    if ask():
        return Graphics(here)
    be_software()
    if ask(SOFTWARE):
        return Graphics("", "OpenGL of the graphics card does not work: the processor draws")
    os.environ[NOT_OPENGL] = "1"
    return Graphics("", "There is no OpenGL here: atoms are drawn in a simpler way")


def begin() -> Graphics:
    """Count this start as failed until it went well, and look to the graphics."""
    starts = load_starts()
    with suppress(OSError):
        begin_start(starts)
    return check_graphics(starts.graphics if starts.failed == 0 else "")


def went_well_soon(graphics: Graphics) -> None:
    """Once the window has answered for a while, this start has not failed."""
    QTimer.singleShot(WELL_MS, lambda: went_well(graphics))


def went_well(graphics: Graphics) -> None:
    with suppress(OSError):
        start_went_well(graphics.where)


def wants_safe_mode() -> bool:
    """Asks, where the last starts failed, whether to begin in safe mode."""
    from PySide6.QtCore import Qt

    if safe_mode() or not load_starts().offers_safe_mode:
        return False
    application = QApplication.instance() or Application(["mlipviewer"])
    box = QMessageBox(QMessageBox.Icon.Question, "MLIPViewer", "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText("MLIPViewer did not start properly the last times.")
    box.setInformativeText(
        "In safe mode it runs without plug-ins, draws without the graphics card and begins with "
        "the usual layout. Your settings and sessions stay as they are."
    )
    safe = box.addButton("Start in safe mode", QMessageBox.ButtonRole.AcceptRole)
    usual = box.addButton("Start as usual", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(safe)
    box.setEscapeButton(usual)
    box.exec()
    assert application is not None
    return box.clickedButton() is safe
