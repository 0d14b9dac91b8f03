"""The camera's geometry, without OpenGL."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.gui.scene.camera import Camera

SIZE = (800.0, 500.0)
SMALL = st.floats(-400, 400)


@pytest.fixture(params=[False, True], ids=["orthographic", "perspective"])
def camera(request: pytest.FixtureRequest) -> Camera:
    return Camera(perspective=request.param).turned(0.4, -0.3).fitted((0, 0, 0), (9, 7, 20), SIZE)


def test_that_the_centre_is_in_the_middle_of_the_pane(camera: Camera) -> None:
    assert np.allclose(camera.project(camera.centre, SIZE), [400, 250, 0])


def test_that_x_goes_right_and_y_up() -> None:
    x, y = Camera(height=5.0).project([[1, 0, 0], [0, 1, 0]], SIZE)[:, :2]
    assert np.allclose(x, [500, 250])
    assert np.allclose(y, [400, 150])


def test_that_matrices_agree_with_project(camera: Camera) -> None:
    points = np.random.default_rng(1).uniform(0, 7, (50, 3))
    offset = np.array([3.0, 2.0, 1.0])
    near, far = camera.depths((4.5, 3.5, 10), 15)
    matrix = camera.projection_matrix(SIZE, near, far) @ camera.view_matrix(offset)
    clip = np.c_[points - offset, np.ones(50)] @ matrix.T
    ndc = clip[:, :3] / clip[:, 3:]
    pixels = np.c_[(ndc[:, 0] + 1) * 400, (1 - ndc[:, 1]) * 250]
    seen = camera.project(points, SIZE)
    assert np.allclose(pixels, seen[:, :2])
    assert np.abs(ndc).max() < 1
    order = np.argsort(seen[:, 2])
    assert (np.diff(ndc[order, 2]) < 0).all()  # nearer to the viewer: smaller depth


def test_that_the_depth_range_maps_to_the_clip_cube(camera: Camera) -> None:
    near, far = camera.depths(camera.centre, 5.0)
    matrix = camera.projection_matrix(SIZE, near, far)
    for z, depth in ((near, -1), (far, 1)):
        clip = matrix @ [0, 0, z, 1]
        assert clip[2] / clip[3] == pytest.approx(depth)


def test_that_a_fitted_box_is_seen_whole(camera: Camera) -> None:
    corners = [[x, y, z] for x in (0, 9) for y in (0, 7) for z in (0, 20)]
    for size in (SIZE, (200.0, 900.0)):
        pixels = camera.fitted((0, 0, 0), (9, 7, 20), size).project(corners, size)
        assert (pixels[:, :2] >= 0).all()
        assert (pixels[:, :2] <= size).all()


def test_that_panning_moves_the_centre_by_the_drag(camera: Camera) -> None:
    moved = camera.panned(30, -20, SIZE).project(camera.centre, SIZE)
    assert np.allclose(moved[:2], [430, 230])


@given(x=SMALL, y=SMALL, factor=st.floats(0.2, 5))
def test_that_zooming_keeps_what_is_under_the_cursor(x: float, y: float, factor: float) -> None:
    for camera in (Camera(height=7), Camera(height=7, perspective=True)):
        at = (400 + x, 250 + y)
        point = camera.centre + np.array([x, -y, 0]) / camera.scale(SIZE) @ camera.rotation
        zoomed = camera.zoomed(factor, at, SIZE)
        assert np.allclose(zoomed.project(point, SIZE)[:2], at)
        assert zoomed.height == pytest.approx(7 / factor)


@given(st.lists(st.tuples(SMALL, SMALL), max_size=30))
def test_that_many_turns_keep_a_rotation(drags: list[tuple[float, float]]) -> None:
    camera = Camera()
    for dx, dy in drags:
        camera = camera.orbited(dx, dy, SIZE)
    assert np.allclose(camera.rotation @ camera.rotation.T, np.eye(3))
    assert np.linalg.det(camera.rotation) == pytest.approx(1)


def test_that_the_near_side_follows_the_mouse() -> None:
    near_point = [0, 0, 1.0]
    x, y, _ = Camera(height=10).orbited(20, 10, SIZE).project(near_point, SIZE)
    assert x > 400
    assert y > 250


def test_that_one_can_look_from_anywhere() -> None:
    seen = Camera(height=10).looking_from((0, 2, 0), up=(0, 0, 1))
    x, y, z = seen.rotation
    assert np.allclose([x, y, z], [[-1, 0, 0], [0, 0, 1], [0, 1, 0]])
    same = Camera().looking_from((0, 0, 3), up=(0, 0, 1)).rotation
    assert np.allclose(same @ same.T, np.eye(3))


def test_that_without_perspective_depth_does_not_shrink() -> None:
    assert Camera().shrink(5.0) == 1.0
    assert Camera(perspective=True, height=10).shrink(5.0) < 1.0
