"""Workspaces as changes of the state."""

from __future__ import annotations

import numpy as np
import pytest

from mlipviewer.analysis import ANALYSES
from mlipviewer.analysis.methods.class_rules import METAL
from mlipviewer.core.trajectory import Frame
from mlipviewer.session import changes
from mlipviewer.session.inputs import Input, Kind
from mlipviewer.session.panels import start_panels
from mlipviewer.session.state import Document, State, frozen
from mlipviewer.session.store import Store
from mlipviewer.session.workspaces import (
    WORKSPACES,
    metal_of,
    open_workspace,
    panel_of,
    prevented,
)
from tests import made


def with_run(*numbers: int) -> State:
    state = State(Document(panels=start_panels()))
    state = changes.add_inputs(state, (Input("run", "/run", Kind.TRAJECTORY),))
    state = changes.show_trajectory(changes.loaded(state, "run", made.trajectory("run")), "run")
    frame = Frame(0, np.zeros((len(numbers), 3)), np.array(numbers))
    return state.with_moment(frames=frozen({"run": frame}))


@pytest.mark.parametrize("name", WORKSPACES)
def test_that_a_workspace_opens_its_panels_and_one_step_takes_it_back(name: str) -> None:
    store = Store(with_run(3, 8))
    before = store.state.document
    store.commit(lambda s: open_workspace(s, name), name)
    panels = store.state.document.panels
    known = [one for one in WORKSPACES[name].panel_ids if panel_of(one) is not None]
    assert [panel.id for panel in panels] == known
    assert len(set(known)) == len(known)
    assert all(panel.analysis in ANALYSES for panel in panels if panel.analysis)
    store.undo()
    assert store.state.document is before


def test_that_panels_in_both_stay_as_they_are() -> None:
    state = open_workspace(with_run(3), "Crystallization")
    state = changes.set_params(state, "doas", bandwidth=0.01)
    again = open_workspace(open_workspace(state, "Crystallization"), "Crystallization")
    assert again.document.panel("doas") is state.document.panel("doas")


def test_that_lithium_beside_other_matter_is_the_metal() -> None:
    assert metal_of(with_run(3, 16)) == "element == 'Li'"
    assert metal_of(with_run(3, 8)) == METAL  # what touches oxygen is lithium of the oxide
    assert metal_of(with_run(3, 3)) == ""
    assert metal_of(with_run(14, 8)) == ""
    assert metal_of(State()) == ""


def test_that_crystallization_classes_and_colours_the_atoms() -> None:
    state = open_workspace(with_run(3, 8), "Crystallization")
    (asked,) = state.document.computed
    assert (asked.computation, state.document.colouring.column) == ("ptm", "ptm")
    assert state.document.panel("structure").params.among == METAL  # type: ignore[union-attr]
    assert state.document.panel("doas").params.among == METAL  # type: ignore[union-attr]


@pytest.mark.parametrize("name", WORKSPACES)
def test_that_a_workspace_names_only_panels_that_are_there(name: str) -> None:
    usual = ("links", "jobs")
    lacking = [one for one in WORKSPACES[name].panel_ids if panel_of(one) is None]
    assert [one for one in lacking if one not in usual] == []


def test_that_a_workspace_of_runs_needs_one() -> None:
    assert prevented(State(), "Crystallization") == "no trajectory is open"
    assert prevented(State(), "Benchmark") == ""
    assert prevented(with_run(3), "Crystallization") == ""


def test_that_nothing_plays_without_a_timeline() -> None:
    state = with_run(3).with_moment(playing=True)
    assert not open_workspace(state, "Benchmark").moment.playing
    assert open_workspace(state, "Trajectory").moment.playing
