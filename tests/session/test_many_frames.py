"""Many frames at a time: in order, kept on disk, stopped, never wrong for a damaged cache."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ase.build import bulk
from ase.io import read, write

from mlipviewer.analysis import COMPUTATIONS
from mlipviewer.analysis.frames.coordination import COMPUTATION as COORDINATION
from mlipviewer.core.computation import Computation, Computed, InTurn
from mlipviewer.core.progress import Cancelled, Progress
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io import files
from mlipviewer.io.kept_results import KeptResults
from mlipviewer.io.trajectories.choices import TrajectoryChoices
from mlipviewer.io.trajectories.opening import open_trajectory
from mlipviewer.session.frame_work import FrameWork, as_read, find
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.many_frames import ManyFrames, kept_of
from mlipviewer.session.opening import open_input

CNA = COMPUTATIONS["cna"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trajectory:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    rng = np.random.default_rng(3)
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat(4)
    frames = []
    for noise in np.linspace(0, 0.4, 12):
        moved = crystal.copy()
        moved.positions += rng.normal(0, noise, moved.positions.shape)
        frames.append(moved)
    write(tmp_path / "run.xyz", frames, format="extxyz")
    return Trajectory.whole("run", open_trajectory(tmp_path / "run.xyz"))


class Counted:
    """A computation that counts how often it runs."""

    def __init__(self) -> None:
        self.n = 0
        self.computation = Computation(
            "counted", "Counted", "Counts.", CNA.params, self.run, CNA.columns
        )

    def run(self, frame: Frame, params: object) -> Computed:
        self.n += 1
        return Computed({"cna": np.full(frame.n_atoms, frame.index)}, {"n": frame.n_atoms})


def test_that_threads_give_what_is_found_in_turn(run: Trajectory) -> None:
    frames = [5, 0, 11, 3]
    plain = list(InTurn().over(run, CNA, CNA.params(), frames, Progress()))
    many = list(ManyFrames(3).over(run, CNA, CNA.params(), frames, Progress()))
    for one, other in zip(plain, many, strict=True):
        assert np.array_equal(one.columns["cna"], other.columns["cna"])


def test_that_what_was_found_is_kept_for_the_next_time(run: Trajectory) -> None:
    counted = Counted()
    for _ in range(2):
        found = list(
            ManyFrames().over(run, counted.computation, CNA.params(), range(12), Progress())
        )
        assert [int(one.columns["cna"][0]) for one in found] == list(range(12))
        assert found[4].values["n"] == 128
    assert counted.n == 12
    list(ManyFrames().over(run, counted.computation, CNA.params(cutoff=4.0), [0], Progress()))
    assert counted.n == 13  # another question


def test_that_a_damaged_cache_is_no_cache(run: Trajectory) -> None:
    counted = Counted()
    ask = (run, counted.computation, CNA.params(), [0, 1], Progress())
    list(ManyFrames().over(*ask))
    kept = kept_of(run, counted.computation, CNA.params())
    assert kept is not None
    from mlipviewer.io.cache import cache_folder

    folder = cache_folder(kept._name)
    content = bytearray((folder / "0.npz").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / "0.npz").write_bytes(bytes(content))
    (folder / "1.npz").write_bytes(b"")
    found = list(ManyFrames().over(*ask))
    assert [int(one.columns["cna"][0]) for one in found] == [0, 1]
    assert counted.n == 4


def test_that_what_an_earlier_version_kept_is_no_cache(run: Trajectory) -> None:
    counted = Counted()
    ask = (run, counted.computation, CNA.params(), [0], Progress())
    list(ManyFrames().over(*ask))
    kept = kept_of(run, counted.computation, CNA.params())
    assert kept is not None
    from mlipviewer.io.cache import cache_folder

    path = cache_folder(kept._name) / "0.npz"
    with np.load(path) as known:
        arrays = {name: known[name] for name in known.files}
    np.savez(path, **{**arrays, "values": np.array('{"n": 1, "m": 2}')})
    assert kept.load(0) is None
    list(ManyFrames().over(*ask))
    assert counted.n == 2


def test_that_another_file_is_another_question(run: Trajectory, tmp_path: Path) -> None:
    counted = Counted()
    list(ManyFrames().over(run, counted.computation, CNA.params(), [0], Progress()))
    path = Path(run.source.path)
    path.write_text(path.read_text().replace("0.00000000", "0.01000000", 1))
    again = Trajectory.whole("run", open_trajectory(path))
    list(ManyFrames().over(again, counted.computation, CNA.params(), [0], Progress()))
    assert counted.n == 2


def test_that_a_large_file_that_was_mended_within_is_another_question(
    run: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "WHOLE_FILE_LIMIT", 0)
    monkeypatch.setattr(files, "MEGABYTE", 64)
    counted, path = Counted(), Path(run.source.path)
    list(ManyFrames().over(run, counted.computation, CNA.params(), range(12), Progress()))
    mark, written = files.fingerprint(path), path.stat().st_mtime_ns
    data, middle = path.read_bytes(), path.stat().st_size // 2
    digit = data.index(b".", middle) + 1
    other = b"5" if data[digit : digit + 1] != b"5" else b"6"
    path.write_bytes(data[:digit] + other + data[digit + 1 :])
    os.utime(path, ns=(0, written + 10**6))
    assert files.fingerprint(path) == mark
    again = Trajectory.whole("run", open_trajectory(path))
    list(ManyFrames().over(again, counted.computation, CNA.params(), range(12), Progress()))
    assert counted.n == 24


def test_that_elements_decided_anew_are_another_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those of atoms that come after the first frame."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path, params = tmp_path / "grow.dump", COORDINATION.params(cutoff=3.0, each_element=True)
    path.write_text(dump(0, [1, 1, 1]) + dump(10, [1, 1, 1, 2, 2]))
    columns = []
    for symbol in ("O", "C"):
        choices = TrajectoryChoices(elements=(("1", "Si"), ("2", symbol))).as_text()
        run = open_input(Input("grow", str(path), Kind.TRAJECTORY, "", choices)).thing
        assert isinstance(run, Trajectory)
        (found,) = ManyFrames(1).over(run, COORDINATION, params, [1], Progress())
        columns.append(found.columns.keys())
    assert "coordination_O" in columns[0]
    assert "coordination_C" in columns[1]
    assert "coordination_O" not in columns[1]


def dump(step: int, types: list[int]) -> str:
    rows = "".join(f"{i} {kind} {2.0 * i} 0 0\n" for i, kind in enumerate(types, 1))
    box = "ITEM: BOX BOUNDS pp pp pp\n" + "0 30\n" * 3
    head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(types)}\n{box}"
    return f"{head}ITEM: ATOMS id type x y z\n{rows}"


def test_that_what_is_found_of_a_replaced_file_is_not_kept_for_the_new_one(
    run: Trajectory, tmp_path: Path
) -> None:
    """Both begin alike, as runs from one start do."""
    path, counted = Path(run.source.path), Counted()
    first, *others = read(path, ":")
    for one in others:
        one.positions += 0.1
    write(tmp_path / "new.xyz", [first, *others], format="extxyz")
    (tmp_path / "new.xyz").replace(path)
    list(ManyFrames().over(run, counted.computation, CNA.params(), range(12), Progress()))
    again = Trajectory.whole("run", open_trajectory(path))
    list(ManyFrames().over(again, counted.computation, CNA.params(), range(12), Progress()))
    assert counted.n == 24


def test_that_a_worker_that_lives_on_reads_a_replaced_file_anew(
    run: Trajectory, tmp_path: Path
) -> None:
    path = Path(run.source.path)
    one = Input("run", str(path), Kind.TRAJECTORY)

    def position(frame: Frame, _params: object) -> Computed:
        return Computed({}, {"x": float(frame.positions[0, 0])})

    work = FrameWork(one, 1, position, CNA.params(), as_read(run.frame(0)))
    before = find(work)[1]["x"]
    first, *others = read(path, ":")
    for atoms in others:
        atoms.positions += 0.1
    write(tmp_path / "new.xyz", [first, *others, first], format="extxyz")
    (tmp_path / "new.xyz").replace(path)
    assert find(work)[1]["x"] == pytest.approx(before + 0.1)
    assert find(replace(work, number=12))[1]["x"] == pytest.approx(first.positions[0, 0])


def test_that_it_stops_when_told(run: Trajectory) -> None:
    progress = Progress()
    frames = ManyFrames(keep=False).over(run, CNA, CNA.params(), range(12), progress)
    next(frames)
    progress.stop()
    with pytest.raises(Cancelled):
        list(frames)


def test_that_a_folder_that_cannot_be_written_costs_only_time(
    run: Trajectory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file, no folder"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    found = list(ManyFrames().over(run, CNA, CNA.params(), [0], Progress()))
    assert set(found[0].columns["cna"]) == {3}
    assert not KeptResults("x").save(0, found[0])
