"""The pure changes of the state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlipviewer.core.links import Link
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import NONE, Mode, all_rows, rows
from mlipviewer.session import changes, colourings, table_changes, time_changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import plot_panel, start_panels
from mlipviewer.session.state import Colouring, Document, Panel, Sort, State, frozen
from tests import made

RUNS = {"m1": "/runs/a.xyz", "m2": "/runs/b.xyz", "m3": "/runs/c.xyz", "m4": "/runs/d.xyz"}


@pytest.fixture
def state() -> State:
    """A table, a trajectory of 8 frames shown, and runs linked to four models."""
    state = State(Document(panels=start_panels()))
    table = Input("made.csv", "/made.csv", Kind.TABLE)
    state = changes.add_loaded(state, table, made.error_table())
    run = Input("made.xyz", "/made.xyz", Kind.TRAJECTORY)
    state = changes.add_loaded(state, run, made.trajectory())
    links = tuple(Link(model, "trajectory", path) for model, path in RUNS.items())
    return changes.add_links(state, links)


def models(state: State) -> list[int]:
    return state.selected(Space.MODEL).tolist()


# --- choosing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.REPLACE, [3, 4, 5]),
        (Mode.ADD, [1, 2, 3, 4, 5]),
        (Mode.REMOVE, [1, 2]),
        (Mode.TOGGLE, [1, 2, 4, 5]),
        (Mode.INTERSECT, [3]),
    ],
)
def test_that_each_mode_combines_as_it_says(state: State, mode: Mode, expected: list[int]) -> None:
    state = changes.select(state, Space.MODEL, rows([1, 2, 3]))
    assert models(changes.select(state, Space.MODEL, rows([3, 4, 5]), mode)) == expected


def test_that_a_selection_belongs_to_its_owner(state: State) -> None:
    state = changes.select(state, Space.ATOM, rows([4]), owner="other.xyz")
    assert state.selected(Space.ATOM).tolist() == []
    assert state.selected(Space.ATOM, "other.xyz").tolist() == [4]


def test_that_selecting_the_same_again_changes_nothing(state: State) -> None:
    state = changes.select(state, Space.MODEL, rows([1, 2]))
    assert changes.select(state, Space.MODEL, rows([2, 1])) is state


def test_that_without_a_table_nothing_is_selected() -> None:
    empty = State()
    assert changes.select(empty, Space.MODEL, rows([1])) is empty
    assert changes.choose_metrics(empty, rows([1])) is empty
    assert changes.invert_models(empty) is empty


def test_that_select_none_lets_go_of_every_space(state: State) -> None:
    for space in Space:
        state = changes.select(state, space, rows([1, 2]))
    state = changes.select(state, Space.ATOM, rows([3]), owner="other.xyz")
    state = changes.select_none(state)
    assert all(len(state.selected(space)) == 0 for space in Space)
    assert len(state.selected(Space.ATOM, "other.xyz")) == 0
    assert changes.select_none(state) is state


def test_that_inverting_takes_the_other_models_and_no_threshold(state: State) -> None:
    state = changes.select(state, Space.MODEL, rows(range(2, 25)))
    assert models(changes.invert_models(state)) == [1]
    assert 0 not in models(changes.invert_models(changes.select_none(state)))


def test_that_rows_between_follow_the_display_order() -> None:
    order = np.array([5, 2, 9, 1, 7], np.int32)
    assert changes.rows_between(order, 2, 1).tolist() == [1, 2, 9]
    assert changes.rows_between(order, 1, 2).tolist() == [1, 2, 9]
    assert changes.rows_between(order, 7, 7).tolist() == [7]


# --- focus and runs ----------------------------------------------------------------------------


def test_that_one_chosen_model_is_the_focus_and_shows_its_run(state: State) -> None:
    after = changes.choose(state, Space.MODEL, rows([2]))
    assert (after.document.focus, after.document.trajectory) == (2, "b.xyz")
    assert after.document.input("b.xyz").path == "/runs/b.xyz"  # type: ignore[union-attr]


def test_that_a_model_without_a_run_leaves_the_shown_trajectory(state: State) -> None:
    after = changes.choose(state, Space.MODEL, rows([9]))
    assert (after.document.focus, after.document.trajectory) == (9, "made.xyz")


def test_that_several_chosen_models_leave_the_focus(state: State) -> None:
    state = changes.focus(state, 7)
    assert changes.choose(state, Space.MODEL, rows([1, 2])).document.focus == 7


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ([1, 2], ["a.xyz", "b.xyz"]),
        ([1, 2, 3, 4], ["a.xyz", "b.xyz", "c.xyz", "d.xyz"]),
        ([1, 3, 9], ["a.xyz", "c.xyz"]),
        ([1, 9], ["made.xyz"]),
        ([1, 2, 3, 4, 5], ["made.xyz"]),
        ([], ["made.xyz"]),
    ],
)
def test_that_runs_of_two_to_four_models_show_side_by_side(
    state: State, chosen: list[int], shown: list[str]
) -> None:
    state = changes.select_models(state, rows(chosen))
    assert [one.name for one in changes.shown_trajectories(state)] == shown
    assert state.document.trajectory == shown[0]


def test_that_runs_with_the_same_file_name_are_told_apart(state: State) -> None:
    links = (Link("m5", "trajectory", "/x/run.xyz"), Link("m6", "trajectory", "/y/run.xyz"))
    state = changes.select_models(changes.add_links(state, links), rows([5, 6]))
    shown = changes.shown_trajectories(state)
    assert [one.path for one in shown] == ["/x/run.xyz", "/y/run.xyz"]
    assert len({one.name for one in shown}) == 2
    assert len({run.name for _, run in changes.linked_runs(state)}) == 6


def test_that_another_trajectory_takes_the_place_of_runs_side_by_side(state: State) -> None:
    state = changes.select_models(state, rows([1, 2]))
    state = changes.show_trajectory(state, "made.xyz")
    assert [one.name for one in changes.shown_trajectories(state)] == ["made.xyz"]


def test_that_linked_runs_name_the_first_of_each_model(state: State) -> None:
    state = changes.add_links(state, (Link("m1", "trajectory", "/runs/second.xyz"),))
    state = changes.add_links(state, (Link("nobody", "trajectory", "/runs/z.xyz"),))
    found = [(row, one.path) for row, one in changes.linked_runs(state)]
    assert found == [(1, RUNS["m1"]), (2, RUNS["m2"]), (3, RUNS["m3"]), (4, RUNS["m4"])]


def test_that_linking_a_model_shows_its_run(state: State) -> None:
    state = changes.link_model(state, 9, "/runs/e.xyz")
    assert Link("m9", "trajectory", "/runs/e.xyz") in state.document.links
    assert (state.document.focus, state.document.trajectory) == (9, "e.xyz")


def test_that_a_link_is_kept_once(state: State) -> None:
    assert changes.add_links(state, (Link("m1", "trajectory", RUNS["m1"]),)) is state


# --- metrics -----------------------------------------------------------------------------------


def test_that_two_chosen_metrics_become_the_axes(state: State) -> None:
    assert state.document.axes == ("e0", "e1")
    after = changes.choose(state, Space.METRIC, rows([4, 2]))
    assert after.document.axes == ("e2", "e4")


def test_that_one_chosen_metric_becomes_the_y_axis(state: State) -> None:
    assert changes.choose(state, Space.METRIC, rows([5])).document.axes == ("e0", "e5")
    assert changes.choose(state, Space.METRIC, rows([1])).document.axes == ("e0", "e1")


def test_that_metrics_let_go_leave_the_axes(state: State) -> None:
    state = changes.choose(state, Space.METRIC, rows([2, 3]))
    assert changes.choose(state, Space.METRIC, NONE).document.axes == ("e2", "e3")


def test_that_a_metric_shows_its_evidence_of_the_focus_first(state: State) -> None:
    links = (
        Link("", "test", "/tests/shared.xyz", "e2"),
        Link("m1", "test", "/tests/own.xyz", "e2"),
    )
    state = changes.add_links(state, links)
    shared = changes.choose(state, Space.METRIC, rows([2]))
    assert shared.document.trajectory == "shared.xyz"
    own = changes.choose(changes.focus(state, 1), Space.METRIC, rows([2]))
    assert own.document.trajectory == "own.xyz"
    other = changes.choose(state, Space.METRIC, rows([3]))
    assert other.document.trajectory == "made.xyz"


# --- frames ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "shown"), [(3, 3), (-4, 0), (99, 7)])
def test_that_frames_outside_are_brought_to_the_ends(state: State, asked: int, shown: int) -> None:
    assert changes.show_frame(state, asked).document.frame == shown


@pytest.mark.parametrize(("now", "step", "then"), [(3, 1, 4), (3, -1, 2), (7, 1, 0), (0, -1, 7)])
def test_that_playing_goes_around(state: State, now: int, step: int, then: int) -> None:
    state = changes.show_frame(state, now)
    assert time_changes.next_frame(state, step).document.frame == then


@pytest.mark.parametrize(
    ("now", "step", "then"),
    [(2, 1, 5), (5, 1, 6), (6, 1, 2), (3, 1, 5), (0, 1, 2), (7, 1, 2), (6, -1, 5), (2, -1, 6)],
)
def test_that_playing_runs_through_the_selected_frames(
    state: State, now: int, step: int, then: int
) -> None:
    state = changes.select(state, Space.FRAME, rows([2, 5, 6]))
    state = changes.show_frame(state, now)
    assert time_changes.next_frame(state, step).document.frame == then


@pytest.mark.parametrize(("now", "then"), [(4, 2), (7, 6), (0, 6)])
def test_that_playing_back_begins_at_the_selected_frame_before(
    state: State, now: int, then: int
) -> None:
    state = changes.show_frame(changes.select(state, Space.FRAME, rows([2, 5, 6])), now)
    assert time_changes.next_frame(state, -1).document.frame == then


def test_that_one_selected_frame_does_not_hold_playing_back(state: State) -> None:
    state = changes.select(state, Space.FRAME, rows([2]))
    assert time_changes.playable_frames(state) == range(8)


def test_that_nothing_plays_without_a_trajectory() -> None:
    empty = State()
    assert time_changes.next_frame(empty) is empty


def test_that_a_shorter_trajectory_brings_the_frame_inside(state: State) -> None:
    state = changes.show_frame(state, 7)
    short = Input("short.xyz", "/short.xyz", Kind.TRAJECTORY)
    state = changes.add_loaded(state, short, made.trajectory("short.xyz", n_frames=3))
    assert state.frame == 2
    assert changes.show_frame(state, 9) is state
    assert changes.show_trajectory(state, "made.xyz").frame == 7


def test_that_a_shorter_run_read_late_is_shown_at_its_last_frame(state: State) -> None:
    state = changes.focus(changes.show_frame(state, 7), 1)
    state = changes.loaded(state, "a.xyz", made.trajectory("a.xyz", n_frames=3))
    assert state.frame == 2
    assert time_changes.next_frame(state, -1).document.frame == 1
    assert time_changes.next_frame(state).document.frame == 0


# --- the table's order, colours, panels --------------------------------------------------------


def test_that_a_second_key_comes_after_the_first(state: State) -> None:
    state = table_changes.sort_by(table_changes.sort_by(state, "family"), "e1", add=True)
    assert state.document.sorting == (Sort("family"), Sort("e1"))


def test_that_another_column_takes_its_own_range(state: State) -> None:
    fixed = colourings.set_colouring(state, Colouring("energies", 0.0, 1.0))
    assert colourings.set_colouring(fixed, Colouring("energies", 0.0, 1.0)) is fixed
    assert colourings.colour_by(fixed, "energies") is fixed
    assert colourings.colour_by(fixed, "forces").document.colouring == Colouring("forces")


def test_that_hover_is_of_the_shown_owner_only(state: State) -> None:
    after = changes.hover(state, Space.MODEL, 3)
    assert (after.hovered(Space.MODEL), after.hovered(Space.METRIC)) == (3, None)
    assert after.document is state.document
    assert changes.hover(after, None).hovered(Space.MODEL) is None
    other = changes.hover(state, Space.ATOM, 3, "other.xyz")
    assert other.hovered(Space.ATOM) is None


def test_that_a_panel_opens_once_and_closes(state: State) -> None:
    panel = plot_panel("pareto", panel_id="second")
    opened = changes.open_panel(state, panel)
    assert opened.document.panel("second") is panel
    assert changes.restore_panel(opened, panel) is opened
    changed = changes.open_panel(opened, replace(panel, title="Other"))
    assert [p.title for p in changed.document.panels if p.id == "second"] == ["Other"]
    assert changes.close_panel(changed, "second").document.panels == state.document.panels
    assert changes.close_panel(state, "nobody") is state


def test_that_parameters_of_a_panel_change_alone(state: State) -> None:
    after = changes.set_params(state, "graph", threshold=0.3)
    assert after.document.panel("graph").params.threshold == 0.3  # type: ignore[union-attr]
    assert after.document.panel("heatmap") is state.document.panel("heatmap")
    assert changes.set_params(state, "table", threshold=0.3) is state


def test_that_a_panel_computes_on_the_selection_when_asked(state: State) -> None:
    after = changes.set_on_selection(state, "graph", True)
    assert after.document.panel("graph").on_selection
    assert changes.set_on_selection(after, "graph", True) is after


# --- what is open ------------------------------------------------------------------------------


def test_that_files_of_the_same_name_are_told_apart(state: State) -> None:
    assert changes.free_name(state.document, "made.xyz") == "made.xyz (2)"
    assert changes.free_name(state.document, "new.xyz") == "new.xyz"


def test_that_another_table_starts_afresh(state: State) -> None:
    state = table_changes.sort_by(
        table_changes.set_condition(changes.focus(state, 3), "e0 < 1"), "e1"
    )
    other = Input("other.csv", "/other.csv", Kind.TABLE)
    state = changes.add_loaded(state, other, made.error_table(5, 3, name="other.csv"))
    document = state.document
    assert (document.table, document.focus, document.condition) == ("other.csv", None, "")
    assert (document.sorting, document.axes) == ((), ("e0", "e1"))


def test_that_axes_stay_where_the_table_read_anew_has_them(state: State) -> None:
    state = changes.set_axes(state, ("e2", "e5"))
    state = changes.loaded(state, "made.csv", made.error_table(30))
    assert state.document.axes == ("e2", "e5")
    state = changes.loaded(state, "made.csv", made.error_table(30, 4))
    assert state.document.axes == ("e0", "e1")


def test_that_what_is_selected_keeps_its_name_when_a_table_is_read_anew(state: State) -> None:
    state = changes.select_models(state, rows([3]))
    state = changes.select(state, Space.MODEL, rows([3, 5, 20]))
    state = changes.select(state, Space.METRIC, rows([1, 5]))
    old = made.error_table()
    keep = [0, 5, 3, *range(6, 15)]  # fewer models in another order, and fewer metrics
    new = replace(
        old,
        columns=(*old.text_columns, *old.metric_columns[1:4]),
        keys=tuple(old.keys[i] for i in keep),
        row_roles=tuple(old.row_roles[i] for i in keep),
        values=old.values[keep, 1:4].copy(),
        text={name: tuple(cells[i] for i in keep) for name, cells in old.text.items()},
    )
    after = changes.loaded(state, "made.csv", new)
    assert [new.keys[i] for i in after.selected(Space.MODEL)] == ["m5", "m3"]
    assert [new.metrics[i] for i in after.selected(Space.METRIC)] == ["e1"]
    assert (after.document.focus, new.keys[2]) == (2, "m3")
    gone = changes.loaded(changes.focus(state, 20), "made.csv", new)
    assert gone.document.focus is None


def test_that_a_focus_that_the_table_lacks_is_none(state: State) -> None:
    state = changes.focus(state, 20)
    fewer = state.with_moment(loaded=frozen({"made.csv": made.error_table(5)}))
    assert (fewer.focus, fewer.document.focus) == (None, 20)
    assert changes.choose(fewer, Space.METRIC, rows([1])).document.axes == ("e0", "e1")


def test_that_a_file_which_failed_and_then_opens_has_failed_no_more(state: State) -> None:
    from mlipviewer.session.state import Failure, frozen

    state = state.with_moment(failed=frozen({"a.xyz": Failure("no such file")}))
    state = changes.loaded(state, "a.xyz", made.trajectory("a.xyz"))
    assert "a.xyz" not in state.moment.failed


def test_that_select_all_rows_of_frames_plays_all(state: State) -> None:
    state = changes.select(state, Space.FRAME, all_rows(8))
    assert len(time_changes.playable_frames(state)) == 8


def test_that_a_panel_without_analysis_has_no_parameters() -> None:
    assert Panel("table", "table", "Models").params is None


def test_that_nothing_plays_without_a_timeline() -> None:
    timeline = Panel("timeline", "timeline", "Timeline")
    state = time_changes.play(changes.open_panel(State(), timeline), True)
    assert state.moment.playing
    assert not changes.close_panel(state, "timeline").moment.playing
