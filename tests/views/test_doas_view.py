"""The density of states in a panel: a stretch of energies chooses atoms, and atoms light up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.plot_canvas import PlotCanvas
from mlipviewer.session import changes
from mlipviewer.session.panels import plot_panel
from mlipviewer.views.plot import PlotView
from tests import made
from tests.windows import Stage, drag, picture, pixels_of, rectangle

pytestmark = pytest.mark.window


@pytest.fixture
def shown(stage: Callable[..., Stage]) -> Stage:
    panels = [plot_panel("doas", "DOAS", "doas")]
    found = stage(lambda store: PlotView(store, "doas"), panels=panels)
    found.give(made.trajectory("run.xyz", n_frames=1))
    return found


def canvas(shown: Stage) -> PlotCanvas:
    assert isinstance(shown.view, PlotView)
    return shown.view.canvas


def test_that_a_stretch_of_energies_selects_its_atoms(shown: Stage) -> None:
    """The energies of the made run are the ids: 1 to 27."""
    at = pixels_of(canvas(shown), Space.ATOM)
    assert sorted(at) == list(range(1, 28))
    left, right = ((at[i][0] + at[i + 1][0]) / 2 for i in (4, 9))
    low = max(y for _, y in at.values()) + 4
    high = min(y for _, y in at.values()) - 30
    drag(canvas(shown), rectangle((left, high), (right, low)))
    assert shown.settle().selected(Space.ATOM).tolist() == [5, 6, 7, 8, 9]


def test_that_atoms_chosen_elsewhere_light_up(shown: Stage) -> None:
    before = picture(canvas(shown))
    shown.commit(lambda s: changes.select(s, Space.ATOM, rows([3, 4])))
    assert (picture(canvas(shown)) != before).any()
