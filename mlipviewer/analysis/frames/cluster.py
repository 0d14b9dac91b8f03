"""Clusters of the crystalline phase in a frame."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.components import clusters_of
from mlipviewer.analysis.methods.labels import (
    CLASSES,
    COLUMN,
    METHOD_HELP,
    METHODS,
    PTM,
    Labelling,
    label_frame,
)
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame


@dataclass(frozen=True)
class ClusterParams(Params):
    method: str = param(PTM, METHOD_HELP, choices=METHODS)
    cutoff: float = param(
        0.15, "with ptm, the largest deviation of a crystalline atom; 0: none", low=0.0, high=1.0
    )
    column: str = param("", "with method column, its name", names="column")
    phase: str = param("bcc, fcc, hcp", "classes that are crystalline, with commas between")
    distance: float = param(
        0.0, "atoms so near belong together; 0: bonded ones", unit="A", low=0.0, high=30.0
    )
    among: str = param("", AMONG)


def run(frame: Frame, params: ClusterParams) -> Computed:
    """Column `cluster` (n,): 1 for the largest cluster, 2 for the next ..., 0 for atoms that are
    not crystalline; values `n_clusters`, `largest_cluster` (atoms). Raises AnalysisProblem."""
    if params.method == COLUMN and not params.column:
        raise AnalysisProblem("method column: say which column holds the classes")
    labels = label_frame(frame, Labelling(params.method, params.column, params.among)).columns
    chosen = crystalline(labels["label"], params.phase)
    if params.method == PTM and params.cutoff:
        chosen &= labels["deviation"] <= params.cutoff
    try:
        clusters = clusters_of(frame, chosen, params.distance or None)
    except ValueError as problem:
        raise AnalysisProblem(f"frame {frame.index + 1}: {problem}") from None
    largest = int((clusters == 1).sum())
    values = {"n_clusters": int(clusters.max(initial=0)), "largest_cluster": largest}
    return Computed({"cluster": clusters}, values)


def crystalline(labels: np.ndarray, phase: str) -> np.ndarray:
    """(n,) whether a label is one of the named classes. Raises AnalysisProblem."""
    names = [name.strip() for name in phase.split(",") if name.strip()]
    unknown = [name for name in names if name not in CLASSES]
    if unknown or not names:
        raise AnalysisProblem(f"phase {phase!r}: choose from {', '.join(CLASSES)}")
    found: np.ndarray = np.isin(labels, [CLASSES.index(name) for name in names])
    return found


COMPUTATION = Computation(
    name="cluster",
    title="Crystalline clusters",
    about="Connected parts of the crystalline phase, the largest being 1.",
    params=ClusterParams,
    run=run,
    columns=MappingProxyType({"cluster": "cluster of crystalline atoms, by size"}),
    values=MappingProxyType(
        {"n_clusters": "number of clusters", "largest_cluster": "atoms in the largest cluster"}
    ),
)
