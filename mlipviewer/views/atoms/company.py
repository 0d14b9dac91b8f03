"""What goes along with the atoms: finding, the menu, following, hidden atoms, things drawn over."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mlipviewer.core.measuring import rows_of_ids
from mlipviewer.core.plot import Space
from mlipviewer.gui.keys import Deeds
from mlipviewer.gui.scene.arranging import as_drawn
from mlipviewer.gui.scene.scene import Scene
from mlipviewer.gui.theme import colour
from mlipviewer.session import atom_changes, seeking
from mlipviewer.session.landing import add_notice
from mlipviewer.session.panels import trail_request
from mlipviewer.session.state import Notice, State, Weight
from mlipviewer.session.store import Change, Store
from mlipviewer.views.atoms.choosing import Choosing
from mlipviewer.views.atoms.drawn import Figure, figures_of
from mlipviewer.views.atoms.find import FindLine
from mlipviewer.views.atoms.guides import Guides
from mlipviewer.views.atoms.looking import Looking
from mlipviewer.views.atoms.menu import AtomsMenu, Spot
from mlipviewer.views.atoms.mouse import Tool
from mlipviewer.views.atoms.surface import Surface
from mlipviewer.views.atoms.views_menu import ViewsMenu

CROSS_MS = 1200


class Company:
    """Serves an atoms view beside its drawing. It keeps only what was made from the state."""

    def __init__(self, store: Store, canvas: Scene, surface: Surface, choosing: Choosing,
                 looking: Looking) -> None:  # fmt: skip
        self._store, self._canvas, self._surface = store, canvas, surface
        self._choosing, self._looking = choosing, looking
        self.find = FindLine()
        self.menu = AtomsMenu(store, surface, self._centre_spot)
        self.views = ViewsMenu(store, self._copy_camera, self._paste_camera)
        self.cross = Cross(surface)
        self._guides = Guides(canvas)
        choosing.site_at = self._guides.site_at
        self._figures: dict[str, tuple[tuple[object, ...], tuple[Figure, ...]]] = {}
        self._led_to: tuple[object, ...] = ()
        self._connect()

    def _connect(self) -> None:
        find = self.find
        find.typed.connect(lambda text: self._commit(partial(atom_changes.seek, text=text), "Find"))
        find.chosen.connect(
            lambda mode: self._commit(
                partial(seeking.choose_sought, mode=mode), f"Find {find.text.text()}"
            )
        )
        find.kept.connect(lambda: self._commit(seeking.keep_sought, "Keep a condition as a set"))
        find.closed.connect(self._close_find)
        self._surface.menu_wanted.connect(self._open_menu)
        self._surface.pressed.connect(self._looking.point)

    def _commit(self, change: Change, label: str) -> None:
        self._store.commit(change, label)

    def _close_find(self) -> None:
        self._commit(lambda s: atom_changes.seek(s, None), "Stop finding")
        self._surface.setFocus()

    # -- the menu --------------------------------------------------------------------------

    def spot_at(self, at: QPointF) -> Spot | None:
        """The run and the atom under a pixel."""
        hit = self._choosing.hit(at)
        if hit is None:
            return None
        i, row = hit
        return Spot(self._choosing.names[i], None if row is None else self._choosing.id_of(i, row))

    def _open_menu(self, at: QPointF) -> None:
        spot = self.spot_at(at)
        if spot is not None:
            menu = self.menu.made(spot)
            menu.addSeparator()
            menu.addAction("Copy camera", self._copy_camera)
            menu.addAction("Paste camera", self._paste_camera)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._surface.mapToGlobal(at.toPoint()))

    def _copy_camera(self) -> None:
        QGuiApplication.clipboard().setText(self._looking.text())

    def _paste_camera(self) -> None:
        try:
            self._looking.take_text(QGuiApplication.clipboard().text())
        except ValueError as problem:
            said = Notice(str(problem), Weight.WARNING)
            self._commit(lambda s: add_notice(s, said), "Paste camera")

    def _centre_spot(self, spot: Spot) -> None:
        i = self._choosing.names.index(spot.owner)
        pane = self._canvas.panes[i]
        if pane.frame is None or spot.atom is None:
            return
        row = int(rows_of_ids(pane.frame, (spot.atom,))[0])
        if row >= 0:
            self._looking.centre_on(pane, pane.places[row])
            self.mark_centre(i)

    def mark_centre(self, i: int) -> None:
        """Show for a moment about which point a pane's view now turns."""
        left, top, width, height = self._canvas.rects()[i]
        self.cross.show_at(QPoint(left + width // 2, top + height // 2))

    # -- actions ---------------------------------------------------------------------------

    @property
    def deeds(self) -> Deeds:
        """Those of the actions of the 3D view that are done here."""
        return {
            "look.copy": self._copy_camera,
            "look.paste": self._paste_camera,
            "pick.next": partial(self._step_atom, 1),
            "pick.previous": partial(self._step_atom, -1),
        }

    def _step_atom(self, step: int) -> bool:
        if not self.steps_atoms():
            return False
        change = partial(atom_changes.select_next_atom, step=step)
        self._commit(change, "Next atom" if step > 0 else "Previous atom")
        return True

    def steps_atoms(self) -> bool:
        """In pick mode, while an atom is selected, Tab goes to the next one."""
        picks = self._surface.tool is Tool.ROTATE
        return picks and len(self._store.state.selected(Space.ATOM)) > 0

    # -- showing ---------------------------------------------------------------------------

    def figures(self, state: State, owner: str) -> tuple[Figure, ...]:
        """What is drawn over a run; the same object until it changes."""
        frame = state.moment.frames.get(owner)
        request = trail_request(state)
        trail = None if request is None else state.moment.results.get(request)
        document, wrapping = state.document, state.document.looks.wrapping
        key = (frame, document.measurements, document.followed, trail, state.frame, wrapping)
        known = self._figures.get(owner)
        if known is None or any(a is not b and a != b for a, b in zip(known[0], key, strict=True)):
            anything = trail is not None or any(one.owner == owner for one in document.measurements)
            made: tuple[Figure, ...] = ()
            if frame is not None and anything:
                made = figures_of(state, owner, as_drawn(frame, wrapping))
            known = self._figures[owner] = (key, made)
        return known[1]

    def show_state(self, old: State | None, new: State) -> None:
        for gone in self._figures.keys() - set(self._choosing.names):  # frames are large
            del self._figures[gone]
        self.find.show_state(old, new)
        self._looking.set_free(new.document.comparison.free_cameras)
        self._guides.show_state(new, self._choosing.names)
        self._follow(new)

    def _follow(self, state: State) -> None:
        """Bring the followed atom to the middle, whenever another frame shows it."""
        now = state.document.followed
        frame = None if now is None else state.moment.frames.get(now.owner)
        led_to = (now, frame)
        if now is None or frame is None or now.owner not in self._choosing.names:
            self._led_to = ()
            return
        if len(self._led_to) == 2 and self._led_to[0] == now and self._led_to[1] is frame:
            return
        self._led_to = led_to
        row = int(rows_of_ids(frame, (now.atom,))[0])
        if row >= 0 and np.isfinite(frame.positions[row]).all():
            pane = self._canvas.panes[self._choosing.names.index(now.owner)]
            wrapping = state.document.looks.wrapping
            self._looking.centre_on(pane, as_drawn(frame, wrapping).positions[row])


class Cross(QWidget):
    """A small cross that shows for a moment about what the view turns."""

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(25, 25)
        self._timer = QTimer(self, singleShot=True, interval=CROSS_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def show_at(self, at: QPoint) -> None:
        self.move(at - self.rect().center())
        self.show()
        self._timer.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        from mlipviewer.gui.theme import current_theme

        painter = QPainter(self)
        middle = QRectF(self.rect()).center()
        for name, width in ((current_theme().background, 4.0), (current_theme().hovered, 1.6)):
            painter.setPen(QPen(colour(name), width))
            painter.drawLine(middle - QPointF(10, 0), middle + QPointF(10, 0))
            painter.drawLine(middle - QPointF(0, 10), middle + QPointF(0, 10))
        painter.end()
