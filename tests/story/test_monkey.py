"""Clicks, drags, wheels and keys at random: nothing raises, and the views still agree."""

from __future__ import annotations

import os
import random

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QHeaderView, QLineEdit, QWidget

from mlipviewer.app.window import MainWindow
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import member, to_mask
from mlipviewer.gui import carrying
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.views.table import TableView
from tests import made
from tests.main_window import link_runs, settled
from tests.windows import ALT, CTRL, NO, SHIFT, Key, click, drag, give, hover, press, type_text

N_DEEDS = int(os.environ.get("MLIPVIEWER_MONKEY_DEEDS", "250"))
pytestmark = [pytest.mark.window, pytest.mark.timeout(280 + 2 * N_DEEDS)]

SEEDS = [int(seed) for seed in os.environ.get("MLIPVIEWER_MONKEY_SEEDS", "1 2").split()]
MODIFIERS = (NO, NO, NO, CTRL, SHIFT, ALT, CTRL | SHIFT)
KEYS = (
    *(Key.Key_Up, Key.Key_Down, Key.Key_PageDown, Key.Key_Home, Key.Key_End, Key.Key_Left),
    *(Key.Key_Right, Key.Key_Space, Key.Key_R, Key.Key_Escape, Key.Key_X, Key.Key_Plus),
    *(Key.Key_F, Key.Key_U, Key.Key_G, Key.Key_S, Key.Key_V, Key.Key_Backspace, Key.Key_L),
)
SHORTCUTS = (
    *((Key.Key_Z, CTRL), (Key.Key_Z, CTRL), (Key.Key_Y, CTRL), (Key.Key_A, CTRL)),
    *((Key.Key_I, CTRL | SHIFT), (Key.Key_Right, ALT), (Key.Key_Left, ALT), (Key.Key_End, ALT)),
)
WORDS = ("e0 < 0.1", "e1 > e0 or ", 'family == "GAP"', ")", "and not isnull(e5)", "@@")


class EndedDrag(QDrag):
    """What is dragged out is let go by the pointer itself, and there is none here: those of
    `test_carrying.py` are real."""

    def exec(self, *_actions: Qt.DropAction) -> Qt.DropAction:  # type: ignore[override]
        return Qt.DropAction.IgnoreAction


@pytest.fixture(autouse=True)
def _drags_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "QDrag", EndedDrag)


class Monkey:
    """Does one thing at a time, as chance has it."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.chance = window, random.Random(seed)
        self.deeds: list[str] = []

    def places(self) -> list[QWidget]:
        """What can be clicked without a menu or a dialog that would wait for an answer."""
        kinds = (PlotCanvas, QAbstractSlider, QHeaderView)
        found: list[QWidget] = []
        for dock in self.window.docks.by_panel.values():
            view = dock.view
            if view.visibleRegion().isEmpty():
                continue
            found += [w for kind in kinds for w in view.findChildren(kind) if w.isVisible()]
            found += [w for name in ("surface", "strip") if (w := getattr(view, name, None))]
            if isinstance(view, TableView) and view.rows.isVisible():
                found.append(view.rows.viewport())
        return [w for w in found if w.isVisible() and w.width() > 8 and w.height() > 4]

    def pixel(self, widget: QWidget) -> tuple[float, float]:
        return (
            self.chance.uniform(1, widget.width() - 2),
            self.chance.uniform(1, widget.height() - 2),
        )

    def act(self) -> None:
        deed = self.chance.choice((self.click, self.drag, self.key, self.wheel, self.point))
        rarely = self.chance.random()
        if rarely < 0.06:
            deed = self.type
        elif rarely < 0.18:
            deed = self.shortcut
        elif rarely < 0.24:
            deed = self.raise_one
        self.deeds.append(deed.__name__)
        deed()

    def click(self) -> None:
        widget = self.chance.choice(self.places())
        click(widget, self.pixel(widget), self.chance.choice(MODIFIERS))

    def drag(self) -> None:
        widget = self.chance.choice(self.places())
        path = [self.pixel(widget) for _ in range(self.chance.randint(2, 5))]
        drag(widget, path, self.chance.choice(MODIFIERS))

    def point(self) -> None:
        widget = self.chance.choice(self.places())
        hover(widget, self.pixel(widget))

    def key(self) -> None:
        press(self.chance.choice(self.places()), self.chance.choice(KEYS))

    def shortcut(self) -> None:
        press(self.window, *self.chance.choice(SHORTCUTS))

    def wheel(self) -> None:
        widget = self.chance.choice(self.places())
        at = QPointF(*self.pixel(widget))
        turn = QPoint(0, self.chance.choice((-120, 120)))
        event = QWheelEvent(
            *(at, widget.mapToGlobal(at), QPoint(), turn, Qt.MouseButton.NoButton, NO),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(widget, event)

    def type(self) -> None:
        dock = self.window.docks.by_panel.get("table")
        edit = None if dock is None else dock.view.findChild(QLineEdit)
        if edit is not None and edit.isVisible():
            if self.chance.random() < 0.5:
                edit.selectAll()
            type_text(edit, self.chance.choice(WORDS))

    def raise_one(self) -> None:
        self.chance.choice(list(self.window.docks.by_panel.values())).raise_()


def agree(window: MainWindow, deeds: list[str]) -> None:
    """The table, the plots and the atoms show the selection of the state."""
    state, last = settled(window), deeds[-30:]
    table = window.docks.by_panel["table"].view
    n_rows = state.table.n_rows if state.table is not None else 0
    chosen = to_mask(state.selected(Space.MODEL), n_rows)
    assert table.model._selected.tolist() == chosen.tolist(), last
    for dock in window.docks.by_panel.values():
        canvas = getattr(dock.view, "canvas", None)
        if isinstance(canvas, PlotCanvas) and not canvas.visibleRegion().isEmpty():
            for space in canvas.plot.spaces:
                assert canvas.highlights[space].selected is state.selected(space), last
    atoms = window.docks.by_panel["atoms"].view
    for i, name in enumerate(atoms._names):
        frame = state.moment.frames[name]
        shown = member(frame.atom_ids, state.selected(Space.ATOM, name))
        assert atoms._masks[i].tolist() == shown.tolist(), last


@pytest.mark.parametrize("seed", SEEDS)
def test_that_deeds_at_random_do_no_harm(window: MainWindow, seed: int) -> None:
    give(window, made.error_table(120, 8))
    link_runs(window, {1: 0.3, 2: 0.1, 3: 0.5})
    give(window, made.trajectory("free.xyz", n_frames=12))
    monkey = Monkey(window, seed)
    for n in range(N_DEEDS):
        monkey.act()
        if n % 10 == 9:
            agree(window, monkey.deeds)
    while window.store.undo_label:
        window.store.undo()
    agree(window, monkey.deeds)
