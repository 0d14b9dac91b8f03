"""Files made of others: tables and frames in other formats, movies, campaigns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlipviewer.api.reading import PathLike, input_of, read_table, read_trajectory
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable
from mlipviewer.core.trajectory import Trajectory

if TYPE_CHECKING:
    from mlipviewer.campaign.journal import Entry


def write_table(
    table: ErrorTable, path: PathLike, rows: Sequence[str] | None = None, *, where: str = ""
) -> None:
    """Write the rows of these keys, or the models for which a condition holds (else all), as .csv,
    .tsv, .parquet, .md or .tex. Raises OSError, ValueError for other suffixes, KeyError,
    QueryProblem."""
    from mlipviewer.core.order import shown_models
    from mlipviewer.core.rows import all_rows
    from mlipviewer.core.rows import rows as as_rows
    from mlipviewer.io.export import write_rows

    chosen = shown_models(table, where) if where else all_rows(table.n_rows)
    if rows is not None:
        chosen = as_rows([table.row(key) for key in rows])
    write_rows(path, table, chosen)


def write_frames(
    trajectory: Trajectory,
    path: PathLike,
    *,
    where: str = "",
    atoms: str = "",
    calculator: str = "",
    settings: str = "",
    columns: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> int:
    """Write frames as .extxyz, .xyz, .dump, .lammpstrj, .csv, chemiscope .json.gz or (one frame)
    LAMMPS .data: those for whose values a condition holds, with the atoms for which one holds and
    the named columns of atoms; the number written. A named calculator of ASE adds `model_forces`
    and `model_energy`. Raises ReadProblem, QueryProblem, AnalysisProblem, OSError.
    """
    from mlipviewer.session.commands.frame_converting import Wanted
    from mlipviewer.session.commands.frame_converting import write_frames as write

    one = input_of(trajectory)
    known = {} if one is None else {trajectory.name: one}
    kept = None if columns is None else tuple(columns)
    wanted = Wanted(where, atoms, calculator, settings, kept)
    return write(trajectory, path, wanted, known, progress)[0]


def convert(source: PathLike, out: PathLike, **how: Any) -> None:
    """A table or the frames of a trajectory in the format that `out` is named by. `how`: as
    `read_table` and `read_trajectory` take it, and for frames as `write_frames` does."""
    from mlipviewer.session.inputs import Kind
    from mlipviewer.session.opening import sniff_kind, split_slice

    if sniff_kind(Path(split_slice(str(source))[0])) is Kind.TABLE:
        write_table(read_table(source, **how), out)
        return
    named = ("where", "atoms", "calculator", "settings", "columns", "progress")
    writing = {name: how.pop(name) for name in named if name in how}
    write_frames(read_trajectory(source, **how), out, **writing)


def movie(
    session: PathLike,
    out: PathLike,
    *,
    frames: str = "",
    fps: float = 25.0,
    size: str = "1280x720",
    turn: float = 0.0,
    quality: str = "high",
    trust: bool = False,
) -> None:
    """A movie of what the 3D view of a session shows: .mp4, .mov, .mkv, .webm, .gif, or PNG files
    in a folder. Another process makes it. Raises ReadProblem with the reason why there is none."""
    from mlipviewer.core.problem import ReadProblem

    words = ["movie", str(session), "--out", str(out), "--fps", str(fps), "--size", size]
    words += [f"--frames={frames}", f"--turn={turn}", "--quality", quality]
    words += ["--trust"] if trust else []
    command = [sys.executable, "-m", "mlipviewer", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ReadProblem(said[-1] if said else "the movie was not made", str(session))


def campaign(
    design: PathLike, folder: PathLike = "", *, workers: int = 1, retry_failed: bool = False
) -> ErrorTable:
    """Do what the design of a campaign says, or go on where it ended; the table of errors, which
    lies in its folder. What is done already is not done again. Raises DesignProblem, OSError."""
    from mlipviewer.campaign.design_file import read_design
    from mlipviewer.campaign.engines import Here
    from mlipviewer.campaign.export import export
    from mlipviewer.campaign.failure import DesignProblem
    from mlipviewer.campaign.folder import begun, design_in, folder_of
    from mlipviewer.campaign.journal import Journal
    from mlipviewer.campaign.plan import Plan
    from mlipviewer.campaign.runner import Run

    def heard(_entry: Entry) -> None:
        """Nobody is told: the journal has it."""

    place = folder_of(Path(design), str(folder))
    said = read_design(design)
    Plan(said, place)  # says what is wrong before anything is made
    begun(place, said, Path(design))
    plan = Plan(design_in(place), place)
    with Journal(place.journal) as journal:
        if retry_failed:
            journal.forget_failed()
        engine = Here(max(workers, 1))
        try:
            run = Run(plan, journal, engine, heard)
            run.go(Progress())
        finally:
            engine.close()
        models = export(plan, run.known)
    if not models:
        raise DesignProblem("no model is judged yet, or the reference is not")
    return read_table(place.table)
