"""Runs side by side in step by best alignment: found by a job, by number until then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.core.trajectory import Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session import changes, time_changes
from mlipviewer.session.moments import frame_of
from mlipviewer.session.playback import Lock
from mlipviewer.session.session import Session
from mlipviewer.session.state import State
from mlipviewer.session.store import Store
from tests import made
from tests.windows import opened, settle


@pytest.fixture
def session() -> object:
    found = Session(Store())
    yield found
    found.close()


def backwards(run: Trajectory, name: str) -> Trajectory:
    n = run.n_frames
    frames = [replace(run.frame(n - 1 - i), index=i) for i in range(n)]
    return Trajectory.whole(name, MemorySource(f"/{name}", "memory", frames))


def beside(session: Session) -> State:
    run = made.trajectory("a.xyz", n_frames=6)
    run = Trajectory.whole(
        "a.xyz",
        MemorySource(
            "/a.xyz",
            "memory",
            [
                replace(
                    run.frame(i),
                    positions=run.frame(i).positions
                    + np.random.default_rng(i).normal(0, 0.4, (run.frame(i).n_atoms, 3)),
                )
                for i in range(6)
            ],
        ),
    )
    store = session.store
    store.commit(lambda s: opened(opened(s, run), backwards(run, "b.xyz")), "Open")
    store.commit(lambda s: time_changes.show_beside(s, ("a.xyz", "b.xyz")), "Beside")
    store.commit(lambda s: changes.show_trajectory(s, "a.xyz"), "Show")
    settle(store, session)
    return store.state


def test_that_the_frame_most_alike_is_shown(session: Session) -> None:
    assert frame_of(changes.show_frame(beside(session), 1), "b.xyz") == 1
    lock = time_changes.set_comparison
    session.store.commit(lambda s: lock(s, lock=Lock.LIKENESS), "By likeness")
    settle(session.store, session)
    for index in (0, 1, 5):
        session.store.commit(lambda s, i=index: changes.show_frame(s, i), "Frame")
        settle(session.store, session)
        state = session.store.state
        assert frame_of(state, "b.xyz") == 5 - index
        assert state.moment.frames["b.xyz"].index == 5 - index
    assert [job.title for job in state.moment.jobs if "Align" in job.title] == [
        "Align b.xyz with a.xyz"
    ]
