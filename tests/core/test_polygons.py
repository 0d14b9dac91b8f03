"""Regions between corners: which points they hold, their text, and conditions with them."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.core.polygons import MOST_CORNERS, in_polygon, read_polygon, write_polygon
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import matching_mask

X = np.array([0.5, 1.5, 0.1, np.nan])
Y = np.array([0.2, 0.2, 0.9, 0.0])
NAMES = {"x": X, "odd name": Y, "kind": np.array(list("abcd"), object)}


def test_that_a_triangle_holds_what_lies_in_it() -> None:
    corners = read_polygon("0 0, 1 0, 1 1")
    assert in_polygon(X, Y, corners).tolist() == [True, False, False, False]
    condition = 'inside(x, `odd name`, "0 0, 1 0, 1 1")'
    assert matching_mask(condition, NAMES, 4).tolist() == [True, False, False, False]
    assert matching_mask(f"not {condition} and x > 1", NAMES, 4).tolist() == [
        False,
        True,
        False,
        False,
    ]


def test_that_text_and_corners_are_each_other() -> None:
    corners = np.random.default_rng(0).normal(size=(20, 2)).round(3)
    assert read_polygon(write_polygon(corners)) == pytest.approx(corners)
    many = np.random.default_rng(0).normal(size=(500, 2))
    assert len(read_polygon(write_polygon(many))) <= MOST_CORNERS


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ('inside(x, y, "0 0, 1 0, 1 1")', "no 'y'"),
        ('inside(x, kind, "0 0, 1 0, 1 1")', "columns of numbers"),
        ('inside(x, x, "0 0, 1 0")', "three corners"),
        ('inside(x, x, "0 0, 1 0, a b")', "three corners"),
        ('inside(x, x, "0 0, 1 0, inf 1")', "finite"),
        ("inside(x, x, 3)", "corners in quotes"),
        ('inside("x", x)', "the name of a column"),
        ("inside(x, 2)", "the name of a column"),
    ],
)
def test_that_wrong_regions_are_told(condition: str, reason: str) -> None:
    with pytest.raises(QueryProblem, match=reason):
        matching_mask(condition, NAMES, 4)
