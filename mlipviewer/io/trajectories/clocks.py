"""When the frames of a source are, as its own files say it: never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlipviewer.core.timing import UNKNOWN_CLOCK, UNKNOWN_TEMPERATURE, Clock, Source, Temperature
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.thermo import ThermoTable
from mlipviewer.io.trajectories.beside import vasp_settings
from mlipviewer.io.trajectories.choices import TrajectoryChoices
from mlipviewer.io.trajectories.indexed.units import TIMES
from mlipviewer.io.trajectories.lammps_units import STYLES

VASP = ("xdatcar", "vasp-out", "vasp-xml")
_TIME = re.compile(r"(?i)(sim|simulation|md)?[_ ]?time")
_WITH_UNIT = re.compile(r"(?i)(?:sim|simulation|md)?[_ ]?time[_ ]?[\[(]?(fs|ps|ns)[\])]?")
_CP2K = {"i", "time", "E"}


def clock_of(
    source: FrameSource, tables: tuple[ThermoTable, ...], choices: TrajectoryChoices, style: str
) -> Clock:
    """The clock by the user, else by the values of the frames, else by files beside them.

    `style` are LAMMPS' units where they are known. Raises ReadProblem.
    """
    if choices.interval is not None:
        said = f"{choices.interval:g} ps between frames, as you said"
        return Clock(Source.USER, said, interval=float(choices.interval))
    info = source.info(0)
    if source.format == "lammps-dump":
        return _lammps(info, tables, style)
    if source.format in VASP:
        return _vasp(source)
    return _by_values(info)


def _lammps(info: Mapping[str, Any], tables: tuple[ThermoTable, ...], style: str) -> Clock:
    if _is_number(info.get("Time")):
        if style in STYLES:
            return Clock(Source.FILE, "ITEM: TIME", key="Time", factor=STYLES[style].time * 1e-3)
        return Clock(said="the file has times, but does not say its units")
    table = next((one for one in tables if one.dt is not None), None)
    if table is not None and table.dt is not None:
        said = f"timesteps of {table.dt * 1000:g} fs, by {_name(table.path)}"
        return Clock(Source.FILE, said, key="Timestep", factor=table.dt)
    return Clock(said="the file has timesteps, but does not say how long one is")


def _vasp(source: FrameSource) -> Clock:
    settings, name = vasp_settings(source.path)
    if "POTIM" not in settings:
        return Clock(said="there is no INCAR, OUTCAR or vasprun.xml beside it that says POTIM")
    if settings.get("IBRION", -1.0) != 0:
        return Clock(said=f"{name} is not of molecular dynamics (IBRION is not 0)")
    block = settings.get("NBLOCK", 1.0) if source.format == "xdatcar" else 1.0
    interval = settings["POTIM"] * max(block, 1.0) * 1e-3
    said = f"POTIM = {settings['POTIM']:g} fs in {name}"
    if block > 1:
        said += f", every {block:g} steps"
    return Clock(Source.FILE, said, interval=interval)


def _by_values(info: Mapping[str, Any]) -> Clock:
    """A time whose unit stands beside it, or in its name, or is that of a known writer."""
    if set(info) == _CP2K:
        return Clock(Source.FILE, "time = in fs, as CP2K writes it", key="time", factor=1e-3)
    for name, value in info.items():
        with_unit = _WITH_UNIT.fullmatch(name)
        if with_unit and _is_number(value):
            return Clock(Source.FILE, name, key=name, factor=TIMES[with_unit.group(1).lower()])
        if not _TIME.fullmatch(name) or not _is_number(value):
            continue
        units = (info.get(f"{name}{end}") for end in ("_unit", "_units"))
        unit = next((unit for unit in units if isinstance(unit, str)), "")
        if unit.lower() in TIMES:
            return Clock(Source.FILE, f"{name} in {unit}", key=name, factor=TIMES[unit.lower()])
        return Clock(said=f"the frames carry {name}, but the file does not say its unit")
    if any(_is_number(info.get(name)) for name in ("Timestep", "step", "Step", "timestep")):
        return Clock(said="the file has time steps, but does not say how long one is")
    return UNKNOWN_CLOCK


def temperature_of(source: FrameSource, choices: TrajectoryChoices) -> Temperature:
    """The temperature that the run was held at; instantaneous values do not tell it."""
    if choices.temperature is not None:
        return Temperature(float(choices.temperature), Source.USER, "as you said")
    if source.format in VASP:
        settings, name = vasp_settings(source.path)
        begin, end = settings.get("TEBEG"), settings.get("TEEND", settings.get("TEBEG"))
        if begin is not None and begin == end and begin > 0 and settings.get("IBRION") == 0:
            return Temperature(begin, Source.FILE, f"TEBEG in {name}")
    return UNKNOWN_TEMPERATURE


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
