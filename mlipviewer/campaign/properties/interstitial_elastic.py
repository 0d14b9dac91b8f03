"""Elastic constants of a cell with an interstitial."""

from __future__ import annotations

import numpy as np

from mlipviewer.campaign import crystals
from mlipviewer.campaign.defects import picture
from mlipviewer.campaign.elasticity import averaged_constants
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed
from mlipviewer.campaign.relaxing import relax

CATEGORY = "elastic, interstitial"
METRICS = (
    Metric("int_C11", "C11 of the cell with an interstitial", "GPa", CATEGORY, 8.0, 80.0),
    Metric("int_C12", "C12 of the cell with an interstitial", "GPa", CATEGORY, 5.0, 50.0),
    Metric("int_C44", "C44 of the cell with an interstitial", "GPa", CATEGORY, 5.0, 50.0),
    Metric("int_B", "bulk modulus with an interstitial (Voigt)", "GPa", CATEGORY, 5.0, 50.0),
)


def run(subject: Subject) -> Found:
    """Means over the axes of the tensor of the relaxed large cell with an extra atom: the <110>
    split one in diamond. Raises Failed."""
    crystal = subject.crystal
    kind = crystals.INTERSTITIALS[crystal.structure][-1]
    atoms = crystals.interstitial(crystal, subject.lattice(), kind)
    atoms.rattle(0.02, rng=np.random.default_rng(subject.seed))
    atoms.calc = subject.calculator()
    relax(atoms)
    relax(atoms, 0.001)
    values = averaged_constants(atoms, 0.001)
    named = dict(zip((one.name for one in METRICS), values, strict=True))
    return Found(named, frames={"int_C11": [picture(atoms)]})


PROPERTY = Property(
    name="interstitial-elastic",
    about="C11, C12, C44 and the bulk modulus of a large cell with an interstitial.",
    metrics=fixed(*METRICS),
    run=run,
    cost=500,
)
