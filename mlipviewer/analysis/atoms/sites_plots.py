"""The pictures of sites: their network as a graph and among the atoms, their shapes, distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlipviewer.analysis.methods.site_network import CORNER, EDGE, FACE, SHARING
from mlipviewer.core.analysis import Inputs, Result
from mlipviewer.core.plot import Array, Axis, Bars, Edges, Line, Plot, Points, Space
from mlipviewer.core.scenery import Scenery

COLOURS = {FACE: 5, EDGE: 0, CORNER: 7}
"""Places in the palette of categories."""

WEIGHTS = {FACE: 0.95, EDGE: 0.6, CORNER: 0.25}
RADII = {FACE: 0.1, EDGE: 0.05, CORNER: 0.03}
"""A; of sticks among the atoms."""

BINS = 60


def _sharing(result: Result) -> Array:
    """(m,) 0 for faces, 1 for edges, 2 for corners."""
    return np.asarray(np.maximum(3 - result.arrays["shared"], 0))


def _drawn(params: Any, result: Result) -> Array:
    """(m,) which links are drawn."""
    most = {"faces": 0, "faces and edges": 1}.get(getattr(params, "drawn", ""), 2)
    return np.asarray(_sharing(result) <= most)


def _both_ways(result: Result, drawn: Array) -> tuple[Array, Array, Array]:
    """Of the drawn links the rows, those that leave the cell once from either end; where they
    begin, and where they end (k, 3), in A."""
    own = np.flatnonzero(drawn)
    out = own[result.arrays["leaves"][own]]
    first, second = result.arrays["first"], result.arrays["second"]
    places, vectors = result.arrays["place"], result.arrays["vector"]
    start = np.concatenate((places[first[own]], places[second[out]]))
    end = start + np.concatenate((vectors[own], -vectors[out]))
    return np.concatenate((own, out)), start, end


def _hints(result: Result) -> tuple[str, ...]:
    table = result.tables["sites"]
    rows = zip(
        *(table[n] for n in ("site", "kind", "coordination", "volume", "bond_valence")), strict=True
    )
    return tuple(
        f"site {site}: {kind}\n{n} anions, {volume:.1f} Å³\nbond valence {valence:.2f}"
        for site, kind, n, volume, valence in rows
    )


def _status(result: Result) -> str:
    about = result.summary
    verdict = "passes" if about["passes"] else "does not pass"
    width = f"percolation radius {about['percolation_radius']:.2f} Å"
    return f"{about['n_sites']} sites / {width} / {verdict}: {about['reason']}"


def _empty(result: Result) -> str:
    return "" if result.summary["n_sites"] else "No place in this framework passes the rules."


def _points(result: Result, x: Array, y: Array, size: Any) -> Points:
    n = len(result.arrays["place"])
    return Points(
        x=x,
        y=y,
        rows=np.arange(n, dtype=np.int32),
        space=Space.POLYHEDRON,
        group=result.arrays["kind"],
        group_names=result.names,
        size=size,
        hints=_hints(result),
    )


def draw_graph(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Sites as nodes where they are in the crystal, joined where they share anions and coloured by
    what they share. Links to the next cell end where the site is there."""
    axes = result.arrays["axes"]
    flat = result.arrays["place"] @ axes
    first, second, kind = result.arrays["first"], result.arrays["second"], _sharing(result)
    drawn = _drawn(params, result)
    apart = np.linalg.norm(result.arrays["vector"], axis=1)
    marks: list[Edges | Line | Points] = []
    for number, name in reversed(list(enumerate(SHARING))):
        own, start, end = _both_ways(result, drawn & (kind == number))
        if not len(own):
            continue
        x, y = np.stack((start @ axes, end @ axes), axis=1).T.swapaxes(1, 2)
        pairs = np.column_stack((first[own], second[own]))
        said = zip(pairs.tolist(), result.arrays["shared"][own], apart[own], strict=True)
        marks.append(
            Edges(
                x=x,
                y=y,
                pairs=pairs,
                space=Space.POLYHEDRON,
                weight=np.full(len(own), WEIGHTS[name]),
                negative=np.zeros(len(own), bool),
                labels=tuple(
                    f"sites {i + 1} – {j + 1}\nshared {name}: {n} anions\n{d:.3f} Å"
                    for (i, j), n, d in said
                ),
                colour=COLOURS[name],
            )
        )
        gap = np.array([np.nan])
        marks.append(Line(gap, gap, f"shared {name}", width=3.0, colour=COLOURS[name]))
    sizes = (8.0 + 1.2 * result.arrays["coordination"]) * min(1.0, (60 / max(len(flat), 1)) ** 0.5)
    return Plot(
        title="Network of sites",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(*marks, _points(result, flat[:, 0], flat[:, 1], sizes)),
        status=_status(result),
        empty=_empty(result),
        square=True,
    )


def draw_sites(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How roomy each site is against how strongly it holds the ion."""
    points = _points(result, result.arrays["volume"], result.arrays["valence"], 8.0)
    return Plot(
        title="Sites",
        x=Axis("volume of the polyhedron (Å³)"),
        y=Axis("bond-valence sum"),
        marks=(points,),
        status=_status(result),
        empty=_empty(result),
    )


def draw_distances(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """How many links have a distance, by what they share; a bar stands for their sites."""
    apart = np.linalg.norm(result.arrays["vector"], axis=1)
    kind = _sharing(result)
    top = float(apart.max(initial=1.0)) * 1.02
    edges = np.linspace(0.0, top, BINS + 1)
    at, end, base, rows, group = [], [], [], [], []
    below = np.zeros(BINS)
    for number in range(len(SHARING)):
        for i in range(BINS):
            own = (kind == number) & (apart >= edges[i]) & (apart < edges[i + 1])
            if own.any():
                sites = (result.arrays["first"][own], result.arrays["second"][own])
                at.append((edges[i] + edges[i + 1]) / 2)
                base.append(below[i])
                end.append(below[i] + own.sum())
                rows.append(np.unique(np.concatenate(sites)))
                group.append(number)
                below[i] += own.sum()
    bars = Bars(
        at=np.array(at),
        end=np.array(end, float),
        rows=tuple(rows),
        space=Space.POLYHEDRON,
        base=np.array(base, float),
        thick=float(edges[1]) * 0.95,
        group=np.array(group, int),
        group_names=tuple(f"shared {name}" for name in SHARING),
    )
    return Plot(
        title="Distances of sites",
        x=Axis("distance (Å)"),
        y=Axis("links"),
        marks=(bars,),
        status=_status(result),
        empty=_empty(result) or ("" if len(apart) else "No two sites share an anion."),
    )


def scenery(_inputs: Inputs, params: Any, result: Result) -> Scenery:
    """Sites, their polyhedra, and the links that the graph shows too."""
    arrays, drawn = result.arrays, _drawn(params, result)
    sizes = arrays["coordination"]
    cuts = np.cumsum(sizes)[:-1]
    corners = np.split(arrays["corner"], cuts) if len(sizes) else []
    places = arrays["place"]
    links, start, end = _both_ways(result, drawn)
    sharing = _sharing(result)[links]
    colours = np.array([COLOURS[name] for name in SHARING])
    return Scenery(
        frame=int(arrays["frame"][0]),
        space=Space.POLYHEDRON,
        places=places,
        group=arrays["kind"],
        bodies=tuple(place + own for place, own in zip(places, corners, strict=True)),
        sticks=np.stack((start, end), axis=1),
        ends=np.column_stack((arrays["first"][links], arrays["second"][links])),
        stick_group=colours[sharing],
        stick_radius=np.array([RADII[name] for name in SHARING])[sharing],
        atoms=tuple(np.split(arrays["anion"], cuts)) if len(sizes) else (),
    )
