"""A page of what a viewer shows, for the supplementary material of a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlipviewer import __version__
from mlipviewer.api.reading import PathLike
from mlipviewer.api.viewing import Viewer, open
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.table import ErrorTable
from mlipviewer.session.state import State

SPACES = (Space.MODEL, Space.METRIC, Space.FRAME, Space.ATOM)


def snapshot(
    what: Viewer | PathLike, out: PathLike, *, title: str = "", trust: bool = False
) -> tuple[str, ...]:
    """Write one HTML file with the table, the plots and some frames of a viewer or of a session,
    linked by selection; it needs no network. Returns why panels are not in it. Raises ReadProblem,
    OSError."""
    if isinstance(what, Viewer):
        return _write(what, Path(out), title)
    with open(what, trust=trust) as viewer:
        return _write(viewer, Path(out), title or Path(what).stem)


def _write(viewer: Viewer, out: Path, title: str) -> tuple[str, ...]:
    from mlipviewer.gui import snapshot as parts
    from mlipviewer.io.files import write_text

    viewer.wait()
    plots, missing = [], []
    for panel in viewer.panels:
        try:
            found = viewer.result(panel)
            plots.append(parts.plot_part(found.plot(viewer.state.document.panel(panel).plot)))
        except AnalysisProblem as problem:
            missing.append(f"{panel}: {problem}")
    state = viewer.state
    content: dict[str, Any] = {
        "title": title or (state.table.name if state.table is not None else "MLIPViewer"),
        "about": f"A snapshot made by MLIPViewer {__version__}.",
        "table": None,
        "plots": plots,
        "run": None,
        "chosen": parts.chosen_part({space: state.selected(space).tolist() for space in SPACES}),
    }
    if state.table is not None:
        rows = _rows(state, state.table)
        content["table"] = parts.table_part(state.table, rows, state.document.hidden)
    if state.trajectory is not None:
        content["run"] = parts.run_part(state.trajectory, state.selected(Space.ATOM))
    write_text(out, parts.page(content))
    return tuple(missing)


def _rows(state: State, table: ErrorTable) -> Any:
    """The models that the filter leaves; all where the table alone does not say which."""
    try:
        return shown_models(table, state.document.condition)
    except QueryProblem:
        return table.models
