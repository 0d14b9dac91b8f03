"""Measurements have the values that geometry says."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import molecule

from mlipviewer.core.measuring import (
    Measure,
    Measurement,
    measures_of,
    path_of,
    plane,
    rows_of_ids,
    value,
    value_words,
)
from mlipviewer.core.trajectory import Frame

BOX = np.eye(3) * 10


def frame(positions: object, pbc: bool = True, ids: object = None) -> Frame:
    places = np.array(positions, float)
    return Frame(
        0, places, np.full(len(places), 6), BOX.copy(), (pbc,) * 3,
        ids=None if ids is None else np.array(ids),
    )  # fmt: skip


def test_that_the_angle_of_water_is_that_of_ase() -> None:
    water = molecule("H2O")
    found = Frame(0, water.positions.copy(), water.numbers.copy())
    assert value(found, Measure.ANGLE, (1, 0, 2)) == pytest.approx(water.get_angle(1, 0, 2))
    assert value(found, Measure.ANGLE, (1, 0, 2)) == pytest.approx(103.9999, abs=1e-3)


def test_that_periodic_images_count_unless_they_are_turned_off() -> None:
    across = frame([[0.5, 0, 0], [9.5, 0, 0], [9.5, 2, 0], [9.5, 2, 3]])
    atoms = Atoms("C4", across.positions, cell=BOX, pbc=True)
    assert value(across, Measure.DISTANCE, (0, 1)) == pytest.approx(1)
    assert value(across, Measure.DISTANCE, (0, 1), periodic=False) == pytest.approx(9)
    assert value(across, Measure.ANGLE, (0, 1, 2)) == pytest.approx(90)
    expected = atoms.get_dihedral(0, 1, 2, 3, mic=True)
    assert value(across, Measure.DIHEDRAL, (0, 1, 2, 3)) % 360 == pytest.approx(expected)
    assert value(across, Measure.COORDINATION, (0,), cutoff=1.2) == 1
    assert value(across, Measure.COORDINATION, (0,), cutoff=1.2, periodic=False) == 0
    assert value(across, Measure.COORDINATION, (0, 1, 2), cutoff=2.1) == pytest.approx(4 / 3)


def test_that_a_plane_fits_across_the_wall_of_the_cell() -> None:
    height = 0.25
    ring = frame([[9.5, 9.5, 5], [0.5, 9.5, 5 + height], [0.5, 0.5, 5], [9.5, 0.5, 5 + height]])
    assert value(ring, Measure.PLANE, (0, 1, 2, 3)) == pytest.approx(height / 2)
    centre, normal, _ = plane(np.array([[0, 0, 2.0], [1, 0, 2], [0, 1, 2]]))
    assert np.abs(normal) == pytest.approx([0, 0, 1])
    assert centre == pytest.approx([1 / 3, 1 / 3, 2])


def test_that_missing_atoms_have_no_value() -> None:
    gone = frame([[0, 0, 0], [np.nan, 0, 0]], ids=[7, 5])
    assert rows_of_ids(gone, (5, 7, 6)).tolist() == [1, 0, -1]
    assert rows_of_ids(frame([[0, 0, 0]]), (0, 1, -1)).tolist() == [0, -1, -1]
    for rows in ((0, -1), (0, 1), ()):
        assert np.isnan(value(gone, Measure.DISTANCE, rows))
    measured = Measurement(1, "run", Measure.DISTANCE, (7, 6), "d", "#000000")
    assert path_of(measured, gone) is None


def test_that_the_drawn_line_goes_to_the_nearest_image() -> None:
    across = frame([[0.5, 0, 0], [9.5, 0, 0]], ids=[4, 2])
    measured = Measurement(1, "run", Measure.DISTANCE, (4, 2), "d", "#000000")
    found = path_of(measured, across)
    assert found is not None
    assert found.tolist() == [[0.5, 0, 0], [-0.5, 0, 0]]


def test_that_the_usual_measure_of_a_number_of_atoms_comes_first() -> None:
    assert [measures_of(n)[0] for n in (1, 2, 3, 4, 5)] == [
        Measure.COORDINATION,
        Measure.DISTANCE,
        Measure.ANGLE,
        Measure.DIHEDRAL,
        Measure.COORDINATION,
    ]
    assert measures_of(0) == ()
    assert Measure.PLANE in measures_of(3)


def test_that_values_are_written_with_their_units() -> None:
    words = [value_words(kind, 12.34567) for kind in Measure]
    assert words == ["12.3457 Å", "12.35°", "12.35°", "12.35", "12.3457 Å"]
    assert value_words(Measure.ANGLE, float("nan")) == "–"
