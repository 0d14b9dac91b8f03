"""The details of the focused model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.gui.theme import current_theme
from mlipviewer.session import changes
from mlipviewer.views.details import DetailsView, metric_ranks
from mlipviewer.views.frame_values import FrameValues, value_rows
from tests import made
from tests.windows import Stage, click, n_like, picture

pytestmark = pytest.mark.window


@pytest.fixture
def details(stage: Callable[..., Stage]) -> Stage:
    shown = stage(DetailsView, 520, 360)
    shown.give(made.error_table())
    return shown


def view(shown: Stage) -> DetailsView:
    assert isinstance(shown.view, DetailsView)
    return shown.view


def texts(shown: Stage, row: int) -> list[str]:
    item = view(shown).metrics.topLevelItem(row)
    assert item is not None
    return [item.text(column) for column in range(5)]


def test_that_no_focus_says_what_to_do(details: Stage) -> None:
    assert "click a model" in view(details).title.text()
    assert view(details).metrics.topLevelItemCount() == 0


def test_that_the_focus_shows_names_errors_thresholds_and_ranks(details: Stage) -> None:
    details.commit(lambda s: changes.focus(s, 5))
    lines = view(details).title.text().split("\n")
    assert lines[0] == "m5"
    assert "family: SNAP" in lines
    assert lines[-1].startswith("No run is linked")
    table = made.error_table()
    name, value, unit, threshold, rank = texts(details, 2)
    assert (name, unit) == ("e2", "eV")
    assert float(value) == pytest.approx(table.values[5, 2], rel=1e-3)
    assert threshold.endswith("✓") == (table.values[5, 2] <= table.values[0, 2])
    better = int((table.values[1:, 2] < table.values[5, 2]).sum())
    assert rank == f"{better + 1} of 24"


def test_that_a_missing_value_has_no_rank() -> None:
    table = made.error_table()
    assert metric_ranks(table, 1)[5] == "–"
    assert metric_ranks(table, 5)[5].endswith("of 22")


def test_that_runs_are_listed_as_they_are_linked(details: Stage) -> None:
    details.commit(lambda s: changes.focus(s, 5))
    links = (Link("m5", "trajectory", "/runs/a.xyz"), Link("m5", "trajectory", "/runs/b.dump"))
    details.commit(lambda s: changes.add_links(s, links))
    assert view(details).title.text().endswith("Runs: a.xyz, b.dump")


def test_that_a_click_on_a_metric_selects_and_tints_it(details: Stage) -> None:
    details.commit(lambda s: changes.focus(s, 5))
    click(view(details).metrics.viewport(), row_pixel(details, 3))
    assert details.settle().selected(Space.METRIC).tolist() == [3]
    assert details.state.document.axes == ("e0", "e3")
    assert tinted(details, 3)
    assert not tinted(details, 2)
    details.commit(lambda s: changes.choose_metrics(s, rows([2])))
    assert tinted(details, 2)
    assert not tinted(details, 3)


def row_pixel(shown: Stage, row: int) -> tuple[float, float]:
    item = view(shown).metrics.topLevelItem(row)
    assert item is not None
    box = view(shown).metrics.visualItemRect(item)
    return box.left() + 20, box.center().y()


def tinted(shown: Stage, row: int) -> bool:
    seen = picture(view(shown).metrics.viewport())
    assert current_theme().name == "light"
    item = view(shown).metrics.topLevelItem(row)
    assert item is not None
    box = view(shown).metrics.visualItemRect(item)
    line = (box.left() + 2, box.top() + 1, box.right() - 2, box.top() + 2)
    return n_like(seen, "#f1bfdf", line, 25) > box.width()


def test_that_the_values_of_the_shown_frame_are_listed(details: Stage) -> None:
    assert not view(details).frame.isVisible()
    frame = replace(
        made.trajectory("a.xyz", n_frames=2).frame(0),
        info=MappingProxyType(
            {"energy": -3.25, "Time": 0.5, "Time_unit": "ps", "virial": np.eye(3), "ok": True}
        ),
    )
    assert value_rows(frame) == (
        ("energy", "-3.25", "eV"),
        ("Time", "0.5", "ps"),
        ("virial", "1 0 0 0 1 0 0 0 1", "eV"),
        ("ok", "true", ""),
    )
    details.give(made.trajectory("a.xyz", n_frames=2))
    details.settle()
    listed = view(details).frame
    assert listed.isVisible()
    first = values(listed)
    details.commit(lambda s: changes.show_frame(s, 1))
    details.settle()
    assert len(values(listed)) == len(first)
    assert values(listed) != first


def values(listed: FrameValues) -> list[str]:
    items = (listed.topLevelItem(i) for i in range(listed.topLevelItemCount()))
    return [item.text(1) for item in items if item is not None]


def test_that_many_numbers_of_a_frame_keep_their_column_in_sight(details: Stage) -> None:
    one = made.trajectory("a.xyz", n_frames=1).frame(0)
    stress = np.arange(9.0).reshape(3, 3) / 7e3
    frame = replace(one, info=MappingProxyType({"stress": stress, "energy": 1.0}))
    details.give(Trajectory.whole("a.xyz", made.FramesInMemory((frame,))))
    details.settle()
    listed = view(details).frame
    assert listed.isVisible()
    assert listed.columnWidth(1) <= 24 * listed.fontMetrics().horizontalAdvance("0")
    item = listed.topLevelItem(0)
    assert item is not None
    assert item.toolTip(1).split() == [f"{number:.8g}" for number in stress.ravel()]
