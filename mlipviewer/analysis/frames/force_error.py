"""Errors of forces: predicted against reference forces of the same frame."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.methods.force_scores import angles, size_errors
from mlipviewer.core.aliases import guessed_roles
from mlipviewer.core.analysis import AnalysisProblem, Params, param
from mlipviewer.core.computation import Computation, Computed
from mlipviewer.core.trajectory import Array, Frame


@dataclass(frozen=True)
class ForceErrorParams(Params):
    predicted: str = param("", "column of the model's forces; guessed when empty", names="column")
    reference: str = param("", "column of the reference; guessed when empty", names="column")
    floor: float = param(
        0.1, "no direction errors of smaller reference forces", unit="eV/Å", low=0.0, high=2.0
    )


def run(frame: Frame, params: ForceErrorParams) -> Computed:
    """Columns of n atoms: `force_difference` (n, 3) predicted - reference and its length
    `force_error`, `force_size_error`, the difference of the lengths without its sign, in eV/A;
    `force_angle` in degrees, NaN where the reference is below the floor. Raises AnalysisProblem.
    """
    roles = guessed_roles(frame.columns, ())
    predicted = _forces(frame, params.predicted or roles.get("forces", ""), "forces")
    reference = _forces(
        frame, params.reference or roles.get("reference forces", ""), "reference forces"
    )
    difference = predicted - reference
    turned = angles(predicted, reference)
    turned[np.linalg.norm(reference, axis=1) < params.floor] = np.nan
    error = np.linalg.norm(difference, axis=1)
    columns = {
        "force_error": error,
        "force_size_error": size_errors(predicted, reference),
        "force_angle": turned,
        "force_difference": difference,
    }
    known = error[np.isfinite(error)]
    rms = float(np.sqrt((known**2).mean())) if len(known) else float("nan")
    return Computed(columns, {"rms_force_error": rms})


def _forces(frame: Frame, name: str, what: str) -> Array:
    found = frame.columns.get(name)
    if found is None or found.ndim != 2 or found.shape[1] != 3:
        said = f"no column {name!r} of vectors" if name else f"no {what}"
        raise AnalysisProblem(f"frame {frame.index + 1}: {said}; name the column")
    return np.asarray(found, float)


COMPUTATION = Computation(
    name="force-error",
    title="Errors of forces",
    about="How far the forces on atoms are from reference forces, in size and direction.",
    params=ForceErrorParams,
    run=run,
    columns=MappingProxyType(
        {
            "force_error": "length of predicted - reference force",
            "force_size_error": "difference of the sizes of both forces",
            "force_angle": "angle between both forces",
            "force_difference": "predicted - reference force",
        }
    ),
    values=MappingProxyType({"rms_force_error": "root mean square of the lengths of errors"}),
    units=MappingProxyType(
        {
            "force_error": "eV/Å",
            "force_size_error": "eV/Å",
            "force_angle": "°",
            "force_difference": "eV/Å",
            "rms_force_error": "eV/Å",
        }
    ),
)
