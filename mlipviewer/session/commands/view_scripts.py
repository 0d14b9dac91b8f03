"""Copy as script, of any panel: analyses, the table of models, and the atoms that are shown."""

from __future__ import annotations

import shlex

from mlipviewer.core.analysis import AnalysisProblem, param_defaults
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Space
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import names_in
from mlipviewer.session.commands import scripts
from mlipviewer.session.commands.scripts import (
    MOST_IDS,
    call,
    choice_words,
    ids_condition,
    reading_of,
    table_words,
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
    if panel.view == "table":
        return _table_python(state)
    return _atoms_python(state) if panel.view == "atoms" else scripts.python_of(state, panel)


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


def _table_python(state: State) -> str:
    one = _table(state)
    where, keys = _models(state)
    words = ["table", repr("models.csv")]
    words += [f"where={where!r}"] if where else []
    words += [f"rows={keys!r}"] if keys is not None else []
    lines = ["import mlipviewer", "", f"table = {call('mlipviewer.read_table', table_words(one))}"]
    return "\n".join([*lines, call("mlipviewer.write_table", words), ""])


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


def _atoms_python(state: State) -> str:
    one, frame = _run(state), state.frame
    lines = ["import mlipviewer", "", f"trajectory = {reading_of(one)}"]
    lines.append(f"frame = trajectory.frame({frame})")
    for asked in state.document.computed:
        usual, given = param_defaults(type(asked.params)), vars(asked.params)
        words = ["trajectory", repr(asked.computation), f"frames=[{frame}]"]
        words += [f"{name}={value!r}" for name, value in given.items() if value != usual.get(name)]
        name = asked.computation.replace("-", "_")
        lines.append(f"[{name}] = {call('mlipviewer.columns', words)}")
        lines.append(f"print({name}.columns)")
    words = ["trajectory", repr("frame.extxyz"), f"where='frame == {state.frame}'"]
    chosen = state.selected(Space.ATOM)
    words += [f"atoms={ids_condition(tuple(chosen.tolist()))!r}"] if len(chosen) else []
    return "\n".join([*lines, call("mlipviewer.write_frames", words), ""])


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
