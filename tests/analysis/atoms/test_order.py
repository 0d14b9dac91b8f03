"""Chemical order: the known answers of ordered, partly ordered and random alloys."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlipviewer.analysis.atoms.order import ANALYSIS, OrderParams
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Line, Points
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame
from tests import alloys

EIGHT = (alloys.PT, alloys.PD, alloys.AU, alloys.FE, alloys.CO, alloys.NI, alloys.CU, alloys.SN)
FAMILIES = "Pt Pd Au | Fe Co Ni Cu Sn"


def ran(frame: Frame, **params: object) -> Result:
    return ANALYSIS.run(alloys.inputs(frame), OrderParams(**params), Progress())  # type: ignore[arg-type]


def alphas(result: Result, pair: str) -> list[float]:
    table = result.tables["warren_cowley"]
    return [a for a, p in zip(table["alpha"], table["pair"], strict=True) if p == pair]


THIRD = 1 / 3
KNOWN = {
    "L1_2": {
        "Cu-Pt": (-THIRD, 1, -THIRD, 1), "Pt-Pt": (1, -3, 1, -3),
        "Cu-Cu": (1 / 9, -THIRD, 1 / 9, -THIRD),
    },
    "L1_0": {"Cu-Pt": (-THIRD, 1, -THIRD, 1), "Cu-Cu": (THIRD, -1)},
    "L1_1": {"Cu-Pt": (0, -1, 0, 1)},
    "B2": {"Cu-Pt": (-1, 1, 1)},
}  # fmt: skip


@pytest.mark.parametrize("structure", KNOWN)
def test_that_ordered_structures_have_their_parameters_and_order(structure: str) -> None:
    result = ran(alloys.ordered(structure))
    for pair, wanted in KNOWN[structure].items():
        assert alphas(result, pair)[: len(wanted)] == pytest.approx(wanted, abs=1e-12)
        swapped = "-".join(reversed(pair.split("-")))
        assert alphas(result, swapped) == pytest.approx(alphas(result, pair), abs=1e-12)
    assert result.summary["structure"] == structure
    assert result.summary["long_range_order"] == pytest.approx(1.0)
    assert result.summary["entropy"] == pytest.approx(0.0, abs=1e-12)
    assert result.summary["c_over_a"] == pytest.approx(1.0, abs=1e-6)
    assert not result.notes


def test_that_a_random_alloy_of_32000_atoms_has_none_beyond_chance() -> None:
    result = ran(alloys.random_alloy("fcc", 20))
    table = result.tables["warren_cowley"]
    values, errors, chance = (np.array(table[n]) for n in ("alpha", "error", "chance"))
    assert result.summary["n_atoms"] == 32000
    assert np.abs(values).max() < 0.01
    assert np.abs(values[:8]).max() < 0.0065
    assert errors == pytest.approx(chance, rel=0.1)
    assert chance[0] == pytest.approx(np.sqrt(2 / (32000 * 12)), rel=1e-6)
    assert abs(float(result.summary["long_range_order"] or 0)) < 0.02  # the best of eleven
    assert result.summary["entropy_random"] == pytest.approx(log(2))


@pytest.mark.parametrize(("order", "sample"), [(0.8, (-0.2133, 0.64)), (0.5, (-0.0833, 0.25))])
def test_that_antisites_lower_order_and_parameters(order: float, sample: tuple[float, ...]) -> None:
    result = ran(alloys.with_antisites("L1_0", order, 14))
    assert sample == pytest.approx((-(order**2) / 3, order**2), abs=1e-4)
    assert alphas(result, "Cu-Pt")[:2] == pytest.approx(sample, abs=0.012)
    assert result.summary["structure"] == "L1_0"
    wrong = round((1 - order) / 2 * 14**3 * 2) / (14**3 * 2)
    assert result.summary["long_range_order"] == pytest.approx(1 - 2 * wrong)
    assert result.summary["long_range_order"] == pytest.approx(order, abs=1e-3)


def test_that_the_error_tells_how_far_samples_are_from_what_they_are_of() -> None:
    apart = []
    for seed in range(30):
        result = ran(alloys.random_alloy("fcc", 4, seed=seed), shells=1)
        error = result.tables["warren_cowley"]["error"][1]
        apart.append(alphas(result, "Cu-Pt")[0] / error)
    # of a fixed composition the mean is 1/(N-1) below 0
    assert np.std(apart) == pytest.approx(1.0, abs=0.35)


def test_that_the_entropy_of_eight_elements_is_that_of_mixing() -> None:
    result = ran(alloys.random_alloy("fcc", 6, EIGHT), shells=1)
    assert result.summary["entropy_random"] == pytest.approx(log(8), abs=1e-12)
    assert log(8) == pytest.approx(2.0794, abs=1e-4)


def grouped_alloy(n: int = 10) -> Frame:
    """L1_0 whose layers hold three elements and five, in turn."""
    at = alloys.sites("fcc", n)
    second, numbers = alloys.on_second("L1_0", at), np.zeros(len(at), int)
    for own, kinds in ((second, EIGHT[:3]), (~second, EIGHT[3:])):
        rng = np.random.default_rng(1)
        numbers[own] = rng.permutation(np.resize(kinds, int(own.sum())))
    return alloys.periodic(at, numbers, n)


@pytest.mark.parametrize("families", ["", FAMILIES])
def test_that_families_of_elements_order_as_two_do(families: str) -> None:
    result = ran(grouped_alloy(), families=families, grouped=bool(families), shells=2)
    assert result.summary["long_range_order"] == pytest.approx(1.0)
    assert result.summary["entropy"] == pytest.approx((log(3) + log(5)) / 2, abs=2e-3)
    table = result.tables["site_preference"]
    own = dict(zip(zip(table["element"], table["sublattice"], strict=True), table["share"],
                   strict=True))  # fmt: skip
    assert own["Pt", "A"] == own["Au", "A"] or own["Pt", "B"] == own["Au", "B"]
    assert {own["Fe", "A"], own["Fe", "B"]} == {0.0, 1.0}
    assert own["Fe", "A"] != own["Pt", "A"]
    if families:
        assert alphas(result, "AuPdPt-CoCuFeNiSn") == pytest.approx([-THIRD, 1])


def test_that_a_family_of_the_minority_prefers_its_sublattice() -> None:
    for families in ("Cu | Pt", "Pt | Cu"):
        result = ran(alloys.ordered("L1_2"), families=families)
        assert result.summary["long_range_order"] == pytest.approx(1.0)


def test_that_tetragonal_l1_0_tells_its_axis() -> None:
    frame = alloys.ordered("L1_0", 5)
    by = np.array([1, 1, 0.93])
    assert frame.cell is not None
    frame = replace(frame, positions=frame.positions * by, cell=frame.cell * by)
    result = ran(alloys.turned(alloys.shaken(frame, 0.05)))
    assert result.summary["c_over_a"] == pytest.approx(0.93, abs=2e-3)
    assert result.summary["lattice_constant"] == pytest.approx(alloys.A, abs=5e-3)
    assert result.summary["long_range_order"] == pytest.approx(1.0)
    assert alphas(result, "Cu-Pt")[0] == pytest.approx(-THIRD, abs=1e-12)


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_that_rotation_supercells_and_names_change_nothing(seed: int) -> None:
    frame = alloys.with_antisites("L1_0", 0.6, 3, seed)
    names = np.where(frame.numbers == alloys.CU, alloys.AU, alloys.SN)
    assert frame.cell is not None
    twice = np.concatenate([frame.positions, frame.positions + frame.cell[0]])
    wide = replace(
        frame, positions=twice, numbers=np.tile(frame.numbers, 2),
        cell=frame.cell * np.array([[2], [1], [1]]),
    )  # fmt: skip
    plain = ran(frame)
    for other, pair in (
        (alloys.turned(frame, seed), "Cu-Pt"),
        (wide, "Cu-Pt"),
        (replace(frame, numbers=names), "Au-Sn"),
    ):
        result = ran(other)
        assert alphas(result, pair) == pytest.approx(alphas(plain, "Cu-Pt"), abs=1e-9)
        for name in ("long_range_order", "structure", "entropy", "c_over_a"):
            assert result.summary[name] == pytest.approx(plain.summary[name], abs=1e-5)


def test_that_particles_count_the_neighbours_that_they_have() -> None:
    particle = alloys.sphere(alloys.ordered("L1_0", 10), 16.0)
    counted, inner = ran(particle), ran(particle, surface="left out")
    assert inner.summary["n_atoms"] < counted.summary["n_atoms"]  # type: ignore[operator]
    for result in (counted, inner):
        assert alphas(result, "Cu-Pt")[0] == pytest.approx(-THIRD, abs=0.05)
        assert alphas(result, "Cu-Pt")[1] == pytest.approx(1.0)
        assert result.summary["long_range_order"] == pytest.approx(1.0)
    bare = counted.tables["warren_cowley"]["neighbours"]
    assert bare[0] < 12


def test_that_order_follows_temperature_and_runs_side_by_side() -> None:
    run = alloys.disordering()
    beside = {"hot": alloys.trajectory(alloys.random_alloy("fcc", 3), name="hot", kelvin=1200.0)}
    given = Inputs(trajectory=run, beside=beside)
    result = ANALYSIS.run(given, OrderParams(shells=2), Progress())
    table = result.tables["frames"]
    assert table["temperature"] == [*range(300, 900, 100), 1200.0]
    assert table["run"] == ["alloy"] * 6 + ["hot"]
    order = table["long_range_order"][:6]
    assert order[:4] == sorted(order, reverse=True)[:4]
    assert order[0] == pytest.approx(1.0)
    plot = ANALYSIS.plots["Against temperature"](given, OrderParams(), result)
    assert not plot.empty
    curves = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert [mark.x.tolist() for mark in curves] == [[*range(300, 900, 100), 1200.0]] * 2
    assert curves[0].y[0] == pytest.approx(1.0)
    shown = [mark.rows.tolist() for mark in plot.marks if isinstance(mark, Points)]
    assert shown == [list(range(6))] * 2  # of the hot run no frame can be shown


def test_that_a_column_gives_the_sublattices() -> None:
    frame = alloys.ordered("L1_0", 3)
    which = (frame.numbers == alloys.CU).astype(int)
    result = ran(replace(frame, columns={"site": which}), sublattices="column", column="site")
    assert result.summary["long_range_order"] == pytest.approx(1.0)
    with pytest.raises(AnalysisProblem, match="no column 'nothing'"):
        ran(frame, sublattices="column", column="nothing")


def test_that_what_cannot_be_is_told() -> None:
    frame = alloys.ordered("L1_0", 3)
    with pytest.raises(AnalysisProblem, match="write distances"):
        ran(frame, edges="a, b")
    with pytest.raises(AnalysisProblem, match="they rise"):
        ran(frame, edges="4, 3")
    with pytest.raises(AnalysisProblem, match="each element once"):
        ran(frame, families="Cu Pt")
    with pytest.raises(AnalysisProblem, match="fewer than two atoms"):
        ran(frame, among="element == 'Li'", edges="3.3")
    liquid = replace(frame, positions=np.random.default_rng(0).uniform(0, 11.4, (108, 3)))
    result = ran(liquid, edges="3.3, 4.5")
    assert result.summary["long_range_order"] is None
    assert result.notes


def test_that_given_edges_are_those_of_the_shells() -> None:
    result = ran(alloys.ordered("B2"), edges="3.5, 4.2")
    assert result.tables["warren_cowley"]["neighbours"][0] == 8
    assert alphas(result, "Cu-Pt") == pytest.approx([-1, 1])
