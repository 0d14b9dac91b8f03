"""What shells, facets and distances of a particle hold of each species, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.analysis.frames.surface import SurfaceParams
from mlipviewer.analysis.frames.surface import run as surface_of_frame
from mlipviewer.analysis.methods.chemistry import species_of
from mlipviewer.analysis.methods.neighbourhood import taking_part
from mlipviewer.analysis.methods.surfaces import FACETS, LEFT_OUT
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame

Array = NDArray[Any]

COUNTED = ("shells", "depths", "radii", "facets")


@dataclass(frozen=True)
class ProfileParams(SurfaceParams):
    bin: float = 1.0


def profile_of_frame(frame: Frame, params: ProfileParams) -> Computed:
    """Columns: atoms by shell (from 1; the last line is of atoms without one), by bins of depth and
    of distance from the middle, by facet: (lines, species) each. Values: names of the species.
    Raises AnalysisProblem."""
    rows = taking_part(frame, params.among)
    own = {name: getattr(params, name) for name in SurfaceParams.__dataclass_fields__}
    found = surface_of_frame(frame, SurfaceParams(**own)).columns
    names, codes = species_of(frame)
    codes, k = codes[rows], len(names)
    places = np.asarray(frame.positions, float)[rows]
    radii = np.linalg.norm(places - places.mean(axis=0), axis=1)
    shell, depth, facet = (found[name][rows] for name in ("shell", "depth", "facet"))
    last = int(shell.max(initial=0))
    shells = counted(np.where(shell > 0, shell - 1, last), codes, k, last + 1)
    deep = np.isfinite(depth)
    return Computed(
        {
            "shells": shells,
            "depths": counted((depth[deep] / params.bin).astype(int), codes[deep], k),
            "radii": counted((radii / params.bin).astype(int), codes, k),
            "facets": counted(facet, codes, k, LEFT_OUT),
        },
        {"names": list(names)},
    )


def counted(lines: Array, codes: Array, k: int, n: int = 0) -> Array:
    """(lines, k) how many atoms of each species lie in each line."""
    n = n or int(lines.max(initial=-1)) + 1
    found: Array = np.bincount(lines.astype(int) * k + codes, minlength=n * k).reshape(-1, k)
    return found


def added(found: list[Computed], name: str) -> tuple[tuple[str, ...], Array]:
    """The species of all frames, and the mean counts (lines, species) over frames."""
    names = tuple(sorted({one for frame in found for one in frame.values["names"]}))
    n = max(len(frame.columns[name]) - (name == "shells") for frame in found)
    total = np.zeros((n, len(names)))
    for frame in found:
        own = frame.columns[name]
        own = own[:-1] if name == "shells" else own
        columns = [names.index(one) for one in frame.values["names"]]
        total[np.arange(len(own))[:, None], columns] += own
    return names, total / len(found)


PROFILES = Computation(
    name="particle-profiles",
    title="Shells of a particle",
    about="Species by shell, depth, distance from the middle and facet.",
    params=ProfileParams,
    run=profile_of_frame,
    columns=MappingProxyType({}),
)

SURFACE_FACETS = FACETS[1:LEFT_OUT]
