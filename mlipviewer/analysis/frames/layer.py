"""Layers of atoms, counted from an interface."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.layering import (
    AXES,
    DOWN,
    MINIMA,
    SPACING,
    UP,
    away,
    by_borders,
    by_spacing,
    counted,
    heights_of,
    interface_of,
    minima_of,
)
from mlipviewer.analysis.methods.neighbourhood import AMONG, taking_part
from mlipviewer.core.analysis import Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class LayerParams(Params):
    axis: str = param("z", "layers follow each other along it", choices=AXES)
    wall: str = param(
        "", "a condition: the layers begin at the outermost of these atoms; else at `height`"
    )
    edge: int = param(1, "the plane is the mean of so many outermost atoms of the wall", low=1)
    height: float = param(0.0, "where the layers begin, without a wall", unit="A")
    direction: str = param(UP, "to which side of the plane the layers lie", choices=(UP, DOWN))
    layers: str = param(
        SPACING,
        "spacing: all equally thick; minima: between the minima of the density",
        choices=(SPACING, MINIMA),
    )
    spacing: float = param(
        1.75, "thickness of a layer; 1.75 A are (001) planes of bcc lithium", unit="A", low=0.01
    )
    among: str = param("", AMONG)


def run(frame: Frame, params: LayerParams) -> Computed:
    """Columns `layer` (n,): 1, 2 ... from the interface, 0 behind it and for atoms that do not take
    part; `interface_distance` (n,) in A, negative behind it; value `interface`: its
    place in A along the axis. Raises AnalysisProblem."""
    plane = interface_of(
        frame, params.axis, params.wall, params.height, params.direction, params.edge
    )
    distances = away(heights_of(frame, plane.axis), plane)
    rows = taking_part(frame, params.among)
    if params.layers == MINIMA:
        found = by_borders(distances[rows], minima_of(counted(distances[rows])))
    else:
        found = by_spacing(distances[rows], params.spacing)
    layers = np.zeros(frame.n_atoms, np.int32)
    layers[rows] = found
    return Computed({"layer": layers, "interface_distance": distances}, {"interface": plane.height})


COMPUTATION = Computation(
    name="layer",
    title="Layers",
    about="Layers of atoms along an axis, counted from an interface.",
    params=LayerParams,
    run=run,
    columns=MappingProxyType(
        {
            "layer": "layer, counted from the interface",
            "interface_distance": "distance from the interface along the axis",
        }
    ),
    values=MappingProxyType({"interface": "place of the interface along the axis"}),
    units=MappingProxyType({"interface": "A", "interface_distance": "A"}),
)
