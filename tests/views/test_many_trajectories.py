"""The menu of the open trajectories, where there are few and where there are many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMenu

from mlipviewer.session.changes import shown_trajectories
from mlipviewer.views.timeline import TimelineView
from mlipviewer.views.timeline.menus import MOST_LISTED
from tests import made
from tests.windows import Stage

pytestmark = pytest.mark.window


@pytest.mark.parametrize("count", [3, MOST_LISTED, MOST_LISTED + 1])
def test_that_many_trajectories_are_not_listed_twice(
    stage: Callable[..., Stage], count: int
) -> None:
    shown = stage(TimelineView)
    names = [f"run{k:02}.xyz" for k in range(count)]
    for name in names:
        shown.give_now(made.trajectory(name))
    shown.settle()
    assert isinstance(shown.view, TimelineView)
    menu = QMenu(shown.view)
    shown.view.menus.fill_trajectories(menu)
    texts = [action.text() for action in menu.actions()]
    twice = count <= MOST_LISTED
    assert [texts.count(name) for name in names] == [1 + twice] * count
    listed = menu if twice else menu.findChildren(QMenu)[0]
    beside = [action for action in listed.actions() if action.text() == names[1]][-1]
    beside.trigger()
    assert names[1] in [one.name for one in shown_trajectories(shown.settle())]
