"""Atoms chosen in words are chosen by id."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.trajectory import Frame

FRAME = Frame(
    0,
    np.array([[0.0, 0, 1], [0, 0, 2], [0, 0, 3], [0, 0, 4]]),
    np.array([3, 3, 11, 3]),
    ids=np.array([10, 7, 8, 9]),
    columns={
        "c_pe": np.array([-1.0, -2.0, np.nan, -3.0]),
        "forces": np.array([[3.0, 4, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]),
        "label": np.array(["a", "b", "a", "b"]),
        "moved": np.array([True, False, False, True]),
    },
    species=np.array(["Li1", "Li2", "Na", "Li1"]),
)


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("element == 'Li' and z > 1", [7, 9]),
        ("species in ('Li1', 'Na')", [8, 9, 10]),
        ("c_pe < -1.5", [7, 9]),
        ("forces > 0.5", [7, 10]),
        ("`forces[2]` = 4", [10]),
        ("label == 'a'", [8, 10]),
        ("moved and id != 9", [10]),
        ("number = 11", [8]),
    ],
)
def test_that_atoms_are_found_by_their_columns(condition: str, ids: list[int]) -> None:
    assert matching_atoms(condition, FRAME).tolist() == ids


def test_that_atoms_without_ids_are_counted_from_zero() -> None:
    frame = Frame(0, FRAME.positions, FRAME.numbers)
    assert matching_atoms("z >= 3", frame).tolist() == [2, 3]


def test_that_an_unknown_column_is_told() -> None:
    with pytest.raises(QueryProblem, match="do you mean 'forces'"):
        matching_atoms("force > 1", FRAME)
