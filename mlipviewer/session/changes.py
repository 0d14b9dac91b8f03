"""The pure changes: each takes a State and gives the next one, itself when nothing changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from mlipviewer.core.links import Link, metric_links, trajectory_links
from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, Rows, combine, rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.inputs import Input, Kind, free_of
from mlipviewer.session.reread import as_expected, moved_rows, without_results_of
from mlipviewer.session.state import Document, Hover, Loaded, Panel, State, frozen


def select(
    state: State,
    space: Space,
    chosen: Rows,
    mode: Mode = Mode.REPLACE,
    owner: str | None = None,
) -> State:
    """Choose rows of a space. Rows of the shown owner unless another is named."""
    owner = owner or state.owner(space)
    if owner is None:
        return state
    old = state.selected(space, owner)
    new = combine(old, chosen, mode)
    if new is old:
        return state
    others = {key: one for key, one in state.document.selected.items() if key != (space, owner)}
    return state.with_document(selected=frozen({**others, (space, owner): new}))  # the newest last


def select_none(state: State) -> State:
    """Let go of every selection, also of files that are not shown."""
    some = any(len(chosen) for chosen in state.document.selected.values())
    return state.with_document(selected=frozen()) if some else state


def select_models(state: State, chosen: Rows, mode: Mode = Mode.REPLACE) -> State:
    """Choose models; one chosen model alone becomes the focus, and its trajectory is shown; the
    runs of two to four are shown side by side."""
    after = select(state, Space.MODEL, chosen, mode)
    now = after.selected(Space.MODEL)
    if len(now) == 1:
        return focus(after, int(now[0]))
    runs = runs_of_few(after)
    if not runs or after.document.trajectory in {one.name for one in runs}:
        return after
    return show_trajectory(add_inputs(after, runs), runs[0].name)


def focus(state: State, row: int | None) -> State:
    """Show the details of a model; its first linked trajectory becomes the shown one."""
    after = state if state.document.focus == row else state.with_document(focus=row)
    found = linked_inputs(after, row) if row is not None else ()
    return show_trajectory(after, found[0].name) if found else after


def linked_inputs(state: State, row: int) -> tuple[Input, ...]:
    """The trajectories linked to a model."""
    table = state.table
    if table is None or not 0 <= row < table.n_rows:
        return ()
    return tuple(
        _input_of(state.document, link)
        for link in trajectory_links(state.document.links, table.keys[row])
    )


def linked_runs(state: State) -> tuple[tuple[int, Input], ...]:
    """(row, first linked trajectory) of each model of the shown table that has one."""
    table = state.table
    if table is None:
        return ()
    inputs = {one.path: one for one in reversed(state.document.inputs)}
    first: dict[int, Input] = {}
    for link in state.document.links:
        if link.role == "trajectory" and table.has_key(link.model):
            first.setdefault(table.row(link.model), inputs[link.path])
    return tuple(sorted(first.items(), key=lambda item: item[0]))


def _input_of(document: Document, link: Link) -> Input:
    """The input of a linked file; `add_links` made one for each."""
    return next(one for one in document.inputs if one.path == link.path)


def shown_trajectories(state: State) -> tuple[Input, ...]:
    """Those side by side (as chosen, else the runs of the selected models) where the shown one is
    among them, else that one alone."""
    for runs in (_chosen_beside(state), runs_of_few(state)):
        if state.document.trajectory in {one.name for one in runs}:
            return runs
    one = state.document.input(state.document.trajectory)
    return (one,) if one is not None else ()


def _chosen_beside(state: State) -> tuple[Input, ...]:
    """The trajectories that were put side by side and are still there."""
    names = state.document.comparison.names
    found = (state.document.input(name) for name in names)
    there = tuple(one for one in found if one is not None)
    return there if len(there) >= 2 else ()


def runs_of_few(state: State) -> tuple[Input, ...]:
    """The runs of two to four selected models, where two or more of them have one."""
    chosen = state.selected(Space.MODEL)
    if not 2 <= len(chosen) <= 4:
        return ()
    runs = tuple(found[0] for row in chosen if (found := linked_inputs(state, int(row))))
    return runs if len(runs) >= 2 else ()


def free_name(document: Document, name: str) -> str:
    """`name`, or `name (2)` ... where it is taken."""
    return free_of(name, {one.name for one in document.inputs})


def add_inputs(state: State, inputs: tuple[Input, ...]) -> State:
    """Files join the document; one that is there from the same source is not added again."""
    known = {one.source for one in state.document.inputs}
    new = tuple(one for one in inputs if one.source not in known)
    return state.with_document(inputs=state.document.inputs + new) if new else state


def add_loaded(state: State, one: Input, thing: Loaded, show: bool = True) -> State:
    """A file was opened: it joins the document and, if wanted, is shown."""
    state = loaded(add_inputs(state, (one,)), one.name, thing, one)
    if not show:
        return state
    if isinstance(thing, ErrorTable):
        return show_table(state, one.name)
    return show_trajectory(state, one.name)


def loaded(
    state: State,
    name: str,
    thing: Loaded,
    read: Input | None = None,
    stages: tuple[ErrorTable, ...] = (),
) -> State:
    """An input of the document is there now (no step of history), as it was meant in `read`, else
    as it is meant now; `stages` are the tables before each step."""
    old = state.moment.loaded.get(name)
    read = read or state.document.input(name)
    if old is not None:
        state = without_results_of(state, name)
    if isinstance(old, ErrorTable) and isinstance(thing, ErrorTable):
        state = moved_rows(state, old, thing)
    elif isinstance(thing, ErrorTable):
        state = as_expected(state, thing)
    if isinstance(old, Trajectory) and not _same_file(old, thing):
        frames = {other: frame for other, frame in state.moment.frames.items() if other != name}
        state = state.with_moment(frames=frozen(frames))  # the old file's are not the new one's
    failed = {other: why for other, why in state.moment.failed.items() if other != name}
    loaded_now = frozen({**state.moment.loaded, name: thing})
    state = state.with_moment(loaded=loaded_now, failed=frozen(failed))
    if read is not None:
        state = _remember_reading(state, name, read, stages)
    if isinstance(thing, ErrorTable) and state.document.table == name:
        return _with_axes(state, thing)
    return state


def _same_file(old: Trajectory, new: Loaded) -> bool:
    """Whether both are read by the same reader, whatever is understood of it."""
    if not isinstance(new, Trajectory):
        return False
    one, other = (getattr(t.source, "inside", t.source) for t in (old, new))
    return one is other


def _remember_reading(
    state: State, name: str, read: Input, stages: tuple[ErrorTable, ...]
) -> State:
    moment = state.moment
    others = {other: tables for other, tables in moment.stages.items() if other != name}
    return state.with_moment(
        read_with=frozen({**moment.read_with, name: read.meaning}),
        stages=frozen({**others, name: stages} if stages else others),
    )


def show_table(state: State, name: str | None) -> State:
    if state.document.table != name:
        fresh: dict[str, Any] = {
            "focus": None,
            "axes": (),
            "condition": "",
            "sorting": (),
            "hidden": frozenset(),
            "arranged": (),
        }
        state = state.with_document(table=name, **fresh)
    table = state.table
    return _with_axes(state, table) if table is not None else state


def _with_axes(state: State, table: ErrorTable) -> State:
    """Axes that the table has: those chosen before, else its first two metrics."""
    kept = tuple(name for name in state.document.axes if name in table.metrics)
    axes = kept if len(kept) >= 2 else table.metrics[:2]
    return state if axes == state.document.axes else state.with_document(axes=axes)


def show_trajectory(state: State, name: str | None) -> State:
    """Show another run. The frame stays as it was asked for: `state.frame` is within the run."""
    return state if state.document.trajectory == name else state.with_document(trajectory=name)


def show_frame(state: State, index: int) -> State:
    """Show a frame; numbers outside are brought to the first or last."""
    trajectory = state.trajectory
    if trajectory is None:
        return state
    index = min(max(index, 0), trajectory.n_frames - 1)
    return state if index == state.frame else state.with_document(frame=index)


def set_axes(state: State, metrics: tuple[str, ...]) -> State:
    return state if metrics == state.document.axes else state.with_document(axes=metrics)


def choose_metrics(state: State, chosen: Rows, mode: Mode = Mode.REPLACE) -> State:
    """Choose metrics; two or more become the axes of the plots, one the y axis."""
    after = select(state, Space.METRIC, chosen, mode)
    table = after.table
    if table is None:
        return after
    names = tuple(table.metrics[i] for i in after.selected(Space.METRIC))
    if len(names) >= 2:
        return set_axes(after, names)
    if len(names) == 1:
        after = show_evidence(after, names[0])
        first = after.document.axes[:1]
        return after if names[0] in after.document.axes else set_axes(after, (*first, names[0]))
    return after


def show_evidence(state: State, metric: str) -> State:
    """The file linked to a metric (of the focused model first) becomes the shown trajectory."""
    table, row = state.table, state.focus
    key = table.keys[row] if table is not None and row is not None else ""
    found = metric_links(state.document.links, metric, key)
    if not found:
        return state
    return show_trajectory(state, _input_of(state.document, found[0]).name)


def choose(state: State, space: Space, chosen: Rows, mode: Mode = Mode.REPLACE) -> State:
    """Choose rows of a space, with all that follows from it for that space."""
    match space:
        case Space.MODEL:
            return select_models(state, chosen, mode)
        case Space.METRIC:
            return choose_metrics(state, chosen, mode)
        case Space.POLYHEDRON:
            from mlipviewer.session.sceneries import choose_things

            return choose_things(state, space, chosen, mode)
        case _:
            return select(state, space, chosen, mode)


def add_links(state: State, links: tuple[Link, ...]) -> State:
    """Join files to models; the files join the document, each under a name of its own."""
    known = set(state.document.links)
    new = tuple(link for link in dict.fromkeys(links) if link not in known)
    if not new:
        return state
    after = state.with_document(links=state.document.links + new)
    return add_inputs(after, _new_inputs(state.document, new))


def _new_inputs(document: Document, links: tuple[Link, ...]) -> tuple[Input, ...]:
    """An input for each linked file that the document lacks, named by its file, else its folder."""
    taken = {one.name for one in document.inputs}
    known = {one.path for one in document.inputs}
    new: list[Input] = []
    for path in dict.fromkeys(link.path for link in links if link.path not in known):
        name, folder = Path(path).name, Path(path).parent.name
        name = free_of(f"{folder}/{name}" if name in taken else name, taken)
        taken.add(name)
        new.append(Input(name, path, Kind.TRAJECTORY))
    return tuple(new)


def link_model(state: State, row: int, path: str) -> State:
    """Join a trajectory file to a model, and show it."""
    table = state.table
    if table is None:
        return state
    after = add_links(state, (Link(table.keys[row], "trajectory", path),))
    if after.document.focus != row:
        after = after.with_document(focus=row)
    linked = next(one for one in after.document.inputs if one.path == path)
    return show_trajectory(after, linked.name)


def hover(state: State, space: Space | None, row: int = -1, owner: str | None = None) -> State:
    """What is under the mouse; None when nothing is."""
    owner = owner or (state.owner(space) if space is not None else None)
    now = None if space is None or owner is None else Hover(space, owner, row)
    return state if now == state.moment.hover else state.with_moment(hover=now)


def open_panel(state: State, panel: Panel) -> State:
    """Open a panel, or put new parameters in the open one of that id."""
    others = state.document.panels
    if any(old.id == panel.id for old in others):
        return set_panel(state, panel)
    return state.with_document(panels=(*others, panel))


def restore_panel(state: State, panel: Panel) -> State:
    """Open a panel unless one of that id is open."""
    open_now = any(old.id == panel.id for old in state.document.panels)
    return state if open_now else open_panel(state, panel)


def set_panel(state: State, panel: Panel) -> State:
    panels = tuple(panel if old.id == panel.id else old for old in state.document.panels)
    return state if panels == state.document.panels else state.with_document(panels=panels)


def set_params(state: State, panel_id: str, **values: Any) -> State:
    """Change parameters of a panel's analysis."""
    panel = state.document.panel(panel_id)
    if panel.params is None:
        return state
    return set_panel(state, replace(panel, params=replace(panel.params, **values)))


def set_on_selection(state: State, panel_id: str, wanted: bool) -> State:
    """Whether a panel computes on the selected models alone."""
    return set_panel(state, replace(state.document.panel(panel_id), on_selection=wanted))


def set_in_table(state: State, panel_id: str, wanted: bool) -> State:
    """Whether the table shows what a panel finds of each model."""
    return set_panel(state, replace(state.document.panel(panel_id), in_table=wanted))


def close_panel(state: State, panel_id: str) -> State:
    """Close a panel; without a timeline nothing plays."""
    panels = tuple(panel for panel in state.document.panels if panel.id != panel_id)
    if panels == state.document.panels:
        return state
    after = state.with_document(panels=panels)
    plays = any(panel.view == "timeline" for panel in panels) or not after.moment.playing
    return after if plays else after.with_moment(playing=False)


def invert_models(state: State) -> State:
    table = state.table
    if table is None:
        return state
    others = combine(table.models, state.selected(Space.MODEL), Mode.REMOVE)
    return select(state, Space.MODEL, others)


def rows_between(order: Rows, first: int, last: int) -> Rows:
    """The rows shown from `first` to `last` in a display order (n,), both included."""
    places = {int(row): i for i, row in enumerate(order)}
    start, stop = sorted((places[first], places[last]))
    return rows(order[start : stop + 1])
