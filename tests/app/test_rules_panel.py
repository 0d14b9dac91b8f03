"""Class rules by the button Columns: typed, ordered, coloured, counted live, undone, saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit

from mlipviewer.analysis.frames.rules import RulesParams
from mlipviewer.analysis.methods.class_rules import read_rules
from mlipviewer.app.window import MainWindow
from mlipviewer.views.atoms.rules_panel import RulesPanel
from tests.app.test_computed_columns import atoms_view, run
from tests.main_window import settled

__all__ = ["run"]
pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(window: MainWindow, run: str) -> RulesPanel:
    """The open editor of rules on a half molten crystal."""
    window.open([run])
    settled(window)
    view = atoms_view(window)
    button = view.dressing.popovers[-1]
    QTest.mouseClick(button, LEFT)
    QTest.qWaitForWindowExposed(button.frame)
    box = view.dressing.columns.boxes["rules"]
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    settled(window)
    return view.dressing.columns.rules


def typed(editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def counts(panel: RulesPanel) -> dict[str, int]:
    return {line.name.text(): int(line.count.text() or -1) for line in panel.lines}


def test_that_rules_count_their_atoms_and_colour_them(
    window: MainWindow, panel: RulesPanel
) -> None:
    state = settled(window)
    assert state.document.colouring.column == "rules"
    found = counts(panel)
    assert list(found) == ["bcc", "close-packed", "disordered"]
    assert sum(found.values()) == 128
    assert found["bcc"] > 5
    legend = atoms_view(window).legend.legend
    assert legend is not None
    assert {one.name: one.count for one in legend.paint.swatches} == {
        name: n for name, n in found.items() if n
    }


def test_that_a_rule_is_typed_moved_and_taken_away(window: MainWindow, panel: RulesPanel) -> None:
    QTest.mouseClick(panel.add, LEFT)
    settled(window)
    assert list(counts(panel)) == ["bcc", "close-packed", "class 1", "disordered"]
    typed(panel.lines[2].condition, "z > 7")
    settled(window)
    typed(panel.lines[2].name, "upper half")
    settled(window)
    before = counts(panel)
    for _ in range(2):
        row = next(i for i, one in enumerate(panel.lines) if one.name.text() == "upper half")
        QTest.mouseClick(panel.lines[row].buttons[0], LEFT)
        settled(window)
    after = counts(panel)
    assert next(iter(after)) == "upper half"
    (frame,) = settled(window).moment.frames.values()
    n_upper = int((frame.positions[:, 2] > 7).sum())
    assert after["upper half"] == n_upper > before["upper half"]  # it now comes before the crystal
    QTest.mouseClick(panel.lines[0].buttons[2], LEFT)
    settled(window)
    assert list(counts(panel)) == ["bcc", "close-packed", "disordered"]
    for _ in range(7):
        window.store.undo()
        settled(window)
    assert not panel.isVisible()
    window.store.redo()
    settled(window)
    assert list(counts(panel)) == ["bcc", "close-packed", "disordered"]


def test_that_what_cannot_be_is_said_beside_the_rules(
    window: MainWindow, panel: RulesPanel
) -> None:
    typed(panel.lines[0].condition, "cma == 'bcc'")
    settled(window)
    assert "there is no 'cma'" in panel.problem.text()
    typed(panel.lines[0].name, "a: b")
    settled(window)
    assert "a name has no signs" in panel.problem.text()
    (asked,) = window.store.state.document.computed
    assert isinstance(asked.params, RulesParams)
    assert read_rules(asked.params.rules)[0].name == "bcc"


def test_that_classes_are_left_out_and_presets_taken(window: MainWindow, panel: RulesPanel) -> None:
    QTest.mouseClick(panel.lines[2].counted, LEFT, pos=panel.lines[2].counted.rect().center())
    (asked,) = settled(window).document.computed
    assert "(disordered): true" in asked.params.rules  # type: ignore[attr-defined]
    panel.presets.setFocus()
    QTest.keyClick(panel.presets, Qt.Key.Key_Down)
    QTest.keyClick(panel.presets, Qt.Key.Key_Down)
    panel.presets.setCurrentIndex(2)
    panel.presets.activated.emit(2)
    (asked,) = settled(window).document.computed
    assert 'near("O", 2.6)' in asked.params.rules  # type: ignore[attr-defined]
    assert len(panel.lines) == 5


def test_that_classes_differ_in_colour_and_all_is_readable(
    window: MainWindow, panel: RulesPanel
) -> None:
    QTest.mouseClick(panel.add, LEFT)
    settled(window)
    icons = {line.colour.icon().pixmap(8).toImage().pixelColor(4, 4).rgb() for line in panel.lines}
    assert len(icons) == 4
    assert panel.form is not None
    for number in panel.form.findChildren(QDoubleSpinBox):
        assert number.width() >= number.fontMetrics().horizontalAdvance("0.200") + 20
