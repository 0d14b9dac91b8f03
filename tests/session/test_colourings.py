"""The colourings of panes: how many there are, which is changed, what becomes of columns."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from mlipviewer.core.differences import DISPLACEMENT
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.io.trajectories.memory_source import MemorySource
from mlipviewer.session import changes, colourings, time_changes
from mlipviewer.session.computing import compute, compute_no_more
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.state import Colouring, RangePolicy, State, frozen


def frame() -> Frame:
    columns = {
        "type": np.array([1, 2]),
        "forces": np.zeros((2, 3)),
        "c_pe": np.array([0.5, 1.5]),
        "cna": np.array([0, 1]),
    }
    return Frame(
        0,
        np.zeros((2, 3)),
        np.array([3, 8]),
        columns=MappingProxyType(columns),
        classes=MappingProxyType({"cna": ("other", "bcc")}),
    )


def shown(*names: str) -> State:
    state = State()
    for name in names:
        run = Trajectory.whole(name, MemorySource(f"/{name}", "memory", (frame(),)))
        state = changes.add_loaded(state, Input(name, f"/{name}", Kind.TRAJECTORY), run)
        state = state.with_moment(frames=frozen({**state.moment.frames, name: frame()}))
    return time_changes.show_beside(state, names) if len(names) > 1 else state


def seen(state: State) -> list[str]:
    return [one.column for one in colourings.colourings_of(state)]


def test_that_new_views_show_what_is_not_seen_yet() -> None:
    state = colourings.set_n_colourings(shown("a"), 4)
    assert seen(state) == ["species", "cna", "c_pe", "forces"]
    assert colourings.active_colouring(state) == 3
    assert colourings.set_n_colourings(state, 9) is not None
    assert seen(colourings.set_n_colourings(state, 9)) == seen(state)
    assert colourings.set_n_colourings(state, 4) is state


def test_that_whole_numbers_that_name_classes_are_worth_a_view() -> None:
    state = shown("a")
    columns = {**frame().columns, "ptm": np.array([0, 3]), "ix": np.array([0, 1])}
    given = replace(frame(), columns=MappingProxyType({**columns, "one": np.array([7, 7])}))
    state = state.with_moment(frames=frozen({"a": given}))
    assert seen(colourings.set_n_colourings(state, 4)) == ["species", "cna", "ptm", "c_pe"]


def test_that_closing_a_view_keeps_the_others() -> None:
    state = colourings.set_n_colourings(shown("a"), 3)
    state = colourings.close_colouring(state, 0)
    assert seen(state) == ["cna", "c_pe"]
    state = colourings.close_colouring(state, 1)
    assert seen(state) == ["cna"]
    assert colourings.close_colouring(state, 0) is state


def test_that_runs_side_by_side_leave_room_for_fewer_and_forget_none() -> None:
    state = colourings.set_n_colourings(shown("a", "b", "c"), 1)
    assert colourings.most_colourings(state) == 1
    alone = colourings.set_n_colourings(shown("a"), 4)
    many = time_changes.show_beside(
        changes.add_inputs(alone, (Input("b", "/b", Kind.TRAJECTORY),)), ("a", "b")
    )
    assert seen(many) == ["species", "cna"]
    assert colourings.active_colouring(many) == 1
    assert seen(time_changes.show_beside(many, ())) == ["species", "cna", "c_pe", "forces"]


def test_that_changes_are_of_the_active_view() -> None:
    state = colourings.set_n_colourings(shown("a"), 2)
    state = colourings.make_active(state, 0)
    state = colourings.colour_by(state, "forces")
    assert seen(state) == ["forces", "cna"]
    state = colourings.set_colouring(colourings.make_active(state, 1), Colouring("c_pe", 0.0, 1.0))
    assert seen(state) == ["forces", "c_pe"]
    every = colourings.set_for_all(state, own=True)
    assert [one.own for one in colourings.colourings_of(every)] == [True, True]


def test_that_a_computed_column_that_goes_takes_its_colours_along() -> None:
    state = compute(colourings.set_n_colourings(shown("a"), 2), "ptm")
    assert seen(state) == ["species", "ptm"]
    assert seen(compute_no_more(state, "ptm")) == ["species", "species"]


def test_that_differences_with_a_sign_diverge_about_zero() -> None:
    state = colourings.set_difference(colourings.colour_by(shown("a", "b"), "c_pe"), True)
    now = colourings.coloured(state)
    assert (now.map, now.policy) == ("balance", RangePolicy.SYMMETRIC)
    norms = colourings.coloured(colourings.colour_by(state, "forces"))
    assert norms.difference
    assert (norms.map, norms.policy) == ("viridis", RangePolicy.FRAME)
    off = colourings.coloured(colourings.set_difference(state, False))
    assert (off.map, off.policy, off.difference) == ("viridis", RangePolicy.FRAME, False)
    moved = colourings.colour_by(shown("a", "b"), DISPLACEMENT)
    assert colourings.coloured(moved).map == "viridis"
    along_x = colourings.coloured(colourings.set_component(moved, 0))
    assert (along_x.map, along_x.policy) == ("balance", RangePolicy.SYMMETRIC)
    chosen = colourings.set_colouring(shown("a", "b"), Colouring("c_pe", map="plasma"))
    assert colourings.coloured(colourings.set_difference(chosen, True)).map == "plasma"
