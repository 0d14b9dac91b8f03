"""log.lammps: thermo output of one or several runs, in the styles one, custom, multi and yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from mlipviewer.core.problem import Note, Place, ReadProblem
from mlipviewer.io.thermo.table import ThermoTable, joined, number
from mlipviewer.io.trajectories.lammps_units import STYLES, unit_names
from mlipviewer.io.trajectories.species import SYMBOLS

MOST_ROWS = 2_000_000
_HEADER = re.compile(r"\s*Step(\s+[A-Za-z_][\w\[\]()/*.-]*)*\s*$")
_MULTI = re.compile(r"-+ Step +(-?\d+) -+")
_PAIR = re.compile(r"([A-Za-z_][\w\[\]]*) *= *(\S+)")
_KINDS = {
    "temperature": ("Temp",),
    "energy": ("PotEng", "TotEng", "KinEng", "E_pair", "E_mol", "Enthalpy", "E_vdwl", "E_coul"),
    "pressure": ("Press", "Pxx", "Pyy", "Pzz", "Pxy", "Pxz", "Pyz"),
    "length": ("Lx", "Ly", "Lz", "Xlo", "Xhi", "Ylo", "Yhi", "Zlo", "Zhi"),
    "volume": ("Volume",),
    "time": ("Time",),
}


def looks_like_log(head: str) -> bool:
    return head.startswith("LAMMPS (") or re.search(r"(?m)^Per MPI rank memory", head) is not None


def read_log(path: str, text: str) -> ThermoTable:
    """All runs of a log as one table. Raises ReadProblem where it holds no thermo output."""
    lines = text.splitlines()
    rows = list(_rows(lines))
    if not rows:
        raise ReadProblem("holds no thermo output", path)
    steps, columns, repeated = joined(rows, "Step")
    style = _style(text)
    dt = _time_step(text, style)
    place = Place(path)
    notes = []
    if repeated:
        notes.append(Note(f"{repeated} steps stand twice (a restart): the later counts", place))
    if dt is None:
        notes.append(Note("the time step or its unit changes or is not stated", place))
    return ThermoTable(
        path=path,
        format="lammps-log",
        steps=steps,
        columns=MappingProxyType(columns),
        units=MappingProxyType(_units(columns, style)),
        dt=dt,
        style=style,
        elements=_elements(text),
        notes=tuple(notes),
    )


def _rows(lines: list[str]) -> Iterator[dict[str, float]]:
    """The rows of every block, whatever its style; a last row that is cut is left out."""
    count, k = 0, 0
    while k < len(lines) and count < MOST_ROWS:
        line = lines[k]
        if line.startswith("keywords:"):
            found, k = _yaml(lines, k)
        elif _MULTI.match(line):
            found, k = _multi(lines, k)
        elif _HEADER.match(line):
            found, k = _one(lines, k)
        else:
            k += 1
            continue
        count += len(found)
        yield from found


def _one(lines: list[str], k: int) -> tuple[list[dict[str, float]], int]:
    names = lines[k].split()
    rows, k = [], k + 1
    while k < len(lines):
        words = lines[k].split()
        if len(words) != len(names) or not _is_whole(words[0]):
            if not lines[k].startswith("WARNING"):
                break
        else:
            rows.append(dict(zip(names, map(number, words), strict=True)))
        k += 1
    return rows, k


def _multi(lines: list[str], k: int) -> tuple[list[dict[str, float]], int]:
    found = _MULTI.match(lines[k])
    assert found is not None
    row = {"Step": float(found.group(1))}
    cpu = re.search(r"CPU *= *(\S+)", lines[k])
    if cpu:
        row["CPU"] = number(cpu.group(1))
    k += 1
    while k < len(lines) and (pairs := _PAIR.findall(lines[k])) and not _MULTI.match(lines[k]):
        row |= {name: number(value) for name, value in pairs}
        k += 1
    return [row], k


def _yaml(lines: list[str], k: int) -> tuple[list[dict[str, float]], int]:
    """`keywords: ['Step', ...]`, `data:`, then `  - [0, ...]` until `...`."""
    names = re.findall(r"['\"]?([^\[\]'\", ]+)['\"]?", lines[k].partition(":")[2])
    rows, k = [], k + 1
    while k < len(lines) and not lines[k].startswith("..."):
        found = re.match(r"\s*- \[(.*?),? *\]\s*$", lines[k])
        if found:
            words = [word.strip() for word in found.group(1).split(",")]
            if len(words) == len(names) and _is_whole(words[0]):
                rows.append(dict(zip(names, map(number, words), strict=True)))
        elif not lines[k].startswith(("data:", "WARNING")):
            break
        k += 1
    return (rows if names[:1] == ["Step"] else []), k


def _is_whole(word: str) -> bool:
    return re.fullmatch(r"-?\d+", word) is not None


def _style(text: str) -> str:
    """The units that hold: of the last `units` command, or as the run was set up."""
    found = re.findall(r"(?m)^(?:units\s+(\w+)|\s+Unit style\s*:\s*(\w+))", text)
    return next((a or b for a, b in reversed(found)), "")


def _time_step(text: str, style: str) -> float | None:
    """ps, where the whole log has one time step."""
    if style not in STYLES:
        return None
    said = re.findall(r"(?m)^\s+Time step\s*:\s*(\S+)", text)
    said = said or re.findall(r"(?m)^timestep\s+([-+.\deE]+)\s*(?:#.*)?$", text)
    values = {number(word) for word in said}
    if len(values) != 1:
        return None
    value = values.pop()
    return value * STYLES[style].time * 1e-3 if value > 0 else None


def _units(columns: Iterable[str], style: str) -> dict[str, str]:
    names = unit_names(style)
    kinds = {column: kind for kind, known in _KINDS.items() for column in known}
    return {c: names[kinds[c]] for c in columns if c in kinds and names.get(kinds[c])}


def _elements(text: str) -> tuple[str, ...]:
    """The elements that `pair_coeff * *` names for the types, where it names them."""
    for line in re.findall(r"(?m)^pair_coeff\s+\*\s+\*\s+(.*)$", text):
        words = line.split("#")[0].split()
        tail: list[str] = []
        while words and words[-1] in SYMBOLS[1:]:
            tail.insert(0, words.pop())
        if tail and words:
            return tuple(tail)
    return ()
