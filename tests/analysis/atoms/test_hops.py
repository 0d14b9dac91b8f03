"""Hops against walkers of which all is known, noise that must not hop, and moved files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.timing import Clock, Source
from mlipviewer.core.trajectory import Frame, Trajectory
from tests import made
from tests.analysis.atoms.hop_walks import DIAMOND_EDGE, EDGE, SIDE, run_of, walk

HOPS = ANALYSES["hops"]


def found(run: Trajectory, reference: Trajectory | None = None, **params: Any) -> Result:
    given = {"mobile": "element == 'Li'", "dwell": 1, **params}
    inputs = Inputs(trajectory=run, reference=reference)
    return HOPS.run(inputs, HOPS.params(**given), Progress())


def true_hops(places: Any) -> set[tuple[int, int]]:
    """(atom, frame after the jump)."""
    frame, atom = np.nonzero(np.abs(np.diff(places, axis=0)).max(axis=2) > 1e-6)
    return set(zip(atom.tolist(), (frame + 1).tolist(), strict=True))


def test_that_a_walker_has_its_rate_residence_and_diffusion() -> None:
    places = walk(n=200, m=500, rate=0.05)
    result = found(run_of(places, interval=2.0))
    about: Any = result.summary
    assert about["n_sites"] == SIDE**3
    assert about["n_hops"] == len(true_hops(places))
    assert about["hop_rate"] == pytest.approx(0.05 / 2.0, abs=4 * about["hop_rate_error"])
    assert about["hop_rate_error"] < 0.02 * about["hop_rate"]
    assert about["mean_residence"] == pytest.approx(40.0, rel=0.06)
    assert about["hop_length"] == pytest.approx(EDGE, rel=1e-3)
    assert about["back_jump_fraction"] == pytest.approx(1 / 6, abs=0.02)
    assert about["correlation_factor"] == pytest.approx(
        1.0, abs=4 * about["correlation_factor_error"]
    )
    expected = EDGE**2 * 0.025 / 6 * 1e-4  # D = a^2 G / 6
    assert about["diffusivity_cm2_s"] == pytest.approx(expected, rel=0.4)


def test_that_events_say_who_hops_when_and_whereto() -> None:
    places = walk(n=30, m=200, rate=0.03)
    events = found(run_of(places)).tables["events"]
    seen = set(zip(events["atom"], events["end_frame"], strict=True))
    assert seen == true_hops(places)
    for atom, begin, end, *vector in zip(
        *(events[name] for name in ("atom", "begin_frame", "end_frame", "x", "y", "z")), strict=True
    ):
        assert end == begin + 1
        assert vector == pytest.approx((places[end, atom] - places[begin, atom]).tolist(), abs=1e-6)


def test_that_jumps_forced_back_have_their_correlation_factor() -> None:
    places = walk(n=400, m=1500, rate=0.1, back=0.5, seed=1)
    about: Any = found(run_of(places)).summary
    assert about["back_jump_fraction"] == pytest.approx(0.5 + 0.5 / 6, abs=0.01)
    assert about["one_step"] == pytest.approx((1 - 0.5) / (1 + 0.5), abs=0.01)
    assert about["correlation_factor"] == pytest.approx(
        1 / 3, abs=4 * about["correlation_factor_error"]
    )
    assert about["correlation_factor_error"] < 0.03


def test_that_the_diamond_lattice_is_found_from_the_density_and_as_ideal_lattice() -> None:
    places = walk(n=60, m=300, rate=0.05, diamond=True)
    edge = 2 * DIAMOND_EDGE
    result = found(run_of(places, edge=edge))
    about: Any = result.summary
    assert about["n_hops"] == len(true_hops(places))
    assert about["n_sites"] == 64
    assert about["hop_length"] == pytest.approx(EDGE, rel=1e-6)


def crystal(m: int, noise: float, seed: int = 0) -> Any:
    """(m, 63, 3) silicon with a vacancy, which a neighbour fills in the middle of the run."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(*(np.arange(2),) * 3, indexing="ij"), -1).reshape(-1, 3)
    fcc = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    basis = np.concatenate([fcc, fcc + 0.25])
    sites = (corners[:, None] + basis).reshape(-1, 3) * DIAMOND_EDGE
    atoms = np.tile(sites[1:], (m, 1, 1))  # the vacancy is at the first site
    neighbour = int(np.linalg.norm(sites[1:], axis=1).argmin())
    atoms[m // 2 :, neighbour] = sites[0]
    return atoms + rng.normal(0, noise, atoms.shape), neighbour


def alone(places: Any, edge: float = 2 * DIAMOND_EDGE) -> Trajectory:
    """A run of silicon alone."""
    numbers, cell = np.full(places.shape[1], 14), np.eye(3) * edge
    frames = tuple(
        Frame(k, at % edge, numbers, cell.copy(), (True, True, True)) for k, at in enumerate(places)
    )
    whole = Trajectory.whole("Si", made.FramesInMemory(frames))
    return Trajectory(whole.name, whole.source, whole.frames, Clock(Source.USER, "", 0.1))


@pytest.mark.parametrize("sites", ["density", "lattice"])
def test_that_a_vacancy_hop_in_silicon_is_one_event(sites: str) -> None:
    places, neighbour = crystal(60, 0.15)
    result = found(alone(places), sites=sites, mobile="", dwell=5, drift="all")
    assert result.summary["n_sites"] == 64
    assert result.tables["events"]["atom"] == [neighbour]
    assert result.tables["events"]["length"] == pytest.approx([EDGE], rel=0.05)
    begin, end = (result.tables["events"][name][0] for name in ("begin_frame", "end_frame"))
    assert begin < 30 <= end
    assert end - begin < 4


def test_that_thermal_noise_makes_no_hops() -> None:
    still = walk(n=64, m=300, rate=0.0)
    for noise in (0.1, 0.3):
        assert found(run_of(still, noise=noise), dwell=3).summary["n_hops"] == 0


def test_that_noise_leaves_the_hops_as_they_are() -> None:
    places = walk(n=100, m=300, rate=0.01)
    quiet = found(run_of(places), dwell=5)
    noisy = found(run_of(places, noise=0.25), dwell=5)
    assert noisy.summary["n_hops"] == pytest.approx(quiet.summary["n_hops"], rel=0.03)


def test_that_a_short_look_at_the_next_site_is_no_hop() -> None:
    places = walk(n=10, m=100, rate=0.0)
    places[40:43, 0, 0] += EDGE
    run = run_of(places)
    reference = run_of(walk(n=600, m=1, rate=0.0))  # every site is there
    assert found(run, reference, dwell=4, site_atoms="element == 'Li'").summary["n_hops"] == 0
    there = found(run, reference, dwell=3, site_atoms="element == 'Li'")
    assert there.tables["events"]["end_frame"] == [40, 43]
    assert there.tables["events"]["back"] == [False, True]
    assert there.summary["wait_back"] == pytest.approx(3.0)


def test_that_voronoi_corners_of_the_framework_are_sites() -> None:
    places = walk(n=8, m=20, rate=0.0) * 0 + EDGE * SIDE * 0.35
    result = found(run_of(places), sites="voronoi")
    assert result.summary["n_sites"] == 8  # the centres between a cubic framework
    assert sum(result.tables["sites"]["occupancy"]) == pytest.approx(8.0)


def test_that_the_space_group_of_the_framework_makes_sites_that_nobody_visits() -> None:
    edge = EDGE * SIDE
    centre, side = np.array([0.35, 0.35, 0.35]) * edge, np.array([0.35, 0.1, 0.1]) * edge
    rng = np.random.default_rng(0)
    noisy = centre + np.array([0.2, 0.1, 0.0]) + rng.normal(0, 0.1, (80, 1, 3))
    result = found(run_of(noisy), sites="symmetry")
    assert result.summary["n_sites"] == 8  # the centres of the cubes of the framework
    shift = np.array([0.3, 0.4, 0.5])
    places = np.array([result.tables["sites"][name] for name in "xyz"]).T - shift
    expected = np.array(
        [[x, y, z] for x in (0.35, 0.85) for y in (0.35, 0.85) for z in (0.35, 0.85)]
    )
    apart = places[:, None] / edge - expected
    apart -= np.round(apart)
    assert np.linalg.norm(apart, axis=2).min(axis=0).max() * edge < 1e-3
    both = np.stack([centre, side]) + rng.normal(0, 0.05, (80, 2, 3))
    assert found(run_of(both), sites="symmetry").summary["n_sites"] == 8 + 24
    assert found(run_of(both), sites="density").summary["n_sites"] == 2


def test_that_hops_through_the_boundary_of_a_small_cell_are_seen() -> None:
    places = walk(n=20, m=200, rate=0.05)
    # one site in the cell: all hops are from it to its own images, which image flags tell
    result = found(run_of(places, edge=EDGE, images=True))
    assert result.summary["n_sites"] == 1
    assert result.summary["n_hops"] == len(true_hops(places))
    assert result.summary["back_jump_fraction"] == pytest.approx(1 / 6, abs=0.1)
    # three along each edge, by the nearest images
    assert found(run_of(places, edge=3 * EDGE)).summary["n_hops"] == len(true_hops(places))


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    shift=st.tuples(*(st.floats(-20, 20),) * 3),
    wrap=st.booleans(),
    breath=st.sampled_from([0.0, 0.01]),
)
def test_that_a_turned_moved_wrapped_or_breathing_file_has_the_same_hops(
    seed: int, shift: tuple[float, float, float], wrap: bool, breath: float
) -> None:
    places = walk(n=20, m=120, rate=0.05)
    turn = Rotation.random(random_state=seed).as_matrix()
    first = found(run_of(places, noise=0.1)).tables["events"]
    moved = run_of(places, noise=0.1, shift=shift, turn=turn, wrap=wrap, breath=breath)
    second = found(moved).tables["events"]
    for name in ("atom", "begin_frame", "end_frame", "back"):
        assert first[name] == second[name]
    vectors = [np.stack([one[k] for k in "xyz"], axis=1) for one in (first, second)]
    assert vectors[0] @ turn == pytest.approx(vectors[1], abs=0.05)


def test_that_it_asks_for_what_it_lacks_in_one_sentence() -> None:
    places = walk(n=10, m=20)
    with pytest.raises(AnalysisProblem, match="no diamond lattice"):
        found(run_of(places), sites="lattice", lattice="diamond")
    with pytest.raises(AnalysisProblem, match="there is no framework"):
        found(run_of(places), sites="voronoi", mobile="element != 'X'")
    with pytest.raises(AnalysisProblem, match="no framework with a symmetry"):
        found(run_of(places), sites="symmetry", mobile="element != 'X'")
    with pytest.raises(AnalysisProblem, match="not that of the run"):
        found(run_of(places), run_of(places, edge=50.0))
    with pytest.raises(AnalysisProblem, match="lower `least`"):
        found(run_of(walk(n=1, m=200, rate=0.9)), least=1.0)


def test_that_it_can_be_stopped_while_it_looks_for_sites() -> None:
    reports: list[int] = []

    class Impatient(Progress):
        def step(self, done: int, total: int) -> None:
            reports.append(done)
            if len(reports) > 450:
                self.stop()
            super().step(done, total)

    run = run_of(walk(n=10, m=400))
    with pytest.raises(Cancelled):
        HOPS.run(Inputs(trajectory=run), HOPS.params(), Impatient())
