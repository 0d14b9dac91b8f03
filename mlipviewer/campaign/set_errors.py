"""Errors of energies and forces on labelled frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlipviewer.campaign.failure import Failed

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class SetErrors:
    """Root mean squares: `energies` in meV/atom, `forces` of components in eV/A; `predicted` are
    the frames with the model's own `energy` and `forces`, and `ref_energy`, `ref_forces`."""

    energies: float
    forces: float
    predicted: Sequence[Any]


def errors_on(calculator: Any, frames: Sequence[Any]) -> SetErrors:
    """Of a calculator on labelled frames. Raises Failed where it fails on one of them."""
    energies, forces, predicted = [], [], []
    for number, atoms in enumerate(frames):
        made = atoms.copy()
        made.calc = calculator
        try:
            energy, own = float(made.get_potential_energy()), np.array(made.get_forces())
        except Failed as problem:
            raise Failed(f"frame {number + 1}: {problem}") from None
        reference = atoms.arrays["forces"]
        energies.append(1000 * (energy - atoms.info["energy"]) / len(atoms))
        forces.append((own - reference).ravel())
        made.calc = None
        made.info = {**atoms.info, "energy": energy, "ref_energy": atoms.info["energy"]}
        made.arrays["forces"] = own
        made.set_array("ref_forces", np.array(reference))
        predicted.append(made)
    if not frames:
        return SetErrors(float("nan"), float("nan"), ())
    both = _rms(np.array(energies)), _rms(np.concatenate(forces))
    return SetErrors(*both, predicted)


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
