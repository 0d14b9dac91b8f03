"""Several views of one run, each in its own colours: one camera, one selection, legends apart."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mlipviewer.session import colourings, time_changes
from mlipviewer.session.state import Colouring, State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView
from tests.views.atoms_made import (
    LEFT,
    RUN,
    chosen,
    click,
    drag,
    frame,
    pixel_of,
    shown_image,
    store,
    view,
    with_read,
    with_run,
)
from tests.windows import choose_in_menu

__all__ = ["chosen", "store", "view"]
pytestmark = pytest.mark.window


def choose_views(view: AtomsView, words: str, qtbot: QtBot) -> None:
    """As a user does: in the menu of the button Views."""
    button = next(b for b in view.bar.children() if getattr(b, "text", str)() == "Views")
    choose_in_menu(button.menu(), words)
    view.store.flush()
    qtbot.waitUntil(lambda: view.canvas.complete)


def columns(view: AtomsView) -> list[str]:
    return [pane.paint.column for pane in view.canvas.panes if pane.paint is not None]


def captions(view: AtomsView) -> list[str]:
    return [one.legend.caption for one in view.legends.seen() if one.legend is not None]


def centre_of(view: AtomsView, pane: int) -> QPoint:
    left, top, width, height = view.canvas.rects()[pane]
    return QPoint(left + width // 2, top + height // 2)


def test_that_views_of_one_run_have_their_own_colours(view: AtomsView, qtbot: QtBot) -> None:
    choose_views(view, "Three views", qtbot)
    assert columns(view) == ["species", "c_pe", "forces"]
    assert captions(view) == ["Species", "c_pe (eV)", "forces (eV/Å)"]
    for pane, legend in zip(range(3), view.legends.seen(), strict=True):
        left, top, width, height = view.canvas.rects()[pane]
        place = legend.geometry()
        assert left <= place.left() <= place.right() <= left + width
        assert top <= place.top() <= place.bottom() <= top + height
    choose_views(view, "One view", qtbot)
    assert columns(view) == ["species"]
    assert captions(view) == ["Species"]


def test_that_the_bar_is_about_the_view_pressed_last(
    view: AtomsView, store: Store, qtbot: QtBot
) -> None:
    choose_views(view, "Two views", qtbot)
    assert view.bar.columns.currentData() == "c_pe"  # the new view
    n = store.n_steps
    click(view, centre_of(view, 0) + QPoint(0, 40))
    store.flush()
    assert view.bar.columns.currentData() == "species"
    assert store.n_steps == n  # looking at another view is no step of history
    assert [said.active for said in view.surface.words] == [True, False]
    store.commit(lambda s: colourings.colour_by(s, "forces"), "Colour")
    store.flush()
    qtbot.waitUntil(lambda: view.canvas.complete)
    assert columns(view) == ["forces", "c_pe"]
    store.undo()
    store.flush()
    qtbot.waitUntil(lambda: view.canvas.complete)
    assert columns(view) == ["species", "c_pe"]


def test_that_a_selection_shows_in_all_views(
    view: AtomsView, store: Store, chosen: object, qtbot: QtBot
) -> None:
    choose_views(view, "Four views", qtbot)
    click(view, pixel_of(view, 20, pane=2))
    store.flush()
    assert chosen() == [20]  # type: ignore[operator]
    row = int(np.flatnonzero(RUN[0].atom_ids == 20)[0])
    for pane in view.canvas.panes:
        assert np.flatnonzero(pane.marks).tolist() == [row]
    assert view.status.text().count("Li 20") == 1


def test_that_views_turn_together_and_keep_the_camera(view: AtomsView, qtbot: QtBot) -> None:
    drag(view, centre_of(view, 0), centre_of(view, 0) + QPoint(60, 25))
    before = view.canvas.camera
    choose_views(view, "Two views", qtbot)
    assert np.allclose(view.canvas.camera.rotation, before.rotation)
    assert np.allclose(view.canvas.panes[0].home, view.canvas.panes[1].home)
    drag(view, centre_of(view, 1), centre_of(view, 1) + QPoint(-30, 10))
    turned = [view.canvas.pane_camera(i).rotation for i in range(2)]
    assert np.allclose(*turned)
    assert not np.allclose(turned[0], before.rotation, atol=0.05)


def test_that_legends_select_by_their_own_colours(
    view: AtomsView, store: Store, chosen: object, qtbot: QtBot
) -> None:
    choose_views(view, "Two views", qtbot)
    legend = list(view.legends.seen())[1]
    bar_y = legend.height() // 2 + 2
    QTest.mousePress(legend, LEFT, pos=QPoint(legend.width() - 60, bar_y))
    QTest.mouseMove(legend, QPoint(legend.width() + 12, bar_y))
    QTest.mouseRelease(legend, LEFT, pos=QPoint(legend.width() + 20, bar_y))
    store.flush()
    values = dict(zip(RUN[0].atom_ids.tolist(), RUN[0].columns["c_pe"].tolist(), strict=True))
    found = chosen()  # type: ignore[operator]
    assert 0 < len(found) < 6
    assert min(values[atom] for atom in found) > max(values[a] for a in values if a not in found)


def test_that_two_runs_in_two_colours_make_a_square(
    view: AtomsView, store: Store, qtbot: QtBot
) -> None:
    other = frame(0, shift=1.0)

    def opened(state: State) -> State:
        return with_read(with_run(state, "other.dump", [other] * 3), other, "other.dump")

    store.commit(opened, "Open")
    store.flush()
    choose_views(view, "Both runs side by side", qtbot)
    assert columns(view) == ["species", "species"]
    choose_views(view, "Two views", qtbot)
    assert [(one.name, one.colouring) for one in colourings.panes_of(store.state)] == [
        ("run.dump", 0),
        ("other.dump", 0),
        ("run.dump", 1),
        ("other.dump", 1),
    ]
    assert columns(view) == ["species", "species", "c_pe", "c_pe"]
    store.commit(lambda s: colourings.colour_by(s, "displacement from the first run"), "Colour")
    store.flush()
    qtbot.waitUntil(lambda: view.canvas.complete)
    paint = view.canvas.panes[3].paint
    assert paint is not None
    np.testing.assert_allclose(paint.data + paint.zero, np.sqrt(3), rtol=1e-6)
    assert captions(view)[1] == "displacement from the first run (Å)"
    assert paint.column in [view.bar.columns.itemData(i) for i in range(view.bar.columns.count())]
    store.commit(lambda s: colourings.set_component(s, 0), "x")
    assert colourings.coloured(store.state) == Colouring(
        paint.column, map="balance", policy=colourings.RangePolicy.SYMMETRIC, component=0
    )


def test_that_a_picture_holds_all_views_and_legends(view: AtomsView, qtbot: QtBot) -> None:
    whole = shown_image(view)
    choose_views(view, "Two views", qtbot)
    image = shown_image(view)
    assert image.size() == whole.size()
    legend = list(view.legends.seen())[1].geometry()
    bar = image.pixelColor(legend.center())
    assert bar != image.pixelColor(view.canvas.width() * 3 // 4, 60)


def test_that_there_is_room_for_four_runs_and_the_shown_one_is_among_them(store: Store) -> None:
    state = store.state
    for k in range(5):
        state = with_run(state, f"{k}.dump")
    beside = time_changes.show_all_beside(state)
    assert beside.document.comparison.names == ("run.dump", "0.dump", "1.dump", "4.dump")
    assert time_changes.show_all_beside(beside, False).document.comparison.names == ()
