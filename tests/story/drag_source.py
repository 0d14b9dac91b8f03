"""A small window of another program from which files can be dragged, as from a file manager.

`python drag_source.py X Y FILE...` prints `ready` once it is shown at X, Y.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel

SIZE = 120


def tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


class Source(QLabel):
    """Any drag with the left button carries all the files."""

    def __init__(self, paths: list[str]) -> None:
        kind = Qt.WindowType.FramelessWindowHint | Qt.WindowType.X11BypassWindowManagerHint
        super().__init__("drag me", None, kind)
        self._paths = paths
        self.setFixedSize(SIZE, SIZE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, lambda: tell("ready"))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(data)
        taken = drag.exec(Qt.DropAction.CopyAction)
        tell("taken" if taken == Qt.DropAction.CopyAction else "refused")


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    source = Source(sys.argv[3:])
    source.move(int(sys.argv[1]), int(sys.argv[2]))
    source.show()
    sys.exit(application.exec())
