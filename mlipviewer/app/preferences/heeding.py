"""What the settings change: at once where that is possible, else for what is opened next."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from mlipviewer.app.preferences.appearance import dress, hold_still, wear_anew
from mlipviewer.gui.keys import keymap_in_use
from mlipviewer.gui.motion import is_reduced
from mlipviewer.gui.scene.plain_canvas import NOT_OPENGL
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session.actions.keymap import Keymap
from mlipviewer.session.looks import Background, Lighting, Looks, Style, with_style
from mlipviewer.session.settings.values import Settings, heed_unpack_limit
from mlipviewer.session.state import Colouring, Document, Weight

if TYPE_CHECKING:
    from mlipviewer.app.window import MainWindow

_OURS = "MLIPVIEWER_SETTING"
"""What a variable of the environment says that the settings have set."""


def heed_everywhere(application: QApplication, theme: str = "") -> None:
    """Use the settings from the start on; a `theme` goes before theirs."""
    settings = settings_in_use.now
    dress(application, theme or settings.text("appearance.theme"))
    _heed(application, settings)


def _heed(application: QApplication, settings: Settings) -> None:
    hold_still(application, is_reduced())
    toolkit = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    QCoreApplication.setAttribute(toolkit, not settings.flag("files.native"))
    use_keys(settings)
    if settings.flag("performance.opengl"):
        if os.environ.get(NOT_OPENGL) == _OURS:
            del os.environ[NOT_OPENGL]
    else:
        os.environ.setdefault(NOT_OPENGL, _OURS)


def use_keys(settings: Settings) -> None:
    """Use the keys that the user chose."""
    actions = keymap_in_use.keymap.actions
    if dict(keymap_in_use.keymap.own) != dict(settings.keys):
        keymap_in_use.use(Keymap(actions, settings.keys))


class Heeding(QObject):
    """Keeps one window as the settings say."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        settings_in_use.changed.connect(self._change)
        settings_in_use.failed.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._dressed = QTimer(self, singleShot=True, interval=0)
        self._dressed.timeout.connect(partial(wear_anew, window))
        window.installEventFilter(self)
        settings = settings_in_use.now
        window.setAnimated(not is_reduced())
        use_keys(settings)
        if settings_in_use.problem:
            self._tell(settings_in_use.problem)
            settings_in_use.problem = ""  # is told once

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dressed.start()
        return False

    def end(self) -> None:
        settings_in_use.changed.disconnect(self._change)
        settings_in_use.failed.disconnect(self._tell)
        settings_in_use.wait()

    def _tell(self, problem: str) -> None:
        self._window.session.notify(problem, Weight.WARNING)

    def _change(self, name: str) -> None:
        settings, application = settings_in_use.now, QApplication.instance()
        assert isinstance(application, QApplication)
        _heed(application, settings)
        self._window.setAnimated(not is_reduced())
        if name in ("appearance.theme", ""):
            dress(application, settings.text("appearance.theme"))
        if name in ("memory.frames", ""):
            self._window.session.cache.set_limit(settings.frame_bytes)
        if name in ("files.unpack", ""):
            heed_unpack_limit(settings)


def begun(document: Document, settings: Settings) -> Document:
    """A new document as the settings want it."""
    looks = replace(
        Looks(),
        theme=settings.text("atoms.elements"),
        lighting=Lighting(settings.text("atoms.lighting")),
        background=Background(settings.text("atoms.background")),
    )
    style = Style(settings.text("atoms.style"))
    return replace(
        document,
        looks=looks if style is looks.style else with_style(looks, style),
        colouring=Colouring(map=settings.text("colours.map")),
        shaded=settings.flag("tables.shade"),
        grouped=settings.flag("tables.group"),
    )
