"""Activation energies: rates or diffusion coefficients of several runs against 1/T."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from mlipviewer.analysis.atoms import msd, rates
from mlipviewer.analysis.methods.decays import BOLTZMANN, Arrhenius, arrhenius
from mlipviewer.analysis.methods.paths_of_atoms import mobile_atoms
from mlipviewer.analysis.methods.temperatures import temperature_of
from mlipviewer.analysis.methods.told import number
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Bars, Line, Mark, Plot, Space, Texts
from mlipviewer.core.progress import Progress
from mlipviewer.core.table import ErrorTable

RATE, DIFFUSION = "rate", "diffusion"
UNITS = {RATE: "1/ps", DIFFUSION: "cm²/s"}
LEFT_OUT = "the table holds coefficients of diffusion, no rates: it is left out"
AMONG = (
    "a condition on the atoms that take part, e.g. element == 'Li'; empty: all atoms for rates, the"
    " mobile ones (as in msd) for diffusion"
)


@dataclass(frozen=True)
class ArrheniusParams(Params):
    of: str = param(
        DIFFUSION,
        "rate: of first-order decay of disordered atoms; diffusion: coefficient of mobile atoms,"
        " from their mean square displacement as in msd",
        choices=(RATE, DIFFUSION),
    )
    among: str = param("", AMONG)
    classes: str = param("other", "with rate, the classes that decay, with commas between")
    method: str = param("ptm", "with rate, how atoms are classed", choices=("ptm", "cna"))
    points: str = param(
        "", "further points: temperature, value and error, as 600 1.2e-6 3e-7, 700 2.1e-6 4e-7"
    )
    carriers: float = param(
        0.0,
        "mobile ions in a volume, for the conductivity; 0: the mobile atoms of a run",
        unit="1/cm³",
        low=0.0,
        high=1e25,
        formula="σ = n q² D / (k T), Nernst and Einstein",
    )
    charge: float = param(1.0, "charge of an ion", unit="e", low=0.1, high=8.0)
    at: float = param(
        300.0, "extrapolate to this temperature", unit="K", low=100.0, high=2000.0, plot="Arrhenius"
    )


def run(inputs: Inputs, params: ArrheniusParams, progress: Progress) -> Result:
    """k = A exp(-Ea / kT) through the runs that stand side by side, weighted by their errors.

    The points are runs, those written, and for diffusion the rows of a table with columns T, D and
    its error (D_error, dD; in cm^2/s). D of a run and its error, by the number of hops, are those
    of `msd`. A run without a temperature, a rate or a coefficient is left out, with a note.
    Summary: n_points, activation and activation_error (eV; for diffusion also by the names
    activation_energy_eV and activation_energy_std_eV, with D_300K_cm2_s and, by Nernst and
    Einstein, sigma_300K_mS_cm between sigma_low_mS_cm and sigma_high_mS_cm), log10_prefactor and
    its error, value_at (extrapolated to `at`) with low_at and high_at, one error away. Table
    `points`: name, temperature, value, error, fit. Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    if inputs.table is None and not params.points.strip():
        inputs.the_trajectory()
    points, notes = _points(inputs, params, progress)
    if len({kelvin for _, kelvin, _, _ in points}) < 2:
        why = f" ({'; '.join(notes)})" if notes else ""
        raise AnalysisProblem(
            "two temperatures are the least: put runs side by side, or add points" + why
        )
    points.sort(key=lambda one: one[1])
    kelvin, values, errors = (np.array([p[k] for p in points], float) for k in (1, 2, 3))
    found = arrhenius(kelvin, values, errors)
    fit = _at(found, kelvin)
    names = ("name", "temperature", "value", "error", "fit")
    columns = ([p[0] for p in points], *(a.tolist() for a in (kelvin, values, errors, fit)))
    ln10 = float(np.log(10))
    at = np.array([params.at])
    spread = _error_at(found, kelvin, values, errors, params.at)
    middle = float(_at(found, at)[0])
    return Result(
        summary={
            "n_points": len(points),
            "activation": found.energy,
            "activation_error": found.energy_error,
            "log10_prefactor": found.log_prefactor / ln10,
            "log10_prefactor_error": found.log_error / ln10,
            "value_at": middle,
            "low_at": middle * float(np.exp(-spread)),
            "high_at": middle * float(np.exp(spread)),
            **_conductivity(inputs, params, found, (kelvin, values, errors)),
        },
        tables={"points": dict(zip(names, columns, strict=True))},
        units=_units_of(UNITS[params.of]),
        notes=tuple(notes),
        arrays={"kelvin": kelvin, "values": values, "errors": errors},
        names=tuple(p[0] for p in points),
    )


def _units_of(unit: str) -> dict[str, str]:
    return {
        **dict.fromkeys(("activation", "activation_error"), "eV"),
        **dict.fromkeys(("sigma_300K_mS_cm", "sigma_low_mS_cm", "sigma_high_mS_cm"), "mS/cm"),
        **dict.fromkeys(("value", "error", "fit", "value_at", "low_at", "high_at"), unit),
        "temperature": "K",
    }


Point = tuple[str, float, float, float]


def _points(
    inputs: Inputs, params: ArrheniusParams, progress: Progress
) -> tuple[list[Point], list[str]]:
    """All points, and notes on what gives none."""
    points, notes = _points_of_runs(inputs, params, progress)
    points += _written(params.points)
    listed = _of_table(inputs)
    if params.of == DIFFUSION:
        points += listed
    elif listed:
        notes.append(LEFT_OUT)
    return points, notes


def _points_of_runs(
    inputs: Inputs, params: ArrheniusParams, progress: Progress
) -> tuple[list[Point], list[str]]:
    points: list[Point] = []
    notes: list[str] = []
    for trajectory in inputs.overlaid() if inputs.trajectory is not None else ():
        kelvin = temperature_of(trajectory)
        if kelvin is None:
            notes.append(f"{trajectory.name}: its temperature is not known")
            continue
        here = replace(inputs, trajectory=trajectory, beside=MappingProxyType({}))
        value, error, why = _value(here, params, progress)
        if why:
            notes.append(f"{trajectory.name}: {why}")
        else:
            points.append((trajectory.name, kelvin, value, error))
    return points, notes


def _value(inputs: Inputs, params: ArrheniusParams, progress: Progress) -> tuple[float, float, str]:
    """(value, error, why there is none) of one run."""
    if params.of == RATE:
        asked = rates.RatesParams(classes=params.classes, method=params.method, among=params.among)
        about = rates.run(inputs, asked, progress).summary
        if about["refused"]:
            return 0.0, 0.0, f"no rate: {about['refused']}"
        return float(about["rate"] or 0.0), float(about["rate_error"] or 0.0), ""
    try:
        about = msd.run(inputs, msd.MsdParams(mobile=params.among), progress).summary
    except AnalysisProblem as problem:
        return 0.0, 0.0, f"no coefficient: {problem}"
    value = float(about["diffusivity_cm2_s"] or 0.0)
    if value <= 0:
        return 0.0, 0.0, f"no coefficient: {about['refused'] or 'nothing diffuses'}"
    return value, value * float(about["relative_std"] or 0.0), ""


COLUMNS = (
    ("t", "temperature", "temp", "t (k)", "temperature (k)"),
    ("d", "diffusivity", "diffusion", "d (cm2/s)", "d (cm^2/s)", "diffusivity_cm2_s"),
    ("d_error", "dd", "d_std", "d_err", "error", "std", "diffusivity_error"),
)
"""Names of the temperature in K, the coefficient in cm^2/s and its error, in small letters."""
ROOM = 300.0  # K
BOLTZMANN_J, ELEMENTARY = 1.380649e-23, 1.602176634e-19


def _of_table(inputs: Inputs) -> list[Point]:
    """The rows of a table that has a temperature and a coefficient; none of another table."""
    if inputs.table is None:
        return []
    table = inputs.table
    small = {name.lower().strip(): name for name in (*table.metrics, *table.text)}
    named = [next((small[n] for n in names if n in small), None) for names in COLUMNS]
    if named[0] is None or named[1] is None:
        return []
    columns = [_cells(table, name) for name in named]
    rows = zip(table.keys, *columns, strict=True)
    return [
        (key, kelvin, value, error if np.isfinite(error) and error > 0 else 0.0)
        for key, kelvin, value, error in rows
        if kelvin > 0 and value > 0 and np.isfinite(kelvin * value)
    ]


def _cells(table: ErrorTable, name: str | None) -> list[float]:
    """A column as numbers, NaN where it holds none; zeros for no column."""
    if name is None:
        return [0.0] * table.n_rows
    if name in table.metrics:
        return [float(x) for x in table.values[:, table.metric_index(name)]]
    found = (number(text) for text in table.text[name])
    return [np.nan if one is None else one for one in found]


def _conductivity(
    inputs: Inputs, params: ArrheniusParams, found: Arrhenius, points: tuple[Array, Array, Array]
) -> dict[str, float | None]:
    """What the line says of diffusion at 300 K, and of the conductivity n q^2 D / (k T)."""
    if params.of != DIFFUSION:
        return {}
    middle = float(_at(found, np.array([ROOM]))[0])
    spread = float(np.exp(_error_at(found, *points, ROOM)))
    per_cm3 = params.carriers or _carriers(inputs, params.among)
    factor = None
    if per_cm3:  # S/cm of cm^2/s, times 1000
        factor = 1e3 * per_cm3 * (params.charge * ELEMENTARY) ** 2 / (BOLTZMANN_J * ROOM)
    return {
        "activation_energy_eV": found.energy,
        "activation_energy_std_eV": found.energy_error,
        "D_300K_cm2_s": middle,
        "sigma_300K_mS_cm": factor and factor * middle,
        "sigma_low_mS_cm": factor and factor * middle / spread,
        "sigma_high_mS_cm": factor and factor * middle * spread,
    }


def _carriers(inputs: Inputs, among: str) -> float:
    """Mobile atoms per cm^3 of the first run; 0 without a run or a cell."""
    if inputs.trajectory is None:
        return 0.0
    frame = inputs.trajectory.frame(0)
    volume = 0.0 if frame.cell is None else float(abs(np.linalg.det(frame.cell)))
    return int(mobile_atoms(frame, among).sum()) / volume * 1e24 if volume > 0 else 0.0


def _written(text: str) -> list[Point]:
    """Points in words. Raises AnalysisProblem."""
    found: list[Point] = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        try:
            numbers = [float(word) for word in part.split()]
        except ValueError:
            numbers = []
        if not 2 <= len(numbers) <= 3 or not all(np.isfinite(numbers)) or min(numbers) < 0:
            raise AnalysisProblem(
                f"point {part!r}: write temperature, value and error: 600 1.2 0.3"
            )
        kelvin, value, error = (*numbers, 0.0)[:3]
        if kelvin <= 0 or value <= 0:
            raise AnalysisProblem(f"point {part!r}: temperature and value are above 0")
        found.append((f"{kelvin:g} K", kelvin, value, error))
    return found


def _at(found: Arrhenius, kelvin: Array) -> Array:
    return np.exp(found.log_prefactor - found.energy / (BOLTZMANN * kelvin))


def _error_at(found: Arrhenius, kelvin: Array, values: Array, errors: Array, at: float) -> float:
    """The error of ln k at a temperature: with the weighted mean of 1/T, where slope and height do
    not depend on each other."""
    known = bool((errors > 0).all())
    weights = (values / errors) ** 2 if known else np.ones(len(kelvin))
    middle = float(np.average(1 / kelvin, weights=weights))
    slope = found.energy_error / BOLTZMANN
    height = np.sqrt(max(found.log_error**2 - (slope * middle) ** 2, 0.0))
    return float(np.hypot(height, slope * (1 / at - middle)))


def draw(_inputs: Inputs, params: ArrheniusParams, result: Result) -> Plot:
    """log10 of the values over 1000/T, with errors, the fit, and where it leads."""
    kelvin, values, errors = (result.arrays[n] for n in ("kelvin", "values", "errors"))
    about = result.summary
    activation, log_a = float(about["activation"] or 0), float(about["log10_prefactor"] or 0)
    x, y = 1000 / kelvin, np.log10(values)
    ends = np.array([x.min(), max(x.max(), 1000 / params.at)])
    line = log_a - activation * ends / 1000 / BOLTZMANN / np.log(10)
    wrong = np.nan_to_num(errors / values / np.log(10))
    none = tuple(np.empty(0, np.int32) for _ in x)
    named = tuple(f"{k:g} K" for k in kelvin)
    thick = 0.012 * max(float(np.ptp(ends)), 1e-6)
    marks: list[Mark] = [
        Line(ends, line, dashed=True),
        Bars(
            x, y + wrong + thick / 4, none, Space.FRAME, base=y - wrong - thick / 4, thick=thick,
            labels=result.names,
        ),
        Texts(x, y + wrong + 0.04 * max(float(np.ptp(line)), 1e-6), named),
    ]  # fmt: skip
    unit = UNITS[params.of]
    return Plot(
        title="Arrhenius",
        x=Axis("1000 K / T"),
        y=Axis(f"log₁₀ {params.of} ({unit})"),
        marks=tuple(marks),
        status=f"{about['n_points']} points / Ea {activation:.4f} ± {about['activation_error']:.4f}"
        f" eV / {about['value_at']:.3g} {unit} at {params.at:g} K",
    )


ANALYSIS = Analysis(
    name="arrhenius",
    title="Arrhenius",
    about="Rates or diffusion coefficients of several runs against 1/T: activation energy.",
    needs=(Needs.TRAJECTORY, Needs.TABLE),
    either=True,
    params=ArrheniusParams,
    run=run,
    plots=MappingProxyType({"Arrhenius": draw}),
    overlay=True,
)
