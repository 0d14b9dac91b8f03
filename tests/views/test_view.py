"""What all views keep to: only users commit, hidden views rest, a view keeps no state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.gui.view import View
from mlipviewer.session import (
    atom_changes,
    changes,
    colourings,
    measure_changes,
    set_changes,
    table_changes,
    time_changes,
)
from mlipviewer.session.state import Colouring, State
from mlipviewer.views.atoms import AtomsView
from mlipviewer.views.details import DetailsView
from mlipviewer.views.jobs import JobsView
from mlipviewer.views.measurements import MeasurementsView
from mlipviewer.views.plot import PlotView
from mlipviewer.views.sets import SetsView
from mlipviewer.views.table import TableView
from mlipviewer.views.timeline import TimelineView
from tests import made
from tests.windows import Stage

pytestmark = pytest.mark.window

PLOTS = ("pareto", "heatmap", "graph", "series", "atom-series", "atom-errors")
VIEWS: dict[str, Callable[[Any], View]] = {
    "table": TableView,
    "details": DetailsView,
    "timeline": TimelineView,
    "jobs": JobsView,
    "sets": SetsView,
    "measurements": MeasurementsView,
    "atoms": AtomsView,
    **{name: (lambda store, name=name: PlotView(store, name)) for name in PLOTS},
}

CHANGES: tuple[Callable[[State], State], ...] = (
    lambda s: changes.select_models(s, rows([2])),
    lambda s: changes.select_models(s, rows([1, 2, 3, 5])),
    lambda s: changes.choose_metrics(s, rows([1, 4])),
    lambda s: changes.set_axes(s, ("e5", "e0")),
    lambda s: changes.select(s, Space.ATOM, rows([3, 4])),
    lambda s: changes.select(s, Space.FRAME, rows([2, 5])),
    lambda s: changes.show_frame(s, 5),
    lambda s: table_changes.set_condition(s, "e0 < 0.2"),
    lambda s: table_changes.sort_by(s, "e3"),
    lambda s: colourings.set_colouring(s, Colouring("energies", 0.0, 20.0)),
    lambda s: changes.set_params(s, "graph", threshold=0.35),
    lambda s: changes.set_on_selection(s, "graph", True),
    lambda s: changes.add_links(s, (Link("m4", "trajectory", "/made/made.xyz"),)),
    lambda s: time_changes.play(time_changes.play(s, True), False),
    lambda s: changes.hover(s, Space.MODEL, 4),
    lambda s: atom_changes.seek(s, "x > 1"),
    lambda s: set_changes.save_selection(s, Space.ATOM),
    lambda s: set_changes.save_condition(s, Space.ATOM, "made.xyz", "energies > 100"),
    lambda s: measure_changes.set_periodic(measure_changes.measure_selected(s), False),
    lambda s: atom_changes.set_reach(atom_changes.follow(s, "made.xyz", 3), 4.0),
    lambda s: atom_changes.dim_others(atom_changes.hide_atoms(s), True),
    lambda s: changes.show_frame(s, 2),
    changes.select_none,
)


@pytest.fixture(params=VIEWS)
def shown(request: pytest.FixtureRequest, stage: Callable[..., Stage]) -> Stage:
    made_stage = stage(VIEWS[request.param], 560, 380)
    made_stage.give(made.error_table())
    made_stage.give(made.trajectory())
    return made_stage


def test_that_only_users_commit(shown: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    labels: list[str] = []
    commit = shown.store.commit

    def counted(change: Any, label: str, *more: Any, **about: Any) -> None:
        labels.append(label)
        commit(change, label, *more, **about)

    monkeypatch.setattr(shown.store, "commit", counted)
    work = {"Test", "Show frame", "Progress", "Stop"}
    jobs = {
        "Path of atoms",
        "Correlation",
        "Series",
        "Pareto",
        "Selected atoms",
        "Models on these atoms",
    }
    for change in CHANGES:
        shown.commit(change)
    while shown.store.undo_label:
        shown.store.undo()
        shown.settle()
    assert labels.count("Test") == len(CHANGES)
    assert set(labels) <= work | jobs


def test_that_a_hidden_view_rests_and_catches_up_in_one_step(
    shown: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[State | None, State]] = []
    show_state = shown.view.show_state

    def noted(old: State | None, new: State) -> None:
        told.append((old, new))
        show_state(old, new)

    monkeypatch.setattr(shown.view, "show_state", noted)
    before = shown.settle()
    shown.view.hide()
    for change in CHANGES[:6]:
        shown.commit(change)
    assert told == []
    shown.view.show()
    assert [(old, new) for old, new in told] == [(before, shown.state)]
    shown.settle()


def test_that_a_view_that_commits_while_being_shown_is_found(shown: Stage) -> None:
    from mlipviewer.session.store import CommitWhileShowing

    shown.store.subscribe(lambda _old, _new: shown.view.store.commit(CHANGES[0], "Feedback"))
    shown.store.commit(lambda s: table_changes.set_condition(s, "e1 < 1"), "Test")
    with pytest.raises(CommitWhileShowing):
        shown.store.flush()
