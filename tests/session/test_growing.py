"""Trajectories that grow while they are shown: indexed, written, replaced."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.trajectories import text_source
from mlipviewer.io.trajectories.choices import TrajectoryChoices
from mlipviewer.session import changes, growing
from mlipviewer.session.computing import compute
from mlipviewer.session.growing import END, follow_end, follows_end, root
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.opening import Opened, open_input
from mlipviewer.session.panels import plot_panel
from mlipviewer.session.session import Session
from mlipviewer.session.state import JobState, Weight
from tests.session.conftest import open_panel, result, until

LONG = 10.0


def frame_text(step: int, n_atoms: int = 4) -> str:
    rng = np.random.default_rng(step)
    head = 'Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 '
    text = f"{n_atoms}\n{head}energy={-step - 1.5} step={step}\n"
    return text + "".join(f"Li {x:.8f} {y:.8f} {z:.8f}\n" for x, y, z in rng.random((n_atoms, 3)))


def write(path: Path, steps: range, mode: str = "w") -> Path:
    with path.open(mode) as file:
        file.write("".join(frame_text(step) for step in steps))
    return path


def opened(session: Session, path: Path) -> Trajectory:
    session.open([str(path)])
    session.settle()
    return shown(session)


def shown(session: Session) -> Trajectory:
    found = session.store.state.trajectory
    assert found is not None
    return found


def looked(session: Session) -> None:
    """What the follower's thread does once a second, at once."""
    session.growth.follower.look(root(shown(session).source))
    session.settle()


def test_that_appended_frames_appear(session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    first = opened(session, path)
    frame = session.store.state.moment.frames["run.xyz"]
    steps = session.store.n_steps
    write(path, range(3, 8), "a")
    looked(session)
    assert shown(session).n_frames == 8
    assert shown(session).source is first.source
    assert session.store.state.moment.frames["run.xyz"] is frame
    assert session.store.state.frame == 0
    assert session.store.n_steps == steps  # nobody did anything that could be undone
    session.store.commit(lambda s: changes.show_frame(s, 7), "Last")
    session.settle()
    assert session.store.state.moment.frames["run.xyz"].info["step"] == 7


def test_that_the_thread_finds_them_by_itself(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "POLL", 0.02)
    path = write(tmp_path / "run.xyz", range(3))
    opened(session, path)
    write(path, range(3, 8), "a")
    until(session, lambda: shown(session).n_frames == 8)


def test_that_the_last_frame_is_followed_if_wanted(session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    opened(session, path)
    session.store.commit(follow_end, "Follow")
    session.settle()
    assert session.store.state.frame == 2
    write(path, range(3, 8), "a")
    looked(session)
    assert session.store.state.frame == 7
    assert session.store.state.moment.frames["run.xyz"].info["step"] == 7
    session.store.commit(lambda s: changes.show_frame(s, 4), "Back")
    assert not follows_end(session.store.state)
    session.store.commit(follow_end, "Follow")
    session.store.commit(follow_end, "Stay")
    assert session.store.state.document.frame == 7 < END


def test_that_a_slice_of_a_growing_file_grows(session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    opened(session, Path(f"{path}@1::2"))
    write(path, range(3, 8), "a")
    looked(session)
    assert shown(session).frames == range(1, 8, 2)


def test_that_what_panels_show_is_asked_anew(session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    opened(session, path)
    open_panel(session, plot_panel("series", "Energy", "series"))
    session.settle()
    before = result(session, "series")
    assert before.summary["n_frames"] == 3  # type: ignore[union-attr]
    write(path, range(3, 8), "a")
    session.growth.follower.look(root(shown(session).source))
    session.drain()
    assert result(session, "series") is before  # no empty panel meanwhile
    session.store.flush()
    session.settle()
    assert result(session, "series").summary["n_frames"] == 8  # type: ignore[union-attr]


def test_that_a_frame_that_is_being_written_is_no_damage(session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    with path.open("a") as file:
        file.write(frame_text(3)[:-20])
    opened(session, path)
    (notice,) = session.store.state.moment.notices
    assert notice.weight is Weight.INFO
    assert "still being written" in notice.text
    with path.open("a") as file:
        file.write(frame_text(3)[-20:])
    looked(session)
    assert shown(session).n_frames == 4
    assert len(session.store.state.moment.notices) == 1


@pytest.mark.parametrize("computed", [False, True])
def test_that_a_frame_that_was_half_written_is_read_anew(
    session: Session, tmp_path: Path, computed: bool
) -> None:
    path = tmp_path / "run.xyz"
    path.write_text(frame_text(0)[:-5])  # its last number lacks digits
    opened(session, path)
    if computed:
        session.store.commit(lambda s: compute(s, "coordination"), "Compute")
        session.settle()
    before = session.store.state.moment.frames["run.xyz"]
    assert ("coordination" in before.columns) == computed
    with path.open("a") as file:
        file.write(frame_text(0)[-5:])
    looked(session)
    until(session, lambda: session.store.state.moment.frames["run.xyz"].complete)
    after = session.store.state.moment.frames["run.xyz"]
    assert f"{after.positions[-1, 2]:.8f}" == frame_text(0).split()[-1]
    assert after.positions[-1, 2] != before.positions[-1, 2]


def test_that_a_file_that_ends_inside_a_frame_is_told_of_in_the_end(
    session: Session, tmp_path: Path
) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    with path.open("a") as file:
        file.write(frame_text(3)[:-20])
    opened(session, path)
    looked(session)
    assert len(session.store.state.moment.notices) == 1
    old = time.time() - 100
    os.utime(path, (old, old))
    looked(session)
    looked(session)
    notices = session.store.state.moment.notices
    assert [notice.weight for notice in notices] == [Weight.INFO, Weight.WARNING]
    assert "frame 4, line 19: " in notices[-1].text


def test_that_damage_in_an_old_file_is_told_at_once(session: Session, tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(3))
    with path.open("a") as file:
        file.write(frame_text(3)[:-20])
    os.utime(path, (1e9, 1e9))
    opened(session, path)
    looked(session)
    (notice,) = session.store.state.moment.notices
    assert notice.weight is Weight.WARNING


@pytest.mark.parametrize("how", ["written over", "another file"])
def test_that_a_replaced_file_is_never_shown_as_the_old_one(
    session: Session, tmp_path: Path, how: str
) -> None:
    path = write(tmp_path / "run.xyz", range(5))
    opened(session, path)
    if how == "written over":
        write(path, range(50, 60))
    else:
        write(tmp_path / "new", range(50, 60)).replace(path)
    session.store.commit(lambda s: changes.show_frame(s, 3), "Frame 3")  # before anyone looked
    session.settle()
    state = session.store.state
    if how == "written over":
        assert "was replaced while it was open" in state.moment.failed["run.xyz"].reason
    else:  # the old file is still open: it can be read to its end
        assert state.moment.frames["run.xyz"].info["step"] == 3
    looked(session)
    looked(session)
    session.store.commit(lambda s: changes.show_frame(s, 0), "Frame 0")
    session.settle()
    assert session.store.state.moment.frames["run.xyz"].info["step"] == 0  # it was read before
    session.store.commit(lambda s: changes.show_frame(s, 3), "Frame 3")
    session.settle()
    (notice,) = session.store.state.moment.notices
    assert notice.reload == ("run.xyz",)
    assert shown(session).n_frames == 5
    session.growth.reload(notice.reload)
    session.settle()
    assert shown(session).n_frames == 10
    assert session.store.state.moment.frames["run.xyz"].info["step"] == 53


class Gate:
    """Lets the indexer take one step at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = threading.Semaphore(0)
        monkeypatch.setattr(text_source, "PUBLISHED_EVERY", 0.0)
        inner = text_source.Indexer.steps
        gate = self

        def steps(indexer: text_source.Indexer) -> object:
            for at in inner(indexer):
                assert gate.steps.acquire(timeout=LONG)
                yield at

        monkeypatch.setattr(text_source.Indexer, "steps", steps)


def test_that_the_first_frame_shows_while_the_others_are_looked_for(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    open_panel(session, plot_panel("series", "Energy", "series"))
    session.open([str(write(tmp_path / "run.xyz", range(6)))])
    gate.steps.release()
    until(session, lambda: "run.xyz" in session.store.state.moment.frames)
    assert shown(session).n_frames == 1
    assert session.store.state.moment.jobs[0].state is JobState.RUNNING
    assert not session.store.state.moment.results  # not half an answer
    gate.steps.release(2)
    until(session, lambda: shown(session).n_frames == 3)
    gate.steps.release(9)
    session.settle()
    assert shown(session).n_frames == 6
    assert result(session, "series").summary["n_frames"] == 6  # type: ignore[union-attr]
    assert session.store.n_steps == 2  # the panel and the file
    assert len(session.store.state.document.inputs) == 1


def test_that_what_was_found_stays_when_indexing_is_stopped(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    session.open([str(write(tmp_path / "run.xyz", range(6)))])
    gate.steps.release(2)
    until(session, lambda: "run.xyz" in session.store.state.moment.frames)
    session.jobs.stop(session.store.state.moment.jobs[0].number)
    gate.steps.release(9)
    session.settle()
    assert session.store.state.moment.jobs[0].state is JobState.STOPPED
    n_frames = shown(session).n_frames
    assert 1 <= n_frames < 6
    assert "stopped; the first" in session.store.state.moment.notices[-1].text
    session.store.commit(lambda s: changes.show_frame(s, n_frames - 1), "Last")
    session.settle()
    assert session.store.state.moment.frames["run.xyz"].info["step"] == n_frames - 1


def test_that_frames_from_the_end_wait_for_the_end(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_source, "PUBLISHED_EVERY", 0.0)
    path = write(tmp_path / "run.xyz", range(6))
    assert opened(session, Path(f"{path}@-2:")).frames == range(4, 6)
    assert session.store.state.moment.frames["run.xyz"].info["step"] == 4


def test_that_progress_hands_out_parts() -> None:
    got = list[int]()
    Progress(receive=got.append).give(3)
    Progress().give(4)
    assert got == [3]


def test_that_what_is_given_out_early_keeps_its_source(tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(300))
    got: list[Opened] = []
    one = Input("run.xyz", str(path), Kind.TRAJECTORY)
    whole = open_input(one, Progress(receive=got.append)).thing
    assert isinstance(whole, Trajectory)
    assert whole.n_frames == 300
    assert got
    assert all(part.thing.source is whole.source for part in got)  # type: ignore[union-attr]


def test_that_a_log_beside_is_never_taken_for_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "run.xyz", range(300))
    log = "LAMMPS (2 Aug 2023)\nunits metal\nPer MPI rank memory allocation (min/avg/max) = 4\n"
    log += "   Step   Temp\n      0    300\n      1    310\nLoop time of 1 on 1 procs\n"
    (tmp_path / "log.lammps").write_text(log)
    choices = TrajectoryChoices(thermo=(str(tmp_path / "log.lammps"),)).as_text()
    got: list[Opened] = []
    one = Input("run.xyz", str(path), Kind.TRAJECTORY, choices=choices)
    whole = open_input(one, Progress(receive=got.append)).thing
    assert isinstance(whole, Trajectory)
    assert got
    assert got[0].thing.source is not whole.source  # type: ignore[union-attr]
