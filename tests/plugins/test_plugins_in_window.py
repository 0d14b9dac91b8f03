"""The example plug-in in the window, beside one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mlipviewer.app.preferences.plugin_page import PluginPage
from mlipviewer.app.window import MainWindow
from mlipviewer.core import plugins
from mlipviewer.core.plot import Space
from mlipviewer.core.plugins import Kind
from mlipviewer.gui.palette import Palette
from tests import made, windows
from tests.app import window_work as work
from tests.main_window import close_window, open_window, plot, settled
from tests.plugins.packages import install, install_example, on_path
from tests.plugins.test_plugins import ANALYSIS

pytestmark = pytest.mark.window


@pytest.fixture
def window(tmp_path: Path, qtbot: object) -> Iterator[MainWindow]:
    place = tmp_path / "packages"
    place.mkdir()
    with on_path(place):
        install_example(place)
        text = ANALYSIS.format(body="raise RuntimeError('no such card')", drawn="return None")
        points = {Kind.ANALYSIS.value: {"bad": "bad_module:ANALYSIS", "worse": "bad_module:B"}}
        install(place, "bad-package", points, {"bad_module": text})
        plugins.forget()
        shown = open_window(qtbot)
        shown.open([str(made.write_table(tmp_path / "errors.csv"))])
        settled(shown)
        yield shown
        close_window(shown)


def analyse(window: MainWindow, words: str) -> None:
    window.open_palette()
    palette = window.findChildren(Palette)[-1]
    QTest.keyClicks(palette.line, words)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    settled(window)


def test_that_it_is_a_panel_like_any_other_and_a_broken_one_costs_only_itself(
    window: MainWindow,
) -> None:
    analyse(window, "worst metric analyse")
    view = plot(window, "worst-metric.Worst metric.2")
    row, place = next(iter(windows.pixels_of(view.canvas).items()))
    windows.click(view.canvas, place)
    chosen = settled(window).selected(Space.MODEL)
    assert chosen.tolist() == [row]
    analyse(window, "bad analyse")
    bad = next(p for p in settled(window).document.panels if p.analysis == "bad")
    broken = plot(window, bad.id)
    assert "plug-in bad of bad-package 1.0: RuntimeError: no such card" in broken.canvas.plot.empty
    assert not view.canvas.plot.empty
    assert np.array_equal(settled(window).selected(Space.MODEL), chosen)


def test_that_the_preferences_list_them(window: MainWindow) -> None:
    window.open_preferences("Plug-ins")
    (listed,) = window.findChildren(PluginPage)
    work.run_until(lambda: listed.topLevelItemCount() == 4, 20)
    rows = [listed.topLevelItem(k) for k in range(4)]
    said = {row.text(0): row.text(3) for row in rows}
    assert said["worst-metric"] == "in use"
    assert said["worse"].startswith("failed: it does not load: AttributeError")
    listed.window().close()
    settled(window)
