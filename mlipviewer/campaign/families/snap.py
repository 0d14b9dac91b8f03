"""Spectral neighbour analysis potentials, linear in the bispectrum."""

from __future__ import annotations

from collections.abc import Mapping

from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.lammps_fitting import load_potential
from mlipviewer.campaign.potentials import snap_fit
from mlipviewer.campaign.space import Choice, Real


def train(lesson: Lesson) -> Mapping[str, float]:
    """See snap_fit. Raises Failed."""
    return snap_fit.train(lesson, quadratic=False)


FAMILY = Family(
    name="snap",
    label="SNAP",
    title="spectral neighbour analysis potential, linear",
    about="Linear in the bispectrum of the density of neighbours (LAMMPS).",
    space={
        "cutoff": Real(4.2, 5.4, about="cut-off in A"),
        "twojmax": Choice((4, 6, 8), about="band limit 2J"),
        "rfac0": Real(0.95, 0.999, about="share of the sphere that distances fill"),
        "energy_weight": Real(3.0, 100.0, log=True, about="weight of 1 eV/atom against 1 eV/A"),
        "ridge": Real(1e-12, 1e-7, log=True, about="strength of the ridge"),
    },
    train=train,
    load=load_potential,
    seconds=10.0,
    needs=("lammps",),
)
