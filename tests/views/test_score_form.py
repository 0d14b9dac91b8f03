"""The form of a score: cells typed by hand, presets, what follows in grey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QTreeWidgetItem

from mlipviewer.analysis.models.score import ScoreParams
from mlipviewer.core.analysis import Result
from mlipviewer.gui.settings_in_use import settings_in_use
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel, request_of
from mlipviewer.session.settings.values import load_settings
from mlipviewer.views.plot import PlotView
from mlipviewer.views.score_form import ScoreForm
from tests import made
from tests.windows import Key, Stage, choose_in_menu, click, type_text

pytestmark = pytest.mark.window


@pytest.fixture
def plot(stage: Callable[..., Stage]) -> Stage:
    panels = (
        plot_panel("score", panel_id="score"),
        plot_panel("representatives", panel_id="representatives"),
    )
    shown = stage(lambda store: PlotView(store, "score"), panels=panels)
    shown.give(made.error_table())
    return shown


@pytest.fixture
def form(plot: Stage) -> Iterator[ScoreForm]:
    assert isinstance(plot.view, PlotView)
    menu = QMenu()
    plot.view.menus._fill_form(menu)
    choose_in_menu(menu, "Weights and thresholds ...")
    found = plot.view.findChild(ScoreForm)
    assert isinstance(found, ScoreForm)
    plot.settle()
    yield found
    found.close()


def params(plot: Stage) -> ScoreParams:
    found = plot.settle().document.panel("score").params
    assert isinstance(found, ScoreParams)
    return found


def line(form: ScoreForm, name: str) -> QTreeWidgetItem:
    wanted = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return form.tree.findItems(name, wanted)[0]


def put(plot: Stage, form: ScoreForm, name: str, column: int, text: str) -> None:
    """Click a cell, type, press Return."""
    item = line(form, name)
    form.tree.scrollToItem(item)
    index = form.tree.indexFromItem(item, column)
    box = form.tree.visualRect(index)
    click(form.tree.viewport(), (box.center().x(), box.center().y()))
    editor = form.tree.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    type_text(editor, text) if text else QTest.keyClick(editor, Key.Key_Delete)
    QTest.keyClick(editor, Key.Key_Return)
    plot.settle()


def scores(plot: Stage) -> Result:
    state = plot.settle()
    request = request_of(state, state.document.panel("score"))
    found = state.moment.results[request]  # type: ignore[index]
    assert isinstance(found, Result)
    return found


def test_that_a_weight_typed_is_a_step_and_can_be_taken_back(plot: Stage, form: ScoreForm) -> None:
    assert line(form, "e1").text(1) == "1"
    steps = plot.store.n_steps
    put(plot, form, "e1", 1, "2.5")
    assert params(plot).weights == "e1=2.5"
    assert plot.store.n_steps == steps + 1
    assert line(form, "e1").text(1) == "2.5"
    put(plot, form, "e1", 1, "")
    assert params(plot).weights == ""
    plot.store.undo()
    assert params(plot).weights == "e1=2.5"
    assert line(form, "e1").text(1) == "2.5"


def test_that_the_weight_of_a_category_is_grey_in_its_metrics(plot: Stage, form: ScoreForm) -> None:
    put(plot, form, "odd", 1, "0.5")
    put(plot, form, "e3", 1, "4")
    assert params(plot).weights == "odd=0.5, e3=4"
    assert [line(form, name).text(1) for name in ("e1", "e3", "e5", "e0")] == [
        "0.5",
        "4",
        "0.5",
        "1",
    ]
    ink = [line(form, name).foreground(1).color() for name in ("odd", "e1", "e3")]
    assert ink[0] == ink[2] != ink[1]


def test_that_levels_typed_decide_the_score(plot: Stage, form: ScoreForm) -> None:
    for name in ("e1", "e2", "e3", "e4", "e5"):
        put(plot, form, name, 1, "0")
    put(plot, form, "e0", 2, "0.05")
    put(plot, form, "e0", 3, "0.5")
    assert params(plot).levels == "e0=0.05:0.5"
    errors = made.error_table().metric("e0")[1:]
    expected = np.clip((np.log10(0.5) - np.log10(errors)) / 1.0, 0, 1)
    assert scores(plot).columns["score"][1:] == pytest.approx(expected)
    assert form.problem.text().startswith("best ")
    put(plot, form, "e0", 2, "0.9")
    assert "good must be better" in form.problem.text()


def test_that_what_is_no_number_is_told_and_not_used(plot: Stage, form: ScoreForm) -> None:
    before = plot.store.n_steps
    put(plot, form, "e1", 1, "heavy")
    assert "heavy" in form.problem.text()
    put(plot, form, "e1", 1, "-1")
    assert params(plot).weights == ""
    assert plot.store.n_steps == before


def test_that_presets_fill_the_weights(plot: Stage, form: ScoreForm) -> None:
    choose_in_menu(form.presets, "One per category")
    assert params(plot).weights == "even=0.333333, odd=0.333333"
    choose_in_menu(form.presets, "Representatives")
    found = [float(part.split("=")[1]) for part in params(plot).weights.split(", ")]
    assert sum(found) == 6
    assert 0.0 in found
    choose_in_menu(form.presets, "Equal")
    assert params(plot).weights == ""


def test_that_the_search_leaves_what_was_asked_for(plot: Stage, form: ScoreForm) -> None:
    type_text(form.search, "e4")
    seen = [item.text(0) for _, item in form.tree.items() if not item.isHidden()]
    assert seen == ["even", "e4"]


def test_that_a_table_read_anew_fills_the_form_anew(plot: Stage, form: ScoreForm) -> None:
    plot.commit(lambda s: changes.set_params(s, "score", weights="e1=3"))
    other = made.error_table(n_metrics=3)
    plot.give(replace(other, name="other.csv"))
    assert [item.text(0) for _, item in form.tree.items()] == ["even", "e0", "e2", "odd", "e1"]
    assert line(form, "e1").text(1) == "3"


def test_that_a_score_of_ones_own_is_kept_used_and_removed(
    plot: Stage, form: ScoreForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mlipviewer.session.settings.values.settings_path", lambda: tmp_path / "s.toml"
    )
    settings_in_use.read_anew()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_a, **_k: (" ours ", True))
    plot.commit(lambda s: changes.set_params(s, "score", weights="e1: 3", levels="e1: 0.1 .. 2"))
    told = params(plot)
    choose_in_menu(form.presets, "Save as a preset ...")
    settings_in_use.wait()
    assert load_settings().scores == (("ours", told.weights, told.levels),)
    choose_in_menu(form.presets, "Equal")
    assert params(plot).weights != told.weights
    choose_in_menu(form.presets, "ours")
    assert (params(plot).weights, params(plot).levels) == (told.weights, told.levels)
    plot.store.undo()
    assert params(plot).weights != told.weights, "one step of history"
    form.presets.aboutToShow.emit()
    gone = form.presets.findChild(QMenu)
    assert isinstance(gone, QMenu)
    choose_in_menu(gone, "ours")
    settings_in_use.wait()
    assert load_settings().scores == ()
