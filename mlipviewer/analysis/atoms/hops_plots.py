"""Plots of hops: over time, occupancy, times at sites, lengths, directions, the graph of sites."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import (
    Array,
    Axis,
    Bars,
    Edges,
    Line,
    Mark,
    Plot,
    Points,
    Raster,
    Space,
)

GROUPS = ("onwards", "back")
MOST_BINS = 60
MOST_HINTS = 5000
AWAY = (0.37, 0.23)
"""How far to the right and up things seen in the graph go for each A that they lie behind."""
NOTHING = "No atom hops from site to site in this run."


def _status(result: Result) -> str:
    about: Any = result.summary
    text = f"{about['n_hops']} hops of {about['n_atoms']} atoms between {about['n_sites']} sites"
    if about["mean_residence"] is not None:
        text += f" / residence {about['mean_residence']:.4g} ps"
    if about["correlation_factor"] is not None:
        text += f" / f {about['correlation_factor']:.3g}"
    if about["back_jump_fraction"] is not None:
        text += f" / {100 * about['back_jump_fraction']:.0f} % back"
    return text


def _column(result: Result, table: str, name: str, kind: type = float) -> Array:
    return np.array(result.tables[table][name], kind)


def _hints(result: Result) -> tuple[str, ...]:
    """What hover tells of each hop; nothing where there are too many to be told apart."""
    events = result.tables["events"]
    if len(events["atom"]) > MOST_HINTS:
        return ()
    names = ("atom", "from", "to", "begin_frame", "end_frame", "time", "length")
    rows = zip(*(events[name] for name in names), strict=True)
    return tuple(
        f"atom {atom}: site {a} → {b}\nframes {begin + 1} to {end + 1}, {time:.4g} ps\n{far:.3g} Å"
        for atom, a, b, begin, end, time, far in rows
    )


def draw_events(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Each hop at its time: a click shows its frame and selects its atom."""
    time, atom = _column(result, "events", "time"), _column(result, "events", "atom", int)
    frames = _column(result, "events", "begin_frame", int).astype(np.int32)
    back = _column(result, "events", "back", int)
    points = Points(
        time, atom.astype(float), atom, Space.ATOM, group=back, group_names=GROUPS,
        hints=_hints(result), frames=frames, size=7.0,
    )  # fmt: skip
    return Plot(
        title="Hops over time",
        x=Axis("time (ps)"),
        y=Axis("atom", whole=True),
        marks=(points,),
        status=_status(result),
        empty="" if len(time) else NOTHING,
    )


def draw_occupancy(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Which sites are taken, and when; a line stands for the atoms that were there."""
    occupied, frames = result.arrays["occupied"], result.arrays["occupied_frames"]
    site, atom = (_column(result, "residence", name, int) for name in ("site", "atom"))
    order = np.argsort(site, kind="stable")
    ends = np.searchsorted(site[order], np.arange(len(occupied) + 1))
    own = [np.unique(atom[order[a:b]]) for a, b in pairwise(ends.tolist())]
    used = np.flatnonzero([len(one) > 0 for one in own])
    raster = Raster(
        np.minimum(occupied[used], 2), frames * float(result.arrays["interval"][0]),
        tuple(own[i] for i in used.tolist()), frames, ("free", "taken", "two or more"), (7, 0, 5),
    )  # fmt: skip
    share = float((occupied > 0).mean()) if occupied.size else 0.0
    return Plot(
        title="Occupancy of sites",
        x=Axis("time (ps)"),
        y=Axis("atoms that were at a site, site by site"),
        marks=(raster,),
        status=f"{_status(result)} / {100 * share:.0f} % of the sites taken",
        empty="" if len(used) else "No atom stays at a site.",
    )


def draw_residence(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The share of stays that last longer than a time, against that of a constant rate."""
    time, share = _column(result, "survival", "time"), _column(result, "survival", "survival")
    stays, whole = _column(result, "residence", "time"), _column(result, "residence", "whole", bool)
    atom, frame = (_column(result, "residence", name, int) for name in ("atom", "begin_frame"))
    x, y = np.append(0.0, time), np.append(1.0, share)
    at = np.minimum(np.searchsorted(time, stays[whole]), max(len(time) - 1, 0))
    marks: list[Mark] = [Line(x, y, "as seen", steps=True, colour=0)]
    mean = result.summary["mean_residence"]
    if isinstance(mean, float):
        fine = np.linspace(0.0, float(x[-1]), 100)
        name = f"exp(-t / {mean:.4g} ps)"
        marks.append(Line(fine, np.exp(-fine / mean), name, dashed=True, colour=-1))
    marks.append(
        Points(stays[whole], share[at] if len(share) else stays[whole], atom[whole], Space.ATOM,
               frames=frame[whole].astype(np.int32), size=5.0)
    )  # fmt: skip
    return Plot(
        title="Times at sites",
        x=Axis("time at a site (ps)"),
        y=Axis("share that stays longer"),
        marks=tuple(marks),
        status=f"{_status(result)} / {int(whole.sum())} of {len(stays)} stays seen from their"
        " begin to their end",
        empty="" if len(stays) else "No atom stays at a site.",
    )


def draw_lengths(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How far hops go: bars stand for the atoms that hop so far."""
    length, atom = _column(result, "events", "length"), _column(result, "events", "atom", int)
    low, high = (float(length.min()), float(length.max())) if len(length) else (0.0, 1.0)
    n = min(MOST_BINS, max(10, int(np.sqrt(len(length)))))
    room = max(0.05 * (high - low), 0.05)
    edges = np.linspace(low - room, high + room, n + 1)
    bins = np.clip(np.searchsorted(edges, length, "right") - 1, 0, n - 1)
    counts = np.bincount(bins, minlength=n)
    used = np.flatnonzero(counts)
    rows = tuple(np.unique(atom[bins == k]) for k in used.tolist())
    labels = tuple(f"{edges[k]:.3g} to {edges[k + 1]:.3g} Å\n{counts[k]} hops" for k in used)
    bars = Bars(
        (edges[used] + edges[used + 1]) / 2, counts[used].astype(float), rows, Space.ATOM,
        thick=float(edges[1] - edges[0]) * 0.92, labels=labels,
    )  # fmt: skip
    return Plot(
        title="Lengths of hops",
        x=Axis("length (Å)"),
        y=Axis("hops"),
        marks=(bars,),
        status=_status(result),
        empty="" if len(length) else NOTHING,
    )


def draw_directions(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Where hops go: longitude and latitude about the z axis."""
    x, y, z = (_column(result, "events", name) for name in "xyz")
    far = np.maximum(_column(result, "events", "length"), 1e-12)
    frames = _column(result, "events", "begin_frame", int).astype(np.int32)
    points = Points(
        np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(np.clip(z / far, -1, 1))),
        _column(result, "events", "atom", int), Space.ATOM,
        group=_column(result, "events", "back", int), group_names=GROUPS,
        hints=_hints(result), frames=frames,
    )  # fmt: skip
    return Plot(
        title="Directions of hops",
        x=Axis("angle from x towards y (°)"),
        y=Axis("angle above the xy plane (°)"),
        marks=(points,),
        status=_status(result),
        empty="" if len(far) else NOTHING,
    )


def draw_graph(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The sites with the hops between them, seen a little from the side; what crosses the boundary
    of the cell is drawn as two halves. Sites without hops are small."""
    arrays = result.arrays
    flat = _oblique(arrays["cell"])
    at = arrays["sites"] @ arrays["cell"] @ flat
    occupancy = _column(result, "sites", "occupancy")
    edges, nodes = _edges(at, arrays["link_vectors"] @ flat, arrays)
    labels = tuple(f"site {k}\ntaken {100 * o:.0f} %" for k, o in enumerate(occupancy.tolist()))
    linked = np.isin(np.arange(len(at)), arrays["link_sites"])
    size = np.where(linked, 6.0 + 4.0 * np.clip(occupancy, 0, 1), 3.0)
    points = Points(
        at[:, 0], at[:, 1], np.arange(len(at)), Space.SITE, hints=labels, round=True, size=size,
        group=linked.astype(int), group_names=("without hops", "with hops"), crowd=100_000,
    )  # fmt: skip
    marks: tuple[Mark, ...] = (edges, points) if nodes else (points,)
    return Plot(
        title="Site graph",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=marks,
        status=f"{_status(result)} / {nodes} sites linked by hops",
        square=True,
    )


def _oblique(cell: Array) -> Array:
    """(3, 2) onto the plane of two vectors of the cell, across the shortest one, turned a little so
    that sites behind each other are seen side by side."""
    lengths = np.linalg.norm(cell, axis=1)
    depth = int(lengths.argmin())
    first, second = (k for k in range(3) if k != depth)
    right = cell[first] / max(lengths[first], 1e-12)
    up = cell[second] - (cell[second] @ right) * right
    up = up / max(float(np.linalg.norm(up)), 1e-12)
    away = np.cross(right, up)
    return np.stack([right + AWAY[0] * away, up + AWAY[1] * away], axis=1)


def _edges(at: Array, vectors: Array, arrays: Mapping[str, Array]) -> tuple[Edges, int]:
    """The ways between sites `at` (s, 2), two halves where the image of a site is meant; and how
    many sites they join."""
    sites, counts, rates = (arrays[f"link_{name}"] for name in ("sites", "counts", "rates"))
    first, second = at[sites[:, 0]], at[sites[:, 1]]
    inside = np.abs(second - first - vectors).max(axis=1, initial=0.0) < 1e-6
    begin = np.concatenate([first[inside], first[~inside], second[~inside]])
    halves = first + vectors / 2, second - vectors / 2
    end = np.concatenate([second[inside], *(one[~inside] for one in halves)])
    own = np.concatenate([np.flatnonzero(inside), *(np.flatnonzero(~inside),) * 2])
    few = own if len(own) <= MOST_HINTS else own[:0]
    told = zip(sites[few].tolist(), counts[few].tolist(), rates[few].tolist(), strict=True)
    labels = tuple(f"site {a} → {b}\n{n} hops, {rate:.3g} 1/ps" for (a, b), n, rate in told)
    ends = np.stack([begin, end], axis=1)
    share = counts[own] / max(float(counts.max(initial=1)), 1.0)
    found = Edges(ends[:, :, 0], ends[:, :, 1], sites[own], Space.SITE, share, ~inside[own], labels)
    return found, len(np.unique(sites))
