"""Columns of structure types by the button Columns: ticked, coloured, changed, undone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ase.build import bulk
from ase.io import write
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox

from mlipviewer.app.window import MainWindow
from mlipviewer.gui.colours import categorical
from mlipviewer.views.atoms import AtomsView
from tests.main_window import settled

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


def atoms_view(window: MainWindow) -> AtomsView:
    view = window.docks.by_panel["atoms"].view
    assert isinstance(view, AtomsView)
    return view


@pytest.fixture
def run(tmp_path: Path) -> str:
    crystal = bulk("Li", "bcc", a=3.5, cubic=True).repeat(4)
    rng = np.random.default_rng(0)
    low = crystal.positions[:, 2] < 6
    noise = np.where(low, 0.8, 0.05)[:, None]
    crystal.positions += rng.normal(0, 1, crystal.positions.shape) * noise
    write(tmp_path / "half.xyz", crystal, format="extxyz")
    return str(tmp_path / "half.xyz")


def test_that_a_tick_computes_a_column_that_colours(window: MainWindow, run: str) -> None:
    window.open([run])
    settled(window)
    view = atoms_view(window)
    columns = view.dressing.popovers[-1]
    QTest.mouseClick(columns, LEFT)
    QTest.qWaitForWindowExposed(columns.frame)
    box = view.dressing.columns.boxes["ptm"]
    QTest.mouseClick(box, LEFT, pos=box.rect().center())
    state = settled(window)
    assert state.document.colouring.column == "ptm"
    (frame,) = state.moment.frames.values()
    n_bcc = int((frame.columns["ptm"] == 3).sum())
    assert 10 < n_bcc < 100
    legend = view.legend.legend
    assert legend is not None
    counts = {one.name: (one.colour, one.count) for one in legend.paint.swatches}
    assert counts["bcc"] == (categorical(0), n_bcc)
    assert "ico" not in counts or counts["ico"][1] > 0

    form = view.dressing.columns.forms["ptm"][1]
    cutoff = next(e for e in form.findChildren(QDoubleSpinBox))
    cutoff.setFocus()
    cutoff.selectAll()
    QTest.keyClicks(cutoff, "0.01")
    QTest.keyClick(cutoff, Qt.Key.Key_Return)
    state = settled(window)
    assert state.document.computed[0].params.cutoff == 0.01  # type: ignore[attr-defined]
    (frame,) = state.moment.frames.values()
    assert int((frame.columns["ptm"] == 3).sum()) == 0

    window.store.undo()
    window.store.undo()
    state = settled(window)
    assert state.document.computed == ()
    assert not box.isChecked()
    assert "ptm" not in view.dressing.columns.forms


def test_that_the_column_is_offered_among_those_of_the_file(window: MainWindow, run: str) -> None:
    window.open([run])
    settled(window)
    view = atoms_view(window)
    columns = view.dressing.popovers[-1]
    QTest.mouseClick(columns, LEFT)
    QTest.qWaitForWindowExposed(columns.frame)
    box = view.dressing.columns.boxes["cna"]
    box.click()
    settled(window)
    offered = view.bar.columns
    assert isinstance(offered, QComboBox)
    assert "cna" in [offered.itemData(i) for i in range(offered.count())]
    box.click()
    state = settled(window)
    assert state.document.colouring.column == "species"
    assert offered.findData("cna") < 0
