"""Measurements and paths along a run whose answers are known."""

import numpy as np
import pytest

from mlipviewer.analysis.atoms.measure import ANALYSIS as MEASURE
from mlipviewer.analysis.atoms.measure import MeasureParams
from mlipviewer.analysis.atoms.path import ANALYSIS as PATH
from mlipviewer.analysis.atoms.path import PathParams
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.plot import Bars, Line, Space
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory

BOX = 10.0


class Walk:
    """Atom 7 goes round the box at 0.5 A a frame along x and is wrapped; 5 stays, 9 turns about it.

    Each frame has its own order, and atom 9 is missing in frame 3.
    """

    path, format, n_frames, notes = "walk.dump", "memory", 30, ()

    def frame(self, index: int) -> Frame:
        turn = np.radians(12.0 * index)
        places = {
            7: [(1 + 0.5 * index) % BOX, 5, 5],
            5: [1, 5, 5],
            9: [1 + 2 * np.cos(turn), 5 + 2 * np.sin(turn), 5],
        }
        if index == 3:
            del places[9]
        ids = np.roll(np.array(list(places)), index)
        positions = np.array([places[one] for one in ids.tolist()], float)
        cell = np.eye(3) * BOX
        return Frame(index, positions, np.full(len(ids), 3), cell, (True,) * 3, ids=ids)

    def info(self, _index: int) -> dict[str, float]:
        return {}


WALK = Trajectory.whole("walk", Walk())


def measured(*atoms: int, **about: object) -> tuple:
    params = MeasureParams(**about)  # type: ignore[arg-type]
    inputs = Inputs(trajectory=WALK, atoms=rows(list(atoms)))
    return inputs, params, MEASURE.run(inputs, params, Progress())


def test_that_a_distance_by_nearest_images_goes_up_and_down() -> None:
    _, _, result = measured(5, 7)
    gone = 0.5 * np.arange(30)
    expected = np.minimum(gone % BOX, BOX - gone % BOX)
    assert np.allclose(result.arrays["value"], expected)
    assert result.summary["maximum"] == pytest.approx(5)
    assert result.tables["series"]["frame"] == list(range(30))
    assert sum(result.tables["histogram"]["count"]) == 30
    _, _, plain = measured(5, 7, periodic=False)
    assert plain.summary["maximum"] == pytest.approx(9 - 0.5)


def test_that_missing_atoms_leave_a_gap_and_are_noted() -> None:
    _, _, result = measured(5, 9)
    assert np.flatnonzero(np.isnan(result.arrays["value"])).tolist() == [3]
    assert result.summary["n_missing"] == 1
    assert result.summary["mean"] == pytest.approx(2)
    assert result.notes == ("atom 9 is missing in 1 frames",)


def test_that_an_angle_is_at_the_atom_in_the_middle_of_the_order() -> None:
    _, _, result = measured(5, 7, 9, order="7, 5 9")
    values = result.arrays["value"]
    assert values[1] == pytest.approx(12)
    assert values[5] == pytest.approx(60)
    assert result.names == ("angle", "7", "5", "9")


def test_that_neighbours_are_counted_with_bins_of_one() -> None:
    inputs, params, result = measured(5, kind="coordination", cutoff=2.1)
    near = np.minimum(0.5 * np.arange(30) % BOX, BOX - 0.5 * np.arange(30) % BOX) <= 2.1
    expected = near.astype(int) + (np.arange(30) != 3)
    assert result.arrays["value"].tolist() == expected.tolist()
    assert result.tables["histogram"]["low"] == [0.5, 1.5] if expected.min() else True
    drawn = MEASURE.plots["Histogram"](inputs, params, result)
    bars = drawn.marks[0]
    assert isinstance(bars, Bars)
    assert bars.space is Space.FRAME
    for low, high, own in zip(
        result.tables["histogram"]["low"],
        result.tables["histogram"]["high"],
        bars.rows,
        strict=True,
    ):
        assert own.tolist() == np.flatnonzero((expected > low) & (expected < high)).tolist()


def test_that_dihedrals_are_averaged_as_directions() -> None:
    from mlipviewer.analysis.atoms.measure import _mean_and_spread
    from mlipviewer.core.measuring import Measure

    mean, spread = _mean_and_spread(np.array([179.0, -179.0]), Measure.DIHEDRAL)
    assert abs(mean or 0) == pytest.approx(180)
    assert spread == pytest.approx(1)


@pytest.mark.parametrize(
    ("atoms", "about", "words"),
    [
        ((5, 7), {"kind": "angle"}, "angle needs 3 atoms, not 2"),
        ((5,), {"kind": "plane"}, "plane needs 3 to 256 atoms, not 1"),
        ((5, 7), {"order": "5,x"}, "no list of atom ids"),
        ((1, 2, 3, 4, 5), {}, "of 5 atoms nothing is measured as usual"),
        ((), {}, "no atoms are chosen"),
    ],
)
def test_that_what_cannot_be_measured_is_said(atoms: tuple, about: dict, words: str) -> None:
    with pytest.raises(AnalysisProblem, match=words):
        measured(*atoms, **about)


def test_that_a_path_has_no_jumps_at_the_walls() -> None:
    inputs = Inputs(trajectory=WALK, atoms=rows([7, 9]))
    result = PATH.run(inputs, PathParams(2, 27), Progress())
    places = result.arrays["places"]
    assert result.arrays["frames"].tolist() == list(range(2, 28))
    assert np.allclose(places[:, 0, 0], 2 + 0.5 * np.arange(26))
    assert np.isnan(places[1, 1]).all()
    assert np.isfinite(places[2:, 1]).all()
    assert result.summary["n_missing"] == 1
    assert result.summary["farthest"] == pytest.approx(12.5)
    lines = PATH.plots["Path of atoms"](inputs, PathParams(), result).marks[:2]
    assert [line.name for line in lines if isinstance(line, Line)] == ["atom 7", "atom 9"]


def test_that_a_path_of_every_second_frame_has_looked_at_all() -> None:
    inputs = Inputs(trajectory=WALK, atoms=rows([7, 9]))
    every, second = (PATH.run(inputs, PathParams(every=n), Progress()).arrays for n in (1, 2))
    assert np.array_equal(second["places"], every["places"][::2], equal_nan=True)
    assert second["frames"].tolist() == every["frames"][::2].tolist()


def test_that_paths_are_of_few_atoms_and_stop_when_told() -> None:
    with pytest.raises(AnalysisProblem, match="at most 2000 atoms"):
        PATH.run(Inputs(trajectory=WALK, atoms=rows(range(2001))), PathParams(), Progress())
    progress = Progress()
    progress.stop()
    with pytest.raises(Cancelled):
        PATH.run(Inputs(trajectory=WALK, atoms=rows([7])), PathParams(), progress)
