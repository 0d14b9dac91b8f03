"""A drawing as it will be, smaller, painted by a thread of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.drawing import Drawing, drawing_image
from mlipviewer.gui.plain import PlainLabel
from mlipviewer.gui.scene.newest import Newest


class Preview(PlainLabel):
    """Shows the newest drawing that it was given, as large as there is room."""

    shown = Signal()

    def __init__(self, room: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._room = room
        self.setFixedSize(*room)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAccessibleName("Preview")
        self._thread = Newest(self, "preview")
        self._thread.done.connect(self._take)
        self._thread.failed.connect(self.say)
        self.n_drawn = 0
        self._silent = False  # what is still being painted is no longer wanted

    def draw(self, drawing: Drawing) -> None:
        ratio = self.devicePixelRatioF()
        scale = min(room / side for room, side in zip(self._room, drawing.size, strict=True))
        work: Callable[[], QImage] = lambda: drawing_image(drawing, scale * ratio)  # noqa: E731
        self._silent = False
        self._thread.ask(work)

    def say(self, reason: str) -> None:
        """Why there is nothing to be seen."""
        self._silent = True
        self._thread.drop()
        self.setText(reason)

    def _take(self, image: QImage) -> None:
        if self._silent:
            return
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.setPixmap(picture)
        self.n_drawn += 1
        self.shown.emit()

    def close_thread(self) -> None:
        self._thread.close()
