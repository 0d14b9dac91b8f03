"""On which ways atoms crystallize: directly, or by way of close-packed states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.pathways_plots import (
    draw_flows,
    draw_residence,
    draw_shares,
    draw_transitions,
)
from mlipviewer.analysis.methods.class_paths import (
    BCC,
    DISORDERED,
    STATES,
    Changes,
    Histories,
    changes_of,
    ends_of,
    flicker_of,
    flows_of,
    histories,
    lasting,
    passages_of,
    stays_of,
    transition_counts,
)
from mlipviewer.analysis.methods.flicker_controls import MADE, control_run, made_control
from mlipviewer.analysis.methods.labels import (
    Labelled,
    LabelParams,
    cutoff_of,
    ids_where,
    labelled_frames,
    looked_at,
)
from mlipviewer.analysis.methods.path_shares import Flicker, Shares, blocks_of, shares_of
from mlipviewer.analysis.methods.times import interval_of, times_of
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Result, param
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress
from mlipviewer.core.rows import member
from mlipviewer.core.trajectory import Trajectory

MOST_CELLS = 2_000_000_000
"""Atoms times frames: one byte each is held in memory."""


@dataclass(frozen=True)
class PathwaysParams(LabelParams):
    of: str = param(
        "", "a condition: follow these atoms, as they are when they first appear; all when empty"
    )
    persistence: float = param(
        0.0,
        "a state counts where it lasts so long; 0: by frames. Needs the time between frames",
        unit="ps",
        low=0.0,
    )
    persistence_frames: int = param(
        3, "a state counts where it lasts so many of the frames that are looked at", low=1
    )
    control: str = param(
        "",
        "a condition: atoms of a crystal at the same temperature, whose flicker is subtracted; when"
        " empty those that are bcc at both ends and never disordered",
    )
    control_run: str = param(
        "",
        "a run beside this one by its name, a bulk crystal whose flicker is subtracted (`control`"
        f" says which of its atoms; all when empty); {MADE}: a made crystal as dense and as warm",
    )
    block: float = param(
        10.0,
        "intervals come from neighbourhoods of this edge drawn again, whose atoms move together; 0:"
        " single atoms",
        unit="A",
        low=0.0,
    )
    flicker: float = param(
        -1.0,
        "flicker of a control of its own (`flicker` of its summary, 0 to 1); -1: as measured here",
        low=-1.0,
        high=1.0,
    )
    unchanged: bool = param(True, "draw atoms that never change, too", plot="Pathways")


def run(inputs: Inputs, params: PathwaysParams, progress: Progress) -> Result:
    """States of each atom over time: disordered, close-packed (fcc and hcp) or bcc.

    Summary: n_atoms, n_frames, persistence (frames), n_crystallized (bcc at the end after having
    been disordered), n_direct, n_multi_step, multi_step (share), multi_step_corrected, flicker,
    flicker_raw, n_control, n_blocks, cutoff. Tables `transitions`: from, to, n; `shares`: path, n,
    share, low, high (95 % of a bootstrap by blocks of space), corrected, corrected_low,
    corrected_high; `paths`: start, through, end, n, share; `residence`: class, n, n_complete, mean,
    lifetime, error (in ps where known, else frames). Raises AnalysisProblem, ReadProblem,
    Cancelled.
    """
    trajectory = inputs.the_trajectory()
    frames = looked_at(trajectory, params.every)
    cutoff = cutoff_of(inputs, params, progress)
    seen, places = _read(inputs, params, progress, cutoff)
    control = _control(inputs, params, progress, cutoff)
    if control is None and params.control:
        control = _those(trajectory, seen, params.control, frames)
    if params.of:
        seen = _those(trajectory, seen, params.of, frames)
    if len(seen.ids) == 0:
        raise AnalysisProblem("no atom takes part")
    n_lasting = _persistence(trajectory, params)
    kept = lasting(seen.states, n_lasting)
    return _told(trajectory, params, frames, seen, kept, control, n_lasting, cutoff, places)


def _read(
    inputs: Inputs, params: PathwaysParams, progress: Progress, cutoff: float | None
) -> tuple[Histories, _Places]:
    frames = looked_at(inputs.the_trajectory(), params.every)
    found = labelled_frames(inputs, params, progress, cutoff)
    first = inputs.the_trajectory().frame(0).n_atoms
    if first * len(frames) > MOST_CELLS:
        raise AnalysisProblem(
            f"{first} atoms in {len(frames)} frames are too many at once: look at fewer frames"
            " (every), or fewer atoms (among)"
        )
    places = _Places()
    seen = histories((places.see(one) for one in found), len(frames))
    return seen, places


class _Places:
    """Where each atom is when it first appears."""

    def __init__(self) -> None:
        self._as_given: Array = np.empty(0, np.int64)
        self._known: dict[int, Array] = {}

    def see(self, one: Labelled) -> tuple[Array, Array]:
        """Its ids and labels."""
        if not np.array_equal(one.ids, self._as_given):
            self._as_given = one.ids
            for identity, place in zip(one.ids.tolist(), one.places, strict=True):
                self._known.setdefault(identity, place)
        return one.ids, one.labels

    def of(self, ids: Array) -> Array:
        """(n, 3) in A; those of another run are nowhere."""
        nowhere = np.full(3, np.nan)
        found = [self._known.get(identity, nowhere) for identity in ids.tolist()]
        return np.array(found, float).reshape(-1, 3)


def _control(
    inputs: Inputs, params: PathwaysParams, progress: Progress, cutoff: float | None
) -> Histories | None:
    """The control that is another run, or made. Raises AnalysisProblem."""
    if not params.control_run:
        return None
    if params.control_run == MADE and MADE not in inputs.beside:
        return made_control(inputs, params, progress, cutoff)
    its_atoms = replace(params, among=params.control)
    return control_run(inputs, params.control_run, its_atoms, progress, cutoff)


def _appearing(seen: Histories, frames: range) -> list[tuple[int, Array]]:
    """(frame, ids) of atoms by the frame in which they first appear."""
    first = (seen.states >= 0).argmax(axis=1)
    return [(frames[k], seen.ids[first == k]) for k in np.unique(first).tolist()]


def _those(trajectory: Trajectory, seen: Histories, condition: str, frames: range) -> Histories:
    """The atoms for which a condition holds when they first appear. Raises AnalysisProblem."""
    own = member(seen.ids, ids_where(trajectory, condition, _appearing(seen, frames)))
    if not own.any():
        raise AnalysisProblem(f"no atom fits {condition!r}")
    return Histories(seen.ids[own], seen.states[own])


def _persistence(trajectory: Trajectory, params: PathwaysParams) -> int:
    """In frames that are looked at."""
    if not params.persistence:
        return params.persistence_frames
    interval = interval_of(trajectory) * params.every
    return max(1, int(np.ceil(params.persistence / interval - 1e-9)))


def _throughout(kept: Array) -> Array:
    """(n,) bcc at both ends, and never disordered."""
    first, last = ends_of(kept)
    found: Array = (first == BCC) & (last == BCC) & ~(kept == DISORDERED).any(axis=1)
    return found


def _told(
    trajectory: Trajectory,
    params: PathwaysParams,
    frames: range,
    seen: Histories,
    kept: Array,
    control: Histories | None,
    n_lasting: int,
    cutoff: float | None,
    places: _Places,
) -> Result:
    each, raw, ids = _flicker(seen, kept, control, n_lasting)
    given = params.flicker >= 0
    flicker = params.flicker if given else float(each.mean()) if len(each) else 0.0
    passages = passages_of(kept)
    alone = bool(params.control_run)  # its places are not known here
    of_control = np.arange(len(each)) if alone else blocks_of(places.of(ids), params.block)
    measured = None if given else Flicker(each, of_control)
    blocks = blocks_of(places.of(seen.ids[passages.atoms]), params.block)
    shares = shares_of(passages, flicker, measured, blocks)
    changes = changes_of(kept)
    unit, step = _unit(trajectory, params)
    flows, which = flows_of(kept, changes)
    return Result(
        summary={
            "n_atoms": len(seen.ids),
            "n_frames": len(frames),
            "persistence": n_lasting,
            **_counts(shares),
            "flicker": flicker,
            "flicker_raw": float(raw.mean()) if len(raw) else 0.0,
            "n_control": len(raw),
            "cutoff": cutoff,
        },
        tables={
            "transitions": _transitions(changes),
            "shares": _shares(shares),
            "paths": _paths(flows, which),
            "residence": _residence(kept, step),
        },
        units=dict.fromkeys(("mean", "lifetime", "error"), unit),
        notes=_notes(len(raw), given, n_lasting, len(frames)),
        arrays={
            **{"frames": np.array(frames), "ids": seen.ids, "flows": flows, "which": which},
            **{"passing": passages.atoms, "direct": passages.direct},
            **{"change_atoms": changes.atoms, "change_frames": changes.frames},
            **{"change_old": changes.old, "change_new": changes.new},
        },
        names=STATES,
    )


def _flicker(
    seen: Histories, kept: Array, control: Histories | None, n_lasting: int
) -> tuple[Array, Array, Array]:
    """(c,) the flicker of each atom of the control, of states that last and of all labels; ids."""
    if control is None:
        own = _throughout(kept)
        raw, steady, ids = seen.states[own], kept[own], seen.ids[own]
    else:
        raw, steady, ids = control.states, lasting(control.states, n_lasting), control.ids
    every = np.arange(len(raw))
    return flicker_of(steady, every), flicker_of(raw, every), ids


def _counts(shares: Shares) -> dict[str, Any]:
    return {
        "n_crystallized": shares.n_direct + shares.n_steps,
        "n_direct": shares.n_direct,
        "n_multi_step": shares.n_steps,
        "multi_step": _or_none(shares.steps),
        "multi_step_corrected": _or_none(shares.corrected),
        "n_blocks": shares.n_blocks,
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def _unit(trajectory: Trajectory, params: PathwaysParams) -> tuple[str, float]:
    """The unit of durations, and how long one looked-at frame is in it."""
    times = times_of(trajectory, range(min(trajectory.n_frames, 2)))
    if len(times) < 2 or not np.isfinite(times).all():
        return "frames", float(params.every)
    try:
        return "ps", interval_of(trajectory) * params.every
    except AnalysisProblem:
        return "frames", float(params.every)


def _notes(n_control: int, given: bool, n_lasting: int, n_frames: int) -> tuple[str, ...]:
    notes = []
    if n_control == 0 and not given:
        notes.append(
            "no atom is crystalline throughout: the flicker of a crystal is not known and nothing"
            " is subtracted; a control can be given"
        )
    if n_lasting == 1:
        notes.append("every label counts: thermal flicker of 1 to 3 % fakes multi-step ways")
    if n_lasting * 4 > n_frames:
        notes.append("the frames are few for states that have to last so long")
    return tuple(notes)


def _transitions(changes: Changes) -> dict[str, list[Any]]:
    counts = transition_counts(changes)
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    return {
        "from": [STATES[i] for i, _ in pairs],
        "to": [STATES[j] for _, j in pairs],
        "n": [int(counts[i, j]) for i, j in pairs],
    }


def _shares(found: Shares) -> dict[str, list[Any]]:
    ways = ["disordered -> bcc", "disordered -> close-packed -> bcc"]
    return {
        "path": ways,
        "n": [found.n_direct, found.n_steps],
        "share": [1 - found.steps, found.steps],
        "low": [1 - found.high, found.low],
        "high": [1 - found.low, found.high],
        "corrected": [1 - found.corrected, found.corrected],
        "corrected_low": [1 - found.corrected_high, found.corrected_low],
        "corrected_high": [1 - found.corrected_low, found.corrected_high],
    }


def _paths(flows: Array, which: Array) -> dict[str, list[Any]]:
    counts = np.bincount(which, minlength=len(flows))
    through = [STATES[k] if k >= 0 else "" for k in flows[:, 1].tolist()]
    return {
        "start": [STATES[k] for k in flows[:, 0].tolist()],
        "through": through,
        "end": [STATES[k] for k in flows[:, 2].tolist()],
        "n": counts.tolist(),
        "share": (counts / max(counts.sum(), 1)).tolist(),
    }


def _residence(kept: Array, step: float) -> dict[str, list[Any]]:
    """The mean of complete stays, and the lifetime: the time spent in a state by the number of
    times that it was left, which knows of the stays that were cut; its error is 1/sqrt(n) of it."""
    _, states, lengths, complete = stays_of(kept)
    table: dict[str, list[Any]] = {
        name: [] for name in ("class", "n", "n_complete", "mean", "lifetime", "error")
    }
    left = np.bincount(changes_of(kept).old, minlength=3)
    for state, name in enumerate(STATES):
        own = states == state
        whole = lengths[own & complete]
        lifetime = step * lengths[own].sum() / left[state] if left[state] else np.nan
        values = (
            name,
            int(own.sum()),
            len(whole),
            step * float(whole.mean()) if len(whole) else np.nan,
            float(lifetime),
            float(lifetime / np.sqrt(left[state])) if left[state] else np.nan,
        )
        for column, value in zip(table.values(), values, strict=True):
            column.append(value)
    return table


ANALYSIS = Analysis(
    name="pathways",
    title="Pathways",
    about="On which ways atoms crystallize: directly, or by way of close-packed states.",
    needs=(Needs.TRAJECTORY,),
    params=PathwaysParams,
    run=run,
    plots=MappingProxyType(
        {
            "Pathways": draw_flows,
            "Shares": draw_shares,
            "Transitions": draw_transitions,
            "Residence": draw_residence,
        }
    ),
    picture=("unchanged",),
    on_atoms=True,
    overlay=True,
)
