"""What stands beside a trajectory: files of the same folder that belong to it beyond doubt."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.core.trajectory import FrameSource
from mlipviewer.io.thermo import ThermoTable, is_thermo, read_thermo
from mlipviewer.io.trajectories.bytestore import decoded
from mlipviewer.io.trajectories.compressed import open_bytes
from mlipviewer.io.trajectories.masses import element_of_mass
from mlipviewer.io.trajectories.species import SYMBOLS, atomic_number

MOST_NEIGHBOURS = 1000
HEAD = 1 << 20
_STRUCTURES = (".pdb", ".gro", ".xyz", ".extxyz", ".cif", ".vasp", ".poscar")
_DATA = re.compile(r"(?i)(data\..*|.*\.(data|lmp|lammps-data))")
_DUMP = re.compile(r"(?i)(dump\..*|.*\.(dump|lammpstrj)(\.\w+)?)")


def neighbours(path: str) -> list[Path]:
    """The other files of its folder, in order of their names; none of a very full folder."""
    here = Path(path).absolute()
    if not here.is_file():
        return []
    found: list[Path] = []
    try:
        with os.scandir(here.parent) as entries:
            for k, entry in enumerate(entries):
                if k >= MOST_NEIGHBOURS:
                    return []
                if entry.name != here.name and entry.is_file():
                    found.append(Path(entry.path))
    except OSError:
        return []
    return sorted(found)


def stem(path: str | Path) -> str:
    """The name before its first dot: `run.lammpstrj.gz` is `run`."""
    return Path(path).name.split(".")[0].lower()


def thermo_beside(source: FrameSource) -> ThermoTable | None:
    """log.lammps, OSZICAR or model_devi.out of the same folder, where its steps cover the frames
    and no other trajectory could be meant."""
    near = neighbours(source.path)
    rule = _THERMO.get(source.format)
    if rule is None:
        return None
    for path in near:
        if not rule.is_named(path, source.path) or not is_thermo(path):
            continue
        if stem(path) != stem(source.path) and any(rule.is_rival(other) for other in near):
            continue
        try:
            table = read_thermo(path)
        except ReadProblem:
            continue
        if rule.covers(table, source):
            return table
    return None


@dataclass(frozen=True)
class _Rule:
    is_named: Callable[[Path, str], bool]
    is_rival: Callable[[Path], bool]
    covers: Callable[[ThermoTable, FrameSource], bool]


def _is_log(path: Path, trajectory: str) -> bool:
    name = path.name.lower()
    own = name in (f"{stem(trajectory)}.log", f"log.{stem(trajectory)}")
    return own or name in ("log.lammps", "model_devi.out")


def _covers_steps(table: ThermoTable, source: FrameSource) -> bool:
    first, last = (source.info(k).get("Timestep") for k in (0, source.n_frames - 1))
    if not isinstance(first, int | float) or not isinstance(last, int | float):
        return False
    return float(first) in table.steps and table.steps[0] <= last <= table.steps[-1]


def _counts_frames(table: ThermoTable, source: FrameSource) -> bool:
    return len(table.steps) == source.n_frames


def _never(_path: Path) -> bool:
    return False


_LAMMPS = _Rule(_is_log, lambda path: _DUMP.fullmatch(path.name) is not None, _covers_steps)
_VASP = _Rule(lambda path, _: path.name.upper() == "OSZICAR", _never, _counts_frames)
_THERMO = {"lammps-dump": _LAMMPS, "xdatcar": _VASP, "vasp-out": _VASP, "vasp-xml": _VASP}


def masses_beside(source: FrameSource, n_atoms: int) -> tuple[dict[str, str], str]:
    """(element by type, file name) of the one LAMMPS data file with as many atoms."""
    found = []
    for path in neighbours(source.path):
        if _DATA.fullmatch(path.name):
            elements = _elements_of_data(path, n_atoms)
            if elements:
                found.append((elements, path.name))
    return found[0] if len(found) == 1 else ({}, "")


def _elements_of_data(path: Path, n_atoms: int) -> dict[str, str]:
    """By the comment behind a mass where it is an element, else by the mass."""
    text = _head(path)
    counted = re.search(r"(?m)^\s*(\d+)\s+atoms\b", text)
    masses = re.search(r"(?m)^\s*Masses[^\n]*\n\s*\n((?:[ \t]*\d+[^\n]*\n?)+)", text)
    if counted is None or int(counted.group(1)) != n_atoms or masses is None:
        return {}
    elements = {}
    for line in masses.group(1).splitlines():
        words, _, comment = line.partition("#")
        parts = words.split()
        if len(parts) < 2:
            return {}
        label = comment.split()[0] if comment.split() else ""
        number = atomic_number(label) if label in SYMBOLS else element_of_mass(_float(parts[1]))
        if not number:
            return {}
        elements[parts[0]] = SYMBOLS[number]
    return elements


def _float(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return -1.0


def _head(path: Path) -> str:
    try:
        return decoded(open_bytes(path).read(0, HEAD))
    except ReadProblem:
        return ""


def structure_beside(source: FrameSource) -> Path | None:
    """The one structure of the same name before the first dot, for files that name no elements."""
    own = [
        path
        for path in neighbours(source.path)
        if stem(path) == stem(source.path)
        and (path.suffix.lower() in _STRUCTURES or _DATA.fullmatch(path.name))
    ]
    return own[0] if len(own) == 1 else None


def vasp_settings(path: str) -> tuple[dict[str, float], str]:
    """(POTIM, NBLOCK, IBRION, TEBEG, TEEND as they are set, file name) from the file itself or from
    INCAR, OUTCAR or vasprun.xml beside it."""
    own = Path(path)
    places = [own] if re.search(r"(?i)outcar|vasprun", own.name) else []
    by_name = {near.name.upper(): near for near in neighbours(path)}
    places += [by_name[n] for n in ("INCAR", "OUTCAR", "VASPRUN.XML") if n in by_name]
    for place in places:
        found = _settings(_head(place))
        if "POTIM" in found:
            return found, place.name
    return {}, ""


def _settings(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("POTIM", "NBLOCK", "IBRION", "TEBEG", "TEEND"):
        value = re.search(rf'(?m)(?:^|[\s;"]){name}(?:"[^>]*>|\s*=)\s*([-+.\deE]+)', text)
        if value is not None and (number := _float(value.group(1))) != -1.0:
            found[name] = number
        elif value is not None and name == "IBRION":
            found[name] = -1.0
    return found
