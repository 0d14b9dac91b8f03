"""Van Hove functions and vibrations against what is known."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made
from tests.analysis.atoms.test_msd import HOP, run_of, walkers

LI = "element == 'Li'"


def found(name: str, run: Trajectory, **params: object) -> Result:
    analysis = ANALYSES[name]
    return analysis.run(Inputs(trajectory=run), analysis.params(**params), Progress())


def test_that_a_hop_is_a_peak_of_the_self_part() -> None:
    result = found("van-hove", run_of(walkers(n=200, m=60)), lags="1", drift="none", reach=6.0)
    r, curve = result.arrays["r"], result.arrays["self"][0]
    width = r[1] - r[0]
    assert curve.sum() * width == pytest.approx(1.0, abs=1e-9)
    stayed = curve[r < HOP / 2].sum() * width
    assert stayed == pytest.approx(0.5, abs=0.03)
    assert r[np.argmax(np.where(r > HOP / 2, curve, 0))] == pytest.approx(HOP, abs=width)


def test_that_uncorrelated_atoms_are_distinct_by_chance_alone() -> None:
    gas = np.random.default_rng(0).random((1, 300, 3)) * 20
    places = gas + np.random.default_rng(1).normal(0, 0.01, (20, 300, 3))
    result = found("van-hove", run_of(places), reach=30.0, drift="none")
    assert result.summary["reach"] == 10.0
    assert any("half of the cell" in note for note in result.notes)
    far = result.arrays["r"] > 4
    assert result.arrays["distinct"][:, far].mean() == pytest.approx(1.0, abs=0.03)


def gas(n: int, m: int) -> Trajectory:
    """Atoms that are nearly anywhere a frame later."""
    rng = np.random.default_rng(0)
    return run_of(20 * rng.random((n, 3)) + rng.uniform(-7, 7, (m, n, 3)).cumsum(axis=0))


def test_that_the_distinct_part_of_a_longer_run_is_no_rougher() -> None:
    def roughness(m: int) -> float:
        result = found("van-hove", gas(100, m), reach=10.0, drift="none", lags="1", mobile=LI)
        return float(result.arrays["distinct"][0, result.arrays["r"] > 5].std())

    assert roughness(3000) < 1.3 * roughness(300)


def test_that_the_distinct_part_of_many_atoms_needs_little_memory() -> None:
    run = gas(2000, 4)
    tracemalloc.start()
    try:
        result = found("van-hove", run, reach=10.0, drift="none", lags="1", mobile=LI)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()
    assert result.arrays["distinct"][0, 40:].mean() == pytest.approx(1.0, abs=0.01)


def test_that_lags_outside_the_run_are_refused() -> None:
    with pytest.raises(AnalysisProblem, match="lags are from 1 to 9 ps"):
        found("van-hove", run_of(walkers(n=5, m=10)), lags="12")
    with pytest.raises(AnalysisProblem, match="write numbers"):
        found("van-hove", run_of(walkers(n=5, m=10)), lags="a")


def oscillators(frequency: float, step: float = 0.01, m: int = 2000) -> Trajectory:
    """Four atoms that swing by this frequency in THz with different phases."""
    times = np.arange(m) * step
    phases = np.arange(4) * np.pi / 4
    swing = 0.3 * np.cos(2 * np.pi * frequency * times[:, None] + phases)
    frames = tuple(
        Frame(k, np.stack([np.arange(4) * 3.0 + one, one * 0, one * 0], axis=1), np.full(4, 14),
              columns=MappingProxyType({}))
        for k, one in enumerate(swing)
    )  # fmt: skip
    run = Trajectory.whole("swing", made.FramesInMemory(frames))
    return replace(run, clock=Clock(Source.USER, "said", interval=step))


def test_that_an_oscillator_has_its_frequency() -> None:
    result = found("vibrations", oscillators(5.0))
    assert result.summary["peak_THz"] == pytest.approx(5.0, abs=0.02)
    x, y = result.arrays["frequency"], result.arrays["dos"]
    assert np.trapezoid(y, x) == pytest.approx(1.0)
    times, vacf = result.arrays["time"], result.arrays["vacf"]
    assert np.allclose(vacf, np.cos(2 * np.pi * 5.0 * times), atol=0.02)


def test_that_what_stands_still_is_refused() -> None:
    still = run_of(np.zeros((20, 3, 3)) + np.arange(3)[:, None])
    with pytest.raises(AnalysisProblem, match="no atom moves"):
        found("vibrations", still, mobile="element == 'Li'")
