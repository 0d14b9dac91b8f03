"""The way of the camera along key views: at them exactly, evenly or eased between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.gui.scene.camera import Camera, turn
from mlipviewer.gui.scene.camera_path import CameraPath, between
from mlipviewer.gui.scene.camera_text import camera_text
from mlipviewer.session.key_views import KeyView

FRONT = Camera(height=10.0)
SIDE = replace(FRONT, height=40.0, perspective=True).looking_from((1, 0, 0), (0, 0, 1))
SIDE = SIDE.centred((2.0, 0.0, 4.0))


def path(eases: bool = False) -> CameraPath:
    keys = [
        KeyView(1.0, 0, camera_text(FRONT), eases),
        KeyView(3.0, 10, camera_text(SIDE), eases),
        KeyView(3.5, 10, camera_text(FRONT), eases),
    ]
    return CameraPath(keys)


def test_that_key_views_are_met_exactly() -> None:
    way = path(eases=True)
    assert way.seconds == 2.5
    assert way.n_pictures(30) == 76
    for seconds, camera, frame in (
        (0.0, FRONT, 0),
        (2.0, SIDE, 10),
        (2.5, FRONT, 10),
        (9, FRONT, 10),
    ):
        seen, shown = way.at(seconds)
        assert np.allclose(seen.rotation, camera.rotation, atol=1e-8)
        assert np.allclose(seen.centre, camera.centre)
        assert seen.height == pytest.approx(camera.height)
        assert shown == frame


def test_that_half_the_way_is_half_the_turn() -> None:
    seen, frame = path().at(1.0)
    whole = FRONT.rotation @ SIDE.rotation.T
    half = FRONT.rotation @ seen.rotation.T
    angle = [np.arccos((np.trace(one) - 1) / 2) for one in (whole, half)]
    assert angle[1] == pytest.approx(angle[0] / 2)
    assert np.allclose(half @ half, whole, atol=1e-7)
    assert seen.height == pytest.approx(20.0), "in proportion"
    assert frame == 5


def test_that_the_camera_eases_where_it_is_wanted() -> None:
    even, eased = path(), path(eases=True)
    near = [abs(way.at(0.1)[0].height - 10.0) for way in (even, eased)]
    assert near[1] < 0.3 * near[0]
    assert eased.at(1.0)[0].height == pytest.approx(20.0), "the middle is the middle"
    heights = [eased.at(t)[0].height for t in np.linspace(0, 2, 50)]
    assert (np.diff(heights) >= 0).all()


@given(st.floats(-3.1, 3.1), st.floats(0, 1))
def test_that_between_two_cameras_is_a_camera(angle: float, share: float) -> None:
    other = replace(FRONT, rotation=turn((0.6, 0.0, 0.8), angle) @ FRONT.rotation)
    seen = between(FRONT, other, share)
    assert np.allclose(seen.rotation @ seen.rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(seen.rotation) == pytest.approx(1)
    assert np.allclose(seen.rotation, turn((0.6, 0.0, 0.8), share * angle), atol=1e-6)


def test_that_one_key_view_is_no_way() -> None:
    with pytest.raises(ValueError, match="two key views"):
        CameraPath([KeyView(0, 0, camera_text(FRONT))])
    with pytest.raises(ValueError, match="no camera"):
        CameraPath([KeyView(0, 0, "{}"), KeyView(1, 0, "{}")])


def test_that_key_views_of_one_moment_do_not_divide_by_zero() -> None:
    keys = [KeyView(0.0, 0, camera_text(FRONT)), KeyView(0.0, 3, camera_text(SIDE))]
    assert CameraPath(keys).at(0.0)[1] == 3
