"""The atoms view: clicks change the state, the state changes what is painted."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlipviewer.core.plot import Space
from mlipviewer.core.problem import Note
from mlipviewer.core.rows import NONE, Mode, rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session import changes
from mlipviewer.session.state import Colouring, Failure, Hover, Input, Kind, State, frozen
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms_surface import Tool
from mlipviewer.views.atoms_words import NO_TRAJECTORY

pytestmark = pytest.mark.window

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_KEY = Qt.KeyboardModifier.NoModifier

PLACES = np.array([[x, y, 0.0] for y in (0, 6) for x in (0, 6, 12)])
"""Two rows of three atoms, seen from z."""

IDS = np.array([60, 10, 50, 20, 40, 30])


class Frames:
    """A FrameSource of frames held in memory."""

    path, format = "memory", "memory"
    notes: tuple[Note, ...] = ()

    def __init__(self, frames: list[Frame]) -> None:
        self._frames = frames

    @property
    def n_frames(self) -> int:
        return len(self._frames)

    def frame(self, index: int) -> Frame:
        return self._frames[index]

    def info(self, index: int) -> MappingProxyType[str, Any]:
        return MappingProxyType({})


def frame(index: int = 0, shift: float = 0.0, order: Any = slice(None), **more: Any) -> Frame:
    columns = {"c_pe": np.arange(6.0), "forces": np.outer(np.arange(6.0), [3.0, 0, 4.0])}
    return Frame(
        index,
        (PLACES + shift)[order].copy(),
        np.array([3, 3, 8, 3, 3, 8])[order],
        cell=np.diag([18.0, 12, 10]),
        pbc=(True, True, True),
        ids=IDS[order].copy(),
        columns=MappingProxyType({name: column[order] for name, column in columns.items()}),
        **more,
    )


RUN = [frame(0), frame(1, shift=0.5), frame(2, order=[5, 4, 3, 2, 1, 0])]


def with_run(state: State, name: str = "run.dump", frames: list[Frame] | None = None) -> State:
    source = Trajectory.whole(name, Frames(frames or RUN))
    return changes.add_loaded(state, Input(name, f"/{name}", Kind.TRAJECTORY), source)


def with_read(state: State, read: Frame, name: str = "run.dump") -> State:
    return state.with_moment(frames=frozen({**state.moment.frames, name: read}))


@pytest.fixture
def store() -> Store:
    return Store(with_read(with_run(State()), RUN[0]))


@pytest.fixture
def view(store: Store, qtbot: QtBot) -> Iterator[AtomsView]:
    view = AtomsView(store)
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.attach()
    with qtbot.waitExposed(view):
        view.show()
    view.canvas.camera = view.canvas.camera.looking_from((0, 0, 1), up=(0, 1, 0))
    view.canvas.fit()
    qtbot.waitUntil(lambda: view.canvas.complete)
    yield view
    view.detach()


@pytest.fixture
def chosen(store: Store) -> Callable[[], list[int]]:
    return lambda: store.state.selected(Space.ATOM).tolist()


def pixel_of(view: AtomsView, atom: int, pane: int = 0) -> QPoint:
    shown = view.canvas.panes[pane].frame
    assert shown is not None
    left, top, width, height = view.canvas.rects()[pane]
    position = shown.positions[np.flatnonzero(shown.atom_ids == atom)[0]]
    x, y, _ = view.canvas.pane_camera(pane).project(position, (width, height))
    return QPoint(round(left + x), round(top + y))


def click(view: AtomsView, at: QPoint, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(view.surface, LEFT, keys, at)


def drag(
    view: AtomsView,
    *path: QPoint,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEY,
) -> None:
    QTest.mousePress(view.surface, button, keys, path[0])
    for start, end in pairwise(path):
        for part in (0.5, 1.0):
            at = start + (end - start) * part
            event_keys = keys
            move(view, at, button, event_keys)
    QTest.mouseRelease(view.surface, button, keys, path[-1])


def move(view: AtomsView, at: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, view.surface.mapToGlobal(where), button, button, keys
    )
    QApplication.sendEvent(view.surface, event)


def shown_image(view: AtomsView) -> QImage:
    return view.picture(1.0)


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


def corners(view: AtomsView, first: int, last: int) -> tuple[QPoint, QPoint]:
    """A rectangle around two atoms."""
    a, b = pixel_of(view, first), pixel_of(view, last)
    rim = QPoint(15, 15)
    left_upper = QPoint(min(a.x(), b.x()), min(a.y(), b.y())) - rim
    return left_upper, QPoint(max(a.x(), b.x()), max(a.y(), b.y())) + rim


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


def test_that_the_user_chooses_what_colours(view: AtomsView) -> None:
    view.bar.columns.setCurrentIndex(view.bar.columns.findData("c_pe"))
    assert view.store.state.document.colouring.column == "species"  # setters do not commit
    view.bar.columns.textActivated.emit("c_pe")
    assert view.store.state.document.colouring.column == "c_pe"
    view.store.flush()
    view.bar.maps.setCurrentText("cividis")
    view.bar.maps.textActivated.emit("cividis")
    view.store.flush()
    QTest.mouseClick(view.bar.fix, LEFT)
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
    assert not view.canvas.show_cell
    QTest.keyClick(view.surface, Qt.Key.Key_G)
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


# -- from the state to the eye


def test_that_a_selection_made_elsewhere_is_ringed(view: AtomsView) -> None:
    before = shown_image(view)
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([50])), "Select 1 atom")
    view.store.flush()
    after = shown_image(view)
    ring = QColor(view.canvas.theme.selected).getRgb()
    at = pixel_of(view, 50)

    def ringed(image: QImage) -> bool:
        found = [image.pixelColor(at.x() + dx, at.y()).getRgb() for dx in range(5, 60)]
        return any(np.abs(np.subtract(one, ring)).max() < 40 for one in found)

    assert not ringed(before)
    assert ringed(after)
    assert view.status.text() == "O 50 at 12.0000 0.0000 0.0000 Å"


def test_that_a_selection_follows_its_atoms_when_the_file_reorders_them(view: AtomsView) -> None:
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([50, 60])), "Select 2 atoms")
    view.store.flush()
    assert "distance 6.0000 Å" in view.status.text()  # through the periodic boundary
    reordered = with_read(changes.show_frame(view.store.state, 2), RUN[2])
    view.store.commit(lambda _: reordered, "Show frame 2")
    view.store.flush()
    shown = view.canvas.panes[0].frame
    assert shown is RUN[2]
    assert view._masks[0].tolist() == np.isin(shown.ids, [50, 60]).tolist()


def test_that_a_selection_writes_marks_and_a_frame_positions(view: AtomsView) -> None:
    atoms = view.canvas.panes[0].atoms
    shown_image(view)

    def writes() -> tuple[int, ...]:
        shown_image(view)
        return tuple(b.writes for b in (atoms.positions, atoms.kinds, atoms.paint, atoms.marks))

    first = writes()
    view.store.commit(lambda s: changes.select(s, Space.ATOM, rows([10])), "Select")
    view.store.flush()
    second = writes()
    assert np.subtract(second, first).tolist() == [0, 0, 0, 1]
    view.store.commit(lambda s: with_read(changes.show_frame(s, 1), RUN[1]), "Frame")
    view.store.flush()
    assert np.subtract(writes(), second)[:2].tolist() == [1, 0]


def test_that_a_hidden_view_does_nothing_and_catches_up(view: AtomsView, qtbot: QtBot) -> None:
    view.hide()
    view.store.commit(lambda s: with_read(changes.show_frame(s, 1), RUN[1]), "Frame")
    view.store.flush()
    assert view.canvas.panes[0].frame is RUN[0]
    with qtbot.waitExposed(view):
        view.show()
    assert view.canvas.panes[0].frame is RUN[1]


def test_that_the_legend_says_what_the_colours_mean(view: AtomsView) -> None:
    assert view.legend.legend is not None
    assert [text for text, _ in view.legend.legend.rows] == ["Li  4", "O  2"]
    view.store.commit(lambda s: changes.colour_by(s, "forces"), "Colour")
    view.store.flush()
    assert view.legend.legend.caption == "forces (eV/Å)"
    assert view.legend.legend.ends == ("0", "25")
    view.store.commit(lambda s: changes.colour_by(s, "gone"), "Colour")
    view.store.flush()
    assert view.legend.legend.caption == "no gone here: Species"


def test_that_an_empty_view_says_why(qtbot: QtBot) -> None:
    store = Store()
    view = AtomsView(store)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.attach()
    with qtbot.waitExposed(view):
        view.show()

    def says(change: Callable[[State], State]) -> str:
        store.commit(change, "Change")
        store.flush()
        return view.surface.words[0].missing or view.surface.words[0].badge

    assert view.surface.words[0].missing == NO_TRAJECTORY
    assert says(with_run) == "reading frame 1 of 3 ..."
    assert says(lambda s: with_read(s, RUN[0])) == ""
    assert says(lambda s: changes.show_frame(s, 1)) == "still frame 1: reading 2 ..."
    failed = frozen({"run.dump": Failure("line 7 is cut")})
    assert "line 7 is cut" in says(lambda s: s.with_moment(failed=failed))
    assert says(lambda s: with_read(s, frame(1, complete=False))) == "incomplete frame"
    view.detach()


def test_that_markup_in_names_stays_text(view: AtomsView) -> None:
    name = "<b>run</b>.dump"
    view.store.commit(lambda s: with_read(with_run(s, name), RUN[0], name), "Open")
    view.store.flush()
    assert view.surface.words[0].title.startswith(name)
    assert view.status.textFormat() == Qt.TextFormat.PlainText
    assert view.card.textFormat() == Qt.TextFormat.PlainText


def test_that_runs_of_selected_models_lie_side_by_side(
    view: AtomsView, monkeypatch: pytest.MonkeyPatch, chosen: Callable
) -> None:
    second = with_read(with_run(view.store.state, "b.dump"), RUN[1], "b.dump")
    both = second.document.inputs
    monkeypatch.setattr(changes, "shown_trajectories", lambda _state: both)
    view.store.commit(lambda _: second, "Open")
    view.store.flush()
    assert [pane.frame for pane in view.canvas.panes] == [RUN[0], RUN[1]]
    assert [words.title[:8] for words in view.surface.words] == ["run.dump", "b.dump ·"]
    click(view, pixel_of(view, 10, pane=0))
    assert view.store.state.selected(Space.ATOM, "run.dump").tolist() == [10]
    assert view.store.state.selected(Space.ATOM, "b.dump").tolist() == []


def test_that_undo_takes_back_a_selection_and_its_rings(view: AtomsView) -> None:
    before = shown_image(view)
    click(view, pixel_of(view, 50))
    view.store.flush()
    assert shown_image(view) != before
    view.store.undo()
    view.store.flush()
    assert shown_image(view) == before


def test_that_a_picture_is_saved_with_its_legend(view: AtomsView, tmp_path: Path) -> None:
    view.save_png(tmp_path / "atoms.png", 2.0)
    image = QImage(str(tmp_path / "atoms.png"))
    assert (image.width(), image.height()) == (2 * view.canvas.width(), 2 * view.canvas.height())
    with_legend = view.picture(1.0)
    view.toggle_legend()
    assert view.picture(1.0) != with_legend


@pytest.mark.parametrize("dark", [False, True])
def test_that_the_background_follows_the_theme(view: AtomsView, dark: bool) -> None:
    view.set_theme(dark)
    assert view.picture(1.0).pixelColor(3, 200).name() == view.canvas.theme.background
    assert view.canvas.theme.dark is dark
