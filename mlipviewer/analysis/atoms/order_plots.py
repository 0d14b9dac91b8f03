"""Plots of chemical order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.times import TIME, along
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Cursor, Line, Mark, Plot, Points, Rule, Space

ON_TIME, ON_FRAMES = "time", "frames"
ALONG = (ON_TIME, ON_FRAMES)
MOST_PAIRS = 10
WIDTH = 0.8  # of the bars of one shell


def shown_pairs(result: Result) -> list[tuple[int, int]]:
    """Pairs of species, those of the strongest order where there are many."""
    alpha, k = result.arrays["alpha"], len(result.names)
    pairs = [(i, j) for i in range(k) for j in range(i, k)]
    known = [p for p in pairs if np.isfinite(alpha[:, p[0], p[1]]).any()]
    if len(known) <= MOST_PAIRS:
        return known
    strongest = sorted(known, key=lambda p: -float(np.nan_to_num(np.abs(alpha[0][p]))))
    return sorted(strongest[:MOST_PAIRS])


def _name(result: Result, pair: tuple[int, int]) -> str:
    return f"{result.names[pair[0]]}-{result.names[pair[1]]}"


def _atoms(result: Result, pair: Sequence[int]) -> Array:
    """The ids of the atoms of these species in the last frame."""
    own = [result.arrays[f"ids {i}"] for i in pair if f"ids {i}" in result.arrays]
    return np.unique(np.concatenate(own)).astype(np.int32) if own else np.empty(0, np.int32)


def draw_shells(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """alpha of each pair by shell, with errors and what chance does."""
    alpha, error, chance = (result.arrays[one] for one in ("alpha", "error", "chance"))
    pairs, shells = shown_pairs(result), len(alpha)
    thick = WIDTH / max(len(pairs), 1)
    at, end, low, high, group, rows = [], [], [], [], [], []
    for place, (i, j) in enumerate(pairs):
        for shell in range(shells):
            value, width = float(alpha[shell, i, j]), float(np.nan_to_num(error[shell, i, j]))
            at.append(shell + 1 + (place + 0.5) * thick - WIDTH / 2)
            end.append(value)
            low.append(value - width)
            high.append(value + width)
            group.append(place)
            rows.append(_atoms(result, (i, j)))
    bars = Bars(
        np.array(at), np.array(end), tuple(rows), Space.ATOM, thick=0.92 * thick,
        group=np.array(group, int), group_names=tuple(_name(result, p) for p in pairs),
        low=np.array(low), high=np.array(high),
        labels=tuple(f"{_name(result, pairs[g])}, shell {round(x)}: {y:.4f}"
                     for g, x, y in zip(group, at, end, strict=True)),
    )  # fmt: skip
    unlike = [chance[0, i, j] for i, j in pairs if i != j]
    said = f" / chance ± {float(np.nanmax(unlike)):.2g}" if unlike else ""
    k = len(result.names)
    left = k * (k + 1) // 2 - len(pairs)
    more = f" / {left} weaker pairs not drawn" if left else ""
    ticks = tuple((float(s + 1), str(s + 1)) for s in range(shells))
    return Plot(
        title="Warren-Cowley parameters",
        x=Axis("shell of neighbours", ticks=ticks),
        y=Axis("α"),
        marks=(bars, Rule(0.0, "random", vertical=False)),
        status=_status(result) + said + more,
        empty="" if pairs else "No pair of species has neighbours in these shells.",
    )


def _along(params: Any, result: Result) -> tuple[Array, Axis]:
    times = result.arrays[TIME]
    return along(result.arrays["frames"], times if params.along == ON_TIME else times * np.nan)


def _status(result: Result) -> str:
    about = result.summary
    order = about["long_range_order"]
    if order is None:
        return f"{about['n_frames']} frames / {about['n_atoms']} atoms"
    first, last = about["long_range_order_first"], about["long_range_order_last"]
    ends = (
        f"S {order:.4f}" if about["n_frames"] == 1 or first is None or last is None
        else f"S {first:.3f} to {last:.3f}"
    )  # fmt: skip
    return f"{about['n_frames']} frames / {about['n_atoms']} atoms / {about['structure']}: {ends}"


def draw_pairs(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """alpha of each pair in one shell along the run."""
    alphas = result.arrays["alphas"]
    shell = min(params.shell, alphas.shape[1]) - 1
    x, axis = _along(params, result)
    frames = result.arrays["frames"].astype(np.int32)
    lines: tuple[Mark, ...] = tuple(
        Line(x, alphas[:, shell, i, j], _name(result, (i, j)), rows=frames, space=Space.FRAME,
             colour=n, pattern=n)
        for n, (i, j) in enumerate(shown_pairs(result))
    )  # fmt: skip
    return Plot(
        title=f"Warren-Cowley parameters of shell {shell + 1}",
        x=axis,
        y=Axis("α"),
        marks=(*lines, Rule(0.0, "random", vertical=False), Cursor(0.0)),
        status=_status(result),
        empty="" if lines else "No pair of species has neighbours in these shells.",
    )


def draw_long_range(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """S along the run, and what random alloys of that size have."""
    order, chance = result.arrays["order"], result.summary["long_range_order_chance"]
    x, axis = _along(params, result)
    frames = result.arrays["frames"].astype(np.int32)
    ratio = result.arrays["c_over_a"]
    hints = tuple(
        f"S {s:.4f}, c/a {c:.4f}" for s, c in zip(order.tolist(), ratio.tolist(), strict=True)
    )
    marks: tuple[Mark, ...] = (
        Line(x, order, "S", rows=frames, space=Space.FRAME, colour=0),
        Points(x, order, frames, Space.FRAME, size=4.0, hints=hints, faint=True),
        Rule(0.0 if chance is None else 2 * float(chance), "two σ of chance", vertical=False),
        Cursor(0.0),
    )
    about = result.summary
    tetragonal = "" if about["c_over_a"] is None else f" / c/a {about['c_over_a']:.4f}"
    entropy = "" if about["entropy"] is None else (
        f" / entropy {about['entropy']:.4f}, all mixed {about['entropy_random']:.4f} k_B"
    )  # fmt: skip
    known = np.isfinite(order).any()
    why = result.notes[0] if result.notes else "No frame has long-range order."
    return Plot(
        title="Long-range order",
        x=axis,
        y=Axis("S of Bragg and Williams"),
        marks=marks,
        status=_status(result) + tetragonal + entropy,
        empty="" if known else why,
    )


def draw_temperature(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """S and alpha of unlike neighbours against temperature: one curve through the means of all runs
    that stand side by side."""
    arrays = result.arrays
    kelvin, first = arrays["all_kelvin"], arrays["run"] == 0
    names = ("S", "−α, shell 1")
    marks: list[Mark] = []
    for n, values in enumerate((arrays["all_order"], -arrays["all_unlike"])):
        known = np.isfinite(kelvin) & np.isfinite(values)
        if not known.any():
            continue
        order = np.argsort(kelvin[known], kind="stable")
        x, y = _means(kelvin[known][order], values[known][order])
        marks.append(Line(x, y, names[n], colour=n, pattern=n))
        own = known & first  # a click shows a frame: those of the first run can be shown
        rows = arrays["all_frames"][own].astype(np.int32)
        marks.append(
            Points(kelvin[own], values[own], rows, Space.FRAME, group=np.full(len(rows), n),
                   group_names=names, size=4.0, faint=True)
        )  # fmt: skip
    return Plot(
        title="Order against temperature",
        x=Axis("temperature (K)"),
        y=Axis("order"),
        marks=tuple(marks),
        status=_status(result),
        empty="" if marks else "No frame tells its temperature, nor is one known of the run.",
    )


def _means(x: Array, y: Array, bins: int = 40) -> tuple[Array, Array]:
    """Means of y over equal temperatures, or over ranges of them where they are many."""
    if len(np.unique(x)) > bins:
        x_of = np.linspace(x[0], x[-1], bins + 1)
        which = np.clip(np.searchsorted(x_of, x, "right") - 1, 0, bins - 1)
    else:
        which = np.unique(x, return_inverse=True)[1]
    counts = np.bincount(which)
    there = counts > 0
    sums = [np.bincount(which, weights=one)[there] / counts[there] for one in (x, y)]
    return sums[0], sums[1]


def draw_preference(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """What the sublattices hold of each element, in the last frame."""
    table = result.tables["site_preference"]
    if not table["element"]:
        why = result.notes[0] if result.notes else "There are no sublattices."
        return Plot(title="Site preference", empty=why, status=_status(result))
    elements = list(dict.fromkeys(table["element"]))
    at = np.array([elements.index(one) for one in table["element"]], float)
    side = np.array(["AB".index(one) for one in table["sublattice"]])
    share = 100 * np.array(table["share"])
    rows = tuple(_atoms(result, (int(one),)) for one in at)
    bars = Bars(
        at + 0.4 * (side - 0.5), share, rows, Space.ATOM, thick=0.36, group=side,
        group_names=("sublattice A", "sublattice B"),
        labels=tuple(f"{e}: {s:.1f} % on {b}, {100 * o:.1f} % of its sites"
                     for e, s, b, o in zip(table["element"], share, table["sublattice"],
                                           table["occupied"], strict=True)),
    )  # fmt: skip
    return Plot(
        title="Site preference",
        x=Axis("element", ticks=tuple((float(i), one) for i, one in enumerate(elements))),
        y=Axis("atoms of the element (%)"),
        marks=(bars,),
        status=_status(result),
    )
