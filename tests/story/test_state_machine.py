"""Whatever is done in whatever order, every view shows the same state.

The real window with 2300 models and 100 000 atoms; hypothesis chooses what the user does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mlipviewer.app.window import MainWindow
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Points, Space
from mlipviewer.core.rows import Mode, Rows, member, rows, to_mask
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session import changes, colourings, table_changes, time_changes
from mlipviewer.session.panels import start_panels
from mlipviewer.session.state import Document, State
from tests import made, windows
from tests.main_window import close_window, link_runs, open_window

pytestmark = [pytest.mark.window, pytest.mark.timeout(280)]

N_MODELS, N_METRICS, N_ATOMS, N_FRAMES = 2300, 12, 100_000, 4
MODES = st.sampled_from(list(Mode))
SEEDS = st.integers(0, 2**31 - 1)
SIZES = st.sampled_from([0, 1, 2, 4, 30, 1150])
CONDITIONS = st.sampled_from(
    ["", 'family == "GAP"', "e0 < 0.05", "e1 > e2 and not isnull(e11)", "e0 > 1e9"]
)
CLOSABLE = ("table", "pareto", "graph", "details", "timeline", "series")


@cache
def the_table() -> ErrorTable:
    return made.error_table(N_MODELS, N_METRICS, missing=40)


@cache
def the_trajectory() -> Trajectory:
    return made.trajectory("big.xyz", n_atoms=N_ATOMS, n_frames=N_FRAMES)


def some(seed: int, size: int, low: int, high: int) -> Rows:
    """`size` numbers from low to high-1."""
    return rows(np.random.default_rng(seed).integers(low, high, size))


def same_document(one: Document, other: Document) -> bool:
    """Whether two documents are equal by value."""
    for field in fields(Document):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name == "selected":
            full = [{k: v.tolist() for k, v in x.items() if len(v)} for x in (a, b)]
            if full[0] != full[1]:
                return False
        elif a != b:
            return False
    return True


class LinkedViews(RuleBasedStateMachine):
    """One window for all examples; each begins where undoing all of the last one ends."""

    window: ClassVar[MainWindow]

    @initialize()
    def begin(self) -> None:
        self.store = self.window.store
        self.undo_all()
        self.settle()
        self.store._future.clear()  # of the last example
        self.start = self.store.state.document
        self.documents = [self.start]  # what undo must bring back, the newest last
        self.undone: list[Document] = []

    def undo_all(self) -> None:
        while self.store.undo_label:
            self.store.undo()

    def settle(self) -> State:
        windows.settle(self.store, self.window.session)
        return self.store.state

    def commit(self, change: Callable[[State], State]) -> None:
        before, steps = self.store.state.document, self.store.n_steps
        self.store.commit(change, "Step")
        if self.store.n_steps > steps:
            assert self.documents[-1] is before
            self.documents.append(self.store.state.document)
            self.undone.clear()
        self.settle()

    @property
    def state(self) -> State:
        return self.store.state

    def view(self, panel_id: str) -> Any:
        dock = self.window.docks.by_panel.get(panel_id)
        return None if dock is None or dock.view.visibleRegion().isEmpty() else dock.view

    # -- what is done --------------------------------------------------------------------

    @rule(seed=SEEDS, size=SIZES, mode=MODES)
    def select_models(self, seed: int, size: int, mode: Mode) -> None:
        chosen = some(seed, size, 1, N_MODELS + 1)
        self.commit(lambda s: changes.choose(s, Space.MODEL, chosen, mode))

    @rule(seed=SEEDS, size=st.sampled_from([0, 1, 2, 3]), mode=MODES)
    def select_metrics(self, seed: int, size: int, mode: Mode) -> None:
        chosen = some(seed, size, 0, N_METRICS)
        self.commit(lambda s: changes.choose(s, Space.METRIC, chosen, mode))

    @rule(seed=SEEDS, size=st.sampled_from([0, 1, 4, 50_000]), mode=MODES)
    def select_atoms(self, seed: int, size: int, mode: Mode) -> None:
        chosen = some(seed, size, 1, N_ATOMS + 1)
        self.commit(lambda s: changes.choose(s, Space.ATOM, chosen, mode))

    @rule(seed=SEEDS, size=st.sampled_from([0, 2, 3]))
    def select_frames(self, seed: int, size: int) -> None:
        chosen = some(seed, size, 0, N_FRAMES)
        self.commit(lambda s: changes.choose(s, Space.FRAME, chosen))

    @rule(index=st.integers(-2, 12))
    def show_frame(self, index: int) -> None:
        self.commit(lambda s: changes.show_frame(s, index))

    @rule(step=st.sampled_from([1, -1]))
    def next_frame(self, step: int) -> None:
        self.commit(lambda s: time_changes.next_frame(s, step))

    @rule(condition=CONDITIONS)
    def filter(self, condition: str) -> None:
        self.commit(lambda s: table_changes.set_condition(s, condition))

    @rule(column=st.sampled_from(["e0", "e11", "family"]), add=st.booleans())
    def sort(self, column: str, add: bool) -> None:
        self.commit(lambda s: table_changes.sort_by(s, column, add))

    @rule(column=st.sampled_from(["species", "energies", "forces"]))
    def colour(self, column: str) -> None:
        self.commit(lambda s: colourings.colour_by(s, column))

    @rule(threshold=st.sampled_from([0.2, 0.6, 0.9]))
    def slide(self, threshold: float) -> None:
        if "graph" in {panel.id for panel in self.state.document.panels}:
            self.commit(lambda s: changes.set_params(s, "graph", threshold=threshold))

    @rule(panel_id=st.sampled_from(CLOSABLE))
    def close_or_open(self, panel_id: str) -> None:
        panel = next(one for one in start_panels() if one.id == panel_id)
        if panel_id in {one.id for one in self.state.document.panels}:
            self.commit(lambda s: changes.close_panel(s, panel_id))
        else:
            self.commit(lambda s: changes.restore_panel(s, panel))

    @rule(share=st.floats(0.02, 0.98))
    def click_row(self, share: float) -> None:
        view = self.view("table")
        if view is None or len(view.model.order) == 0:
            return
        port = view.rows.viewport()
        y = round(share * port.height())
        place = view.rows.rowAt(y)
        before = self.state.document
        windows.click(port, (40, y))
        self.clicked(before)
        if place >= 0:
            row = int(view.model.order[place])
            assert self.state.selected(Space.MODEL).tolist() == [row]

    @rule(seed=SEEDS)
    def click_point(self, seed: int) -> None:
        view = self.view("pareto")
        if view is None or not view.canvas.plot.marks:
            return
        places = sorted(windows.pixels_of(view.canvas).items())
        if not places:
            return
        row, at = places[seed % len(places)]
        if not view.canvas.sheet.contains(*at):
            return
        before = self.state.document
        windows.click(view.canvas, at)
        self.clicked(before)
        found = self.state.selected(Space.MODEL)
        assert len(found) == 1, row

    def clicked(self, before: Document) -> None:
        self.settle()
        if self.state.document is not before:
            self.documents.append(self.state.document)
            self.undone.clear()

    @precondition(lambda self: len(self.documents) > 1)
    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(min(times, len(self.documents) - 1)):
            self.store.undo()
            self.undone.append(self.documents.pop())
        self.settle()

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        self.store.redo()
        self.documents.append(self.undone.pop())
        self.settle()

    def teardown(self) -> None:
        for document in reversed(self.documents[:-1]):
            self.store.undo()
            assert same_document(self.state.document, document)
        assert self.state.document is self.start

    # -- what always holds ---------------------------------------------------------------

    @invariant()
    def the_history_is_what_was_done(self) -> None:
        assert self.state.document is self.documents[-1]
        assert bool(self.store.redo_label) == bool(self.undone)

    @invariant()
    def the_frame_is_there(self) -> None:
        run = self.state.trajectory
        assert run is not None
        assert 0 <= self.state.frame < run.n_frames
        assert self.state.moment.frames[run.name].index == run.frames[self.state.frame]

    @invariant()
    def the_table_shows_the_state(self) -> None:
        view, state = self.view("table"), self.state
        if view is None:
            return
        table, chosen = the_table(), state.selected(Space.MODEL)
        assert np.array_equal(view.model._selected, to_mask(chosen, table.n_rows))
        shown = shown_models(table, state.document.condition)
        assert sorted(view.model.order[1:].tolist()) == shown.tolist()
        assert view.model._metrics.tolist() == state.selected(Space.METRIC).tolist()
        text = view.status.text()
        assert text.startswith(f"{len(shown)} of {N_MODELS} models")
        assert f" · {len(chosen)} selected · " in text
        assert view.filter.text() == state.document.condition

    @invariant()
    def the_plots_show_the_state(self) -> None:
        for panel in self.state.document.panels:
            view = self.view(panel.id)
            if panel.view != "plot" or view is None:
                continue
            assert "stale" not in view.status.text()
            for space in view.canvas.plot.spaces:
                lit = view.canvas.highlights[space]
                assert lit.selected is self.state.selected(space)
            if panel.id == "pareto" and view.canvas.plot.marks:
                self.the_points_are_the_models(view)

    def the_points_are_the_models(self, view: Any) -> None:
        table, state = the_table(), self.state
        shown = shown_models(table, state.document.condition)
        columns = [table.metric_index(name) for name in state.document.axes[:2]]
        complete = np.isfinite(table.values[np.ix_(shown, columns)]).all(axis=1)
        drawn = np.concatenate(
            [m.rows for m in view.canvas.plot.marks if isinstance(m, Points) and not m.faint]
        )
        models = drawn[table.model_mask[drawn]]
        assert sorted(models.tolist()) == shown[complete].tolist()
        words = f"{int(complete.sum())} shown / {N_MODELS} total"
        assert words in view.status.text()

    @invariant()
    def the_atoms_show_the_state(self) -> None:
        view = self.view("atoms")
        names = tuple(one.name for one in changes.shown_trajectories(self.state))[:4]
        assert view._names == names
        for i, name in enumerate(names):
            frame = self.state.moment.frames[name]
            assert view.canvas.panes[i].frame is frame
            chosen = self.state.selected(Space.ATOM, name)
            assert np.array_equal(view._masks[i], member(frame.atom_ids, chosen))

    @invariant()
    def the_timeline_shows_the_state(self) -> None:
        view, run = self.view("timeline"), self.state.trajectory
        if view is None or run is None:
            return
        assert view.slider.value() == self.state.frame
        assert view.slider.maximum() == run.n_frames - 1
        assert view.name_button.text() == run.name
        assert f"frame {self.state.frame + 1} of {run.n_frames}" in view.label.text()

    @invariant()
    def the_details_show_the_focus(self) -> None:
        view, focus = self.view("details"), self.state.document.focus
        if view is not None and focus is not None:
            assert view.title.text().split("\n")[0] == the_table().keys[focus]


@pytest.fixture
def prepared(qtbot: Any) -> Iterator[MainWindow]:
    window = open_window(qtbot)
    windows.give(window, the_table())
    link_runs(window, {1: 0.3, 2: 0.1, 3: 0.5})
    windows.give(window, the_trajectory())
    window.store._past.clear()  # a session that begins with all this open
    yield window
    close_window(window)


def test_that_no_sequence_of_deeds_divides_the_views(prepared: MainWindow) -> None:
    LinkedViews.window = prepared
    run_state_machine_as_test(
        LinkedViews,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    del LinkedViews.window
