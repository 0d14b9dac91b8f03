"""Forces on atoms that hop: errors of size and direction (Liu, He and Mo, npj Comput. Mater. 9, 174
(2023))."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.force_scores import scores
from mlipviewer.campaign.failure import Failed
from mlipviewer.campaign.labelled import read_labelled
from mlipviewer.campaign.property import Asked, Found, Metric, Property, Subject
from mlipviewer.campaign.set_errors import errors_on

FLOOR = 0.05  # eV/A; not used by the scores that are taken


def metrics(asked: Asked) -> tuple[Metric, ...]:
    """Three of each set of rare events: `NAME_A`, `NAME_M`, `NAME_sigma`."""
    found = []
    for name in asked.rare:
        said = f"of hopping atoms, set {name}"
        found += [
            Metric(
                f"{name}_A", f"dNAC of force directions {said}", "", "rare events", 0.2, 0.8, True
            ),
            Metric(f"{name}_M", f"dNAC of force sizes {said}", "", "rare events", 0.15, 0.8, True),
            Metric(
                f"{name}_sigma",
                f"RMSE of force sizes {said}",
                "eV/Å",
                "rare events",
                0.2,
                2.0,
                True,
            ),
        ]
    return tuple(found)


def run(subject: Subject) -> Found:
    """Of the atoms whose column `r` is zero. Raises Failed where a set has none."""
    values: dict[str, float] = {}
    frames: dict[str, Sequence[Any]] = {}
    for name in subject.rare:
        known = read_labelled(subject.sets[name])
        rare = [np.asarray(atoms.arrays.get("r", np.ones(len(atoms)))) == 0 for atoms in known]
        if not any(one.any() for one in rare):
            raise Failed(f"the set {name} marks no atom as rare: a column r that is 0")
        found = errors_on(subject.calculator(), known)
        own, reference = (
            np.concatenate(
                [a.arrays[key][one] for a, one in zip(found.predicted, rare, strict=True)]
            )
            for key in ("forces", "ref_forces")
        )
        told = scores(own, reference, FLOOR)
        values[f"{name}_A"] = told.dnac_angle
        values[f"{name}_M"] = told.dnac_force
        values[f"{name}_sigma"] = told.sigma_force
        frames |= {f"{name}_A": found.predicted, f"{name}_M": found.predicted}
    return Found(values, frames=frames)


PROPERTY = Property(
    name="rare-events",
    about="Errors of size and direction of the forces on hopping atoms (dNAC).",
    metrics=metrics,
    run=run,
    cost=30,
    of_sets=True,
)
