"""Energies of growing metals, read against answers that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ase.build import bulk

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.block_averages import (
    barrier_of,
    block_averages,
    inefficiency,
    why_not_stationary,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

ENERGETICS = ANALYSES["energetics"]
E_BULK, SIDE = -1.9, 10.0


def run_of(name: str, frames: list[Frame]) -> Trajectory:
    source = MemorySource(name, "memory", frames)
    return Trajectory(name, source, range(len(frames)), clock=Clock(Source.USER, "", 0.5))


def growing(gamma: Any, name: str = "run", atoms: bool = True, gauge: float = 0.0) -> Trajectory:
    """Two atoms more in each frame, on a wall of oxygen, with gamma eV/A^2 above the bulk; the
    gauge moves energy from each oxygen to each lithium."""
    frames = []
    for i, excess in enumerate(gamma):
        n = 20 + 2 * i
        positions = np.random.default_rng(i).uniform(0, SIDE, (n + 8, 3))
        numbers = np.array([3] * n + [8] * 8)
        energies = np.where(numbers == 3, E_BULK + gauge, -5.0 - gauge * n / 8)
        energies = energies + np.where(numbers == 3, excess * SIDE**2 / n, 0.0)
        columns = {"energies": energies} if atoms else {}
        cell = np.diag([SIDE, SIDE, 30.0])
        info = {"energy": float(energies.sum())}
        frames.append(
            Frame(i, positions, numbers, cell, (True, True, True), columns=columns, info=info)
        )
    return run_of(name, frames)


def energetics(*runs: Trajectory, **params: Any) -> Result:
    inputs = Inputs(trajectory=runs[0], beside={one.name: one for one in runs[1:]})
    asked = {"among": "element == 'Li'", "bulk": str(E_BULK), **params}
    return ENERGETICS.run(inputs, ENERGETICS.params(**asked), Progress())


GAMMA = (0.0, 0.3, 0.1, 0.5, 0.2)


def test_that_the_barrier_is_the_largest_rise_above_the_minimum_before() -> None:
    found = barrier_of(np.array(GAMMA), np.zeros(5))
    assert (found.height, found.bottom, found.top) == (0.5, 0, 3)
    falling = barrier_of(np.array([1.0, 0.4, 0.9, 0.2]), np.array([0.3, 0.03, 0.04, 0.0]))
    assert (falling.height, falling.error) == (pytest.approx(0.5), pytest.approx(0.05))
    assert barrier_of(np.array([3.0, 2.0, 1.0]), np.zeros(3)).height == 0.0


def test_that_a_double_well_has_its_barrier() -> None:
    x = np.linspace(-1, 1, 201)
    found = barrier_of(x**4 - 2 * x**2, np.zeros(201))
    assert found.height == pytest.approx(1.0)
    assert x[found.top] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("kind", ["atoms", "total"])
def test_that_the_energy_above_the_bulk_is_found(kind: str) -> None:
    result = energetics(growing(GAMMA), kind=kind)
    assert result.tables["metal"]["energy"] == pytest.approx(GAMMA, abs=1e-12)
    assert result.tables["metal"]["inserted"] == [0, 2, 4, 6, 8]
    barriers = {name: column[0] for name, column in result.tables["barriers"].items()}
    assert barriers["barrier"] == pytest.approx(0.5)
    assert (barriers["from_first"], barriers["to_first"]) == (0, 3)
    assert result.summary["area"] == pytest.approx(SIDE**2)


def test_that_the_total_does_not_depend_on_how_energy_is_shared() -> None:
    run = growing(GAMMA, gauge=0.7)
    total = energetics(run, kind="total").tables["metal"]["energy"]
    assert total == pytest.approx(GAMMA, abs=1e-12)
    by_atoms = energetics(run, kind="atoms").tables["metal"]["energy"]
    assert by_atoms != pytest.approx(GAMMA, abs=1e-3)


def test_that_two_interfaces_share_the_energy() -> None:
    one, two = (energetics(growing(GAMMA), sides=n).summary["barrier"] for n in (1, 2))
    assert isinstance(one, float)
    assert two == pytest.approx(one / 2)


def test_that_totals_alone_will_do() -> None:
    result = energetics(growing(GAMMA, atoms=False))
    assert result.summary["kind"] == "total"
    assert result.tables["metal"]["energy"] == pytest.approx(GAMMA, abs=1e-12)
    with pytest.raises(AnalysisProblem, match="no energies of atoms"):
        energetics(growing(GAMMA, atoms=False), kind="atoms")


def test_that_the_bulk_may_be_a_run_of_its_own() -> None:
    crystal = growing((0.0, 0.0), "crystal")
    run = growing(GAMMA)
    result = energetics(run, crystal, bulk="", bulk_run="crystal")
    assert result.summary["bulk"] == pytest.approx(E_BULK)
    assert result.tables["metal"]["energy"] == pytest.approx(GAMMA, abs=1e-12)
    assert result.names == ("run",)
    with pytest.raises(AnalysisProblem, match="no run 'x'"):
        energetics(run, bulk="", bulk_run="x")


def test_that_several_runs_are_laid_over_each_other() -> None:
    doped = growing([g / 2 for g in GAMMA], "doped")
    barriers = energetics(growing(GAMMA), doped).tables["barriers"]
    assert barriers["trajectory"] == ["run", "doped"]
    assert barriers["barrier"] == pytest.approx([0.5, 0.25])


def test_that_blocks_carry_errors() -> None:
    rng = np.random.default_rng(0)
    noisy = np.repeat(GAMMA, 40) + rng.normal(0, 0.02, 200)
    frames = np.arange(200)
    blocks = block_averages(frames, frames, noisy, 5)
    assert blocks.first.tolist() == [0, 40, 80, 120, 160]
    assert blocks.error == pytest.approx(0.02 / np.sqrt(40), rel=0.3)
    found = barrier_of(blocks.y, blocks.error)
    assert abs(found.height - 0.5) < 4 * found.error


def test_that_classes_have_their_energies_and_the_crystal_is_the_bulk() -> None:
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat(6)
    low = crystal.positions[:, 2] < 10
    crystal.positions[low] += np.random.default_rng(0).normal(0, 0.6, (low.sum(), 3))
    energies = np.where(low, -1.7, -1.9)
    frame = Frame(
        0, crystal.get_positions(), crystal.numbers.copy(), np.array(crystal.cell),
        (True, True, True), columns={"energies": energies},
    )  # fmt: skip
    result = energetics(run_of("run", [frame]), bulk="")
    table = result.tables["classes"]
    found = dict(zip(table["class"], table["energy"], strict=True))
    assert found["bcc"] == pytest.approx(-1.9, abs=0.01)
    assert result.summary["bulk"] == found["bcc"]
    assert "mean of the bcc atoms" in result.notes[0]


def test_that_the_axis_may_be_time_or_inserted_atoms() -> None:
    result = energetics(growing(GAMMA), against="time")
    assert result.tables["blocks"]["x"] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert energetics(growing(GAMMA), against="inserted").tables["blocks"]["x"] == [0, 2, 4, 6, 8]


def correlated(n: int, rho: float, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    y = np.zeros(n)
    for i in range(1, n):
        y[i] = rho * y[i - 1] + rng.normal()
    return y


def test_that_correlated_frames_count_for_less() -> None:
    assert inefficiency(correlated(200_000, 0.8)) == pytest.approx(9.0, rel=0.1)  # (1+r)/(1-r)
    assert inefficiency(np.random.default_rng(0).normal(size=10_000)) == pytest.approx(1.0, rel=0.1)


def test_that_drifts_are_told_from_equilibrium() -> None:
    refused = sum(bool(why_not_stationary(correlated(2000, 0.8, seed))) for seed in range(40))
    assert refused <= 2
    drifting = correlated(2000, 0.8) + np.linspace(0, 8, 2000)
    assert "it drifts" in why_not_stationary(drifting)
    assert "too short" in why_not_stationary(correlated(60, 0.95, 3))
    assert why_not_stationary(np.full(50, 2.0)) == ""
