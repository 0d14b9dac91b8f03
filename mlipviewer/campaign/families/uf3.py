"""Potentials of pairs and triples by splines, in the manner of ultra-fast force fields (Xie, Rupp
and Hennig, npj Comput. Mater. 9, 162 (2023)): linear in their coefficients, with a penalty of
curvature and a ridge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlipviewer.campaign.family import Family, Lesson
from mlipviewer.campaign.potentials.least_squares import Normal, mean_energy
from mlipviewer.campaign.potentials.pairs import LocalCalculator, pairs_of
from mlipviewer.campaign.potentials.saved import load as load_model
from mlipviewer.campaign.potentials.saved import save
from mlipviewer.campaign.potentials.spline_energy import SplineBasis, SplineEnergy, rows_of
from mlipviewer.campaign.potentials.splines import Splines
from mlipviewer.campaign.space import Real, Whole


def _basis(choice: Mapping[str, Any]) -> SplineBasis:
    near = float(choice["cutoff_triples"])
    return SplineBasis(
        Splines(int(choice["pair_splines"]), float(choice["cutoff"])),
        Splines(int(choice["triple_splines"]), near),
        Splines(int(choice["triple_splines"]) + 2, 2 * near, open_end=True),
    )


def train(lesson: Lesson) -> Mapping[str, float]:
    """Least squares. Raises Failed."""
    choice = lesson.choice
    basis = _basis(choice)
    shift = mean_energy(lesson.train)
    normal = Normal(basis.count)
    weights = (float(choice["energy_weight"]), 1.0)
    for atoms in lesson.train:
        rows = rows_of(basis, pairs_of(atoms, basis.cutoff))
        energy = atoms.info["energy"] - shift * len(atoms)
        normal.add_frame(rows, energy, atoms.arrays["forces"], weights)
    penalty = _penalty(basis, normal, float(choice["ridge"]), float(choice["smooth"]))
    found = normal.solved(penalty)
    save(lesson.folder, {**choice, "constant": shift}, coefficients=found)
    return {"parameters": len(found)}


def _penalty(basis: SplineBasis, normal: Normal, ridge: float, smooth: float) -> Any:
    """Relative to what the data say of a coefficient on average."""
    own = np.diag(normal.matrix)
    penalty = np.diag(np.full(basis.count, ridge * own.mean()))
    k = basis.two.count
    penalty[:k, :k] += smooth * own[:k].mean() * basis.two.curvature()
    return penalty


def load(folder: Path) -> LocalCalculator:
    """The calculator of a trained model."""
    words, arrays = load_model(folder)
    return LocalCalculator(
        SplineEnergy(_basis(words), arrays["coefficients"], float(words["constant"]))
    )


FAMILY = Family(
    name="uf3",
    label="UF3",
    title="splines of pairs and triples (ultra-fast force field)",
    about="Linear in cubic B-splines of the distances of pairs and of triples of atoms.",
    space={
        "cutoff": Real(4.5, 6.0, about="cut-off of pairs in A"),
        "cutoff_triples": Real(3.0, 3.9, about="cut-off of the sides of triples in A"),
        "pair_splines": Whole(14, 26, about="splines of pairs"),
        "triple_splines": Whole(5, 9, about="splines of each side of triples"),
        "energy_weight": Real(3.0, 100.0, log=True, about="weight of 1 eV/atom against 1 eV/A"),
        "ridge": Real(1e-8, 1e-3, log=True, about="strength of the ridge"),
        "smooth": Real(1e-6, 1e-2, log=True, about="penalty of curvature of pairs"),
    },
    train=train,
    load=load,
    seconds=15.0,
)
