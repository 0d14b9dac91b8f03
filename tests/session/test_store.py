"""The store: one way to change the state, its history, and how observers are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes, time_changes
from mlipviewer.session.state import Document, State
from mlipviewer.session.store import MAX_STEPS, Change, CommitWhileShowing, Store


def frame(index: int) -> Change:
    return lambda state: state.with_document(frame=index)


@pytest.fixture
def store() -> Store:
    return Store()


def test_that_a_changed_document_is_a_step_that_undo_and_redo_travel(store: Store) -> None:
    start = store.state.document
    store.commit(frame(1), "One")
    store.commit(frame(2), "Two")
    assert (store.undo_label, store.redo_label, store.n_steps) == ("Two", "", 2)
    store.undo()
    assert (store.state.document.frame, store.undo_label, store.redo_label) == (1, "One", "Two")
    store.undo()
    assert store.state.document is start
    store.undo()
    assert store.state.document is start
    store.redo()
    store.redo()
    store.redo()
    assert (store.state.document.frame, store.undo_label, store.redo_label) == (2, "Two", "")


def test_that_a_change_which_changes_nothing_is_no_step(store: Store) -> None:
    store.commit(lambda state: state, "Nothing")
    assert store.n_steps == 0


def test_that_the_moment_is_no_history(store: Store) -> None:
    store.commit(frame(1), "One")
    store.commit(lambda s: time_changes.play(s, True), "Play")
    assert (store.undo_label, store.n_steps) == ("One", 1)
    store.undo()
    assert store.state.moment.playing
    assert store.redo_label == "One"


def test_that_a_new_step_forgets_what_was_undone(store: Store) -> None:
    store.commit(frame(1), "One")
    store.undo()
    store.commit(frame(2), "Two")
    store.redo()
    assert store.state.document.frame == 2
    assert store.redo_label == ""


def test_that_a_hover_after_undo_leaves_redo_possible(store: Store) -> None:
    store.commit(frame(1), "One")
    store.undo()
    store.commit(lambda s: changes.hover(s, Space.MODEL, 3, "table"), "Hover")
    store.redo()
    assert store.state.document.frame == 1


def test_that_steps_of_one_drag_are_one(store: Store) -> None:
    for index in (1, 2, 3):
        store.commit(frame(index), "Scrub", merge="scrub")
    assert store.n_steps == 1
    store.end_merge()
    store.commit(frame(4), "Scrub", merge="scrub")
    assert store.n_steps == 2
    store.undo()
    assert store.state.document.frame == 3
    store.undo()
    assert store.state.document.frame == 0


@pytest.mark.parametrize("between", ["", "other"])
def test_that_another_step_ends_a_drag(store: Store, between: str) -> None:
    store.commit(frame(1), "Scrub", merge="scrub")
    store.commit(frame(2), "Other", merge=between)
    store.commit(frame(3), "Scrub", merge="scrub")
    assert store.n_steps == 3


def test_that_a_step_after_undo_is_not_merged_into_what_was_undone(store: Store) -> None:
    store.commit(frame(1), "Scrub", merge="scrub")
    store.commit(frame(2), "Other")
    store.undo()
    store.commit(frame(3), "Scrub", merge="scrub")
    store.undo()
    assert store.state.document.frame in (0, 1)
    assert store.redo_label == "Scrub"


def test_that_the_history_has_a_length(store: Store) -> None:
    for index in range(1, MAX_STEPS + 6):
        store.commit(frame(index), f"Frame {index}")
    assert store.n_steps == MAX_STEPS
    while store.undo_label:
        store.undo()
    assert store.state.document.frame == 5


def chosen(first: int, n: int = 1000) -> Change:
    return lambda s: changes.select(s, Space.ATOM, rows(range(first, first + n)), owner="run")


def test_that_the_history_has_a_weight(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlipviewer.session.store.MAX_BYTES", 10_000)
    for step in range(10):
        store.commit(chosen(step), f"Select {step}")
    assert [step.label for step in store.past] == ["Select 8", "Select 9"]
    store.undo()
    store.undo()
    assert store.state.selected(Space.ATOM, "run")[0] == 7
    store.redo()
    store.redo()
    assert store.state.selected(Space.ATOM, "run")[0] == 9
    assert store.n_steps == 2


def test_that_what_steps_share_weighs_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.session.store.MAX_BYTES", 10_000)
    store.commit(chosen(0, 100_000), "Select")
    for index in range(1, 60):
        store.commit(frame(index), "Frame")
    assert store.n_steps == 60


def test_that_the_last_step_is_kept_however_much_it_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlipviewer.session.store.MAX_BYTES", 10_000)
    store.commit(chosen(0, 100_000), "Select")
    store.commit(changes.select_none, "Select nothing")
    store.undo()
    assert len(store.state.selected(Space.ATOM, "run")) == 100_000


def test_that_a_session_begins_with_as_much_history_as_there_is_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(10):
        store.commit(chosen(step), f"Select {step}")
    past = [(step.document, step.label) for step in store.past]
    monkeypatch.setattr("mlipviewer.session.store.MAX_BYTES", 10_000)
    other = Store()
    other.begin(store.state, past)
    assert [step.label for step in other.past] == ["Select 8", "Select 9"]


def test_that_undoing_all_gives_the_start_back(store: Store) -> None:
    start = store.state.document
    store.commit(lambda s: changes.select(s, Space.MODEL, rows([1, 2]), owner="t"), "Select")
    store.commit(lambda s: table_changes.set_condition(s, "a < 1"), "Filter", "filter")
    store.commit(lambda s: table_changes.set_condition(s, "a < 12"), "Filter", "filter")
    store.commit(frame(9), "Frame")
    while store.undo_label:
        store.undo()
    assert store.state.document is start


def test_that_the_history_can_be_rewritten(store: Store) -> None:
    for index in (1, 2, 3):
        store.commit(frame(index), f"Frame {index}")
    store.undo()
    store.rewrite_history(lambda document: replace(document, frame=document.frame * 10))
    assert store.state.document.frame == 2
    store.undo()
    assert (store.state.document.frame, store.undo_label) == (10, "Frame 1")
    store.redo()
    store.redo()
    assert store.state.document.frame == 30


# --- telling -----------------------------------------------------------------------------------


def test_that_many_commits_of_one_turn_are_told_once() -> None:
    asked, told = [], []
    store = Store(schedule=lambda: asked.append(1))
    store.subscribe(lambda old, new: told.append((old.document.frame, new.document.frame)))
    for index in (1, 2, 3):
        store.commit(frame(index), "Frame")
    assert (len(asked), told) == (1, [])
    store.flush()
    assert told == [(0, 3)]
    store.flush()
    assert len(told) == 1
    store.commit(frame(4), "Frame")
    assert len(asked) == 2


def test_that_committing_while_views_are_shown_raises(store: Store) -> None:
    def feed_back(_old: State, _new: State) -> None:
        store.commit(frame(7), "Feedback")

    stop = store.subscribe(feed_back)
    store.commit(frame(1), "One")
    with pytest.raises(CommitWhileShowing, match="'Feedback' was committed"):
        store.flush()
    assert store.state.document.frame == 1
    stop()
    store.commit(frame(2), "Two")
    store.flush()
    assert store.state.document.frame == 2


@pytest.mark.parametrize("travel", [Store.undo, Store.redo])
def test_that_history_does_not_move_while_views_are_shown(store: Store, travel: object) -> None:
    store.subscribe(lambda _old, _new: travel(store))  # type: ignore[operator]
    store.commit(frame(1), "One")
    with pytest.raises(CommitWhileShowing):
        store.flush()


def test_that_a_flush_inside_a_flush_tells_nobody_twice(store: Store) -> None:
    told = []
    store.subscribe(lambda _old, new: (told.append(new), store.flush()))
    store.commit(frame(1), "One")
    store.flush()
    assert len(told) == 1


def test_that_an_observer_is_told_until_it_wants_no_more(store: Store) -> None:
    first, second = [], []
    stop = store.subscribe(lambda _old, new: first.append(new))
    store.subscribe(lambda _old, new: second.append(new))
    store.commit(frame(1), "One")
    store.flush()
    stop()
    store.commit(frame(2), "Two")
    store.flush()
    assert (len(first), len(second)) == (1, 2)


# --- completion --------------------------------------------------------------------------------


def test_that_the_moment_is_completed_before_anyone_is_told(store: Store) -> None:
    store.complete_with(lambda state: time_changes.play(state, True))
    told = []
    store.subscribe(lambda old, new: told.append((old.moment.playing, new.moment.playing)))
    store.commit(frame(1), "One")
    store.flush()
    assert told == [(False, True)]
    assert (store.state.moment.playing, store.n_steps) == (True, 1)


def test_that_completing_never_touches_the_document(store: Store) -> None:
    store.complete_with(lambda state: state.with_document(frame=5))
    store.commit(frame(1), "One")
    with pytest.raises(CommitWhileShowing, match="never the Document"):
        store.flush()
    assert store.state.document.frame == 1


def test_that_a_store_begins_with_the_state_it_is_given() -> None:
    assert Store(State(Document(frame=4))).state.document.frame == 4


# --- another session, and what a user made -----------------------------------------------------


def test_that_a_session_begins_with_its_own_history(store: Store) -> None:
    store.commit(frame(1), "One")
    store.begin(
        State(Document(frame=9)), [(Document(frame=7), "Seven"), (Document(frame=8), "Nine")]
    )
    assert (store.state.document.frame, store.n_steps, store.redo_label) == (9, 2, "")
    store.undo()
    assert store.state.document.frame == 8
    store.undo()
    assert store.state.document.frame == 7
    store.redo()
    assert store.state.document.frame == 8


def test_that_a_mark_is_that_of_what_a_user_made(store: Store) -> None:
    first = store.mark
    store.commit(frame(1), "Filled in", step=False)
    assert store.mark is first
    store.commit(frame(2), "Two", merge="drag")
    second = store.mark
    assert second is not first
    store.commit(frame(3), "Three", merge="drag")
    assert store.mark is not second
    store.undo()
    assert store.mark is first
    store.redo()
    assert store.mark not in (first, second)
    made = store.state.document
    store.take_back(made)
    assert store.mark is first
