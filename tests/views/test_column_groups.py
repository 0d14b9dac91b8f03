"""Bands of categories above the columns, and the popup that chooses columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QMenu

from mlipviewer.core.plot import Space
from mlipviewer.gui.colours import categorical
from mlipviewer.session import table_changes
from mlipviewer.views.column_chooser import ColumnChooser
from mlipviewer.views.column_filter import ColumnFilter
from mlipviewer.views.table import TableView
from tests import made
from tests.windows import (
    CTRL,
    Key,
    Modifier,
    Stage,
    choose_in_menu,
    click,
    picture,
    press,
    type_text,
)

pytestmark = pytest.mark.window


@pytest.fixture
def table(stage: Callable[..., Stage]) -> Stage:
    shown = stage(TableView, 900, 560)
    shown.give(made.error_table())
    return shown


def view(shown: Stage) -> TableView:
    assert isinstance(shown.view, TableView)
    return shown.view


def bands(shown: Stage) -> list[tuple[str, QRect]]:
    return list(view(shown).rows.head.bands())


def click_band(shown: Stage, place: int, modifiers: Modifier = CTRL ^ CTRL) -> list[int]:
    box = bands(shown)[place][1]
    click(view(shown).rows.head.viewport(), (box.center().x(), box.center().y()), modifiers)
    return shown.settle().selected(Space.METRIC).tolist()


def chooser(shown: Stage) -> ColumnChooser:
    click(view(shown).choose_columns)
    popup = view(shown).popups.shown
    assert isinstance(popup, ColumnChooser)
    return popup


def click_item(shown: Stage, popup: ColumnChooser, text: str) -> None:
    found = popup.tree.findItems(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    box = popup.tree.visualItemRect(found[0])
    click(popup.tree.viewport(), (box.left() + 40, box.center().y()))
    shown.settle()


def shown_columns(shown: Stage) -> list[str]:
    names = view(shown).model.columns
    return [n for i, n in enumerate(names) if not view(shown).rows.isColumnHidden(i)]


def test_that_bands_follow_the_order_of_the_file_or_group_it(table: Stage) -> None:
    assert [name for name, _ in bands(table)] == ["even", "odd"] * 3
    table.commit(lambda s: table_changes.group_columns(s, True))
    assert [name for name, _ in bands(table)] == ["even", "odd"]
    assert view(table).model.columns == ("family", "e0", "e2", "e4", "e1", "e3", "e5")
    model = view(table).model
    place = model.index(5, model.column_of(2))
    assert float(model.data(place)) == pytest.approx(
        made.error_table().metric("e2")[model.order[5]], rel=1e-3
    )
    table.store.undo()
    table.settle()
    assert [name for name, _ in bands(table)] == ["even", "odd"] * 3


def test_that_bands_have_the_colours_of_the_categories(table: Stage) -> None:
    table.commit(lambda s: table_changes.group_columns(s, True))
    seen = picture(view(table).rows.head.viewport())
    for number, (_, box) in enumerate(bands(table)):
        line = seen[box.bottom() - 1, box.left() + 5 : box.right() - 5]
        assert np.abs(line - np.array(categorical(number))).max() < 12


def test_that_a_band_selects_its_metrics(table: Stage) -> None:
    assert click_band(table, 0) == [0, 2, 4]
    assert table.state.document.axes == ("e0", "e2", "e4")
    assert table.state.document.sorting == ()
    assert click_band(table, 1, CTRL) == [0, 1, 2, 3, 4, 5]
    assert click_band(table, 0, CTRL) == [1, 3, 5]


def test_that_hidden_columns_close_the_gap(table: Stage) -> None:
    table.commit(lambda s: table_changes.hide_category(s, "odd", True))
    assert [name for name, _ in bands(table)] == ["even"]
    assert shown_columns(table) == ["family", "e0", "e2", "e4"]
    table.commit(lambda s: table_changes.show_category_only(s, "odd"))
    assert shown_columns(table) == ["family", "e1", "e3", "e5"]
    table.commit(lambda s: table_changes.hide_category(s, "even", False))
    assert len(shown_columns(table)) == 7


def test_that_a_table_without_categories_has_no_bands(stage: Callable[..., Stage]) -> None:
    shown = stage(TableView, 700, 300)
    source = made.error_table()
    shown.give(replace(source, columns=tuple(replace(c, category="") for c in source.columns)))
    assert bands(shown) == []
    height = view(shown).rows.head.height()
    shown.give(made.error_table(name="other.csv"))
    assert view(shown).rows.head.height() > height


def test_that_ticks_hide_and_show_columns_and_groups(table: Stage) -> None:
    popup = chooser(table)
    click_item(table, popup, "e3")
    assert table.state.document.hidden == {"e3"}
    odd = popup.tree.tops()[2]
    assert odd.text(0) == "odd"
    assert odd.checkState(0) is Qt.CheckState.PartiallyChecked
    click_item(table, popup, "odd")
    assert table.state.document.hidden == frozenset()
    click_item(table, popup, "odd")
    assert shown_columns(table) == ["family", "e0", "e2", "e4"]
    assert odd.checkState(0) is Qt.CheckState.Unchecked
    table.store.undo()
    table.settle()
    assert odd.checkState(0) is Qt.CheckState.Checked


def test_that_the_search_narrows_what_the_buttons_do(table: Stage) -> None:
    popup = chooser(table)
    type_text(popup.search, "e4")
    assert [top.text(0) for top in popup.tree.tops() if not top.isHidden()] == ["even"]
    click(popup.none)
    assert table.settle().document.hidden == {"e4"}
    for _ in range(2):
        press(popup.search, Key.Key_Backspace)
    type_text(popup.search, "odd")
    click(popup.none)
    assert table.settle().document.hidden == {"e1", "e3", "e4", "e5"}
    click(popup.grouped, (10, popup.grouped.height() / 2))
    assert table.settle().document.grouped
    assert shown_columns(table) == ["family", "e0", "e2"]


def test_that_the_menus_of_bands_and_headers_do_what_they_say(table: Stage) -> None:
    menu = QMenu()
    view(table)._fill_band_menu(menu, "odd")
    choose_in_menu(menu, "Hide odd")
    table.settle()
    assert shown_columns(table) == ["family", "e0", "e2", "e4"]
    choose_in_menu(menu, "Show odd only")
    table.settle()
    assert shown_columns(table) == ["family", "e1", "e3", "e5"]
    choose_in_menu(menu, "Select the metrics of odd")
    assert table.settle().selected(Space.METRIC).tolist() == [1, 3, 5]
    menu = QMenu()
    view(table)._fill_column_menu(menu, view(table).model.columns.index("e3"))
    choose_in_menu(menu, "Filter ...")
    popup = view(table).popups.shown
    assert isinstance(popup, ColumnFilter)
    assert popup.column == "e3"
