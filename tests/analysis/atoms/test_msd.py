"""Diffusion against random walks, published numbers and cells that breathe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.diffusion import (
    einstein_fit,
    fit_between,
    relative_error,
    square_displacements,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made

MSD = ANALYSES["msd"]
HOP, RATE = 2.0, 0.5  # A, 1/ps


def walkers(n: int = 400, m: int = 400, axes: Sequence[int] = (0, 1, 2), seed: int = 3) -> Any:
    """(m, n, 3) lattice walks: each ps an atom hops with probability RATE along one of the axes."""
    rng = np.random.default_rng(seed)
    steps = np.zeros((m, n, 3))
    hops = rng.random((m, n)) < RATE
    axis, sign = rng.choice(axes, (m, n)), rng.choice((-1.0, 1.0), (m, n))
    frame, atom = np.nonzero(hops)
    steps[frame, atom, axis[hops]] = HOP * sign[hops]
    steps[0] = rng.integers(0, 10, (n, 3)) * HOP
    return np.cumsum(steps, axis=0)


def run_of(
    places: Any, side: float = 20.0, breath: float = 0.0, drift: float = 0.0, wrap: bool = True
) -> Trajectory:
    """A run of lithium (the places) in a framework of oxygen that drifts; times are in ps."""
    m, n = places.shape[:2]
    oxygen = np.random.default_rng(1).random((m, 50, 3)) * 0.2 + np.arange(50)[:, None] % 7
    frames = []
    for k in range(m):
        scale = 1 + breath * np.sin(k)
        all_of_it = (np.concatenate([places[k], oxygen[k]]) + drift * k) * scale
        if wrap:
            all_of_it = all_of_it % (side * scale)
        numbers = np.repeat([3, 8], [n, 50])
        cell = np.eye(3) * side * scale
        frames.append(Frame(k, all_of_it, numbers, cell, (True, True, True)))
    whole = Trajectory.whole("walk", made.FramesInMemory(tuple(frames)))
    return replace(whole, clock=Clock(Source.USER, "said", interval=1.0))


def found(run: Trajectory, **params: object) -> Result:
    return MSD.run(Inputs(trajectory=run), MSD.params(**params), Progress())


def test_that_a_random_walk_diffuses_by_a_squared_rate_over_six() -> None:
    about = found(run_of(walkers()), hop=HOP).summary
    expected = HOP**2 * RATE / 6 * 1e-4  # cm2/s from A2/ps
    assert about["diffusivity_cm2_s"] == pytest.approx(expected, rel=0.06)
    assert about["haven_ratio"] == pytest.approx(1.0, abs=0.9)  # walkers do not know each other
    assert about["n_atoms"] == 400
    assert about["block_std"] < 0.1 * expected
    assert about["carriers_per_cm3"] == pytest.approx(400 / 20**3 * 1e24)
    assert about["bayes_low"] < expected < about["bayes_high"]
    assert about["bayes_mean"] == pytest.approx(expected, rel=0.03)


def test_that_channels_diffuse_in_one_dimension() -> None:
    run = run_of(walkers(axes=[2]))
    along = found(run, directions="z").summary
    assert along["diffusivity_cm2_s"] == pytest.approx(HOP**2 * RATE / 2 * 1e-4, rel=0.08)
    assert along["dimension"] == 1
    asked = found(run, dimension=1).summary
    assert asked["diffusivity_cm2_s"] == pytest.approx(along["diffusivity_cm2_s"], rel=0.02)
    assert found(run, directions="xy").summary["refused"].startswith("not enough hops")


def test_that_fewer_frames_than_blocks_are_refused_in_one_sentence() -> None:
    result = found(run_of(walkers(n=20, m=4)), blocks=10)
    assert result.notes[-1].startswith("not enough hops: the window of the fit holds ")
    assert result.notes[-1].endswith(" of 3 lags, 2 are needed")
    assert result.summary["diffusivity_cm2_s"] is None
    assert result.summary["block_std"] is None
    assert result.tables["blocks"]["diffusivity"] == []
    for draw in MSD.plots.values():
        assert "not enough hops" in draw(Inputs(), MSD.params(blocks=10), result).status


def test_that_the_drift_of_the_framework_and_the_breath_of_the_cell_move_nothing() -> None:
    still = found(run_of(walkers(n=100, m=120))).arrays["msd"]
    drifting = found(run_of(walkers(n=100, m=120), drift=0.4)).arrays["msd"]
    assert np.allclose(drifting, still, rtol=0.02, atol=0.1)
    breathing = found(run_of(walkers(n=100, m=120), breath=0.03)).arrays["msd"]
    assert np.allclose(breathing, still, rtol=0.03, atol=0.2)
    assert found(run_of(walkers(n=100, m=120), drift=0.4), drift="none").arrays["msd"][-1] > 5000


def test_that_image_flags_are_believed_and_long_steps_refused() -> None:
    places = walkers(n=60, m=100) * 3.0
    run = run_of(places)  # hops of 6 A in a cell of 20 A are sure, those of 9 A are not
    about = found(run, hop=6.0).summary
    assert about["diffusivity_cm2_s"] == pytest.approx(36 * RATE / 6 * 1e-4, rel=0.3)
    long = run_of(walkers(n=60, m=100) * 4.5)
    with pytest.raises(AnalysisProblem, match="nearest image is not sure"):
        found(long)
    frames = []
    for k in range(100):
        frame = long.frame(k)
        true = np.concatenate([walkers(n=60, m=100)[k] * 4.5, frame.positions[60:]])
        images = np.rint((true - frame.positions) / 20.0)
        frames.append(replace(frame, columns=MappingProxyType({"image": images})))
    flagged = replace(long, source=made.FramesInMemory(tuple(frames)))
    assert found(flagged).summary["diffusivity_cm2_s"] == pytest.approx(
        81 * RATE / 6 * 1e-4, rel=0.3
    )


def test_that_an_unknown_time_is_refused_with_the_reason() -> None:
    run = replace(run_of(walkers(n=5, m=9)), clock=Clock())
    with pytest.raises(AnalysisProblem, match="does not say when"):
        found(run)


def test_that_charges_that_move_together_have_a_small_haven_ratio() -> None:
    places = np.repeat(walkers(n=1, m=300), 20, axis=1) + np.arange(20)[:, None]
    about = found(run_of(places)).summary
    assert about["haven_ratio"] == pytest.approx(1 / 20, rel=1e-6)


def test_that_there_is_no_current_where_all_atoms_are_mobile() -> None:
    about = found(run_of(walkers(n=50, m=100)), mobile="id >= 0").summary
    assert (about["haven_ratio"], about["collective_cm2_s"]) == (None, None)
    assert found(run_of(walkers(n=50, m=100)), mobile="id >= 0", drift="none").summary[
        "haven_ratio"
    ]


def test_that_the_window_can_be_set_and_dragged() -> None:
    inputs = Inputs(trajectory=run_of(walkers(n=50, m=100)))
    params = MSD.params(fit_from=10.0, fit_to=40.0)
    result = MSD.run(inputs, params, Progress())
    assert (result.summary["first_lag"], result.summary["last_lag"]) == (10, 40)
    dragged = MSD.edits["place"](inputs, params, result, 1, 61.3, 0.0).params
    assert (dragged.fit_from, dragged.fit_to) == (10.0, 61.0)


@given(st.integers(2, 40), st.integers(1, 4), st.integers(0, 1000))
def test_that_transforms_give_the_direct_sum(m: int, n: int, seed: int) -> None:
    places = np.cumsum(np.random.default_rng(seed).normal(size=(m, n, 3)), axis=0) + 50.0
    direct = [np.mean((places[k:] - places[: m - k]) ** 2, axis=(0, 1)) for k in range(m)]
    assert np.allclose(square_displacements(places), direct, atol=1e-8)


def test_that_the_published_displacement_gives_the_published_coefficient(shared_data: Path) -> None:
    file = shared_data / "tables" / "aimd" / "msd-t.csv"
    columns = np.genfromtxt(file, delimiter=",", skip_header=1).T
    times = columns[0] / 1000
    fit = einstein_fit(times, columns[1], 5.12, 0.5)
    assert fit.slope / 6 * 1e-4 == pytest.approx(7.601750e-5, abs=5e-12)
    parts = [fit_between(times, one, fit.first, fit.last).slope / 2 * 1e-4 for one in columns[2:]]
    assert parts == pytest.approx([8.085e-5, 6.223e-5, 8.497e-5], abs=5e-9)


def test_that_the_relative_error_is_that_of_the_paper() -> None:
    assert relative_error(100.48841284) == pytest.approx(0.3821654, abs=1e-7)
    assert relative_error(0.0) == np.inf
