"""Copy as script: the Python, or the command line, that repeats what a panel shows."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlipviewer.analysis import ANALYSES
from mlipviewer.core.analysis import (
    AnalysisProblem,
    Needs,
    Params,
    Request,
    param_defaults,
    param_help,
)
from mlipviewer.core.problem import QueryProblem
from mlipviewer.core.query import names_in
from mlipviewer.session.inputs import Input
from mlipviewer.session.panels import params_of, request_of
from mlipviewer.session.state import Failure, Panel, State
from mlipviewer.session.step_words import words_of

WIDTH = 96  # characters of a line
MOST_IDS = 200  # atoms that a command line names


@dataclass(frozen=True, eq=False)
class Asked:
    """What a panel asks, in names and files: enough to ask it again elsewhere."""

    analysis: str
    plot: str
    params: Mapping[str, Any]  # those that are not the defaults
    table: Input | None
    trajectory: Input | None
    beside: tuple[Input, ...]
    runs: tuple[tuple[str, Input], ...]  # by the key of their model
    where: str  # a condition on models that the file alone can answer
    rows: tuple[str, ...] | None  # the keys of the models, where no such condition tells them
    atoms: tuple[int, ...] | None
    logs: tuple[tuple[str, bool], ...]


def asked_by(state: State, panel: Panel) -> Asked:
    """Raises AnalysisProblem with the reason where the panel asks nothing."""
    if not panel.analysis:
        raise AnalysisProblem("this panel shows no analysis")
    request = request_of(state, panel)
    if isinstance(request, Failure):
        raise AnalysisProblem(request.reason)
    document = state.document
    table = state.loaded_table(request.table)
    where = own_condition(state, request)
    rows = None
    if table is not None and request.models is not None and not where:
        rows = tuple(table.keys[row] for row in request.models.rows)
    runs = [(row, document.input(name)) for row, name in request.runs]
    beside = (document.input(name) for name in request.beside)
    return Asked(
        panel.analysis,
        panel.plot,
        _told(params_of(state, panel)),
        document.input(request.table),
        document.input(request.trajectory),
        tuple(one for one in beside if one is not None),
        tuple((table.keys[row], one) for row, one in runs if one is not None and table is not None),
        where,
        rows,
        None if request.atoms is None else tuple(request.atoms.rows.tolist()),
        panel.logs,
    )


def _told(params: Params) -> dict[str, Any]:
    usual, names = param_defaults(type(params)), param_help(type(params))
    return {n: v for n in names if (v := getattr(params, n)) != usual.get(n)}


def own_condition(state: State, request: Request) -> str:
    """The filter in words, if it chooses the models and asks for the table's own columns alone."""
    table, condition = state.loaded_table(request.table), state.document.condition.strip()
    if table is None or request.models is None or not condition:
        return ""
    from mlipviewer.core.order import shown_models

    try:
        own = all(name in table.namespace for name in names_in(condition))
        same = own and shown_models(table, condition).tolist() == request.models.rows.tolist()
    except QueryProblem:
        return ""
    return condition if same else ""


# -- Python ----------------------------------------------------------------------------------


class Readings:
    """The lines of a script that read files: each once, under a name of its own."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: dict[str, str] = {}

    def table(self, one: Input) -> str:
        return self._named("table", call("mlipviewer.read_table", table_words(one)))

    def trajectory(self, one: Input) -> str:
        return self._named("trajectory", reading_of(one))

    def _named(self, kind: str, reading: str) -> str:
        if reading not in self._names:
            n = sum(name.startswith(kind) for name in self._names.values()) + 1
            self._names[reading] = f"{kind}_{n}" if n > 1 else kind
            self.lines.append(f"{self._names[reading]} = {reading}")
        return self._names[reading]

    def script(self, lines: Iterable[str]) -> str:
        """The whole script: what is read, then what is done."""
        return "\n".join(["import mlipviewer", "", *self.lines, *lines]) + "\n"


def python_of(state: State, panel: Panel) -> str:
    """A script that finds and draws what the panel shows. Raises AnalysisProblem."""
    readings = Readings()
    lines = analysis_lines(state, panel, readings, panel.analysis)
    return readings.script(lines)


def analysis_lines(state: State, panel: Panel, readings: Readings, stem: str) -> list[str]:
    """What finds what a panel shows, and draws it as `stem`.svg. Raises AnalysisProblem."""
    asked = asked_by(state, panel)
    lines: list[str] = []
    words: list[str] = [repr(asked.analysis)]
    if asked.table is not None:
        words.append(f"table={readings.table(asked.table)}")
    if asked.trajectory is not None:
        words.append(f"trajectory={readings.trajectory(asked.trajectory)}")
    if asked.beside:
        lines += ["beside = [", *(f"    {reading_of(one)}," for one in asked.beside), "]"]
        words.append("beside=beside")
    if asked.runs:
        each = (f"    {key!r}: {reading_of(one)}," for key, one in asked.runs)
        lines += ["runs = {", *each, "}"]
        words.append("runs=runs")
    words += [f"where={asked.where!r}"] if asked.where else []
    words += [f"rows={list(asked.rows)!r}"] if asked.rows is not None else []
    words += [f"atoms={list(asked.atoms)!r}"] if asked.atoms is not None else []
    words += [f"{name}={value!r}" for name, value in asked.params.items()]
    lines.append(f"found = {call('mlipviewer.run', words)}")
    lines.append("print(dict(found.summary))")
    figure = [repr(f"{stem}.svg"), f"plot={asked.plot!r}"]
    figure += [f"log={dict(asked.logs)!r}"] if asked.logs else []
    return [*lines, call("found.figure", figure)]


def call(name: str, words: list[str]) -> str:
    """On one line where that is not too long."""
    short = f"{name}({', '.join(words)})"
    if len(short) <= WIDTH - 8:
        return short
    return "\n".join([f"{name}(", *(f"    {word}," for word in words), ")"])


def table_words(one: Input) -> list[str]:
    words = [repr(one.path)]
    words += [f"name={one.name!r}"] if one.name != Path(one.path).name else []
    choices = words_of(one)
    return [*words, f"choices={choices!r}"] if choices else words


def reading_of(one: Input) -> str:
    path = repr([one.path, *one.more]) if one.more else repr(one.path)
    words = [path]
    words += [f"name={one.name!r}"] if one.name != Path(one.path).name else []
    words += [f"frames={one.frames!r}"] if one.frames else []
    for name, value in _choices(one).items():
        pairs = name in ("elements", "roles")
        words.append(f"{name}={dict(value) if pairs else value!r}")
    return f"mlipviewer.read_trajectory({', '.join(words)})"


def _choices(one: Input) -> dict[str, Any]:
    """What was decided about a trajectory, by the names of TrajectoryChoices."""
    found = json.loads(one.choices) if one.choices else {}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


# -- a command line ----------------------------------------------------------------------------


def command_of(state: State, panel: Panel) -> str:
    """A line for a POSIX shell that does the same as `python_of`. Raises AnalysisProblem with the
    reason where only a script can say it."""
    return shlex.join(words_of_command(state, panel))


def words_of_command(state: State, panel: Panel) -> list[str]:
    """The words of that line, the program's name first. Raises AnalysisProblem."""
    asked = asked_by(state, panel)
    reason = next(_unsaid(asked), "")
    if reason:
        raise AnalysisProblem(f"{reason}: copy it as Python")
    words = ["mlipviewer", "run", asked.analysis]
    if asked.table is not None:
        words += ["--table", _named(asked.table, asked.table.path)]
    runs = [] if asked.trajectory is None else [asked.trajectory, *asked.beside]
    for one in runs:
        words += _words_of_run(one)
    if runs:
        words += choice_words(runs[0])
    words += ["--where", asked.where] if asked.where else []
    words += ["--atoms", ids_condition(asked.atoms)] if asked.atoms is not None else []
    words += [word for name, value in asked.params.items() for word in _option(name, value)]
    return [*words, "--figure", f"{asked.analysis}.svg", "--plot", asked.plot]


def _unsaid(asked: Asked) -> Iterator[str]:
    """Why a command line cannot say it."""
    if asked.table is not None and words_of(asked.table):
        yield "what was decided about the table needs a file of choices"
    if asked.rows is not None:
        yield "the models are chosen by hand, or by columns that are not in the file"
    if asked.runs:
        yield "the runs of models need a file of links"
    runs = [] if asked.trajectory is None else [asked.trajectory, *asked.beside]
    choices = {one.choices for one in runs}
    if len(choices) > 1:
        yield "not the same was decided about all trajectories"
    if any("roles" in _choices(one) for one in runs):
        yield "a command does not say which columns are the energy and the forces"
    if any(one.more for one in runs) and ANALYSES[asked.analysis].overlay:
        yield "a trajectory of several files stands beside others"
    if any("@" in one.path or "=" in one.path for one in runs):
        yield "a path holds @ or ="
    if asked.atoms is not None and len(asked.atoms) > MOST_IDS:
        yield f"{len(asked.atoms)} atoms are too many for a line"
    if asked.logs:
        yield "the scale of an axis was chosen by hand"
    if Needs.RUNS in ANALYSES[asked.analysis].needs:
        yield "the runs of models need a file of links"


def _named(one: Input, path: str) -> str:
    return path if one.name == Path(one.path).stem else f"{one.name}={path}"


def _words_of_run(one: Input) -> Iterator[str]:
    part = f"@{one.frames}" if one.frames else ""
    yield from ("--trajectory", _named(one, f"{one.path}{part}"))
    for path in one.more:
        yield from ("--trajectory", f"{path}{part}")


def choice_words(one: Input) -> list[str]:
    flags = {"interval": "frame-interval", "thermo": "thermo"}
    words: list[str] = []
    for name, value in _choices(one).items():
        if name == "thermo":
            words += [word for path in value for word in ("--thermo", path)]
        elif name == "elements":
            words += ["--elements", ",".join(f"{a}={b}" for a, b in value)]
        else:
            words += [f"--{flags.get(name, name)}", str(value)]
    return words


def ids_condition(atoms: tuple[int, ...]) -> str:
    if len(atoms) == 1:
        return f"id == {atoms[0]}"
    return f"id in ({', '.join(map(str, atoms))})"


def _option(name: str, value: Any) -> list[str]:
    """`--name=value`: also a value that begins with a dash."""
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{flag}" if value else f"--no-{flag}"]
    if isinstance(value, tuple):
        quoted = ('"' + v.replace('"', '""') + '"' if set(v) & set(',"') else v for v in value)
        return [f"--{flag}={','.join(quoted)}"]
    return [f"--{flag}={value!r}" if isinstance(value, float) else f"--{flag}={value}"]
