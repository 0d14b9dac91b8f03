"""Orientations of cubic crystals: how far each atom's is from that of the main grain."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.frames import ptm
from mlipviewer.analysis.methods.components import NEAR, main_orientation, misorientation
from mlipviewer.analysis.methods.neighbourhood import AMONG
from mlipviewer.core.analysis import Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Frame

CUBIC = ("bcc", "fcc")


@dataclass(frozen=True)
class GrainParams(Params):
    crystal: str = param("bcc", "whose orientations are compared", choices=CUBIC)
    cutoff: float = param(
        0.15, "the largest deviation from the template; 0: none", low=0.0, high=1.0
    )
    among: str = param("", AMONG)


def run(frame: Frame, params: GrainParams) -> Computed:
    """Column `misorientation` (n,) in degrees: the smallest angle that turns the crystal around an
    atom into that of the main grain (at most 62.8 for cubic ones); NaN for other atoms. Value
    `main_grain`: the share of the crystal within 10 degrees. Raises AnalysisProblem."""
    asked = ptm.PtmParams(cutoff=params.cutoff, among=params.among)
    found = ptm.run(frame, asked).columns
    own = found["ptm"] == ptm.CLASSES.index(params.crystal)
    angles = np.full(frame.n_atoms, np.nan)
    if not own.any():
        return Computed({"misorientation": angles}, {"main_grain": 0.0})
    quaternions = found["ptm_orientation"][own]
    turned = misorientation(quaternions, main_orientation(quaternions))
    angles[own] = np.rad2deg(turned)
    return Computed({"misorientation": angles}, {"main_grain": float((turned < NEAR).mean())})


COMPUTATION = Computation(
    name="grain",
    title="Grain orientation",
    about="How far the crystal around each atom is turned from the main grain.",
    params=GrainParams,
    run=run,
    columns=MappingProxyType({"misorientation": "angle to the main grain"}),
    values=MappingProxyType({"main_grain": "share of the crystal in the main grain"}),
    units=MappingProxyType({"misorientation": "degrees"}),
)
