"""Environments of heavy families: made by pinned versions, used by processes, told when absent."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from ase.build import bulk
from ase.calculators.calculator import CalculationFailed
from ase.calculators.lj import LennardJones

from mlipviewer.campaign import FAMILIES, environments
from mlipviewer.campaign.calculators import named_calculator
from mlipviewer.campaign.environments import ENVIRONMENTS, MARK, PLACE, is_there, make, remove
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.families.soap_gap import words
from mlipviewer.campaign.family import Lesson
from mlipviewer.campaign.sampling import sampled
from mlipviewer.cli import main
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.session.campaigns.looking import absent_of

POSIX = pytest.mark.skipif(os.name != "posix", reason="links a Python as POSIX does")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PLACE, str(tmp_path))
    return tmp_path


@pytest.fixture
def own(place: Path) -> Path:
    """An environment whose Python is that of the tests."""
    inside = place / "mace" / "bin"
    inside.mkdir(parents=True)
    python = inside / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (place / "mace" / MARK).write_text("{}")
    return place


def test_that_an_environment_that_is_not_there_is_told(place: Path, tmp_path: Path) -> None:
    family = FAMILIES["soap-gap"]
    said = "needs the environment soap-gap: mlipviewer campaign environment soap-gap"
    assert absent_of(family) == said
    with pytest.raises(Failed, match=said):
        family.load(tmp_path)
    with pytest.raises(Failed, match="there is no environment 'other'"):
        named_calculator("environment:other/a.b:C", {})


@POSIX
def test_that_a_calculator_of_an_environment_gives_the_same_numbers(own: Path) -> None:
    atoms = bulk("Ar", a=5.2, cubic=True)
    atoms.rattle(0.1, seed=1)
    settings = {"sigma": 3.4, "epsilon": 0.0103, "rc": 8.0}
    far = named_calculator("environment:mace/ase.calculators.lj:LennardJones", settings)
    near = LennardJones(**settings)
    found = [far.get_property(name, atoms) for name in ("energy", "forces", "stress")]
    known = [near.get_property(name, atoms) for name in ("energy", "forces", "stress")]
    for one, other in zip(found, known, strict=True):
        assert one == pytest.approx(other, rel=1e-12)
    far.close()
    assert far.get_potential_energy(atoms) == known[0]
    wrong = named_calculator("environment:mace/ase.calculators.lj:Nothing", {})
    with pytest.raises(CalculationFailed, match="AttributeError"):
        wrong.get_potential_energy(atoms)
    far.close()


def test_that_environments_are_made_of_pinned_versions_and_removed(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[Sequence[str]] = []

    def noted(said: Sequence[str], progress: Progress | None = None) -> str:
        done.append(said)
        (place / "soap-gap").mkdir(exist_ok=True)
        return '{"quippy-ase": "0.10.3"}'

    monkeypatch.setattr(environments, "_done", noted)
    monkeypatch.setattr(environments.shutil, "which", lambda _name: None)
    assert make("soap-gap") == {"quippy-ase": "0.10.3"}
    folder = str(place / "soap-gap")
    assert done[0] == [sys.executable, "-m", "venv", folder]
    assert done[1][1:] == ["-m", "pip", "install", "quippy-ase==0.10.3"]
    assert json.loads((place / "soap-gap" / MARK).read_text())["packages"] == ["quippy-ase==0.10.3"]
    assert is_there("soap-gap")
    monkeypatch.setattr(environments.shutil, "which", lambda name: f"/bin/{name}")
    make("soap-gap")
    assert list(done[-4]) == ["/bin/uv", "venv", "--quiet", "--python", sys.executable, folder]
    assert main(["campaign", "environment"]) == 0
    assert "soap-gap   there" in capsys.readouterr().out
    assert main(["campaign", "environment", "soap-gap", "--remove"]) == 0
    assert not is_there("soap-gap")
    assert not remove("soap-gap")
    assert main(["campaign", "environment", "other"]) == 1


def test_that_recipes_pin_versions_and_take_torch_without_cuda(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ENVIRONMENTS.values():
        assert all("==" in package for package in one.packages)
        assert one.gigabytes > 0
        for uv in (None, "/bin/uv"):
            monkeypatch.setattr(environments.shutil, "which", lambda _name, uv=uv: uv)
            steps = environments.recipe(one, place / one.name, "own")
            assert steps[-1][-len(one.packages) :] == list(one.packages)
            assert len(steps) == (3 if one.torch else 2)
            assert all("own" in words for words in steps[1:])
    monkeypatch.setattr(environments.sys, "platform", "linux")
    mace = ENVIRONMENTS["mace"]
    assert environments.recipe(mace, place, "own")[1][-3:] == [
        f"torch=={mace.torch}",
        "--index-url",
        environments.TORCH_INDEX,
    ]
    monkeypatch.setenv(environments.TORCH, "/some/wheels")
    assert environments.recipe(mace, place, "own")[1][-2:] == ["--find-links", "/some/wheels"]
    monkeypatch.setenv(environments.TORCH, "https://mine/simple")
    assert environments.recipe(mace, place, "own")[1][-2:] == ["--index-url", "https://mine/simple"]
    monkeypatch.delenv(environments.TORCH)
    monkeypatch.setattr(environments.sys, "platform", "darwin")
    assert environments.recipe(mace, place, "own")[1][-1] == f"torch=={mace.torch}"


def test_that_a_making_that_is_stopped_or_fails_leaves_no_environment(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = place / "began"
    code = f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(60)"
    empty = [sys.executable, "-c", f"import os; os.mkdir({str(place / 'mace')!r})"]
    slow = [empty, [sys.executable, "-c", code]]
    monkeypatch.setattr(environments, "recipe", lambda *_: slow)
    progress = Progress()

    def stop() -> None:
        while not began.exists():
            time.sleep(0.01)
        progress.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(Cancelled):
        make("mace", progress)
    thread.join()
    assert not (place / "mace").exists()
    wrong = [sys.executable, "-c", "raise SystemExit('no such version')"]
    monkeypatch.setattr(environments, "recipe", lambda *_: [empty, wrong])
    with pytest.raises(Failed, match="no such version"):
        make("mace")
    assert not is_there("mace")


@POSIX
def test_that_programs_of_an_environment_see_none_of_ours(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/ours")
    code = "import os; print(repr(os.environ['PYTHONPATH']), os.environ['OMP_NUM_THREADS'])"
    environments.run_program("mace", "python", ["-c", code], tmp_path, "said")
    assert (tmp_path / "said.log").read_text() == "'' 1\n"
    with pytest.raises(Failed, match=r"python ended with code 1: \w+: it broke"):
        environments.run_program("mace", "python", ["-c", "raise OSError('it broke')"], tmp_path)


def test_that_gap_fit_is_told_all_that_is_chosen() -> None:
    for choice in sampled(FAMILIES["soap-gap"].space, 4, "sobol", 1):
        said = " ".join(words(choice, 7))
        assert f"n_sparse={choice['sparse']} " in said
        assert f"default_sigma={{{choice['sigma_energy']} {choice['sigma_forces']} " in said
        assert "rnd_seed=7" in said
        assert said.count("{") == said.count("}") == 2


@pytest.mark.skipif(not is_there("soap-gap"), reason="the environment soap-gap is not made")
def test_that_soap_gap_learns_forces(tmp_path: Path) -> None:
    from mlipviewer.campaign.design import Crystal, LabelledSet
    from mlipviewer.campaign.generating import generated
    from mlipviewer.campaign.set_errors import errors_on

    asked = LabelledSet("Org", kinds=("bulk", "strained"), frames=8, steps=30)
    made = generated(asked, Crystal("Si"), 5.431, named_calculator("stillinger-weber", {}), 1)
    family = FAMILIES["soap-gap"]
    choice = sampled(family.space, 1, "sobol", 2)[0] | {"sparse": 60, "l_max": 4, "n_max": 6}  # type: ignore[operator]
    family.train(Lesson(tuple(made[2:]), tuple(made[:2]), choice, 3, tmp_path))
    calculator = family.load(tmp_path)
    found = errors_on(calculator, made[:2])
    calculator.close()
    size = np.sqrt(np.mean(np.concatenate([a.arrays["forces"].ravel() for a in made[:2]]) ** 2))
    assert found.forces < 0.3 * size
