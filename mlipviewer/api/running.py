"""Analyses and columns of atoms by name, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlipviewer.analysis import ANALYSES, COMPUTATIONS
from mlipviewer.api.given import checked
from mlipviewer.api.reading import PathLike, input_of, remembered, the_table, the_trajectory
from mlipviewer.core.analysis import (
    Analysis,
    AnalysisProblem,
    Inputs,
    Needs,
    Params,
    Result,
    Scalar,
)
from mlipviewer.core.atoms import some_matching_atoms
from mlipviewer.core.computation import Computed, over_frames
from mlipviewer.core.order import shown_models
from mlipviewer.core.plot import Plot, with_logs
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import Rows
from mlipviewer.core.rows import rows as as_rows
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory
from mlipviewer.session.inputs import Input, Kind, free_of
from mlipviewer.session.many_frames import ManyFrames

if TYPE_CHECKING:
    import pandas as pd

Runs = Mapping[str, Trajectory | PathLike]


def analyses() -> dict[str, str]:
    """All analyses by name, with one sentence on each: what `mlipviewer list` prints."""
    return {name: one.about for name, one in ANALYSES.items()}


def computations() -> dict[str, str]:
    """All columns of atoms that can be computed, by name, with one sentence on each."""
    return {name: one.about for name, one in COMPUTATIONS.items()}


@dataclass(frozen=True, eq=False)
class Found:
    """What an analysis found, with what it was asked of: the result of the command and the panel.

    `used` are the files; `logs` the scales of its figure, as `figure` takes them.
    """

    analysis: Analysis
    params: Params
    inputs: Inputs
    result: Result
    used: tuple[Input, ...] = ()
    logs: tuple[tuple[str, bool], ...] = ()

    @property
    def summary(self) -> Mapping[str, Scalar]:
        return self.result.summary

    @property
    def tables(self) -> Mapping[str, Mapping[str, Sequence[Any]]]:
        return self.result.tables

    @property
    def units(self) -> Mapping[str, str]:
        return self.result.units

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known: of the files first, then of the analysis."""
        return self._told.notes

    @property
    def _told(self) -> Result:
        from mlipviewer.session.commands.result_files import with_notes

        return with_notes(self.inputs, self.result)

    def table(self, name: str = "") -> pd.DataFrame:
        """One of the tables, the first where none is named, for pandas. Raises KeyError."""
        import pandas as pd

        return pd.DataFrame({key: list(values) for key, values in self._table(name).items()})

    def _table(self, name: str) -> Mapping[str, Sequence[Any]]:
        if name and name not in self.tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self.tables)}")
        return self.tables[name or next(iter(self.tables))]

    def json(self) -> str:
        """JSON of schema 1, as `mlipviewer run --out FILE.json` writes it."""
        from mlipviewer.session.commands.result_files import result_text

        return result_text(self.analysis.name, self.params, self.used, self._told)

    def save(self, path: PathLike, table: str = "") -> None:
        """Write .json (everything), or one table as .csv, .tsv, .parquet, .md, .tex.
        Raises OSError, ValueError for other suffixes, ReadProblem for a file that was read."""
        from mlipviewer.io.export import write_table
        from mlipviewer.io.files import write_text

        self._keep_what_was_read(path)
        if Path(path).suffix.lower() == ".json":
            write_text(path, self.json())
        else:
            write_table(path, self._table(table))

    def _keep_what_was_read(self, path: PathLike) -> None:
        from mlipviewer.session.commands.read_files import files_read, refuse_what_is_read

        refuse_what_is_read(path, files_read(self.inputs, self.used))

    def plot(self, name: str = "") -> Plot:
        """The marks of one of its plots, the usual one where none is named. Raises KeyError."""
        plots = self.analysis.plots
        if name not in plots and (name or not plots):
            known = ", ".join(plots) or "none"
            raise KeyError(f"{self.analysis.name} has no plot {name!r}; there are {known}")
        draw = plots[name or next(iter(plots))]
        return with_logs(draw(self.inputs, self.params, self.result), self.logs)

    def figure(
        self,
        path: PathLike,
        plot: str = "",
        *,
        size: str = "",
        font: float = 9.0,
        dpi: int = 300,
        transparent: bool = False,
        log: Mapping[str, bool] | None = None,
    ) -> None:
        """Write a plot as .svg, .pdf, .png or .tiff. `size` in mm, as "85x64"; `log` says of the
        axes x and y whether they are logarithmic. Raises ValueError, KeyError, OSError, and
        ReadProblem for a file that was read."""
        from mlipviewer.gui.figure import save_plot
        from mlipviewer.gui.figure_look import FigureLook, with_size

        look = FigureLook(font=font, dpi=dpi, transparent=transparent)
        look = with_size(look, size) if size else look
        if look.problem:
            raise ValueError(look.problem)
        self._keep_what_was_read(path)
        drawn = with_logs(self.plot(plot), tuple((log or {}).items()))
        save_plot(drawn, path, look=None if look == FigureLook() else look)


def run(
    analysis: str,
    /,
    *,
    table: ErrorTable | PathLike | None = None,
    trajectory: Trajectory | PathLike | None = None,
    where: str = "",
    rows: Sequence[str] | None = None,
    atoms: str | Sequence[int] | None = None,
    runs: Runs | None = None,
    beside: Sequence[Trajectory | PathLike] = (),
    compared_with: Trajectory | PathLike | None = None,
    progress: Progress | None = None,
    **params: Any,
) -> Found:
    """Run an analysis by name.

    `where` (a condition) or `rows` (keys) say which models; `atoms` (a condition on the first
    frame, or ids) which atoms; `runs` are trajectories by the key of their model, `beside` further
    ones to be laid over the first, `compared_with` one of reference values. All else are parameters
    of the analysis. Raises AnalysisProblem, ReadProblem, QueryProblem; KeyError and TypeError for
    an unknown analysis or parameter, or one of the above that the analysis does not take,
    ValueError for a value that a parameter does not take.
    """
    one = analysis_named(analysis)
    _only_what_it_takes(
        one,
        where=where.strip(),
        rows=rows,
        atoms=atoms,
        runs=runs,
    )
    inputs = _inputs(
        the_table(table),
        the_trajectory(trajectory),
        where,
        rows,
        atoms,
        runs,
        beside,
        compared_with,
    )
    return run_on(one, inputs, params_named(one, params), progress)


def _only_what_it_takes(one: Analysis, **given: Any) -> None:
    """Raises TypeError for what is given to an analysis that would not look at it."""
    takes = {
        "where": Needs.TABLE in one.needs,
        "rows": Needs.TABLE in one.needs,
        "atoms": Needs.ATOMS in one.needs or one.on_atoms,
        "runs": Needs.RUNS in one.needs,
    }
    for name, value in given.items():
        nothing = value is None or (isinstance(value, str | Mapping) and not value)
        if not nothing and not takes[name]:
            raise TypeError(f"{one.name} takes no {name}")


def run_on(
    one: Analysis, inputs: Inputs, params: Params, progress: Progress | None = None
) -> Found:
    """Run an analysis on inputs as they are; each trajectory has a name of its own. Raises
    TypeError for trajectories that the analysis does not take."""
    if inputs.beside and not one.overlay:
        raise TypeError(f"{one.name} lays no runs over each other: it takes one trajectory")
    if inputs.reference is not None and not one.compares:
        raise TypeError(f"{one.name} compares with no other trajectory")
    things = (inputs.table, inputs.trajectory, *inputs.beside.values(), inputs.reference)
    files = (input_of(thing) for thing in things if thing is not None)
    used = tuple(file for file in files if file is not None)
    known = {file.name: file for file in used if file.kind is Kind.TRAJECTORY}
    inputs = replace(inputs, engine=inputs.engine or ManyFrames(known=known))
    return Found(one, params, inputs, one.run(inputs, params, progress or Progress()), used)


def analysis_named(name: str) -> Analysis:
    """Raises KeyError with the known names."""
    if name not in ANALYSES:
        raise KeyError(f"no analysis {name!r}; there are {', '.join(ANALYSES)}")
    return ANALYSES[name]


def params_named(one: Analysis, given: Mapping[str, Any]) -> Params:
    """The parameters of an analysis. Raises TypeError, ValueError."""
    return checked(one.name, one.params, given)


def _inputs(
    table: ErrorTable | None,
    trajectory: Trajectory | None,
    where: str,
    keys: Sequence[str] | None,
    atoms: str | Sequence[int] | None,
    runs: Runs | None,
    beside: Sequence[Trajectory | PathLike],
    compared_with: Trajectory | PathLike | None,
) -> Inputs:
    taken = set() if trajectory is None else {trajectory.name}
    others = [one for given in beside if (one := _other(given, taken)) is not None]
    linked: dict[int, Trajectory] = {}
    for key, given in (runs or {}).items():
        found = the_trajectory(given)
        if table is not None and found is not None:
            linked[_row(table, key)] = found
    first = trajectory or next(iter(linked.values()), None)
    return Inputs(
        table,
        trajectory,
        _models(table, where, keys),
        _atoms(first, atoms),
        linked,
        None,
        {one.name: one for one in others},
        _other(compared_with, taken),
    )


def _other(given: Trajectory | PathLike | None, taken: set[str]) -> Trajectory | None:
    """A further trajectory, under a name that none before it has; that is `taken` then."""
    one = the_trajectory(given)
    if one is None:
        return None
    name, file = free_of(one.name, taken), input_of(one)
    taken.add(name)
    if name == one.name:
        return one
    again = replace(one, name=name)
    return again if file is None else remembered(again, replace(file, name=name))


def _row(table: ErrorTable, key: str) -> int:
    if not table.has_key(key):
        raise KeyError(f"no model {key!r} in table {table.name!r}")
    return table.row(key)


def _models(table: ErrorTable | None, where: str, keys: Sequence[str] | None) -> Rows | None:
    if table is None or (keys is None and not where.strip()):
        return None
    if keys is None:
        return shown_models(table, where)
    if where.strip():
        raise TypeError("say `where` or `rows`, not both")
    return as_rows([_row(table, key) for key in keys])


def _atoms(run: Trajectory | None, atoms: str | Sequence[int] | None) -> Rows | None:
    if isinstance(atoms, str):
        if not atoms.strip() or run is None:
            return None
        return some_matching_atoms(atoms, run.frame(0))
    if atoms is not None and not len(atoms):
        raise AnalysisProblem("no atoms are chosen: leave `atoms` out for all of them")
    return None if atoms is None else as_rows(list(atoms))


def columns(
    trajectory: Trajectory | PathLike,
    computation: str,
    /,
    frames: Sequence[int] | None = None,
    **params: Any,
) -> list[Computed]:
    """What a computation finds of each of the frames (all where none are named): per-atom
    `columns`, the names of their `classes` and `values` of the frame. Raises AnalysisProblem ..."""
    if computation not in COMPUTATIONS:
        known = ", ".join(COMPUTATIONS)
        raise KeyError(f"no computation {computation!r}; there are {known}")
    one = COMPUTATIONS[computation]
    run = the_trajectory(trajectory)
    assert run is not None
    file = input_of(run)
    inputs = Inputs(
        trajectory=run, engine=ManyFrames(known={} if file is None else {file.name: file})
    )
    chosen = list(range(run.n_frames)) if frames is None else list(frames)
    given = checked(one.name, one.params, params)
    return list(over_frames(inputs, one, given, chosen, Progress()))
