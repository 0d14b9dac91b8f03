"""Where files that are held over a window may be let fall: tiles over it, or why they may not."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mlipviewer.gui.plain import plain
from mlipviewer.gui.theme import Theme, colour, current_theme

WIDEST, MARGIN, GAP = 860.0, 14.0, 10.0
TILE = 74.0  # pixels high
RIM = 3.0
NONE = -1
CENTRED = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Hint:
    """What is told: what is held, the tiles (title, what it means), the number of the meant one,
    what happens elsewhere; `refused`: why nothing of it is taken; `amiss`: why some is not."""

    held: str
    tiles: tuple[tuple[str, str], ...] = ()
    meant: int = NONE
    said: str = ""
    refused: str = ""
    amiss: str = ""

    @property
    def words(self) -> str:
        """All of it, for those who do not see it."""
        if self.refused:
            return f"Cannot be opened: {self.refused}"
        now = " ".join(self.tiles[self.meant]) if self.meant != NONE else ""
        return ". ".join(part for part in (self.held, now, self.said, self.amiss) if part)

    @property
    def below(self) -> tuple[str, ...]:
        """The lines under the tiles."""
        said = (self.refused,) if self.refused else (self.said, self.amiss)
        return tuple(line for line in said if line)


class DropPlaces(QWidget):
    """Lies over the window and is not met by the mouse: what lies below it hears of drags."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.hint = Hint("")
        self.top = 0  # where the window's own bars end
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("where files may be let fall")
        self.hide()

    def lie_over(self, window: QWidget, top: int) -> None:
        """Over all of the window, with what is told from `top` on."""
        if (self.geometry(), self.top) != (window.rect(), top):
            self.setGeometry(window.rect())
            self.top = top
            self.update()

    def show_hint(self, hint: Hint) -> None:
        changed, self.hint = hint != self.hint, hint
        self.setAccessibleDescription(hint.words)
        if self.isHidden():
            self.show()
            self.raise_()
        elif changed:
            self.update()

    # -- places ----------------------------------------------------------------------------

    @property
    def board(self) -> QRectF:
        """The ground of the tiles and words."""
        width = min(self.width() - 4 * MARGIN, WIDEST)
        height = 2 * MARGIN + self._line + len(self.hint.below) * (self._line + GAP / 2)
        height += TILE + GAP / 2 if self.hint.tiles else 0.0
        return QRectF((self.width() - width) / 2, self.top + MARGIN, width, height)

    def tiles(self, n: int) -> tuple[QRectF, ...]:
        """The places of so many tiles."""
        if not n:
            return ()
        board = self.board
        wide = (board.width() - 2 * MARGIN - (n - 1) * GAP) / n
        left, top = board.left() + MARGIN, board.top() + MARGIN + self._line + GAP / 2
        return tuple(QRectF(left + k * (wide + GAP), top, wide, TILE) for k in range(n))

    def tile_at(self, at: QPoint, n: int) -> int:
        """The number of the tile of `n` at a pixel, NONE beside them."""
        return next((k for k, one in enumerate(self.tiles(n)) if one.contains(at)), NONE)

    @property
    def _shown(self) -> tuple[QRectF, ...]:
        return self.tiles(len(self.hint.tiles))

    @property
    def _line(self) -> float:
        return QFontMetricsF(self.font()).height() + 3

    # -- painting --------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, refused = current_theme(), bool(self.hint.refused)
        tint = theme.refused if refused else theme.accent
        painter.setPen(QPen(colour(tint), 2 * RIM))
        painter.drawRect(QRectF(self.rect()).adjusted(RIM, RIM, -RIM, -RIM))
        painter.setPen(QPen(colour(tint), 2))
        painter.setBrush(colour(theme.background, 244))
        painter.drawRoundedRect(self.board, 8, 8)
        self._paint_words(painter, theme)
        for k, place in enumerate(self._shown):
            _paint_tile(painter, theme, place, self.hint.tiles[k], k == self.hint.meant)
        painter.end()

    def _paint_words(self, painter: QPainter, theme: Theme) -> None:
        hint, inner = self.hint, self.board.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        line = QRectF(inner.left(), inner.top(), inner.width(), self._line)
        first = f"✕  {hint.held} cannot be opened" if hint.refused else hint.held
        painter.setFont(_bold(self.font()))
        _write(painter, line, first, theme.refused if hint.refused else theme.text)
        painter.setFont(self.font())
        above = self._shown[0] if hint.tiles else line
        line.moveTop(above.bottom() + GAP / 2)
        for text in hint.below:
            _write(painter, line, text, theme.refused if text == hint.amiss else theme.text)
            line.translate(0, self._line + GAP / 2)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _write(painter: QPainter, place: QRectF, text: str, tint: str) -> None:
    metrics = QFontMetricsF(painter.font())
    painter.setPen(colour(tint))
    said = metrics.elidedText(plain(text), Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, LEFT, said)


def _paint_tile(
    painter: QPainter, theme: Theme, place: QRectF, words: tuple[str, str], meant: bool
) -> None:
    painter.save()
    painter.setPen(QPen(colour(theme.accent if meant else theme.outline), 3 if meant else 1))
    painter.setBrush(colour(theme.highlight if meant else theme.button))
    painter.drawRoundedRect(place, 6, 6)
    ink = colour(theme.highlighted_text if meant else theme.text)
    title, about = words
    half = place.height() / 2
    plain_font = painter.font()
    painter.setPen(ink)
    painter.setFont(_bold(plain_font))
    upper = QRectF(place.left(), place.top() + 6, place.width(), half - 6)
    painter.drawText(upper, CENTRED, title)
    painter.setFont(plain_font)
    lower = QRectF(place.left() + 8, place.top() + half, place.width() - 16, half - 6)
    metrics = QFontMetricsF(plain_font)
    said = metrics.elidedText(plain(about), Qt.TextElideMode.ElideMiddle, lower.width())
    painter.drawText(lower, CENTRED, said)
    painter.restore()
