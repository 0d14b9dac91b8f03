"""The slice in the scene: its outline, and the handle that drags it."""

import atoms_made
import numpy as np
import pytest
from atoms_made import LEFT
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from mlipviewer.session.look_changes import look_at
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.slice_handle import plane_outline

store, view = atoms_made.store, atoms_made.view  # fixtures
BOX = (np.zeros(3), np.array([4.0, 6.0, 8.0]))


@pytest.mark.parametrize("seed", range(20))
def test_that_the_outline_lies_in_the_plane_and_on_the_box(seed: int) -> None:
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=3)
    normal /= np.linalg.norm(normal)
    distance = float(rng.uniform(0.3, 0.7, 3) * BOX[1] @ normal)
    places = plane_outline(normal, distance, BOX)
    assert 3 <= len(places) <= 6
    assert places @ normal == pytest.approx(distance)
    on_side = np.isclose(places, BOX[0]) | np.isclose(places, BOX[1])
    assert (on_side.sum(axis=1) >= 2).all()  # on an edge of the box
    # convex and in order: all turns go the same way
    steps = np.roll(places, -1, axis=0) - places
    turns = np.cross(steps, np.roll(steps, -1, axis=0)) @ normal
    assert (turns > -1e-9).all() or (turns < 1e-9).all()


def test_that_a_plane_across_z_is_the_whole_side() -> None:
    places = plane_outline(np.array([0.0, 0, 1]), 2.0, BOX)
    assert {tuple(place) for place in places.tolist()} == {
        (0, 0, 2),
        (4, 0, 2),
        (4, 6, 2),
        (0, 6, 2),
    }
    assert len(plane_outline(np.array([0.0, 0, 1]), 9.0, BOX)) == 0


@pytest.mark.window
@pytest.mark.parametrize("normal", [(1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0)])
def test_that_the_handle_drags_the_plane_in_one_step(
    view: AtomsView, normal: tuple[float, float, float]
) -> None:
    bare = view.surface.grab().toImage()
    view.store.commit(lambda s: look_at(s, "slice", on=True, normal=normal), "Slice")
    view.store.flush()
    handle = view.dressing.handles.handles[0]
    assert handle.isVisible()
    assert view.surface.grab().toImage() != bare
    assert view.store.state.document.looks.slice.position == 0.5
    where, step = handle.pos(), handle.step
    drag = QPoint(round(step.x() / 4), round(step.y() / 4))
    start = QPoint(8, 8)
    at = handle.mapToGlobal(start)
    QTest.mousePress(handle, LEFT, pos=start)
    for part in (0.5, 1.0):
        goal = at + QPoint(round(drag.x() * part), round(drag.y() * part))
        QTest.mouseMove(handle, handle.mapFromGlobal(goal))
        view.store.flush()
    QTest.mouseRelease(handle, LEFT, pos=start)
    view.store.flush()
    assert view.store.state.document.looks.slice.position == pytest.approx(0.75, abs=0.02)
    moved = handle.pos() - where
    if normal[2] == 0:  # across the view the handle goes along with the mouse
        assert (moved - drag).manhattanLength() <= 3
    view.store.undo()
    view.store.flush()
    assert view.store.state.document.looks.slice.position == 0.5
    assert view.store.state.document.looks.slice.on
    assert handle.pos() == where
    picture = view.picture(1.0)
    view.store.commit(lambda s: look_at(s, "slice", on=False), "No slice")
    view.store.flush()
    assert not handle.isVisible()
    assert not view.surface.outlines[0]
    assert picture.size() == view.picture(1.0).size()
