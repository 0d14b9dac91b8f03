"""Forms: names are chosen from what the table has, and searched where they are many."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QSpinBox, QToolButton

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import Needs, Params, explained, param_help
from mlipviewer.gui.chooser import PickList, TickList
from mlipviewer.gui.editors import Number
from mlipviewer.gui.form import Form, NumberSlider
from mlipviewer.gui.scrolled import Scrolled
from mlipviewer.views.plot_head import choices_of
from tests import made

pytestmark = pytest.mark.window


class Told(dict[str, Any]):
    def __call__(self, name: str, value: Any) -> None:
        self[name] = value


def form(qtbot: Any, analysis: str, n_metrics: int = 60, **about: Any) -> tuple[Form, Told]:
    told = Told()
    params: Params = ANALYSES[analysis].params(**about)
    shown = Form(params, told, choices=choices_of(made.error_table(n_metrics=n_metrics)))
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown, told


def editor(shown: Form, name: str) -> Any:
    return next(
        w for w in shown.findChildren(object) if getattr(w, "accessibleName", str)() == name
    )


def tick(ticks: TickList, name: str) -> None:
    item = next(i for i in ticks.items() if i.text() == name)
    ticks.list.scrollToItem(item)
    box = ticks.list.visualItemRect(item)
    at = QPoint(box.left() + 10, box.center().y())
    QTest.mouseClick(ticks.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_that_sixty_metrics_are_searched_and_ticked(qtbot: Any) -> None:
    shown, told = form(qtbot, "correlation", metrics=("e7",))
    ticks = editor(shown, "metrics")
    assert isinstance(ticks, TickList)
    QTest.keyClicks(ticks.search, "e5")
    listed = [item.text() for item in ticks.items() if not item.isHidden()]
    assert listed == ["e5", *(f"e5{i}" for i in range(10))]
    tick(ticks, "e52")
    tick(ticks, "e5")
    assert told == {"metrics": ("e7", "e52", "e5")}, "in the order of choosing"
    assert ticks.count.text() == "3 of 60"
    next(b for b in ticks.findChildren(QToolButton) if b.text() == "None").click()
    assert told["metrics"] == ("e7",), "only what is listed"


def test_that_ticks_are_set_by_the_keyboard_too(qtbot: Any) -> None:
    shown, told = form(qtbot, "correlation", n_metrics=5)
    ticks = editor(shown, "metrics")
    assert not ticks.search.isVisible()
    ticks.list.setCurrentRow(3)
    QTest.keyClick(ticks.list, Qt.Key.Key_Space)
    assert told == {"metrics": ("e3",)}


def test_that_a_family_a_threshold_and_columns_are_chosen_from_the_table(qtbot: Any) -> None:
    shown, _ = form(qtbot, "family-graphs")
    family = editor(shown, "family")
    assert [family.itemText(i) for i in range(family.count())] == ["", *made.FAMILIES]
    shown, told = form(qtbot, "passing")
    rows = editor(shown, "threshold")
    assert isinstance(rows, PickList)
    table = made.error_table()
    assert [item.text() for item in rows.items()][:3] == ["(default)", *table.keys[:2]]
    QTest.keyClicks(rows.search, "m12")
    item = next(i for i in rows.items() if not i.isHidden())
    at = rows.list.visualItemRect(item).center()
    QTest.mouseClick(rows.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told == {"threshold": "m12"}
    shown, _ = form(qtbot, "correlation-checks")
    blocks = editor(shown, "blocks")
    assert [item.text() for item in blocks.items()] == list(table.text)


@pytest.mark.parametrize("name", [n for n, a in ANALYSES.items() if Needs.TABLE in a.needs])
def test_that_every_name_of_a_table_has_a_chooser(qtbot: Any, name: str) -> None:
    shown, _ = form(qtbot, name)
    for param, tell in param_help(ANALYSES[name].params).items():
        if tell.names in choices_of(made.error_table()):
            assert not isinstance(editor(shown, param), QLineEdit), param


def test_that_tool_tips_tell_meaning_bounds_formula_and_reference(qtbot: Any) -> None:
    shown, _ = form(qtbot, "distributions")
    tip = editor(shown, "bins").toolTip()
    assert tip == explained(param_help(ANALYSES["distributions"].params)["bins"])
    assert tip.splitlines()[1:] == [
        "from 0 to 200",
        "width of a bar = 2 (q3 - q1) / n^(1/3)",
        "Freedman and Diaconis, Z. Wahrscheinlichkeitstheorie 57, 453 (1981)",
    ]
    label = next(w for w in shown.findChildren(QLabel) if w.text() == "bins")
    assert label.toolTip() == tip


def test_that_numbers_step_sensibly(qtbot: Any) -> None:
    shown, told = form(qtbot, "correlation-checks")
    draws = editor(shown, "draws")
    assert isinstance(draws, QSpinBox)
    draws.stepUp()
    assert told["draws"] == 1100
    shown, told = form(qtbot, "prediction")
    slider = editor(shown, "coefficient")
    assert isinstance(slider, NumberSlider)
    assert slider.number.singleStep() == pytest.approx(0.01)


def test_that_a_tall_form_scrolls_and_cuts_no_label(qtbot: Any) -> None:
    told = Told()
    choices = choices_of(made.error_table(n_metrics=60))
    inside = Form(ANALYSES["representatives"].params(), told, choices=choices)
    shown = Scrolled(inside, 300)
    qtbot.addWidget(shown)
    shown.resize(shown.sizeHint())
    with qtbot.waitExposed(shown):
        shown.show()
    assert shown.height() == 300
    assert inside.width() >= inside.sizeHint().width()
    for label in inside.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width() or not label.text(), label.text()


def test_that_the_wheel_scrolls_a_form_and_turns_nothing_that_was_not_clicked(qtbot: Any) -> None:
    told = Told()
    inside = Form(ANALYSES["representatives"].params(), told)
    shown = Scrolled(inside, 60)
    qtbot.addWidget(shown)
    shown.resize(shown.sizeHint())
    with qtbot.waitExposed(shown):
        shown.show()
    combo = inside.findChild(QComboBox)
    assert isinstance(combo, QComboBox)
    before = combo.currentIndex()
    at = QPointF(combo.rect().center())
    nothing, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    down = QWheelEvent(
        at, combo.mapToGlobal(at), QPoint(), QPoint(0, -120), buttons, nothing, phase, False
    )
    QApplication.sendEvent(combo, down)
    assert combo.currentIndex() == before
    assert shown.verticalScrollBar().value() > 0
    assert told == {}


def test_that_a_number_has_room_for_its_digits(qtbot: Any) -> None:
    number = Number(0, 1, 0.01, 3)
    qtbot.addWidget(number)
    number.show()
    number.show_value(0.625)
    line = number.lineEdit()
    assert line.width() >= line.fontMetrics().horizontalAdvance("0.625") + 2
