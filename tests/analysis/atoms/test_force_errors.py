"""Errors of forces against known answers, and what their plots do when they are clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.frames import force_error
from mlipviewer.analysis.methods.force_scores import angles, dnac, scores, size_errors
from mlipviewer.cli import main
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.plot import Points, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session.opening import open_path
from mlipviewer.session.panels import new_panel, params_of, plot_panel
from mlipviewer.session.state import Document, State
from tests import made
from tests.analysis.atoms.hop_walks import run_of, walk
from tests.io.test_force_sets import N, sizes, write_set

FORCE_ERRORS = ANALYSES["force-errors"]


def found(inputs: Inputs, **params: object) -> Result:
    return FORCE_ERRORS.run(inputs, FORCE_ERRORS.params(**params), Progress())


@pytest.mark.parametrize(
    ("errors", "limit", "answer"),
    [
        ([0.0, 0.0], 1.0, 0.0),
        ([1.1, 7.0], 1.0, 1.0),
        ([1.0], 1.0, 1 - 0.5 / 49),
        ([30.0], 60.0, 0.5),
        ([0.25], 1.0, 0.255102),
        (np.arange(1, 10) / 10, 1.0, 0.5),
    ],
    ids=[
        "all errors 0",
        "all errors beyond X",
        "a single error of X",
        "a single error of half X",
        "a single error of 0.25: the grid",
        "errors 0.1 to 0.9",
    ],
)
def test_that_dnac_is_summed_over_50_points(errors: Any, limit: float, answer: float) -> None:
    assert dnac(np.asarray(errors, float), limit) == pytest.approx(answer, abs=1e-6)


def test_that_dnac_of_nothing_is_nothing() -> None:
    assert np.isnan(dnac(np.array([np.nan]), 1.0))
    assert scores(np.empty((0, 3)), np.empty((0, 3)), 0.1).n_atoms == 0


def test_that_opposite_longer_and_perpendicular_forces_have_their_known_errors() -> None:
    force = 0.3 * np.array([[1.0, 0.0, 0.0], [0.0, 0.6, 0.8]])
    opposite = scores(-force, force, 0.1)
    assert (opposite.dnac_force, opposite.dnac_angle) == (0.0, 1.0)
    assert angles(-force, force) == pytest.approx([180.0, 180.0])
    assert size_errors(2 * force, force) == pytest.approx([0.3, 0.3])
    assert angles(2 * force, force) == pytest.approx([0.0, 0.0], abs=1e-5)
    across = scores(0.3 * np.array([[0.0, 1.0, 0.0]]), force[:1], 0.1)
    assert across.sigma_force == pytest.approx(0.0, abs=1e-15)
    assert across.rmse == pytest.approx(0.3 * np.sqrt(2 / 3))


def test_that_a_force_of_zero_has_no_direction_and_small_ones_are_counted() -> None:
    reference = np.array([[0.0, 0, 0], [0.05, 0, 0], [1, 0, 0]])
    assert np.isnan(angles(np.ones((3, 3)), reference)[0])
    of = scores(np.ones((3, 3)), reference, 0.1)
    assert (of.n_atoms, of.n_below) == (3, 2)
    assert of.dnac_angle_above == pytest.approx(dnac(np.array([54.7356]), 60.0))


@pytest.fixture
def made_set(tmp_path: Path) -> Trajectory:
    thing = open_path(str(write_set(tmp_path))).thing
    assert isinstance(thing, Trajectory)
    return thing


def test_that_rare_event_atoms_are_scored_by_the_roles_of_columns(made_set: Trajectory) -> None:
    result = found(Inputs(trajectory=made_set))
    assert result.summary["group"] == "rare events"
    assert result.summary["n_atoms"] == N
    table = result.tables["scores"]
    assert table["group"] == ["all atoms", "rare events"]
    assert table["n_atoms"] == [sum(sizes()), N]
    difference = result.arrays["predicted"] - result.arrays["reference"]
    assert np.allclose(difference, [0.1, 0.0, 0.0])
    assert result.summary["rmse"] == pytest.approx(0.1 / np.sqrt(3))
    assert result.tables["worst"]["error"] == pytest.approx([0.1] * N)


def test_that_the_published_scores_are_reproduced(shared_data: Path) -> None:
    sets = shared_data / "mlip_datasets" / "silicon_mlip_datasets"
    run = open_path(str(sets / "Interstitial-RE_Testing_Set" / "DATA.json")).thing
    assert isinstance(run, Trajectory)
    about = found(Inputs(trajectory=run)).summary
    assert about["n_atoms"] == 177
    assert about["dnac_force"] == pytest.approx(0.195261155309581, abs=1e-10)
    assert about["dnac_angle"] == pytest.approx(0.224259195203505, abs=1e-10)
    assert about["sigma_force"] == pytest.approx(0.2478159109, abs=1e-10)
    result = found(Inputs(trajectory=run), forces="DFT_K2_forces")
    assert result.tables["scores"]["rmse"][0] == pytest.approx(0.0179, abs=5e-5)
    coarse = found(Inputs(trajectory=run)).tables["scores"]
    assert coarse["rmse"][0] == pytest.approx(0.1287, abs=5e-5)
    shares = [coarse[name][1] for name in ("share_force", "share_15", "share_30")]
    assert shares == pytest.approx([0.0508, 0.2938, 0.0791], abs=5e-5)


def shuffled(trajectory: Trajectory, name: str, by: float = 0.0) -> Trajectory:
    """The same frames with the atoms in another order and only the reference forces."""

    def other(frame: Frame) -> Frame:
        order = np.random.default_rng(frame.index + 99).permutation(frame.n_atoms)
        columns: Mapping[str, Any] = {"forces": frame.columns["ref_forces"][order] + by}
        return replace(
            frame,
            positions=frame.positions[order],
            numbers=frame.numbers[order],
            ids=frame.atom_ids[order],
            columns=MappingProxyType(columns),
        )

    frames = tuple(other(trajectory.frame(k)) for k in range(trajectory.n_frames))
    return Trajectory.whole(name, made.FramesInMemory(frames, name))


def test_that_two_files_are_matched_by_id(tmp_path: Path) -> None:
    del tmp_path
    run = made.trajectory(error=0.1)
    other = shuffled(run, "reference")
    own = found(Inputs(trajectory=run))
    by_file = found(Inputs(trajectory=run, reference=other))
    assert by_file.summary == own.summary
    beside = found(Inputs(trajectory=run, beside={"reference": other}), reference_run="reference")
    assert beside.summary == own.summary
    alone = shuffled(run, "model", by=0.1)
    pair = found(Inputs(trajectory=alone, beside={"reference": other}))
    assert pair.summary["rmse"] == pytest.approx(0.1)


def moved(run: Trajectory) -> Trajectory:
    frames = [run.frame(k) for k in range(run.n_frames)]
    moved = frames[2].positions.copy()
    moved[4] += [0.5, 0, 0]
    frames[2] = replace(frames[2], positions=moved)
    return Trajectory.whole(run.name, made.FramesInMemory(tuple(frames), run.name))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda run: replace(run, frames=range(3)), "8 frames, .* 3"),
        (moved, "not the same structure: atom .* 0.5 Å apart"),
        (lambda run: made.trajectory("reference", n_atoms=8), "27 and 8 atoms"),
    ],
)
def test_that_files_of_other_structures_are_refused(spoil: Any, said: str) -> None:
    run = made.trajectory()
    with pytest.raises(AnalysisProblem, match=said):
        found(Inputs(trajectory=run, reference=spoil(shuffled(run, "reference"))))


def test_that_a_missing_column_is_named() -> None:
    with pytest.raises(AnalysisProblem, match="no column 'dft'"):
        found(Inputs(trajectory=made.trajectory()), reference_forces="dft")


def test_that_several_models_have_a_spread() -> None:
    run, other = made.trajectory("a", error=0.1), made.trajectory("b", error=0.3)
    about = found(Inputs(trajectory=run, beside={"b": other})).summary
    assert about["spread_mean"] == pytest.approx(0.1)  # half of the distance, by 1/N
    assert about["spread_max"] == pytest.approx(0.1)


def test_that_chosen_atoms_and_a_condition_are_groups_of_their_own() -> None:
    inputs = Inputs(trajectory=made.trajectory(), atoms=rows([3, 4]))
    table = found(inputs, rare="element == 'Na'").tables["scores"]
    assert table["group"] == ["all atoms", "rare events", "selection"]
    assert table["n_atoms"] == [27 * 8, 5 * 8, 2 * 8]


def test_that_a_calculator_predicts() -> None:
    pytest.importorskip("ase")
    result = found(
        Inputs(trajectory=made.trajectory(n_frames=2)),
        calculator="ase.calculators.lj:LennardJones",
        settings='{"sigma": 2.0, "epsilon": 0.0}',
    )
    assert np.abs(result.arrays["predicted"]).max() == 0
    assert np.allclose(result.arrays["reference"].std(), 1.0, atol=0.3)


def test_that_one_frame_gets_columns_of_errors() -> None:
    frame = made.trajectory(error=0.2).frame(1)
    of = force_error.run(frame, force_error.ForceErrorParams(floor=1.5))
    assert np.allclose(of.columns["force_error"], 0.2)
    small = np.linalg.norm(frame.columns["ref_forces"], axis=1) < 1.5
    assert np.array_equal(np.isnan(of.columns["force_angle"]), small)
    assert of.values["rms_force_error"] == pytest.approx(0.2)
    with pytest.raises(AnalysisProblem, match="no column 'x'"):
        force_error.run(frame, force_error.ForceErrorParams("x"))


@pytest.mark.parametrize("name", ["Worst atoms", "Force parity", "Direction errors"])
def test_that_points_are_atoms_in_a_frame(name: str) -> None:
    inputs = Inputs(trajectory=made.trajectory())
    params = FORCE_ERRORS.params()
    plot = FORCE_ERRORS.plots[name](inputs, params, found(inputs))
    points = next(mark for mark in plot.marks if isinstance(mark, Points))
    assert points.space is Space.ATOM
    assert points.frames is not None
    assert len(points.frames) == len(points.rows) == len(points.x)
    assert "RMSE" in plot.status


def test_that_the_command_compares_two_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = made.write_extxyz(tmp_path / "model.xyz", error=0.2)
    truth = made.write_extxyz(tmp_path / "truth.xyz", error=0.0)
    other = made.write_extxyz(tmp_path / "other.xyz", n_frames=3)
    words = ["run", "force-errors", "--trajectory", str(model), "--reference"]
    assert main([*words, str(truth)]) == 0
    assert f"rmse: {0.2 / np.sqrt(3):.6f}" in capsys.readouterr().out
    assert main([*words, str(other)]) == 1
    assert "8 frames, other 3" in capsys.readouterr().err


def hopping_with_forces() -> tuple[Trajectory, set[tuple[int, int]]]:
    """Walkers whose predicted forces are wrong by 0.5 eV/A in the frames of their hops alone; and
    (frame, atom) of these."""
    places = walk(n=20, m=100, rate=0.02)
    run = run_of(places)
    frame, atom = np.nonzero(np.abs(np.diff(places, axis=0)).max(axis=2) > 1e-6)
    rare = {(int(k) + d, int(a)) for k, a in zip(frame, atom, strict=True) for d in (0, 1)}
    frames = []
    for k in range(run.n_frames):
        at = run.frame(k)
        reference = np.tile([1.0, 0.0, 0.0], (at.n_atoms, 1))
        predicted = reference.copy()
        predicted[[a for t, a in rare if t == k]] += [0.5, 0.0, 0.0]
        columns = MappingProxyType({"forces": predicted, "ref_forces": reference})
        frames.append(replace(at, columns=columns))
    return replace(run, source=made.FramesInMemory(tuple(frames))), rare


def test_that_atoms_in_the_middle_of_a_hop_are_those_of_rare_events() -> None:
    run, rare = hopping_with_forces()
    result = found(Inputs(trajectory=run), rare_by="hops", hops='{"dwell": 1}')
    assert result.summary["group"] == "rare events"
    assert result.summary["n_atoms"] == len(rare)
    assert result.summary["sigma_force"] == pytest.approx(0.5)
    of_all = found(Inputs(trajectory=run))
    assert of_all.summary["sigma_force"] < 0.2
    with pytest.raises(AnalysisProblem, match="dwell is not such as 5"):
        found(Inputs(trajectory=run), rare_by="hops", hops='{"dwell": "1"}')
    with pytest.raises(AnalysisProblem, match="are JSON with some of"):
        found(Inputs(trajectory=run), rare_by="hops", hops='{"frost": 1}')


def test_that_a_panel_takes_the_hops_of_the_open_panel() -> None:
    hops = plot_panel("hops", "Hops over time", "hops")
    hops = replace(hops, params=ANALYSES["hops"].params(dwell=1))
    errors = replace(new_panel(State(), "force-errors", "Worst atoms"), id="errors")
    state = State(Document(panels=(hops, errors)))
    assert '"dwell": 1' in params_of(state, errors).hops  # type: ignore[attr-defined]
