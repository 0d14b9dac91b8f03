"""Columns of the table dragged into another order, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlipviewer.core.plot import Space
from mlipviewer.session import changes, table_changes
from mlipviewer.session.state import Sort
from mlipviewer.views.table import TableView
from tests import made
from tests.windows import Stage, click, drag

pytestmark = pytest.mark.window


@pytest.fixture
def table(stage: Callable[..., Stage]) -> Stage:
    shown = stage(TableView, 900, 460)
    shown.give(made.error_table())
    return shown


def view(shown: Stage) -> TableView:
    assert isinstance(shown.view, TableView)
    return shown.view


def drag_column(shown: Stage, name: str, to: str) -> None:
    """Take a column by its name and let it go beyond another one."""
    head = view(shown).rows.head
    places = [view(shown).model.columns.index(one) for one in (name, to)]
    start, end = (head.sectionViewportPosition(place) for place in places)
    width, y = head.sectionSize(places[1]), head.height() - 6
    last = end + width - 6 if end > start else end + 6
    middle = (start + last) / 2
    drag(head.viewport(), [(start + 30, y), (start + 45, y), (middle, y), (last, y), (last, y)])
    shown.settle()


def test_that_a_dragged_column_stands_elsewhere_until_it_is_undone(table: Stage) -> None:
    before = view(table).model.columns
    drag_column(table, "e0", "e2")
    after = view(table).model.columns
    assert after != before
    assert after.index("e0") == after.index("e2") + 1
    assert [c for c in after if c != "e0"] == [c for c in before if c != "e0"]
    assert table.state.document.arranged == after
    head = view(table).rows.head
    assert [head.logicalIndex(i) for i in range(head.count())] == list(range(head.count()))
    table.store.undo()
    table.settle()
    assert view(table).model.columns == before


def test_that_a_moved_column_keeps_its_meaning(table: Stage) -> None:
    drag_column(table, "e2", "e0")
    model = view(table).model
    place = model.columns.index("e2")
    shown = table.state.table
    assert shown is not None
    assert model.metric_of(place) == shown.metric_index("e2")
    table.commit(lambda s: table_changes.sort_by(s, "e2"))
    assert table.state.document.sorting == (Sort("e2"),)
    table.commit(lambda s: table_changes.group_columns(s, True))
    assert table.state.document.arranged == (), "grouping is an order too"


def test_that_a_click_without_a_drag_moves_nothing(table: Stage) -> None:
    head = view(table).rows.head
    place = view(table).model.columns.index("e1")
    click(head.viewport(), (head.sectionViewportPosition(place) + 40, head.height() - 6))
    assert table.settle().document.sorting == (Sort("e1"),)
    assert table.state.document.arranged == ()


def test_that_another_table_stands_as_usual(table: Stage) -> None:
    drag_column(table, "e0", "e2")
    table.commit(lambda s: changes.show_table(s, None))
    assert table.state.document.arranged == ()
    assert table.state.selected(Space.METRIC).tolist() == []
