"""What is drawn over the atoms: measured lines with their values, the trail of a followed atom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from mlipviewer.core.analysis import Result
from mlipviewer.core.measuring import (
    Measure,
    Measurement,
    path_of,
    plane,
    rows_of_ids,
    value,
    value_words,
)
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.theme import Theme, colour
from mlipviewer.session.panels import trail_request
from mlipviewer.session.state import State

Array = NDArray[Any]
RADIUS_OF_PLANE = 1.15  # over that of the atoms farthest from its centre
HERE = 3.5


@dataclass(frozen=True, eq=False)
class Figure:
    """A line through places (k, 3) in A, a closed one where it surrounds something; its words stand
    at `at` (3,)."""

    places: Array
    colour: str
    words: str = ""
    at: Array | None = None
    closed: bool = False
    dashed: bool = True
    dots: bool = False


def figures_of(state: State, owner: str, frame: Frame) -> tuple[Figure, ...]:
    """What is drawn over a run's frame."""
    own = (one for one in state.document.measurements if one.owner == owner)
    measured = (figure for one in own for figure in _measured(one, frame))
    return (*trail_of(state, owner, frame), *measured)


def _measured(one: Measurement, frame: Frame) -> Iterator[Figure]:
    places = path_of(one, frame)
    if places is None:
        return
    rows = rows_of_ids(frame, one.atoms).tolist()
    number = value(frame, one.kind, rows, one.cutoff, one.periodic)
    words = value_words(one.kind, number)
    if one.kind is Measure.PLANE:
        yield _plane(places, one.colour, words)
    elif one.kind is Measure.COORDINATION:
        places = frame.positions[rows]  # each where it is drawn, whichever image is nearest
        yield Figure(places, one.colour, words, places[0], dots=True)
    else:
        middle = (places[(len(places) - 1) // 2] + places[len(places) // 2]) / 2
        yield Figure(places, one.colour, words, middle)


def _plane(places: Array, tint: str, words: str) -> Figure:
    """A circle in the plane, around the atoms."""
    centre, normal, _ = plane(places)
    across = np.linalg.svd(normal[None])[2][1:]
    radius = RADIUS_OF_PLANE * np.linalg.norm(places - centre, axis=1).max()
    turn = np.linspace(0, 2 * np.pi, 49)[:-1]
    ring = centre + radius * (np.cos(turn)[:, None] * across[0] + np.sin(turn)[:, None] * across[1])
    return Figure(ring, tint, words, centre, closed=True)


def trail_of(state: State, owner: str, frame: Frame) -> tuple[Figure, ...]:
    """The path of the followed atom, so laid that it goes through the atom as it is shown."""
    now, request = state.document.followed, trail_request(state)
    found = None if request is None else state.moment.results.get(request)
    if now is None or now.owner != owner or not isinstance(found, Result):
        return ()
    row = int(rows_of_ids(frame, (now.atom,))[0])
    frames, places = found.arrays["frames"], found.arrays["places"][:, 0]
    trajectory = state.loaded_trajectory(owner)
    index = None if trajectory is None else state.frame
    at = np.flatnonzero(frames == index)
    shift = np.zeros(3)
    if row >= 0 and len(at) and np.isfinite(places[at[0]]).all():
        shift = frame.positions[row] - places[at[0]]
    return (Figure(places + shift, TRAIL, dashed=False),)


TRAIL = "#e69f00"


def paint_figures(
    painter: QPainter, figures: tuple[Figure, ...], camera: Camera, place: QRectF, theme: Theme
) -> None:
    """Paint figures into a pane."""
    painter.save()
    painter.setClipRect(place)
    size = (place.width(), place.height())
    corner = np.array([place.left(), place.top(), 0.0])
    for one in figures:
        seen = camera.project(one.places, size) + corner
        before_the_eye = seen[:, 2] < 0.98 * camera.distance
        good = np.isfinite(seen).all(axis=1) & before_the_eye
        _paint_line(painter, one, seen, good)
        if one.at is not None and one.words:
            x, y, z = camera.project(one.at, size)
            if np.isfinite((x, y)).all() and z < 0.98 * camera.distance:
                _paint_words(painter, one, QPointF(place.left() + x, place.top() + y), theme)
    painter.restore()


def _paint_line(painter: QPainter, one: Figure, seen: Array, good: Array) -> None:
    """The line, with gaps where a place is not known."""
    style = Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(one.colour), 2.2, style))
    points = [QPointF(x, y) for x, y in seen[:, :2].tolist()]
    if one.closed and good.all():
        painter.drawPolygon(QPolygonF(points))
    elif not one.dots:
        for part in np.split(np.arange(len(points)), np.flatnonzero(~good)):
            kept = [points[i] for i in part if good[i]]
            if len(kept) > 1:
                painter.drawPolyline(QPolygonF(kept))
    if one.dashed and not one.closed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(one.colour))
        for i in np.flatnonzero(good):
            painter.drawEllipse(points[i], HERE, HERE)


def _paint_words(painter: QPainter, one: Figure, at: QPointF, theme: Theme) -> None:
    metrics = QFontMetricsF(painter.font())
    words = plain(one.words)
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 10, metrics.height() + 4)
    box.moveCenter(at + QPointF(0, -box.height() / 2 - 8))
    painter.setPen(QPen(colour(one.colour), 1.4))
    painter.setBrush(colour(theme.background, 225))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colour(theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
