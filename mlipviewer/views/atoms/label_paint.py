"""Paints words at atoms, outlined so that they can be read on any colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.labels import free_places
from mlipviewer.gui.scene.pane import Pane
from mlipviewer.gui.theme import Theme, colour
from mlipviewer.views.atoms.notes import PIXELS_OF_POINT

MOST_WORDS = 3_000
"""Labels from which on further images of the cell have none."""


@dataclass(frozen=True)
class PaneLabels:
    """The words of atoms by their rows, in letters of `size` points."""

    rows: tuple[int, ...]
    texts: tuple[str, ...]
    size: int = 10


def paint_labels(
    painter: QPainter,
    labels: PaneLabels,
    pane: Pane,
    camera: Camera,
    place: QRectF,
    theme: Theme,
) -> None:
    """The labels of a pane's drawn atoms, nearer ones first where room is short."""
    if not labels.rows or pane.how is None or max(labels.rows) >= pane.n_atoms:
        return
    places, said = _drawn(labels, pane)
    texts = [plain(text, 40) for text in said]
    seen = camera.project(places, (place.width(), place.height()))
    font = QFont(painter.font())
    font.setPixelSize(max(round(labels.size * PIXELS_OF_POINT), 1))
    font.setBold(True)
    metrics = QFontMetricsF(font)
    sizes = np.array([(metrics.horizontalAdvance(t) + 4, metrics.height()) for t in texts])
    room = (place.width(), place.height())
    painter.save()
    painter.setClipRect(place)
    for i in free_places(seen[:, :2], seen[:, 2], sizes.reshape(-1, 2), room).tolist():
        at = place.topLeft() + QPointF(
            seen[i, 0] - sizes[i, 0] / 2 + 2, seen[i, 1] + metrics.ascent() / 2 - 1
        )
        _paint_outlined(painter, at, texts[i], font, theme)
    painter.restore()


def _drawn(labels: PaneLabels, pane: Pane) -> tuple[np.ndarray, list[str]]:
    """Where the labelled atoms are drawn (m, 3), in all images of the cell, and their words."""
    assert pane.how is not None
    rows, places, texts = np.array(labels.rows), [], []
    for image, shift in enumerate(pane.how.shifts):
        kept = pane.how.kept_of(image)
        shown = np.ones(len(rows), bool) if kept is None else kept[rows]
        places.append(pane.places[rows[shown]] + shift)
        texts += [text for text, one in zip(labels.texts, shown, strict=True) if one]
        if len(texts) > MOST_WORDS:
            break
    return np.concatenate(places), texts


def _paint_outlined(painter: QPainter, at: QPointF, text: str, font: QFont, theme: Theme) -> None:
    path = QPainterPath()
    path.addText(at, font, text)
    rim = QPen(colour(theme.background, 230), 3)
    rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, rim)
    painter.fillPath(path, colour(theme.text))
