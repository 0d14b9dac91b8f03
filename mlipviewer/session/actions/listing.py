"""Actions: what the user can do, once each. Menus, keys and the palette are made from this list."""

from __future__ import annotations

from mlipviewer.core.plot import Space
from mlipviewer.core.rows import Mode, from_mask
from mlipviewer.session import changes, table_changes, time_changes
from mlipviewer.session.actions.action import LIVELY, Action, has_frames, has_run, has_table
from mlipviewer.session.actions.atoms import ATOM_ACTIONS
from mlipviewer.session.actions.timeline import TIMELINE_ACTIONS
from mlipviewer.session.actions.view import VIEW_ACTIONS
from mlipviewer.session.actions.window import LATER_ACTIONS, WINDOW_ACTIONS
from mlipviewer.session.closing import close_input
from mlipviewer.session.events import next_event, shown_source
from mlipviewer.session.growing import follow_end
from mlipviewer.session.state import State
from mlipviewer.session.store import Change


def _needs_table(state: State) -> str:
    return "" if state.table is not None else "no error table is open"


def _needs_models(state: State) -> str:
    return "" if len(state.selected(Space.MODEL)) else "no model is selected"


def _needs_metrics(state: State) -> str:
    return "" if len(state.selected(Space.METRIC)) else "no metric is selected"


def _step(by: int) -> Change:
    return lambda state: changes.show_frame(state, state.frame + by)


def _toggle_play(state: State) -> State:
    if state.moment.playing:
        return time_changes.play(state, False)
    return time_changes.play(state, True)


def _needs_bookmarks(state: State) -> str:
    return "" if time_changes.bookmarks_of(state) else "no frame is bookmarked"


def _needs_events(state: State) -> str:
    source = shown_source(state)
    found = source is not None and len(source.events) > 0
    return "" if found else "no open panel tells events: open Analyse > Hops between sites"


def _select_all(state: State) -> State:
    table = state.table
    return state if table is None else changes.select(state, Space.MODEL, table.models)


def _last_frame(state: State) -> State:
    trajectory = state.trajectory
    return state if trajectory is None else changes.show_frame(state, trajectory.n_frames - 1)


def _grow_families(state: State) -> State:
    """Add all models of the families of the selected ones."""
    table = state.table
    if table is None:
        return state
    chosen = {table.families[row] for row in state.selected(Space.MODEL) if row < table.n_rows}
    import numpy as np

    same = np.array([family in chosen for family in table.families], bool) & table.model_mask
    return changes.select(state, Space.MODEL, from_mask(same), Mode.ADD)


ACTIONS: tuple[Action, ...] = (
    *WINDOW_ACTIONS,
    Action("select.all", "Select all models", "Select", _select_all, ("Ctrl+A",), _needs_table),
    Action("select.none", "Select nothing", "Select", changes.select_none, ("Esc",)),
    Action(
        "select.invert",
        "Invert selected models",
        "Select",
        changes.invert_models,
        ("Ctrl+Shift+I",),
        _needs_table,
    ),
    Action(
        "select.family",
        "Select whole families",
        "Select",
        _grow_families,
        (),
        _needs_models,
    ),
    Action(
        "table.shade",
        "Shade cells by rank",
        "Table",
        lambda s: table_changes.shade(s, not s.document.shaded),
        (),
        _needs_table,
    ),
    Action(
        "table.selected",
        "Show selected metrics only",
        "Table",
        table_changes.show_selected_metrics_only,
        (),
        _needs_metrics,
    ),
    Action(
        "table.group",
        "Group metrics by category",
        "Table",
        lambda s: table_changes.group_columns(s, not s.document.grouped),
        (),
        _needs_table,
    ),
    Action(
        "table.all",
        "Show all columns",
        "Table",
        lambda s: table_changes.hide_columns(s, ()),
        (),
        _needs_table,
    ),
    Action(
        "table.close",
        "Close table",
        "Table",
        lambda s: close_input(s, s.document.table or ""),
        (),
        has_table,
    ),
    Action(
        "time.close",
        "Close trajectory",
        "Time",
        lambda s: close_input(s, s.document.trajectory or ""),
        (),
        has_run,
    ),
    Action("time.play", "Play / pause", "Time", _toggle_play, ("Space",), has_frames, LIVELY),
    Action(
        "time.back",
        "Play backwards / pause",
        "Time",
        lambda s: time_changes.toggle_play(s, backwards=True),
        ("Shift+Space",),
        has_frames,
        LIVELY,
    ),
    # single characters, beside the keys that act anywhere
    Action("time.next.key", "Next frame", "", _step(1), (".",), has_frames, LIVELY),
    Action("time.previous.key", "Previous frame", "", _step(-1), (",",), has_frames, LIVELY),
    Action(
        "time.next",
        "Next frame",
        "Time",
        _step(1),
        ("Alt+Right",),
        has_frames,
    ),
    Action(
        "time.previous",
        "Previous frame",
        "Time",
        _step(-1),
        ("Alt+Left",),
        has_frames,
    ),
    Action(
        "time.first",
        "First frame",
        "Time",
        lambda s: changes.show_frame(s, 0),
        ("Alt+Home",),
        has_frames,
    ),
    Action("time.last", "Last frame", "Time", _last_frame, ("Alt+End",), has_frames),
    Action(
        "time.follow",
        "Stay at the last frame as the file grows",
        "Time",
        follow_end,
        (),
        has_frames,
    ),
    Action(
        "time.bookmark",
        "Bookmark this frame",
        "Time",
        time_changes.toggle_bookmark,
        ("Ctrl+D",),
        has_frames,
    ),
    Action(
        "time.bookmark.next",
        "Next bookmark",
        "Time",
        time_changes.next_bookmark,
        ("Alt+PgDown",),
        _needs_bookmarks,
    ),
    Action(
        "time.bookmark.previous",
        "Previous bookmark",
        "Time",
        lambda s: time_changes.next_bookmark(s, -1),
        ("Alt+PgUp",),
        _needs_bookmarks,
    ),
    Action(
        "time.event.next",
        "Next event",
        "Time",
        next_event,
        ("Alt+Shift+Right",),
        _needs_events,
    ),
    Action(
        "time.event.previous",
        "Previous event",
        "Time",
        lambda s: next_event(s, -1),
        ("Alt+Shift+Left",),
        _needs_events,
    ),
    Action(
        "time.range.begin", "Play from here on", "Time", time_changes.begin_range, (), has_frames
    ),
    Action("time.range.end", "Play up to here", "Time", time_changes.end_range, (), has_frames),
    Action("time.range.all", "Play all frames", "Time", time_changes.clear_range, (), has_frames),
    *ATOM_ACTIONS,
    *TIMELINE_ACTIONS,
    *VIEW_ACTIONS,
    *LATER_ACTIONS,
)


def action_of(action_id: str) -> Action:
    """An action by its id. Raises KeyError."""
    return _BY_ID[action_id]


_BY_ID = {one.id: one for one in ACTIONS}
