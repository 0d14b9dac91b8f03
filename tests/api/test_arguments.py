"""What `mlipviewer.run` is given is taken, or told: arguments, values of parameters, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlipviewer
from tests import made


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("doas", {"atoms": "element == 'Na'"}),
        ("doas", {"atoms": [1]}),
        ("series", {"where": "e0 > 1"}),
        ("series", {"rows": ["m1"]}),
        ("msd", {"runs": {"m1": "run.extxyz"}}),
        ("pareto", {"atoms": "element == 'Na'"}),
    ],
)
def test_that_what_an_analysis_does_not_take_is_told(
    tmp_path: Path, name: str, given: dict[str, Any]
) -> None:
    made.write_extxyz(tmp_path / "run.extxyz")
    (word,) = given
    with pytest.raises(TypeError, match=f"{name} takes no {word}"):
        mlipviewer.run(name, trajectory=tmp_path / "run.extxyz", **given)


def test_that_empty_arguments_are_none(tmp_path: Path) -> None:
    made.write_table(tmp_path / "errors.csv")
    found = mlipviewer.run("pareto", table=tmp_path / "errors.csv", atoms="", runs={}, where=" ")
    assert found.summary["n_models"]


@pytest.mark.parametrize(
    ("name", "given", "same"),
    [
        ("pareto", {"metrics": "e0, e1", "layers": np.int64(2)}, {"layers": 2}),
        ("pareto", {"metrics": np.array(["e0", "e1"]), "layers": 2.0}, {"layers": 2}),
        ("pareto", {"metrics": ["e0", "e1"], "layers": np.float32(2)}, {"layers": 2}),
        ("correlation", {"threshold": np.float64(0.5)}, {"threshold": 0.5}),
        ("correlation", {"threshold": np.array(1)}, {"threshold": 1.0}),
    ],
)
def test_that_values_of_arrays_are_the_plain_ones(
    tmp_path: Path, name: str, given: dict[str, Any], same: dict[str, Any]
) -> None:
    made.write_table(tmp_path / "errors.csv")
    found = mlipviewer.run(name, table=tmp_path / "errors.csv", **given)
    plain = {**same, **({"metrics": ("e0", "e1")} if "metrics" in given else {})}
    assert found.params == type(found.params)(**plain)
    for key, value in plain.items():
        assert type(getattr(found.params, key)) is type(value)
    found.json()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"layers": np.int64(0)}, "layers=0 is outside 1"),
        ({"layers": 2.5}, "layers=2.5 is not a whole number"),
        ({"layers": float("nan")}, "layers=nan is not a whole number"),
        ({"layers": "2"}, "layers='2' is not a whole number"),
        ({"layers": True}, "layers=True is not a whole number"),
        ({"metrics": 3}, "metrics=3 is no list of names"),
        ({"metrics": [1, 2]}, "is no list of names"),
        ({"category": 3}, "category=3 is not a text"),
        ({"log": "z"}, "log='z' is none of"),
    ],
)
def test_that_values_a_parameter_does_not_take_are_told(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    made.write_table(tmp_path / "errors.csv")
    with pytest.raises(ValueError, match=said):
        mlipviewer.run("pareto", table=tmp_path / "errors.csv", **given)


def test_that_a_panel_is_given_values_of_arrays(tmp_path: Path) -> None:
    made.write_table(tmp_path / "errors.csv")
    viewer = mlipviewer.open(tmp_path / "errors.csv")
    panel = viewer.open_panel("pareto", metrics="e0,e1", layers=np.int64(2))
    assert viewer.result(panel).params.metrics == ("e0", "e1")  # type: ignore[attr-defined]
    viewer.set(panel, layers=3.0)
    assert repr(viewer.result(panel).params.layers) == "3"  # type: ignore[attr-defined]
    viewer.close()


def test_that_a_session_has_its_name_and_its_ending(tmp_path: Path) -> None:
    viewer = mlipviewer.Viewer()
    for name in ("study.mlipview", "study.gap", "study", "other.MLIPVIEW"):
        viewer.save(tmp_path / name)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"study.mlipview", "study.gap.mlipview", "study.mlipview.bak", "other.MLIPVIEW"}
    viewer.close()


def test_that_a_viewer_is_asked_for_what_is_there(tmp_path: Path) -> None:
    made.write_table(tmp_path / "errors.csv")
    made.write_extxyz(tmp_path / "run.extxyz")
    with mlipviewer.open(tmp_path / "errors.csv", tmp_path / "run.extxyz") as viewer:
        run, before = viewer.trajectory, viewer.state.document
        assert run is not None
        for asked in (
            {"frame": run.n_frames},
            {"frame": -run.n_frames - 1},
            {"frame": 99, "colour": "energies"},
        ):
            with pytest.raises(IndexError, match=f"run.extxyz has {run.n_frames}, counted from 0"):
                viewer.show(**asked)  # type: ignore[arg-type]
        with pytest.raises(KeyError, match="no column 'nope' of atoms; there are species"):
            viewer.show(frame=1, colour="nope")
        for condition, reason in (("zz > 1", "there is no 'zz'"), ("e0 >", "too early")):
            with pytest.raises(mlipviewer.QueryProblem, match=reason):
                viewer.filter(condition)
        assert viewer.state.document == before
        viewer.show(frame=-1, colour="energies")
        assert viewer.state.frame == run.n_frames - 1
        viewer.compute("coordination")
        assert viewer.frame is not None
        viewer.show(colour=list(viewer.frame.columns)[-1])
        viewer.filter("e0 > 1")
        viewer.filter("")
    with pytest.raises(mlipviewer.ReadProblem, match="no trajectory is shown"):
        mlipviewer.Viewer().show(frame=0)
