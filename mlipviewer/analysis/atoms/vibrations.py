"""Velocity autocorrelation, and the vibrational density of states."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from mlipviewer.analysis.methods.paths_of_atoms import NONE, read_paths
from mlipviewer.core.analysis import Analysis, AnalysisProblem, Inputs, Needs, Params, Result, param
from mlipviewer.core.plot import Array, Axis, Line, Plot, Space
from mlipviewer.core.progress import Progress

AT_ONCE = 4_000_000


@dataclass(frozen=True)
class VibrationsParams(Params):
    mobile: str = param(
        "id >= 0", "a condition on the first frame: which atoms vibrate, e.g. element == 'Li'"
    )
    longest: float = param(
        0.0, "longest lag of the correlation; 0: half of the run", unit="ps", low=0.0, high=1e6
    )


def run(inputs: Inputs, params: VibrationsParams, progress: Progress) -> Result:
    """<v(0) v(t)> / <v v> over atoms and all time origins; its cosine transform (Hann window) is
    the density of states, of area 1 over the frequencies. Velocities are central differences of
    the unwrapped positions, so frequencies near half of the sampling rate are damped.

    Summary: n_atoms, peak_THz (the highest), resolution_THz, highest_THz (that can be seen). Tables
    `correlation`: time, vacf; `states`: frequency, dos. Raises AnalysisProblem, ReadProblem,
    Cancelled.
    """
    chosen = inputs.atoms if inputs.atoms is not None and len(inputs.atoms) else None
    trajectory = inputs.the_trajectory()
    paths = read_paths(trajectory, params.mobile, NONE, 1, progress, chosen)
    places = paths.of(paths.mobile)
    velocities = (places[2:] - places[:-2]) / (2 * paths.interval)
    velocities = velocities - velocities.mean(axis=0)
    n = len(velocities) // 2
    if params.longest:
        n = min(int(params.longest / paths.interval) + 1, len(velocities))
    if n < 2:
        raise AnalysisProblem("the run is too short for a correlation of velocities")
    correlation = _autocorrelation(velocities, n, progress)
    if correlation[0] <= 0:
        raise AnalysisProblem("no atom moves")
    correlation = correlation / correlation[0]
    times = np.arange(n) * paths.interval
    frequencies, states = _transformed(correlation, paths.interval)
    return Result(
        summary={
            "n_atoms": places.shape[1],
            "peak_THz": float(frequencies[int(np.argmax(states))]),
            "resolution_THz": 1 / (2 * n * paths.interval),
            "highest_THz": 0.5 / paths.interval,
        },
        tables={
            "correlation": {"time": times.tolist(), "vacf": correlation.tolist()},
            "states": {"frequency": frequencies.tolist(), "dos": states.tolist()},
        },
        units=MappingProxyType(
            {"time": "ps", "frequency": "THz", "dos": "1/THz", "peak_THz": "THz"}
        ),
        notes=paths.notes,
        arrays={"time": times, "vacf": correlation, "frequency": frequencies, "dos": states},
    )


def _autocorrelation(velocities: Array, n: int, progress: Progress) -> Array:
    """(n,) the mean of v(t0) v(t0 + t), by lag in frames."""
    m, atoms = velocities.shape[:2]
    size = 1 << (2 * m - 1).bit_length()
    batch = max(AT_ONCE // (3 * size), 1)
    total = np.zeros(n)
    for first in range(0, atoms, batch):
        progress.step(first, atoms)
        power = np.abs(np.fft.rfft(velocities[:, first : first + batch], size, axis=0)) ** 2
        total += np.fft.irfft(power.sum(axis=(1, 2)), size)[:n]
    return np.asarray(total / ((m - np.arange(n)) * atoms))


def _transformed(correlation: Array, interval: float) -> tuple[Array, Array]:
    """(frequencies in THz, density of states of area 1)."""
    n = len(correlation)
    window = np.cos(np.pi * np.arange(n) / (2 * n)) ** 2
    size = 8 * (1 << (n - 1).bit_length())
    both = np.zeros(size)
    both[:n] = correlation * window
    both[-n + 1 :] += (correlation * window)[:0:-1]
    states = np.maximum(np.fft.rfft(both).real, 0.0)
    frequencies = np.fft.rfftfreq(size, interval)
    area = float(np.trapezoid(states, frequencies))
    return frequencies, states / area if area > 0 else states


def draw_states(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The density of states over the frequency."""
    x, y = result.arrays["frequency"], result.arrays["dos"]
    seen = x <= _last_of(x, y)
    rows = np.zeros(int(seen.sum()), np.int32)
    about = result.summary
    return Plot(
        title="Vibrational density of states",
        x=Axis("frequency (THz)"),
        y=Axis("density of states (1/THz)"),
        marks=(Line(x[seen], y[seen], rows=rows, space=Space.FRAME),),
        status=f"{about['n_atoms']} atoms / peak {about['peak_THz']:.3g} THz / resolution"
        f" {about['resolution_THz']:.2g} THz / up to {about['highest_THz']:.3g} THz",
    )


def _last_of(x: Array, y: Array) -> float:
    """Where nothing more is to be seen."""
    share = np.cumsum(y) / max(float(y.sum()), 1e-300)
    return float(1.2 * x[min(int(np.searchsorted(share, 0.999)), len(x) - 1)])


def draw_correlation(_inputs: Inputs, _params: Any, result: Result) -> Plot:
    """The correlation over the lag."""
    times = result.arrays["time"]
    line = Line(
        times, result.arrays["vacf"], rows=np.arange(len(times), dtype=np.int32), space=Space.FRAME
    )
    return Plot(
        title="Velocity autocorrelation",
        x=Axis("lag (ps)"),
        y=Axis("⟨v(0)·v(t)⟩ / ⟨v²⟩"),
        marks=(line, Line(times[[0, -1]], np.zeros(2), dashed=True, colour=-1)),
        status=f"{result.summary['n_atoms']} atoms / {len(times)} lags",
    )


ANALYSIS = Analysis(
    name="vibrations",
    title="Vibrations",
    about="Autocorrelation of velocities and the vibrational density of states.",
    needs=(Needs.TRAJECTORY,),
    params=VibrationsParams,
    run=run,
    plots=MappingProxyType(
        {"Density of states": draw_states, "Velocity autocorrelation": draw_correlation}
    ),
    on_atoms=True,
)
