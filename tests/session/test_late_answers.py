"""Answers that were ready when something else was asked, and news that come together."""

from __future__ import annotations

import gc
import logging
import time
import weakref
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from mlipviewer.campaign.failure import DesignProblem
from mlipviewer.campaign.folder import Folder
from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session import atom_changes, changes, colourings, matching, seeking, standing
from mlipviewer.session.campaigns import changes as drafts
from mlipviewer.session.campaigns import frames as sets
from mlipviewer.session.campaigns import looking
from mlipviewer.session.campaigns.attending import reading_of
from mlipviewer.session.campaigns.process import Process
from mlipviewer.session.campaigns.seen import Draft, Reading
from mlipviewer.session.campaigns.tables import Grown
from mlipviewer.session.closing import close_input
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.jobs import Jobs
from mlipviewer.session.landing import add_notice
from mlipviewer.session.matching import Matcher
from mlipviewer.session.opening import open_input
from mlipviewer.session.session import Session
from mlipviewer.session.standing import all_frames_range
from mlipviewer.session.state import (
    Colouring,
    Errand,
    JobState,
    Notice,
    RangePolicy,
    State,
    frozen,
)
from tests import made
from tests.session.conftest import LONG, ended, give_run, until

# --- news that come together -------------------------------------------------------------------


def do(session: Session, title: str, land: Any) -> None:
    """A job that has ended, and waits to be heard of."""
    errand = Errand(title, lambda _progress: title, land)
    session.store.commit(lambda s: s.with_moment(errands=(errand,)), title)
    session.store.flush()
    ended(title)


def test_that_a_landing_that_fails_does_not_keep_the_others(session: Session) -> None:
    def bad(_state: State, _value: str) -> State:
        raise RuntimeError("a slip of the program")

    do(session, "Bad", bad)
    do(session, "Good", lambda s, value: add_notice(s, Notice(value)))
    with pytest.raises(RuntimeError, match="a slip"):
        session.drain()
    state = session.store.state
    assert [(job.title, job.state) for job in state.moment.jobs] == [
        ("Bad", JobState.FAILED),
        ("Good", JobState.DONE),
    ]
    assert state.moment.notices[-1].text == "Good"
    session.drain()
    assert not session.working


def test_that_undo_speaks_of_the_same_models_after_a_table_and_its_links_have_grown(
    session: Session, tmp_path: Path
) -> None:
    path = made.write_table(tmp_path / "errors.csv")
    session.open([str(path)])
    session.settle()
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([7])), "Select")
    session.store.commit(lambda s: changes.choose(s, Space.MODEL, rows([3, 9])), "Select")
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, *lines[3:], *lines[:3]]))
    (one,) = session.store.state.document.inputs
    session.campaigns._tell(Grown(open_input(one)))
    link = Link("m3", "trajectory", str(tmp_path / "run.xyz"))
    session.campaigns._tell(Grown(links=(link,), of=one))
    session.drain()
    session.store.undo()
    state = session.store.state
    assert state.table is not None
    assert [state.table.keys[row] for row in state.selected(Space.MODEL)] == ["m7"]


def test_that_links_beside_a_table_that_was_closed_are_not_added(session: Session) -> None:
    table = Input("errors.csv", "/c/errors.csv", Kind.TABLE)
    session.campaigns._tell(Grown(links=(Link("m1", "trajectory", "/c/run.xyz"),), of=table))
    session.drain()
    assert not session.store.state.document.links


def test_that_a_window_runs_one_campaign_at_a_time(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Process, "alive", True)
    monkeypatch.setattr(session.campaigns.process, "_folder", Folder(tmp_path / "a.campaign"))
    with pytest.raises(DesignProblem, match=r"a\.campaign runs in this window"):
        session.campaigns.start(Draft("x = 1", str(tmp_path / "b.toml")))


def test_that_a_design_that_breaks_a_look_does_not_end_the_looking(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(text: str) -> Reading:
        if text == "bad":
            raise RecursionError("too deep")
        return Reading(text)

    monkeypatch.setattr(looking, "read_text", read)
    monkeypatch.setattr(looking, "catalogue", lambda: None)
    session.store.commit(lambda s: drafts.set_draft(s, text="bad"), "Type")
    session.store.flush()
    until(session, lambda: not session.campaigns._new)
    session.store.commit(lambda s: drafts.set_draft(s, text="good"), "Type")
    session.store.flush()
    until(
        session, lambda: (now := reading_of(session.store.state)) is not None and now.text == "good"
    )


def test_that_a_set_of_frames_joins_the_design_that_it_was_made_for(session: Session) -> None:
    give_run(session)
    session.store.commit(lambda s: drafts.set_draft(s, text="a = 1\n", file="/a.toml"), "A")
    errand = sets.errand(session.store.state, {"name": "mine", "file": "/mine.extxyz"})
    here = errand.land(session.store.state, 3)
    assert "mine" in here.document.campaign.text
    other = drafts.set_draft(session.store.state, text="b = 1\n", file="/b.toml")
    after = errand.land(other, 3)
    assert after.document.campaign.text == "b = 1\n"
    assert "a.toml is not open" in after.moment.notices[-1].text


# --- conditions --------------------------------------------------------------------------------


def test_that_an_answer_to_a_condition_asked_anew_does_not_land_as_the_new_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "AT_ONCE", 0)
    give_run(session)
    session.settle()
    first = session.store.state.with_moment(sought="id < 9")
    trajectory = first.trajectory
    assert trajectory is not None
    second = first.with_moment(frames=frozen({trajectory.name: trajectory.frame(1)}))
    landings: dict[int, Any] = {}
    matcher = Matcher(Jobs())
    matcher.complete(first, landings)
    matcher.complete(second, landings)
    (one, old), (other, new) = landings.items()
    (condition,) = matching.wanted_conditions(first)
    found = matching.match(condition, matching.ground_of(first, *condition_of(condition)))
    assert old[1](second, found) is second
    after = new[1](second, found)
    assert after.moment.matches[condition] is found
    assert one != other


def condition_of(condition: Any) -> tuple[Space, str]:
    return condition.space, condition.owner


# --- what stands -------------------------------------------------------------------------------


def run_of(top: int) -> Trajectory:
    def frame(index: int) -> Frame:
        columns = MappingProxyType({"e": np.array([0.0, top * index])})
        return Frame(index, np.zeros((2, 3)), np.full(2, 3), columns=columns)

    return Trajectory.whole("run", MemorySource("run", "memory", [frame(i) for i in range(3)]))


def give(session: Session, run: Trajectory) -> None:
    one = Input("run", "/run", Kind.TRAJECTORY)
    session.store.commit(lambda s: changes.add_loaded(s, one, run), "Open")
    session.settle()


def test_that_the_range_of_a_run_is_never_that_of_one_that_lay_at_its_place_in_memory(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "id", lambda _thing: 7, raising=False)
    give(session, run_of(1))
    colouring = Colouring("e", policy=RangePolicy.ALL)
    session.store.commit(lambda s: colourings.set_colouring(s, colouring), "All frames")
    session.settle()
    assert all_frames_range(session.store.state, "run") == (0, 2)
    give(session, run_of(10))
    assert all_frames_range(session.store.state, "run") == (0, 20)


def test_that_what_was_found_of_a_closed_run_does_not_hold_it(session: Session) -> None:
    run = run_of(1)
    gone = weakref.ref(run)
    give(session, run)
    colouring = Colouring("e", policy=RangePolicy.ALL)
    session.store.commit(lambda s: colourings.set_colouring(s, colouring), "All frames")
    session.settle()
    assert session.store.state.moment.ranges
    session.store.commit(lambda s: close_input(s, "run"), "Close")
    session.settle()
    assert not session.store.state.moment.ranges
    del run
    end = time.monotonic() + LONG
    while gone() is not None:  # the thread that read its frame may just be about to let go
        assert time.monotonic() < end
        gc.collect()


def test_that_frames_that_could_not_be_read_do_not_hold_a_closed_run(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "mlipviewer.session.frames")  # pytest holds what is logged
    run = made.trajectory("run", damaged=(0,))
    gone = weakref.ref(run.source)
    give(session, run)
    assert session.store.state.moment.failed
    session.store.commit(lambda s: close_input(s, "run"), "Close")
    session.settle()
    del run
    end = time.monotonic() + LONG
    while gone() is not None:
        assert time.monotonic() < end
        gc.collect()


# --- atoms that are sought for long ------------------------------------------------------------


def test_that_what_was_grown_of_other_atoms_is_not_selected(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atom_changes, "SMALL", 0)
    all_of = lambda _frame, chosen: np.ones_like(chosen)  # noqa: E731
    grow = partial(atom_changes._grow, owner=None, growth=all_of, title="Grow")
    give_run(session)
    session.settle()
    choose = lambda s, atom: changes.select(s, Space.ATOM, rows([atom]))  # noqa: E731
    session.store.commit(lambda s: choose(s, 1), "Select")
    session.store.commit(grow, "Grow")
    session.settle()
    grown = session.store.state.selected(Space.ATOM)
    assert len(grown) > 1
    session.store.commit(lambda s: choose(s, 1), "Select")
    session.store.commit(grow, "Grow")
    session.store.flush()
    session.store.commit(lambda s: choose(s, 20), "Select others")
    session.settle()
    assert session.store.state.selected(Space.ATOM).tolist() == [20]


def test_that_nothing_is_selected_in_a_run_that_was_closed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "AT_ONCE", 0)
    give_run(session, "run.xyz")
    session.settle()
    session.store.commit(lambda s: atom_changes.seek(s, "id < 9"), "Seek")
    session.store.commit(seeking.choose_sought, "Select")
    session.store.flush()
    ended("Select found atoms")
    session.store.commit(lambda s: close_input(s, "run.xyz"), "Close")
    session.settle()
    assert not session.store.state.document.selected
