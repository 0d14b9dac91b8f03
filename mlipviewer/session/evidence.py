"""From a cell of the table to the frames behind its number."""

from __future__ import annotations

import re
from dataclasses import replace

from mlipviewer.core.analysis import Params
from mlipviewer.core.links import metric_links
from mlipviewer.core.table import ErrorTable
from mlipviewer.session import changes
from mlipviewer.session.landing import add_notice
from mlipviewer.session.panels import column_request, new_panel
from mlipviewer.session.state import Notice, State

WORST = ("force-errors", "Worst atoms")
EVIDENCE = {"model-forces": WORST}
"""The plot of a run that shows what stands behind the columns of an analysis."""
_SCORE = re.compile(
    r"(?:^|_)(?:dnac_force|dnac_angle|dnac_angle_above|sigma_force|force_rmse|force_mae"
    r"|share_force|share_15|share_30)$"
)


def open_evidence(state: State, row: int, column: str) -> State:
    """Show what is behind a cell: the curves of its metric and the file linked to it, else the
    model's run, and for what was computed of it the plot of its atoms; a notice where nothing is
    linked."""
    table = state.table
    if table is None:
        return state
    after = changes.focus(state, row)
    has_curve = _has_curve(table, row, column)
    if has_curve:
        after = show_curves(after, column)
    of_metric = column in table.metrics and metric_links(
        state.document.links, column, table.keys[row]
    )
    if of_metric:
        return _with_plot(changes.show_evidence(after, column), column)
    if has_curve:
        return after
    if not changes.linked_inputs(after, row):
        said = (
            f"{table.keys[row]} is not linked to a run: drop a trajectory on its row, or open a"
            " links.csv"
        )
        return add_notice(after, Notice(said))
    return _with_plot(after, column)


def _has_curve(table: ErrorTable, row: int, column: str) -> bool:
    curves = table.curves.get(column)
    return curves is not None and table.keys[row] in curves.of


def show_curves(state: State, metric: str) -> State:
    """The panel of curves that is open, else a new one, shows those of a metric."""
    open_one = next((p for p in state.document.panels if p.analysis == "curves"), None)
    panel = open_one or replace(new_panel(state, "curves", "Curves"), title="Curves")
    if not isinstance(panel.params, Params):
        return state
    return changes.open_panel(
        state,
        replace(panel, params=replace(panel.params, metric=metric)),  # type: ignore[call-arg]
    )


def _with_plot(state: State, column: str) -> State:
    """The plot behind a score of forces, in the table or computed, opened where it is not."""
    if state.table is not None and column in state.table.metrics:
        return _with_panel(state, WORST) if is_of_forces(column) else state
    for panel in state.document.panels:
        request = column_request(state, panel)
        wanted = EVIDENCE.get(request.analysis) if request is not None else None
        if wanted is None or request is None or not _is_of(request.analysis, column):
            continue
        return _with_panel(state, wanted)
    return state


def _with_panel(state: State, wanted: tuple[str, str]) -> State:
    there = any((p.analysis, p.plot) == wanted for p in state.document.panels)
    return state if there else changes.open_panel(state, new_panel(state, *wanted))


def is_of_forces(column: str) -> bool:
    """Whether a metric is a score of forces by its name, as `force-scores` writes it, or with what
    it is of before it: `interstitial_dnac_force`."""
    return _SCORE.search(column) is not None


def _is_of(analysis: str, column: str) -> bool:
    """Whether a column is one of an analysis, which may have got a number for being taken."""
    from mlipviewer.analysis import ANALYSES

    names = ANALYSES[analysis].columns
    return column in names or column.rpartition("_")[0] in names
