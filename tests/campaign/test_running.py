"""Campaigns run, are killed and go on: every result exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlipviewer.campaign import isolated
from mlipviewer.campaign.design_file import as_toml
from mlipviewer.campaign.engines import Here
from mlipviewer.campaign.export import export
from mlipviewer.campaign.isolated import Worker
from mlipviewer.campaign.journal import Journal
from mlipviewer.campaign.runner import Run, counts_of
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.io.links import read_links
from mlipviewer.io.tables.reading import read_table
from tests.campaign.stage import design, existing, plan_in, run

POSIX = pytest.mark.skipif(os.name != "posix", reason="ends processes as POSIX does")


def task(folder: Path, **more: object) -> dict[str, object]:
    return {"folder": str(folder), "seconds": 30.0, "memory_gb": 4.0, **more}


def property_task(folder: Path, calculator: str, **more: object) -> dict[str, object]:
    model = {"calculator": calculator, "settings": {}}
    return task(folder, kind="property", property="lattice", model=model, **more)


def test_that_models_are_judged_and_exported(tmp_path: Path) -> None:
    sets = '[[set]]\nname = "test"\nrole = "test"\ngenerate = ["bulk", "strained"]\nframes = 3\n'
    plan = plan_in(tmp_path, design("lattice elastic set-errors", sets + existing(3)))
    known = run(plan)
    assert len(known) == 1 + 3 * 4
    assert all(entry.good for entry in known.values())
    assert counts_of(plan, known).n_done == counts_of(plan, known).n_total == len(known)
    assert export(plan, known) == 3
    table = read_table(plan.folder.table)
    assert table.keys[1:] == ("sw0", "sw1", "sw2")
    assert table.n_models == 3
    floor = table.metric_columns[table.metric_index("C11")].floor
    assert floor
    assert table.metric("C11")[1] == pytest.approx(floor)  # it is the reference itself
    assert 0 < table.metric("C11")[2] < table.metric("C11")[3]
    assert table.metric("test_F")[3] > table.metric("test_F")[2] > 0
    assert table.metric_column("C11").unit == "GPa"
    links = read_links(tmp_path / "links.csv")
    assert {link.model for link in links} == {"sw0", "sw1", "sw2"}
    assert all(Path(link.path).is_file() for link in links)


def test_that_nothing_is_done_twice_and_more_models_are_added(tmp_path: Path) -> None:
    first = run(plan_in(tmp_path, design("lattice", existing(2))))
    told: list[str] = []
    again = run(
        plan_in(tmp_path, design("lattice", existing(4))), told=lambda e: told.append(e.model)
    )
    assert sorted(told) == ["sw2", "sw3"]
    assert {key: again[key] for key in first} == first


def test_that_a_failure_is_written_with_its_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    emt = '[[existing]]\nname = "metal"\ncalculator = "emt"\n'
    plan = plan_in(tmp_path, design("lattice", emt + existing(1)))
    known = run(plan)
    (failed,) = [entry for entry in known.values() if not entry.good]
    assert failed.model == "metal"
    assert "No EMT-potential for Si" in failed.reason
    assert export(plan, known) == 2
    assert "No EMT-potential for Si" in (tmp_path / "notes.csv").read_text()
    assert read_table(plan.folder.table).n_models == 2


def test_that_a_model_that_diverges_is_written_as_failed(tmp_path: Path) -> None:
    wild = """
[[existing]]
name = "wild"
calculator = "stillinger-weber"
settings = { strength = -60.0 }
[[existing]]
name = "hollow"
calculator = "stillinger-weber"
settings = { big_a = -7.0 }
"""
    asked = design("lattice elastic stability", wild + existing(1))
    plan = plan_in(tmp_path, asked)
    known = run(plan)
    reasons = {(e.model, e.name): e.reason for e in known.values() if not e.good}
    assert "no minimum of the energy" in reasons["hollow", "lattice"]
    assert any(model == "wild" and reason for (model, _), reason in reasons.items())
    assert all(e.good for e in known.values() if e.model in ("reference", "sw0"))
    export(plan, known)
    table = read_table(plan.folder.table)
    assert table.n_models == 3
    finite = {key: table.values[table.row(key)] for key in ("wild", "hollow")}
    assert all(not (abs(values) > 1e6).any() for values in finite.values())


def test_that_the_time_left_is_estimated_and_ends_at_zero(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, design("lattice vacancy-phonons", existing(3)))
    before = counts_of(plan, {})
    assert before.seconds > 4 * 4.0  # what the properties say of themselves
    after = counts_of(plan, run(plan))
    assert after.seconds == 0.0
    assert after.n_done == after.n_total == before.n_total == 8


def test_that_a_run_can_be_stopped(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, design("lattice", existing(6)))
    progress = Progress()
    engine = Here(1)
    with Journal(plan.folder.journal) as journal:
        with pytest.raises(Cancelled):
            Run(plan, journal, engine, lambda _: progress.stop()).go(progress)
        engine.close()
        assert 1 <= len(journal.known()) < 7
    assert len(run(plan)) == 7


# -- processes


CALCULATORS = """
import os, time
import numpy as np
from ase.calculators.calculator import Calculator

class Hangs(Calculator):
    implemented_properties = ["energy", "forces"]
    def calculate(self, *args):
        time.sleep(60)

class Crashes(Hangs):
    def calculate(self, *args):
        os.abort()

class Eats(Hangs):
    def calculate(self, *args):
        self.results = {"energy": float(len(np.ones(10**10)))}
"""


@POSIX
def test_that_pieces_that_hang_crash_or_eat_memory_end_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd_calculators.py").write_text(CALCULATORS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    plan_in(tmp_path, design("lattice", existing(1)))
    worker = Worker()
    try:
        hung = worker.do(property_task(tmp_path, "odd_calculators:Hangs") | {"seconds": 1.5})
        crashed = worker.do(property_task(tmp_path, "odd_calculators:Crashes"))
        eaten = worker.do(property_task(tmp_path, "odd_calculators:Eats") | {"memory_gb": 2.0})
        good = worker.do(property_task(tmp_path, "stillinger-weber"))
    finally:
        worker.close()
    assert hung.reason == "stopped after 1.5 s"
    assert "SIGABRT" in crashed.lost
    assert "2 GB" in eaten.reason
    assert good.data["values"]["a"] == pytest.approx(5.431, abs=1e-3)


@POSIX
def test_that_a_worker_that_is_just_starting_is_ended_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd_calculators.py").write_text(CALCULATORS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    plan_in(tmp_path, design("lattice", existing(1)))
    starting, ended = threading.Event(), threading.Event()
    start, end = isolated._started, Worker.end

    def started() -> subprocess.Popen[str]:
        starting.set()
        assert ended.wait(30)
        return start()

    def end_and_tell(worker: Worker) -> None:
        end(worker)
        ended.set()

    monkeypatch.setattr(isolated, "_started", started)
    monkeypatch.setattr(Worker, "end", end_and_tell)
    engine = Here(1)
    sent = engine.send(property_task(tmp_path, "odd_calculators:Hangs") | {"seconds": 1.5})
    assert starting.wait(30)
    engine.close()
    assert sent.result().lost == "the worker process ended"


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_that_killed_workers_and_pieces_lose_nothing(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, design("lattice elastic", existing(20)))
    engine = Here(2)
    killed = 0

    def kill_one(_entry: object) -> None:
        nonlocal killed
        pids = engine.pids
        pieces = [child for pid in pids for child in children(pid)] if killed % 2 else []
        victims = pieces or pids
        for pid in victims[:1]:
            if killed < 20:
                os.kill(pid, signal.SIGKILL)
                killed += 1

    told: list[str] = []
    with Journal(plan.folder.journal) as journal:
        Run(plan, journal, engine, lambda e: (told.append(e.key), kill_one(e))[0]).go(Progress())
        engine.close()
        known = journal.known()
    assert killed == 20
    assert len(told) == len(set(told)) == len(known) == 2 * 21
    assert all(entry.good for entry in known.values())


DRIVING = "from mlipviewer.cli import main; import sys; sys.exit(main(sys.argv[1:]))"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
def test_that_a_killed_driver_goes_on_where_it_was(tmp_path: Path) -> None:
    asked = design("lattice elastic", existing(10))
    (tmp_path / "some.toml").write_text(as_toml(asked))
    command = [sys.executable, "-c", DRIVING, "campaign", "run", str(tmp_path / "some.toml")]
    command += ["--folder", str(tmp_path / "done")]
    journal_file = tmp_path / "done" / "journal.sqlite"
    for kill_at in (2, 5, 8, 11, 15):
        driver = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda n=kill_at: written(journal_file) >= n)  # type: ignore[misc]
        workers = children(driver.pid)
        pieces = [child for pid in workers for child in children(pid)]
        driver.send_signal(signal.SIGKILL)
        driver.wait()
        wait_for(lambda gone=[*workers, *pieces]: not any(alive(pid) for pid in gone))  # type: ignore[misc]
    before = written(journal_file)
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert before >= 15
    assert written(journal_file) == 2 * 11
    assert read_table(tmp_path / "done" / "errors.csv").n_models == 10


def wait_for(come: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not come():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def written(path: Path) -> int:
    if not path.exists():
        return 0
    with Journal(path) as journal:
        return len(journal.known())


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
