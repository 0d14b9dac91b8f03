"""Cards go with what they tell of; a right click on a legend opens the panel on its colours; a chip
tells by which images is measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, colourings
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, alone, click, hover, pixels_of

pytestmark = pytest.mark.window
RIGHT = Qt.MouseButton.RightButton


def test_that_a_card_goes_when_the_plot_is_of_another_size(
    stage: Callable[..., Stage], qtbot: Any
) -> None:
    shown = stage(lambda store: PlotView(store, "pareto"))
    shown.give(made.error_table())
    canvas = shown.view.canvas  # type: ignore[attr-defined]
    places = pixels_of(canvas)
    row = alone(places)[0]
    hover(canvas, (places[row][0] + 1, places[row][1]))
    qtbot.waitUntil(lambda: shown.state.hovered(Space.MODEL) == row)
    assert canvas._card.isVisible()
    shown.view.resize(shown.view.width() + 120, shown.view.height())
    qtbot.waitUntil(lambda: not canvas._card.isVisible())


@pytest.fixture
def view(stage: Callable[..., Stage], qtbot: Any) -> AtomsView:
    shown = stage(AtomsView)
    shown.give(made.trajectory())
    found = shown.view
    assert isinstance(found, AtomsView)
    qtbot.waitUntil(lambda: found.canvas.complete, timeout=20_000)
    return found


def press_legend(view: AtomsView) -> list[bool]:
    """A right click on the legend; whether the panels of colours and of looks show then."""
    QTest.mouseClick(view.legend, RIGHT, pos=view.legend.rect().center())
    return [popover.frame.isVisible() for popover in view.dressing.popovers[:2]]


def test_that_the_legend_of_species_leads_to_their_looks(view: AtomsView) -> None:
    assert press_legend(view) == [False, True]
    view.dressing.popovers[1].frame.hide()


def test_that_the_legend_of_values_leads_to_their_map_and_range(
    view: AtomsView, qtbot: Any
) -> None:
    view.store.commit(lambda s: colourings.colour_by(s, "energies"), "Colour by energies")
    view.store.flush()
    qtbot.waitUntil(lambda: not view.dressing.popovers[0].isHidden(), timeout=20_000)
    assert press_legend(view) == [True, False]
    view.dressing.popovers[0].frame.hide()


def test_that_a_chip_tells_by_which_images_is_measured(view: AtomsView) -> None:
    chip, store, size = view.status_line.chip, view.store, view.canvas.size()
    assert not chip.isVisible()  # nothing is measured
    store.commit(lambda s: changes.select(s, Space.ATOM, rows([1, 3])), "Select")
    store.flush()
    assert chip.isVisible()
    assert chip.isChecked()
    assert view.canvas.size() == size
    assert "distance 3.0000 Å" in view.status.text()  # over the face of the cell of 9 Å
    click(chip)
    store.flush()
    assert "distance 6.0000 Å" in view.status.text()
    assert not store.state.document.periodic
    assert store.undo_label == "Measure without images"
    click(chip)
    store.flush()
    assert "distance 3.0000 Å" in view.status.text()
    store.commit(lambda s: changes.select(s, Space.ATOM, rows([1, 2, 3, 4, 5])), "Select")
    store.flush()
    assert not chip.isVisible()
