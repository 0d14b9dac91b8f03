"""Crystals at the same temperature by which flicker is measured: another run, or a made one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from mlipviewer.analysis.methods.class_paths import Histories, histories
from mlipviewer.analysis.methods.control_crystal import control
from mlipviewer.analysis.methods.floors import control_of
from mlipviewer.analysis.methods.labels import (
    Labelling,
    LabelParams,
    asked_of,
    label_frame,
    labelled_frames,
    looked_at,
)
from mlipviewer.core.analysis import AnalysisProblem, Inputs
from mlipviewer.core.columns import Array
from mlipviewer.core.progress import Progress

MADE = "made"
MOST_FRAMES, N_ATOMS = 100, 2000


def control_run(
    inputs: Inputs, name: str, params: LabelParams, progress: Progress, cutoff: float | None
) -> Histories:
    """The states of all atoms of the run of that name beside the first. Raises AnalysisProblem."""
    run = inputs.beside.get(name)
    if run is None:
        known = ", ".join(inputs.beside) or "none"
        raise AnalysisProblem(
            f"there is no run {name!r} beside this one; there are: {known} (or {MADE})"
        )
    here = replace(inputs, trajectory=run, atoms=None)
    found = labelled_frames(here, params, progress, cutoff)
    return histories(((one.ids, one.labels) for one in found), len(looked_at(run, params.every)))


def made_control(
    inputs: Inputs, params: LabelParams, progress: Progress, cutoff: float | None
) -> Histories:
    """The states of a made crystal as dense and as warm as that of the last frame; its noise is new
    in every frame. Raises AnalysisProblem, ReadProblem, Cancelled."""
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    how = asked_of(params)
    known = control_of(trajectory, frames, how)
    if known is None:
        raise AnalysisProblem(
            "a control crystal can be made where common neighbours or template matching tell"
            " classes and the last or first frame has a crystal"
        )
    n = min(len(frames), MOST_FRAMES)

    def labelled() -> Iterator[tuple[Array, Array]]:
        for i in range(n):
            progress.step(i, n)
            frame = control(known.lattice, known.distance, known.noise, N_ATOMS, seed=i)
            found = label_frame(frame, Labelling(how.method, positions=how.positions)).columns
            labels = found["label"]
            if cutoff is not None:
                labels = np.where(found["deviation"] <= cutoff, labels, 0).astype(np.uint8)
            yield found["id"], labels

    return histories(labelled(), n)
