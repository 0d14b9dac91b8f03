"""Free energies of distributions that are known, and drifting runs that are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Temperature
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource

PROFILE = ANALYSES["free-energy"]
KT = 8.617333262e-5 * 600


def run_of(values: Any, kelvin: float | None = 600.0, temperature: float = 0.0) -> Trajectory:
    frames = []
    for i, value in enumerate(np.asarray(values, float)):
        info = {"order": float(value.ravel()[0])}
        if temperature:
            info["Temperature"] = temperature
        n = value.size
        frames.append(
            Frame(i, np.zeros((n, 3)), np.full(n, 3), columns={"q": value.ravel()}, info=info)
        )
    source = MemorySource("run", "memory", frames)
    return Trajectory("run", source, range(len(frames)), temperature=Temperature(kelvin))


def profile(trajectory: Trajectory, **params: Any) -> Result:
    return PROFILE.run(Inputs(trajectory=trajectory), PROFILE.params(**params), Progress())


def double_well(n: int, seed: int = 0) -> Any:
    """Samples of exp(-U/kT) with U = 3 kT (x^4 - 2 x^2): wells at -1 and 1, a barrier of 3 kT."""
    x = np.linspace(-2, 2, 4001)
    share = np.exp(-3 * (x**4 - 2 * x**2))
    return np.random.default_rng(seed).choice(x, n, p=share / share.sum())


def test_that_a_double_well_has_its_barrier() -> None:
    result = profile(run_of(double_well(20_000)), quantity="order", bins=30)
    assert result.summary["barrier"] == pytest.approx(3 * KT, rel=0.1)
    assert abs(abs(float(result.summary["minimum"] or 0)) - 1) < 0.15
    assert result.summary["temperature"] == 600.0


def test_that_a_harmonic_well_is_a_parabola_within_its_errors() -> None:
    sigma = 0.3
    values = np.random.default_rng(1).normal(2.0, sigma, 20_000)
    result = profile(run_of(values), quantity="order", bins=25)
    table = {name: np.array(column) for name, column in result.tables["profile"].items()}
    often = table["count"] > 300
    known = KT * (table["x"] - 2.0) ** 2 / (2 * sigma**2)
    apart = table["free energy"][often] - known[often]
    apart -= apart.mean()
    assert np.abs(apart).max() < 0.1 * KT
    assert (np.abs(apart) < 5 * table["error"][often] + 0.02 * KT).all()
    assert result.summary["barrier"] is None


def test_that_columns_of_atoms_count_too() -> None:
    values = double_well(400_000).reshape(200, 2000)
    result = profile(run_of(values), column="q", bins=30)
    assert result.summary["barrier"] == pytest.approx(3 * KT, rel=0.03)
    some = profile(run_of(values), column="q", among="id < 50", bins=30)
    assert sum(some.tables["profile"]["count"]) == 200 * 50


def test_that_the_temperature_is_that_of_the_frames_or_given() -> None:
    values = np.random.default_rng(1).normal(2.0, 0.3, 500)
    said = profile(run_of(values, None, 450.0), quantity="order")
    assert said.summary["temperature"] == pytest.approx(450.0)
    assert profile(run_of(values, None), kelvin=300.0).summary["temperature"] == 300.0
    with pytest.raises(AnalysisProblem, match="temperature is not known"):
        profile(run_of(values, None))


def test_that_a_drifting_run_is_refused_with_the_reason() -> None:
    values = np.random.default_rng(1).normal(0, 1, 1000)
    drifting = values + np.linspace(0, 5, 1000)
    with pytest.raises(AnalysisProblem, match=r"no free energy of order: it drifts: .*\(Geweke\)"):
        profile(run_of(drifting), quantity="order")
    settling = values + 8 * np.exp(-np.arange(1000) / 40)
    with pytest.raises(AnalysisProblem, match="drifts"):
        profile(run_of(settling), quantity="order")
    assert profile(run_of(settling), quantity="order", skip=0.3).summary["n_frames"] == 700
