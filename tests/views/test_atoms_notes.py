"""Text, scale bar and the length of arrows over the atoms; arrows from any frame; gestures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType

import atoms_made
import numpy as np
import pytest
from atoms_made import LEFT, RUN, with_read
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from mlipviewer.core.timing import Clock, Temperature
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import changes, colourings
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.look_changes import look, look_at
from mlipviewer.session.looks import ClassLook, Looks
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.notes import bar_note, round_below
from mlipviewer.views.atoms.panels import read_direction, write_direction
from mlipviewer.views.atoms.settings import Settings

pytestmark = pytest.mark.window
store, view = atoms_made.store, atoms_made.view  # fixtures
SHOW = 2


@pytest.fixture
def page(view: AtomsView) -> Iterator[Callable[[str], Settings]]:
    popover = view.dressing.popovers[SHOW]

    def opened(name: str) -> Settings:
        QTest.mouseClick(popover, LEFT)
        QTest.qWaitForWindowExposed(popover.frame)
        found: Settings = getattr(view.dressing.show, name)
        view.dressing.show.setCurrentWidget(found)
        return found

    yield opened
    popover.frame.hide()


def tick(page: Settings, path: str) -> None:
    box = page.editors[path]
    assert isinstance(box, QCheckBox)
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def looks(view: AtomsView) -> Looks:
    view.store.flush()
    return view.store.state.document.looks


def differs(one: QImage, other: QImage, place: QPoint, size: tuple[int, int]) -> bool:
    rect = (place.x(), place.y(), *size)
    return one.copy(*rect) != other.copy(*rect)


def test_that_text_follows_the_frames_and_is_in_pictures(
    view: AtomsView, page: Callable[[str], Settings]
) -> None:
    bare = view.picture(1.0)
    labels = page("labels")
    tick(labels, "text.shown")
    line = labels.editors["text.form"]
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "step {frame:03d} {T:.0f} K {nothing}")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert looks(view).text.form == "step {frame:03d} {T:.0f} K {nothing}"
    sticker = view.dressing.stickers.of("text")
    assert sticker.note is not None
    assert sticker.note.text == "step 001 ? K ?"
    size = (sticker.width(), sticker.height())
    assert differs(view.picture(1.0), bare, sticker.pos(), size)
    line.selectAll()
    QTest.keyClicks(line, "{frame")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert looks(view).text.form.startswith("step")  # what cannot be read is not taken
    view.store.commit(lambda s: with_read(s, RUN[1]), "Frame")
    view.store.flush()
    assert sticker.note.text == "step 002 ? K ?"
    tick(labels, "text.shown")
    looks(view)
    assert sticker.isHidden()


def test_that_time_and_temperature_are_those_of_the_run(qtbot: QtBot) -> None:
    run = replace(
        Trajectory.whole("run.dump", atoms_made.Frames(RUN)),
        clock=Clock(interval=0.5),
        temperature=Temperature(300.0),
    )
    state = changes.add_loaded(State(), Input("run.dump", "/run.dump", Kind.TRAJECTORY), run)
    view = AtomsView(Store(with_read(state, RUN[2])))
    qtbot.addWidget(view)
    view.attach()
    with qtbot.waitExposed(view):
        view.show()
    form = "{frame}/{frames} {time:.1f} ps {T:.0f} K {atoms} {name}"
    view.store.commit(lambda s: look_at(s, "text", shown=True, form=form), "Text")
    view.store.flush()
    note = view.dressing.stickers.of("text").note
    assert note is not None
    assert note.text == "3/3 1.0 ps 300 K 6 run.dump"
    view.detach()


@pytest.mark.parametrize("part", ["text", "scale_bar"])
def test_that_a_note_is_dragged_in_one_step_and_back(view: AtomsView, part: str) -> None:
    view.store.commit(lambda s: look_at(s, part, shown=True), "Show")
    view.store.flush()
    sticker = view.dressing.stickers.of(part)
    where, before = sticker.pos(), getattr(looks(view), part).place
    start = QPoint(5, 5)
    QTest.mousePress(sticker, LEFT, pos=start)
    for _ in range(3):
        QTest.mouseMove(sticker, start + QPoint(30, -40 if part == "scale_bar" else 40))
    QTest.mouseRelease(sticker, LEFT, pos=start)
    place = getattr(looks(view), part).place
    assert place != before
    assert sticker.pos() != where
    view.store.undo()
    view.store.flush()
    assert getattr(looks(view), part).place == before
    assert sticker.pos() == where


def test_that_the_scale_bar_is_as_long_as_it_says(view: AtomsView) -> None:
    view.store.commit(lambda s: look_at(s, "scale_bar", shown=True), "Show")
    view.store.flush()
    view.canvas.set_camera(replace(view.canvas.camera, height=24.0))
    sticker, height = view.dressing.stickers.of("scale_bar"), view.canvas.height()
    assert sticker.note is not None
    length = float(sticker.note.text.split()[0])
    assert sticker.note.text.endswith("\u00c5")
    assert sticker.note.length == pytest.approx(length * height / 24.0)
    # and so it is painted: a dark run of that many pixels in the lowest rows
    picture = view.picture(1.0)
    bottom = sticker.y() + sticker.height() - 8
    dark = [
        picture.pixelColor(x, bottom).lightness() < 110
        for x in range(sticker.x(), sticker.x() + sticker.width())
    ]
    assert sum(dark) == pytest.approx(sticker.note.length, abs=2)
    view.canvas.set_camera(replace(view.canvas.camera, height=2400.0))
    assert sticker.note.text.endswith("nm")


@pytest.mark.parametrize("scale", [0.003, 0.7, 1.0, 11.0, 400.0])
def test_that_bars_are_round_and_never_too_long(scale: float) -> None:
    note = bar_note(scale)
    assert 150 / 2.5 <= note.length <= 150.0001
    number, unit = note.text.split()
    assert float(number) * (10 if unit == "nm" else 1) * scale == pytest.approx(note.length)


def test_that_values_are_rounded_down() -> None:
    assert [round_below(x) for x in (0.03, 1.99, 2.0, 7.0, 450.0)] == [0.02, 1, 2, 5, 200]


def test_that_arrows_have_a_legend_of_their_length(view: AtomsView) -> None:
    view.store.commit(lambda s: look_at(s, "vectors", column="forces", scale=0.2), "Arrows")
    view.store.flush()
    sticker, height = view.dressing.stickers.of("vectors"), view.canvas.height()
    assert sticker.note is not None
    value, unit, what = sticker.note.text.split()
    assert (unit, what) == ("eV/\u00c5", "forces")
    per_unit = 0.2 * height / view.canvas.camera.height
    assert sticker.note.length == pytest.approx(float(value) * per_unit)
    view.store.commit(lambda s: look_at(s, "vectors", legend=False), "No legend")
    view.store.flush()
    assert sticker.isHidden()


def test_that_displacements_count_from_any_frame(
    view: AtomsView, page: Callable[[str], Settings]
) -> None:
    vectors = page("vectors")
    tick(vectors, "vectors.since")
    assert looks(view).vectors.since == 0
    number = view.dressing.show.vectors.frame
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "3")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert looks(view).vectors.since == 2
    QTest.mouseClick(view.dressing.show.vectors.here, LEFT)
    assert looks(view).vectors.since == view.store.state.frame == 0
    tick(vectors, "vectors.since")
    assert looks(view).vectors.since is None


def test_that_the_error_of_forces_needs_both_roles(
    view: AtomsView, page: Callable[[str], Settings]
) -> None:
    page("vectors")
    button = view.dressing.show.vectors.error
    assert not button.isEnabled()
    both = MappingProxyType({"forces": np.ones((6, 3)), "REF_forces": np.zeros((6, 3))})
    frame = replace(RUN[0], columns=both)
    run = replace(
        Trajectory.whole("two.xyz", atoms_made.Frames([frame])),
        roles=MappingProxyType({"forces": "forces", "reference forces": "REF_forces"}),
    )
    view.dressing.popovers[SHOW].frame.hide()
    loaded = Input("two.xyz", "/two.xyz", Kind.TRAJECTORY)
    view.store.commit(
        lambda s: with_read(changes.add_loaded(s, loaded, run), frame, "two.xyz"), "Open"
    )
    view.store.flush()
    page("vectors")
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)
    wish = looks(view).vectors
    assert (wish.column, wish.minus, wish.since) == ("forces", "REF_forces", None)


def test_that_images_have_labels_too(view: AtomsView) -> None:
    view.store.commit(lambda s: look(s, images=(2, 1, 1)), "Images")
    view.store.flush()
    bare = view.picture(1.0)
    view.store.commit(lambda s: look_at(s, "labels", what="id", size=12), "Labels")
    view.store.flush()
    labelled = view.picture(1.0)
    pane = view.canvas.panes[0]
    assert pane.how is not None
    for shift in pane.how.shifts:
        size = (view.canvas.width(), view.canvas.height())
        seen = view.canvas.pane_camera(0).project(pane.places + shift, size)
        for x, y, _ in seen:
            assert differs(labelled, bare, QPoint(round(x) - 9, round(y) - 8), (18, 16))


def gesture(view: AtomsView, kind: Qt.NativeGestureType, value: float, at: QPointF) -> None:
    device = QPointingDevice.primaryPointingDevice()
    scene = QPointF(view.surface.mapTo(view.window(), at.toPoint()))
    event = QNativeGestureEvent(
        kind, device, 2, at, scene, view.surface.mapToGlobal(at), value, QPointF()
    )
    QApplication.sendEvent(view.surface, event)


def test_that_two_fingers_zoom_roll_and_reset(view: AtomsView) -> None:
    at, kinds = QPointF(100, 80), Qt.NativeGestureType
    camera, size = view.canvas.camera, (view.canvas.width(), view.canvas.height())
    gesture(view, kinds.ZoomNativeGesture, 0.25, at)
    zoomed = view.canvas.camera
    assert zoomed.height == pytest.approx(camera.height / 1.25)
    place = np.array([1.0, 2.0, 0.0])
    before, after = camera.project(place, size), zoomed.project(place, size)
    fingers = np.array([100, 80])
    assert after[:2] - fingers == pytest.approx(1.25 * (before[:2] - fingers))
    gesture(view, kinds.RotateNativeGesture, 90.0, at)
    rolled = view.canvas.camera
    right = zoomed.rotation[0]  # what pointed right points down after a quarter clockwise
    assert rolled.rotation @ right == pytest.approx([0, -1, 0], abs=1e-9)
    gesture(view, kinds.SmartZoomNativeGesture, 1.0, at)
    assert view.canvas.camera.height != rolled.height


def test_that_opacity_is_typed_for_species_classes_and_the_selection(view: AtomsView) -> None:
    bare = view.picture(1.0)
    names = MappingProxyType({"phase": ("other", "bcc")})
    columns = MappingProxyType({"phase": np.array([0, 1, 1, 0, 0, 1])})
    frame = replace(RUN[0], columns=columns, classes=names)
    view.store.commit(lambda s: colourings.colour_by(with_read(s, frame), "phase"), "Colour")
    view.store.flush()
    QTest.mouseClick(view.dressing.popovers[1], LEFT)
    panel = view.dressing.style.species
    for key in (("", "Li"), ("phase", "bcc"), ("", "Selected atoms")):
        editor = panel.opacities[key]
        editor.setFocus()
        editor.selectAll()
        QTest.keyClicks(editor, editor.locale().toString(0.5))
        QTest.keyClick(editor, Qt.Key.Key_Return)
    now = looks(view)
    assert now.of_species("Li").opacity == 0.5
    assert now.of_class("phase", "bcc").opacity == 0.5
    assert now.selected_opacity == 0.5
    assert (view.canvas.panes[0].marks >> 3 & 7).tolist() == [4, 4, 4, 4, 4, 4]
    assert view.picture(1.0) != bare
    box = panel.tree.visualItemRect(panel.items["phase", "bcc"])
    QTest.mouseClick(panel.tree.viewport(), LEFT, pos=QPoint(box.left() + 10, box.center().y()))
    assert not looks(view).of_class("phase", "bcc").visible
    spheres = view.canvas.panes[0].spheres
    assert spheres is not None
    assert spheres.n == 3
    QTest.mouseClick(panel.reset, LEFT)
    assert (looks(view).species, looks(view).classes, looks(view).selected_opacity) == ((), (), 1)
    assert view.canvas.panes[0].marks.tolist() == [0] * 6
    view.dressing.popovers[1].frame.hide()


def test_that_a_class_has_the_colour_it_was_given(view: AtomsView) -> None:
    names = MappingProxyType({"phase": ("other", "bcc")})
    columns = MappingProxyType({"phase": np.array([0, 1, 1, 0, 0, 1])})
    frame = replace(RUN[0], columns=columns, classes=names)
    view.store.commit(lambda s: colourings.colour_by(with_read(s, frame), "phase"), "Colour")
    own = (ClassLook("phase", "bcc", colour=(1, 2, 250)),)
    view.store.commit(lambda s: look(s, classes=own), "Colour of bcc")
    view.store.flush()
    paint, legend = view.canvas.panes[0].paint, view.legend.legend
    assert paint is not None
    assert legend is not None
    assert paint.table[1].tolist() == [1, 2, 250]
    assert ("bcc  3", (1, 2, 250)) in legend.rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 -1 0", (1, -1, 0)),
        ("(110)", (1, 1, 0)),
        ("-111", (-1, 1, 1)),
        ("[0, 0.5, 1]", (0, 0.5, 1)),
        ("1 0 -1 2", (1, 0, 2)),
        ("(0001)", (0, 0, 1)),
    ],
)
def test_that_directions_are_read(text: str, found: tuple[float, ...]) -> None:
    assert read_direction(text) == found
    assert read_direction(write_direction(read_direction(text))) == found


@pytest.mark.parametrize("text", ["", "0 0 0", "1 1", "a b c", "1 1 1 1", "nan 0 1"])
def test_that_what_is_no_direction_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no direction"):
        read_direction(text)
