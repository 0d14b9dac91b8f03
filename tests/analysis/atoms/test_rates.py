"""Rates, activation energies and diffusion coefficients that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ase.build import bulk

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.decays import BOLTZMANN, arrhenius, first_order
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source, Temperature
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource


def run_of(name: str, frames: list[Frame], kelvin: float | None, ps: float = 1.0) -> Trajectory:
    source = MemorySource(name, "memory", frames)
    clock = Clock(Source.USER, "", ps)
    return Trajectory(name, source, range(len(frames)), clock, Temperature(kelvin))


def asked(name: str, *runs: Trajectory, **params: Any) -> Result:
    inputs = Inputs(trajectory=runs[0], beside={one.name: one for one in runs[1:]})
    return ANALYSES[name].run(inputs, ANALYSES[name].params(**params), Progress())


def decaying(rate: float, n: int = 200, frames: int = 120, seed: int = 0) -> Any:
    """Atoms that each crystallize with the same chance in a unit of time."""
    ends = np.random.default_rng(seed).exponential(1 / rate, n)
    t = np.arange(frames, dtype=float)
    return t, (ends[None, :] > t[:, None]).sum(axis=1)


def test_that_a_first_order_decay_has_its_rate() -> None:
    hits = 0
    for seed in range(20):
        found = first_order(*decaying(0.02, 4000, 80, seed))
        assert not found.refused
        assert found.rate == pytest.approx(0.02, rel=0.1)
        hits += abs(found.rate - 0.02) < 4 * found.error
    assert hits >= 15


def test_that_a_front_of_constant_speed_is_no_first_order_decay() -> None:
    t = np.arange(100.0)
    assert "speeds up" in first_order(t, 1000 - 9.5 * t).refused
    assert "slows down" in first_order(t, 1000 / (1 + 0.3 * t)).refused
    assert "hardly decay" in first_order(t, np.full(100, 50.0)).refused
    assert "five frames" in first_order(t[:4], np.array([4.0, 3, 2, 1])).refused


def crystallizing(rate: float, kelvin: float | None = None) -> Trajectory:
    """A bcc crystal under a disordered part, whose height decays."""
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat((4, 4, 80))
    noise = np.random.default_rng(4).normal(0, 0.7, crystal.positions.shape)
    height = crystal.positions[:, 2] / (3.5 * 80)
    frames = []
    for i in range(20):
        wild = height < 0.9 * np.exp(-rate * i)
        positions = crystal.positions + noise * wild[:, None]
        frames.append(
            Frame(i, positions, crystal.numbers.copy(), np.array(crystal.cell), (True,) * 3)
        )
    return run_of(f"{rate:g}", frames, kelvin)


def test_that_the_rate_of_a_crystallizing_run_is_found() -> None:
    result = asked("rates", crystallizing(0.05))
    assert result.summary["refused"] == ""
    assert result.summary["rate"] == pytest.approx(0.05, rel=0.15)
    assert result.tables["counts"]["time"][-1] == 19.0


def test_that_a_run_that_only_stays_gives_no_rate_but_the_reason() -> None:
    result = asked("rates", crystallizing(0.0))
    assert result.summary["rate"] is None
    assert "hardly decay" in result.notes[0]
    with pytest.raises(AnalysisProblem, match="choose from"):
        asked("rates", crystallizing(0.0), classes="bbc")


def test_that_the_published_coefficients_give_the_published_energy() -> None:
    kelvin = np.array([600, 650, 700, 720, 800, 900, 1050, 1200, 1500.0])
    values = np.array([1.24, 1.56, 2.13, 1.85, 3.51, 4.85, 8.24, 13.8, 18.3]) * 1e-6
    errors = np.array([3.40, 4.05, 5.57, 3.87, 7.00, 6.99, 13.4, 14.9, 25.8]) * 1e-7
    found = arrhenius(kelvin, values, errors)
    assert found.energy == pytest.approx(0.258138, abs=1e-6)
    assert found.energy_error == pytest.approx(0.016832, abs=2e-6)
    unweighted = arrhenius(kelvin, values, np.zeros(9))
    assert unweighted.energy == pytest.approx(0.248157, abs=2e-5)
    room = np.exp(found.log_prefactor - found.energy / (BOLTZMANN * 300))
    assert room == pytest.approx(6.80754e-9, rel=1e-3)


def test_that_rates_of_runs_make_a_line() -> None:
    energy, kelvin = 0.1, (500.0, 600.0, 700.0)
    runs = [crystallizing(0.4 * np.exp(-energy / (BOLTZMANN * k)), k) for k in kelvin]
    result = asked("arrhenius", *runs, of="rate")
    assert result.summary["n_points"] == 3
    assert result.summary["activation"] == pytest.approx(energy, abs=0.03)


def walking(step: float, kelvin: float, seed: int = 0) -> Trajectory:
    """Atoms that hop by `step` along one of six directions in each frame, wrapped in a cell."""
    rng = np.random.default_rng(seed)
    cell = np.eye(3) * 7.0
    at = rng.uniform(0, 7, (300, 3))
    frames = []
    for i in range(400):
        frames.append(Frame(i, at % 7.0, np.full(300, 3), cell, (True, True, True)))
        way = np.zeros((300, 3))
        way[np.arange(300), rng.integers(0, 3, 300)] = step * rng.choice([-1, 1], 300)
        at = at + way
    return run_of(f"{kelvin:g} K", frames, kelvin, ps=0.5)


def test_that_random_walks_diffuse_as_they_must() -> None:
    energy = 0.2
    runs = [
        walking(np.exp(-energy / (2 * BOLTZMANN * k)) * 18, k, i)
        for i, k in enumerate((400.0, 500.0, 600.0))
    ]
    result = asked("arrhenius", *runs)
    steps = [np.exp(-energy / (2 * BOLTZMANN * k)) * 18 for k in (400.0, 500.0, 600.0)]
    known = [a**2 / 6 / 0.5 * 1e-4 for a in steps]  # a^2 / (6 t) in cm2/s
    assert result.tables["points"]["value"] == pytest.approx(known, rel=0.1)
    assert result.summary["activation"] == pytest.approx(energy, abs=0.02)


def test_that_a_run_has_the_coefficient_and_error_of_msd() -> None:
    runs = [walking(1.0, 400.0), walking(1.4, 500.0, 1)]
    points = asked("arrhenius", *runs, among="element == 'Li'").tables["points"]
    for i, one in enumerate(runs):
        about = asked("msd", one, mobile="element == 'Li'").summary
        assert points["value"][i] == about["diffusivity_cm2_s"]
        assert points["error"][i] == about["diffusivity_cm2_s"] * about["relative_std"]


def test_that_a_run_without_hops_is_left_out_with_the_reason() -> None:
    result = asked("arrhenius", walking(0.001, 400.0), points="600 2.0 0.2, 800 3.0 0.2")
    assert result.summary["n_points"] == 2
    assert "not enough hops" in result.notes[0]
    with pytest.raises(AnalysisProblem, match=r"least: .* moved 0\.43 of the cell"):
        asked("arrhenius", walking(3.0, 400.0))


def test_that_points_may_be_written() -> None:
    result = asked("arrhenius", walking(1.0, 400.0), points="600 2.0 0.2, 800 3.0 0.2")
    assert result.summary["n_points"] == 3
    assert result.tables["points"]["name"] == ["400 K", "600 K", "800 K"]
    with pytest.raises(AnalysisProblem, match="write temperature, value"):
        asked("arrhenius", walking(1.0, 400.0), points="600: 2")
    with pytest.raises(AnalysisProblem, match="two temperatures are the least"):
        asked("arrhenius", walking(1.0, 400.0))
