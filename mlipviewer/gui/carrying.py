"""What is copied or dragged to other programs. A thread makes it; the drag begins when it is there,
if the button is still held."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QDropEvent, QGuiApplication, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from mlipviewer.core.progress import Progress
from mlipviewer.gui.drawing import Drawing, drawing_bytes, drawing_image, image_bytes
from mlipviewer.gui.icons import carry_icon
from mlipviewer.gui.later import Later
from mlipviewer.gui.plain import plain_tip
from mlipviewer.io.files import write_bytes
from mlipviewer.session.notices import add_notice
from mlipviewer.session.state import Notice, Weight
from mlipviewer.session.store import Store

THUMB = 160  # pixels of the picture beside the mouse
SVG = "image/svg+xml"


@dataclass(frozen=True, eq=False)
class Carried:
    """A file, and what programs take that want none. `label` is told of it."""

    label: str
    file: Path | None = None
    text: str = ""
    image: QImage | None = None
    svg: bytes = b""

    def data(self) -> QMimeData:
        """As the clipboard and drags have it."""
        data = QMimeData()
        if self.file is not None:
            data.setUrls([QUrl.fromLocalFile(str(self.file))])
        if self.text:
            data.setText(self.text)
        if self.image is not None:
            data.setImageData(self.image)
        if self.svg:
            data.setData(SVG, self.svg)
        return data


Make = Callable[[], Carried]
"""Makes what is carried; in a thread. Raises ValueError or OSError with one sentence."""


def figure_carried(drawing: Drawing, label: str, vector: bool) -> Carried:
    """A figure as picture and, where all of it is lines and text, as SVG."""
    svg = drawing_bytes(drawing, ".svg") if vector else b""
    return Carried(label, image=drawing_image(drawing, drawing.look.scale, Progress()), svg=svg)


def with_file(carried: Carried, name: str) -> Carried:
    """The same with a file of the figure: SVG where it is one, else PNG. Raises OSError."""
    assert carried.image is not None
    path = room_for(f"{name}{'.svg' if carried.svg else '.png'}")
    write_bytes(path, carried.svg or image_bytes(carried.image))
    return Carried(carried.label, path, carried.text, carried.image, carried.svg)


@cache
def _folder() -> Path:
    """That of this process; it goes when the program ends, as others read the files until then."""
    folder = tempfile.mkdtemp(prefix="mlipviewer-carried-")
    atexit.register(partial(shutil.rmtree, folder, ignore_errors=True))
    return Path(folder)


def room_for(name: str) -> Path:
    """Where a file of that name may lie; in a folder of its own, so that none is overwritten while
    it is read. Raises OSError."""
    plain = "".join("_" if letter in '/\\:*?"<>|\0' else letter for letter in name)
    return Path(tempfile.mkdtemp(dir=_folder())) / (plain.lstrip(".")[-120:] or "file")


class Carrier(QObject):
    """Copies and drags for one widget; what was copied, or why there is nothing, is a notice."""

    def __init__(self, source: QWidget, store: Store) -> None:
        super().__init__(source)
        self._source, self._store, self._later = source, store, Later(self)

    def drag(self, make: Make) -> None:
        """Begin to drag; nothing while something is still being made."""
        self._begin(make, self._drag_on)

    def copy(self, make: Make) -> None:
        """Put it on the clipboard."""
        self._begin(make, self._put)

    def _begin(self, make: Make, take: Callable[[Carried], None]) -> None:
        if not self._later.busy:
            self._later.ask(make, take, lambda reason: self._tell(Notice(reason, Weight.WARNING)))

    def _put(self, carried: Carried) -> None:
        QGuiApplication.clipboard().setMimeData(carried.data())
        self._tell(Notice(f"Copied {carried.label}."))

    def _drag_on(self, carried: Carried) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._carry(carried)

    def _tell(self, notice: Notice) -> None:
        self._store.commit(lambda s: add_notice(s, notice), "Copy")

    def _carry(self, found: Carried) -> None:
        drag = QDrag(self._source)
        drag.setMimeData(found.data())
        if found.image is not None:
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            small = found.image.scaled(THUMB, THUMB, keep, smooth)
            drag.setPixmap(QPixmap.fromImage(small))
            drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.CopyAction)


def from_elsewhere(event: QDropEvent) -> bool:
    """Whether files of other programs are dragged: what began here is not opened here."""
    return event.source() is None and event.mimeData().hasUrls()


def far_enough(begin: QPoint, now: QPoint) -> bool:
    """Whether the mouse was moved so far that it drags."""
    return (now - begin).manhattanLength() >= QApplication.startDragDistance()


class DragHandle(QToolButton):
    """Dragged to another program, it takes `make()` of `ready()` along; clicked, it is copied.

    `ready` is called in the window's thread and gives what makes it in another one, or None."""

    def __init__(self, what: str, store: Store, ready: Callable[[], Make | None]) -> None:
        super().__init__(autoRaise=True)
        self.carrier = Carrier(self, store)
        self._ready, self._pressed = ready, QPoint()
        self.setIcon(carry_icon())
        self.setToolTip(plain_tip(f"Drag {what} to another program; a click copies it"))
        self.setAccessibleName(f"copy or drag {what}")
        self.clicked.connect(self._copy)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(carry_icon())

    def _copy(self) -> None:
        make = self._ready()
        if make is not None:
            self.carrier.copy(make)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        held = bool(event.buttons() & Qt.MouseButton.LeftButton) and self.isDown()
        if held and far_enough(self._pressed, event.position().toPoint()):
            self.setDown(False)  # it is no click any more
            make = self._ready()
            if make is not None:
                self.carrier.drag(make)
            return
        super().mouseMoveEvent(event)
