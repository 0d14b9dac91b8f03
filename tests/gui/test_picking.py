"""What lies under a pixel, in a rectangle, in a lasso."""

import numpy as np
import pytest

from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.arranging import arranged
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.picking import in_lasso, pick
from mlipviewer.gui.scene.spheres import Spheres, bounds, kinds_of
from mlipviewer.session.looks import Looks

SIZE = (600.0, 400.0)
OFFSET = np.array([1000.0, 0.0, -2000.0])


def spheres(*positions: tuple[float, float, float]) -> Spheres:
    frame = Frame(0, np.array(positions) + OFFSET, np.full(len(positions), 3))
    return arranged(frame, kinds_of(frame), Looks(), OFFSET).spheres


@pytest.fixture(params=[False, True], ids=["orthographic", "perspective"])
def camera(request: pytest.FixtureRequest) -> Camera:
    return Camera(height=20.0, perspective=request.param).centred(OFFSET)


def test_that_the_atom_in_front_is_picked(camera: Camera) -> None:
    atoms = spheres((0, 0, -3), (0, 0, 3), (0, 0, 0))
    assert pick(camera, atoms, SIZE, (300, 200)) == 1
    behind = camera.looking_from((0, 0, -1), up=(0, 1, 0))
    assert pick(behind, atoms, SIZE, (300, 200)) == 0


def test_that_each_atom_is_picked_at_its_projected_centre(camera: Camera) -> None:
    grid = [(x, y, 0.3 * x) for x in (-6, -2, 2, 6) for y in (-4, 0, 4)]
    atoms = spheres(*grid)
    for row, (x, y, _) in enumerate(camera.project(np.array(grid) + OFFSET, SIZE)):
        assert pick(camera, atoms, SIZE, (float(x), float(y))) == row


def test_that_the_background_is_no_atom(camera: Camera) -> None:
    assert pick(camera, spheres((0, 0, 0)), SIZE, (20, 20)) is None


def test_that_a_tiny_atom_can_be_hit_within_three_pixels() -> None:
    far_away = Camera(height=20_000.0).centred(OFFSET)
    assert pick(far_away, spheres((0, 0, 0)), SIZE, (302, 200)) == 0
    assert pick(far_away, spheres((0, 0, 0)), SIZE, (305, 200)) is None


def test_that_a_rectangle_holds_the_centres_inside(camera: Camera) -> None:
    atoms = spheres((-5, 0, 0), (0, 0, 0), (0, 0, -5), (5, 0, 0))
    corners = [(250, 150), (350, 150), (350, 250), (250, 250)]
    for outline in (corners, corners[::-1]):
        assert in_lasso(camera, atoms, SIZE, outline).tolist() == [False, True, True, False]


def test_that_a_lasso_follows_its_outline(camera: Camera) -> None:
    atoms = spheres((-5, 0, 0), (0, 0, 0), (5, 0, 0))
    around_the_ends = [(150, 100), (450, 100), (450, 300), (350, 300), (350, 150), (250, 150),
                       (250, 300), (150, 300)]  # fmt: skip
    assert in_lasso(camera, atoms, SIZE, around_the_ends).tolist() == [True, False, True]


def test_that_species_get_their_labels_colours_and_sizes() -> None:
    positions = np.zeros((4, 3))
    numbers = np.array([26, 8, 26, 0])
    labels = np.array(["Fe1", "O", "Fe2", "7"])
    labelled = kinds_of(Frame(0, positions.copy(), numbers, species=labels))
    assert [kind.name for kind in labelled.kinds] == ["Fe1", "O", "Fe2", "7"]
    assert [labelled.name(row) for row in range(4)] == ["Fe1", "O", "Fe2", "7"]
    plain = kinds_of(Frame(0, positions.copy(), numbers))
    assert {kind.name: kind.count for kind in plain.kinds} == {"X": 1, "O": 1, "Fe": 2}
    assert plain.radii[8] < plain.radii[26]


def test_that_bounds_hold_the_cell_and_leave_out_atoms_without_a_place() -> None:
    positions = np.array([[1.0, 1, 1], [np.nan, 0, 0]])
    low, high = bounds(Frame(0, positions, np.ones(2, int), np.eye(3) * 4))
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [4, 4, 4]
    low, high = bounds(Frame(0, np.empty((0, 3)), np.empty(0, int)))
    assert (low < high).all()
