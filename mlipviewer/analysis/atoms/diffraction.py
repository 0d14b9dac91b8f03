"""Powder diffraction of X-rays: peaks of crystals, Debye's sum of particles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.scattering import (
    WAVELENGTHS,
    angle_of,
    debye,
    form_factor,
    lorentz,
    polarisation,
    q_of,
    structure_factors,
)
from mlipviewer.analysis.methods.superlattice import (
    Crystal,
    crystal_of,
    families_of,
    squared_order,
)
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.periodic import periodic_cell
from mlipviewer.core.plot import Array, Axis, Line, Mark, Plot, Points, Rule, Shape, Space, Texts
from mlipviewer.core.progress import Progress
from mlipviewer.core.trajectory import Frame

AUTO, PEAKS, DEBYE = "auto", "peaks", "Debye"
SAME_LINE = 2e-3  # degrees: reflections so near are one line
SUPER_SHARE = 0.05  # of a line's intensity with all atoms alike: below, it is of the superlattice
WEAK = 0.02  # of the strongest of a line: diffuse scattering of disorder, not counted among them
FUNDAMENTAL, SUPERLATTICE = "fundamental", "superlattice"
MOST_RULES = 6
MOST_NAMES = 30
ROOM = (0.07, 8.0)  # of a name: a share of the axis of angles, and percent of intensity


@dataclass(frozen=True)
class DiffractionParams(Params):
    frame: int = param(0, "the frame, counted from 0", low=0, names="shown")
    method: str = param(
        AUTO,
        "peaks: reflections of the periodic cell; Debye: all distances of a particle; auto: peaks"
        " where the cell repeats in all directions",
        choices=(AUTO, PEAKS, DEBYE),
    )
    anode: str = param("Cu Kα", "the radiation", choices=tuple(WAVELENGTHS))
    wavelength: float = param(0.0, "another wavelength; 0: of the radiation", unit="Å", low=0.0)
    damping: float = param(
        0.0, "B of thermal motion, the same for all atoms", unit="Å²", low=0.0, high=20.0,
        formula="I exp(-2 B sin²θ / λ²)",
    )  # fmt: skip
    begin: float = param(15.0, "2θ from here", unit="°", low=1.0, high=175.0)
    end: float = param(100.0, "to here", unit="°", low=2.0, high=178.0)
    step: float = param(0.1, "between points of the curve", unit="°", low=0.001, high=2.0)
    width: float = param(
        0.4, "with peaks: their width at half height", unit="°", low=0.01, high=10.0
    )
    least: float = param(0.1, "peaks weaker than this are not listed", unit="%", low=0.0, high=50.0)


def run(inputs: Inputs, params: DiffractionParams, progress: Progress) -> Result:
    """Intensities of one frame, relative to the strongest peak or point, which is 100.

    Peaks: m |F|^2 (1 + cos^2 2theta) / (sin^2 theta cos theta), F with form factors of Waasmaier
    and Kirfel (1995), as broad as `width`. Debye: sum f_i f_j sin(q r)/(q r) times polarisation.
    A line is of the superlattice where it is not there with all atoms alike. S^2 is the ratio of
    superlattice to fundamental reflections over that of full order (B. E. Warren, X-ray
    Diffraction, ch. 12), at the wave vectors of the lattice that the atoms stand on.

    Summary: n_atoms, method, wavelength (A), n_peaks, n_superlattice, structure, s_squared,
    long_range_order (its root). Tables `peaks` (two_theta, d, q, hkl, multiplicity, intensity,
    kind; with Debye none), `order` (hkl, two_theta, ratio, ratio_ordered, s_squared), `pattern`
    (two_theta, q, intensity). Raises AnalysisProblem, ReadProblem, Cancelled.
    """
    progress.step(0, 1)
    frame = _frame(inputs, params)
    if not frame.n_atoms:
        raise AnalysisProblem(f"frame {frame.index + 1} has no atoms")
    wave = params.wavelength or WAVELENGTHS[params.anode]
    if params.begin >= params.end:
        raise AnalysisProblem("the angles end behind where they begin")
    method, crystal = _method(frame, params), crystal_of(frame)
    peaks, angles, curve = _pattern(frame, params, (wave, method), crystal, progress)
    order = _order_table(frame, crystal, wave)
    kinds = peaks["kind"]
    return Result(
        summary={
            "n_atoms": frame.n_atoms,
            "method": method,
            "wavelength": wave,
            "n_peaks": len(kinds),
            "n_superlattice": kinds.count(SUPERLATTICE),
            **_squared(crystal, order),
        },
        tables={
            "peaks": peaks,
            "order": order,
            "pattern": {
                "two_theta": angles.tolist(), "q": q_of(angles, wave).tolist(),
                "intensity": curve.tolist(),
            },
        },
        units={"two_theta": "°", "d": "Å", "q": "1/Å", "wavelength": "Å"},
        arrays={"angles": angles, "curve": curve},
    )  # fmt: skip


def _pattern(
    frame: Frame, params: DiffractionParams, by: tuple[float, str], crystal: Crystal | None,
    progress: Progress,
) -> tuple[dict[str, list[Any]], Array, Array]:  # fmt: skip
    """The lines, and the curve at angles, relative to the strongest; `by`: wavelength, method."""
    wave, method = by
    angles = np.arange(params.begin, params.end + params.step / 2, params.step)
    peaks: dict[str, list[Any]] = {name: [] for name in _PEAK}
    if method == PEAKS:
        peaks = _peaks(frame, params, wave, crystal, progress)
        curve, top = _broadened(peaks, angles, params.width), max(peaks["intensity"], default=0.0)
        peaks["intensity"] = [100 * one / top for one in peaks["intensity"]]
        peaks = _strong(peaks, params.least)
    else:
        q = q_of(angles, wave)
        curve = debye(_free(frame), q, progress) * polarisation(angles)
        curve = curve * np.exp(-2 * params.damping * (q / (4 * np.pi)) ** 2)
    return peaks, angles, 100 * curve / max(float(curve.max()), 1e-300)


_PEAK = ("two_theta", "d", "q", "hkl", "multiplicity", "intensity", "kind")


def _frame(inputs: Inputs, params: DiffractionParams) -> Frame:
    trajectory = inputs.the_trajectory()
    if not 0 <= params.frame < trajectory.n_frames:
        raise AnalysisProblem(
            f"there are {trajectory.n_frames} frames, no frame {params.frame + 1}"
        )
    frame = trajectory.frame(params.frame)
    if not np.isfinite(frame.positions).all():
        raise AnalysisProblem(f"frame {params.frame + 1}: some positions are not finite numbers")
    return frame


def _method(frame: Frame, params: DiffractionParams) -> str:
    found = periodic_cell(frame)
    whole = found is not None and bool(found[1].all())
    if params.method == PEAKS and not whole:
        raise AnalysisProblem("peaks need a cell that repeats in all directions: take Debye's sum")
    return (PEAKS if whole else DEBYE) if params.method == AUTO else params.method


def _free(frame: Frame) -> Frame:
    return replace(frame, cell=None, pbc=(False, False, False))


def _peaks(
    frame: Frame, params: DiffractionParams, wave: float, crystal: Crystal | None,
    progress: Progress,
) -> dict[str, list[Any]]:  # fmt: skip
    """The lines, with intensities that are not relative yet."""
    low, high = (float(q_of(np.array(a), wave)) for a in (params.begin, params.end))
    hkl, q, sums, numbers = structure_factors(frame, low, high, progress)
    factors = np.stack([form_factor(int(one), q) for one in numbers], axis=1)
    own = np.abs((factors * sums).sum(axis=1)) ** 2
    shares = np.array([(frame.numbers == one).mean() for one in numbers])
    alike = np.abs((factors @ shares) * sums.sum(axis=1)) ** 2
    damped = np.exp(-2 * params.damping * (q / (4 * np.pi)) ** 2)
    angle = angle_of(q, wave)
    order = np.argsort(angle, kind="stable")
    starts = np.flatnonzero(np.diff(angle[order], prepend=-1.0) > SAME_LINE)
    table: dict[str, list[Any]] = {name: [] for name in _PEAK}
    strengths = own * damped * lorentz(angle) * 2 * polarisation(angle)
    whole = np.add.reduceat(strengths[order], starts)
    least = 1e-6 * float(whole.max(initial=0.0))
    for line, total in zip(np.split(order, starts[1:]), whole.tolist(), strict=True):
        if total <= least:
            continue
        there = line[own[line] > WEAK * own[line].max()]
        kind = FUNDAMENTAL if alike[line].sum() > SUPER_SHARE * own[line].sum() else SUPERLATTICE
        row = (
            float(np.average(angle[there], weights=strengths[there])),
            float(2 * np.pi / q[there].mean()), float(q[there].mean()),
            _named(hkl[there], frame, crystal), 2 * len(there), 2 * total, kind,
        )  # fmt: skip
        for name, value in zip(_PEAK, row, strict=True):
            table[name].append(value)
    return table


def _named(hkl: Array, frame: Frame, crystal: Crystal | None) -> str:
    """Indices of the cubic cell of the lattice, where they are whole; else of the frame's cell."""
    own = np.abs(hkl)
    if crystal is not None:
        reciprocal = 2 * np.pi * np.linalg.inv(np.array(frame.cell, float))
        halves = 2 * np.abs(crystal.indices(hkl @ reciprocal.T))
        if (np.abs(halves - np.rint(halves)) < 0.2).all():
            own = np.rint(halves).astype(int)
            if crystal.structure == "L1_0" and crystal.order is not None:
                c = "xyz".index(crystal.order.sublattices.axis)
                ab = np.sort(np.delete(own, c, axis=1), axis=1)[:, ::-1]
                own = np.column_stack([ab, own[:, c]])
            else:
                own = np.sort(own, axis=1)[:, ::-1]
            return _joined([_half(one) for one in max(own.tolist())])
    return _joined([str(one) for one in max(own.tolist())])


def _half(twice: int) -> str:
    whole = str(twice // 2) if twice != 1 else ""
    return whole + ("½" if twice % 2 else "")


def _joined(indices: list[str]) -> str:
    return "".join(indices) if all(len(one) == 1 for one in indices) else " ".join(indices)


def _broadened(peaks: dict[str, list[Any]], angles: Array, width: float) -> Array:
    """Gaussians of the area of each line."""
    sigma = width / (2 * np.sqrt(2 * np.log(2)))
    curve = np.zeros(len(angles))
    for centre, area in zip(peaks["two_theta"], peaks["intensity"], strict=True):
        near = np.abs(angles - centre) < 6 * sigma
        curve[near] += area / sigma * np.exp(-0.5 * ((angles[near] - centre) / sigma) ** 2)
    return curve


def _strong(peaks: dict[str, list[Any]], least: float) -> dict[str, list[Any]]:
    kept = [i for i, one in enumerate(peaks["intensity"]) if one >= least]
    return {name: [values[i] for i in kept] for name, values in peaks.items()}


def _order_table(frame: Frame, crystal: Crystal | None, wave: float) -> dict[str, list[Any]]:
    names = ("hkl", "two_theta", "ratio", "ratio_ordered", "s_squared")
    table: dict[str, list[Any]] = {name: [] for name in names}
    if crystal is None or crystal.order is None:
        return table
    families = families_of(frame, crystal)
    at = {one.name: float(angle_of(np.array(one.q), wave)) for one in families}
    for name, own, best, squared in squared_order(families):
        for column, value in zip(names, (name, at[name], own, best, squared), strict=True):
            table[column].append(value)
    return table


def _squared(crystal: Crystal | None, order: dict[str, list[Any]]) -> dict[str, Any]:
    """S^2 of all superlattice reflections together."""
    if crystal is None or not order["ratio"]:
        return {"structure": None, "s_squared": None, "long_range_order": None}
    squared = float(sum(order["ratio"]) / sum(order["ratio_ordered"]))
    return {
        "structure": crystal.structure,
        "s_squared": squared,
        "long_range_order": float(np.sqrt(squared)),
    }


def draw(_inputs: Inputs, params: DiffractionParams, result: Result) -> Plot:
    """The pattern, its lines with their indices, and where those of the superlattice lie."""
    curve, peaks = result.arrays["curve"], result.tables["peaks"]
    rows = np.full(len(curve), params.frame, np.int32)
    line = Line(result.arrays["angles"], curve, "intensity", rows=rows, space=Space.FRAME)
    marks: list[Mark] = [line]
    heights = np.interp(np.array(peaks["two_theta"], float), line.x, curve) + 3
    for n, kind in enumerate((FUNDAMENTAL, SUPERLATTICE)):
        own = [i for i, one in enumerate(peaks["kind"]) if one == kind]
        if own:
            marks.append(_marked(own, peaks, heights, params.frame, n))
    named = _apart(np.array(peaks["two_theta"]), heights, params.end - params.begin)
    if named:
        x = np.array([peaks["two_theta"][i] for i in named])
        marks.append(Texts(x, heights[named] + 4, tuple(peaks["hkl"][i] for i in named)))
    if not peaks["kind"]:
        order = result.tables["order"]
        marks.extend(
            Rule(angle, name, vertical=True)
            for name, angle in list(zip(order["hkl"], order["two_theta"], strict=True))[:MOST_RULES]
            if params.begin <= angle <= params.end
        )
    return Plot(
        title="Powder diffraction",
        x=Axis("2θ (°)"),
        y=Axis("intensity (%)"),
        marks=tuple(marks),
        status=_status(params, result),
    )


def _marked(own: list[int], peaks: Any, heights: Array, frame: int, group: int) -> Points:
    """Marks above the lines of a kind."""
    x = np.array([peaks["two_theta"][i] for i in own])
    hints = tuple(
        f"{peaks['hkl'][i]} {peaks['kind'][i]}, 2θ {peaks['two_theta'][i]:.2f}°, d"
        f" {peaks['d'][i]:.4f} Å, {peaks['intensity'][i]:.2f} %"
        for i in own
    )
    return Points(
        x, heights[own], np.full(len(x), frame, np.int32), Space.FRAME,
        group=np.full(len(x), group), group_names=(FUNDAMENTAL, SUPERLATTICE), size=7.0,
        shape=Shape.DOT if group == 0 else Shape.TRIANGLE, hints=hints,
    )  # fmt: skip


def _apart(x: Array, y: Array, width: float) -> list[int]:
    """Which lines are named, the highest first: no name covers another. All are told by hints."""
    kept: list[int] = []
    for i in np.argsort(-y, kind="stable").tolist():
        near = (abs(x[i] - x[j]) < ROOM[0] * width and abs(y[i] - y[j]) < ROOM[1] for j in kept)
        if not any(near) and len(kept) < MOST_NAMES:
            kept.append(i)
    return sorted(kept)


def _status(params: DiffractionParams, result: Result) -> str:
    about = result.summary
    peaks = f"{about['n_peaks']} lines" if about["method"] == PEAKS else "Debye's sum"
    order = "" if about["s_squared"] is None else (
        f" / {about['structure']}: S² {about['s_squared']:.3f}"
    )  # fmt: skip
    return (
        f"frame {params.frame + 1} / {about['n_atoms']} atoms / λ {about['wavelength']:.5g} Å"
        f" / {peaks}{order}"
    )


ANALYSIS = Analysis(
    name="diffraction",
    title="Powder diffraction",
    about="X-ray pattern of the shown frame: peaks of a crystal, Debye's sum of a particle.",
    needs=(Needs.TRAJECTORY,),
    params=DiffractionParams,
    run=run,
    plots=MappingProxyType({"Pattern": draw}),
)
