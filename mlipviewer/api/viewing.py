"""A viewer: what the window holds, without the window; in the console of a window that one's. All
changes go through the store, so that undo takes them back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path
from typing import Any

from mlipviewer.api.given import checked
from mlipviewer.api.hands import Alone, Hands
from mlipviewer.api.reading import PathLike, Thing, remembered
from mlipviewer.api.running import Found, analysis_named, params_named, run_on
from mlipviewer.api.shown import (
    Value,
    frame_number,
    known_colour,
    known_condition,
    models_of,
    session_path,
    there,
)
from mlipviewer.core.analysis import Inputs, Needs, Params, Request, Result
from mlipviewer.core.atoms import matching_atoms
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem, ReadProblem
from mlipviewer.core.rows import Mode, Rows
from mlipviewer.core.rows import rows as as_rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Frame, Trajectory
from mlipviewer.session import changes, table_changes
from mlipviewer.session.colourings import colour_by
from mlipviewer.session.computing import compute
from mlipviewer.session.panels import inputs_of, new_panel, params_of, request_of
from mlipviewer.session.saving.session_file import SUFFIX
from mlipviewer.session.session import Session
from mlipviewer.session.state import Failure, Panel, State, Weight
from mlipviewer.session.store import Change, Store

PATIENCE = 600.0  # s


@dataclass(frozen=True)
class Selection:
    """What is chosen: keys of models, names of metrics, numbers of frames, ids of atoms."""

    models: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    frames: tuple[int, ...] = ()
    atoms: tuple[int, ...] = ()


class Viewer:
    """Tables, trajectories, what is chosen and shown of them, and panels of analyses."""

    def __init__(
        self,
        store: Store | None = None,
        session: Session | None = None,
        hands: Hands | None = None,
    ) -> None:
        self._store = store or Store()
        self._session = session or Session(self._store)
        self._hands = hands or Alone(self._store, self._session)

    # -- what there is ---------------------------------------------------------------------

    @property
    def state(self) -> State:
        """All that is shown now; it is frozen."""
        return self._store.state

    @property
    def session(self) -> Session:
        """What works behind it: jobs, frames, results."""
        return self._session

    @property
    def table(self) -> ErrorTable | None:
        """The shown error table."""
        thing = self.state.table
        return None if thing is None else self._known(thing)

    @property
    def trajectory(self) -> Trajectory | None:
        """The shown trajectory."""
        thing = self.state.trajectory
        return None if thing is None else self._known(thing)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the open tables."""
        return tuple(one.name for one in self.state.document.inputs if one.kind == "table")

    @property
    def trajectories(self) -> tuple[str, ...]:
        """The names of the open trajectories."""
        return tuple(one.name for one in self.state.document.inputs if one.kind == "trajectory")

    def _known(self, thing: Thing) -> Thing:
        one = self.state.document.input(thing.name)
        return thing if one is None else remembered(thing, one)

    @property
    def frame(self) -> Frame | None:
        """The shown frame with all its columns, the computed ones too."""
        self.wait()
        return self.state.moment.frames.get(self.state.document.trajectory or "")

    @property
    def selection(self) -> Selection:
        """What is selected of what is shown."""
        state, table = self.state, self.state.table
        models, metrics = state.selected(Space.MODEL), state.selected(Space.METRIC)
        return Selection(
            () if table is None else tuple(table.keys[row] for row in models),
            () if table is None else tuple(table.metrics[row] for row in metrics),
            tuple(state.selected(Space.FRAME).tolist()),
            tuple(state.selected(Space.ATOM).tolist()),
        )

    # -- what is changed -------------------------------------------------------------------

    def change(self, change: Change, label: str) -> None:
        """Make `change(state)` the state, as one step of undo under `label`."""
        old = self.state
        new = change(old)  # here, so that a slow change keeps no window waiting
        self._hands.do(lambda: self._store.commit(lambda s: new if s is old else change(s), label))

    def open(self, *paths: PathLike, trust: bool = False) -> None:
        """Open files as if they were dropped; a session takes the place of all there is. Unless
        trusted, one of a stranger opens nothing outside its folder. Raises ReadProblem."""
        texts, before = [str(path) for path in paths], self.state.moment.notices
        for path in [text for text in texts if text.lower().endswith(SUFFIX)]:
            self._hands.open_session(Path(path).absolute(), trust)
        others = [text for text in texts if not text.lower().endswith(SUFFIX)]
        if others:
            self._hands.do(lambda: self._session.open(others))
        self.wait()
        errors = (one for one in self.state.moment.notices if one.weight is Weight.ERROR)
        failed = [one.text for one in errors if not any(one is old for old in before)]
        if failed:
            raise ReadProblem(failed[0], "")

    def select(
        self,
        models: str | Sequence[str] | None = None,
        *,
        metrics: Sequence[str] | None = None,
        frames: Sequence[int] | None = None,
        atoms: str | Sequence[int] | None = None,
        add: bool = False,
    ) -> Selection:
        """Select models and atoms by a condition or by keys and ids, metrics by name, frames by
        number; one step of undo. Raises QueryProblem, KeyError."""
        state, mode = self.state, Mode.ADD if add else Mode.REPLACE
        chosen: list[tuple[Space, Rows]] = []
        if models is not None:
            chosen.append((Space.MODEL, models_of(there(state.table, "table"), models)))
        if metrics is not None:
            table = there(state.table, "table")
            found = as_rows([table.metric_index(name) for name in metrics])
            chosen.append((Space.METRIC, found))
        if frames is not None:
            chosen.append((Space.FRAME, as_rows(list(frames))))
        if atoms is not None:
            chosen.append((Space.ATOM, self._atoms(atoms)))

        def select(state: State) -> State:
            return reduce(lambda s, one: changes.choose(s, one[0], one[1], mode), chosen, state)

        self.change(select, f"Select {' and '.join(space.value + 's' for space, _ in chosen)}")
        return self.selection

    def _atoms(self, atoms: str | Sequence[int]) -> Rows:
        if not isinstance(atoms, str):
            return as_rows(list(atoms))
        return matching_atoms(atoms, there(self.frame, "trajectory"))

    def show(
        self, *, table: str = "", trajectory: str = "", frame: int | None = None, colour: str = ""
    ) -> None:
        """Show an open table or trajectory by name, a frame by its number from 0, or colour the
        atoms by a column. Raises KeyError, IndexError, ReadProblem."""
        for name, known in ((table, self.tables), (trajectory, self.trajectories)):
            if name and name not in known:
                raise KeyError(f"{name!r} is not open; there are {', '.join(known) or 'none'}")
        steps: list[tuple[str, Change]] = []
        if table:
            steps.append((f"Show {table}", partial(changes.show_table, name=table)))
        if trajectory:
            show = partial(changes.show_trajectory, name=trajectory)
            steps.append((f"Show {trajectory}", show))
        index = 0 if trajectory else None
        if frame is not None:
            index = self._patiently(lambda: frame_number(self.state, trajectory, frame))
            steps.append((f"Show frame {index + 1}", partial(changes.show_frame, index=index)))
        if colour:
            self._patiently(lambda: known_colour(self.state, colour, trajectory, index))
            steps.append((f"Colour by {colour}", partial(colour_by, column=colour)))
        for label, step in steps:
            self.change(step, label)

    def _patiently(self, look: Callable[[], Value]) -> Value:
        """What is looked for; where it is not there, once more when all work is done."""
        try:
            return look()
        except (KeyError, QueryProblem, ReadProblem):
            self.wait()
            return look()

    def filter(self, condition: str) -> None:
        """Show the models for which a condition holds; "" for all. Raises QueryProblem."""
        self._patiently(lambda: known_condition(self.state, condition))
        self.change(lambda s: table_changes.set_condition(s, condition), "Filter models")

    def compute(self, computation: str, **params: Any) -> None:
        """Have the columns of atoms that a computation finds, in every frame that is shown."""
        from mlipviewer.analysis import COMPUTATIONS

        if computation not in COMPUTATIONS:
            known = ", ".join(COMPUTATIONS)
            raise KeyError(f"no computation {computation!r}; there are {known}")
        one = COMPUTATIONS[computation]
        given = checked(one.name, one.params, params)
        self.change(lambda s: compute(s, one.name, given), f"Compute {one.title}")

    def undo(self) -> str:
        """Take back the last change; its name."""
        label = self._store.undo_label
        self._hands.do(self._store.undo)
        return label

    def redo(self) -> str:
        """Do again what was taken back last; its name."""
        label = self._store.redo_label
        self._hands.do(self._store.redo)
        return label

    @property
    def history(self) -> tuple[str, ...]:
        """The names of the changes that undo takes back, the newest last."""
        return tuple(step.label for step in self._store.past)

    # -- analyses --------------------------------------------------------------------------

    @property
    def panels(self) -> tuple[str, ...]:
        """The ids of the open panels that show an analysis."""
        return tuple(panel.id for panel in self.state.document.panels if panel.analysis)

    def open_panel(self, analysis: str, plot: str = "", **params: Any) -> str:
        """Open a panel of an analysis; its id."""
        one = analysis_named(analysis)
        chosen = _chosen(params_named(one, params), params)
        if plot and plot not in one.plots:
            raise KeyError(f"{analysis} has no plot {plot!r}; there are {', '.join(one.plots)}")
        panel = new_panel(self.state, analysis, plot or next(iter(one.plots)))

        def opened(state: State) -> State:
            free = tuple((name, of) for name, of in panel.follows if name not in params)
            state = changes.open_panel(state, replace(panel, follows=free))
            return changes.set_params(state, panel.id, **chosen)

        self.change(opened, f"Open {panel.title}")
        return panel.id

    def set(self, panel: str, **params: Any) -> None:
        """Change parameters of the analysis of a panel."""
        one = analysis_named(self._panel(panel).analysis)
        chosen = _chosen(params_named(one, params), params)
        self.change(lambda s: changes.set_params(s, panel, **chosen), f"Set {', '.join(params)}")

    def result(self, panel: str) -> Found:
        """What a panel shows; waits until it is computed. Raises AnalysisProblem."""
        from mlipviewer.core.analysis import AnalysisProblem

        found = self._answer(panel)
        end = time.monotonic() + PATIENCE
        while found is None and time.monotonic() < end:
            self._hands.turn()
            found = self._answer(panel)
        if not isinstance(found, Found):
            raise AnalysisProblem(found.reason if found is not None else "it is still computed")
        return found

    def _answer(self, panel_id: str) -> Found | Failure | None:
        self._hands.do(self._store.flush)
        panel, state = self._panel(panel_id), self.state
        request = request_of(state, panel)
        if isinstance(request, Failure):
            return None if self._working() else request
        result = state.moment.results.get(request)
        if not isinstance(result, Result):
            return result
        return self._found(state, panel, request, result)

    def _found(self, state: State, panel: Panel, request: Request, result: Result) -> Found:
        names = (request.table, request.trajectory, *request.beside)
        used = (state.document.input(name) for name in names if name)
        one = analysis_named(panel.analysis)
        files = tuple(file for file in used if file is not None)
        params = params_of(state, panel)
        return Found(one, params, inputs_of(state, request), result, files, panel.logs)

    def _panel(self, panel_id: str) -> Panel:
        for panel in self.state.document.panels:
            if panel.id == panel_id and panel.analysis:
                return panel
        known = ", ".join(self.panels) or "none"
        raise KeyError(f"no panel {panel_id!r} of an analysis; there are {known}")

    def run(self, analysis: str, /, **params: Any) -> Found:
        """Run an analysis on what is shown: the filtered models, the selected atoms where it takes
        some. Its parameters are those given. Raises AnalysisProblem, TypeError, ValueError."""
        one = analysis_named(analysis)
        given = params_named(one, params)
        self.wait()
        inputs = self._inputs(one.needs, one.on_atoms)
        return run_on(one, inputs, given)

    def _inputs(self, needs: tuple[Needs, ...], on_atoms: bool) -> Inputs:
        state, table = self.state, self.table
        models = None
        if table is not None and state.document.condition.strip():
            models = shown_models(table, state.document.condition)
        chosen = state.selected(Space.ATOM)
        takes = Needs.ATOMS in needs or on_atoms
        linked = {
            row: run
            for row, one in changes.linked_runs(state)
            if (run := state.loaded_trajectory(one.name)) is not None
        }
        atoms = chosen if takes and len(chosen) else None
        return Inputs(table, self.trajectory, models, atoms, linked)

    # -- files -----------------------------------------------------------------------------

    def save(self, path: PathLike) -> None:
        """Write all that is shown as a session; a name that does not end so is given the ending
        .mlipview besides its own. Raises OSError."""
        from mlipviewer.session.saving.history import Past
        from mlipviewer.session.saving.restoring import fingerprints, saved_of
        from mlipviewer.session.saving.session_file import save_session
        from mlipviewer.session.saving.trust import trust

        place, state = session_path(path), self.state
        past = [Past(step.document, step.label) for step in self._store.past]
        saved = saved_of(state, past, {}, fingerprints(state.document.inputs))
        trust(save_session(place, saved))

    def script(self, panel: str = "") -> str:
        """The Python that repeats what a panel shows, or all of them. Raises AnalysisProblem."""
        from mlipviewer.session.commands.view_scripts import python_of, python_of_all

        state = self.state
        return python_of(state, self._panel(panel)) if panel else python_of_all(state)

    def wait(self, seconds: float = PATIENCE) -> None:
        """Until all that was asked for is read and computed."""
        end = time.monotonic() + seconds
        self._hands.do(self._store.flush)
        while self._working() and time.monotonic() < end:
            self._hands.turn()

    def _working(self) -> bool:
        return self._hands.do(lambda: self._session.working)

    def close(self) -> None:
        """Stop all work."""
        self._hands.do(self._session.close)

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_about: object) -> None:
        self.close()

    def __repr__(self) -> str:
        things = ", ".join(one.name for one in self.state.document.inputs)
        return f"<Viewer of {things or 'nothing'}>"


def open(*paths: PathLike, trust: bool = False) -> Viewer:
    """A viewer with these files open: tables, trajectories, links, or a session. Raises
    ReadProblem."""
    viewer = Viewer()
    viewer.open(*paths, trust=trust)
    return viewer


def _chosen(found: Params, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names}
