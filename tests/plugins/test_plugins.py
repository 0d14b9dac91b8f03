"""Plug-ins: found, loaded late, told of when they fail; and nothing else suffers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import mlipviewer
from mlipviewer.analysis import ANALYSES
from mlipviewer.cli import main
from mlipviewer.core import plugins
from mlipviewer.core.own_program import SAFE_MODE
from mlipviewer.core.plugins import Kind
from mlipviewer.session.settings.plugin_list import all_plugins, said_of
from tests import made
from tests.plugins.packages import install, install_example, on_path

ANALYSIS = """
from dataclasses import replace
from mlipviewer.analysis.models.passing import ANALYSIS as OURS
def run(inputs, params, progress):
    {body}
def draw(inputs, params, result):
    {drawn}
ANALYSIS = replace(OURS, name="bad", title="Bad", run=run, plots={{"Bad": draw}})
"""
GROUP = Kind.ANALYSIS.value
FOLDER = "packages"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / FOLDER
    place.mkdir()
    with on_path(place):
        yield place


def problem_of(name: str) -> str:
    return next(one.problem for one in all_plugins() if one.name == name)


def test_that_the_example_runs_headless(folder: Path, tmp_path: Path) -> None:
    install_example(folder)
    plugins.forget()
    assert "worst_metric" not in sys.modules
    table = made.error_table(missing=0)
    found = mlipviewer.run("worst-metric", table=table)
    ratios = table.values[1:] / np.median(table.values[1:], axis=0)
    assert found.tables["worst"]["ratio"] == pytest.approx(ratios.max(axis=1).tolist())
    places = ratios.argmax(axis=1)
    assert list(found.tables["worst"]["metric"]) == [table.metrics[k] for k in places]
    found.figure(tmp_path / "worst.svg")
    assert "worst-metric" in mlipviewer.analyses()
    assert list(ANALYSES)[-1] == "worst-metric"


def test_that_the_commands_know_it(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_example(folder)
    plugins.forget()
    path = made.write_table(tmp_path / "errors.csv")
    assert main(["run", "worst-metric", "--table", str(path), "--metrics", "e0,e1"]) == 0
    assert main(["list", "--plugins"]) == 0
    said = capsys.readouterr().out
    assert "n_models: 24" in said
    assert "worst-metric   analysis     mlipviewer-worst-metric 1.0" in said
    assert "rust" in said
    assert said.count("in use") == 2


def test_that_another_process_finds_it_and_safe_mode_does_not(folder: Path) -> None:
    install_example(folder)
    here = str(Path(mlipviewer.__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{folder}"}
    command = [sys.executable, "-m", "mlipviewer", "list", "--plugins"]
    for extra, said in (({}, "in use"), ({SAFE_MODE: "1"}, "plug-ins are switched off")):
        done = subprocess.run(
            command, env=environment | extra, capture_output=True, text=True, check=True
        )
        assert said in done.stdout


def test_that_they_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_example(folder)
    monkeypatch.setenv(plugins.OFF, "")
    plugins.forget()
    assert "worst-metric" in ANALYSES
    plugins.switch_off()
    assert "worst-metric" not in ANALYSES
    assert all_plugins() == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise RuntimeError('no such card')", "it does not load: RuntimeError: no such card"),
        ("import sys; sys.exit(3)", "it does not load: SystemExit: 3"),
        ("import a_package_that_is_not_there", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("ANALYSIS = 3", "bad_module:ANALYSIS is no Analysis"),
        ("from mlipviewer.analysis.models.pareto import ANALYSIS", "calls itself 'pareto'"),
        ("other = 1", "AttributeError"),
    ],
)
def test_that_one_that_does_not_load_is_listed_and_the_rest_works(
    folder: Path, text: str, said: str
) -> None:
    install(folder, "bad-package", {GROUP: {"bad": "bad_module:ANALYSIS"}}, {"bad_module": text})
    install_example(folder)
    plugins.forget()
    assert "bad" not in ANALYSES
    assert {"pareto", "worst-metric"} <= set(ANALYSES)
    assert said in problem_of("bad")
    bad = next(one for one in all_plugins() if one.name == "bad")
    assert said_of(bad).startswith("failed: ")
    assert not bad.loaded
    assert "\n" not in said_of(bad)


def test_that_version_bounds_are_kept(folder: Path) -> None:
    points = {GROUP: {"bad": "bad_module:ANALYSIS"}}
    text = {"bad_module": "raise RuntimeError('imported')"}
    install(folder, "bad-package", points, text, requires="mlipviewer>=7,<8")
    plugins.forget()
    assert "bad" not in ANALYSES
    assert problem_of("bad").startswith("it is made for mlipviewer <8,>=7, this is ")


def test_that_names_that_are_taken_stay_with_their_owner(folder: Path) -> None:
    points = {GROUP: {"pareto": "bad_module:ANALYSIS", "worst-metric": "bad_module:OTHER"}}
    install_example(folder)
    text = ANALYSIS.format(body="return 3", drawn="return 3")
    text += 'OTHER = replace(ANALYSIS, name="worst-metric")'
    install(folder, "zz-package", points, {"bad_module": text})
    plugins.forget()
    assert ANALYSES["pareto"].run.__module__ == "mlipviewer.analysis.models.pareto"
    said = {(one.package, one.name): said_of(one) for one in all_plugins()}
    assert said["zz-package", "pareto"] == "failed: the name is taken by MLIPViewer itself"
    first, second = sorted(text for (_, name), text in said.items() if name == "worst-metric")
    assert first.startswith("failed: the name is taken by ")
    assert second == "in use"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ZeroDivisionError('by\\n nothing')", "bad of bad-package 1.0: ZeroDivisionError"),
        ("import sys; sys.exit(1)", "SystemExit"),
        ("return 3", "it gives int, not Result"),
    ],
)
def test_that_one_that_fails_at_work_gives_a_sentence(folder: Path, body: str, said: str) -> None:
    text = ANALYSIS.format(body=body, drawn="raise ValueError('no ink')")
    install(folder, "bad-package", {GROUP: {"bad": "bad_module:ANALYSIS"}}, {"bad_module": text})
    plugins.forget()
    with pytest.raises(mlipviewer.AnalysisProblem, match="plug-in bad of bad-package") as caught:
        mlipviewer.run("bad", table=made.error_table())
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert problem_of("bad").startswith("it failed: ")


def test_that_a_plot_that_fails_is_a_sentence_in_its_place(folder: Path) -> None:
    body = "return OURS.run(inputs, params, progress)"
    text = ANALYSIS.format(body=body, drawn="raise ValueError('no ink')")
    install(folder, "bad-package", {GROUP: {"bad": "bad_module:ANALYSIS"}}, {"bad_module": text})
    plugins.forget()
    plot = mlipviewer.run("bad", table=made.error_table()).plot()
    assert plot.empty == "plug-in bad of bad-package 1.0: ValueError: no ink"
