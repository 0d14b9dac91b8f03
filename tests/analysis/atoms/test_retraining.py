"""Before and after retraining, and errors of energies, against known answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Result
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.opening import open_path
from tests import made

RETRAINING, ENERGIES = ANALYSES["retraining"], ANALYSES["energy-errors"]


def found(analysis: Analysis, inputs: Inputs, **params: object) -> Result:
    return analysis.run(inputs, analysis.params(**params), Progress())


def changed(run: Trajectory, of: Any) -> Trajectory:
    """The run with what `of` makes of each frame."""
    frames = tuple(of(run.frame(k)) for k in range(run.n_frames))
    return Trajectory.whole(run.name, made.FramesInMemory(frames, run.name))


def with_columns(run: Trajectory, **errors: float) -> Trajectory:
    """Columns NAME_forces that are off by so much along z."""

    def of(frame: Any) -> Any:
        reference = frame.columns["ref_forces"]
        more = {f"{n}_forces": reference + np.array([0.0, 0.0, e]) for n, e in errors.items()}
        return replace(frame, columns=MappingProxyType({"ref_forces": reference, **more}))

    return changed(run, of)


def test_that_two_columns_are_before_and_after() -> None:
    run = with_columns(made.trajectory(), gap=0.4, mace=0.1)
    result = found(RETRAINING, Inputs(trajectory=run))
    about = result.summary
    assert result.names == ("gap_forces", "mace_forces")
    assert about["share_better"] == 1.0
    assert (about["n_before"], about["n_after"], about["n_frames"]) == (1, 1, 8)
    alone = ANALYSES["force-errors"]
    for name, column in (("before", "gap_forces"), ("after", "mace_forces")):
        one = found(alone, Inputs(trajectory=run), forces=column).summary
        assert about[f"dnac_force_{name}"] == pytest.approx(one["dnac_force"], abs=1e-12)
        assert about[f"dnac_angle_{name}"] == pytest.approx(one["dnac_angle"], abs=1e-12)
        assert about[f"sigma_force_{name}"] == pytest.approx(one["sigma_force"], abs=1e-12)
    assert about["dnac_force_low"] < about["dnac_force_change"] < about["dnac_force_high"] < 0
    back = found(RETRAINING, Inputs(trajectory=run), after="gap_forces").summary
    assert back["dnac_force_change"] == pytest.approx(-about["dnac_force_change"])


def test_that_groups_are_taken_together_and_those_that_got_worse_are_listed() -> None:
    run = with_columns(made.trajectory(), a=0.1, b=0.3, c=0.5)
    result = found(
        RETRAINING, Inputs(trajectory=run), before="a_forces, b_forces", after="c_forces", worst=3
    )
    assert result.arrays["before"] == pytest.approx(0.2)
    assert result.arrays["after"] == pytest.approx(0.5)
    assert result.tables["atoms"]["change"] == pytest.approx([0.3] * 3)
    assert result.summary["share_better"] == 0.0
    assert result.names == ("2 models", "c_forces")


def test_that_one_prediction_is_not_enough() -> None:
    run = with_columns(made.trajectory(), a=0.1)
    with pytest.raises(AnalysisProblem, match="two predictions of forces are needed"):
        found(RETRAINING, Inputs(trajectory=run))


def with_energies(run: Trajectory, apart: Any) -> Trajectory:
    def of(frame: Any) -> Any:
        info = {"REF_energy": -3.0 * frame.n_atoms + 0.01 * frame.index}
        info["energy"] = info["REF_energy"] + apart(frame)
        return replace(frame, info=MappingProxyType(info))

    return changed(run, of)


def test_that_energies_are_compared_by_atom_after_their_zeros() -> None:
    run = with_energies(made.trajectory(), lambda frame: 27 * (5.0 + 0.001 * (frame.index == 6)))
    plain = found(ENERGIES, Inputs(trajectory=run), zero="nothing").summary
    assert plain["mae"] == pytest.approx(5000 + 1 / 8)
    result = found(ENERGIES, Inputs(trajectory=run))
    about = result.summary
    assert about["offset"] == pytest.approx(5 + 0.001 / 8)
    assert about["largest"] == pytest.approx(7 / 8)
    assert about["rmse"] == pytest.approx(np.sqrt(7) / 8)
    assert result.tables["worst"]["frame"][0] == 6


def test_that_each_element_may_have_its_zero() -> None:
    def sized(frame: Any) -> Any:
        return replace(frame, numbers=np.where(np.arange(27) < frame.index, 11, 3))

    def apart(frame: Any) -> float:
        return float(2.0 * (frame.numbers == 3).sum() - (frame.numbers == 11).sum())

    run = with_energies(changed(made.trajectory(), sized), apart)
    result = found(ENERGIES, Inputs(trajectory=run), zero="elements")
    assert result.summary["rmse"] == pytest.approx(0.0, abs=1e-9)
    assert result.tables["zeros"]["element"] == ["Li", "Na"]
    assert result.tables["zeros"]["zero"] == pytest.approx([2.0, -1.0])


def test_that_frames_without_energies_are_counted_and_none_is_refused() -> None:
    run = made.trajectory()
    with pytest.raises(AnalysisProblem, match="no frame has a predicted and a reference energy"):
        found(ENERGIES, Inputs(trajectory=run))
    half = with_energies(run, lambda frame: 1.0 if frame.index % 2 else float("nan"))
    result = found(ENERGIES, Inputs(trajectory=half))
    assert (result.summary["n_frames"], result.notes) == (
        4,
        ("4 frames without both energies are left out",),
    )


def test_that_a_calculator_predicts_energies() -> None:
    run = with_energies(made.trajectory(n_frames=3), lambda frame: 1.0)
    given = {"calculator": "ase.calculators.lj:LennardJones", "settings": '{"epsilon": 0.0}'}
    about = found(ENERGIES, Inputs(trajectory=run), zero="nothing", **given).summary
    assert about["mae"] == pytest.approx(3000 - 0.01 / 27 * 1e3)


def test_that_the_published_energies_differ_as_they_should(shared_data: Path) -> None:
    sets = shared_data / "mlip_datasets" / "silicon_mlip_datasets"
    run = open_path(str(sets / "Interstitial-RE_Testing_Set" / "DATA.json")).thing
    assert isinstance(run, Trajectory)
    about = found(ENERGIES, Inputs(trajectory=run), zero="nothing").summary
    assert about["rmse"] == pytest.approx(0.58, abs=0.005)
    change = found(
        RETRAINING, Inputs(trajectory=run), before="DFT_K1_forces", after="DFT_K2_forces"
    ).summary
    assert change["dnac_force_before"] == pytest.approx(0.195261155309581, abs=1e-10)
    assert change["dnac_angle_before"] == pytest.approx(0.224259195203505, abs=1e-10)
    assert change["dnac_force_high"] < -0.1
