"""The docks of named sets and of measurements: clicks, menus and typing change the state."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from atoms_made import CTRL, LEFT, NO_KEY, with_run
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QTreeWidget

from mlipviewer.core.analysis import Result
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, measure_changes, set_changes
from mlipviewer.session.conditions import rows_of_set
from mlipviewer.session.state import State
from mlipviewer.views.measurements import MeasurementsView
from mlipviewer.views.sets import SetsView
from tests.windows import Stage

pytestmark = pytest.mark.window


def with_sets(state: State) -> State:
    state = with_run(state)
    for name, atoms in (("a", [10, 20, 30]), ("b", [30, 40])):
        state = changes.select(state, Space.ATOM, rows(atoms), owner="run.dump")
        state = set_changes.save_selection(state, Space.ATOM, name)
    return changes.select_none(state)


@pytest.fixture
def sets(stage: Callable[..., Stage]) -> Stage:
    made = stage(SetsView, 420, 300)
    made.commit(with_sets)
    return made


def atoms(made: Stage) -> list[int]:
    return made.state.selected(Space.ATOM, "run.dump").tolist()


def held(made: Stage) -> dict[str, list[int]]:
    return {s.name: rows_of_set(made.state, s).tolist() for s in made.state.document.sets}


def row_at(tree: QTreeWidget, i: int) -> QPoint:
    item = tree.topLevelItem(i)
    assert item is not None
    return tree.visualItemRect(item).center()


def click_row(tree: QTreeWidget, i: int, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(tree.viewport(), LEFT, keys, row_at(tree, i))


def trigger(menu: QMenu, *words: str) -> None:
    for word in words[:-1]:
        menu = next(m for m in menu.findChildren(QMenu) if m.title() == word)
    next(a for a in menu.actions() if a.text().startswith(words[-1])).trigger()


def rename(tree: QTreeWidget, i: int, name: str) -> None:
    item = tree.topLevelItem(i)
    tree.editItem(item, 0)
    line = tree.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def texts(tree: QTreeWidget, column: int) -> list[str]:
    items = (tree.topLevelItem(i) for i in range(tree.topLevelItemCount()))
    return [item.text(column) for item in items if item is not None]


def test_that_a_click_selects_a_set(sets: Stage) -> None:
    view: Any = sets.view
    click_row(view.list, 0)
    assert atoms(sets) == [10, 20, 30]
    click_row(view.list, 1)
    assert atoms(sets) == [30, 40]
    assert sets.store.undo_label == "Select set b"


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("Union with", "a ∪ b", [10, 20, 30, 40]),
        ("Intersection with", "a ∩ b", [30]),
        ("Without", "a − b", [10, 20]),
        ("Either, not both, with", "a ⊕ b", [10, 20, 40]),
    ],
)
def test_that_the_menu_joins_sets(sets: Stage, words: str, name: str, expected: list[int]) -> None:
    view: Any = sets.view
    trigger(view.menu_of("a"), words, "b")
    sets.settle()
    assert held(sets)[name] == expected
    assert texts(view.list, 2) == ["3", "2", str(len(expected))]
    sets.store.undo()
    sets.settle()
    assert texts(view.list, 0) == ["a", "b"]


def test_that_sets_are_complemented_renamed_coloured_and_deleted(sets: Stage) -> None:
    view: Any = sets.view
    trigger(view.menu_of("a"), "Complement")
    sets.settle()
    assert held(sets)["not a"] == [40, 50, 60]
    rename(view.list, 0, "core")
    sets.settle()
    assert list(held(sets)) == ["core", "b", "not a"]
    trigger(view.menu_of("core"), "Colour", "#882255")
    assert sets.state.document.sets[0].colour == "#882255"
    trigger(view.menu_of("core"), "Intersect with the selection")
    trigger(view.menu_of("b"), "Delete")
    sets.settle()
    assert texts(view.list, 0) == ["core", "not a"]
    wanted = []
    view.export_wanted.connect(wanted.append)
    trigger(view.menu_of("core"), "Export as CSV")
    assert wanted == ["core"]


def test_that_the_button_saves_what_is_selected(sets: Stage) -> None:
    view: Any = sets.view
    assert view.hint.isHidden()
    sets.commit(lambda s: changes.select(s, Space.FRAME, rows([1, 2])))
    menu = view.save.menu()
    menu.aboutToShow.emit()
    assert [a.isEnabled() for a in menu.actions()] == [False, False, True]
    trigger(menu, "2 selected frames")
    sets.settle()
    assert held(sets)["frames"] == [1, 2]


def test_that_a_set_whose_condition_is_wrong_says_so(sets: Stage) -> None:
    view: Any = sets.view
    save = set_changes.save_condition
    sets.commit(lambda s: save(s, Space.ATOM, "run.dump", "forcs > 1", "wrong"))
    assert texts(view.list, 2)[2] == "there is no 'forcs'; do you mean 'forces'?"
    sets.commit(lambda s: save(s, Space.ATOM, "run.dump", "forces > 10", "right"))
    assert texts(view.list, 2)[3] == "3 live"


# -- measurements


@pytest.fixture
def measured(stage: Callable[..., Stage]) -> Stage:
    made = stage(MeasurementsView, 460, 300)
    made.commit(with_run)
    for chosen in ([10, 60], [10, 50, 60]):
        made.commit(lambda s, c=chosen: changes.select(s, Space.ATOM, rows(c), owner="run.dump"))
        menu = made.view.measure.menu()
        menu.aboutToShow.emit()
        menu.actions()[0].trigger()
        made.settle()
    return made


def test_that_the_button_measures_and_the_list_tells_the_value_in_this_frame(
    measured: Stage,
) -> None:
    view: Any = measured.view
    assert texts(view.list, 0) == ["distance 10–60", "angle 10–60–50"]
    assert texts(view.list, 1)[0] == "6.0000 Å"
    measured.commit(changes.select_none)
    click_row(view.list, 1)
    assert atoms(measured) == [10, 50, 60]
    rename(view.list, 0, "bond")
    measured.settle()
    assert measured.state.document.measurements[0].name == "bond"


def test_that_images_and_reach_are_chosen(measured: Stage) -> None:
    view: Any = measured.view
    assert view.periodic.isChecked()
    QTest.mouseClick(view.periodic, LEFT)
    assert not measured.state.document.periodic
    view.reach.setValue(4.2)
    assert measured.state.document.reach == 3.0  # setters do not commit
    view.reach.setFocus()
    QTest.keyClick(view.reach, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(view.reach, "6.1")
    QTest.keyClick(view.reach, Qt.Key.Key_Return)
    assert measured.state.document.reach == 6.1
    measured.settle()
    trigger(view.menu_of(2), "Nearest images")
    measured.settle()
    assert texts(view.list, 2)[1] == "angle in run.dump, no images"


def test_that_a_double_click_plots_the_series_and_it_can_be_written(measured: Stage) -> None:
    view: Any = measured.view
    menu = view.menu_of(1)
    export = next(a for a in menu.actions() if a.text().startswith("Export series"))
    assert not export.isEnabled()
    click_row(view.list, 0)
    QTest.mouseDClick(view.list.viewport(), LEFT, NO_KEY, row_at(view.list, 0))
    measured.settle()
    panel = measured.state.document.panel(measure_changes.panel_id(1))
    assert (panel.trajectory, panel.atoms) == ("run.dump", (10, 60))
    found = [r for r in measured.state.moment.results.values() if isinstance(r, Result)]
    assert any(np.allclose(r.arrays["value"], 6) for r in found if "value" in r.arrays)
    wanted = []
    view.series_wanted.connect(wanted.append)
    trigger(view.menu_of(1), "Export series")
    assert wanted == [1]
    trigger(view.menu_of(1), "Histogram")
    of_it = [p for p in measured.state.document.panels if p.id.startswith("measurement.1")]
    assert [p.plot for p in of_it] == ["Series", "Histogram"]
    rename(view.list, 0, "bond")
    measured.settle()
    assert {p.title for p in measured.state.document.panels} >= {"bond"}
    trigger(view.menu_of(1), "Delete")
    measured.settle()
    assert texts(view.list, 0) == ["angle 10–60–50"]
    assert not [p for p in measured.state.document.panels if p.id.startswith("measurement.")]
