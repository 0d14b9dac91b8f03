"""The actions: what each does to the state, and when it may not."""

from __future__ import annotations

import re

import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.actions.action import Action
from mlipviewer.session.actions.keymap import Keymap, normal, problem_of
from mlipviewer.session.actions.listing import ACTIONS
from mlipviewer.session.actions.panels import panel_actions
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.state import Document, State
from tests import made


def action(name: str) -> Action:
    return next(one for one in ACTIONS if one.id == name)


def done(name: str, state: State) -> State:
    change = action(name).change
    assert change is not None
    return change(state)


@pytest.fixture
def state() -> State:
    state = State(Document(panels=start_panels()))
    table = Input("made.csv", "/made.csv", Kind.TABLE)
    state = changes.add_loaded(state, table, made.error_table())
    run = Input("made.xyz", "/made.xyz", Kind.TRAJECTORY)
    return changes.add_loaded(state, run, made.trajectory())


@pytest.mark.parametrize("one", [one for one in ACTIONS if one.change], ids=lambda one: one.id)
def test_that_no_action_harms_an_empty_window(one: Action) -> None:
    assert one.change is not None
    after = one.change(State())
    assert after.document.selected == {}
    assert after.document.frame == 0


def test_that_ids_and_keys_are_unique() -> None:
    every = (*ACTIONS, *panel_actions())
    assert len({one.id for one in every}) == len(every)
    keymap = Keymap(every)
    met = {(one.id, key) for one in every for key in one.keys if keymap.conflicts(one, key)}
    assert met == set()


@pytest.mark.parametrize("one", ACTIONS, ids=lambda one: one.id)
def test_that_keys_are_fit_for_other_keyboards_and_for_text(one: Action) -> None:
    for key in one.keys:
        assert key == normal(key), "as Qt writes it"
        assert not problem_of(one, key), "letters are letters where text is typed"
        assert key[-1] not in "[]{}\\~"
    function_keys = [key for key in one.keys if re.fullmatch("F([2-9]|10)", key)]
    assert not function_keys or len(one.keys) > len(function_keys)


def test_that_every_action_says_where_it_is_found() -> None:
    for one in ACTIONS:
        assert one.menu or one.keys, one.id
        assert one.title[0].isupper()


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
    assert done(name, state).selected(Space.MODEL).tolist() == models


def test_that_a_threshold_belongs_to_no_family(state: State) -> None:
    state = changes.select(state, Space.MODEL, rows([0]))
    after = done("select.family", state)
    assert after.selected(Space.MODEL).tolist() == [0]


@pytest.mark.parametrize(
    ("name", "frame"), [("time.next", 4), ("time.previous", 2), ("time.first", 0), ("time.last", 7)]
)
def test_that_time_moves(state: State, name: str, frame: int) -> None:
    state = changes.show_frame(state, 3)
    assert done(name, state).document.frame == frame


def test_that_steps_stop_at_the_ends(state: State) -> None:
    assert done("time.previous", state) is state
    last = done("time.last", state)
    assert done("time.next", last) is last


def test_that_playing_is_turned_on_and_off(state: State) -> None:
    playing = done("time.play", state)
    assert playing.moment.playing
    assert not done("time.play", playing).moment.playing
    assert playing.document is state.document
