"""Selections, sets and measurements of atoms as changes of the state, and their undoing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlipviewer.core.named_sets import Join
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, rows
from mlipviewer.core.spread import spread
from mlipviewer.core.trajectory import Frame
from mlipviewer.session import (
    atom_changes,
    changes,
    matching,
    measure_changes,
    set_changes,
    time_changes,
)
from mlipviewer.session.closing import close_input
from mlipviewer.session.conditions import rows_of_set
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.session import Session
from mlipviewer.session.set_tables import set_table, value_now, values_table
from mlipviewer.session.state import Document, State, frozen
from mlipviewer.session.store import Store
from tests import made

RUN = "made.xyz"


@pytest.fixture
def session() -> Session:
    made_session = Session(Store(State(Document(panels=start_panels()))))
    return made_session


def begun(session: Session) -> State:
    def opened(state: State) -> State:
        table = Input("made.csv", "/made.csv", Kind.TABLE)
        state = changes.add_loaded(state, table, made.error_table())
        run = Input(RUN, "/made.xyz", Kind.TRAJECTORY)
        return changes.add_loaded(state, run, made.trajectory())

    return commit(session, opened)


def commit(session: Session, change: Callable[[State], State]) -> State:
    session.store.commit(change, "Test")
    session.settle(20)
    return session.store.state


def atoms(state: State) -> list[int]:
    return state.selected(Space.ATOM, RUN).tolist()


def choose(session: Session, *ids: int) -> State:
    return commit(session, lambda s: changes.select(s, Space.ATOM, rows(list(ids)), owner=RUN))


def test_that_a_live_set_follows_the_frame_and_serves_in_conditions(session: Session) -> None:
    begun(session)
    save = set_changes.save_condition
    state = commit(session, lambda s: save(s, Space.ATOM, RUN, "energies > 20", "hot"))
    hot = state.document.sets[0]
    assert rows_of_set(state, hot).tolist() == list(range(21, 28))
    state = commit(session, lambda s: changes.show_frame(s, 1))
    assert len(rows_of_set(state, hot)) == 27
    both = 'set("hot") and id < 4'
    state = commit(session, lambda s: save(s, Space.ATOM, RUN, both))
    assert state.document.sets[1].name == "set('hot') and id < 4"
    assert rows_of_set(state, state.document.sets[1]).tolist() == [1, 2, 3]
    state = commit(session, lambda s: set_changes.freeze_set(s, "hot"))
    assert not state.document.sets[0].live
    commit(session, lambda s: changes.show_frame(s, 0))
    assert len(rows_of_set(session.store.state, state.document.sets[0])) == 27


def test_that_a_set_made_of_itself_is_told(session: Session) -> None:
    begun(session)
    save = set_changes.save_condition
    state = commit(session, lambda s: save(s, Space.ATOM, RUN, 'set("me")', "me"))
    (found,) = state.moment.matches.values()
    assert "made of itself" in found.problem
    assert len(found.rows) == 0


def test_that_sets_of_models_filter_the_table(session: Session) -> None:
    begun(session)

    def saved(state: State) -> State:
        state = changes.select(state, Space.MODEL, rows([2, 5, 9]))
        state = set_changes.save_selection(state, Space.MODEL, "best")
        return state.with_document(condition='set("best") and e0 > 0')

    state = commit(session, saved)
    from mlipviewer.session.panels import chosen_models

    found = chosen_models(state, state.document.panel("pareto"))
    assert found is not None
    assert found.rows.tolist() == [2, 5, 9]
    state = commit(session, lambda s: close_input(s, "made.csv"))
    assert state.document.sets == ()


def test_that_big_conditions_are_answered_by_jobs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "AT_ONCE", 5)
    monkeypatch.setattr(atom_changes, "SMALL", 5)
    begun(session)
    state = commit(session, lambda s: atom_changes.seek(s, "id <= 3"))
    (found,) = state.moment.matches.values()
    assert found.rows.tolist() == [1, 2, 3]
    assert "Find atoms" in [job.title for job in state.moment.jobs]
    choose(session, 1)
    state = commit(session, lambda s: atom_changes.grow_within(atom_changes.set_reach(s, 3.2)))
    assert "Grow by 3.2 Å" in [job.title for job in state.moment.jobs]
    assert session.store.undo_label == "Grow by 3.2 Å"
    assert 1 < len(atoms(state)) < 27
    state = commit(session, lambda s: atom_changes.seek(s, None))
    assert dict(state.moment.matches) == {}


SETS = st.sets(st.integers(1, 27), min_size=1)


@given(SETS, SETS, st.sampled_from(Join))
def test_that_joined_sets_are_those_of_python(a: set[int], b: set[int], how: Join) -> None:
    python = {
        Join.UNION: a | b,
        Join.INTERSECTION: a & b,
        Join.DIFFERENCE: a - b,
        Join.EITHER: a ^ b,
    }
    state = changes.add_loaded(State(), Input(RUN, "/made.xyz", Kind.TRAJECTORY), made.trajectory())
    for name, held in (("a", a), ("b", b)):
        state = changes.select(state, Space.ATOM, rows(held), Mode.REPLACE)
        state = set_changes.save_selection(state, Space.ATOM, name)
    state = set_changes.join_sets(state, "a", "b", how)
    assert set(rows_of_set(state, state.document.sets[2]).tolist()) == python[how]
    state = set_changes.select_set(state, state.document.sets[2].name)
    assert set(atoms(state)) == python[how]
    assert len({one.colour for one in state.document.sets}) == 3


def test_that_names_of_sets_are_unique_and_can_be_changed(session: Session) -> None:
    begun(session)
    choose(session, 1, 2)
    for _ in range(2):
        state = commit(session, lambda s: set_changes.save_selection(s, Space.ATOM))
    assert [one.name for one in state.document.sets] == ["atoms", "atoms 2"]
    state = commit(session, lambda s: set_changes.rename_set(s, "atoms 2", ' "core" '))
    assert state.document.sets[1].name == "'core'"
    state = commit(session, lambda s: set_changes.complement_set(s, "atoms"))
    assert len(rows_of_set(state, state.document.sets[2])) == 25
    found = set_table(state, state.document.sets[0])
    assert found["id"] == [1, 2] or found["id"] == [2, 1]
    assert set(found) == {"id", "element", "x", "y", "z"}
    commit(session, lambda s: set_changes.drop_set(s, "atoms"))
    session.store.undo()
    assert len(session.store.state.document.sets) == 3


def test_that_measurements_are_made_named_plotted_and_undone(session: Session) -> None:
    begun(session)
    choose(session, 1, 2)
    state = commit(session, measure_changes.measure_selected)
    (one,) = state.document.measurements
    assert (one.kind, one.atoms, one.name) == ("distance", (1, 2), "distance 1–2")
    assert commit(session, measure_changes.measure_selected) is not None
    assert len(session.store.state.document.measurements) == 1  # the same is not added twice
    state = commit(session, lambda s: measure_changes.plot_measurement(s, 1))
    panel = state.document.panel("measurement.1")
    from mlipviewer.core.analysis import Request, Result
    from mlipviewer.session.panels import request_of

    choose(session, 5)  # the panel looks at its own atoms
    state = session.store.state
    request = request_of(state, panel)
    assert isinstance(request, Request)
    result = state.moment.results[request]
    assert isinstance(result, Result)
    frames = made.made_frames()
    distances = []
    for frame in frames:
        where = {int(i): p for i, p in zip(frame.atom_ids, frame.positions, strict=True)}
        apart = where[2] - where[1]
        side = np.diag(frame.cell)  # type: ignore[arg-type]
        distances.append(float(np.linalg.norm(apart - side * np.round(apart / side))))
    assert np.allclose(result.arrays["value"], distances)
    assert value_now(state, one) == pytest.approx(distances[0])
    assert values_table(state)["value"] == [pytest.approx(distances[0])]
    change = measure_changes.set_measurement
    state = commit(session, lambda s: change(s, 1, name="bond", periodic=False))
    assert state.document.panel("measurement.1").title == "bond"
    state = commit(session, lambda s: measure_changes.drop_measurement(s, 1))
    assert "measurement.1" not in {p.id for p in state.document.panels}
    session.store.undo()
    session.store.undo()
    assert session.store.state.document.measurements[0].name == "distance 1–2"


def test_that_hiding_is_per_trajectory_and_undone(session: Session) -> None:
    begun(session)
    choose(session, 3, 4)
    state = commit(session, atom_changes.hide_atoms)
    assert atoms(state) == []
    assert list(state.document.visible) == [RUN]
    state = commit(session, atom_changes.select_all_atoms)
    assert len(atoms(state)) == 25
    state = commit(session, atom_changes.show_all_atoms)
    assert dict(state.document.visible) == {}
    for _ in range(3):
        session.store.undo()
    assert atoms(session.store.state) == [3, 4]


def test_that_next_atoms_are_in_the_order_of_ids_and_skip_hidden_ones(session: Session) -> None:
    begun(session)
    state = commit(session, lambda s: atom_changes.select_next_atom(s, 1))
    assert atoms(state) == [1]
    choose(session, 2)
    commit(session, atom_changes.hide_atoms)
    choose(session, 1)
    assert atoms(commit(session, lambda s: atom_changes.select_next_atom(s, 1))) == [3]
    assert atoms(commit(session, lambda s: atom_changes.select_next_atom(s, -1))) == [1]
    assert atoms(commit(session, lambda s: atom_changes.select_next_atom(s, -1))) == [27]


def test_that_a_trail_spans_the_frames_selected_in_time(session: Session) -> None:
    begun(session)
    state = commit(session, lambda s: atom_changes.follow(s, RUN, 4))
    assert state.document.followed is not None
    assert (state.document.followed.first, state.document.followed.last) == (0, 7)
    commit(session, lambda s: changes.select(s, Space.FRAME, rows([2, 3, 4])))
    state = commit(session, lambda s: atom_changes.follow(s, RUN, 4))
    assert state.document.followed is not None
    assert (state.document.followed.first, state.document.followed.last) == (2, 4)
    choose(session, 4)
    assert commit(session, atom_changes.follow_selected).document.followed is None


def test_that_the_spread_is_that_of_a_committee_by_id() -> None:
    rng = np.random.default_rng(2)
    forces = rng.normal(size=(3, 5, 3))
    ids = np.array([5, 3, 9, 1, 7])
    frames = []
    for one in forces:
        order = rng.permutation(5)
        columns = {"forces": one[order]}
        frames.append(Frame(0, np.zeros((5, 3)), np.ones(5, int), ids=ids[order], columns=columns))
    expected = np.sqrt(((forces - forces.mean(axis=0)) ** 2).sum(axis=2).mean(axis=0))
    found = spread(frames, "forces")
    assert found == pytest.approx(expected[[ids.tolist().index(i) for i in frames[0].atom_ids]])
    lone = Frame(0, np.zeros((1, 3)), np.ones(1, int), ids=np.array([2]), columns={
        "forces": np.zeros((1, 3))})  # fmt: skip
    assert np.isnan(spread([lone, *frames], "forces")).all()


def test_that_a_million_atoms_are_matched_in_a_moment() -> None:
    from mlipviewer.session.conditions import Ground, match
    from mlipviewer.session.state import Condition

    n = 1_000_000
    frame = Frame(0, np.random.default_rng(0).uniform(0, 9, (n, 3)), np.full(n, 3))
    start = time.thread_time()
    found = match(Condition(Space.ATOM, "x", "x > 8.9 and element == 'Li'"), Ground(frame))
    assert time.thread_time() - start < 2
    assert len(found.rows) == np.count_nonzero(frame.positions[:, 0] > 8.9)


def test_that_a_set_is_taken_to_another_run_by_ids(session: Session) -> None:
    begun(session)
    other = Input("more.xyz", "/more.xyz", Kind.TRAJECTORY)
    commit(session, lambda s: changes.add_loaded(s, other, made.trajectory("more.xyz")))
    commit(session, lambda s: time_changes.show_beside(s, (RUN, "more.xyz")))
    choose(session, 3, 5)
    commit(session, lambda s: set_changes.save_selection(s, Space.ATOM, "two", RUN))
    state = commit(session, lambda s: set_changes.copy_set(s, "two", "more.xyz"))
    new = state.document.sets[1]
    assert (new.name, new.owner, rows_of_set(state, new).tolist()) == (
        "two of more.xyz",
        "more.xyz",
        [3, 5],
    )
    frame = replace(state.moment.frames["more.xyz"], ids=np.arange(100, 127))
    lacking = state.with_moment(frames=frozen({**state.moment.frames, "more.xyz": frame}))
    assert set_changes.fitting_runs(lacking, state.document.sets[0]) == ()
    assert set_changes.copy_set(lacking, "two", "more.xyz") is lacking
