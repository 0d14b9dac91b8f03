"""POSCAR: scales, coordinates, selective dynamics, velocities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from trajectory_samples import opened

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import Frame

HEAD = "cubic NaCl\n{scale}\n4 0 0\n1 5 0\n0 0 6\n{species}1 2\n"
ROWS = "0 0 0\n0.5 0.25 0\n0.5 0.5 0.5\n"


def one(folder: Path, rest: str, scale: str = "1.0", species: str = "Na Cl\n") -> Frame:
    content = HEAD.format(scale=scale, species=species) + rest
    return opened(folder, content.encode(), "POSCAR").frame(0)


def texts(frame: Frame) -> str:
    return " ".join(note.text for note in frame.notes)


def test_that_direct_and_cartesian_agree(tmp_path: Path) -> None:
    direct = one(tmp_path, "Direct\n" + ROWS, "2.0")
    assert direct.cell is not None
    np.testing.assert_allclose(direct.cell, [[8, 0, 0], [2, 10, 0], [0, 0, 12]])
    np.testing.assert_allclose(direct.positions[1], [4.5, 2.5, 0])
    rows = "".join(" ".join(map(str, row)) + "\n" for row in (direct.positions / 2).tolist())
    np.testing.assert_allclose(
        one(tmp_path, "Cartesian\n" + rows, "2.0").positions, direct.positions
    )
    assert direct.numbers.tolist() == [11, 17, 17]
    assert (direct.pbc, direct.info["comment"]) == ((True, True, True), "cubic NaCl")


def test_that_a_negative_scale_is_the_volume_and_three_scales_are_three(tmp_path: Path) -> None:
    frame = one(tmp_path, "Direct\n" + ROWS, "-960")
    assert frame.cell is not None
    assert np.linalg.det(frame.cell) == pytest.approx(960)
    frame = one(tmp_path, "Cartesian\n1 1 1\n0 0 0\n0 0 0\n", "1 2 3")
    assert frame.positions[0].tolist() == [1, 2, 3]


def test_that_selective_dynamics_and_velocities_are_columns(tmp_path: Path) -> None:
    rows = "0 0 0 T T F\n0.5 0.25 0 F F F\n0.5 0.5 0.5 T F T\n"
    frame = one(tmp_path, "Selective dynamics\nDirect\n" + rows + "\n1 0 0\n0 2 0\n0 0 3e-1\n")
    assert frame.columns["free"].tolist() == [[True, True, False], [False] * 3, [True, False, True]]
    assert frame.columns["velocities"].tolist() == [[1, 0, 0], [0, 2, 0], [0, 0, 0.3]]


def test_that_symbols_behind_rows_and_odd_species_are_read(tmp_path: Path) -> None:
    rows = "0 0 0 Na\n0.5 0.25 0 Cl\n0.5 0.5 0.5 Cl\n"
    assert one(tmp_path, "Direct\n" + rows, species="Na_pv Cl/1a2b\n").numbers.tolist() == [
        11,
        17,
        17,
    ]
    frame = one(tmp_path, "Direct\n" + ROWS, species="Type1 Type2\n")
    assert (frame.numbers.tolist(), "Type1" in texts(frame)) == ([0, 0, 0], True)


def test_that_missing_species_are_taken_from_the_first_line_aloud(tmp_path: Path) -> None:
    frame = one(tmp_path, "Direct\n" + ROWS, species="")
    assert frame.numbers.tolist() == [11, 17, 17]
    assert "Na Cl is taken from the first line" in texts(frame)


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("Direct\n0 0 0\n0.5 0 0\n", "2 of 3 atoms|bytes are left"),
        ("Direct\n0 0 0\n0.5 0\n0 0 0.5\n", "line 10: 2 columns, expected 3"),
        ("Direct\n0 0 0\n0.5 0 1D0\n0 0 0.5\n", "line 10: column 3: '1D0' is not a number"),
        ("Direct\n0 0 0\n0.5 0 inf\n0 0 0.5\n", "line 10: a position is not a finite number"),
    ],
)
def test_that_damage_is_named(tmp_path: Path, rest: str, reason: str) -> None:
    with pytest.raises(ReadProblem, match=reason):
        one(tmp_path, rest)


@pytest.mark.parametrize(
    ("scale", "reason"), [("0", "positive"), ("x", "not a number"), ("1 2", "2 numbers")]
)
def test_that_an_impossible_scale_is_named(tmp_path: Path, scale: str, reason: str) -> None:
    with pytest.raises(ReadProblem, match=f"POSCAR: frame 1, line 2: .*{reason}"):
        one(tmp_path, "Direct\n" + ROWS, scale)
