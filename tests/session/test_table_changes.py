"""The pure changes of the table's looks."""

from __future__ import annotations

import pytest

from mlipviewer.session import changes, table_changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.state import Document, Sort, State
from tests import made


@pytest.fixture
def state() -> State:
    table = Input("made.csv", "/made.csv", Kind.TABLE)
    return changes.add_loaded(State(Document()), table, made.error_table())


def test_that_sorting_again_turns_the_direction(state: State) -> None:
    once = table_changes.sort_by(state, "e1")
    twice = table_changes.sort_by(once, "e1")
    assert once.document.sorting == (Sort("e1"),)
    assert twice.document.sorting == (Sort("e1", descending=True),)
    assert table_changes.sort_by(twice, "e2").document.sorting == (Sort("e2"),)


def test_that_a_condition_is_set_once(state: State) -> None:
    after = table_changes.set_condition(state, "e0 < 1")
    assert after.document.condition == "e0 < 1"
    assert table_changes.set_condition(after, "e0 < 1") is after
