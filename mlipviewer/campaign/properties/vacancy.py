"""Formation energy of the vacancy."""

from __future__ import annotations

from mlipviewer.campaign import crystals
from mlipviewer.campaign.defects import formation
from mlipviewer.campaign.property import Found, Metric, Property, Subject, fixed

METRICS = (Metric("vac_Ef", "formation energy of the vacancy", "eV", "defects", 0.1, 2.0),)


def run(subject: Subject) -> Found:
    """The lower of two relaxations at fixed cell, one with the neighbours drawn in: the undistorted
    vacancy is a saddle of many potentials. Raises Failed."""
    a = subject.lattice()
    starts = [crystals.vacancy(subject.crystal, a, drawn_in) for drawn_in in (False, True)]
    found = [formation(subject, start, 0.05) for start in starts]
    energy, frames = min(found, key=lambda one: one[0])
    return Found({"vac_Ef": energy}, frames={"vac_Ef": frames})


PROPERTY = Property(
    name="vacancy",
    about="Formation energy of the vacancy, relaxed at fixed cell.",
    metrics=fixed(*METRICS),
    run=run,
    cost=150,
)
