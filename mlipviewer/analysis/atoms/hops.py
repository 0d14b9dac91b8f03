"""Hops of atoms between sites: events, times of residence, correlation of jumps, the site graph."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.atoms.hops_plots import (
    draw_directions,
    draw_events,
    draw_graph,
    draw_lengths,
    draw_occupancy,
    draw_residence,
)
from mlipviewer.analysis.methods.diffusion import CM2_PER_S
from mlipviewer.analysis.methods.hopping import Hopping, HoppingParams, find_hops
from mlipviewer.analysis.methods.jump_correlation import Correlation, correlation_of
from mlipviewer.analysis.methods.visits import survival
from mlipviewer.core.analysis import Analysis, Inputs, Needs, Result
from mlipviewer.core.plot import Array
from mlipviewer.core.progress import Progress

MOST_COLUMNS = 600  # of the picture of the occupancy
XYZ = ("x", "y", "z")


def run(inputs: Inputs, params: HoppingParams, progress: Progress) -> Result:
    """An atom belongs to the site in whose core it is; a hop is a change of site with `dwell`
    frames on both sides, from the last frame in the old core (begin) to the first in the new (end).

    Summary: n_hops, n_atoms, n_sites, hop_rate (1/ps per atom) and its error by Poisson,
    mean_residence (ps: all time at sites over the number of hops), back_jump_fraction (of jumps
    after another one), correlation_factor (sum of |R|^2 over sum of v^2) and its error, one_step
    ((1 + c) / (1 - c) with the mean cosine c of neighbouring jumps), wait_back and wait_on (ps
    between a jump and the next one that takes it back, that does not), hop_length (A, root mean
    square), diffusivity_cm2_s (f rate a^2 / 6). Tables `events` (atom, from, to, begin_frame,
    end_frame, time, length, back, x, y, z), `sites`, `residence` (stays), `survival`, `links`
    (from, to, n, rate per time that `from` is taken, length), `correlation` (cosines by order).
    Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    found = find_hops(inputs, params, progress)
    hops, atom = found.hops, found.visits.atom[found.hops.after]
    correlation = correlation_of(hops.vectors, atom, hops.back)
    times, share, at_risk = survival(found.stays.length, found.stays.ended)
    interval = found.paths.interval
    return Result(
        summary=_summary(found, correlation),
        tables={
            "events": _events(found, params.every),
            "sites": _sites(found),
            "residence": _residence(found, params.every),
            "survival": {
                "time": (times * interval).tolist(),
                "survival": share.tolist(),
                "at_risk": at_risk.tolist(),
            },
            "links": _links(found),
            "correlation": {
                "order": list(range(1, len(correlation.cosines) + 1)),
                "cosine": correlation.cosines.tolist(),
                "n": correlation.pairs.tolist(),
            },
        },
        units=_UNITS,
        notes=_notes(found),
        arrays=_arrays(found, params.every),
    )


_UNITS = MappingProxyType(
    {
        **dict.fromkeys(("hop_rate", "hop_rate_error", "rate"), "1/ps"),
        **dict.fromkeys(("time", "mean_residence", "wait_back", "wait_on", "residence"), "ps"),
        **dict.fromkeys((*XYZ, "length", "hop_length", "core"), "Å"),
        "diffusivity_cm2_s": "cm²/s",
    }
)


def _summary(found: Hopping, correlation: Correlation) -> dict[str, Any]:
    hops, interval = found.hops, found.paths.interval
    n = len(hops.begin)
    span = (found.n_frames - 1) * interval * len(found.ids)
    stayed = float(found.stays.length.sum()) * interval
    squares = float((hops.vectors**2).sum(axis=1).mean()) if n else np.nan
    diffusivity = correlation.factor * n / span * squares / 6 * CM2_PER_S
    back, on = _waits(found)
    summary = {
        "n_hops": n,
        "n_atoms": len(found.ids),
        "n_sites": len(found.sites),
        "n_frames": found.n_frames,
        "hop_rate": n / span,
        "hop_rate_error": np.sqrt(n) / span,
        "mean_residence": stayed / n if n else np.nan,
        "back_jump_fraction": correlation.back,
        "correlation_factor": correlation.factor,
        "correlation_factor_error": correlation.factor_error,
        "one_step": correlation.one_step,
        "wait_back": back,
        "wait_on": on,
        "hop_length": np.sqrt(squares),
        "diffusivity_cm2_s": diffusivity,
    }
    return {name: _plain(value) for name, value in summary.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, int):
        return value
    return float(value) if np.isfinite(value) else None


def _waits(found: Hopping) -> tuple[float, float]:
    """Mean times in ps between a jump and the next one of its atom: that takes it back, others."""
    hops = found.hops
    length = found.stays.length[hops.before] * found.paths.interval
    back, on = length[hops.follows & hops.back], length[hops.follows & ~hops.back]
    return (
        float(back.mean()) if len(back) else np.nan,
        float(on.mean()) if len(on) else np.nan,
    )


def _events(found: Hopping, every: int) -> dict[str, list[Any]]:
    """By the frame in which they begin."""
    hops, visits = found.hops, found.visits
    order = _order(found)
    middle = (hops.begin + hops.end) / 2 * found.paths.interval
    columns = {
        "atom": found.ids[visits.atom[hops.after]],
        "from": visits.site[hops.before],
        "to": visits.site[hops.after],
        "begin_frame": hops.begin * every,
        "end_frame": hops.end * every,
        "time": middle,
        "length": hops.lengths,
        "back": hops.back,
        **{name: hops.vectors[:, i] for i, name in enumerate(XYZ)},
    }
    return {name: values[order].tolist() for name, values in columns.items()}


def _order(found: Hopping) -> Array:
    hops = found.hops
    return np.lexsort((found.visits.atom[hops.after], hops.end, hops.begin))


def _sites(found: Hopping) -> dict[str, list[Any]]:
    """`occupancy`: mean number of atoms there; `residence`: time there over times it was left."""
    visits, stays, n = found.visits, found.stays, len(found.sites)
    length = np.bincount(visits.site, stays.length, n)
    left = np.bincount(visits.site[found.hops.before], minlength=n)
    pairs = np.unique(np.stack([visits.site, visits.atom], axis=1), axis=0)
    first = found.paths
    places = found.sites @ found.box.cell
    return {
        "site": list(range(n)),
        **{name: places[:, i].tolist() for i, name in enumerate(XYZ)},
        "occupancy": (length / max(found.n_frames - 1, 1)).tolist(),
        "residence": [
            float(t * first.interval / k) if k else None
            for t, k in zip(length.tolist(), left.tolist(), strict=True)
        ],
        "n_left": left.tolist(),
        "n_entered": np.bincount(visits.site[found.hops.after], minlength=n).tolist(),
        "n_atoms": np.bincount(pairs[:, 0], minlength=n).tolist(),
        "core": found.cores.tolist(),
    }


def _residence(found: Hopping, every: int) -> dict[str, list[Any]]:
    """Stays; those that began before the run or go on after it are not `whole`."""
    visits, stays = found.visits, found.stays
    return {
        "atom": found.ids[visits.atom].tolist(),
        "site": visits.site.tolist(),
        "begin_frame": (visits.first * every).tolist(),
        "end_frame": (visits.last * every).tolist(),
        "time": (stays.length * found.paths.interval).tolist(),
        "whole": stays.whole.tolist(),
    }


def _links(found: Hopping) -> dict[str, list[Any]]:
    """Pairs of sites between which atoms hop, images apart: those most used come first."""
    pairs, counts, vectors = _linked(found)
    rates = _rates(found, pairs, counts)
    order = np.argsort(-counts, kind="stable")
    return {
        "from": pairs[order, 0].tolist(),
        "to": pairs[order, 1].tolist(),
        "n": counts[order].tolist(),
        "rate": rates[order].tolist(),
        "length": np.linalg.norm(vectors, axis=1)[order].tolist(),
    }


def _rates(found: Hopping, pairs: Array, counts: Array) -> Array:
    """(k,) hops per ps that the first site is taken."""
    taken = np.bincount(found.visits.site, found.stays.length, len(found.sites))
    return np.asarray(counts / np.maximum(taken[pairs[:, 0]] * found.paths.interval, 1e-12))


def _linked(found: Hopping) -> tuple[Array, Array, Array]:
    """((k, 2) sites, (k,) hops, (k, 3) vectors in A)."""
    hops, visits = found.hops, found.visits
    cells = visits.cells[hops.after] - visits.cells[hops.before]
    ends = np.stack([visits.site[hops.before], visits.site[hops.after]], axis=1)
    keys, first, counts = np.unique(
        np.concatenate([ends, cells], axis=1), axis=0, return_index=True, return_counts=True
    )
    return keys[:, :2].astype(int), counts, hops.vectors[first]


def _notes(found: Hopping) -> tuple[str, ...]:
    notes = list(found.notes)
    seen = len(np.unique(found.visits.atom))
    if seen < len(found.ids):
        notes.append(
            f"{len(found.ids) - seen} of {len(found.ids)} atoms never stay at a site: look at the"
            " cores, at `dwell`, or take other sites"
        )
    shared = found.stays.length.sum() / max((found.n_frames - 1) * len(found.ids), 1)
    if seen and shared < 0.9:
        notes.append(f"atoms are at sites in {100 * shared:.0f} % of the time only")
    return tuple(notes)


def _arrays(found: Hopping, every: int) -> dict[str, Array]:
    pairs, counts, vectors = _linked(found)
    columns = np.unique(np.linspace(0, found.n_frames - 1, MOST_COLUMNS).round().astype(int))
    return {
        "ids": found.ids,
        "sites": found.sites,
        "cell": found.box.cell,
        "drift": found.paths.drift,
        "link_sites": pairs,
        "link_counts": counts,
        "link_rates": _rates(found, pairs, counts),
        "link_vectors": vectors,
        "occupied": _occupied(found, columns),
        "occupied_frames": (columns * every).astype(np.int32),
        "interval": np.array([found.paths.interval / every]),
    }


def _occupied(found: Hopping, columns: Array) -> Array:
    """(s, k) how many atoms are at each site in frames `columns`."""
    n = len(found.sites)
    visits, stays = found.visits, found.stays
    first = np.searchsorted(columns, stays.entered)
    last = np.searchsorted(columns, stays.left, "right")
    change = np.zeros((n, len(columns) + 1), np.int32)
    np.add.at(change, (visits.site, first), 1)
    np.add.at(change, (visits.site, last), -1)
    return np.asarray(np.cumsum(change, axis=1)[:, :-1])


ANALYSIS = Analysis(
    name="hops",
    title="Hops between sites",
    about="Persistent hops of atoms between sites: events, residence, correlation, site graph.",
    needs=(Needs.TRAJECTORY,),
    params=HoppingParams,
    run=run,
    plots=MappingProxyType(
        {
            "Hops over time": draw_events,
            "Occupancy of sites": draw_occupancy,
            "Times at sites": draw_residence,
            "Lengths of hops": draw_lengths,
            "Directions of hops": draw_directions,
            "Site graph": draw_graph,
        }
    ),
    on_atoms=True,
    compares=True,
)
