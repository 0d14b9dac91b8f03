"""What a method calls a perfect crystal that is as dense and as warm: its error floor."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.frames import cna, ptm
from mlipviewer.analysis.methods.control_crystal import LATTICES, control, noise_of
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Bars, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

CNA, PTM = "cna", "ptm"


@dataclass(frozen=True)
class ErrorFloorParams(Params):
    method: str = param(CNA, "how structures are told", choices=(CNA, PTM))
    cutoff: float = param(0.1, "with ptm, the largest deviation", low=0.0, high=0.5)
    lattice: str = param("bcc", "the crystal that the control is made of", choices=LATTICES)
    noise: float = param(
        0.0,
        "by component, of the control; 0: as the atoms of this crystal in the frame",
        unit="A",
        low=0.0,
        high=1.0,
    )
    among: str = param("", AMONG)
    frame: int = param(0, "the frame, counted from 0", low=0, names="shown")


def run(inputs: Inputs, params: ErrorFloorParams, progress: Progress) -> Result:
    """Classes of a control crystal of 16 000 atoms with independent Gaussian noise, and of a frame.

    Summary: noise (A by component; None where the frame has none of the crystal), distance (A, of
    nearest neighbours), n_crystal (atoms of the frame by which both were found), error_floor (share
    of the control that is called otherwise). Table `classes`: class, frame, control (shares).
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    progress.step(0, 2)
    trajectory = inputs.the_trajectory()
    if not 0 <= params.frame < trajectory.n_frames:
        raise AnalysisProblem(
            f"there are {trajectory.n_frames} frames, no frame {params.frame + 1}"
        )
    frame = trajectory.frame(params.frame)
    rows = taking_part(frame, params.among)
    noise, distance, n = noise_of(frame, params.lattice, params.among)
    progress.step(1, 2)
    called = _called(frame, params, params.among)[rows]
    of_frame = np.bincount(called, minlength=10) / max(len(rows), 1)
    of_control, floor = np.zeros(10), None
    if n:
        noise = params.noise or noise
        made = _called(control(params.lattice, distance, noise), params, "")
        of_control = np.bincount(made, minlength=10) / len(made)
        floor = round(1 - float(of_control[ptm.CLASSES.index(params.lattice)]), 6)
    return _result(
        {"noise": round(noise, 4) if n else None, "distance": round(distance, 4) if n else None,
         "n_crystal": n, "error_floor": floor},
        (of_frame, of_control), (called, np.asarray(frame.atom_ids[rows])),
    )  # fmt: skip


def _called(frame: Frame, params: ErrorFloorParams, among: str) -> Array:
    if params.method == CNA:
        found = cna.run(frame, cna.CnaParams(among=among)).columns["cna"]
        return np.asarray(np.where(found == cna.LEFT_OUT, ptm.LEFT_OUT, found))
    return ptm.run(frame, ptm.PtmParams(cutoff=params.cutoff, among=among)).columns["ptm"]


def _result(
    summary: dict[str, Any], shares: tuple[Array, Array], atoms: tuple[Array, Array]
) -> Result:
    kept = [i for i in range(9) if shares[0][i] or shares[1][i] or 0 < i < 4]
    names = tuple(ptm.CLASSES[i] for i in kept)
    table = {"class": list(names)} | {
        name: one[kept].tolist() for name, one in zip(("frame", "control"), shares, strict=True)
    }
    note = () if summary["n_crystal"] else ("the frame has no atom of this crystal",)
    return Result(
        summary=summary,
        tables={"classes": table},
        units={"noise": "Å", "distance": "Å"},
        notes=note,
        arrays={"kept": np.array(kept), "called": atoms[0], "ids": atoms[1]},
        names=names,
    )


def draw(_inputs: Inputs, params: ErrorFloorParams, result: Result) -> Plot:
    """Shares of the frame and of the control side by side; bars of the frame select its atoms."""
    table, about = result.tables["classes"], result.summary
    kept, called, ids = (result.arrays[name] for name in ("kept", "called", "ids"))
    n = len(kept)
    at = np.arange(n, dtype=float)
    rows = tuple(np.sort(ids[called == place]) for place in kept)
    none = tuple(np.empty(0, np.int32) for _ in kept)
    shares = 100 * np.concatenate([table["frame"], table["control"]])
    bars = Bars(
        at=np.concatenate([at - 0.2, at + 0.2]), end=shares, rows=rows + none, space=Space.ATOM,
        thick=0.36, group=np.repeat([0, 1], n), group_names=("frame", "control"),
        labels=tuple(f"{share:.2f} %" for share in shares),
    )  # fmt: skip
    floor = about["error_floor"]
    said = "no atom of this crystal" if floor is None else (
        f"{100 * floor:.2f} % of a {params.lattice} control are called otherwise / noise"
        f" {about['noise']} Å"
    )  # fmt: skip
    return Plot(
        title="Error floor",
        x=Axis(ticks=tuple((float(i), name) for i, name in enumerate(result.names))),
        y=Axis("atoms (%)"),
        marks=(bars,),
        status=f"frame {params.frame + 1} / {params.method} / {said}",
    )


ANALYSIS = Analysis(
    name="error-floor",
    title="Error floor",
    about="What a method calls a perfect crystal that is as dense and as warm as the shown frame.",
    needs=(Needs.TRAJECTORY,),
    params=ErrorFloorParams,
    run=run,
    plots=MappingProxyType({"Error floor": draw}),
)
