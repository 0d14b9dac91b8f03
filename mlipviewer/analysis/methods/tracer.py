"""The tracer diffusion coefficient of chosen atoms, from their mean square displacement."""

from __future__ import annotations

import numpy as np

from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.core.analysis import AnalysisProblem
from mlipviewer.core.columns import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Trajectory

PARTS = 4  # of a run, from which the error comes
FIRST, LAST = 0.1, 0.5  # of the longest lag: where the displacement is fitted


def unwrapped(trajectory: Trajectory, among: str, progress: Progress) -> Array:
    """(m, k, 3) paths in A of the atoms chosen in the first frame, across boundaries by nearest
    images, relative to the centre of all atoms. Raises AnalysisProblem, ReadProblem, Cancelled."""
    first = trajectory.frame(0)
    ids = first.atom_ids[taking_part(first, among)]
    if not len(ids):
        raise AnalysisProblem("no atom takes part")
    path: list[Array] = []
    before = first.positions[np.argsort(first.atom_ids, kind="stable")]
    inside = np.isin(np.sort(first.atom_ids), ids)
    at = before.copy()
    for index in range(trajectory.n_frames):
        progress.step(index, trajectory.n_frames)
        frame = trajectory.frame(index)
        if frame.n_atoms != first.n_atoms:
            raise AnalysisProblem(f"{trajectory.name}: the number of atoms changes")
        now = frame.positions[np.argsort(frame.atom_ids, kind="stable")]
        step = now - before
        if frame.cell is not None and any(frame.pbc):
            share = step @ np.linalg.inv(frame.cell)
            step = step - np.round(share * np.array(frame.pbc)) @ frame.cell
        at = at + step - step.mean(axis=0)
        path.append(at[inside])
        before = now
    return np.array(path)


def square_displacement(path: Array) -> Array:
    """(m,) mean of |r(t + lag) - r(t)|^2 over atoms and all t, in A^2, by lag in frames."""
    m = len(path)
    size = 1 << (2 * m - 1).bit_length()
    power = np.abs(np.fft.rfft(path, size, axis=0)) ** 2
    products = np.fft.irfft(power.sum(axis=2), size, axis=0)[:m].mean(axis=1)
    squares = (path**2).sum(axis=2).mean(axis=1)
    ends = np.concatenate([[0.0], np.cumsum(squares)])
    lags = np.arange(m)
    both = (ends[m] - ends[lags]) + ends[m - lags]
    found: Array = np.maximum(both - 2 * products, 0.0) / (m - lags)
    return found


def diffusion(path: Array, interval: float) -> tuple[float, float]:
    """(D, its error) in A^2/ps: a sixth of the slope of the displacement between 10 and 50 % of the
    longest lag; the error is that of the mean of four parts of the run."""
    whole = _slope(square_displacement(path), interval) / 6
    parts = [p for p in np.array_split(np.arange(len(path)), PARTS) if len(p) >= 8]
    each = [_slope(square_displacement(path[p]), interval) / 6 for p in parts]
    wrong = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else 0.0
    return whole, float(wrong)


def _slope(displacement: Array, interval: float) -> float:
    m = len(displacement)
    some = np.arange(max(int(FIRST * m), 1), max(int(LAST * m), 3))
    return float(np.polyfit(some * interval, displacement[some], 1)[0])
