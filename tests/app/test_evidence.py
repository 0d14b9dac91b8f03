"""A double click on a cell shows the run behind its number, and the atoms that are worst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from mlipviewer.app.window import MainWindow
from mlipviewer.core.analysis import Request, Result
from mlipviewer.core.curves import Curves
from mlipviewer.session import changes
from mlipviewer.session.panels import new_panel, request_of, result_columns
from mlipviewer.views.table import TableView
from tests import made
from tests.main_window import link_runs, row_pixel, settled, table
from tests.windows import LEFT, NO, give

pytestmark = pytest.mark.window


@pytest.fixture
def linked(window: MainWindow) -> Iterator[MainWindow]:
    give(window, made.error_table())
    link_runs(window, {2: 0.4, 3: 0.1})
    panel = new_panel(window.store.state, "model-forces", "Force errors of models")
    window.store.commit(lambda s: changes.open_panel(s, panel), "Open")
    window.store.commit(lambda s: changes.set_in_table(s, panel.id, True), "Show")
    settled(window)
    return window


def double_click(view: TableView, row: int, name: str) -> None:
    x, y = row_pixel(view, row, view.model.columns.index(name))
    QTest.mouseDClick(view.rows.viewport(), LEFT, NO, QPoint(int(x), int(y)))


def test_that_a_computed_cell_leads_to_its_run_and_its_worst_atoms(linked: MainWindow) -> None:
    state = settled(linked)
    column = result_columns(state)["dnac_force"]
    assert column[3] < column[2]
    double_click(table(linked), 2, "dnac_force")
    after = settled(linked)
    assert after.document.trajectory == "run2.xyz"
    assert after.document.focus == 2
    assert ("force-errors", "Worst atoms") in {
        (panel.analysis, panel.plot) for panel in after.document.panels
    }
    n = len(after.document.panels)
    double_click(table(linked), 3, "dnac_force")
    again = settled(linked)
    assert again.document.trajectory == "run3.xyz"
    assert len(again.document.panels) == n


def test_that_a_cell_with_a_curve_opens_it(linked: MainWindow) -> None:
    """One panel for all: the next cell turns it to its own metric and model."""
    x = np.linspace(0.8, 1.2, 5)
    of = {f"m{k}": (x, (x - 1) ** 2 * (1 + k)) for k in range(4)}
    two = {name: Curves("volume", "energy", {"reference": of["m0"], **of}) for name in ("e0", "e1")}
    give(linked, replace(made.error_table(), curves=MappingProxyType(two)))
    for row, metric in ((1, "e1"), (3, "e0")):
        double_click(table(linked), row, metric)
        after = settled(linked)
        shown = [panel for panel in after.document.panels if panel.analysis == "curves"]
        assert len(shown) == 1
        request = request_of(after, shown[0])
        assert isinstance(request, Request)
        result = after.moment.results[request]
        assert isinstance(result, Result)
        assert result.summary["metric"] == metric
        assert result.names[2:] == ("reference", f"m{row}")
        assert not after.moment.notices


def test_that_a_cell_without_a_run_says_so(linked: MainWindow) -> None:
    double_click(table(linked), 5, "e0")
    notices = settled(linked).moment.notices
    assert "m5 is not linked to a run" in notices[-1].text


def test_that_a_score_of_forces_in_the_file_leads_to_the_worst_atoms(window: MainWindow) -> None:
    made_table = made.error_table()
    columns = list(made_table.columns)
    at = next(i for i, column in enumerate(columns) if column.name == "e1")
    columns[at] = replace(columns[at], name="dnac_force")
    give(window, replace(made_table, columns=tuple(columns)))
    link_runs(window, {2: 0.4})
    double_click(table(window), 2, "e0")
    panels = {(panel.analysis, panel.plot) for panel in settled(window).document.panels}
    assert ("force-errors", "Worst atoms") not in panels
    double_click(table(window), 2, "dnac_force")
    after = settled(window)
    assert after.document.trajectory == "run2.xyz"
    assert ("force-errors", "Worst atoms") in {
        (panel.analysis, panel.plot) for panel in after.document.panels
    }
