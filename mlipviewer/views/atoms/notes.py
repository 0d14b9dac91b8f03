"""What may be written into a pane: a text with values, a scale bar, the length of arrows. Pure but
for painting; sizes in pixels of the widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from mlipviewer.core.frames import unit_of
from mlipviewer.core.template import filled
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.plain import plain
from mlipviewer.gui.scene.arrows import ARROW
from mlipviewer.gui.theme import Theme, colour
from mlipviewer.session.looks import TextLook, Vectors
from mlipviewer.session.state import State

LONGEST_BAR, LONGEST_ARROW = 150.0, 90.0
PAD, BAR = 6.0, 4.0
PIXELS_OF_POINT = 96 / 72  # whatever the picture's own dots are
TEMPERATURES = ("temperature", "Temperature", "temp", "Temp", "T")


@dataclass(frozen=True)
class Note:
    """Lines of text, and below them a bar or an arrow of some pixels."""

    text: str
    size: float = 0.0  # of the letters in points; 0: those of the window
    length: float = 0.0
    arrow: bool = False


def values_of(state: State, name: str, frame: Frame) -> Mapping[str, object]:
    """What a template may name: the frame's own values, then frame, frames, index, time (ps),
    T (K), atoms, name."""
    values: dict[str, object] = dict(frame.info)
    trajectory = state.loaded_trajectory(name)
    values |= {"frame": frame.index + 1, "index": frame.index, "atoms": frame.n_atoms, "name": name}
    found = next((frame.info[key] for key in TEMPERATURES if key in frame.info), None)
    values["T"] = found
    if trajectory is None:
        return values
    values["frames"] = trajectory.source.n_frames
    values["T"] = trajectory.temperature.kelvin if found is None else found
    values["time"] = trajectory.clock.at(frame.index, frame.info)
    return values


def text_note(look: TextLook, values: Mapping[str, object]) -> Note | None:
    """The words of a template; None where there is nothing to say."""
    if not look.shown:
        return None
    try:
        text = filled(look.form, values)
    except ValueError:
        text = look.form
    text = text.replace("\\n", "\n")
    return Note(text, look.size) if text.strip() else None


def bar_note(scale: float) -> Note:
    """A bar of a round length in A or nm at `scale` pixels per A."""
    length = round_below(LONGEST_BAR / scale)
    words = f"{length / 10:g} nm" if length >= 100 else f"{length:g} \u00c5"
    return Note(words, length=length * scale)


def arrow_note(wish: Vectors, frame: Frame, scale: float) -> Note | None:
    """An arrow as long as those of a round value are drawn."""
    if not wish.shown or not wish.legend or not wish.scale:
        return None
    pixels = abs(wish.scale) * scale  # of each unit
    value = round_below(LONGEST_ARROW / pixels)
    if wish.since is not None:
        return Note(
            f"{value:g} \u00c5 since frame {wish.since + 1}", length=value * pixels, arrow=True
        )
    if wish.column not in frame.columns:
        return None
    unit = unit_of(frame, wish.column, True)[0]
    what = f"{wish.column} \u2212 {wish.minus}" if wish.minus else wish.column
    return Note(f"{value:g} {unit}  {what}".replace("  ", " "), length=value * pixels, arrow=True)


def round_below(value: float) -> float:
    """The largest of 1, 2, 5 x 10^k that is not above a value > 0."""
    power = 10.0 ** floor(log10(value))
    part = value / power
    return (5.0 if part >= 5 else 2.0 if part >= 2 else 1.0) * power


def _font(note: Note, font: QFont) -> QFont:
    own = QFont(font)
    if note.size:
        own.setPixelSize(max(round(note.size * PIXELS_OF_POINT), 1))
    return own


def note_size(note: Note, font: QFont) -> tuple[int, int]:
    """Width and height."""
    metrics = QFontMetricsF(_font(note, font))
    lines = [plain(line, 200) for line in note.text.split("\n")]
    width = max(*(metrics.horizontalAdvance(line) for line in lines), note.length)
    height = metrics.height() * len(lines) + (BAR + 6 if note.length else 0)
    return ceil(width + 2 * PAD), ceil(height + PAD)


def paint_note(painter: QPainter, note: Note, font: QFont, theme: Theme, at: QPointF) -> None:
    """Paint with the upper left corner there."""
    width, height = note_size(note, font)
    own = _font(note, font)
    metrics = QFontMetricsF(own)
    painter.save()
    painter.translate(at)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(own)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(theme.background, 200))
    painter.drawRoundedRect(QRectF(0, 0, width, height), 4, 4)
    painter.setPen(colour(theme.text))
    side = Qt.AlignmentFlag.AlignHCenter if note.length else Qt.AlignmentFlag.AlignLeft
    for row, line in enumerate(note.text.split("\n")):
        box = QRectF(PAD, PAD / 2 + row * metrics.height(), width - 2 * PAD, metrics.height())
        painter.drawText(box, side, plain(line, 200))
    if note.length:
        _paint_length(painter, note, theme, QPointF((width - note.length) / 2, height - PAD - 1))
    painter.restore()


def _paint_length(painter: QPainter, note: Note, theme: Theme, left: QPointF) -> None:
    right = left + QPointF(note.length, 0)
    if not note.arrow:
        painter.fillRect(
            QRectF(left - QPointF(0, BAR / 2), right + QPointF(0, BAR / 2)), colour(theme.text)
        )
        return
    tint = QColor(*ARROW)
    head = min(10.0, 0.6 * note.length)
    painter.setPen(QPen(tint, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(left, right - QPointF(head, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawPolygon(
        QPolygonF([right, right + QPointF(-head, -4.5), right + QPointF(-head, 4.5)])
    )
