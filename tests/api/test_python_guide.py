"""The examples of the guide run, and importing is cheap."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import mlipviewer
from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import param_help
from tests import made

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "python.md"
BLOCK = re.compile(r"^```python([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_that_the_examples_of_the_guide_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made.write_table(tmp_path / "errors.csv")
    for name in ("run.extxyz", "other.extxyz"):
        made.write_extxyz(tmp_path / name)
    blocks = [text for mark, text in BLOCK.findall(GUIDE.read_text("utf-8")) if not mark.strip()]
    assert len(blocks) == 7
    names: dict[str, object] = {}
    for text in blocks:
        exec(compile(text, str(GUIDE), "exec"), names)
    written = {"front.csv", "front.pdf", "work.mlipview", "errors.parquet", "sodium.dump"}
    assert written <= {path.name for path in tmp_path.iterdir()}
    said = capsys.readouterr().out
    assert "there is no such file" in said
    assert "mlipviewer.run('pareto', table=table" in said
    assert (tmp_path / "sodium.dump").read_text().count("TIMESTEP") == 3
    assert "work.mlipview" not in said


def test_that_importing_loads_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import mlipviewer; "
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    new = {name for name in done.stdout.split() if not name.startswith(("importlib", "_frozen"))}
    assert new <= {"mlipviewer", "warnings", "types"}


def test_that_every_name_is_there_and_typed() -> None:
    stub = (Path(mlipviewer.__file__).parent / "__init__.pyi").read_text("utf-8")
    typed = set(re.findall(r" as (\w+)$", stub, re.MULTILINE))
    assert typed == set(mlipviewer._PLACES)
    assert all(getattr(mlipviewer, name).__doc__ for name in typed)
    assert typed <= set(dir(mlipviewer))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(mlipviewer, "nothing")  # noqa: B009


def test_that_no_parameter_has_the_name_of_an_input() -> None:
    from inspect import signature

    inputs = set(signature(mlipviewer.run).parameters) - {"analysis", "params"}
    assert {"table", "trajectory", "rows"} <= inputs
    for analysis in ANALYSES.values():
        assert not inputs & set(param_help(analysis.params)), analysis.name


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"metrics": ("e0",), "size": 3}, TypeError, "no parameter 'size'"),
        ({"where": "nothing > 1"}, mlipviewer.QueryProblem, "nothing"),
        ({"rows": ["nobody"]}, KeyError, "no model 'nobody'"),
        ({"where": "e0 < 1", "rows": ["m1"]}, TypeError, "not both"),
    ],
)
def test_that_what_is_wrong_is_said(given: dict[str, object], kind: type, said: str) -> None:
    with pytest.raises(kind, match=said):
        mlipviewer.run("pareto", table=made.error_table(), **given)  # type: ignore[arg-type]


def test_that_parameters_keep_their_bounds_and_choices() -> None:
    table = made.error_table()
    with pytest.raises(ValueError, match="outside"):
        mlipviewer.run("correlation", table=table, threshold=7.0)
    with pytest.raises(ValueError, match="none of"):
        mlipviewer.run("correlation", table=table, measure="guess")
    with pytest.raises(KeyError, match="no analysis 'guess'"):
        mlipviewer.run("guess", table=table)
    with pytest.raises(mlipviewer.AnalysisProblem, match="needs an error table"):
        mlipviewer.run("pareto")


def test_that_a_result_is_that_of_the_command(tmp_path: Path) -> None:
    from mlipviewer.cli import main

    path = made.write_table(tmp_path / "errors.csv")
    mlipviewer.run("pareto", table=path, metrics=["e0", "e1"]).save(tmp_path / "here.json")
    words = ["--table", f"errors.csv={path}", "--metrics", "e0,e1"]
    assert main(["run", "pareto", *words, "--out", str(tmp_path / "there.json")]) == 0
    assert (tmp_path / "here.json").read_bytes() == (tmp_path / "there.json").read_bytes()


def run_at(folder: Path, kelvin: int) -> mlipviewer.Trajectory:
    """A run in a folder of its own, named as all others."""
    folder.mkdir()
    path = made.write_extxyz(folder / "run.extxyz")
    return mlipviewer.read_trajectory(path, temperature=kelvin, interval=1.0)


def test_that_runs_of_one_file_name_are_all_there(tmp_path: Path) -> None:
    runs = [run_at(tmp_path / str(kelvin), kelvin) for kelvin in (300, 600, 900)]
    found = mlipviewer.run("energetics", trajectory=runs[0], beside=runs[1:])
    names = ["run.extxyz", "run.extxyz (2)", "run.extxyz (3)"]
    assert [one.name for one in found.inputs.overlaid()] == names
    assert [one.temperature for one in found.inputs.overlaid()] == [r.temperature for r in runs]
    files = {one.name: Path(one.path).parent.name for one in found.used}
    assert files == dict(zip(names, ("300", "600", "900"), strict=True))


def test_that_a_file_compared_with_has_a_name_of_its_own(tmp_path: Path) -> None:
    run, other = (run_at(tmp_path / name, 300) for name in ("one", "two"))
    found = mlipviewer.run("energy-errors", trajectory=run, compared_with=other)
    assert found.inputs.reference is not None
    assert found.inputs.reference.name == "run.extxyz (2)"
    assert [one.name for one in found.used] == ["run.extxyz", "run.extxyz (2)"]


def test_that_trajectories_that_would_be_ignored_are_refused(tmp_path: Path) -> None:
    run, other = (run_at(tmp_path / name, 300) for name in ("one", "two"))
    with pytest.raises(TypeError, match="rdf lays no runs over each other"):
        mlipviewer.run("rdf", trajectory=run, beside=[other])
    with pytest.raises(TypeError, match="rdf compares with no other trajectory"):
        mlipviewer.run("rdf", trajectory=run, compared_with=other)
