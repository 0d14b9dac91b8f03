"""Copy as script, of any panel: analyses, the table of models, and the atoms that are shown."""

from __future__ import annotations

import re
import shlex

from mlipviewer.core.analysis import AnalysisProblem, param_defaults
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import names_in
from mlipviewer.session.commands import scripts
from mlipviewer.session.commands.scripts import (
    MOST_IDS,
    Readings,
    call,
    choice_words,
    ids_condition,
)
from mlipviewer.session.inputs import Input
from mlipviewer.session.panels import result_columns
from mlipviewer.session.state import Panel, State
from mlipviewer.session.step_words import words_of

VIEWS = ("table", "atoms")
"""Kinds of panels that no analysis makes, and that can be said."""


def can_be_said(panel: Panel) -> bool:
    """Whether a panel is something that a script repeats."""
    return bool(panel.analysis) or panel.view in VIEWS


def python_of(state: State, panel: Panel) -> str:
    """A script that gives what a panel shows. Raises AnalysisProblem."""
    readings = Readings()
    return readings.script(_lines(state, panel, readings, panel.analysis))


def python_of_all(state: State) -> str:
    """A script that gives what every open panel shows; of those that cannot be said, why not.
    Raises AnalysisProblem where there is none that can."""
    readings, lines, said = Readings(), [], False
    for panel in filter(can_be_said, state.document.panels):
        title = " ".join(panel.title.split())  # a comment ends with its line
        try:
            more = _lines(state, panel, readings, _stem(panel))
        except AnalysisProblem as problem:
            lines += ["", f"# {title}: {' '.join(str(problem).split())}"]
        else:
            lines += ["", f"# {title}", *more]
            said = True
    if not said:
        raise AnalysisProblem("no open panel shows anything that a script could repeat")
    return readings.script(lines)


def _stem(panel: Panel) -> str:
    """The name of a figure of its own for each panel."""
    return re.sub(r"[^\w.-]+", "-", panel.id).strip(".-") or panel.analysis


def _lines(state: State, panel: Panel, readings: Readings, stem: str) -> list[str]:
    if panel.view == "table":
        return _table_lines(state, readings)
    if panel.view == "atoms":
        return _atoms_lines(state, readings)
    return scripts.analysis_lines(state, panel, readings, stem)


def command_of(state: State, panel: Panel) -> str:
    """A line for a POSIX shell that does the same. Raises AnalysisProblem with the reason where
    only a script can say it."""
    if panel.view not in VIEWS:
        return scripts.command_of(state, panel)
    words = _table_words if panel.view == "table" else _atoms_words
    return shlex.join(["mlipviewer", "convert", *words(state)])


# -- the table: the selected models, else those that show


def _table(state: State) -> Input:
    one = state.document.input(state.document.table)
    if one is None or state.table is None:
        raise AnalysisProblem("no error table is shown")
    return one


def _models(state: State) -> tuple[str, list[str] | None]:
    """(the condition that the file alone can answer, the keys where there is no such)."""
    table, condition = state.table, state.document.condition.strip()
    assert table is not None
    chosen = state.selected(Space.MODEL)
    if len(chosen):
        return "", [table.keys[row] for row in chosen]
    try:
        if all(name in table.namespace for name in names_in(condition)):
            return condition, None
        shown = shown_models(table, condition, result_columns(state))
    except QueryProblem as problem:
        raise AnalysisProblem(f"the filter cannot be read: {problem}") from problem
    return "", [table.keys[row] for row in shown]


def _table_lines(state: State, readings: Readings) -> list[str]:
    one = _table(state)
    where, keys = _models(state)
    words = [readings.table(one), repr("models.csv")]
    words += [f"where={where!r}"] if where else []
    words += [f"rows={keys!r}"] if keys is not None else []
    return [call("mlipviewer.write_table", words)]


def _table_words(state: State) -> list[str]:
    one = _table(state)
    where, keys = _models(state)
    if keys is not None:
        raise AnalysisProblem("the models are chosen by hand, or by other columns: copy as Python")
    if words_of(one):
        raise AnalysisProblem("what was decided about the table needs a file: copy it as Python")
    return [one.path, "models.csv", *(["--where", where] if where else [])]


# -- the shown frame, with the columns that are computed of it


def _run(state: State) -> Input:
    one = state.document.input(state.document.trajectory)
    if one is None or state.trajectory is None:
        raise AnalysisProblem("no trajectory is shown")
    return one


def _atoms_lines(state: State, readings: Readings) -> list[str]:
    run, frame = readings.trajectory(_run(state)), state.frame
    lines = [f"frame = {run}.frame({frame})"]
    for asked in state.document.computed:
        usual, given = param_defaults(type(asked.params)), vars(asked.params)
        words = [run, repr(asked.computation), f"frames=[{frame}]"]
        words += [f"{name}={value!r}" for name, value in given.items() if value != usual.get(name)]
        name = asked.computation.replace("-", "_")
        lines.append(f"[{name}] = {call('mlipviewer.columns', words)}")
        lines.append(f"print({name}.columns)")
    words = [run, repr("frame.extxyz"), f"where='frame == {state.frame}'"]
    chosen = state.selected(Space.ATOM)
    words += [f"atoms={ids_condition(tuple(chosen.tolist()))!r}"] if len(chosen) else []
    return [*lines, call("mlipviewer.write_frames", words)]


def _atoms_words(state: State) -> list[str]:
    one, chosen = _run(state), state.selected(Space.ATOM)
    if state.document.computed:
        raise AnalysisProblem("columns are computed: copy it as Python")
    if one.more or "@" in one.path:
        raise AnalysisProblem("the trajectory is of several files: copy it as Python")
    if len(chosen) > MOST_IDS:
        raise AnalysisProblem(f"{len(chosen)} atoms are too many for a line: copy it as Python")
    part = f"@{one.frames}" if one.frames else ""
    words = [f"{one.path}{part}", "frame.extxyz", "--where", f"frame == {state.frame}"]
    ids = tuple(chosen.tolist())
    return [*words, *(["--atoms", ids_condition(ids)] if ids else []), *choice_words(one)]
