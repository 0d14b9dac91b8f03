"""What a method calls a control crystal that is as dense and as warm as a frame: the error of its
counts, to be told beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.control_crystal import LATTICES, control, noise_of
from mlipviewer.analysis.methods.labels import CLASSES, CNA, LEFT_OUT, PTM, Labelling, label_frame
from mlipviewer.analysis.methods.neighbourhood import MINIMISED
from mlipviewer.core.averaging import frame_averaged
from mlipviewer.core.trajectory import Frame, Trajectory

N_ATOMS = 4000
FEWEST = 50  # atoms of a crystal from which its noise is read
MOST_DEVIATION = 0.15  # of atoms that count as crystal when one is looked for

LEAST_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Control:
    """A control crystal of `lattice`, `distance` A between nearest neighbours, Gaussian `noise`
    in A by component, and how its atoms are called: `columns` as those of `label_frame`."""

    lattice: str
    noise: float
    distance: float
    columns: Any


def control_of(trajectory: Trajectory, frames: range, how: Labelling) -> Control | None:
    """The control of the last frame, else of the first, that has a crystal; None where neither has,
    or classes are not told from positions. Raises AnalysisProblem, ReadProblem."""
    if how.method not in (CNA, PTM) or how.positions == MINIMISED:
        return None
    for index in (frames[-1], frames[0]):
        frame = frame_averaged(trajectory.frame, trajectory.n_frames, index, how.average)
        lattice = _commonest(frame, how)
        if lattice:
            noise, distance, _ = noise_of(frame, lattice, how.among)
            made = control(lattice, distance, noise, N_ATOMS)
            asked = Labelling(how.method, positions=how.positions)
            return Control(lattice, noise, distance, label_frame(made, asked).columns)
    return None


def _commonest(frame: Frame, how: Labelling) -> str:
    """The crystal that most atoms are of, '' for none."""
    found = label_frame(frame, Labelling(PTM, among=how.among)).columns
    good = found["deviation"] <= MOST_DEVIATION
    counts = [int((good & (found["label"] == CLASSES.index(one))).sum()) for one in LATTICES]
    best = int(np.argmax(counts))
    least = max(FEWEST, LEAST_SHARE * int((found["label"] != LEFT_OUT).sum()))
    return LATTICES[best] if counts[best] >= least else ""
