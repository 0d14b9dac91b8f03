"""Walks of random changes: undo leads all the way back; any state is saved and read as it is."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, Rows, rows
from mlipviewer.session import (
    atom_changes,
    changes,
    colourings,
    look_changes,
    measure_changes,
    set_changes,
    store,
    table_changes,
    time_changes,
)
from mlipviewer.session.actions.listing import ACTIONS
from mlipviewer.session.closing import close_input
from mlipviewer.session.computing import compute
from mlipviewer.session.panels import new_panel, start_panels
from mlipviewer.session.saving.history import Past
from mlipviewer.session.saving.restoring import saved_of
from mlipviewer.session.saving.session_file import session_from, session_text
from mlipviewer.session.session import Session
from mlipviewer.session.state import Document, State
from mlipviewer.session.store import Store
from mlipviewer.session.workspaces import WORKSPACES, open_workspace, prevented
from tests import made

N_DEEDS = int(os.environ.get("MLIPVIEWER_WALK_DEEDS", "120"))
CONDITIONS = ("", 'family == "GAP"', "e0 < 0.1", "e1 > e2 and not isnull(e3)", "e0 > 1e9")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Deed = Callable[[State], State]
Walker = tuple[Store, Session, Path]


class Chance:
    """Draws changes of every kind that a user can make."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kinds = [
            *([self.action] * 3),
            *(self.select, self.filter, self.table, self.time, self.colour, self.look, self.sets),
            *(self.measure, self.panel, self.workspace, self.atoms, self.close),
        ]

    def deed(self, state: State) -> tuple[str, Deed]:
        kind = self.random.choice(self.kinds)
        return kind.__name__, kind(state)

    def rows_below(self, n: int) -> Rows:
        size = self.random.choice((0, 1, 2, 4, n))
        return rows(self.random.sample(range(n), min(size, n)))

    def action(self, state: State) -> Deed:
        usual = (one for one in ACTIONS if not one.id.endswith(".close"))  # that is done rarely
        possible = [one.change for one in usual if one.change and not one.prevented(state)]
        return self.random.choice(possible)

    def select(self, state: State) -> Deed:
        n_models = state.table.n_rows if state.table is not None else 0
        sizes = {Space.MODEL: n_models, Space.METRIC: 4, Space.ATOM: 30, Space.FRAME: 3}
        space, mode = self.random.choice(list(sizes)), self.random.choice(list(Mode))
        chosen = self.rows_below(sizes[space])
        return lambda s: changes.choose(s, space, chosen, mode)

    def filter(self, _state: State) -> Deed:
        text = self.random.choice(CONDITIONS)
        return lambda s: table_changes.set_condition(s, text)

    def table(self, _state: State) -> Deed:
        column, add = self.random.choice(("e0", "e1", "family", "e3")), self.random.random() < 0.5
        axes = tuple(self.random.sample(("e0", "e1", "e2", "e3"), self.random.randint(2, 4)))
        return self.random.choice(
            (
                lambda s: table_changes.sort_by(s, column, add),
                lambda s: table_changes.hide_columns(s, (column,)),
                lambda s: table_changes.arrange_columns(s, axes),
                lambda s: changes.set_axes(s, axes),
                lambda s: changes.focus(s, 3),
            )
        )

    def time(self, _state: State) -> Deed:
        low, frame = self.random.randint(0, 3), self.random.randint(0, 5)
        return self.random.choice(
            (
                lambda s: changes.show_frame(s, frame),
                lambda s: time_changes.next_frame(s, low),
                lambda s: time_changes.set_range(s, low, frame),
                lambda s: time_changes.set_playback(s, fps=frame + 1),
            )
        )

    def colour(self, _state: State) -> Deed:
        column, n = self.random.choice(("species", "energies", "forces")), self.random.randint(1, 2)
        cna: Any = COMPUTATIONS["cna"].params()
        return self.random.choice(
            (
                lambda s: colourings.colour_by(s, column),
                lambda s: colourings.set_n_colourings(s, n),
                lambda s: compute(s, "cna", cna),
            )
        )

    def look(self, _state: State) -> Deed:
        reach = self.random.choice((1.0, 1.2, 1.5))
        return lambda s: look_changes.look_at(s, "bonds", factor=reach)

    def sets(self, state: State) -> Deed:
        names = [one.name for one in state.document.sets]
        space = self.random.choice((Space.MODEL, Space.ATOM))
        if not names or self.random.random() < 0.4:
            return lambda s: set_changes.save_selection(s, space)
        name, mode = self.random.choice(names), self.random.choice(list(Mode))
        return self.random.choice(
            (
                lambda s: set_changes.select_set(s, name, mode),
                lambda s: set_changes.drop_set(s, name),
                lambda s: set_changes.colour_set(s, name, "#123456"),
                lambda s: set_changes.complement_set(s, name),
            )
        )

    def measure(self, state: State) -> Deed:
        numbers = [one.number for one in state.document.measurements]
        if not numbers or self.random.random() < 0.5:
            wanted = not state.document.periodic
            measure = measure_changes
            return self.random.choice(
                (measure.measure_selected, lambda s: measure.set_periodic(s, wanted))
            )
        number = self.random.choice(numbers)
        return self.random.choice(
            (
                lambda s: measure_changes.drop_measurement(s, number),
                lambda s: measure_changes.plot_measurement(s, number),
                lambda s: measure_changes.select_measured(s, number),
            )
        )

    def panel(self, state: State) -> Deed:
        there = [panel.id for panel in state.document.panels]
        if len(there) > 12 or (there and self.random.random() < 0.5):
            gone = self.random.choice(there)
            return lambda s: changes.close_panel(s, gone)
        name = self.random.choice(("pareto", "correlation", "series", "distributions", "rdf"))
        plot = self.random.choice(list(ANALYSES[name].plots))
        return lambda s: changes.open_panel(s, new_panel(s, name, plot))

    def workspace(self, state: State) -> Deed:
        name = self.random.choice([one for one in WORKSPACES if not prevented(state, one)])
        return lambda s: open_workspace(s, name)

    def atoms(self, _state: State) -> Deed:
        return self.random.choice(
            (
                atom_changes.hide_atoms,
                atom_changes.show_all_atoms,
                atom_changes.invert_atoms,
                lambda s: atom_changes.select_next_atom(s, 1),
                atom_changes.follow_selected,
            )
        )

    def close(self, state: State) -> Deed:
        """Now and then what is open is closed; undo opens it."""
        name = self.random.choice([one.name for one in state.document.inputs] or [""])
        return (lambda s: close_input(s, name)) if self.random.random() < 0.1 else (lambda s: s)


@pytest.fixture
def walker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walker]:
    """A store with an open table and run, that remembers all steps."""
    monkeypatch.setattr(store, "MAX_STEPS", 10**6)
    made.write_table(tmp_path / "errors.csv", made.error_table(40, 4, missing=5))
    made.write_extxyz(tmp_path / "run.extxyz", n_frames=6)
    kept = Store(State(Document(panels=start_panels())))
    session = Session(kept)
    session.open([str(tmp_path / "errors.csv"), str(tmp_path / "run.extxyz")])
    session.settle()
    yield kept, session, tmp_path
    session.close()


def text_of(state: State, folder: Path, past: list[Past] | None = None) -> str:
    return session_text(saved_of(state, past or [], {}, {}), folder, NOW)


def saved_as_it_is(kept: Store, folder: Path, whole: bool) -> None:
    """What is saved now, with its history if `whole`, is saved the same when it was read."""
    past = [Past(step.document, step.label) for step in kept.past] if whole else []
    text = text_of(kept.state, folder, past)
    read = session_from(text, folder / "walk.mlipview")
    assert not read.problems
    assert len(read.past) == len(past)
    assert text_of(State(read.document, kept.state.moment), folder, list(read.past)) == text


class Walk:
    """Changes at random, some of them undone and redone, and the documents they should leave."""

    def __init__(self, walker: Walker, seed: int) -> None:
        self.kept, self.session, self.folder = walker
        self.chance = Chance(seed)
        self.deeds: list[str] = []
        self.documents = [self.kept.state.document]  # what undo must bring back, the newest last
        self.met = [self.kept.state.document]

    def go(self, n: int, saves: int) -> Walk:
        """`n` changes; the state is saved after every `saves` of them."""
        for k in range(n):
            self.step()
            if self._something_closed():
                self.there_and_back(redo=False)
                self.session.settle()  # it is read anew
            elif k % 9 == 8:
                self.there_and_back(redo=True)
            if k % saves == 0:
                saved_as_it_is(self.kept, self.folder, whole=False)
                self.kept.flush()
                self.session.drain()
                self._note("drain", self.kept.past)
        return self

    def _something_closed(self) -> bool:
        return None in (self.kept.state.document.table, self.kept.state.document.trajectory)

    def step(self) -> None:
        kind, deed = self.chance.deed(self.kept.state)
        before = self.kept.past
        self.kept.commit(deed, kind)
        self._note(kind, before)

    def _note(self, kind: str, before: tuple[object, ...]) -> None:
        """A step adds a document; what is filled in without one takes the place of the last."""
        if self.kept.state.document is self.documents[-1]:
            return
        self.deeds.append(kind)
        if self.kept.past[-1:] == before[-1:]:
            self.documents.pop()
        self.documents.append(self.kept.state.document)
        self.met.append(self.kept.state.document)

    def there_and_back(self, redo: bool) -> None:
        if len(self.documents) == 1:
            return
        last = self.documents.pop()
        self.kept.undo()
        assert self.kept.state.document is self.documents[-1], self.deeds[-10:]
        if redo:
            self.kept.redo()
            self.documents.append(last)
            assert self.kept.state.document is last, self.deeds[-10:]

    def undo_all(self) -> None:
        for document in reversed(self.documents[:-1]):
            self.kept.undo()
            assert self.kept.state.document is document


@pytest.mark.parametrize("seed", [1, 2])
def test_that_undo_leads_back_from_any_walk(walker: Walker, seed: int) -> None:
    kept, session, folder = walker
    start, steps = text_of(kept.state, folder), kept.n_steps
    walk = Walk(walker, seed).go(N_DEEDS, saves=1)
    assert len(walk.documents) > N_DEEDS / 4, "too few of the deeds changed something"
    assert len(set(walk.deeds)) > 8
    saved_as_it_is(kept, folder, whole=True)
    walk.undo_all()
    session.settle()  # what was closed is read anew
    assert kept.n_steps == steps
    assert text_of(kept.state, folder) == start
    for document in walk.documents[1:]:
        kept.redo()
        assert kept.state.document is document


def test_that_undo_leads_back_over_a_thousand_deeds(walker: Walker) -> None:
    """They also meet every part of the document, but for a few that need other data."""
    kept, session, folder = walker
    start, began = text_of(kept.state, folder), time.process_time()
    walk = Walk(walker, 3).go(1000, saves=25)
    assert len(walk.documents) > 300
    assert unmet(walk.met) <= OF_OTHER_DATA
    walk.undo_all()
    session.settle()
    assert text_of(kept.state, folder) == start
    assert time.process_time() - began < 120


def test_that_the_history_has_an_end_and_undo_stops_there(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, _, _ = walker
    monkeypatch.setattr(store, "MAX_STEPS", 20)
    walk = Walk(walker, 4).go(150, saves=1000)
    assert kept.n_steps == 20
    walk.documents = walk.documents[-21:]
    walk.undo_all()
    kept.undo()  # nothing is left
    assert kept.state.document is walk.documents[0]


OF_OTHER_DATA = {
    *("links", "links_of_focus", "comparison", "traces", "sites_drawn", "events", "reach"),
    *("inputs", "campaign", "figures", "key_views"),
}


def unmet(documents: list[Document]) -> set[str]:
    """The parts of the document that are the same in all."""
    names, first = vars(documents[0]), documents[0]
    return {n for n in names if all(getattr(d, n) == getattr(first, n) for d in documents)}
