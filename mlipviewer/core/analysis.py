"""What an analysis is: a pure function with a name, its inputs, its parameters and its result.

An analysis file holds one `Analysis`. The form, the menu entry, the command, the panel, the export
and the shared tests are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from mlipviewer.core.computation import Asked, Engine
from mlipviewer.core.params import (
    ParamHelp,
    Params,
    explained,
    panel_defaults,
    param,
    param_defaults,
    param_help,
)
from mlipviewer.core.plot import Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import RowKey, Rows
from mlipviewer.core.scenery import Scenery
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory

__all__ = [  # an analysis file finds here all that it needs, its parameters included
    "Analysis",
    "AnalysisProblem",
    "Command",
    "Edited",
    "Inputs",
    "Needs",
    "ParamHelp",
    "Params",
    "Request",
    "Result",
    "Scalar",
    "explained",
    "panel_defaults",
    "param",
    "param_defaults",
    "param_help",
]

Scalar = int | float | str | bool | None


class Needs(StrEnum):
    """What an analysis works on. ATOMS: chosen atoms of the trajectory; RUNS: the linked
    trajectories of all models that have one."""

    TABLE = "table"
    TRAJECTORY = "trajectory"
    ATOMS = "atoms"
    RUNS = "runs"


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the user chose to analyse.

    `models` are the rows left by a filter, None: all models. `atoms` are chosen atom ids, None: all
    atoms. `runs` are the trajectories of models, by row of the table; `beside` are further ones by
    name, laid over the first by analyses that `overlay`. `engine` computes many frames; None: in
    turn.
    """

    table: ErrorTable | None = None
    trajectory: Trajectory | None = None
    models: Rows | None = None
    atoms: Rows | None = None
    runs: Mapping[int, Trajectory] = field(default_factory=lambda: MappingProxyType({}))
    engine: Engine | None = None
    beside: Mapping[str, Trajectory] = field(default_factory=lambda: MappingProxyType({}))
    reference: Trajectory | None = None  # what the others are compared with, where it is a file

    def the_table(self) -> ErrorTable:
        if self.table is None:
            raise AnalysisProblem("this analysis needs an error table")
        return self.table

    def the_trajectory(self) -> Trajectory:
        if self.trajectory is None:
            raise AnalysisProblem("this analysis needs a trajectory")
        return self.trajectory

    def overlaid(self) -> tuple[Trajectory, ...]:
        """The trajectory and those beside it. Raises AnalysisProblem."""
        return (self.the_trajectory(), *self.beside.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of the files, guessed or damaged, a line each, as far as is known now:
        more of a file may be read while it is analysed."""
        runs = (self.trajectory, *self.runs.values(), *self.beside.values(), self.reference)
        found = [] if self.table is None else list(self.table.notes)
        for run in runs:
            found += [] if run is None else run.source.notes
        return tuple(dict.fromkeys(" ".join(str(note).split()) for note in found))


class AnalysisProblem(ValueError):
    """The inputs or parameters do not allow the analysis; one sentence for the user."""


@dataclass(frozen=True, eq=False)
class Result:
    """What an analysis found: scalars, tables of columns, their units, and arrays for its plot."""

    summary: Mapping[str, Scalar] = field(default_factory=lambda: MappingProxyType({}))
    tables: Mapping[str, Mapping[str, Sequence[Any]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=lambda: MappingProxyType({}))
    names: tuple[str, ...] = ()  # what the arrays' rows are called, where they are not table rows
    columns: Mapping[str, NDArray[Any]] = field(default_factory=lambda: MappingProxyType({}))
    """Numbers by model that the table may show: (n rows of the table,) each, NaN for none."""


Run = Callable[[Inputs, Any, Progress], Result]
Draw = Callable[[Inputs, Any, Result], Plot]
Adjust = Callable[[Inputs, Any, Result], Result]
Show = Callable[[Inputs, Any, Result], Scenery]


@dataclass(frozen=True, eq=False)
class Edited:
    """What a gesture on a plot makes of the parameters, and the rows that it chooses, if any."""

    params: Params
    space: Space | None = None
    rows: Rows | None = None


Edit = Callable[..., Edited]
"""(inputs, params, result, what the gesture says ...): see Upright and Points.movable."""


@dataclass(frozen=True)
class Command:
    """An entry of a plot's menu: `change(inputs, params, result, chosen rows)` gives parameters.

    It works on what is chosen in `space`, or on nothing. `plots`: where it stands, '' for all.
    """

    title: str
    change: Callable[[Inputs, Any, Result, Rows], Params]
    space: Space | None = None
    plot: str = ""
    computes: Callable[[Any, Result, Params | None], Asked] | None = None
    """What is to be computed of the atoms besides, from the parameters, the result, and those with
    which it is computed now."""
    computed: str = ""  # the name of that computation


@dataclass(frozen=True)
class Analysis:
    """One analysis. `plots` are the ways to show its result, the first being the usual one.

    `picture` names the parameters that only change the picture: panels ask for the result with
    their defaults. `edits` and `commands` are what gestures on plots and menus do to parameters.

    `adjust` turns a result into that for parameters which differ only in the `adjustable` ones, in
    a few milliseconds: a slider then need not compute everything anew.
    """

    name: str
    title: str
    about: str
    needs: tuple[Needs, ...]
    params: type[Params]
    run: Run
    plots: Mapping[str, Draw] = field(default_factory=lambda: MappingProxyType({}))
    quick: bool = False  # under 10 ms at 2300 models: computed at once, without a job
    adjustable: tuple[str, ...] = ()
    adjust: Adjust | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The names of `Result.columns`, and what each means."""
    columns_by: str = ""  # the analysis that computes them, from the parameters it shares with this
    picture: tuple[str, ...] = ()
    edits: Mapping[str, Edit] = field(default_factory=lambda: MappingProxyType({}))
    commands: tuple[Command, ...] = ()
    overlay: bool = False  # lays the trajectories that stand side by side over each other
    on_atoms: bool = False  # atoms may be chosen: a panel can be told to look at the selected ones
    either: bool = False  # one of the table and the trajectory that it needs is enough
    compares: bool = False  # with a reference, which may be a file of its own
    scenery: Show | None = None  # what its result shows among the atoms
    files: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """Of an analysis of one structure, of which a folder makes a table: the numbers of its summary
    that are the table's metrics, with facts as of a metadata file (direction, category, unit)."""

    def asked(self, params: Params) -> Params:
        """The parameters that the result depends on: the others are at their defaults."""
        plain = param_defaults(self.params)
        return replace(params, **{name: plain[name] for name in self.picture})

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Analysis) and other.name == self.name


@dataclass(frozen=True)
class Request:
    """A panel's question: an analysis of named inputs with parameters. Hashable, hence a key."""

    analysis: str
    params: Params
    table: str | None = None
    trajectory: str | None = None
    models: RowKey | None = None
    atoms: RowKey | None = None
    runs: tuple[tuple[int, str], ...] = ()  # (row of the table, name of the trajectory)
    beside: tuple[str, ...] = ()  # further trajectories
