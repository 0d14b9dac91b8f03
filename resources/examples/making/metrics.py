"""The columns of the error table: how each is computed, named and judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from making.models import REFERENCE, Model
from making.properties import Properties
from making.session import finite
from making.structures import Configuration

Getter = Callable[[Properties], float]
THEORY = "static lattice, 0 K"


@dataclass(frozen=True)
class Metric:
    """A column: how it is computed and how it is shown; `good` is the threshold row."""

    name: str
    category: str
    unit: str
    label: str
    good: float
    bad: float
    value: Getter | None = None  # None: an error from Properties.differences


def phase_metric(name: str, label: str, good: float, bad: float) -> Metric:
    """Energy of a phase above diamond."""
    text = f"energy of {label} above diamond"
    return Metric(
        f"{name}_dE", "phases", "eV/atom", text, good, bad, lambda p: p.phase_energy(name)
    )


def interstitial_metric(kind: str, label: str) -> Metric:
    """Formation energy of an interstitial."""
    text = f"formation energy of the {label} interstitial"
    return Metric(f"{kind[:3]}_Ef", "defects", "eV", text, 0.2, 2.0, lambda p: p.interstitial(kind))


def surface_metric(name: str, directions: list[list[int]], repeats: int) -> Metric:
    """Energy of a surface."""
    text = f"energy of the relaxed unreconstructed ({name}) surface"
    return Metric(
        f"surf_{name}",
        "surfaces",
        "J/m^2",
        text,
        0.1,
        1.0,
        lambda p: p.surface(directions, repeats),
    )


def phonon_metric(name: str, label: str, good: float) -> Metric:
    """A phonon frequency."""
    text = f"{label} phonon frequency"
    return Metric(f"ph_{name}", "phonons", "THz", text, good, 3.0, lambda p: p.phonons[name])


METRICS = (
    Metric("a", "lattice", "Å", "lattice constant", 0.05, 0.3, lambda p: p.crystal[0]),
    Metric("C11", "elastic", "GPa", "elastic constant C11", 8.0, 80.0, lambda p: p.elastic[0]),
    Metric("C12", "elastic", "GPa", "elastic constant C12", 5.0, 50.0, lambda p: p.elastic[1]),
    Metric("C44", "elastic", "GPa", "elastic constant C44", 5.0, 50.0, lambda p: p.elastic[2]),
    Metric(
        "B",
        "elastic",
        "GPa",
        "bulk modulus (C11 + 2 C12)/3",
        5.0,
        50.0,
        lambda p: (p.elastic[0] + 2 * p.elastic[1]) / 3,
    ),
    Metric(
        "vac_Ef",
        "defects",
        "eV",
        "formation energy of the vacancy",
        0.2,
        2.0,
        lambda p: p.vacancy(),
    ),
    interstitial_metric("tet", "tetrahedral"),
    interstitial_metric("hex", "hexagonal"),
    interstitial_metric("split", "<110> split"),
    phase_metric("beta_tin", "beta-tin (c/a = 0.552)", 0.05, 0.5),
    phase_metric("sc", "simple cubic", 0.05, 0.5),
    phase_metric("bcc", "bcc", 0.05, 0.5),
    surface_metric("100", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 4),
    surface_metric("110", [[0, 0, 1], [1, -1, 0], [1, 1, 0]], 4),
    surface_metric("111", [[1, -1, 0], [1, 1, -2], [1, 1, 1]], 2),
    phonon_metric("G_LTO", "optical (Gamma)", 0.5),
    phonon_metric("X_TA", "transverse acoustic (X)", 0.5),
    phonon_metric("X_LA", "longitudinal (X)", 0.5),
    phonon_metric("X_TO", "transverse optical (X)", 0.5),
    Metric("E_rmse", "configurations", "meV/atom", "energy RMSE, all configurations", 20.0, 200.0),
    Metric("F_rmse", "configurations", "eV/Å", "force RMSE, all configurations", 0.3, 2.0),
    Metric("F_rmse_solid", "configurations", "eV/Å", "force RMSE, bulk crystal", 0.2, 2.0),
    Metric("F_rmse_defect", "configurations", "eV/Å", "force RMSE, defects", 0.2, 2.0),
    Metric("F_rmse_melt", "configurations", "eV/Å", "force RMSE, melt", 0.5, 3.0),
)


def one_line(error: Exception) -> str:
    """The message of an error as a short single line."""
    return " ".join(str(error).split())[:200]


def evaluate(model: Model, configurations: list[Configuration]) -> dict[str, Any]:
    """All values of a model; a property that fails is listed with its reason."""
    properties = Properties(model)
    values: dict[str, float] = {}
    failures: dict[str, str] = {}
    for metric in METRICS:
        if metric.value is None:
            continue
        try:
            values[metric.name] = finite(metric.value(properties))
        except Exception as error:  # noqa: BLE001 - LAMMPS raises bare ones; failing is a result
            failures[metric.name] = one_line(error)
    try:
        values.update(properties.differences(configurations))
    except Exception as error:  # noqa: BLE001
        failures.update({m.name: one_line(error) for m in METRICS if m.value is None})
    return {"model": model.key, "values": values, "failures": failures}


def error_of(metric: Metric, found: dict[str, float], reference: dict[str, float]) -> float | None:
    """Absolute error; the differences to the reference's labels are errors already."""
    if metric.name not in found:
        return None
    if metric.value is None:
        return found[metric.name]
    return abs(found[metric.name] - reference[metric.name])


def metrics_yaml() -> str:
    """Meaning of the columns."""
    level = f"errors against {REFERENCE.family} {REFERENCE.name}, {THEORY}"
    lines = ["# Meaning of the columns of errors.csv; `good` is the value of its threshold row."]
    for m in METRICS:
        lines += [
            f"{m.name}:",
            f"  category: {m.category}",
            f"  unit: {m.unit}",
            f'  label: "error of the {m.label}"' if m.value else f'  label: "{m.label}"',
            "  direction: lower",
            f"  good: {m.good}",
            f"  bad: {m.bad}",
            f'  level_of_theory: "{level}"',
        ]
    return "\n".join(lines) + "\n"
