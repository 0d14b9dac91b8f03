"""The pure changes of links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.session import changes, link_changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.state import Document, State
from tests import made

ONE = Link("m0", "trajectory", "/runs/a.xyz")
TWO = Link("m1", "trajectory", "/runs/b.xyz")
SHARED = Link("", "test", "/runs/c.xyz", "e1")


@pytest.fixture
def state() -> State:
    table = Input("made.csv", "/made.csv", Kind.TABLE)
    state = changes.add_loaded(State(Document()), table, made.error_table())
    return changes.add_links(state, (ONE, TWO, SHARED))


def paths(state: State) -> set[str]:
    return {one.path for one in state.document.inputs}


def test_that_a_changed_link_keeps_its_place_and_its_file_joins(state: State) -> None:
    new = replace(ONE, path="/other/a.xyz", role="test")
    after = link_changes.set_link(state, ONE, new)
    assert after.document.links == (new, TWO, SHARED)
    assert "/other/a.xyz" in paths(after)
    assert [one.name for one in after.document.inputs][-1] == "other/a.xyz"


def test_that_a_link_changed_into_one_that_is_there_leaves_one(state: State) -> None:
    assert link_changes.set_link(state, TWO, ONE).document.links == (ONE, SHARED)
    assert link_changes.set_link(state, ONE, ONE) is state
    assert link_changes.set_link(state, None, ONE) is state


def test_that_a_removed_link_leaves_the_file_open(state: State) -> None:
    after = link_changes.drop_link(state, TWO)
    assert after.document.links == (ONE, SHARED)
    assert paths(after) == paths(state)
    assert link_changes.drop_link(after, TWO) is after


def test_that_the_links_of_the_focus_are_its_own_and_those_of_all_models(state: State) -> None:
    only = link_changes.show_links_of_focus(state, True)
    assert link_changes.shown_links(only) == (ONE, TWO, SHARED), "nothing is in focus"
    focused = changes.focus(only, 1)
    assert link_changes.shown_links(focused) == (TWO, SHARED)
    assert link_changes.shown_links(changes.focus(state, 1)) == (ONE, TWO, SHARED)


def test_that_an_opened_link_selects_its_model_and_shows_its_file(state: State) -> None:
    after = link_changes.open_link(state, TWO)
    assert after.selected(Space.MODEL).tolist() == [1]
    assert after.document.trajectory == "b.xyz"
    after = link_changes.open_link(after, SHARED)
    assert after.selected(Space.MODEL).tolist() == [1], "it belongs to no model"
    assert after.document.trajectory == "c.xyz"
