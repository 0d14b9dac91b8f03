"""Runs side by side coloured by how they differ from the first."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mlipviewer.core.differences import class_differences
from mlipviewer.core.trajectory import Frame
from mlipviewer.gui.scene.spheres import kinds_of
from mlipviewer.gui.theme import LIGHT
from mlipviewer.session.state import Colouring, RangePolicy
from mlipviewer.views.atoms.colours import legend_of, paints_of, shown_columns


def frame(ids: list[int], values: list[float]) -> Frame:
    n = len(ids)
    forces = np.arange(3.0 * n).reshape(n, 3)
    columns = MappingProxyType(
        {"c_pe": np.array(values), "forces": forces, "kind": np.arange(n) % 2}
    )
    return Frame(0, np.zeros((n, 3)), np.full(n, 3), ids=np.array(ids), columns=columns)


FIRST = frame([1, 2, 3], [1.0, 2.0, 4.0])
OTHER = frame([3, 1, 7], [5.5, 1.25, 9.0])  # in another order, with an atom that the first lacks


def test_that_values_differ_atom_by_atom() -> None:
    wish = Colouring("c_pe", difference=True)
    first, other = shown_columns([FIRST, OTHER], wish)
    assert first is not None
    assert other is not None
    assert first.tolist() == [0, 0, 0]
    np.testing.assert_array_equal(other, [1.5, 0.25, np.nan])
    vectors = shown_columns([FIRST, OTHER], Colouring("forces", difference=True))[1]
    assert vectors is not None
    np.testing.assert_array_equal(vectors[0], OTHER.columns["forces"][0] - [6, 7, 8])


def test_that_a_first_run_without_atoms_has_no_values() -> None:
    wish = Colouring("c_pe", difference=True)
    other = shown_columns([frame([], []), OTHER], wish)[1]
    assert other is not None
    assert np.isnan(other).all()


def test_that_classes_say_where_they_are_otherwise() -> None:
    wish = Colouring("kind", difference=True)
    first, other = shown_columns([FIRST, OTHER], wish)
    assert first is not None
    assert other is not None
    assert first.tolist() == [0, 0, 0]
    # atoms 3, 1, 7 are of class 0, 1, 0; in the first run 3 is of 0 and 1 of 0; it lacks 7
    assert other.tolist() == [0, 1, -1]
    paints = paints_of([(one, kinds_of(one)) for one in (FIRST, OTHER)], wish)
    legend = legend_of(paints, wish, LIGHT)
    assert [(one.name, one.count) for one in legend.paint.swatches] == [
        ("as in the first run", 4),
        ("otherwise", 1),
    ]


def test_that_names_of_classes_count_and_not_their_numbers() -> None:
    codes = np.array([0, 1, 1])
    one = replace(FIRST, columns={"cna": codes}, classes={"cna": ("other", "bcc")})
    two = replace(FIRST, columns={"cna": codes}, classes={"cna": ("bcc", "other")})
    found = class_differences("cna", [one, two])
    assert found is not None
    assert found[1].tolist() == [1, 1, 1]


def test_that_missing_columns_and_single_runs_stay_as_they_are() -> None:
    for column in ("none", "species"):
        wish = Colouring(column, difference=True)
        plain = shown_columns([FIRST, OTHER], Colouring(column))
        for one, other in zip(shown_columns([FIRST, OTHER], wish), plain, strict=True):
            assert one is other
    assert shown_columns([FIRST], Colouring("c_pe", difference=True))[0] is FIRST.columns["c_pe"]


def test_that_the_legend_says_so_and_spans_the_differences() -> None:
    wish = Colouring("c_pe", policy=RangePolicy.SYMMETRIC, difference=True)
    paints = paints_of([(one, kinds_of(one)) for one in (FIRST, OTHER)], wish, (-50.0, 50.0))
    assert [(paint.low, paint.high) for paint in paints] == [(-1.5, 1.5)] * 2
    assert paints[1].n_missing == 1
    assert "− that of the first run" in legend_of(paints, wish, LIGHT).caption


def test_that_runs_that_do_not_differ_are_in_the_middle_of_the_map() -> None:
    wish = Colouring("c_pe", policy=RangePolicy.SYMMETRIC, difference=True)
    paints = paints_of([(FIRST, kinds_of(FIRST))] * 2, wish)
    assert [(paint.low, paint.high) for paint in paints] == [(-1.0, 1.0)] * 2
