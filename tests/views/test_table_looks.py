"""The looks of the table of models: shaded cells, hidden columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, table_changes
from mlipviewer.views.table import TableView
from tests import made
from tests.windows import Stage, picture

pytestmark = pytest.mark.window


@pytest.fixture
def table(stage: Callable[..., Stage]) -> Stage:
    shown = stage(TableView, 900, 560)
    shown.give(made.error_table())
    return shown


def view(shown: Stage) -> TableView:
    assert isinstance(shown.view, TableView)
    return shown.view


def ground(shown: Stage, row: int, metric: int) -> np.ndarray:
    """The colour in the left corner of a cell, where no text stands."""
    model = view(shown).model
    place = model.place_of(row)
    assert place is not None
    box = view(shown).rows.visualRect(model.index(place, model.column_of(metric)))
    seen = picture(view(shown).rows.viewport())
    return np.asarray(seen[box.top() + 4, box.left() + 4][:3], int)


def test_that_shading_paints_the_best_blue_and_the_worst_red(table: Stage) -> None:
    errors = table.state.table.values[1:, 0]  # type: ignore[union-attr]
    best, worst = int(errors.argmin()) + 1, int(errors.argmax()) + 1
    plain = ground(table, best, 0)
    table.commit(lambda s: table_changes.shade(s, True))
    first, last = ground(table, best, 0), ground(table, worst, 0)
    assert first[2] > first[0] + 20
    assert last[0] > last[2] + 20
    table.commit(lambda s: table_changes.shade(s, False))
    assert np.array_equal(ground(table, best, 0), plain)


def test_that_columns_hide_and_come_back_by_undo(table: Stage) -> None:
    model = view(table).model
    column = model.column_of(2)
    table.commit(lambda s: table_changes.hide_columns(s, {"e2"}))
    assert view(table).rows.isColumnHidden(column)
    table.store.undo()
    table.settle()
    assert not view(table).rows.isColumnHidden(column)


def test_that_only_the_selected_metrics_stay(table: Stage) -> None:
    table.commit(lambda s: changes.select(s, Space.METRIC, rows([1, 3])))
    table.commit(table_changes.show_selected_metrics_only)
    model = view(table).model
    shown = [m for m in range(6) if not view(table).rows.isColumnHidden(model.column_of(m))]
    assert shown == [1, 3]


def test_that_another_table_shows_all_its_columns(table: Stage) -> None:
    table.commit(lambda s: table_changes.hide_columns(s, {"e2"}))
    table.give(made.error_table(name="other.csv", seed=5))
    assert table.state.document.hidden == frozenset()
    assert not view(table).rows.isColumnHidden(view(table).model.column_of(2))
