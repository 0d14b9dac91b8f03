"""Frames computed by worker processes: the same as here, also where workers die."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase.build import bulk
from ase.io import write

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.analysis.frames.rules import COMPUTATION as RULES
from mlipviewer.analysis.methods.labels import LABELS, Labelling
from mlipviewer.cli import main
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.computation import Computation, Computed, InTurn
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.cluster import Cluster
from mlipviewer.session.frame_work import FrameWork, find, stays
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.many_frames import ManyFrames
from mlipviewer.session.opening import open_input

LJ = "ase.calculators.lj:LennardJones"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Input:
    """120 frames of bcc lithium that is shaken more and more."""
    rng = np.random.default_rng(0)
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat(6)
    frames = []
    for i in range(120):
        shaken = crystal.copy()
        shaken.positions += rng.normal(0, 0.005 * i, crystal.positions.shape)
        frames.append(shaken)
    path = tmp_path_factory.mktemp("cluster") / "run.xyz"
    write(path, frames)
    return Input("run", str(path), Kind.TRAJECTORY)


@pytest.fixture(scope="module")
def opened(run: Input) -> Trajectory:
    thing = open_input(run).thing
    assert isinstance(thing, Trajectory)
    return thing


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Three worker processes under a scheduler; a nanny starts anew what died."""
    distributed = pytest.importorskip("distributed")
    folder = str(tmp_path_factory.mktemp("workers"))
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None,
        local_directory=folder, silence_logs=50,
    ) as cluster:  # fmt: skip
        yield cluster


def the_same(found: list[Computed], others: list[Computed]) -> bool:
    return len(found) == len(others) and all(
        (one.classes, one.colours) == (other.classes, other.colours)
        and np.array_equal(one.columns[name], other.columns[name], equal_nan=True)
        for one, other in zip(found, others, strict=True)
        for name in one.columns.keys() | other.columns.keys()
        if one.columns[name].dtype.kind != "O"
    )


def test_that_a_cluster_finds_what_this_machine_finds_while_a_worker_dies(
    run: Input, opened: Trajectory, local: Any
) -> None:
    params, frames = Labelling(), range(120)
    expected = list(InTurn().over(opened, LABELS, params, frames, Progress()))
    engine = Cluster(local.scheduler_address, {"run": run}, keep=False)
    victim = int(next(iter(local.workers.values())).pid)
    found = []
    for one in engine.over(opened, LABELS, params, frames, Progress()):
        found.append(one)
        if len(found) == 10:
            os.kill(victim, signal.SIGKILL)
    engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(victim, 0)
    assert the_same(found, expected)


@pytest.mark.parametrize(
    ("computation", "params"),
    [
        (LABELS, Labelling(average=3)),
        (RULES, RULES.params(rules="near: x < 5; far: x >= 5")),
    ],
)
def test_that_averages_and_classes_come_from_a_cluster_as_from_here(
    run: Input, opened: Trajectory, local: Any, computation: Computation, params: Any
) -> None:
    frames = range(0, 120, 11)
    expected = list(InTurn().over(opened, computation, params, frames, Progress()))
    engine = Cluster(local.scheduler_address, {"run": run})
    found = list(engine.over(opened, computation, params, frames, Progress()))
    engine.close()
    assert the_same(found, expected)
    again = ManyFrames().over(opened, computation, params, frames, Progress())
    assert the_same(list(again), expected), "and are kept as such"


def test_that_what_lasts_alone_is_kept(opened: Trajectory) -> None:
    assert stays(opened, 119, 0)
    assert stays(opened, 116, 3)
    assert not stays(opened, 117, 3), "a frame that is written yet adds to it"


def test_that_what_a_cluster_found_is_kept_for_this_machine(
    run: Input, opened: Trajectory, local: Any
) -> None:
    ptm, frames = COMPUTATIONS["ptm"], range(0, 120, 10)
    engine = Cluster(local.scheduler_address, {"run": run})
    first = list(engine.over(opened, ptm, ptm.params(), frames, Progress()))
    engine.close()
    asked: list[int] = []

    class Counted:
        def __getattr__(self, name: str) -> Any:
            return getattr(opened.source, name)

        def frame(self, index: int) -> Any:
            asked.append(index)
            return opened.source.frame(index)

    counted = Trajectory("run", Counted(), opened.frames)  # type: ignore[arg-type]
    again = list(ManyFrames().over(counted, ptm, ptm.params(), frames, Progress()))
    assert the_same(first, again)
    assert set(asked) == {0}  # only to tell the file from others


def test_that_a_cluster_can_be_stopped(run: Input, opened: Trajectory, local: Any) -> None:
    progress = Progress()
    engine = Cluster(local.scheduler_address, {"run": run}, keep=False)
    answers = engine.over(opened, LABELS, Labelling(method="cna"), range(120), progress)
    next(answers)
    progress.stop()
    with pytest.raises(Cancelled):
        list(answers)
    engine.close()


def test_that_the_command_takes_a_scheduler(run: Input, local: Any, tmp_path: Path) -> None:
    outs = []
    for name, more in (("here", []), ("there", ["--scheduler", local.scheduler_address])):
        out = tmp_path / f"{name}.json"
        words = ["run", "structure", "--trajectory", run.path, "--every", "20", "--out", str(out)]
        assert main([*words, *more]) == 0
        outs.append(out.read_text())
    assert outs[0] == outs[1]


def test_that_problems_of_a_frame_are_told_as_here(
    run: Input, opened: Trajectory, local: Any
) -> None:
    ptm = COMPUTATIONS["ptm"]
    engine = Cluster(local.scheduler_address, {"run": run}, keep=False)
    with pytest.raises(AnalysisProblem, match="choose from"):
        list(engine.over(opened, ptm, ptm.params(templates="bbc"), [0], Progress()))
    engine.close()


def test_that_a_missing_scheduler_is_told(run: Input, opened: Trajectory) -> None:
    pytest.importorskip("distributed")
    engine = Cluster("nonsense://x", {"run": run}, keep=False)
    with pytest.raises(AnalysisProblem, match="no scheduler answers at nonsense"):
        list(engine.over(opened, LABELS, Labelling(), [0], Progress()))


def test_that_without_dask_one_sentence_says_so(
    run: Input, opened: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    engine = Cluster("tcp://127.0.0.1:8786", {"run": run}, keep=False)
    with pytest.raises(AnalysisProblem, match=r"pip install mlipviewer\[cluster\]"):
        list(engine.over(opened, LABELS, Labelling(), [0], Progress()))


def test_that_a_worker_notices_another_file(run: Input) -> None:
    from mlipviewer.core.problem import ReadProblem

    with pytest.raises(ReadProblem, match="another file"):
        find(FrameWork(run, 0, LABELS.run, Labelling(), "0" * 64))


def test_that_calculators_work_in_processes_and_give_the_same(
    run: Input, opened: Trajectory
) -> None:
    energies = COMPUTATIONS["atom-energies"]
    params = energies.params(calculator=LJ, settings='{"sigma": 2.7, "epsilon": 0.1, "rc": 6.0}')
    frames = [0, 50, 100]
    here = list(InTurn().over(opened, energies, params, frames, Progress()))
    engine = ManyFrames(2, keep=False, known={"run": run})
    there = list(engine.over(opened, energies, params, frames, Progress()))
    assert the_same(here, there)
    assert there[1].values["energy_computed"] == here[1].values["energy_computed"]
    alone = ManyFrames(2, keep=False)  # a trajectory that has no file: in turn
    assert the_same(here, list(alone.over(opened, energies, params, frames, Progress())))


def test_that_a_process_that_dies_is_told(run: Input, opened: Trajectory) -> None:
    from dataclasses import replace

    fatal = replace(COMPUTATIONS["atom-energies"], run=end_of_process)
    engine = ManyFrames(1, keep=False, known={"run": run})
    with pytest.raises(AnalysisProblem, match="ended without a word"):
        list(engine.over(opened, fatal, fatal.params(), [0], Progress()))


def end_of_process(*_: Any) -> Computed:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
