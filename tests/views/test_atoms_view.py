"""The atoms view: clicks and keys change the state, or only the camera."""

from collections.abc import Callable

import atoms_made
import numpy as np
import pytest
from atoms_made import ALT, CTRL, LEFT, NO_KEY, SHIFT, click, corners, drag, move, pixel_of
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE, Mode, rows
from mlipviewer.session import changes
from mlipviewer.session.state import Colouring, Hover
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.mouse import Tool

pytestmark = pytest.mark.window

store, view, chosen = atoms_made.store, atoms_made.view, atoms_made.chosen  # fixtures


# -- from the user to the state


def test_that_a_click_chooses_an_atom_by_its_id(view: AtomsView, chosen: Callable) -> None:
    click(view, pixel_of(view, 50))
    assert chosen() == [50]
    click(view, pixel_of(view, 20))
    assert chosen() == [20]
    assert view.store.undo_label == "Select 1 atom"


def test_that_ctrl_click_toggles(view: AtomsView, chosen: Callable) -> None:
    for atom in (10, 30, 10):
        click(view, pixel_of(view, atom), CTRL)
    assert chosen() == [30]


def test_that_a_click_on_nothing_lets_go(view: AtomsView, chosen: Callable) -> None:
    click(view, pixel_of(view, 10))
    click(view, QPoint(4, 300), CTRL)
    assert chosen() == [10]
    click(view, QPoint(4, 300))
    assert chosen() == []


def test_that_a_rectangle_chooses_in_each_mode(view: AtomsView, chosen: Callable) -> None:
    view.set_tool(Tool.RECTANGLE)
    drag(view, *corners(view, 60, 50))
    assert chosen() == [10, 50, 60]
    drag(view, *corners(view, 20, 40), keys=CTRL)
    assert chosen() == [10, 20, 40, 50, 60]
    drag(view, *corners(view, 60, 20), keys=ALT)
    assert chosen() == [10, 40, 50]
    drag(view, *corners(view, 10, 30), keys=CTRL | SHIFT)
    assert chosen() == [10, 40, 50]
    drag(view, *corners(view, 10, 40), keys=CTRL | SHIFT)
    assert chosen() == [10, 40]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.REPLACE, [10, 50, 60]),
        (Mode.ADD, [10, 20, 50, 60]),
        (Mode.REMOVE, [20]),
        (Mode.TOGGLE, [20, 50, 60]),
        (Mode.INTERSECT, [10]),
    ],
)
def test_that_the_sticky_modes_hold(
    view: AtomsView, chosen: Callable, mode: Mode, expected: list[int]
) -> None:
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([10, 20])), "Select")
    view.set_tool(Tool.RECTANGLE)
    QTest.mouseClick(view.bar.modes[mode], LEFT)
    drag(view, *corners(view, 60, 50))
    assert chosen() == expected


def test_that_a_lasso_chooses_what_it_surrounds(view: AtomsView, chosen: Callable) -> None:
    QTest.keyClick(view.surface, Qt.Key.Key_S)
    QTest.keyClick(view.surface, Qt.Key.Key_S)
    assert view.surface.tool is Tool.LASSO
    a, b = corners(view, 60, 20)
    drag(view, a, QPoint(b.x(), a.y()), b, QPoint(a.x(), b.y()))
    assert chosen() == [20, 60]


def test_that_resting_on_an_atom_hovers_it(view: AtomsView, qtbot: QtBot) -> None:
    move(view, pixel_of(view, 50), Qt.MouseButton.NoButton, NO_KEY)
    expected = Hover(Space.ATOM, "run.dump", 50)
    qtbot.waitUntil(lambda: view.store.state.moment.hover == expected)
    view.store.flush()
    assert view.card.isVisible()
    assert view.card.text().startswith("O 50\n12.000  0.000  0.000 Å")
    move(view, QPoint(4, 300), Qt.MouseButton.NoButton, NO_KEY)
    qtbot.waitUntil(lambda: view.store.state.moment.hover is None)
    view.store.flush()
    assert not view.card.isVisible()
    assert view.store.n_steps == 0


def test_that_a_click_pins_the_card(view: AtomsView, qtbot: QtBot) -> None:
    QTest.mouseClick(view.surface, LEFT, NO_KEY, pixel_of(view, 50))
    view.store.flush()
    assert view.card.isVisible()
    assert view.card.text().startswith("O 50")
    move(view, pixel_of(view, 20), Qt.MouseButton.NoButton, NO_KEY)
    qtbot.waitUntil(lambda: view.store.state.moment.hover is not None)
    view.store.flush()
    assert " 20\n" in view.card.text()  # what is hovered goes first
    move(view, QPoint(4, 300), Qt.MouseButton.NoButton, NO_KEY)
    qtbot.waitUntil(lambda: view.store.state.moment.hover is None)
    view.store.flush()
    assert view.card.isVisible()
    assert view.card.text().startswith("O 50")
    before = view.card.pos()
    view.looking.do("look.y")
    view.store.flush()
    assert view.card.pos() != before  # it goes along with its atom
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([20, 50])), "Select")
    view.store.flush()
    assert not view.card.isVisible()


def test_that_the_user_chooses_what_colours(view: AtomsView) -> None:
    view.bar.columns.setCurrentIndex(view.bar.columns.findData("c_pe"))
    assert view.store.state.document.colouring.column == "species"  # setters do not commit
    view.bar.columns.textActivated.emit("c_pe")
    assert view.store.state.document.colouring.column == "c_pe"
    view.store.flush()
    view.bar.maps.setCurrentText("cividis")
    view.bar.maps.textActivated.emit("cividis")
    view.store.flush()
    view.dressing.popovers[0].open()
    QTest.mouseClick(view.bar.fix, LEFT)
    view.dressing.popovers[0].frame.hide()
    assert view.store.state.document.colouring == Colouring("c_pe", 0.0, 5.0, "cividis")


# -- looking around is no history


def test_that_dragging_turns_and_pans_and_the_wheel_zooms(view: AtomsView) -> None:
    start, end = QPoint(200, 200), QPoint(260, 230)
    before = view.canvas.camera
    drag(view, start, end)
    turned = view.canvas.camera
    assert not np.allclose(turned.rotation, before.rotation)
    for button, keys in ((Qt.MouseButton.RightButton, NO_KEY), (LEFT, SHIFT)):
        centre = view.canvas.camera.centre
        drag(view, start, end, button=button, keys=keys)
        assert not np.allclose(view.canvas.camera.centre, centre)
    assert np.allclose(view.canvas.camera.rotation, turned.rotation)
    at = QPointF(100, 100)
    wheel = QWheelEvent(
        at, view.surface.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        NO_KEY, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.surface, wheel)
    assert view.canvas.camera.height < before.height
    assert view.store.n_steps == 0
    assert view.store.state.selected(Space.ATOM) is NONE


def test_that_keys_look_along_axes_and_switch_things(view: AtomsView) -> None:
    QTest.keyClick(view.surface, Qt.Key.Key_X)
    assert np.allclose(view.canvas.camera.rotation[2], [1, 0, 0])
    QTest.keyClick(view.surface, Qt.Key.Key_2, ALT)
    assert np.allclose(view.canvas.camera.rotation[2], [0, -1, 0])
    QTest.keyClick(view.surface, Qt.Key.Key_P)
    assert view.canvas.camera.perspective
    assert view.bar.perspective.isChecked()
    QTest.keyClick(view.surface, Qt.Key.Key_O)
    assert not view.canvas.camera.perspective
    height = view.canvas.camera.height
    QTest.keyClick(view.surface, Qt.Key.Key_Plus)
    assert view.canvas.camera.height < height
    QTest.keyClick(view.surface, Qt.Key.Key_U)
    assert not view.store.state.document.looks.cell
    QTest.keyClick(view.surface, Qt.Key.Key_G)
    view.store.flush()
    assert view.legend.isHidden()


def test_that_f_goes_to_the_selection_and_a_double_click_orbits_about_an_atom(
    view: AtomsView,
) -> None:
    click(view, pixel_of(view, 30))
    view.store.flush()
    QTest.keyClick(view.surface, Qt.Key.Key_F)
    pane = view.canvas.panes[0]
    assert np.allclose(view.canvas.camera.centre + pane.home, [12, 6, 0])
    QTest.keyClick(view.surface, Qt.Key.Key_R)
    assert np.allclose(view.canvas.camera.centre, 0)
    QTest.mouseDClick(view.surface, LEFT, NO_KEY, pixel_of(view, 30))
    assert np.allclose(view.canvas.camera.centre + pane.home, [12, 6, 0])


def test_that_all_stay_in_view_in_another_size_until_one_looks_closer(
    view: AtomsView, qtbot: QtBot
) -> None:
    canvas = view.canvas
    canvas.face()
    view.resize(300, 700)
    qtbot.waitUntil(lambda: canvas.width() < 310)
    narrow = canvas.camera.height
    places = canvas.pane_camera(0).project(atoms_made.PLACES, (canvas.width(), canvas.height()))
    assert (places[:, 0] > 0).all()
    assert (places[:, 0] < canvas.width()).all()
    view.resize(900, 400)
    qtbot.waitUntil(lambda: canvas.width() > 800)
    assert canvas.camera.height < narrow
    canvas.set_camera(canvas.camera.zoomed(2.0, (10, 10), (900, 400)))
    closer = canvas.camera.height
    view.resize(300, 700)
    qtbot.waitUntil(lambda: canvas.width() < 310)
    assert canvas.camera.height == closer
