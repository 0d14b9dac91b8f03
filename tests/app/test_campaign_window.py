"""The campaign in the window: designed by clicks, run in a process, watched, stopped, resumed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mlipviewer.app.campaigns.models import ModelDialog
from mlipviewer.app.window import MainWindow
from mlipviewer.campaign.beat import running
from mlipviewer.campaign.folder import Folder
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes
from mlipviewer.session.campaigns.attending import reading_of
from tests.app.campaign_stage import n_done, open_small, page, panel, runs, standing, wait
from tests.campaign.test_running import written
from tests.main_window import row_pixel, settled, table
from tests.windows import LEFT, NO, click, press

pytestmark = pytest.mark.window


@pytest.fixture
def designed(window: MainWindow) -> MainWindow:
    """A new design, begun by its button."""
    click(panel(window).begin)
    wait(window, lambda: panel(window).design.families)
    return window


def design_of(window: MainWindow) -> Any:
    """What the text says, once it was read."""
    settled(window)
    text = window.store.state.document.campaign.text

    def is_read() -> bool:
        reading = reading_of(window.store.state)
        return reading is not None and reading.text == text

    wait(window, is_read)
    reading = reading_of(window.store.state)
    assert reading is not None
    return reading.design


def test_that_families_ranges_and_properties_are_chosen_by_clicks(designed: MainWindow) -> None:
    form = panel(designed).design
    before = designed.store.state.document.campaign.text
    click(form.families["gap"].chosen, (8, 10))
    wait(designed, form.families["gap"].models.isVisible)
    assert [p.family for p in design_of(designed).families] == ["mtp", "uf3", "gap"]
    row = form.families["mtp"]
    click(row.ranges)
    settled(designed)
    editor = row.editors["cutoff"]
    assert editor.text() == "4.2 to 6.0"
    editor.selectAll()
    QTest.keyClicks(editor, "4.4 to 5")
    press(editor, Qt.Key.Key_Return)
    mtp = design_of(designed).families[0]
    assert mtp.ranges["cutoff"] == [4.4, 5.0]
    assert mtp.ranges["radial"] == [3, 6]
    form.ensureWidgetVisible(form.properties["eos"])
    click(form.properties["eos"], (8, 8))
    assert "eos" in design_of(designed).properties
    assert "# keep the structures and runs behind the numbers" in (
        designed.store.state.document.campaign.text
    )
    form.ensureWidgetVisible(form.sampler)
    form.sampler.setFocus()
    press(form.sampler, Qt.Key.Key_Down)
    assert design_of(designed).sampler == "latin-hypercube"
    for _ in range(4):
        designed.store.undo()
    assert settled(designed).document.campaign.text == before


def test_that_a_problem_is_told_at_its_line_and_the_form_waits(designed: MainWindow) -> None:
    view = panel(designed)
    text = page(designed, view, 1)
    editor = text.editor
    line = editor.toPlainText().splitlines().index('element = "Si"') + 1
    cursor = editor.textCursor()
    cursor.setPosition(editor.document().findBlockByNumber(line - 1).position())
    editor.setTextCursor(cursor)
    QTest.keyClicks(editor, "x")
    wait(designed, lambda: text.said.text().startswith(f"Line {line}: "))
    assert "'xelement' is none of" in text.said.text()
    assert editor.extraSelections()[0].cursor.blockNumber() == line - 1
    assert not view.design.inside.isEnabled()
    assert not view.run.start.isEnabled()
    press(editor, Qt.Key.Key_Backspace)
    wait(designed, lambda: text.said.text() == "The design can be run.")
    assert view.design.inside.isEnabled()
    run = page(designed, view, 2)
    assert "32 trainings, 16 models judged by 3 properties: about" in run.said.text()


@pytest.mark.timeout(240)
def test_that_a_table_grows_while_its_campaign_runs_and_keeps_what_is_chosen(
    window: MainWindow, tmp_path: Path
) -> None:
    open_small(window, tmp_path, 14, "lattice elastic eos")
    run = page(window, panel(window), 2)
    assert "14 models judged by 3 properties" in run.said.text()
    click(run.start)
    wait(window, run.result.isEnabled)
    assert run.stop.isEnabled()
    click(run.result)
    wait(window, lambda: window.store.state.table is not None)
    first = window.store.state.table
    assert first is not None
    n_first, key = first.n_rows, first.keys[-1]
    window.store.commit(lambda s: changes.select_models(s, rows([first.n_rows - 1])), "Select")
    jobs = len(settled(window).moment.jobs)
    wait(window, lambda: not runs(window) and n_done(window) == 45)
    wait(window, lambda: window.store.state.table and window.store.state.table.n_rows == 15)
    after = settled(window)
    assert n_first < 15
    assert after.table is not None
    assert [after.table.keys[row] for row in after.selected(Space.MODEL)] == [key]
    assert table(window).model.rowCount() == 15
    assert len(after.moment.jobs) <= jobs + 20
    assert run.said.text() == "All is done: 45 pieces."
    assert {link.model for link in after.document.links} == {f"sw{k}" for k in range(14)}


@pytest.mark.timeout(240)
def test_that_a_stopped_campaign_is_resumed(window: MainWindow, tmp_path: Path) -> None:
    file = open_small(window, tmp_path, 12, "lattice elastic")
    run = page(window, panel(window), 2)
    click(run.start)
    wait(window, lambda: n_done(window) >= 3)
    click(run.stop)
    wait(window, lambda: not runs(window))
    assert run.start.text() == "Resume"
    assert "It does not run now; about" in run.said.text()
    journal = tmp_path / "small.campaign" / "journal.sqlite"
    so_far = written(journal)
    assert 3 <= so_far < 26
    click(run.start)
    wait(window, lambda: n_done(window) == 26 and not runs(window))
    assert written(journal) == 26
    assert file.read_text().startswith("# mine\n")


@pytest.mark.timeout(240)
@pytest.mark.skipif(os.name != "posix", reason="ends a process as POSIX does")
def test_that_a_killed_run_is_seen_and_resumed(window: MainWindow, tmp_path: Path) -> None:
    open_small(window, tmp_path, 12, "lattice elastic")
    run = page(window, panel(window), 2)
    click(run.start)
    wait(window, lambda: n_done(window) >= 2)
    who = running(Folder(tmp_path / "small.campaign"))
    assert who is not None
    os.kill(who.pid, signal.SIGKILL)
    wait(window, lambda: not runs(window))
    assert run.start.isEnabled()
    click(run.start)
    wait(window, lambda: n_done(window) == 26 and not runs(window))


@pytest.mark.timeout(240)
def test_that_a_model_is_evaluated_and_failures_are_told(
    window: MainWindow, tmp_path: Path
) -> None:
    file = open_small(window, tmp_path, 1, "lattice")
    run = page(window, panel(window), 2)
    click(run.start)
    wait(window, lambda: n_done(window) == 2 and not runs(window))
    evaluate(window, run, "emt", "metal")
    wait(window, lambda: "No EMT-potential for Si" in run.said.text())
    now = standing(window)
    assert now is not None
    evaluate(window, run, "stillinger-weber", "mine")
    wait(window, lambda: n_done(window) == 3 and not runs(window))
    wait(window, lambda: '"mine"' in window.store.state.document.campaign.text)
    assert window.store.state.document.campaign.text == file.read_text()
    click(run.result)
    wait(window, lambda: window.store.state.table is not None)
    shown = settled(window).table
    assert shown is not None
    assert shown.keys[1:] == ("sw0", "mine")


def evaluate(window: MainWindow, run: object, model: str, name: str) -> None:
    click(run.evaluate)  # type: ignore[attr-defined]
    wait(window, lambda: isinstance(QApplication.activeWindow(), ModelDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, ModelDialog)
    QTest.keyClicks(dialog.model, model)
    QTest.keyClicks(dialog.name, name)
    press(dialog.name, Qt.Key.Key_Return)
    wait(window, lambda: QApplication.activeWindow() is window)


@pytest.mark.timeout(240)
def test_that_cells_of_a_campaign_lead_to_their_evidence(
    window: MainWindow, tmp_path: Path
) -> None:
    open_small(window, tmp_path, 2, "lattice surfaces")
    run = page(window, panel(window), 2)
    click(run.start)
    wait(window, lambda: n_done(window) == 6 and not runs(window))
    click(run.result)
    wait(window, lambda: len(window.store.state.document.links) > 0)
    state = settled(window)
    link = next(one for one in state.document.links if one.model == "sw1")
    view = table(window)
    x, y = row_pixel(view, 2, view.model.columns.index(link.metric))
    QTest.mouseDClick(view.rows.viewport(), LEFT, NO, QPoint(int(x), int(y)))
    wait(window, lambda: settled(window).trajectory is not None)
    shown = settled(window)
    assert shown.trajectory is not None
    assert Path(shown.trajectory.source.path) == Path(link.path)
    assert shown.focus == 2
