"""The actions: what each does to the state, and when it may not."""

from __future__ import annotations

import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.action import Action
from mlipviewer.session.actions import ACTIONS
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.state import Document, State
from tests import made


def action(name: str) -> Action:
    return next(one for one in ACTIONS if one.id == name)


@pytest.fixture
def state() -> State:
    state = State(Document(panels=start_panels()))
    table = Input("made.csv", "/made.csv", Kind.TABLE)
    state = changes.add_loaded(state, table, made.error_table())
    run = Input("made.xyz", "/made.xyz", Kind.TRAJECTORY)
    return changes.add_loaded(state, run, made.trajectory())


@pytest.mark.parametrize("one", ACTIONS, ids=lambda one: one.id)
def test_that_no_action_harms_an_empty_window(one: Action) -> None:
    empty = State()
    after = one.change(empty)
    assert after.document.selected == {}
    assert after.document.frame == 0


def test_that_ids_and_keys_are_unique() -> None:
    assert len({one.id for one in ACTIONS}) == len(ACTIONS)
    keys = [key for one in ACTIONS for key in one.keys]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("select.all", "no error table is open"),
        ("select.invert", "no error table is open"),
        ("select.family", "no model is selected"),
        ("time.play", "no trajectory is open"),
        ("time.next", "no trajectory is open"),
        ("time.last", "no trajectory is open"),
    ],
)
def test_that_an_action_says_why_it_is_not_possible(state: State, name: str, words: str) -> None:
    assert action(name).prevented(State()) == words
    chosen = changes.select(state, Space.MODEL, rows([1]))
    assert action(name).prevented(chosen) == ""


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("select.all", list(range(1, 25))),
        ("select.none", []),
        ("select.invert", [1, *range(4, 25)]),
        ("select.family", [2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 23, 24]),
    ],
)
def test_what_actions_select(state: State, name: str, models: list[int]) -> None:
    state = changes.select(state, Space.MODEL, rows([2, 3]))
    assert action(name).change(state).selected(Space.MODEL).tolist() == models


def test_that_a_threshold_belongs_to_no_family(state: State) -> None:
    state = changes.select(state, Space.MODEL, rows([0]))
    after = action("select.family").change(state)
    assert after.selected(Space.MODEL).tolist() == [0]


@pytest.mark.parametrize(
    ("name", "frame"), [("time.next", 4), ("time.previous", 2), ("time.first", 0), ("time.last", 7)]
)
def test_that_time_moves(state: State, name: str, frame: int) -> None:
    state = changes.show_frame(state, 3)
    assert action(name).change(state).document.frame == frame


def test_that_steps_stop_at_the_ends(state: State) -> None:
    assert action("time.previous").change(state) is state
    last = action("time.last").change(state)
    assert action("time.next").change(last) is last


def test_that_playing_is_turned_on_and_off(state: State) -> None:
    playing = action("time.play").change(state)
    assert playing.moment.playing
    assert not action("time.play").change(playing).moment.playing
    assert playing.document is state.document
