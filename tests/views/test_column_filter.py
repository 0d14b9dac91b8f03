"""The filter of one column: funnel, histogram with limits, ticks; each writes the condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import Qt

from mlipviewer.core.order import shown_models
from mlipviewer.core.terms import Limits, Missing, limits_of
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import table_changes
from mlipviewer.views.column_filter import ColumnFilter, NumberLimits, ValueTicks
from mlipviewer.views.table import TableView
from tests import made
from tests.windows import Key, Stage, click, drag, hover, n_like, picture, press, type_text

pytestmark = pytest.mark.window


@pytest.fixture
def table(stage: Callable[..., Stage]) -> Stage:
    shown = stage(TableView, 900, 560)
    shown.give(made.error_table())
    return shown


def view(shown: Stage) -> TableView:
    assert isinstance(shown.view, TableView)
    return shown.view


def click_funnel(shown: Stage, column: str) -> ColumnFilter:
    head = view(shown).rows.head
    box = head.funnel_box(view(shown).model.columns.index(column))
    hover(head.viewport(), (box.center().x(), box.center().y()))
    click(head.viewport(), (box.center().x(), box.center().y()))
    popup = view(shown).popups.shown
    assert isinstance(popup, ColumnFilter)
    assert popup.isVisible()
    assert popup.column == column
    return popup


def numbers(shown: Stage, column: str) -> NumberLimits:
    body = click_funnel(shown, column).body
    assert isinstance(body, NumberLimits)
    return body


def ticks(shown: Stage, column: str) -> ValueTicks:
    body = click_funnel(shown, column).body
    assert isinstance(body, ValueTicks)
    return body


def click_value(shown: Stage, body: ValueTicks, row: int) -> None:
    box = body.list.visualItemRect(body.list.item(row))
    click(body.list.viewport(), (box.left() + 30, box.center().y()))
    shown.settle()


def ticked(body: ValueTicks) -> list[str]:
    items = [body.list.item(i) for i in range(body.list.count())]
    role = Qt.ItemDataRole.UserRole
    return [i.data(role) for i in items if i.checkState() is Qt.CheckState.Checked]


def funnels(shown: Stage) -> list[str]:
    """The columns whose header has a filled funnel."""
    head = view(shown).rows.head
    seen = picture(head.viewport())
    found = []
    for i, name in enumerate(view(shown).model.columns):
        box = head.funnel_box(i)
        where = (box.left(), box.top(), box.right(), box.bottom())
        if n_like(seen, current_theme().selected, where) >= 15:
            found.append(name)
    return found


# --- numbers -----------------------------------------------------------------------------------


def test_that_a_dragged_limit_is_one_step_of_the_condition(table: Stage) -> None:
    body = numbers(table, "e0")
    bars, steps = body.histogram, table.store.n_steps
    left, right = bars.handles()
    middle = bars.height() / 2
    drag(bars, [(left, middle), (60, middle), (90, middle), (120, middle)])
    condition = table.settle().document.condition
    limits = limits_of(condition, "e0")
    assert limits.high is None
    assert limits.low == pytest.approx(bars.to_value(120), rel=1e-5)
    assert table.store.n_steps == steps + 1
    values = made.error_table().metric("e0")
    models = made.error_table().models
    kept = models[values[models] >= limits.low]
    assert 0 < len(kept) < len(models)
    assert shown_models(made.error_table(), condition).tolist() == kept.tolist()
    assert view(table).filter.text() == condition
    assert view(table).popups.shown.count.text() == f"{len(kept)} of 24 models"  # type: ignore[union-attr]
    assert right == bars.handles()[1]
    assert funnels(table) == ["e0"]
    drag(bars, [(bars.handles()[1], middle), (200, middle)])
    assert limits_of(table.settle().document.condition, "e0").high is not None
    assert table.store.n_steps == steps + 2
    table.store.undo()
    table.store.undo()
    table.settle()
    assert table.state.document.condition == ""
    assert bars.handles()[0] == left
    assert funnels(table) == []


def test_that_bars_outside_the_limits_fade(table: Stage) -> None:
    body = numbers(table, "e0")
    bars, theme = body.histogram, current_theme()
    whole = n_like(picture(bars), theme.point, (0, 0, 999, 999), 12)
    drag(bars, [(bars.handles()[0], 40), (140, 40)])
    table.settle()
    seen = picture(bars)
    assert n_like(seen, theme.point, (0, 0, 130, 999), 12) == 0
    assert n_like(seen, theme.faint, (0, 0, 130, 999), 12) > 40
    assert 0 < n_like(seen, theme.point, (0, 0, 999, 999), 12) < whole


def test_that_limits_can_be_typed_and_cleared(table: Stage) -> None:
    body = numbers(table, "e1")
    type_text(body.low, "0.05")
    press(body.low, Key.Key_Return)
    assert table.settle().document.condition == "e1 >= 0.05"
    type_text(body.high, "0.5")
    press(body.high, Key.Key_Return)
    assert table.settle().document.condition == "0.05 <= e1 <= 0.5"
    popup = view(table).popups.shown
    assert isinstance(popup, ColumnFilter)
    click(popup.clear)
    assert table.settle().document.condition == ""
    assert (body.low.text(), body.high.text()) == ("", "")


def test_that_other_terms_stay_and_decide_what_is_counted(table: Stage) -> None:
    table.commit(lambda s: table_changes.set_condition(s, 'family == "GAP" and e1 * 2 < 9'))
    body = numbers(table, "e0")
    type_text(body.high, "0.1")
    press(body.high, Key.Key_Return)
    assert table.settle().document.condition == 'family == "GAP" and e1 * 2 < 9 and e0 <= 0.1'
    popup = view(table).popups.shown
    assert isinstance(popup, ColumnFilter)
    assert popup.count.text().endswith(" of 8 models")


def test_that_missing_values_are_kept_out_or_alone(table: Stage) -> None:
    body = numbers(table, "e5")
    click(body.only, (10, body.only.height() / 2))
    state = table.settle()
    assert limits_of(state.document.condition, "e5") == Limits(missing=Missing.ONLY)
    assert view(table).model.order.tolist() == [0, 1, 2]
    assert not body.histogram.isEnabled()
    click(body.without, (10, body.without.height() / 2))
    assert table.settle().document.condition == "not isnull(e5)"
    assert len(view(table).model.order) == 1 + 22
    click(body.without, (10, body.without.height() / 2))
    assert table.settle().document.condition == ""


def test_that_a_typed_condition_moves_the_handles(table: Stage) -> None:
    body = numbers(table, "e2")
    low, high = body.histogram.handles()
    table.commit(lambda s: table_changes.set_condition(s, "0.05 < e2 and e2 < 0.2"))
    assert low < body.histogram.handles()[0] < body.histogram.handles()[1] < high
    assert body.low.text() == "0.05"


# --- text --------------------------------------------------------------------------------------


def test_that_ticks_choose_values(table: Stage) -> None:
    body = ticks(table, "family")
    assert ticked(body) == ["GAP", "MTP", "SNAP"]
    assert body.list.item(0).text().split() == ["GAP", "8"]
    assert not body.search.isVisible()
    click_value(table, body, 0)
    assert table.state.document.condition == 'family not in ("GAP")'
    assert ticked(body) == ["MTP", "SNAP"]
    click_value(table, body, 2)
    assert table.state.document.condition == 'family in ("MTP")'
    assert view(table).status.text().startswith("8 of 24 models")
    click(body.all)
    assert table.settle().document.condition == ""
    click(body.none)
    table.settle()
    assert view(table).status.text().startswith("0 of 24 models")
    press(body.list, Key.Key_Down)
    press(body.list, Key.Key_Space)
    assert len(ticked(body)) <= 1
    table.settle()
    assert len(ticked(body)) == 1


def test_that_many_values_can_be_searched(stage: Callable[..., Stage]) -> None:
    shown = stage(TableView, 900, 560)
    source = made.error_table(40)
    names = ("", *(f"set {i % 20}" for i in range(40)))
    shown.give(replace(source, text=MappingProxyType({**source.text, "family": names})))
    body = ticks(shown, "family")
    assert body.search.isVisible()
    click(body.none)
    shown.settle()
    type_text(body.search, "set 1")
    items = [body.list.item(i) for i in range(body.list.count())]
    seen = [i.text().rsplit("  ", 1)[0].strip() for i in items if not i.isHidden()]
    assert seen == ["set 1", *(f"set {i}" for i in range(10, 20))]
    click(body.all)
    shown.settle()
    assert len(view(shown).model.order) == 1 + 22
    assert np.array_equal(ticked(body), seen)


# --- the menu ----------------------------------------------------------------------------------


def test_that_the_popup_ends_with_its_table(table: Stage) -> None:
    popup = click_funnel(table, "e0")
    table.commit(lambda s: table_changes.hide_columns(s, {"e3"}))
    assert popup.isVisible()
    table.give(made.error_table(10, name="other.csv"))
    assert not popup.isVisible()
    assert view(table).popups.shown is None
