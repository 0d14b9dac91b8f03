"""The list of links: opened, filtered, changed and removed by hand; broken ones are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.session import changes
from mlipviewer.views.links import FILE, LinksView
from tests import made
from tests.windows import Key, Stage, click, double_click, press

pytestmark = pytest.mark.window


@pytest.fixture
def linked(stage: Callable[..., Stage], tmp_path: Path) -> Stage:
    shown = stage(LinksView, 640, 300)
    shown.give(made.error_table())
    (tmp_path / "a.xyz").write_text("")
    links = (
        Link("m1", "trajectory", str(tmp_path / "a.xyz")),
        Link("m2", "trajectory", str(tmp_path / "b.xyz")),
        Link("gone", "trajectory", str(tmp_path / "a.xyz")),
        Link("", "test", str(tmp_path / "a.xyz"), "e1"),
    )
    shown.commit(lambda s: changes.add_links(s, links))
    return shown


def view(shown: Stage) -> LinksView:
    assert isinstance(shown.view, LinksView)
    return shown.view


def lines(shown: Stage) -> list[list[str]]:
    tree = view(shown).list
    items = [tree.topLevelItem(i) for i in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(4)] for item in items if item is not None]


def middle(shown: Stage, line: int) -> tuple[float, float]:
    tree = view(shown).list
    box = tree.visualItemRect(tree.topLevelItem(line))
    return box.center().x(), box.center().y()


def test_that_no_links_say_what_to_do(stage: Callable[..., Stage]) -> None:
    shown = stage(LinksView)
    assert "links.csv" in view(shown).hint.text()
    assert view(shown).hint.isVisible()
    assert not view(shown).save.isEnabled()


def test_that_links_are_listed_and_broken_ones_say_why(linked: Stage, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: "not there" in lines(linked)[1][FILE])
    assert [line[0] for line in lines(linked)] == ["m1", "m2", "gone", "(all models)"]
    assert lines(linked)[3][1:3] == ["test", "e1"]
    assert "no model of the shown table" in lines(linked)[2][FILE]


def test_that_a_double_click_opens_the_run_of_the_model(linked: Stage) -> None:
    double_click(view(linked).list.viewport(), middle(linked, 1))
    state = linked.settle()
    assert state.selected(Space.MODEL).tolist() == [2]
    assert state.document.trajectory == "b.xyz"


def test_that_a_click_shows_the_links_of_the_focus_and_back(linked: Stage) -> None:
    linked.commit(lambda s: changes.focus(s, 2))
    box = view(linked).of_focus
    click(box, (8, box.height() / 2))
    linked.settle()
    assert [line[0] for line in lines(linked)] == ["m2", "(all models)"]
    linked.store.undo()
    linked.settle()
    assert len(lines(linked)) == 4
    assert not box.isChecked()


def test_that_delete_unlinks_and_undo_links_again(linked: Stage) -> None:
    click(view(linked).list.viewport(), middle(linked, 0))
    press(view(linked).list, Key.Key_Delete)
    linked.settle()
    assert [line[0] for line in lines(linked)] == ["m2", "gone", "(all models)"]
    linked.store.undo()
    linked.settle()
    assert lines(linked)[0][0] == "m1"


def test_that_the_menu_sets_the_role(linked: Stage) -> None:
    link = linked.state.document.links[1]
    menu = view(linked).menu_of(link)
    roles = menu.findChild(QMenu)
    assert isinstance(roles, QMenu)
    entries = {entry.text(): entry for entry in roles.actions()}
    assert entries["trajectory"].isChecked()
    entries["reference"].trigger()
    linked.settle()
    assert lines(linked)[1][1] == "reference"
