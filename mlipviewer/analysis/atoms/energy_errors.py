"""Errors of the energies of frames: parity, residuals, and the frames that are far out."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.atom_energies import symbols_of
from mlipviewer.analysis.methods.calculators import CALCULATOR, SETTINGS
from mlipviewer.analysis.methods.energy_errors import ELEMENTS, MEAN, NOTHING, robust_z, zeros_of
from mlipviewer.analysis.methods.energy_samples import evenly
from mlipviewer.analysis.methods.predictions import energies_of_calculator
from mlipviewer.core.aliases import guessed_roles
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Points, Rule, Space
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame, Trajectory

ENERGY, REFERENCE = "energy", "reference energy"
CROWD = 5_000


@dataclass(frozen=True)
class EnergyErrorsParams(Params):
    energy: str = param("", "value of the predicted energy; by its role when empty")
    reference_energy: str = param("", "value of the reference energy; by its role when empty")
    zero: str = param(
        MEAN,
        "what is taken off the differences first: the mean by atom, a zero for each element by"
        " least squares, or nothing",
        choices=(MEAN, ELEMENTS, NOTHING),
    )
    far: float = param(
        3.5, "frames whose robust z is larger are outliers", low=0.5, high=100.0, plot="Outliers"
    )
    worst: int = param(50, "how many of the worst frames to list", low=1, high=10_000)
    most: int = param(0, "frames to look at, evenly chosen; 0: all", low=0, high=1_000_000)
    calculator: str = param("", f"predict by a calculator: {CALCULATOR}")
    settings: str = param("", SETTINGS)


def run(inputs: Inputs, params: EnergyErrorsParams, progress: Progress) -> Result:
    """Predicted less reference energies of frames, per atom, after their zeros are made the same.

    Summary: n_frames, mae, rmse, largest (meV/atom), r2 (of energies per atom), offset (eV/atom,
    mean of what was taken off), n_outliers. Tables `worst`: frame (from 0), n_atoms, error,
    robust_z; `zeros`: element, zero (eV). Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    run_, frames = inputs.the_trajectory(), evenly(inputs.the_trajectory().n_frames, params.most)
    against = inputs.reference or run_
    if against.n_frames != run_.n_frames:
        raise AnalysisProblem(f"{against.name} has {against.n_frames} frames, not {run_.n_frames}")
    predicted, reference, numbers = [], [], []
    for done, index in enumerate(frames):
        progress.step(done, len(frames))
        frame, other = run_.frame(index), against.frame(index)
        if frame.n_atoms != other.n_atoms:
            raise AnalysisProblem(f"frame {index + 1}: the files have other numbers of atoms")
        predicted.append(_value(run_, frame, params.energy, (ENERGY,)))
        wanted = (REFERENCE, ENERGY) if params.calculator or against is not run_ else (REFERENCE,)
        reference.append(_value(against, other, params.reference_energy, wanted))
        numbers.append(frame.numbers)
    if params.calculator.strip():
        predicted = list(
            energies_of_calculator(inputs, params.calculator, params.settings, frames, progress)
        )
    return _result(np.array(frames), np.array(predicted), np.array(reference), numbers, params)


def _result(
    frames: Array, predicted: Array, reference: Array, numbers: list[Array], params: Any
) -> Result:
    kinds = np.unique(np.concatenate(numbers)) if numbers else np.zeros(0, int)
    counts = np.array([(one[:, None] == kinds).sum(axis=0) for one in numbers], float)
    good = np.isfinite(predicted) & np.isfinite(reference) & (counts.sum(axis=1) > 0)
    if not good.any():
        raise AnalysisProblem("no frame has a predicted and a reference energy: name the values")
    frames, predicted, reference, counts = (
        one[good] for one in (frames, predicted, reference, counts)
    )
    sizes = counts.sum(axis=1)
    zeros = zeros_of(predicted - reference, counts, params.zero)
    offset = counts @ zeros / sizes
    errors = 1e3 * ((predicted - reference) / sizes - offset)
    z = robust_z(errors)
    order = np.argsort(-np.abs(errors), kind="stable")[: params.worst]
    left_out = int((~good).sum())
    return Result(
        summary={
            "n_frames": len(frames),
            **_scores(errors, reference / sizes),
            "offset": float(offset.mean()),
            "n_outliers": int((np.abs(z) > params.far).sum()),
        },
        tables={
            "worst": {
                "frame": frames[order].tolist(),
                "n_atoms": sizes[order].astype(int).tolist(),
                "error": errors[order].tolist(),
                "robust_z": z[order].tolist(),
            },
            "zeros": {"element": symbols_of(kinds).tolist(), "zero": zeros.tolist()},
        },
        units=_UNITS,
        notes=(f"{left_out} frames without both energies are left out",) if left_out else (),
        arrays={
            "frames": frames,
            "reference": reference / sizes,
            "predicted": predicted / sizes - offset,
            "errors": errors,
            "z": z,
        },
    )


_UNITS = MappingProxyType(
    {
        **dict.fromkeys(("mae", "rmse", "largest", "error"), "meV/atom"),
        "offset": "eV/atom",
        "zero": "eV",
    }
)


def _scores(errors: Array, reference: Array) -> dict[str, float | None]:
    """Of errors (m,) in meV/atom of energies in eV/atom."""
    about = float(((reference - reference.mean()) ** 2).sum())
    return {
        "mae": float(np.abs(errors).mean()),
        "rmse": float(np.sqrt((errors**2).mean())),
        "largest": float(np.abs(errors).max()),
        "r2": float(1 - (errors**2).sum() * 1e-6 / about) if about > 0 else None,
    }


def _value(run: Trajectory, frame: Frame, name: str, kinds: tuple[str, ...]) -> float:
    roles = {**guessed_roles(frame.columns, frame.info), **run.roles}
    names = (name,) if name else tuple(roles[kind] for kind in kinds if kind in roles)
    for one in names:
        value: Any = frame.info.get(one)
        if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            return float(value)
    return float("nan")


def draw_parity(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Predicted against reference energies per atom; a click shows the frame."""
    x, y = result.arrays["reference"], result.arrays["predicted"]
    ends = np.array([min(x.min(), y.min()), max(x.max(), y.max())])
    return Plot(
        title="Energy parity",
        x=Axis("reference energy (eV/atom)"),
        y=Axis("predicted energy (eV/atom)"),
        marks=(Line(ends, ends, dashed=True, colour=-1), *_clouds(result, params, x, y)),
        status=_status(result),
        square=True,
    )


def draw_residuals(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Errors of energies over the reference energy."""
    clouds = _clouds(result, params, result.arrays["reference"], result.arrays["errors"])
    return Plot(
        title="Energy residuals",
        x=Axis("reference energy (eV/atom)"),
        y=Axis("predicted − reference (meV/atom)"),
        marks=(Rule(0.0, "", vertical=False), *clouds),
        status=_status(result),
    )


def draw_outliers(_inputs: Inputs, params: Any, result: Result) -> Plot:
    """Errors by frame; those beyond the robust z are told apart, and a click shows the frame."""
    x = result.arrays["frames"].astype(float) + 1
    return Plot(
        title=f"Energy errors by frame, outliers beyond z = {params.far:g}",
        x=Axis("frame number", whole=True),
        y=Axis("predicted − reference (meV/atom)"),
        marks=(
            Rule(0.0, "", vertical=False),
            *_clouds(result, params, x, result.arrays["errors"]),
        ),
        status=_status(result),
    )


def _clouds(result: Result, params: Any, x: Array, y: Array) -> tuple[Mark, ...]:
    """All frames, a density where they are many, and the outliers above it."""
    far = np.abs(np.nan_to_num(result.arrays["z"])) > params.far
    return tuple(
        _points(result, x, y, mask, name)
        for mask, name in ((~far, "frames"), (far, "outliers"))
        if mask.any()
    )


def _points(result: Result, x: Array, y: Array, mask: Array, name: str) -> Points:
    frames, errors = result.arrays["frames"][mask], result.arrays["errors"][mask]
    hints = tuple(f"frame {f + 1}: {e:+.2f} meV/atom" for f, e in zip(frames, errors, strict=True))
    outlier = name == "outliers"
    return Points(
        x[mask],
        y[mask],
        frames.astype(np.int32),
        Space.FRAME,
        group=np.full(int(mask.sum()), int(outlier)),
        group_names=("frames", "outliers"),
        size=8.0 if outlier else 5.0,
        hints=hints if len(hints) <= CROWD else (),
        crowd=CROWD,
    )


def _status(result: Result) -> str:
    about = result.summary
    r2 = f" / R² {about['r2']:.4f}" if isinstance(about["r2"], float) else ""
    return (
        f"{about['n_frames']} frames / MAE {about['mae']:.3g} / RMSE {about['rmse']:.3g} meV/atom"
        f"{r2} / offset {about['offset']:+.4g} eV/atom / {about['n_outliers']} outliers"
    )


ANALYSIS = Analysis(
    name="energy-errors",
    title="Errors of energies",
    about="Predicted against reference energies of frames: parity, residuals and outliers.",
    needs=(Needs.TRAJECTORY,),
    params=EnergyErrorsParams,
    run=run,
    plots=MappingProxyType(
        {
            "Energy parity": draw_parity,
            "Energy residuals": draw_residuals,
            "Outliers": draw_outliers,
        }
    ),
    compares=True,
)
