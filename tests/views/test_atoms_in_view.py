"""Whether the atoms are in view: frames with other cells, cameras that look elsewhere, slices."""

from collections.abc import Callable
from dataclasses import replace

import atoms_made
import numpy as np
import pytest
from atoms_made import PLACES, RUN, shown_image, with_read

from mlipviewer.core.measuring import Measure, Measurement
from mlipviewer.core.trajectory import Frame
from mlipviewer.session import changes
from mlipviewer.session.look_changes import look, look_at
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.atoms.drawn import figures_of
from mlipviewer.views.atoms.pane_words import OUT_OF_SIGHT

store, view = atoms_made.store, atoms_made.view  # fixtures
pytestmark = pytest.mark.window


def in_cell(cell: list[float], places: np.ndarray = PLACES) -> Frame:
    return replace(RUN[1], positions=places.astype(float), cell=np.diag(cell))


@pytest.fixture
def read(view: AtomsView) -> Callable[[Frame], str]:
    """Show a frame; what then is amiss."""

    def shown(frame: Frame) -> str:
        view.store.commit(lambda s: with_read(changes.show_frame(s, 1), frame), "Frame")
        view.store.flush()
        return view.surface.words[0].badge

    return shown


def test_that_a_frame_with_another_cell_is_seen_whole(view: AtomsView, read: Callable) -> None:
    before = view.canvas.camera
    read(in_cell([19.0, 12.6, 10.5]))  # as cells do under pressure
    assert view.canvas.camera is before
    read(in_cell([18.0, 12, 10], PLACES + 30.0))  # atoms that move
    assert view.canvas.camera is before
    assert read(in_cell([60.0, 60, 10], PLACES * 4)) == ""
    assert view.canvas.camera.height > 3 * before.height
    assert read(in_cell([18.0, 12, 10])) == ""
    assert view.canvas.camera.height == pytest.approx(before.height)


def test_that_a_camera_that_someone_moved_stays_and_words_say_so(
    view: AtomsView, read: Callable
) -> None:
    view.canvas.set_camera(view.canvas.camera.panned(3, 0, (640, 480)))
    moved = view.canvas.camera
    assert read(in_cell([60.0, 60, 10], PLACES + 40)) == OUT_OF_SIGHT
    assert view.canvas.camera is moved
    view.reset_view()
    assert view.surface.words[0].badge == ""
    size = (view.canvas.width(), view.canvas.height())
    view.canvas.set_camera(view.canvas.camera.zoomed(40, (1, 1), size))
    assert view.surface.words[0].badge == OUT_OF_SIGHT
    view.looking.go_to(view.canvas.panes[0], view.canvas.panes[0].places[:1])
    assert view.surface.words[0].badge == ""  # one looks at an atom from near


@pytest.mark.parametrize(("position", "up", "thickness"), [(0.0, -1.0, 0.0), (1.0, 1.0, 0.5)])
def test_that_a_slice_that_leaves_nothing_shows_itself_and_the_cell(
    view: AtomsView, position: float, up: float, thickness: float
) -> None:
    cut = {"on": True, "normal": (0.0, 0, up), "position": position, "thickness": thickness}
    view.store.commit(lambda s: look_at(s, "slice", **cut), "Slice")
    view.store.flush()
    assert view.canvas.n_drawn == 0
    assert view.surface.words[0].badge == "all 6 cut away by the slice"
    assert view.surface.outlines[0] is not None
    with_cell = shown_image(view)
    view.store.commit(lambda s: look(s, cell=False), "Hide cell")
    view.store.flush()
    assert shown_image(view) != with_cell


def test_that_words_count_what_is_cut_away(view: AtomsView) -> None:
    def says(**cut: object) -> str:
        view.store.commit(lambda s: look_at(s, "slice", on=True, **cut), "Slice")
        view.store.flush()
        return view.surface.words[0].badge

    assert says(normal=(0, 1.0, 0), position=0.25) == "3 of 6 cut away by the slice"
    assert says(normal=(0, 1.0, 0), position=0.99) == ""
    view.store.commit(lambda s: look(s, clip=((0.0, 0.5), (0.0, 1.0), (0.0, 1.0))), "Clip")
    view.store.flush()
    assert view.surface.words[0].badge == "2 of 6 cut away by the slice and the box"
    view.store.commit(lambda s: look_at(s, "slice", on=False), "No slice")
    view.store.flush()
    assert view.surface.words[0].badge == "2 of 6 cut away by the box"


def test_that_dots_of_a_coordination_lie_on_the_atoms(view: AtomsView) -> None:
    """Also where the nearest image of an atom is beyond the cell."""
    measured = Measurement(1, "run.dump", Measure.COORDINATION, (60, 50), "1", "#000000")
    document = replace(view.store.state.document, measurements=(measured,))
    (figure,) = figures_of(replace(view.store.state, document=document), "run.dump", RUN[0])
    assert figure.places.tolist() == [[0, 0, 0], [12, 0, 0]]
