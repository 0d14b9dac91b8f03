"""S(q) by two ways that know nothing of each other, and against crystals, gases and molecules."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods import fourier_sums
from mlipviewer.analysis.methods.fourier_sums import amplitudes, lengths, waves
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made

FACTOR = ANALYSES["structure-factor"]
PERIODIC = (True, True, True)


def run_of(*frames: Frame) -> Trajectory:
    return Trajectory.whole("run", made.FramesInMemory(frames, "run"))


def found(run: Trajectory, atoms: Any = None, **params: object) -> Result:
    inputs = Inputs(trajectory=run, atoms=atoms)
    return FACTOR.run(inputs, FACTOR.params(**params), Progress())


def spheres(n: int, side: float, apart: float, seed: int) -> Any:
    """(n, 3) places drawn at random, none nearer than `apart` to another: a dense gas."""
    rng = np.random.default_rng(seed)
    kept = np.empty((0, 3))
    while len(kept) < n:
        one = rng.uniform(0, side, 3)
        far = kept - one
        far -= side * np.round(far / side)
        if not len(kept) or (far**2).sum(axis=1).min() > apart**2:
            kept = np.vstack([kept, one])
    return kept


@lru_cache
def liquid(seed: int, n: int = 300, side: float = 18.1) -> Frame:
    numbers = np.where(np.arange(n) % 4, 11, 17)
    return Frame(seed, spheres(n, side, 2.3, seed), numbers, np.eye(3) * side, PERIODIC)


@pytest.mark.parametrize("pair", [("*", "*"), ("Na", "Na"), ("Na", "Cl")])
def test_that_waves_and_pairs_agree(pair: tuple[str, str]) -> None:
    run = run_of(*(liquid(k) for k in range(4)))
    of = found(run, centre=pair[0], neighbour=pair[1], largest=8.0, bins=40, waves=500)
    q, waved, paired = (of.arrays[name] for name in ("q", "waves", "pairs"))
    seen = (q > 1.0) & np.isfinite(waved)
    assert seen.sum() > 30
    assert np.abs(waved - paired)[seen].max() < 0.12
    assert np.sqrt(((waved - paired)[seen] ** 2).mean()) < 0.045
    assert np.corrcoef(waved[seen], paired[seen])[0, 1] > 0.98


def test_that_partial_factors_add_up_to_the_whole() -> None:
    run = run_of(liquid(1))
    ask: dict[str, Any] = {"largest": 6.0, "bins": 30, "waves": 200}
    whole = found(run, **ask).arrays["waves"]
    parts = {
        (a, b): found(run, centre=a, neighbour=b, **ask).arrays["waves"]
        for a in ("Na", "Cl")
        for b in ("Na", "Cl")
    }
    shares = {"Na": 0.75, "Cl": 0.25}
    total = sum(np.sqrt(shares[a] * shares[b]) * one for (a, b), one in parts.items())
    assert np.allclose(total, whole, equal_nan=True)


def test_that_a_crystal_has_n_at_its_reflections_and_nothing_between() -> None:
    a, side = 4.0, 5
    sites = np.stack(np.meshgrid(*(np.arange(side),) * 3, indexing="ij"), -1).reshape(-1, 3)
    numbers = np.full(side**3, 29)
    run = run_of(Frame(0, sites * a, numbers, np.eye(3) * a * side, PERIODIC))
    of = found(run, largest=1.7, bins=170, waves=10_000)
    q, waved = of.arrays["q"], of.arrays["waves"]
    first = np.abs(q - 2 * np.pi / a).argmin()
    assert waved[first] == pytest.approx(side**3 * 3 / 15)  # 5 0 0 has the length of 3 4 0
    others = np.isfinite(waved) & (np.abs(q - 2 * np.pi / a) > 0.02)
    assert np.abs(waved[others]).max() < 1e-9
    assert of.summary["smallest_q"] == pytest.approx(2 * np.pi / (a * side), abs=0.01)


def test_that_a_gas_has_one_everywhere() -> None:
    rng = np.random.default_rng(2)
    frames = [
        Frame(k, rng.uniform(0, 30, (800, 3)), np.full(800, 18), np.eye(3) * 30.0, PERIODIC)
        for k in range(4)
    ]
    of = found(run_of(*frames), largest=8.0, bins=40, waves=300)
    known = np.isfinite(of.arrays["waves"]) & (of.arrays["q"] > 0.5)
    assert of.arrays["waves"][known].mean() == pytest.approx(1.0, abs=0.02)
    assert of.arrays["pairs"][known].mean() == pytest.approx(1.0, abs=0.02)


def test_that_a_molecule_is_debyes_sum() -> None:
    places = np.array([[0.0, 0, 0], [2.0, 0, 0]])
    of = found(run_of(Frame(0, places, np.array([8, 8]))), largest=10.0, bins=50)
    q = of.arrays["q"]
    assert of.arrays["pairs"] == pytest.approx(1 + np.sin(2 * q) / (2 * q), abs=0.02)
    assert np.isnan(of.arrays["waves"]).all()
    assert "particle" in of.notes[0]


def test_that_waves_are_those_of_the_cell_each_once() -> None:
    cell = np.array([[5.0, 0, 0], [1, 6, 0], [0.5, -1, 7]])
    whole = waves(cell, 4.0, 10, 10_000)
    assert (lengths(whole, cell) <= 4.0).all()
    both = np.concatenate([whole, -whole])
    assert len(np.unique(both, axis=0)) == len(both)
    volume = abs(np.linalg.det(cell))
    assert len(both) == pytest.approx(4 / 3 * np.pi * 4.0**3 * volume / (2 * np.pi) ** 3, rel=0.05)
    one = np.array([[0.1, 0.2, 0.3]])
    q = 2 * np.pi * np.linalg.inv(cell) @ whole[3]
    assert amplitudes(whole[3:4], one, Progress())[0] == pytest.approx(
        np.exp(1j * q @ (one[0] @ cell))
    )


def test_that_a_huge_cell_has_few_waves_and_the_longest_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = np.diag([300.0, 280.0, 310.0])
    monkeypatch.setattr(fourier_sums, "LISTED", 20_000)
    whole = waves(cell, 6.0, 60, 20)
    sizes = lengths(whole, cell)
    counts = np.histogram(sizes, np.linspace(0, 6.0, 61))[0]
    assert counts.max() == 20
    assert (counts[1:] == 20).all()
    assert sizes.min() == pytest.approx(2 * np.pi / 310)
    both = np.concatenate([whole, -whole])
    assert len(np.unique(both, axis=0)) == len(both)


def test_that_chosen_atoms_and_a_window_of_frames_are_looked_at() -> None:
    run = run_of(liquid(1), liquid(2), liquid(3))
    of = found(run, atoms=rows(range(10)), begin=2, end=3, largest=3.0, bins=10, waves=3)
    assert (of.summary["n_frames"], of.summary["n_centres"]) == (2, 10)
    with pytest.raises(AnalysisProblem, match="frames 9 to 0 are none of the 3"):
        found(run, begin=9)
