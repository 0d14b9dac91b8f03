"""The same work by the workers of a scheduler: the same table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import mlipviewer
from mlipviewer.campaign.engines import Cluster
from mlipviewer.campaign.export import export
from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.journal import Journal
from mlipviewer.campaign.runner import Run
from mlipviewer.core.progress import Progress
from tests.campaign.stage import design, existing, plan_in, run

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two workers in processes of their own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_that_two_workers_of_a_scheduler_write_the_same_table(tmp_path: Path, address: str) -> None:
    asked = design("lattice elastic", existing(4))
    far, near = plan_in(tmp_path / "far", asked), plan_in(tmp_path / "near", asked)
    engine = Cluster(address)
    with Journal(far.folder.journal) as journal:
        Run(far, journal, engine).go(Progress())
        engine.close()
        known = journal.known()
    assert len(known) == 2 * 5
    assert all(entry.good for entry in known.values())
    assert export(far, known) == export(near, run(near)) == 4
    for name in ("errors.csv", "values.csv", "notes.csv"):
        assert (tmp_path / "far" / name).read_text() == (tmp_path / "near" / name).read_text()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler that was started as a program, as were two workers, each with a
    working folder of its own: what two hosts are, but for the wire."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        file = tmp_path / "scheduler.json"
        said = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
        started.append(program(tmp_path / "scheduler", "scheduler", *said))
        wait(file.is_file)
        address = json.loads(file.read_text())["address"]
        for name in ("one", "two"):
            said = [address, "--nthreads", "1", "--no-nanny", "--name", name]
            started.append(program(tmp_path / name, "worker", *said))
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for one in reversed(started):
            one.kill()
            one.wait(30)


def program(folder: Path, what: str, *words: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard"]
    env = {**os.environ, "PYTHONPATH": str(Path(mlipviewer.__file__).parents[1])}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=env, stdout=quiet, stderr=quiet)


def wait(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not there():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.timeout(180)
def test_that_workers_started_elsewhere_share_the_work_of_an_address(
    tmp_path: Path, hosts: str
) -> None:
    asked = design("lattice eos", existing(6))
    far, near = plan_in(tmp_path / "far", asked), plan_in(tmp_path / "near", asked)
    with distributed.Client(hosts) as watching:
        watching.get_task_stream()  # from now on
        engine = Cluster(hosts)
        with Journal(far.folder.journal) as journal:
            Run(far, journal, engine).go(Progress())
            engine.close()
            known = journal.known()
        did = {one["worker"] for one in watching.get_task_stream(count=1000)}
        assert did == set(watching.scheduler_info()["workers"])
    assert len(did) == 2
    assert len(known) == 2 * 7
    assert export(far, known) == export(near, run(near)) == 6
    for name in ("errors.csv", "values.csv", "notes.csv", "curves/eos.csv"):
        assert (tmp_path / "far" / name).read_text() == (tmp_path / "near" / name).read_text()


def test_that_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlipviewer.campaign.engines.PATIENCE", "1s")
    with pytest.raises(DesignProblem, match="no scheduler answers at"):
        Cluster("tcp://127.0.0.1:9")
