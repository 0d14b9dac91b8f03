"""The table of models: mouse, keyboard, headers, filter, drops; then what is painted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, rows
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes, table_changes
from mlipviewer.session.state import Sort
from mlipviewer.views.table import TableView
from tests import made
from tests.windows import (
    ALT,
    CTRL,
    NO,
    SHIFT,
    Key,
    Modifier,
    Stage,
    click,
    drop,
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


def models(shown: Stage) -> list[int]:
    return shown.settle().selected(Space.MODEL).tolist()


def cell(shown: Stage, row: int, column: int = 0) -> tuple[float, float]:
    """The middle of a cell on the viewport, by the row of the table."""
    place = view(shown).model.place_of(row)
    assert place is not None
    box = view(shown).rows.visualRect(view(shown).model.index(place, column))
    return box.center().x(), box.center().y()


def click_row(shown: Stage, row: int, modifiers: Modifier = NO) -> None:
    click(view(shown).rows.viewport(), cell(shown, row), modifiers)


def click_header(shown: Stage, column: str, modifiers: Modifier = NO) -> None:
    header = view(shown).rows.horizontalHeader()
    i = view(shown).model.columns.index(column)
    at = (header.sectionViewportPosition(i) + header.sectionSize(i) - 14, header.height() - 8)
    click(header.viewport(), at, modifiers)


def shown_order(shown: Stage) -> list[int]:
    return [int(row) for row in view(shown).model.order]


def banded(shown: Stage) -> list[int]:
    """The rows of the table that are painted with a band of the colour of selected things."""
    seen = picture(view(shown).rows.viewport())
    theme = np.array([int(current_theme().selected[i : i + 2], 16) for i in (1, 3, 5)])
    found = []
    for row in shown_order(shown):
        x, y = cell(shown, row, 3)
        height = view(shown).rows.rowHeight(0) // 2 - 2
        if not 0 <= y < seen.shape[0] - height:
            continue
        strip = seen[int(y) - height, int(x) - 30 : int(x) + 30]  # above the text
        tint = 255 - np.median(strip, axis=0)  # how much each colour is taken away from white
        if tint.max() > 0.15 * (255 - theme).max() and tint[1] > 2 * tint[0]:
            found.append(row)
    return sorted(found)


# --- mouse -------------------------------------------------------------------------------------


def test_that_a_click_selects_a_row_and_paints_its_band(table: Stage) -> None:
    assert banded(table) == []
    click_row(table, 5)
    assert models(table) == [5]
    assert table.state.document.focus == 5
    assert banded(table) == [5]


def test_that_rows_selected_elsewhere_have_bands_here(table: Stage) -> None:
    table.commit(lambda s: changes.select(s, Space.MODEL, rows([2, 7, 11])))
    assert banded(table) == [2, 7, 11]
    table.commit(lambda s: changes.select(s, Space.MODEL, rows([7]), Mode.REMOVE))
    assert banded(table) == [2, 11]


def test_that_ctrl_toggles_shift_takes_a_range_alt_removes(table: Stage) -> None:
    click_row(table, 3)
    click_row(table, 6, CTRL)
    assert models(table) == [3, 6]
    click_row(table, 9, SHIFT)
    assert models(table) == [6, 7, 8, 9]
    click_row(table, 7, ALT)
    assert models(table) == [6, 8, 9]
    click_row(table, 8, CTRL | SHIFT)
    assert models(table) == [8]
    click_row(table, 8, CTRL)
    assert models(table) == []
    assert banded(table) == []


def test_that_a_range_follows_the_order_on_the_screen(table: Stage) -> None:
    click_header(table, "e0")
    table.settle()
    order = shown_order(table)
    click_row(table, order[3])
    click_row(table, order[6], SHIFT)
    assert models(table) == sorted(order[3:7])
    assert banded(table) == sorted(order[3:7])


def test_that_a_range_begins_anew_where_its_start_is_filtered_out(table: Stage) -> None:
    click_row(table, 2)
    table.commit(lambda s: table_changes.set_condition(s, 'family == "GAP"'))
    click_row(table, 7, SHIFT)
    assert models(table) == [7]


def test_that_a_click_below_the_rows_lets_go(table: Stage) -> None:
    table.commit(lambda s: table_changes.set_condition(s, 'family == "GAP"'))
    click_row(table, 4)
    assert models(table) == [4]
    port = view(table).rows.viewport()
    click(port, (60, port.height() - 6))
    assert models(table) == []


def test_that_the_names_at_the_left_select_too(table: Stage) -> None:
    side = view(table).rows.verticalHeader()
    y = side.sectionViewportPosition(5) + 6
    click(side.viewport(), (10, y))
    assert models(table) == [5]
    y = side.sectionViewportPosition(8) + 6
    click(side.viewport(), (10, y), CTRL)
    assert models(table) == [5, 8]


# --- keyboard ----------------------------------------------------------------------------------


def test_that_arrows_move_the_focus_and_shift_extends(table: Stage) -> None:
    click_row(table, 4)
    keys = view(table).rows
    press(keys, Key.Key_Down)
    assert (models(table), table.state.document.focus) == ([5], 5)
    press(keys, Key.Key_Down, SHIFT)
    press(keys, Key.Key_Down, SHIFT)
    assert (models(table), table.state.document.focus) == ([5, 6, 7], 7)
    press(keys, Key.Key_Up, SHIFT)
    assert models(table) == [5, 6]
    press(keys, Key.Key_End)
    assert models(table) == [24]
    press(keys, Key.Key_Home)
    assert models(table) == [0]
    assert banded(table) == [0]


def test_that_keys_pressed_in_a_row_are_one_step(table: Stage) -> None:
    click_row(table, 4)
    table.settle()
    steps = table.store.n_steps
    for _ in range(4):
        press(view(table).rows, Key.Key_Down)
    assert models(table) == [8]
    assert table.store.n_steps == steps + 1
    table.store.undo()
    assert models(table) == [4]


def test_that_a_focus_out_of_sight_is_scrolled_to(stage: Callable[..., Stage]) -> None:
    shown = stage(TableView, 700, 300)
    shown.give(made.error_table(400))
    shown.commit(lambda s: changes.select_models(s, rows([350])))
    _, y = cell(shown, 350)
    assert 0 < y < view(shown).rows.viewport().height()
    assert banded(shown) == [350]


# --- headers -----------------------------------------------------------------------------------


def test_that_a_click_on_a_header_sorts_and_again_turns(table: Stage) -> None:
    values = made.error_table().values[1:, 0]
    click_header(table, "e0")
    assert table.settle().document.sorting == (Sort("e0"),)
    assert shown_order(table) == [0, *(1 + np.argsort(values, kind="stable")).tolist()]
    click_header(table, "e0")
    assert table.settle().document.sorting == (Sort("e0", descending=True),)
    assert shown_order(table) == [0, *(1 + np.argsort(-values, kind="stable")).tolist()]


def test_that_missing_values_come_last_in_both_directions(table: Stage) -> None:
    for _ in range(2):
        click_header(table, "e5")
        table.settle()
        assert sorted(shown_order(table)[-2:]) == [1, 2]


def test_that_shift_click_adds_a_second_key(table: Stage) -> None:
    click_header(table, "family")
    click_header(table, "e1", SHIFT)
    assert table.settle().document.sorting == (Sort("family"), Sort("e1"))
    source = made.error_table()
    order = shown_order(table)[1:]
    keys = [(source.families[row], source.values[row, 1]) for row in order]
    assert keys == sorted(keys)
    titles = [view(table).model.headerData(i, Qt.Orientation.Horizontal) for i in range(3)]
    assert titles == ["family ▲1", "e0", "e1 ▲2"]


def test_that_ctrl_click_on_a_header_selects_the_metric_and_tints_it(table: Stage) -> None:
    click_header(table, "e3", CTRL)
    assert table.settle().selected(Space.METRIC).tolist() == [3]
    assert table.state.document.axes == ("e0", "e3")
    assert table.state.document.sorting == ()
    assert tinted(table, "e3")
    assert not tinted(table, "e2")


def tinted(shown: Stage, column: str) -> bool:
    """Whether a column of an unselected row has the light tint of selected metrics."""
    seen = picture(view(shown).rows.viewport())
    x, y = cell(shown, 5, view(shown).model.columns.index(column))
    colour = seen[int(y) - view(shown).rows.rowHeight(0) // 2 + 2, int(x) - 20]
    return bool(255 - colour[1] > 10 and 255 - colour[1] > 2 * (255 - colour[0]))


def test_that_a_selected_metric_out_of_sight_is_scrolled_to(stage: Callable[..., Stage]) -> None:
    shown = stage(TableView, 500, 300)
    shown.give(made.error_table(20, 40))
    shown.commit(lambda s: changes.choose_metrics(s, rows([35])))
    x, _ = cell(shown, 5, view(shown).model.columns.index("e35"))
    assert 0 < x < view(shown).rows.viewport().width()
    assert tinted(shown, "e35")


# --- filter ------------------------------------------------------------------------------------


def test_that_a_typed_filter_is_one_step(table: Stage) -> None:
    steps = table.store.n_steps
    type_text(view(table).filter, 'family == "GAP"')
    assert table.settle().document.condition == 'family == "GAP"'
    assert shown_order(table) == [0, 1, 4, 7, 10, 13, 16, 19, 22]
    assert view(table).status.text().startswith("8 of 24 models")
    assert table.store.n_steps == steps + 1
    table.store.undo()
    table.settle()
    assert view(table).filter.text() == ""
    assert len(shown_order(table)) == 25


def test_that_a_filter_that_cannot_be_read_is_told_and_not_used(table: Stage) -> None:
    type_text(view(table).filter, "e0 < 5 and nothing > 2")
    table.settle()
    assert view(table).problem.isVisible()
    assert view(table).problem.text().startswith("column 12: ")
    assert "nothing" in view(table).problem.text()
    assert table.state.document.condition.strip() == "e0 < 5"
    for _ in range(len(" and nothing > 2")):
        press(view(table).filter, Key.Key_Backspace)
    table.settle()
    assert not view(table).problem.isVisible()
    assert table.state.document.condition.strip() == "e0 < 5"


def test_that_undo_takes_away_a_filter_that_could_not_be_read(table: Stage) -> None:
    type_text(view(table).filter, "e0 < 5 or")
    table.settle()
    assert view(table).problem.isVisible()
    table.store.undo()
    table.settle()
    assert (view(table).filter.text(), view(table).problem.isVisible()) == ("", False)


def test_that_a_condition_of_another_table_is_told(table: Stage) -> None:
    table.commit(lambda s: table_changes.set_condition(s, "e5 < 1"))
    table.commit(lambda s: table_changes.sort_by(s, "e4"))
    table.give(made.error_table(10, 3))  # the same file, read anew, has fewer columns
    assert "e5" in view(table).problem.text()
    assert shown_order(table) == list(range(11))


# --- drops -------------------------------------------------------------------------------------


def test_that_a_file_dropped_on_a_row_names_the_row(table: Stage, tmp_path: Path) -> None:
    found: list[object] = []
    view(table).files_dropped.connect(lambda paths, row, _: found.append((paths, row)))
    run = made.write_extxyz(tmp_path / "run.xyz")
    table.commit(lambda s: table_changes.sort_by(s, "e0"))
    assert drop(view(table).rows.viewport(), [run], cell(table, 7))
    port = view(table).rows.viewport()
    assert drop(port, [run], (20, port.height() - 4))
    assert found[0] == ([str(run)], 7)


def test_that_no_table_says_what_to_do(stage: Callable[..., Stage]) -> None:
    shown = stage(TableView)
    assert "Drop a CSV" in view(shown).status.text()
    assert not view(shown).rows.isVisible()
    assert not view(shown).filter.isEnabled()


def test_that_every_count_has_its_denominator(table: Stage) -> None:
    click_row(table, 4)
    table.settle()
    text = view(table).status.text()
    assert "24 of 24 models" in text
    assert "1 reference or threshold row" in text
    assert "1 selected" in text


def test_that_cells_show_values_and_dashes(table: Stage) -> None:
    source, model = made.error_table(), view(table).model
    column = model.columns.index("e5")
    assert model.data(model.index(1, column)) == "–"
    assert float(model.data(model.index(5, column))) == pytest.approx(source.values[5, 5], rel=1e-3)
    assert view(table).rows.rowAt(view(table).rows.rowViewportPosition(3) + 2) == 3


# --- what is in sight --------------------------------------------------------------------------


def in_sight(shown: Stage) -> list[int]:
    rows_shown = view(shown).rows
    places = range(rows_shown.rowAt(0), rows_shown.rowAt(rows_shown.viewport().height() - 20) + 1)
    return [int(view(shown).model.order[place]) for place in places]


def test_that_models_selected_elsewhere_are_brought_into_sight(table: Stage) -> None:
    table.give(made.error_table(n_models=400, name="long.csv"))
    assert in_sight(table)[0] == 0
    table.commit(lambda s: changes.choose(s, Space.MODEL, rows([300, 310])))
    assert 300 in in_sight(table)
    before = in_sight(table)
    table.commit(lambda s: changes.choose(s, Space.MODEL, rows([5, 302])))
    assert in_sight(table) == before  # one of them is in sight
    table.commit(lambda s: changes.choose(s, Space.MODEL, rows([])))
    assert in_sight(table) == before


def test_that_another_table_begins_at_its_first_row_and_column(table: Stage) -> None:
    table.give(made.error_table(200, 40, name="wide.csv"))
    side, bar = (view(table).rows.horizontalScrollBar(), view(table).rows.verticalScrollBar())
    side.setValue(900)
    bar.setValue(900)
    table.give(made.error_table(201, 40, name="wide.csv"))  # it has grown
    assert (side.value(), bar.value()) == (900, 900)
    table.give(made.error_table(200, 40, name="other.csv"))
    assert (side.value(), bar.value()) == (0, 0)
