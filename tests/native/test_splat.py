"""Pictures made without a graphics card."""

import numpy as np
import pytest

from mlipviewer.native.splat import Balls, Seen, Tints, draw_balls

NO_RINGS = np.empty(0, np.int32)
WHITE, GREY, RING, EDGE, HOVER = (255,) * 3, (150,) * 3, (214, 0, 108), (1, 2, 3), (0, 0, 250)


def view(inverse_distance: float = 0.0) -> np.ndarray:
    return np.concatenate([np.eye(3).ravel(), np.zeros(3), [inverse_distance, 0.0]])


def balls(*positions: tuple[float, float, float], marks: list[int] | None = None) -> Balls:
    n = len(positions)
    radii = np.ones(256, np.float32)
    return Balls(
        np.array(positions, np.float32).reshape(n, 3),
        np.zeros(n, np.uint8),
        radii,
        np.array(marks or [0] * n, np.uint8),
    )


def tints(*classes: int) -> Tints:
    table = np.zeros((256, 3), np.uint8)
    table[:3] = [(200, 0, 0), (0, 200, 0), (0, 0, 200)]
    data = np.array(classes, np.uint8)
    return Tints(data, table, 1.0, 0.0, GREY, WHITE, RING, EDGE, HOVER)


def draw(one: Balls, colours: Tints, rings: np.ndarray = NO_RINGS, **more: object) -> np.ndarray:
    seen = {"view": view(), "scale": 10.0, "halo": 4.0, "width": 60, "height": 40, **more}
    return draw_balls(one, colours, Seen(**seen), rings)[..., :3].astype(int)  # type: ignore[arg-type]


def hue(pixel: np.ndarray) -> int:
    return int(np.argmax(pixel))


def test_that_a_ball_is_a_lit_disc_on_the_background() -> None:
    picture = draw(balls((0, 0, 0)), tints(1))
    disc = (picture != 255).any(axis=2)
    assert disc.sum() == pytest.approx(np.pi * 100, rel=0.03)
    assert hue(picture[20, 30]) == 1
    assert picture[16, 27].sum() > picture[25, 34].sum()  # lit from the upper left


def test_that_the_nearer_ball_hides_the_farther_and_y_is_up() -> None:
    picture = draw(balls((0, 0, 1), (0, 0, 3), (0, 0, 2), (0, 1.5, 0)), tints(0, 1, 2, 0))
    assert hue(picture[20, 30]) == 1
    assert hue(picture[3, 30]) == 0


def test_that_balls_meet_where_their_surfaces_do() -> None:
    picture = draw(balls((-0.5, 0, 0), (0.5, 0, 0.2)), tints(0, 1))
    assert hue(picture[20, 24]) == 0
    assert hue(picture[20, 36]) == 1


def test_that_perspective_shrinks_what_is_far_and_drops_what_is_behind_the_eye() -> None:
    def area(z: float) -> int:
        picture = draw(balls((0, 0, z)), tints(0), view=view(0.1))
        return int((picture != 255).any(axis=2).sum())

    assert area(-10) == pytest.approx(area(0) / 4, rel=0.1)
    assert area(9.9) == area(10) == area(500) == 0


def test_that_values_and_missing_values_have_their_colours() -> None:
    table = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    data = np.array([-1, 1, 3e38], np.float32)
    colours = Tints(data, table, 127.5, 127.5, (0, 90, 0), WHITE, RING, EDGE, HOVER)
    picture = draw(balls((-2, 0, 0), (0, 0, 0), (2, 0, 0)), colours)
    assert picture[20, 10].max() < 80
    assert picture[20, 30].min() > 200
    assert hue(picture[20, 50]) == 1


def test_that_marked_balls_have_rings_and_hidden_ones_show_theirs() -> None:
    marked = balls((0, 0, 0), (2, 0, 0), marks=[2, 1])
    picture = draw(marked, tints(0, 0))
    assert (picture == RING).all(axis=2).sum() > 30
    assert (picture == HOVER).all(axis=2).sum() > 30
    behind = balls((0, 0, 0), (0.9, 0, 5), marks=[2, 0])
    without = draw(behind, tints(0, 1))
    with_ring = draw(behind, tints(0, 1), np.array([0], np.int32))
    assert (without != with_ring).any(axis=2).sum() > 30


def test_that_lines_are_hidden_by_balls() -> None:
    ends = np.array([[-3, 0, 0], [3, 0, 0]], np.float32)
    picture = draw(balls((0, 0, 0)), tints(0), ends=ends, line_colour=(9, 9, 9))
    assert picture[20, 5].tolist() == [9, 9, 9]
    assert hue(picture[20, 30]) == 0


@pytest.mark.parametrize("place", [np.nan, np.inf, -np.inf, 1e30, 1e-30])
def test_that_odd_places_do_no_harm(place: float) -> None:
    odd = balls((place, 0, 0), (0, place, 0), (0, 0, place), marks=[2, 3, 1])
    rings = np.arange(3, dtype=np.int32)
    for eye in (0.0, 0.1):
        assert draw(odd, tints(0, 1, 2), rings, view=view(eye)).shape == (40, 60, 3)


def test_that_huge_balls_and_scales_do_no_harm() -> None:
    for scale in (1e-20, 1e9, 1e30):
        assert draw(balls((0, 0, 0), (1, 1, 1)), tints(0, 1), scale=scale).shape == (40, 60, 3)


def test_that_no_atoms_are_an_empty_picture() -> None:
    assert (draw(balls(), tints()) == 255).all()


def test_that_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="colours for"):
        draw(balls((0, 0, 0)), tints(0, 1))
    with pytest.raises(ValueError, match="contiguous"):
        Balls(
            np.zeros((2, 3)), np.zeros(2, np.uint8), np.ones(256, np.float32), np.zeros(2, np.uint8)
        )  # type: ignore[arg-type]
