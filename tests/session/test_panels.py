"""What each open panel asks for, or why it cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlipviewer.core.analysis import Request
from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import rows
from mlipviewer.session import changes, colourings, table_changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import (
    inputs_of,
    new_panel,
    params_of,
    plot_panel,
    request_of,
    start_panels,
    wanted_requests,
    wants_runs,
)
from mlipviewer.session.state import Document, Failure, State, frozen
from tests import made


@pytest.fixture
def state() -> State:
    """A table of 24 models, m1 linked to a run, and a trajectory; the panels of a new window."""
    state = State(Document(panels=start_panels()))
    table = Input("made.csv", "/made.csv", Kind.TABLE)
    state = changes.add_loaded(state, table, made.error_table())
    run = Input("made.xyz", "/made.xyz", Kind.TRAJECTORY)
    state = changes.add_loaded(state, run, made.trajectory())
    return changes.add_links(state, (Link("m1", "trajectory", "/runs/a.xyz"),))


def request(state: State, panel_id: str) -> Request:
    found = request_of(state, state.document.panel(panel_id))
    assert isinstance(found, Request), found
    return found


def reason(state: State, panel_id: str) -> str:
    found = request_of(state, state.document.panel(panel_id))
    assert isinstance(found, Failure), found
    return found.reason


def test_that_a_window_begins_with_panels_of_unique_names() -> None:
    panels = start_panels()
    assert len({panel.id for panel in panels}) == len(panels)
    assert {panel.view for panel in panels} == {
        *("table", "plot", "atoms", "details", "timeline", "jobs", "sets", "measurements"),
        *("links", "events", "history"),
    }


@pytest.mark.parametrize(
    ("panel_id", "words"),
    [("pareto", "No error table"), ("graph", "No error table"), ("series", "No trajectory")],
)
def test_that_an_empty_window_says_what_is_missing(panel_id: str, words: str) -> None:
    assert words in reason(State(Document(panels=start_panels())), panel_id)


def test_that_a_file_being_read_is_named(state: State) -> None:
    waiting = state.with_moment(loaded=frozen())
    assert reason(waiting, "pareto") == "Reading made.csv ..."
    failed = waiting.with_moment(failed=frozen({"made.csv": Failure("made.csv: is empty")}))
    assert reason(failed, "pareto") == "made.csv: is empty"


def test_that_a_panel_follows_the_axes_of_the_document(state: State) -> None:
    state = changes.set_axes(state, ("e3", "e5"))
    asked = request(state, "pareto")
    assert asked.params.metrics == ("e3", "e5")  # type: ignore[attr-defined]
    assert (asked.table, asked.trajectory, asked.models) == ("made.csv", None, None)


def test_that_a_filter_is_part_of_the_question(state: State) -> None:
    state = table_changes.set_condition(state, 'family == "GAP"')
    asked = request(state, "pareto")
    assert asked.models is not None
    assert asked.models.rows.tolist() == [1, 4, 7, 10, 13, 16, 19, 22]
    assert inputs_of(state, asked).models.tolist() == asked.models.rows.tolist()  # type: ignore[union-attr]


@pytest.mark.parametrize(("chosen", "asked"), [([2, 5, 9], [2, 5, 9]), ([2, 5], None), ([], None)])
def test_that_recomputing_on_the_selection_takes_three_models(
    state: State, chosen: list[int], asked: list[int] | None
) -> None:
    state = changes.set_on_selection(state, "graph", True)
    state = changes.select(state, Space.MODEL, rows(chosen))
    models = request(state, "graph").models
    assert (None if models is None else models.rows.tolist()) == asked


def test_that_equal_questions_are_one(state: State) -> None:
    assert request(state, "graph") == request(state, "heatmap")
    wanted = wanted_requests(state)
    assert len(wanted) == len(set(wanted))
    assert sorted(one.analysis for one in wanted) == ["correlation", "pareto", "series"]


def test_that_atoms_are_asked_about_once_some_are_chosen(state: State) -> None:
    assert "No atom is selected" in reason(state, "atom-series")
    assert not wants_runs(state)
    state = changes.select(state, Space.ATOM, rows([4, 7]))
    asked = request(state, "atom-series")
    assert asked.atoms is not None
    assert (asked.atoms.rows.tolist(), asked.trajectory) == ([4, 7], "made.xyz")
    assert wants_runs(state)
    assert not wants_runs(changes.close_panel(state, "atom-errors"))


def test_that_an_atoms_panel_follows_what_colours_them(state: State) -> None:
    state = changes.select(state, Space.ATOM, rows([4]))
    state = colourings.colour_by(state, "energies")
    assert request(state, "atom-series").params.column == "energies"  # type: ignore[attr-defined]


def test_that_runs_are_asked_about_as_they_are_read(state: State) -> None:
    state = changes.select(state, Space.ATOM, rows([4]))
    assert reason(state, "atom-errors") == "Reading the runs of the models ..."
    failed = state.with_moment(failed=frozen({"a.xyz": Failure("a.xyz: is cut")}))
    assert reason(failed, "atom-errors") == "a.xyz: is cut"
    run = made.trajectory("a.xyz")
    state = changes.loaded(state, "a.xyz", run)
    asked = request(state, "atom-errors")
    assert asked.runs == ((1, "a.xyz"),)
    assert inputs_of(state, asked).runs == {1: run}
    unlinked = state.with_document(links=())
    assert "No model is linked" in reason(unlinked, "atom-errors")


def test_that_looking_at_the_run_of_a_ranked_model_keeps_the_ranking(state: State) -> None:
    state = changes.loaded(state, "a.xyz", made.trajectory("a.xyz"))
    state = changes.select(state, Space.ATOM, rows([9]), owner="older.xyz")
    state = changes.select(state, Space.ATOM, rows([4]))
    asked = request(state, "atom-errors")
    state = changes.focus(state, 1)
    assert state.document.trajectory == "a.xyz"
    assert request(state, "atom-errors") == asked
    assert "No atom is selected" in reason(state, "atom-series")
    state = changes.select(state, Space.ATOM, rows([7]))
    assert request(state, "atom-errors").atoms.rows.tolist() == [7]  # type: ignore[union-attr]
    assert "No atom is selected" in reason(changes.select_none(state), "atom-errors")


def test_that_two_panels_of_one_analysis_have_their_own_parameters(state: State) -> None:
    second = plot_panel("correlation", "Graph", "second")
    second = replace(second, params=replace(second.params, threshold=0.2))
    state = changes.open_panel(state, second)
    assert request(state, "second") != request(state, "graph")


def test_that_a_panel_without_analysis_asks_nothing(state: State) -> None:
    with pytest.raises(KeyError):
        request_of(state, state.document.panel("table"))


def test_that_dominators_are_asked_of_the_focus_in_the_metrics_of_the_axes(state: State) -> None:
    panel = new_panel(state, "dominators", "Dominators")
    state = changes.set_axes(changes.focus(state, 3), ("e2", "e4", "e1"))
    params = params_of(state, panel)
    assert (params.model, params.metrics) == ("m3", ("e2", "e4", "e1"))  # type: ignore[attr-defined]


def test_that_a_panel_predicts_quickly_and_the_command_line_fully(state: State) -> None:
    panel = new_panel(state, "prediction", "Relations")
    assert panel.params.effort == "quick"  # type: ignore[union-attr]
    assert type(panel.params)().effort == "full"  # type: ignore[union-attr,misc]
