"""Icons of the transport controls, drawn in the colour of text so that they suit any theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap, QPolygonF

SIDE = 16
SCALE = 3  # drawn larger, for screens with many pixels


def transport_icon(name: str) -> QIcon:
    """`first`, `previous`, `play`, `back`, `pause`, `next` or `last`. Raises KeyError."""
    icon = QIcon()
    palette = QGuiApplication.palette()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        icon.addPixmap(_drawn(name, palette.color(group, QPalette.ColorRole.ButtonText)), mode)
    return icon


def _drawn(name: str, ink: QColor) -> QPixmap:
    pixmap = QPixmap(QSize(SIDE, SIDE) * SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for part in _SHAPES[name]:
        if isinstance(part, QRectF):
            painter.drawRect(part)
        else:
            painter.drawPolygon(part)
    painter.end()
    return pixmap


def _triangle(left: float, right: float) -> QPolygonF:
    """Its tip at `right`, which may lie to the left of its base."""
    return QPolygonF([QPointF(left, 3), QPointF(right, 8), QPointF(left, 13)])


def _bar(left: float, width: float = 2.0) -> QRectF:
    return QRectF(left, 3, width, 10)


_SHAPES: dict[str, tuple[QRectF | QPolygonF, ...]] = {
    "first": (_bar(3), _triangle(13, 5)),
    "previous": (_triangle(11, 3), _bar(12, 1.5)),
    "play": (_triangle(4, 13),),
    "back": (_triangle(12, 3),),
    "pause": (_bar(4, 3), _bar(9, 3)),
    "next": (_bar(2.5, 1.5), _triangle(5, 13)),
    "last": (_triangle(3, 11), _bar(11)),
}
