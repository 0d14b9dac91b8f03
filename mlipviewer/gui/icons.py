"""Icons of the transport controls, of steps of history, of what is dragged out, of docks: drawn in
the ink of text."""

from __future__ import annotations

from math import cos, hypot, pi, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap, QPolygonF

SIDE = 16
SCALE = 3  # drawn larger, for screens with many pixels


def transport_icon(name: str) -> QIcon:
    """`first`, `previous`, `play`, `back`, `pause`, `next`, `last`, `pin`, `close`, `float`, or
    what a step of history is about. Raises KeyError."""
    icon = QIcon()
    palette, group, role = QGuiApplication.palette(), QPalette.ColorGroup, QPalette.ColorRole
    for mode, ink in (
        (QIcon.Mode.Normal, palette.color(group.Active, role.ButtonText)),
        (QIcon.Mode.Disabled, palette.color(group.Disabled, role.ButtonText)),
        (QIcon.Mode.Selected, palette.color(group.Active, role.HighlightedText)),
    ):
        icon.addPixmap(_drawn(name, ink), mode)
    return icon


def carry_icon() -> QIcon:
    """An arrow out of a box."""
    return transport_icon("carry")


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


def _disc(x: float, y: float, radius: float) -> QPolygonF:
    turns = (2 * pi * k / 24 for k in range(24))
    return QPolygonF([QPointF(x + radius * cos(t), y + radius * sin(t)) for t in turns])


def _stroke(x: float, y: float, to_x: float, to_y: float, width: float = 2.0) -> QPolygonF:
    """A straight line with butt ends."""
    long = hypot(to_x - x, to_y - y)
    dx, dy = (to_y - y) / long * width / 2, (x - to_x) / long * width / 2
    corners = (x + dx, y + dy), (to_x + dx, to_y + dy), (to_x - dx, to_y - dy), (x - dx, y - dy)
    return QPolygonF([QPointF(*corner) for corner in corners])


_SHAPES: dict[str, tuple[QRectF | QPolygonF, ...]] = {
    "first": (_bar(3), _triangle(13, 5)),
    "previous": (_triangle(11, 3), _bar(12, 1.5)),
    "play": (_triangle(4, 13),),
    "back": (_triangle(12, 3),),
    "pause": (_bar(4, 3), _bar(9, 3)),
    "next": (_bar(2.5, 1.5), _triangle(5, 13)),
    "last": (_triangle(3, 11), _bar(11)),
    "files": (
        QPolygonF([QPointF(1.5, 13), QPointF(1.5, 3.5), QPointF(6, 3.5), QPointF(7.5, 5)]),
        QRectF(1.5, 5, 13, 8),
    ),
    "models": (
        QRectF(2, 2.5, 12, 2.5),
        *(QRectF(x, y, 3.4, 2.2) for x in (2, 6.3, 10.6) for y in (6, 9, 12)),
    ),
    "panels": (
        QRectF(1.5, 13, 13, 1.2),
        QRectF(1.5, 2, 1.2, 12),
        QRectF(4.5, 8.5, 2.5, 3.5),
        QRectF(8, 4, 2.5, 8),
        QRectF(11.5, 6.5, 2.5, 5.5),
    ),
    "atoms": (_disc(5, 10.5, 3.6), _disc(11, 5.2, 3.2), _disc(12.2, 12, 2.2)),
    "time": (_triangle(4, 13),),
    "pin": (
        QRectF(5, 1.5, 6, 1.5),
        QRectF(6, 3, 4, 4.5),
        QPolygonF([QPointF(6, 7), QPointF(10, 7), QPointF(12, 10), QPointF(4, 10)]),
        QRectF(7.4, 10, 1.2, 4.5),
    ),
    "close": (_stroke(2.5, 2.5, 13.5, 13.5), _stroke(2.5, 13.5, 13.5, 2.5)),
    "float": (
        *(QRectF(x, 5.5, 1.6, 9) for x in (1.5, 8.9)),
        *(QRectF(1.5, y, 9, 1.6) for y in (5.5, 12.9)),
        QRectF(5.5, 1.5, 9, 1.6),
        QRectF(12.9, 1.5, 1.6, 9),
    ),
    "carry": (
        QRectF(2, 4, 1.5, 10),
        QRectF(2, 12.5, 10, 1.5),
        QRectF(10.5, 9, 1.5, 5),
        QRectF(2, 4, 5, 1.5),
        QPolygonF([QPointF(9, 2), QPointF(14, 2), QPointF(14, 7)]),
        QPolygonF([QPointF(6.2, 8.7), QPointF(7.3, 9.8), QPointF(13, 4.1), QPointF(11.9, 3)]),
    ),
}
