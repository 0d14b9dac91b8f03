"""What gestures on graphs of metrics do: nodes put at places of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from mlipviewer.core.analysis import AnalysisProblem, Edited, Inputs, Params, Result
from mlipviewer.core.rows import Rows
from mlipviewer.core.table import Floats


def read_places(texts: Iterable[str]) -> dict[str, tuple[float, float]]:
    """`C11=0.2:-0.5` as {C11: (0.2, -0.5)}. Raises AnalysisProblem."""
    found: dict[str, tuple[float, float]] = {}
    for text in texts:
        name, equal, place = text.rpartition("=")
        x, colon, y = place.partition(":")
        try:
            found[name] = (float(x), float(y))
        except ValueError:
            equal = ""
        if not (equal and colon):
            raise AnalysisProblem(f"{text!r} is no place such as C11=0.2:-0.5")
    return found


def layout_of(params: Any, result: Result) -> tuple[Floats, frozenset[str]]:
    """(m, 2) the layout with the nodes that were put elsewhere, and these."""
    own = read_places(getattr(params, "places", ()))
    layout = np.array(result.arrays["layout"], float)
    for i, name in enumerate(result.names):
        layout[i] = own.get(name, layout[i])
    return layout, frozenset(own)


def place_node(
    inputs: Inputs, params: Any, _result: Result, row: int, x: float, y: float
) -> Edited:
    """Put a node of a metric at a place; it stays there when the graph changes."""
    name = inputs.the_table().metrics[row]
    places = {**read_places(params.places), name: (x, y)}
    texts = tuple(f"{name}={x:.5g}:{y:.5g}" for name, (x, y) in places.items())
    return Edited(replace(params, places=texts))


def reset_places(_inputs: Inputs, params: Any, _result: Result, _chosen: Rows) -> Params:
    """All nodes go back to where the layout puts them."""
    back: Params = replace(params, places=())
    return back
