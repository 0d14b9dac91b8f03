"""The 3D view as a figure: atoms as a picture, words and legends over them as text and lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from mlipviewer.core.progress import Progress
from mlipviewer.gui.drawing import USUAL_FONT, Size, figure_font
from mlipviewer.gui.figure_look import FigureLook
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.scene.shot import Shot, shot_of
from mlipviewer.gui.theme import DARK, LIGHT, Theme
from mlipviewer.session.colourings import PaneOf
from mlipviewer.session.looks import Background, Looks
from mlipviewer.session.state import State
from mlipviewer.views.atoms.label_paint import PaneLabels
from mlipviewer.views.atoms.legend import Legend, legend_corner, legend_size, paint_legend
from mlipviewer.views.atoms.legends import Legends
from mlipviewer.views.atoms.notes import Note, note_size, paint_note
from mlipviewer.views.atoms.picture import without_machine
from mlipviewer.views.atoms.stickers import SUBJECTS
from mlipviewer.views.atoms.surface import PaneWords, Surface, paint_all_labels, paint_words

Place = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """A note in a room, at a place 0..1 of it."""

    note: Note
    room: QRect
    place: Place


@dataclass(frozen=True, eq=False)
class AtomsDrawing:
    """What a 3D view showed when the drawing was made. Painting may be done in any thread."""

    look: FigureLook
    shot: Shot
    words: tuple[PaneWords, ...]
    labels: tuple[PaneLabels | None, ...]
    legends: tuple[tuple[Legend, QRect, Place], ...]
    notes: tuple[Placed, ...]
    title: str = ""

    @property
    def size(self) -> Size:
        return self.look.pixels

    def paint(self, painter: QPainter, scale: float, progress: Progress) -> None:
        """Raises Cancelled."""
        dots = (round(self.size[0] * scale), round(self.size[1] * scale))
        pixels = self.shot.render(dots, self.look.transparent, progress)
        form = QImage.Format.Format_RGBA8888
        image = QImage(pixels.data, *dots, 4 * dots[0], form)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        painter.drawImage(QRectF(0, 0, *self.size), image)
        unit = unit_of_look(self.look)
        painter.scale(unit, unit)
        self._paint_over(painter)
        painter.restore()

    def _paint_over(self, painter: QPainter) -> None:
        shot, font = self.shot, figure_font()
        painter.setFont(font)
        paint_all_labels(painter, shot, shot.rects(), list(self.labels))
        paint_words(painter, shot, shot.rects(), list(self.words), font)
        for one in self.notes:
            size = (one.room.width(), one.room.height())
            corner = legend_corner(note_size(one.note, font), size, one.place)
            at = QPointF(one.room.topLeft() + corner)
            paint_note(painter, one.note, font, shot.theme, at)
        for legend, room, place in self.legends:
            corner = legend_corner(legend_size(legend, font), (room.width(), room.height()), place)
            paint_legend(painter, legend, font, room.topLeft() + corner)


def unit_of_look(look: FigureLook) -> float:
    """Pixels of the sheet for each pixel of a screen with letters of the usual size: all that is
    drawn over atoms grows with the text."""
    return look.font_pixels / USUAL_FONT


def theme_of(looks: Looks) -> Theme:
    """Figures are white, unless the atoms are to be on a dark ground."""
    return DARK if looks.background is Background.DARK else LIGHT


def atoms_drawing(
    state: State,
    canvas: Scene,
    surface: Surface,
    legends: Legends,
    of: tuple[PaneOf, ...],
    look: FigureLook,
) -> AtomsDrawing:
    """What is shown now, at the size of a look and with the parts that it wants."""
    looks = _looks_of(state.document.looks, look)
    state = state.with_document(looks=looks)
    unit = unit_of_look(look)
    sheet = (max(round(look.pixels[0] / unit), 1), max(round(look.pixels[1] / unit), 1))
    shot = shot_of(canvas, sheet, theme_of(looks), looks, look.shows("selection", otherwise=True))
    titled = look.shows("title", otherwise=False)
    words = tuple(
        replace(one, title=one.title if titled else "", badge=without_machine(one.badge))
        for one in surface.words
    )
    return AtomsDrawing(
        look,
        shot,
        words,
        tuple(surface.labels) if look.shows("labels", otherwise=True) else (),
        tuple(_legends(shot, legends, of)) if looks.legend.shown else (),
        tuple(_notes(state, shot, of)),
        "; ".join(one.title for one in surface.words if one.title),
    )


def _looks_of(looks: Looks, look: FigureLook) -> Looks:
    """Those of the view, but for what the figure wants otherwise."""
    return replace(
        looks,
        axes=look.shows("axes", looks.axes),
        legend=replace(looks.legend, shown=look.shows("legend", looks.legend.shown)),
        text=replace(looks.text, shown=look.shows("text", looks.text.shown)),
        scale_bar=replace(looks.scale_bar, shown=look.shows("scale bar", looks.scale_bar.shown)),
    )


def _legends(
    shot: Shot, legends: Legends, of: tuple[PaneOf, ...]
) -> list[tuple[Legend, QRect, Place]]:
    found = []
    for number, widget in enumerate(legends.widgets):
        room = QRect()
        for rect in (QRect(*r) for o, r in zip(of, shot.rects(), strict=False)
                     if o.colouring == number):  # fmt: skip
            room = room.united(rect)
        if widget.legend is not None and not room.isEmpty():
            legend = replace(widget.legend, theme=shot.theme, room=float(room.width()))
            found.append((legend, room, shot.looks.legend.place))
    return found


def _notes(state: State, shot: Shot, of: tuple[PaneOf, ...]) -> list[Placed]:
    found = []
    for i, (one, rect) in enumerate(zip(of, shot.rects(), strict=False)):
        for subject in SUBJECTS:
            note = subject.make(state, shot, i, one.name)
            if note is not None:
                place: Place = getattr(shot.looks, subject.part).place
                found.append(Placed(note, QRect(*rect), place))
    return found
