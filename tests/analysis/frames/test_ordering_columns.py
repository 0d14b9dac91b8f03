"""The ordering around atoms: ordered structures, antisites, random alloys, families, heat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.analysis.frames.ptm import ORDERS
from mlipviewer.analysis.methods.ordered_templates import A1, A2, B2, CLASSES, L1_0, LEFT_OUT
from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.computation import Computed, with_computed
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame
from tests import alloys

STRUCTURES = ("L1_0", "L1_2", "L1_1", "B2")
SAME = {"L1_0": ("L1_0",), "L1_2": ("L1_2 (Cu)", "L1_2 (Au)"), "B2": ("B2",)}


def found(frame: Frame, **params: object) -> Computed:
    computation = COMPUTATIONS["ordering"]
    return computation.run(frame, computation.params(**params))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_that_every_atom_of_an_ordered_crystal_is_in_it(structure: str) -> None:
    for frame in (
        alloys.ordered(structure),
        alloys.shaken(alloys.turned(alloys.ordered(structure, 6)), 0.08),
    ):
        result = found(frame)
        assert (result.columns["ordering"] == CLASSES.index(structure)).all()
        assert not result.columns["ordering_wrong"].any()
        assert result.values[f"share_{structure}"] == 1.0


@pytest.mark.parametrize("structure", SAME)
@pytest.mark.parametrize("order", [1.0, 0.9, 0.7])
def test_that_without_wrong_neighbours_it_is_the_order_of_template_matching(
    structure: str, order: float
) -> None:
    frame = alloys.ordered(structure, 6)
    rng = np.random.default_rng(0)
    wrong = rng.random(frame.n_atoms) < (1 - order) / 4
    other = np.where(frame.numbers == alloys.CU, alloys.PT, alloys.CU)
    frame = replace(frame, numbers=np.where(wrong, other, frame.numbers))
    ptm = COMPUTATIONS["ptm"]
    theirs = ptm.run(frame, ptm.params(cutoff=0.15)).columns["ptm_order"]
    ours = found(frame, wrong=0).columns["ordering"]
    for name, orders in SAME.items():
        wanted = np.isin(theirs, [ORDERS.index(one) for one in orders])
        assert np.array_equal(ours == CLASSES.index(name), wanted)


def test_that_antisites_spoil_their_neighbours_less_with_tolerance() -> None:
    frame = alloys.with_antisites("L1_0", 0.8, 10)
    p = 0.9  # of the sites are right
    exact = (found(frame, wrong=0).columns["ordering"] == L1_0).mean()
    one = (found(frame, wrong=1).columns["ordering"] == L1_0).mean()
    assert exact == pytest.approx(p**13, abs=0.04)
    assert one == pytest.approx(p * (p**12 + 12 * (1 - p) * p**11), abs=0.04)
    assert one > 2 * exact


def test_that_disorder_is_the_plain_lattice() -> None:
    fcc = found(alloys.random_alloy("fcc", 8), wrong=0).columns["ordering"]
    bcc = found(alloys.random_alloy("bcc", 8), wrong=0).columns["ordering"]
    assert (fcc == A1).mean() > 0.99
    assert (bcc == A2).mean() > 0.99
    pure = alloys.ordered("B2", 4, (alloys.FE, alloys.FE))
    assert (found(pure, wrong=4).columns["ordering"] == A2).all()
    many = found(alloys.random_alloy("fcc", 8), wrong=1).columns["ordering"]
    assert 0.9 < (many == A1).mean() < 0.99  # 11 templates of 4096, 13 times with one wrong


def test_that_axes_are_those_of_the_layers() -> None:
    frame = alloys.ordered("L1_0", 5)
    turned = alloys.turned(frame, 2)
    assert frame.cell is not None
    assert turned.cell is not None
    axis = turned.cell[2] / np.linalg.norm(turned.cell[2])
    axes = found(turned).columns["ordering_axis"]
    assert np.abs(axes @ axis) == pytest.approx(1.0, abs=1e-4)
    assert np.unique(axes.round(3), axis=0).shape == (1, 3)


def test_that_families_count_as_one_kind() -> None:
    frame = alloys.ordered("L1_0", 4)
    rng = np.random.default_rng(0)
    mixed = np.where(
        frame.numbers == alloys.CU,
        rng.choice([alloys.CU, alloys.NI, alloys.FE], frame.n_atoms),
        rng.choice([alloys.PT, alloys.PD], frame.n_atoms),
    )
    frame = replace(frame, numbers=mixed)
    assert found(frame).values["share_L1_0"] < 0.5
    assert found(frame, families="Cu Ni Fe | Pt Pd").values["share_L1_0"] == 1.0


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_that_rotation_and_names_change_nothing(seed: int) -> None:
    frame = alloys.with_antisites("L1_0", 0.7, 4, seed)
    plain = found(frame).columns["ordering"]
    names = np.where(frame.numbers == alloys.CU, alloys.SN, alloys.AU)
    for other in (alloys.turned(frame, seed), replace(frame, numbers=names)):
        assert (found(other).columns["ordering"] == plain).mean() > 0.999


def test_that_it_filters_and_leaves_out() -> None:
    frame = alloys.ordered("B2", 4)
    computation = COMPUTATIONS["ordering"]
    named = with_computed(frame, computation, found(frame))
    assert len(matching_atoms("ordering == 'B2'", named)) == frame.n_atoms
    left = found(frame, among="element == 'Pt'").columns["ordering"]
    assert (left == LEFT_OUT).sum() == frame.n_atoms // 2
    assert not (left == B2).any()


def test_that_atoms_are_counted_over_time() -> None:
    analysis = ANALYSES["ordering-counts"]
    inputs = replace(alloys.inputs(alloys.ordered("L1_0")), trajectory=alloys.disordering(4))
    result = analysis.run(inputs, analysis.params(), Progress())
    counts = result.tables["counts"]
    assert counts["L1_0"] == sorted(counts["L1_0"], reverse=True)
    assert counts["L1_0"][0] == 256
    assert counts["temperature"] == list(range(300, 900, 100))
    assert result.summary["L1_0_first"] == 1.0
    total = sum(np.array(counts[name]) for name in result.names)
    assert (total == 256).all()
