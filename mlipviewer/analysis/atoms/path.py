"""The path of chosen atoms through a range of frames, without jumps at the walls of the cell."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.times import (
    TIME,
    along,
    in_order,
    time_of,
    time_units,
)
from mlipviewer.analysis.methods.wrapping import images_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.measuring import rows_of_ids
from mlipviewer.core.periodic import nearest_images
from mlipviewer.core.plot import Array, Axis, Cursor, Line, Plot, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

MOST_ATOMS, MOST_PLACES = 2000, 500_000
MOST_LINES = 100  # in a plot


@dataclass(frozen=True)
class PathParams(Params):
    first: int = param(0, "first frame of the path, counted from 0", low=0)
    last: int = param(-1, "last frame of the path; -1: the last one of the run", low=-1)
    every: int = param(
        1, "places of every so many frames are kept; all are looked at", low=1, high=1_000_000
    )


def run(inputs: Inputs, params: PathParams, progress: Progress) -> Result:
    """Unwrapped places of up to 2000 atoms, followed by their ids, in A.

    Frames with image flags say themselves where an atom is. Else from frame to frame it moves to
    the nearest image of its new place; this holds while no atom moves farther than half the cell
    between two frames. A path begins where the atom is drawn. Where it is missing the places are
    NaN. Summary: n_frames, n_atoms, n_missing, farthest (A from the start). Table `path`: frame,
    time (ps, where it is known), atom, x, y, z, distance (from the start).
    Arrays: frames (k,), places (k, atoms, 3).
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    trajectory = inputs.the_trajectory()
    atoms = inputs.atoms
    if atoms is None or len(atoms) == 0:
        raise AnalysisProblem("no atoms are chosen")
    if len(atoms) > MOST_ATOMS:
        raise AnalysisProblem(f"paths of at most {MOST_ATOMS} atoms are drawn, not {len(atoms):,}")
    end = trajectory.n_frames if params.last < 0 else min(params.last + 1, trajectory.n_frames)
    frames = np.arange(min(params.first, end), end)
    kept = frames[:: params.every]
    if len(kept) * len(atoms) > MOST_PLACES:
        raise AnalysisProblem(
            f"{len(kept):,} frames of {len(atoms):,} atoms are too many places: take fewer, or"
            " every so many frames"
        )
    places = np.full((len(kept), len(atoms), 3), np.nan)
    follow, times = _Followed(len(atoms)), np.full(len(kept), np.nan)
    for step, index in enumerate(frames.tolist()):
        progress.step(step, len(frames))
        frame = trajectory.frame(index)
        rows = rows_of_ids(frame, atoms.tolist())
        now = follow.next(frame, rows)
        if step % params.every == 0:
            times[step // params.every] = time_of(trajectory, index, frame)
            places[step // params.every] = now
    return _result(kept, times, atoms.tolist(), places)


class _Followed:
    """Places of n atoms that go on where they were, frame after frame."""

    def __init__(self, n: int) -> None:
        self._known = np.full((n, 3), np.nan)  # where each was last
        self._first = np.full((n, 3), np.nan)  # the image that its path begins in

    def next(self, frame: Frame, rows: Array) -> Array:
        """(n, 3) places of the atoms that are these rows, NaN for those that are not there."""
        here, known = _rows_of(frame.positions, rows), self._known
        now = np.where(np.isnan(known), here, known + nearest_images(here - known, frame))
        images = images_of(frame)
        if images is not None:
            now = self._by(_rows_of(images, rows), here, now, np.asarray(frame.cell))
        self._known = np.where(np.isnan(now), known, now)
        return now

    def _by(self, images: Array, here: Array, nearest: Array, cell: Array) -> Array:
        """(n, 3) places by the images, counted from those that the paths begin in."""
        crossed = np.round((nearest - here) @ np.linalg.pinv(cell))
        self._first = np.where(np.isnan(self._first), images - crossed, self._first)
        return np.asarray(here + (images - self._first) @ cell)


def _rows_of(values: Array, rows: Array) -> Array:
    if not len(values):
        return np.full((len(rows), 3), np.nan)
    return np.where((rows >= 0)[:, None], values[np.maximum(rows, 0)], np.nan)


def _result(frames: Array, times: Array, atoms: list[int], places: Array) -> Result:
    start = _first_known(places)
    away = np.linalg.norm(places - start, axis=2)
    k, n = len(frames), len(atoms)
    flat = places.reshape(-1, 3)
    missing = int(np.isnan(places[..., 0]).sum())
    return Result(
        summary={
            "n_frames": k,
            "n_atoms": n,
            "n_missing": missing,
            "farthest": float(np.nanmax(away)) if missing < k * n else None,
        },
        tables={
            "path": {
                "frame": np.repeat(frames, n).tolist(),
                **({TIME: np.repeat(times, n).tolist()} if in_order(times) else {}),
                "atom": atoms * k,
                **{name: flat[:, i].tolist() for i, name in enumerate("xyz")},
                "distance": away.ravel().tolist(),
            }
        },
        units={**dict.fromkeys(("x", "y", "z", "distance", "farthest"), "Å"), **time_units(times)},
        arrays={"frames": frames, TIME: times, "places": places, "away": away},
        names=tuple(map(str, atoms)),
    )


def _first_known(places: np.ndarray) -> np.ndarray:
    """(atoms, 3) where each atom is first seen."""
    if not len(places):
        return np.full(places.shape[1:], np.nan)
    first = np.argmax(~np.isnan(places[..., 0]), axis=0)
    found: np.ndarray = places[first, np.arange(places.shape[1])]
    return found


def draw(_inputs: Inputs, _params: PathParams, result: Result) -> Plot:
    """How far each atom is from where it was first seen; the vertices are frames."""
    frames, away = result.arrays["frames"].astype(np.int32), result.arrays["away"]
    x, axis = along(frames, result.arrays[TIME])
    lines = tuple(
        Line(x, away[:, i], f"atom {name}", rows=frames, space=Space.FRAME, colour=i, pattern=i)
        for i, name in enumerate(result.names[:MOST_LINES])
    )
    n_missing, n = result.summary["n_missing"], len(result.names)
    drawn = f"{n} atoms" if n <= MOST_LINES else f"{MOST_LINES} of {n} atoms"
    return Plot(
        title="Distance of atoms from their first place",
        x=axis,
        y=Axis("distance (Å)"),
        marks=(*lines, Cursor(0.0)),
        status=f"{drawn} / {len(frames)} frames / {n_missing} places missing",
        empty="" if np.isfinite(away).any() else "None of these atoms is in these frames.",
    )


ANALYSIS = Analysis(
    name="path",
    title="Path of atoms",
    about="Where chosen atoms go, unwrapped, and how far from where they started.",
    needs=(Needs.TRAJECTORY, Needs.ATOMS),
    params=PathParams,
    run=run,
    plots=MappingProxyType({"Path of atoms": draw}),
)
