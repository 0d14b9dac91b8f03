"""Panes side by side: common cameras and ranges, or their own; cameras as text."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.camera_text import camera_from, camera_text
from mlipviewer.session import colourings, time_changes
from mlipviewer.session.state import Colouring, State
from mlipviewer.session.store import Store
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.timeline.menus import own_ranges
from tests.views.atoms_made import drag, frame, store, view, with_read, with_run

__all__ = ["store", "view"]
pytestmark = pytest.mark.window


@pytest.fixture
def two(view: AtomsView, store: Store, qtbot: QtBot) -> AtomsView:
    """Two runs; energies of the second are ten times as large."""
    large = frame(0)
    columns = {**large.columns, "c_pe": large.columns["c_pe"] * 10}
    other = frame(0)
    object.__setattr__(other, "columns", MappingProxyType(columns))

    def beside(state: State) -> State:
        state = with_read(with_run(state, "other.dump", [other] * 3), other, "other.dump")
        return time_changes.show_beside(state, ("run.dump", "other.dump"))

    store.commit(beside, "Beside")
    store.flush()
    qtbot.waitUntil(lambda: len(view.canvas.panes) == 2 and view.canvas.complete)
    return view


def middle(view: AtomsView, pane: int) -> QPoint:
    left, top, width, height = view.canvas.rects()[pane]
    return QPoint(left + width // 2, top + height // 2)


def set_free(store: Store, wanted: bool) -> None:
    store.commit(lambda s: time_changes.set_comparison(s, free_cameras=wanted), "Free")
    store.flush()


def rotations(view: AtomsView) -> list[np.ndarray]:
    return [view.canvas.pane_camera(i).rotation for i in range(2)]


def test_that_panes_turn_together_until_each_has_its_camera(two: AtomsView, store: Store) -> None:
    drag(two, middle(two, 1), middle(two, 1) + QPoint(40, 0))
    first, second = rotations(two)
    assert np.allclose(first, second)
    set_free(store, True)
    drag(two, middle(two, 1), middle(two, 1) + QPoint(60, 30))
    left, right = rotations(two)
    assert np.allclose(left, first)
    assert not np.allclose(right, second, atol=0.1)
    crossing = middle(two, 0)
    drag(two, crossing, crossing + QPoint(two.canvas.rects()[1][0], 0))  # ends over the other
    assert np.allclose(rotations(two)[1], right)
    turned = rotations(two)[0]
    set_free(store, False)
    assert np.allclose(rotations(two)[0], rotations(two)[1])
    assert np.allclose(rotations(two)[0], turned)


def test_that_seeing_everything_makes_free_cameras_alike(two: AtomsView, store: Store) -> None:
    set_free(store, True)
    drag(two, middle(two, 0), middle(two, 0) + QPoint(60, 30))
    two.reset_view()
    assert np.allclose(*rotations(two))


def test_that_ranges_are_common_or_each_its_own(two: AtomsView, store: Store) -> None:
    def ends() -> list[tuple[float, float]]:
        paints = [pane.paint for pane in two.canvas.panes]
        return [(paint.low, paint.high) for paint in paints if paint is not None]

    store.commit(lambda s: colourings.colour_by(s, "c_pe"), "Colour")
    store.flush()
    assert ends() == [(0, 50), (0, 50)]
    store.commit(own_ranges(True), "Own")
    store.flush()
    assert ends() == [(0, 5), (0, 50)]
    legend = two.legend.legend
    assert legend is not None
    assert legend.ends == ("low", "high")
    assert "each its own range" in legend.caption
    store.commit(lambda s: colourings.colour_by(s, "forces"), "Colour")
    assert store.state.document.colouring == Colouring("forces", own=True)


def test_that_a_camera_goes_through_the_clipboard(two: AtomsView, store: Store) -> None:
    set_free(store, True)
    drag(two, middle(two, 1), middle(two, 1) + QPoint(50, 20))
    two.company._copy_camera()
    wanted = rotations(two)[1]
    drag(two, middle(two, 0), middle(two, 0) + QPoint(-30, 10))
    two.company._paste_camera()
    assert np.allclose(rotations(two)[0], wanted, atol=1e-6)
    QGuiApplication.clipboard().setText("Li 0 0 0")
    two.company._paste_camera()
    assert "no camera" in store.state.moment.notices[-1].text


def test_that_a_camera_as_text_is_the_same() -> None:
    camera = Camera(height=33.0, perspective=True).turned(0.7, -0.3).centred((1, 2, 3))
    again = camera_from(camera_text(camera))
    assert np.allclose(again.rotation, camera.rotation, atol=1e-7)
    assert np.allclose(again.centre, camera.centre)
    assert (again.height, again.perspective) == (33.0, True)


GOOD = camera_text(Camera())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "x" * 5000,
        GOOD.replace("[0.0, 0.0, 0.0]", "[0.0, NaN, 0.0]", 1),
        GOOD.replace("[1.0, 0.0, 0.0]", "[2.0, 0.0, 0.0]"),
        GOOD.replace("[1.0, 0.0, 0.0]", "[-1.0, 0.0, 0.0]"),
        GOOD.replace("10.0", "-1.0"),
        GOOD.replace("10.0", '"much"'),
    ],
)
def test_that_other_texts_are_no_camera(text: str) -> None:
    with pytest.raises(ValueError, match="camera"):
        camera_from(text)
