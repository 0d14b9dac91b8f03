"""How pathways are drawn: flows between states, shares, transitions, times of residence."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.class_paths import STATES
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Area, Array, Axis, Bars, Plot, Space, Texts
from mlipviewer.core.structure_classes import hues_of

FROM_BELOW = (2, 1, 0)  # bcc, close-packed, disordered
STAGES = ("at first", "on the way", "at last")
THICK, GAP, BEND = 0.09, 0.05, 24
HALF = THICK / 2
ROOM = 0.7  # for a name beside its node, on the x axis
ASIDE, APART = (-0.42, 0.42, 0.42), 0.08  # of names: beside their node, above each other
HUES = hues_of(STATES)


def draw_flows(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Where atoms began, by way of which state they went, and where they ended."""
    flows, counts, atoms, arrived = _drawn(result, params.unchanged)
    if not len(flows):
        flows, counts, atoms, arrived = _drawn(result, True)
    stacks = [_stacked(flows[:, stage], counts, flows) for stage in range(3)]
    bands = [
        band
        for i in np.argsort(-counts, kind="stable").tolist()
        for band in _bands(i, flows[i], counts[i], stacks, atoms[i], arrived[i])
    ]
    nodes, texts = _nodes(flows, counts, stacks, atoms, arrived)
    about = result.summary
    passed = f"{about['n_crystallized']} crystallized, {about['n_multi_step']} of them in steps"
    return Plot(
        title="Pathways",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(*bands, *nodes, texts),
        status=f"{about['n_atoms']} atoms / {passed} / lasting {about['persistence']} frames",
    )


def _drawn(result: Result, unchanged: bool) -> tuple[Array, Array, list[Array], list[Array]]:
    """Flows (f, 3), their counts, and for each the ids of its atoms and the frames in which these
    changed for the last time."""
    arrays = result.arrays
    flows, which, ids = arrays["flows"], arrays["which"], arrays["ids"]
    last = np.full(len(ids), -1)
    last[arrays["change_atoms"]] = arrays["frames"][arrays["change_frames"]]  # the latest stays
    shown = [i for i, (a, b, c) in enumerate(flows.tolist()) if unchanged or not (a == c and b < 0)]
    own = [np.flatnonzero(which == i) for i in shown]
    frames = [np.unique(last[rows][last[rows] >= 0]) for rows in own]
    counts = np.array([len(rows) for rows in own])
    return flows[shown], counts, [ids[rows] for rows in own], frames


def _stacked(states: Array, counts: Array, flows: Array) -> Array:
    """(f,) where each flow begins in a column: by state, bcc lowest, with gaps between states;
    flows that pass a column by lie below all."""
    gap = GAP * max(counts.sum(), 1)
    found = np.zeros(len(states))
    place = 0.0
    for state in (-1, *FROM_BELOW):
        own = np.flatnonzero(states == state)
        order = own[np.lexsort((flows[own, 0], flows[own, 2]))[::-1]]
        for i in order.tolist():
            found[i] = place
            place += float(counts[i])
        place += gap if len(own) else 0.0
    return found


def _bands(
    number: int, flow: Array, count: Any, stacks: list[Array], atoms: Array, frames: Array
) -> list[Area]:
    """The two halves of a flow, in the hue of what comes before."""
    start, through, end = flow.tolist()
    low = [float(stack[number]) for stack in stacks]
    way = " → ".join(STATES[state] for state in (start, through, end) if state >= 0)
    label = f"{way}\n{count} atoms"
    about = (float(count), atoms, frames)
    if through < 0:
        places = [(HALF, low[0]), (1.0, low[1]), (2 - HALF, low[2])]
        return [_band(places, *about, HUES[start], label)]
    first = [(HALF, low[0]), (1 - HALF, low[1])]
    second = [(1 + HALF, low[1]), (2 - HALF, low[2])]
    return [
        _band(first, *about, HUES[start], label),
        _band(second, *about, HUES[through], label),
    ]


def _band(
    places: list[tuple[float, float]],
    height: float,
    atoms: Array,
    frames: Array,
    hue: int,
    label: str,
) -> Area:
    """A ribbon through the places (x, lower edge), level at each."""
    t = np.linspace(0, 1, BEND)
    smooth = 3 * t**2 - 2 * t**3
    pairs = list(pairwise(places))
    x = np.concatenate([a[0] + (b[0] - a[0]) * t for a, b in pairs])
    low = np.concatenate([a[1] + (b[1] - a[1]) * smooth for a, b in pairs])
    outline = np.concatenate((x, x[::-1])), np.concatenate((low, low[::-1] + height))
    return Area(*outline, atoms, Space.ATOM, hue, label, frames)


def _nodes(
    flows: Array, counts: Array, stacks: list[Array], atoms: list[Array], arrived: list[Array]
) -> tuple[list[Area], Texts]:
    """A box for each state in each column, and the names of all."""
    nodes: list[Area] = []
    texts: list[tuple[float, float, str]] = [(-0.7, 0.0, ""), (2.7, 0.0, "")]
    whole = max(float((stack + counts).max(initial=1.0)) for stack in stacks)
    highest = whole
    for stage, heading in enumerate(STAGES):
        above = -np.inf
        for state in (-1, *FROM_BELOW):
            own = np.flatnonzero(flows[:, stage] == state)
            if not len(own):
                continue
            low, n = float(stacks[stage][own].min()), int(counts[own].sum())
            above = max(low + n / 2, above + APART * whole)
            name = STATES[state] if state >= 0 else "directly"
            texts.append((stage + ASIDE[stage] * (state >= 0), above, f"{name} {n}"))
            if state >= 0:
                nodes.append(_node(stage, low, n, state, own, atoms, arrived, heading))
        highest = max(highest, above)
    texts += [(stage, highest + 0.09 * whole, heading) for stage, heading in enumerate(STAGES)]
    x, y, names = zip(*texts, strict=True)
    strong = np.array([0.6 if name in STAGES else 0.3 for name in names])
    texts_at = np.array(x, float), np.array(y, float)
    return nodes, Texts(*texts_at, tuple(names), strong, ROOM, apart=True)


def _node(
    stage: int,
    low: float,
    n: int,
    state: int,
    own: Array,
    atoms: list[Array],
    arrived: list[Array],
    heading: str,
) -> Area:
    left, right = stage - HALF, stage + HALF
    ids = np.sort(np.concatenate([atoms[i] for i in own]))
    frames = np.unique(np.concatenate([arrived[i] for i in own]))
    x, y = np.array([left, right, right, left]), np.array([low, low, low + n, low + n])
    label = f"{STATES[state]} {heading}\n{n} atoms"
    return Area(x, y, ids, Space.ATOM, HUES[state], label, frames, solid=True)


def draw_shares(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """Shares of direct and of multi-step crystallization, as seen and without the flicker."""
    table, arrays = result.tables["shares"], result.arrays
    ids = arrays["ids"][arrays["passing"]]
    groups = (ids[arrays["direct"]], ids[~arrays["direct"]])
    bars = []
    for shift, first in ((-0.2, "share"), (0.2, "corrected")):
        low, high = ("low", "high") if first == "share" else (f"{first}_low", f"{first}_high")
        names = ("as seen", "without flicker")
        share = 100 * np.nan_to_num(np.array(table[first], float))
        labels = tuple(f"{n} atoms\n{s:.1f} %" for n, s in zip(table["n"], share, strict=True))
        bars.append(
            Bars(
                np.arange(2.0) + shift, share, groups, Space.ATOM, thick=0.36,
                group=np.full(2, int(first != "share")), group_names=names, labels=labels,
                low=100 * np.array(table[low], float), high=100 * np.array(table[high], float),
            )
        )  # fmt: skip
    about: Any = result.summary
    return Plot(
        title="How atoms crystallized, with the middle 95 % of a bootstrap",
        x=Axis(ticks=tuple(enumerate(_arrows(table["path"])))),
        y=Axis("atoms that crystallized (%)"),
        marks=tuple(bars),
        status=f"{about['n_crystallized']} atoms / flicker {100 * about['flicker']:.2f} %, of"
        f" labels {100 * about['flicker_raw']:.2f} % / {about['n_control']} atoms of control",
    )


def _arrows(texts: Any) -> list[str]:
    return [str(text).replace("->", "→") for text in texts]


def draw_transitions(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How often each state changed into each other one; the bars stand for the atoms."""
    table, arrays = result.tables["transitions"], result.arrays
    old, new = arrays["change_old"], arrays["change_new"]
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    rows = tuple(
        np.unique(arrays["ids"][arrays["change_atoms"][(old == i) & (new == j)]]) for i, j in pairs
    )
    names = [f"{STATES[i]} → {STATES[j]}" for i, j in pairs]
    labels = tuple(
        f"{name}\n{n} times, {len(own)} atoms"
        for name, n, own in zip(names, table["n"], rows, strict=True)
    )
    places = np.arange(len(pairs), dtype=float)[::-1]
    bars = Bars(places, np.array(table["n"], float), rows, Space.ATOM, across=True, labels=labels)
    return Plot(
        title="Transitions",
        x=Axis("changes that last"),
        y=Axis(ticks=tuple(sorted(zip(places.tolist(), names, strict=True)))),
        marks=(bars,),
        status=f"{int(sum(table['n']))} changes / lasting {result.summary['persistence']} frames",
    )


def draw_residence(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How long a state lasts: the time spent in it for each time that it was left."""
    table, arrays = result.tables["residence"], result.arrays
    life = np.array(table["lifetime"], float)
    error = np.array(table["error"], float)
    unit = result.units["lifetime"]
    leaving = tuple(
        np.unique(arrays["ids"][arrays["change_atoms"][arrays["change_old"] == state]])
        for state in range(3)
    )
    labels = tuple(
        f"{name}\n{t:.3g} {unit}, mean of complete stays {mean:.3g}"
        for name, t, mean in zip(table["class"], life, table["mean"], strict=True)
    )
    bars = Bars(
        np.arange(3.0), np.nan_to_num(life), leaving, Space.ATOM, labels=labels,
        low=life - error, high=life + error, thick=0.5,
    )  # fmt: skip
    return Plot(
        title="Times of residence",
        x=Axis(ticks=tuple(enumerate(STATES))),
        y=Axis(f"lifetime ({unit})"),
        marks=(bars,),
        status=" / ".join(f"{s}: {n} stays" for s, n in zip(STATES, table["n"], strict=True)),
    )
