"""What results show among the atoms: balls, sticks and bodies as rods and faces; what is picked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.scenery import Scenery
from mlipviewer.gui.colours import categorical
from mlipviewer.gui.scene.camera import Camera
from mlipviewer.gui.scene.sceneries import (
    ALL_SHOWN,
    BALL,
    CHOSEN_BALL,
    HOVERED_BALL,
    SLICES,
    Staged,
    staged_solids,
    thing_at,
)

MARK = (255, 0, 200)
CUBE = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)


@dataclass(frozen=True)
class Shifts:
    """Where the shown cells are."""

    shifts: Any


ONE = Shifts(np.zeros((1, 3)))


def scenery(n: int = 3) -> Scenery:
    """Things in a row along x, 4 A apart, a cube around each, sticks between neighbours."""
    places = np.arange(n)[:, None] * np.array([4.0, 0, 0])
    ends = np.column_stack((np.arange(n - 1), np.arange(1, n)))
    return Scenery(
        frame=0,
        space=Space.POLYHEDRON,
        places=places,
        group=np.arange(n) % 3,
        bodies=tuple(CUBE + place for place in places),
        sticks=places[ends],
        ends=ends,
        stick_group=np.full(n - 1, 5),
        stick_radius=np.full(n - 1, 0.1),
        atoms=tuple(np.array([i, i + 10]) for i in range(n)),
    )


def staged(n: int = 3, chosen: tuple[int, ...] = ()) -> Staged:
    mask = np.zeros(n, bool)
    mask[list(chosen)] = True
    return Staged(scenery(n), mask, MARK)


def test_that_each_thing_has_a_ball_a_body_and_its_sticks() -> None:
    faces, rods = staged_solids(staged(), ONE, np.zeros(3))  # type: ignore[arg-type]
    assert faces.n == 3 * 12
    assert rods.n == 3 * SLICES + 2 + 3 * 12  # balls, sticks, the edges of cubes
    assert rods.radii.max() == pytest.approx(BALL)
    assert {tuple(t) for t in faces.tints.tolist()} == {categorical(i) for i in range(3)}


def test_that_a_ball_is_as_round_as_its_slices_allow() -> None:
    _, rods = staged_solids(staged(1), ONE, np.zeros(3))  # type: ignore[arg-type]
    start, end = rods.ends[:SLICES, :3], rods.ends[:SLICES, 3:]
    for at, radius in ((start, rods.radii[:SLICES, 0]), (end, rods.radii[:SLICES, 1])):
        assert np.hypot(at[:, 2], radius) == pytest.approx(np.full(SLICES, BALL), abs=1e-5)


def test_that_chosen_things_are_marked_and_alone_have_bodies() -> None:
    faces, rods = staged_solids(staged(chosen=(1,)), ONE, np.zeros(3))  # type: ignore[arg-type]
    assert faces.n == 12
    corners = faces.corners.reshape(-1, 3)
    assert corners.mean(axis=0) == pytest.approx([4, 0, 0], abs=1e-5)
    assert rods.radii.max() == pytest.approx(CHOSEN_BALL)
    assert MARK in {tuple(tint) for tint in rods.tints.tolist()}


def test_that_many_things_show_bodies_only_when_chosen() -> None:
    n = ALL_SHOWN + 1
    assert staged_solids(staged(n), ONE, np.zeros(3))[0].n == 0  # type: ignore[arg-type]
    assert staged_solids(staged(n, (0, 5)), ONE, np.zeros(3))[0].n == 24  # type: ignore[arg-type]


def test_that_every_shown_cell_has_them_counted_from_home() -> None:
    cells = Shifts(np.array([[0.0, 0, 0], [0, 20, 0]]))
    home = np.array([1.0, 2, 3])
    one, both = (
        staged_solids(staged(), how, home)  # type: ignore[arg-type]
        for how in (ONE, cells)
    )
    assert both[0].n == 2 * one[0].n
    assert both[1].n == 2 * one[1].n
    moved = both[0].corners[one[0].n :] - one[0].corners
    assert moved.reshape(-1, 3) == pytest.approx(np.tile([0, 20, 0], (3 * one[0].n, 1)), abs=1e-5)
    assert one[1].ends[0, :2] == pytest.approx([-1, -2], abs=1e-5)


def test_that_nothing_is_shown_of_nothing() -> None:
    none = scenery(1)
    empty = replace(
        none,
        places=none.places[:0],
        group=none.group[:0],
        bodies=(),
        sticks=np.empty((0, 2, 3)),
        atoms=(),
    )
    made = Staged(empty, np.zeros(0, bool), MARK)
    faces, rods = staged_solids(made, ONE, np.zeros(3))  # type: ignore[arg-type]
    assert (faces.n, rods.n) == (0, 0)
    assert thing_at(made, Camera(), (200, 200), (100, 100)) is None


def test_that_the_nearest_thing_at_a_pixel_is_picked() -> None:
    camera, size = Camera().fitted([-2, -2, -2], [10, 2, 2], (300.0, 200.0)), (300.0, 200.0)
    seen = staged()
    for row, place in enumerate(seen.scenery.places):
        x, y, z = camera.project(place, size)
        found = thing_at(seen, camera, size, (x, y))
        assert found is not None
        assert found[0] == row
        assert found[1] == pytest.approx(z + BALL, abs=1e-5)
    assert thing_at(seen, camera, size, (2.0, 2.0)) is None
    along = camera.looking_from((1, 0, 0), (0, 0, 1)).fitted([-2, -2, -2], [10, 2, 2], size)
    x, y, _ = along.project(seen.scenery.places[0], size)
    front = thing_at(seen, along, size, (x, y))
    assert front is not None
    assert front[0] == 2  # the others lie behind it


def test_that_atoms_of_chosen_things_are_theirs() -> None:
    assert scenery().atoms_of(np.array([0, 2], np.int32)).tolist() == [0, 2, 10, 12]
    assert scenery().atoms_of(np.array([7], np.int32)).tolist() == []


def test_that_the_same_scenery_is_not_made_twice() -> None:
    one = staged()
    assert one.same_as(replace(one, chosen=one.chosen.copy()))
    assert not one.same_as(None)
    assert one.same_as(staged()) is False  # another scenery, though alike
    assert not one.same_as(replace(one, hovered=1))
    assert replace(one, hovered=1).radii.tolist() == pytest.approx([BALL, HOVERED_BALL, BALL])
    assert not one.same_as(replace(one, chosen=~one.chosen))
